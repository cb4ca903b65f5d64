//! Each event carries the SHA-256 of its canonical form and of the event before: recomputed here without pgrole's code.

use std::path::Path;

use rusqlite::types::Value;
use sha2::{Digest, Sha256};

use super::{CHECK, make_registry, sandbox_of_before_the_chain, sandbox_with_target};
use crate::harness::{Sandbox, sqlite};

/// A row's columns but `hash`, without the NULLs, by name; and the hash that is stored.
type Event = (Vec<(String, Value)>, Option<String>);

fn events(file: &Path) -> Vec<Event> {
    let connection = rusqlite::Connection::open(file).expect("the file is there");
    let mut statement = connection
        .prepare("SELECT * FROM audit_log ORDER BY id")
        .expect("it has the table");
    let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
    let rows = statement.query_map([], |row| {
        let mut columns = Vec::new();
        for (place, name) in names.iter().enumerate() {
            columns.push((name.clone(), row.get::<_, Value>(place)?));
        }
        Ok(columns)
    });
    rows.expect("it can be read")
        .map(|row| {
            let mut columns = row.expect("it can be read");
            let hash = columns.iter().position(|(name, _)| name == "hash");
            let (_, hash) = columns.remove(hash.expect("it has the column"));
            columns.retain(|(_, value)| *value != Value::Null);
            columns.sort_by(|one, other| one.0.cmp(&other.0));
            let hash = match hash {
                Value::Text(hash) => Some(hash),
                _ => None,
            };
            (columns, hash)
        })
        .collect()
}

fn hash_of(columns: &[(String, Value)]) -> String {
    let mut form = b"pgrole audit event 1\n".to_vec();
    let mut netstring = |bytes: &[u8]| {
        form.extend(format!("{}:", bytes.len()).bytes());
        form.extend(bytes);
        form.push(b',');
    };
    for (name, value) in columns {
        netstring(name.as_bytes());
        match value {
            Value::Null => panic!("left out above"),
            Value::Integer(number) => netstring(format!("i{number}").as_bytes()),
            Value::Real(number) => netstring(&[b"r", &number.to_be_bytes()[..]].concat()),
            Value::Text(text) => netstring(format!("t{text}").as_bytes()),
            Value::Blob(bytes) => netstring(&[b"b", &bytes[..]].concat()),
        }
    }
    let digest = Sha256::digest(&form);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn text_of<'a>(columns: &'a [(String, Value)], name: &str) -> &'a str {
    let found = columns.iter().find(|(found, _)| found == name);
    match found {
        Some((_, Value::Text(text))) => text,
        _ => panic!("no text {name} in {columns:?}"),
    }
}

#[test]
fn every_event_carries_its_hash_and_the_one_before() {
    let sandbox = sandbox_with_target(1);
    sandbox.pgrole(CHECK).run().expect_status(5);
    let disable = ["registry", "disable", "-e", "dev", "-d", "app"];
    sandbox.pgrole(disable).run().expect_status(0);
    let events = events(&sandbox.registry());
    assert_eq!(events.len(), 5);
    let mut previous = "0".repeat(64);
    for (columns, stored) in &events {
        assert_eq!(text_of(columns, "prev_hash"), previous);
        let hash = hash_of(columns);
        assert_eq!(stored.as_ref(), Some(&hash), "{columns:?}");
        previous = hash;
    }
}

#[test]
fn events_of_before_the_chain_are_adopted_by_its_first_event() {
    let sandbox = sandbox_of_before_the_chain();
    sandbox.pgrole(["registry", "list"]).run().expect_status(0);
    let events = events(&sandbox.registry());
    let (marker, earlier) = events.split_last().expect("there are events");
    assert_eq!(earlier.len(), 4);
    let mut previous = "0".repeat(64);
    for (columns, stored) in earlier {
        assert_eq!(*stored, None);
        let mut columns = columns.clone();
        columns.push(("prev_hash".to_owned(), Value::Text(previous)));
        columns.sort_by(|one, other| one.0.cmp(&other.0));
        previous = hash_of(&columns);
    }
    let (columns, stored) = marker;
    assert_eq!(text_of(columns, "operation"), "audit adopt");
    assert_eq!(
        text_of(columns, "status"),
        format!("4 earlier events adopted, SHA-256 {previous}")
    );
    assert_eq!(text_of(columns, "prev_hash"), previous);
    assert_eq!(*stored, Some(hash_of(columns)));
}

#[test]
fn a_log_of_the_older_service_is_adopted_with_a_hash_of_its_rows() {
    let sandbox = Sandbox::new();
    make_registry(
        &sandbox,
        "CREATE TABLE audit_log (hash TEXT, a REAL, b BLOB);
         INSERT INTO audit_log VALUES ('x', 1.5, NULL), (NULL, 2, x'00');",
    );
    sandbox.pgrole(["registry", "list"]).run().expect_status(0);
    let form = [
        b"pgrole audit event 1\n1:a,9:r\x3f\xf8\0\0\0\0\0\0,4:hash,2:tx,".as_slice(),
        b"pgrole audit event 1\n1:a,9:r\x40\0\0\0\0\0\0\0,1:b,2:b\0,",
    ];
    let digest = Sha256::digest(form.concat());
    let digest: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(
        sqlite::query(
            &sandbox.registry(),
            "SELECT status FROM audit_log WHERE operation = 'audit adopt'"
        ),
        format!("2 rows of audit_log_older adopted, SHA-256 {digest}")
    );
}
