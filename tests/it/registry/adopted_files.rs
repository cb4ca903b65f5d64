//! Files that people made by hand or that the older service left: adopted without losing a row.

use super::{add_myapp, make_registry_folder, registry};
use crate::harness::{Sandbox, sqlite};

/// The table as the older service made it, with two targets.
const OLDER_REGISTRY: &str = "
    CREATE TABLE db_registry (
        env TEXT NOT NULL, db_name TEXT NOT NULL, hostname TEXT NOT NULL,
        port INTEGER DEFAULT 5432, active INTEGER DEFAULT 1, notes TEXT, UNIQUE (env, db_name)
    );
    INSERT INTO db_registry VALUES ('dev', 'app', 'old-dev.example.com', 5433, 1, 'from the service');
    INSERT INTO db_registry VALUES ('prod', 'app', 'old-prod.example.com', 5432, 0, NULL);
";
/// Its log: columns that are none of ours, and an index whose name we want.
const OLDER_LOG: &str = "
    CREATE TABLE audit_log (
        id INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT, who TEXT, details BLOB, performed_at TEXT
    );
    CREATE INDEX audit_log_performed_at ON audit_log (performed_at);
    INSERT INTO audit_log (action, who, details, performed_at) VALUES
        ('create', 'ann', x'00ff', '2024-01-01T00:00:00Z'),
        ('reset', 'bob', 'it''s', '2024-01-02 00:00:00'),
        (NULL, NULL, 3.5, NULL);
";

const LOG_DUMP: &str =
    "SELECT id, quote(action), quote(who), quote(details), quote(performed_at) FROM ";

/// A sandbox whose registry is a file that `sqlite3` made.
fn sandbox_with(sql: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    make_registry_folder(&sandbox);
    sqlite::sqlite3(&sandbox.registry(), sql).expect_status(0);
    sandbox
}

fn first_event(sandbox: &Sandbox) -> String {
    let sql = "SELECT operation || ': ' || status FROM audit_log ORDER BY id LIMIT 1";
    sqlite::query(&sandbox.registry(), sql)
}

#[test]
fn both_sqlite3_command_lines_of_the_documentation_work() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let insert = "INSERT INTO db_registry (env, db_name, hostname, port, active, notes) \
                  VALUES ('qa','myapp_qa','pg-qa-01.example.com',5432,1,'QA main DB');";
    sqlite::sqlite3(&sandbox.registry(), insert)
        .expect_status(0)
        .expect_stderr("");
    let shown = registry(&sandbox, "show -e qa -d myapp_qa").json();
    assert_eq!(shown["hostname"], "pg-qa-01.example.com");
    assert_eq!(shown["notes"], "QA main DB");
    assert_eq!(shown["active"], true);

    let select = "SELECT * FROM audit_log ORDER BY performed_at DESC LIMIT 10;";
    let log = sqlite::query(&sandbox.registry(), select);
    let lines: Vec<_> = log.lines().collect();
    assert_eq!(lines.len(), 2, "{log}");
    assert!(lines[0].contains("|registry add|dev|myapp_dev|"), "{log}");
    assert!(lines[1].contains("|registry open|"), "{log}");
}

#[test]
fn a_row_put_in_by_sqlite3_is_unique_and_can_be_changed() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let insert = "INSERT INTO db_registry (env, db_name, hostname) VALUES ('dev','myapp_dev','h')";
    let refused = sqlite::sqlite3(&sandbox.registry(), insert);
    refused.expect_in_stderr("UNIQUE constraint failed: db_registry.env, db_registry.db_name");
    let insert = "INSERT INTO db_registry (env, db_name, hostname) VALUES ('qa','b','h')";
    sqlite::sqlite3(&sandbox.registry(), insert).expect_status(0);
    let updated = registry(&sandbox, "update -e qa -d b --notes mine").json();
    assert_eq!(
        (&updated["port"], &updated["active"]),
        (&5432.into(), &true.into())
    );
}

