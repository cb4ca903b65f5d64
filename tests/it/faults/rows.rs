//! One bad value in every column of every table: the row is named, and stops nothing else.

use std::fs;

use serde_json::Value;

use super::is_long;
use crate::harness::{Outcome, sqlite};
use crate::scene::Scene;

/// A table and its columns, each with its declared type.
type Table = (String, Vec<(String, String)>);

/// The tables of the registry as they are, so that new ones come in by themselves.
fn tables(scene: &Scene<'_>) -> Vec<Table> {
    let registry = scene.sandbox.registry();
    let names = sqlite::query(
        &registry,
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    );
    let table = |name: &str| {
        let columns = format!("SELECT name, type FROM pragma_table_info('{name}')");
        let columns = sqlite::query(&registry, &columns);
        let columns = columns.lines().filter_map(|line| line.split_once('|'));
        let columns = columns.map(|(name, of)| (name.to_owned(), of.to_owned()));
        (name.to_owned(), columns.collect())
    };
    names.lines().map(table).collect()
}

/// A valid value for a column of a row that is nobody's.
fn valid(table: &str, column: &str, of: &str) -> String {
    match (table, column, of) {
        ("audit_log", "id", _) => "1000".to_owned(),
        ("audit_log", "stage", _) => "'event'".to_owned(),
        ("password_change", "state", _) => "'UNDELIVERED'".to_owned(),
        ("password_change", "kind", _) => "'reset'".to_owned(),
        ("outbox", "state", _) => "'pending'".to_owned(),
        ("outbox", "message", _) => {
            "json_object('id', 'victim', 'event', '', 'summary', '', 'at', '', 'operation',
            '', 'operation_id', '', 'operator', '', 'host', '', 'version', '')"
                .to_owned()
        }
        ("access_review", "decision", _) => "'keep'".to_owned(),
        ("found_login", "login", _) => "NULL".to_owned(),
        ("access_snapshot", "snapshot", _)
        | ("listed_logins", "logins", _)
        | ("target_list", "targets", _) => "'[]'".to_owned(),
        ("target_list", "hash", _) => "'victim'".to_owned(),
        // Where nobody listens.
        (_, "hostname", _) => "'127.0.0.1'".to_owned(),
        (_, "port" | "ports", "TEXT") => "'1'".to_owned(),
        ("db_registry", "active", _) => "0".to_owned(),
        (_, "hash" | "prev_hash" | "archive" | "undo" | "statements" | "targets", _) => {
            "NULL".to_owned()
        }
        (_, "deliver" | "deliver_template", _) => "'stdout'".to_owned(),
        (_, "file_format", _) => "'json'".to_owned(),
        (_, "term", _) => "'valid for ever'".to_owned(),
        (_, "valid_until" | "keep_until" | "claimed_until", _) => {
            "'2100-01-01T00:00:00Z'".to_owned()
        }
        (_, column, _) if column.starts_with("ssl") => "NULL".to_owned(),
        (_, "channel_binding" | "require_auth" | "direct", _) => "NULL".to_owned(),
        (_, column, _) if column.ends_with("_at") => "'2026-01-01T00:00:00Z'".to_owned(),
        (_, _, "INTEGER") => "1".to_owned(),
        (_, _, "REAL") => "1.5".to_owned(),
        (_, _, "BLOB") => "x'00ff'".to_owned(),
        _ => "'victim'".to_owned(),
    }
}

/// A value that the column cannot hold: bytes that are no text, or a text that is no number. `round` draws another kind.
fn bad(column: &str, of: &str, round: usize) -> &'static str {
    match (of, round) {
        ("INTEGER" | "REAL", 0) => "'nonsense'",
        ("INTEGER" | "REAL", _) => "x'ff'",
        ("BLOB", _) => "'text'",
        // A text of ours is never anything else, but SQLite turns numbers into texts.
        _ if column == "id" => "x'ff'",
        (_, 0) => "CAST(x'ff41' AS TEXT)",
        _ => "x'00ff41'",
    }
}

