//! `audit list`: acts, newest first, a page at a time.

use std::path::Path;

use anyhow::Result;

use crate::domain::audit::archive::ArchiveRecord;
use crate::run::Run;

use crate::store::AuditArchive;

pub use crate::store::{EventFilter, LoggedEvent};

/// A page of acts, of the log or of an archive.
///
/// # Errors
/// Not found, if the event to start after does not exist; if the registry cannot be read.
pub fn list_events(
    run: &Run,
    filter: &EventFilter,
    archive: Option<&Path>,
) -> Result<Vec<LoggedEvent>> {
    match archive {
        Some(file) => AuditArchive::open(file, run.timeout)?
            .store
            .list_events(filter),
        None => run.with_store(|store| store.list_events(filter)),
    }
}

/// The files that earlier events were moved to, the newest first.
///
/// # Errors
/// If the registry cannot be read.
pub fn list_archives(run: &Run) -> Result<Vec<String>> {
    let record = run.with_store(|store| store.find_archive_record())?;
    let files = record.iter().flat_map(ArchiveRecord::files);
    Ok(files.map(|file| file.file.clone()).collect())
}
