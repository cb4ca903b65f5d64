//! `audit verify`: whatever is done to the file, the first broken event is named, and what has become of it.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::{make_registry, sandbox_of_before_the_chain};
use crate::harness::{Outcome, Sandbox, sqlite};

const UNPROTECTED: &str = "
    DROP TRIGGER audit_log_no_update; DROP TRIGGER audit_log_no_delete; DROP TRIGGER audit_log_no_replace;";
const PROTECTED: &str = "
    CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
    CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
    CREATE TRIGGER audit_log_no_replace BEFORE INSERT ON audit_log
        WHEN EXISTS (SELECT 1 FROM audit_log WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;";

/// A log of ten events.
fn sandbox_with_ten_events() -> Sandbox {
    let sandbox = Sandbox::new();
    for number in 1..10 {
        add(&sandbox, number);
    }
    sandbox
}

fn add(sandbox: &Sandbox, number: u32) {
    let database = format!("app_{number}");
    let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", &database];
    sandbox.pgrole(add).run().expect_status(0);
}

/// Does that to the file as somebody who removes the triggers first and puts them back after.
fn tamper(sandbox: &Sandbox, sql: &str) {
    let sql = format!("{UNPROTECTED}{sql};{PROTECTED}");
    sqlite::sqlite3(&sandbox.registry(), &sql).expect_status(0);
}

fn verify(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    sandbox
        .pgrole(["audit", "verify"].iter().chain(words))
        .run()
}

/// Expects exit status 7 and this finding, on stdout and in the error.
#[track_caller]
fn expect_broken(sandbox: &Sandbox, event: i64, what: &str, message: &str) {
    expect_broken_in(&verify(sandbox, &[]), event, what, message);
}

#[track_caller]
fn expect_broken_in(outcome: &Outcome, event: i64, what: &str, message: &str) {
    outcome.expect_status(7);
    let report = outcome.json();
    assert_eq!(report["status"], "altered", "{outcome}");
    assert_eq!(report["broken_event"], event, "{outcome}");
    assert_eq!(report["broken"], what, "{outcome}");
    assert_eq!(report["message"], message, "{outcome}");
    let error = &outcome.json_error()["error"];
    assert_eq!(error["kind"], "differences");
    assert_eq!(error["message"], "the audit log was altered");
    assert_eq!(error["causes"][0], message);
}

fn hash_of(sandbox: &Sandbox, event: i64) -> String {
    let sql = format!("SELECT hash FROM audit_log WHERE id = {event}");
    sqlite::query(&sandbox.registry(), &sql)
}

fn anchor_of(sandbox: &Sandbox, event: i64) -> String {
    format!("{event}:{}", hash_of(sandbox, event))
}

#[test]
fn an_untouched_log_is_intact() {
    let sandbox = sandbox_with_ten_events();
    let outcome = verify(&sandbox, &[]);
    outcome.expect_status(0).expect_stderr("");
    let report = outcome.json();
    assert_eq!(report["status"], "intact");
    assert_eq!(report["events"], 10);
    assert_eq!(report["adopted"], 0);
    assert_eq!(report["verified_to"], anchor_of(&sandbox, 10));
    assert!(report["broken"].is_null() && report["broken_event"].is_null());
    // Reading writes no event.
    assert_eq!(verify(&sandbox, &[]).json()["events"], 10);
}

#[test]
fn any_column_of_any_event_counts() {
    let sandbox = sandbox_with_ten_events();
    let columns = sqlite::query(
        &sandbox.registry(),
        "SELECT name FROM pragma_table_info('audit_log') WHERE name NOT IN ('id', 'hash')",
    );
    assert_eq!(columns.lines().count(), 30, "{columns}");
    for column in columns.lines() {
        let before = std::fs::read(sandbox.registry()).expect("the file is there");
        let value = if column == "stage" { "outcome" } else { "7" };
        let sql = format!("UPDATE audit_log SET {column} = '{value}' WHERE id = 4");
        tamper(&sandbox, &sql);
        let message = "event 4 was altered: its hash does not match its content";
        expect_broken(&sandbox, 4, "altered", message);
        std::fs::write(sandbox.registry(), before).expect("the file can be written");
        verify(&sandbox, &[]).expect_status(0);
    }
}

#[test]
fn a_column_that_somebody_adds_counts_where_it_says_something() {
    let sandbox = sandbox_with_ten_events();
    let add = |column: &str| format!("ALTER TABLE audit_log ADD COLUMN {column}");
    sqlite::query(&sandbox.registry(), &add("empty TEXT"));
    verify(&sandbox, &[]).expect_status(0);
    sqlite::query(
        &sandbox.registry(),
        &add("note TEXT DEFAULT 'approved by the auditor'"),
    );
    let message = "event 1 was altered: its hash does not match its content";
    expect_broken(&sandbox, 1, "altered", message);
}

#[test]
fn events_that_are_removed_are_missing() {
    for (condition, event, message) in [
        ("id = 1", 1, "event 1 is missing"),
        ("id = 5", 5, "event 5 is missing"),
        ("id IN (4, 5, 6)", 4, "events 4 to 6 are missing"),
        ("id = 10", 10, "event 10 is missing"),
        ("id > 7", 8, "events 8 to 10 are missing"),
        ("true", 1, "events 1 to 10 are missing"),
    ] {
        let sandbox = sandbox_with_ten_events();
        tamper(
            &sandbox,
            &format!("DELETE FROM audit_log WHERE {condition}"),
        );
        expect_broken(&sandbox, event, "missing", message);
        // What is written after does not hide it.
        add(&sandbox, 20);
        expect_broken(&sandbox, event, "missing", message);
    }
}

#[test]
fn a_cut_tail_whose_count_is_cut_too_is_shown_by_an_anchor() {
    let sandbox = sandbox_with_ten_events();
    let (eighth, tenth) = (anchor_of(&sandbox, 8), anchor_of(&sandbox, 10));
    let cut = "DELETE FROM audit_log WHERE id > 8; UPDATE sqlite_sequence SET seq = 8 WHERE name = 'audit_log'";
    tamper(&sandbox, cut);
    verify(&sandbox, &[]).expect_status(0);
    verify(&sandbox, &["--anchor", &eighth]).expect_status(0);
    let outcome = verify(&sandbox, &["--anchor", &eighth, "--anchor", &tenth]);
    expect_broken_in(&outcome, 9, "missing", "events 9 to 10 are missing");
    // Others in their place are others.
    add(&sandbox, 20);
    add(&sandbox, 21);
    verify(&sandbox, &[]).expect_status(0);
    let outcome = verify(&sandbox, &["--anchor", &tenth]);
    let message = format!("event 10 does not match the anchor {tenth}");
    expect_broken_in(&outcome, 10, "replaced", &message);
}

#[test]
fn events_that_change_places_are_altered() {
    let sandbox = sandbox_with_ten_events();
    let swap =
        "UPDATE audit_log SET id = -1 WHERE id = 5; UPDATE audit_log SET id = 5 WHERE id = 6;
        UPDATE audit_log SET id = 6 WHERE id = -1";
    tamper(&sandbox, swap);
    let message = "event 5 was altered: its hash does not match its content";
    expect_broken(&sandbox, 5, "altered", message);
}

#[test]
fn an_event_without_a_hash_was_put_in_by_somebody_else() {
    let sandbox = sandbox_with_ten_events();
    let insert = |id: &str| {
        format!(
            "INSERT INTO audit_log (id, performed_at, operation_id, stage, operation, status, os_user, uid, host, pid,
                version) VALUES ({id}, '2026-01-01T00:00:00.000000Z', 'x', 'event', 'made up', 'x', 'ann', 1, 'h', 1, '0')"
        )
    };
    sqlite::sqlite3(&sandbox.registry(), &insert("NULL")).expect_status(0);
    let message = "event 11 has no hash: another program inserted it";
    expect_broken(&sandbox, 11, "unhashed", message);
    // pgrole goes on after it, and it stays the first.
    add(&sandbox, 20);
    expect_broken(&sandbox, 11, "unhashed", message);
    assert_eq!(
        sqlite::query(
            &sandbox.registry(),
            "SELECT prev_hash FROM audit_log WHERE id = 12"
        ),
        hash_of(&sandbox, 10)
    );
    // Before the first there is no place either.
    let sandbox = sandbox_with_ten_events();
    sqlite::sqlite3(&sandbox.registry(), &insert("-3")).expect_status(0);
    let message = "the events before event 1 (1 events) are not those that it adopted";
    expect_broken(&sandbox, 1, "altered", message);
}

