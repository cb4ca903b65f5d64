//! Whether nothing lacks is asked in a small reading of its own. What it answers must be what the whole reading answers:
//! a profile that names a routine is always planned from that one, and so is the judge here.

use serde_json::{Value, json};

use crate::harness::{Outcome, skip_unless_superuser};
use crate::scene::Scene;
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    objects_are_judged_as_the_whole_reading_judges_them
    groups_are_judged_as_the_whole_reading_judges_them
    creators_are_judged_as_the_whole_reading_judges_them
    excess_is_judged_as_the_whole_reading_judges_it
    what_surrounds_the_login_is_told_as_by_the_whole_reading
}

/// The routine that a profile names so that everything is read; it does not exist, which is warned of.
const NAMED: &str = "pgrole_nowhere.none()";

/// What a planted state has in store for a new login, beside what it would get anyway.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Shows {
    Nothing,
    /// More statements, a warning, or a refusal.
    Something,
}

use Shows::{Nothing, Something};

/// A state, the statements that make it, and those that take it back.
type State = (Shows, &'static str, &'static str);

/// A database in which nothing lacks.
struct Steady<'s, 'a> {
    scene: &'s Scene<'a>,
    reader: String,
}

impl<'s, 'a> Steady<'s, 'a> {
    fn new(scene: &'s Scene<'a>) -> Self {
        let owner = make_role(scene, "owner", "").name;
        make_role(scene, "other", "");
        make_role(scene, "third", "");
        scene.psql(&format!(
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE SCHEMA app AUTHORIZATION {owner}; SET ROLE {owner};
             CREATE TABLE app.t (id serial, name text); CREATE VIEW app.v AS SELECT 1 AS one;
             CREATE TABLE app.i (id bigint GENERATED ALWAYS AS IDENTITY); CREATE SEQUENCE app.s"
        ));
        let reader = scene.create("readonly", "reader").name;
        scene.create("devqa", "writer");
        Self { scene, reader }
    }

    fn sql(&self, sql: &str) -> String {
        let scene = self.scene;
        let role = |name: &str| scene.role(name);
        sql.replace("{readers}", &role("readonly"))
            .replace("{writers}", &role("readwrite"))
            .replace("{ddl}", &role("ddl"))
            .replace("{owner}", &role("owner"))
            .replace("{other}", &role("other"))
            .replace("{third}", &role("third"))
            .replace("{db}", scene.database())
            .replace("{admin}", crate::harness::Cluster::SUPERUSER)
    }

    /// Plants each state, and takes it back.
    #[track_caller]
    fn expect_each(&self, states: &[State]) {
        self.expect_same(Nothing, "as it was made");
        for (shows, plant, undo) in states {
            self.scene.psql(&self.sql(plant));
            self.expect_same(*shows, plant);
            self.scene.psql(&self.sql(undo));
        }
        self.expect_same(Nothing, "as it was made");
    }

    /// Asserts that both readings lead to the same, for a new login and for an existing one.
    #[track_caller]
    fn expect_same(&self, wanted: Shows, what: &str) {
        let mut shown = Vec::new();
        let commands: [(&str, &str); 4] = [
            ("user readonly", "new"),
            ("user devqa", "new"),
            ("user readonly", "reader"),
            ("access grant --level readwrite", "reader"),
        ];
        for (command, role) in commands {
            let small = self.planned(command, role, false);
            let whole = self.planned(command, role, true);
            assert_eq!(small.said, whole.said, "{what}\n{command} {role}");
            assert!(whole.read_whole, "{what}\n{command} {role}");
            shown.push(small);
        }
        let plain = json!([3, 0, Value::Null]);
        let new = &shown[..2];
        let is_plain = new.iter().all(|planned| planned.said["in_short"] == plain);
        assert_eq!(is_plain, wanted == Nothing, "{what}\n{shown:#?}");
        if is_plain {
            assert!(!new.iter().any(|it| it.read_whole), "{what}\n{shown:#?}");
        }
    }

