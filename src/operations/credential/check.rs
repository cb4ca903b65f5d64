//! `credential check`: which source gives the admin credential of a target, and whether the server accepts it.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::credentials::PassedOver;
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::run::fleet::for_each_target;
use crate::run::{Act, FleetReading, Run};
use crate::server::catalog;

/// The result for one target.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CredentialReport {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The role that it logs in as.
    pub user: String,
    /// Where the admin credential was found.
    pub source: String,
    /// `login ok`.
    pub status: Status,
    /// Whether it is a superuser.
    pub superuser: bool,
    /// Whether it may create roles.
    pub createrole: bool,
    /// The role whose privileges apply, if the login's own `role` setting names another; null otherwise.
    pub acts_as: Option<String>,
    /// The sources that were tried before.
    pub passed_over: Vec<PassedOver>,
}

/// Logs in to each target with the credential that its sources give.
///
/// # Errors
/// If the audit log cannot be written.
pub fn check_credentials(
    run: &Run,
    targets: &[Target],
    take: impl FnMut(usize, Result<CredentialReport>),
) -> Result<()> {
    let cannot = "the admin credential does not work";
    let act = Act::over(targets, Operation::CredentialCheck, cannot);
    let reading = run.begin_reading(targets, act)?;
    for_each_target(run, targets, |target| check(run, &reading, target), take);
    reading.end(Status::LoginOk);
    Ok(())
}

fn check(run: &Run, reading: &FleetReading<'_>, target: &Target) -> Result<CredentialReport> {
    reading.ask(target, |server| {
        let admin = RoleName::from_server(server.admin.clone());
        let state = server.read(|connection| catalog::read_role(connection, &admin))?;
        if let Some(setting) = state.unused_role() {
            run.note(setting.why_not(&server.admin, &target.database));
        }
        Ok(CredentialReport {
            env: target.env.to_string(),
            database: target.database.to_string(),
            user: server.admin.clone(),
            source: server.origin.clone(),
            status: Status::LoginOk,
            superuser: state.admin.superuser,
            createrole: state.admin.createrole,
            acts_as: (state.admin.name != server.admin).then(|| state.admin.name.clone()),
            passed_over: server.passed_over.clone(),
        })
    })
}
