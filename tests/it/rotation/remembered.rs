//! A new password goes where the one before it went, unless a person says otherwise; what is left behind is named.

use serde_json::Value;

use super::Scene;

const REMEMBERED: &str = "SELECT deliver || ' ' || file_format FROM placed_role";

fn warnings(row: &Value) -> Vec<String> {
    let warnings = row["warnings"].as_array().cloned().unwrap_or_default();
    let texts = warnings.iter().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

#[test]
fn a_reset_without_a_delivery_goes_where_the_password_went_before() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let file = scene.file("app.env");
    let deliver = format!("file:{}", file.display());
    let create = ["--deliver", &deliver, "--file-format", "env"];
    scene
        .user("readonly", &role, &create)
        .run()
        .expect_status(0);
    let before = scene.read("app.env");

    let reset = scene.user("reset", &role, &[]).run();
    let row = reset.expect_status(0).json();
    assert_eq!(row["password"], Value::Null);
    assert_eq!(row["delivered_to"], deliver.as_str());
    assert_eq!(row["status"], "password reset");
    assert!(warnings(&row).is_empty(), "{row}");
    let after = scene.read("app.env");
    assert_ne!(after, before);
    assert!(after.contains("PGPASSWORD="), "{after}");
    assert_eq!(scene.query(REMEMBERED), format!("{deliver} env"));

    // A person is told, as nothing of the flags says it.
    let run = scene.user("reset", &role, &["--format", "table"]).run();
    let said = format!("delivered to {deliver}, where its password last went");
    run.expect_status(0).expect_in_stderr(&said);
}

#[test]
fn stdout_by_hand_prints_and_names_the_file_that_is_stale_and_is_not_remembered() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let remembered = scene.query(REMEMBERED);
    let stale = format!("file:{}", scene.file(&role).display());
    let old = scene.delivered_password(&role);
    for run in [
        scene.user(
            "reset",
            &role,
            &["--deliver", "stdout", "--format", "jsonl"],
        ),
        scene.sandbox.pgrole([
            "rotate",
            "--deliver",
            "stdout",
            "--format",
            "jsonl",
            "-u",
            &role,
        ]),
    ] {
        let outcome = run.run();
        let row = outcome.expect_status(0).json_lines().remove(0);
        let password = row["password"].as_str().expect("printed").to_owned();
        assert!(scene.logs_in(&role, &password));
        let warnings = warnings(&row);
        assert!(warnings[0].starts_with(&stale), "{warnings:?}");
        assert_eq!(scene.query(REMEMBERED), remembered);
    }
    assert_eq!(scene.delivered_password(&role), old);
    // The next one goes to the file again.
    scene.user("reset", &role, &[]).run().expect_status(0);
    assert!(scene.logs_in(&role, &scene.delivered_password(&role)));
}

#[test]
fn another_place_by_hand_is_warned_of_and_remembered() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let stale = format!("file:{}", scene.file(&role).display());
    let deliver = format!("file:{}", scene.file("new-place").display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    let warnings = warnings(&reset.expect_status(0).json());
    assert_eq!(
        warnings,
        [format!(
            "{stale} still holds the previous password of \"{role}\", which is no longer valid"
        )]
    );
    assert_eq!(scene.query(REMEMBERED), format!("{deliver} json"));
    let again = scene
        .user("reset", &role, &[])
        .run()
        .expect_status(0)
        .json();
    assert_eq!(again["delivered_to"], deliver.as_str());
    assert_eq!(again.get("warnings"), None);
}

#[test]
fn another_place_by_hand_is_asked_about_at_a_terminal() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    for (answer, status) in [("n", 6), ("y", 0)] {
        let reset = scene.user("reset", &role, &["--deliver", "stdout"]);
        let mut terminal = reset.in_terminal(250);
        terminal.expect(&format!(
            "deliver the new password of \"{role}\" to stdout instead of file:{}",
            scene.file(&role).display()
        ));
        terminal.expect("[y/N] ");
        terminal.send_line(answer);
        let (screen, found) = terminal.wait_status();
        assert_eq!(found, Some(status), "{screen}");
        assert_eq!(scene.logs_in(&role, &old), status != 0);
    }
}

#[test]
fn a_role_whose_passwords_were_printed_prints_the_next_one_too() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let created = scene.user("readonly", &role, &[]).run();
    assert!(created.expect_status(0).json()["password"].is_string());
    let reset = scene
        .user("reset", &role, &[])
        .run()
        .expect_status(0)
        .json();
    assert!(reset["password"].is_string());
    assert_eq!(reset.get("delivered_to"), None);
    assert_eq!(scene.query(REMEMBERED), "stdout json");
}

#[test]
fn what_was_printed_and_cut_off_is_recovered_without_being_remembered() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let remembered = scene.query(REMEMBERED);
    scene.break_journal_at("DELIVERED");
    let reset = scene.user("reset", &role, &["--deliver", "stdout"]).run();
    // It is done, and that is not on record.
    reset.expect_status(1);
    scene.mend_journal();
    scene.recover().expect_status(0);
    assert_eq!(scene.query(REMEMBERED), remembered);
}
