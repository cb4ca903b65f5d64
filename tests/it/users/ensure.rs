//! A login that is there already: what is said of it, and what `--ensure` gives it.

use serde_json::{Value, json};

use super::access::{make_role, on_each_version};
use crate::harness::Outcome;
use crate::scene::{Login, Scene, created, error, whole_text};

on_each_version! {
    an_existing_login_is_left_alone_and_its_differences_are_named
    differences_are_said_to_people_too
    ensure_gives_the_access_that_is_missing
    ensure_in_the_config_file_is_the_same
    a_second_database_on_the_cluster_is_given_by_the_command_that_is_named
    a_higher_level_is_enough
    a_login_that_inherits_nothing_gets_what_the_version_lets_it
    protected_roles_are_given_nothing
    ensure_makes_a_lead_whose_tables_are_covered
    an_admin_login_that_may_not_is_told_so
}

fn differs(outcome: &Outcome) -> Vec<Value> {
    let row = outcome.json();
    let differs = row["differs"].as_array().cloned();
    differs.unwrap_or_else(|| panic!("{outcome}no differs"))
}

fn difference(what: &str, wanted: &str, found: &str) -> Value {
    json!({"what": what, "wanted": wanted, "found": found, "command": null})
}

/// Runs the command of the difference in access.
fn run_command_of(scene: &Scene, outcome: &Outcome) -> Outcome {
    let differs = differs(outcome);
    let access = differs.iter().find(|one| one["what"] == "access");
    let command = access.and_then(|one| one["command"].as_str());
    let command = command.unwrap_or_else(|| panic!("{outcome}no command"));
    scene.sandbox.pgrole(command.split(' ').skip(1)).run()
}

fn an_existing_login_is_left_alone_and_its_differences_are_named(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let role = scene.area.create_role(
        "old",
        "NOLOGIN NOINHERIT CONNECTION LIMIT 3 VALID UNTIL '2001-02-03 04:05:06+00'",
    );
    let before = scene.snapshot();
    let outcome = scene.user("readonly", &["-u", &role]).run();
    outcome.expect_status(0);
    let row = outcome.json();
    assert_eq!(row["status"], "user already exists");
    assert_eq!(row["password"], Value::Null);
    let command = format!(
        "pgrole user create -e dev -d {} --profile readonly --access readonly -u {role} --ensure",
        scene.database()
    );
    let mut wanted = vec![
        json!({"what": "access", "wanted": "readonly", "found": "none", "command": command}),
        difference("profile", "readonly", "none"),
        difference("login", "LOGIN", "NOLOGIN"),
        difference("valid_until", "in the future", "2001-02-03T04:05:06Z"),
    ];
    if scene.cluster.server_version_major() < 16 {
        wanted.push(difference("inherit", "INHERIT", "NOINHERIT"));
    }
    wanted.push(difference("connection_limit", "20", "3"));
    assert_eq!(differs(&outcome), wanted, "{outcome}");
    let warnings = row["warnings"].as_array().map(Vec::len);
    assert_eq!(warnings, Some(wanted.len()), "{outcome}");
    let outcome = scene.user("dba", &["-u", &role]).run();
    outcome.expect_status(0);
    let differs = differs(&outcome);
    for one in [
        difference("connection_limit", "none", "3"),
        difference("createdb", "CREATEDB", "NOCREATEDB"),
        difference("createrole", "CREATEROLE", "NOCREATEROLE"),
    ] {
        assert!(differs.contains(&one), "{outcome}{one}");
    }
    assert_eq!(scene.snapshot(), before);
    // What is as it was asked differs in nothing, and costs no word.
    let jane = scene.create("devqa", "jane");
    let outcome = scene.user("devqa", &["-u", &jane.name]).run();
    outcome.expect_status(0).expect_stderr("");
    assert_eq!(outcome.json()["differs"], json!([]), "{outcome}");
    assert_eq!(outcome.json()["warnings"], Value::Null, "{outcome}");
    let outcome = scene.user("readonly", &["-u", &jane.name]).run();
    assert_eq!(
        self::differs(&outcome),
        [
            difference("access", "readonly", "readwrite"),
            difference("profile", "readonly", "devqa")
        ],
        "{outcome}"
    );
}

