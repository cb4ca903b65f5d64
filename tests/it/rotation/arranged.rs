//! `--columns` and `--sort` of what changes many passwords: rows that deliver one stay whole, the summary stays last.

use serde_json::{Value, json};

use super::Scene;

fn rotate(scene: &Scene<'_>, roles: &[&str; 2], more: &[&str]) -> (Value, String) {
    let named = roles.iter().flat_map(|role| ["-u", role]);
    let run = scene.sandbox.pgrole(["rotate", "--any-age"]).args(named);
    let run = run.args(more.iter().copied()).run();
    run.expect_status(0);
    let rows = serde_json::from_str(&run.stdout).unwrap_or_default();
    (rows, run.stdout.clone())
}

#[test]
fn rows_of_a_rotation_are_arranged_and_its_summary_is_last() {
    let scene = Scene::new();
    let [a, b] = ["a", "b"].map(|name| scene.create(name));
    let roles = [&*a, &*b];
    let arranged = ["--columns", "username,status", "--sort", "-username"];
    let row = |name: &str, status: &str| json!({"username": name, "status": status});
    for (mode, status) in [(Some("--dry-run"), "unchanged"), (None, "password reset")] {
        let more: Vec<_> = arranged.into_iter().chain(mode).collect();
        let (rows, shown) = rotate(&scene, &roles, &more);
        assert_eq!(rows[0], row(&b, status), "{shown}");
        assert_eq!(rows[1], row(&a, status), "{shown}");
        assert!(rows[2]["summary"].is_object(), "{shown}");
        let table = [&more[..], &["--format", "table"]].concat();
        let (_, shown) = rotate(&scene, &roles, &table);
        let words: Vec<Vec<_>> = shown
            .lines()
            .map(|line| line.split_whitespace().take(2).collect())
            .collect();
        let status = status.split(' ').next().unwrap_or_default();
        assert_eq!(
            words,
            [["USERNAME", "STATUS"], [&b, status], [&a, status]],
            "{shown}"
        );
    }
}

#[test]
fn a_row_that_delivers_a_password_is_whole_and_not_held() {
    let scene = Scene::new();
    let [a, b] = ["a", "b"].map(|name| scene.create(name));
    let more = ["--deliver", "stdout", "--columns", "env", "--sort", "-env"];
    let (rows, shown) = rotate(&scene, &[&a, &b], &more);
    for row in &rows.as_array().expect("rows")[..2] {
        assert!(row["password"].is_string(), "{shown}");
        assert!(row["username"].is_string(), "{shown}");
    }
    assert!(rows[2]["summary"].is_object(), "{shown}");
}

#[test]
fn a_recovery_with_nothing_to_settle_says_so() {
    let scene = Scene::new();
    let run = |more: &[&str]| {
        let run = scene.sandbox.pgrole(["recover", "run"]).args(more).run();
        run.expect_status(0).expect_stdout("");
        run
    };
    run(&["--format", "table"]).expect_stderr("no password change to settle\n");
    run(&["--format", "table", "--quiet"]).expect_stderr("");
    run(&[]).expect_stderr("");
}
