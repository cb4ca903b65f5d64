//! `user lock`: no new logins first, then the sessions are ended, then it is looked whether any is left.

pub mod dual;
mod report;
mod request;
pub mod sessions;

use anyhow::{Context, Result};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, sqlstate_of};
use crate::domain::password::change::name_of_role_lock;
use crate::domain::role::RoleName;
use crate::domain::role::activity::Activity;
use crate::domain::timestamp::Timestamp;
use crate::operations::rehearsal;
use crate::operations::rehearsal::{Script, rehearse};
use crate::run::login_state::{apply, for_people, lost_race, no_such_role, require_writable, undo};
use crate::run::{Act, Done, Run, TargetSession};
use crate::store::LockedRole;

pub use report::LockReport;
pub use request::{LockRole, MemberSessions};

/// Locks a role, and ends its sessions.
///
/// # Errors
/// Not found, if there is no such role; refused for the admin credential itself, a protected role, or a standby; the
/// server's error.
pub fn lock_role(run: &Run, wanted: &LockRole<'_>) -> Result<LockReport> {
    let cannot = format!("cannot lock \"{}\"", wanted.role);
    let act = Act::on(wanted.target, Operation::UserLock, cannot)
        .in_mode(wanted.mode)
        .role(wanted.role)
        .reason(wanted.reason);
    run.audited(&act, wanted.target, |server| lock(run, server, wanted))
}

fn lock(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &LockRole<'_>,
) -> Result<(LockReport, Done)> {
    let (role, target) = (wanted.role, wanted.target);
    server
        .encoding()
        .check_name("role name", role.as_str(), &target.name())?;
    let found = dual::read(server, role)?;
    let (Some(state), Some(oid)) = (&found.server.role, found.oid) else {
        return Err(no_such_role(server, role, target));
    };
    refuse_own(role, server, &found)?;
    wanted
        .protection
        .check(state, &server.admin, &run.settings)?;
    require_writable(&found.server, target)?;
    let mut report = LockReport::new(wanted, &found);
    let version = found.server.version;
    let mut changes: Vec<_> = state.login.then(|| no_login(role)).into_iter().collect();
    changes.extend(dual::forbidding(server, &found, role)?);
    let mut statements = for_people(&changes, version);
    if wanted.mode == Mode::DryRun {
        let ending = sessions::ending(&found, wanted)?;
        statements.extend(for_people(&ending, version));
        report.statements = Some(statements);
        report.warn(role);
        return Ok((report, Done::default()));
    }
    if wanted.mode == Mode::Rehearsal {
        return try_out(run, server, (&found, wanted, changes), report);
    }
    if !changes.is_empty() {
        report.status = Status::UserLocked;
        let forbidden = forbid_login(run, server, wanted, oid, (&changes, version));
        if forbidden.as_ref().is_err_and(lost_race) {
            return Err(no_such_role(server, role, target));
        }
        forbidden?;
    }
    let ended = sessions::end_all(server, wanted, found).with_context(|| {
        format!("\"{role}\" cannot log in any more, but it is not known whether its sessions ended")
    })?;
    report.warnings.extend(ended.refused);
    report.warnings.extend(server.take_warnings());
    statements.extend(ended.statements);
    report.sessions_ended = ended.ended;
    report.sessions_left = ended.left;
    report.member_sessions = ended.of_members;
    report.warn(role);
    let done = Done {
        status: report.status.clone(),
        undo: undo(&changes, &[role], version),
        statements,
        ..Done::default()
    };
    Ok((report, done))
}

/// Rehearses what keeps the role out. Its sessions would end at once, whatever becomes of the transaction.
fn try_out(
    run: &Run,
    server: &mut TargetSession<'_>,
    (found, wanted, changes): (&Activity, &LockRole<'_>, Vec<Change>),
    mut report: LockReport,
) -> Result<(LockReport, Done)> {
    let role = wanted.role;
    let mut done = Done::default();
    if !changes.is_empty() {
        let script = Script::new(wanted.target, changes, vec![role], &found.server);
        let mut rehearsal = rehearse(run, server, script)?;
        rehearsal.not_rehearsed.push("the end of its sessions");
        report.status = rehearsal::status(&rehearsal);
        done = rehearsal::done(&rehearsal);
        report.rehearsal = Some(rehearsal);
    }
    let sessions = found.server.sessions;
    if sessions > 0 {
        let what = format!("its sessions would be ended: {sessions}");
        report.warnings.push(what);
    }
    report.warn(role);
    Ok((report, done))
}

fn no_login(role: &RoleName) -> Change {
    Change::SetLogin {
        role: role.clone(),
        can_login: false,
    }
}

/// Nobody could undo it with the same credential.
fn refuse_own(
    role: &RoleName,
    server: &TargetSession<'_>,
    found: &Activity,
) -> Result<(), Failure> {
    let is_own = role.as_str() == server.admin || *role == found.reach.admin;
    if !is_own {
        return Ok(());
    }
    Err(
        Failure::refused(format!("\"{role}\" is the admin credential itself"))
            .hint("use another admin credential: pgrole credential set -e ENV -U ROLE"),
    )
}

/// On record before it is done: what was before is known whatever ends the run.
fn forbid_login(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &LockRole<'_>,
    oid: u32,
    (changes, version): (&[Change], u32),
) -> Result<()> {
    let role = wanted.role;
    let cluster_id = run.cluster_id_of(wanted.target)?;
    let _lock = run.lock(&name_of_role_lock(&cluster_id, role))?;
    let locked = LockedRole {
        cluster_id: cluster_id.clone(),
        username: role.to_string(),
        oid,
        could_login: true,
    };
    let id = server.operation_id.clone();
    let before = run.with_store(|store| store.find_locked(&cluster_id, role))?;
    run.with_store(|store| store.note_locked(&locked, &id, Timestamp::now()))?;
    let result = apply(server, changes, version);
    // The server refused: nothing is locked.
    if let Err(error) = &result
        && before.is_none()
        && sqlstate_of(error).is_some()
    {
        run.with_store(|store| store.forget_locked(&cluster_id, role))?;
    }
    result
}
