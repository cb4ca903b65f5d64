//! What a run is going to do, before it does anything: the roles that are due, and those that are left.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Timestamp;
use crate::operations::lock::Lock;
use crate::operations::rotate::selection::{Candidate, due_before, list_known, sort};
use crate::operations::rotate::survey::find_unknown;
use crate::operations::rotate::{Rotation, UnknownAge};
use crate::operations::session::Session;
use crate::server::connection::watch_for_interrupts;

/// The roles of a run.
#[derive(Debug)]
pub struct Plan {
    /// These are rotated, in rollout order, the oldest password first.
    pub wanted: Vec<Candidate>,
    /// Due, but beyond the limit.
    pub(super) beyond_limit: Vec<Candidate>,
    /// Of unknown age, and left alone.
    pub(super) unknown: Vec<Candidate>,
    /// How long it took to find this out, which the run's deadline counts.
    pub(super) took: Duration,
}

/// Finds out which roles are due, and asks the servers for those of unknown age. Changes nothing.
///
/// # Errors
/// Busy, where a rotation runs; where the registry cannot be read.
pub fn plan(session: &Session, rotation: &Rotation<'_>) -> Result<Plan> {
    let started = Instant::now();
    watch_for_interrupts();
    // Not held while a question is open: a person who thinks about it would keep cron's run from its work.
    drop(lock(session)?);
    let before = due_before(rotation.older_than, Timestamp::now())?;
    let mut due = list_known(session, &rotation.selection)?;
    due.retain(|candidate| candidate.is_due(before.as_deref()));
    let mut unknown = find_unknown(session, &rotation.selection)?;
    if rotation.unknown == UnknownAge::Rotate {
        due.append(&mut unknown);
        sort(&mut due, session);
    }
    let limit = rotation.limit.unwrap_or(due.len()).min(due.len());
    let beyond_limit = due.split_off(limit);
    Ok(Plan {
        wanted: due,
        beyond_limit,
        unknown,
        took: started.elapsed(),
    })
}

/// The lock of the one rotation that may run on a registry.
///
/// # Errors
/// Busy, where another holds it.
pub(super) fn lock(session: &Session) -> Result<Lock> {
    let lock = session.try_lock("rotate")?;
    lock.ok_or_else(|| {
        Failure::new(Kind::Busy, "another rotation is running on this registry")
            .hint("try again when it has ended")
            .into()
    })
}

impl Plan {
    /// How many roles are due.
    pub(super) fn due(&self) -> impl Iterator<Item = &Candidate> {
        self.wanted.iter().chain(&self.beyond_limit)
    }

    /// Drops the roles whose passwords another run has changed since the plan was made.
    pub(super) fn refresh(&mut self, session: &Session, rotation: &Rotation<'_>) -> Result<()> {
        let known = list_known(session, &rotation.selection)?;
        let is_as_planned = |candidate: &Candidate| {
            let mut same = known.iter().filter(|known| known.is_same_role(candidate));
            same.all(|known| known.changed_at == candidate.changed_at)
        };
        self.wanted.retain(is_as_planned);
        self.beyond_limit.retain(is_as_planned);
        Ok(())
    }
}
