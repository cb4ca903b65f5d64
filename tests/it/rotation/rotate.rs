//! `pgrole rotate`: which roles, in which order, and what is said of each.

use std::fs;

use serde_json::Value;

use super::Scene;
use crate::harness::terminal::CLEARED;
use crate::harness::{Outcome, sqlite};

fn rotate(scene: &Scene, arguments: &[&str]) -> Outcome {
    scene.sandbox.pgrole(["rotate"]).args(arguments).run()
}

/// The names of the rows, in their order, and the summary behind them. Other tests' roles on the same cluster are
/// of unknown age here.
fn rows(outcome: &Outcome) -> (Vec<String>, Value) {
    let mut lines = outcome.json_lines();
    let summary = lines.pop().expect("a summary")["summary"].clone();
    lines.retain(|row| row["reason"] != "age unknown");
    let name = |row: &Value| row["username"].as_str().expect("a name").to_owned();
    (lines.iter().map(name).collect(), summary)
}

/// Lets a password look as old as that.
pub fn make_old(scene: &Scene, role: &str, changed_at: &str) {
    let update = format!(
        "UPDATE placed_role SET password_changed_at = '{changed_at}' WHERE username = '{role}'"
    );
    sqlite::query(&scene.sandbox.registry(), &update);
}

#[test]
fn what_is_due_gets_a_new_password_where_the_old_one_was() {
    let scene = Scene::new();
    let (old, older, fresh) = (
        scene.create("old"),
        scene.create("older"),
        scene.create("fresh"),
    );
    make_old(&scene, &old, "2026-01-02T00:00:00.000000Z");
    make_old(&scene, &older, "2026-01-01T00:00:00.000000Z");
    let passwords = [&old, &older, &fresh].map(|role| scene.delivered_password(role));

    let planned = rotate(&scene, &["--older-than", "30d", "--dry-run", "--jobs", "1"]);
    let (names, summary) = rows(planned.expect_status(0));
    assert_eq!(names, [older.clone(), old.clone()]);
    assert_eq!(summary["rotated"], 0);
    assert_eq!(scene.delivered_password(&old), passwords[0]);

    let done = rotate(&scene, &["--older-than", "30d", "--jobs", "1"]);
    let (names, summary) = rows(done.expect_status(0));
    assert_eq!(names, [older.clone(), old.clone()]);
    assert_eq!(summary["due"], 2);
    assert_eq!(summary["rotated"], 2);
    for (role, password) in [(&old, &passwords[0]), (&older, &passwords[1])] {
        let new = scene.delivered_password(role);
        assert_ne!(new, *password);
        assert!(scene.logs_in(role, &new));
    }
    assert_eq!(scene.delivered_password(&fresh), passwords[2]);
    // A rerun has nothing left to do.
    let (names, _) = rows(rotate(&scene, &["--older-than", "30d"]).expect_status(0));
    assert!(names.is_empty());
}

#[test]
fn patterns_and_a_limit_select() {
    let scene = Scene::new();
    let roles = ["app_1", "app_2", "web"].map(|name| scene.create(name));
    let names = |arguments: &[&str]| {
        let arguments = [arguments, &["--dry-run"]].concat();
        let (mut names, _) = rows(rotate(&scene, &arguments).expect_status(0));
        names.sort();
        names
    };
    assert_eq!(names(&["-u", "*_app_*"]), roles[..2]);
    assert_eq!(
        names(&["-u", &roles[2], "-u", &roles[0]]),
        [roles[0].clone(), roles[2].clone()]
    );
    assert_eq!(
        names(&["--any-age", "--profile", "readonly", "--limit", "1"]).len(),
        1
    );
    assert_eq!(names(&["--any-age", "--exclude", "*_app_*"]), roles[2..]);
    for none in [["--profile", "app"], ["-e", "qa"], ["-u", "nobody"]] {
        let refused = rotate(&scene, &[&["--any-age"], &none[..]].concat());
        let said = format!("no role under rotation matches {}", none.join(" "));
        refused.expect_status(3).expect_in_stderr(&said);
    }
    rotate(&scene, &["--any-age", "-e", "nowhere"]).expect_status(2);
}

