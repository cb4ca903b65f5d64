//! A file that is mounted on another, as containers get their secrets.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::harness::servers;

/// Undone when it is dropped.
pub struct Mount(PathBuf);

impl Mount {
    /// None where we may not mount: the file is a plain one then.
    pub fn new(file: &Path, at: &Path) -> Option<Self> {
        for path in [file, at] {
            fs::write(path, "").expect("the sandbox can be written");
            fs::set_permissions(path, fs::Permissions::from_mode(0o600)).expect("is ours");
        }
        let mut mount = Command::new("mount");
        let mounted = mount.arg("--bind").args([file, at]).stderr(Stdio::null());
        if mounted.status().is_ok_and(|status| status.success()) {
            return Some(Self(at.to_owned()));
        }
        servers::skip("no right to mount: plain files are written instead");
        None
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}
