//! What the config file adds to the levels and takes from them: schemas that are chosen, what may be left out, routines and
//! privileges by name.

use serde_json::{Value, json};

use super::access::{make_role, on_each_version};
use crate::harness::Outcome;
use crate::scene::{Login, Scene, created, error, whole_text};

on_each_version! {
    only_chosen_schemas_are_reached_today_and_tomorrow
    the_most_particular_section_chooses
    a_schema_on_the_command_line_is_prepared_beside_the_others
    a_selection_that_changes_is_followed_by_prepare
    what_cannot_be_granted_is_left_out_and_named
    routines_are_granted_by_name
    extra_privileges_are_granted_where_there_are_any
    a_grant_option_counts_as_a_right_to_grant
}

fn dry_run(scene: &Scene) -> Outcome {
    let role = scene.role("nobody");
    let outcome = scene.user("readonly", &["-u", &role, "--dry-run"]).run();
    outcome.expect_status(0);
    outcome
}

/// The names of the schemas in which tables are granted.
fn granted_in(outcome: &Outcome) -> Vec<String> {
    let row = outcome.json();
    let statements = row["statements"].as_array().cloned().unwrap_or_default();
    let usage = |sql: &Value| {
        let sql = sql.as_str()?.strip_prefix("GRANT USAGE ON SCHEMA \"")?;
        Some(sql.split('"').next()?.to_owned())
    };
    statements.iter().filter_map(usage).collect()
}

fn warnings(outcome: &Outcome) -> String {
    let rows = match outcome.json() {
        Value::Array(rows) => rows,
        row => vec![row],
    };
    let lines = rows.iter().filter_map(|row| row["warnings"].as_array());
    let lines: Vec<_> = lines.flatten().filter_map(Value::as_str).collect();
    lines.join("\n")
}

fn default_privileges(scene: &Scene) -> String {
    scene.area.superuser_psql(&format!(
        "SELECT DISTINCT coalesce(nspname, '*') || ' ' || defaclobjtype::text FROM pg_default_acl
         LEFT JOIN pg_namespace n ON n.oid = defaclnamespace, aclexplode(defaclacl) a
         WHERE a.grantee = '{}_readonly'::regrole ORDER BY 1",
        scene.database()
    ))
}

fn only_chosen_schemas_are_reached_today_and_tomorrow(scene: &mut Scene) {
    scene.psql(
        "CREATE SCHEMA app; CREATE SCHEMA \"Odd; one\"; CREATE SCHEMA secret;
         CREATE TABLE app.t (id int); CREATE TABLE \"Odd; one\".t (id int); CREATE TABLE secret.t (id int)",
    );
    scene
        .sandbox
        .write_config("[access]\nschemas = [\"app\", \"Odd; one\", \"nowhere\"]\n");
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    let reader = created(&outcome);
    assert!(
        warnings(&outcome).contains(&format!(
            "no such schema on dev/{}: nowhere",
            scene.database()
        )),
        "{outcome}"
    );
    let lead = scene.create("devlead", "joe");
    scene.psql(
        "CREATE TABLE app.later (id int); CREATE TABLE \"Odd; one\".later (id int);
         CREATE TABLE secret.later (id int); CREATE TABLE public.later (id int);
         CREATE SCHEMA tomorrow; CREATE TABLE tomorrow.later (id int)",
    );
    scene.may(&lead, "CREATE TABLE app.of_joe (id int)");
    for table in [
        "app.t",
        "app.later",
        "app.of_joe",
        "\"Odd; one\".t",
        "\"Odd; one\".later",
    ] {
        scene.may(&reader, &format!("SELECT * FROM {table}"));
    }
    for table in ["secret.t", "secret.later", "public.later", "tomorrow.later"] {
        scene.may_not(&reader, &format!("SELECT * FROM {table}"));
        scene.may_not(&lead, &format!("SELECT * FROM {table}"));
    }
    scene.may_not(&lead, "CREATE TABLE secret.of_joe (id int)");
    assert_eq!(
        default_privileges(scene),
        "Odd; one S\nOdd; one r\napp S\napp r"
    );
    // Nothing is left to do, and a second login is let in by the membership alone.
    let again = scene
        .pgrole("access prepare", &["--access", "readonly"])
        .run();
    assert_eq!(again.json()[0]["status"], "unchanged", "{again}");
}

