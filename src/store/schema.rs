//! The schema's steps: an append-only list, tracked by `user_version`. A step that was released is never edited.

use anyhow::{Result, bail};
use rusqlite::{Connection, OptionalExtension, Transaction};

use crate::domain::anchor::EventHash;
use crate::domain::failure::{Failure, Kind};
use crate::domain::operation::Operation;
use crate::domain::operator::Operator;
use crate::domain::require_auth::RequireAuth;
use crate::domain::status::Status;
use crate::domain::timestamp::Timestamp;
use crate::store::audit::chain::{self, OlderLog};
use crate::store::audit::{self, Event, Stage, Subject, Written, query};
use crate::store::clusters;
use crate::store::journal::{HISTORY, PASSWORD_CHANGE, RECOVERED_BY, TERMS};
use crate::store::outbox::OUTBOX;
use crate::store::records;
use crate::store::seen::SEEN_ROLE;

/// A step. What it did goes into the audit log when all steps are done: only then has the log its columns.
type Step = fn(&Transaction<'_>, &mut Migration) -> Result<()>;

/// What the steps have done.
#[derive(Default)]
struct Migration {
    /// The operation and the status of each event.
    events: Vec<(Operation, Status)>,
    /// The hash of the events from before the chain, where it begins now.
    earlier: Option<EventHash>,
}

const STEPS: [Step; 15] = [
    create_or_adopt,
    add_journal,
    add_settings,
    add_chain,
    add_history,
    add_outbox,
    add_reading_indexes,
    add_recovered_by,
    add_clusters,
    add_unknown_ages,
    list_by_id,
    add_terms,
    add_direct,
    add_require_auth,
    add_record_codes,
];

/// The version that this program writes.
#[allow(clippy::cast_possible_wrap, reason = "the list is short")]
pub const NEWEST: i64 = STEPS.len() as i64;

/// Takes the file from `version` to [`NEWEST`], inside the caller's transaction. Returns the events that say so.
pub fn migrate(
    transaction: &Transaction<'_>,
    version: i64,
    operator: &Operator,
    now: Timestamp,
) -> Result<Vec<Written>> {
    let Ok(done) = usize::try_from(version) else {
        bail!("the file's user_version is {version}, which no pgrole writes");
    };
    let mut migration = Migration::default();
    for step in STEPS.iter().skip(done) {
        step(transaction, &mut migration)?;
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

/// Makes the tables, or adopts those of the older service: `db_registry` keeps its rows and columns and
/// gains ours, an older `audit_log` is kept under another name.
fn create_or_adopt(transaction: &Transaction<'_>, migration: &mut Migration) -> Result<()> {
    let adopted = has_table(transaction, "db_registry")?;
    if !adopted && !has_table(transaction, "audit_log")? {
        require_no_tables(transaction)?;
    }
    let older_log = set_aside_older_log(transaction)?;
    if adopted {
        adopt_registry(transaction)?;
    } else {
        transaction.execute_batch(
            "CREATE TABLE db_registry (
                env TEXT NOT NULL,
                db_name TEXT NOT NULL,
                hostname TEXT NOT NULL,
                port INTEGER NOT NULL DEFAULT 5432,
                active INTEGER NOT NULL DEFAULT 1,
                notes TEXT
            );",
        )?;
    }
    add_columns(
        transaction,
        &["sslmode", "sslrootcert", "created_at", "updated_at"],
    )?;
    transaction.execute_batch(
        "CREATE UNIQUE INDEX IF NOT EXISTS db_registry_target ON db_registry (env, db_name);",
    )?;
    transaction.execute_batch(AUDIT_LOG)?;
    for (_, trigger) in APPEND_ONLY {
        transaction.execute_batch(trigger)?;
    }
    transaction.execute_batch(PLACED_ROLE)?;
    let rows: i64 =
        transaction.query_row("SELECT count(*) FROM db_registry", [], |row| row.get(0))?;
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

/// The journal of password changes, and where the passwords of placed roles are delivered.
fn add_journal(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(PASSWORD_CHANGE)?)
}

/// Client certificates, direct TLS, channel binding; a port for each of several hosts; the login to use.
fn add_settings(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    add_columns(
        transaction,
        &[
            "ports",
            "sslcert",
            "sslkey",
            "sslnegotiation",
            "channel_binding",
            "admin_user",
            "system_identifier",
        ],
    )
}

/// The cluster's history and the new VALID UNTIL of a password change.
fn add_history(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(HISTORY)?)
}

/// What makes reading the audit log quick.
fn add_reading_indexes(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(query::INDEXES)?)
}

/// Which recovery took a change up.
fn add_recovered_by(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(RECOVERED_BY)?)
}

/// Roles belong to clusters, no longer to the places where these were reached.
fn add_clusters(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    add_columns(transaction, &["cluster_id"])?;
    transaction.execute_batch(clusters::CLUSTERS)?;
    clusters::assign_all(transaction, Timestamp::now())
}

