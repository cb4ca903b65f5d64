//! The SQLite file: opening, creating and migrating it. Its tables have a file each beside this one.
//!
//! A file that must not be changed (newer, corrupt, read-only, not SQLite) is refused and left as it is.

mod access_reports;
mod attempts;
mod audit;
mod bad_rows;
mod boxes;
mod change_records;
mod clusters;
mod columns;
mod duals;
mod ended_changes;
mod entry;
mod entry_changes;
mod entry_values;
#[cfg(test)]
mod foreign_rows;
mod journal;
mod known_names;
mod last_answers;
mod locked;
mod login_activity;
mod other_file;
mod outbox;
mod outcomes;
mod placed;
mod read_only;
mod records;
mod registry;
mod renamed;
mod schema;
mod seen;
mod terms;

use std::cell::{Cell, OnceCell, RefCell};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rusqlite::{Connection, ErrorCode, OpenFlags, Transaction, TransactionBehavior};

pub use attempts::{AttemptResult, PasswordAttempt};
pub use audit::{
    ArchiveRange, AuditArchive, Break, EventFilter, Intent, LoggedEvent, Outcome, RecordedEvent,
    Subject, Verification,
};
pub use bad_rows::BadRow;
pub use boxes::{BoxGrant, BoxRow, BoxRowState};
pub use clusters::ClusterPlace;
pub use duals::DualRecord;
pub use entry::{DEFAULT_PORT, RegistryEntry, problem_of};
pub use entry_changes::EntryChange;
pub use entry_values::{ENTRY_VALUES, EntryDifference};
pub use journal::{ChangeEnding, JournalEntry, JournalRow, Locked, Sealing, unusable};
pub use known_names::{KnownName, KnownNames, LogColumn, RegistryGlance, Within};
pub use last_answers::LastAnswer;
pub use locked::LockedRole;
pub use login_activity::{ClusterWatch, SessionSample};
pub use other_file::read_other_file;
pub use outbox::{Claimed, Failed, Queue, Wanted};
pub use outcomes::{CutOff, EndedAct};
pub use placed::{AdoptedRole, MetDelivery, PlacedRole};
pub use read_only::is_read_only;
pub use records::RecordKeys;
pub use registry::EntryChanges;
pub use seen::SeenRole;

use crate::config::require_home_of;
use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::operator::Operator;
use crate::domain::command_line::pasteable;
use crate::domain::counted::in_seconds;
use crate::domain::failure::{Failure, Kind};
use crate::domain::password::record::{KeyUse, RecordKey};
use crate::domain::timestamp::Timestamp;

/// The first bytes of every SQLite file (<https://www.sqlite.org/fileformat.html>).
const SQLITE_MAGIC: &[u8; 16] = b"SQLite format 3\0";
/// SQLite's `application_id` of an archive of the audit log, "PGRA", which keeps it from being taken for a registry.
const ARCHIVE_ID: i32 = 0x5047_5241;
/// The part of SQLite's header that ends with the `application_id`; `user_version` and that are big-endian.
const HEADER_SIZE: usize = 72;
const USER_VERSION: usize = 60;
const APPLICATION_ID: usize = 68;

/// The open registry file.
pub struct Store {
    connection: Connection,
    path: PathBuf,
    /// How long a writer waits for another one.
    patience: Duration,
    operator: Operator,
    /// The newest event that this run wrote.
    newest_written: Option<Anchor>,
    /// The events written since they were taken last.
    written: Vec<RecordedEvent>,
    /// Whether something is committed that a power failure could still lose.
    is_unsynced: Cell<bool>,
    record_keys: RecordKeys,
    record_key: OnceCell<Arc<RecordKey>>,
    /// The rows that were passed over and not taken yet.
    bad_rows: RefCell<Vec<BadRow>>,
}

impl Store {
    /// Opens the file, creates it if there is none, and migrates an older one.
    ///
    /// # Errors
    /// A [`Failure`] of its own for a file that is newer, corrupt, read-only or not SQLite.
    pub fn open(
        path: &Path,
        patience: Duration,
        operator: Operator,
        record_keys: RecordKeys,
        now: Timestamp,
    ) -> Result<Self> {
        prepare_file(path)?;
        let connection =
            connect(path, patience).map_err(|error| explain(path, patience, &error))?;
        let mut store = Self {
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
        };
        store.migrate(now)?;
        store
            .settle()
            .map_err(|error| explain(path, patience, &error))?;
        Ok(store)
    }

