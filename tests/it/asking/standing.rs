//! `pgrole` without a command: at a terminal where one stands, elsewhere one line.

use std::fs;
use std::time::SystemTime;

use super::{fleet, in_terminal};
use crate::harness::{Sandbox, sqlite};
use crate::scene::{Scene, error};

fn standing(sandbox: &Sandbox, columns: u16) -> String {
    let (screen, status) = in_terminal(sandbox, &[], columns).wait_status();
    assert_eq!(status, Some(0), "{screen}");
    screen
}

#[test]
fn in_a_pipe_it_is_one_line_and_wrong_usage() {
    let sandbox = fleet();
    let none: [&str; 0] = [];
    let found = error(&sandbox.pgrole(none).run(), 2);
    assert_eq!(found["kind"], "usage");
    assert_eq!(found["message"], "no command given");
    assert_eq!(found["causes"], serde_json::json!([]));
    assert_eq!(found["hint"], "pgrole --help");
    let in_words = sandbox.pgrole(["--format", "table"]).run();
    let said = "error: no command given\nhint: pgrole --help\n";
    in_words
        .expect_status(2)
        .expect_stdout("")
        .expect_stderr(said);
    let noun = error(&sandbox.pgrole(["user"]).run(), 2);
    assert_eq!(noun["message"], "no command given after \"pgrole user\"");
    assert_eq!(noun["hint"], "pgrole user --help");
}

#[test]
fn a_fresh_home_is_shown_to_init_and_nothing_is_created() {
    let sandbox = Sandbox::new();
    let screen = standing(&sandbox, 80);
    assert!(screen.contains("(not created yet)"), "{screen}");
    assert!(screen.contains("pgrole init  to begin"), "{screen}");
    let mut left = fs::read_dir(sandbox.home()).expect("the home is there");
    assert!(left.next().is_none());
}

/// Without any variable the account's own home is used.
#[test]
fn it_works_without_variables() {
    let sandbox = Sandbox::new();
    let none: [&str; 0] = [];
    let mut command = sandbox.pgrole(none).command();
    command.env_clear();
    let (screen, status) = crate::harness::Terminal::run(&command, 80).wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("registry  "), "{screen}");
    assert!(screen.contains("next      "), "{screen}");
}

#[test]
fn it_sums_up_targets_login_passwords_and_what_is_next() {
    let mut scene = Scene::new();
    scene
        .sandbox
        .write_config("[rotate]\nolder_than = \"90d\"\n");
    scene.create("readonly", "jane");
    scene.create("readonly", "joe");
    sqlite::query(
        &scene.sandbox.registry(),
        "UPDATE placed_role SET password_changed_at = '2020-01-01T00:00:00.000000Z' WHERE username LIKE '%jane'",
    );
    scene.sandbox.register(scene.cluster, "prod", "postgres");
    for columns in [60, 80, 200] {
        let screen = standing(&scene.sandbox, columns);
        for said in [
            "targets       2: dev 1, prod 1 (protected)",
            "login         environment (PG_ADMIN_USER, PG_ADMIN_PASS)",
            "passwords     1 of 2 overdue (older than 90d)",
            "open changes  none",
            "next          pgrole rotate --dry-run  what is overdue",
        ] {
            assert!(screen.contains(said), "{said}: {screen}");
        }
        // A path stays whole, so that it can be copied.
        let wrapped = screen.lines().filter(|line| !line.starts_with("registry"));
        let widest = wrapped.map(|line| line.chars().count()).max();
        assert!(widest <= Some(usize::from(columns)), "{screen}");
    }
}

/// Another user's program, a keyring and a person are left alone.
#[test]
fn no_program_is_run_and_nobody_is_asked_for_the_login() {
    let sandbox = fleet();
    let ran = sandbox.path().join("ran");
    let config = format!(
        "[credential]\ncommand = [\"touch\", {:?}]\n",
        ran.display().to_string()
    );
    sandbox.write_config(&config);
    let screen = standing(&sandbox, 80);
    assert!(
        screen.contains("command (touch), not run now for dev, qa, prod"),
        "{screen}"
    );
    assert!(!ran.exists());
    sandbox.write_config("");
    let screen = standing(&sandbox, 80);
    assert!(screen.contains("asked for (\""), "{screen}");
    assert!(screen.contains("pgrole init"), "{screen}");
}

/// A registry of an older version is read as it is.
#[test]
fn an_older_registry_is_not_upgraded() {
    let sandbox = fleet();
    let registry = sandbox.registry();
    sqlite::query(
        &registry,
        "PRAGMA user_version = 17; PRAGMA wal_checkpoint(TRUNCATE);",
    );
    let written = |path: &std::path::Path| -> SystemTime {
        let metadata = fs::metadata(path).expect("the file is there");
        metadata.modified().expect("files have times")
    };
    let before = (
        written(&registry),
        fs::read(&registry).expect("it can be read"),
    );
    let screen = standing(&sandbox, 80);
    assert!(screen.contains("targets       4: "), "{screen}");
    assert!(
        before
            == (
                written(&registry),
                fs::read(&registry).expect("it can be read")
            )
    );
}