#[test]
fn an_event_that_is_altered_and_hashed_again_is_not_the_one_that_the_next_follows() {
    let sandbox = sandbox_with_ten_events();
    tamper(
        &sandbox,
        "UPDATE audit_log SET os_user = 'somebody' WHERE id = 4",
    );
    hash_again(&sandbox.registry(), 4);
    let message = "event 4 was replaced: event 5 follows another one";
    expect_broken(&sandbox, 4, "replaced", message);
}

#[test]
fn a_log_that_is_rewritten_from_there_on_is_shown_by_an_anchor() {
    let sandbox = sandbox_with_ten_events();
    let (third, seventh) = (anchor_of(&sandbox, 3), anchor_of(&sandbox, 7));
    tamper(
        &sandbox,
        "UPDATE audit_log SET os_user = 'somebody' WHERE id = 4",
    );
    for event in 4..=10 {
        if event > 4 {
            let previous = hash_of(&sandbox, event - 1);
            let sql = format!("UPDATE audit_log SET prev_hash = '{previous}' WHERE id = {event}");
            tamper(&sandbox, &sql);
        }
        hash_again(&sandbox.registry(), event);
    }
    verify(&sandbox, &[]).expect_status(0);
    verify(&sandbox, &["--anchor", &third]).expect_status(0);
    let outcome = verify(&sandbox, &["--anchor", &third, "--anchor", &seventh]);
    let message = format!("event 7 does not match the anchor {seventh}");
    expect_broken_in(&outcome, 7, "replaced", &message);
}

