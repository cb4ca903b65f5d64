//! What the planner runs on the way never gets more than the rights of the role, and leaves nothing.

use serde_json::Value;

use super::case::Case;
use super::explain;
use crate::harness::{Admin, Cluster};
use crate::scene::{Scene, wait_until};
use crate::users::access::on_each_version;

on_each_version! {
    what_the_planner_runs_stays_within_the_role
    a_statement_is_one_and_is_not_run
    what_takes_long_is_given_up
    what_catches_its_end_is_ended
    who_asks_is_not_told_and_what_is_said_is_short
}

/// What each attempt does; those of the role's own rights alone may get through.
const ATTEMPTS: [(&str, &str); 24] = [
    ("own_right", "SELECT pg_advisory_lock(4711)"),
    ("reset_role", "RESET ROLE"),
    ("role_none", "SELECT set_config('role', 'none', true)"),
    (
        "role_none_of_session",
        "SELECT set_config('role', 'none', false)",
    ),
    ("set_role", "SET ROLE {admin}"),
    ("reset_authorization", "RESET SESSION AUTHORIZATION"),
    ("authorization", "SET SESSION AUTHORIZATION {admin}"),
    (
        "authorization_config",
        "SELECT set_config('session_authorization', '{admin}', true)",
    ),
    ("discard", "DISCARD ALL"),
    ("by_setting_of_a_function", "SELECT {s}.as_nobody()"),
    ("by_definer", "SELECT {s}.as_definer()"),
    ("program", "COPY (SELECT 1) TO PROGRAM 'touch {file}'"),
    ("file", "COPY (SELECT 1) TO '{file}'"),
    ("read_file", "SELECT pg_read_file('postgresql.conf')"),
    ("read_admins_table", "SELECT count(*) FROM {s}.of_admin"),
    ("read_verifiers", "SELECT count(*) FROM pg_authid"),
    ("alter_role", "ALTER ROLE {jane} SUPERUSER"),
    ("alter_other_role", "ALTER ROLE {jane}_g CREATEROLE"),
    ("grant", "GRANT SELECT ON {s}.mine TO PUBLIC"),
    ("read_write", "SET TRANSACTION READ WRITE"),
    (
        "read_write_config",
        "SELECT set_config('transaction_read_only', 'off', true)",
    ),
    ("write", "DELETE FROM {s}.mine"),
    ("create", "CREATE TABLE {s}.left_behind (a int)"),
    ("end", "COMMIT"),
];

/// Made by the role itself, or by whoever may create in a schema that it uses.
const PLANT: &str = "
    CREATE FUNCTION {s}.attempt(name text, command text) RETURNS text VOLATILE LANGUAGE plpgsql AS $$
    BEGIN
        EXECUTE command;
        RETURN name || ' as ' || current_user || ' ';
    EXCEPTION WHEN OTHERS THEN RETURN '';
    END $$;
    CREATE FUNCTION {s}.as_nobody() RETURNS text LANGUAGE sql SET role = none AS 'SELECT current_user::text';
    CREATE FUNCTION {s}.as_definer() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS 'BEGIN RESET ROLE; END';
    CREATE FUNCTION {s}.attack() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$
    DECLARE through text := '';
    BEGIN
        {attempts}
        RAISE EXCEPTION 'through: [%]', through;
    END $$;
    CREATE FUNCTION {s}.attack_by_estimate() RETURNS int STABLE LANGUAGE plpgsql AS 'BEGIN RETURN {s}.attack(); END';
    CREATE TABLE {s}.mine (a int); INSERT INTO {s}.mine VALUES (1)";

const CATALOG: &str = "SELECT string_agg(n, ' ') FROM (
    SELECT 'pg_class ' || count(*) AS n FROM pg_class UNION ALL SELECT 'pg_proc ' || count(*) FROM pg_proc
    UNION ALL SELECT 'pg_namespace ' || count(*) FROM pg_namespace WHERE nspname !~ '^pg_(toast_)?temp'
    UNION ALL SELECT 'pg_authid ' || md5(string_agg(a::text, '' ORDER BY oid)) FROM pg_authid a
        WHERE starts_with(rolname, current_database())
    UNION ALL SELECT 'pg_auth_members ' || count(*) FROM pg_auth_members m JOIN pg_roles r ON r.oid = m.roleid
        WHERE starts_with(rolname, current_database())
    UNION ALL SELECT 'pg_database ' || md5(d::text) FROM pg_database d WHERE datname = current_database()
    UNION ALL SELECT 'pg_default_acl ' || count(*) FROM pg_default_acl
    UNION ALL SELECT 'pg_type ' || count(*) FROM pg_type) c";

