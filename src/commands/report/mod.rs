//! `pgrole report`: what a fleet's logins can do, how old their passwords are, who is not seen, how many connections are left.

mod access;

use anyhow::Result;
use clap::Subcommand;

use crate::commands::global::Context;

pub use access::Summed;

#[derive(Debug, Subcommand)]
pub enum ReportCommand {
    /// Report who can log in where and with which rights, as measured; what stands out; what changed since the last report
    #[command(after_help = "Examples:
  pgrole report access
  pgrole report access --html access.html
  pgrole report access -e prod --format csv > review.csv
  pgrole report access --since 2026-08-27 --html access.html")]
    Access(access::AccessArgs),
}

impl ReportCommand {
    /// Whether it lists what servers say, and changes nothing there.
    pub fn only_reads(&self) -> bool {
        matches!(self, Self::Access(_))
    }

    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Access(args) => args.run(context),
        }
    }
}
