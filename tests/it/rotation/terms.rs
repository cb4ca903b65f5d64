//! Until when a login is good: a span that each rotation renews, or a day on which the account ends.

use serde_json::Value;

use super::Scene;
use crate::harness::Outcome;

/// VALID UNTIL of a role, in whole days from now; empty: it has none.
fn days_left(scene: &Scene<'_>, role: &str) -> String {
    scene.area.psql(&format!(
        "SELECT round(extract(epoch FROM rolvaliduntil - now()) / 86400) FROM pg_roles WHERE rolname = '{role}'"
    ))
}

fn set_days_left(scene: &Scene<'_>, role: &str, days: &str) {
    scene.area.psql(&format!(
        "DO $$ BEGIN EXECUTE format('ALTER ROLE {role} VALID UNTIL %L', now() + interval '{days} days'); END $$"
    ));
}

fn rotate(scene: &Scene<'_>, arguments: &[&str]) -> Outcome {
    let rotate = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--format", "jsonl"]);
    rotate.args(arguments).run()
}

fn row(outcome: &Outcome) -> Value {
    let lines = outcome.expect_status(0).json_lines();
    let own = lines.into_iter().find(|row| row["reason"] != "age unknown");
    own.expect("a row")
}

/// A login that is delivered to the file of its name.
fn create(scene: &Scene<'_>, name: &str, arguments: &[&str]) -> String {
    let role = scene.area.role(name);
    let deliver = format!("file:{}", scene.file("{username}").display());
    let create = scene.user("readonly", &role, &["--deliver", &deliver]);
    create.args(arguments).run().expect_status(0);
    role
}

#[test]
fn a_span_is_renewed_by_each_rotation() {
    let scene = Scene::new();
    let role = create(&scene, "jane", &["--valid-for", "30d"]);
    for _ in 0..2 {
        set_days_left(&scene, &role, "3");
        row(&rotate(&scene, &["-u", &role]));
        assert_eq!(days_left(&scene, &role), "30");
    }
    // A reset by hand is no other wish.
    set_days_left(&scene, &role, "3");
    scene.user("reset", &role, &[]).run().expect_status(0);
    assert_eq!(days_left(&scene, &role), "30");
    let longer = scene.user("reset", &role, &["--valid-for", "60d"]).run();
    longer.expect_status(0);
    row(&rotate(&scene, &["-u", &role]));
    assert_eq!(days_left(&scene, &role), "60");
}

#[test]
fn an_end_is_moved_by_no_rotation() {
    let scene = Scene::new();
    scene
        .sandbox
        .write_config("[password]\nvalid_for = \"90d\"\n");
    let role = create(&scene, "jane", &["--ends-on", "2198-12-31"]);
    let until =
        format!("SELECT rolvaliduntil AT TIME ZONE 'UTC' FROM pg_roles WHERE rolname = '{role}'");
    // That day is its last.
    assert_eq!(scene.area.psql(&until), "2199-01-01 00:00:00");
    for arguments in [&[][..], &["--valid-for", "10d"]] {
        row(&rotate(
            &scene,
            &[&["-u", role.as_str()], arguments].concat(),
        ));
        assert_eq!(scene.area.psql(&until), "2199-01-01 00:00:00");
    }
    let rows = scene
        .sandbox
        .pgrole(["rotate", "status", "-u", &role])
        .run()
        .json();
    assert_eq!(rows[0]["ends_on"], "2199-01-01T00:00:00.000000Z");
    // By hand it may be said otherwise.
    let reset = scene.user("reset", &role, &["--valid-for", "10d"]).run();
    reset.expect_status(0);
    row(&rotate(&scene, &["-u", &role]));
    assert_eq!(days_left(&scene, &role), "10");
    for wrong in [
        &["--ends-on", "2020-01-01"][..],
        &["--ends-on", "soon"],
        &["--ends-on", "2198-12-31", "--valid-for", "1d"],
    ] {
        scene.user("reset", &role, wrong).run().expect_status(2);
    }
}

#[test]
fn an_account_that_has_ended_is_skipped_and_named_once() {
    let scene = Scene::new();
    let ended = create(&scene, "ended", &["--ends-on", "2198-12-31"]);
    let alive = create(&scene, "alive", &[]);
    let password = scene.delivered_password(&ended);
    set_days_left(&scene, &ended, "-1");
    scene.query(&format!(
        "UPDATE placed_role SET term = 'ends on 2026-01-01T00:00:00.000000Z', password_changed_at = '2026-01-01T00:00:00.000000Z'
         WHERE username = '{ended}'"
    ));
    let quietly = ["--quiet", "--canary", "1"];
    let named = rotate(&scene, &quietly);
    named
        .expect_status(0)
        .expect_stdout("")
        .expect_in_stderr(&format!("{ended}\\\" on dev/"))
        .expect_in_stderr("has ended");
    rotate(&scene, &quietly).expect_status(0).expect_stderr("");
    assert_eq!(row(&rotate(&scene, &["-u", &ended]))["reason"], "ended");
    assert_eq!(scene.delivered_password(&ended), password);
    scene.delivered_password_is_good(&alive);
    // Nobody is to be told every quarter of an hour that it is overdue.
    let check = [
        "rotate",
        "status",
        "--older-than",
        "90d",
        "--check",
        "-u",
        &ended,
    ];
    scene.sandbox.pgrole(check).run().expect_status(0);
}

#[test]
fn what_was_there_before_an_upgrade_is_prolonged_only_when_it_is_said() {
    let scene = Scene::new();
    let role = create(&scene, "jane", &["--valid-for", "30d"]);
    scene.query("UPDATE placed_role SET term = NULL");
    set_days_left(&scene, &role, "3");
    scene
        .sandbox
        .write_config("[password]\nvalid_for = \"90d\"\n");
    let kept = row(&rotate(&scene, &["-u", &role]));
    assert_eq!(days_left(&scene, &role), "3");
    let warning = kept["warnings"][0].to_string();
    assert!(warning.contains("it is taken for the end"), "{kept}");
    assert!(warning.contains("--valid-for 90d"), "{kept}");
    scene.user("reset", &role, &[]).run().expect_status(0);
    assert_eq!(days_left(&scene, &role), "3");

    row(&rotate(&scene, &["-u", &role, "--valid-for", "45d"]));
    assert_eq!(days_left(&scene, &role), "45");
    set_days_left(&scene, &role, "-1");
    row(&rotate(&scene, &["-u", &role]));
    assert_eq!(days_left(&scene, &role), "45");
    scene.delivered_password_is_good(&role);
}

#[test]
fn the_config_file_is_asked_anew_for_roles_that_it_decided_on() {
    let scene = Scene::new();
    let role = create(&scene, "jane", &[]);
    row(&rotate(&scene, &["-u", &role]));
    assert_eq!(days_left(&scene, &role), "");
    for (span, days) in [("90d", "90"), ("30d", "30")] {
        scene
            .sandbox
            .write_config(&format!("[password]\nvalid_for = \"{span}\"\n"));
        row(&rotate(&scene, &["-u", &role]));
        assert_eq!(days_left(&scene, &role), days);
    }
    // A profile of its own may want none.
    scene.sandbox.write_config(
        "[password]\nvalid_for = \"60d\"\n[profiles.readonly]\nvalid_for = \"none\"\n",
    );
    row(&rotate(&scene, &["-u", &role]));
    assert_eq!(days_left(&scene, &role), "30");
}