    fn migrate(&mut self, now: Timestamp) -> Result<()> {
        let version = self.user_version()?;
        if version == schema::NEWEST {
            return Ok(());
        }
        refuse_newer(&self.path, version)?;
        self.check_integrity()?;
        let operator = self.operator.clone();
        let path = self.path.clone();
        // A new file has nothing to sign.
        let is_new = version == 0 && !self.has_table("db_registry")?;
        let key = if is_new {
            None
        } else {
            self.record_key(KeyUse::Adopt).ok().flatten()
        };
        let written = self.write(|transaction| {
            // Another process may have migrated it while this one waited for the lock.
            let version = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
            let has_codes = records::are_there(transaction)?;
            let written = schema::migrate(transaction, version, &operator, now)?;
            if !has_codes {
                records::adopt(transaction, key.as_ref())?;
            }
            Ok(written)
        });
        let written =
            written.with_context(|| format!("cannot upgrade registry {}", path.display()))?;
        self.note_written(written);
        Ok(())
    }

    fn user_version(&self) -> Result<i64> {
        self.explained(
            self.connection
                .query_row("PRAGMA user_version", [], |row| row.get(0)),
        )
    }

    fn has_table(&self, name: &str) -> Result<bool> {
        self.explained(self.connection.table_exists(None, name))
    }

    fn check_integrity(&self) -> Result<()> {
        let answer: String = self.explained(self.connection.query_row(
            "PRAGMA quick_check(1)",
            [],
            |row| row.get(0),
        ))?;
        if answer == "ok" {
            return Ok(());
        }
        Err(corrupt(&self.path).caused_by(answer).into())
    }

    /// Checks the whole file; returns what is wrong with it, if anything.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn examine(&self) -> Result<Vec<String>> {
        let mut faults: Vec<String> = self.explained((|| {
            let mut statement = self.connection.prepare("PRAGMA integrity_check")?;
            let lines = statement.query_map([], |row| row.get(0))?;
            lines.collect()
        })())?;
        faults.retain(|line| line != "ok");
        Ok(faults)
    }

    /// Applies the settings of a connection, and the one (WAL) that belongs to the file.
    fn settle(&self) -> rusqlite::Result<()> {
        self.connection.pragma_update(None, "synchronous", "FULL")?;
        self.connection.pragma_update(None, "secure_delete", true)?;
        self.connection
            .pragma_update(None, "recursive_triggers", true)?;
        let mode: String = self
            .connection
            .query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        if mode == "wal" {
            return Ok(());
        }
        // Switching does not wait for other connections by itself.
        let mut attempts_left = 100;
        loop {
            let switched = self
                .connection
                .query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()));
            match switched {
                Err(error) if is_busy(&error) && attempts_left > 0 => {
                    attempts_left -= 1;
                    std::thread::sleep(Duration::from_millis(20));
                }
                switched => return switched,
            }
        }
    }

    /// Runs a write transaction whose loss in a power failure would do no harm: it is on disk with the next one, or at
    /// the end of the run.
    fn write_at_leisure<T>(
        &mut self,
        act: impl FnOnce(&Transaction<'_>) -> Result<T>,
    ) -> Result<T> {
        self.explained(self.connection.pragma_update(None, "synchronous", "NORMAL"))?;
        let written = self.write(act);
        self.explained(self.connection.pragma_update(None, "synchronous", "FULL"))?;
        self.is_unsynced.set(true);
        written
    }

    /// Remembers events that were committed.
    fn note_written(&mut self, written: impl IntoIterator<Item = RecordedEvent>) {
        self.written.extend(written);
        if let Some(newest) = self.written.last() {
            self.newest_written = Some(newest.anchor);
        }
    }

    /// Takes the events that this run has written since the last call.
    pub fn take_written(&mut self) -> Vec<RecordedEvent> {
        std::mem::take(&mut self.written)
    }

    /// The newest event that this run wrote, or if it wrote none, the newest of the file. It is on disk when this
    /// returns: an anchor that is kept elsewhere must not refer to an event lost in a power failure.
    ///
    /// # Errors
    /// If the file cannot be read or synced.
    pub fn audit_anchor(&self) -> Result<Option<Anchor>> {
        let Some(written) = self.newest_written else {
            return self.explained(audit::newest(&self.connection));
        };
        if self.is_unsynced.get() {
            // What `write_at_leisure` committed is in the log beside the file. SQLite's own locks are on the two other
            // files.
            let mut log = self.path.clone().into_os_string();
            log.push("-wal");
            let log = PathBuf::from(log);
            File::open(&log)
                .and_then(|log| log.sync_data())
                .with_context(|| format!("cannot sync {}", log.display()))?;
            self.is_unsynced.set(false);
        }
        Ok(Some(written))
    }

    /// A number that differs from what it was if another process has written to the file since.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn foreign_state(&self) -> Result<i64> {
        self.explained(
            self.connection
                .query_row("PRAGMA data_version", [], |row| row.get(0)),
        )
    }

    /// Runs a write transaction, atomically. It is on disk when this returns.
    fn write<T>(&mut self, act: impl FnOnce(&Transaction<'_>) -> Result<T>) -> Result<T> {
        let explain = |error| explain(&self.path, self.patience, &error);
        // IMMEDIATE: a deferred transaction that begins to write fails at once under contention.
        let transaction = self
            .connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .map_err(explain)?;
        let result =
            act(&transaction).map_err(|error| match error.downcast::<rusqlite::Error>() {
                Ok(error) => explain(error).into(),
                Err(error) => error,
            })?;
        transaction.commit().map_err(explain)?;
        self.is_unsynced.set(false);
        Ok(result)
    }

    fn explained<T>(&self, result: rusqlite::Result<T>) -> Result<T> {
        result.map_err(|error| explain(&self.path, self.patience, &error).into())
    }
}

