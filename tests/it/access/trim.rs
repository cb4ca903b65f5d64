//! `access trim`: over-grants that are planted among 200 logins are found, no other is, and what was recorded runs again
//! after the proposals were carried out.

use std::collections::BTreeSet;
use std::{fs, io};

use serde_json::{Value, json};

use super::group;
use crate::harness::{Cluster, Configuration, Outcome, skip_unless_superuser};
use crate::scene::{Scene, wait_until};

/// Defines the tests of a version: its server keeps statements in each of these ways.
macro_rules! on_versions {
    ($($test:ident: $($version:ident $major:literal),+;)+) => {$(
        mod $test {
            $(
                #[test]
                fn $version() { super::$test($major); }
            )+
        }
    )+};
}

on_versions! {
    planted_over_grants_are_found_in_pg_stat_statements: on_15 15, on_18 18;
    planted_over_grants_are_found_in_the_log: on_13 13, on_15 15, on_18 18;
    planted_over_grants_are_found_in_csvlog: on_13 13;
    planted_over_grants_are_found_in_jsonlog: on_18 18;
    what_statistics_lack_is_unknown: on_13 13, on_15 15, on_18 18;
    what_others_do_with_its_rights_is_unknown: on_15 15, on_18 18;
    what_a_log_lacks_is_unknown: on_13 13, on_15 15, on_18 18;
}

const PASSWORD: &str = "worker-secret";

/// What a login does, and what is to be found.
struct Worker {
    name: String,
    level: &'static str,
    /// As a superuser, before: what belongs to the login.
    setup: String,
    statements: Vec<String>,
    verdict: &'static str,
    proposed: Option<&'static str>,
}

/// What all work with.
const OBJECTS: &str = "
    CREATE SCHEMA app; CREATE SCHEMA billing;
    CREATE TABLE app.orders (id serial, note text); CREATE TABLE billing.invoices (id int);
    CREATE VIEW app.v AS SELECT id, upper(note) AS note FROM app.orders;
    CREATE FUNCTION app.charge() RETURNS int LANGUAGE sql AS 'INSERT INTO app.orders (note) VALUES (''charged''); SELECT 1';
    CREATE VIEW app.v_charge AS SELECT app.charge() AS charged;
    CREATE PROCEDURE app.close_day() LANGUAGE sql AS 'INSERT INTO app.orders (note) VALUES (''closed'')';";

/// Only reads, in ways that look like more.
const READS: [&str; 9] = [
    "SELECT count(*) FROM app.orders WHERE note <> 'INSERT INTO app.orders'",
    "SET search_path = app; SELECT o.id, v.note FROM orders o JOIN v USING (id) -- DELETE FROM orders",
    "WITH x AS (SELECT 1 AS one) SELECT * FROM x, random(), now()",
    "COPY app.orders TO STDOUT",
    "BEGIN; DECLARE c CURSOR FOR SELECT * FROM app.v; FETCH ALL FROM c; COMMIT",
    "EXPLAIN (ANALYZE) SELECT * FROM app.orders",
    "PREPARE p AS SELECT id FROM app.orders WHERE id = $1; DEALLOCATE p",
    "TABLE app.orders; VALUES (1)",
    "SELECT last_value FROM app.orders_id_seq",
];

const WRITES: [&str; 12] = [
    "INSERT INTO app.orders (note) VALUES ('x')",
    "UPDATE app.orders SET note = 'y' WHERE false",
    "DELETE FROM app.orders WHERE false",
    "WITH x AS (INSERT INTO app.orders (note) VALUES ('x') RETURNING id) SELECT * FROM x",
    "SELECT * FROM app.orders FOR UPDATE",
    "SELECT * FROM app.orders FOR KEY SHARE",
    "SELECT nextval('app.orders_id_seq')",
    "SELECT setval('app.orders_id_seq', 1000)",
    "BEGIN; LOCK TABLE app.orders IN ROW EXCLUSIVE MODE; COMMIT",
    "EXPLAIN (ANALYZE) INSERT INTO app.orders (note) VALUES ('x')",
    "PREPARE p AS INSERT INTO app.orders (note) VALUES ($1); EXECUTE p('x')",
    "CREATE TEMPORARY TABLE mine AS SELECT 1 AS one; INSERT INTO mine VALUES (2)",
];

