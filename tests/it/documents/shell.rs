//! Commands typed at the prompt of a sandbox's user, in bash.

use std::env;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use crate::harness::{Outcome, Sandbox, servers};

/// Types commands in a folder. The programs that `program` has made come before the system's.
#[track_caller]
pub fn typed(sandbox: &Sandbox, folder: &Path, commands: &str) -> Outcome {
    sandbox.outcome_of(shell(sandbox, folder, commands))
}

/// The shell that runs them, not yet started.
pub fn shell(sandbox: &Sandbox, folder: &Path, commands: &str) -> Command {
    let pgrole = sandbox.pgrole([""; 0]).command();
    let (programs, psql) = (Path::new(pgrole.get_program()), servers::psql());
    let folders = [
        sandbox.path().join("bin"),
        programs.parent().expect("a program is in a folder").into(),
        psql.parent().expect("a program is in a folder").into(),
        "/usr/bin".into(),
        "/bin".into(),
    ];
    let mut bash = Command::new("bash");
    bash.args(["-c", commands]).current_dir(folder).env_clear();
    let variables = pgrole.get_envs();
    bash.envs(variables.filter_map(|(name, value)| Some((name, value?))));
    bash.env("PATH", env::join_paths(folders).expect("no colon in them"));
    bash
}

/// Puts a program of that name before the system's: a script of `sh`.
pub fn program(sandbox: &Sandbox, name: &str, script: &str) {
    let folder = sandbox.path().join("bin");
    fs::create_dir_all(&folder).expect("the sandbox can be written");
    let path = folder.join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("the sandbox can be written");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("it is ours");
}
