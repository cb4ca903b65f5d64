//! Whatever stands in a row of the registry, which anybody may write by hand, is read and hides no other row.

use proptest::prelude::*;
use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use crate::domain::target::Target;
use crate::store::entry::{SELECT, read_entry};
use crate::store::{RegistryEntry, problem_of};

/// The columns, and what somebody may mean by them.
const COLUMNS: [(&str, &[&str]); 15] = [
    (
        "hostname",
        &[
            "localhost",
            "/run/postgresql",
            "::1",
            "a.example.com,b.example.com",
        ],
    ),
    ("port", &["5432", "6432"]),
    ("active", &["0", "1"]),
    ("notes", &["a remark"]),
    ("sslmode", &["require", "verify-full", "disable"]),
    ("sslrootcert", &["/etc/ca.pem", "system"]),
    ("ports", &["5432", "5432,5433"]),
    ("sslcert", &["/etc/own.pem"]),
    ("sslkey", &["/etc/own.key"]),
    ("sslnegotiation", &["direct", "postgres"]),
    ("channel_binding", &["prefer", "require"]),
    ("admin_user", &["dba"]),
    ("system_identifier", &["7300000000000000000"]),
    ("direct", &["1"]),
    ("require_auth", &["scram-sha-256", "!md5", ""]),
];

/// What SQLite keeps in any column.
fn foreign() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<i64>().prop_map(Value::Integer),
        (0_i64..70_000).prop_map(Value::Integer),
        any::<f64>().prop_map(Value::Real),
        any::<String>().prop_map(Value::Text),
        "[ -~]{0,12}".prop_map(Value::Text),
        any::<Vec<u8>>().prop_map(Value::Blob),
    ]
}

/// A row, most of whose columns somebody meant.
fn rows() -> impl Strategy<Value = Vec<Value>> {
    let columns = COLUMNS.map(|(name, texts)| {
        let meant = prop::sample::select(texts).prop_map(|text| Value::Text(text.to_owned()));
        let empty = if name == "hostname" { 0 } else { 30 };
        prop_oneof![10 => meant, empty => Just(Value::Null), 2 => foreign()]
    });
    columns.into_iter().collect::<Vec<_>>()
}

fn names() -> String {
    COLUMNS.map(|(name, _)| name).join(", ")
}

/// A registry as SQLite or the older service made it, whose columns take anything.
fn file() -> Connection {
    let connection = Connection::open_in_memory().unwrap();
    let columns = names();
    connection
        .execute_batch(&format!(
            "CREATE TABLE db_registry (env, db_name, {columns}, created_at, updated_at, record_code)"
        ))
        .unwrap();
    connection
}

fn insert(connection: &Connection, values: &[Value], as_text: bool) {
    let values = [vec![Value::Text("dev".to_owned()); 2], values.to_vec()].concat();
    let place = if as_text { "CAST(? AS TEXT)" } else { "?" };
    let places = vec![place; values.len()].join(", ");
    let columns = names();
    connection
        .execute(
            &format!("INSERT INTO db_registry (env, db_name, {columns}) VALUES ({places})"),
            params_from_iter(values),
        )
        .unwrap();
}

fn entries(connection: &Connection) -> Vec<RegistryEntry> {
    let mut statement = connection.prepare(SELECT).unwrap();
    let rows = statement.query_map([], read_entry).unwrap();
    rows.map(Result::unwrap).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_row_is_a_target_or_says_what_is_wrong(
        values in rows(),
        is_text in any::<bool>(),
    ) {
        let connection = file();
        insert(&connection, &values, is_text);
        let sound = COLUMNS.map(|(name, texts)| match name {
            "hostname" => Value::Text(texts[0].to_owned()),
            _ => Value::Null,
        });
        insert(&connection, &sound, false);
        let entries = entries(&connection);
        prop_assert_eq!(entries.len(), 2);
        prop_assert_eq!(problem_of(&entries[1]), None);
        let entry = entries[0].clone();
        let problem = problem_of(&entry);
        match Target::try_from(entry.clone()) {
            Ok(target) => {
                prop_assert_eq!(problem, None);
                prop_assert!(target.addresses().is_ok(), "{:?}", target);
                prop_assert_eq!(target.active, entry.active);
                prop_assert_eq!(target.admin_user, entry.admin_user);
            }
            Err(error) => {
                prop_assert!(problem.is_some_and(|problem| !problem.is_empty()));
                let said = format!("{error:#}");
                prop_assert!(said.contains("dev/dev"));
            }
        }
    }
}
