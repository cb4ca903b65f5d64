//! What each level may and may not do, found out by trying it, and written down as a table: `access-matrix.md` in the
//! target folder's `tmp`.
//!
//! The object is the database owner's, the owner is the admin credential where the run's kind of admin is no superuser.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::sync::Mutex;

use super::access::make_role;
use crate::harness::{Admin, Cluster, variable};
use crate::scene::{Login, Scene};

const LEVELS: [(&str, &str); 3] = [
    ("readonly", "readonly"),
    ("readwrite", "devqa"),
    ("ddl", "devlead"),
];

/// One thing to try, and which of the three levels may.
#[derive(Clone, Copy)]
struct Row {
    what: &'static str,
    /// `{n}` is a number that no other try has.
    sql: &'static str,
    may: &'static str,
    /// From this major version on.
    since: u32,
}

const fn row(what: &'static str, sql: &'static str, may: &'static str) -> Row {
    Row {
        what,
        sql,
        may,
        since: 0,
    }
}

const fn since(since: u32, row: Row) -> Row {
    Row { since, ..row }
}

const ALL: &str = "readonly readwrite ddl";
const WRITERS: &str = "readwrite ddl";
const LEADS: &str = "ddl";
const NOBODY: &str = "";

/// What is tried; all of it is rolled back.
const ROWS: &[Row] = &[
    row("table: SELECT", "SELECT * FROM app.t", ALL),
    row("table: INSERT", "INSERT INTO app.t VALUES (1)", WRITERS),
    row("table: UPDATE", "UPDATE app.t SET id = 2", WRITERS),
    row("table: DELETE", "DELETE FROM app.t", WRITERS),
    row("table: TRUNCATE", "TRUNCATE app.t", NOBODY),
    row(
        "table: REFERENCES",
        "CREATE TABLE own.r{n} (id int REFERENCES app.t (id))",
        LEADS,
    ),
    row(
        "table: TRIGGER",
        "CREATE TRIGGER x BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.trigger_function()",
        NOBODY,
    ),
    since(17, row("table: MAINTAIN", "REINDEX TABLE app.t", NOBODY)),
    row(
        "table: LOCK as a reader",
        "LOCK TABLE app.t IN ACCESS SHARE MODE",
        ALL,
    ),
    row("table: ALTER, DROP", "DROP TABLE app.t", NOBODY),
    row("view: SELECT", "SELECT * FROM app.v", ALL),
    row("view: INSERT", "INSERT INTO app.v VALUES (1)", WRITERS),
    row("view: UPDATE", "UPDATE app.v SET id = 2", WRITERS),
    row("view: DELETE", "DELETE FROM app.v", WRITERS),
    row(
        "view: TRIGGER",
        "CREATE TRIGGER x INSTEAD OF INSERT ON app.v FOR EACH ROW EXECUTE FUNCTION app.trigger_function()",
        NOBODY,
    ),
    row("materialized view: SELECT", "SELECT * FROM app.m", ALL),
    row(
        "materialized view: REFRESH (to 16 its owner, then MAINTAIN)",
        "REFRESH MATERIALIZED VIEW app.m",
        NOBODY,
    ),
    row(
        "foreign table: SELECT (as has_table_privilege says)",
        "SELECT 1 / has_table_privilege('app.f', 'SELECT')::int",
        ALL,
    ),
    row(
        "foreign table: INSERT (as has_table_privilege says)",
        "SELECT 1 / has_table_privilege('app.f', 'INSERT')::int",
        WRITERS,
    ),
    row(
        "foreign table: UPDATE (as has_table_privilege says)",
        "SELECT 1 / has_table_privilege('app.f', 'UPDATE')::int",
        WRITERS,
    ),
    row(
        "foreign table: DELETE (as has_table_privilege says)",
        "SELECT 1 / has_table_privilege('app.f', 'DELETE')::int",
        WRITERS,
    ),
    row(
        "foreign table: TRUNCATE (as has_table_privilege says)",
        "SELECT 1 / has_table_privilege('app.f', 'TRUNCATE')::int",
        NOBODY,
    ),
    row(
        "foreign table: TRIGGER (as has_table_privilege says)",
        "SELECT 1 / has_table_privilege('app.f', 'TRIGGER')::int",
        NOBODY,
    ),
    row("partitioned table: SELECT", "SELECT * FROM app.parted", ALL),
    row(
        "partitioned table: INSERT",
        "INSERT INTO app.parted VALUES (1)",
        WRITERS,
    ),
    row("partition: SELECT", "SELECT * FROM app.part", ALL),
    row("partition: UPDATE", "UPDATE app.part SET id = 2", WRITERS),
    row("partition: TRUNCATE", "TRUNCATE app.part", NOBODY),
    row(
        "partition: DETACH",
        "ALTER TABLE app.parted DETACH PARTITION app.part",
        NOBODY,
    ),
    row("sequence: SELECT", "SELECT last_value FROM app.s", ALL),
    row("sequence: USAGE", "SELECT nextval('app.s')", WRITERS),
    row("sequence: UPDATE", "SELECT setval('app.s', 7)", WRITERS),
    row(
        "serial column: INSERT",
        "INSERT INTO app.serial_one DEFAULT VALUES",
        WRITERS,
    ),
    row(
        "identity column: INSERT",
        "INSERT INTO app.identity_one DEFAULT VALUES",
        WRITERS,
    ),
    row(
        "function, open to PUBLIC: EXECUTE",
        "SELECT app.open_function()",
        ALL,
    ),
    row(
        "function, closed to PUBLIC: EXECUTE",
        "SELECT app.closed_function()",
        NOBODY,
    ),
    row(
        "procedure, open to PUBLIC: EXECUTE",
        "CALL app.open_procedure()",
        ALL,
    ),
    row(
        "procedure, closed to PUBLIC: EXECUTE",
        "CALL app.closed_procedure()",
        NOBODY,
    ),
    row(
        "SECURITY DEFINER function, closed to PUBLIC: EXECUTE",
        "SELECT app.closed_definer()",
        NOBODY,
    ),
    row(
        "extension's table: SELECT",
        "SELECT * FROM app.member_table",
        NOBODY,
    ),
    row(
        "extension's sequence: SELECT",
        "SELECT last_value FROM app.member_sequence",
        NOBODY,
    ),
    row(
        "extension's function, closed to PUBLIC: EXECUTE",
        "SELECT app.member_function()",
        NOBODY,
    ),
    row(
        "extension's schema: USAGE",
        "SELECT * FROM of_extension.t",
        NOBODY,
    ),
    row("schema: CREATE", "CREATE TABLE app.new{n} (id int)", LEADS),
    row(
        "schema public: CREATE",
        "CREATE TABLE public.new{n} (id int)",
        LEADS,
    ),
    row("schema: DROP", "DROP SCHEMA app CASCADE", NOBODY),
    row("database: CREATE a schema", "CREATE SCHEMA new{n}", NOBODY),
    row(
        "type, domain: USAGE",
        "SELECT NULL::app.mood, NULL::app.percentage",
        ALL,
    ),
    row("large object: read", "SELECT lo_get(4711)", NOBODY),
    row(
        "server: CREATE USER MAPPING",
        "CREATE USER MAPPING FOR CURRENT_USER SERVER nowhere",
        NOBODY,
    ),
    row("role: CREATE", "CREATE ROLE t_new{n}", NOBODY),
    row(
        "server's files: COPY",
        "COPY app.t TO '/tmp/pgrole-matrix'",
        NOBODY,
    ),
];