/// What rotation knows of roles beside those that pgrole placed.
fn add_unknown_ages(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(SEEN_ROLE)?)
}

/// The audit log is listed by id: clocks may be set back.
fn list_by_id(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(query::INDEXES_BY_ID)?)
}

/// Until when logins are good. Of those from before nobody said what their VALID UNTIL means: none is given a term.
fn add_terms(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(TERMS)?)
}

/// Whether a target is known to be the server itself.
fn add_direct(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    add_columns(transaction, &["direct"])
}

/// How a server may have the login proved. Targets from before accept what they accepted; those that are added from now
/// on, by hand too, have the default.
fn add_require_auth(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    add_columns(transaction, &["require_auth"])?;
    transaction.execute(
        "UPDATE db_registry SET require_auth = ?1 WHERE require_auth IS NULL",
        [RequireAuth::BEFORE],
    )?;
    Ok(())
}

/// The codes that tell what pgrole wrote from what others did (`Store::migrate` signs what is there), and the audit log as
/// people read it.
fn add_record_codes(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    transaction.execute_batch(records::COLUMNS)?;
    Ok(transaction.execute_batch(query::SUMMARY)?)
}

/// The hash chain. What was written before is adopted: the chain's first event follows it, and commits to it.
fn add_chain(transaction: &Transaction<'_>, migration: &mut Migration) -> Result<()> {
    transaction.execute_batch(chain::COLUMNS)?;
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

/// The notifications that are to be sent.
fn add_outbox(transaction: &Transaction<'_>, _: &mut Migration) -> Result<()> {
    Ok(transaction.execute_batch(OUTBOX)?)
}

/// Adds to `db_registry` those of the columns that it lacks, each a text that may be NULL.
fn add_columns(transaction: &Transaction<'_>, wanted: &[&str]) -> Result<()> {
    let found = columns(transaction, "db_registry")?;
    for column in wanted {
        if !found.iter().any(|name| name == column) {
            transaction.execute_batch(&format!(
                "ALTER TABLE db_registry ADD COLUMN {column} TEXT;"
            ))?;
        }
    }
    Ok(())
}

/// The audit log as it was at first.
const AUDIT_LOG: &str = "
    CREATE TABLE audit_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        performed_at TEXT NOT NULL,
        operation_id TEXT NOT NULL,
        stage TEXT NOT NULL CHECK (stage IN ('intent', 'outcome', 'event')),
        operation TEXT NOT NULL,
        env TEXT,
        db_name TEXT,
        hostname TEXT,
        port INTEGER,
        username TEXT,
        profile TEXT,
        status TEXT NOT NULL,
        sqlstate TEXT,
        error TEXT,
        statements TEXT,
        duration_ms REAL,
        admin_user TEXT,
        os_user TEXT NOT NULL,
        uid INTEGER NOT NULL,
        sudo_user TEXT,
        host TEXT NOT NULL,
        pid INTEGER NOT NULL,
        tty TEXT,
        version TEXT NOT NULL
    );
    CREATE INDEX audit_log_performed_at ON audit_log (performed_at);
    CREATE INDEX audit_log_operation_id ON audit_log (operation_id);
";

/// Append-only: rows are neither changed, nor removed, nor replaced by INSERT OR REPLACE.
const APPEND_ONLY: [(&str, &str); 3] = [
    (
        "audit_log_no_update",
        "CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    ),
    (
        "audit_log_no_delete",
        "CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    ),
    (
        "audit_log_no_replace",
        "CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
        WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END",
    ),
];

/// The name of a trigger of the audit log that is gone, or is not the one that pgrole made.
pub fn find_changed_trigger(connection: &Connection) -> rusqlite::Result<Option<&'static str>> {
    for (name, wanted) in APPEND_ONLY {
        let found: Option<String> = connection
            .query_row(
                "SELECT sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_log' AND name = ?1",
                [name],
                |row| row.get(0),
            )
            .optional()?;
        let words = |sql: &str| {
            sql.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        if found.is_none_or(|found| words(&found) != words(wanted)) {
            return Ok(Some(name));
        }
    }
    Ok(None)
}

/// Which logins pgrole placed where. A role belongs to a cluster: its key is where it listens, not the target.
const PLACED_ROLE: &str = "
    CREATE TABLE placed_role (
        hostname TEXT NOT NULL,
        port INTEGER NOT NULL,
        username TEXT NOT NULL,
        env TEXT NOT NULL,
        db_name TEXT NOT NULL,
        profile TEXT,
        password_changed_at TEXT NOT NULL,
        PRIMARY KEY (hostname, port, username)
    );
";

/// A file of tables that are none of ours belongs to another program.
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
        format!("it is another program's: it has the tables {tables}, and no db_registry"),
    )
    .hint("name another file with --registry FILE")
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
        .hint("name another file with --registry FILE")
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
                "its table db_registry holds {} more than once",
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
