//! `user unlock`: gives a role that pgrole locked the state back that it had, and nothing else.

use anyhow::Result;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, sqlstate_of};
use crate::domain::password::change::name_of_role_lock;
use crate::domain::role::RoleName;
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::lock::dual;
use crate::run::login_state::{
    Protection, apply, for_people, lost_race, no_such_role, require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::activity::read_activity;
use crate::store::LockedRole;

/// A role to unlock.
pub struct UnlockRole<'a> {
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub protection: Protection,
    pub reason: Option<&'a str>,
    pub mode: Mode,
}

/// Unlocks a role that pgrole locked; does nothing if it can log in.
///
/// # Errors
/// Not found, if there is no such role; refused, if pgrole did not lock it, or another role has its name now.
pub fn unlock_role(run: &Run, wanted: &UnlockRole<'_>) -> Result<UserReport> {
    let cannot = format!("cannot unlock \"{}\"", wanted.role);
    let act = Act::on(wanted.target, Operation::UserUnlock, cannot)
        .in_mode(wanted.mode)
        .role(wanted.role)
        .reason(wanted.reason);
    run.audited(&act, wanted.target, |server| unlock(run, server, wanted))
}

fn unlock(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &UnlockRole<'_>,
) -> Result<(UserReport, Done)> {
    let (role, target) = (wanted.role, wanted.target);
    server
        .encoding()
        .check_name("role name", role.as_str(), &target.name())?;
    let found = server.read(|connection| read_activity(connection, role))?;
    let (Some(state), Some(oid)) = (&found.server.role, found.oid) else {
        return Err(no_such_role(server, role, target));
    };
    wanted
        .protection
        .check(state, &server.admin, &run.settings)?;
    require_writable(&found.server, target)?;
    let cluster_id = run.cluster_id_of(target)?;
    let _lock = run.lock(&name_of_role_lock(&cluster_id, role))?;
    let locked = run.with_store(|store| store.find_locked(&cluster_id, role))?;
    let mut report = UserReport::new(role.as_str(), Status::Unchanged, target);
    let mut done = Done::default();
    let allowing = if dual::logins_of(&found, role).is_empty() {
        let allow = || Change::SetLogin {
            role: role.clone(),
            can_login: true,
        };
        (!state.login).then(allow).into_iter().collect()
    } else {
        dual::allowing(server, role)?
    };
    if !allowing.is_empty() {
        require_locked(role, oid, locked.as_ref())?;
        let mut changes = vec![Change::RequireRole {
            role: role.clone(),
            oid,
        }];
        changes.extend(allowing);
        let version = found.server.version;
        let statements = for_people(&changes[1..], version);
        if wanted.mode == Mode::DryRun {
            report.statements = Some(statements);
            return Ok((report, done));
        }
        if wanted.mode == Mode::Rehearsal {
            let script = Script::new(target, changes.clone(), vec![role], &found.server);
            return rehearse_role(run, server, script, report);
        }
        match apply(server, &changes, version) {
            // The name is nobody's any more, or another's.
            Err(error) if sqlstate_of(&error) == Some("22012") || lost_race(&error) => {
                return Err(no_such_role(server, role, target));
            }
            applied => applied?,
        }
        report.warnings.extend(server.take_warnings());
        report.status = Status::UserUnlocked;
        done.statements = statements;
        done.undo = undo(&changes, &[role], version);
    }
    if locked.is_some() && wanted.mode == Mode::Run {
        run.with_store(|store| store.forget_locked(&cluster_id, role))?;
    }
    done.status.clone_from(&report.status);
    Ok((report, done))
}

/// A role that never could log in, such as a group, must not become a login.
fn require_locked(role: &RoleName, oid: u32, locked: Option<&LockedRole>) -> Result<(), Failure> {
    let why = match locked {
        Some(locked) if locked.oid != oid => {
            format!("\"{role}\" is not the role that was locked, but a new one of its name")
        }
        Some(locked) if locked.could_login => return Ok(()),
        Some(_) | None => format!(
            "\"{role}\" was not locked by pgrole: it is not known whether it ever could log in"
        ),
    };
    Err(Failure::refused(why).hint(format!(
        "if it is to be a login: ALTER ROLE \"{role}\" LOGIN"
    )))
}
