//! Locks between processes of this machine, held by the operating system: a process that is killed releases them. They
//! protect what belongs to this machine, such as a file, and the registry while that is a file.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use nix::fcntl::OFlag;

use crate::domain::failure::{Failure, Kind};
use crate::domain::password::change::name_of_lock;

const PAUSE: Duration = Duration::from_millis(10);
/// Longer than it takes to empty a log.
const MOMENT: Duration = Duration::from_millis(500);

/// A lock that is held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
    /// Whether the file stays where it is.
    leaves_file: bool,
}

/// Where locks are taken, and how long to wait for one.
#[derive(Debug, Clone)]
pub struct Locks {
    folder: PathBuf,
    patience: Duration,
}

impl Locks {
    /// The locks beside a registry.
    pub fn beside(registry: &Path, patience: Duration) -> Self {
        let mut folder = registry.as_os_str().to_owned();
        folder.push(".locks");
        Self {
            folder: PathBuf::from(folder),
            patience,
        }
    }

    /// Takes a lock; `None` if another process holds it.
    ///
    /// # Errors
    /// If the lock's file cannot be created.
    pub fn try_take(&self, name: &str) -> Result<Option<Lock>> {
        let path = self.folder.join(name);
        let failed = || format!("cannot take the lock {}", path.display());
        loop {
            let file = open(&path).with_context(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Ok(None),
                Err(TryLockError::Error(error)) => return Err(error).with_context(failed),
            }
            // Its last holder may have removed the file after it was opened here: then this lock excludes nobody.
            if is_at(&file, &path).with_context(failed)? {
                return Ok(Some(Lock {
                    path,
                    _file: file,
                    leaves_file: false,
                }));
            }
        }
    }

    /// The same, but waits a moment: a command that tidies up after killed processes ([`Self::take_left_behind`]) holds
    /// each lock no longer, and is not what the lock keeps away.
    ///
    /// # Errors
    /// Those of [`Self::try_take`].
    pub fn take_soon(&self, name: &str) -> Result<Option<Lock>> {
        let deadline = Instant::now() + MOMENT;
        loop {
            let taken = self.try_take(name)?;
            if taken.is_some() || Instant::now() > deadline {
                return Ok(taken);
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Takes the locks of processes that ended without releasing them: those were killed. What cannot be read, or is held,
    /// is passed over.
    pub fn take_left_behind(&self) -> Vec<Lock> {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Vec::new();
        };
        let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        names
            .filter_map(|name| self.try_take(&name).ok()?)
            .collect()
    }

    /// Waits for a lock.
    ///
    /// # Errors
    /// Busy, if another process holds it for longer. If the lock's file cannot be created.
    pub fn take(&self, name: &str) -> Result<Lock> {
        let deadline = Instant::now() + self.patience;
        loop {
            if let Some(lock) = self.try_take(name)? {
                return Ok(lock);
            }
            if Instant::now() > deadline {
                return Err(
                    Failure::new(Kind::Busy, "another process is changing this password")
                        .hint("try again when it has ended")
                        .into(),
                );
            }
            std::thread::sleep(PAUSE);
        }
    }

    /// Waits for the lock of a file that is read and written as a whole: two writers at once would lose a line. The
    /// path is the file's own, whatever links lead to it.
    ///
    /// # Errors
    /// Those of [`Locks::take`].
    pub fn take_file(&self, path: &Path) -> Result<Lock> {
        self.take(&name_of_lock("file", path))
    }
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

impl Lock {
    /// Releases it as a process does that is killed: whoever comes next still sees that there is something to tidy up.
    pub fn leave_behind(mut self) {
        self.leaves_file = true;
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        if self.leaves_file {
            return;
        }
        // The lock is still held here. A file that is left behind does no harm.
        fs::remove_file(&self.path).ok();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_that_is_held_for_a_moment_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let locks = Locks::beside(&folder.path().join("registry"), Duration::ZERO);
        let held = locks.try_take("rotate").unwrap();
        assert!(held.is_some() && locks.try_take("rotate").unwrap().is_none());
        let (ours, theirs) = (locks.clone(), std::sync::Barrier::new(2));
        std::thread::scope(|threads| {
            let taken = threads.spawn(|| {
                theirs.wait();
                ours.take_soon("rotate").unwrap()
            });
            theirs.wait();
            drop(held);
            assert!(taken.join().unwrap().is_some());
        });
        // Somebody who keeps it is not waited for any longer.
        let kept = locks.try_take("rotate").unwrap();
        assert!(kept.is_some() && locks.take_soon("rotate").unwrap().is_none());
    }

    #[test]
    fn only_what_nobody_holds_was_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let locks = Locks::beside(&folder.path().join("registry"), Duration::ZERO);
        let held = locks.try_take("held").unwrap();
        locks.try_take("killed").unwrap().unwrap().leave_behind();
        assert_eq!(locks.take_left_behind().len(), 1);
        // It was released in order.
        assert_eq!(locks.take_left_behind().len(), 0);
        drop(held);
    }
}
