//! `user app | k8s | devqa | devlead | readonly | dba | create`: a new login with its access, or nothing where it exists.

use anyhow::{Context, Result};

use crate::domain::access::{AccessLevel, GROUP_LEVELS, Mark, group_name};
use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::plan::{Adoption, Plan, Planner, WantedLogin};
use crate::domain::profile::Profile;
use crate::domain::role::RoleName;
use crate::domain::state::ServerState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::login_state::{RACES, apply, for_people, lost_race, require_writable};
use crate::operations::password::NewPassword;
use crate::operations::report::{Created, Status, UserReport};
use crate::operations::session::{Act, Done, Server, Session};
use crate::server::catalog;
use crate::store::Subject;

/// A login that is wanted on a target.
#[derive(Debug)]
pub struct CreateUser {
    pub target: Target,
    pub role: RoleName,
    pub profile: Profile,
    pub password: NewPassword,
    pub adoption: Adoption,
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

/// Creates the login and what its access needs, as one transaction.
///
/// # Errors
/// Where the target takes no changes, the admin credential may not, or the server refuses.
pub fn create_user(session: &Session, wanted: &CreateUser) -> Result<UserReport> {
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
    session
        .audited(act, &wanted.target, |server| create(server, wanted))
        .with_context(|| {
            let what = format!("cannot create role \"{}\"", wanted.role);
            OnTarget::new(&wanted.target, what)
        })
}

fn create(server: &mut Server, wanted: &CreateUser) -> Result<(UserReport, Done)> {
    let mut races_left = RACES;
    loop {
        let found = read(server, wanted)?;
        refuse_group_name(&found, wanted)?;
        if found.role.is_some() {
            return Ok(ended(wanted, Status::AlreadyExists, Vec::new()));
        }
        require_writable(&found, &wanted.target)?;
        require_createrole(&found, &wanted.target)?;
        let valid_until = match wanted.profile.valid_for {
            Some(span) => Some(Timestamp::now().after(span)?),
            None => None,
        };
        let plan = plan(wanted, &found, valid_until)?;
        let statements = for_people(&plan.changes, found.version);
        if wanted.mode == Mode::DryRun {
            let (mut report, done) = ended(wanted, Status::Unchanged, Vec::new());
            report.statements = Some(statements);
            return Ok((report, done));
        }
        match apply(server, &plan.changes, found.version) {
            Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
            Err(error) => return Err(error),
            Ok(()) => {
                let (mut report, mut done) = ended(wanted, Status::Created, statements);
                report.password = wanted.password.to_report();
                report.created = Some(created(&wanted.profile, valid_until));
                report.warnings = warnings(wanted, &found, &plan);
                done.password_changed = true;
                return Ok((report, done));
            }
        }
    }
}

fn read(server: &mut Server, wanted: &CreateUser) -> Result<ServerState> {
    match wanted.profile.access {
        AccessLevel::None => catalog::read_role(&mut server.connection, &wanted.role),
        level => catalog::read_access(
            &mut server.connection,
            wanted.role.as_str(),
            &wanted.target.database,
            level,
        ),
    }
}

fn plan(
    wanted: &CreateUser,
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
fn refuse_group_name(found: &ServerState, wanted: &CreateUser) -> Result<(), Failure> {
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
    Err(Failure::new(
        Kind::Failed,
        format!(
            "role \"{}\" is neither CREATEROLE nor SUPERUSER (SQLSTATE 42501)",
            found.admin.name
        ),
    )
    .sqlstate("42501")
    .hint(format!(
        "log in as a role with CREATEROLE: pgrole credential set -e {} -d {} -U ROLE",
        target.env, target.database
    )))
}

fn ended(wanted: &CreateUser, status: Status, statements: Vec<String>) -> (UserReport, Done) {
    let report = UserReport::new(wanted.role.as_str(), status, &wanted.target);
    let done = Done {
        status: status.as_str().to_owned(),
        statements,
        password_changed: false,
    };
    (report, done)
}

fn created(profile: &Profile, valid_until: Option<Timestamp>) -> Created {
    Created {
        profile: profile.name.clone(),
        access: profile.access.as_str(),
        connection_limit: profile.connection_limit,
        valid_until: valid_until.map(|point| point.to_string()),
    }
}

fn warnings(wanted: &CreateUser, found: &ServerState, plan: &Plan) -> Vec<String> {
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
