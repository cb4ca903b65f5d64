//! The plan of a run: the roles that are due, and those that are skipped.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::{Span, Timestamp};
use crate::locks::Lock;
use crate::operations::rotate::by_hash;
use crate::operations::rotate::rotation::{Printing, Rotation, UnknownAge};
use crate::operations::rotate::selection::{
    Candidate, ChangedAt, due_before, list_all, list_known, sort,
};
use crate::operations::rotate::survey::{
    SURVEY_JOBS, Survey, find_unknown, is_chosen, warn_of_strangers,
};
use crate::run::{IdleSessions, Run};
use crate::wire::connection::watch_for_interrupts;

/// Anyone who rotates passwords at all does so more often.
const LONG_AGO: Span = Span::days(366);
/// How far the clocks of machines that share a registry may differ.
const TOLERATED: Span = Span::days(1);

/// The roles of a run.
pub struct RotationPlan<'a> {
    /// To be rotated, in rollout order, the oldest password first.
    pub wanted: Vec<Candidate>,
    /// Due, but skipped, because their passwords would go to stdout, which is reserved for failures.
    pub withheld: Vec<Candidate>,
    /// Due, but delivered to several places under several names of their servers, and nobody has chosen one.
    pub undecided: Vec<Candidate>,
    /// Why no role is selected, or some pattern selects none.
    pub missing: Option<Failure>,
    /// Why servers could not be queried.
    pub unasked: Vec<anyhow::Error>,
    /// How many were to be queried.
    pub asked: usize,
    /// Due, but beyond the limit.
    pub(super) beyond_limit: Vec<Candidate>,
    /// Of unknown age, and skipped.
    pub(super) unknown: Vec<Candidate>,
    /// How long the planning took, which counts towards the run's deadline.
    pub(super) took: Duration,
    /// Those over which servers were queried: the roles are changed over them.
    pub(super) sessions: IdleSessions<'a>,
}

/// Determines which roles are due, and queries the servers for those of unknown age. Changes nothing.
///
/// # Errors
/// Busy, if another rotation runs; if the registry cannot be read.
pub fn plan<'a>(run: &'a Run, rotation: &Rotation<'_>) -> Result<RotationPlan<'a>> {
    let started = Instant::now();
    watch_for_interrupts();
    // Not held during a confirmation: a person who hesitates would block cron's run.
    drop(lock(run)?);
    let selection = &rotation.selection;
    let sessions = run.keep_sessions(rotation.jobs.max(SURVEY_JOBS));
    let before = due_before(rotation.older_than, Timestamp::now())?;
    // Before the roles are listed: this determines which targets are one server.
    let Survey {
        mut unknown,
        asked,
        failed: mut unasked,
    } = find_unknown(run, rotation, &sessions)?;
    let mut known = list_all(run)?;
    if rotation.unknown == UnknownAge::Rotate {
        let is_chosen = |candidate: &mut Candidate| is_chosen(candidate, rotation);
        let mut chosen: Vec<_> = unknown.extract_if(.., is_chosen).collect();
        warn_of_strangers(run, &unknown);
        known.append(&mut chosen);
        sort(&mut known, run);
    }
    sort(&mut unknown, run);
    let missing = find_missing(&known, rotation);
    let mut due = known;
    due.retain(|candidate| selection.fits(candidate) && candidate.is_due(before));
    if let Some(hash) = rotation.hash {
        let found = by_hash::find(run, [&due, &unknown], &sessions)?;
        due.retain(|candidate| found.is_stored_as(candidate, hash));
        unknown.retain(|candidate| found.is_stored_as(candidate, hash));
        unasked.extend(found.failed);
    }
    if !due.is_empty() {
        warn_of_leap(run)?;
    }
    for candidate in &due {
        warn_of_future(run, candidate);
    }
    let is_undecided =
        |candidate: &Candidate| rotation.deliver.is_empty() && !candidate.others.is_empty();
    let (undecided, due): (Vec<_>, Vec<_>) = due.into_iter().partition(is_undecided);
    let is_withheld = |candidate: &Candidate| {
        rotation.printing == Printing::Withheld
            && rotation.deliver.is_empty()
            && candidate.deliver.is_stdout()
    };
    let (withheld, mut wanted): (Vec<_>, Vec<_>) = due.into_iter().partition(is_withheld);
    let limit = rotation.limit.unwrap_or(wanted.len()).min(wanted.len());
    let beyond_limit = wanted.split_off(limit);
    Ok(RotationPlan {
        wanted,
        withheld,
        undecided,
        missing,
        unasked,
        asked,
        beyond_limit,
        unknown,
        took: started.elapsed(),
        sessions,
    })
}

