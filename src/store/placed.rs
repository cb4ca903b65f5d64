//! Which logins pgrole placed where, when their passwords last changed, and where they are delivered.

use anyhow::Result;
use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::domain::password_change::{ChangeKind, PasswordChange};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::store::{Store, Subject, records};

/// A login that pgrole placed. A role belongs to a cluster: hostname, port and name are its key.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedRole {
    pub hostname: String,
    /// One port for all hosts, or one for each.
    pub port: String,
    pub username: String,
    pub env: String,
    pub database: String,
    pub profile: Option<String>,
    pub password_changed_at: String,
    pub deliver: Option<String>,
    pub file_format: Option<String>,
    /// Whether pgrole itself recorded where it is delivered.
    #[serde(skip)]
    pub is_recorded: bool,
}

impl Store {
    /// All placed logins, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_placed_roles(&self) -> Result<Vec<PlacedRole>> {
        self.explained((|| {
            let mut statement = self.connection.prepare(
                "SELECT hostname, CAST(port AS TEXT) AS port, username, env, db_name, profile, password_changed_at,
                    deliver, file_format, record_code FROM placed_role ORDER BY env, db_name, username",
            )?;
            let rows = statement.query_map([], |row| self.read_placed(row))?;
            rows.collect()
        })())
    }

    /// Forgets a login that is no longer on its server.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn forget_placed_role(
        &mut self,
        target: &Target,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<()> {
        let status = "role is gone from its server, forgotten";
        self.change_registry("rotate forget", subject, status, now, |transaction| {
            transaction.execute(
                "DELETE FROM placed_role WHERE hostname = ?1 AND port = ?2 AND username = ?3",
                params![
                    target.hostname.to_string(),
                    target.port.to_string(),
                    subject.username,
                ],
            )?;
            Ok(())
        })
    }
}

/// Records that a role's password changed; a reset keeps the profile that is known. The admin login is none that
/// pgrole places, but one that it placed may have become it.
pub(super) fn record(
    connection: &Connection,
    change: &PasswordChange,
    code: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    let target = &change.target;
    if change.kind == ChangeKind::Admin {
        connection.execute(
            "UPDATE placed_role SET password_changed_at = ?4 WHERE hostname = ?1 AND port = ?2 AND username = ?3",
            params![
                target.hostname.to_string(),
                target.port.to_string(),
                change.role.as_str(),
                now.to_string(),
            ],
        )?;
        return Ok(());
    }
    connection.execute(
        "INSERT INTO placed_role (hostname, port, username, env, db_name, profile,
            password_changed_at, deliver, file_format, record_code)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (hostname, port, username) DO UPDATE SET
            profile = coalesce(excluded.profile, profile),
            password_changed_at = excluded.password_changed_at,
            deliver = excluded.deliver,
            file_format = excluded.file_format,
            record_code = excluded.record_code",
        params![
            target.hostname.to_string(),
            target.port.to_string(),
            change.role.as_str(),
            target.env.as_str(),
            target.database.as_str(),
            change.profile,
            now.to_string(),
            change.delivery.to_string(),
            change.file_format.as_str(),
            code,
        ],
    )?;
    Ok(())
}

impl Store {
    fn read_placed(&self, row: &Row<'_>) -> rusqlite::Result<PlacedRole> {
        let code: Option<String> = row.get("record_code")?;
        let record = records::of_placed_role(row)?;
        Ok(PlacedRole {
            is_recorded: self.vouches_for(&record, code.as_deref()),
            hostname: row.get("hostname")?,
            port: row.get("port")?,
            username: row.get("username")?,
            env: row.get("env")?,
            database: row.get("db_name")?,
            profile: row.get("profile")?,
            password_changed_at: row.get("password_changed_at")?,
            deliver: row.get("deliver")?,
            file_format: row.get("file_format")?,
        })
    }
}
