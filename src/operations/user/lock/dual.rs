//! The logins of an owner are locked and unlocked as one: none of them logs in, and those that may log in by the owner's
//! comment get that back.

use anyhow::Result;

use crate::domain::act::plan::Change;
use crate::domain::role::RoleName;
use crate::domain::role::activity::Activity;
use crate::domain::role::dual_mark::login_names;
use crate::domain::role::dual_state::DualState;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::run::TargetSession;
use crate::server::activity::read_activity;
use crate::server::duals::read_dual;

/// The logins of a role that has two; none of another.
pub fn logins_of(found: &Activity, role: &RoleName) -> Vec<RoleName> {
    let mark = found.server.role.as_ref().and_then(RoleState::mark);
    match mark {
        Some(Mark::Dual(_)) => login_names(role).to_vec(),
        _ => Vec::new(),
    }
}

/// Reads what a role does; the sessions of its logins are its own.
///
/// # Errors
/// If the server cannot be queried.
pub fn read(server: &mut TargetSession<'_>, role: &RoleName) -> Result<Activity> {
    let mut found = server.read(|connection| read_activity(connection, role))?;
    let logins = logins_of(&found, role);
    let is_own = |username: &Option<String>| {
        let username = username.as_deref();
        logins.iter().any(|login| username == Some(login.as_str()))
    };
    let (own, others): (Vec<_>, Vec<_>) = std::mem::take(&mut found.of_members)
        .into_iter()
        .partition(|session| is_own(&session.username));
    found.running.extend(own);
    found.of_members = others;
    Ok(found)
}

/// The changes that keep a role's logins from logging in.
///
/// # Errors
/// If the server cannot be queried.
pub fn forbidding(
    server: &mut TargetSession<'_>,
    found: &Activity,
    role: &RoleName,
) -> Result<Vec<Change>> {
    let logins = logins_of(found, role);
    if logins.is_empty() {
        return Ok(Vec::new());
    }
    let state = server.read(|connection| read_dual(connection, role))?;
    let may = state
        .roles
        .iter()
        .filter(|one| one.login && one.name != *role);
    Ok(may.map(|one| set_login(&one.name, false)).collect())
}

/// The changes that let those log in again that may by the owner's comment.
///
/// # Errors
/// If the comment is not that of an owner; if the server cannot be queried.
pub fn allowing(server: &mut TargetSession<'_>, role: &RoleName) -> Result<Vec<Change>> {
    let state: DualState = server.read(|connection| read_dual(connection, role))?;
    let mark = state.mark(role)?;
    let admitted = mark.admitted().into_iter().map(|login| login.name(role));
    let locked = admitted.filter(|name| state.role(name).is_some_and(|one| !one.login));
    Ok(locked.map(|name| set_login(&name, true)).collect())
}

fn set_login(role: &RoleName, can_login: bool) -> Change {
    Change::SetLogin {
        role: role.clone(),
        can_login,
    }
}
