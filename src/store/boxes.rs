//! Grants with an end: what this file granted, and what of it is not known to have ended. A row is written before anything
//! is sent to a server, so that no grant is forgotten; what a row says is only what was known last.

use anyhow::Result;
use rusqlite::{OptionalExtension, Row, params};

use crate::domain::access::boxes::BoxId;
use crate::domain::act::operation::Operation;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::columns::ACCESS_BOX;

/// A grant with an end, as this file knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoxRow {
    pub id: BoxId,
    pub env: String,
    pub database: String,
    pub hostname: String,
    pub port: String,
    pub username: String,
    /// `None` if only the audit log knows of it.
    pub level: Option<String>,
    pub reason: Option<String>,
    /// By the server's clock; `None` if only the audit log knows of it.
    pub ends_at: Option<String>,
    pub state: BoxRowState,
    /// Who else was found to be a member, and was told of, as names on a line each.
    pub strangers: Option<String>,
    /// When it was told last that it could not be ended.
    pub noticed_at: Option<String>,
}

/// How far a grant is known to have come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxRowState {
    /// It may be on its server, or not.
    Intended,
    Open,
    /// Its end is on record; its role may still be on the server.
    Ended,
    /// Nothing is left of it.
    Closed,
}

/// How the act that granted a box ended, by the audit log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BoxGrant {
    /// No outcome is on record.
    Unknown,
    Granted,
    /// It failed, or nothing was to be granted.
    NotGranted,
}

impl BoxRowState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Open => "open",
            Self::Ended => "ended",
            Self::Closed => "closed",
        }
    }
}

/// What the log calls an act that granted a box, whether it said so itself or was cut off.
const GRANTED: &str = "status IN ('access granted', 'cut off: access granted')";
/// What it says of an end, before the ID.
const ENDS: [&str; 3] = ["access expired: ", "access revoked: ", "access removed: "];

