//! `pgrole access`: the groups that carry access to a database, and who is in them.

mod boxes;
mod change;
mod check;
mod prepare;
mod trim;

use anyhow::Result;
use clap::Subcommand;

use crate::commands::global::Context;

pub use change::{grantable_level, require_span};

#[derive(Debug, Subcommand)]
pub enum AccessCommand {
    /// Give an existing login access to a database, or a higher level of it
    #[command(after_help = "Examples:
  pgrole access grant analyst01 -e prod -d billing_prod
  pgrole access grant analyst01 -e prod -d billing_prod --level readwrite \\
      --reason OPS-17
  pgrole access grant analyst01 -e prod -d billing_prod --level readonly --lower
  pgrole access grant jane -e prod -d billing_prod --level readwrite --for 2h \\
      --reason INC-4711")]
    Grant(change::GrantArgs),
    /// List access with an end: who has it, until when and why; overdue access first
    #[command(after_help = "Examples:
  pgrole access list
  pgrole access list -e prod --format json")]
    List(boxes::ListArgs),
    /// Give access with an end a later one, before it has come
    #[command(after_help = "Examples:
  pgrole access extend 1f0c2b7a90d4e611 --for 1h --reason INC-4711")]
    Extend(boxes::ExtendArgs),
    /// End the access whose end has come, and the sessions that use it; for cron, every minute; exit status 4 if not all
    /// could be ended
    #[command(after_help = "Examples:
  pgrole access expire --quiet
  pgrole access expire --all --quiet")]
    Expire(boxes::ExpireArgs),
    /// Take access to a database away from a role: all of it, or one level
    #[command(after_help = "Examples:
  pgrole access revoke analyst01 -e prod -d billing_prod
  pgrole access revoke analyst01 -e prod -d billing_prod --level readwrite \\
      --dry-run")]
    Revoke(change::RevokeArgs),
    /// Check what access groups lack of their levels, and what they have beyond them; exit status 7 if anything
    #[command(after_help = "Examples:
  pgrole access check
  pgrole access check -e prod -d 'billing_*' --level readonly")]
    Check(check::CheckArgs),
    /// Create and complete a database's access groups, and revoke privileges beyond their level
    #[command(after_help = "Examples:
  pgrole access prepare -e prod -d myapp_prod
  pgrole access prepare -e prod -d myapp_prod --dry-run
  pgrole access prepare -e prod -d myapp_prod --access readonly \\
      --admin deploy_admin
  pgrole access prepare -e prod -d '*' --existing")]
    Prepare(prepare::PrepareArgs),
    /// Propose a lower level for logins that use less than they have, by the statements that the server recorded; changes
    /// nothing; exit status 7 if there is one
    #[command(after_help = "Examples:
  pgrole access trim
  pgrole access trim -e prod -d billing_prod --since 180d
  pgrole access trim -e prod -d billing_prod --log postgresql-Mon.csv \\
      --log postgresql-Tue.csv --since 1d")]
    Trim(trim::TrimArgs),
}

impl AccessCommand {
    /// Whether it lists what servers say, and changes nothing.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Check(_) | Self::List(_) | Self::Trim(_))
    }

    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Grant(args) => args.run(context),
            Self::List(args) => args.run(context),
            Self::Extend(args) => args.run(context),
            Self::Expire(args) => args.run(context),
            Self::Revoke(args) => args.run(context),
            Self::Check(args) => args.run(context),
            Self::Prepare(args) => args.run(context),
            Self::Trim(args) => args.run(context),
        }
    }
}
