//! `audit list --changes`: what changed something, without the readings between.

use serde_json::Value;

use super::{CHECK, audit_list, sandbox_with_target};
use crate::harness::{FakeServer, Sandbox};
use crate::scene::Scene;

fn changes(sandbox: &Sandbox) -> Vec<String> {
    let outcome = audit_list(sandbox, "--changes");
    let rows = outcome.expect_status(0).json();
    let rows = rows.as_array().expect("an array").iter();
    let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
    let line = |row: &Value| format!("{}: {}", text(row, "operation"), text(row, "status"));
    rows.map(line).collect()
}

#[test]
fn readings_dry_runs_and_failures_are_left_out() {
    let scene = Scene::new();
    let role = scene.role("jane");
    let dry = ["-u", &role, "--dry-run"];
    scene.user("readonly", &dry).run().expect_status(0);
    scene
        .user("readonly", &["-u", &role])
        .run()
        .expect_status(0);
    scene
        .user("readonly", &["-u", &role])
        .run()
        .expect_status(0);
    scene.user("find", &["-u", &role]).run().expect_status(0);
    scene
        .user("reset", &["-u", "nobody_at_all"])
        .run()
        .expect_status(3);
    scene.pgrole("registry check", &[]).run().expect_status(0);
    scene
        .sandbox
        .pgrole(["registry", "export"])
        .run()
        .expect_status(0);
    let set = scene.pgrole("registry disable", &[]);
    set.run().expect_status(0);
    let found = changes(&scene.sandbox);
    let wanted = [
        "registry disable: target disabled",
        "user readonly: user created",
        "registry contact: cluster",
        "registry add: target added",
        "registry open: file created",
    ];
    assert_eq!(found.len(), wanted.len(), "{found:#?}");
    for (found, wanted) in found.iter().zip(wanted) {
        assert!(found.starts_with(wanted), "{found}");
    }
}

#[test]
fn what_was_cut_off_may_have_changed_something() {
    let server = FakeServer::silent();
    let sandbox = sandbox_with_target(server.port);
    let reset = ["user", "reset", "-e", "dev", "-d", "app", "-u", "jane"];
    for words in [&CHECK[..], &reset] {
        let before = server.visitors();
        let running = sandbox.pgrole(words).spawn();
        while server.visitors() == before {
            std::thread::sleep(std::time::Duration::from_millis(2));
        }
        running.kill();
    }
    assert_eq!(
        changes(&sandbox),
        [
            "user reset: no outcome on record",
            "registry add: target added",
            "registry open: file created"
        ]
    );
}
