//! `access check`: every gap by name, and that `access prepare` mends what it names.

use serde_json::{Value, json};

use super::{group, second_database};
use crate::harness::{Cluster, Outcome, skip_unless_superuser};
use crate::scene::{Scene, error, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    a_database_with_fresh_groups_has_nothing_to_mend
    each_gap_is_named_and_prepare_mends_it
    many_objects_are_counted_and_twenty_named
    a_level_that_is_asked_for_must_exist
    only_the_chosen_schemas_count
    several_targets_are_one_row_each_and_a_dead_one_is_named
    what_an_admin_login_may_not_mend_is_named_all_the_same
}

/// Runs the check of the scene's database, and returns its row.
#[track_caller]
pub fn check(scene: &Scene, status: i32) -> Value {
    let outcome = scene.pgrole("access check", &[]).run();
    outcome.expect_status(status);
    let rows = outcome.json();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{outcome}");
    rows[0].clone()
}

/// The check of one level's group in a row.
#[track_caller]
pub fn of_level(row: &Value, level: &str) -> Value {
    let groups = row["groups"].as_array().expect("a list");
    let found = groups.iter().find(|group| group["access"] == level);
    found.unwrap_or_else(|| panic!("no {level}: {row}")).clone()
}

fn a_database_with_fresh_groups_has_nothing_to_mend(scene: &mut Scene) {
    scene.area.superuser_psql(&format!(
        "ALTER SCHEMA public OWNER TO {}; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        Cluster::SUPERUSER
    ));
    let row = check(scene, 0);
    assert_eq!(row["groups"], json!([]));
    scene.psql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id serial); CREATE VIEW app.v AS SELECT 1 AS one",
    );
    for (profile, name) in [("readonly", "r"), ("devqa", "q"), ("devlead", "l")] {
        scene.create(profile, name);
    }
    let row = check(scene, 0);
    assert_eq!(row["status"], "ok");
    assert_eq!((&row["gaps"], &row["excess"]), (&json!(0), &json!(0)));
    assert_eq!(row["warnings"], json!([]));
    let levels: Vec<_> = row["groups"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|group| &group["access"])
        .collect();
    assert_eq!(levels, ["readonly", "readwrite", "ddl"]);
    assert_eq!(
        of_level(&row, "readonly"),
        json!({
            "access": "readonly", "group": group(scene, "readonly"), "problem": null, "connect": true,
            "missing": {"database": [], "schemas": [], "objects": [], "default_privileges": [], "routines": []},
            "excess": {"routines": [], "grants": [], "default_privileges": []},
        })
    );
    let shown = scene.pgrole("access check", &["--format", "table"]).run();
    shown.expect_status(0).expect_stderr("");
    assert!(
        shown.filtered().stdout.contains("readonly, readwrite, ddl"),
        "{shown}"
    );
}