fn differences_are_said_to_people_too(scene: &mut Scene) {
    let role = scene.area.create_role("old", "LOGIN CONNECTION LIMIT 3");
    let run = scene.user("readonly", &["-u", &role]);
    let mut terminal = run.in_terminal(400);
    for sentence in [
        format!(
            "role \"{role}\" already exists, but its access level is none, not readonly; to grant the access: pgrole user create"
        ),
        format!("role \"{role}\" already exists, but its profile is none, not readonly"),
        format!("role \"{role}\" already exists, but its connection limit is 3, not 20"),
    ] {
        terminal.expect(&sentence);
    }
    assert_eq!(terminal.wait_status().1, Some(0));
}

fn ensure_gives_the_access_that_is_missing(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = make_role(scene, "old", "CONNECTION LIMIT 3");
    let ensure = ["-u", &login.name, "--ensure"];
    let before = scene.snapshot();
    let dry_run = scene.user("devqa", &ensure).args(["--dry-run"]).run();
    dry_run.expect_status(0);
    assert_eq!(dry_run.json()["status"], "unchanged", "{dry_run}");
    let shown = dry_run.json()["statements"].to_string();
    assert!(
        shown.contains(&format!("GRANT \\\"{}_readwrite\\\" TO", scene.database())),
        "{dry_run}"
    );
    assert!(!shown.contains("PASSWORD"), "{dry_run}");
    assert_eq!(scene.snapshot(), before);
    let outcome = scene.user("devqa", &ensure).run();
    outcome.expect_status(0);
    let row = outcome.json();
    assert_eq!(row["status"], "access granted", "{outcome}");
    assert_eq!(row["password"], Value::Null);
    // What else differs stays, and is said.
    assert_eq!(
        differs(&outcome),
        [
            difference("profile", "devqa", "none"),
            difference("connection_limit", "20", "3")
        ],
        "{outcome}"
    );
    scene.may(&login, "INSERT INTO t VALUES (1)");
    let again = scene.user("devqa", &ensure).run();
    assert_eq!(again.json()["status"], "user already exists", "{again}");
    // A role that is not there is made, as without it.
    created(
        &scene
            .user("devqa", &["-u", &scene.role("new"), "--ensure"])
            .run(),
    );
    // The act is on record, as an act of its own.
    let events = scene.sandbox.pgrole(["audit", "list"]).run();
    let events = events.json();
    let granted = |event: &&Value| event["status"] == "access granted";
    let event = events.as_array().expect("an array").iter().find(granted);
    assert_eq!(event.expect("an event")["username"], login.name.as_str());
}

fn ensure_in_the_config_file_is_the_same(scene: &mut Scene) {
    let login = make_role(scene, "old", "");
    let status = || {
        let outcome = scene.user("readonly", &["-u", &login.name]).run();
        outcome.expect_status(0);
        outcome.json()["status"].clone()
    };
    scene.sandbox.write_config(&format!(
        "[access]\nensure = true\n[access.database.{}]\nensure = false\n",
        scene.database()
    ));
    assert_eq!(status(), "user already exists");
    scene
        .sandbox
        .write_config("[access]\nensure = false\n[access.env.dev]\nensure = true\n");
    assert_eq!(status(), "access granted");
    assert_eq!(status(), "user already exists");
}

fn a_second_database_on_the_cluster_is_given_by_the_command_that_is_named(scene: &mut Scene) {
    let login = scene.create("readonly", "analyst");
    let other = format!("{}_other", scene.database());
    scene
        .cluster
        .psql("postgres", &format!("CREATE DATABASE {other}"));
    scene.cluster.psql(&other, "CREATE TABLE t (id int)");
    scene.sandbox.register(scene.cluster, "dev", &other);
    let user = |role: &str| {
        let words = ["user", "readonly", "-e", "dev", "-d", &other, "-u", role];
        scene.sandbox.pgrole(words).run()
    };
    let outcome = user(&login.name);
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "user already exists");
    let may_read = || {
        let outcome =
            scene
                .cluster
                .psql_as(&login.name, &login.password, &other, "SELECT * FROM t");
        outcome.status() == Some(0)
    };
    assert!(!may_read());
    let given = run_command_of(scene, &outcome);
    given.expect_status(0);
    assert_eq!(given.json()["status"], "access granted", "{given}");
    assert!(may_read());
    assert_eq!(differs(&user(&login.name)), [Value::Null; 0]);
}

fn a_higher_level_is_enough(scene: &mut Scene) {
    let lead = scene.create("devlead", "joe");
    let before = scene.snapshot();
    let outcome = scene
        .user("readonly", &["-u", &lead.name, "--ensure"])
        .run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "user already exists", "{outcome}");
    assert_eq!(
        differs(&outcome)[0],
        difference("access", "readonly", "ddl"),
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
}

