//! Which file a path resolves to, and what is there: links are followed if their owners can be trusted.

use std::ffi::OsString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use nix::fcntl::OFlag;
use nix::unistd::{AccessFlags, access, geteuid};
use sha2::{Digest, Sha256};

use crate::delivery::replace::Policy;
use crate::delivery::replace::permissions;
use crate::delivery::replace::permissions::FilePermissions;
use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;

/// As many links as Linux follows.
const LONGEST_CHAIN: usize = 40;
/// The longest name of a file, in bytes.
const LONGEST_NAME: usize = 255;
const STICKY: u32 = 0o1000;

/// A file that exists or will be created.
pub(super) struct FileLocation {
    /// Not a link.
    pub path: PathBuf,
    pub folder: PathBuf,
    /// `None` if there is no file yet, or a new one replaces it.
    pub permissions: Option<FilePermissions>,
    pub is_mount_point: bool,
}

impl FileLocation {
    /// Finds where a file would be written.
    ///
    /// # Errors
    /// If it cannot be written: something other than a file is there, or the folder is missing or not writable.
    pub fn find(path: &Path, policy: Policy) -> Result<Self> {
        let path = match policy {
            Policy::Preserve => real_path(path)?,
            Policy::New => without_links_of_folders(path)?,
        };
        let folder = folder_of(&path);
        if !folder.is_dir() {
            return Err(Failure::usage(format!("no folder {}", folder.display()))
                .hint(pasteable(
                    "create it first, accessible to you alone: mkdir -p -m 0700 {}",
                    &[&folder.to_string_lossy()],
                ))
                .into());
        }
        let place = Self {
            permissions: None,
            is_mount_point: false,
            folder,
            path,
        };
        match fs::symlink_metadata(&place.path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                place.check_folder(None)?;
                Ok(place)
            }
            Err(error) => {
                Err(error).with_context(|| format!("cannot examine {}", place.path.display()))
            }
            Ok(there) => place.over(&there, policy),
        }
    }

    fn over(mut self, there: &Metadata, policy: Policy) -> Result<Self> {
        let shown = self.path.display().to_string();
        // A link is replaced by a new file; but /dev/stdout is a link too.
        let is_file = match fs::metadata(&self.path) {
            Ok(found) if found.is_dir() => {
                return Err(Failure::usage(format!("{shown} is a folder, not a file")).into());
            }
            Ok(found) => found.is_file(),
            Err(_) => there.is_symlink(),
        };
        if !is_file {
            return Err(Failure::usage(format!("{shown} is not a regular file")).into());
        }
        let attributes = permissions::Attributes::of(&self.path, there, &self.folder);
        if attributes.is_unchangeable {
            return Err(Failure::refused(format!(
                "{shown} is protected from changes (chattr +i or +a)"
            ))
            .hint(format!("lsattr {shown}"))
            .into());
        }
        self.is_mount_point = attributes.is_mount_point;
        match policy {
            Policy::New if self.is_mount_point => {
                let what = format!("{shown} is a mount point, which cannot be replaced");
                return Err(Failure::usage(what)
                    .hint("use a file in a mounted folder")
                    .into());
            }
            Policy::New => {}
            Policy::Preserve => {
                let file = open(&self.path, OpenOptions::new().read(true))
                    .with_context(|| format!("cannot read {shown}"))?;
                self.permissions = Some(
                    FilePermissions::of(&file).with_context(|| format!("cannot read {shown}"))?,
                );
            }
        }
        if !self.is_mount_point {
            self.check_folder(Some(there))?;
        }
        Ok(self)
    }

    /// Checks whether a file can be renamed into the folder.
    fn check_folder(&self, there: Option<&Metadata>) -> Result<()> {
        let Self { folder, path, .. } = self;
        access(folder, AccessFlags::W_OK | AccessFlags::X_OK)
            .with_context(|| format!("cannot write in {}", folder.display()))?;
        let (Some(there), Ok(around)) = (there, fs::metadata(folder)) else {
            return Ok(());
        };
        let own = geteuid().as_raw();
        let is_sticky = around.mode() & STICKY != 0;
        if is_sticky && own != 0 && ![there.uid(), around.uid()].contains(&own) {
            let what = format!(
                "{} belongs to user {}, and in {} only its owner may replace it (sticky bit)",
                path.display(),
                there.uid(),
                folder.display()
            );
            return Err(Failure::refused(what).into());
        }
        Ok(())
    }

    /// The path of a file of our own beside it.
    pub fn beside(&self, what: &str) -> PathBuf {
        beside(&self.path, what)
    }
}

pub(super) fn beside(path: &Path, what: &str) -> PathBuf {
    let own = path.file_name().unwrap_or_default();
    let mut name = OsString::from(".");
    if own.len() + what.len() + ".pgrole-.".len() <= LONGEST_NAME {
        name.push(own);
    } else {
        let digest = Sha256::digest(own.as_bytes());
        let digits = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
        name.push(digits.collect::<String>());
    }
    name.push(format!(".pgrole-{what}"));
    folder_of(path).join(name)
}

/// Opens a file that is not a link.
pub(super) fn open(path: &Path, options: &mut OpenOptions) -> io::Result<File> {
    // A file that would block, such as a named pipe, has been refused before.
    options
        .custom_flags((OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK).bits())
        .open(path)
}

fn folder_of(path: &Path) -> PathBuf {
    path.parent().unwrap_or(Path::new("/")).to_owned()
}

/// Resolves links to the file itself.
///
/// # Errors
/// If a link belongs to a user who could redirect what is written for somebody else; if links form a cycle.
pub fn real_path(path: &Path) -> Result<PathBuf> {
    let mut at = without_links_of_folders(path)?;
    for _ in 0..LONGEST_CHAIN {
        let Ok(link) = fs::symlink_metadata(&at).map(|there| (there.is_symlink(), there.uid()))
        else {
            return Ok(at);
        };
        let (true, owner) = link else {
            return Ok(at);
        };
        let to = fs::read_link(&at).with_context(|| format!("cannot read {}", at.display()))?;
        let to = without_links_of_folders(&folder_of(&at).join(to))?;
        check_owner(&at, owner, &to)?;
        at = to;
    }
    Err(Failure::usage(format!(
        "{}: too many levels of symbolic links",
        path.display()
    ))
    .into())
}

/// A link is followed if it belongs to us, to root or to the owner of what it points to: anybody else could make us
/// overwrite a file that they may not write.
fn check_owner(link: &Path, owner: u32, to: &Path) -> Result<(), Failure> {
    let is_of_target = fs::symlink_metadata(to).is_ok_and(|there| there.uid() == owner);
    if owner == 0 || owner == geteuid().as_raw() || is_of_target {
        return Ok(());
    }
    Err(Failure::refused(format!(
        "the link {} belongs to user {owner}, but points to {}, which does not",
        link.display(),
        to.display()
    ))
    .hint(format!("use the file itself: {}", to.display())))
}

/// Makes the path absolute, and resolves links in all but its last component.
fn without_links_of_folders(path: &Path) -> Result<PathBuf> {
    let path =
        std::path::absolute(path).with_context(|| format!("cannot resolve {}", path.display()))?;
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        // The path is a folder.
        return Ok(path);
    };
    // If the folder does not exist, the path stays as given, for the error message.
    Ok(fs::canonicalize(folder).map_or_else(|_| path.clone(), |folder| folder.join(name)))
}
