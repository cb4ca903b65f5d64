use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::time::Duration;

use rusqlite::types::{Value, ValueRef};
use tempfile::TempDir;

use crate::domain::act::operation::Mode;
use crate::store::schema::*;
use crate::store::{EventFilter, Intent, Store};

/// `db_registry` and `audit_log` as the service before pgrole made them.
const OLDER_SERVICE: &str = "
    CREATE TABLE db_registry (
        env TEXT NOT NULL, db_name TEXT NOT NULL, hostname TEXT NOT NULL,
        port INTEGER DEFAULT 5432, active INTEGER DEFAULT 1, notes TEXT, UNIQUE (env, db_name)
    );
    CREATE TABLE audit_log (id INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT, performed_at TEXT);
    CREATE INDEX audit_log_performed_at ON audit_log (performed_at);
    INSERT INTO db_registry VALUES ('dev', 'app', 'h', 5433, 1, NULL);
    INSERT INTO audit_log (action, performed_at) VALUES ('create', '2024-01-01T00:00:00Z');
";

/// What stands in the file from before its migration.
const KEPT: &str = "
    SELECT 'target', env, db_name, hostname, port FROM db_registry UNION ALL
    SELECT 'placed', hostname, CAST(port AS TEXT), username, password_changed_at FROM placed_role UNION ALL
    SELECT 'change', operation_id, username, state, hex(sealed) FROM password_change UNION ALL
    SELECT 'event', id, operation, status, statements FROM audit_log WHERE performed_at < '2000'";

fn rows(connection: &Connection, query: &str) -> Vec<String> {
    let mut statement = connection.prepare(query).unwrap();
    let count = statement.column_count();
    let rows = statement.query_map([], |row| {
        let texts = (0..count).map(|place| match row.get::<_, Value>(place)? {
            Value::Null => Ok("null".to_owned()),
            Value::Integer(number) => Ok(number.to_string()),
            Value::Text(text) => Ok(text),
            other => Ok(format!("{other:?}")),
        });
        Ok(texts.collect::<rusqlite::Result<Vec<_>>>()?.join(" "))
    });
    let mut rows: Vec<_> = rows.unwrap().map(rusqlite::Result::unwrap).collect();
    rows.sort();
    rows
}

/// The statements that make a file's tables, indexes, triggers and views, but for their white space. Of a table that
/// grew by a column SQLite keeps the old text, before whose constraints the column stands.
fn schema_of(connection: &Connection) -> Vec<String> {
    let texts = rows(
        connection,
        "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    );
    texts.iter().map(|sql| without_spaces(sql)).collect()
}

fn without_spaces(sql: &str) -> String {
    let mut text = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    for (wide, narrow) in [("( ", "("), (" )", ")"), (" ,", ",")] {
        text = text.replace(wide, narrow);
    }
    text
}

fn newest_schema() -> Vec<String> {
    let connection = Connection::open_in_memory().unwrap();
    connection.execute_batch(SCHEMA).unwrap();
    schema_of(&connection)
}

fn open(path: &std::path::Path) -> Store {
    let operator = Operator::default();
    let keys = Box::new(|_| Ok(None));
    Store::open(
        path,
        Duration::from_secs(5),
        operator,
        keys,
        Timestamp::now(),
    )
    .unwrap()
}

/// Puts in what a file of that version could hold: a target, a placed role, a password change that is open, two events.
fn fill(transaction: &Transaction<'_>, version: usize) {
    if version == 0 {
        return;
    }
    let run = |sql: &str| transaction.execute_batch(sql).unwrap();
    run("INSERT INTO db_registry (env, db_name, hostname, port) VALUES ('dev', 'app', 'h', 5433)");
    let has_clusters = columns(transaction, "placed_role")
        .unwrap()
        .contains(&"cluster_id".to_owned());
    if has_clusters {
        run("INSERT INTO cluster VALUES ('c', '1999');
             INSERT INTO cluster_place (hostname, port, cluster_id) VALUES ('h', '5433', 'c');
             UPDATE db_registry SET cluster_id = 'c'");
    }
    let (column, value) = if has_clusters {
        (", cluster_id", ", 'c'")
    } else {
        ("", "")
    };
    run(&format!(
        "INSERT INTO placed_role (hostname, port, username, env, db_name, password_changed_at{column})
         VALUES ('h', 5433, 'jane', 'dev', 'app', '1999'{value})"
    ));
    if has_table(transaction, "password_change").unwrap() {
        run(&format!(
            "INSERT INTO password_change (operation_id, kind, env, db_name, hostname, port, username, deliver,
                deliver_template, file_format, state, key_id, sealed, created_at, updated_at{column})
             VALUES ('op', 'reset', 'dev', 'app', 'h', '5433', 'jane', 'stdout', 'stdout', 'json', 'APPLYING', 'k',
                x'00ff', '1999', '1999'{value})"
        ));
    }
    let mut previous = EventHash::NONE.to_string();
    for id in 1..=2 {
        previous = add_event(transaction, id, &previous);
    }
}

/// Adds an event as the version wrote it, and returns its hash.
fn add_event(transaction: &Transaction<'_>, id: i64, previous: &str) -> String {
    let text = |text: &str| Value::Text(text.to_owned());
    let mut values = vec![
        ("id", Value::Integer(id)),
        ("performed_at", text("1999-01-01T00:00:00Z")),
        ("operation_id", Value::Text(id.to_string())),
        ("stage", text("event")),
        ("operation", text("registry add")),
        ("status", text("target added")),
        ("os_user", text("ann")),
        ("uid", Value::Integer(7)),
        ("host", text("desk")),
        ("pid", Value::Integer(8)),
        ("version", text("0.1.0")),
    ];
    let there = columns(transaction, "audit_log").unwrap();
    if there.contains(&"undo".to_owned()) {
        values.push(("undo", text("{\"statements\":[],\"remarks\":[]}")));
    }
    if there.contains(&"targets".to_owned()) {
        values.push(("targets", text("[\"dev/app\"]")));
    }
    let mut hash = String::new();
    if there.contains(&"hash".to_owned()) {
        values.push(("prev_hash", text(previous)));
        let columns = values
            .iter()
            .map(|(name, value)| (*name, ValueRef::from(value)));
        hash = chain::hash_of_columns(columns).to_string();
        values.push(("hash", text(&hash)));
    }
    let names: Vec<_> = values.iter().map(|(name, _)| *name).collect();
    let sql = format!(
        "INSERT INTO audit_log ({}) VALUES ({})",
        names.join(", "),
        vec!["?"; names.len()].join(", ")
    );
    let values = values.iter().map(|(_, value)| value);
    transaction
        .execute(&sql, rusqlite::params_from_iter(values))
        .unwrap();
    hash
}

/// A file of a version, with something in it.
fn file_of_version(folder: &TempDir, version: usize) -> std::path::PathBuf {
    let path = folder.path().join(format!("{version}.db"));
    let mut connection = Connection::open(&path).unwrap();
    let transaction = connection.transaction().unwrap();
    let mut migration = Migration::default();
    for step in &STEPS[..version] {
        step.run(&transaction, &mut migration).unwrap();
    }
    fill(&transaction, version);
    let version = i64::try_from(version).unwrap();
    transaction
        .pragma_update(None, "user_version", version)
        .unwrap();
    transaction.commit().unwrap();
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    path
}

fn folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o700)).unwrap();
    folder
}

