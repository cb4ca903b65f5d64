//! Who else could have written the files that decide what is executed: the config file, the registry, the keys, and
//! their folders. Their contents control production passwords, so only the owner may be able to write them.

use std::fs::{self, Metadata};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use nix::unistd::{Gid, Group, Uid, User};

use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;

/// The kind of a file, which decides who else may write it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OwnershipRule {
    /// Only its owner may write it.
    Own,
    /// A registry that the config file shares with a group (`[registry] shared = true`).
    Shared,
    /// Only its owner may write and read it.
    Key,
}

/// Why a file is not trusted.
#[derive(Debug)]
pub enum UntrustedFile {
    /// Others may write it: it is not used at all.
    Writable(Failure),
    /// It belongs to another user, who may write it at will: it may be shown, but not acted on.
    Foreign(Failure),
}

impl UntrustedFile {
    pub fn into_failure(self) -> Failure {
        match self {
            Self::Writable(failure) | Self::Foreign(failure) => failure,
        }
    }
}

/// How a command treats files of other users.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caution {
    /// It logs in, delivers, or runs programs: another user's file is refused.
    Refuse,
    /// It only shows what is there, with a warning about whose it is.
    Warn,
    /// The same, and it leaves no trace: nothing is created or upgraded.
    Look,
}

/// Collects warnings about untrusted files.
#[derive(Debug)]
pub struct Trust {
    caution: Caution,
    pub warnings: Vec<String>,
}

impl Trust {
    pub fn new(caution: Caution) -> Self {
        Self {
            caution,
            warnings: Vec::new(),
        }
    }

    /// Whether the command only shows what is there.
    pub fn only_shows(&self) -> bool {
        self.caution != Caution::Refuse
    }

    /// Whether the command leaves no trace either.
    pub fn only_looks(&self) -> bool {
        self.caution == Caution::Look
    }

    /// Whether only the owner may write every file that was examined.
    pub fn is_complete(&self) -> bool {
        self.warnings.is_empty()
    }

    /// Examines a file and its folder, whether they exist or not.
    ///
    /// # Errors
    /// Refused, with a command that fixes it.
    pub fn require(&mut self, what: &str, path: &Path, rule: OwnershipRule) -> Result<(), Failure> {
        match examine(what, path, rule) {
            Ok(()) => Ok(()),
            Err(UntrustedFile::Foreign(failure)) if self.only_shows() => {
                self.warnings.push(failure.in_one_line());
                Ok(())
            }
            Err(distrust) => Err(distrust.into_failure()),
        }
    }
}

/// Examines the registry of a run: the file, SQLite's files beside it, and their folder.
///
/// # Errors
/// Those of [`Trust::require`].
pub fn require_registry(
    trust: &mut Trust,
    path: &Path,
    rule: OwnershipRule,
) -> Result<(), Failure> {
    trust.require("registry", path, rule)?;
    for suffix in ["-wal", "-shm", "-journal"] {
        let mut beside = path.as_os_str().to_owned();
        beside.push(suffix);
        let beside = PathBuf::from(beside);
        if beside.exists() {
            trust.require("the registry's log", &beside, rule)?;
        }
    }
    Ok(())
}

/// Examines the keys of a run.
///
/// # Errors
/// Those of [`Trust::require`].
pub fn require_keys(trust: &mut Trust, key_file: &Path) -> Result<(), Failure> {
    trust.require("sealing key", key_file, OwnershipRule::Own)?;
    trust.require("record key", &record_key_file(key_file), OwnershipRule::Key)
}

/// The file of the record key: beside the sealing key.
pub fn record_key_file(key_file: &Path) -> PathBuf {
    key_file.with_file_name("record.key")
}

/// Examines a file that may not exist, and the folder that it is in, or would be.
///
/// # Errors
/// The first of them that others could have changed.
pub fn examine(what: &str, path: &Path, rule: OwnershipRule) -> Result<(), UntrustedFile> {
    let Ok(path) = std::path::absolute(path) else {
        return Ok(());
    };
    judge(what, &path, rule)?;
    // With a link, whoever can write the link's folder or the file's own folder decides.
    let own = fs::canonicalize(&path).unwrap_or_else(|_| path.clone());
    let folder_rule = if rule == OwnershipRule::Key {
        OwnershipRule::Own
    } else {
        rule
    };
    let mut folders: Vec<_> = [path.parent(), own.parent()]
        .into_iter()
        .flatten()
        .collect();
    folders.dedup();
    for folder in folders {
        judge(&format!("the folder of the {what}"), folder, folder_rule)?;
        // Whoever may rename a folder further up can put another one in its place.
        for above in folder.ancestors().skip(1) {
            if let Ok(found) = fs::metadata(above)
                && mode_of(&found) & OTHERS_WRITE != 0
            {
                return Err(writable(
                    "a folder above the",
                    what,
                    above,
                    "every user",
                    "o-w",
                ));
            }
        }
    }
    Ok(())
}