fn the_most_particular_section_chooses(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA a; CREATE SCHEMA b; CREATE SCHEMA c");
    let database = scene.database();
    let everywhere = "[access]\nschemas = [\"a\"]\n";
    let in_env = "[access.env.dev]\nschemas = [\"b\"]\n";
    let on_database = format!("[access.database.{database}]\nschemas = [\"c\"]\n");
    let in_both = format!(
        "[access.env.dev.database.{database}]\nschemas = [\"a\", \"b\"]\nexclude_schemas = [\"b\"]\n"
    );
    let mut config = String::new();
    for (section, wanted) in [
        (everywhere, ["a"]),
        (in_env, ["b"]),
        (&on_database, ["c"]),
        (&in_both, ["a"]),
    ] {
        config += section;
        scene.sandbox.write_config(&config);
        assert_eq!(granted_in(&dry_run(scene)), wanted, "{config}");
    }
    scene
        .sandbox
        .write_config("[access]\nexclude_schemas = [\"b\", \"public\"]\n");
    assert_eq!(granted_in(&dry_run(scene)), ["a", "c"]);
    for config in [
        "[access.env.nowhere]\nschemas = []\n",
        "[access.database.x.database.y]\nschemas = []\n",
        "[access]\nschema = [\"a\"]\n",
    ] {
        scene.sandbox.write_config(config);
        let outcome = scene.user("readonly", &["-u", "x", "--dry-run"]).run();
        assert_eq!(outcome.status(), Some(2), "{config}{outcome}");
    }
}

fn a_schema_on_the_command_line_is_prepared_beside_the_others(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA app; CREATE SCHEMA other");
    let unknown = scene
        .pgrole(
            "access prepare",
            &["--schema", "app", "--schema", "nowhere"],
        )
        .run();
    let said = whole_text(&error(&unknown, 1));
    assert!(
        said.contains(&format!(
            "no such schema on dev/{}: nowhere",
            scene.database()
        )),
        "{unknown}"
    );
    let prepare_app = || scene.pgrole("access prepare", &["--schema", "app"]).run();
    prepare_app().expect_status(0);
    assert_eq!(default_privileges(scene), "app S\napp r");
    assert_eq!(prepare_app().json()[0]["status"], "unchanged");
    // All are prepared by what says nothing of schemas, and one of them alone takes nothing from the others.
    let reader = scene.create("readonly", "analyst");
    let before = scene.snapshot();
    let outcome = prepare_app();
    outcome.expect_status(0);
    assert_eq!(outcome.json()[0]["status"], "unchanged", "{outcome}");
    scene.psql("CREATE TABLE other.later (id int); CREATE TABLE app.later (id int)");
    scene.may(
        &reader,
        "SELECT * FROM other.later; SELECT * FROM app.later",
    );
    scene.psql("DROP TABLE other.later, app.later");
    assert_eq!(scene.snapshot(), before);
}