fn a_login_that_inherits_nothing_gets_what_the_version_lets_it(scene: &mut Scene) {
    scene.psql("CREATE TABLE t (id int)");
    let login = make_role(scene, "old", "NOINHERIT");
    let ensure = ["-u", &login.name, "--ensure"];
    let outcome = scene.user("readonly", &ensure).run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "access granted", "{outcome}");
    let has_inherit = |one: &Value| one["what"] == "inherit";
    if scene.cluster.server_version_major() >= 16 {
        scene.may(&login, "SELECT * FROM t");
        assert!(!differs(&outcome).iter().any(has_inherit), "{outcome}");
    } else {
        scene.may_not(&login, "SELECT * FROM t");
        scene.may(
            &login,
            &format!("SET ROLE {}_readonly; SELECT * FROM t", scene.database()),
        );
        assert!(differs(&outcome).iter().any(has_inherit), "{outcome}");
    }
    // There is nothing more to give.
    let again = scene.user("readonly", &ensure).run();
    assert_eq!(again.json()["status"], "user already exists", "{again}");
}

fn protected_roles_are_given_nothing(scene: &mut Scene) {
    let replicator = scene.role("replicator");
    scene
        .area
        .superuser_psql(&format!("CREATE ROLE {replicator} LOGIN REPLICATION"));
    let before = scene.snapshot();
    let outcome = scene
        .user("readonly", &["-u", &replicator, "--ensure"])
        .run();
    let refused = error(&outcome, 6);
    assert!(
        whole_text(&refused).contains(&format!("role \"{replicator}\" is a REPLICATION role")),
        "{outcome}"
    );
    let hint = format!(
        "omit --ensure, or grant it by hand: GRANT \"{}_readonly\" TO \"{replicator}\"",
        scene.database()
    );
    assert_eq!(refused["hint"], hint, "{outcome}");
    assert_eq!(scene.snapshot(), before);
    // It is reported as any other where nothing is to be given.
    let outcome = scene.user("readonly", &["-u", &replicator]).run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "user already exists");
    let boss = scene.role("boss");
    scene
        .area
        .superuser_psql(&format!("CREATE ROLE {boss} LOGIN SUPERUSER"));
    let outcome = scene.user("devlead", &["-u", &boss, "--ensure"]).run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "user already exists", "{outcome}");
}

fn ensure_makes_a_lead_whose_tables_are_covered(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA app");
    let reader = scene.create("readonly", "analyst");
    let role = scene.role("joe");
    // Made by the admin login, so that it may act for it.
    scene.psql(&format!("CREATE ROLE {role} LOGIN PASSWORD 'of a test'"));
    let joe = Login {
        name: role,
        password: "of a test".to_owned(),
    };
    let outcome = scene.user("devlead", &["-u", &joe.name, "--ensure"]).run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()["status"], "access granted", "{outcome}");
    scene.may(&joe, "CREATE TABLE app.of_joe (id int)");
    scene.may(&reader, "SELECT * FROM app.of_joe");
}

fn an_admin_login_that_may_not_is_told_so(scene: &mut Scene) {
    let login = make_role(scene, "old", "");
    let plain = make_role(scene, "plain", "");
    let as_plain = |level: &str, arguments: &[&str]| {
        let run = scene.user(level, &["-u", &login.name]);
        let run = run.env("PG_ADMIN_USER", &plain.name);
        run.env("PG_ADMIN_PASS", &plain.password)
            .args(arguments.iter().copied())
            .run()
    };
    let before = scene.snapshot();
    let outcome = as_plain("readonly", &["--ensure"]);
    let refused = error(&outcome, 1);
    let said = whole_text(&refused);
    assert!(
        said.contains("is neither CREATEROLE nor SUPERUSER"),
        "{outcome}"
    );
    let what = format!(
        "cannot create role \"{}\" or give it access on dev/{}",
        login.name,
        scene.database()
    );
    assert_eq!(refused["message"], what, "{outcome}");
    assert_eq!(scene.snapshot(), before);
    // A query needs no rights.
    as_plain("readonly", &[]).expect_status(0);
    // With the groups in place it is membership that it may not grant, which no --partial leaves out.
    scene.pgrole("access prepare", &[]).run().expect_status(0);
    let outcome = as_plain("readonly", &["--ensure"]);
    let refused = error(&outcome, 1);
    assert!(
        whole_text(&refused).contains("may not grant membership in"),
        "{outcome}"
    );
    let hint = refused["hint"].as_str().unwrap_or_default();
    assert!(
        !hint.contains("--partial") && hint.contains("--admin"),
        "{outcome}"
    );
}