/// Ensures that the file exists, is private if new, is writable, is an SQLite file, and is not from a newer pgrole.
fn prepare_file(path: &Path) -> Result<()> {
    let mut created = create_file(path);
    if let Err(error) = &created
        && error.kind() == io::ErrorKind::NotFound
    {
        create_folder(path)?;
        created = create_file(path);
    }
    match created {
        Ok(_) => return Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
        Err(error) => return Err(unwritable(path, &error)),
    }
    let file = OpenOptions::new().read(true).write(true).open(path);
    check_header(file.map_err(|error| unwritable(path, &error))?, path)
}

/// How long another process may take from creating the file until it has written to it.
const CREATION: Duration = Duration::from_secs(1);

/// Refuses an empty file beside what only a registry in use leaves: it was one, and must not look as if nothing had ever
/// been done.
fn refuse_emptied(path: &Path) -> Result<()> {
    let beside = |suffix: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        PathBuf::from(name)
    };
    let folder = beside(".locks");
    let log = beside("-wal");
    let has_log = || fs::metadata(&log).is_ok_and(|log| log.len() > 0);
    let left = if folder.is_dir() {
        folder
    } else if has_log() {
        log
    } else {
        return Ok(());
    };
    // Another process may be about to create it, where the one before was removed.
    let deadline = Instant::now() + CREATION;
    while fs::metadata(path).is_ok_and(|file| file.len() == 0) {
        if Instant::now() > deadline {
            let what = format!("registry {} is empty, but was not always", path.display());
            let name = left.display();
            return Err(Failure::new(Kind::Failed, what)
                .caused_by(format!("only a registry in use leaves {name}"))
                .hint("restore it from a backup; or to begin a new one, remove the empty file")
                .into());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    Ok(())
}

fn create_file(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// Creates the folder of the file; another process may be doing the same.
fn create_folder(path: &Path) -> Result<()> {
    let folder = folder_of(path);
    let cannot = || format!("cannot create the folder {}", folder.display());
    require_home_of(folder).with_context(cannot)?;
    fs::DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)
        .with_context(cannot)
}

/// The folder that a file is in.
fn folder_of(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| *folder != Path::new(""));
    folder.unwrap_or(Path::new("."))
}

fn unwritable(path: &Path, error: &io::Error) -> anyhow::Error {
    if path.is_dir() {
        return Failure::new(
            Kind::Failed,
            format!("registry {} is a folder", path.display()),
        )
        .hint("use a file with --registry FILE")
        .into();
    }
    let failure = if path.exists() {
        Failure::new(
            Kind::Failed,
            format!("registry {} is read-only for this user", path.display()),
        )
        .hint("nothing is done that cannot be recorded in the audit log: run as the file's owner, or use another file with --registry FILE")
    } else {
        Failure::new(
            Kind::Failed,
            format!("cannot create registry {}", path.display()),
        )
        .hint("use a file in a writable folder with --registry FILE")
    };
    failure.caused_by(error.to_string()).into()
}

/// Reads the header directly: SQLite itself would write to a file whose last writer was killed.
fn check_header(mut file: File, path: &Path) -> Result<()> {
    let mut start = Vec::with_capacity(HEADER_SIZE);
    file.by_ref()
        .take(HEADER_SIZE as u64)
        .read_to_end(&mut start)
        .with_context(|| format!("cannot read registry {}", path.display()))?;
    if start.is_empty() {
        return refuse_emptied(path);
    }
    if !start.starts_with(SQLITE_MAGIC) {
        return Err(not_sqlite(path).into());
    }
    let Some(header) = start.first_chunk::<HEADER_SIZE>() else {
        return Err(corrupt(path).into());
    };
    if number_at(header, APPLICATION_ID) == ARCHIVE_ID {
        let what = format!(
            "{} is an archive of the audit log, not a registry",
            path.display()
        );
        let command = pasteable("pgrole audit list --archive {}", &[&path.display()]);
        return Err(Failure::usage(what)
            .hint(format!("to read it: {command}"))
            .into());
    }
    refuse_newer(path, number_at(header, USER_VERSION).into())?;
    Ok(())
}

