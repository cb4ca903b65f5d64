//! `user set`: connection limit, end and profile of a login that exists.

use anyhow::Result;

use crate::domain::access::planner::{GroupAdoption, Planner};
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::{Change, LoginAttributes, Plan};
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::differences::held_level;
use crate::domain::role::dual_state::refuse_dual;
use crate::domain::role::mark::Mark;
use crate::domain::role::profile::Profile;
use crate::domain::role::report::{ChangedAttribute, RoleDescription, UserReport};
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::role::term::Term;
use crate::domain::settings::Limit;
use crate::domain::target::Target;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings;
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::new_end::{EndingLogin, NewEnd};
use crate::run::login_state::{
    Protection, apply, for_people, no_such_role, require_nameable, require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::catalog;
use crate::server::steady;
use crate::store::PlacedRole;

/// What is to be so about a login; what is `None` stays as it is.
pub struct SetUser {
    pub target: Target,
    pub role: RoleName,
    pub connection_limit: Option<Limit>,
    pub term: Option<Term>,
    /// Its access is raised to that of the profile, and never lowered.
    pub profile: Option<Profile>,
    pub rules: AccessRules,
    pub adoption: GroupAdoption,
    /// The registry's record of it.
    pub placed: Option<PlacedRole>,
    pub protection: Protection,
    pub mode: Mode,
}

/// Changes what differs; does nothing if nothing does.
///
/// # Errors
/// Not found, if there is no such role; refused, if it is protected; the server's error.
pub fn set_user(run: &Run, wanted: &SetUser) -> Result<UserReport> {
    let cannot = format!("cannot change \"{}\"", wanted.role);
    let profile = wanted.profile.as_ref();
    let act = Act::on(&wanted.target, Operation::UserSet, cannot)
        .in_mode(wanted.mode)
        .role(&wanted.role)
        .profile(profile.map(|profile| profile.name.as_str()));
    run.audited(&act, &wanted.target, |server| set(run, server, wanted))
}

/// What has to change on the server, and what is said about it.
struct Planned {
    plan: Plan,
    changed: Vec<ChangedAttribute>,
    end: Option<NewEnd>,
    after: RoleState,
}

fn set(run: &Run, server: &mut TargetSession<'_>, wanted: &SetUser) -> Result<(UserReport, Done)> {
    let SetUser { target, role, .. } = wanted;
    let encoding = server.encoding();
    encoding.check_name("role name", role.as_str(), &target.name())?;
    if let Some(profile) = &wanted.profile {
        encoding.check_name("profile name", &profile.name, &target.name())?;
    }
    let found = read(server, wanted)?;
    let Some(state) = found.role.clone() else {
        return Err(no_such_role(server, role, target));
    };
    if matches!(state.mark(), Some(Mark::Group(_))) {
        let what = format!("\"{role}\" is an access group, not a login");
        return Err(Failure::usage(what).into());
    }
    refuse_dual(role.as_str(), state.comment.as_deref())?;
    let planned = plan(run, server, wanted, (&found, &state))?;
    let mut report = UserReport::new(role.as_str(), Status::Unchanged, target);
    report.warnings = warn(run, wanted, (&found, &state), &planned)?;
    report
        .default_privileges_of
        .clone_from(&planned.plan.default_privileges_of);
    report.changed = Some(planned.changed.clone());
    let mut done = Done::default();
    if planned.changed.is_empty() {
        report.found = Some(RoleDescription::from(state));
        return Ok((report, done));
    }
    wanted
        .protection
        .check(&state, &server.admin, &run.settings)?;
    require_writable(&found, target)?;
    report.found = Some(RoleDescription::from(planned.after.clone()));
    let changes = &planned.plan.changes;
    let statements = for_people(changes, found.version);
    require_nameable(&statements)?;
    if wanted.mode == Mode::DryRun {
        report.statements = Some(statements);
        return Ok((report, done));
    }
    if wanted.mode == Mode::Rehearsal {
        let script = Script::new(target, changes.clone(), vec![role], &found);
        return rehearse_role(run, server, script, report);
    }
    if !changes.is_empty() {
        apply(server, changes, found.version)?;
        report.warnings.extend(server.take_warnings());
    }
    record(run, wanted)?;
    report.status = Status::UserChanged;
    done.status = Status::UserChanged;
    done.undo = way_back(wanted, &planned, found.version);
    done.statements = statements;
    Ok((report, done))
}

fn read(server: &mut TargetSession<'_>, wanted: &SetUser) -> Result<ServerState> {
    let SetUser { target, role, .. } = wanted;
    let id = server.operation_id.clone();
    let level = wanted.profile.as_ref().map(|profile| profile.access);
    server.read(|connection| match level {
        None | Some(AccessLevel::None) => catalog::read_role(connection, role),
        Some(level) => {
            let question = (level, &wanted.rules);
            steady::read_access(connection, role.as_str(), &target.database, question, &id)
        }
    })
}

fn plan(
    run: &Run,
    server: &TargetSession<'_>,
    wanted: &SetUser,
    (found, state): (&ServerState, &RoleState),
) -> Result<Planned> {
    let mut changed = Vec::new();
    let mut plan = access(run, server, wanted, (found, state), &mut changed)?;
    let mut after = state.clone();
    after.member_of = member_of_after(&plan, &wanted.role, state);
    let ending = EndingLogin {
        target: &wanted.target,
        state,
        placed: wanted.placed.as_ref(),
    };
    let end = wanted
        .term
        .map(|term| ending.new_end(term, &mut changed))
        .transpose()?;
    let attributes = attributes(wanted, state, end.as_ref(), &mut changed);
    after.connection_limit = attributes
        .connection_limit
        .unwrap_or(state.connection_limit);
    after.createdb = attributes.createdb.unwrap_or(state.createdb);
    after.createrole = attributes.createrole.unwrap_or(state.createrole);
    if let Some(end) = &end {
        after.valid_until.clone_from(&end.shown);
    }
    if !attributes.is_empty() {
        plan.changes.push(Change::AlterLogin {
            role: wanted.role.clone(),
            previous: previous(&attributes, state),
            attributes,
        });
    }
    if let Some(profile) = &wanted.profile {
        let mark = Mark::Profile(profile.name.clone());
        after.comment = Some(mark.to_string());
        if state.mark().as_ref() != Some(&mark) {
            let before = match state.mark() {
                Some(Mark::Profile(name)) => name,
                _ => "none".to_owned(),
            };
            changed.push(ChangedAttribute {
                what: "profile",
                before,
                after: profile.name.clone(),
            });
            plan.changes.push(Change::Comment {
                role: wanted.role.clone(),
                mark,
                previous: state.comment.clone(),
            });
        }
    }
    Ok(Planned {
        plan,
        changed,
        end,
        after,
    })
}

/// The roles it is a member of once the plan is carried out.
fn member_of_after(plan: &Plan, role: &RoleName, state: &RoleState) -> Vec<String> {
    let granted = plan.changes.iter().filter_map(|change| match change {
        Change::GrantMembership { group, member, .. } if member == role => Some(group.to_string()),
        _ => None,
    });
    let mut member_of: Vec<_> = state.member_of.iter().cloned().chain(granted).collect();
    member_of.sort();
    member_of.dedup();
    member_of
}

/// Raises the access to that of the profile.
fn access(
    run: &Run,
    server: &TargetSession<'_>,
    wanted: &SetUser,
    (found, state): (&ServerState, &RoleState),
    changed: &mut Vec<ChangedAttribute>,
) -> Result<Plan> {
    let Some(profile) = &wanted.profile else {
        return Ok(Plan::default());
    };
    let held = held_level(found);
    if held >= profile.access || state.superuser {
        return Ok(Plan::default());
    }
    let ground = AccessGround::survey(run, server, wanted.rules.clone(), found)?;
    let planner = Planner::new(ground.ground(&wanted.target, found, wanted.adoption));
    changed.push(ChangedAttribute {
        what: "access",
        before: held.to_string(),
        after: profile.access.to_string(),
    });
    Ok(planner.plan_access(&wanted.role, profile.access)?)
}

fn attributes(
    wanted: &SetUser,
    state: &RoleState,
    end: Option<&NewEnd>,
    changed: &mut Vec<ChangedAttribute>,
) -> LoginAttributes {
    let profile = wanted.profile.as_ref();
    let limit = wanted
        .connection_limit
        .or(profile.map(|profile| Limit(profile.connection_limit)));
    // -1 means no limit in PostgreSQL; what is beyond its type was refused before.
    let limit =
        limit.map(|Limit(limit)| limit.map_or(-1, |limit| limit.try_into().unwrap_or(i32::MAX)));
    let limit = limit.filter(|limit| *limit != state.connection_limit);
    let text = |limit: i32| match limit {
        -1 => "none".to_owned(),
        limit => limit.to_string(),
    };
    changed.extend(limit.map(|limit| ChangedAttribute {
        what: "connection_limit",
        before: text(state.connection_limit),
        after: text(limit),
    }));
    let mut flag = |what: &'static str, wanted: Option<bool>, held: bool| {
        let wanted = wanted.filter(|wanted| *wanted != held)?;
        let word = |is_set: bool| if is_set { "yes" } else { "no" }.to_owned();
        changed.push(ChangedAttribute {
            what,
            before: word(held),
            after: word(wanted),
        });
        Some(wanted)
    };
    let createdb = flag("createdb", profile.map(|it| it.createdb), state.createdb);
    let createrole = flag(
        "createrole",
        profile.map(|it| it.createrole),
        state.createrole,
    );
    LoginAttributes {
        connection_limit: limit,
        valid_until: end.and_then(|end| end.valid_until.clone()),
        createdb,
        createrole,
    }
}

