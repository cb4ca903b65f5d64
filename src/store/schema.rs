//! The schema's migrations: an append-only list, tracked by `user_version`. A released step is never edited.
//!
//! A step is a file of SQL in `migrations/`, and a hook if its effect depends on existing data. `schema.sql` is the
//! result of all of them, and a test compares the two.

use anyhow::{Result, bail};
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::audit::anchor::EventHash;
use crate::domain::audit::operator::Operator;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Timestamp;
use crate::store::audit;
use crate::store::audit::chain;
use crate::store::audit::chain::OlderLog;
use crate::store::audit::{Event, RecordedEvent, Stage, Subject};
use crate::store::clusters;

/// A step. What its hooks did is recorded in the audit log when all steps are done: only then does the log have all its
/// columns.
struct Step {
    before: Option<Hook>,
    /// Run statement by statement, except for columns of `db_registry` that an adopted file already has.
    sql: &'static str,
    after: Option<Hook>,
}

/// What SQL cannot express: it depends on existing data, or is computed.
type Hook = fn(&Transaction<'_>, &mut Migration) -> Result<()>;

/// What the steps have done.
#[derive(Default)]
struct Migration {
    /// The operation and the status of each event.
    events: Vec<(Operation, Status)>,
    /// The hash of the events from before the chain, if it begins now.
    earlier: Option<EventHash>,
}

/// The tables, indexes, triggers and views of a new file, as SQLite lists them.
const SCHEMA: &str = include_str!("schema.sql");

const STEPS: [Step; 23] = [
    Step {
        before: Some(adopt),
        ..plain(include_str!("migrations/001_registry_and_log.sql"))
    },
    plain(include_str!("migrations/002_journal.sql")),
    plain(include_str!("migrations/003_tls_settings.sql")),
    Step {
        after: Some(begin_chain),
        ..plain(include_str!("migrations/004_chain.sql"))
    },
    plain(include_str!("migrations/005_history.sql")),
    plain(include_str!("migrations/006_outbox.sql")),
    plain(include_str!("migrations/007_reading.sql")),
    plain(include_str!("migrations/008_recovered_by.sql")),
    Step {
        after: Some(assign_clusters),
        ..plain(include_str!("migrations/009_clusters.sql"))
    },
    plain(include_str!("migrations/010_seen.sql")),
    plain(include_str!("migrations/011_reading_by_id.sql")),
    plain(include_str!("migrations/012_terms.sql")),
    plain(include_str!("migrations/013_direct.sql")),
    plain(include_str!("migrations/014_require_auth.sql")),
    plain(include_str!("migrations/015_record_codes.sql")),
    plain(include_str!("migrations/016_audit_columns.sql")),
    plain(include_str!("migrations/017_life_of_a_role.sql")),
    plain(include_str!("migrations/018_audit_archive.sql")),
    plain(include_str!("migrations/019_growth.sql")),
    plain(include_str!("migrations/020_dual_logins.sql")),
    plain(include_str!("migrations/021_access_reviews.sql")),
    plain(include_str!("migrations/022_login_activity.sql")),
    plain(include_str!("migrations/023_boxes.sql")),
];

/// A step without hooks.
const fn plain(sql: &'static str) -> Step {
    Step {
        before: None,
        sql,
        after: None,
    }
}

impl Step {
    fn run(&self, transaction: &Transaction<'_>, migration: &mut Migration) -> Result<()> {
        if let Some(before) = self.before {
            before(transaction, migration)?;
        }
        let there = columns(transaction, "db_registry")?;
        let sql: Vec<_> = self
            .sql
            .lines()
            .filter(|line| added_column(line).is_none_or(|name| !there.contains(&name)))
            .collect();
        transaction.execute_batch(&sql.join("\n"))?;
        match self.after {
            Some(after) => after(transaction, migration),
            None => Ok(()),
        }
    }
}

/// The column that a line of SQL adds to `db_registry`.
fn added_column(line: &str) -> Option<String> {
    let rest = line.strip_prefix("ALTER TABLE db_registry ADD COLUMN ")?;
    Some(rest.split(' ').next()?.to_lowercase())
}

/// The version that this program writes.
#[allow(clippy::cast_possible_wrap, reason = "the list is short")]
pub const NEWEST: i64 = STEPS.len() as i64;

/// Migrates the file from `version` to [`NEWEST`], inside the caller's transaction. Returns the events that record it.
pub fn migrate(
    transaction: &Transaction<'_>,
    version: i64,
    operator: &Operator,
    now: Timestamp,
) -> Result<Vec<RecordedEvent>> {
    let Ok(done) = usize::try_from(version) else {
        bail!("the file's user_version is {version}, which no version of pgrole writes");
    };
    let mut migration = Migration::default();
    for step in STEPS.iter().skip(done) {
        step.run(transaction, &mut migration)?;
    }
    transaction.pragma_update(None, "user_version", NEWEST)?;
    let mut all_written = Vec::new();
    for (operation, status) in std::mem::take(&mut migration.events) {
        let event = Event {
            stage: Stage::Event,
            operation: operation.name(),
            subject: &Subject::default(),
            status: &status,
        };
        let written = match migration.earlier.take() {
            Some(earlier) => audit::append_first(transaction, operator, now, &event, earlier)?,
            None => audit::append(transaction, operator, now, &event)?,
        };
        all_written.push(written);
    }
    Ok(all_written)
}

/// Adopts existing tables: `db_registry` of the older service keeps its rows and columns and gains ours, an older
/// `audit_log` is kept under another name.
fn adopt(transaction: &Transaction<'_>, migration: &mut Migration) -> Result<()> {
    let adopted = has_table(transaction, "db_registry")?;
    if !adopted && !has_table(transaction, "audit_log")? {
        require_no_tables(transaction)?;
    }
    let older_log = set_aside_older_log(transaction)?;
    let mut rows: i64 = 0;
    if adopted {
        adopt_registry(transaction)?;
        rows = transaction.query_row("SELECT count(*) FROM db_registry", [], |row| row.get(0))?;
    }
    let status = if adopted || older_log.is_some() {
        Status::FileAdopted {
            targets: rows,
            older_log,
        }
    } else {
        Status::FileCreated
    };
    migration.events.push((Operation::RegistryOpen, status));
    Ok(())
}

fn assign_clusters(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    clusters::assign_all(transaction, Timestamp::now())
}

/// Adopts what was written before the chain: the chain's first event follows it, and commits to it.
fn begin_chain(transaction: &Transaction<'_>, migration: &mut Migration) -> Result<()> {
    let (earlier, count) = chain::hash_earlier_events(transaction)?;
    migration.earlier = Some(earlier);
    if count > 0 {
        let status = Status::EventsAdopted {
            count,
            hash: earlier,
        };
        migration.events.push((Operation::AuditAdopt, status));
    }
    for table in older_logs(transaction)? {
        let older = OlderLog::read(transaction, &table)?;
        migration
            .events
            .push((Operation::AuditAdopt, older.status()));
    }
    Ok(())
}

/// The logs of the older service, which are kept under other names.
fn older_logs(transaction: &Transaction<'_>) -> rusqlite::Result<Vec<String>> {
    let mut statement = transaction.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'audit_log_older*' ORDER BY name",
    )?;
    statement.query_map([], |row| row.get(0))?.collect()
}

