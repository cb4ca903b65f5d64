//! The key that seals the journal.

use std::path::Path;

use anyhow::{Context, Result};
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::credentials::kept_key::{KeyBytes, KeyLocation};
use crate::domain::password::sealing::SealingKey;

fn place(file: &Path) -> KeyLocation<'_> {
    KeyLocation {
        file,
        name: "sealing-key",
    }
}

fn sealing_key(key: &KeyBytes) -> SealingKey {
    SealingKey::new(**key)
}

/// The key, if it exists.
///
/// # Errors
/// If a key exists but cannot be read.
pub fn find(file: &Path) -> Result<Option<SealingKey>> {
    Ok(place(file).find()?.as_ref().map(sealing_key))
}

/// The key with that ID, from the file or the keyring: passwords sealed before there was a file used the keyring's.
///
/// # Errors
/// If neither has it, and why.
pub fn find_by_id(file: &Path, id: &str) -> Result<SealingKey> {
    let place = place(file);
    let in_file = place.read_file()?.as_ref().map(sealing_key);
    if let Some(key) = in_file.filter(|key| key.id() == id) {
        return Ok(key);
    }
    let key = place
        .read_keyring()
        .context("it is not in the key file, and the keyring cannot be queried")?;
    key.as_ref()
        .map(sealing_key)
        .filter(|key| key.id() == id)
        .context("neither the key file nor the keyring has it")
}

/// Reads the key, or makes one. The caller ensures that no other process does the same.
///
/// # Errors
/// If a key exists but cannot be read, or a new one cannot be stored.
pub fn find_or_create(file: &Path) -> Result<SealingKey> {
    if let Some(key) = find(file)? {
        return Ok(key);
    }
    let key = SealingKey::generate(&mut SysRng)?;
    let kept = place(file).keep(Zeroizing::new(*key.bytes()))?;
    Ok(sealing_key(&kept))
}
