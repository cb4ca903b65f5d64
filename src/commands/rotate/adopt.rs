//! `pgrole rotate adopt`: brings a role that was created elsewhere under rotation.

use anyhow::Result;
use clap::Args;

use crate::commands::delivery::ChosenDelivery;
use crate::commands::global::Context;
use crate::commands::selection::{ChangeArgs, NameArgs, TargetArgs, confirm};
use crate::domain::act::status::Status;
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::operations::rotate::{RoleAdoption, adopt};
use crate::password::DeliveryRoute;

#[derive(Debug, Args)]
pub struct AdoptArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// Where its passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND, age:RECIPIENT[:PATH],
    /// ssh:PUBLIC-KEY-FILE[:PATH] or stdout;
    /// {env}, {database}, {hostname}, {port} and {username} are replaced
    #[arg(long, value_name = "WHERE")]
    deliver: Destination,

    /// The format of a delivered file
    #[arg(long, value_name = "FORMAT", value_enum, default_value = "json")]
    file_format: FileFormat,
}

impl AdoptArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        let deliver = Deliveries::to(self.deliver.anchored()?, self.file_format);
        let role = self.name.role()?;
        let act = format!("let rotate change the password of \"{role}\"");
        let delivery = ChosenDelivery::new(deliver.clone(), context);
        delivery.rehearse(ChangeArgs { dry_run: false }, context, (&target, &role))?;
        confirm(context, &target, &act)?;
        let adoption = RoleAdoption {
            target,
            role,
            route: DeliveryRoute {
                deliver: &deliver,
                stdout: &context.ui,
            },
        };
        let report = adopt(&context.run, &adoption)?;
        context.ui.show_record(&report)?;
        if report.status == Status::RoleAdopted {
            context
                .ui
                .note("its password is unchanged; the next rotation of what is due changes it");
        }
        Ok(())
    }
}
