//! What is asked before many passwords are changed: about the counted plan, and never about none.

use super::Scene;
use super::rotate::make_old;
use crate::harness::{Cluster, Outcome, Terminal};

const LONG_AGO: &str = "2026-01-01T00:00:00.000000Z";

fn rotate(scene: &Scene<'_>, arguments: &[&str]) -> Outcome {
    scene.sandbox.pgrole(["rotate"]).args(arguments).run()
}

fn in_terminal(scene: &Scene<'_>, arguments: &[&str]) -> Terminal {
    let rotate = scene.sandbox.pgrole(["rotate"]).args(arguments);
    rotate.in_terminal(200)
}

/// A role on `dev`, and one on `prod`, which is protected: both due for ninety days.
fn scene_with_prod() -> (Scene<'static>, [String; 2]) {
    let mut scene = Scene::new();
    let dev = scene.create("dev");
    scene
        .sandbox
        .register(Cluster::shared(), "prod", "postgres");
    let prod = scene.area.role("prod");
    let deliver = format!("file:{}", scene.file("{username}").display());
    let create = ["user", "create", "--profile", "dba", "-e", "prod"];
    let create = scene.sandbox.pgrole(create);
    let create = create.args([
        "-d",
        "postgres",
        "-u",
        &prod,
        "--yes",
        "--deliver",
        &deliver,
    ]);
    create.run().expect_status(0);
    for role in [&dev, &prod] {
        make_old(&scene, role, LONG_AGO);
    }
    (scene, [dev, prod])
}

#[test]
fn a_bare_rotate_is_wrong_usage_and_changes_nothing() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    for bare in [
        &[][..],
        &["--yes", "--quiet"],
        &["-e", "dev"],
        &["--profile", "*"],
        &["--dry-run"],
        &["--canary", "3", "--deliver", "stdout"],
    ] {
        let refused = rotate(&scene, bare);
        refused
            .expect_status(2)
            .expect_stdout("")
            .expect_in_stderr("this would change the passwords of all roles")
            .expect_in_stderr("--any-age");
    }
    assert_eq!(scene.delivered_password(&role), old);
    rotate(&scene, &["-u", &role]).expect_status(0);
    assert_ne!(scene.delivered_password(&role), old);
}

#[test]
fn without_a_terminal_a_protected_environment_needs_yes_where_something_is_due_there() {
    let (scene, [dev, prod]) = scene_with_prod();
    let refused = rotate(&scene, &["--older-than", "90d"]);
    let said = "rotate 2 roles on 2 targets, 1 in prod";
    refused
        .expect_status(6)
        .expect_in_stderr(said)
        .expect_in_stderr("--yes");
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    rotate(&scene, &["--older-than", "90d", "-e", "dev"]).expect_status(0);
    rotate(&scene, &["--older-than", "90d", "--yes"]).expect_status(0);
    assert_eq!(scene.states(), ["CLOSED"; 4].join("\n"));
    // Nothing is due any more, so that there is nothing to confirm.
    rotate(&scene, &["--older-than", "90d"]).expect_status(0);
    scene.delivered_password_is_good(&dev);
    scene.delivered_password_is_good(&prod);
}

#[test]
fn at_a_terminal_a_protected_environment_is_confirmed_by_its_name() {
    let (scene, _) = scene_with_prod();
    for (answer, status) in [("y", 6), ("yes", 6), ("PROD", 6), ("", 6), ("prod", 0)] {
        let mut terminal = in_terminal(&scene, &["--older-than", "90d"]);
        terminal.expect("rotate 2 roles on 2 targets, 1 in prod? Type prod to confirm: ");
        terminal.send_line(answer);
        let (screen, found) = terminal.wait_status();
        assert_eq!(found, Some(status), "{answer:?}: {screen}");
        let count = if status == 0 { 4 } else { 2 };
        assert_eq!(scene.states(), vec!["CLOSED"; count].join("\n"), "{answer}");
    }
    let (screen, status) = in_terminal(&scene, &["--older-than", "90d"]).wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(!screen.contains('?'), "asked about nothing: {screen}");
}