fn each_gap_is_named_and_prepare_mends_it(scene: &mut Scene) {
    if skip_unless_superuser("the gaps are made in others' names") {
        return;
    }
    scene
        .sandbox
        .write_config("[profiles.devqa]\nexecute = [\"app.f()\"]\n");
    let owner = make_role(scene, "owner", "").name;
    let database = scene.database().to_owned();
    scene.psql(&format!(
        "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app AUTHORIZATION {owner}; SET ROLE {owner};
         CREATE TABLE app.t (id serial); CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    ));
    let jane = scene.create("devqa", "jane");
    check(scene, 0);
    let group = group(scene, "readwrite");
    scene.psql(&format!(
        "REVOKE CONNECT ON DATABASE {database} FROM {group}, PUBLIC; REVOKE USAGE ON SCHEMA app FROM {group};
         REVOKE INSERT, DELETE ON app.t FROM {group}; REVOKE ALL ON SEQUENCE app.t_id_seq FROM {group};
         REVOKE EXECUTE ON FUNCTION app.f() FROM {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE DELETE ON TABLES FROM {group};
         ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE ALL ON SCHEMAS FROM {group}"
    ));
    let row = check(scene, 7);
    assert_eq!(row["status"], "differs");
    assert_eq!(
        (&row["gaps"], &row["excess"]),
        (&json!(7), &json!(0)),
        "{row}"
    );
    let found = of_level(&row, "readwrite");
    assert_eq!(found["connect"], false);
    assert_eq!(
        found["missing"],
        json!({
            "database": ["CONNECT"],
            "schemas": [{"schema": "app", "owner": owner, "missing": ["USAGE"]}],
            "objects": [
                {"schema": "app", "kind": "sequences", "owner": owner, "missing": ["SELECT", "USAGE", "UPDATE"], "count": 1,
                    "names": ["t_id_seq"]},
                {"schema": "app", "kind": "tables", "owner": owner, "missing": ["INSERT", "DELETE"], "count": 1, "names": ["t"]},
            ],
            "default_privileges": [
                {"creator": owner, "kind": "schemas", "missing": ["USAGE"], "count": 1, "schemas": null},
                {"creator": owner, "kind": "tables", "missing": ["DELETE"], "count": 1, "schemas": null},
            ],
            "routines": [{"routine": "app.f()", "owner": owner}],
        }),
        "{row}"
    );
    // For people, each is a line; the hint is the command that mends it.
    let shown = scene.pgrole("access check", &["--format", "table"]).run();
    shown
        .expect_status(7)
        .expect_in_stderr(&format!("\"{group}\" lacks CONNECT on the database\n"))
        .expect_in_stderr(&format!(
            "\"{group}\" lacks INSERT, DELETE on 1 table of \"{owner}\" in schema app: t\n"
        ))
        .expect_in_stderr(&format!(
            "\"{group}\" lacks DELETE on tables that \"{owner}\" creates later\n"
        ))
        .expect_in_stderr(&format!(
            "pgrole access prepare -e dev -d {database} --existing"
        ));
    let prepare = scene.pgrole("access prepare", &["--existing"]).run();
    prepare.expect_status(0);
    assert_eq!(
        prepare.json().as_array().map(Vec::len),
        Some(1),
        "{prepare}"
    );
    check(scene, 0);
    scene.may(&jane, "INSERT INTO app.t DEFAULT VALUES; SELECT app.f()");
    let events = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "access check"])
        .run();
    let statuses = events.json().to_string();
    assert!(
        statuses.contains("\"differs\"") && statuses.contains("\"ok\""),
        "{events}"
    );
}

fn many_objects_are_counted_and_twenty_named(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.create("readonly", "r");
    let group = group(scene, "readonly");
    scene.psql("DO $$ BEGIN FOR i IN 100..149 LOOP EXECUTE 'CREATE TABLE public.t' || i || ' (id int)'; END LOOP; END $$");
    scene.psql(&format!(
        "REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {group}"
    ));
    let row = check(scene, 7);
    assert_eq!(row["gaps"], 50, "{row}");
    let gap = &of_level(&row, "readonly")["missing"]["objects"][0];
    assert_eq!(gap["count"], 50);
    let names: Vec<_> = (100..120).map(|number| format!("t{number}")).collect();
    assert_eq!(gap["names"], json!(names));
    let shown = scene.pgrole("access check", &["--format", "table"]).run();
    shown.expect_in_stderr(", t119 and 30 more\n");
    scene
        .pgrole("access prepare", &["--access", "readonly"])
        .run()
        .expect_status(0);
    check(scene, 0);
}

fn a_level_that_is_asked_for_must_exist(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.create("readonly", "r");
    let level = |level: &str| scene.pgrole("access check", &["--level", level]).run();
    level("readonly").expect_status(0);
    let outcome = level("ddl");
    outcome.expect_status(7);
    let row = outcome.json()[0].clone();
    assert_eq!(of_level(&row, "ddl")["problem"], "does not exist");
    assert_eq!(row["groups"].as_array().map(Vec::len), Some(1), "{outcome}");
    let said = whole_text(&outcome.json_error()["error"]);
    let prepare = said.rsplit("to mend it: ").next().expect("a hint");
    scene
        .sandbox
        .pgrole(prepare.split(' ').skip(1))
        .run()
        .expect_status(0);
    level("ddl").expect_status(0);
    check(scene, 0);
}

