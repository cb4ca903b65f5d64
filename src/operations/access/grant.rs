//! `access grant`: an existing login gets access to a database, or more than it has.

use anyhow::Result;

use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::{Change, MEMBERSHIP_OPTIONS};
use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::target::Target;
use crate::operations::access::giving::{WantedAccess, give_access};
use crate::operations::access::lasting::held_for_good;
use crate::operations::access::lower::{LowerAccess, lower_level};
use crate::operations::access::report::AccessReport;
use crate::operations::access::warnings;
use crate::operations::rehearsal;
use crate::password::remembered::find_placed;
use crate::run::login_state::{Protection, RACES, lost_race, no_such_role};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::catalog;
use crate::server::statements::{Reader, render};
use crate::server::steady;

/// What becomes of a higher level than the wanted one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lowering {
    /// It would stay, so that nothing is granted.
    Refused,
    /// It is taken away in the same transaction.
    Wanted,
}

/// The access that a login is to have.
pub struct GrantAccess {
    pub target: Target,
    pub role: RoleName,
    /// `None` for the level of the role's profile.
    pub level: Option<AccessLevel>,
    pub rules: AccessRules,
    pub adoption: GroupAdoption,
    pub protection: Protection,
    pub lowering: Lowering,
    pub reason: Option<String>,
    pub mode: Mode,
}

/// Grants the access; does nothing if the login has it.
///
/// # Errors
/// Not found, if there is no such role; usage, if no level is known; refused, if the login has a higher level or is
/// protected; else as for a new login.
pub fn grant_access(run: &Run, wanted: &GrantAccess) -> Result<AccessReport> {
    let cannot = format!("cannot grant access to \"{}\"", wanted.role);
    let act = Act::on(&wanted.target, Operation::AccessGrant, cannot)
        .in_mode(wanted.mode)
        .role(&wanted.role)
        .reason(wanted.reason.as_deref());
    run.audited(&act, &wanted.target, |server| {
        let mut races_left = RACES;
        loop {
            match grant(run, server, wanted) {
                Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
                ended => return ended,
            }
        }
    })
}

fn grant(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &GrantAccess,
) -> Result<(AccessReport, Done)> {
    let (target, role) = (&wanted.target, &wanted.role);
    let encoding = server.encoding();
    encoding.check_name("role name", role.as_str(), &target.name())?;
    encoding.check_name("database name", target.database.as_str(), &target.name())?;
    let level = match wanted.level {
        Some(level) => level,
        None => level_of_profile(run, server, (target, role))?,
    };
    let found = read(server, wanted, level)?;
    let Some(state) = &found.role else {
        return Err(no_such_role(server, role, target));
    };
    refuse_group(state, target)?;
    if state.superuser {
        let mut report = AccessReport::unchanged(role, target, AccessLevel::None);
        report.warnings.push(format!(
            "role \"{role}\" is a superuser, who may do everything without an access group"
        ));
        return Ok((report, Done::default()));
    }
    let held = held_for_good(server, (target, role), &wanted.rules, &found)?;
    if held > level && wanted.lowering == Lowering::Wanted {
        return lower_access(run, server, wanted, (level, &found));
    }
    if held > level {
        return Err(lower(held, wanted, level).into());
    }
    let mut report = AccessReport::unchanged(role, target, held);
    if held < level {
        let protection = wanted.protection;
        protection.check(state, &server.admin, &run.settings)?;
        let access = WantedAccess {
            target,
            role,
            level,
            rules: &wanted.rules,
            adoption: wanted.adoption,
            mode: wanted.mode,
        };
        let given = give_access(run, server, &access, &found)?;
        report.status = given.status;
        report.access = level.as_str();
        report.groups = vec![group_name(&target.database, level)];
        report.default_privileges_of = given.default_privileges_of;
        report.warnings = given.warnings;
        let mut done = Done {
            status: report.status.clone(),
            ..Done::default()
        };
        match wanted.mode {
            Mode::DryRun => report.statements = Some(given.statements),
            Mode::Rehearsal => {
                done = given
                    .rehearsal
                    .as_ref()
                    .map(rehearsal::done)
                    .unwrap_or_default();
                report.rehearsal = given.rehearsal;
            }
            Mode::Run => {
                done.statements = given.statements;
                done.undo = given.undo;
            }
        }
        report
            .warnings
            .extend(later_warnings((target, role), level, &found));
        return Ok((report, done));
    }
    report.warnings = later_warnings((target, role), level, &found);
    Ok((report, Done::default()))
}