fn write(scene: &Scene<'_>, statements: &[String]) {
    let prepare =
        "PRAGMA ignore_check_constraints = ON; DROP TRIGGER IF EXISTS audit_log_no_update;
        DROP TRIGGER IF EXISTS target_list_no_update;";
    let sql = format!("{prepare} {}", statements.join("; "));
    sqlite::query(&scene.sandbox.registry(), &sql);
}

fn put_in_victims(scene: &Scene<'_>, tables: &[Table]) {
    let inserts = tables.iter().map(|(table, columns)| {
        let names: Vec<_> = columns.iter().map(|(name, _)| name.as_str()).collect();
        let values: Vec<_> = columns
            .iter()
            .map(|(name, of)| valid(table, name, of))
            .collect();
        format!(
            "INSERT INTO {table} ({}) VALUES ({})",
            names.join(", "),
            values.join(", ")
        )
    });
    write(scene, &inserts.collect::<Vec<_>>());
}

/// What tells the victim of a table apart from the other rows.
fn victim(table: &str, columns: &[(String, String)]) -> String {
    let mut own = columns.iter();
    let own = own.find_map(|(name, of)| match valid(table, name, of).as_str() {
        value @ ("'victim'" | "1000") => Some(format!("{name} = {value}")),
        _ => None,
    });
    own.unwrap_or_else(|| panic!("no column of {table} names the victim"))
}

#[track_caller]
fn expect_calm(outcome: &Outcome, statuses: &[i32]) {
    assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    let status = outcome.status().unwrap_or(-1);
    assert!(statuses.contains(&status), "{outcome}");
}

fn has_row(outcome: &Outcome, key: &str, value: &str) -> bool {
    let rows = outcome.json();
    let mut rows = rows.as_array().expect("an array").iter();
    rows.any(|row| row[key] == value)
}

#[test]
fn a_bad_value_in_any_column_is_named_and_stops_nothing_else() {
    let scene = Scene::new();
    let role = scene.role("sound");
    let deliver = format!("file:{}", scene.sandbox.path().join("sound").display());
    let create = ["-u", &role, "--deliver", &deliver];
    scene.user("readonly", &create).run().expect_status(0);
    scene.user("find", &["-u", &role]).run().expect_status(0);
    scene.user("list", &[]).run().expect_status(0);
    let tables = tables(&scene);
    put_in_victims(&scene, &tables);
    let registry = scene.sandbox.registry();
    let whole = fs::read(&registry).expect("the file is there");
    let most = tables.iter().map(|(_, columns)| columns.len()).max();
    for place in 0..most.unwrap_or_default() {
        // The short form: each column once.
        for round in if is_long() {
            vec![0, 1]
        } else {
            vec![place % 2]
        } {
            fs::write(&registry, &whole).expect("the home can be written");
            // In each table another column, as long as it has one.
            let damaged: Vec<_> = tables
                .iter()
                .filter_map(|(table, columns)| Some((table, columns, columns.get(place)?)))
                // SQLite itself sees to these.
                .filter(|(table, _, (column, _))| {
                    column != "id"
                        || !["access_report", "audit_log", "outbox"].contains(&table.as_str())
                })
                .collect();
            let updates = damaged.iter().map(|(table, columns, (column, of))| {
                let (value, row) = (bad(column, of, round), victim(table, columns));
                format!("UPDATE {table} SET {column} = {value} WHERE {row}")
            });
            write(&scene, &updates.collect::<Vec<_>>());
            let columns: Vec<_> = damaged
                .iter()
                .map(|(table, _, (column, _))| (table.as_str(), column.as_str()))
                .collect();
            look_at_all(&scene, &role, &columns);
        }
    }
}

