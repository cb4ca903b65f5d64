//! `user lock` and `user unlock`: a role that cannot log in for a while.

use anyhow::Result;
use clap::Args;

use crate::commands::global::Context;
use crate::commands::selection::{ChangeArgs, NameArgs, ReasonArgs, TargetArgs};
use crate::commands::user::reset::ForceArgs;
use crate::commands::user::{show_report, show_statements, warn_all};
use crate::operations::user::lock::{LockRole, MemberSessions, lock_role};
use crate::operations::user::unlock::{UnlockRole, unlock_role};

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
    change: ChangeArgs,
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
    change: ChangeArgs,
}

impl LockArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = format!("lock \"{role}\" and end its sessions");
        self.change.confirm(context, &target, &act)?;
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
            mode: self.change.mode(),
        };
        let report = lock_role(&context.run, &wanted)?;
        warn_all(&report.warnings, context);
        if !show_statements(report.statements.as_deref(), context)? {
            context.ui.show_record(&report)?;
        }
        match report.failure() {
            Some(failure) => Err(failure.on(&target).into()),
            None => Ok(()),
        }
    }
}

impl UnlockArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let target = self.target.target(context)?;
        let role = self.name.role()?;
        let act = format!("unlock \"{role}\"");
        self.change.confirm(context, &target, &act)?;
        let wanted = UnlockRole {
            target: &target,
            role: &role,
            protection: self.force.protection(),
            reason: self.reason.reason.as_deref(),
            mode: self.change.mode(),
        };
        show_report(&unlock_role(&context.run, &wanted)?, context)
    }
}
