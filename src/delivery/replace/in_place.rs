//! A file that is a mount point, as containers use for secrets, cannot be replaced: it is overwritten in place.
//!
//! An interrupted write may leave half of the old and half of the new contents, including other roles' lines. So the
//! whole new contents are first written beside the file, if the folder is writable, and the next run completes the
//! write from there.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use anyhow::{Context, Result};
use nix::unistd::{AccessFlags, access, geteuid};
use zeroize::Zeroizing;

use crate::delivery::replace::place;
use crate::delivery::replace::place::{FileLocation, beside};
use crate::delivery::replace::{
    Policy, create_private, real_path, rehearse_beside, sync_folder, write_synced,
};

/// The suffix of the complete copy beside the file; and of the copy while it is incomplete.
const WHOLE: &str = "whole";
const PART: &str = "part";

/// Checks whether the file can be written, and allocates space for the new contents.
pub(super) fn rehearse(place: &FileLocation, contents: &[u8]) -> Result<()> {
    let what = || format!("cannot write {}", place.path.display());
    let file = place::open(&place.path, OpenOptions::new().write(true)).with_context(what)?;
    make_room(&file, contents.len() as u64).with_context(what)?;
    if has_room_beside(place) {
        rehearse_beside(place, contents, None)?;
    }
    Ok(())
}

/// Allocates blocks without making the file longer.
#[cfg(target_os = "linux")]
fn make_room(file: &fs::File, size: u64) -> io::Result<()> {
    use rustix::fs::{FallocateFlags, fallocate};
    use rustix::io::Errno;

    match fallocate(file, FallocateFlags::KEEP_SIZE, 0, size) {
        // Not every file system supports it.
        Ok(()) | Err(Errno::OPNOTSUPP | Errno::NOSYS) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
fn make_room(_: &fs::File, _: u64) -> io::Result<()> {
    Ok(())
}

/// Writes the file, synced.
pub(super) fn write(place: &FileLocation, contents: &[u8]) -> Result<()> {
    if has_room_beside(place) {
        put_beside(place, contents)
            .with_context(|| format!("cannot write beside {}", place.path.display()))?;
    }
    write_over(&place.path, contents)?;
    remove(&beside(&place.path, WHOLE))
}

/// Without a copy beside it, a file of one role can still be rewritten from the sealed password.
fn has_room_beside(place: &FileLocation) -> bool {
    access(&place.folder, AccessFlags::W_OK | AccessFlags::X_OK).is_ok()
}

fn put_beside(place: &FileLocation, contents: &[u8]) -> Result<()> {
    let part = place.beside(PART);
    fs::remove_file(&part).ok();
    let written = || -> Result<()> {
        write_synced(&mut create_private(&part)?, contents, None)?;
        Ok(fs::rename(&part, place.beside(WHOLE))?)
    };
    let written = written();
    if written.is_err() {
        fs::remove_file(&part).ok();
    }
    written?;
    sync_folder(&place.folder)
}

fn write_over(path: &Path, contents: &[u8]) -> Result<()> {
    let written = || -> io::Result<()> {
        let mut file = place::open(path, OpenOptions::new().write(true))?;
        file.write_all(contents)?;
        file.set_len(contents.len() as u64)?;
        file.sync_all()
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", path.display()))
        }
        _ => Ok(()),
    }
}

/// Whether a write of the file was interrupted.
///
/// # Errors
/// If the path cannot be resolved.
pub fn is_cut_off(path: &Path) -> Result<bool> {
    let path = real_path(path)?;
    Ok([WHOLE, PART]
        .iter()
        .any(|what| is_ours(&beside(&path, what))))
}

fn is_ours(path: &Path) -> bool {
    let is_ours = |file: fs::Metadata| file.is_file() && file.uid() == geteuid().as_raw();
    fs::symlink_metadata(path).is_ok_and(is_ours)
}

/// Completes an interrupted write. The caller holds the lock of the file.
///
/// # Errors
/// If the file cannot be written.
pub fn finish(path: &Path) -> Result<()> {
    if !is_cut_off(path)? {
        return Ok(());
    }
    let place = FileLocation::find(path, Policy::Preserve)?;
    let whole = place.beside(WHOLE);
    // If nothing is mounted any more, there is nothing to complete.
    if place.is_mount_point && is_ours(&whole) {
        let contents = fs::read(&whole).map(Zeroizing::new);
        let contents = contents.with_context(|| format!("cannot read {}", whole.display()))?;
        write_over(&place.path, &contents)?;
    }
    remove(&whole)?;
    remove(&place.beside(PART))
}