    /// What a command would do, and says.
    fn planned(&self, command: &str, role: &str, by_whole_reading: bool) -> Planned {
        let scene = self.scene;
        let role = match role {
            "reader" => self.reader.clone(),
            role => scene.role(role),
        };
        let named = format!("execute = [\"{NAMED}\"]\n");
        let config = ["readonly", "devqa"].map(|profile| format!("[profiles.{profile}]\n{named}"));
        let config = config.concat();
        scene
            .sandbox
            .write_config(if by_whole_reading { &config } else { "" });
        let outcome = scene
            .pgrole(command, &["-u", &role, "--dry-run", "-vv"])
            .run();
        Planned {
            said: said(&outcome),
            read_whole: outcome.stderr.contains("the role and the access group"),
        }
    }
}

#[derive(Debug)]
struct Planned {
    said: Value,
    /// Whether the whole reading was asked for.
    read_whole: bool,
}

fn said(outcome: &Outcome) -> Value {
    if outcome.status() != Some(0) {
        // After the steps.
        let last = outcome.stderr.lines().last().unwrap_or_default();
        let said: Value = serde_json::from_str(last).unwrap_or_else(|_| panic!("{outcome}"));
        let mut error = said["error"].clone();
        error["in_short"] = json!("refused");
        return error;
    }
    let mut row = outcome.json();
    let warnings = row["warnings"].as_array().cloned().unwrap_or_default();
    let of_state = |warning: &&Value| !warning.as_str().expect("a text").contains(NAMED);
    let warnings: Vec<_> = warnings.iter().filter(of_state).cloned().collect();
    let count = row["statements"].as_array().map_or(0, Vec::len);
    row["in_short"] = json!([count, warnings.len(), row["error"]]);
    row["warnings"] = json!(warnings);
    row["audit_anchor"] = Value::Null;
    row
}

fn objects_are_judged_as_the_whole_reading_judges_them(scene: &mut Scene) {
    let steady = Steady::new(scene);
    steady.expect_each(&[
        (
            Something,
            "REVOKE SELECT ON app.t FROM {readers}, {writers}",
            "GRANT SELECT ON app.t TO {readers}; GRANT SELECT ON app.t TO {writers}",
        ),
        (
            Something,
            "REVOKE INSERT ON app.t FROM {writers}",
            "GRANT INSERT ON app.t TO {writers}",
        ),
        (
            Something,
            "REVOKE ALL ON app.v FROM {readers}; GRANT SELECT (one) ON app.v TO {readers}",
            "REVOKE SELECT (one) ON app.v FROM {readers}; GRANT SELECT ON app.v TO {readers}",
        ),
        (
            Something,
            "REVOKE ALL ON SEQUENCE app.s FROM {readers}",
            "GRANT SELECT ON SEQUENCE app.s TO {readers}",
        ),
        (
            Something,
            "REVOKE UPDATE ON SEQUENCE app.t_id_seq FROM {writers}",
            "GRANT UPDATE ON SEQUENCE app.t_id_seq TO {writers}",
        ),
        // The sequence of an identity column needs no grant.
        (
            Nothing,
            "REVOKE ALL ON SEQUENCE app.i_id_seq FROM {readers}, {writers}",
            "GRANT SELECT ON SEQUENCE app.i_id_seq TO {readers};
             GRANT SELECT, USAGE, UPDATE ON SEQUENCE app.i_id_seq TO {writers}",
        ),
        // What PUBLIC has, the group has.
        (
            Nothing,
            "REVOKE ALL ON app.v FROM {readers}; GRANT SELECT ON app.v TO PUBLIC",
            "REVOKE ALL ON app.v FROM PUBLIC; GRANT SELECT ON app.v TO {readers}",
        ),
        // By another grantor than the owner.
        (
            Nothing,
            "REVOKE ALL ON app.v FROM {readers}; GRANT USAGE ON SCHEMA app TO {other};
             GRANT SELECT ON app.v TO {other} WITH GRANT OPTION; SET ROLE {other}; GRANT SELECT ON app.v TO {readers}",
            "REVOKE ALL ON app.v FROM {other} CASCADE; REVOKE USAGE ON SCHEMA app FROM {other};
             GRANT SELECT ON app.v TO {readers}",
        ),
        (
            Something,
            "SET ROLE {owner}; CREATE MATERIALIZED VIEW app.m AS SELECT 1; REVOKE ALL ON app.m FROM {readers}",
            "DROP MATERIALIZED VIEW app.m",
        ),
        (
            Something,
            "SET ROLE {owner}; CREATE TABLE app.p (id int) PARTITION BY LIST (id);
             CREATE TABLE app.p1 PARTITION OF app.p DEFAULT; REVOKE ALL ON app.p1 FROM {writers}",
            "DROP TABLE app.p",
        ),
        (
            Nothing,
            "SET ROLE {owner}; CREATE INDEX late ON app.t (name)",
            "DROP INDEX app.late",
        ),
        // Its own: nothing lacks for it, and for the other group there is one more role that creates.
        (
            Something,
            "CREATE TABLE app.own (id int); ALTER TABLE app.own OWNER TO {readers};
             GRANT SELECT, INSERT, UPDATE, DELETE ON app.own TO {writers}",
            "DROP TABLE app.own",
        ),
    ]);
}

