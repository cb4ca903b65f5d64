//! A rotation that changes nothing, or not all, says so: by its exit status and on standard error, with `--quiet` too.

use serde_json::Value;

use super::Scene;
use super::rotate::make_old;
use crate::harness::{ClosedPort, Outcome};

const LONG_AGO: &str = "2026-01-01T00:00:00.000000Z";

fn quietly(scene: &Scene<'_>, arguments: &[&str]) -> Outcome {
    let rotate = scene.sandbox.pgrole(["rotate", "--quiet", "--yes"]);
    let outcome = rotate.args(arguments).run();
    outcome.expect_stdout("");
    outcome
}

fn status(scene: &Scene<'_>, arguments: &[&str]) -> Outcome {
    let status = scene.sandbox.pgrole(["rotate", "status"]);
    status.args(arguments).run()
}

/// A login of this cluster that was made by another registry.
fn made_elsewhere(scene: &Scene<'_>, name: &str) -> String {
    let comment = "pgrole: profile=readonly";
    let role = scene.area.create_role(name, "LOGIN PASSWORD 'old'");
    scene
        .area
        .psql(&format!("COMMENT ON ROLE {role} IS '{comment}'"));
    role
}

#[test]
fn roles_that_would_be_printed_are_skipped_in_one_line_and_are_no_canary_and_no_failure() {
    let scene = Scene::new();
    let printed = ["a", "b"].map(|name| scene.area.role(name));
    for role in &printed {
        scene.user("readonly", role, &[]).run().expect_status(0);
        make_old(&scene, role, LONG_AGO);
    }
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    let rotated = quietly(
        &scene,
        &["--any-age", "--canary", "1", "--max-failures", "1"],
    );
    rotated.expect_status(0);
    assert_eq!(rotated.stderr.lines().count(), 1, "{rotated}");
    for role in &printed {
        rotated.expect_in_stderr(role);
    }
    rotated.expect_in_stderr("--any-age --deliver WHERE");
    assert_ne!(scene.delivered_password(&role), old);
    assert_eq!(scene.states(), "DELIVERED\nDELIVERED\nCLOSED\nCLOSED");
    let deliver = format!("file:{}", scene.file("{username}").display());
    for role in &printed {
        quietly(&scene, &["--any-age", "-u", role, "--deliver", &deliver]).expect_status(0);
        assert!(scene.logs_in(role, &scene.delivered_password(role)));
    }
    let rotated = quietly(&scene, &["--any-age"]);
    rotated.expect_status(0).expect_stderr("");
}

#[test]
fn nothing_due_is_silent_and_no_role_is_not() {
    let scene = Scene::new();
    for nobody in [&["--older-than", "90d"][..], &["--any-age", "-u", "*"]] {
        let none = quietly(&scene, nobody);
        none.expect_status(3)
            .expect_in_stderr("no role is under rotation")
            .expect_in_stderr("pgrole rotate adopt -e ENV");
    }
    let role = scene.create("jane");
    let none_due = quietly(&scene, &["--older-than", "90d"]);
    none_due.expect_status(0).expect_stderr("");
    let excluded = quietly(&scene, &["--any-age", "--exclude", "*"]);
    excluded.expect_status(0).expect_stderr("");

    // What fits is rotated all the same.
    let old = scene.delivered_password(&role);
    let half = quietly(&scene, &["--any-age", "-u", &role, "-u", "jaen"]);
    half.expect_status(3)
        .expect_in_stderr("no role under rotation matches -u jaen");
    assert_ne!(scene.delivered_password(&role), old);
}

#[test]
fn a_server_that_cannot_be_looked_at_is_status_4_and_where_all_are_5() {
    let mut scene = Scene::new();
    scene.create("jane");
    let closed = ClosedPort::new();
    scene.sandbox.register_on_port(closed.port, "qa", "app");
    let some = quietly(&scene, &["--older-than", "90d"]);
    some.expect_status(4)
        .expect_in_stderr("cannot look for roles of unknown age on qa/app")
        .expect_in_stderr("1 of 2 servers could not be queried");
    // Selected or not.
    quietly(&scene, &["--older-than", "90d", "-e", "dev"])
        .expect_status(0)
        .expect_stderr("");
    let unreachable = quietly(&scene, &["--older-than", "90d", "-e", "qa"]);
    unreachable
        .expect_status(5)
        .expect_in_stderr("none of 1 servers could be queried");
    let rotate = ["rotate", "--older-than", "90d", "--quiet", "-e", "dev"];
    let no_login = scene.sandbox.pgrole(rotate).without_env("PG_ADMIN_USER");
    no_login.run().expect_status(5).expect_stdout("");
}

