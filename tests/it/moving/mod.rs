//! What docs/moving.md prints, typed as it is printed: from the older service, to another machine, back from a copy.

mod another_machine;
mod backup;
mod older_service;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::LazyLock;

use crate::documents::{markdown, shell};
use crate::harness::{Area, Cluster, Outcome, Sandbox};

static DOCUMENT: LazyLock<String> = LazyLock::new(|| markdown::read("docs/moving.md"));

/// The part of the document below a heading.
fn section(heading: &str) -> &'static str {
    markdown::section(&DOCUMENT, heading)
}

/// The blocks of commands of a section.
fn blocks(heading: &str) -> Vec<String> {
    markdown::blocks(section(heading))
}

#[test]
fn no_other_section_has_commands() {
    let typed = [
        "From the older service",
        "To another machine",
        "Backup",
        "Restore",
    ];
    let typed = typed.map(|heading| blocks(heading).len());
    assert_eq!(
        typed.iter().sum::<usize>(),
        markdown::blocks(&DOCUMENT).len()
    );
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
        shell::typed(&self.sandbox, &self.sandbox.home(), commands)
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
