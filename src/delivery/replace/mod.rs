//! The one way in which a file gets its contents: whole or not at all, private from its creation, on disk before it has
//! its name, read back after.
//!
//! - `place`: which file a path leads to, and what is there
//! - `kept`: what a file keeps when it is replaced: owner, group, mode, ACL
//! - `in_place`: files that cannot be replaced, because they are mount points

mod in_place;
mod kept;
mod place;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use nix::errno::Errno;
use zeroize::Zeroizing;

pub use in_place::{finish, is_cut_off};
pub use place::real_path;

use kept::FilePermissions;
use place::FileLocation;

/// What becomes of what is at the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// It is somebody's: it keeps owner, group, mode and ACL, a link stays one, and a mount point is written in place.
    Kept,
    /// It is pgrole's own output: a new file takes its place, or that of a link.
    New,
}

/// What is at the path that a delivery replaces; nothing where there is no file.
///
/// # Errors
/// Where it cannot be read.
pub fn read(path: &Path) -> Result<Zeroizing<Vec<u8>>> {
    match place::open(&real_path(path)?, OpenOptions::new().read(true)) {
        Ok(mut file) => {
            let mut contents = Zeroizing::new(Vec::new());
            io::Read::read_to_end(&mut file, &mut contents)
                .with_context(|| format!("cannot read {}", path.display()))?;
            Ok(contents)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Zeroizing::default()),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

/// Looks whether a file is, or could be, at the path.
///
/// # Errors
/// Where there is something else, or no folder that may be written.
pub fn check(path: &Path) -> Result<()> {
    FileLocation::find(path, Policy::Kept).map(drop)
}

/// Does the work of `replace` with so many bytes, up to the moment in which the file would change.
///
/// # Errors
/// What would stand in the way of `replace`: the file would not be as it was, the disk is full, the folder is not there.
pub fn rehearse(path: &Path, size: usize) -> Result<()> {
    let place = FileLocation::find(path, Policy::Kept)?;
    let contents = vec![b'x'; size];
    if place.is_mount_point {
        return in_place::rehearse(&place, &contents);
    }
    rehearse_beside(&place, &contents, place.kept.as_ref())
}

/// The new password is not among the contents: it reaches no disk before it is sealed.
fn rehearse_beside(
    place: &FileLocation,
    contents: &[u8],
    kept: Option<&FilePermissions>,
) -> Result<()> {
    let rehearsed = || -> Result<()> { write_synced(&mut create_nameless(place)?, contents, kept) };
    rehearsed().with_context(|| format!("cannot write {}", place.path.display()))
}

/// Replaces the file that a path leads to, or makes it.
///
/// # Errors
/// Where it does not hold the contents afterwards.
pub fn replace(path: &Path, contents: &[u8], operation_id: &str) -> Result<()> {
    let place = FileLocation::find(path, Policy::Kept)?;
    let shown = place.path.display();
    let is_written = !place.is_mount_point && rename_over(&place, contents, operation_id)?;
    if !is_written {
        in_place::write(&place, contents)?;
    }
    if read(&place.path).context("cannot read it back")?.as_slice() != contents {
        bail!("{shown} does not hold what was written");
    }
    Ok(())
}

/// False where the file turns out to be a mount point.
fn rename_over(place: &FileLocation, contents: &[u8], operation_id: &str) -> Result<bool> {
    let temporary = place.beside(operation_id);
    // Left over from a run that was killed at this very delivery.
    fs::remove_file(&temporary).ok();
    let replaced = || -> Result<()> {
        let mut file = create_private(&temporary)?;
        write_synced(&mut file, contents, place.kept.as_ref())?;
        Ok(fs::rename(&temporary, &place.path)?)
    };
    if let Err(error) = replaced() {
        // What is left of it holds a password.
        fs::remove_file(&temporary).ok();
        let os_error = error.downcast_ref().and_then(io::Error::raw_os_error);
        if os_error == Some(Errno::EBUSY as i32) {
            return Ok(false);
        }
        return Err(error.context(format!("cannot write {}", place.path.display())));
    }
    sync_folder(&place.folder)?;
    Ok(true)
}

/// A file that is written portion by portion, and has its name only when it is whole.
pub struct Replacement {
    file: File,
    place: FileLocation,
    temporary: PathBuf,
    is_ended: bool,
}

impl Replacement {
    /// Begins a file of pgrole's own, of this mode, beside the one that it will replace.
    ///
    /// # Errors
    /// Where the folder is not there, or cannot be written; where what is there is no file.
    pub fn begin(path: &Path, mode: u32) -> Result<Self> {
        let place = FileLocation::find(path, Policy::New)?;
        let temporary = place.beside(&std::process::id().to_string());
        // Left over from a run of the same number that was killed.
        fs::remove_file(&temporary).ok();
        let created = create_private(&temporary).and_then(|file| {
            // Whatever the umask says.
            file.set_permissions(fs::Permissions::from_mode(mode))?;
            Ok(file)
        });
        Ok(Self {
            file: created.with_context(|| format!("cannot write {}", temporary.display()))?,
            place,
            temporary,
            is_ended: false,
        })
    }

    /// Puts the file in its place. It is on disk when this returns.
    ///
    /// # Errors
    /// Where it cannot be written, synced or renamed.
    pub fn end(mut self) -> Result<()> {
        let path = &self.place.path;
        self.file
            .sync_all()
            .and_then(|()| fs::rename(&self.temporary, path))
            .with_context(|| format!("cannot write {}", path.display()))?;
        self.is_ended = true;
        sync_folder(&self.place.folder)
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

/// Writes a file of pgrole's own.
///
/// # Errors
/// Those of [`Replacement`].
pub fn write_new(path: &Path, mode: u32, contents: &[u8]) -> Result<()> {
    let mut replacement = Replacement::begin(path, mode)?;
    replacement
        .write_all(contents)
        .with_context(|| format!("cannot write {}", path.display()))?;
    replacement.end()
}

/// Removes the half-made file of an operation that was cut off, if there is one.
///
/// # Errors
/// Where it is there and cannot be removed.
pub fn discard(path: &Path, operation_id: &str) -> Result<()> {
    let temporary = place::beside(&real_path(path)?, operation_id);
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", temporary.display()))
        }
        _ => Ok(()),
    }
}

/// What everybody should know of a file that everybody may read; None where that is not so.
pub fn openness(path: &Path) -> Option<String> {
    let mode = fs::metadata(path).ok()?.permissions().mode();
    let what = match mode & 0o006 {
        0 => return None,
        0o004 => "read",
        0o002 => "write",
        _ => "read and write",
    };
    Some(format!(
        "{} contains a password, and every user of this machine may {what} it (mode {:04o})",
        path.display(),
        mode & 0o7777
    ))
}

fn create_private(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        // A link that somebody put there is not followed either.
        .create_new(true)
        .mode(0o600)
        .open(path)
}

/// A private file that is gone when it is closed, however this ends.
fn create_nameless(place: &FileLocation) -> io::Result<File> {
    #[cfg(target_os = "linux")]
    {
        let nameless = OpenOptions::new()
            .write(true)
            .mode(0o600)
            .custom_flags(nix::fcntl::OFlag::O_TMPFILE.bits())
            .open(&place.folder);
        // Not every file system can.
        let cannot = [
            Errno::EOPNOTSUPP,
            Errno::EISDIR,
            Errno::ENOENT,
            Errno::EINVAL,
        ];
        match &nameless {
            Err(error) if cannot.contains(&Errno::from_raw(error.raw_os_error().unwrap_or(0))) => {}
            _ => return nameless,
        }
    }
    let temporary = place.beside(&format!("rehearsal-{}", std::process::id()));
    fs::remove_file(&temporary).ok();
    let file = create_private(&temporary)?;
    fs::remove_file(&temporary)?;
    Ok(file)
}

fn write_synced(file: &mut File, contents: &[u8], kept: Option<&FilePermissions>) -> Result<()> {
    file.write_all(contents)?;
    if let Some(kept) = kept {
        kept.give_to(file)?;
    }
    Ok(file.sync_all()?)
}

fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("cannot sync the folder {}", folder.display()))
}