#[test]
fn a_file_of_the_older_service_keeps_its_targets_and_its_log() {
    let sandbox = sandbox_with(&format!("{OLDER_REGISTRY}{OLDER_LOG}"));
    let file = sandbox.registry();
    let registry_before = sqlite::query(&file, "SELECT * FROM db_registry");
    let log_before = sqlite::query(&file, &format!("{LOG_DUMP} audit_log"));

    let rows = registry(&sandbox, "list").json();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(rows[0]["hostname"], "old-dev.example.com");
    assert_eq!(rows[0]["port"], 5433);
    assert_eq!(rows[0]["notes"], "from the service");
    assert_eq!(rows[1]["active"], false);

    let six = "SELECT env, db_name, hostname, port, active, notes FROM db_registry";
    assert_eq!(sqlite::query(&file, six), registry_before);
    let kept = sqlite::query(&file, &format!("{LOG_DUMP} audit_log_older"));
    assert_eq!(kept, log_before);
    assert_eq!(
        first_event(&sandbox),
        "registry open: file adopted with 2 targets; older audit_log kept as audit_log_older"
    );
    // It goes on as any other.
    registry(&sandbox, "enable -e prod -d app").expect_status(0);
    registry(&sandbox, "add -e dev -d app -H h").expect_status(6);
    registry(&sandbox, "add -e qa -d app -H h").expect_status(0);
    let integrity = sqlite::query(&file, "PRAGMA integrity_check");
    assert_eq!(integrity, "ok");
}

#[test]
fn a_file_with_targets_and_no_log_is_adopted() {
    let sandbox = sandbox_with(OLDER_REGISTRY);
    registry(&sandbox, "show -e dev -d app").expect_status(0);
    assert_eq!(
        first_event(&sandbox),
        "registry open: file adopted with 2 targets"
    );
}

#[test]
fn a_file_with_a_log_and_no_targets_is_adopted() {
    let sandbox = sandbox_with(OLDER_LOG);
    registry(&sandbox, "list")
        .expect_status(0)
        .expect_stdout("[]\n");
    assert_eq!(
        first_event(&sandbox),
        "registry open: file adopted with 0 targets; older audit_log kept as audit_log_older"
    );
    let kept = sqlite::query(&sandbox.registry(), "SELECT count(*) FROM audit_log_older");
    assert_eq!(kept, "3");
}

#[test]
fn an_older_log_gets_a_name_that_is_free() {
    let sandbox = sandbox_with(&format!(
        "{OLDER_LOG} CREATE TABLE audit_log_older (mine); INSERT INTO audit_log_older VALUES (1);"
    ));
    registry(&sandbox, "list").expect_status(0);
    assert_eq!(
        first_event(&sandbox),
        "registry open: file adopted with 0 targets; older audit_log kept as audit_log_older_2"
    );
    let file = sandbox.registry();
    assert_eq!(
        sqlite::query(&file, "SELECT mine FROM audit_log_older"),
        "1"
    );
    assert_eq!(
        sqlite::query(&file, "SELECT count(*) FROM audit_log_older_2"),
        "3"
    );
}

#[test]
fn columns_in_another_order_and_more_of_them_are_kept() {
    let sandbox = sandbox_with(
        "CREATE TABLE DB_Registry (
            id INTEGER PRIMARY KEY, owner TEXT, NOTES TEXT, active INTEGER, port INTEGER,
            hostname TEXT, db_name TEXT, env TEXT, created_at TEXT
         );
         INSERT INTO db_registry (owner, hostname, db_name, env, created_at)
         VALUES ('ann', 'h.example.com', 'app', 'dev', 'long ago');
         CREATE TABLE Audit_Log (line TEXT);
         INSERT INTO audit_log VALUES ('once');",
    );
    let shown = registry(&sandbox, "show -e dev -d app").json();
    assert_eq!(shown["hostname"], "h.example.com");
    assert_eq!(shown["port"], 5432);
    assert_eq!(shown["active"], true);
    assert_eq!(shown["created_at"], "long ago");
    registry(&sandbox, "add -e qa -d app -H h").expect_status(0);
    let owners = sqlite::query(&sandbox.registry(), "SELECT id, owner FROM db_registry");
    assert_eq!(owners, "1|ann\n2|");
    assert_eq!(
        sqlite::query(&sandbox.registry(), "SELECT line FROM audit_log_older"),
        "once"
    );
}