const OBJECTS: &str = "
    CREATE SCHEMA app;
    CREATE TABLE app.t (id int PRIMARY KEY); CREATE VIEW app.v AS SELECT * FROM app.t;
    CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS one;
    CREATE TABLE app.parted (id int) PARTITION BY LIST (id); CREATE TABLE app.part PARTITION OF app.parted DEFAULT;
    CREATE SEQUENCE app.s; CREATE TABLE app.serial_one (id serial);
    CREATE TABLE app.identity_one (id int GENERATED ALWAYS AS IDENTITY);
    CREATE FUNCTION app.trigger_function() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE FUNCTION app.open_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION app.closed_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE FUNCTION app.closed_definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';
    CREATE PROCEDURE app.open_procedure() LANGUAGE sql AS 'SELECT 1';
    CREATE PROCEDURE app.closed_procedure() LANGUAGE sql AS 'SELECT 1';
    REVOKE ALL ON ROUTINE app.closed_function(), app.closed_definer(), app.closed_procedure() FROM PUBLIC;
    CREATE TYPE app.mood AS ENUM ('good'); CREATE DOMAIN app.percentage AS int CHECK (VALUE BETWEEN 0 AND 100);
    SELECT lo_create(4711)";

/// What only a superuser can make: members of an extension, a foreign table of a wrapper without a handler.
const OBJECTS_OF_SUPERUSERS: &str = "
    CREATE FOREIGN DATA WRAPPER nothing; CREATE SERVER nowhere FOREIGN DATA WRAPPER nothing;
    CREATE FOREIGN TABLE app.f (id int) SERVER nowhere; ALTER FOREIGN TABLE app.f OWNER TO {owner};
    CREATE TABLE app.member_table (id int); CREATE SEQUENCE app.member_sequence;
    CREATE FUNCTION app.member_function() RETURNS int LANGUAGE sql AS 'SELECT 1';
    REVOKE ALL ON FUNCTION app.member_function() FROM PUBLIC;
    CREATE SCHEMA of_extension; CREATE TABLE of_extension.t (id int);
    ALTER EXTENSION plpgsql ADD TABLE app.member_table; ALTER EXTENSION plpgsql ADD SEQUENCE app.member_sequence;
    ALTER EXTENSION plpgsql ADD FUNCTION app.member_function(); ALTER EXTENSION plpgsql ADD SCHEMA of_extension;
    REVOKE CREATE ON SCHEMA public FROM PUBLIC";

