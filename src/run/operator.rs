//! Determines who runs this process, for the audit log.

use std::io::IsTerminal;

use crate::domain::audit::operator::Operator;
use crate::domain::variables::Variables;

/// The operator of this process, according to the operating system.
pub fn of_process(variables: &Variables) -> Operator {
    let uid = nix::unistd::geteuid();
    let known = nix::unistd::User::from_uid(uid).ok().flatten();
    let host = nix::unistd::gethostname().ok();
    let stdin = std::io::stdin();
    let tty = stdin
        .is_terminal()
        .then(|| nix::unistd::ttyname(&stdin).ok());
    Operator {
        user: known.map_or_else(|| uid.to_string(), |user| user.name),
        uid: uid.as_raw(),
        sudo_user: variables.text("SUDO_USER").map(str::to_owned),
        host: host.map_or_else(String::new, |host| host.to_string_lossy().into_owned()),
        pid: std::process::id(),
        tty: tty.flatten().map(|path| path.display().to_string()),
    }
}
