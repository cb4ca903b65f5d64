//! Rehearses a plan on a server, and reads what a rehearsal could set off.

use anyhow::Result;
use serde::Deserialize;
use tokio_postgres::types::Type;

use crate::domain::act::plan::Change;
use crate::domain::act::rehearsal::RoleRights;
use crate::domain::encoding::show_bytes;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::server::catalog::{Guarded, read_names};
use crate::server::statements::statement_of;
use crate::wire::changes::Statement;
use crate::wire::connection::{Connection, NameEncoding, StatementLog};
use crate::wire::rehearsal::Measure;

pub use crate::wire::rehearsal::CONSTRAINTS;

const READ_EVENT_TRIGGERS: &str = include_str!("sql/event_triggers.sql");
/// What the rights of some roles are at that moment.
const RIGHTS: &str = include_str!("sql/rights.sql");

/// An event trigger that would run.
#[derive(Debug, Clone, Deserialize)]
pub struct EventTrigger {
    pub name: String,
    /// `ddl_command_start`, `ddl_command_end` or `sql_drop`.
    pub event: String,
    /// The function with its schema, as SQL writes it.
    pub function: String,
    pub language: String,
    /// Of the function's source.
    pub md5: String,
}

/// What the server said.
pub struct Rehearsed {
    pub transaction: String,
    /// `aborted`.
    pub outcome: String,
    /// The place of the first statement that failed, and why; the place after the last is [`CONSTRAINTS`].
    pub refused: Option<(usize, Failure)>,
    /// `None` if it was not reached, or could not be read.
    pub rights: Option<Vec<RoleRights>>,
}

/// Reads the enabled event triggers that run for one of the command tags.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_event_triggers(
    connection: &mut Connection,
    tags: &[&str],
) -> Result<Guarded<Vec<EventTrigger>>> {
    read_names(
        connection,
        ("the event triggers", READ_EVENT_TRIGGERS),
        &[(&tags, Type::TEXT_ARRAY)],
        NameEncoding::OfDatabase,
    )
}

/// The statements of a plan, for a server of `version` (`server_version_num`).
pub fn statements_of(changes: &[Change], version: u32) -> Vec<Statement> {
    let statements = changes.iter();
    statements
        .map(|change| statement_of(change, version))
        .collect()
}

/// Runs the statements in a transaction that is rolled back, and reads there what rights the roles have.
///
/// # Errors
/// As [`Connection::rehearse`].
pub fn rehearse(
    connection: &mut Connection,
    log: StatementLog,
    statements: &[Statement],
    roles: &[&RoleName],
) -> Result<Rehearsed> {
    let names: Vec<_> = roles.iter().map(|role| role.as_str()).collect();
    let measure = Measure {
        sql: RIGHTS,
        parameters: &[(&names, Type::TEXT_ARRAY)],
    };
    let found = connection.rehearse(log, statements, measure)?;
    let rights = found.measured.filter(|_| found.refused.is_none());
    let rights = rights.and_then(|bytes| serde_json::from_str(&show_bytes(&bytes)).ok());
    Ok(Rehearsed {
        transaction: found.transaction,
        outcome: found.outcome,
        refused: found.refused,
        rights,
    })
}
