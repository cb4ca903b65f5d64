//! Causes that need more than a table: extensions, other servers, other makers, row security that hides rows.

use serde_json::{Value, json};

use super::case::Case;
use super::{explain, run_remedy};
use crate::harness::Cluster;
use crate::scene::Scene;
use crate::users::access::on_each_version;

on_each_version! {
    a_tablespace_is_named_and_mended
    a_function_of_an_extension_is_named_and_mended
    a_foreign_table_without_a_user_mapping_is_named_and_mended
    a_publication_is_mended_step_by_step
    default_privileges_of_another_maker_are_named
    rows_that_row_security_hides_are_named_and_mended
    row_security_behind_a_view_is_said
    a_table_that_another_hides_is_said
}

/// Meets the refusal, has it explained, runs the remedy, and meets it no more.
#[track_caller]
fn mended(case: &Case, wanted: &str, on: &[&str], sql: &str) -> Value {
    let met = case.refusal(sql);
    assert!(met.is_some(), "it is not refused: {sql}");
    let row = case.explain_refusal(on);
    assert_eq!(row["cause"], wanted, "{row}");
    assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
    run_remedy(case.scene, &row);
    row
}

#[track_caller]
fn can_now(case: &Case, on: &[&str], sql: &str) {
    assert_eq!(case.refusal(sql), None);
    let row = case.explain(on);
    assert_eq!(row["access"], "can", "{row}");
}

fn a_tablespace_is_named_and_mended(scene: &mut Scene) {
    let case = Case::plant(scene, 0, "GRANT USAGE, CREATE ON SCHEMA {s} TO {jane}");
    let mut superuser = scene.area.superuser_client();
    for statement in [
        "SET allow_in_place_tablespaces = on",
        "CREATE TABLESPACE {jane}_space LOCATION ''",
    ] {
        let statement = case.filled(statement);
        superuser
            .batch_execute(&statement)
            .expect("a superuser may");
    }
    let on = ["{jane}_space", "--kind", "tablespace"];
    let sql = "CREATE TABLE {s}.elsewhere (a int) TABLESPACE {jane}_space";
    mended(&case, "tablespace", &on, sql);
    can_now(&case, &on, sql);
    case.psql("DROP TABLE {s}.elsewhere");
    scene
        .area
        .superuser_psql(&case.filled("DROP TABLESPACE {jane}_space"));
}

fn a_function_of_an_extension_is_named_and_mended(scene: &mut Scene) {
    let case = Case::plant(scene, 0, "GRANT USAGE ON SCHEMA {s} TO {jane}");
    scene.area.superuser_psql(&case.filled(
        "CREATE EXTENSION fuzzystrmatch SCHEMA {s}; REVOKE EXECUTE ON FUNCTION {s}.soundex(text) FROM PUBLIC",
    ));
    let on = ["{s}.soundex(text)", "--kind", "function"];
    let sql = "SELECT {s}.soundex('jane')";
    mended(&case, "extension_function", &on, sql);
    can_now(&case, &on, sql);
}

fn a_foreign_table_without_a_user_mapping_is_named_and_mended(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}",
    );
    let plant = format!(
        "CREATE EXTENSION postgres_fdw;
         CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '{}', port '{}', dbname '{{db}}');
         CREATE FOREIGN TABLE {{s}}.far (id int) SERVER far OPTIONS (schema_name '{{s}}', table_name 'orders');
         GRANT SELECT ON {{s}}.far TO {{jane}}",
        Cluster::HOST,
        scene.cluster.port()
    );
    scene.area.superuser_psql(&case.filled(&plant));
    let on = ["{s}.far"];
    let sql = "SELECT * FROM {s}.far";
    let met = case.refusal(sql);
    let row = case.explain_refusal(&on);
    assert_eq!(row["cause"], "user_mapping", "{row}");
    assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
    // Who the role is on the other server, only the operator knows.
    let remedy = row["remedy"].as_str().expect("a remedy");
    let remedy = remedy.replace("'USER'", &format!("'{}'", case.jane.name));
    let remedy = remedy.replace("'PASSWORD'", &format!("'{}'", case.jane.password));
    scene.psql(&remedy);
    can_now(&case, &on, sql);
    let row = case.explain(&on);
    assert!(
        row["unknown"]
            .to_string()
            .contains("what the other server says"),
        "{row}"
    );
}

fn a_publication_is_mended_step_by_step(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE ROLE {jane}_w; GRANT USAGE ON SCHEMA {s} TO {jane}; ALTER TABLE {s}.orders OWNER TO {jane}_w",
    );
    let on = ["{s}.orders", "--action", "publish"];
    let sql = "CREATE PUBLICATION {jane}_p FOR TABLE {s}.orders";
    mended(&case, "db_create", &on, sql);
    mended(&case, "ownership", &on, sql);
    can_now(&case, &on, sql);
}

fn default_privileges_of_another_maker_are_named(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE ROLE {jane}_m; GRANT USAGE ON SCHEMA {s} TO {jane}; CREATE ROLE {jane}_g; GRANT {jane}_g TO {jane}",
    );
    scene.area.superuser_psql(&case.filled(
        "ALTER DEFAULT PRIVILEGES FOR ROLE {jane}_m IN SCHEMA {s} GRANT SELECT ON TABLES TO {jane}_g",
    ));
    let (on, sql) = (["{s}.orders"], "SELECT * FROM {s}.orders");
    let row = mended(&case, "default_privileges", &on, sql);
    let maker = case.filled("the default privileges are those of \"{jane}_m\"");
    assert!(
        row["message"]
            .to_string()
            .replace('\\', "")
            .contains(&maker),
        "{row}"
    );
    can_now(&case, &on, sql);
}

