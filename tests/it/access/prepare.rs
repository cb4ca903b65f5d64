//! `access prepare` on several targets: one plan, one question, and what fails fails alone.

use serde_json::{Value, json};

use super::{group, second_database};
use crate::harness::skip_unless_superuser;
use crate::scene::{Scene, error, whole_text};

/// A scene with a second database and a table in each.
fn with_two_databases(scene: &mut Scene<'static>) -> crate::harness::Area<'static> {
    let second = second_database(scene);
    for area in [&scene.area, &second] {
        area.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE TABLE t (id int)");
    }
    second
}

fn statuses(rows: &Value) -> Vec<String> {
    let rows = rows.as_array().expect("an array").iter();
    rows.map(|row| row["status"].as_str().expect("a text").to_owned())
        .collect()
}

#[test]
fn several_targets_are_prepared_after_one_plan() {
    let mut scene = Scene::new();
    let second = with_two_databases(&mut scene);
    let run = |arguments: &[&str]| {
        let run = scene
            .sandbox
            .pgrole(["access", "prepare", "-e", "dev"])
            .args(arguments.iter().copied());
        run.run()
    };
    let dry = run(&["--access", "readonly", "--access", "readwrite", "--dry-run"]);
    dry.expect_status(0);
    assert_eq!(statuses(&dry.json()), ["unchanged"; 4], "{dry}");
    let table = run(&["--access", "readonly", "-n", "--format", "table"]);
    for database in [scene.database(), second.database()] {
        assert!(
            table.stdout.contains(&format!(
                "-- dev/{database}\nCREATE ROLE \"{database}_readonly\""
            )),
            "{table}"
        );
    }
    let outcome = run(&["--access", "readonly", "--access", "readwrite"]);
    outcome.expect_status(0);
    let rows = outcome.json();
    assert_eq!(statuses(&rows), ["prepared"; 4], "{outcome}");
    let databases: Vec<_> = rows
        .as_array()
        .expect("an array")
        .iter()
        .map(|row| &row["database"])
        .collect();
    let (one, two) = (scene.database(), second.database());
    assert_eq!(databases, [one, one, two, two], "{outcome}");
    let again = run(&["--access", "readonly", "--access", "readwrite"]);
    assert_eq!(statuses(&again.json()), ["unchanged"; 4], "{again}");
    scene
        .sandbox
        .pgrole(["access", "check"])
        .run()
        .expect_status(0);
    // Of the groups that exist none is left to do, and none is created.
    let existing = run(&["--existing"]);
    assert_eq!(statuses(&existing.json()), ["unchanged"; 4], "{existing}");
}

#[test]
fn all_targets_are_prepared_only_if_it_is_said() {
    let scene = Scene::new();
    let before = scene.snapshot();
    let outcome = scene.sandbox.pgrole(["access", "prepare"]).run();
    let said = whole_text(&error(&outcome, 2));
    assert!(
        said.contains("this would prepare every target"),
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
    scene
        .sandbox
        .pgrole(["access", "prepare", "-d", "*"])
        .run()
        .expect_status(0);
    assert_ne!(scene.snapshot(), before);
}

#[test]
fn one_question_is_asked_for_all_and_no_is_no() {
    let mut scene = Scene::new();
    let second = with_two_databases(&mut scene);
    let before = scene.snapshot();
    let arguments = ["access", "prepare", "-e", "dev", "--access", "readonly"];
    let mut terminal = scene.sandbox.pgrole(arguments).in_terminal(200);
    terminal.expect(&format!(
        "dev/{}: \"{}\"",
        scene.database(),
        group(&scene, "readonly")
    ));
    terminal.expect(&format!("dev/{}: ", second.database()));
    terminal.expect("prepare 2 access groups on 2 targets?");
    terminal.send_line("n");
    let (_, status) = terminal.wait_status();
    assert_eq!(status, Some(6));
    assert_eq!(scene.snapshot(), before);
    let mut terminal = scene.sandbox.pgrole(arguments).in_terminal(200);
    terminal.expect("prepare 2 access groups on 2 targets?");
    terminal.send_line("y");
    let (_, status) = terminal.wait_status();
    assert_eq!(status, Some(0));
    scene
        .sandbox
        .pgrole(["access", "check", "--level", "readonly"])
        .run()
        .expect_status(0);
}

#[test]
fn a_protected_environment_needs_yes_and_a_dead_target_stops_no_other() {
    let mut scene = Scene::new();
    let second = scene.cluster.area();
    scene
        .sandbox
        .register(scene.cluster, "prod", second.database());
    scene.sandbox.register_on_port(1, "prod", "dead");
    let before = scene.snapshot();
    let run = |arguments: &[&str]| {
        let run = scene
            .sandbox
            .pgrole(["access", "prepare", "-d", "*"])
            .args(arguments.iter().copied());
        run.run()
    };
    let outcome = run(&[]);
    let lines: Vec<_> = outcome.expect_status(6).stderr.lines().collect();
    assert!(
        lines.iter().any(|line| line.contains("is protected")),
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
    let outcome = run(&["--yes"]);
    outcome
        .expect_status(4)
        .expect_in_stderr("cannot prepare the access groups on prod/dead");
    assert_eq!(statuses(&outcome.json()), ["prepared"; 6], "{outcome}");
}

#[test]
fn what_somebody_may_lose_is_closed_only_after_yes() {
    if skip_unless_superuser("routines of others are a superuser's to open") {
        return;
    }
    let mut scene = Scene::new();
    let second = with_two_databases(&mut scene);
    scene
        .sandbox
        .pgrole(["access", "prepare", "-e", "dev"])
        .run()
        .expect_status(0);
    second.psql(&format!(
        "CREATE FUNCTION closed() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION closed() FROM PUBLIC;
         GRANT EXECUTE ON FUNCTION closed() TO {}_readonly",
        second.database()
    ));
    let run = |arguments: &[&str]| {
        let run = scene
            .sandbox
            .pgrole(["access", "prepare", "-e", "dev"])
            .args(arguments.iter().copied());
        run.run()
    };
    let outcome = run(&[]);
    let said = whole_text(&error(&outcome, 6));
    assert!(
        said.contains(
            "EXECUTE on 1 routine that PUBLIC may not execute would be revoked on 1 target"
        ),
        "{outcome}"
    );
    assert!(said.contains("public.closed()"), "{outcome}");
    let outcome = run(&["--yes"]);
    outcome.expect_status(0);
    let closed: Vec<_> = outcome
        .json()
        .as_array()
        .expect("an array")
        .iter()
        .map(|row| row["closed"].clone())
        .collect();
    assert_eq!(
        closed.iter().filter(|closed| **closed != json!([])).count(),
        1,
        "{outcome}"
    );
    scene
        .sandbox
        .pgrole(["access", "check"])
        .run()
        .expect_status(0);
}
