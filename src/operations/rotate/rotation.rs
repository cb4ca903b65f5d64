//! What is asked of a rotation, and what comes of a role.

use std::time::Duration;

use crate::delivery::Sink;
use crate::domain::act::operation::Mode;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::report::UserReport;
use crate::domain::timestamp::Span;
use crate::operations::rotate::selection::RoleSelection;

/// Which roles, and how.
pub struct Rotation<'a> {
    pub selection: RoleSelection,
    /// Only passwords older than this; None: all that are selected.
    pub older_than: Option<Span>,
    pub unknown: UnknownAge,
    pub jobs: usize,
    /// At most so many roles.
    pub limit: Option<usize>,
    /// So many first, one after the other; one failure among them ends the run.
    pub canary: usize,
    /// So many failures end the run.
    pub max_failures: Option<usize>,
    /// No role is begun later than this after the start.
    pub deadline: Option<Duration>,
    /// Instead of where each password went before: all of these. Without a format, the one that it had there.
    pub deliver: Vec<(Destination, Option<FileFormat>)>,
    pub stdout: &'a dyn Sink,
    pub printing: Printing,
    /// Each new password is good for so long from now on, but for accounts that are to end.
    pub valid_for: Option<Span>,
    pub mode: Mode,
}

/// Whether passwords may be printed that went to stdout before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printing {
    Allowed,
    /// They are skipped: what is printed is kept for failures.
    Withheld,
}

/// What to do with roles whose password pgrole never changed from here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownAge {
    Report,
    Rotate,
}

/// What came of one role.
#[derive(Debug)]
pub enum RoleOutcome {
    Rotated(Box<UserReport>),
    Failed(anyhow::Error),
    /// It is no longer on its server, and was forgotten.
    Gone,
    /// It was left alone, and why.
    LeftAlone(&'static str),
    /// It has several deliveries, of which somebody has to pick.
    Undecided(anyhow::Error),
}
