//! Logins like others, other names, two beside each other, new attributes: `user clone`, `rename`, `compare`, `set`.

mod clone;
mod clone_limits;
mod compare;
mod odd_roles;
mod rename;
mod set;

use serde_json::Value;

use crate::harness::Outcome;
use crate::scene::Scene;

/// Texts of a row's list.
fn texts(row: &Value, key: &str) -> Vec<String> {
    let list = row[key].as_array().into_iter().flatten();
    let text = |one: &Value| one.as_str().unwrap_or_default().to_owned();
    list.map(text).collect()
}

/// `NAME@dev/DATABASE`.
fn at(scene: &Scene, role: &str) -> String {
    format!("{role}@dev/{}", scene.database())
}

/// Two roles beside each other, each as `NAME@ENV/DATABASE`.
fn compare(scene: &Scene, left: &str, right: &str) -> Outcome {
    let arguments = ["user", "compare", "--format", "json", "--", left, right];
    scene.sandbox.pgrole(arguments).run()
}

/// What was compared as different: what, name, left and right.
fn differences(outcome: &Outcome) -> Vec<String> {
    let rows = outcome.json()["differences"].clone();
    let text = |value: &Value| value.as_str().unwrap_or("-").to_owned();
    let line = |row: &Value| {
        ["what", "name", "database", "left", "right"]
            .map(|key| text(&row[key]))
            .join(" | ")
    };
    let rows = rows.as_array().into_iter().flatten();
    rows.map(line).collect()
}

#[track_caller]
fn expect_alike(scene: &Scene, left: &str, right: &str) {
    let outcome = compare(scene, left, right);
    assert_eq!(differences(&outcome), [""; 0], "{outcome}");
    outcome.expect_status(0).expect_stderr("");
}

/// The statements that `audit show` says undo the newest act of an operation.
fn shown_undo(scene: &Scene, operation: &str) -> Vec<String> {
    let filter = ["audit", "list", "--operation", operation, "--limit", "1"];
    let listed = scene.sandbox.pgrole(filter).run();
    let id = listed.expect_status(0).json()[0]["id"].to_string();
    let shown = scene.sandbox.pgrole(["audit", "show", &id]).run();
    texts(&shown.expect_status(0).json(), "undo")
}
