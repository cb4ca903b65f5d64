//! `user app | k8s | devqa | devlead | readonly | dba | create`: a new login with its access, or nothing where it exists.

use anyhow::{Context, Result, anyhow};

use crate::domain::access::{AccessLevel, GROUP_LEVELS, Mark, group_name};
use crate::domain::failure::{Failure, OnTarget};
use crate::domain::lack::Lack;
use crate::domain::password_change::{ChangeKind, PasswordChange};
use crate::domain::plan::{Adoption, Change, Plan, Planner, WantedLogin};
use crate::domain::profile::Profile;
use crate::domain::role::RoleName;
use crate::domain::state::ServerState;
use crate::domain::target::Target;
use crate::domain::term::{Decision, Term, Terms};
use crate::domain::timestamp::Timestamp;
use crate::operations::login_state::{
    RACES, for_people, lost_race, require_direct, require_writable,
};
use crate::operations::password::NewPassword;
use crate::operations::password_change::{Delivery, OpenChange, give_up, preflight};
use crate::operations::recover::settle_target;
use crate::operations::report::{Created, Status, UserReport};
use crate::operations::session::{Act, Done, Server, Session};
use crate::server::catalog;
use crate::store::Subject;

/// A login that is wanted on a target.
pub struct CreateUser<'a> {
    pub target: Target,
    pub role: RoleName,
    pub profile: Profile,
    /// What a flag says; else the profile's span.
    pub term: Option<Term>,
    pub password: NewPassword,
    pub adoption: Adoption,
    pub delivery: Delivery<'a>,
    pub mode: Mode,
}

/// Whether changes are made or shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Run,
    DryRun,
}

impl Mode {
    /// The operation's name in the audit log.
    pub fn operation(self, name: &str) -> String {
        match self {
            Self::Run => name.to_owned(),
            Self::DryRun => format!("{name} --dry-run"),
        }
    }
}

/// Creates the login and what its access needs, as one transaction, and delivers its password.
///
/// # Errors
/// Where the target takes no changes, the admin credential may not, the server refuses, or the delivery
/// cannot work; exit status 8 where the login is there and its password not yet delivered.
pub fn create_user(session: &Session, wanted: &CreateUser<'_>) -> Result<UserReport> {
    let act = Act {
        operation: wanted
            .mode
            .operation(&format!("user {}", wanted.profile.name)),
        subject: Subject {
            username: Some(wanted.role.to_string()),
            profile: Some(wanted.profile.name.clone()),
            ..Subject::from(&wanted.target)
        },
    };
    let what = || {
        OnTarget::new(
            &wanted.target,
            format!("cannot create role \"{}\"", wanted.role),
        )
    };
    if wanted.mode == Mode::Run {
        preflight(session, &wanted.delivery, &wanted.target, &wanted.role).with_context(what)?;
        settle_target(session, &wanted.target)?;
    }
    session
        .audited(act, &wanted.target, |server| {
            create(session, server, wanted)
        })
        .with_context(what)
}

fn create(
    session: &Session,
    server: &mut Server<'_>,
    wanted: &CreateUser<'_>,
) -> Result<(UserReport, Done)> {
    let mut open = None;
    let mut races_left = RACES;
    loop {
        let plan = match consider(server, wanted) {
            Ok(Considered::Planned(plan)) => plan,
            other => {
                // A lost race leaves a sealed password that was never used.
                let open: Option<OpenChange<'_>> = open.take();
                if let Some(open) = open {
                    open.abort(&anyhow!("another process made the role"))?;
                }
                return other.map(|considered| considered.end(wanted));
            }
        };
        let change = match &mut open {
            Some(open) => open,
            none => none.insert(seal(session, server, wanted, &plan)?),
        };
        match change.apply(server, &plan.changes, &plan.found) {
            Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
            Err(error) => return Err(give_up(open, error)),
            Ok(()) => return deliver(open, wanted, *plan),
        }
    }
}

/// What a reading of the server leads to.
enum Considered {
    AlreadyThere,
    Shown(Vec<String>),
    Planned(Box<Planned>),
}

struct Planned {
    found: ServerState,
    changes: Vec<Change>,
    statements: Vec<String>,
    decision: Decision,
    warnings: Vec<String>,
}

impl Considered {
    fn end(self, wanted: &CreateUser<'_>) -> (UserReport, Done) {
        let (status, statements) = match self {
            Self::AlreadyThere => (Status::AlreadyExists, None),
            Self::Shown(statements) => (Status::Unchanged, Some(statements)),
            Self::Planned(planned) => (Status::Created, Some(planned.statements)),
        };
        let mut report = UserReport::new(wanted.role.as_str(), status, &wanted.target);
        report.statements = statements;
        let done = Done {
            status: status.as_str().to_owned(),
            ..Done::default()
        };
        (report, done)
    }
}