/// Who makes something after the logins were made, and whether the logins reach it.
const LATER: [(&str, &str); 4] = [
    ("the database's owner", ALL),
    ("a role with CREATE by name", ALL),
    ("a devlead", ALL),
    ("a superuser that owns nothing", NOBODY),
];

/// What is made later, and what of it is tried.
const LATER_MADE: [(&str, &str, &str, &str); 5] = [
    (
        "table: SELECT",
        "CREATE TABLE app.{x} (id int)",
        "SELECT * FROM app.{x}",
        ALL,
    ),
    (
        "table: INSERT",
        "SELECT 1",
        "INSERT INTO app.{x} VALUES (1)",
        WRITERS,
    ),
    (
        "sequence: SELECT",
        "CREATE SEQUENCE app.{x}_s",
        "SELECT last_value FROM app.{x}_s",
        ALL,
    ),
    (
        "sequence: USAGE",
        "SELECT 1",
        "SELECT nextval('app.{x}_s')",
        WRITERS,
    ),
    (
        "function, closed to PUBLIC: EXECUTE",
        "CREATE FUNCTION app.{x}_f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE ALL ON FUNCTION app.{x}_f() FROM PUBLIC",
        "SELECT app.{x}_f()",
        NOBODY,
    ),
];

/// The cells of one column: who may, by what was tried.
struct Column<'a> {
    scene: &'a Scene<'a>,
    logins: Vec<(&'static str, Login)>,
    cells: BTreeMap<String, String>,
    order: Vec<String>,
    wrong: Vec<String>,
    number: u32,
}

