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

/// The key, where there is one already.
///
/// A file that is there wins, so that cron, which has no keyring, and a desktop use one key.
///
/// # Errors
/// Where a key is there but cannot be read.
pub fn find(file: &Path) -> Result<Option<SealingKey>> {
    if let Some(key) = read_file(file)? {
        return Ok(Some(key));
    }
    // Without a keyring there is no key in it either.
    keyring::read_sealing_key()
        .ok()
        .flatten()
        .map(|text| decode_of_keyring(&text))
        .transpose()
}

/// The key of that id, in the file or in the keyring: what was sealed before there was a file has the keyring's.
///
/// # Errors
/// Where neither has it, and why.
pub fn find_by_id(file: &Path, id: &str) -> Result<SealingKey> {
    if let Some(key) = read_file(file)?.filter(|key| key.id() == id) {
        return Ok(key);
    }
    let key = keyring::read_sealing_key()
        .context("it is not in the key file, and the keyring cannot be asked")?
        .map(|text| decode_of_keyring(&text))
        .transpose()?;
    key.filter(|key| key.id() == id)
        .context("neither the key file nor the keyring has it")
}

/// Reads the key, or makes one: in the keyring, and where there is none, in `file`. The caller sees to it that no
/// other process does the same.
///
/// # Errors
/// Where a key is there but cannot be read, or none can be kept.
pub fn find_or_create(file: &Path) -> Result<SealingKey> {
    if let Some(key) = find(file)? {
        return Ok(key);
    }
    let key = SealingKey::generate(&mut SysRng)?;
    let text = Zeroizing::new(BASE64_STANDARD.encode(key.bytes()));
    match keyring::write_sealing_key(&text) {
        Ok(()) => Ok(key),
        Err(_) => create_file(file, key, &text),
    }
}

fn read_file(file: &Path) -> Result<Option<SealingKey>> {
    match fs::read_to_string(file) {
        Ok(text) => {
            let key = decode(Zeroizing::new(text).trim());
            key.map(Some)
                .with_context(|| format!("{} holds no sealing key", file.display()))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("cannot read the sealing key {}", file.display()))
        }
    }
}

fn decode_of_keyring(text: &str) -> Result<SealingKey> {
    decode(text).context("the keyring's entry is no sealing key")
}

fn create_file(file: &Path, key: SealingKey, text: &str) -> Result<SealingKey> {
    let created = || -> io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        // Under its name only when it is whole: another process may look for it at this moment.
        let temporary = file.with_extension(format!("{}.new", key.id()));
        let mut new = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)?;
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
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            read_file(file)?.context("the sealing key that was there a moment ago is gone")
        }
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
