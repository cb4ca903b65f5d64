//! `access prepare`: makes a database's access groups ahead, for admin logins that may not grant themselves.

use anyhow::{Context, Result};
use serde::Serialize;

use crate::domain::access::{AccessLevel, group_name};
use crate::domain::failure::OnTarget;
use crate::domain::plan::{Adoption, Planner};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::create_user::Mode;
use crate::operations::login_state::{apply, for_people, require_writable};
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

/// Makes and completes each group, each as one transaction.
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

fn prepare(server: &mut Server, wanted: &PrepareAccess) -> Result<(Vec<GroupReport>, Done)> {
    let mut reports = Vec::new();
    let mut done = Done::default();
    for level in &wanted.levels {
        let report = prepare_group(server, *level, wanted)?;
        done.statements.extend(report.statements.clone());
        reports.push(report);
    }
    let changed = reports.iter().any(|report| report.status != "unchanged");
    let status = if changed {
        "access prepared"
    } else {
        "unchanged"
    };
    done.status.push_str(status);
    if wanted.mode == Mode::DryRun {
        done = Done {
            status: "unchanged".to_owned(),
            ..Done::default()
        };
    }
    Ok((reports, done))
}

fn prepare_group(
    server: &mut Server,
    level: AccessLevel,
    wanted: &PrepareAccess,
) -> Result<GroupReport> {
    let database = &wanted.target.database;
    let administrator = wanted.administrator.as_ref().map_or("", RoleName::as_str);
    let found = catalog::read_access(&mut server.connection, administrator, database, level)?;
    let planner = Planner::new(&wanted.target, &found, wanted.adoption);
    let plan = planner.plan_group(level, wanted.administrator.as_ref())?;
    let statements = for_people(&plan.changes, found.version);
    let mut status = "unchanged";
    if !plan.changes.is_empty() && wanted.mode == Mode::Run {
        require_writable(&found, &wanted.target)?;
        apply(server, &plan.changes, found.version)?;
        status = "prepared";
    }
    Ok(GroupReport {
        env: wanted.target.env.to_string(),
        database: database.to_string(),
        access: level.as_str(),
        group: group_name(database, level).to_string(),
        status,
        statements,
        not_covered: plan.not_covered,
    })
}
