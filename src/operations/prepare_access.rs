//! `access prepare`: makes a database's access groups ahead, for admin logins that may not grant themselves.

use anyhow::{Context, Result};
use serde::Serialize;

use crate::domain::access::{AccessLevel, group_name};
use crate::domain::failure::OnTarget;
use crate::domain::plan::{Adoption, Change, Planner};
use crate::domain::role::RoleName;
use crate::domain::state::ServerState;
use crate::domain::target::Target;
use crate::operations::create_user::Mode;
use crate::operations::login_state::{
    RACES, apply, for_people, lost_race, no_such_role, require_nameable, require_writable,
};
use crate::operations::session::{Act, Done, Server, Session};
use crate::server::catalog;
use crate::store::Subject;

/// The groups that are wanted, and who else may hand them on.
#[derive(Debug)]
pub struct PrepareAccess {
    pub target: Target,
    pub levels: Vec<AccessLevel>,
    pub administrator: Option<RoleName>,
    pub adoption: Adoption,
    pub mode: Mode,
}

/// What was done for one group.
#[derive(Debug, Serialize)]
pub struct GroupReport {
    pub env: String,
    pub database: String,
    pub access: &'static str,
    pub group: String,
    /// `prepared`, or `unchanged`.
    pub status: &'static str,
    pub statements: Vec<String>,
    /// Roles whose future tables the group will not reach.
    pub not_covered: Vec<RoleName>,
}

/// Makes and completes the groups, as one transaction.
///
/// # Errors
/// Where the admin credential may not, or a group is another's.
pub fn prepare_access(session: &Session, wanted: &PrepareAccess) -> Result<Vec<GroupReport>> {
    let act = Act {
        operation: wanted.mode.operation("access prepare"),
        subject: Subject {
            username: wanted.administrator.as_ref().map(RoleName::to_string),
            ..Subject::from(&wanted.target)
        },
    };
    session
        .audited(act, &wanted.target, |server| prepare(server, wanted))
        .with_context(|| OnTarget::new(&wanted.target, "cannot prepare the access groups"))
}

fn prepare(server: &mut Server<'_>, wanted: &PrepareAccess) -> Result<(Vec<GroupReport>, Done)> {
    let encoding = server.encoding();
    let database = wanted.target.database.as_str();
    encoding.check_name("database name", database, &wanted.target)?;
    if let Some(role) = &wanted.administrator {
        encoding.check_name("role name", role.as_str(), &wanted.target)?;
    }
    let mut races_left = RACES;
    loop {
        let prepared = plan(server, wanted)?;
        let changes = &prepared.changes;
        if changes.is_empty() || wanted.mode == Mode::DryRun {
            return Ok((prepared.reports, done("unchanged", Vec::new())));
        }
        match apply(server, changes, prepared.version) {
            Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
            Err(error) => return Err(error),
            Ok(()) => {
                let statements = for_people(changes, prepared.version);
                let reports = prepared.reports.into_iter().map(GroupReport::done);
                return Ok((reports.collect(), done("access prepared", statements)));
            }
        }
    }
}

/// What is to be done for all groups, and what that would come to for each.
struct Prepared {
    version: u32,
    changes: Vec<Change>,
    reports: Vec<GroupReport>,
}

fn plan(server: &mut Server<'_>, wanted: &PrepareAccess) -> Result<Prepared> {
    let mut prepared = Prepared {
        version: 0,
        changes: Vec::new(),
        reports: Vec::new(),
    };
    for level in &wanted.levels {
        let found = read(server, *level, wanted)?;
        let planner = Planner::new(&wanted.target, &found, wanted.adoption);
        let plan = planner.plan_group(*level, &wanted.levels, wanted.administrator.as_ref())?;
        if !plan.changes.is_empty() && wanted.mode == Mode::Run {
            require_writable(&found, &wanted.target)?;
        }
        let statements = for_people(&plan.changes, found.version);
        require_nameable(&statements)?;
        prepared.version = found.version;
        prepared.changes.extend(plan.changes);
        prepared.reports.push(GroupReport {
            env: wanted.target.env.to_string(),
            database: wanted.target.database.to_string(),
            access: level.as_str(),
            group: group_name(&wanted.target.database, *level).to_string(),
            status: "unchanged",
            statements,
            not_covered: plan.not_covered,
        });
    }
    Ok(prepared)
}

fn read(
    server: &mut Server<'_>,
    level: AccessLevel,
    wanted: &PrepareAccess,
) -> Result<ServerState> {
    let administrator = wanted.administrator.as_ref();
    let name = administrator.map_or("", RoleName::as_str);
    let database = &wanted.target.database;
    let id = server.operation_id.clone();
    let found =
        server.read(|connection| catalog::read_access(connection, name, database, level, &id))?;
    match administrator {
        Some(role) if found.role.is_none() => Err(no_such_role(server, role, &wanted.target)),
        _ => Ok(found),
    }
}

impl GroupReport {
    /// The same after the changes were made.
    fn done(self) -> Self {
        let status = if self.statements.is_empty() {
            "unchanged"
        } else {
            "prepared"
        };
        Self { status, ..self }
    }
}

fn done(status: &str, statements: Vec<String>) -> Done {
    Done {
        status: status.to_owned(),
        statements,
        ..Done::default()
    }
}
