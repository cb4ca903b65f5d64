//! `pgrole report`: what a fleet's logins can do, how old their passwords are, who is not seen, how many connections are left.

mod accept;
mod access;
mod connections;
mod passwords;
mod unused;

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
    /// Put the decisions of a review on record, from the CSV file of report access that the reviewer filled in
    #[command(after_help = "Examples:
  pgrole report accept review.csv
  pgrole report accept review.csv --reviewed-by maria")]
    Accept(accept::AcceptArgs),
    /// Report how passwords are stored, how old they are, when they end, and whether one is the login's name
    #[command(after_help = "Examples:
  pgrole report passwords
  pgrole report passwords -e prod --older-than 60d --check")]
    Passwords(passwords::PasswordsArgs),
    /// Report the logins that were not seen for a while, from sessions that pgrole saw and from the server's log
    #[command(after_help = "Examples:
  pgrole report unused --older-than 90d
  pgrole report unused -e prod -d billing_prod --logins-from postgresql-Mon.log
  pgrole report unused -e dev --lock --reason OPS-17")]
    Unused(unused::UnusedArgs),
    /// Report how many connections each login may have, has and had, beside what the server allows
    #[command(after_help = "Example:
  pgrole report connections -e prod")]
    Connections(connections::ConnectionsArgs),
}

impl ReportCommand {
    /// Whether it lists what servers say, and changes nothing there.
    pub fn only_reads(&self) -> bool {
        match self {
            Self::Access(_) | Self::Passwords(_) | Self::Connections(_) => true,
            Self::Accept(_) => false,
            Self::Unused(args) => args.only_reads(),
        }
    }

    pub fn run(self, context: &Context) -> Result<()> {
        match self {
            Self::Access(args) => args.run(context),
            Self::Accept(args) => args.run(context),
            Self::Passwords(args) => args.run(context),
            Self::Unused(args) => args.run(context),
            Self::Connections(args) => args.run(context),
        }
    }
}