fn number_at(header: &[u8; HEADER_SIZE], place: usize) -> i32 {
    let bytes = header[place..].first_chunk().copied();
    bytes.map_or(0, i32::from_be_bytes)
}

fn refuse_newer(path: &Path, version: i64) -> Result<(), Failure> {
    if version <= schema::NEWEST {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Failed,
        format!(
            "registry {} was written by a newer pgrole (schema {version}, this one knows {})",
            path.display(),
            schema::NEWEST
        ),
    )
    .hint("install the newer pgrole here, or use another file with --registry FILE"))
}

fn connect(path: &Path, patience: Duration) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags)?;
    connection.busy_timeout(patience)?;
    Ok(connection)
}

fn is_busy(error: &rusqlite::Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked)
    )
}

fn corrupt(path: &Path) -> Failure {
    Failure::new(
        Kind::Failed,
        format!("registry {} is corrupt", path.display()),
    )
    .hint(format!(
        "restore it from a backup, or save what can be read: sqlite3 {} .recover",
        path.display()
    ))
}

fn not_sqlite(path: &Path) -> Failure {
    Failure::new(
        Kind::Failed,
        format!("{} is not a registry: not an SQLite file", path.display()),
    )
    .hint("use another file with --registry FILE")
}

/// Explains SQLite's errors to the operator.
fn explain(path: &Path, patience: Duration, error: &rusqlite::Error) -> Failure {
    let shown = path.display();
    let failure = match error.sqlite_error_code() {
        Some(ErrorCode::ReadOnly) if is_about_folder(error) => Failure::new(
            Kind::Failed,
            format!("the folder of registry {shown} is read-only for this user"),
        )
        .hint("nothing is done that cannot be recorded in the audit log, and SQLite needs a log file beside the registry: make the folder writable"),
        Some(ErrorCode::DatabaseCorrupt) => corrupt(path),
        Some(ErrorCode::NotADatabase) => not_sqlite(path),
        Some(ErrorCode::ReadOnly) => Failure::new(
            Kind::Failed,
            format!("registry {shown} is read-only"),
        )
        .hint(
            "nothing is done that cannot be recorded in the audit log: make the file and its folder writable",
        ),
        Some(ErrorCode::DiskFull) => Failure::new(
            Kind::Failed,
            format!("no space left on disk for registry {shown}"),
        )
        .hint("nothing is done that cannot be recorded in the audit log: free some space first"),
        Some(ErrorCode::SystemIoFailure) => Failure::new(
            Kind::Failed,
            format!("the disk of registry {shown} reports an error, or is full"),
        )
        .hint("nothing is done that cannot be recorded in the audit log: look at the disk and its free space, then: pgrole doctor"),
        Some(ErrorCode::CannotOpen) => Failure::new(
            Kind::Failed,
            format!("cannot open registry {shown}, or the log beside it"),
        )
        .hint("nothing is done that cannot be recorded in the audit log: look at the disk, its free space and the rights of the folder"),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Failure::new(
            Kind::Busy,
            format!(
                "registry {shown} was locked by another process for {}",
                in_seconds(patience)
            ),
        )
        .hint("try again when it has finished, or wait longer with --timeout SECONDS"),
        None if is_about_value(error) => Failure::new(
            Kind::Failed,
            format!("registry {shown} holds a value that is not valid"),
        )
        .hint("find it: pgrole doctor --offline"),
        _ => Failure::new(Kind::Failed, format!("cannot use registry {shown}")),
    };
    // The error's own source would repeat the text.
    failure.caused_by(error.to_string())
}

/// Whether a value could not be read, rather than the file.
fn is_about_value(error: &rusqlite::Error) -> bool {
    use rusqlite::Error;
    matches!(
        error,
        Error::InvalidColumnType(..)
            | Error::FromSqlConversionFailure(..)
            | Error::IntegralValueOutOfRange(..)
            | Error::Utf8Error(..)
    )
}

fn is_about_folder(error: &rusqlite::Error) -> bool {
    let code = error.sqlite_error().map(|error| error.extended_code);
    code == Some(rusqlite::ffi::SQLITE_READONLY_DIRECTORY)
}
