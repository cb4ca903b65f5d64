//! A file that a delivery writes, under the file's lock: one of many roles is read and written whole, and two at once
//! would lose a line.

use std::path::{Path, PathBuf};

use anyhow::Result;
use zeroize::Zeroizing;

use crate::delivery::replace;
use crate::locks::{Lock, Locks};

/// How much longer an object may become than one that was made before the change: by warnings, and times.
const ROOM: usize = 1_024;
/// File systems allocate whole blocks.
const BLOCK: usize = 4_096;

/// A file that nobody else writes meanwhile.
pub struct LockedFile {
    /// Whatever links lead to it.
    path: PathBuf,
    _lock: Lock,
}

impl LockedFile {
    /// Waits for the lock of the file that a path leads to.
    ///
    /// # Errors
    /// Busy; where it cannot be told which file it is.
    pub fn lock(path: &Path, locks: &Locks) -> Result<Self> {
        let path = replace::real_path(path)?;
        Ok(Self {
            _lock: locks.take_file(&path)?,
            path,
        })
    }

    /// Does the work of [`LockedFile::write`] up to the moment in which the file would change.
    ///
    /// # Errors
    /// What would stand in its way.
    pub fn rehearse(&self, render: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>>) -> Result<()> {
        let path = &self.path;
        replace::finish(path)?;
        // Before the file is read: where there is no folder, that is said.
        replace::check(path)?;
        let contents = render(&replace::read(path)?)?;
        replace::rehearse(path, (contents.len() + ROOM).next_multiple_of(BLOCK))
    }

    /// Writes what is rendered of the present contents.
    ///
    /// # Errors
    /// Where it is not there afterwards.
    pub fn write(
        &self,
        operation_id: &str,
        render: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>>,
    ) -> Result<()> {
        replace::finish(&self.path)?;
        let contents = render(&replace::read(&self.path)?)?;
        replace::replace(&self.path, &contents, operation_id)
    }

    /// What the operator should know of who may read it.
    pub fn openness(&self) -> Option<String> {
        replace::openness(&self.path)
    }
}

/// Removes what a delivery left that was cut off, and ends a write of a file that is a mount point.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn discard(path: &Path, operation_id: &str, locks: &Locks) -> Result<()> {
    let path = replace::real_path(path)?;
    replace::discard(&path, operation_id)?;
    if replace::is_cut_off(&path)? {
        let file = LockedFile::lock(&path, locks)?;
        return replace::finish(&file.path);
    }
    Ok(())
}
