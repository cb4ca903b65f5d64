//! A roster of logins: each is created, with what its row and its profile say, and delivered where they say.

use std::fs;

use serde_json::Value;

use super::{TwoDatabases, by_name, count_of, login_of};
use crate::harness::sqlite;
use crate::scene::{Login, error};

const ROSTER: &str =
    "env,database,profile,username,servername,port,access,connection_limit,deliver,reason
dev,[DB],devqa,[DB]_jane,,,,,,OPS-1
dev,[DB],app,,[DB]_web01,8080,readonly,3,,
qa,[OTHER],readonly,[DB]_joe,,,,,file:[SANDBOX]/out/{username},\"because, of May\"
";

#[test]
fn each_row_becomes_a_login() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    fs::create_dir(scene.sandbox.path().join("out")).expect("the sandbox can be written");
    let outcome = databases
        .create_from(ROSTER, &["--format", "jsonl", "--reason", "OPS-2"])
        .run();
    outcome.expect_status(0);
    let rows = by_name(&outcome);
    assert_eq!(rows.len(), 3, "{outcome}");
    for row in rows.values() {
        assert_eq!(row["status"], "user created", "{outcome}");
    }
    let (jane, web01) = (scene.role("jane"), scene.role("web01_8080"));
    let joe = scene.role("joe");
    assert_eq!(rows[&jane]["line"], 2);
    assert_eq!(rows[&joe]["line"], 4);
    assert_eq!(rows[&web01]["connection_limit"], 3);
    assert_eq!(rows[&web01]["access"], "readonly");
    assert_eq!(rows[&joe]["password"], Value::Null);
    for name in [&jane, &web01] {
        assert!(databases.may_log_in_to(scene.database(), &login_of(&rows[name])));
    }
    let delivered = fs::read_to_string(scene.sandbox.path().join("out").join(&joe));
    let delivered: Value =
        serde_json::from_str(&delivered.expect("it was delivered")).expect("the file is the row");
    assert!(databases.may_log_in_to(&databases.other, &login_of(&delivered)));
    let reasons = sqlite::query(
        &scene.sandbox.registry(),
        "SELECT coalesce(username, '-'), reason FROM audit_log WHERE operation LIKE 'user create%' AND stage = 'outcome'
         ORDER BY username IS NULL, reason",
    );
    let wanted = [
        format!("{jane}|OPS-1"),
        format!("{web01}|OPS-2"),
        format!("{joe}|because, of May"),
        "-|OPS-2".to_owned(),
    ];
    assert_eq!(reasons.lines().collect::<Vec<_>>(), wanted);
}

#[test]
fn the_second_run_leaves_all_as_it_is() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    fs::create_dir(scene.sandbox.path().join("out")).expect("the sandbox can be written");
    databases.create_from(ROSTER, &[]).run().expect_status(0);
    let before = scene.snapshot();
    let again = databases.create_from(ROSTER, &["--format", "jsonl"]).run();
    again.expect_status(0).expect_stderr("");
    let rows = again.json_lines();
    assert_eq!(rows.len(), 3, "{again}");
    for row in &rows {
        assert_eq!(row["status"], "user already exists", "{again}");
        assert_eq!(row["password"], Value::Null, "{again}");
    }
    assert_eq!(scene.snapshot(), before);
    // A row more is one login more.
    let longer = format!("{ROSTER}dev,[DB],devqa,[DB]_ann,,,,,,\n");
    let rows = by_name(&databases.create_from(&longer, &[]).run());
    assert_eq!(rows[&scene.role("ann")]["status"], "user created");
    assert_eq!(rows.len(), 4);
}

#[test]
fn ensure_gives_existing_ones_the_access_of_their_row() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let role = scene.role("old");
    scene.psql(&format!("CREATE ROLE {role} LOGIN PASSWORD 'of a test'"));
    let roster = "env,database,profile,username\nqa,[OTHER],readonly,[DB]_old\n";
    let rows = by_name(&databases.create_from(roster, &[]).run());
    assert_eq!(rows[&role]["status"], "user already exists");
    let rows = by_name(&databases.create_from(roster, &["--ensure"]).run());
    assert_eq!(rows[&role]["status"], "access granted");
}

#[test]
fn results_are_an_array_lines_or_a_table() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let json_lines = "{\"env\":\"dev\",\"database\":\"[DB]\",\"profile\":\"devqa\",\"username\":\"[DB]_a\",\"connection_limit\":5}\n\
                      {\"env\":\"qa\",\"database\":\"[OTHER]\",\"profile\":\"devqa\",\"username\":\"[DB]_b\",\"deliver\":\"pgpass:[SANDBOX]/pass\"}\n";
    // Standard input, into one array.
    let run = scene.sandbox.pgrole(["user", "create", "--from", "-"]);
    let outcome = run.stdin(databases.fill(json_lines)).run();
    outcome.expect_status(0);
    let rows = outcome.json();
    assert_eq!(rows.as_array().map(Vec::len), Some(2), "{outcome}");
    let limits = by_name(&outcome)[&scene.role("a")]["connection_limit"].clone();
    assert_eq!(limits, 5);
    assert!(databases.may_log_in_to(
        scene.database(),
        &login_of(&by_name(&outcome)[&scene.role("a")])
    ));
    let table = databases
        .create_from(json_lines, &["--format", "table"])
        .run();
    table.expect_status(0);
    let lines: Vec<Vec<_>> = table
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    let (one, other) = (scene.role("a"), scene.role("b"));
    assert_eq!(
        lines[0],
        [
            "LINE",
            "ENV",
            "DATABASE",
            "USERNAME",
            "STATUS",
            "DELIVERED",
            "TO",
            "ERROR"
        ]
    );
    assert_eq!(
        lines[1],
        [
            "1",
            "dev",
            scene.database(),
            &one,
            "user",
            "already",
            "exists"
        ]
    );
    assert_eq!(
        lines[2],
        [
            "2",
            "qa",
            &databases.other,
            &other,
            "user",
            "already",
            "exists"
        ]
    );
}

