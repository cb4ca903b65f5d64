//! `audit archive`: moves old events into a signed file.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Mode;
use crate::domain::act::status::Status;
use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::archive::{ArchiveRecord, ArchivedFile};
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Timestamp;
use crate::operations::audit::checkpoint::key;
use crate::operations::audit::verify::{Evidence, verify_events};
use crate::run::Run;
use crate::store::{ArchiveRange, AuditArchive, Store};

/// What was moved, or would be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ArchiveReport {
    /// `N events archived` or `unchanged`.
    pub status: Status,
    /// The path of the archive; null if nothing is to be moved.
    pub file: Option<String>,
    /// The number of the first event that was moved; null if none was.
    pub first: Option<i64>,
    /// The last event that was moved, as `SEQUENCE:HASH`; null if none was.
    pub last: Option<Anchor>,
    /// How many events were moved.
    pub events: u64,
    /// The number of the act that had not ended and keeps later events in the log; null if there is none.
    pub kept_back_by: Option<i64>,
}

/// What is to be moved, and where to.
#[derive(Debug)]
pub struct Wanted {
    /// Events that were recorded before this time; `None`: before this year.
    pub before: Option<Timestamp>,
    /// `None`: a file beside the registry.
    pub output: Option<PathBuf>,
    pub mode: Mode,
}

/// Moves events from the beginning of an intact log. A file that an interrupted run has left is taken as it is.
///
/// # Errors
/// If the log was altered; if the file cannot be written, or is another; if the log cannot be written.
pub fn archive_events(
    run: &Run,
    wanted: &Wanted,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<ArchiveReport> {
    let now = Timestamp::now();
    let before = cut(wanted.before, now)?;
    let _lock = run.lock("audit-archive")?;
    let report = verify_events(run, &Evidence::default(), tell)?;
    report.outcome().context("nothing was archived")?;
    let left = match &wanted.output {
        Some(file) if file.exists() => Some(find_left(run, file)?),
        _ => None,
    };
    let range = match &left {
        Some((_, range)) => Some(range.clone()),
        None => run.with_store(|store| store.find_archive_range(before, now))?,
    };
    let Some(range) = range else {
        return Ok(ArchiveReport {
            status: Status::Unchanged,
            file: None,
            first: None,
            last: None,
            events: 0,
            kept_back_by: None,
        });
    };
    let file = match &wanted.output {
        Some(file) => file.clone(),
        None => default_file(run.registry(), &range),
    };
    let file =
        std::path::absolute(&file).with_context(|| format!("cannot use {}", file.display()))?;
    let report = ArchiveReport {
        status: Status::EventsArchived(range.events),
        file: Some(file.display().to_string()),
        first: Some(range.first),
        last: Some(range.last),
        events: range.events,
        kept_back_by: range.kept_back_by,
    };
    if wanted.mode == Mode::DryRun {
        return Ok(report);
    }
    let archive = match left {
        Some((archive, _)) => archive,
        None if file.exists() => find_left(run, &file)?.0,
        None => write(run, &file, &range, now)?,
    };
    // What cannot be read back does not leave the log.
    Store::require_complete(&archive, &range)?;
    let record = record(run, &archive, &range, &file)?;
    run.with_store(|store| store.remove_archived(&range, &record, now))?;
    if let Err(error) = run.with_store(|store| store.shrink()) {
        let registry = run.registry().display();
        run.warn(format!(
            "the events are archived, but {registry} has not shrunk yet (VACUUM): {error:#}"
        ));
    }
    Ok(report)
}

/// The time before which events are moved.
fn cut(given: Option<Timestamp>, now: Timestamp) -> Result<Timestamp, Failure> {
    let text = now.to_string();
    let this_year = text
        .get(..4)
        .and_then(|year| Timestamp::parse_day_or_time(&format!("{year}-01-01")));
    let before = given.or(this_year).unwrap_or(now);
    if before.seconds_since(now) > 0 {
        return Err(Failure::usage(format!("{before} is in the future")));
    }
    Ok(before)
}

/// Beside the registry, so that it is found, and with the events that it has, so that it is never another.
fn default_file(registry: &Path, range: &ArchiveRange) -> PathBuf {
    let stem = registry.file_stem().unwrap_or_default().to_string_lossy();
    let (first, last) = (range.first, range.last.sequence);
    registry.with_file_name(format!("{stem}.audit-{first}-{last}.db"))
}

fn write(run: &Run, file: &Path, range: &ArchiveRange, now: Timestamp) -> Result<AuditArchive> {
    let checkpoint = key(run)?.sign(range.last, range.events, now);
    run.with_store(|store| store.write_archive(file, range, &checkpoint))?;
    AuditArchive::open(file, run.timeout)
}

/// The archive that an interrupted run has left: the log still begins with its events.
fn find_left(run: &Run, file: &Path) -> Result<(AuditArchive, ArchiveRange)> {
    let another = || {
        let what = format!(
            "{} is there already, and is not an archive of events that the log begins with",
            file.display()
        );
        Failure::new(Kind::Refused, what).hint("name another file with --output FILE")
    };
    let Ok(archive) = AuditArchive::open(file, run.timeout) else {
        return Err(another().into());
    };
    let last = archive.checkpoint.verified(&key(run)?.public_key())?;
    let range = run.with_store(|store| store.find_range_to(archive.first, last))?;
    Ok((archive, range.ok_or_else(another)?))
}

fn record(
    run: &Run,
    archive: &AuditArchive,
    range: &ArchiveRange,
    file: &Path,
) -> Result<ArchiveRecord> {
    let before = run.with_store(|store| store.find_archive_record())?;
    let earlier = before.iter().flat_map(ArchiveRecord::files).cloned();
    Ok(ArchiveRecord {
        file: ArchivedFile {
            file: file.display().to_string(),
            first: range.first,
            last: range.last.sequence,
        },
        checkpoint: archive.checkpoint.clone(),
        earlier: earlier.collect(),
    })
}