#[test]
fn a_failure_is_told_apart_and_the_rerun_takes_only_that() {
    let scene = Scene::new();
    let good = scene.create("good");
    let bad = scene.create("bad");
    make_old(&scene, &good, "2026-01-01T00:00:00.000000Z");
    make_old(&scene, &bad, "2026-01-01T00:00:00.000000Z");
    scene.area.psql(&format!("ALTER ROLE {bad} SUPERUSER"));
    let failed = rotate(&scene, &["--older-than", "30d"]);
    let (names, summary) = rows(failed.expect_status(4));
    assert_eq!(names, [good]);
    assert_eq!(summary["failed"], 1);
    failed.expect_in_stderr("is a superuser");
    scene.area.psql(&format!("ALTER ROLE {bad} NOSUPERUSER"));
    let (names, _) = rows(rotate(&scene, &["--older-than", "30d"]).expect_status(0));
    assert_eq!(names, [bad]);
}

#[test]
fn a_failed_canary_ends_the_run() {
    let scene = Scene::new();
    let canary = scene.create("canary");
    let rest = scene.create("rest");
    make_old(&scene, &canary, "2026-01-01T00:00:00.000000Z");
    let password = scene.delivered_password(&rest);
    scene.area.psql(&format!("ALTER ROLE {canary} SUPERUSER"));
    let stopped = rotate(&scene, &["--any-age", "--canary", "1"]);
    let (names, summary) = rows(stopped.expect_status(1));
    assert!(names.is_empty());
    assert_eq!(summary["left"], 1);
    assert_eq!(scene.delivered_password(&rest), password);
}

#[test]
fn a_role_that_pgrole_never_changed_from_here_is_reported_and_rotated_when_told() {
    let scene = Scene::new();
    let role = scene.create("jane");
    sqlite::query(&scene.sandbox.registry(), "DELETE FROM placed_role");
    let only = ["-u", role.as_str()];
    let reported = rotate(&scene, &only);
    reported.expect_in_stderr("pgrole rotate adopt");
    let lines = reported.expect_status(3).json_lines();
    assert_eq!(lines[0]["reason"], "age unknown");
    assert_eq!(lines[1]["summary"]["unknown"], 1);
    let deliver = format!("file:{}", scene.file("{username}").display());
    let told = ["--include-unknown", "--deliver", &deliver];
    let (names, _) = rows(rotate(&scene, &[&only[..], &told].concat()).expect_status(0));
    assert_eq!(names, std::slice::from_ref(&role));
    assert!(scene.logs_in(&role, &scene.delivered_password(&role)));
}

#[test]
fn a_second_rotation_at_the_same_time_is_busy() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let (started, object) = (scene.file("started"), scene.file("object"));
    let deliver = format!(
        "exec:sh -c \"touch {}; while ! test -e {}; do sleep 0.05; done; cat > {}\"",
        started.display(),
        gate.display(),
        object.display()
    );
    let first = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--deliver", &deliver])
        .spawn();
    while !started.exists() {
        std::thread::yield_now();
    }
    let second = rotate(&scene, &["--any-age"]);
    assert_eq!(
        second.expect_status(75).json_error()["error"]["kind"],
        "busy"
    );
    fs::write(&gate, "").expect("the folder is there");
    first.wait().expect_status(0);
    assert!(scene.read("object").contains(&role));
}

#[test]
fn quiet_says_nothing_of_what_went_well() {
    let scene = Scene::new();
    scene.create("jane");
    rotate(&scene, &["--any-age", "--quiet"])
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
}

/// Up to PostgreSQL 14 all roles may create objects in `public`, and so have default privileges that keep them.
fn drop_role(scene: &Scene<'_>, role: &str) {
    scene
        .area
        .psql(&format!("DROP OWNED BY {role}; DROP ROLE {role}"));
}

