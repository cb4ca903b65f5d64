//! The key that authenticates what pgrole wrote into the registry file. It is kept in a file, never in the keyring:
//! cron, which has no keyring, must be able to verify.

use std::path::Path;

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::credentials::kept_key::{KeyBytes, KeyLocation};
use crate::domain::password::record::RecordKey;

fn place(file: &Path) -> KeyLocation<'_> {
    KeyLocation {
        file,
        name: "record key",
    }
}

fn record_key(key: &KeyBytes) -> RecordKey {
    RecordKey::new(**key)
}

/// The key, if it exists.
///
/// # Errors
/// If it exists but cannot be read.
pub fn find(file: &Path) -> Result<Option<RecordKey>> {
    Ok(place(file).read_file()?.as_ref().map(record_key))
}

/// Reads the key, or makes one.
///
/// # Errors
/// If it exists but cannot be read, or cannot be stored.
pub fn find_or_create(file: &Path) -> Result<RecordKey> {
    if let Some(key) = find(file)? {
        return Ok(key);
    }
    let mut key = Zeroizing::new([0; 32]);
    SysRng
        .try_fill_bytes(key.as_mut_slice())
        .context("the operating system's random source failed")?;
    Ok(record_key(&place(file).keep_in_file(key)?))
}