/// Runs the main commands on a registry with these columns damaged.
fn look_at_all(scene: &Scene<'_>, role: &str, damaged: &[(&str, &str)]) {
    let run = |words: &str| scene.sandbox.pgrole(words.split(' ')).run();
    let doctor = run("doctor --offline --format json");
    expect_calm(&doctor, &[1]);
    let found = doctor.json();
    for (table, column) in damaged {
        let is_it = |row: &Value| {
            let text = |key: &str| row[key].as_str().unwrap_or_default();
            text("check") == "registry row"
                && text("subject").starts_with(&format!("{table} where "))
                && text("detail").starts_with(&format!("{column}: "))
        };
        let mut rows = found.as_array().expect("an array").iter();
        assert!(rows.any(is_it), "{doctor}not named: {table}.{column}");
    }
    let list = run("registry list --format json");
    expect_calm(&list, &[0]);
    assert!(has_row(&list, "database", scene.database()), "{list}");
    let audit = run("audit list --format json");
    expect_calm(&audit, &[0]);
    assert!(has_row(&audit, "username", role), "{audit}");
    let status = run("rotate status --format json");
    expect_calm(&status, &[0, 1]);
    assert!(has_row(&status, "username", role), "{status}");
    for words in ["recover list --format json", "notify list --format json"] {
        expect_calm(&run(words), &[0]);
    }
    // The bad row of the journal is not another role's.
    expect_calm(&scene.user("find", &["-u", role]).run(), &[0]);
    expect_calm(&scene.user("list", &["--offline"]).run(), &[0]);
    expect_calm(&scene.user("reset", &["-u", role]).run(), &[0]);
    // What cannot be read cannot be ended.
    expect_calm(&run("recover run"), &[1, 5, 6, 8]);
    let plan = run("rotate --dry-run --any-age --format json");
    expect_calm(&plan, &[0, 4]);
    assert!(has_row(&plan, "username", role), "{plan}");
}

#[test]
fn an_open_change_that_is_not_valid_keeps_its_password_and_its_role_until_it_is_corrected() {
    let scene = Scene::new();
    let role = scene.role("jane");
    let (gate, object) = ["gate", "object"]
        .map(|name| scene.sandbox.path().join(name).display().to_string())
        .into();
    let deliver = format!("exec:sh -c \"test -e {gate} && cat > {object}\"");
    let create = ["-u", &role, "--deliver", &deliver];
    scene.user("readonly", &create).run().expect_status(8);
    let registry = scene.sandbox.registry();
    let damage = |column: &str, value: &str| {
        sqlite::query(
            &registry,
            &format!("UPDATE password_change SET {column} = {value}"),
        )
    };
    let run = |words: &str| scene.sandbox.pgrole(words.split(' ')).run();
    let verifier = format!("SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'");
    let before = scene.psql(&verifier);
    for (column, bad, good) in [
        ("state", "'DELIVERD'", "'UNDELIVERED'"),
        ("deliver", "'fiel:/x'", "deliver_template"),
        ("port", "'99999'", "port"),
        ("kind", "x'ff'", "'create'"),
    ] {
        let good = match column {
            "port" => format!("'{}'", scene.cluster.port()),
            _ => good.to_owned(),
        };
        damage(column, bad);
        let list = run("recover list --format json");
        list.expect_status(0)
            .expect_in_stderr(&format!(" {column}: "));
        let doctor = run("doctor --offline");
        doctor.expect_status(1);
        assert!(doctor.stdout.contains("password_change where"), "{doctor}");
        run("recover run").expect_status(6);
        let reset = scene
            .user("reset", &["-u", &role, "--deliver", "stdout"])
            .run();
        reset
            .expect_status(6)
            .expect_in_stderr("an open password change is not valid");
        run("rotate --any-age --yes --deliver stdout");
        assert_eq!(scene.psql(&verifier), before, "{column}");
        damage(column, &good);
    }
    fs::write(&gate, "").expect("the sandbox can be written");
    run("recover run").expect_status(0);
    let object: Value = serde_json::from_str(&fs::read_to_string(&object).expect("was delivered"))
        .expect("the object of the login");
    let password = object["password"].as_str().expect("a password").to_owned();
    scene.may_log_in(&crate::scene::Login {
        name: role,
        password,
    });
}
