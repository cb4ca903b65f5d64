//! `user app | k8s | devqa | devlead | readonly | dba | create`: creates a login with its access; does nothing if it
//! exists.

use anyhow::{Context, Result, anyhow};

use crate::domain::access::missing_right::Lack;
use crate::domain::access::planner::{Planner, WantedLogin};
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::act::operation::Mode;
use crate::domain::act::plan::{Change, Plan};
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::password::change::{ChangeKind, DualChange, PasswordChange};
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::profile::Profile;
use crate::domain::role::report::{Created, UserReport};
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::role::term::{Decision, Terms};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings;
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::operations::user::create_warnings::Creation;
use crate::operations::user::dual::new;
use crate::operations::user::ensure::report_existing;
use crate::operations::user::request::{CreateUser, Ensure, LoginForm};
use crate::password::recover::settle_target;
use crate::password::{OpenChange, give_up, preflight};
use crate::run::login_state::{
    RACES, for_people, lost_race, require_direct, require_nameable, require_writable, undo,
};
use crate::run::{Act, Done, Run, SharedSession, TargetSession};
use crate::server::catalog;
use crate::server::steady;

/// Creates the login and what its access needs, as one transaction, and delivers its password.
///
/// # Errors
/// If the target is read-only, the admin credential lacks a privilege, the server refuses, or the delivery cannot work;
/// exit status 8 if the login was created but its password is not yet delivered.
pub fn create_user(run: &Run, wanted: &CreateUser<'_>) -> Result<UserReport> {
    let (target, role) = (&wanted.target, &wanted.role);
    if wanted.form == LoginForm::Dual {
        new::require_possible(role, &wanted.profile)?;
    }
    if wanted.mode == Mode::Run {
        let ready = preflight(run, &wanted.route, target, role);
        act(wanted).named(target, ready)?;
        settle_target(run, target)?;
    }
    create_over(&mut run.share_session(target), wanted)
}

/// The same over a session that several logins share, once what could be looked at beforehand was.
///
/// # Errors
/// As for [`create_user`].
pub fn create_over(session: &mut SharedSession<'_>, wanted: &CreateUser<'_>) -> Result<UserReport> {
    session.audited(&act(wanted), |server| create(server.run(), server, wanted))
}

impl CreateUser<'_> {
    fn dual_change(&self) -> Option<DualChange> {
        (self.form == LoginForm::Dual).then(|| new::first_change(&self.role))
    }

    /// The role that gets the password.
    fn login(&self) -> RoleName {
        let dual = self.dual_change().map(|dual| dual.incoming);
        dual.unwrap_or_else(|| self.role.clone())
    }
}

fn act(wanted: &CreateUser<'_>) -> Act {
    let (target, role) = (&wanted.target, &wanted.role);
    let cannot = match wanted.ensure {
        Ensure::Nothing => format!("cannot create role \"{role}\""),
        Ensure::Access => format!("cannot create role \"{role}\" or give it access"),
    };
    Act::on(target, wanted.operation, cannot)
        .in_mode(wanted.mode)
        .role(role)
        .profile(Some(&wanted.profile.name))
        .reason(wanted.reason.as_deref())
}

fn create(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &CreateUser<'_>,
) -> Result<(UserReport, Done)> {
    let mut open: Option<OpenChange<'_>> = None;
    let mut races_left = RACES;
    loop {
        let considered = consider(run, server, wanted);
        let plan = match considered {
            Ok(Considered::Planned(plan)) => plan,
            other => {
                match other.and_then(|other| other.end(run, server, wanted)) {
                    Err(error) if races_left > 0 && lost_race(&error) => {
                        races_left -= 1;
                        continue;
                    }
                    ended => {
                        // A lost race leaves a sealed password that was never used.
                        if let Some(open) = open {
                            open.abort(&anyhow!("another process made the role"));
                        }
                        return ended;
                    }
                }
            }
        };
        let change = match &mut open {
            Some(open) => open,
            none => none.insert(seal(server, wanted, &plan)?),
        };
        match change.apply(server, &plan.changes, &plan.found) {
            Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
            Err(error) => return Err(give_up(open, error)),
            Ok(()) => {
                let mut plan = *plan;
                plan.warnings.extend(server.take_warnings());
                return deliver(server, open, wanted, plan);
            }
        }
    }
}

/// The decision after reading the server's state.
enum Considered {
    AlreadyThere(Box<ServerState>, Box<RoleState>),
    Shown(Box<Planned>),
    ToRehearse(Box<Planned>),
    Planned(Box<Planned>),
}

