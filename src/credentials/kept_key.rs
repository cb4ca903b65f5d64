//! Keys that pgrole makes for itself: from a key file where there is one, else the keyring, else a new key file.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::Path;

use anyhow::{Context, Result, bail};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use zeroize::Zeroizing;

use crate::credentials::os_keyring;

/// The bytes of a key.
pub type KeyBytes = Zeroizing<[u8; 32]>;

/// Where a key is kept.
pub struct KeyLocation<'a> {
    pub file: &'a Path,
    /// Its account in the keyring, which is its name in messages too.
    pub name: &'static str,
}

impl KeyLocation<'_> {
    /// The key, where there is one already.
    ///
    /// A file that is there wins, so that cron, which has no keyring, and a desktop use one key.
    ///
    /// # Errors
    /// Where a key is there but cannot be read.
    pub fn find(&self) -> Result<Option<KeyBytes>> {
        if let Some(key) = self.read_file()? {
            return Ok(Some(key));
        }
        // Without a keyring there is no key in it either.
        os_keyring::read_key(self.name)
            .ok()
            .flatten()
            .map(|text| self.decode_of_keyring(&text))
            .transpose()
    }

    /// Reads the key file; None where there is none.
    ///
    /// # Errors
    /// Where it is there but cannot be read.
    pub fn read_file(&self) -> Result<Option<KeyBytes>> {
        let Self { file, name } = self;
        match fs::read_to_string(file) {
            Ok(text) => {
                let key = decode(Zeroizing::new(text).trim());
                key.map(Some)
                    .with_context(|| format!("{} contains no {name}", file.display()))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                Err(error).with_context(|| format!("cannot read the {name} {}", file.display()))
            }
        }
    }

    /// Reads the keyring; None where it has no such key.
    ///
    /// # Errors
    /// Where the keyring cannot be asked, or its entry is no key.
    pub fn read_keyring(&self) -> Result<Option<KeyBytes>> {
        os_keyring::read_key(self.name)?
            .map(|text| self.decode_of_keyring(&text))
            .transpose()
    }

    /// Keeps a new key: in the keyring, and where there is none, in the file. Returns the one of another process that was
    /// quicker with the file.
    ///
    /// # Errors
    /// Where it can be kept nowhere.
    pub fn keep(&self, key: KeyBytes) -> Result<KeyBytes> {
        let text = Zeroizing::new(BASE64_STANDARD.encode(key.as_slice()));
        match os_keyring::write_key(self.name, &text) {
            Ok(()) => Ok(key),
            Err(_) => self.create_file(key, &text),
        }
    }

    /// Keeps a new key in the file, whether there is a keyring or not. Returns the one of another process that was quicker.
    ///
    /// # Errors
    /// Where it cannot be kept.
    pub fn keep_in_file(&self, key: KeyBytes) -> Result<KeyBytes> {
        let text = Zeroizing::new(BASE64_STANDARD.encode(key.as_slice()));
        self.create_file(key, &text)
    }

    fn decode_of_keyring(&self, text: &str) -> Result<KeyBytes> {
        let name = self.name;
        decode(text).with_context(|| format!("the keyring's entry is not a {name}"))
    }

    fn create_file(&self, key: KeyBytes, text: &str) -> Result<KeyBytes> {
        let Self { file, name } = self;
        let created = || -> io::Result<()> {
            if let Some(folder) = file.parent() {
                fs::DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(folder)?;
            }
            // Under its name only when it is whole: another process may look for it at this moment.
            let temporary = file.with_extension(format!("{}.new", std::process::id()));
            fs::remove_file(&temporary).ok();
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
            fs::File::open(file.parent().unwrap_or(Path::new(".")))
                .and_then(|folder| folder.sync_all())
        };
        match created() {
            Ok(()) => Ok(key),
            // Another process was quicker.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self
                .read_file()?
                .with_context(|| format!("the {name} that was there a moment ago is gone")),
            Err(error) => {
                Err(error).with_context(|| format!("cannot store a {name} in {}", file.display()))
            }
        }
    }
}

fn decode(text: &str) -> Result<KeyBytes> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text)?);
    match <[u8; 32]>::try_from(bytes.as_slice()) {
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        Err(_) => bail!("{} bytes are not a key", bytes.len()),
    }
}
