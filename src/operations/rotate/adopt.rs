//! `rotate adopt`: puts a role that was created elsewhere under rotation. This does not change its password.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::report::UserReport;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::user::reset::LogsInByToken;
use crate::password::{DeliveryRoute, preflight};
use crate::run::fleet::is_on;
use crate::run::login_state::{Protection, no_such_role, require_direct, require_writable};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::catalog;
use crate::store::{AdoptedRole, PlacedRole};

/// A role to be rotated from now on.
pub struct RoleAdoption<'a> {
    pub target: Target,
    pub role: RoleName,
    /// Where its next password goes.
    pub route: DeliveryRoute<'a>,
}

/// Records a role as due, with the delivery of its next password.
///
/// # Errors
/// Not found, if there is no such role; refused, if `rotate` would refuse it or another delivery is on record; if the
/// delivery cannot work.
pub fn adopt(run: &Run, wanted: &RoleAdoption<'_>) -> Result<UserReport> {
    let RoleAdoption {
        target,
        role,
        route,
    } = wanted;
    let cannot = format!("cannot put \"{role}\" under rotation");
    let act = Act::on(target, Operation::RotateAdopt, cannot).role(role);
    act.named(target, preflight(run, route, target, role))?;
    if act.named(target, is_placed(run, wanted))? {
        return Ok(report(wanted, Status::Unchanged));
    }
    run.audited(&act, target, |server| {
        let profile = check(run, server, wanted)?;
        let adopted = AdoptedRole {
            username: role.as_str(),
            profile: profile.as_deref(),
            deliver: &route.deliver.to_string(),
            file_format: route.deliver.file_format().as_str(),
        };
        run.with_store(|store| store.adopt_role(target, &adopted, Timestamp::now()))?;
        let done = Done {
            status: Status::RoleAdopted,
            undo: Undo::remark(format!(
                "\"{role}\" stays under rotation; to skip it in a run: {}",
                pasteable("pgrole rotate --exclude {}", &[role])
            )),
            ..Done::default()
        };
        Ok((report(wanted, Status::RoleAdopted), done))
    })
}

/// Whether the role is already under rotation, with this delivery.
fn is_placed(run: &Run, wanted: &RoleAdoption<'_>) -> Result<bool> {
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let is_it = |placed: &&PlacedRole| {
        placed.username == wanted.role.as_str() && is_on(placed, &wanted.target)
    };
    let Some(placed) = placed.iter().find(is_it) else {
        return Ok(false);
    };
    let wanted_deliver = &wanted.route.deliver;
    let deliver = placed.deliver.as_deref().unwrap_or("stdout");
    let is_same_place = deliver == wanted_deliver.to_string();
    if is_same_place && placed.file_format.as_deref() == Some(wanted_deliver.file_format().as_str())
    {
        return Ok(true);
    }
    let what = format!("it is already under rotation, and its password goes to {deliver}");
    Err(Failure::refused(what)
        .hint(format!(
            "to deliver its next password elsewhere: {}",
            pasteable(
                "pgrole rotate -u {} --any-age --deliver WHERE",
                &[&wanted.role]
            )
        ))
        .into())
}

/// Refuses what `rotate` would refuse; returns the profile in the role's mark.
fn check(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &RoleAdoption<'_>,
) -> Result<Option<String>> {
    let RoleAdoption { target, role, .. } = wanted;
    let id = server.operation_id.clone();
    let found = server.read(|connection| catalog::read_password(connection, role, &id))?;
    require_writable(&found, target)?;
    require_direct(found.pooled, target)?;
    let Some(state) = &found.role else {
        return Err(no_such_role(server, role, target));
    };
    Protection::Respected
        .check(state, &server.admin, &run.settings)
        .map_err(|failure| failure.hint("rotate skips such roles"))?;
    if let Some(group) = &found.token_group {
        let what = format!("role \"{role}\" is a member of {group}");
        return Err(Failure::refused(what).caused_by(LogsInByToken).into());
    }
    Ok(profile(state))
}

fn profile(state: &RoleState) -> Option<String> {
    state.mark().and_then(Mark::into_profile)
}

fn report(wanted: &RoleAdoption<'_>, status: Status) -> UserReport {
    let mut report = UserReport::new(wanted.role.as_str(), status, &wanted.target);
    report.deliver = Some(wanted.route.deliver.to_string());
    report
}
