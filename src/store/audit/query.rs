//! Reads the audit log: acts newest first and by pages, one act, or every event in the order of the chain.

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, ToSql, params};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::audit::changes;
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

/// Filters on events; `None` matches any.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    pub since: Option<Timestamp>,
    /// Up to this time, exclusive.
    pub until: Option<Timestamp>,
    pub env: Option<String>,
    pub database: Option<String>,
    pub username: Option<String>,
    pub operator: Option<String>,
    pub operation: Option<String>,
    /// Only acts whose outcome is an error.
    pub failed: bool,
    /// Only acts that changed something, or may have.
    pub changes: bool,
    /// Only what is listed after the event with this ID.
    pub before: Option<i64>,
    pub limit: u32,
}

/// An act without an outcome is marked: the process was killed, or is still working.
const COLUMNS: &str = "
    SELECT i.id, i.performed_at, i.operation, i.env, i.db_name, i.username,
        coalesce(o.status, CASE WHEN i.stage <> 'intent' THEN i.status END) AS status,
        i.os_user, i.reason, i.targets, i.hostname, i.port, i.profile, o.sqlstate, o.error, o.statements, o.undo, o.duration_ms,
        coalesce(o.admin_user, i.admin_user) AS admin_user,
        i.uid, i.sudo_user, i.host, i.pid, i.tty, i.version, i.operation_id";

/// Which acts a query finds.
#[derive(Clone, Copy, PartialEq, Eq)]
enum ActOn {
    OneTarget,
    SeveralTargets,
}

/// A query with its bound parameters.
struct BoundQuery {
    sql: String,
    values: Vec<Box<dyn ToSql>>,
}

impl EventFilter {
    /// The queries whose pages together make a page: acts on several targets are found by another column.
    fn queries(&self) -> Vec<BoundQuery> {
        let one = self.query(ActOn::OneTarget);
        if self.env.is_none() && self.database.is_none() {
            return vec![one];
        }
        vec![one, self.query(ActOn::SeveralTargets)]
    }

    /// What the list of targets contains, if it has one that is wanted.
    fn wanted_target(&self) -> String {
        // As JSON writes them, without the quote on the side that is open.
        let quoted = |name: &String| serde_json::Value::from(name.as_str()).to_string();
        let env = self.env.as_ref().map(quoted).unwrap_or_default();
        let database = self.database.as_ref().map(quoted).unwrap_or_default();
        let env = env.strip_suffix('"').unwrap_or(&env);
        let database = database.strip_prefix('"').unwrap_or(&database);
        format!("{env}/{database}")
    }

    fn query(&self, of: ActOn) -> BoundQuery {
        // The alias of the row whose time selects the acts. Failures are rare, so they are found by their outcomes.
        let (alias, tables) = match (self.failed, of) {
            (true, _) => (
                "o",
                "FROM audit_log o CROSS JOIN audit_log i ON i.operation_id = o.operation_id AND i.stage = 'intent'
                 WHERE o.stage = 'outcome' AND o.error IS NOT NULL",
            ),
            (false, ActOn::OneTarget) => (
                "i",
                "FROM audit_log i LEFT JOIN audit_log o ON o.operation_id = i.operation_id AND o.stage = 'outcome'
                 WHERE i.stage <> 'outcome'",
            ),
            (false, ActOn::SeveralTargets) => (
                "i",
                "FROM audit_log i INDEXED BY audit_log_targets
                 LEFT JOIN audit_log o ON o.operation_id = i.operation_id AND o.stage = 'outcome'
                 WHERE i.stage <> 'outcome' AND i.targets IS NOT NULL",
            ),
        };
        let mut sql = format!("{COLUMNS} {tables}");
        let mut values: Vec<Box<dyn ToSql>> = Vec::new();
        // The most selective column first: its index is used; a plus sign keeps SQLite from using the others'.
        let mut plus = if self.failed { "+" } else { "" };
        for (column, wanted) in [
            ("username", &self.username),
            ("db_name", &self.database),
            ("operation", &self.operation),
            ("os_user", &self.operator),
            ("env", &self.env),
        ] {
            if of == ActOn::SeveralTargets && matches!(column, "db_name" | "env") {
                continue;
            }
            if let Some(wanted) = wanted {
                if let Some(mode) = creates_by_any_profile(column, wanted) {
                    sql += &format!(" AND {}", creation_condition(alias));
                    values.push(Box::new(wanted.clone()));
                    values.push(Box::new(mode.suffix()));
                    continue;
                }
                sql += &format!(" AND {plus}{alias}.{column} = ?");
                values.push(Box::new(wanted.clone()));
                plus = "+";
            }
        }
        if of == ActOn::SeveralTargets {
            sql += " AND i.targets IS NOT NULL AND instr(i.targets, ?) > 0";
            values.push(Box::new(self.wanted_target()));
        }
        // The ids at the ends of the period are found by its index, whatever the clocks did in between.
        for (sign, point, bound) in [
            (">=", self.since, ">= (SELECT min(id)"),
            ("<", self.until, "<= (SELECT max(id)"),
        ] {
            if let Some(point) = point {
                sql += &format!(
                    " AND {alias}.performed_at {sign} ? AND {alias}.id {bound} FROM audit_log WHERE performed_at {sign} ?)"
                );
                values.push(Box::new(point.to_string()));
                values.push(Box::new(point.to_string()));
            }
        }
        if self.changes {
            sql += &changes::condition();
        }
        if let Some(before) = self.before {
            sql += " AND i.id < ?";
            values.push(Box::new(before));
        }
        // By id, so that newer events are listed first even if a clock was set back.
        sql += " ORDER BY i.id DESC LIMIT ?";
        values.push(Box::new(self.limit));
        BoundQuery { sql, values }
    }
}