#[test]
fn at_a_terminal_other_environments_are_confirmed_with_y() {
    let scene = Scene::new();
    let role = scene.create("jane");
    make_old(&scene, &role, LONG_AGO);
    for (answer, status) in [("n", 6), ("y", 0)] {
        let mut terminal = in_terminal(&scene, &["--older-than", "90d"]);
        terminal.expect("rotate 1 role on 1 target? [y/N] ");
        terminal.send_line(answer);
        let (screen, found) = terminal.wait_status();
        assert_eq!(found, Some(status), "{screen}");
    }
    let yes = ["--older-than", "1s", "--yes", "--dry-run"];
    let (screen, _) = in_terminal(&scene, &yes).wait_status();
    assert!(!screen.contains("[y/N]"), "{screen}");
}

#[test]
fn ctrl_c_and_sigterm_at_the_question_change_nothing() {
    let (scene, _) = scene_with_prod();
    for by_signal in [false, true] {
        let mut terminal = in_terminal(&scene, &["--older-than", "90d"]);
        terminal.expect("Type prod to confirm: ");
        if by_signal {
            terminal.signal("TERM");
        } else {
            terminal.send_control('c');
        }
        let (screen, status) = terminal.wait_restored();
        assert_eq!(status, Some(130), "{screen}");
        assert_eq!(scene.states(), "CLOSED\nCLOSED");
    }
}

/// A person who has not yet answered keeps no other run from its work; what that has changed is not changed again.
#[test]
fn a_run_that_waits_for_its_answer_does_not_stand_in_the_way_of_another() {
    let (scene, [_, prod]) = scene_with_prod();
    let mut terminal = in_terminal(&scene, &["--older-than", "90d"]);
    terminal.expect("Type prod to confirm: ");
    rotate(&scene, &["--older-than", "90d", "--yes"]).expect_status(0);
    let password = scene.delivered_password(&prod);
    terminal.send_line("prod");
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert_eq!(scene.delivered_password(&prod), password);
    assert_eq!(scene.states(), ["CLOSED"; 4].join("\n"));
}

#[test]
fn recovery_is_asked_about_at_a_terminal_only() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat > /dev/null\"",
        gate.display()
    );
    let reset = scene
        .user("reset", &role, &["--deliver", &deliver, "--yes"])
        .run();
    reset.expect_status(8);
    std::fs::write(&gate, "").expect("the folder is there");
    let mut terminal = scene.sandbox.pgrole(["recover", "run"]).in_terminal(200);
    terminal.expect("settle 1 password change on 1 target? [y/N] ");
    terminal.send_line("n");
    assert_eq!(terminal.wait_status().1, Some(6));
    assert_eq!(scene.states(), "CLOSED\nUNDELIVERED");
    scene.recover().expect_status(0);
    let (screen, status) = scene
        .sandbox
        .pgrole(["recover", "run"])
        .in_terminal(200)
        .wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(!screen.contains("[y/N]"), "asked about nothing: {screen}");
}

#[test]
fn the_list_of_open_changes_begins_with_what_is_to_be_done_and_names_the_command() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let fails = ["--deliver", "exec:false", "--yes"];
    scene.user("reset", &role, &fails).run().expect_status(8);
    let other = scene.area.role("joe");
    scene.user("readonly", &other, &[]).run().expect_status(0);
    let list = |columns| {
        let list = scene.sandbox.pgrole(["recover", "list"]);
        list.env("NO_COLOR", "1")
            .in_terminal(columns)
            .wait_status()
            .0
    };
    let json = scene.sandbox.pgrole(["recover", "list"]).run().json();
    for columns in [40, 80, 200] {
        let screen = list(columns);
        for row in json.as_array().expect("rows") {
            let id = row["id"].as_str().expect("an ID");
            assert!(screen.contains(id), "{id} at {columns}\n{screen}");
        }
        let place = |word: &str| {
            screen
                .find(word)
                .unwrap_or_else(|| panic!("{word}\n{screen}"))
        };
        let ids = ["UNDELIVERED", "DELIVERED"].map(|state| {
            let rows = json.as_array().expect("rows").iter();
            let row = rows.clone().find(|row| row["state"] == state);
            row.expect("there is one")["id"].as_str().expect("an ID")
        });
        assert!(place(ids[0]) < place(ids[1]), "{screen}");
        place("to settle 1 password change: pgrole recover run\n");
        place("once the password has arrived: pgrole recover ack ");
    }
}