impl Store {
    /// Puts a grant on record, or what is known of it now.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_box(&mut self, row: &BoxRow, now: Timestamp) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO access_box (id, env, db_name, hostname, port, username, level, reason, ends_at,
                    state, strangers, granted_at, noticed_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                 ON CONFLICT (id) DO UPDATE SET hostname = excluded.hostname,
                    port = excluded.port, username = excluded.username, level = excluded.level,
                    reason = excluded.reason, ends_at = excluded.ends_at, state = excluded.state,
                    strangers = excluded.strangers, noticed_at = excluded.noticed_at",
                params![
                    row.id.as_str(),
                    row.env,
                    row.database,
                    row.hostname,
                    row.port,
                    row.username,
                    row.level,
                    row.reason,
                    row.ends_at,
                    row.state.as_str(),
                    row.strangers,
                    now.to_string(),
                    row.noticed_at,
                ],
            )?;
            Ok(())
        })
    }

    /// Records how far a grant has come; nothing, if it is not in this file.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn set_box_state(&mut self, id: &BoxId, state: BoxRowState) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE access_box SET state = ?2 WHERE id = ?1",
                params![id.as_str(), state.as_str()],
            )?;
            Ok(())
        })
    }

    /// The grants of which something may be left, by target and login.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_boxes(&self) -> Result<Vec<BoxRow>> {
        self.explained((|| {
            let mut statement = self.connection.prepare(
                "SELECT * FROM access_box WHERE state <> 'closed' ORDER BY env, db_name, username, id",
            )?;
            self.read_rows((ACCESS_BOX, &mut statement), [], read_box)
        })())
    }

    /// A grant, whatever became of it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_box(&self, id: &BoxId) -> Result<Option<BoxRow>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare("SELECT * FROM access_box WHERE id = ?1")?;
            let mut rows = self.read_rows((ACCESS_BOX, &mut statement), [id.as_str()], read_box)?;
            Ok(rows.pop())
        })())
    }

    /// Grants that only the audit log knows of: their rows were lost. Those whose end it knows are not among them.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_boxes_of_log(&self) -> Result<Vec<BoxRow>> {
        let is_ended = ENDS
            .map(|end| format!("e.status LIKE '{end}' || i.operation_id || '%'"))
            .join(" OR ");
        let sql = format!(
            "SELECT i.operation_id AS id, i.env, i.db_name, i.hostname, i.port, i.username, i.reason FROM audit_log i
             WHERE i.operation = '{}' AND i.stage = 'intent'
             AND NOT EXISTS (SELECT 1 FROM access_box b WHERE b.id = i.operation_id)
             AND NOT EXISTS (SELECT 1 FROM audit_log e WHERE e.username = i.username AND e.stage <> 'intent' AND ({is_ended}))
             ORDER BY i.id",
            Operation::AccessGrantFor.name()
        );
        self.explained((|| {
            let mut statement = self.connection.prepare(&sql)?;
            let rows = statement.query_map([], |row| Ok(read_logged(row).ok()))?;
            let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            Ok(rows.into_iter().flatten().collect())
        })())
    }

    /// How the act ended that granted a box.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_box_grant(&self, id: &BoxId) -> Result<BoxGrant> {
        let sql = format!(
            "SELECT max({GRANTED}) FROM audit_log WHERE operation_id = ?1 AND stage = 'outcome'"
        );
        let granted: Option<bool> = self.explained(self.connection.query_row(
            &sql,
            [id.as_str()],
            |row| row.get(0),
        ))?;
        Ok(match granted {
            None => BoxGrant::Unknown,
            Some(true) => BoxGrant::Granted,
            Some(false) => BoxGrant::NotGranted,
        })
    }

    /// The operation that was to extend a grant, and was cut off.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_cut_off_extension(&self, row: &BoxRow) -> Result<Option<String>> {
        let found = self.connection.query_row(
            "SELECT i.operation_id FROM audit_log i
             WHERE i.operation = ?1 AND i.stage = 'intent' AND i.env = ?2 AND i.db_name = ?3 AND i.username = ?4
             AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.operation_id = i.operation_id AND o.stage = 'outcome')
             ORDER BY i.id DESC LIMIT 1",
            params![
                Operation::AccessExtend.name(),
                row.env,
                row.database,
                row.username
            ],
            |row| row.get(0),
        );
        self.explained(found.optional())
    }

    /// Whether the end of a box is on record.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn has_box_end(&self, id: &BoxId) -> Result<bool> {
        let is_end = ENDS
            .map(|end| format!("status LIKE '{end}' || ?1 || '%'"))
            .join(" OR ");
        let sql = format!(
            "SELECT EXISTS (SELECT 1 FROM audit_log WHERE stage = 'outcome' AND ({is_end}))"
        );
        self.explained(
            self.connection
                .query_row(&sql, [id.as_str()], |row| row.get(0)),
        )
    }
}

fn read_box(row: &Row<'_>) -> rusqlite::Result<BoxRow> {
    Ok(BoxRow {
        id: BoxId::of_operation(&row.get::<_, String>("id")?),
        env: row.get("env")?,
        database: row.get("db_name")?,
        hostname: row.get("hostname")?,
        port: row.get("port")?,
        username: row.get("username")?,
        level: row.get("level")?,
        reason: row.get("reason")?,
        ends_at: row.get("ends_at")?,
        state: match row.get::<_, String>("state")?.as_str() {
            "intended" => BoxRowState::Intended,
            "open" => BoxRowState::Open,
            "ended" => BoxRowState::Ended,
            _ => BoxRowState::Closed,
        },
        strangers: row.get("strangers")?,
        noticed_at: row.get("noticed_at")?,
    })
}

fn read_logged(row: &Row<'_>) -> rusqlite::Result<BoxRow> {
    let port: Option<i64> = row.get("port")?;
    Ok(BoxRow {
        id: BoxId::of_operation(&row.get::<_, String>("id")?),
        env: row.get("env")?,
        database: row.get("db_name")?,
        hostname: row.get("hostname")?,
        port: port.map_or_else(String::new, |port| port.to_string()),
        username: row.get("username")?,
        level: None,
        reason: row.get("reason")?,
        ends_at: None,
        state: BoxRowState::Intended,
        strangers: None,
        noticed_at: None,
    })
}
