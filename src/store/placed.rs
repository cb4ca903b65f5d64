//! Which logins pgrole placed where, when their passwords last changed, and where they are delivered.

use anyhow::Result;
use rusqlite::{Connection, Row, params};
use serde::Serialize;

use crate::domain::password_change::{ChangeKind, PasswordChange};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::store::{Store, Subject};

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
    /// What is no time is not known.
    pub password_changed_at: String,
    pub deliver: Option<String>,
    pub file_format: Option<String>,
    /// Until when it is good; None: nobody said.
    pub term: Option<String>,
    /// The VALID UNTIL whose passing was named.
    pub end_named: Option<String>,
}

/// What stands in the place of a time where a role was taken under rotation, and has had no new password since.
const NOT_YET: &str = "unknown";

/// A role that is taken under rotation.
#[derive(Debug)]
pub struct AdoptedRole<'a> {
    pub username: &'a str,
    pub profile: Option<&'a str>,
    pub deliver: &'a str,
    pub file_format: &'a str,
}

impl Store {
    /// Takes a role under rotation whose password was never changed from here.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn adopt_role(&mut self, target: &Target, role: &AdoptedRole<'_>) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO placed_role (hostname, port, username, env, db_name, profile,
                    password_changed_at, deliver, file_format)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    target.hostname.to_string(),
                    target.port.to_string(),
                    role.username,
                    target.env.as_str(),
                    target.database.as_str(),
                    role.profile,
                    NOT_YET,
                    role.deliver,
                    role.file_format,
                ],
            )?;
            Ok(())
        })
    }

    /// All placed logins, by name.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_placed_roles(&self) -> Result<Vec<PlacedRole>> {
        self.explained((|| {
            let mut statement = self.connection.prepare(
                "SELECT hostname, CAST(port AS TEXT) AS port, username, env, db_name, profile, password_changed_at,
                    deliver, file_format, term, end_named FROM placed_role ORDER BY env, db_name, username",
            )?;
            let rows = statement.query_map([], read_placed)?;
            rows.collect()
        })())
    }

    /// Notes that the end of a login was named: once is enough.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_end_named(
        &mut self,
        target: &Target,
        username: &str,
        valid_until: &str,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE placed_role SET end_named = ?4 WHERE hostname = ?1 AND port = ?2 AND username = ?3",
                params![
                    target.hostname.to_string(),
                    target.port.to_string(),
                    username,
                    valid_until,
                ],
            )?;
            Ok(())
        })
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
            password_changed_at, deliver, file_format, term)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
         ON CONFLICT (hostname, port, username) DO UPDATE SET
            profile = coalesce(excluded.profile, profile),
            password_changed_at = excluded.password_changed_at,
            deliver = excluded.deliver,
            file_format = excluded.file_format,
            term = coalesce(excluded.term, term)",
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
            change.term.map(|term| term.to_string()),
        ],
    )?;
    Ok(())
}

fn read_placed(row: &Row<'_>) -> rusqlite::Result<PlacedRole> {
    Ok(PlacedRole {
        hostname: row.get("hostname")?,
        port: row.get("port")?,
        username: row.get("username")?,
        env: row.get("env")?,
        database: row.get("db_name")?,
        profile: row.get("profile")?,
        password_changed_at: row.get("password_changed_at")?,
        deliver: row.get("deliver")?,
        file_format: row.get("file_format")?,
        term: row.get("term")?,
        end_named: row.get("end_named")?,
    })
}
