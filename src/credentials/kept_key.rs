//! Keys that pgrole makes for itself: kept in a key file if there is one, else in the keyring, else in a new key file.

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
    /// Its account in the keyring, also its name in messages.
    pub name: &'static str,
}

impl KeyLocation<'_> {
    /// The key, if it exists.
    ///
    /// An existing file wins, so that cron, which has no keyring, and a desktop session use the same key.
    ///
    /// # Errors
    /// If a key exists but cannot be read.
    pub fn find(&self) -> Result<Option<KeyBytes>> {
        if let Some(key) = self.read_file()? {
            return Ok(Some(key));
        }
        // Without a keyring there is no key in it.
        os_keyring::read_key(self.name)
            .ok()
            .flatten()
            .map(|text| self.decode_of_keyring(&text))
            .transpose()
    }

    /// Reads the key file; `None` if there is none.
    ///
    /// # Errors
    /// If it exists but cannot be read.
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

    /// Reads the keyring; `None` if it has no such key.
    ///
    /// # Errors
    /// If the keyring cannot be queried, or its entry is not a key.
    pub fn read_keyring(&self) -> Result<Option<KeyBytes>> {
        os_keyring::read_key(self.name)?
            .map(|text| self.decode_of_keyring(&text))
            .transpose()
    }

    /// Stores a new key: in the keyring, or if there is none, in the file. Returns the key of another process if that
    /// created the file first.
    ///
    /// # Errors
    /// If it cannot be stored anywhere.
    pub fn keep(&self, key: KeyBytes) -> Result<KeyBytes> {
        let text = Zeroizing::new(BASE64_STANDARD.encode(key.as_slice()));
        match os_keyring::write_key(self.name, &text) {
            Ok(()) => Ok(key),
            Err(_) => self.create_file(key, &text),
        }
    }

    /// Stores a new key in the file, whether there is a keyring or not. Returns the key of another process if that was
    /// first.
    ///
    /// # Errors
    /// If it cannot be stored.
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
            create_whole(file, text)?;
            fs::File::open(file.parent().unwrap_or(Path::new(".")))
                .and_then(|folder| folder.sync_all())
        };
        match created() {
            Ok(()) => Ok(key),
            // Another process was first.
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self
                .read_file()?
                .with_context(|| format!("the {name} that was there a moment ago is gone")),
            Err(error) => {
                Err(error).with_context(|| format!("cannot store a {name} in {}", file.display()))
            }
        }
    }
}

/// Creates a file that appears only when it is complete: another process may be looking for it.
///
/// # Errors
/// If it exists already, or cannot be written.
fn create_whole(file: &Path, text: &str) -> io::Result<()> {
    // Whoever is killed meanwhile leaves no key behind in a file without a name.
    #[cfg(target_os = "linux")]
    match create_from_unnamed(file, text) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {}
        ended => return ended,
    }
    let temporary = file.with_extension(format!("{}.new", std::process::id()));
    fs::remove_file(&temporary).ok();
    let mut new = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(&temporary)?;
    let written = new.write_all(text.as_bytes()).and_then(|()| new.sync_all());
    let linked = written.and_then(|()| fs::hard_link(&temporary, file));
    fs::remove_file(&temporary)?;
    linked
}

/// Fails also where the file system has no files without a name, or `/proc` is not mounted.
#[cfg(target_os = "linux")]
fn create_from_unnamed(file: &Path, text: &str) -> io::Result<()> {
    use std::os::fd::AsRawFd;

    use nix::fcntl::{AT_FDCWD, AtFlags, OFlag};

    let mut new = OpenOptions::new()
        .write(true)
        .custom_flags(OFlag::O_TMPFILE.bits())
        .mode(0o600)
        .open(file.parent().unwrap_or(Path::new(".")))?;
    new.write_all(text.as_bytes())?;
    new.sync_all()?;
    // As open(2) says, since the other way (AT_EMPTY_PATH) needs a privilege.
    let opened = format!("/proc/self/fd/{}", new.as_raw_fd());
    let follow = AtFlags::AT_SYMLINK_FOLLOW;
    nix::unistd::linkat(AT_FDCWD, opened.as_str(), AT_FDCWD, file, follow)?;
    Ok(())
}

fn decode(text: &str) -> Result<KeyBytes> {
    let bytes = Zeroizing::new(BASE64_STANDARD.decode(text)?);
    match <[u8; 32]>::try_from(bytes.as_slice()) {
        Ok(bytes) => Ok(Zeroizing::new(bytes)),
        Err(_) => bail!("{} bytes are not a key", bytes.len()),
    }
}
