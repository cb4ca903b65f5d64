//! Why a role may not do something in a database.

use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::{Value, json};

use super::case::Case;
use super::run_remedy;
use crate::harness::Admin;
use crate::scene::Scene;
use crate::users::access::on_each_version;

on_each_version! {
    each_cause_is_met_named_and_mended
    a_statement_with_many_faults_is_mended_step_by_step
    what_nothing_mends_is_named
    what_gives_a_right_is_named
    what_is_not_known_is_said
    a_view_of_the_caller_is_told_from_one_of_its_owner
    a_membership_without_set_is_named
}

/// A cause, and what plants it. `{jane}` is the role, `{s}` a schema with a table `orders (id, a, b)`, `{db}` the database.
struct Planted {
    cause: &'static str,
    plant: &'static str,
    /// After `--on`.
    on: &'static [&'static str],
    /// What is refused at first.
    sql: &'static str,
}

const PLANTED: [Planted; 31] = [
    Planted {
        cause: "table",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    Planted {
        cause: "schema_usage",
        plant: "GRANT SELECT ON {s}.orders TO {jane}",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    // By its bare name it does not exist.
    Planted {
        cause: "schema_usage",
        plant: "GRANT SELECT ON {s}.orders TO {jane}; ALTER ROLE {jane} SET search_path = {s}",
        on: &["orders"],
        sql: "SELECT * FROM orders",
    },
    Planted {
        cause: "search_path",
        plant: "CREATE TABLE {s}.only_{s} (a int); GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.only_{s} TO {jane}",
        on: &["only_{s}"],
        sql: "SELECT * FROM only_{s}",
    },
    Planted {
        cause: "column",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT (id, a) ON {s}.orders TO {jane}",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    Planted {
        cause: "column",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT (id, a) ON {s}.orders TO {jane}",
        on: &["{s}.orders", "--column", "a", "--column", "b"],
        sql: "SELECT a, b FROM {s}.orders",
    },
    Planted {
        cause: "no_inherit",
        plant: "CREATE ROLE {jane}_g; ALTER ROLE {jane} NOINHERIT; GRANT {jane}_g TO {jane};
            GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}_g",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    Planted {
        cause: "no_inherit",
        plant: "CREATE ROLE {jane}_g; CREATE ROLE {jane}_m NOINHERIT; GRANT {jane}_g TO {jane}_m; GRANT {jane}_m TO {jane};
            GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}_g",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    Planted {
        cause: "default_privileges",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane};
            ALTER DEFAULT PRIVILEGES IN SCHEMA {s} GRANT SELECT ON TABLES TO {jane}",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    Planted {
        cause: "sequence",
        plant: "CREATE TABLE {s}.numbered (id serial, a int); GRANT USAGE ON SCHEMA {s} TO {jane};
            GRANT INSERT ON {s}.numbered TO {jane}",
        on: &["{s}.numbered", "--action", "insert"],
        sql: "INSERT INTO {s}.numbered (a) VALUES (1)",
    },
    Planted {
        cause: "sequence",
        plant: "CREATE SEQUENCE {s}.q; GRANT USAGE ON SCHEMA {s} TO {jane}",
        on: &["{s}.q", "--kind", "sequence"],
        sql: "SELECT nextval('{s}.q')",
    },
    Planted {
        cause: "table",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT UPDATE ON {s}.orders TO {jane}",
        on: &["{s}.orders", "--action", "update"],
        sql: "UPDATE {s}.orders SET a = 1 WHERE id = 1",
    },
    Planted {
        cause: "table",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.orders TO {jane}",
        on: &["{s}.orders", "--action", "delete"],
        sql: "DELETE FROM {s}.orders WHERE id = 1",
    },
    Planted {
        cause: "table",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}",
        on: &["{s}.orders", "--action", "truncate"],
        sql: "TRUNCATE {s}.orders",
    },
    // Whose rights count is the role's that the login becomes.
    Planted {
        cause: "table",
        plant: "CREATE ROLE {jane}_r; GRANT {jane}_r TO {jane}; ALTER ROLE {jane} SET role = {jane}_r;
            GRANT USAGE ON SCHEMA {s} TO {jane}_r; GRANT SELECT ON {s}.orders TO {jane}",
        on: &["{s}.orders"],
        sql: "SELECT * FROM {s}.orders",
    },
    Planted {
        cause: "rls_none",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
            ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY",
        on: &["{s}.orders", "--action", "insert"],
        sql: "INSERT INTO {s}.orders VALUES (1)",
    },
    Planted {
        cause: "rls_other",
        plant: "CREATE ROLE {jane}_o; GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
            ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY;
            CREATE POLICY p ON {s}.orders FOR INSERT TO {jane}_o WITH CHECK (true)",
        on: &["{s}.orders", "--action", "insert"],
        sql: "INSERT INTO {s}.orders VALUES (1)",
    },
    Planted {
        cause: "rls_force",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; ALTER TABLE {s}.orders OWNER TO {jane};
            ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY",
        on: &["{s}.orders", "--action", "insert"],
        sql: "INSERT INTO {s}.orders VALUES (1)",
    },
    Planted {
        cause: "view_owner",
        plant: "CREATE ROLE {jane}_v; GRANT USAGE ON SCHEMA {s} TO {jane}, {jane}_v;
            CREATE VIEW {s}.v AS SELECT id FROM {s}.orders; ALTER VIEW {s}.v OWNER TO {jane}_v;
            GRANT SELECT ON {s}.v TO {jane}",
        on: &["{s}.v"],
        sql: "SELECT * FROM {s}.v",
    },
    // Two views deep.
    Planted {
        cause: "view_owner",
        plant: "CREATE ROLE {jane}_v; GRANT USAGE ON SCHEMA {s} TO {jane}, {jane}_v;
            CREATE VIEW {s}.v AS SELECT id FROM {s}.orders; ALTER VIEW {s}.v OWNER TO {jane}_v;
            CREATE VIEW {s}.w AS SELECT id FROM {s}.v; GRANT SELECT ON {s}.w TO {jane}",
        on: &["{s}.w"],
        sql: "SELECT * FROM {s}.w",
    },
    Planted {
        cause: "view_function",
        plant: "CREATE FUNCTION {s}.f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END';
            REVOKE EXECUTE ON FUNCTION {s}.f() FROM PUBLIC; CREATE VIEW {s}.v AS SELECT {s}.f() AS n;
            GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.v TO {jane}",
        on: &["{s}.v"],
        sql: "SELECT * FROM {s}.v",
    },
    Planted {
        cause: "execute",
        plant: "CREATE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql AS 'SELECT 1';
            CREATE FUNCTION {s}.f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
            REVOKE EXECUTE ON FUNCTION {s}.f(int) FROM PUBLIC; GRANT USAGE ON SCHEMA {s} TO {jane}",
        on: &["{s}.f(integer)", "--kind", "function"],
        sql: "SELECT {s}.f(1)",
    },
    Planted {
        cause: "ownership",
        plant: "CREATE ROLE {jane}_w; GRANT USAGE ON SCHEMA {s} TO {jane}; ALTER TABLE {s}.orders OWNER TO {jane}_w",
        on: &["{s}.orders", "--action", "alter"],
        sql: "ALTER TABLE {s}.orders ADD c int",
    },
    Planted {
        cause: "ownership",
        plant: "CREATE ROLE {jane}_w; GRANT USAGE ON SCHEMA {s} TO {jane};
            CREATE MATERIALIZED VIEW {s}.m AS SELECT 1 AS one; ALTER MATERIALIZED VIEW {s}.m OWNER TO {jane}_w",
        on: &["{s}.m", "--action", "refresh"],
        sql: "REFRESH MATERIALIZED VIEW {s}.m",
    },
    Planted {
        cause: "read_only_role",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
            ALTER ROLE {jane} SET default_transaction_read_only = on",
        on: &["{s}.orders", "--action", "insert"],
        sql: "INSERT INTO {s}.orders VALUES (1)",
    },
    Planted {
        cause: "read_only_role",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane};
            ALTER ROLE {jane} IN DATABASE {db} SET default_transaction_read_only = 'Y'",
        on: &["{s}.orders", "--action", "insert"],
        sql: "INSERT INTO {s}.orders VALUES (1)",
    },
    Planted {
        cause: "db_create",
        plant: "",
        on: &["{db}", "--kind", "database"],
        sql: "CREATE SCHEMA {s}_new",
    },
    Planted {
        cause: "schema_create",
        plant: "GRANT USAGE ON SCHEMA {s} TO {jane}",
        on: &["{s}", "--kind", "schema", "--action", "create"],
        sql: "CREATE TABLE {s}.mine (a int)",
    },
    Planted {
        cause: "type_usage",
        plant: "CREATE TYPE {s}.mood AS ENUM ('good'); REVOKE USAGE ON TYPE {s}.mood FROM PUBLIC;
            GRANT USAGE, CREATE ON SCHEMA {s} TO {jane}",
        on: &["{s}.mood", "--kind", "type"],
        sql: "CREATE TABLE {s}.moods (m {s}.mood)",
    },
    Planted {
        cause: "not_member",
        plant: "CREATE ROLE {jane}_g",
        on: &["{jane}_g", "--kind", "role"],
        sql: "SET ROLE {jane}_g",
    },
    Planted {
        cause: "large_object",
        plant: "SELECT lo_create(4711)",
        on: &["4711", "--kind", "large-object"],
        sql: "SELECT lo_get(4711)",
    },
];

