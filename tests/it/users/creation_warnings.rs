//! What whoever creates a login is told, though nothing stands against it.

use crate::harness::{Cluster, Outcome, Sandbox};
use crate::scene::{Scene, created, error, whole_text};

#[track_caller]
fn warnings(outcome: &Outcome) -> Vec<String> {
    outcome.expect_status(0);
    let row = outcome.json();
    let warnings = row["warnings"].as_array().into_iter().flatten();
    let text = |warning: &serde_json::Value| warning.as_str().expect("a text").to_owned();
    warnings.map(text).collect()
}

/// Whether one of the warnings says so; in a dry run, and in the run.
#[track_caller]
fn is_said(scene: &Scene, verb: &str, arguments: &[&str], said: &str) -> bool {
    let dry = warnings(&scene.user(verb, arguments).args(["--dry-run"]).run());
    let run = warnings(&scene.user(verb, arguments).run());
    assert_eq!(dry, run);
    run.iter().any(|warning| warning.contains(said))
}

#[test]
fn a_name_that_may_be_taken_for_another_is_named() {
    let scene = Scene::new();
    let prefix = scene.database();
    let said = "easily confused with";
    for (existing, wanted, is_alike) in [
        ("analyst01", "Analyst01", true),
        ("j\u{fc}rg", "J\u{dc}RG", true),
        ("ren\u{e9}", "rene\u{301}", true),
        ("analyst02", "analyst03", false),
        ("j\u{f6}rg", "j\u{f6}rgen", false),
    ] {
        let existing = format!("{prefix}_{existing}");
        scene.psql(&format!("CREATE ROLE \"{existing}\""));
        let wanted = format!("{prefix}_{wanted}");
        let arguments = ["-u", wanted.as_str()];
        assert_eq!(
            is_said(&scene, "dba", &arguments, said),
            is_alike,
            "{wanted}"
        );
    }
    // A terminal says it too.
    let arguments = ["-u", &format!("{prefix}_ANALYST01"), "--format", "table"];
    let outcome = scene.user("readonly", &arguments).run();
    outcome.expect_status(0);
    outcome.expect_in_stderr(&format!("{prefix}_analyst01"));
    outcome.expect_in_stderr(&format!("{prefix}_Analyst01"));
}

#[test]
fn what_is_granted_in_a_template_database_is_copied() {
    let scene = Scene::new();
    let said = "template database";
    let name = |name: &str| scene.role(name);
    assert!(!is_said(&scene, "readonly", &["-u", &name("before")], said));
    scene.psql(&format!(
        "ALTER DATABASE {} IS_TEMPLATE true",
        scene.database()
    ));
    assert!(is_said(&scene, "readonly", &["-u", &name("jane")], said));
    assert!(is_said(&scene, "dba", &["-u", &name("boss")], said));
}

#[test]
fn a_database_that_takes_no_connections_is_named_with_the_way_to_open_it() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let database = scene.database();
    cluster.superuser_psql(
        "postgres",
        &format!("ALTER DATABASE {database} ALLOW_CONNECTIONS false"),
    );
    let outcome = scene.user("list", &[]).run();
    let text = whole_text(&error(&outcome, 5));
    let wanted = format!("ALTER DATABASE \"{database}\" ALLOW_CONNECTIONS true");
    assert!(text.contains(&wanted), "{outcome}");
    assert!(!text.contains("registry update"), "{outcome}");
    cluster.superuser_psql("postgres", &wanted);
    scene.user("list", &[]).run().expect_status(0);
}

#[test]
fn no_limit_is_said_as_in_the_config_file_and_a_limit_of_none_at_all_warns() {
    let scene = Scene::new();
    let arguments = [
        "-u",
        &scene.role("free"),
        "--connection-limit",
        "none",
        "--valid-for",
        "none",
    ];
    scene
        .sandbox
        .write_config("[profiles.devqa]\nvalid_for = \"30d\"\n");
    let outcome = scene.user("devqa", &arguments).run();
    created(&outcome);
    let row = outcome.json();
    assert!(
        row["connection_limit"].is_null() && row["valid_until"].is_null(),
        "{outcome}"
    );
    let limit = |name: &str| {
        let name = scene.role(name);
        scene.psql(&format!(
            "SELECT rolconnlimit FROM pg_roles WHERE rolname = '{name}'"
        ))
    };
    assert_eq!(limit("free"), "-1");
    let arguments = ["-u", &scene.role("shut"), "--connection-limit", "0"];
    assert!(is_said(&scene, "devqa", &arguments, "nobody can log in"));
    assert_eq!(limit("shut"), "0");
    let arguments = ["-u", &scene.role("one"), "--connection-limit", "1"];
    assert!(!is_said(&scene, "devqa", &arguments, "nobody can log in"));
}

#[test]
fn a_connection_limit_is_a_number_that_the_server_can_hold() {
    let sandbox = Sandbox::new();
    for limit in ["-1", "2147483648", "None", "many", ""] {
        let limit = format!("--connection-limit={limit}");
        let run = sandbox.pgrole(["user", "devqa", "-e", "dev", "-d", "x", "-u", "y", &limit]);
        let outcome = run.run();
        outcome.expect_status(2);
        outcome.expect_in_stderr("a number from 0 to 2147483647, or");
    }
}

#[test]
fn createrole_reaches_nearly_everything_up_to_postgresql_15() {
    for major in [13, 15, 16] {
        let Some(cluster) = Cluster::of_major(major) else {
            continue;
        };
        let scene = Scene::on(cluster);
        let said = "pg_execute_server_program";
        let arguments = ["-u", &scene.role("boss")];
        assert_eq!(is_said(&scene, "dba", &arguments, said), major < 16);
        let arguments = ["-u", &scene.role("jane")];
        assert!(!is_said(&scene, "devlead", &arguments, said));
    }
}
