//! How a run ended: what is counted, what is told elsewhere, and the error that it ends in.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::notification::{Announcement, EventKind, RoleNote, Tally};
use crate::operations::rotate::{Candidate, Outcome, is_unrecorded};

/// A run that has ended, by environment.
#[derive(Debug, Default)]
pub struct Ended {
    tallies: BTreeMap<String, Tally>,
    failed: Vec<RoleNote>,
    /// Selected roles of unknown age that were left alone.
    unknown: usize,
    /// Whether a password is in force that is not delivered.
    undelivered: bool,
    /// Roles that were refused because pgrole did not record where their passwords go.
    unrecorded: usize,
    /// Whether roles were left, or one was cancelled, because the operator wanted to stop.
    pub interrupted: bool,
}

/// A run in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Selected roles whose password is old enough.
    pub due: usize,
    pub rotated: usize,
    pub failed: usize,
    /// Due, but without a use for a password: the service lets them in by tokens.
    pub skipped: usize,
    /// No longer on their servers, and forgotten.
    pub gone: usize,
    /// Due, but not begun: the limit, a failed canary, too many failures, the deadline, an interruption.
    pub left: usize,
    pub unknown: usize,
}

impl Ended {
    /// A run in which nothing has been begun yet.
    pub fn of(due: &[Candidate], unknown: usize) -> Self {
        let mut ended = Self {
            unknown,
            ..Self::default()
        };
        for candidate in due {
            let tally = ended.tally(candidate);
            tally.due += 1;
            tally.left += 1;
        }
        ended
    }

    fn tally(&mut self, candidate: &Candidate) -> &mut Tally {
        let env = candidate.target.env.to_string();
        self.tallies.entry(env).or_default()
    }

    /// Takes in what came of a role.
    pub fn count(&mut self, candidate: &Candidate, outcome: &Outcome) {
        let tally = self.tally(candidate);
        tally.left -= 1;
        match outcome {
            Outcome::Rotated(_) => tally.rotated += 1,
            Outcome::Gone => tally.gone += 1,
            Outcome::LeftAlone(_) => tally.skipped += 1,
            Outcome::Failed(error) => {
                tally.failed += 1;
                self.unrecorded += usize::from(is_unrecorded(error));
                self.undelivered |= kind_of(error) == Kind::Undelivered;
                self.interrupted |= kind_of(error) == Kind::Interrupted;
                self.failed.push(note(candidate, error));
            }
        }
    }

    /// All environments together.
    pub fn sum(&self) -> Tally {
        self.tallies.values().copied().sum()
    }

    pub fn summary(&self) -> Summary {
        let Tally {
            due,
            rotated,
            failed,
            skipped,
            gone,
            left,
        } = self.sum();
        Summary {
            due,
            rotated,
            failed,
            skipped,
            gone,
            left,
            unknown: self.unknown,
        }
    }

    /// For the audit log.
    pub fn status(&self) -> String {
        let event = if self.failed.is_empty() {
            EventKind::RotationFinished
        } else {
            EventKind::RotationFailed
        };
        format!("{}: {}", event.as_str(), self.sum())
    }

    /// For the notification.
    pub fn announcement(&self) -> Announcement {
        Announcement {
            rotation: Some(self.tallies.clone()),
            roles: self.failed.clone(),
            told: Vec::new(),
        }
    }

    /// The error that the run ends in, if it ends in one. `lost`: of so many targets the registry's entry is not valid.
    pub fn failure(&self, lost: usize) -> Option<Failure> {
        let Tally {
            rotated,
            failed,
            gone,
            left,
            ..
        } = self.sum();
        let asked = rotated + failed + gone;
        let some_failed = format!("{failed} of {asked} roles failed");
        let rerun = "a rerun takes only what is still due";
        let failure = if self.undelivered {
            Failure::new(Kind::Undelivered, some_failed)
                .hint("deliver what is in force: pgrole recover run")
        } else if self.interrupted {
            let what = format!("interrupted: {rotated} rotated, {failed} failed, {left} left");
            Failure::new(Kind::Interrupted, what).hint(rerun)
        } else if failed > 0 && failed == asked && failed == self.unrecorded {
            Failure::new(Kind::Refused, some_failed)
        } else if failed > 0 && failed == asked {
            Failure::new(Kind::Failed, some_failed).hint(rerun)
        } else if failed > 0 {
            Failure::new(Kind::Partial, some_failed).hint(rerun)
        } else if lost > 0 {
            let what = format!("the registry's entries of {lost} targets are not valid");
            Failure::new(Kind::Partial, what).hint("see which: pgrole registry list")
        } else {
            return None;
        };
        Some(failure)
    }
}

fn note(candidate: &Candidate, error: &anyhow::Error) -> RoleNote {
    RoleNote {
        username: candidate.role.to_string(),
        env: candidate.target.env.to_string(),
        database: candidate.target.database.to_string(),
        hostname: candidate.target.hostname.to_string(),
        port: candidate.target.port.to_string(),
        status: None,
        valid_until: None,
        error: Some(format!("{error:#}")),
    }
}