fn a_selection_that_changes_is_followed_by_prepare(scene: &mut Scene) {
    scene.psql(
        "CREATE SCHEMA app; CREATE SCHEMA secret; CREATE TABLE app.t (id int); CREATE TABLE secret.t (id int);
         CREATE SEQUENCE secret.number",
    );
    let reader = scene.create("readonly", "analyst");
    scene.may(&reader, "SELECT * FROM secret.t");
    scene
        .sandbox
        .write_config("[access]\nexclude_schemas = [\"secret\", \"public\"]\n");
    let outcome = scene.user("readonly", &["-u", &scene.role("second")]).run();
    created(&outcome);
    assert!(
        warnings(&outcome).contains("has more than its level grants: "),
        "{outcome}"
    );
    let prepare = || {
        let outcome = scene
            .pgrole("access prepare", &["--access", "readonly"])
            .run();
        outcome.expect_status(0);
        assert_eq!(outcome.json()[0]["left_open"], json!([]), "{outcome}");
        outcome.json()[0]["status"].clone()
    };
    assert_eq!(prepare(), "prepared");
    scene.psql("CREATE TABLE secret.later (id int); CREATE TABLE app.later (id int)");
    scene.may(&reader, "SELECT * FROM app.t; SELECT * FROM app.later");
    scene.may_not(&reader, "SELECT * FROM secret.t");
    scene.may_not(&reader, "SELECT * FROM secret.later");
    let usage = format!(
        "SELECT has_schema_privilege('{}_readonly', 'public', 'USAGE')",
        scene.database()
    );
    // PUBLIC's own USAGE stays.
    assert_eq!(scene.psql(&usage), "t");
    assert!(!default_privileges(scene).contains('*'));
    assert!(!default_privileges(scene).contains("secret"));
    assert_eq!(prepare(), "unchanged");
    // And back again.
    scene.sandbox.write_config("");
    assert_eq!(prepare(), "prepared");
    scene.psql("CREATE TABLE secret.after_that (id int)");
    scene.may(
        &reader,
        "SELECT * FROM secret.t; SELECT * FROM secret.after_that",
    );
    assert_eq!(prepare(), "unchanged");
}

/// The database's owner, who is no superuser, as the admin login.
fn own(scene: &mut Scene) -> Login {
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {}",
        scene.database(),
        admin.name
    ));
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    admin
}

fn what_cannot_be_granted_is_left_out_and_named(scene: &mut Scene) {
    let admin = own(scene);
    let superuser = scene.cluster.superuser().to_owned();
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA platform; CREATE TABLE platform.t (id int);
         CREATE SCHEMA app AUTHORIZATION {admin}; CREATE TABLE app.foreign_one (id int);
         CREATE FUNCTION app.foreign_routine() RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON FUNCTION app.foreign_routine() FROM PUBLIC",
        admin = admin.name
    ));
    scene.may(&admin, "CREATE TABLE app.own (id int)");
    let config = "[profiles.readonly]\nexecute = [\"app.foreign_routine()\"]\n";
    scene.sandbox.write_config(config);
    let role = scene.role("analyst");
    let before = scene.snapshot();
    let refused = scene.user("readonly", &["-u", &role]).run();
    let hint = error(&refused, 1)["hint"].clone();
    assert!(
        hint.as_str().is_some_and(|hint| hint.contains("--partial")),
        "{refused}"
    );
    assert_eq!(scene.snapshot(), before);
    let left_out = [
        format!("may not grant on 1 table of \"{superuser}\" in schema \"app\""),
        format!("may not grant EXECUTE on app.foreign_routine(), which belongs to \"{superuser}\""),
        format!("may not grant on schema \"platform\", which belongs to \"{superuser}\""),
        format!("may not grant on 1 table of \"{superuser}\" in schema \"platform\""),
    ];
    let expect = |outcome: &Outcome| {
        let said = warnings(outcome);
        for what in &left_out {
            let wanted = format!("left out: \"{}\" {what}", admin.name);
            assert!(said.contains(&wanted), "{outcome}wanted: {wanted}");
        }
    };
    let outcome = scene.user("readonly", &["-u", &role, "--partial"]).run();
    let reader = created(&outcome);
    expect(&outcome);
    scene.may(&reader, "SELECT * FROM app.own");
    scene.may_not(&reader, "SELECT * FROM app.foreign_one");
    scene.may_not(&reader, "SELECT * FROM platform.t");
    scene.may_not(&reader, "SELECT app.foreign_routine()");
    // What its owner makes later in that schema is covered all the same.
    scene.may(&admin, "CREATE TABLE app.later (id int)");
    scene.may(&reader, "SELECT * FROM app.later");
    scene
        .sandbox
        .write_config(&format!("[access.env.dev]\npartial = true\n{config}"));
    let outcome = scene.user("readonly", &["-u", &scene.role("second")]).run();
    created(&outcome);
    expect(&outcome);
    let prepared = scene.pgrole("access prepare", &[]).run();
    prepared.expect_status(0);
    expect(&prepared);
    // A schema that is not chosen is in nobody's way.
    scene
        .sandbox
        .write_config("[access]\nexclude_schemas = [\"platform\"]\n");
    let outcome = scene.user("readonly", &["-u", &scene.role("third")]).run();
    let said = whole_text(&error(&outcome, 1));
    assert!(
        said.contains("in schema \"app\"") && !said.contains("platform"),
        "{outcome}"
    );
}