#[test]
fn rows_of_columns_without_types_are_read_as_what_they_mean() {
    let sandbox = sandbox_with(
        "CREATE TABLE db_registry (env, db_name, hostname, port, active, notes);
         INSERT INTO db_registry VALUES ('dev', 'a', 'h', '5433', '1', 42);
         INSERT INTO db_registry VALUES ('dev', 'b', 'h', 5434, '0', x'63616665');
         INSERT INTO db_registry VALUES ('dev', 'c', 'h', NULL, NULL, CAST(x'ff' AS TEXT));",
    );
    let rows = registry(&sandbox, "list").expect_status(0).json();
    let column = |key: &str| -> Vec<String> {
        let rows = rows.as_array().expect("rows");
        rows.iter().map(|row| row[key].to_string()).collect()
    };
    assert_eq!(column("port"), ["5433", "5434", "5432"]);
    assert_eq!(column("active"), ["true", "false", "true"]);
    assert_eq!(column("notes"), ["\"42\"", "\"cafe\"", "\"\u{fffd}\""]);
}

#[test]
fn a_row_that_cannot_be_a_target_is_listed_refused_and_can_be_mended() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let insert =
        "INSERT INTO db_registry (env, db_name, hostname, port) VALUES ('qa','b','a b',99999)";
    sqlite::sqlite3(&sandbox.registry(), insert).expect_status(0);
    assert_eq!(registry(&sandbox, "list").json()[1]["port"], 99999);
    let find = [
        "user", "find", "-u", "x", "-e", "qa", "-d", "b", "--format", "table",
    ];
    let refused = sandbox.pgrole(find).run();
    refused.expect_status(2).expect_stderr(
        "error: nothing can be done on qa/b\n\
         caused by: the registry entry qa/b is not valid\n\
         caused by: port \"99999\" is not a number from 1 to 65535\n\
         hint: correct it: pgrole registry update -e qa -d b -H HOST\n",
    );
    registry(&sandbox, "update -e qa -d b -H h -p 5432").expect_status(0);
    sandbox.pgrole(find).run().expect_status(5);
}

#[test]
fn a_target_that_an_older_file_holds_twice_stops_the_adoption_and_changes_nothing() {
    let sandbox = sandbox_with(
        "CREATE TABLE db_registry (env TEXT, db_name TEXT, hostname TEXT, port INTEGER, active INTEGER, notes TEXT);
         INSERT INTO db_registry VALUES ('dev', 'app', 'one', 5432, 1, NULL), ('dev', 'app', 'other', 5432, 1, NULL);",
    );
    let file = sandbox.registry();
    let before = std::fs::read(&file).expect("the file is there");
    let refused = registry(&sandbox, "list --format table");
    refused.expect_status(1).expect_stdout("");
    let path = file.display();
    assert_eq!(
        refused.stderr,
        format!(
            "error: cannot upgrade registry {path}\n\
             caused by: its table db_registry contains dev/app more than once\n\
             hint: keep one row of each: sqlite3 {path} \"SELECT rowid, * FROM db_registry\"\n"
        )
    );
    assert!(std::fs::read(&file).expect("the file is there") == before);
    sqlite::sqlite3(&file, "DELETE FROM db_registry WHERE hostname = 'other'").expect_status(0);
    let rows = registry(&sandbox, "list").json();
    assert_eq!(rows[0]["hostname"], "one");
}

#[test]
fn a_table_that_lacks_a_column_stops_the_adoption_and_changes_nothing() {
    let sandbox = sandbox_with("CREATE TABLE db_registry (env TEXT, db_name TEXT, hostname TEXT);");
    let before = std::fs::read(sandbox.registry()).expect("the file is there");
    let refused = registry(&sandbox, "list --format table");
    refused.expect_status(1).expect_in_stderr(
        "caused by: its table db_registry lacks the columns port, active, notes\n",
    );
    assert!(std::fs::read(sandbox.registry()).expect("the file is there") == before);
}