/// The tables of the audit log, which events are only appended to.
pub(super) const LOG_TABLES: [&str; 2] = ["audit_log", "target_list"];

/// The statements that make the triggers and indexes of the audit log.
pub(super) fn beside_log() -> rusqlite::Result<Vec<String>> {
    let wanted = Connection::open_in_memory()?;
    wanted.execute_batch(SCHEMA)?;
    let mut statement = wanted.prepare(
        "SELECT sql FROM sqlite_schema WHERE type IN ('index', 'trigger') AND sql IS NOT NULL AND tbl_name IN (?1, ?2)
         ORDER BY rowid",
    )?;
    let texts = statement.query_map(LOG_TABLES, |row| row.get(0))?;
    texts.collect()
}

/// A trigger that keeps a table of the audit log append-only.
pub(super) struct Protection {
    pub table: String,
    pub name: String,
    pub sql: String,
}

/// The triggers as pgrole creates them.
pub(super) fn wanted_triggers() -> rusqlite::Result<Vec<Protection>> {
    let wanted = Connection::open_in_memory()?;
    wanted.execute_batch(SCHEMA)?;
    let mut statement = wanted.prepare(
        "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name IN (?1, ?2) ORDER BY rowid",
    )?;
    let triggers = statement.query_map(LOG_TABLES, |row| {
        Ok(Protection {
            table: row.get(0)?,
            name: row.get(1)?,
            sql: row.get(2)?,
        })
    })?;
    triggers.collect()
}