/// Whether the filter is for creations with any profile, and in which mode.
fn creates_by_any_profile(column: &str, wanted: &str) -> Option<Mode> {
    let mut modes = [Mode::Run, Mode::DryRun, Mode::Rehearsal].into_iter();
    let is_it =
        |mode: &Mode| column == "operation" && Operation::UserCreate.name_in(*mode) == wanted;
    modes.find(is_it)
}

/// Earlier versions named a creation after its profile. Names that a command of its own may have recorded stay with
/// that command.
fn creation_condition(alias: &str) -> String {
    let own: Vec<_> = Operation::OF_PROFILES
        .iter()
        .map(|operation| format!("'{}'", operation.name()))
        .collect();
    format!(
        "({alias}.operation = ? OR {alias}.operation = 'user ' || {alias}.profile || ?
            AND 'user ' || {alias}.profile NOT IN ({}))",
        own.join(", ")
    )
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
        let queries = filter.queries();
        let is_merged = queries.len() > 1;
        let mut events = Vec::new();
        for BoundQuery { sql, values } in queries {
            let page: Vec<_> = self.explained((|| {
                let mut statement = self.connection.prepare(&sql)?;
                let values = rusqlite::params_from_iter(values.iter().map(AsRef::as_ref));
                let columns = Columns::of(AUDIT_LOG, &statement);
                statement
                    .query_map(values, |row| self.show_event(row, &columns))?
                    .collect()
            })())?;
            events.extend(page);
        }
        if is_merged {
            events.sort_by_key(|event| std::cmp::Reverse(event.id));
            events.truncate(usize::try_from(filter.limit).unwrap_or(usize::MAX));
        }
        Ok(events)
    }

    /// Reads an act. What another program wrote is shown as far as it can be, and named: nothing of the log is passed over.
    fn show_event(&self, row: &Row<'_>, columns: &Columns) -> rusqlite::Result<LoggedEvent> {
        self.note_bad_rows(columns.find_fault(row).map(BadRow::used));
        read_event(row)
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
                let show = |row: &Row<'_>| self.show_event(row, &columns);
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

    /// The next events in the order of the chain, each with all its columns; empty if there are no more.
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
            let rows = statement.query_map(params![id, point(since), point(until)], |row| {
                let columns = names.iter().enumerate();
                columns
                    .map(|(place, name)| Ok((name.clone(), json_of(row.get_ref(place)?))))
                    .collect()
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

/// The targets of an act on several; none if another program wrote something else there.
fn targets_of(json: Option<&str>) -> Vec<String> {
    let targets = json.and_then(|json| serde_json::from_str(json).ok());
    targets.unwrap_or_default()
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

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;
    use crate::domain::audit::operator::Operator;
    use crate::store::schema;

    fn plan(connection: &Connection, filter: &EventFilter, of: ActOn) -> String {
        let BoundQuery { sql, values } = filter.query(of);
        let mut statement = connection
            .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
            .unwrap();
        let values = rusqlite::params_from_iter(values.iter().map(AsRef::as_ref));
        let lines = statement.query_map(values, |row| row.get::<_, String>(3));
        let lines: Vec<_> = lines.unwrap().map(Result::unwrap).collect();
        lines.join("; ")
    }

    #[test]
    fn every_filter_has_an_index_that_gives_the_order_too() {
        let mut connection = Connection::open_in_memory().unwrap();
        let transaction = connection.transaction().unwrap();
        schema::migrate(&transaction, 0, &Operator::default(), Timestamp::now()).unwrap();
        transaction.commit().unwrap();
        let any = EventFilter::default;
        let x = || Some("x".to_owned());
        for (index, filter) in [
            ("INTEGER PRIMARY KEY", any()),
            ("audit_log_env", EventFilter { env: x(), ..any() }),
            (
                "audit_log_database",
                EventFilter {
                    database: x(),
                    env: x(),
                    ..any()
                },
            ),
            (
                "audit_log_username",
                EventFilter {
                    username: x(),
                    env: x(),
                    database: x(),
                    ..any()
                },
            ),
            (
                "audit_log_operator",
                EventFilter {
                    operator: x(),
                    ..any()
                },
            ),
            (
                "audit_log_operation",
                EventFilter {
                    operation: x(),
                    operator: x(),
                    ..any()
                },
            ),
            (
                "audit_log_failed",
                EventFilter {
                    failed: true,
                    username: x(),
                    ..any()
                },
            ),
        ] {
            let filter = EventFilter {
                since: Some(Timestamp::now()),
                until: Some(Timestamp::now()),
                ..filter
            };
            for before in [None, Some(5)] {
                let filter = EventFilter {
                    before,
                    ..filter.clone()
                };
                let several = plan(&connection, &filter, ActOn::SeveralTargets);
                let is_by_targets = several.contains(" audit_log_targets ");
                assert!(
                    filter.failed || is_by_targets && !several.contains("TEMP B-TREE"),
                    "{several}"
                );
                let plan = plan(&connection, &filter, ActOn::OneTarget);
                assert!(plan.contains(&format!(" {index} ")), "{plan}");
                // Failures are few, and listed by their intents.
                assert!(filter.failed || !plan.contains("TEMP B-TREE"), "{plan}");
            }
        }
    }
}
