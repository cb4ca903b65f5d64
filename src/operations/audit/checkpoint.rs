//! Signs the state of the audit log, and reads signed checkpoints.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::credentials::signing_key;
use crate::delivery::replace::write_new;
use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::checkpoint::{Checkpoint, PublicKey, SigningKey};
use crate::domain::failure::Failure;
use crate::domain::timestamp::Timestamp;
use crate::operations::audit::verify::{Evidence, verify_events};
use crate::run::Run;

/// Verifies the log, and signs its newest event, so that only an intact log is signed.
///
/// # Errors
/// If the log was altered; if there is no key and a new one cannot be stored.
pub fn make_checkpoint(run: &Run, tell: &mut dyn FnMut(u64, u64)) -> Result<Checkpoint> {
    let report = verify_events(run, &Evidence::default(), tell)?;
    let (newest, events) = (report.verified_to, report.events);
    report.outcome().context("nothing was signed")?;
    let newest = newest.context("the audit log is empty")?;
    Ok(key(run)?.sign(newest, events, Timestamp::now()))
}

/// Writes a checkpoint to a private file, replacing an existing one.
///
/// # Errors
/// If the file cannot be written.
pub fn write_checkpoint(checkpoint: &Checkpoint, file: &Path) -> Result<()> {
    let text = serde_json::to_string_pretty(checkpoint)? + "\n";
    write_new(file, 0o600, text.as_bytes())
}

/// The key with which others verify this machine's checkpoints.
///
/// # Errors
/// If there is no key and a new one cannot be stored.
pub fn public_key(run: &Run) -> Result<PublicKey> {
    Ok(key(run)?.public_key())
}

pub(super) fn key(run: &Run) -> Result<SigningKey> {
    let _lock = run.lock("signing-key")?;
    signing_key::find_or_create(&run.key_file.with_file_name("signing.key"))
}

/// Reads a public key.
///
/// # Errors
/// Usage, if the file is none.
pub fn read_public_key(file: &Path) -> Result<PublicKey> {
    let key = read(file)?.parse();
    key.with_context(|| format!("cannot read a public key from {}", file.display()))
}

/// Reads a checkpoint and returns the anchor that it signs.
///
/// # Errors
/// Usage, if it is not in the right format; differences, if the signature was not made with that key.
pub fn read_checkpoint(checkpoint: &Path, key: &PublicKey) -> Result<Anchor> {
    let shown = checkpoint.display();
    let found: Checkpoint = serde_json::from_str(&read(checkpoint)?).map_err(|error| {
        Failure::usage(format!("{shown} is not a checkpoint"))
            .hint("write one: pgrole audit checkpoint --output FILE")
            .caused_by(error)
    })?;
    found
        .verified(key)
        .with_context(|| format!("the checkpoint {shown} is not valid"))
}

fn read(file: &Path) -> Result<String> {
    let text = fs::read_to_string(file).map_err(|error| Failure::usage(error.to_string()));
    text.with_context(|| format!("cannot read {}", file.display()))
}
