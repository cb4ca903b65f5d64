//! `pgrole audit`: what was done, by whom, and how it ended; and whether the log is what it was.

mod list;
mod verify;

use anyhow::Result;
use clap::Subcommand;

use crate::commands::Context;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List what was done, newest first
    #[command(after_help = "Examples:
  pgrole audit list --since 7d
  pgrole audit list -e prod -u web01_8080 --format json | jq '.[0].status'")]
    List(list::ListArgs),
    /// Prove that no event was altered, removed or put in
    #[command(after_help = "Examples:
  pgrole audit verify
  pgrole audit verify --anchor 57:8f0c…   (an \"audit_anchor\" that was kept elsewhere)
  pgrole audit verify --anchors kept.jsonl

Exit status: 0 nothing was altered; 7 something was.")]
    Verify(verify::VerifyArgs),
}

impl AuditCommand {
    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::List(args) => args.run(context),
            Self::Verify(args) => args.run(context),
        }
    }
}
