//! `user reset`: a new password for a role that exists.

use anyhow::Result;
use clap::Args;

use crate::commands::Context;
use crate::commands::delivery::DeliverArgs;
use crate::commands::selection::{ChangeArgs, TargetArgs};
use crate::commands::user::{PasswordArgs, show_unless_delivered};
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::password_change::ChangeKind;
use crate::domain::role::RoleName;
use crate::domain::timestamp::Span;
use crate::operations::login_state::Protection;
use crate::operations::reset_password::{Proof, ResetPassword, reset_password};

#[derive(Debug, Args)]
pub struct ResetArgs {
    #[command(flatten)]
    target: TargetArgs,

    /// The role's name, exactly as PostgreSQL keeps it
    #[arg(short, long, value_name = "NAME")]
    username: RoleName,

    /// How long the password is good: 90d, 12h, 2w [default: the config file's password.valid_for,
    /// else VALID UNTIL stays as it is]
    #[arg(long, value_name = "SPAN")]
    valid_for: Option<Span>,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    deliver: DeliverArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    change: ChangeArgs,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct ForceArgs {
    /// Change a protected role too: a superuser, the admin login itself, a service's own, and those
    /// that the config file names
    #[arg(long)]
    force: bool,
}

impl ForceArgs {
    pub fn protection(self) -> Protection {
        if self.force {
            Protection::Overridden
        } else {
            Protection::Respected
        }
    }
}

impl ResetArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        let password = self.password.new_password(context)?;
        let delivery = self
            .deliver
            .choose(Destination::Stdout, FileFormat::default(), context)?;
        let act = format!("reset the password of \"{}\"", self.username);
        self.change.confirm(context, &target, &act)?;
        let wanted = ResetPassword {
            target,
            role: self.username,
            kind: ChangeKind::Reset,
            password,
            valid_for: self.valid_for.or(context.session.settings.valid_for),
            protection: self.force.protection(),
            delivery: delivery.delivery(),
            proof: Proof::ByCommit,
            mode: self.change.mode(),
        };
        let report = reset_password(&context.session, "user reset", &wanted)?;
        show_unless_delivered(&report, &delivery, context)
    }
}
