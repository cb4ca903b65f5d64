//! `user find` and `user list`: one target and many, some of them out of reach.

use std::net::TcpListener;

use serde_json::Value;

use crate::harness::{Admin, Cluster, Outcome, Sandbox};
use crate::scene::{Scene, error};

/// A port of loopback on which nothing listens.
pub fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has a free port");
    listener
        .local_addr()
        .expect("a bound socket has an address")
        .port()
}

/// Each line of standard error is an object of its own.
fn errors(outcome: &Outcome) -> Vec<Value> {
    let parse = |line| {
        let value: Value =
            serde_json::from_str(line).unwrap_or_else(|error| panic!("{outcome}not JSON: {error}"));
        value["error"].clone()
    };
    outcome.stderr.lines().map(parse).collect()
}

/// Three databases of one cluster, two of which know the role `DATABASE_jane`, and a sandbox that knows all.
pub fn fleet() -> (Scene<'static>, Vec<String>, String) {
    let mut scene = Scene::new();
    let names = ["a", "b"].map(|name| scene.role(name));
    for (name, environment) in names.iter().zip(["qa", "uat"]) {
        scene.psql(&format!("CREATE DATABASE {name}"));
        scene.sandbox.register(scene.cluster, environment, name);
    }
    let jane = scene.create("devqa", "jane").name;
    let databases = std::iter::once(scene.database().to_owned())
        .chain(names)
        .collect();
    (scene, databases, jane)
}

#[test]
fn a_role_is_found_with_all_that_matters_of_it() {
    let scene = Scene::new();
    let role = scene.role("jane");
    scene.user("devqa", &["-u", &role]).run().expect_status(0);
    let outcome = scene.user("find", &["-u", &role]).run();
    outcome.expect_status(0).expect_stderr("");
    outcome.filtered().expect_stdout(
        r#"{
  "username": "[DB]_jane",
  "password": null,
  "status": "user found",
  "hostname": "127.0.0.1",
  "database": "[DB]",
  "port": "[PORT]",
  "env": "dev",
  "profile": "devqa",
  "login": true,
  "superuser": false,
  "createdb": false,
  "createrole": false,
  "connection_limit": 20,
  "valid_until": null,
  "member_of": [
    "[DB]_readwrite"
  ],
  "audit_anchor": "[ANCHOR]"
}
"#,
    );
}

#[test]
fn a_role_that_pgrole_did_not_make_is_found_without_a_profile() {
    let scene = Scene::new();
    let role = scene
        .area
        .create_role("old", "NOLOGIN CREATEDB VALID UNTIL '2030-05-06 07:08:09Z'");
    let row = scene.user("find", &["-u", &role]).run().json();
    assert_eq!(row["profile"], Value::Null);
    assert_eq!(row["login"], false);
    assert_eq!(row["createdb"], true);
    assert_eq!(row["connection_limit"], Value::Null);
    assert_eq!(row["valid_until"], "2030-05-06T07:08:09Z");
}

#[test]
fn a_role_that_is_not_there_is_status_3() {
    let scene = Scene::new();
    let outcome = scene.user("find", &["-u", &scene.role("nobody")]).run();
    let message = format!(
        "no role \"{}\" on dev/{}",
        scene.role("nobody"),
        scene.database()
    );
    assert_eq!(error(&outcome, 3)["message"], message);
    outcome.filtered().expect_stdout(
        r#"{
  "username": "[DB]_nobody",
  "password": null,
  "status": "user not found",
  "hostname": "127.0.0.1",
  "database": "[DB]",
  "port": "[PORT]",
  "env": "dev",
  "audit_anchor": "[ANCHOR]"
}
"#,
    );
}

#[test]
fn a_fleet_is_searched_in_rollout_order() {
    let (scene, databases, jane) = fleet();
    let outcome = scene.sandbox.pgrole(["user", "find", "-u", &jane]).run();
    outcome.expect_status(0).expect_stderr("");
    let rows = outcome.json();
    let rows: Vec<_> = rows.as_array().expect("an array").iter().collect();
    // One cluster, so one set of roles: each target finds it.
    let found: Vec<_> = rows
        .iter()
        .map(|row| format!("{} {} {}", row["env"], row["database"], row["status"]).replace('"', ""))
        .collect();
    let wanted: Vec<_> = ["dev", "qa", "uat"]
        .iter()
        .zip(&databases)
        .map(|(env, database)| format!("{env} {database} user found"))
        .collect();
    assert_eq!(found, wanted);
    let one = scene
        .sandbox
        .pgrole(["user", "find", "-u", &jane, "-e", "qa"])
        .run()
        .json();
    assert_eq!(one.as_array().map(Vec::len), Some(1));
    assert_eq!(one[0]["env"], "qa");
    let nobody = scene
        .sandbox
        .pgrole(["user", "find", "-u", &scene.role("nobody")])
        .run();
    assert_eq!(
        error(&nobody, 3)["message"],
        format!("no role \"{}\" on any of 3 targets", scene.role("nobody"))
    );
    let rows = nobody.json();
    let statuses = rows
        .as_array()
        .expect("an array")
        .iter()
        .map(|row| row["status"].clone());
    assert_eq!(statuses.collect::<Vec<_>>(), ["user not found"; 3]);
}