struct Planned {
    found: ServerState,
    changes: Vec<Change>,
    statements: Vec<String>,
    decision: Decision,
    verifier: Verifier,
    default_privileges_of: Vec<RoleName>,
    warnings: Vec<String>,
}

impl Considered {
    fn end(
        self,
        run: &Run,
        server: &mut TargetSession<'_>,
        wanted: &CreateUser<'_>,
    ) -> Result<(UserReport, Done)> {
        let (status, planned) = match self {
            Self::AlreadyThere(found, role) => {
                return report_existing(run, server, wanted, &found, &role);
            }
            Self::ToRehearse(planned) => return try_out(run, server, wanted, *planned),
            Self::Shown(planned) => (Status::Unchanged, planned),
            Self::Planned(planned) => (Status::UserCreated, planned),
        };
        let mut report = UserReport::new(wanted.role.as_str(), status.clone(), &wanted.target);
        report.line = wanted.line;
        report.statements = Some(planned.statements);
        report.default_privileges_of = planned.default_privileges_of;
        report.warnings = planned.warnings;
        let done = Done {
            status,
            ..Done::default()
        };
        Ok((report, done))
    }
}

fn consider(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &CreateUser<'_>,
) -> Result<Considered> {
    check_encoding(server, wanted)?;
    wanted.password.compute_ahead(server.scram_iterations());
    let found = read(server, wanted)?;
    refuse_group_name(&found, wanted)?;
    if let Some(role) = found.role.clone() {
        if wanted.form == LoginForm::Dual {
            new::require_dual(&wanted.target, &role)?;
        }
        return Ok(Considered::AlreadyThere(Box::new(found), Box::new(role)));
    }
    if found.in_recovery {
        // Only this query tells where the primary is.
        let found = server.read(|connection| catalog::read_role(connection, &wanted.role))?;
        require_writable(&found, &wanted.target)?;
    }
    require_writable(&found, &wanted.target)?;
    require_direct(found.pooled, &wanted.target)?;
    require_createrole(&found, &wanted.target)?;
    let terms = Terms {
        wanted: wanted.term,
        recorded: None,
        configured: wanted.profile.valid_for,
    };
    let decision = terms.decide(false, Timestamp::now())?;
    let ground = AccessGround::survey(run, server, wanted.rules.clone(), &found)?;
    let verifier = wanted.password.verifier(server.scram_iterations(), None)?;
    let login = WantedLogin {
        role: &wanted.role,
        profile: &wanted.profile,
        valid_until: decision.valid_until,
        verifier: verifier.clone(),
    };
    let plan = Planner::new(ground.ground(&wanted.target, &found, wanted.adoption));
    let mut plan = plan.plan_login(&login)?;
    if wanted.form == LoginForm::Dual {
        let made = (&verifier, &decision);
        let (changes, warnings) = new::plan(server, &wanted.role, plan.changes, made)?;
        plan.changes = changes;
        plan.warnings.extend(warnings);
    }
    let statements = for_people(&plan.changes, found.version);
    require_nameable(&statements)?;
    let planned = Box::new(Planned {
        warnings: warnings(run, wanted, &found, &plan)?,
        changes: plan.changes,
        default_privileges_of: plan.default_privileges_of,
        found,
        statements,
        decision,
        verifier,
    });
    Ok(match wanted.mode {
        Mode::DryRun => Considered::Shown(planned),
        Mode::Rehearsal => Considered::ToRehearse(planned),
        Mode::Run => Considered::Planned(planned),
    })
}

fn try_out(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &CreateUser<'_>,
    planned: Planned,
) -> Result<(UserReport, Done)> {
    let (target, role) = (&wanted.target, &wanted.role);
    let login = wanted.login();
    let script = Script::of_password(target, &planned.changes, &login, &planned.found)?;
    let mut report = UserReport::new(role.as_str(), Status::Rehearsed, target);
    report.default_privileges_of = planned.default_privileges_of;
    report.warnings = planned.warnings;
    rehearse_role(run, server, script, report)
}

