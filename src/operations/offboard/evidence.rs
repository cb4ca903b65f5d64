//! What the audit log says of a person who leaves: this run's acts, and those of earlier runs that were cut off.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::undo::Undo;
use crate::domain::role::RoleName;
use crate::run::Run;
use crate::store::{EventFilter, LoggedEvent};

/// More acts than a person can have.
const MOST: u32 = 10_000;

/// One act in the audit log.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Evidence {
    /// When it was done, as RFC 3339.
    pub at: String,
    /// The operation, as in the audit log.
    pub operation: String,
    /// The role; null if it was not about one.
    pub username: Option<String>,
    /// The environment; null if it was not on one target.
    pub env: Option<String>,
    /// The database; null if it was not on one target.
    pub database: Option<String>,
    /// The host; null if it was not on one target.
    pub hostname: Option<String>,
    /// The port, as a number; null if it was not on one target.
    pub port: Option<u16>,
    /// How it ended.
    pub status: String,
    /// Why it failed; null if it did not.
    pub error: Option<String>,
    /// What was there, by name.
    pub found: Vec<String>,
    /// The user of the operating system who ran pgrole.
    pub by: String,
    /// The login on the server; null if none was used.
    pub admin_user: Option<String>,
    /// The ID of the operation in the audit log.
    pub operation_id: String,
}

/// The acts on some roles, oldest first.
///
/// # Errors
/// If the registry cannot be read.
pub fn read(run: &Run, names: &[RoleName]) -> Result<Vec<Evidence>> {
    let mut found = Vec::new();
    for name in names {
        let filter = EventFilter {
            username: Some(name.to_string()),
            limit: MOST,
            ..EventFilter::default()
        };
        let events = run.with_store(|store| store.list_events(&filter))?;
        found.extend(events.into_iter().filter(is_of_leaving));
    }
    found.sort_by_key(|event| event.id);
    Ok(found.into_iter().map(Evidence::from).collect())
}

fn is_of_leaving(event: &LoggedEvent) -> bool {
    let operations = [
        Operation::UserLock,
        Operation::UserUnlock,
        Operation::UserDrop,
        Operation::RotateForget,
        Operation::RecoverAbort,
        Operation::RecoverAck,
    ];
    operations.iter().any(|one| event.operation == one.name())
}

impl From<LoggedEvent> for Evidence {
    fn from(event: LoggedEvent) -> Self {
        let undo = event.undo.as_deref().map(serde_json::from_str::<Undo>);
        let undo = undo.and_then(Result::ok).unwrap_or_default();
        Self {
            at: event.performed_at,
            operation: event.operation,
            username: event.username,
            env: event.env,
            database: event.database,
            hostname: event.hostname,
            port: event.port,
            status: event.status,
            error: event.error,
            found: undo.remarks,
            by: event.os_user,
            admin_user: event.admin_user,
            operation_id: event.operation_id,
        }
    }
}
