//! What a rotation does before it changes any password: it retires the outgoing ones of dual logins that are due.

use anyhow::Result;

use crate::domain::act::operation::Mode;
use crate::domain::command_line::on_target;
use crate::domain::timestamp::Timestamp;
use crate::operations::rotate::rotation::{RetirementRule, RoleOutcome, Rotation};
use crate::operations::rotate::selection::{Candidate, list_known};
use crate::operations::user::dual::retire::{Ending, retire_due};
use crate::run::{IdleSessions, Run};
use crate::store::DualRecord;

/// Retires what is due by what is on record, and by the servers' clocks. What cannot be is a warning: both logins stay
/// valid, and the next run tries again.
///
/// # Errors
/// If the registry cannot be read.
pub fn retire_all(
    run: &Run,
    rotation: &Rotation<'_>,
    sessions: &IdleSessions<'_>,
    take: &mut impl FnMut(&Candidate, RoleOutcome),
) -> Result<()> {
    let duals = run.with_store(|store| store.list_duals())?;
    let is_forced = rotation.retirement == RetirementRule::Now;
    let now = Timestamp::now();
    let is_due = |dual: &&DualRecord| {
        let is_over = dual.retire_at.is_some_and(|retire_at| retire_at <= now);
        dual.outgoing.is_some() && (is_forced || is_over)
    };
    let due: Vec<_> = duals.iter().filter(is_due).collect();
    if due.is_empty() {
        return Ok(());
    }
    for candidate in list_known(run, &rotation.selection)? {
        let cluster_id = candidate.target.cluster_id.as_deref();
        let is_its = |dual: &&&DualRecord| {
            dual.username == candidate.role.as_str() && cluster_id == Some(&dual.cluster_id)
        };
        if !due.iter().any(|dual| is_its(&dual)) {
            continue;
        }
        if rotation.mode != Mode::Run {
            take(
                &candidate,
                RoleOutcome::LeftAlone("its outgoing login is due to be retired"),
            );
            continue;
        }
        let owner = (&candidate.target, &candidate.role);
        match retire_due(run, sessions, owner, is_forced) {
            Ok(Ending::Retired(_)) => take(&candidate, RoleOutcome::Retired),
            Ok(Ending::HeldBack(warning)) => {
                run.warn_once(warning);
            }
            Ok(Ending::Nothing | Ending::NotDue) => {}
            Err(error) => run.warn(format!(
                "the outgoing login of {} is not retired yet: {error:#}; try again: {}",
                candidate.name(),
                on_target(
                    "pgrole rotate -e {} -d {} -u {}",
                    &candidate.target,
                    &[&candidate.role]
                )
            )),
        }
    }
    Ok(())
}