/// Grants the level and takes those above it away.
fn lower_access(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &GrantAccess,
    (level, found): (AccessLevel, &ServerState),
) -> Result<(AccessReport, Done)> {
    let lowered = LowerAccess {
        target: &wanted.target,
        role: &wanted.role,
        level,
        rules: &wanted.rules,
        adoption: wanted.adoption,
        protection: wanted.protection,
        mode: wanted.mode,
    };
    let (mut report, done) = lower_level(run, server, &lowered, found)?;
    report
        .warnings
        .extend(later_warnings((&wanted.target, &wanted.role), level, found));
    Ok((report, done))
}

/// What keeps the login from using the access, and what its group has beyond the level.
pub(super) fn later_warnings(
    (target, role): (&Target, &RoleName),
    level: AccessLevel,
    found: &ServerState,
) -> Vec<String> {
    let state = found.role.as_ref();
    let inherits = |state: &RoleState| found.version >= MEMBERSHIP_OPTIONS || state.inherit;
    let mut said = Vec::new();
    if state.is_some_and(|state| !inherits(state)) {
        let mend = Change::AllowInherit(role.clone());
        said.push(format!(
            "role \"{}\" is NOINHERIT, so it has the rights of its access groups only after SET ROLE; to change that: {}",
            role,
            render(&mend, found.version, Reader::Person)
        ));
    }
    if state.is_some_and(|state| !state.login) {
        said.push(format!("role \"{role}\" is NOLOGIN"));
    }
    said.extend(warnings::excess(target, level, found));
    said
}

fn read(
    server: &mut TargetSession<'_>,
    wanted: &GrantAccess,
    level: AccessLevel,
) -> Result<ServerState> {
    let id = server.operation_id.clone();
    let (role, database) = (&wanted.role, &wanted.target.database);
    let question = (level, &wanted.rules);
    server
        .read(|connection| steady::read_access(connection, role.as_str(), database, question, &id))
}

/// The level of the profile that pgrole has on record for the role, else of the one that its comment names.
pub(super) fn level_of_profile(
    run: &Run,
    server: &mut TargetSession<'_>,
    (target, role): (&Target, &RoleName),
) -> Result<AccessLevel> {
    let placed = find_placed(run, target, role)?;
    let mut profile = placed.and_then(|placed| placed.profile);
    if profile.is_none() {
        let found = server.read(|connection| catalog::read_role(connection, role))?;
        let Some(state) = found.role else {
            return Err(no_such_role(server, role, target));
        };
        refuse_group(&state, target)?;
        profile = state.mark().and_then(Mark::into_profile);
    }
    let name_it = on_target(
        "pgrole access grant -e {} -d {} -u {} --level readonly",
        target,
        &[role],
    );
    let Some(profile) = profile else {
        let what = format!("the profile of role \"{role}\" is not known, so no level is");
        return Err(Failure::usage(what)
            .hint(format!("name it: {name_it}"))
            .into());
    };
    let level = run.settings.profile(&profile, &target.env)?.access;
    if level == AccessLevel::None {
        let what = format!("profile \"{profile}\" of role \"{role}\" has no access level");
        return Err(Failure::usage(what)
            .hint(format!("name one: {name_it}"))
            .into());
    }
    Ok(level)
}

/// An access group is no login, and must not be granted to itself.
pub(super) fn refuse_group(role: &RoleState, target: &Target) -> Result<(), Failure> {
    let of_this = GROUP_LEVELS.map(|level| group_name(&target.database, level));
    let is_named_so = of_this.iter().any(|group| group.as_str() == role.name);
    if !is_named_so && !matches!(role.mark(), Some(Mark::Group(_))) {
        return Ok(());
    }
    Err(
        Failure::usage(format!("\"{}\" is an access group, not a login", role.name))
            .hint("to complete the groups of a database: pgrole access prepare -e ENV -d DATABASE"),
    )
}

/// The refusal to grant less than the role has: it would keep what it has.
fn lower(held: AccessLevel, wanted: &GrantAccess, level: AccessLevel) -> Failure {
    let (target, role) = (&wanted.target, &wanted.role);
    let instead = on_target(
        "pgrole access grant -e {} -d {} -u {} --level {} --lower",
        target,
        &[role, &level],
    );
    Failure::refused(format!(
        "role \"{role}\" has {held} on {}, which is more than {level}",
        target.name()
    ))
    .hint(format!("to lower it: {instead}"))
}
