//! How a run ended: its counts, its message, and its error.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::message::notification::{Announcement, RoleNote, Tally};
use crate::domain::settings::Settings;
use crate::operations::rotate::planning::RotationPlan;
use crate::operations::rotate::rotation::RoleOutcome;
use crate::operations::rotate::selection::Candidate;
use crate::password::remembered::is_unrecorded;

/// The counts of a run, by environment.
#[derive(Debug, Default)]
pub struct RotationTally {
    tallies: BTreeMap<String, Tally>,
    failed: Vec<RoleNote>,
    /// Selected roles of unknown age that were skipped.
    unknown: usize,
    /// Due roles that were skipped, because nobody chose among their deliveries.
    undecided: usize,
    /// Whether a password is in force but not delivered.
    undelivered: bool,
    /// Roles that somebody else is at work on, or that are in their grace time.
    busy: usize,
    /// Roles that were refused because pgrole did not record their delivery.
    unrecorded: usize,
    /// Whether roles were left, or one was cancelled, because the operator interrupted.
    pub interrupted: bool,
}

/// What a run could not examine.
#[derive(Debug, Clone, Copy)]
pub struct Shortfall {
    /// Targets whose registry entries are not valid.
    pub lost: usize,
    /// Servers that were to be queried, and those of them that could not be.
    pub asked: usize,
    pub unseen: usize,
    /// The kind of failure, if that was all of them.
    all_unseen: Option<Kind>,
}

impl Shortfall {
    pub fn new(lost: usize, plan: &RotationPlan<'_>) -> Self {
        let unseen = plan.unasked.len();
        let first = plan.unasked.first().filter(|_| unseen == plan.asked);
        let all_unseen = first.map(|error| match kind_of(error) {
            kind @ (Kind::NoCredential | Kind::LoginRefused) => kind,
            _ => Kind::Unreachable,
        });
        Self {
            lost,
            asked: plan.asked,
            unseen,
            all_unseen,
        }
    }
}

/// A run in one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Summary {
    /// Selected roles whose password is old enough.
    pub due: usize,
    /// Roles whose password was changed.
    pub rotated: usize,
    /// Roles whose rotation failed.
    pub failed: usize,
    /// Due, but skipped: they log in with tokens, have ended, or their password would be printed.
    pub skipped: usize,
    /// Dropped on their servers, and forgotten.
    pub gone: usize,
    /// Due, but not begun, because of the limit, a failed canary, too many failures, the deadline or an interruption.
    pub left: usize,
    /// Selected roles whose age is unknown, and which were skipped.
    pub unknown: usize,
}

impl RotationTally {
    /// The counts before anything was begun.
    pub fn of(plan: &RotationPlan<'_>) -> Self {
        let mut ended = Self {
            unknown: plan.unknown.len(),
            ..Self::default()
        };
        for candidate in plan.due().chain(&plan.undecided) {
            let tally = ended.tally(candidate);
            tally.due += 1;
            tally.left += 1;
        }
        for candidate in &plan.withheld {
            let tally = ended.tally(candidate);
            tally.due += 1;
            tally.skipped += 1;
        }
        ended
    }

    fn tally(&mut self, candidate: &Candidate) -> &mut Tally {
        let env = candidate.target.env.to_string();
        self.tallies.entry(env).or_default()
    }

    /// Counts the outcome of a role.
    pub fn count(&mut self, candidate: &Candidate, outcome: &RoleOutcome) {
        if matches!(outcome, RoleOutcome::Retired) {
            return;
        }
        let tally = self.tally(candidate);
        tally.left -= 1;
        match outcome {
            RoleOutcome::Rotated(_) => tally.rotated += 1,
            RoleOutcome::Gone => tally.gone += 1,
            RoleOutcome::Retired => {}
            RoleOutcome::LeftAlone(_) => tally.skipped += 1,
            RoleOutcome::Undecided(_) => {
                tally.skipped += 1;
                self.undecided += 1;
            }
            RoleOutcome::Failed(error) => {
                tally.failed += 1;
                self.unrecorded += usize::from(is_unrecorded(error));
                self.busy += usize::from(kind_of(error) == Kind::Busy);
                self.undelivered |= kind_of(error) == Kind::Undelivered;
                self.interrupted |= kind_of(error) == Kind::Interrupted;
                self.failed.push(note(candidate, error));
            }
        }
    }

    /// Sorts what is told of single roles: they ended in any order.
    pub fn sort(&mut self, settings: &Settings) {
        self.failed
            .sort_by_cached_key(|role| (settings.rollout_rank(&role.env), role.env.clone()));
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
    pub fn status(&self) -> Status {
        if self.failed.is_empty() {
            Status::RotationFinished(self.sum())
        } else {
            Status::RotationFailed(self.sum())
        }
    }

    /// For the message to channels.
    pub fn announcement(&self) -> Announcement {
        Announcement {
            rotation: Some(self.tallies.clone()),
            roles: self.failed.clone(),
            access: None,
            told: Vec::new(),
        }
    }

    /// The error of the run, if any.
    pub fn failure(&self, shortfall: &Shortfall) -> Option<Failure> {
        let Tally {
            rotated,
            failed,
            gone,
            left,
            ..
        } = self.sum();
        let asked = rotated + failed + gone;
        let some_failed = format!("{failed} of {asked} roles failed");
        let rerun = "run it again: only roles that are still due are rotated";
        let failure = if self.undelivered {
            Failure::new(Kind::Undelivered, some_failed)
                .hint("deliver the passwords that are in force: pgrole recover run")
        } else if self.interrupted {
            let what = format!("interrupted: {rotated} rotated, {failed} failed, {left} left");
            Failure::new(Kind::Interrupted, what).hint(rerun)
        } else if let Some(kind) = shortfall.all_unseen {
            let what = format!("none of {} servers could be queried", shortfall.asked);
            Failure::new(kind, what).hint("find out why: pgrole registry check")
        } else if failed > 0 && failed == asked && failed == self.busy {
            Failure::new(Kind::Busy, some_failed).hint(rerun)
        } else if failed > 0 && failed == asked && failed == self.unrecorded {
            Failure::new(Kind::Refused, some_failed)
        } else if failed > 0 && failed == asked {
            Failure::new(Kind::Failed, some_failed).hint(rerun)
        } else if failed > 0 {
            Failure::new(Kind::Partial, some_failed).hint(rerun)
        } else if self.undecided > 0 {
            let what = format!(
                "{} roles were not rotated: they have several deliveries",
                self.undecided
            );
            Failure::new(Kind::Partial, what)
                .hint("choose with --deliver, once for each place that is to get the password")
        } else if shortfall.lost > 0 {
            let what = format!(
                "the registry entries of {} are not valid",
                counted(shortfall.lost, "target")
            );
            Failure::new(Kind::Partial, what).hint("find them: pgrole registry list")
        } else if shortfall.unseen > 0 {
            let what = format!(
                "{} of {} servers could not be queried",
                shortfall.unseen, shortfall.asked
            );
            Failure::new(Kind::Partial, what).hint("find out why: pgrole registry check")
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