fn routines_are_granted_by_name(scene: &mut Scene) {
    scene.area.superuser_psql(
        "CREATE SCHEMA app; CREATE SCHEMA \"My App\";
         CREATE FUNCTION app.refresh(integer) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION app.refresh(text) RETURNS int LANGUAGE sql AS 'SELECT 2';
         CREATE PROCEDURE app.tidy() LANGUAGE sql AS 'SELECT 3';
         CREATE FUNCTION \"My App\".\"Say; it\"(integer, text[]) RETURNS int LANGUAGE sql AS 'SELECT 4';
         CREATE FUNCTION app.member() RETURNS int LANGUAGE sql AS 'SELECT 5';
         ALTER EXTENSION plpgsql ADD FUNCTION app.member();
         REVOKE ALL ON ALL ROUTINES IN SCHEMA app, \"My App\" FROM PUBLIC",
    );
    let admin_owns = format!("ALTER SCHEMA app OWNER TO postgres; ALTER SCHEMA \"My App\" OWNER TO postgres;
         ALTER FUNCTION app.refresh(integer) OWNER TO postgres; ALTER FUNCTION app.refresh(text) OWNER TO postgres;
         ALTER PROCEDURE app.tidy() OWNER TO postgres; ALTER FUNCTION \"My App\".\"Say; it\"(integer, text[]) OWNER TO {}", "postgres");
    scene.area.superuser_psql(&admin_owns);
    let execute = |names: &[&str]| {
        scene.sandbox.write_config(&format!(
            "[profiles.readonly]\nexecute = {}\n",
            json!(names)
        ));
    };
    execute(&[
        "app.refresh(integer)",
        "app.tidy()",
        "\"My App\".\"Say; it\"(integer,text[])",
        "app.refresh(int4)",
    ]);
    let outcome = scene
        .user("readonly", &["-u", &scene.role("analyst")])
        .run();
    let reader = created(&outcome);
    let said = warnings(&outcome);
    assert!(
        said.contains(&format!(
            "no routine app.refresh(int4) on dev/{}, which a profile names under \"execute\"; similar: \
             app.refresh(integer), app.refresh(text)",
            scene.database()
        )),
        "{outcome}"
    );
    scene.may(&reader, "SELECT app.refresh(1)");
    scene.may(&reader, "CALL app.tidy()");
    scene.may(&reader, "SELECT \"My App\".\"Say; it\"(1, '{}')");
    scene.may_not(&reader, "SELECT app.refresh('x'::text)");
    // Those of another level have their own.
    let writer = scene.create("devqa", "jane");
    scene.may_not(&writer, "SELECT app.refresh(1)");
    execute(&["app.member()"]);
    let refused = scene.user("readonly", &["-u", &scene.role("x")]).run();
    let said = whole_text(&error(&refused, 6));
    assert!(
        said.contains(
            "a profile's \"execute\" names app.member(), a member of extension \"plpgsql\""
        ),
        "{refused}"
    );
    for pattern in [
        "app.*",
        "app.%(integer)",
        "refresh(integer)",
        "app.refresh",
        "app.*(integer)",
    ] {
        execute(&[pattern]);
        let outcome = scene.user("readonly", &["-u", &scene.role("x")]).run();
        assert_eq!(outcome.status(), Some(2), "{pattern}{outcome}");
        outcome.expect_in_stderr("is not a routine with its schema and the types of its arguments");
    }
}

