//! `pgrole audit`: what was done, by whom, and how it ended; and whether the log is intact.

mod archive;
mod checkpoint;
mod export;
mod list;
mod show;
mod verify;

use anyhow::Result;
use clap::Subcommand;

use crate::commands::global::Context;

#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// List events, newest first
    #[command(after_help = "Examples:
  pgrole audit list --since 7d
  pgrole audit list --failed --since 2026-11-01 --until 2026-11-30
  pgrole audit list -e prod -u web01_8080 --format json | jq '.[0].status'
  pgrole audit list --changes --since 1d
  # The next page, if 1234 was the last event of this one:
  pgrole audit list --before 1234")]
    List(list::ListArgs),
    /// Show one event: its SQL, and the SQL that would undo it
    #[command(after_help = "Examples:
  pgrole audit show 57
  pgrole audit show 4823a46a4900968b
  pgrole audit show 57 --archive pg_registry.audit-1-4711.db")]
    Show(show::ShowArgs),
    /// Export all events, in the order of the log, for other programs
    #[command(after_help = "Examples:
  pgrole audit export --output audit.jsonl
  pgrole audit export --format csv --since 2026-11-01 --until 2026-11-30
  pgrole audit export --format cef | logger -p local0.info")]
    Export(export::ExportArgs),
    /// Sign the current end of the log, as a checkpoint to keep elsewhere
    #[command(after_help = "Examples:
  pgrole audit checkpoint --output checkpoint.json
  pgrole audit checkpoint --public-key > audit-key.pem
  pgrole audit verify --checkpoint checkpoint.json --public-key audit-key.pem")]
    Checkpoint(checkpoint::CheckpointArgs),
    /// Move old events into a signed file, and leave an event that says so
    #[command(after_help = "Examples:
  pgrole audit archive --dry-run
  pgrole audit archive --before 2026-01-01 --output audit-2025.db
  pgrole audit verify --archive audit-2025.db --public-key audit-key.pem

Nothing leaves the log before the file is complete and on disk. If it is
interrupted, run it again.")]
    Archive(archive::ArchiveArgs),
    /// Verify that no event was altered, removed or inserted
    #[command(after_help = "Examples:
  pgrole audit verify
  # An \"audit_anchor\" that was kept elsewhere:
  pgrole audit verify --anchor 57:8f0c…
  pgrole audit verify --anchors kept.jsonl
  pgrole audit verify --archive audit-2025.db --public-key audit-key.pem

Exit status: 0 if nothing was altered; 7 if something was.")]
    Verify(verify::VerifyArgs),
}

impl AuditCommand {
    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::List(args) => args.run(context),
            Self::Show(args) => args.run(context),
            Self::Export(args) => args.run(context),
            Self::Checkpoint(args) => args.run(context),
            Self::Archive(args) => args.run(context),
            Self::Verify(args) => args.run(context),
        }
    }

    /// Whether the command leaves the log as it is.
    pub fn only_shows(&self) -> bool {
        !matches!(self, Self::Archive(_))
    }
}