/// One after another, and all that are wrong are told.
fn each_cause_is_met_named_and_mended(scene: &mut Scene) {
    let mut wrong = Vec::new();
    for (place, planted) in PLANTED.iter().enumerate() {
        let tried = catch_unwind(AssertUnwindSafe(|| {
            let case = Case::plant(scene, place, planted.plant);
            case.mended(planted);
        }));
        if let Err(why) = tried {
            let why = why.downcast_ref::<String>().cloned();
            wrong.push(format!(
                "{place} {}: {}",
                planted.cause,
                why.unwrap_or_default()
            ));
        }
    }
    for (place, (setting, cause, on, sql)) in OF_THE_DATABASE.into_iter().enumerate() {
        let case = Case::plant(scene, PLANTED.len() + place, "");
        case.psql("GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane}");
        scene.cluster.psql("postgres", &case.filled(setting));
        case.mended(&Planted {
            cause,
            plant: "",
            on,
            sql,
        });
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

type OfTheDatabase = (
    &'static str,
    &'static str,
    &'static [&'static str],
    &'static str,
);
const OF_THE_DATABASE: [OfTheDatabase; 2] = [
    (
        "REVOKE TEMPORARY ON DATABASE {db} FROM PUBLIC",
        "temp",
        &["{db}", "--kind", "database", "--action", "temporary"],
        "CREATE TEMPORARY TABLE passing (a int)",
    ),
    (
        "ALTER DATABASE {db} SET default_transaction_read_only = on",
        "read_only_database",
        &["{s}.orders", "--action", "insert"],
        "INSERT INTO {s}.orders VALUES (1)",
    ),
];

impl Case<'_> {
    fn mended(&self, planted: &Planted) {
        let met = self.refusal(planted.sql);
        assert!(met.is_some(), "it is not refused: {}", planted.sql);
        let row = self.explain_refusal(planted.on);
        assert_eq!(row["cause"], planted.cause, "{row}");
        assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
        run_remedy(self.scene, &row);
        assert_eq!(self.refusal(planted.sql), None, "{row}");
        assert_eq!(self.explain(planted.on)["access"], "can", "{row}");
    }
}