/// The name of a trigger of the audit log that is missing, or differs from the one that pgrole created.
pub fn find_changed_trigger(connection: &Connection) -> rusqlite::Result<Option<String>> {
    for Protection { table, name, sql } in wanted_triggers()? {
        // A file of an earlier version that may only be read lacks one of them.
        if !connection.table_exists(Some("main"), table.as_str())? {
            continue;
        }
        let found: Option<String> = connection
            .query_row(
                "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = ?1 AND name = ?2",
                [&table, &name],
                |row| row.get(0),
            )
            .optional()?;
        let words = |sql: &str| {
            sql.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        if found.is_none_or(|found| words(&found) != words(&sql)) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// A file with only foreign tables belongs to another program.
fn require_no_tables(transaction: &Transaction<'_>) -> Result<()> {
    let tables: String = transaction.query_row(
        "SELECT coalesce(group_concat(name, ', '), '') FROM
            (SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name LIMIT 3)",
        [],
        |row| row.get(0),
    )?;
    if tables.is_empty() {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Failed,
        format!("it belongs to another program: it has the tables {tables}, but no db_registry"),
    )
    .hint("use another file with --registry FILE")
    .into())
}

fn set_aside_older_log(transaction: &Transaction<'_>) -> Result<Option<String>> {
    if !has_table(transaction, "audit_log")? {
        return Ok(None);
    }
    let mut name = "audit_log_older".to_owned();
    let mut number = 1;
    while has_table(transaction, &name)? {
        number += 1;
        name = format!("audit_log_older_{number}");
    }
    transaction.execute_batch(&format!("ALTER TABLE audit_log RENAME TO {name};"))?;
    drop_indexes_in_the_way(transaction, &name)?;
    Ok(Some(name))
}

/// Indexes and triggers keep their names when their table is renamed; ours need those names.
fn drop_indexes_in_the_way(transaction: &Transaction<'_>, table: &str) -> Result<()> {
    let mut statement = transaction.prepare(
        "SELECT type, name FROM sqlite_schema WHERE tbl_name = ?1 COLLATE NOCASE AND type IN ('index', 'trigger')
         AND name LIKE 'audit_log\\_%' ESCAPE '\\'",
    )?;
    let rows = statement.query_map([table], |row| {
        Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?))
    })?;
    for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let (kind, name) = row;
        let name = name.replace('"', "\"\"");
        transaction.execute_batch(&format!("DROP {kind} \"{name}\";"))?;
    }
    Ok(())
}

fn adopt_registry(transaction: &Transaction<'_>) -> Result<()> {
    let columns = columns(transaction, "db_registry")?;
    let wanted = ["env", "db_name", "hostname", "port", "active", "notes"];
    let missing: Vec<_> = wanted
        .into_iter()
        .filter(|name| !columns.iter().any(|column| column == name))
        .collect();
    if !missing.is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            format!(
                "its table db_registry lacks the columns {}",
                missing.join(", ")
            ),
        )
        .hint("use another file with --registry FILE")
        .into());
    }
    let mut statement = transaction.prepare(
        "SELECT env || '/' || db_name FROM db_registry GROUP BY env, db_name HAVING count(*) > 1",
    )?;
    let twice = statement
        .query_map([], |row| row.get::<_, String>(0))?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    if !twice.is_empty() {
        return Err(Failure::new(
            Kind::Failed,
            format!(
                "its table db_registry contains {} more than once",
                twice.join(", ")
            ),
        )
        .hint(format!(
            "keep one row of each: sqlite3 {} \"SELECT rowid, * FROM db_registry\"",
            transaction.path().unwrap_or_default()
        ))
        .into());
    }
    Ok(())
}

fn has_table(transaction: &Transaction<'_>, name: &str) -> Result<bool> {
    Ok(transaction.query_row(
        "SELECT EXISTS (SELECT 1 FROM sqlite_schema
            WHERE type IN ('table', 'view') AND name = ?1 COLLATE NOCASE)",
        [name],
        |row| row.get(0),
    )?)
}

fn columns(transaction: &Transaction<'_>, table: &str) -> Result<Vec<String>> {
    let mut statement = transaction.prepare("SELECT lower(name) FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

#[cfg(test)]
mod tests;
