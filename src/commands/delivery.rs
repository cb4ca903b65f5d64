//! Flags that say where a new password goes.

use anyhow::Result;
use clap::Args;

use crate::commands::Context;
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::secret::Secret;
use crate::operations::password_change::{Delivery, Printer};
use crate::operations::report::UserReport;
use crate::output::Ui;

/// Where a new password goes, and in which form.
#[derive(Debug, Clone, Args)]
pub struct DeliverArgs {
    /// Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring or exec:COMMAND;
    /// {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role's password went
    /// before; for a new role the profile's; else stdout]
    #[arg(long, value_name = "WHERE")]
    deliver: Option<Destination>,

    /// What a delivered file looks like [default: as before; for a new role the profile's; else json]
    #[arg(long, value_name = "FORM", value_enum)]
    file_format: Option<FileFormat>,
}

/// The delivery to stdout: a report with its password.
pub struct Stdout<'a>(pub &'a Ui);

impl Printer for Stdout<'_> {
    fn check(&self) -> Result<()> {
        Ok(Ui::check_stdout()?)
    }

    fn print(&self, report: &UserReport, password: Option<&Secret>) -> Result<()> {
        self.0.deliver_record(report, password)
    }
}

/// A destination with the printing that stdout needs.
pub struct ChosenDelivery<'a> {
    destination: Destination,
    file_format: FileFormat,
    stdout: Stdout<'a>,
}

impl DeliverArgs {
    /// What the flag says.
    pub fn destination(&self) -> Option<&Destination> {
        self.deliver.as_ref()
    }

    /// What the flags say, else the defaults.
    ///
    /// # Errors
    /// Where stdout leads nowhere.
    pub fn choose(
        self,
        destination: Destination,
        file_format: FileFormat,
        context: &Context,
    ) -> Result<ChosenDelivery<'_>> {
        let destination = match self.deliver {
            Some(deliver) => deliver,
            None => destination,
        };
        Ok(ChosenDelivery {
            destination: destination.anchored()?,
            file_format: self.file_format.unwrap_or(file_format),
            stdout: Stdout(&context.ui),
        })
    }
}

impl ChosenDelivery<'_> {
    pub fn destination(&self) -> &Destination {
        &self.destination
    }

    pub fn delivery(&self) -> Delivery<'_> {
        Delivery {
            destination: &self.destination,
            file_format: self.file_format,
            printer: &self.stdout,
        }
    }

    /// Whether the operation itself prints the report, as the delivery of its password.
    pub fn prints(&self) -> bool {
        self.destination == Destination::Stdout
    }
}