impl Column<'_> {
    /// Tries it as each level, and compares with who may.
    fn try_all(&mut self, what: &str, sql: &str, may: &str) {
        let mut held = Vec::new();
        for (level, login) in &self.logins {
            self.number += 1;
            let sql = sql.replace("{n}", &self.number.to_string());
            let outcome = self
                .scene
                .psql_as(login, &format!("BEGIN; {sql}; ROLLBACK"));
            let is_allowed = outcome.status() == Some(0);
            let refusals = [
                "permission denied",
                "must be owner",
                "must be superuser",
                "must have CREATEROLE",
                "division by zero",
            ];
            if !is_allowed && !refusals.iter().any(|text| outcome.stderr.contains(text)) {
                self.wrong.push(format!(
                    "{what}, {level}: fails for another reason: {outcome}"
                ));
            }
            if is_allowed {
                held.push(*level);
            }
        }
        let wanted: Vec<_> = may.split_whitespace().collect();
        if held != wanted {
            self.wrong
                .push(format!("{what}: {held:?} may, wanted {wanted:?}"));
        }
        self.order.push(what.to_owned());
        let cell = if held.is_empty() {
            "nobody".to_owned()
        } else {
            held.join(", ")
        };
        self.cells.insert(what.to_owned(), cell);
    }

    fn try_later(&mut self, makers: &[(&'static str, Login)]) {
        for ((who, reached), (_, maker)) in LATER.into_iter().zip(makers) {
            let name = format!("later_{}", who.replace([' ', '\''], "_"));
            for (what, make, sql, may) in LATER_MADE {
                let make = make.replace("{x}", &name);
                self.scene.may(maker, &make);
                let may = if reached.is_empty() { NOBODY } else { may };
                let what = format!("later, of {who}: {what}");
                self.try_all(&what, &sql.replace("{x}", &name), may);
            }
        }
    }
}

fn admin_of(scene: &mut Scene) -> Login {
    if Admin::of_this_run() != Admin::Superuser {
        return Login {
            name: Cluster::SUPERUSER.to_owned(),
            password: scene.cluster.password().to_owned(),
        };
    }
    let owner = make_role(scene, "owner", "");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {}",
        scene.database(),
        owner.name
    ));
    owner
}

/// All cells for one version; what is not as it should be comes second.
fn column(major: u32) -> Option<Column<'static>> {
    let cluster = Cluster::of_major(major)?;
    let scene = Box::leak(Box::new(Scene::on(cluster)));
    let owner = admin_of(scene);
    scene
        .area
        .superuser_psql(&format!("GRANT CREATE ON SCHEMA public TO {}", owner.name));
    scene.may(&owner, OBJECTS);
    let of_superusers = OBJECTS_OF_SUPERUSERS.replace("{owner}", &owner.name);
    scene.area.superuser_psql(&of_superusers);
    let by_name = make_role(scene, "by_name", "");
    scene.may(
        &owner,
        &format!("GRANT USAGE, CREATE ON SCHEMA app TO {}", by_name.name),
    );
    let stranger = Login {
        name: scene.role("super"),
        password: "of a test".to_owned(),
    };
    scene.area.superuser_psql(&format!(
        "CREATE ROLE {} SUPERUSER LOGIN PASSWORD 'of a test'",
        stranger.name
    ));
    // On managed services and elsewhere `public` may be beyond the admin credential: what cannot be granted stops all.
    if scene.cluster.server_version_major() < 15 && Admin::of_this_run() != Admin::Superuser {
        scene
            .area
            .superuser_psql(&format!("ALTER SCHEMA public OWNER TO {}", owner.name));
    }
    let logins: Vec<_> = LEVELS
        .into_iter()
        .map(|(level, profile)| (level, scene.create(profile, &format!("a_{level}"))))
        .collect();
    let lead = scene.create("devlead", "another_lead");
    // A place where all may create, to try what needs one.
    scene.area.superuser_psql(&format!(
        "CREATE SCHEMA own; GRANT ALL ON SCHEMA own TO {}",
        logins
            .iter()
            .map(|(_, login)| login.name.as_str())
            .collect::<Vec<_>>()
            .join(", ")
    ));
    let mut column = Column {
        scene,
        logins,
        cells: BTreeMap::new(),
        order: Vec::new(),
        wrong: Vec::new(),
        number: 0,
    };
    for row in ROWS.iter().filter(|row| major >= row.since) {
        column.try_all(row.what, row.sql, row.may);
    }
    let temporary = "CREATE TEMPORARY TABLE mine (id int)";
    column.try_all("database: TEMPORARY, with PUBLIC's", temporary, ALL);
    column.try_later(&[
        ("owner", owner),
        ("by name", by_name),
        ("lead", lead),
        ("super", stranger),
    ]);
    // Where PUBLIC's is revoked, the groups of those who write get it by name.
    scene.area.superuser_psql(&format!(
        "REVOKE TEMPORARY, CONNECT ON DATABASE {} FROM PUBLIC",
        scene.database()
    ));
    // The superuser's tables of above are beyond any other admin credential.
    let prepare = scene.pgrole("access prepare", &[]);
    let prepare = prepare
        .env("PG_ADMIN_USER", scene.cluster.superuser())
        .env("PG_ADMIN_PASS", scene.cluster.password());
    prepare.run().expect_status(0);
    column.try_all("database: TEMPORARY, without PUBLIC's", temporary, WRITERS);
    column.try_all("database: CONNECT, without PUBLIC's", "SELECT 1", ALL);
    Some(column)
}

