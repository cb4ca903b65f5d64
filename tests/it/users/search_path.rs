//! `user search-path`: what a session of the role then shows.

use super::access::make_role;
use crate::harness::{Cluster, skip_unless_superuser};
use crate::scene::{Scene, error, whole_text};

#[test]
fn the_schemas_are_a_list_of_names_each_taken_literally() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.psql(
        "CREATE SCHEMA \"a,b\"; CREATE SCHEMA \"Quo\"\"ted\"; CREATE TABLE \"a,b\".here (id int)",
    );
    let outcome = scene
        .user(
            "search-path",
            &[
                "-u", &jane.name, "--schema", "$user", "--schema", "a,b", "--schema", "Quo\"ted",
                "--schema", "public",
            ],
        )
        .run();
    outcome.expect_status(0).expect_stderr("");
    outcome.filtered().expect_stdout(
        r#"{
  "username": "[DB]_jane",
  "password": null,
  "status": "search_path updated",
  "hostname": "127.0.0.1",
  "database": "[DB]",
  "port": "[PORT]",
  "env": "dev",
  "search_path": [
    "$user",
    "a,b",
    "Quo\"ted",
    "public"
  ],
  "audit_anchor": "[ANCHOR]"
}
"#,
    );
    scene
        .psql_as(&jane, "SHOW search_path")
        .expect_stdout("\"$user\", \"a,b\", \"Quo\"\"ted\", public\n");
    scene
        .psql_as(&jane, "SELECT current_schemas(false)")
        .expect_stdout("{\"a,b\",\"Quo\\\"ted\",public}\n");
    scene.may(&jane, "SELECT * FROM here");
}

#[test]
fn the_default_is_public() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene
        .user("search-path", &["-u", &jane.name])
        .run()
        .expect_status(0);
    scene
        .psql_as(&jane, "SHOW search_path")
        .expect_stdout("public\n");
}

#[test]
fn only_this_database_is_affected() {
    let scene = Scene::new();
    let elsewhere = scene.cluster.area();
    let jane = scene.create("devqa", "jane");
    scene.psql("CREATE SCHEMA app");
    let show = "SHOW search_path";
    let in_database = |database: &str| {
        let outcome = scene
            .cluster
            .psql_as(&jane.name, &jane.password, database, show);
        outcome.expect_status(0);
        outcome.stdout
    };
    let usual = in_database(elsewhere.database());
    let run = scene
        .user("search-path", &["-u", &jane.name, "--schema", "app"])
        .run();
    run.expect_status(0);
    assert_eq!(in_database(scene.database()), "app\n");
    assert_eq!(in_database(elsewhere.database()), usual);
}

#[test]
fn a_missing_schema_is_refused_with_the_list_of_those_there_are() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.psql("CREATE SCHEMA app");
    let before = scene.snapshot();
    let outcome = scene
        .user(
            "search-path",
            &[
                "-u",
                &jane.name,
                "--schema",
                "app,public",
                "--schema",
                "public",
            ],
        )
        .run();
    let error = error(&outcome, 1);
    assert_eq!(error["sqlstate"], "3F000");
    assert!(
        whole_text(&error).contains("no schema \"app,public\" in the database"),
        "{outcome}"
    );
    assert_eq!(error["hint"], "existing schemas: \"app\", \"public\"");
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn a_missing_role_is_not_found() {
    let scene = Scene::new();
    let outcome = scene
        .user("search-path", &["-u", &scene.role("nobody")])
        .run();
    assert_eq!(error(&outcome, 3)["sqlstate"], "42704");
}

#[test]
fn a_protected_role_is_changed_only_when_forced() {
    if skip_unless_superuser("a superuser is another superuser's to change") {
        return;
    }
    let scene = Scene::new();
    let boss = make_role(&scene, "boss", "SUPERUSER");
    let outcome = scene.user("search-path", &["-u", &boss.name]).run();
    error(&outcome, 6);
    let forced = scene
        .user("search-path", &["-u", &boss.name, "--force"])
        .run();
    forced.expect_status(0);
    scene
        .psql_as(&boss, "SHOW search_path")
        .expect_stdout("public\n");
}

#[test]
fn the_second_run_changes_nothing_even_on_a_read_only_server() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let jane = scene.create("devqa", "jane");
    scene.psql("CREATE SCHEMA \"a,b\"; CREATE SCHEMA \"select\"");
    let arguments = [
        "-u", &jane.name, "--schema", "$user", "--schema", "a,b", "--schema", "select", "--schema",
        "public",
    ];
    let run = || scene.user("search-path", &arguments).run();
    assert_eq!(run().json()["status"], "search_path updated");
    scene.make_read_only();
    let outcome = run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "unchanged");
    // In another order it is another path.
    let arguments = ["-u", &jane.name, "--schema", "public", "--schema", "a,b"];
    let outcome = scene.user("search-path", &arguments).run();
    assert_eq!(error(&outcome, 6)["sqlstate"], "25006");
}

#[test]
fn a_path_that_is_replaced_is_named_and_can_be_taken_back() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    scene.psql("CREATE SCHEMA app");
    let first = scene
        .user("search-path", &["-u", &jane.name, "--schema", "app"])
        .run();
    assert!(
        first.expect_status(0).json()["previous"].is_null(),
        "{first}"
    );
    assert!(first.json()["warnings"].is_null(), "{first}");
    for dry in [&["--dry-run"][..], &[]] {
        let run = scene
            .user("search-path", &["-u", &jane.name])
            .args(dry.iter().copied());
        let second = run.run();
        assert_eq!(second.expect_status(0).json()["previous"], "app");
        let warning = second.json()["warnings"][0].to_string();
        assert!(warning.contains("is replaced: app"), "{second}");
    }
    scene
        .psql_as(&jane, "SHOW search_path")
        .expect_stdout("public\n");
    let again = scene.user("search-path", &["-u", &jane.name]).run();
    assert_eq!(again.json()["status"], "unchanged");
    assert!(again.json()["previous"].is_null(), "{again}");
    let reset = scene
        .user("search-path", &["-u", &jane.name, "--reset"])
        .run();
    assert_eq!(reset.expect_status(0).json()["previous"], "public");
    assert!(reset.json()["search_path"].is_null(), "{reset}");
    scene
        .psql_as(&jane, "SHOW search_path")
        .expect_stdout("\"$user\", public\n");
    let again = scene
        .user("search-path", &["-u", &jane.name, "--reset"])
        .run();
    assert_eq!(again.json()["status"], "unchanged");
    scene
        .user(
            "search-path",
            &["-u", &jane.name, "--reset", "--schema", "app"],
        )
        .run()
        .expect_status(2);
}

#[test]
fn a_terminal_is_asked_before_another_path_is_replaced() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let run = |arguments: &[&str]| {
        scene
            .user("search-path", &["-u", &jane.name])
            .args(arguments.iter().copied())
    };
    // Where there is none yet, there is nothing to ask about.
    let (_, status) = run(&["--schema", "$user"]).in_terminal(100).wait_status();
    assert_eq!(status, Some(0));
    let mut terminal = run(&[]).in_terminal(100);
    terminal.expect("replace the search path of");
    terminal.send_line("n");
    let (_, status) = terminal.wait_status();
    assert_eq!(status, Some(6));
    scene
        .psql_as(&jane, "SHOW search_path")
        .expect_stdout("\"$user\"\n");
    let (_, status) = run(&["--yes"]).in_terminal(100).wait_status();
    assert_eq!(status, Some(0));
}