/// What the groups can be made into; `{mark}` makes the mark again.
const GROUPS: [State; 18] = [
    (
        Something,
        "REVOKE USAGE ON SCHEMA app FROM {readers}",
        "GRANT USAGE ON SCHEMA app TO {readers}",
    ),
    // What is granted to PUBLIC alone is granted to the group too.
    (
        Something,
        "REVOKE USAGE ON SCHEMA app FROM {readers}; GRANT USAGE ON SCHEMA app TO PUBLIC",
        "GRANT USAGE ON SCHEMA app TO {readers}; REVOKE USAGE ON SCHEMA app FROM PUBLIC",
    ),
    (
        Something,
        "REVOKE CONNECT ON DATABASE {db} FROM {readers}",
        "GRANT CONNECT ON DATABASE {db} TO {readers}",
    ),
    (
        Something,
        "REVOKE TEMPORARY ON DATABASE {db} FROM PUBLIC",
        "GRANT TEMPORARY ON DATABASE {db} TO PUBLIC",
    ),
    (
        Something,
        "CREATE SCHEMA late AUTHORIZATION {owner}; REVOKE ALL ON SCHEMA late FROM {readers}",
        "DROP SCHEMA late",
    ),
    (
        Something,
        "ALTER ROLE {readers} LOGIN",
        "ALTER ROLE {readers} NOLOGIN",
    ),
    (
        Something,
        "ALTER ROLE {readers} PASSWORD 'a password of a test'",
        "ALTER ROLE {readers} PASSWORD NULL",
    ),
    (
        Something,
        "ALTER ROLE {readers} VALID UNTIL '2040-01-01'",
        "UPDATE pg_authid SET rolvaliduntil = NULL WHERE rolname = '{readers}'",
    ),
    (
        Something,
        "GRANT {other} TO {readers}",
        "REVOKE {other} FROM {readers}",
    ),
    (
        Something,
        "GRANT {readers} TO {other} WITH ADMIN OPTION",
        "REVOKE {readers} FROM {other}",
    ),
    (
        Nothing,
        "GRANT {readers} TO {third} WITH ADMIN OPTION; ALTER ROLE {third} SUPERUSER",
        "ALTER ROLE {third} NOSUPERUSER; REVOKE {readers} FROM {third}",
    ),
    (Something, "COMMENT ON ROLE {readers} IS NULL", "{mark}"),
    (
        Something,
        "COMMENT ON ROLE {readers} IS 'pgrole: access=readonly database={db}'",
        "{mark}",
    ),
    (
        Something,
        "COMMENT ON ROLE {readers} IS 'pgrole: access=readonly oid=1 database={db}'",
        "{mark}",
    ),
    (
        Something,
        "COMMENT ON ROLE {readers} IS 'pgrole: access=readwrite oid=1 database={db}'",
        "{mark}",
    ),
    // The ddl group creates, whoever made it.
    (
        Something,
        "CREATE ROLE {ddl}; COMMENT ON ROLE {ddl} IS 'by hand'; GRANT {ddl} TO {other}",
        "DROP ROLE {ddl}",
    ),
    (
        Something,
        "ALTER DATABASE {db} IS_TEMPLATE true",
        "ALTER DATABASE {db} IS_TEMPLATE false",
    ),
    (
        Something,
        "GRANT CREATE ON SCHEMA app TO PUBLIC",
        "REVOKE CREATE ON SCHEMA app FROM PUBLIC",
    ),
];