/// What the attributes replace.
fn previous(attributes: &LoginAttributes, state: &RoleState) -> LoginAttributes {
    LoginAttributes {
        connection_limit: attributes.connection_limit.map(|_| state.connection_limit),
        valid_until: match (&attributes.valid_until, &state.valid_until) {
            (Some(_), None) if state.expired => Some("-infinity".to_owned()),
            (Some(_), until) => until.clone(),
            (None, _) => None,
        },
        createdb: attributes.createdb.map(|_| state.createdb),
        createrole: attributes.createrole.map(|_| state.createrole),
    }
}

/// The registry follows: rotations go by its term and profile.
fn record(run: &Run, wanted: &SetUser) -> Result<()> {
    let Some(placed) = &wanted.placed else {
        return Ok(());
    };
    let term = wanted.term.map(|term| term.to_string());
    let profile = wanted.profile.as_ref().map(|profile| profile.name.as_str());
    run.with_store(|store| {
        let key = (placed.cluster_id.as_str(), placed.username.as_str());
        store.set_terms(key, term.as_deref(), profile)
    })
}

fn way_back(wanted: &SetUser, planned: &Planned, version: u32) -> Undo {
    let mut undo = undo(&planned.plan.changes, &[&wanted.role], version);
    let recorded = planned.changed.iter();
    for one in recorded.filter(|one| one.what == "term" || one.what == "profile") {
        if wanted.placed.is_some() {
            undo.add_remark(format!(
                "pgrole has its {} on record as \"{}\", and no statement changes that back to \"{}\"",
                one.what, one.after, one.before
            ));
        }
    }
    if planned.end.as_ref().is_some_and(|end| end.was_never_set) {
        undo.add_remark(
            "VALID UNTIL was not set before, and cannot be unset: infinity means the same",
        );
    }
    undo
}