fn attackers<'a>(scene: &'a Scene<'a>, file: &str) -> Case<'a> {
    let case = Case::plant(
        scene,
        0,
        "CREATE ROLE {jane}_g; CREATE TABLE {s}.of_admin (a int); INSERT INTO {s}.of_admin VALUES (1);
         REVOKE ALL ON {s}.of_admin FROM PUBLIC; GRANT USAGE, CREATE ON SCHEMA {s} TO {jane};
         GRANT SELECT, DELETE ON {s}.orders TO {jane}; INSERT INTO {s}.orders VALUES (1)",
    );
    let attempts: Vec<_> = ATTEMPTS
        .iter()
        .map(|(name, command)| {
            let command = command.replace('\'', "''");
            format!("through := through || {{s}}.attempt('{name}', '{command}');")
        })
        .collect();
    let plant = PLANT.replace("{attempts}", &attempts.join("\n"));
    let plant = case.filled(&plant).replace("{file}", file);
    let plant = plant.replace("{admin}", Cluster::SUPERUSER);
    scene.may(&case.jane, &plant);
    case
}

fn what_the_planner_runs_stays_within_the_role(scene: &mut Scene) {
    let file = scene
        .cluster
        .data()
        .join(format!("{}-was-here", scene.database()));
    let path = file.display().to_string();
    let case = attackers(scene, &path);
    // The attack is one: as the admin, whoever it acts as, it gets through.
    let borrow = if Admin::of_this_run() == Admin::Superuser {
        ""
    } else {
        "GRANT {jane} TO CURRENT_USER;"
    };
    let as_admin = case.filled(&format!(
        "BEGIN; {borrow} SET TRANSACTION READ ONLY; SET LOCAL ROLE {{jane}}; EXPLAIN SELECT {{s}}.attack()"
    ));
    let (admin, password) = (Cluster::SUPERUSER, scene.cluster.password());
    let outcome = scene
        .cluster
        .psql_as(admin, password, scene.database(), &as_admin);
    outcome.expect_in_stderr(&format!("role_none as {admin}"));
    outcome.expect_in_stderr(&format!("read_admins_table as {admin}"));
    let has_run = file.exists();
    assert_eq!(
        has_run,
        Admin::of_this_run() == Admin::Superuser,
        "{outcome}"
    );
    std::fs::remove_file(&file).ok();

    let (before, catalog) = (scene.snapshot(), scene.area.superuser_psql(CATALOG));
    for statement in [
        "SELECT {s}.attack()",
        "SELECT * FROM {s}.orders WHERE a = {s}.attack()",
        "SELECT * FROM {s}.orders WHERE a < {s}.attack_by_estimate()",
        "INSERT INTO {s}.mine VALUES ({s}.attack())",
        "DELETE FROM {s}.mine WHERE a = {s}.attack_by_estimate()",
    ] {
        let outcome = explain(scene, &case.jane.name, &["--sql", &case.filled(statement)]);
        outcome.expect_status(1);
        let row = outcome.json();
        let own = format!("through: [own_right as {} ]", case.jane.name);
        assert!(
            row["unknown"].to_string().contains(&own),
            "{statement}: {outcome}"
        );
        assert_eq!(
            (&row["cause"], &row["access"]),
            (&Value::Null, &"unknown".into()),
            "{outcome}"
        );
        assert!(!file.exists(), "a program ran: {outcome}");
    }
    assert_eq!(scene.snapshot(), before);
    assert_eq!(scene.area.superuser_psql(CATALOG), catalog);
    assert_eq!(
        scene
            .area
            .superuser_psql(&case.filled("SELECT count(*) FROM {s}.mine")),
        "1"
    );
    // The session is closed, and with it what a rollback leaves.
    wait_until("no lock is left", || {
        scene.psql(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711 \
            AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
        ) == "0"
    });
}

