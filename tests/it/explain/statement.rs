//! Why a role may not run a statement, which the server plans as the role and does not run.

use postgres::error::SqlState;
use serde_json::{Value, json};

use super::case::Case;
use super::{explain, explain_refusal, run_remedy};
use crate::harness::pooler::{Knowledge, PoolMode};
use crate::harness::{Admin, Cluster, Pooler, Proxy, Sandbox, skip_for, skip_unless_superuser};
use crate::scene::{Scene, wait_until};
use crate::users::access::on_each_version;

on_each_version! {
    each_cause_is_met_named_and_mended
    what_nothing_mends_is_said_as_the_server_says_it
    what_cannot_be_planned_as_the_role_is_unknown
    of_functions_of_one_name_none_is_taken_for_the_one
    a_role_without_temporary_gets_it_for_the_question_only
    a_role_that_may_not_be_acted_as_is_unknown
}

/// A cause, what plants it, and the statement that is refused. The names are those of [`Case`].
const PLANTED: [(&str, &str, &str); 19] = [
    ("table", "GRANT USAGE ON SCHEMA {s} TO {jane}", "SELECT * FROM {s}.orders"),
    ("schema_usage", "GRANT SELECT ON {s}.orders TO {jane}", "SELECT count(*) FROM {s}.orders"),
    (
        "schema_usage",
        "GRANT SELECT ON {s}.orders TO {jane}; ALTER ROLE {jane} SET search_path = {s}",
        "SELECT * FROM orders",
    ),
    (
        "search_path",
        "CREATE TABLE {s}.only_{s} (a int); GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.only_{s} TO {jane}",
        "SELECT * FROM only_{s}",
    ),
    (
        "column",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT (id, a) ON {s}.orders TO {jane}",
        "SELECT a, b FROM {s}.orders WHERE id = 1",
    ),
    // The second of two.
    (
        "table",
        "CREATE TABLE {s}.items (id int); GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}",
        "SELECT * FROM {s}.orders o JOIN {s}.items i USING (id)",
    ),
    (
        "table",
        "CREATE TABLE {s}.items (id int); GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}",
        "WITH orders AS (SELECT id FROM {s}.items) SELECT * FROM orders",
    ),
    (
        "table",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT UPDATE ON {s}.orders TO {jane}",
        "UPDATE {s}.orders SET a = 1 WHERE id = 1",
    ),
    (
        "table",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}",
        "SELECT * FROM {s}.orders FOR UPDATE",
    ),
    (
        "table",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane}",
        "INSERT INTO {s}.orders (id) VALUES (1) RETURNING id",
    ),
    (
        "no_inherit",
        "CREATE ROLE {jane}_g; ALTER ROLE {jane} NOINHERIT; GRANT {jane}_g TO {jane};
         GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}_g",
        "SELECT * FROM {s}.orders",
    ),
    // The rights are those of the role that the login becomes.
    (
        "table",
        "CREATE ROLE {jane}_r; GRANT {jane}_r TO {jane}; ALTER ROLE {jane} SET role = {jane}_r;
         GRANT USAGE ON SCHEMA {s} TO {jane}_r; GRANT SELECT ON {s}.orders TO {jane}",
        "SELECT * FROM {s}.orders",
    ),
    (
        "view_owner",
        "CREATE ROLE {jane}_v; GRANT USAGE ON SCHEMA {s} TO {jane}, {jane}_v;
         CREATE VIEW {s}.v AS SELECT id FROM {s}.orders; ALTER VIEW {s}.v OWNER TO {jane}_v; GRANT SELECT ON {s}.v TO {jane}",
        "SELECT * FROM {s}.v",
    ),
    (
        "execute",
        "CREATE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
         REVOKE EXECUTE ON FUNCTION {s}.f(int) FROM PUBLIC; GRANT USAGE ON SCHEMA {s} TO {jane}",
        "SELECT {s}.f(1), now()",
    ),
    // What the server finds only when it runs the statement.
    (
        "sequence",
        "CREATE TABLE {s}.numbered (id serial, a int); GRANT USAGE ON SCHEMA {s} TO {jane};
         GRANT INSERT ON {s}.numbered TO {jane}",
        "INSERT INTO {s}.numbered (a) VALUES (1)",
    ),
    (
        "read_only_role",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
         ALTER ROLE {jane} SET default_transaction_read_only = on",
        "INSERT INTO {s}.orders VALUES (1)",
    ),
    (
        "rls_none",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
         ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY",
        "INSERT INTO {s}.orders VALUES (1)",
    ),
    (
        "rls_other",
        "CREATE ROLE {jane}_o; GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
         ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY;
         CREATE POLICY p ON {s}.orders FOR INSERT TO {jane}_o WITH CHECK (true)",
        "INSERT INTO {s}.orders VALUES (1)",
    ),
    (
        "rls_force",
        "GRANT USAGE ON SCHEMA {s} TO {jane}; ALTER TABLE {s}.orders OWNER TO {jane};
         ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        "INSERT INTO {s}.orders VALUES (1)",
    ),
];

