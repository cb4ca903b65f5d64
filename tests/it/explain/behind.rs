//! What a table computes by itself, and what is behind a policy, a rule or a view: it needs rights of the caller's, too.

use serde_json::Value;

use super::case::Case;
use super::{explain, explain_refusal, run_remedy};
use crate::scene::Scene;
use crate::users::access::on_each_version;

on_each_version! {
    what_is_computed_is_met_named_and_mended
    what_may_not_be_computed_is_unknown
    a_value_that_is_given_takes_no_default
    what_needs_no_right_can
}

/// Of everybody's functions, EXECUTE is taken away; `{jane}` has all rights on the tables.
const GROUND: &str = "GRANT USAGE, CREATE ON SCHEMA {s} TO {jane};
    CREATE FUNCTION {s}.f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
    CREATE FUNCTION {s}.same(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN $1; END';
    CREATE FUNCTION {s}.fits(int) RETURNS boolean IMMUTABLE LANGUAGE plpgsql AS 'BEGIN RETURN true; END';
    REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA {s} FROM PUBLIC; CREATE TABLE {s}.secret (id int);";

/// A cause, what plants it on a table `t (a)`, the action, and the statement.
const PLANTED: [(&str, &str, &str, &str); 12] = [
    (
        "expression",
        "CREATE TABLE {s}.t (a int, b int DEFAULT {s}.f())",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "expression",
        "CREATE TABLE {s}.t (a int CHECK ({s}.fits(a)))",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "expression",
        "CREATE TABLE {s}.t (a int); INSERT INTO {s}.t VALUES (1); ALTER TABLE {s}.t ADD CHECK ({s}.fits(a))",
        "update",
        "UPDATE {s}.t SET a = 2 WHERE a = 1",
    ),
    (
        "expression",
        "CREATE TABLE {s}.t (a int, b int GENERATED ALWAYS AS ({s}.same(a)) STORED)",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "expression",
        "CREATE TABLE {s}.t (a int); CREATE INDEX ON {s}.t ({s}.same(a))",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "expression",
        "CREATE TABLE {s}.t (a int); CREATE INDEX ON {s}.t (a) WHERE {s}.fits(a)",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "expression",
        "CREATE DOMAIN {s}.d AS int CHECK ({s}.fits(VALUE)); CREATE TABLE {s}.t (a {s}.d)",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "expression",
        "CREATE TABLE {s}.t (a int) PARTITION BY RANGE ({s}.same(a)); CREATE TABLE {s}.rest PARTITION OF {s}.t DEFAULT",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "policy",
        "CREATE TABLE {s}.t (a int); CREATE POLICY p ON {s}.t USING ({s}.fits(a)); ALTER TABLE {s}.t ENABLE ROW LEVEL SECURITY",
        "select",
        "SELECT * FROM {s}.t",
    ),
    (
        "policy",
        "CREATE TABLE {s}.t (a int); CREATE POLICY p ON {s}.t USING (a IN (SELECT id FROM {s}.secret));
         ALTER TABLE {s}.t ENABLE ROW LEVEL SECURITY",
        "select",
        "SELECT * FROM {s}.t",
    ),
    (
        "policy",
        "CREATE TABLE {s}.t (a int); CREATE POLICY p ON {s}.t USING (true) WITH CHECK (a NOT IN (SELECT id FROM {s}.secret));
         ALTER TABLE {s}.t ENABLE ROW LEVEL SECURITY",
        "insert",
        "INSERT INTO {s}.t (a) VALUES (1)",
    ),
    (
        "view_owner",
        "CREATE MATERIALIZED VIEW {s}.t AS SELECT id FROM {s}.secret; ALTER MATERIALIZED VIEW {s}.t OWNER TO {jane}",
        "refresh",
        "REFRESH MATERIALIZED VIEW {s}.t",
    ),
];

fn plant<'a>(scene: &'a Scene<'a>, place: usize, table: &str) -> Case<'a> {
    let case = Case::plant(scene, place, GROUND);
    case.psql(table);
    if !table.contains("MATERIALIZED") {
        case.psql("GRANT ALL ON {s}.t TO {jane}");
    }
    case
}

fn what_is_computed_is_met_named_and_mended(scene: &mut Scene) {
    for (place, (cause, table, action, sql)) in PLANTED.into_iter().enumerate() {
        let case = plant(scene, place, table);
        let met = case.refusal(sql);
        assert_eq!(met.as_deref(), Some("42501"), "it is not refused: {table}");
        let row = case.explain_refusal(&["{s}.t", "--action", action]);
        assert_eq!(
            (&row["cause"], &row["sqlstate"]),
            (&cause.into(), &"42501".into()),
            "{table}: {row}"
        );
        if action != "refresh" {
            let filled = case.filled(sql);
            let planned = explain_refusal(scene, &case.jane.name, &["--sql", &filled]);
            assert_eq!(planned["cause"], cause, "{table}: {planned}");
            assert_eq!(planned["remedy"], row["remedy"], "{table}: {planned}");
        }
        run_remedy(scene, &row);
        assert_eq!(case.refusal(sql), None, "{row}");
        let row = case.explain(&["{s}.t", "--action", action]);
        assert_eq!(row["access"], "can", "{table}: {row}");
    }
}

fn what_may_not_be_computed_is_unknown(scene: &mut Scene) {
    for (place, (table, action, wanted)) in [
        (
            "CREATE TABLE {s}.t (a int, b int); CREATE INDEX ON {s}.t ({s}.same(b))",
            "update",
            "index {s}.t_same_idx calls {s}.same(integer)",
        ),
        (
            "CREATE TABLE {s}.t (a int); CREATE RULE r AS ON DELETE TO {s}.t DO ALSO DELETE FROM {s}.secret",
            "delete",
            "what the rules on {s}.t do",
        ),
        (
            "CREATE SEQUENCE {s}.q; CREATE VIEW {s}.t AS SELECT nextval('{s}.q') AS a",
            "select",
            "takes from sequence {s}.q",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let case = plant(scene, place, table);
        let row = case.explain(&["{s}.t", "--action", action]);
        assert_eq!(row["access"], "unknown", "{table}: {row}");
        let wanted = case.filled(wanted);
        assert!(row["unknown"].to_string().contains(&wanted), "{row}");
    }
    let case = plant(
        scene,
        3,
        "CREATE TABLE {s}.t (a int, b int DEFAULT {s}.f())",
    );
    let row = case.explain(&["{s}.t", "--action", "update"]);
    assert_eq!(row["access"], "can", "no default is taken: {row}");
}

fn a_value_that_is_given_takes_no_default(scene: &mut Scene) {
    let case = plant(scene, 0, "CREATE TABLE {s}.t (a serial, b int)");
    for (listed, verdict) in [("a", "can"), ("b", "cannot")] {
        let on = ["{s}.t", "--action", "insert", "--column", listed];
        assert_eq!(case.explain(&on)["access"], verdict, "{listed}");
    }
    let of = |sql: &str| {
        let row = explain(scene, &case.jane.name, &["--sql", &case.filled(sql)]).json();
        (row["access"].clone(), row["unknown"].to_string())
    };
    for (sql, verdict) in [
        ("INSERT INTO {s}.t (a) VALUES (1)", "unknown"),
        ("INSERT INTO {s}.t VALUES (1)", "unknown"),
        ("INSERT INTO {s}.t (b) VALUES (1)", "cannot"),
    ] {
        assert_eq!(case.refusal(sql).is_some(), verdict == "cannot", "{sql}");
        assert_eq!(of(sql).0, verdict, "{sql}");
    }
    let (access, why) = of("INSERT INTO {s}.t DEFAULT VALUES");
    assert_eq!(access, "unknown");
    assert!(why.contains("whether it takes a default"), "{why}");
    let row = case.explain_refusal(&["{s}.t", "--column", "Nope"]);
    assert_eq!(
        (&row["cause"], &row["sqlstate"], &row["remedy"]),
        (&"no_object".into(), &"42703".into(), &Value::Null),
        "{row}"
    );
}

fn what_needs_no_right_can(scene: &mut Scene) {
    let case = plant(scene, 0, "CREATE SEQUENCE {s}.t");
    // A sequence is read like a table.
    assert_eq!(case.refusal("SELECT last_value FROM {s}.t"), None);
    assert_eq!(case.explain(&["{s}.t"])["access"], "can");
    case.psql("REVOKE ALL ON SEQUENCE {s}.t FROM {jane}");
    let row = case.explain_refusal(&["{s}.t"]);
    run_remedy(scene, &row);
    assert_eq!(case.refusal("SELECT last_value FROM {s}.t"), None);
    // The tablespace of the database itself is open to all.
    let made = "CREATE TABLE {s}.made (a int) TABLESPACE pg_default";
    assert_eq!(case.refusal(made), None);
    let row = case.explain(&["pg_default", "--kind", "tablespace"]);
    assert_eq!(row["access"], "can", "{row}");
}