/// Whether the selection is empty for a reason other than that nothing is due.
fn find_missing(known: &[Candidate], rotation: &Rotation<'_>) -> Option<Failure> {
    const HINT: &str = "list the roles that are: pgrole rotate status; to add one that was created elsewhere: pgrole rotate adopt -e ENV -d DATABASE -u NAME --deliver WHERE";
    let selection = &rotation.selection;
    if known.is_empty() {
        return Some(Failure::not_found("no role is under rotation").hint(HINT));
    }
    let without = selection.without_any(known);
    if !without.is_empty() {
        let what = format!("no role under rotation matches {}", without.join(", "));
        return Some(Failure::not_found(what).hint(HINT));
    }
    let mut known = known.iter();
    if known.any(|candidate| selection.fits_but_for_exclusion(candidate)) {
        return None;
    }
    Some(Failure::not_found("no role under rotation matches the selection").hint(HINT))
}

fn warn_of_future(run: &Run, candidate: &Candidate) {
    if let ChangedAt::Future(then) = candidate.changed_at {
        run.warn(format!(
            "the registry says that the password of {} was changed at {then}, which is in the future: its age is unknown, and it counts as due",
            candidate.name()
        ));
    }
}

/// A clock that is years ahead makes each password look overdue, and one that is behind lets each time be in the future:
/// before all of them are changed, somebody should know.
fn warn_of_leap(run: &Run) -> Result<()> {
    let Some(last) = run.with_store(|store| store.newest_rotation())? else {
        return Ok(());
    };
    let now = Timestamp::now();
    let what = if last.after(LONG_AGO)? < now {
        "more than a year ago by this machine's clock"
    } else if now.after(TOLERATED)? < last {
        "in the future by this machine's clock"
    } else {
        return Ok(());
    };
    run.warn(format!(
        "the last rotation on record began at {last}, {what}: if the clock is wrong, or was then, so are the ages of the passwords"
    ));
    Ok(())
}

/// The lock that allows one rotation at a time on a registry.
///
/// # Errors
/// Busy, if another holds it.
pub(super) fn lock(run: &Run) -> Result<Lock> {
    let lock = run.try_lock("rotate")?;
    lock.ok_or_else(|| {
        Failure::new(Kind::Busy, "another rotation is running on this registry")
            .hint("try again when it has finished")
            .into()
    })
}

impl RotationPlan<'_> {
    /// All roles that a person is told of.
    pub fn in_rollout_order(&self, run: &Run) -> Vec<&Candidate> {
        let roles = self.undecided.iter().chain(&self.unknown);
        let mut roles: Vec<_> = roles.chain(&self.wanted).collect();
        roles.sort_by_key(|role| run.settings.rollout_rank(role.target.env.as_str()));
        roles
    }

    /// The roles that are due and may be rotated.
    pub(super) fn due(&self) -> impl Iterator<Item = &Candidate> {
        self.wanted.iter().chain(&self.beyond_limit)
    }

    /// Drops the roles whose passwords another run has changed since the plan was made.
    pub(super) fn refresh(&mut self, run: &Run, rotation: &Rotation<'_>) -> Result<()> {
        let known = list_known(run, &rotation.selection)?;
        let is_as_planned = |candidate: &Candidate| {
            let mut same = known.iter().filter(|known| known.is_same_role(candidate));
            same.all(|known| known.changed_at == candidate.changed_at)
        };
        self.wanted.retain(is_as_planned);
        self.beyond_limit.retain(is_as_planned);
        self.undecided.retain(is_as_planned);
        Ok(())
    }
}
