//! Which account a server, or a program that must not be root, runs under.

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use nix::unistd::{Uid, User};

/// An account to step down to.
#[derive(Debug, Clone)]
pub struct Account {
    pub name: String,
    uid: u32,
    gid: u32,
}

impl Account {
    /// The account that servers run under: none (our own) unless we are root, as which PostgreSQL refuses to run.
    pub fn of_servers() -> Option<&'static Account> {
        static ACCOUNT: LazyLock<Option<Account>> =
            LazyLock::new(|| step_down_to(&["postgres", "nobody"]));
        ACCOUNT.as_ref()
    }

    /// The account for programs that must not be root: none (our own) unless we are root.
    pub fn of_nobody() -> Option<&'static Account> {
        static ACCOUNT: LazyLock<Option<Account>> = LazyLock::new(|| step_down_to(&["nobody"]));
        ACCOUNT.as_ref()
    }

    /// Makes the command run under this account.
    pub fn run_as<'a>(&self, command: &'a mut Command) -> &'a mut Command {
        command.uid(self.uid).gid(self.gid)
    }

    /// The group and user ids, for programs that step down by themselves.
    pub fn ids(&self) -> (String, String) {
        (self.gid.to_string(), self.uid.to_string())
    }

    /// Gives the file, or the folder and all in it, to this account.
    pub fn own(&self, path: &Path) {
        let owner = format!("{}:{}", self.uid, self.gid);
        let status = Command::new("chown")
            .args(["-R", &owner])
            .arg(path)
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cannot give {} to the account \"{}\"",
            path.display(),
            self.name
        );
    }
}

/// Finds the first of the accounts; none where we are not root and so already unprivileged.
fn step_down_to(names: &[&str]) -> Option<Account> {
    if !Uid::effective().is_root() {
        return None;
    }
    let user = names
        .iter()
        .find_map(|name| User::from_name(name).ok().flatten());
    let user = user.unwrap_or_else(|| {
        panic!("root, and none of the accounts {names:?} exists to step down to")
    });
    Some(Account {
        name: user.name,
        uid: user.uid.as_raw(),
        gid: user.gid.as_raw(),
    })
}
