//! `user search-path`: the schemas that a role looks in, in one database.

use anyhow::{Context, Result};

use crate::domain::failure::{Failure, Kind, OnTarget};
use crate::domain::plan::Change;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::create_user::Mode;
use crate::operations::login_state::{
    Protection, apply, for_people, no_such_role, require_writable,
};
use crate::operations::report::{Status, UserReport};
use crate::operations::session::{Act, Done, Server, Session};
use crate::server::catalog::{self, SearchPathState};
use crate::store::Subject;

/// A search path that is wanted for a role in the target's database.
#[derive(Debug)]
pub struct SetSearchPath {
    pub target: Target,
    pub role: RoleName,
    pub schemas: Vec<String>,
    pub protection: Protection,
    pub mode: Mode,
}

/// Sets the search path, or nothing where it is the wanted one.
///
/// # Errors
/// No such role: not found. A schema that does not exist. What the server refuses.
pub fn set_search_path(session: &Session, wanted: &SetSearchPath) -> Result<UserReport> {
    let act = Act {
        operation: wanted.mode.operation("user search-path"),
        subject: Subject {
            username: Some(wanted.role.to_string()),
            ..Subject::from(&wanted.target)
        },
    };
    session
        .audited(act, &wanted.target, |server| set(session, server, wanted))
        .with_context(|| {
            let what = format!("cannot set the search path of \"{}\"", wanted.role);
            OnTarget::new(&wanted.target, what)
        })
}

fn set(
    session: &Session,
    server: &mut Server<'_>,
    wanted: &SetSearchPath,
) -> Result<(UserReport, Done)> {
    let encoding = server.encoding();
    let database = wanted.target.database.as_str();
    encoding.check_name("role name", wanted.role.as_str(), &wanted.target)?;
    encoding.check_name("database name", database, &wanted.target)?;
    let found = server
        .read(|connection| catalog::read_search_path(connection, &wanted.role, &wanted.schemas))?;
    let Some(role) = &found.server.role else {
        return Err(no_such_role(server, &wanted.role, &wanted.target));
    };
    require_schemas(&found)?;
    let mut done = Done::default();
    let mut report = UserReport::new(wanted.role.as_str(), Status::Unchanged, &wanted.target);
    report.search_path = Some(wanted.schemas.clone());
    if !found.set_already {
        let settings = &session.settings;
        wanted.protection.check(role, &server.admin, settings)?;
        require_writable(&found.server, &wanted.target)?;
        let changes = [Change::SetSearchPath {
            role: wanted.role.clone(),
            database: wanted.target.database.clone(),
            schemas: wanted.schemas.clone(),
        }];
        let statements = for_people(&changes, found.server.version);
        if wanted.mode == Mode::DryRun {
            report.statements = Some(statements);
        } else {
            apply(server, &changes, found.server.version)?;
            report.status = Status::SearchPathUpdated;
            done.statements = statements;
        }
    }
    done.status.push_str(report.status.as_str());
    Ok((report, done))
}

/// PostgreSQL accepts a missing schema silently, and the role then finds nothing.
fn require_schemas(found: &SearchPathState) -> Result<(), Failure> {
    if found.missing.is_empty() {
        return Ok(());
    }
    let quoted = |names: &[String]| {
        let names: Vec<_> = names.iter().map(|name| format!("\"{name}\"")).collect();
        names.join(", ")
    };
    Err(Failure::new(
        Kind::Failed,
        format!("no schema {} in the database", quoted(&found.missing)),
    )
    .sqlstate("3F000")
    .hint(format!("the schemas there are {}", quoted(&found.existing))))
}
