//! `audit verify`: proves that the audit log still contains what was written.

use anyhow::Result;
use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::audit::anchor::Anchor;
use crate::domain::failure::{Failure, Kind};
use crate::run::Run;
use crate::store::{Break, Verification};

/// The result of a verification.
#[derive(Debug, Serialize)]
pub struct VerifyReport {
    pub status: Status,
    /// How many events are as they were written.
    pub events: u64,
    /// How many of these date from before events had hashes.
    pub adopted: u64,
    /// How many anchors were compared.
    pub anchors: usize,
    /// The last event that is as it was written.
    pub verified_to: Option<Anchor>,
    /// The first event that is not as it was written, and what happened to it.
    pub broken_event: Option<i64>,
    pub broken: Option<Break>,
    pub message: Option<String>,
}

/// Walks the log, comparing the anchors on the way.
///
/// # Errors
/// If the file cannot be read. An altered log is a result.
pub fn verify_events(
    run: &Run,
    anchors: &[Anchor],
    tell: &mut dyn FnMut(u64, u64),
) -> Result<VerifyReport> {
    let found = run.with_store(|store| store.verify_events(anchors, tell))?;
    let Verification {
        events,
        adopted,
        newest,
        broken,
    } = found;
    Ok(VerifyReport {
        status: if broken.is_none() {
            Status::Intact
        } else {
            Status::Altered
        },
        events,
        adopted,
        anchors: anchors.len(),
        verified_to: newest,
        broken_event: broken.as_ref().map(|broken| broken.event),
        broken: broken.as_ref().map(|broken| broken.what),
        message: broken.map(|broken| broken.message),
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
