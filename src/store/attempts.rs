//! How the last password change of each role ended, from the audit log and the journal.

use anyhow::Result;
use rusqlite::{OptionalExtension, Row};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::columns::AUDIT_LOG;
use crate::store::entry::read_text;

/// The newest act that was to change a role's password.
#[derive(Debug, Clone)]
pub struct PasswordAttempt {
    /// The number of its event: a later one has a higher number, whatever the clocks say.
    pub event: i64,
    pub hostname: Option<String>,
    /// The first port, if there are several.
    pub port: Option<u16>,
    pub username: String,
    pub at: String,
    pub result: AttemptResult,
    pub error: Option<String>,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AttemptResult {
    /// The new password is in force and was delivered.
    Changed,
    /// It is still open in the journal, in this state.
    Open(String),
    /// It changed nothing; the text of the audit log.
    Failed(String),
}

/// What recovery delivered later counts as changed, although its own outcome says otherwise. An act with a profile
/// created a login: for a profile named `reset`, earlier versions recorded that under the name of another operation.
const NEWEST: &str = "
    SELECT i.id, i.hostname, i.port, i.username, i.performed_at, j.state, o.status, o.error
    FROM audit_log i
    LEFT JOIN audit_log o ON o.operation_id = i.operation_id AND o.stage = 'outcome'
    LEFT JOIN password_change j ON j.operation_id = i.operation_id
    WHERE i.id IN (
        SELECT max(a.id) FROM audit_log a
        WHERE a.stage = 'intent' AND a.username IS NOT NULL
            AND (a.operation IN (?1, ?2) AND a.profile IS NULL
                OR EXISTS (SELECT 1 FROM password_change p WHERE p.operation_id = a.operation_id))
        GROUP BY a.hostname, a.port, a.username)";

const NEWEST_ROTATION: &str = "
    SELECT performed_at FROM audit_log WHERE stage <> 'outcome' AND operation = ?1 ORDER BY id DESC LIMIT 1";

impl Store {
    /// The newest attempt to change each role's password.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_newest_attempts(&self) -> Result<Vec<PasswordAttempt>> {
        self.explained((|| {
            let mut statement = self.connection.prepare(NEWEST)?;
            let operations = [Operation::Rotate, Operation::UserReset].map(Operation::name);
            self.read_rows((AUDIT_LOG, &mut statement), operations, read_attempt)
        })())
    }

    /// When the newest rotation began; `None` if none is on record, or at what is no time.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn newest_rotation(&self) -> Result<Option<Timestamp>> {
        let at: Option<String> = self.explained(
            self.connection
                .query_row(NEWEST_ROTATION, [Operation::RotateRun.name()], |row| {
                    read_text(row, "performed_at")
                })
                .optional()
                .map(Option::flatten),
        )?;
        Ok(at.as_deref().and_then(Timestamp::parse))
    }
}

fn read_attempt(row: &Row<'_>) -> rusqlite::Result<PasswordAttempt> {
    let state: Option<String> = row.get("state")?;
    let result = match state.as_deref() {
        Some("CLOSED" | "DELIVERED") => AttemptResult::Changed,
        None | Some("ABORTED" | "REFUSED" | "SUPERSEDED") => {
            let status: Option<String> = row.get("status")?;
            AttemptResult::Failed(status.unwrap_or_else(|| Status::NoOutcome.to_string()))
        }
        Some(open) => AttemptResult::Open(open.to_owned()),
    };
    Ok(PasswordAttempt {
        event: row.get("id")?,
        hostname: row.get("hostname")?,
        port: row.get("port")?,
        username: row.get("username")?,
        at: row.get("performed_at")?,
        result,
        error: row.get("error")?,
    })
}