fn each_cause_is_met_named_and_mended(scene: &mut Scene) {
    for (place, (cause, plant, sql)) in PLANTED.into_iter().enumerate() {
        let case = Case::plant(scene, place, plant);
        mended(&case, cause, sql);
    }
    // One after the other, in the server's own order.
    let case = Case::plant(
        scene,
        PLANTED.len(),
        "GRANT USAGE ON SCHEMA {s} TO {jane}; ALTER ROLE {jane} SET default_transaction_read_only = on",
    );
    let sql = "INSERT INTO {s}.orders VALUES (1)";
    for cause in ["read_only_role", "table"] {
        let row = refused(&case, cause, sql);
        run_remedy(scene, &row);
    }
    assert_eq!(case.refusal(sql), None);
}

/// Meets the refusal, and has it explained.
#[track_caller]
fn refused(case: &Case, wanted: &str, sql: &str) -> Value {
    let met = case.refusal(sql);
    assert!(met.is_some(), "it is not refused: {sql}");
    let row = explain_refusal(case.scene, &case.jane.name, &["--sql", &case.filled(sql)]);
    assert_eq!(row["cause"], wanted, "{sql}: {row}");
    assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
    row
}

#[track_caller]
fn mended(case: &Case, wanted: &str, sql: &str) {
    let row = refused(case, wanted, sql);
    run_remedy(case.scene, &row);
    assert_eq!(case.refusal(sql), None, "{row}");
    // That it was planned is never taken for "can".
    let row = unknown(case, sql);
    assert!(
        row["unknown"].to_string().contains("no cause was found"),
        "{row}"
    );
}

#[track_caller]
fn unknown(case: &Case, sql: &str) -> Value {
    let outcome = explain(case.scene, &case.jane.name, &["--sql", &case.filled(sql)]);
    outcome.expect_status(1);
    let row = outcome.json();
    assert_eq!(row["access"], "unknown", "{outcome}");
    assert_eq!(row["cause"], Value::Null, "{outcome}");
    row
}

fn of_functions_of_one_name_none_is_taken_for_the_one(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane};
         CREATE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE FUNCTION {s}.f(text) RETURNS int LANGUAGE sql AS 'SELECT 2';
         REVOKE EXECUTE ON FUNCTION {s}.f(int), {s}.f(text) FROM PUBLIC; GRANT EXECUTE ON FUNCTION {s}.f(int) TO {jane}",
    );
    let name = &case.jane.name;
    let row = explain(
        scene,
        name,
        &["--sql", &case.filled("SELECT {s}.f('a'::text)")],
    );
    let row = row.expect_status(7).json();
    assert_eq!(
        (&row["access"], &row["remedy"]),
        (&"cannot".into(), &Value::Null),
        "{row}"
    );
    let row = explain(scene, name, &["--sql", "SELECT pg_read_file('x')"]);
    let row = row.expect_status(7).json();
    assert_eq!(
        (&row["cause"], &row["remedy"]),
        (&"execute".into(), &Value::Null),
        "{row}"
    );
    let on = |object: &str| {
        let object = case.filled(object);
        explain(scene, name, &["--kind", "function", "--on", &object]).json()
    };
    let bare = on("{s}.f");
    assert_eq!(
        (&bare["access"], &bare["remedy"]),
        (&"unknown".into(), &Value::Null),
        "{bare}"
    );
    assert!(
        bare["unknown"].to_string().contains("name the types"),
        "{bare}"
    );
    assert_eq!(on("{s}.f(integer)")["access"], "can");
    let one = on("{s}.f(text)");
    assert_eq!(
        (&one["access"], &one["cause"]),
        (&"cannot".into(), &"execute".into()),
        "{one}"
    );
}

fn what_nothing_mends_is_said_as_the_server_says_it(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}; CREATE TABLE {s}.\"Mixed\" (a int);
         GRANT SELECT ON {s}.\"Mixed\" TO {jane}",
    );
    for (cause, sql) in [
        ("refused", "SELECT nothing FROM {s}.orders"),
        ("no_object", "SELECT * FROM {s}.nothing"),
        ("no_object", "SELECT {s}.nothing(1) FROM {s}.orders"),
        ("case_folded", "SELECT * FROM {s}.Mixed"),
    ] {
        let row = refused(&case, cause, sql);
        assert_eq!(row["remedy"], Value::Null, "{row}");
    }
    // What the planner does not take is no cause.
    for sql in [
        "TRUNCATE {s}.orders",
        "SELECT * FORM {s}.orders",
        "SELECT 1; SELECT 2",
        "",
    ] {
        let row = unknown(&case, sql);
        assert!(
            row["unknown"].to_string().contains("--on is for the rest"),
            "{row}"
        );
    }
}