#[test]
fn a_role_whose_end_is_past_is_not_rotated_unless_its_login_is_proved() {
    let scene = Scene::new();
    let (dead, alive) = (scene.create("dead"), scene.create("alive"));
    let old = scene.delivered_password(&dead);
    for past in ["2020-01-01", "-infinity"] {
        scene
            .area
            .psql(&format!("ALTER ROLE {dead} VALID UNTIL '{past}'"));
        let some = quietly(&scene, &["--any-age"]);
        some.expect_status(4)
            .expect_in_stderr("has passed (")
            .expect_in_stderr(&dead);
        let all = quietly(&scene, &["--any-age", "-u", &dead]);
        all.expect_status(1).expect_in_stderr("--valid-for 90d");
        assert_eq!(scene.delivered_password(&dead), old);
    }
    scene.delivered_password_is_good(&alive);
}

#[test]
fn roles_of_unknown_age_are_counted_by_what_asks_no_server() {
    let scene = Scene::new();
    let (role, other) = (scene.create("jane"), made_elsewhere(&scene, "other"));
    let check = [
        "--older-than",
        "90d",
        "--check",
        "--quiet",
        "-u",
        &role,
        "-u",
        &other,
    ];
    status(&scene, &check).expect_status(0);
    quietly(&scene, &["--older-than", "90d"]).expect_status(0);

    let overdue = status(&scene, &check);
    overdue
        .expect_status(7)
        .expect_in_stderr("1 of 2 passwords are overdue, 1 of them of unknown age");
    let rows = status(&scene, &["--older-than", "90d", "-u", &other]).json();
    assert_eq!(rows[0]["due"], true);
    assert_eq!(rows[0]["age"], Value::Null);
    assert_eq!(rows[0]["password_changed_at"], Value::Null);
    let metrics = ["--older-than", "90d", "--format", "prometheus"];
    let metrics = status(&scene, &metrics).stdout.clone();
    for (name, wanted) in [("overdue", "1"), ("age_unknown", "1")] {
        let sample = metrics.lines().find(|line| {
            line.starts_with(&format!("pgrole_password_{name}{{")) && line.contains(&other)
        });
        let sample = sample.unwrap_or_else(|| panic!("{metrics}"));
        assert!(sample.ends_with(&format!("}} {wanted}")), "{sample}");
    }
    status(&scene, &["--older-than", "90d", "--check", "-u", &role]).expect_status(0);
}

fn adopt(scene: &Scene<'_>, role: &str, deliver: &str) -> Outcome {
    let adopt = ["rotate", "adopt", "-e", "dev", "-d", scene.area.database()];
    let adopt = scene.sandbox.pgrole(adopt);
    adopt.args(["-u", role, "--deliver", deliver]).run()
}

#[test]
fn an_adopted_role_keeps_its_password_until_the_next_rotation() {
    let scene = Scene::new();
    let role = scene.area.create_role("old", "LOGIN PASSWORD 'old'");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let adopted = adopt(&scene, &role, &deliver);
    let row = adopted.expect_status(0).json();
    assert_eq!(row["status"], "role adopted");
    assert_eq!(row["deliver"], deliver.as_str());
    assert_eq!(row["password"], Value::Null);
    assert!(scene.logs_in(&role, "old"));
    assert!(!scene.file(&role).exists());
    let audited =
        "SELECT group_concat(status, '; ') FROM audit_log WHERE operation = 'rotate adopt'";
    assert_eq!(scene.query(audited), "intended; role adopted");
    // The same once more is nothing to do; another place is a question of its own.
    let again = adopt(&scene, &role, &deliver);
    assert_eq!(again.expect_status(0).json()["status"], "unchanged");
    adopt(&scene, &role, "keyring").expect_status(5);
    adopt(&scene, &role, "exec:cat")
        .expect_status(6)
        .expect_in_stderr("it is already under rotation");

    let due = status(&scene, &["--older-than", "90d", "--check", "-u", &role]);
    due.expect_status(7);
    quietly(&scene, &["--older-than", "90d"]).expect_status(0);
    assert!(!scene.logs_in(&role, "old"));
    scene.delivered_password_is_good(&role);
    quietly(&scene, &["--older-than", "90d"])
        .expect_status(0)
        .expect_stderr("");
}

#[test]
fn what_rotate_would_refuse_is_not_adopted() {
    let scene = Scene::new();
    let deliver = format!("file:{}", scene.file("{username}").display());
    let root = scene.area.create_role("root", "LOGIN SUPERUSER");
    let missing = scene.area.role("missing");
    adopt(&scene, &root, &deliver)
        .expect_status(6)
        .expect_in_stderr("is a superuser");
    adopt(&scene, &missing, &deliver).expect_status(3);
    adopt(&scene, &root, "file:/no/such/folder/x").expect_status(2);
    assert_eq!(scene.query("SELECT count(*) FROM placed_role"), "0");
}
