//! Options that say where a new password goes.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::commands::selection::ChangeArgs;
use crate::domain::failure::Failure;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::output::{Ui, prompt};
use crate::password::{ClaimedFiles, DeliveryRoute, rehearse};

/// Where a new password goes, and in which format.
#[derive(Debug, Clone, Args)]
pub struct DeliverArgs {
    /// Where the password goes: stdout, file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND, or a
    /// file that only its receiver can open: age:RECIPIENT[:PATH] or ssh:PUBLIC-KEY-FILE[:PATH];
    /// {env}, {database}, {hostname}, {port} and {username} are replaced [default: where the role's
    /// password last went; for a new role, as its profile says; else stdout]
    #[arg(long, value_name = "WHERE")]
    deliver: Option<Destination>,

    /// The format of a delivered file [default: as before; for a new role, as its profile says; else json]
    #[arg(long, value_name = "FORMAT", value_enum)]
    file_format: Option<FileFormat>,

    /// A command that lets others read what was delivered, such as the reload of a pooler; it is remembered
    #[arg(long, value_name = "COMMAND", value_parser = Destination::reload)]
    reload_command: Option<Destination>,
}

/// Where a password goes, with the stdout that it may go to.
pub struct ChosenDelivery<'a> {
    deliver: Deliveries,
    ui: &'a Ui,
}

impl DeliverArgs {
    /// What `--deliver` says.
    pub fn destination(&self) -> Option<&Destination> {
        self.deliver.as_ref()
    }

    /// What the options say, else the defaults.
    ///
    /// # Errors
    /// If the current directory cannot be determined.
    pub fn choose(self, default: Deliveries, context: &Context) -> Result<ChosenDelivery<'_>> {
        let has_command = self.reload_command.is_some();
        let kept = default.reload().cloned();
        let deliver = match self.deliver {
            Some(destination) => Deliveries::to(destination, default.file_format()),
            None => default,
        };
        let deliver = match self.file_format {
            Some(file_format) => deliver.with_format(file_format),
            None => deliver,
        };
        let deliver = match self.reload_command.or(kept) {
            Some(_) if deliver.is_stdout() && has_command => {
                let what = "--reload-command needs a delivery other than stdout";
                return Err(Failure::usage(what).hint("add --deliver file:PATH").into());
            }
            Some(reload) if !deliver.is_stdout() => deliver.with_reload(reload),
            _ => deliver,
        };
        Ok(ChosenDelivery::new(deliver.anchored()?, context))
    }
}

impl<'a> ChosenDelivery<'a> {
    pub fn new(deliver: Deliveries, context: &'a Context) -> Self {
        let ui = &context.ui;
        Self { deliver, ui }
    }
}

impl ChosenDelivery<'_> {
    pub fn deliver(&self) -> &Deliveries {
        &self.deliver
    }

    pub fn route(&self) -> DeliveryRoute<'_> {
        DeliveryRoute {
            deliver: &self.deliver,
            stdout: self.ui,
        }
    }

    /// Rehearses it where somebody is about to be asked: what cannot be delivered need not be confirmed. The operation
    /// rehearses it anyway.
    ///
    /// # Errors
    /// What stands in the delivery's way.
    pub fn rehearse(
        &self,
        change: ChangeArgs,
        context: &Context,
        (target, role): (&Target, &RoleName),
    ) -> Result<()> {
        self.rehearse_renamed(change, context, (target, role, None))
    }

    /// The same for a role that has another name until now.
    ///
    /// # Errors
    /// What stands in the delivery's way.
    pub fn rehearse_renamed(
        &self,
        change: ChangeArgs,
        context: &Context,
        (target, role, present): (&Target, &RoleName, Option<&RoleName>),
    ) -> Result<()> {
        let is_protected = context.run.settings.is_protected(&target.env);
        if change.dry_run || context.yes || !is_protected || !prompt::can_ask() {
            return Ok(());
        }
        let mut claimed = ClaimedFiles::new(&context.run);
        let route = self.route();
        rehearse(&context.run, &mut claimed, &route, target, (role, present))
    }

    /// Whether the operation itself prints the report, as the delivery of its password.
    pub fn prints(&self) -> bool {
        self.deliver.is_stdout()
    }
}