/// Gives an event the hash of its present content, as somebody would who knows how.
fn hash_again(file: &Path, event: i64) {
    let columns = sqlite::query(
        file,
        "SELECT group_concat(name, ' ') FROM (SELECT name FROM pragma_table_info('audit_log') ORDER BY name)",
    );
    let mut form = b"pgrole audit event 1\n".to_vec();
    for column in columns.split(' ').filter(|name| *name != "hash") {
        let value = |what: &str| {
            sqlite::query(
                file,
                &format!("SELECT {what} FROM audit_log WHERE id = {event}"),
            )
        };
        let letter = match value(&format!("typeof({column})")).as_str() {
            "null" => continue,
            "integer" => 'i',
            "text" => 't',
            other => panic!("no {other} in an event of the registry"),
        };
        let value = value(column);
        let (name, length) = (column.len(), value.len() + 1);
        form.extend(format!("{name}:{column},{length}:{letter}{value},").bytes());
    }
    let digest = Sha256::digest(&form);
    let hash: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let sql = format!(
        "{UNPROTECTED} UPDATE audit_log SET hash = '{hash}' WHERE id = {event};{PROTECTED}"
    );
    sqlite::sqlite3(file, &sql).expect_status(0);
}

#[test]
fn triggers_that_are_gone_or_do_nothing_are_named() {
    for (sql, name) in [
        ("DROP TRIGGER audit_log_no_delete", "audit_log_no_delete"),
        (
            "DROP TRIGGER audit_log_no_update;
             CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log BEGIN SELECT 1; END",
            "audit_log_no_update",
        ),
    ] {
        let sandbox = sandbox_with_ten_events();
        sqlite::sqlite3(&sandbox.registry(), sql).expect_status(0);
        let message = format!(
            "the trigger {name}, which protects events from being altered, is not as pgrole created it"
        );
        expect_broken(&sandbox, 10, "unprotected", &message);
    }
}

#[test]
fn what_was_adopted_stays_as_it_was() {
    let sandbox = sandbox_of_before_the_chain();
    add(&sandbox, 20);
    let report = verify(&sandbox, &[]).json();
    assert_eq!(
        (&report["events"], &report["adopted"]),
        (&6.into(), &4.into())
    );
    tamper(
        &sandbox,
        "UPDATE audit_log SET os_user = 'somebody' WHERE id = 2",
    );
    let message = "the events before event 5 (4 events) are not those that it adopted";
    expect_broken(&sandbox, 5, "altered", message);
}

