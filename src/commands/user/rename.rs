//! `user rename`: another name for a role.

use anyhow::Result;
use clap::Args;

use crate::commands::delivery::DeliverArgs;
use crate::commands::global::Context;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::user::reset::{ForceArgs, choose};
use crate::commands::user::{PasswordArgs, show_report, warn_of};
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::operations::rehearsal;
use crate::operations::user::rename::rename_user;
use crate::operations::user::rename_request::{PasswordChoice, RenameUser};
use crate::password::remembered::{Remembered, find_placed, terms};

#[derive(Debug, Args)]
pub struct RenameArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// The new name, exactly as PostgreSQL will store it
    #[arg(long, value_name = "NAME")]
    to: RoleName,

    /// Set no new password, even if the present one was delivered together with the old name
    #[arg(long, conflicts_with_all = ["deliver", "file_format", "password_stdin"])]
    keep_password: bool,

    #[command(flatten)]
    password: PasswordArgs,

    #[command(flatten)]
    deliver: DeliverArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

impl RenameArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        if role == self.to {
            return Err(Failure::usage(format!("\"{role}\" has that name")).into());
        }
        let placed = find_placed(&context.run, &target, &role)?;
        let remembered = placed
            .as_ref()
            .map(|placed| Remembered::of(placed, &target, &role));
        let remembered = remembered.transpose()?.flatten();
        let terms = terms(&context.run, placed.as_ref(), &target, None)?;
        let is_asked_for = self.deliver.destination().is_some() || self.password.is_given();
        let choice = if self.keep_password {
            PasswordChoice::Kept
        } else if is_asked_for || remembered.is_some() {
            PasswordChoice::New
        } else {
            PasswordChoice::IfLost
        };
        let password = self.password.new_password(context)?;
        let known = remembered.as_ref().filter(|_| !self.keep_password);
        let delivery = choose(self.deliver, known, (&target, &role), context)?;
        let change = self.trial.as_change();
        let act = format!("rename \"{role}\" to \"{}\"", self.to);
        if choice != PasswordChoice::Kept {
            delivery.rehearse_renamed(change, context, (&target, &self.to, Some(&role)))?;
        }
        change.confirm(context, &target, &act)?;
        let wanted = RenameUser {
            target,
            role,
            to: self.to,
            choice,
            password,
            terms,
            route: delivery.route(),
            placed,
            remembered,
            protection: self.force.protection(),
            mode: self.trial.mode(),
        };
        let mut renamed = rename_user(&context.run, &wanted)?;
        if renamed.has_new_password && delivery.prints() {
            warn_of(&renamed.report, context);
            return Ok(());
        }
        show_report(&renamed.report, context)?;
        rehearsal::verdict(renamed.report.rehearsal.as_mut(), &wanted.target)
    }
}