/// May write, which the text does not tell.
const UNCLEAR: [&str; 5] = [
    "SELECT app.charge()",
    "SELECT * FROM app.v_charge",
    "CALL app.close_day()",
    "DO $$ BEGIN INSERT INTO app.orders (note) VALUES ('done'); END $$",
    "SELECT query_to_xml('SELECT app.charge()', true, false, '')",
];

/// 200 logins, of which 30 have more than they use.
fn workers(scene: &Scene) -> Vec<Worker> {
    let mut workers = Vec::new();
    let mut add =
        |level, kind: &str, statements: &[&str], wanted: (&'static str, Option<&'static str>)| {
            let number = workers.len();
            let name = scene.role(&format!("{kind}{number}"));
            let statements = statements.iter().map(|sql| sql.replace("{name}", &name));
            workers.push(Worker {
                level,
                setup: String::new(),
                statements: statements.collect(),
                verdict: wanted.0,
                proposed: wanted.1,
                name,
            });
        };
    let of = |list: &[&'static str], at: usize| list[at % list.len()];
    for at in 0..18 {
        let reads = [of(&READS, at), of(&READS, at + 1)];
        add("readwrite", "reader", &reads, ("lower", Some("readonly")));
    }
    for _ in 0..4 {
        add("readwrite", "idle", &[], ("lower", Some("readonly")));
    }
    for at in 0..4 {
        add(
            "ddl",
            "viewer",
            &[of(&READS, at)],
            ("lower", Some("readonly")),
        );
    }
    for at in 0..4 {
        let writes = [of(&WRITES, at), of(&READS, at)];
        add("ddl", "clerk", &writes, ("lower", Some("readwrite")));
    }
    for at in 0..70 {
        let writes = [of(&READS, at), of(&WRITES, at)];
        add("readwrite", "writer", &writes, ("keep", Some("readwrite")));
    }
    for at in 0..20 {
        add(
            "readwrite",
            "caller",
            &[of(&UNCLEAR, at)],
            ("unknown", None),
        );
    }
    for at in 0..60 {
        add(
            "readonly",
            "analyst",
            &[of(&READS, at)],
            ("keep", Some("readonly")),
        );
    }
    for _ in 0..10 {
        let creates = ["CREATE TABLE IF NOT EXISTS app.of_{name} (id int)"];
        add("ddl", "lead", &creates, ("keep", Some("ddl")));
    }
    for _ in 0..10 {
        add("readwrite", "owner", &[READS[0]], ("unknown", None));
    }
    // As pgrole sets them for those who may create.
    for worker in workers.iter_mut().filter(|worker| worker.level == "ddl") {
        worker.setup = format!(
            "ALTER DEFAULT PRIVILEGES FOR ROLE {} GRANT SELECT ON TABLES TO {};",
            worker.name,
            group(scene, "readonly")
        );
    }
    for worker in workers
        .iter_mut()
        .filter(|worker| worker.name.contains("owner"))
    {
        worker.setup = format!(
            "CREATE VIEW app.of_{0} AS TABLE app.orders; ALTER VIEW app.of_{0} OWNER TO {0};",
            worker.name
        );
    }
    assert_eq!(workers.len(), 200);
    workers
}

/// Makes objects and logins. The groups are pgrole's; their members are made by SQL, which is faster.
fn prepare(scene: &Scene, workers: &[Worker]) {
    scene.psql(OBJECTS);
    scene
        .pgrole("access prepare", &["--yes"])
        .run()
        .expect_status(0);
    let mut sql = String::new();
    for worker in workers {
        let group = group(scene, worker.level);
        sql += &format!(
            "CREATE ROLE {} LOGIN PASSWORD '{PASSWORD}' IN ROLE {group}; {}",
            worker.name, worker.setup
        );
    }
    scene.psql(&sql);
}

/// Runs everything that is recorded, each as its login; what is refused is returned.
fn work(scene: &Scene, workers: &[Worker]) -> Vec<String> {
    let mut refused = Vec::new();
    for worker in workers
        .iter()
        .filter(|worker| !worker.statements.is_empty())
    {
        let client = scene
            .cluster
            .client_as(&worker.name, PASSWORD, scene.database());
        let mut client = client.unwrap_or_else(|error| panic!("{}: {error:?}", worker.name));
        for sql in &worker.statements {
            let done = if sql.starts_with("COPY") {
                client.copy_out(sql.as_str()).map(|mut out| {
                    io::copy(&mut out, &mut io::sink()).expect("lines of COPY");
                })
            } else {
                client.batch_execute(sql)
            };
            if let Err(error) = done {
                refused.push(format!("{}: {sql}: {error:?}", worker.name));
            }
        }
    }
    refused
}

fn trim(scene: &Scene, arguments: &[&str]) -> Outcome {
    let is_given = arguments.contains(&"--since");
    let since: &[&str] = if is_given { &[] } else { &["--since", "1s"] };
    let arguments = [since, arguments].concat();
    scene.pgrole("access trim", &arguments).run()
}

/// The whole way: record, propose, carry out, run again.
fn find_and_lower(scene: &Scene, arguments: impl Fn() -> Vec<String>, source: &str) {
    let workers = workers(scene);
    prepare(scene, &workers);
    assert_eq!(
        work(scene, &workers),
        [""; 0],
        "the workload runs with what was granted"
    );
    let arguments = arguments();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let before = scene.snapshot();
    let outcome = trim(scene, &arguments);
    outcome.expect_status(7);
    assert_eq!(scene.snapshot(), before, "nothing is changed");
    let rows = outcome.json();
    let row_of = |name: &str| {
        let mut rows = rows.as_array().expect("a list").iter();
        let row = rows.find(|row| row["username"] == name);
        row.unwrap_or_else(|| panic!("a row of {name}")).clone()
    };
    for worker in &workers {
        let row = row_of(&worker.name);
        let told = (&row["verdict"], &row["proposed"], &row["held"]);
        let wanted = (
            &json!(worker.verdict),
            &json!(worker.proposed),
            &json!(worker.level),
        );
        assert_eq!(told, wanted, "{:?}: {row}", worker.statements);
        assert_eq!(row["evidence"], source, "{row}");
    }
    let found = rows.as_array().expect("a list").iter();
    let found = found.filter(|row| row["verdict"] == "lower");
    let found: BTreeSet<&str> = found.filter_map(|row| row["username"].as_str()).collect();
    let planted = workers.iter().filter(|worker| worker.verdict == "lower");
    let planted: BTreeSet<&str> = planted.map(|worker| worker.name.as_str()).collect();
    assert_eq!(planted.len(), 30);
    assert_eq!(found, planted);
    let reader = row_of(
        planted
            .iter()
            .find(|name| name.contains("reader0"))
            .expect("there is one"),
    );
    let mut unread = vec!["billing", "public"];
    if source == "pg_stat_statements" {
        unread.push("stats");
    }
    assert_eq!(reader["unread_schemas"], json!(unread), "{reader}");
    for row in rows.as_array().expect("a list") {
        if let Some(command) = row["command"].as_str() {
            let words = command.split(' ').skip(1);
            let row = scene.sandbox.pgrole(words).run().expect_status(0).json();
            assert_eq!(row["status"], "access lowered");
        }
    }
    assert_eq!(
        work(scene, &workers),
        [""; 0],
        "the workload runs with what was proposed"
    );
    // What is lowered stays within what it may: the others are as they were.
    let members = scene.psql(&format!(
        "SELECT count(*) FROM pg_auth_members WHERE roleid = '{}'::regrole AND NOT admin_option",
        group(scene, "readonly")
    ));
    assert!(
        members.parse::<u32>().expect("a number") >= 60 + 26,
        "{members}"
    );
    let again = trim(scene, &arguments).json();
    let lower = again
        .as_array()
        .expect("a list")
        .iter()
        .filter(|row| row["verdict"] == "lower");
    assert_eq!(lower.count(), 0);
}

fn planted_over_grants_are_found_in_pg_stat_statements(major: u32) {
    if skip_unless_superuser("others may not read what others ran") {
        return;
    }
    let recording = |c: Configuration| c.setting("shared_preload_libraries", "pg_stat_statements");
    let Some(cluster) = Cluster::private_of_major(major, recording) else {
        return;
    };
    let scene = Scene::on(&cluster);
    scene.psql("CREATE SCHEMA stats; CREATE EXTENSION pg_stat_statements SCHEMA stats");
    find_and_lower(&scene, Vec::new, "pg_stat_statements");
}

fn planted_over_grants_are_found_in_the_log(major: u32) {
    if skip_unless_superuser("the objects are the superuser's") {
        return;
    }
    let Some(cluster) = Cluster::private_of_major(major, |c| c.setting("log_statement", "all"))
    else {
        return;
    };
    let scene = Scene::on(&cluster);
    let file = scene.sandbox.path().join("server.log");
    let log = || {
        fs::write(&file, cluster.log()).expect("the sandbox can be written");
        vec!["--log".to_owned(), file.display().to_string()]
    };
    find_and_lower(&scene, log, "log");
}

/// What the logging collector writes.
fn find_in_collected(major: u32, destination: &'static str, suffix: &str) {
    if skip_unless_superuser("the objects are the superuser's") {
        return;
    }
    let collecting = |c: Configuration| {
        c.setting("logging_collector", "on")
            .setting("log_destination", destination)
            .setting("log_min_duration_statement", "0")
            .setting("log_rotation_size", "100kB")
            .setting("log_filename", "%Y-%m-%d_%H%M%S")
            .setting("log_timezone", "Asia/Kathmandu")
    };
    let Some(cluster) = Cluster::private_of_major(major, collecting) else {
        return;
    };
    let scene = Scene::on(&cluster);
    let logs = || {
        let folder = fs::read_dir(cluster.data().join("log")).expect("the collector made it");
        let files = folder.map(|entry| entry.expect("an entry").path());
        let files = files.filter(|path| path.to_string_lossy().ends_with(suffix));
        let options = files.flat_map(|path| ["--log".to_owned(), path.display().to_string()]);
        options.collect()
    };
    find_and_lower(&scene, logs, "log");
}

fn planted_over_grants_are_found_in_csvlog(major: u32) {
    find_in_collected(major, "csvlog", ".csv");
}

fn planted_over_grants_are_found_in_jsonlog(major: u32) {
    find_in_collected(major, "jsonlog", ".json");
}

/// The one row of a scene with one login, `jane`, who has readwrite and has only read.
fn row_of_jane(scene: &Scene, arguments: &[&str]) -> Value {
    let rows = trim(scene, &[&["-u", &scene.role("jane")], arguments].concat()).json();
    let rows = rows.as_array().expect("a list").clone();
    assert_eq!(rows.len(), 1, "{rows:?}");
    rows[0].clone()
}

#[track_caller]
fn expect_unknown(scene: &Scene, arguments: &[&str], why: &str) {
    let row = row_of_jane(scene, arguments);
    assert_eq!(row["verdict"], "unknown", "{row}");
    for key in ["used", "proposed", "command", "unread_schemas"] {
        assert_eq!(row[key], Value::Null, "{row}");
    }
    assert!(row["unknown"].to_string().contains(why), "{why}: {row}");
}

/// Makes the group, and a login in it that is not on record.
fn with_jane(scene: &Scene) {
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.orders (id int)");
    scene
        .pgrole("access prepare", &["--yes"])
        .run()
        .expect_status(0);
    let (jane, readwrite) = (scene.role("jane"), group(scene, "readwrite"));
    scene.psql(&format!(
        "CREATE ROLE {jane} LOGIN PASSWORD '{PASSWORD}' IN ROLE {readwrite}"
    ));
}

fn run_as_jane(scene: &Scene, sql: &str) {
    let jane = scene.role("jane");
    scene
        .cluster
        .psql_as(&jane, PASSWORD, scene.database(), sql)
        .expect_status(0);
}

/// A server with `pg_stat_statements`, which has room for few.
fn recording(major: u32) -> Option<Cluster> {
    let recording = |c: Configuration| {
        c.setting("shared_preload_libraries", "pg_stat_statements")
            .setting("pg_stat_statements.max", "100")
    };
    Cluster::private_of_major(major, recording)
}

/// Nothing that was seen is no proof where something may be missing; what was seen is.
fn what_statistics_lack_is_unknown(major: u32) {
    if skip_unless_superuser("settings are the superuser's") {
        return;
    }
    let Some(cluster) = recording(major) else {
        return;
    };
    let scene = Scene::on(&cluster);
    with_jane(&scene);
    expect_unknown(&scene, &[], "lacks the extension");
    scene.psql("CREATE EXTENSION pg_stat_statements");
    run_as_jane(&scene, "SELECT * FROM app.orders");
    if major == 13 {
        expect_unknown(&scene, &[], "before PostgreSQL 14");
        return;
    }
    wait_until("what is recorded is a second old", || {
        row_of_jane(&scene, &[])["verdict"] == "lower"
    });
    let row = row_of_jane(&scene, &[]);
    assert_eq!(
        (&row["verdict"], &row["used"]),
        (&json!("lower"), &json!("readonly")),
        "{row}"
    );
    expect_unknown(&scene, &["--since", "90d"], "records only since");
    // What pgrole gave only since then.
    scene.create("devqa", "maker");
    let since = row["since"].as_str().expect("a time");
    let maker = scene.role("maker");
    let rows = trim(&scene, &["-u", &maker, "--since", since]).json();
    let told = rows[0]["unknown"].to_string();
    assert!(
        told.contains("user devqa gave it its access only on"),
        "{rows}"
    );
    let row = row_of_jane(&scene, &["--since", since]);
    assert_eq!(row["verdict"], "lower", "{row}");
    for (setting, why) in [
        (
            "pg_stat_statements.track = none",
            "pg_stat_statements.track is none",
        ),
        (
            "pg_stat_statements.track_utility = off",
            "COPY, CALL and the like",
        ),
        ("compute_query_id = off", "compute_query_id is off"),
    ] {
        let name = setting.split(' ').next().expect("a name");
        set_for_all(&scene, setting);
        expect_unknown(&scene, &[], why);
        scene.psql(&format!("ALTER SYSTEM RESET {name}"));
        cluster.reload();
    }
    scene.psql("SELECT pg_stat_statements_reset()");
    expect_unknown(&scene, &["--since", "1m"], "records only since");
    // More statements than there is room for.
    let many: Vec<_> = (1..200)
        .map(|n| format!("SELECT {}", vec!["1"; n].join(" + ")))
        .collect();
    scene.psql(&many.join(";"));
    expect_unknown(&scene, &[], "for want of room");
    run_as_jane(&scene, "INSERT INTO app.orders VALUES (1)");
    let row = row_of_jane(&scene, &["--since", "90d"]);
    assert_eq!(
        (&row["verdict"], &row["used"]),
        (&json!("keep"), &json!("readwrite")),
        "{row}"
    );
    assert_eq!(row["by"], json!(["INSERT"]));
}

/// Others may act with a login's rights, which is not recorded as the login's own.
fn what_others_do_with_its_rights_is_unknown(major: u32) {
    if skip_unless_superuser("others may not read what others ran") {
        return;
    }
    let Some(cluster) = recording(major) else {
        return;
    };
    let scene = Scene::on(&cluster);
    with_jane(&scene);
    scene.psql("CREATE EXTENSION pg_stat_statements");
    let (jane, database) = (scene.role("jane"), scene.database().to_owned());
    wait_until("what is recorded is a second old", || {
        row_of_jane(&scene, &[])["verdict"] == "lower"
    });
    for (made, undone, why) in [
        (
            format!("ALTER ROLE {jane} SET pg_stat_statements.track = 'none'"),
            format!("ALTER ROLE {jane} RESET pg_stat_statements.track"),
            "pg_stat_statements.track is set for it alone",
        ),
        (
            format!("ALTER DATABASE {database} SET pg_stat_statements.track = 'none'"),
            format!("ALTER DATABASE {database} RESET pg_stat_statements.track"),
            "is set for the database",
        ),
        (
            format!("CREATE ROLE {jane}_bot LOGIN IN ROLE {jane}"),
            format!("DROP ROLE {jane}_bot"),
            "has its rights as a member",
        ),
        (
            format!(
                "CREATE VIEW app.hers AS TABLE app.orders; ALTER VIEW app.hers OWNER TO {jane}"
            ),
            "DROP VIEW app.hers".to_owned(),
            "it owns objects here",
        ),
        // In a lower group it would meet no error, and no rows.
        (
            format!(
                "CREATE POLICY p ON app.orders FOR SELECT TO {} USING (true)",
                group(&scene, "readwrite")
            ),
            "DROP POLICY p ON app.orders".to_owned(),
            "policies of row security name its group",
        ),
    ] {
        scene.psql(&made);
        expect_unknown(&scene, &[], why);
        scene.psql(&undone);
    }
    // Who became the group did what is counted for the group.
    let group = group(&scene, "readwrite");
    run_as_jane(
        &scene,
        &format!("SET ROLE {group}; SELECT 1 FROM app.orders"),
    );
    expect_unknown(&scene, &[], "by SET ROLE");
}

/// A log is not taken for more than it is.
fn what_a_log_lacks_is_unknown(major: u32) {
    if skip_unless_superuser("settings are the superuser's") {
        return;
    }
    let logging = |c: Configuration| {
        let prefix = "%m [%p] %q%u@%d ";
        c.setting("log_statement", "all")
            .setting("log_line_prefix", prefix)
    };
    let Some(cluster) = Cluster::private_of_major(major, logging) else {
        return;
    };
    let scene = Scene::on(&cluster);
    with_jane(&scene);
    run_as_jane(&scene, "SELECT 1 FROM app.orders");
    let whole = cluster.log();
    let file = scene.sandbox.path().join("server.log");
    let path = file.display().to_string();
    let log = ["--log", path.as_str()];
    let write = |text: &str| fs::write(&file, text).expect("the sandbox can be written");
    write(&whole);
    wait_until("the log is a second old", || {
        row_of_jane(&scene, &log)["verdict"] == "lower"
    });
    expect_unknown(
        &scene,
        &["--log", &path, "--since", "90d"],
        "records only since",
    );
    for (text, why) in [
        (String::new(), "has no line with a time"),
        ("nothing of the kind\n".to_owned(), "do not have the form"),
        (
            whole.replace(scene.database(), "elsewhere"),
            "no statement in database",
        ),
        (
            whole
                .replace("statement: ", "Anweisung: ")
                .replace("execute ", "Ausführen "),
            "no statement in database",
        ),
        (whole.replace(" [", " {"), "do not have the form"),
        (
            format!("2020-01-01 00:00:00.000 UTC [1] LOG:  starting\n{whole}"),
            "the log has a gap from 2020-01-01T00:00:00Z to",
        ),
        (
            "2020-01-01 00:00:00.000 UTC [1] LOG:  starting\n".to_owned(),
            "the log ends on 2020-01-01T00:00:00Z",
        ),
    ] {
        write(&text);
        expect_unknown(&scene, &log, why);
    }
    write(&whole);
    set_for_all(&scene, "log_statement = mod");
    expect_unknown(&scene, &log, "does not log all statements");
    set_for_all(&scene, "log_statement = all");
    write(&cluster.log());
    expect_unknown(
        &scene,
        &log,
        "log_statement was changed while the log was written",
    );
    let jane = scene.role("jane");
    scene.psql(&format!("ALTER ROLE {jane} SET log_statement = 'none'"));
    expect_unknown(&scene, &log, "log_statement is set for it alone");
    // It is of one server.
    let outcome = scene.sandbox.pgrole(["access", "trim"]).args(log).run();
    outcome.expect_status(2);
}

fn set_for_all(scene: &Scene, setting: &str) {
    let name = setting.split(' ').next().expect("a name");
    let value = setting.split(' ').next_back().expect("a value");
    scene.psql(&format!("ALTER SYSTEM SET {name} = '{value}'"));
    scene.cluster.reload();
    wait_until("the setting is in force", || {
        scene.psql(&format!("SHOW {name}")) == value
    });
}
