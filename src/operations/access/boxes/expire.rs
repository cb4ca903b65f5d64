//! `access expire`: ends the grants whose end has come, and reports what happened to others.

use anyhow::{Error, Result};

use crate::domain::act::operation::Operation;
use crate::domain::failure::{Failure, OnTarget};
use crate::domain::target::Target;
use crate::locks::Lock;
use crate::operations::access::boxes::ending::drop_tombstone;
use crate::operations::access::boxes::expired::Expired;
use crate::operations::access::boxes::list::{is_past, unreached};
use crate::operations::access::boxes::reconcile::{Reconciler, note_not_expired};
use crate::operations::access::boxes::survey::{SurveyedTarget, is_on, known_boxes, survey};
use crate::run::Run;
use crate::run::fleet::{JOBS, for_each};
use crate::store::BoxRowState;

/// The lock of a whole run.
const LOCK: &str = "access-expire";

/// Makes this the only run of its registry; `None` if there is another one.
///
/// # Errors
/// If the lock file cannot be created.
pub fn lock(run: &Run) -> Result<Option<Lock>> {
    run.try_lock(LOCK)
}

/// Those of the targets that this machine knows grants of.
///
/// # Errors
/// If the registry cannot be read.
pub fn with_known_boxes(run: &Run, targets: Vec<Target>) -> Result<Vec<Target>> {
    let known = known_boxes(run)?;
    let is_known = |target: &Target| known.iter().any(|row| is_on(row, target));
    Ok(targets.into_iter().filter(is_known).collect())
}

/// The grants whose target is not among all that are enabled: their end cannot be seen to.
///
/// # Errors
/// If the registry cannot be read or written.
pub fn out_of_reach(run: &Run, targets: &[Target]) -> Result<Expired> {
    let mut ended = Expired::default();
    for row in known_boxes(run)? {
        if row.state == BoxRowState::Ended || targets.iter().any(|target| is_on(&row, target)) {
            continue;
        }
        let on = OnTarget {
            env: row.env.clone(),
            database: row.database.clone(),
            message: format!("cannot end the access of \"{}\"", row.username),
        };
        let failure = Failure::not_found("its target is not in the registry, or disabled")
            .hint("list the targets: pgrole registry list");
        let error = Error::from(failure).context(on);
        ended.rows.push(unreached(&row, &error));
        ended.failed.push(error);
    }
    Ok(ended)
}

/// Ends what is due on the targets.
///
/// # Errors
/// If the audit log cannot be written, or the registry read.
pub fn expire_boxes(run: &Run, targets: &[Target]) -> Result<Expired> {
    let sessions = run.keep_sessions(JOBS);
    let surveyed = survey(run, &sessions, targets, Operation::AccessExpireSurvey)?;
    let surveyed = each_once(surveyed);
    let mut ended = Expired::default();
    let settle = |surveyed: &SurveyedTarget<'_>| match &surveyed.found {
        Ok(found) => {
            let reconciler = Reconciler {
                run,
                sessions: &sessions,
                target: surveyed.target,
                found,
            };
            reconciler.reconcile(&surveyed.rows)
        }
        Err(error) => not_reached(run, surveyed, error),
    };
    for_each(&surveyed, JOBS, settle, |_, more| ended.add(more));
    let failed = surveyed
        .into_iter()
        .filter_map(|surveyed| surveyed.found.err());
    ended.failed.extend(failed);
    ended
        .rows
        .sort_by(|one, other| (one.status, &one.ends_at).cmp(&(other.status, &other.ends_at)));
    Ok(ended)
}

/// Two targets may be one database: its grants are those of the target that they were granted on, else of the first.
fn each_once(mut surveyed: Vec<SurveyedTarget<'_>>) -> Vec<SurveyedTarget<'_>> {
    for place in 0..surveyed.len() {
        let (before, rest) = surveyed.split_at_mut(place);
        let Some((own, after)) = rest.split_first_mut() else {
            continue;
        };
        let is_same = |other: &&SurveyedTarget<'_>| {
            other.target.database == own.target.database
                && other.target.is_on_cluster_of(own.target)
        };
        let before = || before.iter().filter(is_same);
        let granted_elsewhere = before().chain(after.iter().filter(is_same));
        let rows = granted_elsewhere.flat_map(|other| &other.rows);
        let mut taken: Vec<_> = rows.map(|row| row.id.role()).collect();
        let seen = before().filter_map(|other| other.found.as_ref().ok());
        taken.extend(seen.flat_map(|found| found.boxes.iter().map(|found| found.name.clone())));
        let kept: Vec<_> = own.rows.iter().map(|row| row.id.role()).collect();
        if let Ok(found) = &mut own.found {
            found
                .boxes
                .retain(|found| kept.contains(&found.name) || !taken.contains(&found.name));
        }
    }
    surveyed
}

fn not_reached(run: &Run, surveyed: &SurveyedTarget<'_>, error: &Error) -> Expired {
    let mut ended = Expired::default();
    let rows = surveyed.rows.iter();
    for row in rows.filter(|row| row.state != BoxRowState::Ended && is_past(row)) {
        let report = unreached(row, error);
        if let Err(error) = note_not_expired(run, surveyed.target, row, &report) {
            ended.failed.push(error);
        }
        ended.rows.push(report);
    }
    ended
}

/// Drops the roles that were kept, once the messages of their ends are sent or queued.
pub fn drop_tombstones(run: &Run, ended: &mut Expired) {
    let sessions = run.keep_sessions(JOBS);
    for (target, id, login) in std::mem::take(&mut ended.tombstones) {
        if let Err(error) = drop_tombstone(run, &sessions, (&target, &id, &login)) {
            ended.failed.push(error);
        }
    }
}
