//! `user search-path`: the schemas that a role searches, in one database.

use anyhow::Result;

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::Change;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::dual_state::refuse_dual;
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::operations::rehearsal::{Script, rehearse_role};
use crate::run::login_state::{
    Protection, apply, for_people, no_such_role, require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::catalog;
use crate::server::catalog::SearchPathState;

/// A search path to set for a role in the target's database.
pub struct SetSearchPath {
    pub target: Target,
    pub role: RoleName,
    /// `None` resets the role's own setting in that database, so that the server's default applies.
    pub schemas: Option<Vec<String>>,
    /// Asks whether an existing path may be replaced; `None` replaces it without asking.
    pub ask: Option<fn(&str) -> Result<bool>>,
    pub protection: Protection,
    pub mode: Mode,
}

/// Sets the search path; does nothing if it is set already.
///
/// # Errors
/// Not found, if there is no such role; if a schema does not exist; the server's error.
pub fn set_search_path(run: &Run, wanted: &SetSearchPath) -> Result<UserReport> {
    let cannot = format!("cannot set the search path of \"{}\"", wanted.role);
    let act = Act::on(&wanted.target, Operation::UserSearchPath, cannot)
        .in_mode(wanted.mode)
        .role(&wanted.role);
    run.audited(&act, &wanted.target, |server| set(run, server, wanted))
}

fn set(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &SetSearchPath,
) -> Result<(UserReport, Done)> {
    let encoding = server.encoding();
    let database = wanted.target.database.as_str();
    let schemas = wanted.schemas.as_deref().unwrap_or_default();
    encoding.check_name("role name", wanted.role.as_str(), &wanted.target.name())?;
    encoding.check_name("database name", database, &wanted.target.name())?;
    let found =
        server.read(|connection| catalog::read_search_path(connection, &wanted.role, schemas))?;
    let Some(role) = &found.server.role else {
        return Err(no_such_role(server, &wanted.role, &wanted.target));
    };
    require_schemas(&found)?;
    refuse_dual(wanted.role.as_str(), role.comment.as_deref())?;
    let mut done = Done::default();
    let mut report = UserReport::new(wanted.role.as_str(), Status::Unchanged, &wanted.target);
    report.search_path.clone_from(&wanted.schemas);
    let is_there = match &wanted.schemas {
        Some(_) => found.set_already,
        None => found.previous.is_none(),
    };
    if !is_there {
        let settings = &run.settings;
        wanted.protection.check(role, &server.admin, settings)?;
        require_writable(&found.server, &wanted.target)?;
        let (role, database) = (wanted.role.clone(), wanted.target.database.clone());
        let changes = [match &wanted.schemas {
            Some(schemas) => Change::SetSearchPath {
                role,
                database,
                schemas: schemas.clone(),
                previous: found.previous.clone(),
            },
            None => Change::ResetSearchPath {
                role,
                database,
                previous: found.previous.clone(),
            },
        }];
        report.previous.clone_from(&found.previous);
        if let Some(previous) = &found.previous {
            confirm(wanted, previous)?;
            report.warnings.push(format!(
                "the previous search path of \"{}\" in {} is replaced: {previous}",
                wanted.role,
                wanted.target.name()
            ));
        }
        let statements = for_people(&changes, found.server.version);
        match wanted.mode {
            Mode::DryRun => report.statements = Some(statements),
            Mode::Rehearsal => {
                let (target, roles) = (&wanted.target, vec![&wanted.role]);
                let script = Script::new(target, changes.to_vec(), roles, &found.server);
                return rehearse_role(run, server, script, report);
            }
            Mode::Run => {
                apply(server, &changes, found.server.version)?;
                report.warnings.extend(server.take_warnings());
                report.status = Status::SearchPathUpdated;
                done.statements = statements;
                done.undo = undo(&changes, &[&wanted.role], found.server.version);
            }
        }
    }
    done.status.clone_from(&report.status);
    Ok((report, done))
}

/// Another path was somebody's choice: it decides what the role finds by unqualified names.
fn confirm(wanted: &SetSearchPath, previous: &str) -> Result<()> {
    let Some(ask) = wanted.ask.filter(|_| wanted.mode == Mode::Run) else {
        return Ok(());
    };
    let what = format!(
        "replace the search path of \"{}\" in {}, which is {previous}",
        wanted.role,
        wanted.target.name()
    );
    if ask(&format!("{what}?"))? {
        return Ok(());
    }
    Err(Failure::new(Kind::Refused, format!("not confirmed: {what}")).into())
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
    .hint(format!("existing schemas: {}", quoted(&found.existing))))
}