fn seal<'a>(
    server: &TargetSession<'a>,
    wanted: &CreateUser<'a>,
    plan: &Planned,
) -> Result<OpenChange<'a>> {
    let deliver = wanted.route.deliver;
    let change = PasswordChange {
        operation_id: server.operation_id.clone(),
        kind: ChangeKind::Create,
        target: wanted.target.clone(),
        role: wanted.role.clone(),
        renamed_from: None,
        profile: Some(wanted.profile.name.clone()),
        destination: deliver.resolve(&wanted.target, &wanted.role)?,
        delivery: deliver.clone(),
        cluster: server.cluster().map(str::to_owned),
        timeline: plan.found.timeline,
        valid_until: plan.decision.valid_until,
        term: plan.decision.term,
        dual: wanted.dual_change(),
    };
    let password = (&wanted.password, plan.verifier.clone());
    OpenChange::seal(server, Some(wanted.route.stdout), change, password, None)
}

fn deliver(
    server: &mut TargetSession<'_>,
    open: Option<OpenChange<'_>>,
    wanted: &CreateUser<'_>,
    plan: Planned,
) -> Result<(UserReport, Done)> {
    let mut open = open.context("a change that was applied was sealed before")?;
    let mut report = UserReport::new(wanted.role.as_str(), Status::UserCreated, &wanted.target);
    report.line = wanted.line;
    report.created = Some(created(&wanted.profile, plan.decision.valid_until));
    report.warnings = plan.warnings;
    report.default_privileges_of = plan.default_privileges_of;
    if wanted.form == LoginForm::Dual {
        open.prove(server)?;
        open.deliver_and_look_again(server, &mut report)?;
    } else {
        open.deliver(&mut report)?;
    }
    let done = Done {
        status: Status::UserCreated,
        undo: undo(&plan.changes, &[&wanted.role], plan.found.version),
        statements: plan.statements,
        ..Done::default()
    };
    Ok((report, done))
}

fn read(server: &mut TargetSession<'_>, wanted: &CreateUser<'_>) -> Result<ServerState> {
    let id = server.operation_id.clone();
    let (role, database) = (&wanted.role, &wanted.target.database);
    server.read(|connection| match wanted.profile.access {
        AccessLevel::None => catalog::read_new_role(connection, role, &id),
        level => {
            let question = (level, &wanted.rules);
            steady::read_access(connection, role.as_str(), database, question, &id)
        }
    })
}

/// Refuses names that would become different names in this database's encoding.
fn check_encoding(server: &TargetSession<'_>, wanted: &CreateUser<'_>) -> Result<(), Failure> {
    let (encoding, target) = (server.encoding(), &wanted.target);
    encoding.check_name("role name", wanted.role.as_str(), &target.name())?;
    encoding.check_name("profile name", &wanted.profile.name, &target.name())?;
    match wanted.profile.access {
        AccessLevel::None => Ok(()),
        _ => encoding.check_name("database name", target.database.as_str(), &target.name()),
    }
}

/// Refuses to treat an access group as a login, or to use a group's name for a login.
fn refuse_group_name(found: &ServerState, wanted: &CreateUser<'_>) -> Result<(), Failure> {
    let database = &wanted.target.database;
    let is_reserved = match &found.role {
        Some(role) if matches!(role.mark(), Some(Mark::Group(_))) => true,
        // As in the older service, an existing role is left alone; but a group must not be granted to itself.
        Some(_) if wanted.ensure == Ensure::Nothing => false,
        _ => GROUP_LEVELS
            .map(|level| group_name(database, level))
            .contains(&wanted.role),
    };
    if !is_reserved {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "\"{}\" is the name of an access group, which a login must not have",
        wanted.role
    ))
    .hint("choose another name for the login"))
}

fn require_createrole(found: &ServerState, target: &Target) -> Result<(), Failure> {
    if found.admin.superuser || found.admin.createrole {
        return Ok(());
    }
    Err(Lack::of_createrole(found, target))
}

fn created(profile: &Profile, valid_until: Option<Timestamp>) -> Created {
    Created {
        profile: profile.name.clone(),
        access: profile.access.as_str(),
        connection_limit: profile.connection_limit,
        valid_until: valid_until.map(|point| point.to_string()),
    }
}

fn warnings(
    run: &Run,
    wanted: &CreateUser<'_>,
    found: &ServerState,
    plan: &Plan,
) -> Result<Vec<String>> {
    let level = wanted.profile.access;
    let mut warnings = warnings::warnings(run, &wanted.target, found, plan)?;
    warnings.extend(warnings::excess(&wanted.target, level, found));
    let creation = Creation {
        target: &wanted.target,
        role: &wanted.role,
        profile: &wanted.profile,
        found,
    };
    warnings.extend(creation.warnings());
    Ok(warnings)
}
