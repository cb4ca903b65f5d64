//! `audit verify`: proves that the audit log still contains what was written.

use std::path::PathBuf;

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::checkpoint::{Checkpoint, PublicKey};
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind};
use crate::run::Run;
use crate::store::{AuditArchive, Break, Verification};

/// The result of a verification.
#[derive(Debug, Serialize, JsonSchema)]
pub struct VerifyReport {
    /// `intact` or `altered`.
    pub status: Status,
    /// How many events are as they were written.
    pub events: u64,
    /// How many of these date from before events had hashes.
    pub adopted: u64,
    /// How many anchors were compared.
    pub anchors: usize,
    /// How many archives were gone through before the log.
    pub archives: usize,
    /// The last event of the archives that were not gone through, as `SEQUENCE:HASH`; null if there are none.
    pub archived_to: Option<Anchor>,
    /// The last event that is as it was written, as `SEQUENCE:HASH`; null if there is none.
    pub verified_to: Option<Anchor>,
    /// The number of the first event that is not as it was written; null if all are.
    pub broken_event: Option<i64>,
    /// What happened to that event; null if all are as they were written.
    pub broken: Option<Break>,
    /// What was found, as a sentence; null if all is as it was written.
    pub message: Option<String>,
}

/// What a log is verified against, beside itself.
#[derive(Debug, Default)]
pub struct Evidence {
    pub anchors: Vec<Anchor>,
    /// Files with events that were moved out of the log.
    pub archives: Vec<PathBuf>,
    /// The key of whoever signs this log. Without it, a signature only shows that its content is whole.
    pub public_key: Option<PublicKey>,
}

/// Walks the archives and the log, comparing the anchors on the way.
///
/// # Errors
/// If a file cannot be read; differences, if an archive was not signed with the key; not found, if an anchor is of an
/// event that is in an archive that is not among these. An altered log is a result.
pub fn verify_events(
    run: &Run,
    evidence: &Evidence,
    tell: &mut dyn FnMut(u64, u64),
) -> Result<VerifyReport> {
    let mut archives = Vec::new();
    for path in &evidence.archives {
        let archive = AuditArchive::open(path, run.timeout)?;
        let shown = path.display();
        signed(&archive.checkpoint, evidence.public_key)
            .with_context(|| format!("the signature of the archive {shown} is not valid"))?;
        archives.push(archive);
    }
    archives.sort_by_key(|archive| archive.first);
    if let Some(record) = run.with_store(|store| store.find_archive_record())? {
        signed(&record.checkpoint, evidence.public_key)
            .context("the signature of the event that tells of an archive is not valid")?;
    }
    let anchors = &evidence.anchors;
    let found = run.with_store(|store| store.verify_events(&archives, anchors, tell))?;
    let Verification {
        events,
        adopted,
        newest,
        broken,
        archived_to,
        unread,
    } = found;
    if let (None, Some(event)) = (&broken, unread.iter().min()) {
        return Err(archived(run, *event)?.into());
    }
    Ok(VerifyReport {
        status: if broken.is_none() {
            Status::Intact
        } else {
            Status::Altered
        },
        events,
        adopted,
        anchors: anchors.len(),
        archives: archives.len(),
        archived_to,
        verified_to: newest,
        broken_event: broken.as_ref().map(|broken| broken.event),
        broken: broken.as_ref().map(|broken| broken.what),
        message: broken.map(|broken| broken.message),
    })
}

/// Checks that a signature matches its content, and is of that key.
fn signed(checkpoint: &Checkpoint, key: Option<PublicKey>) -> Result<()> {
    let key = match key {
        Some(key) => key,
        None => checkpoint.public_key.parse()?,
    };
    checkpoint.verified(&key)?;
    Ok(())
}

/// The failure to compare the anchor of an event that is not in the log any more.
fn archived(run: &Run, event: i64) -> Result<Failure> {
    let record = run.with_store(|store| store.find_archive_record())?;
    let file = record.as_ref().and_then(|record| record.file_of(event));
    let failure = Failure::not_found(format!(
        "event {event} is in an archive, so its anchor was not compared"
    ));
    Ok(match file {
        Some(found) => failure.hint(pasteable(
            "pgrole audit verify --archive {}",
            &[&found.file],
        )),
        None => failure,
    })
}

impl VerifyReport {
    /// Turns an altered log into a failure.
    ///
    /// # Errors
    /// If the log was altered.
    pub fn outcome(self) -> Result<()> {
        let Some(message) = self.message else {
            return Ok(());
        };
        let failure = Failure::new(Kind::Differences, "the audit log was altered");
        let hint = match self.verified_to {
            Some(anchor) => format!(
                "the log is intact up to {anchor}: compare it with a backup that has this anchor"
            ),
            None => "compare it with a backup".to_owned(),
        };
        Err(failure.hint(hint).caused_by(message).into())
    }
}