fn a_statement_with_many_faults_is_mended_step_by_step(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE TABLE {s}.numbered (id serial, a int); ALTER TABLE {s}.numbered ENABLE ROW LEVEL SECURITY;
         ALTER ROLE {jane} SET default_transaction_read_only = on",
    );
    let (on, sql) = (
        ["{s}.numbered", "--action", "insert"],
        "INSERT INTO {s}.numbered (a) VALUES (1)",
    );
    let causes = [
        "schema_usage",
        "read_only_role",
        "table",
        "sequence",
        "rls_none",
    ];
    for (done, cause) in causes.into_iter().enumerate() {
        let met = case.refusal(sql);
        let row = case.explain_refusal(&on);
        assert_eq!(row["cause"], cause, "{row}");
        assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
        let next = row["next"].as_array().expect("a list").iter();
        let next: Vec<_> = next.map(|next| next["cause"].as_str()).collect();
        let wanted: Vec<_> = causes[done + 1..]
            .iter()
            .map(|cause| Some(*cause))
            .collect();
        assert_eq!(next, wanted, "{row}");
        run_remedy(scene, &row);
    }
    assert_eq!(case.refusal(sql), None);
}

fn what_nothing_mends_is_named(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE TABLE {s}.\"Mixed\" (a int); CREATE VIEW {s}.v AS SELECT 1 AS one; GRANT USAGE ON SCHEMA {s} TO {jane};
         GRANT ALL ON ALL TABLES IN SCHEMA {s} TO {jane}",
    );
    for (on, sql, cause) in [
        (&["{s}.Mixed"][..], "SELECT * FROM {s}.Mixed", "case_folded"),
        (&["{s}.nothing"], "SELECT * FROM {s}.nothing", "no_object"),
        (
            &["{s}.nothing()", "--kind", "function"],
            "SELECT {s}.nothing()",
            "no_object",
        ),
        (
            &["{s}.v", "--action", "truncate"],
            "TRUNCATE {s}.v",
            "wrong_kind",
        ),
        (
            &["{s}.v", "--action", "insert"],
            "INSERT INTO {s}.v VALUES (1)",
            "wrong_kind",
        ),
    ] {
        let row = case.explain_refusal(on);
        assert_eq!(row["cause"], cause, "{row}");
        let met = case.refusal(sql);
        assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
        assert_eq!(row["remedy"], Value::Null, "{row}");
    }
    // As it is written it can.
    assert_eq!(case.explain(&["{s}.\"Mixed\""])["access"], "can");
}