fn warn(
    run: &Run,
    wanted: &SetUser,
    (found, state): (&ServerState, &RoleState),
    planned: &Planned,
) -> Result<Vec<String>> {
    let SetUser { target, role, .. } = wanted;
    let mut warnings = warnings::warnings(run, target, found, &planned.plan)?;
    let limit = planned.after.connection_limit;
    if limit == 0 && state.connection_limit != 0 {
        warnings.push(format!(
            "the connection limit is 0: nobody can log in as \"{role}\" until it is raised"
        ));
    }
    if i64::from(found.sessions) > i64::from(limit) && limit >= 0 {
        warnings.push(format!(
            "\"{role}\" has {} open sessions, more than the limit of {limit}: they continue until they end",
            found.sessions
        ));
    }
    if let Some(profile) = &wanted.profile {
        let held = held_level(found);
        if held > profile.access && !state.superuser {
            let groups = GROUP_LEVELS
                .into_iter()
                .filter(|level| *level > profile.access && found.access.role_levels.contains(level))
                .map(|level| Change::RevokeMembership {
                    group: group_name(&target.database, level),
                    member: role.clone(),
                });
            let revokes = for_people(&groups.collect::<Vec<_>>(), found.version);
            warnings.push(format!(
                "the access level of \"{role}\" is {held}, higher than {} of profile \"{}\", and is not lowered: {}",
                profile.access,
                profile.name,
                revokes.join("; ")
            ));
        }
        let is_foreign = state.comment.is_some() && state.mark().is_none();
        if is_foreign && planned.after.comment != state.comment {
            warnings.push(format!(
                "the comment on \"{role}\" is replaced by pgrole's mark: {}",
                state.comment.as_deref().unwrap_or_default()
            ));
        }
    }
    Ok(warnings)
}
