//! Locks in the state folder, held by the operating system: a process that is killed holds them no longer.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::fcntl::OFlag;

const PAUSE: Duration = Duration::from_millis(10);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Takes the lock of a name beside the registry; None where another process holds it.
    ///
    /// # Errors
    /// Where the lock's file cannot be made.
    pub fn try_take(registry: &Path, name: &str) -> Result<Option<Self>> {
        let path = folder(registry).join(name);
        let failed = || format!("cannot take the lock {}", path.display());
        loop {
            let file = open(&path).with_context(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error).with_context(failed),
            }
            // Its last holder may have removed the file after it was opened here: then this is nobody's lock.
            if is_at(&file, &path).with_context(failed)? {
                return Ok(Some(Self { path, _file: file }));
            }
        }
    }

    /// Waits for the lock; None where another process still holds it after `limit`.
    ///
    /// # Errors
    /// Where the lock's file cannot be made.
    pub fn take_within(registry: &Path, name: &str, limit: Duration) -> Result<Option<Self>> {
        let deadline = Instant::now() + limit;
        loop {
            let taken = Self::try_take(registry, name)?;
            if taken.is_some() || Instant::now() > deadline {
                return Ok(taken);
            }
            std::thread::sleep(PAUSE);
        }
    }
}

fn folder(registry: &Path) -> PathBuf {
    let mut folder = registry.as_os_str().to_owned();
    folder.push(".locks");
    PathBuf::from(folder)
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(folder) = path.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    OpenOptions::new()
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .custom_flags(OFlag::O_NOFOLLOW.bits())
        .open(path)
}

fn is_at(file: &File, path: &Path) -> io::Result<bool> {
    match fs::metadata(path) {
        Ok(there) => Ok(there.ino() == file.metadata()?.ino()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Still held here. A file that stays does no harm.
        fs::remove_file(&self.path).ok();
    }
}
