//! A password change between its beginning and its end.

use anyhow::Result;

use crate::delivery::Sink;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::password::sealing::Contents;
use crate::domain::timestamp::Timestamp;
use crate::locks::Lock;
use crate::run::Run;

/// A password change that has begun: sealed, locked against recovery by others, not yet ended.
pub struct OpenChange<'a> {
    pub(super) run: &'a Run,
    /// None: another result is printed there.
    pub(super) stdout: Option<&'a dyn Sink>,
    pub change: PasswordChange,
    pub(super) contents: Contents,
    /// Whether the operator knows the password already, so that stdout need not show it.
    pub(super) known: bool,
    pub(super) _locks: Vec<Lock>,
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
            _locks: locks,
            can_login: None,
        }
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
        let noted = self.advance(ChangeState::Applied, None);
        noted.map_err(|error| self.undelivered(error))
    }

    /// Notes how far it has come.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn advance(&self, state: ChangeState, error: Option<&str>) -> Result<()> {
        self.run
            .with_store(|store| store.advance_change(&self.change, state, error, Timestamp::now()))
    }

    /// The same where what the journal says already leads recovery to the same.
    pub(super) fn advance_or_warn(&self, state: ChangeState, error: &str) {
        if let Err(unwritten) = self.advance(state, Some(error)) {
            self.run
                .warn(format!("the journal cannot be written: {unwritten:#}"));
        }
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
