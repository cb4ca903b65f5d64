//! What is preserved when a file is replaced: owner, group, mode and ACL. Also what prevents replacing it.

use std::fs::{self, File, Metadata, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
use std::path::Path;

use anyhow::Result;

use crate::domain::failure::Failure;

/// Who may do what with a file.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct FilePermissions {
    owner: u32,
    group: u32,
    mode: u32,
    /// The ACL in the kernel's format; `None` if the file has only a mode.
    acl: Option<Vec<u8>>,
}

impl FilePermissions {
    pub fn of(file: &File) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self {
            owner: metadata.uid(),
            group: metadata.gid(),
            mode: metadata.mode() & 0o7777,
            acl: acl::read(file)?,
        })
    }

    /// Gives another file the same permissions.
    ///
    /// # Errors
    /// Refused, if that is not possible.
    pub fn give_to(&self, file: &File) -> Result<()> {
        let given = || -> io::Result<bool> {
            let found = file.metadata()?;
            if (found.uid(), found.gid()) != (self.owner, self.group) {
                fchown(file, Some(self.owner), Some(self.group))?;
            }
            // A folder's default ACL may apply to new files, and a wider mode would put it in force.
            acl::write(file, self.acl.as_deref())?;
            file.set_permissions(Permissions::from_mode(self.mode))?;
            Ok(Self::of(file)? == *self)
        };
        let what = || {
            let Self {
                owner, group, mode, ..
            } = self;
            let acl = self.acl.as_ref().map_or("", |_| ", with an ACL");
            Failure::refused(format!(
                "a new file cannot have the permissions of the old one: owner {owner}, group {group}, mode {mode:04o}{acl}"
            ))
            .hint("run pgrole as the owner of the file or as root, or deliver to a file of your own")
        };
        match given() {
            Ok(true) => Ok(()),
            Ok(false) => Err(what().into()),
            Err(error) => Err(what().caused_by(error).into()),
        }
    }
}

/// Attributes of a file besides its mode.
pub(super) struct Attributes {
    pub is_mount_point: bool,
    /// Immutable, or append-only.
    pub is_unchangeable: bool,
}

impl Attributes {
    /// The attributes of a path without links.
    pub fn of(path: &Path, there: &Metadata, folder: &Path) -> Self {
        let is_on_other_disk = fs::metadata(folder).is_ok_and(|folder| folder.dev() != there.dev());
        let said = system::attributes(path);
        Self {
            is_mount_point: is_on_other_disk || said.is_mount_point,
            ..said
        }
    }
}

#[cfg(target_os = "linux")]
mod system {
    use std::fs;
    use std::os::unix::ffi::OsStrExt;
    use std::path::Path;

    use rustix::fs::{AtFlags, CWD, StatxAttributes, StatxFlags, statx};

    use crate::delivery::replace::permissions::Attributes;

    pub fn attributes(path: &Path) -> Attributes {
        let flags = AtFlags::SYMLINK_NOFOLLOW;
        let Ok(found) = statx(CWD, path, flags, StatxFlags::empty()) else {
            return Attributes {
                is_mount_point: is_in_mountinfo(path),
                is_unchangeable: false,
            };
        };
        let is = |attribute| found.stx_attributes.contains(attribute);
        let tells_mounts = found
            .stx_attributes_mask
            .contains(StatxAttributes::MOUNT_ROOT);
        Attributes {
            is_mount_point: if tells_mounts {
                is(StatxAttributes::MOUNT_ROOT)
            } else {
                is_in_mountinfo(path)
            },
            is_unchangeable: is(StatxAttributes::IMMUTABLE) || is(StatxAttributes::APPEND),
        }
    }

    /// Before Linux 5.8: the fifth field of mountinfo (proc(5)), in which spaces and the like are octal escapes.
    fn is_in_mountinfo(path: &Path) -> bool {
        let mut wanted = Vec::new();
        for byte in path.as_os_str().as_bytes() {
            match byte {
                b' ' | b'\t' | b'\n' | b'\\' => {
                    wanted.extend_from_slice(format!("\\{byte:03o}").as_bytes());
                }
                byte => wanted.push(*byte),
            }
        }
        let mounts = fs::read("/proc/self/mountinfo").unwrap_or_default();
        let mut lines = mounts.split(|byte| *byte == b'\n');
        lines.any(|line| line.split(|byte| *byte == b' ').nth(4) == Some(&wanted))
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use std::path::Path;

    use crate::delivery::replace::permissions::Attributes;

    pub fn attributes(_: &Path) -> Attributes {
        Attributes {
            is_mount_point: false,
            is_unchangeable: false,
        }
    }
}

/// POSIX ACLs (acl(5)), in the kernel's format.
#[cfg(target_os = "linux")]
mod acl {
    use std::fs::File;
    use std::io;

    use rustix::fs::{XattrFlags, fgetxattr, fremovexattr, fsetxattr};
    use rustix::io::Errno;

    const NAME: &str = "system.posix_acl_access";
    /// The longest value of an extended attribute, in bytes (xattr(7)).
    const LONGEST: usize = 65_536;

    pub fn read(file: &File) -> io::Result<Option<Vec<u8>>> {
        let mut value = vec![0; LONGEST];
        match fgetxattr(file, NAME, &mut value) {
            Ok(length) => {
                value.truncate(length);
                Ok(Some(value))
            }
            Err(Errno::NODATA | Errno::NOTSUP) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub fn write(file: &File, acl: Option<&[u8]>) -> io::Result<()> {
        let Some(acl) = acl else {
            return match fremovexattr(file, NAME) {
                Ok(()) | Err(Errno::NODATA | Errno::NOTSUP) => Ok(()),
                Err(error) => Err(error.into()),
            };
        };
        Ok(fsetxattr(file, NAME, acl, XattrFlags::empty())?)
    }
}

#[cfg(not(target_os = "linux"))]
mod acl {
    use std::fs::File;
    use std::io;

    #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
    pub fn read(_: &File) -> io::Result<Option<Vec<u8>>> {
        Ok(None)
    }

    #[expect(clippy::unnecessary_wraps, reason = "it can fail elsewhere")]
    pub fn write(_: &File, _: Option<&[u8]>) -> io::Result<()> {
        Ok(())
    }
}
