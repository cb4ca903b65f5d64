//! A file that a delivery writes, under the file's lock: a file of many roles is rewritten as a whole, and two writers
//! at once would lose a line.

use std::path::{Path, PathBuf};

use anyhow::Result;
use zeroize::Zeroizing;

use crate::delivery::replace;
use crate::locks::{Lock, Locks};

/// How much longer the final object may be than the rehearsed one, because of warnings and times; in bytes.
const ROOM: usize = 1_024;
/// File systems allocate whole blocks.
const BLOCK: usize = 4_096;

pub use crate::delivery::replace::Readers;

/// A file that no other pgrole writes while this exists.
pub struct LockedFile {
    /// With links resolved.
    path: PathBuf,
    readers: Readers,
    _lock: Lock,
}

impl LockedFile {
    /// Waits for the lock of the file that a path resolves to.
    ///
    /// # Errors
    /// Busy; if the path cannot be resolved.
    pub fn lock(path: &Path, locks: &Locks) -> Result<Self> {
        let path = replace::real_path(path)?;
        Ok(Self {
            _lock: locks.take_file(&path)?,
            path,
            readers: Readers::Owner,
        })
    }

    /// The same, where a file that does not exist yet is for these readers.
    pub fn for_new(self, readers: Readers) -> Self {
        Self { readers, ..self }
    }

    /// Rehearses [`LockedFile::write`] up to the moment when the file would change.
    ///
    /// # Errors
    /// What would make it fail.
    pub fn rehearse(&self, render: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>>) -> Result<()> {
        let path = &self.path;
        replace::finish(path)?;
        // Before the file is read, so that a missing folder is reported as such.
        replace::check(path)?;
        let contents = render(&replace::read(path)?)?;
        replace::rehearse(path, (contents.len() + ROOM).next_multiple_of(BLOCK))
    }

    /// Renders the new contents from the present ones, and writes them.
    ///
    /// # Errors
    /// If the file does not hold them afterwards.
    pub fn write(
        &self,
        operation_id: &str,
        render: impl FnOnce(&[u8]) -> Result<Zeroizing<Vec<u8>>>,
    ) -> Result<()> {
        replace::finish(&self.path)?;
        let contents = render(&replace::read(&self.path)?)?;
        replace::replace(&self.path, &contents, operation_id, self.readers)
    }

    /// A warning if every user may read the file.
    pub fn openness(&self) -> Option<String> {
        replace::openness(&self.path)
    }
}

/// Removes what an interrupted delivery left, and completes an interrupted write of a file that is a mount point.
///
/// # Errors
/// If it exists and cannot be removed.
pub fn discard(path: &Path, operation_id: &str, locks: &Locks) -> Result<()> {
    let path = replace::real_path(path)?;
    replace::discard(&path, operation_id)?;
    if replace::is_cut_off(&path)? {
        let file = LockedFile::lock(&path, locks)?;
        return replace::finish(&file.path);
    }
    Ok(())
}
