//! `access grant --for`: an existing login gets access to a database until a time, through a role of its own.

use anyhow::{Context, Result};

use crate::domain::access::boxes::{BoxComment, BoxId, FoundBoxes};
use crate::domain::access::planner::{GroupAdoption, Planner};
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, group_name};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::{Change, LoginAttributes, Plan};
use crate::domain::act::status::Status;
use crate::domain::failure::sqlstate_of;
use crate::domain::role::RoleName;
use crate::domain::role::definition::MembershipOptions;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::access::boxes::{announce, announced, lock_of};
use crate::operations::access::grant::{later_warnings, level_of_profile, refuse_group};
use crate::operations::access::ground::AccessGround;
use crate::operations::access::lasting::held_for_good;
use crate::operations::access::report::AccessReport;
use crate::operations::access::warnings;
use crate::operations::rehearsal;
use crate::operations::rehearsal::{Script, rehearse};
use crate::run::login_state::{
    Protection, RACES, apply, for_people, lost_race, no_such_role, require_nameable,
    require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::boxes::read_boxes;
use crate::server::steady;
use crate::store::{BoxRow, BoxRowState};

/// The access that a login is to have for a while.
pub struct GrantBox {
    pub target: Target,
    pub role: RoleName,
    /// `None` for the level of the role's profile.
    pub level: Option<AccessLevel>,
    pub span: Span,
    pub reason: String,
    pub rules: AccessRules,
    pub adoption: GroupAdoption,
    pub protection: Protection,
    pub login: BoxLogin,
    pub mode: Mode,
}

/// What becomes of the login when the access ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxLogin {
    Stays,
    /// It was made for this: it ends with the access.
    EndsWithIt,
}

/// Grants the access with its end; does nothing if the login has it without one.
///
/// # Errors
/// Not found, if there is no such role; usage, if no level is known; refused, if the role is protected; else as for a new
/// login.
pub fn grant_box(run: &Run, wanted: &GrantBox) -> Result<AccessReport> {
    let cannot = format!("cannot grant access to \"{}\"", wanted.role);
    let act = Act::on(&wanted.target, Operation::AccessGrantFor, cannot)
        .in_mode(wanted.mode)
        .role(&wanted.role)
        .reason(Some(&wanted.reason));
    run.audited(&act, &wanted.target, |server| {
        let id = BoxId::of_operation(&server.operation_id);
        // Until the outcome is known, nobody else may judge by the row.
        let _lock = match wanted.mode {
            Mode::Run => Some(run.lock(&lock_of(&id))?),
            Mode::DryRun | Mode::Rehearsal => None,
        };
        let mut races_left = RACES;
        loop {
            match grant(run, server, wanted, &id) {
                Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
                ended => return ended,
            }
        }
    })
}

/// What was read before the access is granted.
struct Ground {
    level: AccessLevel,
    /// The level that the login has without an end.
    held: AccessLevel,
    boxes: FoundBoxes,
    found: ServerState,
}

fn grant(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &GrantBox,
    id: &BoxId,
) -> Result<(AccessReport, Done)> {
    let (target, role) = (&wanted.target, &wanted.role);
    let ground = survey(run, server, wanted)?;
    let Some(state) = &ground.found.role else {
        return Err(no_such_role(server, role, target));
    };
    refuse_group(state, target)?;
    let mut report = AccessReport::unchanged(role, target, ground.held);
    if state.superuser {
        report.warnings.push(format!(
            "role \"{role}\" is a superuser, who may do everything without an access group"
        ));
        return Ok((report, Done::default()));
    }
    if ground.held >= ground.level {
        report.warnings.push(format!(
            "role \"{role}\" has {} on {} already, without an end",
            ground.held,
            target.name()
        ));
        return Ok((report, Done::default()));
    }
    wanted
        .protection
        .check(state, &server.admin, &run.settings)?;
    require_writable(&ground.found, target)?;
    let comment = comment(run, server, wanted, &ground)?;
    let ends_at = ground.boxes.now().after(wanted.span)?;
    let plan = plan(run, server, wanted, (&ground, id, &comment, ends_at))?;
    let version = ground.found.version;
    let statements = for_people(&plan.changes, version);
    require_nameable(&statements)?;
    report.access = ground.level.as_str();
    report.groups = vec![group_name(&target.database, ground.level)];
    report.warnings = warnings::warnings(run, target, &ground.found, &plan)?;
    report
        .warnings
        .extend(later_warnings((target, role), ground.level, &ground.found));
    report
        .default_privileges_of
        .clone_from(&plan.default_privileges_of);
    report.id = Some(id.clone());
    report.ends_at = Some(ends_at.to_string());
    match wanted.mode {
        Mode::DryRun => {
            report.statements = Some(statements);
            Ok((report, Done::default()))
        }
        Mode::Rehearsal => {
            let script = Script::new(target, plan.changes, vec![role], &ground.found);
            let rehearsed = rehearse(run, server, script)?;
            report.status = rehearsal::status(&rehearsed);
            let done = rehearsal::done(&rehearsed);
            report.rehearsal = Some(rehearsed);
            Ok((report, done))
        }
        Mode::Run => {
            send(run, server, wanted, (&ground, id, ends_at), &plan)?;
            report.warnings.extend(server.take_warnings());
            report.status = Status::AccessGranted;
            let note = announce(id, &comment, report.ends_at.as_deref(), Vec::new());
            let done = Done {
                status: Status::AccessGranted,
                statements,
                undo: undo(&plan.changes, &[&id.role()], version),
                announcement: Some(announced(note)),
                ..Done::default()
            };
            Ok((report, done))
        }
    }
}

