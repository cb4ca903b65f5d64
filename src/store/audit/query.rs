//! Reads the audit log: acts newest first and by pages, one act, or every event in the order of the chain.

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::audit::filter::{ActOn, BoundQuery, Bounds, COLUMNS, EventFilter};
use crate::store::audit::period;
use crate::store::audit::target_lists::{NamedLists, targets_of};
use crate::store::bad_rows::{BadRow, Columns};
use crate::store::columns::AUDIT_LOG;
use crate::store::entry::read_text;

/// One act as `audit list` shows it: its intent and, if there is one, its outcome.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct LoggedEvent {
    /// The number of the event that records its intent.
    pub id: i64,
    /// When it began, as RFC 3339.
    pub performed_at: String,
    /// The operation.
    pub operation: String,
    /// The environment; null if it was not on one target.
    pub env: Option<String>,
    /// The database; null if it was not on one target.
    pub database: Option<String>,
    /// The role; null if it was not about one.
    pub username: Option<String>,
    /// How it ended; `no outcome on record` if that is not known.
    pub status: String,
    /// The user of the operating system who ran pgrole.
    pub os_user: String,
    /// The reason that was given; null if none was.
    pub reason: Option<String>,
    /// The targets of an act on several, each as `ENV/DATABASE`; empty otherwise.
    pub targets: Vec<String>,
    /// The host; null if it was not on one target.
    pub hostname: Option<String>,
    /// The port, as a number; null if it was not on one target.
    pub port: Option<u16>,
    /// The profile; null if none was involved.
    pub profile: Option<String>,
    /// The server's SQLSTATE; null if the server reported none.
    pub sqlstate: Option<String>,
    /// Why it failed; null if it did not.
    pub error: Option<String>,
    /// The SQL that ran, without verifiers; null if none did.
    pub statements: Option<String>,
    /// The statements that would undo them, as JSON (`domain::undo::Undo`); `None` also in acts of earlier versions.
    #[serde(skip)]
    pub undo: Option<String>,
    /// How long it took, in milliseconds; null if it has no outcome.
    pub duration_ms: Option<f64>,
    /// The login on the server; null if none was used.
    pub admin_user: Option<String>,
    /// The numeric ID of that user.
    pub uid: u32,
    /// The user who called sudo; null if nobody did.
    pub sudo_user: Option<String>,
    /// The machine that pgrole ran on.
    pub host: String,
    /// The process ID of pgrole.
    pub pid: u32,
    /// The terminal; null if there was none.
    pub tty: Option<String>,
    /// The version of pgrole.
    pub version: String,
    /// The ID of the operation, which ties its events together.
    pub operation_id: String,
}