const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;
const GROUP_OR_OTHERS: u32 = 0o077;

/// Checks one file or folder. If it is missing or cannot be examined, opening it will report that.
fn judge(what: &str, path: &Path, rule: OwnershipRule) -> Result<(), UntrustedFile> {
    let Ok(found) = fs::metadata(path) else {
        return Ok(());
    };
    let mode = mode_of(&found);
    if mode & OTHERS_WRITE != 0 {
        return Err(writable("the", what, path, "every user", "go-w"));
    }
    let is_private = || is_private_group(found.uid(), found.gid());
    if mode & GROUP_WRITES != 0 && rule != OwnershipRule::Shared && !is_private() {
        let who = format!("its group {}", group_name(found.gid()));
        return Err(writable("the", what, path, &who, "g-w"));
    }
    if rule == OwnershipRule::Key && mode & GROUP_OR_OTHERS != 0 && found.is_file() {
        let message = format!("{what} {} is not used: others may read it", path.display());
        return Err(UntrustedFile::Writable(
            Failure::refused(message).hint(pasteable("chmod 600 {}", &[&path.display()])),
        ));
    }
    let is_shared = rule == OwnershipRule::Shared && is_one_of_ours(found.gid());
    match stranger(&found) {
        Some(owner) if !is_shared => Err(foreign(what, path, owner)),
        _ => Ok(()),
    }
}

/// The mode, as far as it decides who may change what: in a folder with the sticky bit, such as /tmp, others may create
/// files, but not remove any.
pub fn mode_of(found: &Metadata) -> u32 {
    let mode = found.permissions().mode() & 0o7777;
    let is_sticky = found.is_dir() && mode & 0o1000 != 0;
    if is_sticky { mode & !0o022 } else { mode }
}

/// The ID of the owner, if that is neither this user nor root.
pub fn stranger(found: &Metadata) -> Option<u32> {
    let owner = found.uid();
    (owner != 0 && owner != nix::unistd::geteuid().as_raw()).then_some(owner)
}

/// Whether a group is a user's private group without other members, as many systems create one for each user: then
/// nobody else may write what it may (Debian's rule for OpenSSH's `auth_secure_path`).
pub fn is_private_group(owner: u32, group: u32) -> bool {
    let (owner, group) = (Uid::from_raw(owner), Gid::from_raw(group));
    let (Ok(Some(user)), Ok(Some(found))) = (User::from_uid(owner), Group::from_gid(group)) else {
        return false;
    };
    user.gid == group
        && found.mem.iter().all(|member| *member == user.name)
        && !is_primary_of_another(group, &user.name)
}

/// Searches the local accounts: those of a directory service cannot be enumerated, and do not share IDs with them.
fn is_primary_of_another(group: Gid, name: &str) -> bool {
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    accounts.lines().any(|line| {
        let mut fields = line.split(':');
        let other = fields.next().unwrap_or_default();
        let number = fields.nth(2).and_then(|number| number.parse().ok());
        number == Some(group.as_raw()) && other != name
    })
}

fn is_one_of_ours(group: u32) -> bool {
    let group = Gid::from_raw(group);
    let ours = nix::unistd::getgroups().unwrap_or_default();
    nix::unistd::getegid() == group || ours.contains(&group)
}

fn writable(article: &str, what: &str, path: &Path, who: &str, change: &str) -> UntrustedFile {
    let what = what.strip_prefix("the ").unwrap_or(what);
    let message = format!(
        "{article} {what} {} is not used: {who} may change it",
        path.display()
    );
    let failure = Failure::refused(message);
    UntrustedFile::Writable(failure.hint(pasteable("chmod {} {}", &[&change, &path.display()])))
}

fn foreign(what: &str, path: &Path, owner: u32) -> UntrustedFile {
    let what = what.strip_prefix("the ").unwrap_or(what);
    let name = User::from_uid(Uid::from_raw(owner)).ok().flatten();
    let name = name.map_or_else(|| owner.to_string(), |user| format!("\"{}\"", user.name));
    let message = format!(
        "the {what} {} belongs to user {name}, who may change it at will",
        path.display()
    );
    let us = User::from_uid(nix::unistd::geteuid()).ok().flatten();
    let us = us.map_or_else(|| nix::unistd::geteuid().to_string(), |user| user.name);
    UntrustedFile::Foreign(Failure::refused(message).hint(format!(
        "run pgrole as its owner, or make it yours: {}",
        pasteable("chown {} {}", &[&us, &path.display()])
    )))
}

fn group_name(group: u32) -> String {
    let found = Group::from_gid(Gid::from_raw(group)).ok().flatten();
    found.map_or_else(|| group.to_string(), |group| format!("\"{}\"", group.name))
}