fn a_statement_is_one_and_is_not_run(scene: &mut Scene) {
    let case = attackers(scene, "/nowhere");
    let make_backslashes_escape = format!(
        "ALTER DATABASE {} SET standard_conforming_strings = off; ALTER DATABASE {} SET backslash_quote = on",
        scene.database(),
        scene.database()
    );
    let statements = [
        "SELECT 1; DROP TABLE {s}.mine",
        "SELECT 1); DROP TABLE {s}.mine; --",
        "SELECT 1'); DROP TABLE {s}.mine; --",
        "SELECT 1\\'); DROP TABLE {s}.mine; --",
        "SELECT 1$function$; DROP TABLE {s}.mine; --",
        "ANALYZE DELETE FROM {s}.mine",
        "ANALYSE DELETE FROM {s}.mine",
        "(ANALYZE) DELETE FROM {s}.mine",
        "VERBOSE ANALYZE DELETE FROM {s}.mine",
        "DELETE FROM {s}.mine",
        "WITH gone AS (DELETE FROM {s}.mine RETURNING a) SELECT * FROM gone",
        "CREATE TABLE {s}.left_behind AS SELECT 1 AS a",
        "SELECT 1 AS a INTO {s}.left_behind",
        "DECLARE c CURSOR WITH HOLD FOR SELECT 1",
        "EXECUTE nothing",
        "DO $$ BEGIN DELETE FROM {s}.mine; END $$",
        "CALL {s}.attack()",
        "COPY (SELECT 1) TO PROGRAM 'true'",
        "ROLLBACK",
        "COMMIT",
        "SET ROLE NONE",
    ];
    for settings in ["SELECT", make_backslashes_escape.as_str()] {
        scene.psql(settings);
        let (before, catalog) = (scene.snapshot(), scene.area.superuser_psql(CATALOG));
        for statement in statements {
            let outcome = explain(scene, &case.jane.name, &["--sql", &case.filled(statement)]);
            let row = outcome.json();
            assert_ne!(row["access"], "can", "{statement}: {outcome}");
            let there = case.filled("SELECT count(*) FROM {s}.mine");
            assert_eq!(
                scene.area.superuser_psql(&there),
                "1",
                "{statement}: {outcome}"
            );
        }
        assert_eq!(scene.snapshot(), before);
        assert_eq!(scene.area.superuser_psql(CATALOG), catalog);
    }
}

fn what_takes_long_is_given_up(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane};
         CREATE FUNCTION {s}.f() RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(60); RETURN 1; END'",
    );
    let outcome = explain(
        scene,
        &case.jane.name,
        &["--sql", &case.filled("SELECT {s}.f()")],
    );
    outcome.expect_status(1);
    let row = outcome.json();
    assert_eq!(
        (&row["access"], &row["cause"]),
        (&"unknown".into(), &Value::Null),
        "{outcome}"
    );
    assert!(row["unknown"].to_string().contains("57014"), "{outcome}");
}

/// With it would stay what it has locked, and a session of the admin's.
fn what_catches_its_end_is_ended(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane};
         CREATE FUNCTION {s}.f() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
             PERFORM set_config('application_name', '', true), set_config('statement_timeout', '0', true);
             LOOP
                 BEGIN PERFORM pg_sleep(60); EXCEPTION WHEN query_canceled THEN NULL; END;
             END LOOP;
         END $$",
    );
    let outcome = explain(
        scene,
        &case.jane.name,
        &["--sql", &case.filled("SELECT {s}.f()")],
    );
    let row = outcome.json();
    assert_eq!(row["access"], "unknown", "{outcome}");
    wait_until("its session is ended", || {
        scene.area.superuser_psql(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pgrole_explain%' \
             AND pid <> pg_backend_pid()",
        ) == "0"
    });
}

/// Only a superuser can take on another's name for its session.
fn who_asks_is_not_told_and_what_is_said_is_short(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane};
         CREATE FUNCTION {s}.who() RETURNS int IMMUTABLE LANGUAGE plpgsql AS $$ BEGIN
             RAISE 'asked by %.%', session_user, repeat('x', 5000000); END $$",
    );
    let outcome = explain(
        scene,
        &case.jane.name,
        &["--sql", &case.filled("SELECT {s}.who()")],
    );
    let said = outcome.json()["unknown"].to_string();
    assert!(said.len() < 2000, "{}", said.len());
    if Admin::of_this_run() == Admin::Superuser {
        let name = &case.jane.name;
        assert!(said.contains(&format!("asked by {name}.")), "{said}");
    }
}