fn what_gives_a_right_is_named(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE ROLE {jane}_g; CREATE ROLE {jane}_h; GRANT {jane}_g TO {jane}; GRANT {jane}_h TO {jane}_g;
         GRANT USAGE ON SCHEMA {s} TO {jane}",
    );
    let group = format!("group \"{}_h\"", case.jane.name);
    let itself = format!("role \"{}\"", case.jane.name);
    for (statement, through) in [
        ("GRANT SELECT ON {s}.orders TO {jane}_h", json!([group])),
        (
            "GRANT SELECT ON {s}.orders TO {jane}",
            json!([group, itself]),
        ),
        (
            "GRANT SELECT ON {s}.orders TO PUBLIC",
            json!(["PUBLIC", group, itself]),
        ),
        (
            "REVOKE ALL ON {s}.orders FROM {jane}, {jane}_h, PUBLIC",
            Value::Null,
        ),
        (
            "ALTER TABLE {s}.orders OWNER TO {jane}",
            json!(["ownership"]),
        ),
    ] {
        case.psql(statement);
        let row = case.explain(&["{s}.orders"]);
        if through == Value::Null {
            assert_eq!(row["access"], "cannot", "{row}");
        } else {
            assert_eq!(row["access"], "can", "{row}");
            assert_eq!(row["through"], through, "{row}");
        }
    }
    let row = scene
        .pgrole("explain", &[scene.cluster.superuser(), "--on", "s0.orders"])
        .run()
        .json();
    assert_eq!(row["through"], json!(["superuser"]), "{row}");
}

fn what_is_not_known_is_said(scene: &mut Scene) {
    let case = Case::plant(
        scene,
        0,
        "CREATE FUNCTION {s}.f(int) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
         CREATE FUNCTION {s}.f(text) RETURNS int LANGUAGE sql AS 'SELECT 1';
         CREATE POLICY p ON {s}.orders USING (a = 1); ALTER TABLE {s}.orders ENABLE ROW LEVEL SECURITY;
         CREATE VIEW {s}.v AS SELECT id FROM {s}.orders;
         GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT ALL ON ALL TABLES IN SCHEMA {s} TO {jane}",
    );
    for (on, verdict, unknown) in [
        (
            &["{s}.f", "--kind", "function"][..],
            "unknown",
            "name the types of its arguments",
        ),
        (
            &["{s}.f(integer)", "--kind", "function"],
            "can",
            "what the body of",
        ),
        (
            &["{s}.orders"],
            "can",
            "which rows row security lets through",
        ),
        (
            &["{s}.v", "--action", "insert"],
            "unknown",
            "whether the owner of view",
        ),
        (
            &["elsewhere", "--kind", "database"],
            "unknown",
            "must be asked one by one",
        ),
    ] {
        let row = case.explain(on);
        assert_eq!(row["access"], verdict, "{row}");
        assert!(row["unknown"].to_string().contains(unknown), "{row}");
        if Admin::of_this_run() == Admin::Superuser {
            assert_eq!(row["verdict"], verdict, "{row}");
        }
    }
}

fn a_view_of_the_caller_is_told_from_one_of_its_owner(scene: &mut Scene) {
    if scene.cluster.server_version_major() < 15 {
        return;
    }
    let case = Case::plant(
        scene,
        0,
        "CREATE VIEW {s}.v WITH (security_invoker = 'T') AS SELECT id FROM {s}.orders;
         GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT SELECT ON {s}.v TO {jane}",
    );
    case.mended(&Planted {
        cause: "view_invoker",
        plant: "",
        on: &["{s}.v"],
        sql: "SELECT * FROM {s}.v",
    });
}

fn a_membership_without_set_is_named(scene: &mut Scene) {
    if scene.cluster.server_version_major() < 16 {
        return;
    }
    let case = Case::plant(
        scene,
        0,
        "CREATE ROLE {jane}_g; GRANT {jane}_g TO {jane} WITH SET FALSE",
    );
    case.mended(&Planted {
        cause: "set_false",
        plant: "",
        on: &["{jane}_g", "--kind", "role"],
        sql: "SET ROLE {jane}_g",
    });
}