fn what_cannot_be_planned_as_the_role_is_unknown(scene: &mut Scene) {
    let case = Case::plant(scene, 0, "");
    let superuser = scene.role("root");
    let writer = scene.role("writer");
    let admin = Cluster::SUPERUSER;
    scene.area.superuser_psql(&format!(
        "CREATE ROLE {superuser} LOGIN SUPERUSER PASSWORD 'x'; CREATE ROLE {writer} LOGIN PASSWORD 'x';
         CREATE ROLE {writer}_g; GRANT pg_write_server_files TO {writer}_g; GRANT {writer}_g TO {writer}"
    ));
    let sql = case.filled("SELECT * FROM {s}.orders");
    let is_superuser = Admin::of_this_run() == Admin::Superuser;
    let of_admin = if is_superuser {
        "is a superuser"
    } else {
        "is the role that asks"
    };
    for (name, why) in [
        (superuser.as_str(), "is a superuser"),
        (&writer, "may run programs or write files"),
        (admin, of_admin),
    ] {
        let outcome = explain(scene, name, &["--sql", &sql]);
        outcome.expect_status(1);
        let row = outcome.json();
        assert_eq!(
            (&row["access"], &row["cause"]),
            (&json!("unknown"), &Value::Null),
            "{outcome}"
        );
        assert!(row["unknown"].to_string().contains(why), "{outcome}");
    }
    scene.area.superuser_psql("DROP EXTENSION plpgsql");
    let row = unknown(&case, &sql);
    assert!(row["unknown"].to_string().contains("no plpgsql"), "{row}");
}

fn a_role_without_temporary_gets_it_for_the_question_only(scene: &mut Scene) {
    let case = Case::plant(scene, 0, "GRANT USAGE ON SCHEMA {s} TO {jane}");
    let revoke = format!(
        "REVOKE TEMPORARY ON DATABASE {} FROM PUBLIC",
        scene.database()
    );
    scene.cluster.psql("postgres", &revoke);
    let before = scene.snapshot();
    refused(&case, "table", "SELECT * FROM {s}.orders");
    assert_eq!(scene.snapshot(), before);
}

fn a_role_that_may_not_be_acted_as_is_unknown(scene: &mut Scene) {
    let is_superuser = Admin::of_this_run() == Admin::Superuser;
    if is_superuser || scene.cluster.server_version_major() < 16 {
        return;
    }
    let case = Case::plant(scene, 0, "GRANT USAGE ON SCHEMA {s} TO PUBLIC");
    let other = scene.role("other");
    let make = format!("CREATE ROLE {other} LOGIN PASSWORD 'x'");
    scene.area.superuser_psql(&make);
    let before = scene.snapshot();
    let outcome = explain(
        scene,
        &other,
        &["--sql", &case.filled("SELECT * FROM {s}.orders")],
    );
    outcome.expect_status(1);
    let row = outcome.json();
    assert_eq!(row["access"], "unknown", "{outcome}");
    assert!(
        row["unknown"]
            .to_string()
            .contains("ADMIN on it is missing"),
        "{outcome}"
    );
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn an_event_trigger_that_would_run_keeps_a_statement_from_being_planned() {
    if skip_for(&[Admin::Managed], "only a superuser makes event triggers") {
        return;
    }
    let scene = Scene::new();
    let case = Case::plant(&scene, 0, "GRANT USAGE ON SCHEMA {s} TO {jane}");
    let sql = "SELECT * FROM {s}.orders";
    scene.area.superuser_psql(
        "CREATE FUNCTION noted() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
         CREATE EVENT TRIGGER watch_functions ON ddl_command_end WHEN TAG IN ('CREATE FUNCTION') EXECUTE FUNCTION noted()",
    );
    let row = unknown(&case, sql);
    assert!(
        row["unknown"].to_string().contains("watch_functions"),
        "{row}"
    );
    let digest = scene.psql("SELECT md5(prosrc) FROM pg_proc WHERE proname = 'noted'");
    let (name, sql) = (case.jane.name.clone(), case.filled(sql));
    scene.sandbox.write_config(&format!(
        "[rehearse]\nevent_triggers = [\"watch_functions={digest}\"]\n"
    ));
    let row = explain_refusal(&scene, &name, &["--sql", &sql]);
    assert_eq!(row["cause"], "table", "{row}");
}

#[test]
fn a_statement_is_not_planned_on_a_standby() {
    let primary = Cluster::private(|c| c);
    let scene = Scene::on(&primary);
    let case = Case::plant(
        &scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane}",
    );
    let standby = Cluster::standby_of(&primary);
    let mut sandbox = Sandbox::new().with_admin(&primary);
    sandbox.register_on_port(standby.port(), "dev", scene.database());
    let ask = |arguments: &[&str]| {
        sandbox
            .pgrole(["explain", &case.jane.name])
            .args(arguments)
            .run()
    };
    let insert = case.filled("INSERT INTO {s}.orders VALUES (1)");
    wait_until("the standby has it", || {
        let has = case.filled("SELECT has_table_privilege('{jane}', '{s}.orders', 'INSERT')");
        let shown = standby.psql_as(
            standby.superuser(),
            standby.password(),
            scene.database(),
            &has,
        );
        shown.stdout.trim_end() == "t"
    });
    let row = ask(&["--sql", &insert]).expect_status(1).json()[0].clone();
    assert_eq!(row["access"], "unknown", "{row}");
    assert!(row["unknown"].to_string().contains("standby"), "{row}");
    // What can be asked without it is known.
    let on = case.filled("{s}.orders");
    let row = ask(&["--on", &on, "--action", "insert"])
        .expect_status(7)
        .json()[0]
        .clone();
    assert_eq!(
        (&row["cause"], &row["sqlstate"]),
        (&json!("standby"), &json!("25006")),
        "{row}"
    );
    let met = standby.client_as(&case.jane.name, &case.jane.password, scene.database());
    let met = met.expect("a standby takes logins").batch_execute(&insert);
    let met = met.expect_err("it is read-only");
    assert_eq!(met.code().map(SqlState::code), Some("25006"));
}

