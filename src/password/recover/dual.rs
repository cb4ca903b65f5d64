//! How a change of dual logins ends that was cut off: the comment on their owner tells how far it came.

use anyhow::Result;

use crate::domain::password::change::ChangeState;
use crate::domain::timestamp::Timestamp;
use crate::password::OpenChange;
use crate::password::dual::{Standing, standing};
use crate::password::probe::PasswordProof;
use crate::password::recover::verdict::{end_orphan, is_a_standby};
use crate::run::{Run, TargetSession};
use crate::server::catalog;
use crate::server::duals::read_dual;
use crate::store::JournalRow;

/// What was found.
pub enum Settled {
    Ended(ChangeState),
    /// The server has failed over since, from one timeline to another, and has not what the journal has.
    FailedOver(u32, u32),
}

/// Ends what may still be at work on the change, finds out how far it came, and sees to it that the password is in force.
///
/// # Errors
/// Refused on a standby, or where the login is not good for delivery; busy where a session does not end; where the server
/// cannot be asked.
pub fn settle(
    run: &Run,
    server: &mut TargetSession<'_>,
    open: &mut OpenChange<'_>,
    row: &JournalRow,
    was_applied: bool,
) -> Result<Settled> {
    let change = open.change.clone();
    end_orphan(server, &change)?;
    let found = server.read(|connection| {
        catalog::read_changed_role(connection, change.login(), &change.operation_id)
    })?;
    if found.in_recovery {
        return Err(is_a_standby(&change).into());
    }
    let state = server.read(|connection| read_dual(connection, &change.role))?;
    let mark = state.mark(&change.role).ok();
    match standing(mark.as_ref(), &change.operation_id) {
        Standing::NotOurs => Ok(match (change.timeline, found.timeline) {
            (Some(before), Some(now)) if before != now => Settled::FailedOver(before, now),
            _ if was_applied => Settled::Ended(ChangeState::Superseded),
            _ => Settled::Ended(ChangeState::Aborted),
        }),
        // What was only printed may be asked for again.
        Standing::Switched if row.state == ChangeState::Delivered => {
            Ok(Settled::Ended(ChangeState::Applied))
        }
        Standing::Switched => {
            run.with_store(|store| store.note_switched(&change, Timestamp::now()))?;
            open.note_state(server)?;
            Ok(Settled::Ended(ChangeState::Closed))
        }
        Standing::Incoming => {
            if !was_applied {
                open.applied()?;
            }
            let mut proof = open.try_password(run.timeout);
            if proof == PasswordProof::Refuted {
                open.admit_again(server)?;
                proof = open.try_password(run.timeout);
            }
            open.accept(server, proof)?;
            Ok(Settled::Ended(ChangeState::Applied))
        }
    }
}
