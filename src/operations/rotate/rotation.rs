//! The request for a rotation, and the outcome of a role.

use std::time::Duration;

use crate::delivery::Sink;
use crate::domain::act::operation::Mode;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::report::UserReport;
use crate::domain::timestamp::Span;
use crate::operations::rotate::selection::RoleSelection;
use crate::run::progress::Attempt;

/// Which roles to rotate, and how.
pub struct Rotation<'a> {
    pub selection: RoleSelection,
    /// Only passwords older than this; `None` for all that are selected.
    pub older_than: Option<Span>,
    /// Only passwords that their servers store so.
    pub hash: Option<PasswordHash>,
    pub unknown: UnknownAge,
    pub jobs: usize,
    /// The maximum number of roles.
    pub limit: Option<usize>,
    /// How many to rotate first, one by one; any failure among them ends the run.
    pub canary: usize,
    /// How many failures end the run.
    pub max_failures: Option<usize>,
    /// No role is begun later than this after the start.
    pub deadline: Option<Duration>,
    /// Where passwords go, instead of where each went before: to all of these. `None` keeps the format used there
    /// before.
    pub deliver: Vec<(Destination, Option<FileFormat>)>,
    pub stdout: &'a dyn Sink,
    pub printing: Printing,
    /// The command that lets others read what was delivered; `None` keeps the one before.
    pub reload: Option<Destination>,
    /// How long the outgoing ones of dual logins stay valid; `None`: as the config file says.
    pub grace: Option<Span>,
    pub retirement: RetirementRule,
    /// How long each new password is valid, except for accounts with an end.
    pub valid_for: Option<Span>,
    pub mode: Mode,
}

/// Which outgoing logins are retired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetirementRule {
    /// Those whose grace time is over, and that nobody uses any more.
    WhenUnused,
    /// All, by `--force`.
    Now,
}

/// Whether passwords that went to stdout before may be printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    Allowed,
    /// They are skipped: stdout is reserved for failures.
    Withheld,
}

/// What to do with roles whose password was never changed with this registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownAge {
    Report,
    Rotate,
}

/// How a server stores a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum PasswordHash {
    /// As an MD5 hash, which lets in whoever has it
    Md5,
}

/// The outcome of one role.
#[derive(Debug)]
pub enum RoleOutcome {
    Rotated(Box<UserReport>),
    Failed(anyhow::Error),
    /// It no longer exists on its server, and was forgotten.
    Gone,
    /// It was skipped, with the reason.
    LeftAlone(&'static str),
    /// The outgoing one of its logins may not log in any more.
    Retired,
    /// It has several deliveries, and somebody must choose.
    Undecided(anyhow::Error),
}

impl Attempt for RoleOutcome {
    fn has_failed(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::Undecided(_))
    }
}
