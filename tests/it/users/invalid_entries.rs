//! Entries that people wrote into the registry by hand, and that lead nowhere: each is a failure of its own, and the
//! other targets are worked on all the same.

use serde_json::Value;

use crate::harness::{Outcome, sqlite};
use crate::scene::{Scene, error};

const BY_HAND: &str = "INSERT INTO db_registry (env, db_name, hostname, port, active) VALUES
    ('qa', 'no_port', 'db.example.com', 0, 1), ('qa', 'no_host', 'not a host', 5432, 1),
    ('qa', 'given_up', 'not a host', 0, 0)";

fn scene() -> Scene<'static> {
    let scene = Scene::new();
    sqlite::query(&scene.sandbox.registry(), BY_HAND);
    scene
}

fn errors(outcome: &Outcome) -> Vec<Value> {
    let lines = outcome.stderr.lines();
    let parse = |line| serde_json::from_str::<Value>(line).expect("stderr is JSON lines");
    lines.map(|line| parse(line)["error"].clone()).collect()
}

#[track_caller]
fn expect_two_named(outcome: &Outcome) {
    outcome.expect_status(4);
    let errors = errors(outcome);
    let named: Vec<_> = errors
        .iter()
        .filter_map(|error| {
            Some(format!(
                "{}/{}",
                error["env"].as_str()?,
                error["database"].as_str()?
            ))
        })
        .collect();
    assert_eq!(named, ["qa/no_host", "qa/no_port"], "{outcome}");
    assert_eq!(
        errors[0]["hint"],
        "correct it: pgrole registry update -e qa -d no_host -H HOST"
    );
    let summary = errors.last().expect("the last error counts")["message"].clone();
    assert_eq!(summary, "2 of 3 targets failed", "{outcome}");
}

#[test]
fn a_run_over_all_targets_names_them_and_goes_on() {
    let scene = scene();
    let jane = scene.create("devqa", "jane");
    let find = scene
        .sandbox
        .pgrole(["user", "find", "-u", &jane.name])
        .run();
    expect_two_named(&find);
    assert_eq!(find.json()[0]["username"], jane.name);
    let list = scene.sandbox.pgrole(["user", "list"]).run();
    expect_two_named(&list);
    assert!(list.stdout.contains(&jane.name), "{list}");
    let check = scene.sandbox.pgrole(["credential", "check"]).run();
    expect_two_named(&check);
    assert_eq!(check.json()[0]["status"], "login ok");
}

#[test]
fn a_rotation_goes_on_and_ends_as_partly_failed() {
    let scene = scene();
    let jane = scene.create("devqa", "jane");
    let deliver = format!("file:{}", scene.sandbox.path().join("{username}").display());
    let rotate = ["rotate", "--any-age", "--deliver", &deliver];
    let outcome = scene.sandbox.pgrole(rotate).run();
    outcome.expect_status(4);
    assert!(scene.sandbox.path().join(&jane.name).exists(), "{outcome}");
    let errors = errors(&outcome);
    assert_eq!(errors[0]["env"], "qa", "{outcome}");
    assert_eq!(
        errors[2]["message"], "the registry entries of 2 targets are not valid",
        "{outcome}"
    );
    let elsewhere = scene.sandbox.pgrole(rotate).args(["-e", "dev"]).run();
    elsewhere.expect_status(0).expect_stderr("");
}

#[test]
fn one_that_is_asked_for_by_name_is_the_error_itself() {
    let scene = scene();
    let find = ["user", "find", "-u", "x", "-e", "qa", "-d", "no_port"];
    let error = error(&scene.sandbox.pgrole(find).run(), 2);
    let cause = error["causes"][0].clone();
    assert_eq!(cause, "the registry entry qa/no_port is not valid");
    let check = ["registry", "check", "-e", "qa", "-d", "no_port"];
    let check = scene.sandbox.pgrole(check).run();
    check.expect_status(2);
    assert_eq!(check.json()[0]["status"], "invalid entry", "{check}");
    let doctor = ["doctor", "-e", "qa", "-d", "no_port", "--offline"];
    scene.sandbox.pgrole(doctor).run().expect_status(1);
    let only_invalid = ["user", "find", "-u", "x", "-e", "qa"];
    let outcome = scene.sandbox.pgrole(only_invalid).run();
    assert_eq!(outcome.status(), Some(1), "{outcome}");
}

#[test]
fn the_list_says_what_is_wrong_with_each() {
    let scene = scene();
    let list = ["registry", "list", "-e", "qa"];
    let rows = scene.sandbox.pgrole(list).run().json();
    let problem = |place: usize| rows[place]["problem"].as_str().unwrap_or_default();
    assert!(problem(1).contains("not a host"), "{rows}");
    assert!(problem(2).contains("port"), "{rows}");
    let table = scene.sandbox.pgrole(list).args(["--format", "table"]).run();
    assert!(table.stdout.contains("PROBLEM"), "{table}");
    let sound = scene
        .sandbox
        .pgrole(["registry", "list", "-e", "dev"])
        .run();
    assert_eq!(sound.json()[0]["problem"], Value::Null);
}
