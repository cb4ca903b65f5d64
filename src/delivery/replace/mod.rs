//! The only way that files are written: whole or not at all, private from creation, synced before they are renamed,
//! read back afterwards.
//!
//! - `place`: which file a path resolves to, and what is there
//! - `permissions`: what is preserved when a file is replaced: owner, group, mode, ACL
//! - `in_place`: files that cannot be replaced because they are mount points

mod in_place;
mod permissions;
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

use permissions::FilePermissions;
use place::FileLocation;

/// What happens to an existing file at the path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Policy {
    /// It belongs to somebody: owner, group, mode and ACL are preserved, a link stays a link, and a mount point is
    /// written in place.
    Preserve,
    /// It is pgrole's own output: a new file replaces it, or the link.
    New,
}

/// Who may read a file that does not exist yet; one that does stays as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    Owner,
    Everyone,
}

/// Reads the file that a delivery would replace; empty if there is none.
///
/// # Errors
/// If it cannot be read.
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

/// Checks whether a file exists, or could be created, at the path.
///
/// # Errors
/// If something else is there, or the folder is missing or not writable.
pub fn check(path: &Path) -> Result<()> {
    FileLocation::find(path, Policy::Preserve).map(drop)
}

/// Rehearses `replace` with `size` bytes, up to the moment when the file would change.
///
/// # Errors
/// What would make `replace` fail: permissions that cannot be preserved, a full disk, a missing folder.
pub fn rehearse(path: &Path, size: usize) -> Result<()> {
    let place = FileLocation::find(path, Policy::Preserve)?;
    let contents = vec![b'x'; size];
    if place.is_mount_point {
        return in_place::rehearse(&place, &contents);
    }
    rehearse_beside(&place, &contents, place.permissions.as_ref())
}

/// The contents do not include the new password: it reaches no disk before it is sealed.
fn rehearse_beside(
    place: &FileLocation,
    contents: &[u8],
    permissions: Option<&FilePermissions>,
) -> Result<()> {
    let rehearsed = || -> Result<()> {
        match create_nameless(place)? {
            Nameless::OfFileSystem(mut file) => write(&mut file, contents, permissions),
            Nameless::Unlinked(mut file) => write_synced(&mut file, contents, permissions),
        }
    };
    rehearsed().with_context(|| format!("cannot write {}", place.path.display()))
}

/// Replaces the file that a path resolves to, or creates it.
///
/// # Errors
/// If the file does not hold the contents afterwards.
pub fn replace(path: &Path, contents: &[u8], operation_id: &str, readers: Readers) -> Result<()> {
    let place = FileLocation::find(path, Policy::Preserve)?;
    let shown = place.path.display();
    let is_written = !place.is_mount_point && rename_over(&place, contents, operation_id, readers)?;
    if !is_written {
        in_place::write(&place, contents)?;
    }
    if read(&place.path).context("cannot read it back")?.as_slice() != contents {
        bail!("{shown} does not hold what was written");
    }
    Ok(())
}

/// Returns false if the file turns out to be a mount point.
fn rename_over(
    place: &FileLocation,
    contents: &[u8],
    operation_id: &str,
    readers: Readers,
) -> Result<bool> {
    let temporary = place.beside(operation_id);
    // Left by a run that was killed during this very delivery.
    fs::remove_file(&temporary).ok();
    let replaced = || -> Result<()> {
        let mut file = create_private(&temporary)?;
        if readers == Readers::Everyone && place.permissions.is_none() {
            file.set_permissions(fs::Permissions::from_mode(0o644))?;
        }
        write_synced(&mut file, contents, place.permissions.as_ref())?;
        Ok(fs::rename(&temporary, &place.path)?)
    };
    if let Err(error) = replaced() {
        // What is left of it contains a password.
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

/// A file that is written in portions, and gets its name only when complete.
pub struct Replacement {
    file: File,
    place: FileLocation,
    temporary: PathBuf,
    is_ended: bool,
}

impl Replacement {
    /// Begins a file of pgrole's own, with this mode, beside the one that it will replace.
    ///
    /// # Errors
    /// If the folder does not exist or is not writable; if something other than a file is there.
    pub fn begin(path: &Path, mode: u32) -> Result<Self> {
        let place = FileLocation::find(path, Policy::New)?;
        let temporary = place.beside(&std::process::id().to_string());
        // Left by a killed run with the same process ID.
        fs::remove_file(&temporary).ok();
        let created = create_private(&temporary).and_then(|file| {
            // Regardless of the umask.
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

    /// Renames the file into place. It is on disk when this returns.
    ///
    /// # Errors
    /// If it cannot be written, synced or renamed.
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

/// Removes the incomplete file of an interrupted operation, if there is one.
///
/// # Errors
/// If it exists and cannot be removed.
pub fn discard(path: &Path, operation_id: &str) -> Result<()> {
    let temporary = place::beside(&real_path(path)?, operation_id);
    match fs::remove_file(&temporary) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", temporary.display()))
        }
        _ => Ok(()),
    }
}

/// Removes a file for good.
///
/// # Errors
/// If it is there and cannot be removed.
pub fn remove(path: &Path) -> Result<()> {
    let path = real_path(path)?;
    match fs::remove_file(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => {
            removed.with_context(|| format!("cannot remove {}", path.display()))?;
            path.parent().map_or(Ok(()), sync_folder)
        }
    }
}

/// A warning about a file that every user may access; `None` for other files.
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

/// A private file that vanishes when it is closed, even if pgrole is killed.
enum Nameless {
    /// The file system has such files. Those that have (ext4, XFS, btrfs, tmpfs) set room aside for what is written before
    /// they accept it: a sync would say no more, and each role of a rotation would wait for it.
    OfFileSystem(File),
    /// Its name was removed. A file system of this kind, such as NFS, may say only at the sync that there is no room.
    Unlinked(File),
}

fn create_nameless(place: &FileLocation) -> io::Result<Nameless> {
    #[cfg(target_os = "linux")]
    {
        let nameless = OpenOptions::new()
            .write(true)
            .mode(0o600)
            .custom_flags(nix::fcntl::OFlag::O_TMPFILE.bits())
            .open(&place.folder);
        // Not every file system supports it.
        let cannot = [
            Errno::EOPNOTSUPP,
            Errno::EISDIR,
            Errno::ENOENT,
            Errno::EINVAL,
        ];
        match &nameless {
            Err(error) if cannot.contains(&Errno::from_raw(error.raw_os_error().unwrap_or(0))) => {}
            _ => return nameless.map(Nameless::OfFileSystem),
        }
    }
    let temporary = place.beside(&format!("rehearsal-{}", std::process::id()));
    fs::remove_file(&temporary).ok();
    let file = create_private(&temporary)?;
    fs::remove_file(&temporary)?;
    Ok(Nameless::Unlinked(file))
}

fn write_synced(
    file: &mut File,
    contents: &[u8],
    permissions: Option<&FilePermissions>,
) -> Result<()> {
    write(file, contents, permissions)?;
    Ok(file.sync_all()?)
}

fn write(file: &mut File, contents: &[u8], permissions: Option<&FilePermissions>) -> Result<()> {
    file.write_all(contents)?;
    if let Some(permissions) = permissions {
        permissions.give_to(file)?;
    }
    Ok(())
}

fn sync_folder(folder: &Path) -> Result<()> {
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .with_context(|| format!("cannot sync the folder {}", folder.display()))
}