#[test]
fn a_file_of_each_version_becomes_one_of_the_newest() {
    let folder = folder();
    for version in 0..=STEPS.len() {
        let path = file_of_version(&folder, version);
        let before = match version {
            0 => Vec::new(),
            // There was no journal yet.
            1 => {
                let query = KEPT.replace("SELECT 'change', operation_id, username, state, hex(sealed) FROM password_change UNION ALL", "");
                rows(&Connection::open(&path).unwrap(), &query)
            }
            _ => rows(&Connection::open(&path).unwrap(), KEPT),
        };
        let mut store = open(&path);
        assert_eq!(
            schema_of(&store.connection),
            newest_schema(),
            "from {version}"
        );
        assert_eq!(rows(&store.connection, KEPT), before, "from {version}");
        let verification = store.verify_events(&[], &[], &mut |_, _| {}).unwrap();
        assert!(verification.broken.is_none(), "{version}: {verification:?}");
        let subject = Subject {
            targets: vec!["dev/app".to_owned()],
            ..Subject::default()
        };
        let id = "0123456789abcdef".to_owned();
        let intent = Intent::new(id, (Operation::UserList, Mode::Run), subject);
        store.record_intent(&intent, Timestamp::now()).unwrap();
        let verification = store.verify_events(&[], &[], &mut |_, _| {}).unwrap();
        assert!(verification.broken.is_none(), "{version}: {verification:?}");
        assert_eq!(store.user_version().unwrap(), NEWEST);
        // Earlier versions had each list in its event.
        let own_lists = if version >= 16 { 2 } else { 0 };
        let filter = EventFilter {
            env: Some("dev".to_owned()),
            limit: 9,
            ..EventFilter::default()
        };
        let found = store.list_events(&filter).unwrap();
        assert_eq!(found.len(), own_lists + 1, "from {version}");
        assert!(found.iter().all(|event| event.targets == ["dev/app"]));
    }
}

#[test]
fn the_file_of_the_older_service_gains_all_that_it_lacks() {
    let folder = folder();
    let path = folder.path().join("older.db");
    let connection = Connection::open(&path).unwrap();
    connection.execute_batch(OLDER_SERVICE).unwrap();
    // Somebody has put a column there that a later step adds.
    connection
        .execute_batch("ALTER TABLE db_registry ADD COLUMN SSLMode TEXT")
        .unwrap();
    drop(connection);
    let store = open(&path);
    let found = schema_of(&store.connection);
    let wanted = newest_schema();
    let is_registry = |sql: &&String| sql.starts_with("CREATE TABLE db_registry");
    let missing: Vec<_> = wanted
        .iter()
        .filter(|sql| !found.contains(sql))
        .filter(|sql| !is_registry(sql))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    let newest = Connection::open_in_memory().unwrap();
    newest.execute_batch(SCHEMA).unwrap();
    let columns = |connection: &Connection| {
        rows(
            connection,
            "SELECT lower(name) FROM pragma_table_info('db_registry')",
        )
    };
    assert_eq!(columns(&store.connection), columns(&newest));
    let targets = "SELECT env, db_name, hostname, port, active FROM db_registry";
    assert_eq!(rows(&store.connection, targets), ["dev app h 5433 1"]);
    let log = "SELECT action FROM audit_log_older";
    assert_eq!(rows(&store.connection, log), ["create"]);
    let verification = store.verify_events(&[], &[], &mut |_, _| {}).unwrap();
    assert!(verification.broken.is_none(), "{verification:?}");
}

#[test]
fn the_steps_have_the_numbers_of_their_files() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/store/migrations");
    let names = std::fs::read_dir(folder).unwrap();
    let mut names: Vec<_> = names
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), STEPS.len(), "{names:?}");
    for (place, (name, step)) in names.iter().zip(&STEPS).enumerate() {
        assert!(name.starts_with(&format!("{:03}_", place + 1)), "{name}");
        let text = std::fs::read_to_string(format!("{folder}/{name}")).unwrap();
        assert_eq!(text, step.sql, "{name}");
    }
}
