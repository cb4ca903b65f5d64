//! `user lock` and `user unlock`: a role that cannot log in for a while.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::commands::rehearsal::show_rehearsal;
use crate::commands::selection::{NameArgs, ReasonArgs, TargetArgs, TrialArgs};
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::{show_report, show_statements, warn_all};
use crate::operations::rehearsal;
use crate::operations::user::lock::{LockRole, MemberSessions, lock_role};
use crate::operations::user::unlock::{UnlockRole, unlock_role};
use crate::output::Format;

#[derive(Debug, Args)]
pub struct LockArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    /// End the sessions of its members too, which may have become the role by SET ROLE
    #[arg(long)]
    members: bool,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

#[derive(Debug, Args)]
pub struct UnlockArgs {
    #[command(flatten)]
    target: TargetArgs,

    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    force: ForceArgs,

    #[command(flatten)]
    trial: TrialArgs,
}

impl LockArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = format!("lock \"{role}\" and end its sessions");
        self.trial.confirm(context, &target, &act)?;
        let member_sessions = if self.members {
            MemberSessions::Ended
        } else {
            MemberSessions::Kept
        };
        let wanted = LockRole {
            target: &target,
            role: &role,
            member_sessions,
            protection: self.force.protection(),
            reason: self.reason.reason.as_deref(),
            mode: self.trial.mode(),
        };
        let mut report = lock_role(&context.run, &wanted)?;
        warn_all(&report.warnings, context);
        match (&report.rehearsal, context.ui.format) {
            (Some(rehearsal), Format::Table) => show_rehearsal(rehearsal, context)?,
            _ if show_statements(report.statements.as_deref(), context)? => {}
            _ => context.ui.show_record(&report)?,
        }
        rehearsal::verdict(report.rehearsal.as_mut(), &target)?;
        match report.failure() {
            Some(failure) => Err(failure.on(&target).into()),
            None => Ok(()),
        }
    }
}

impl UnlockArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = format!("unlock \"{role}\"");
        self.trial.confirm(context, &target, &act)?;
        let wanted = UnlockRole {
            target: &target,
            role: &role,
            protection: self.force.protection(),
            reason: self.reason.reason.as_deref(),
            mode: self.trial.mode(),
        };
        let mut report = unlock_role(&context.run, &wanted)?;
        show_report(&report, context)?;
        rehearsal::verdict(report.rehearsal.as_mut(), &target)
    }
}
