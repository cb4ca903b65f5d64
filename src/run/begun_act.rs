//! An act between intent and outcome, and how it leaves a password change: noted when that is known, and on record with the
//! outcome.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::domain::password::change::ChangeState;
use crate::domain::role::RoleName;
use crate::locks::Lock;
use crate::store::{ChangeEnding, Intent};

/// An act whose intent is on record.
pub(super) struct BegunAct {
    pub intent: Intent,
    pub started: Instant,
    /// As whom it logged in.
    pub admin_user: Option<String>,
    pub pending_end: PendingEnd,
}

impl BegunAct {
    pub fn new(intent: Intent) -> Self {
        Self {
            intent,
            started: Instant::now(),
            admin_user: None,
            pending_end: PendingEnd::default(),
        }
    }
}

/// How long it took since then, in milliseconds to the microsecond: what a clock says beyond that is noise.
pub(super) fn duration_ms(started: Instant) -> f64 {
    (started.elapsed().as_secs_f64() * 1e6).round() / 1e3
}

/// What the change notes for the act that it is made in.
#[derive(Clone, Default)]
pub struct PendingEnd(Arc<Mutex<Option<LeftChange>>>);

/// A change that is about to be left, under its locks: nobody may take it up before that is on record.
pub struct LeftChange {
    pub ending: ChangeEnding,
    pub role: RoleName,
    pub locks: Vec<Lock>,
}

impl PendingEnd {
    /// Notes how the change is left, in the place of what was noted before; the locks of both are held.
    pub fn set(&self, mut left: LeftChange) {
        if let Some(before) = self.take() {
            left.locks.extend(before.locks);
        }
        *self.noted() = Some(left);
    }

    pub(super) fn take(&self) -> Option<LeftChange> {
        self.noted().take()
    }

    /// Whether a change was begun, and it is noted how it is left.
    pub(super) fn is_noted(&self) -> bool {
        self.noted().is_some()
    }

    fn noted(&self) -> MutexGuard<'_, Option<LeftChange>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl LeftChange {
    /// What it means that this cannot be put on record. What the journal says already leads recovery to the same.
    pub(super) fn unwritten(&self, error: &anyhow::Error) -> String {
        match self.ending.state {
            ChangeState::Closed | ChangeState::Delivered => format!(
                "the password of \"{}\" was delivered, but the change cannot be closed in the journal, so it will be delivered again by pgrole recover run: {error:#}",
                self.role
            ),
            _ => format!("the journal cannot be written: {error:#}"),
        }
    }
}
