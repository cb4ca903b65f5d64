//! `audit list`: acts, newest first, a page at a time.

use std::path::Path;

use anyhow::Result;

use crate::domain::audit::archive::ArchiveRecord;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::run::Run;

use crate::store::AuditArchive;

pub use crate::store::{EventFilter, LoggedEvent};

/// How many acts are read at once.
const PORTION: u32 = 1_000;

/// Passes on a page of acts, of the log or of an archive, newest first: in portions, so that neither their number nor the time that they take to be shown matters to the
/// file or to memory. Returns the last one's ID, if there may be more.
///
/// # Errors
/// Not found, if the event to start after does not exist; if the registry cannot be read; any error of `take`.
pub fn pass_events(
    run: &Run,
    filter: &EventFilter,
    archive: Option<&Path>,
    mut take: impl FnMut(&[LoggedEvent]) -> Result<()>,
) -> Result<Option<i64>> {
    let archive = archive.map(|file| AuditArchive::open(file, run.timeout));
    let archive = archive.transpose()?;
    // Failures are found by their outcomes, all of them each time.
    let portion = if filter.failed { u32::MAX } else { PORTION };
    let mut left = filter.limit;
    let mut next = filter.clone();
    loop {
        next.limit = left.min(portion);
        let events = match &archive {
            Some(archive) => archive.store.list_events(&next),
            None => run.with_store(|store| store.list_events(&next)),
        }?;
        take(&events)?;
        let Some(last) = events.last().filter(|_| is_full(events.len(), next.limit)) else {
            return Ok(None);
        };
        left -= next.limit;
        if left == 0 {
            return Ok(Some(last.id));
        }
        if interrupt::is_raised() {
            return Err(Failure::new(Kind::Interrupted, "interrupted").into());
        }
        next.before = Some(last.id);
    }
}

fn is_full(count: usize, limit: u32) -> bool {
    u32::try_from(count).is_ok_and(|count| count == limit)
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
