//! An archive of the audit log: an SQLite file with the table `audit_log` as the registry had it, and the signature of its
//! last event in the table `audit_archive`. It is written once, and only read from then on.

use std::cell::{Cell, OnceCell};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use rusqlite::Connection;

use crate::domain::audit::checkpoint::Checkpoint;
use crate::domain::audit::operator::Operator;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Timestamp;
use crate::store::audit::archive;
use crate::store::audit::archive::ArchiveRange;
use crate::store::{
    APPLICATION_ID, ARCHIVE_ID, HEADER_SIZE, SQLITE_MAGIC, Store, folder_of, number_at, read_only,
    schema,
};

/// An archive that is open for reading.
pub struct AuditArchive {
    /// Its events, which are read as those of a registry.
    pub store: Store,
    pub path: PathBuf,
    pub first: i64,
    pub checkpoint: Checkpoint,
}

impl AuditArchive {
    /// Opens an archive; nothing is written.
    ///
    /// # Errors
    /// Usage, if it is none, or cannot be read.
    pub fn open(path: &Path, patience: Duration) -> Result<Self> {
        require_archive(path)?;
        let opened = || -> Result<Self> {
            let operator = Operator::default();
            let connection = read_only::connect(path, patience)?;
            // What the queries of a registry need beside the log.
            read_only::complete(&connection, &operator, Timestamp::now())?;
            let checkpoint: String =
                connection
                    .query_row("SELECT checkpoint FROM audit_archive", [], |row| row.get(0))?;
            let first =
                connection.query_row("SELECT min(id) FROM audit_log", [], |row| row.get(0))?;
            Ok(Self {
                store: Store {
                    bad_rows: std::cell::RefCell::default(),
                    connection,
                    path: path.to_owned(),
                    patience,
                    operator,
                    newest_written: None,
                    written: Vec::new(),
                    is_unsynced: Cell::new(false),
                    record_keys: Box::new(|_| Ok(None)),
                    record_key: OnceCell::new(),
                },
                path: path.to_owned(),
                first,
                checkpoint: serde_json::from_str(&checkpoint)?,
            })
        };
        opened().map_err(|error| {
            let what = format!("cannot read the archive {}", path.display());
            Failure::usage(what).caused_by(format!("{error:#}")).into()
        })
    }
}

/// Tells an archive from other files, before SQLite touches it.
fn require_archive(path: &Path) -> Result<()> {
    let mut start = Vec::new();
    let read =
        File::open(path).and_then(|file| file.take(HEADER_SIZE as u64).read_to_end(&mut start));
    read.map_err(|error| Failure::usage(error.to_string()))
        .with_context(|| format!("cannot read the archive {}", path.display()))?;
    let header = start
        .first_chunk()
        .filter(|header| header.starts_with(SQLITE_MAGIC));
    if header.is_some_and(|header| number_at(header, APPLICATION_ID) == ARCHIVE_ID) {
        return Ok(());
    }
    let what = format!("{} is not an archive of the audit log", path.display());
    Err(Failure::usage(what)
        .hint("write one: pgrole audit archive")
        .into())
}

impl Store {
    /// Writes an archive of the log's first events. It gets its name when it is complete and on disk, and never replaces
    /// a file.
    ///
    /// # Errors
    /// Refused, if there is a file of that name; if it cannot be written.
    pub fn write_archive(
        &self,
        path: &Path,
        range: &ArchiveRange,
        checkpoint: &Checkpoint,
    ) -> Result<()> {
        let temporary = temporary_of(path)?;
        // Left by a run that was killed: archives of one registry are written one at a time.
        fs::remove_file(&temporary).ok();
        let written = self
            .write_temporary(&temporary, range, checkpoint)
            .and_then(|()| publish(&temporary, path));
        fs::remove_file(&temporary).ok();
        written.with_context(|| format!("cannot write the archive {}", path.display()))
    }

    fn write_temporary(
        &self,
        file: &Path,
        range: &ArchiveRange,
        checkpoint: &Checkpoint,
    ) -> Result<()> {
        // Private from the beginning; SQLite takes an empty file for a new database.
        OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        archive::copy(&self.connection, file, range.last.sequence)?;
        let connection = Connection::open(file)?;
        for sql in schema::beside_log()? {
            connection.execute_batch(&sql)?;
        }
        connection.execute_batch("CREATE TABLE audit_archive (checkpoint TEXT NOT NULL)")?;
        connection.execute(
            "INSERT INTO audit_archive VALUES (?1)",
            [serde_json::to_string(checkpoint)?],
        )?;
        // The first version that had this table: what later ones have beside it is added in memory.
        connection.pragma_update(None, "user_version", 1)?;
        connection.pragma_update(None, "application_id", ARCHIVE_ID)?;
        connection.close().map_err(|(_, error)| error)?;
        Ok(File::open(file)?.sync_all()?)
    }
}

fn temporary_of(path: &Path) -> Result<PathBuf> {
    let Some(name) = path.file_name() else {
        bail!("{} is not the name of a file", path.display());
    };
    let mut hidden = b".".to_vec();
    hidden.extend_from_slice(name.as_bytes());
    hidden.extend_from_slice(b".new");
    Ok(folder_of(path).join(std::ffi::OsStr::from_bytes(&hidden)))
}

fn publish(temporary: &Path, path: &Path) -> Result<()> {
    fs::hard_link(temporary, path).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => anyhow::Error::from(
            Failure::new(Kind::Refused, "there is a file of that name")
                .hint("name another file with --output FILE"),
        ),
        _ => error.into(),
    })?;
    File::open(folder_of(path))
        .and_then(|folder| folder.sync_all())
        .context("cannot sync its folder")
}