fn only_the_chosen_schemas_count(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA app; CREATE SCHEMA other");
    scene
        .sandbox
        .write_config("[access]\nschemas = [\"app\"]\n");
    scene.create("readonly", "r");
    let group = group(scene, "readonly");
    scene.psql(&format!(
        "CREATE TABLE app.t (id int); CREATE TABLE other.t (id int);
         REVOKE SELECT ON app.t FROM {group}; GRANT USAGE ON SCHEMA other TO {group}; GRANT SELECT ON other.t TO {group}"
    ));
    let row = check(scene, 7);
    let found = of_level(&row, "readonly");
    assert_eq!(
        found["missing"]["objects"][0]["names"],
        json!(["t"]),
        "{row}"
    );
    let because: Vec<_> = found["excess"]["grants"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|grant| &grant["because"])
        .collect();
    assert_eq!(because, ["schema", "schema"], "{row}");
    scene
        .pgrole("access prepare", &["--existing", "--yes"])
        .run()
        .expect_status(0);
    check(scene, 0);
}

/// The check of all targets, or of those that the arguments select.
fn check_all(scene: &Scene, arguments: &[&str]) -> Outcome {
    let run = scene.sandbox.pgrole(["access", "check"]);
    run.args(arguments.iter().copied()).run()
}

fn several_targets_are_one_row_each_and_a_dead_one_is_named(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.create("readonly", "r");
    let second = second_database(scene);
    let both = [scene.database().to_owned(), second.database().to_owned()];
    let outcome = check_all(scene, &["-e", "dev"]);
    outcome.expect_status(0);
    let databases = |outcome: &Outcome| -> Vec<String> {
        let rows = outcome.json();
        let rows = rows.as_array().expect("an array").iter();
        rows.map(|row| row["database"].as_str().expect("a text").to_owned())
            .collect()
    };
    assert_eq!(databases(&outcome), both, "{outcome}");
    assert_eq!(
        databases(&check_all(scene, &["-d", &both[1]])),
        both[1..],
        "{outcome}"
    );
    scene.sandbox.register_on_port(1, "dev", "dead");
    let outcome = check_all(scene, &[]);
    outcome.expect_status(4);
    let rows = outcome.json();
    let dead = rows
        .as_array()
        .expect("an array")
        .iter()
        .find(|row| row["database"] == "dead")
        .expect("a row");
    assert_eq!(dead["status"], "failed", "{outcome}");
    assert_eq!(dead["phase"], "TCP", "{outcome}");
    outcome.expect_in_stderr("cannot check the access on dev/dead");
    // What one target lacks is said for it alone.
    scene.psql(&format!(
        "REVOKE CONNECT ON DATABASE {} FROM {}",
        scene.database(),
        group(scene, "readonly")
    ));
    let lines = check_all(scene, &["-d", "t*", "--format", "jsonl"]);
    lines.expect_status(7);
    assert_eq!(lines.stdout.lines().count(), 2, "{lines}");
    assert_eq!(lines.stdout.matches("\"differs\"").count(), 1, "{lines}");
}

/// A superuser's table is beyond the others' rights: the gap stays, and stays named.
fn what_an_admin_login_may_not_mend_is_named_all_the_same(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.create("readonly", "r");
    scene
        .area
        .superuser_psql("CREATE SCHEMA beyond; CREATE TABLE beyond.t (id int)");
    let superuser = scene.cluster.superuser().to_owned();
    let group = group(scene, "readonly");
    scene.area.superuser_psql(&format!(
        "REVOKE ALL ON SCHEMA beyond FROM {group}; REVOKE ALL ON beyond.t FROM {group}"
    ));
    let row = check(scene, 7);
    let missing = of_level(&row, "readonly")["missing"].clone();
    assert_eq!(
        missing["schemas"],
        json!([{"schema": "beyond", "owner": superuser, "missing": ["USAGE"]}]),
        "{row}"
    );
    let run = scene
        .pgrole("access prepare", &["--existing", "--partial"])
        .run();
    run.expect_status(0);
    if skip_unless_superuser("who may all mends all") {
        let row = check(scene, 7);
        assert_eq!(
            of_level(&row, "readonly")["missing"]["schemas"],
            missing["schemas"],
            "{row}"
        );
        let whole = scene.pgrole("access prepare", &["--existing"]).run();
        let said = whole_text(&error(&whole, 1));
        assert!(said.contains("beyond"), "{whole}");
    } else {
        check(scene, 0);
    }
}
