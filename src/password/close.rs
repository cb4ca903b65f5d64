//! Close: how a change is left, and that nothing of its password is left here where it has ended, but for what cannot be
//! confirmed. The journal and the audit log hear of it at once, when the act ends.

use crate::delivery;
use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::timestamp::{Span, Timestamp};
use crate::password::apply::is_definite;
use crate::password::deliver::SealedCopy;
use crate::password::open_change::OpenChange;
use crate::run::Run;
use crate::run::login_state::is_policy_refusal;

/// How long the sealed copy of a delivery that cannot be confirmed is kept.
pub const KEEP: Span = Span::days(1);

impl OpenChange<'_> {
    /// Ends the change where the server refused it: the old password, or none, is still in force.
    pub fn abort(self, error: &anyhow::Error) {
        let state = if is_policy_refusal(error) {
            ChangeState::Refused
        } else {
            ChangeState::Aborted
        };
        let error = format!("{error:#}");
        self.close(state, Some(error));
    }

    pub(super) fn leave_delivered(mut self, copy: SealedCopy) {
        match copy {
            SealedCopy::Scrubbed => self.close(ChangeState::Closed, None),
            SealedCopy::Kept => {
                // There is one until the calendar ends.
                let keep_until = Timestamp::now().after(KEEP).ok();
                self.leave_until(ChangeState::Delivered, None, keep_until);
            }
        }
    }

    /// Ends the change: nothing of its password is left here.
    pub fn close(mut self, state: ChangeState, error: Option<String>) {
        discard_remains(self.run, &self.change);
        self.leave(state, error);
    }
}

/// Takes away what deliveries of a change left that were cut off.
pub fn discard_remains(run: &Run, change: &PasswordChange) {
    for one in change.destination.each() {
        if let Err(error) = delivery::to(one, run.resources(None)).discard(&change.operation_id) {
            run.warn(format!(
                "what an interrupted delivery left cannot be removed: {error:#}"
            ));
        }
    }
}

/// Ends a change that the server refused, and passes the refusal on. What is not known stays open.
pub fn give_up(open: Option<OpenChange<'_>>, error: anyhow::Error) -> anyhow::Error {
    if let Some(open) = open
        && is_definite(&error)
    {
        open.abort(&error);
    }
    error
}
