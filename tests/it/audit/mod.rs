//! The audit log: intent before an act, outcome after, by whom; nothing secret, nothing altered, nothing done without.

mod anchors;
mod append_only;
mod archive;
mod chain;
mod changes;
mod checkpoint;
mod interrupted;
mod list;
mod operator;
mod order;
mod reading;
mod reasons;
mod secrets;
mod syslog;
mod target_lists;
mod verify;

use crate::harness::{Outcome, Sandbox, sqlite};

/// A sandbox with a credential, and the target dev/app on that port.
fn sandbox_with_target(port: u16) -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "admin");
    sandbox.env("PG_ADMIN_PASS", ADMIN_PASSWORD);
    sandbox.register_on_port(port, "dev", "app");
    sandbox
}

/// A sandbox whose registry is as pgrole left it before events had hashes: four events.
fn sandbox_of_before_the_chain() -> Sandbox {
    let sandbox = Sandbox::new();
    make_registry(&sandbox, include_str!("version_3.sql"));
    sandbox
}

/// Makes the registry file with `sqlite3`.
fn make_registry(sandbox: &Sandbox, sql: &str) {
    let file = sandbox.registry();
    let folder = file.parent().expect("the file is in a folder");
    std::fs::create_dir_all(folder).expect("the home can be written");
    sqlite::query(&file, sql);
}

const ADMIN_PASSWORD: &str = "hunter2-admin";
const CHECK: [&str; 6] = ["credential", "check", "-e", "dev", "-d", "app"];

fn audit_list(sandbox: &Sandbox, words: &str) -> Outcome {
    let words = words.split_whitespace();
    sandbox
        .pgrole(["audit", "list"].into_iter().chain(words))
        .run()
}

/// Stage and status of what was done on servers, oldest first.
fn stages(sandbox: &Sandbox) -> String {
    let sql = "SELECT stage || ' ' || status FROM audit_log WHERE stage <> 'event' ORDER BY id";
    sqlite::query(&sandbox.registry(), sql)
}