impl Store {
    /// Whether a login of this name was used as the admin credential, or was allowed by `access prepare` to grant
    /// access groups.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn knows_admin(&self, name: &str) -> Result<bool> {
        self.explained(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM audit_log WHERE stage = 'outcome' AND error IS NULL AND admin_user = ?1)
                OR EXISTS (SELECT 1 FROM audit_log i JOIN audit_log o ON o.operation_id = i.operation_id
                    WHERE i.stage = 'intent' AND i.operation = ?2 AND i.username = ?1
                    AND o.stage = 'outcome' AND o.error IS NULL)
                OR EXISTS (SELECT 1 FROM known_admin WHERE name = ?1)",
            [name, Operation::AccessPrepare.name()],
            |row| row.get(0),
        ))
    }

    /// A page of acts, newest first.
    ///
    /// # Errors
    /// Not found, if the event to start after does not exist; if the file cannot be read.
    pub fn list_events(&self, filter: &EventFilter) -> Result<Vec<LoggedEvent>> {
        if let Some(id) = filter.before {
            self.require_event(id)?;
        }
        self.explained(self.read_page(filter))
    }

    fn read_page(&self, filter: &EventFilter) -> rusqlite::Result<Vec<LoggedEvent>> {
        let mut bounds = Bounds {
            has_indexes: period::has_newest_indexes(&self.connection)?,
            ..Bounds::default()
        };
        if filter.since.is_some() || filter.until.is_some() {
            bounds.ids = period::find_ids(&self.connection, filter.since, filter.until)?;
            if bounds.ids.is_none() {
                return Ok(Vec::new());
            }
        }
        let most = usize::try_from(filter.limit).unwrap_or(usize::MAX);
        let mut lists = NamedLists::default();
        let mut events: Vec<LoggedEvent> = Vec::new();
        for part in filter.parts(&self.connection)? {
            let BoundQuery { sql, values } = filter.query(&part, &bounds);
            let mut statement = self.connection.prepare_cached(&sql)?;
            let values = rusqlite::params_from_iter(values.iter().map(AsRef::as_ref));
            let columns = Columns::of(AUDIT_LOG, &statement);
            let mut rows = statement.query(values)?;
            while let Some(row) = rows.next()? {
                events.push(self.show_event(row, &columns, &mut lists)?);
            }
            if part != ActOn::OneTarget {
                events.sort_by_key(|event| std::cmp::Reverse(event.id));
                events.truncate(most);
            }
            if events.len() == most {
                bounds.after = events.last().map(|event| event.id);
            }
        }
        Ok(events)
    }

    /// Reads an act. What another program wrote is shown as far as it can be, and named: nothing of the log is passed over.
    fn show_event(
        &self,
        row: &Row<'_>,
        columns: &Columns,
        lists: &mut NamedLists,
    ) -> rusqlite::Result<LoggedEvent> {
        self.note_bad_rows(columns.find_fault(row).map(BadRow::used));
        let mut event = read_event(row)?;
        if event.targets.is_empty()
            && let Some(hash) = read_text(row, "targets_hash")?
        {
            event.targets = lists.targets(self, event.id, &hash)?.to_vec();
        }
        Ok(event)
    }

    /// Refuses an ID that no listed act has.
    fn require_event(&self, id: i64) -> Result<()> {
        let is_there: bool = self.explained(self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM audit_log WHERE id = ?1 AND stage <> 'outcome')",
            [id],
            |row| row.get(0),
        ))?;
        if is_there {
            return Ok(());
        }
        Err(no_event(&id.to_string()).into())
    }

    /// One act, by the ID of one of its events or of its operation.
    ///
    /// # Errors
    /// Not found; when the file cannot be read.
    pub fn find_event(&self, id: &str) -> Result<LoggedEvent> {
        let sql = format!(
            "{COLUMNS} FROM audit_log i LEFT JOIN audit_log o ON o.operation_id = i.operation_id AND o.stage = 'outcome'
             WHERE i.stage <> 'outcome'
                AND i.operation_id = coalesce((SELECT operation_id FROM audit_log WHERE id = ?2), ?1)"
        );
        let number: Option<i64> = id.parse().ok();
        let find = |number: Option<i64>| {
            self.explained((|| {
                let mut statement = self.connection.prepare_cached(&sql)?;
                let columns = Columns::of(AUDIT_LOG, &statement);
                let mut lists = NamedLists::default();
                let show = |row: &Row<'_>| self.show_event(row, &columns, &mut lists);
                statement.query_row(params![id, number], show).optional()
            })())
        };
        // An operation's ID may look like a number, but is longer than any event's ID.
        let by_operation = find(None)?;
        let found = match by_operation {
            Some(found) => Some(found),
            None => find(number)?,
        };
        found.ok_or_else(|| no_event(id).into())
    }

    /// The next events in the order of the chain, each with all its columns and its list of targets; empty if there are
    /// no more.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn read_events_after(
        &self,
        id: i64,
        since: Option<Timestamp>,
        until: Option<Timestamp>,
    ) -> Result<Vec<Map<String, Value>>> {
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT * FROM audit_log WHERE id > ?1 AND (?2 IS NULL OR performed_at >= ?2)
                 AND (?3 IS NULL OR performed_at < ?3) ORDER BY id LIMIT 1000",
            )?;
            let names: Vec<_> = statement.column_names().map(key_of).collect();
            let point = |point: Option<Timestamp>| point.map(|point| point.to_string());
            let mut lists = NamedLists::default();
            let rows = statement.query_map(params![id, point(since), point(until)], |row| {
                let columns = names.iter().enumerate();
                let columns =
                    columns.map(|(place, name)| Ok((name.clone(), json_of(row.get_ref(place)?))));
                let mut event = columns.collect::<rusqlite::Result<Map<_, _>>>()?;
                if let Some(Value::String(hash)) = event.get("targets_hash")
                    && let Some(text) = lists.text(&self.connection, hash)?
                {
                    let text = text.into();
                    event.insert("targets".to_owned(), text);
                }
                Ok(event)
            })?;
            rows.collect()
        })())
    }
}

fn no_event(id: &str) -> Failure {
    Failure::not_found(format!("no event {id:?} in the audit log"))
        .hint("list the events: pgrole audit list")
}

/// A column's name in JSON.
fn key_of(column: &str) -> String {
    if column == "db_name" {
        "database".to_owned()
    } else {
        column.to_owned()
    }
}

/// A value as it is in the file, even if another program has put it there.
fn json_of(value: ValueRef<'_>) -> Value {
    match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => number.into(),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => String::from_utf8_lossy(bytes).into(),
    }
}

fn read_event(row: &Row<'_>) -> rusqlite::Result<LoggedEvent> {
    let optional = |column| read_text(row, column);
    let text = |column| optional(column).map(Option::unwrap_or_default);
    let status = optional("status")?;
    Ok(LoggedEvent {
        id: row.get("id")?,
        performed_at: text("performed_at")?,
        operation: text("operation")?,
        env: optional("env")?,
        database: optional("db_name")?,
        username: optional("username")?,
        status: status.unwrap_or_else(|| Status::NoOutcome.to_string()),
        os_user: text("os_user")?,
        reason: optional("reason")?,
        targets: targets_of(optional("targets")?.as_deref()),
        hostname: optional("hostname")?,
        port: row.get("port").unwrap_or_default(),
        profile: optional("profile")?,
        sqlstate: optional("sqlstate")?,
        error: optional("error")?,
        statements: optional("statements")?,
        undo: optional("undo")?,
        duration_ms: row.get("duration_ms").unwrap_or_default(),
        admin_user: optional("admin_user")?,
        uid: row.get("uid").unwrap_or(NO_USER),
        sudo_user: optional("sudo_user")?,
        host: text("host")?,
        pid: row.get("pid").unwrap_or_default(),
        tty: optional("tty")?,
        version: text("version")?,
        operation_id: text("operation_id")?,
    })
}

/// Stands for an ID that is not one: no user has it.
const NO_USER: u32 = u32::MAX;
