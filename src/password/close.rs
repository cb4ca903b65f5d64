//! Close: the change has ended, and nothing of its password is left here, but for what cannot be confirmed.

use anyhow::Result;

use crate::delivery;
use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::timestamp::Timestamp;
use crate::password::apply::is_definite;
use crate::password::deliver::SealedCopy;
use crate::password::open_change::OpenChange;
use crate::run::Run;
use crate::run::login_state::is_policy_refusal;

/// How long the sealed copy of a delivery that cannot be confirmed is kept.
const KEEP: &str = "24h";

impl OpenChange<'_> {
    /// Ends the change where the server refused it: the old password, or none, is still in force.
    ///
    /// # Errors
    /// When the journal cannot be written.
    pub fn abort(self, error: &anyhow::Error) -> Result<()> {
        let state = if is_policy_refusal(error) {
            ChangeState::Refused
        } else {
            ChangeState::Aborted
        };
        let error = format!("{error:#}");
        self.close(state, Some(&error))
    }

    pub(super) fn note_delivered(&self, copy: SealedCopy) -> Result<()> {
        if copy == SealedCopy::Scrubbed {
            return self.close(ChangeState::Closed, None);
        }
        let now = Timestamp::now();
        let keep_until = now.after(KEEP.parse()?)?;
        let id = &self.change.operation_id;
        self.run
            .with_store(|store| store.keep_change(id, keep_until, now))
    }

    pub fn close(&self, state: ChangeState, error: Option<&str>) -> Result<()> {
        close(self.run, &self.change, state, error)
    }
}

/// Ends a change: nothing of its password is left here.
///
/// # Errors
/// When the journal cannot be written.
pub fn close(
    run: &Run,
    change: &PasswordChange,
    state: ChangeState,
    error: Option<&str>,
) -> Result<()> {
    let id = &change.operation_id;
    for one in change.destination.each() {
        if let Err(error) = delivery::to(one, run.resources(None)).discard(id) {
            run.warn(format!(
                "what an interrupted delivery left cannot be removed: {error:#}"
            ));
        }
    }
    run.with_store(|store| store.close_change(id, state, error, Timestamp::now()))
}

/// Ends a change that the server refused, and passes the refusal on. What is not known stays open.
pub fn give_up(open: Option<OpenChange<'_>>, error: anyhow::Error) -> anyhow::Error {
    match open {
        Some(open) if is_definite(&error) => match open.abort(&error) {
            Ok(()) => error,
            Err(unwritten) => error.context(format!(
                "the change could not be closed in the journal: {unwritten:#}"
            )),
        },
        _ => error,
    }
}
