//! Who did it, as far as the operating system knows; what is only claimed is kept as claimed.

use std::process::Command;

use super::audit_list;
use crate::harness::{Outcome, Sandbox, sqlite};

const ADD: [&str; 8] = ["registry", "add", "-e", "dev", "-d", "app", "-H", "h"];

fn said_by(program: &str, argument: &[&str]) -> String {
    let mut command = Command::new(program);
    command.args(argument);
    let outcome = Outcome::of(command);
    outcome.expect_status(0);
    outcome.stdout.trim().to_owned()
}

#[test]
fn user_host_process_and_version_are_on_record() {
    let sandbox = Sandbox::new();
    let running = sandbox
        .pgrole(ADD)
        .env("USER", "somebody_else")
        .env("LOGNAME", "somebody_else")
        .env("SUDO_USER", "jane")
        .spawn();
    let pid = running.id();
    running.wait().expect_status(0);
    let event = &audit_list(&sandbox, "--limit 1").json()[0];
    assert_eq!(event["os_user"], said_by("id", &["-un"]));
    assert_eq!(event["uid"].to_string(), said_by("id", &["-u"]));
    assert_eq!(event["host"], said_by("uname", &["-n"]));
    assert_eq!(event["sudo_user"], "jane");
    assert_eq!(event["pid"], pid);
    assert_eq!(event["version"], env!("CARGO_PKG_VERSION"));
    assert!(event["tty"].is_null(), "{event}");
}

#[test]
fn a_terminal_is_on_record_by_its_name() {
    let sandbox = Sandbox::new();
    let terminal = sandbox.pgrole(ADD).in_terminal(80);
    let (_, status) = terminal.wait_status();
    assert_eq!(status, Some(0));
    let tty = sqlite::query(
        &sandbox.registry(),
        "SELECT tty FROM audit_log WHERE operation = 'registry add'",
    );
    assert!(tty.starts_with("/dev/"), "{tty}");
}

#[test]
fn another_account_is_on_record_as_itself() {
    let sandbox = Sandbox::new();
    sandbox.pgrole(ADD).under_nobody().run().expect_status(0);
    let is_root = said_by("id", &["-u"]) == "0";
    let wanted = if is_root {
        "nobody".to_owned()
    } else {
        said_by("id", &["-un"])
    };
    let os_user = sqlite::query(
        &sandbox.registry(),
        "SELECT DISTINCT os_user FROM audit_log",
    );
    assert_eq!(os_user, wanted);
}