/// How many rows the statement sees or changes.
fn rows(case: &Case, sql: &str) -> u64 {
    let jane = &case.jane;
    let client = case
        .scene
        .cluster
        .client_as(&jane.name, &jane.password, case.scene.database());
    let mut client = client.expect("the role can log in");
    client
        .execute(&case.filled(sql), &[])
        .expect("it is not refused")
}

fn rows_that_row_security_hides_are_named_and_mended(scene: &mut Scene) {
    let plant = "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT ALL ON {s}.orders TO {jane}; INSERT INTO {s}.orders VALUES (1);
        CREATE ROLE {jane}_o; ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY;";
    let of_others = "CREATE POLICY p ON {s}.orders FOR {action} TO {jane}_o USING (true);";
    let mut place = 0;
    for action in ["select", "update", "delete"] {
        let sql = match action {
            "select" => "SELECT * FROM {s}.orders",
            "update" => "UPDATE {s}.orders SET a = 1 WHERE id = 1",
            _ => "DELETE FROM {s}.orders WHERE id = 1",
        };
        // Without a policy, with another's, and as an owner whom FORCE includes.
        let others = of_others.replace("{action}", action);
        let forced = "ALTER TABLE {s}.orders OWNER TO {jane}, FORCE ROW LEVEL SECURITY;";
        for (more, wanted) in [
            ("", "rls_none"),
            (&others, "rls_other"),
            (forced, "rls_force"),
        ] {
            let case = Case::plant(scene, place, &format!("{plant}{more}"));
            place += 1;
            assert_eq!(rows(&case, sql), 0, "{sql}");
            let on = ["{s}.orders", "--action", action];
            let row = case.explain_refusal(&on);
            assert_eq!(row["cause"], wanted, "{action}: {row}");
            // Nothing is said of it.
            assert_eq!(row["sqlstate"], Value::Null, "{row}");
            run_remedy(scene, &row);
            // Who changes rows by a WHERE must see them, too.
            let row = case.explain(&on);
            if row["access"] == "cannot" {
                assert_ne!(action, "select", "{row}");
                assert_eq!(rows(&case, sql), 0, "{row}");
                run_remedy(scene, &row);
            }
            let row = case.explain(&on);
            assert_eq!(row["access"], "can", "{action}, {wanted}: {row}");
            assert_eq!(rows(&case, sql), 1, "{action}, {wanted}");
            let limit = "which rows row security lets through";
            let is_said = row["unknown"].to_string().contains(limit);
            assert_eq!(is_said, wanted != "rls_force", "{row}");
        }
    }
}

fn row_security_behind_a_view_is_said(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE ROLE {jane}_v; GRANT USAGE ON SCHEMA {s} TO {jane}, {jane}_v; INSERT INTO {s}.orders VALUES (1);
         GRANT SELECT ON {s}.orders TO {jane}_v; ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY;
         CREATE VIEW {s}.v AS SELECT id FROM {s}.orders; ALTER VIEW {s}.v OWNER TO {jane}_v;
         CREATE VIEW {s}.own AS SELECT id FROM {s}.orders; GRANT SELECT ON {s}.v, {s}.own TO {jane}",
    );
    assert_eq!(rows(&case, "SELECT * FROM {s}.v"), 0);
    let row = case.explain(&["{s}.v"]);
    assert_eq!(row["access"], "can", "{row}");
    let said = row["unknown"].to_string().replace('\\', "");
    let wanted = case.filled("which rows of {s}.orders row security lets through to \"{jane}_v\"");
    assert!(said.contains(&wanted), "{row}");
    // The table's owner sees all.
    assert_eq!(rows(&case, "SELECT * FROM {s}.own"), 1);
    let row = case.explain(&["{s}.own"]);
    assert!(
        !row["unknown"].to_string().contains("row security"),
        "{row}"
    );
}

fn a_table_that_another_hides_is_said(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE SCHEMA {s}_first; CREATE TABLE {s}_first.orders (other int); GRANT USAGE ON SCHEMA {s}, {s}_first TO {jane};
         GRANT SELECT ON {s}.orders, {s}_first.orders TO {jane}; ALTER ROLE {jane} SET search_path = {s}_first, {s}",
    );
    // A column that is there, in the other one.
    assert_eq!(
        case.refusal("SELECT a FROM orders").as_deref(),
        Some("42703")
    );
    assert_eq!(case.refusal("SELECT a FROM {s}.orders"), None);
    let row = case.explain(&["{s}.orders"]);
    assert_eq!(row["access"], "can", "{row}");
    let wanted = case.filled("by its bare name it is {s}_first.orders");
    assert!(row["unknown"].to_string().contains(&wanted), "{row}");
    let row = case.explain(&["{s}_first.orders"]);
    assert!(!row["unknown"].to_string().contains("bare name"), "{row}");
    let outcome = explain(scene, &case.jane.name, &["--sql", "SELECT a FROM orders"]);
    let row = outcome.json();
    assert_eq!(
        (&row["cause"], &row["sqlstate"]),
        (&json!("refused"), &json!("42703")),
        "{row}"
    );
}