fn consider(server: &mut Server<'_>, wanted: &CreateUser<'_>) -> Result<Considered> {
    let found = read(server, wanted)?;
    refuse_group_name(&found, wanted)?;
    if found.role.is_some() {
        return Ok(Considered::AlreadyThere);
    }
    if found.in_recovery {
        // Only this reading tells where the primary is.
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
    let plan = plan(wanted, &found, decision.valid_until)?;
    let statements = for_people(&plan.changes, found.version);
    if wanted.mode == Mode::DryRun {
        return Ok(Considered::Shown(statements));
    }
    Ok(Considered::Planned(Box::new(Planned {
        warnings: warnings(wanted, &found, &plan),
        changes: plan.changes,
        found,
        statements,
        decision,
    })))
}

fn seal<'a>(
    session: &'a Session,
    server: &Server<'_>,
    wanted: &CreateUser<'a>,
    plan: &Planned,
) -> Result<OpenChange<'a>> {
    let delivery = &wanted.delivery;
    let change = PasswordChange {
        operation_id: server.operation_id.clone(),
        kind: ChangeKind::Create,
        target: wanted.target.clone(),
        role: wanted.role.clone(),
        profile: Some(wanted.profile.name.clone()),
        destination: delivery.destination.resolve(&wanted.target, &wanted.role)?,
        delivery: delivery.destination.clone(),
        file_format: delivery.file_format,
        cluster: server.cluster().map(str::to_owned),
        timeline: plan.found.timeline,
        valid_until: plan.decision.valid_until,
        term: plan.decision.term,
    };
    OpenChange::seal(session, *delivery, change, &wanted.password, None)
}

fn deliver(
    open: Option<OpenChange<'_>>,
    wanted: &CreateUser<'_>,
    plan: Planned,
) -> Result<(UserReport, Done)> {
    let open = open.context("a change that was applied was sealed before")?;
    let mut report = UserReport::new(wanted.role.as_str(), Status::Created, &wanted.target);
    report.created = Some(created(&wanted.profile, plan.decision.valid_until));
    report.warnings = plan.warnings;
    open.deliver(&mut report)?;
    let done = Done {
        status: Status::Created.as_str().to_owned(),
        statements: plan.statements,
        ..Done::default()
    };
    Ok((report, done))
}

fn read(server: &mut Server<'_>, wanted: &CreateUser<'_>) -> Result<ServerState> {
    let id = server.operation_id.clone();
    let (role, database) = (&wanted.role, &wanted.target.database);
    server.read(|connection| match wanted.profile.access {
        AccessLevel::None => catalog::read_password(connection, role, &id),
        level => catalog::read_access(connection, role.as_str(), database, level, &id),
    })
}

fn plan(
    wanted: &CreateUser<'_>,
    found: &ServerState,
    valid_until: Option<Timestamp>,
) -> Result<Plan, Failure> {
    let login = WantedLogin {
        role: &wanted.role,
        profile: &wanted.profile,
        valid_until,
        verifier: wanted.password.verifier.clone(),
    };
    Planner::new(&wanted.target, found, wanted.adoption).plan_login(&login)
}

/// Refuses to take an access group for a login, or to take a group's name away from it.
fn refuse_group_name(found: &ServerState, wanted: &CreateUser<'_>) -> Result<(), Failure> {
    let database = &wanted.target.database;
    let is_reserved = match &found.role {
        Some(role) => matches!(role.mark(), Some(Mark::Group { .. })),
        None => GROUP_LEVELS
            .map(|level| group_name(database, level))
            .contains(&wanted.role),
    };
    if !is_reserved {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "\"{}\" is the name of an access group, which no login may have",
        wanted.role
    ))
    .hint("give the login another name"))
}

fn require_createrole(found: &ServerState, target: &Target) -> Result<(), Failure> {
    if found.admin.superuser || found.admin.createrole {
        return Ok(());
    }
    Err(Lack::CreateRoles.failure(target, &found.admin.name))
}

fn created(profile: &Profile, valid_until: Option<Timestamp>) -> Created {
    Created {
        profile: profile.name.clone(),
        access: profile.access.as_str(),
        connection_limit: profile.connection_limit,
        valid_until: valid_until.map(|point| point.to_string()),
    }
}

fn warnings(wanted: &CreateUser<'_>, found: &ServerState, plan: &Plan) -> Vec<String> {
    let mut warnings = Vec::new();
    if !plan.not_covered.is_empty() {
        let names: Vec<_> = plan.not_covered.iter().map(RoleName::as_str).collect();
        warnings.push(format!(
            "tables that these roles make later will not be covered, because \"{}\" may not act for them: {}",
            found.admin.name,
            names.join(", ")
        ));
    }
    let may_only_read = wanted.profile.access == AccessLevel::Readonly;
    if may_only_read && found.access.public_may_create() {
        warnings.push(format!(
            "every role may create tables in {} (the default up to PostgreSQL 14), so may this one; to end that: REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            wanted.target.name()
        ));
    }
    warnings
}