#[test]
fn a_log_of_the_older_service_stays_as_it_was() {
    let sandbox = Sandbox::new();
    make_registry(
        &sandbox,
        "CREATE TABLE audit_log (who TEXT); INSERT INTO audit_log VALUES ('ann'), ('bob')",
    );
    verify(&sandbox, &[]).expect_status(0);
    // What changes no row changes nothing.
    sqlite::query(
        &sandbox.registry(),
        "CREATE INDEX by_name ON audit_log_older (who DESC); ANALYZE; VACUUM",
    );
    verify(&sandbox, &[]).expect_status(0);
    sqlite::query(
        &sandbox.registry(),
        "UPDATE audit_log_older SET who = 'eve' WHERE who = 'bob'",
    );
    let message = "the table audit_log_older is not the one that event 2 adopted";
    expect_broken(&sandbox, 2, "altered", message);
    sqlite::query(&sandbox.registry(), "DROP TABLE audit_log_older");
    expect_broken(&sandbox, 2, "altered", message);
}

#[test]
fn anchors_come_from_files_and_from_standard_input() {
    let sandbox = sandbox_with_ten_events();
    let (third, ninth) = (anchor_of(&sandbox, 3), anchor_of(&sandbox, 9));
    let file = sandbox.path().join("anchors");
    let text = format!("{third}\n{{\"audit_anchor\": \"{ninth}\"}}\n");
    std::fs::write(&file, &text).expect("the sandbox can be written");
    let outcome = verify(&sandbox, &["--anchors", "anchors"]);
    assert_eq!(outcome.expect_status(0).json()["anchors"], 2);
    let piped = sandbox.pgrole(["audit", "verify", "--anchors", "-"]);
    assert_eq!(
        piped.stdin(text).run().expect_status(0).json()["anchors"],
        2
    );
    for (file, message) in [
        ("none", "cannot read anchors from none"),
        ("/dev/null", "no anchor in /dev/null"),
    ] {
        let outcome = verify(&sandbox, &["--anchors", file]);
        outcome.expect_status(2).expect_stdout("");
        assert_eq!(outcome.json_error()["error"]["message"], message);
    }
    let outcome = verify(&sandbox, &["--anchor", "3"]);
    outcome.expect_status(2).expect_stdout("");
    outcome.expect_in_stderr("expected SEQUENCE:HASH");
}

#[test]
fn the_table_and_the_error_say_what_is_broken() {
    let sandbox = sandbox_with_ten_events();
    let outcome = verify(&sandbox, &["--format", "table"]);
    let anchor = anchor_of(&sandbox, 10);
    outcome.expect_status(0).expect_stderr("");
    let lines: Vec<Vec<_>> = outcome
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(
        lines,
        [
            ["status", "intact"],
            ["events", "10"],
            ["adopted", "0"],
            ["anchors", "0"],
            ["archives", "0"],
            ["verified_to", &anchor]
        ]
    );
    tamper(
        &sandbox,
        "UPDATE audit_log SET os_user = 'somebody' WHERE id = 4",
    );
    let outcome = verify(&sandbox, &["--format", "table"]);
    let third = anchor_of(&sandbox, 3);
    outcome.expect_status(7).expect_stderr(&format!(
        "error: the audit log was altered\n\
         caused by: event 4 was altered: its hash does not match its content\n\
         hint: the log is intact up to {third}: compare it with a backup that has this anchor\n"
    ));
}

#[test]
fn sixteen_writers_at_once_make_one_chain() {
    let sandbox = Sandbox::new();
    let start = |number: usize| {
        let database = format!("app_{number:02}");
        let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", &database];
        sandbox.pgrole(add).spawn()
    };
    let running: Vec<_> = (0..16).map(start).collect();
    for process in running {
        process.wait().expect_status(0).expect_stderr("");
    }
    let report = verify(&sandbox, &[]).json();
    assert_eq!(report["status"], "intact");
    assert_eq!(report["events"], Value::from(17));
}
