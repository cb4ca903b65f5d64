//! The key that signs checkpoints of the audit log.

use std::path::Path;

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::credentials::kept_key::KeyLocation;
use crate::domain::audit::checkpoint::SigningKey;

/// Reads the key, or makes one. The caller ensures that no other process does the same.
///
/// # Errors
/// If a key exists but cannot be read, or a new one cannot be stored.
pub fn find_or_create(file: &Path) -> Result<SigningKey> {
    let place = KeyLocation {
        file,
        name: "signing-key",
    };
    if let Some(key) = place.find()? {
        return SigningKey::new(&key);
    }
    let mut key = Zeroizing::new([0; 32]);
    SysRng
        .try_fill_bytes(key.as_mut_slice())
        .context("the operating system's random source failed")?;
    SigningKey::new(&*place.keep(key)?)
}
