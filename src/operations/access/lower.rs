//! Gives a login a lower level instead of the present one, in one transaction: there is no moment without access.

use anyhow::Result;

use crate::domain::access::planner::{GroupAdoption, Planner};
use crate::domain::access::revocation::MembershipState;
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::act::operation::Mode;
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::differences::held_level;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::report::AccessReport;
use crate::operations::access::warnings;
use crate::operations::rehearsal;
use crate::operations::rehearsal::{Script, rehearse};
use crate::run::login_state::{
    Protection, apply, for_people, no_such_role, require_nameable, require_writable, undo,
};
use crate::run::{Done, Run, TargetSession};
use crate::server::access::read_memberships;

/// The level that a login is to have at most.
pub struct LowerAccess<'a> {
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub level: AccessLevel,
    pub rules: &'a AccessRules,
    pub adoption: GroupAdoption,
    pub protection: Protection,
    pub mode: Mode,
}

/// Grants the level, unless the login is in its group, and revokes the memberships in the groups above.
///
/// # Errors
/// Refused, if the login is protected, or has the higher level by other ways too; failed, if a membership cannot be
/// revoked; else as for a grant.
pub fn lower_level(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &LowerAccess<'_>,
    found: &ServerState,
) -> Result<(AccessReport, Done)> {
    let LowerAccess {
        target,
        role,
        level,
        ..
    } = *wanted;
    let held = read(server, wanted)?;
    if let Some(state) = &held.server.role {
        let protection = wanted.protection;
        protection.check(state, &server.admin, &run.settings)?;
    }
    if wanted.mode != Mode::DryRun {
        require_writable(found, target)?;
    }
    if let Some(left) = held.left(&above(level)) {
        let what = format!(
            "role \"{role}\" has access to {} also by other memberships, which would stay: {left}",
            target.name()
        );
        return Err(Failure::refused(what).into());
    }
    let ground = AccessGround::survey(run, server, wanted.rules.clone(), found)?;
    let mut changes = Vec::new();
    let mut warnings = Vec::new();
    let mut report = AccessReport::unchanged(role, target, level);
    report.previous_access = held_level(found).as_str();
    if !has(&held, level) {
        let planner = Planner::new(ground.ground(target, found, wanted.adoption));
        let plan = planner.plan_access(role, level)?;
        warnings.extend(warnings::warnings(run, target, found, &plan)?);
        report.groups.push(group_name(&target.database, level));
        report.default_privileges_of = plan.default_privileges_of;
        changes.extend(plan.changes);
    }
    let judge = ground.judge(&target.database, &held.database);
    let revocation = held.plan_revocation(&above(level), target, &judge)?;
    if revocation.groups.is_empty() {
        let why = revocation.warnings.join("; ");
        let what = format!("nothing can be taken away from \"{role}\": {why}");
        return Err(Failure::refused(what).into());
    }
    report.groups.extend(revocation.groups);
    changes.extend(revocation.changes);
    warnings.extend(revocation.warnings);
    let done = carry_out(run, server, wanted, (&changes, found), &mut report)?;
    report.warnings = warnings;
    report.warnings.extend(server.take_warnings());
    Ok((report, done))
}

/// Runs the changes, rehearses them, or only shows them.
fn carry_out(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &LowerAccess<'_>,
    (changes, found): (&[Change], &ServerState),
    report: &mut AccessReport,
) -> Result<Done> {
    let role = wanted.role;
    let statements = for_people(changes, found.version);
    require_nameable(&statements)?;
    match wanted.mode {
        Mode::DryRun => {
            report.statements = Some(statements);
            Ok(Done::default())
        }
        Mode::Rehearsal => {
            let script = Script::new(wanted.target, changes.to_vec(), vec![role], found);
            let rehearsed = rehearse(run, server, script)?;
            let done = rehearsal::done(&rehearsed);
            report.status = rehearsal::status(&rehearsed);
            report.rehearsal = Some(rehearsed);
            Ok(done)
        }
        Mode::Run => {
            apply(server, changes, found.version)?;
            // From 16 on, REVOKE only warns about a membership that another role granted meanwhile.
            let after = read(server, wanted)?;
            if after.level() > wanted.level {
                let what = format!(
                    "role \"{role}\" still has {} on {}",
                    after.level(),
                    wanted.target.name()
                );
                return Err(Failure::new(Kind::Failed, what).into());
            }
            report.status = Status::AccessLowered;
            Ok(Done {
                status: Status::AccessLowered,
                statements,
                undo: undo(changes, &[role], found.version),
                ..Done::default()
            })
        }
    }
}

fn read(server: &mut TargetSession<'_>, wanted: &LowerAccess<'_>) -> Result<MembershipState> {
    let id = server.operation_id.clone();
    let (role, database) = (wanted.role, &wanted.target.database);
    let found = server
        .read(|connection| read_memberships(connection, role, database, wanted.rules, &id))?;
    if found.server.role.is_none() {
        return Err(no_such_role(server, role, wanted.target));
    }
    Ok(found)
}

fn above(level: AccessLevel) -> Vec<AccessLevel> {
    let higher = GROUP_LEVELS.into_iter().filter(|other| *other > level);
    higher.collect()
}

/// Whether the role itself is in the group of a level, and has its rights.
fn has(held: &MembershipState, level: AccessLevel) -> bool {
    let mut own = held.held.iter();
    own.any(|held| held.level == level && held.inherit)
}
