//! What docs/moving.md prints, typed as it is printed: from the older service, to another machine, back from a copy.

mod another_machine;
mod backup;
mod older_service;

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::harness::{Area, Cluster, Outcome, Sandbox};

const DOCUMENT: &str = include_str!("../../../docs/moving.md");

/// The part of the document below a heading.
fn section(heading: &str) -> &'static str {
    let heading = format!("\n## {heading}\n");
    let (_, below) = DOCUMENT.split_once(&heading).expect("there is the heading");
    below.split("\n## ").next().unwrap_or(below)
}

/// The blocks of commands of a section.
fn blocks(heading: &str) -> Vec<String> {
    let mut blocks = vec![String::new()];
    for line in section(heading).lines() {
        match (line.strip_prefix("    "), blocks.last_mut()) {
            (Some(command), Some(block)) => *block += &format!("{}\n", command.trim_start()),
            (None, Some(block)) if !block.is_empty() => blocks.push(String::new()),
            _ => {}
        }
    }
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// A machine: a home with a registry in which one database is `dev`.
struct Machine {
    sandbox: Sandbox,
}

impl Machine {
    fn new() -> Self {
        Self {
            sandbox: Sandbox::new().with_admin(Cluster::shared()),
        }
    }

    fn register(&mut self, area: &Area<'_>) {
        let cluster = Cluster::shared();
        self.sandbox.register(cluster, "dev", area.database());
    }

    /// Types commands at a prompt of the home, each of which must succeed.
    fn types(&self, commands: &str) -> Outcome {
        let outcome = self.tries(&format!("set -e\n{commands}"));
        outcome.expect_status(0);
        outcome
    }

    fn tries(&self, commands: &str) -> Outcome {
        let pgrole = self.sandbox.pgrole([""; 0]).command();
        let folder = Path::new(pgrole.get_program()).parent();
        let folder = folder.expect("the program is in a folder").display();
        let mut shell = Command::new("sh");
        shell.args(["-c", commands]).env_clear();
        let variables = pgrole.get_envs();
        shell.envs(variables.filter_map(|(name, value)| Some((name, value?))));
        shell.env("PATH", format!("{folder}:/usr/bin:/bin"));
        shell.current_dir(self.sandbox.home());
        self.sandbox.outcome_of(shell)
    }

    /// Runs `pgrole user VERB` with a delivery to a file of the folder.
    fn user(&self, verb: &str, role: &str, area: &Area<'_>, folder: &Path) -> Outcome {
        let deliver = format!("file:{}/{{username}}", folder.display());
        let words = ["-e", "dev", "-d", area.database(), "-u", role];
        let run = self.sandbox.pgrole(["user", verb]).args(words);
        run.args(["--deliver", &deliver]).run()
    }
}

/// The password in a file that a delivery wrote.
fn delivered(folder: &Path, role: &str) -> String {
    let text = fs::read_to_string(folder.join(role)).expect("it was delivered");
    let object: serde_json::Value = serde_json::from_str(&text).expect("the file holds an object");
    object["password"].as_str().expect("a password").to_owned()
}

fn logs_in(role: &str, password: &str, area: &Area<'_>) -> bool {
    let cluster = Cluster::shared();
    cluster.client_as(role, password, area.database()).is_ok()
}

fn copy_folder(from: &Path, to: &Path) {
    let mut copy = Command::new("cp");
    let status = copy.arg("-pr").args([from, to]).status();
    assert!(status.is_ok_and(|status| status.success()));
}
