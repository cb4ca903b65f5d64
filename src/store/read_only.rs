//! A read-only registry, such as an auditor's copy: it is left as it is, whatever its version. What an older one lacks
//! is added in memory: empty tables, and views in which the missing columns are NULL.

use std::cell::{Cell, OnceCell, RefCell};
use std::fs::{self, File};
use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use nix::unistd::{AccessFlags, access};
use rusqlite::{Connection, OpenFlags};

use crate::domain::audit::operator::Operator;
use crate::domain::target::require_auth::RequireAuth;
use crate::domain::timestamp::Timestamp;
use crate::store::{RecordKeys, Store, check_header, explain, folder_of, schema};

/// Whether the file exists and this user may not write it or its folder, both of which SQLite must.
pub fn is_read_only(path: &Path) -> bool {
    let may = |path: &Path| access(path, AccessFlags::W_OK).is_ok();
    path.is_file() && !(may(path) && may(folder_of(path)))
}

impl Store {
    /// Opens a file read-only. Nothing is written, not even beside it.
    ///
    /// # Errors
    /// A failure of its own for a file that is newer, corrupt or not SQLite.
    pub fn open_read_only(
        path: &Path,
        patience: Duration,
        operator: Operator,
        record_keys: RecordKeys,
        now: Timestamp,
    ) -> Result<Self> {
        let file = File::open(path);
        check_header(
            file.with_context(|| format!("cannot read registry {}", path.display()))?,
            path,
        )?;
        let opened = connect(path, patience).and_then(|connection| {
            complete(&connection, &operator, now)?;
            Ok(connection)
        });
        let connection = opened.map_err(|error| match error.downcast::<rusqlite::Error>() {
            Ok(error) => explain(path, patience, &error).into(),
            Err(error) => error,
        })?;
        Ok(Self {
            connection,
            path: path.to_owned(),
            patience,
            operator,
            newest_written: None,
            written: Vec::new(),
            is_unsynced: Cell::new(false),
            record_keys,
            record_key: OnceCell::new(),
            bad_rows: RefCell::default(),
        })
    }
}

/// SQLite needs a log beside a file in WAL mode, even to read it. A file that nobody writes can be opened as immutable
/// instead.
pub(super) fn connect(path: &Path, patience: Duration) -> Result<Connection> {
    let connection = open(path, "mode=ro", patience)?;
    let read = connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()));
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    let has_log = fs::metadata(log).is_ok_and(|log| log.len() > 0);
    match read {
        Ok(()) => Ok(connection),
        Err(_) if !has_log => open(path, "mode=ro&immutable=1", patience),
        Err(error) => Err(error.into()),
    }
}

pub(super) fn open(path: &Path, mode: &str, patience: Duration) -> Result<Connection> {
    let absolute = std::path::absolute(path)?;
    let mut address = "file://".to_owned();
    for byte in absolute.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(byte) {
            address.push(char::from(*byte));
        } else {
            address.push_str(&format!("%{byte:02X}"));
        }
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(format!("{address}?{mode}"), flags)?;
    connection.busy_timeout(patience)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    Ok(connection)
}

/// Adds in memory what an older file lacks of the newest schema. Unqualified names resolve to these temporary objects
/// first.
pub(super) fn complete(connection: &Connection, operator: &Operator, now: Timestamp) -> Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    if version == schema::NEWEST {
        return Ok(());
    }
    let mut newest = Connection::open_in_memory()?;
    let transaction = newest.transaction()?;
    schema::migrate(&transaction, 0, operator, now)?;
    let has_placed_roles = !columns(connection, "placed_role")?.is_empty();
    for table in tables(&transaction)? {
        let wanted = columns(&transaction, &table)?;
        let found = columns(connection, &table)?;
        // An older service's log is another table of the same name.
        let is_another = version == 0 && table == "audit_log";
        let missing: Vec<_> = wanted
            .iter()
            .filter(|column| !found.contains(column))
            .cloned()
            .collect();
        let is_by_place = table == "placed_role" && !found.contains(&"cluster_id".to_owned());
        if table == "cluster_place" && found.is_empty() && has_placed_roles {
            connection.execute_batch(PLACES)?;
        } else if is_by_place && !found.is_empty() {
            let missing = in_place_of(&missing, "cluster_id");
            let kept: Vec<_> = found
                .into_iter()
                .filter(|column| column != "port")
                .collect();
            let kept = kept.join(", ");
            connection.execute_batch(&format!(
                "CREATE TEMP VIEW placed_role AS SELECT {kept}, CAST(port AS TEXT) AS port,
                    hostname || ':' || port AS cluster_id{missing} FROM main.placed_role;"
            ))?;
        } else if found.is_empty() || is_another {
            let columns = wanted.join(", ");
            connection.execute_batch(&format!("CREATE TEMP TABLE {table} ({columns});"))?;
        } else if !missing.is_empty() {
            let missing = in_place_of(&missing, "");
            connection.execute_batch(&format!(
                "CREATE TEMP VIEW {table} AS SELECT *{missing} FROM main.{table};"
            ))?;
        }
    }
    Ok(())
}

/// Before there were clusters, each place counted as one.
const PLACES: &str =
    "CREATE TEMP VIEW cluster_place AS SELECT DISTINCT hostname, CAST(port AS TEXT) AS port,
        hostname || ':' || port AS cluster_id, NULL AS system_identifier, NULL AS started_at
    FROM main.placed_role;";

/// Expressions in place of missing columns.
fn in_place_of(missing: &[String], other: &str) -> String {
    let missing = missing.iter().filter(|column| *column != other);
    missing
        .map(|column| match column.as_str() {
            // As in the migration (`migrations/014_require_auth.sql`).
            "require_auth" => format!(", '{}' AS require_auth", RequireAuth::BEFORE),
            column => format!(", NULL AS {column}"),
        })
        .collect()
}

fn tables(connection: &Connection) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )?;
    let names = statement.query_map([], |row| row.get(0))?;
    names.collect()
}

fn columns(connection: &Connection, table: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare("SELECT lower(name) FROM pragma_table_info(?1)")?;
    let names = statement.query_map([table], |row| row.get(0))?;
    names.collect()
}