fn groups_are_judged_as_the_whole_reading_judges_them(scene: &mut Scene) {
    if skip_unless_superuser("the groups are made into what a group cannot be") {
        return;
    }
    let steady = Steady::new(scene);
    let mark = scene.mark("readonly");
    let mark = format!("COMMENT ON ROLE {{readers}} IS '{mark}'");
    steady.expect_same(Nothing, "as it was made");
    for (shows, plant, undo) in GROUPS {
        scene.psql(&steady.sql(plant));
        steady.expect_same(shows, plant);
        scene.psql(&steady.sql(&undo.replace("{mark}", &mark)));
    }
    steady.expect_same(Nothing, "as it was made");
    scene.psql(&steady.sql(
        "CREATE ROLE {ddl}; COMMENT ON ROLE {ddl} IS 'by hand'; GRANT {ddl} TO {other} WITH ADMIN OPTION;
         GRANT CREATE ON SCHEMA app TO {ddl}",
    ));
    steady.expect_same(Something, "the ddl group and its members create");
}

fn creators_are_judged_as_the_whole_reading_judges_them(scene: &mut Scene) {
    if skip_unless_superuser("creators of every kind are a superuser's to make") {
        return;
    }
    let steady = Steady::new(scene);
    let mut states: Vec<State> = vec![
        (
            Something,
            "GRANT CREATE ON SCHEMA app TO {other}",
            "REVOKE CREATE ON SCHEMA app FROM {other}",
        ),
        (
            Something,
            "GRANT CREATE ON DATABASE {db} TO {other}",
            "REVOKE CREATE ON DATABASE {db} FROM {other}",
        ),
        (Something, "GRANT {owner} TO {other}", "REVOKE {owner} FROM {other}"),
        (
            Something,
            "CREATE ROLE {db}_between; GRANT {owner} TO {db}_between; GRANT {db}_between TO {other};
             ALTER DEFAULT PRIVILEGES FOR ROLE {db}_between GRANT SELECT ON TABLES TO {readers}",
            "DROP OWNED BY {db}_between; DROP ROLE {db}_between",
        ),
        (
            Something,
            "GRANT USAGE, CREATE ON SCHEMA app TO {other}; SET ROLE {other};
             CREATE TABLE app.theirs (id int); GRANT SELECT ON app.theirs TO {readers};
             GRANT SELECT, INSERT, UPDATE, DELETE ON app.theirs TO {writers}; RESET ROLE;
             REVOKE USAGE, CREATE ON SCHEMA app FROM {other}",
            "DROP TABLE app.theirs",
        ),
        (
            Something,
            "ALTER DATABASE {db} OWNER TO {other}",
            "ALTER DATABASE {db} OWNER TO {admin}",
        ),
        (
            Something,
            "CREATE SCHEMA theirs AUTHORIZATION {other}; GRANT USAGE ON SCHEMA theirs TO {readers};
             GRANT USAGE ON SCHEMA theirs TO {writers}",
            "DROP SCHEMA theirs",
        ),
        // A superuser may create everywhere, and counts if it was named.
        (
            Nothing,
            "ALTER ROLE {other} SUPERUSER; GRANT {owner} TO {other}",
            "REVOKE {owner} FROM {other}; ALTER ROLE {other} NOSUPERUSER",
        ),
        (
            Something,
            "ALTER ROLE {other} SUPERUSER; GRANT CREATE ON SCHEMA app TO {other}",
            "REVOKE CREATE ON SCHEMA app FROM {other}; ALTER ROLE {other} NOSUPERUSER",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE SELECT ON TABLES FROM {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO {readers}",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE DELETE ON TABLES FROM {writers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT DELETE ON TABLES TO {writers}",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE SELECT ON SEQUENCES FROM {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON SEQUENCES TO {readers}",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE USAGE ON SCHEMAS FROM {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON SCHEMAS TO {readers}",
        ),
        // In one schema only.
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE SELECT ON TABLES FROM {readers};
             ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA app GRANT SELECT ON TABLES TO {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} IN SCHEMA app REVOKE SELECT ON TABLES FROM {readers};
             ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT SELECT ON TABLES TO {readers}",
        ),
    ];
    let major = scene.cluster.server_version_major();
    states.push(if major < 16 {
        (
            Nothing,
            "ALTER ROLE {other} NOINHERIT; GRANT {owner} TO {other}",
            "REVOKE {owner} FROM {other}; ALTER ROLE {other} INHERIT",
        )
    } else {
        (
            Nothing,
            "GRANT {owner} TO {other} WITH INHERIT FALSE",
            "REVOKE {owner} FROM {other}",
        )
    });
    steady.expect_each(&states);
}

fn excess_is_judged_as_the_whole_reading_judges_it(scene: &mut Scene) {
    if skip_unless_superuser("grants of every kind are a superuser's to give") {
        return;
    }
    let steady = Steady::new(scene);
    steady.expect_each(&[
        (
            Something,
            "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION app.f() TO {readers}",
            "DROP FUNCTION app.f()",
        ),
        (
            Nothing,
            "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'; GRANT EXECUTE ON FUNCTION app.f() TO {other};
             ALTER FUNCTION app.f() OWNER TO {readers}; REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;
             GRANT EXECUTE ON FUNCTION app.f() TO {readers}",
            "DROP FUNCTION app.f()",
        ),
        // No concern of the reading for a login: `access check` names it.
        (
            Nothing,
            "GRANT EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) TO {readers}; GRANT INSERT ON app.t TO {readers};
             GRANT SELECT ON pg_catalog.pg_authid TO {readers}",
            "REVOKE EXECUTE ON FUNCTION pg_catalog.pg_ls_dir(text) FROM {readers}; REVOKE INSERT ON app.t FROM {readers};
             REVOKE SELECT ON pg_catalog.pg_authid FROM {readers}",
        ),
        // A member of an extension is left alone, and so is its owner.
        (
            Nothing,
            "CREATE TABLE app.e (id serial); ALTER TABLE app.e OWNER TO {other}; REVOKE ALL ON app.e FROM {readers}, {writers};
             REVOKE ALL ON SEQUENCE app.e_id_seq FROM {readers}, {writers};
             ALTER EXTENSION plpgsql ADD TABLE app.e; ALTER EXTENSION plpgsql ADD SEQUENCE app.e_id_seq",
            "ALTER EXTENSION plpgsql DROP TABLE app.e; ALTER EXTENSION plpgsql DROP SEQUENCE app.e_id_seq; DROP TABLE app.e",
        ),
        (
            Something,
            "CREATE TABLE app.e (id int); ALTER TABLE app.e OWNER TO {other}; ALTER EXTENSION plpgsql ADD TABLE app.e;
             GRANT SELECT ON app.e TO {readers}",
            "ALTER EXTENSION plpgsql DROP TABLE app.e; DROP TABLE app.e",
        ),
        (
            Nothing,
            "CREATE SCHEMA e; REVOKE ALL ON SCHEMA e FROM {readers}, {writers}; ALTER EXTENSION plpgsql ADD SCHEMA e;
             CREATE TABLE e.t (id int); REVOKE ALL ON e.t FROM {readers}, {writers}",
            "ALTER EXTENSION plpgsql DROP SCHEMA e; DROP SCHEMA e CASCADE",
        ),
        (
            Something,
            "CREATE SCHEMA e; ALTER EXTENSION plpgsql ADD SCHEMA e; GRANT USAGE ON SCHEMA e TO {readers}",
            "ALTER EXTENSION plpgsql DROP SCHEMA e; DROP SCHEMA e CASCADE",
        ),
        (
            Something,
            "CREATE SCHEMA e; REVOKE ALL ON SCHEMA e FROM {readers}, {writers}; ALTER EXTENSION plpgsql ADD SCHEMA e;
             CREATE TABLE e.t (id int); GRANT SELECT ON e.t TO {readers}",
            "ALTER EXTENSION plpgsql DROP SCHEMA e; DROP SCHEMA e CASCADE",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {other} GRANT SELECT ON TABLES TO {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {other} REVOKE SELECT ON TABLES FROM {readers}",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {other} IN SCHEMA app GRANT SELECT ON SEQUENCES TO {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {other} IN SCHEMA app REVOKE SELECT ON SEQUENCES FROM {readers}",
        ),
        (
            Something,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT EXECUTE ON FUNCTIONS TO {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE EXECUTE ON FUNCTIONS FROM {readers}",
        ),
        (
            Nothing,
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT USAGE ON TYPES TO {readers};
             ALTER DEFAULT PRIVILEGES FOR ROLE {owner} GRANT INSERT ON TABLES TO {readers}",
            "ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE USAGE ON TYPES FROM {readers};
             ALTER DEFAULT PRIVILEGES FOR ROLE {owner} REVOKE INSERT ON TABLES FROM {readers}",
        ),
    ]);
}

fn what_surrounds_the_login_is_told_as_by_the_whole_reading(scene: &mut Scene) {
    let steady = Steady::new(scene);
    steady.expect_each(&[
        (
            Something,
            "CREATE ROLE \"{db}_NEW\"",
            "DROP ROLE \"{db}_NEW\"",
        ),
        (
            Nothing,
            "CREATE ROLE \"{db}_new1\"; CREATE ROLE \"{db}_né\"",
            "DROP ROLE \"{db}_new1\"; DROP ROLE \"{db}_né\"",
        ),
    ]);
    // An existing login, as it differs from the profile.
    for (plant, undo) in [
        (
            "ALTER ROLE {reader} VALID UNTIL '2040-01-01' CONNECTION LIMIT 7",
            "",
        ),
        ("ALTER ROLE {reader} VALID UNTIL 'infinity'", ""),
        ("ALTER ROLE {reader} VALID UNTIL '-infinity'", ""),
        (
            "ALTER ROLE {reader} NOINHERIT NOLOGIN",
            "ALTER ROLE {reader} INHERIT LOGIN",
        ),
        ("COMMENT ON ROLE {reader} IS 'by hand'", ""),
        (
            "GRANT {writers} TO {reader}",
            "REVOKE {writers} FROM {reader}",
        ),
        (
            "REVOKE {readers} FROM {reader}",
            "GRANT {readers} TO {reader}",
        ),
    ] {
        let sql = |sql: &str| steady.sql(sql).replace("{reader}", &steady.reader);
        scene.psql(&sql(plant));
        steady.expect_same(Nothing, plant);
        scene.psql(&sql(undo));
    }
}
