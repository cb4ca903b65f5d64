//! What became of a change that was cut off: what the server stores, what a login says, which history it has.

use std::time::Duration;

use anyhow::Result;

use crate::domain::failure::{Failure, Kind, Phase, phase_of};
use crate::domain::password::change::{ChangeKind, PasswordChange};
use crate::domain::password::scram::Verifier;
use crate::password::OpenChange;
use crate::password::probe::{PasswordProof, Trial};
use crate::run::login_state::require_direct;
use crate::run::{Run, TargetSession};
use crate::server::catalog;
use crate::server::catalog::ChangedRole;

/// How long an orphaned session of ours is waited for after it was told to end.
const ORPHAN_TRIES: u32 = 50;
const ORPHAN_PAUSE: Duration = Duration::from_millis(100);

/// What is in force, as far as it can be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The new password.
    InForce,
    /// What was there before.
    NotApplied,
    /// The role has what it had before, by its verifier: the change can be made after all.
    AsBefore,
    /// Somebody else's.
    Superseded,
    /// Another cluster answers under the target's name.
    OtherCluster,
    /// The server has failed over since, from one timeline to another, and nothing proves what became of the change.
    FailedOver(u32, u32),
    CannotTell,
}

/// Ends the session that sent the change, or made it again, if it is still there: it may commit at any moment.
pub(super) fn end_orphan(server: &mut TargetSession<'_>, change: &PasswordChange) -> Result<()> {
    let id = &change.operation_id;
    for _ in 0..ORPHAN_TRIES {
        let ended = server.read(|connection| catalog::end_sessions_named(connection, id))?;
        require_direct(ended.pooled, &change.target)?;
        if ended.sessions == 0 {
            return Ok(());
        }
        std::thread::sleep(ORPHAN_PAUSE);
    }
    Err(
        Failure::new(Kind::Busy, format!("the session pgrole:{id} does not end"))
            .hint("terminate it on the server, then: pgrole recover run")
            .into(),
    )
}

/// Ends what may still be at work on the change, and looks what is in force.
///
/// # Errors
/// Refused on a standby; busy where a session does not end; where the server cannot be asked.
pub fn find_out(
    run: &Run,
    server: &mut TargetSession<'_>,
    open: &OpenChange<'_>,
) -> Result<Verdict> {
    match look(run, server, open) {
        Err(error) if phase_of(&error) == Some(Phase::Cluster) => Ok(Verdict::OtherCluster),
        found => found,
    }
}

fn look(run: &Run, server: &mut TargetSession<'_>, open: &OpenChange<'_>) -> Result<Verdict> {
    let change = &open.change;
    end_orphan(server, change)?;
    let found = server.read(|connection| {
        catalog::read_changed_role(connection, &change.role, &change.operation_id)
    })?;
    if found.in_recovery {
        return Err(is_a_standby(change).into());
    }
    let verdict = judge(run, open, &found);
    Ok(match (verdict, change.timeline, found.timeline) {
        // What the old primary took may be lost with it, or come back with it.
        (Verdict::NotApplied | Verdict::CannotTell, Some(before), Some(now)) if before != now => {
            Verdict::FailedOver(before, now)
        }
        _ => verdict,
    })
}

/// The error for a server that is a standby by now.
pub(super) fn is_a_standby(change: &PasswordChange) -> Failure {
    Failure::refused(format!(
        "{} is a standby now, which may lag behind the primary",
        change.target.name()
    ))
    .sqlstate("25006")
    .hint("point the registry entry at the primary, or wait, then: pgrole recover run")
}

/// What is in force in this history of the cluster.
fn judge(run: &Run, open: &OpenChange<'_>, found: &ChangedRole) -> Verdict {
    if found.can_login.is_none() {
        // A create that did not commit; a role that was dropped since has no password either.
        return Verdict::NotApplied;
    }
    if let Some(verdict) = by_verifier(open, found) {
        return verdict;
    }
    let trial = Trial {
        change: &open.change,
        password: &open.contents().password,
        limit: run.timeout,
        trace: run.trace.clone(),
        can_login: found.can_login,
    };
    match trial.run() {
        PasswordProof::Proven | PasswordProof::ActsOtherwise(_) => Verdict::InForce,
        // The server refuses the right password too.
        PasswordProof::Refuted if found.expired => Verdict::CannotTell,
        PasswordProof::Refuted => Verdict::NotApplied,
        PasswordProof::CannotTell(_) | PasswordProof::NotLetIn(_) => Verdict::CannotTell,
    }
}

/// What the stored verifier tells, where the admin credential may read it.
fn by_verifier(open: &OpenChange<'_>, found: &ChangedRole) -> Option<Verdict> {
    let stored = found.verifier.as_deref()?;
    let contents = open.contents();
    let previous = contents.previous_verifier.as_ref().map(Verifier::as_str);
    Some(if stored == contents.verifier.as_str() {
        Verdict::InForce
    } else if open.change.kind != ChangeKind::Create && previous == Some(stored) {
        Verdict::AsBefore
    } else {
        Verdict::Superseded
    })
}