#[test]
fn a_statement_is_not_planned_through_a_pooler() {
    let scene = Scene::new();
    let case = Case::plant(&scene, 0, "GRANT USAGE ON SCHEMA {s} TO {jane}");
    let Some(pooler) = Pooler::before(scene.cluster, PoolMode::Transaction, Knowledge::Query)
    else {
        return;
    };
    let mut sandbox = Sandbox::new().with_admin(scene.cluster);
    sandbox.register_on_port(pooler.port(), "dev", scene.database());
    let sql = case.filled("SELECT * FROM {s}.orders");
    let outcome = sandbox
        .pgrole(["explain", &case.jane.name, "--sql", &sql])
        .run();
    outcome.expect_status(1);
    let row = &outcome.json()[0];
    assert_eq!(row["access"], "unknown", "{outcome}");
    assert!(
        row["unknown"]
            .to_string()
            .contains("a pooler is in between"),
        "{outcome}"
    );
    // The rules of the server are not those of the pooler.
    let outcome = sandbox.pgrole(["explain", &case.jane.name]).run();
    outcome.expect_status(1);
    let row = &outcome.json()[0];
    assert_eq!(
        (&row["verdict"], &row["cause"]),
        (&json!("unknown"), &Value::Null),
        "{outcome}"
    );
    assert!(
        row["unknown"]
            .to_string()
            .contains("a pooler is in between"),
        "{outcome}"
    );
}

/// A login, a reading of the rights, and with a statement one more, in which it is rolled back as well.
#[test]
fn a_statement_costs_one_round_trip_more() {
    if skip_unless_superuser("without the rules, the server is asked once more") {
        return;
    }
    let scene = Scene::new();
    let case = Case::plant(&scene, 0, "GRANT USAGE ON SCHEMA {s} TO {jane}");
    let proxy = Proxy::before(scene.cluster);
    let mut sandbox = Sandbox::new().with_admin(scene.cluster);
    sandbox.register_on_port(proxy.port(), "dev", scene.database());
    let trips = |arguments: &[&str]| {
        proxy.forget();
        let outcome = sandbox
            .pgrole(["explain", &case.jane.name])
            .args(arguments)
            .run();
        (proxy.round_trips(), outcome)
    };
    let sql = case.filled("SELECT * FROM {s}.orders JOIN {s}.orders o USING (id)");
    let (login, outcome) = trips(&[]);
    outcome.expect_status(0);
    let (access, outcome) = trips(&["--on", &case.filled("{s}.orders")]);
    outcome.expect_status(7);
    let (statement, outcome) = trips(&["--sql", &sql]);
    outcome.expect_status(7);
    assert_eq!((access - login, statement - access), (1, 1), "{outcome}");
    // The login of the admin itself, and one reading.
    let (listed, _) = {
        proxy.forget();
        let outcome = sandbox.pgrole(["user", "list"]).run();
        (proxy.round_trips(), outcome)
    };
    assert_eq!(login, listed);
}