fn extra_privileges_are_granted_where_there_are_any(scene: &mut Scene) {
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS one");
    let lead = scene.create("devlead", "joe");
    scene.psql(
        "CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
    );
    let trigger = |name: &str| {
        format!(
            "CREATE TRIGGER {name} BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f()"
        )
    };
    scene.may_not(&lead, &trigger("one"));
    scene
        .sandbox
        .write_config("[profiles.devlead]\nextra = [\"trigger\", \"maintain\"]\n");
    let prepared = scene.pgrole("access prepare", &["--access", "ddl"]).run();
    prepared.expect_status(0);
    scene.may(&lead, &trigger("one"));
    scene.psql("CREATE MATERIALIZED VIEW app.later AS SELECT 1 AS one");
    for view in ["m", "later"] {
        let refresh = format!("REFRESH MATERIALIZED VIEW app.{view}");
        if scene.cluster.server_version_major() >= 17 {
            scene.may(&lead, &refresh);
        } else {
            let outcome = scene.psql_as(&lead, &refresh);
            outcome.expect_status(1).expect_in_stderr("must be owner");
        }
    }
    let writer = scene.create("devqa", "jane");
    scene.may_not(&writer, &trigger("two"));
    let again = scene.pgrole("access prepare", &["--access", "ddl"]).run();
    assert_eq!(again.json()[0]["status"], "unchanged", "{again}");
    scene
        .sandbox
        .write_config("[profiles.devlead]\nextra = [\"truncate\"]\n");
    let outcome = scene.user("devlead", &["-u", &scene.role("x")]).run();
    assert_eq!(outcome.status(), Some(2), "{outcome}");
}

fn a_grant_option_counts_as_a_right_to_grant(scene: &mut Scene) {
    let admin = own(scene);
    let name = &admin.name;
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); CREATE SEQUENCE app.number;
         CREATE FUNCTION app.closed() RETURNS int LANGUAGE sql AS 'SELECT 1';
         REVOKE ALL ON FUNCTION app.closed() FROM PUBLIC;
         GRANT USAGE ON SCHEMA app TO {name} WITH GRANT OPTION;
         GRANT SELECT ON app.t, app.number TO {name} WITH GRANT OPTION;
         GRANT EXECUTE ON FUNCTION app.closed() TO {name} WITH GRANT OPTION"
    ));
    scene
        .sandbox
        .write_config("[profiles.readonly]\nexecute = [\"app.closed()\"]\n");
    let reader = scene.create("readonly", "analyst");
    scene.may(
        &reader,
        "SELECT * FROM app.t; SELECT last_value FROM app.number; SELECT app.closed()",
    );
    scene.may_not(&reader, "INSERT INTO app.t VALUES (1)");
    // What it holds is not enough for a writer.
    let refused = scene.user("devqa", &["-u", &scene.role("jane")]).run();
    assert!(
        whole_text(&error(&refused, 1)).contains("may not grant on"),
        "{refused}"
    );
    // Its own grants it also takes back.
    scene.sandbox.write_config("");
    let outcome = scene
        .pgrole("access prepare", &["--access", "readonly", "--yes"])
        .run();
    outcome.expect_status(0);
    assert_eq!(outcome.json()[0]["left_open"], json!([]), "{outcome}");
    scene.may_not(&reader, "SELECT app.closed()");
}