#[test]
fn a_role_that_was_dropped_is_named_once_and_forgotten() {
    let scene = Scene::new();
    let (gone, there) = (scene.create("gone"), scene.create("there"));
    drop_role(&scene, &gone);
    // In cron's mail too.
    let quiet = rotate(&scene, &["--any-age", "--quiet"]);
    quiet
        .expect_status(0)
        .expect_stdout("")
        .expect_in_stderr(&format!("role \"{gone}\" no longer exists on dev/"));
    assert!(scene.logs_in(&there, &scene.delivered_password(&there)));
    rotate(&scene, &["--any-age", "--quiet"])
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
    let forgotten = format!(
        "SELECT count(*) FROM audit_log WHERE operation = 'rotate forget' AND username = '{gone}'"
    );
    assert_eq!(scene.query(&forgotten), "1");
    let verified = scene.sandbox.pgrole(["audit", "list"]).run();
    assert!(
        verified
            .stdout
            .contains("role is gone from its server, forgotten")
    );
}

#[test]
fn a_role_that_was_dropped_has_a_row_of_its_own() {
    let scene = Scene::new();
    let gone = scene.create("gone");
    drop_role(&scene, &gone);
    let outcome = rotate(&scene, &["-u", &gone]);
    let lines = outcome.expect_status(0).json_lines();
    assert_eq!(lines[0]["status"], "user not found");
    assert_eq!(lines[0]["reason"], "forgotten");
    assert_eq!(lines[1]["summary"]["gone"], 1);
    assert_eq!(lines[1]["summary"]["left"], 0);
}

#[test]
fn the_age_from_which_on_passwords_are_due_may_stand_in_the_config_file() {
    let scene = Scene::new();
    let (old, fresh) = (scene.create("old"), scene.create("fresh"));
    make_old(&scene, &old, "2026-01-02T00:00:00.000000Z");
    scene
        .sandbox
        .write_config("[rotate]\nolder_than = \"30d\"\n");
    let names = |arguments: &[&str]| {
        let arguments = [arguments, &["--dry-run"]].concat();
        let (mut names, _) = rows(rotate(&scene, &arguments).expect_status(0));
        names.sort();
        names
    };
    assert_eq!(names(&[]), [old.as_str()]);
    assert_eq!(names(&["--any-age"]), [fresh.as_str(), old.as_str()]);
    assert!(names(&["--older-than", "30000d"]).is_empty());
    scene.sandbox.write_config("[rotate]\nolder = \"30d\"\n");
    rotate(&scene, &[])
        .expect_status(2)
        .expect_in_stderr("did you mean \\\"older_than\\\"?");
}

#[test]
fn a_person_gets_a_line_a_role() {
    let scene = Scene::new();
    let roles = ["one", "two"].map(|name| scene.create(name));
    let screen = |arguments: &[&str]| {
        let run = scene.sandbox.pgrole(["rotate", "--any-age", "-u"]);
        let run = run.args([&roles[0], "-u", &roles[1]]).args(arguments);
        let (screen, status) = run.env("NO_COLOR", "1").in_terminal(250).wait_status();
        assert_eq!(status, Some(0), "{screen}");
        screen
    };
    let planned = screen(&["--dry-run"]);
    for role in &roles {
        let lines: Vec<_> = planned
            .lines()
            .filter(|line| line.starts_with(role))
            .collect();
        let [line] = lines.as_slice() else {
            panic!("one line for {role}\n{planned}");
        };
        let file = format!("file:{}", scene.file(role).display());
        assert!(line.contains(" due ") && line.contains(&file), "{planned}");
        assert!(
            line.contains("just now") || line.contains(" ago "),
            "{planned}"
        );
    }
    let done = screen(&["--yes"]);
    for role in &roles {
        // What stands before a row on its line is a line of progress that was cleared.
        let rows = done.lines().filter_map(|line| line.rsplit(CLEARED).next());
        let is_row = |row: &&str| row.starts_with(role) && row.contains("password reset");
        assert_eq!(rows.filter(is_row).count(), 1, "{done}");
        assert!(!done.contains(&scene.delivered_password(role)), "{done}");
    }
}
