//! Replacing a file whole: private from its creation, on disk before it has its name, read back after.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::unistd::{AccessFlags, access};

use crate::domain::failure::Failure;

/// Looks whether `replace` could work.
pub fn check(path: &Path) -> Result<()> {
    let folder = folder(path);
    if path.is_dir() {
        return Err(Failure::usage(format!("{} is a folder, not a file", path.display())).into());
    }
    if !folder.is_dir() {
        return Err(Failure::usage(format!("no folder {}", folder.display()))
            .hint("make it first, readable by nobody else: mkdir -m 0700")
            .into());
    }
    access(&folder, AccessFlags::W_OK | AccessFlags::X_OK)
        .with_context(|| format!("cannot write in {}", folder.display()))
}

/// Replaces the file at `path`, or makes it.
pub fn replace(path: &Path, contents: &[u8], operation_id: &str) -> Result<()> {
    let folder = folder(path);
    let temporary = temporary(path, operation_id);
    let replaced = write_private(&temporary, contents)
        .and_then(|()| {
            fs::rename(&temporary, path).with_context(|| format!("cannot write {}", path.display()))
        })
        .and_then(|()| sync_folder(&folder));
    if replaced.is_err() {
        // What is left of it holds a password.
        fs::remove_file(&temporary).ok();
    }
    replaced?;
    let read_back =
        fs::read(path).with_context(|| format!("cannot read back {}", path.display()))?;
    if read_back != contents {
        bail!("{} holds something else than was written", path.display());
    }
    Ok(())
}

/// A file that is written portion by portion, and has its name only when it is whole.
pub struct Replacement {
    file: File,
    path: PathBuf,
    temporary: PathBuf,
    is_ended: bool,
}

impl Replacement {
    /// Begins a private file beside the one that it will replace.
    ///
    /// # Errors
    /// Where the folder is not there, or cannot be written.
    pub fn begin(path: &Path) -> Result<Self> {
        check(path)?;
        let temporary = temporary(path, &std::process::id().to_string());
        // Left over from a run of the same number that was killed.
        fs::remove_file(&temporary).ok();
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&temporary)
            .with_context(|| format!("cannot write {}", temporary.display()))?;
        Ok(Self {
            file,
            path: path.to_owned(),
            temporary,
            is_ended: false,
        })
    }

    /// Puts the file in its place. It is on disk when this returns.
    ///
    /// # Errors
    /// Where it cannot be written, synced or renamed.
    pub fn end(mut self) -> Result<()> {
        self.file
            .sync_all()
            .and_then(|()| fs::rename(&self.temporary, &self.path))
            .with_context(|| format!("cannot write {}", self.path.display()))?;
        self.is_ended = true;
        sync_folder(&folder(&self.path))
    }
}

impl Write for Replacement {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

impl Drop for Replacement {
    fn drop(&mut self) {
        if !self.is_ended {
            fs::remove_file(&self.temporary).ok();
        }
    }
}

/// Removes the half-made file of an operation that was cut off, if there is one.
pub fn discard(path: &Path, operation_id: &str) -> Result<()> {
    let temporary = temporary(path, operation_id);
    if !temporary.exists() {
        return Ok(());
    }
    fs::remove_file(&temporary).with_context(|| format!("cannot remove {}", temporary.display()))
}

fn temporary(path: &Path, operation_id: &str) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder(path).join(format!(".{name}.pgrole-{operation_id}"))
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_owned(),
        _ => PathBuf::from("."),
    }
}

fn write_private(path: &Path, contents: &[u8]) -> Result<()> {
    let written = || -> io::Result<()> {
        // Left over from a run that was killed at this very delivery.
        fs::remove_file(path).ok();
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(contents)?;
        file.sync_all()
    };
    written().with_context(|| format!("cannot write {}", path.display()))
}

fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("cannot sync the folder {}", folder.display()))
}
