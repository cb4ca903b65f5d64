//! A password change between its beginning and its end.

use anyhow::Result;

use crate::delivery::Sink;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::password::sealing::Contents;
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::run::begun_act::{LeftChange, PendingEnd};
use crate::run::{Run, TargetSession};
use crate::store::ChangeEnding;

/// A password change that has begun: sealed, locked against recovery by others, not yet ended.
pub struct OpenChange<'a> {
    pub(super) run: &'a Run,
    /// `None` if another result is printed there.
    pub(super) stdout: Option<&'a dyn Sink>,
    pub change: PasswordChange,
    pub(super) contents: Contents,
    /// Whether the operator knows the password already, so that stdout need not show it.
    pub(super) known: bool,
    /// Held until it is on record how the change is left.
    pub(super) locks: Vec<Lock>,
    /// Of the act that the change is made or settled in.
    pub(super) pending_end: PendingEnd,
    /// Whether the role may log in, once that was read.
    pub(super) can_login: Option<bool>,
}

impl<'a> OpenChange<'a> {
    /// Takes up a change that was cut off.
    pub fn reopen(
        run: &'a Run,
        stdout: Option<&'a dyn Sink>,
        change: PasswordChange,
        contents: Contents,
        locks: Vec<Lock>,
    ) -> Self {
        Self {
            run,
            stdout,
            change,
            contents,
            known: false,
            locks,
            pending_end: PendingEnd::default(),
            can_login: None,
        }
    }

    /// From now on the change is left as the act of this session ends.
    pub fn settle_in(&mut self, server: &TargetSession<'_>) {
        self.pending_end = server.pending_end.clone();
    }

    /// The new password and its verifiers.
    pub fn contents(&self) -> &Contents {
        &self.contents
    }

    /// Notes that the password is in force: the role's new age begins.
    ///
    /// # Errors
    /// Exit status 8 where the journal cannot be written: then nothing is delivered.
    pub fn applied(&self) -> Result<()> {
        self.run
            .with_store(|store| store.note_applied(&self.change, Timestamp::now()))
            .map_err(|error| self.undelivered(error))
    }

    /// Leaves the change in this state, which is on record with the outcome of its act.
    pub(super) fn leave(&mut self, state: ChangeState, error: Option<String>) {
        self.leave_until(state, error, None);
    }

    /// The same, where the sealed copy is kept for a while.
    pub(super) fn leave_until(
        &mut self,
        state: ChangeState,
        error: Option<String>,
        keep_until: Option<Timestamp>,
    ) {
        self.pending_end.set(LeftChange {
            ending: ChangeEnding {
                operation_id: self.change.operation_id.clone(),
                state,
                error,
                keep_until,
            },
            role: self.change.role.clone(),
            locks: std::mem::take(&mut self.locks),
        });
    }

    /// The password is in force, and is not where it should be.
    pub(super) fn undelivered(&self, error: anyhow::Error) -> anyhow::Error {
        let show = pasteable("pgrole recover show {}", &[&self.change.operation_id]);
        Failure::new(
            Kind::Undelivered,
            format!(
                "the password of \"{}\" was changed, but not delivered to {}",
                self.change.role,
                self.change.destination.in_words()
            ),
        )
        .hint(format!(
            "fix that, then: pgrole recover run (details: {show})"
        ))
        .caused_by(error)
        .into()
    }
}