/// Reads the role, its access, and the server's clock.
fn survey(run: &Run, server: &mut TargetSession<'_>, wanted: &GrantBox) -> Result<Ground> {
    let (target, role) = (&wanted.target, &wanted.role);
    let encoding = server.encoding();
    encoding.check_name("role name", role.as_str(), &target.name())?;
    encoding.check_name("database name", target.database.as_str(), &target.name())?;
    let level = match wanted.level {
        Some(level) => level,
        None => level_of_profile(run, server, (target, role))?,
    };
    let operation = server.operation_id.clone();
    let question = (level, &wanted.rules);
    let database = &target.database;
    let found = server.read(|connection| {
        steady::read_access(connection, role.as_str(), database, question, &operation)
    })?;
    let boxes = server.read(|connection| read_boxes(connection, role.as_str()))?;
    let held = held_for_good(server, (target, role), &wanted.rules, &found)?;
    Ok(Ground {
        level,
        held,
        boxes,
        found,
    })
}

fn comment(
    run: &Run,
    server: &TargetSession<'_>,
    wanted: &GrantBox,
    ground: &Ground,
) -> Result<BoxComment> {
    let operator = run.operator();
    let user = operator.sudo_user.as_ref().unwrap_or(&operator.user);
    Ok(BoxComment {
        user: wanted.role.clone(),
        oid: ground
            .boxes
            .role_oid
            .context("a role that was found has an oid")?,
        database: wanted.target.database.to_string(),
        level: ground.level,
        reason: wanted.reason.clone(),
        by: user.clone(),
        host: operator.host.clone(),
        admin: server.acting().to_owned(),
        granted: ground.boxes.now().to_string(),
        glass: wanted.login == BoxLogin::EndsWithIt,
        ended: None,
    })
}

fn plan(
    run: &Run,
    server: &TargetSession<'_>,
    wanted: &GrantBox,
    (ground, id, comment, ends_at): (&Ground, &BoxId, &BoxComment, Timestamp),
) -> Result<Plan> {
    let target = &wanted.target;
    let access = AccessGround::survey(run, server, wanted.rules.clone(), &ground.found)?;
    let planner = Planner::new(access.ground(target, &ground.found, wanted.adoption));
    let group = group_name(&target.database, ground.level);
    let mut changes = box_changes(id, (comment, ends_at), &group, &wanted.role);
    if comment.glass {
        // The server's own fuse, by its own clock.
        changes.push(end_of_login(&wanted.role, ends_at, None));
    }
    Ok(planner.plan_box(&wanted.role, ground.level, changes)?)
}

/// The changes that create a box, and make it a member of the group and the login a member of it.
pub fn box_changes(
    id: &BoxId,
    (comment, ends_at): (&BoxComment, Timestamp),
    group: &RoleName,
    login: &RoleName,
) -> Vec<Change> {
    // No SET: what a session became by SET ROLE would outlive the end. Up to 15 nothing forbids it.
    let options = MembershipOptions {
        admin: false,
        inherit: true,
        set: false,
    };
    let membership = |group: &RoleName, member: &RoleName| Change::CopyMembership {
        group: group.clone(),
        member: member.clone(),
        options,
    };
    let role = id.role();
    vec![
        Change::CreateBox {
            role: role.clone(),
            valid_until: ends_at,
        },
        Change::RestoreComment {
            role: role.clone(),
            comment: Some(comment.text()),
        },
        membership(group, &role),
        membership(&role, login),
    ]
}

/// The change that ends a login's password.
pub fn end_of_login(login: &RoleName, ends_at: Timestamp, previous: Option<String>) -> Change {
    let until = |valid_until| LoginAttributes {
        valid_until,
        ..LoginAttributes::default()
    };
    Change::AlterLogin {
        role: login.clone(),
        attributes: until(Some(ends_at.to_string())),
        previous: until(previous),
    }
}

/// On record before it is sent: whatever ends the run, the next one looks for it.
fn send(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &GrantBox,
    (ground, id, ends_at): (&Ground, &BoxId, Timestamp),
    plan: &Plan,
) -> Result<()> {
    let target = &wanted.target;
    let row = BoxRow {
        id: id.clone(),
        env: target.env.to_string(),
        database: target.database.to_string(),
        hostname: target.hostname.to_string(),
        port: target.port.to_string(),
        username: wanted.role.to_string(),
        level: Some(ground.level.to_string()),
        reason: Some(wanted.reason.clone()),
        ends_at: Some(ends_at.to_string()),
        state: BoxRowState::Intended,
        strangers: None,
        noticed_at: None,
    };
    run.with_store(|store| store.note_box(&row, Timestamp::now()))?;
    let result = apply(server, &plan.changes, ground.found.version);
    let state = match &result {
        Ok(()) => BoxRowState::Open,
        // The server refused: there is nothing.
        Err(error) if sqlstate_of(error).is_some() => BoxRowState::Closed,
        Err(_) => BoxRowState::Intended,
    };
    let noted = run.with_store(|store| store.set_box_state(id, state));
    result?;
    // What is there is there: the next look at the server finds it by its name.
    if let Err(error) = noted {
        run.warn(format!("the grant is not in the registry: {error:#}"));
    }
    Ok(())
}
