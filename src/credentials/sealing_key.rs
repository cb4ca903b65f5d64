//! The key that seals the journal: from a key file where there is one, else the keyring, else a new key file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rand::rngs::SysRng;
use zeroize::Zeroizing;

use crate::credentials::keyring;
use crate::domain::sealing::{KEY_LENGTH, SealingKey};

/// Reads the key, or makes one: in the keyring, and where there is none, in `file`.
///
/// A file that is there wins, so that cron, which has no keyring, and a desktop use one key.
///
/// # Errors
/// Where a key is there but cannot be read, or none can be kept.
pub fn load_or_create(file: &Path) -> Result<SealingKey> {
    match fs::read_to_string(file) {
        Ok(text) => {
            let text = Zeroizing::new(text);
            return decode(text.trim())
                .with_context(|| format!("{} holds no sealing key", file.display()));
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => {
            return Err(error)
                .with_context(|| format!("cannot read the sealing key {}", file.display()));
        }
    }
    match keyring::read_sealing_key() {
        Ok(Some(text)) => decode(&text).context("the keyring's entry is no sealing key"),
        Ok(None) => {
            let key = SealingKey::generate(&mut SysRng)?;
            let text = Zeroizing::new(BASE64_STANDARD.encode(key.bytes()));
            keyring::write_sealing_key(&text)?;
            Ok(key)
        }
        Err(_) => create_file(file),
    }
}

fn create_file(file: &Path) -> Result<SealingKey> {
    let key = SealingKey::generate(&mut SysRng)?;
    let created = || -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        // Under its name only when it is whole: another process may look for it at this moment.
        let temporary = file.with_extension(format!("{}.new", std::process::id()));
        let mut new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)?;
        let text = Zeroizing::new(BASE64_STANDARD.encode(key.bytes()));
        new.write_all(text.as_bytes())?;
        new.sync_all()?;
        let linked = fs::hard_link(&temporary, file);
        fs::remove_file(&temporary)?;
        linked?;
        fs::File::open(file.parent().unwrap_or(Path::new("."))).and_then(|folder| folder.sync_all())
    };
    match created() {
        Ok(()) => Ok(key),
        // Another process was quicker.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => load_or_create(file),
        Err(error) => {
            Err(error).with_context(|| format!("cannot keep a sealing key in {}", file.display()))
        }
    }
}

fn decode(text: &str) -> Result<SealingKey> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text)?);
    match <[u8; KEY_LENGTH]>::try_from(bytes.as_slice()) {
        Ok(bytes) => Ok(SealingKey::new(bytes)),
        Err(_) => bail!("{} bytes are no key", bytes.len()),
    }
}