#[test]
fn each_level_may_what_it_says_and_nothing_else() {
    let kind = format!("{:?}", Admin::of_this_run());
    let of_this_run = variable("PGROLE_TEST_PG_MAJOR").and_then(|major| major.parse::<u32>().ok());
    let columns: Vec<_> = [13, 15, 18]
        .into_iter()
        .filter(|major| of_this_run.is_none_or(|wanted| wanted == *major))
        .filter_map(|major| Some((major, column(major)?)))
        .collect();
    write_table(&kind, &columns);
    let wrong: Vec<_> = columns
        .iter()
        .flat_map(|(major, column)| {
            column
                .wrong
                .iter()
                .map(move |wrong| format!("on {major}: {wrong}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In Markdown, one table a kind of admin, into one file: runs of other kinds keep theirs.
fn write_table(kind: &str, columns: &[(u32, Column<'_>)]) {
    static FILE: Mutex<()> = Mutex::new(());
    let _alone = FILE.lock().expect("no test holds it");
    let mut order: Vec<&String> = Vec::new();
    for (_, column) in columns.iter().rev() {
        order.extend(column.order.iter());
        if !order.is_empty() {
            break;
        }
    }
    let heads: Vec<_> = columns
        .iter()
        .map(|(major, _)| format!("PostgreSQL {major}"))
        .collect();
    let mut table = format!("## Admin: {kind}\n\n| tried | {} |\n", heads.join(" | "));
    writeln!(table, "|{}", " --- |".repeat(columns.len() + 1)).expect("a text grows");
    for what in order {
        let cells: Vec<_> = columns
            .iter()
            .map(|(_, column)| column.cells.get(what).map_or("–", String::as_str))
            .collect();
        writeln!(table, "| {what} | {} |", cells.join(" | ")).expect("a text grows");
    }
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("access-matrix.md");
    let before = fs::read_to_string(&file).unwrap_or_default();
    let others = before
        .split("## Admin: ")
        .filter(|section| !section.is_empty() && !section.starts_with(&format!("{kind}\n")));
    let mut sections: Vec<_> = others
        .map(|section| format!("## Admin: {}\n", section.trim_end_matches('\n')))
        .chain([table])
        .collect();
    sections.sort();
    fs::write(file, sections.join("\n")).expect("the target folder can be written");
}