#[test]
fn json_lines_are_a_row_a_line() {
    let (scene, databases, jane) = fleet();
    let outcome = scene
        .sandbox
        .pgrole(["user", "find", "-u", &jane, "--format", "jsonl"])
        .run();
    outcome.expect_status(0);
    let mut found: Vec<_> = outcome
        .json_lines()
        .iter()
        .map(|row| row["database"].to_string())
        .collect();
    found.sort();
    let mut wanted: Vec<_> = databases.iter().map(|name| format!("{name:?}")).collect();
    wanted.sort();
    assert_eq!(found, wanted);
}

#[test]
fn one_target_out_of_reach_is_status_4_and_the_others_are_shown() {
    let (mut scene, databases, jane) = fleet();
    let port = closed_port();
    scene.sandbox.register_on_port(port, "prod", "far_away");
    for format in ["json", "jsonl"] {
        let outcome = scene
            .sandbox
            .pgrole(["user", "find", "-u", &jane, "--format", format])
            .run();
        outcome.expect_status(4);
        let rows = if format == "json" {
            outcome.json().as_array().cloned().unwrap_or_default()
        } else {
            outcome.json_lines()
        };
        assert_eq!(rows.len(), databases.len(), "{outcome}");
        let errors = errors(&outcome);
        assert_eq!(errors.len(), 2, "{outcome}");
        assert_eq!(
            (&errors[0]["env"], &errors[0]["database"]),
            (&"prod".into(), &"far_away".into())
        );
        assert_eq!(errors[0]["kind"], "unreachable");
        assert_eq!(errors[1]["kind"], "partial");
        assert_eq!(errors[1]["message"], "1 of 4 targets failed");
    }
    let list = scene.sandbox.pgrole(["user", "list"]).run();
    list.expect_status(4);
}

#[test]
fn all_targets_out_of_reach_is_status_1() {
    let mut sandbox = Sandbox::new().with_admin(Cluster::shared());
    for (environment, database) in [("dev", "one"), ("qa", "two")] {
        sandbox.register_on_port(closed_port(), environment, database);
    }
    for verb in [&["find", "-u", "jane"][..], &["list"]] {
        let outcome = sandbox.pgrole(["user"]).args(verb).run();
        outcome.expect_status(1).expect_stdout("[]\n");
        let errors = errors(&outcome);
        assert_eq!(errors.len(), 3, "{outcome}");
        assert_eq!(errors[2]["message"], "2 of 2 targets failed");
    }
}

#[test]
fn a_disabled_target_is_refused_by_name_and_left_out_of_the_fleet() {
    let (scene, databases, jane) = fleet();
    let qa = ["-e", "qa", "-d", &databases[1]];
    scene
        .sandbox
        .pgrole(["registry", "disable"])
        .args(qa)
        .run()
        .expect_status(0);
    for verb in ["find", "readonly", "reset", "search-path"] {
        let outcome = scene
            .sandbox
            .pgrole(["user", verb, "-u", &jane])
            .args(qa)
            .run();
        let error = error(&outcome, 6);
        assert_eq!(
            error["message"],
            format!("target qa/{} is disabled", databases[1])
        );
        let hint = format!(
            "to enable it: pgrole registry enable -e qa -d {}",
            databases[1]
        );
        assert_eq!(error["hint"], hint);
    }
    let rows = scene
        .sandbox
        .pgrole(["user", "find", "-u", &jane])
        .run()
        .json();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
}

/// What a run as another kind of admin brings with it.
fn is_of_service(row: &str) -> bool {
    let is_superuser = row == format!("{} null", Admin::of_this_run().superuser());
    row.starts_with("rds") || is_superuser && Admin::of_this_run() != Admin::Superuser
}

#[test]
fn list_shows_logins_and_no_groups() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    scene.create("devqa", "jane");
    scene.create("dba", "boss");
    scene.area.create_role("by_hand", "LOGIN");
    scene.area.create_role("team", "NOLOGIN");
    let outcome = scene
        .sandbox
        .pgrole(["user", "list", "-e", "dev", "-d", scene.database()])
        .run();
    outcome.expect_status(0);
    let rows = outcome.json();
    let rows = rows.as_array().expect("an array").iter();
    let found: Vec<_> = rows
        .map(|row| format!("{} {}", row["username"], row["profile"]).replace('"', ""))
        .filter(|row| !is_of_service(row))
        .collect();
    let database = scene.database();
    assert_eq!(
        found,
        [
            "postgres null".to_owned(),
            format!("{database}_boss dba"),
            format!("{database}_by_hand null"),
            format!("{database}_jane devqa"),
        ]
    );
}

#[test]
fn tables_show_what_was_found() {
    let scene = Scene::new();
    let role = scene.role("jane");
    scene.user("devqa", &["-u", &role]).run().expect_status(0);
    let outcome = scene
        .user("find", &["-u", &role, "--format", "table"])
        .run();
    outcome.expect_status(0);
    let shown = outcome.filtered().stdout;
    let words: Vec<Vec<_>> = shown
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        words,
        [
            vec![
                "USERNAME",
                "DATABASES",
                "PROFILE",
                "LOGIN",
                "LIMIT",
                "VALID",
                "UNTIL",
                "MEMBER",
                "OF"
            ],
            vec![
                "[DB]_jane",
                "dev/[DB]",
                "devqa",
                "yes",
                "20",
                "[DB]_readwrite"
            ],
        ]
    );
}