#[test]
fn a_dry_run_shows_the_statements_of_each_row() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let roster =
        "env,database,profile,username\ndev,[DB],devqa,[DB]_a\nqa,[OTHER],readonly,[DB]_b\n";
    let before = scene.snapshot();
    let outcome = databases.create_from(roster, &["--dry-run"]).run();
    outcome.expect_status(0);
    let rows = by_name(&outcome);
    for (name, group) in [("a", scene.database()), ("b", &databases.other)] {
        let row = &rows[&scene.role(name)];
        assert_eq!(row["status"], "unchanged");
        let statements = row["statements"].to_string();
        assert!(statements.contains(&format!("CREATE ROLE \\\"{}\\\"", scene.role(name))));
        assert!(
            statements.contains(&format!("GRANT \\\"{group}_re")),
            "{outcome}"
        );
    }
    let text = databases
        .create_from(roster, &["-n", "--format", "table"])
        .run();
    text.expect_status(0);
    let comment = format!(
        "-- line 2: \"{}\" on dev/{}\n",
        scene.role("a"),
        scene.database()
    );
    assert!(text.stdout.contains(&comment), "{text}");
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn a_failed_row_stops_no_other() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    // A role of the server's own policy: an event trigger of the test refuses it.
    scene.cluster.superuser_psql(
        &databases.other,
        "CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''not here''; END'",
    );
    scene.cluster.superuser_psql(
        &databases.other,
        "CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('GRANT', 'COMMENT', 'ALTER DEFAULT PRIVILEGES') EXECUTE FUNCTION refuse()",
    );
    let roster = "env,database,profile,username
dev,[DB],devqa,[DB]_a
qa,[OTHER],devqa,[DB]_b
dev,[DB],devqa,[DB]_c
";
    let outcome = databases.create_from(roster, &["--format", "jsonl"]).run();
    outcome.expect_status(4);
    let rows = by_name(&outcome);
    let status = |name: &str| rows[&scene.role(name)]["status"].clone();
    assert_eq!(status("a"), "user created", "{outcome}");
    assert_eq!(status("b"), "failed", "{outcome}");
    assert_eq!(status("c"), "user created", "{outcome}");
    let failed = &rows[&scene.role("b")];
    assert_eq!(failed["line"], 3);
    let said = failed["error"].as_str().expect("why");
    assert!(said.contains("not here"), "{outcome}");
    outcome.expect_in_stderr("1 of 3 logins failed");
    scene
        .cluster
        .superuser_psql(&databases.other, "DROP EVENT TRIGGER refuse");
    let again = databases.create_from(roster, &["--format", "jsonl"]).run();
    again.expect_status(0);
    let rows = by_name(&again);
    assert_eq!(rows[&scene.role("b")]["status"], "user created", "{again}");
}

#[test]
fn a_protected_environment_is_asked_about_with_all_it_gets() {
    let mut databases = TwoDatabases::new();
    let database = databases.scene.database().to_owned();
    let cluster = databases.scene.cluster;
    databases.scene.sandbox.register(cluster, "prod", &database);
    let roster = "env,database,profile,username
prod,[DB],devqa,[DB]_a
qa,[OTHER],devqa,[DB]_b
";
    let refused = databases.create_from(roster, &[]).run();
    let refused = error(&refused, 6);
    let what = "environment \"prod\" is protected, and there is no terminal to ask on: create 2 logins on 2 targets, 1 in prod";
    assert_eq!(refused["message"], what);
    assert_eq!(count_of(cluster, &database), "0");
    // A person sees the rows, and types the name.
    let mut terminal = databases.create_from(roster, &[]).in_terminal(300);
    for text in [
        "PROFILE",
        "readwrite",
        "stdout",
        "create 2 logins on 2 targets, 1 in prod?",
    ] {
        terminal.expect(text);
    }
    terminal.expect("Type prod to confirm: ");
    terminal.send("prod\n");
    assert_eq!(terminal.wait_status().1, Some(0));
    assert_eq!(count_of(cluster, &database), "2");
}

#[test]
fn the_logins_are_rotated_to_where_their_rows_sent_them() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let roster = "env,database,profile,username,deliver,valid_for
dev,[DB],devqa,[DB]_a,file:[SANDBOX]/a,30d
";
    databases.create_from(roster, &[]).run().expect_status(0);
    let read = || -> Login {
        let text = fs::read_to_string(scene.sandbox.path().join("a")).expect("it was delivered");
        login_of(&serde_json::from_str(&text).expect("JSON"))
    };
    let first = read();
    let role = scene.role("a");
    let rotate = ["rotate", "-u", &role, "--any-age"];
    scene.sandbox.pgrole(rotate).run().expect_status(0);
    let second = read();
    assert_ne!(first.password, second.password);
    scene.may_log_in(&second);
    let days = scene.psql(&format!(
        "SELECT rolvaliduntil BETWEEN now() + '29 days' AND now() + '30 days' FROM pg_roles WHERE rolname = '{role}'"
    ));
    assert_eq!(days, "t");
}
