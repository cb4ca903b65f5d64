//! Who may read and write pgrole's files: mode and owner.

use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use crate::operations::doctor::{Finding, Severity};
use crate::run::trust::{is_private_group, mode_of, stranger};

/// What others may do with a file or a folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccessRule {
    /// Nothing: it is a secret.
    Secret,
    /// Nothing, but a site may share it with a group.
    Private,
    /// Only read: pgrole acts on its contents.
    Trusted,
}

const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const GROUP_OR_OTHERS: u32 = 0o077;

/// Examines a file or folder; `None` if it does not exist.
pub fn examine(check: &'static str, path: &Path, rule: AccessRule) -> Option<Finding> {
    let shown = path.display().to_string();
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
        Err(error) => {
            return Some(Finding::error(
                check,
                shown,
                format!("cannot be examined: {error}"),
            ));
        }
    };
    if let Some(owner) = stranger(&metadata) {
        let detail = format!("belongs to user {owner}, who may change it at will");
        let hint = format!("chown {} {shown}", nix::unistd::geteuid());
        return Some(Finding::warning(check, shown, detail).hint(hint));
    }
    let mut mode = mode_of(&metadata);
    if rule == AccessRule::Trusted && is_private_group(metadata.uid(), metadata.gid()) {
        mode &= !GROUP_WRITES;
    }
    let (status, what) = judge(mode, rule);
    let detail = format!("{:04o}{what}", metadata.mode() & 0o7777);
    if status == Severity::Ok {
        return Some(Finding::ok(check, shown, detail));
    }
    let wanted = match (metadata.is_dir(), rule) {
        (_, AccessRule::Trusted) => "go-w",
        (true, _) => "700",
        (false, _) => "600",
    };
    let hint = format!("chmod {wanted} {shown}");
    Some(Finding::new(check, shown, status).detail(detail).hint(hint))
}

fn judge(mode: u32, rule: AccessRule) -> (Severity, &'static str) {
    let may = |bits| mode & bits != 0;
    match rule {
        AccessRule::Secret if may(GROUP_OR_OTHERS) => {
            (Severity::Error, ": others may read or change it")
        }
        _ if may(OTHERS_WRITE) => (Severity::Error, ": every user may change it"),
        AccessRule::Trusted if may(GROUP_WRITES) => {
            (Severity::Warning, ": its group may change it")
        }
        AccessRule::Private if may(GROUP_OR_OTHERS) => (Severity::Warning, ": others may read it"),
        _ => (Severity::Ok, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn others_may_do_what_the_file_is_for() {
        let status = |mode, rule| judge(mode, rule).0;
        assert_eq!(status(0o600, AccessRule::Secret), Severity::Ok);
        assert_eq!(status(0o640, AccessRule::Secret), Severity::Error);
        assert_eq!(status(0o700, AccessRule::Private), Severity::Ok);
        assert_eq!(status(0o640, AccessRule::Private), Severity::Warning);
        assert_eq!(status(0o666, AccessRule::Private), Severity::Error);
        assert_eq!(status(0o644, AccessRule::Trusted), Severity::Ok);
        assert_eq!(status(0o664, AccessRule::Trusted), Severity::Warning);
        assert_eq!(status(0o606, AccessRule::Trusted), Severity::Error);
    }
}
