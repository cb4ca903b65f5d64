//! The targets of acts on several are kept once, however often they are named, and nobody can change what was named.

use serde_json::{Value, json};

use super::audit_list;
use crate::harness::{Outcome, Sandbox, sqlite};

const UNPROTECTED: &str = "DROP TRIGGER target_list_no_update; DROP TRIGGER target_list_no_delete;";

/// A registry of three targets that were checked three times, then of two.
fn checked() -> Sandbox {
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", "admin");
    sandbox.env("PG_ADMIN_PASS", "hunter2-admin");
    for database in ["one", "two", "three"] {
        sandbox.register_on_port(1, "dev", database);
    }
    for _ in 0..3 {
        check(&sandbox);
    }
    let disable = ["registry", "disable", "-e", "dev", "-d", "three"];
    sandbox.pgrole(disable).run().expect_status(0);
    check(&sandbox);
    sandbox
}

fn check(sandbox: &Sandbox) {
    let check = sandbox.pgrole(["registry", "check"]).run();
    check.expect_in_stderr("targets failed");
}

fn verify(sandbox: &Sandbox) -> Outcome {
    sandbox.pgrole(["audit", "verify"]).run()
}

fn query(sandbox: &Sandbox, sql: &str) -> String {
    sqlite::query(&sandbox.registry(), sql)
}

/// The targets of the checks that a list shows, the newest first.
fn targets(list: &Outcome) -> Vec<Value> {
    let rows = list.expect_status(0).json();
    let rows = rows.as_array().expect("an array").iter();
    let checks = rows.filter(|row| row["operation"] == "registry check");
    checks.map(|row| row["targets"].clone()).collect()
}

#[test]
fn each_list_is_kept_once_and_shown_with_each_of_its_events() {
    let sandbox = checked();
    assert_eq!(query(&sandbox, "SELECT count(*) FROM target_list"), "2");
    let three = json!(["dev/one", "dev/three", "dev/two"]);
    let two = json!(["dev/one", "dev/two"]);
    let in_turn = [&two, &three, &three, &three].map(Clone::clone);
    for (words, wanted) in [
        ("--limit 99", &in_turn[..]),
        ("-e dev -d one", &in_turn),
        ("-d three", &in_turn[1..]),
        ("-e dev -d one --limit 2", &in_turn[..2]),
        ("-e dev -d one --since 2020-01-01", &in_turn),
        ("-e dev -d one --until 2020-01-01", &[]),
        ("-e dev --failed", &in_turn),
        ("-e dev --operation registry_check", &[]),
        ("-e qa", &[]),
        ("-e dev -u nobody", &[]),
    ] {
        assert_eq!(targets(&audit_list(&sandbox, words)), wanted, "{words}");
    }
    let export = sandbox.pgrole(["audit", "export"]).run();
    let exported = export.expect_status(0).json_lines();
    let lists = exported.iter().filter(|event| !event["targets"].is_null());
    let lists: Vec<_> = lists.collect();
    assert_eq!(lists.len(), 4, "{export}");
    let text = "[\"dev/one\",\"dev/two\"]";
    assert_eq!(lists[3]["targets"], text);
    let of_text = format!("SELECT hash FROM target_list WHERE targets = '{text}'");
    assert_eq!(lists[3]["targets_hash"], query(&sandbox, &of_text));
    verify(&sandbox).expect_status(0);
}

#[test]
fn a_list_that_was_changed_or_removed_is_found() {
    let sandbox = checked();
    let first = "SELECT min(id) FROM audit_log WHERE targets_hash IN
        (SELECT hash FROM target_list WHERE targets LIKE '%three%')";
    let first: i64 = query(&sandbox, first).parse().expect("a number");
    let whole = std::fs::read(sandbox.registry()).expect("the file is there");
    for (sql, fault, is_named) in [
        (
            "UPDATE target_list SET targets = replace(targets, 'three', 'four')",
            "the list of its targets does not match its hash",
            false,
        ),
        (
            "UPDATE target_list SET targets = x'ff' WHERE targets LIKE '%three%'",
            "the list of its targets does not match its hash",
            true,
        ),
        (
            "DELETE FROM target_list WHERE targets LIKE '%three%'",
            "there is no list of its targets",
            true,
        ),
    ] {
        std::fs::write(sandbox.registry(), &whole).expect("the home can be written");
        let refused = sqlite::sqlite3(&sandbox.registry(), sql);
        refused.expect_in_stderr("target_list is append-only");
        sqlite::sqlite3(&sandbox.registry(), &format!("{UNPROTECTED} {sql}")).expect_status(0);
        let verified = verify(&sandbox);
        let report = verified.expect_status(7).json();
        assert_eq!(report["broken_event"], first, "{verified}");
        assert_eq!(report["broken"], "altered", "{verified}");
        verified.expect_in_stderr(&format!("event {first} was altered: {fault}"));
        let list = audit_list(&sandbox, "--limit 99");
        assert_eq!(targets(&list).len(), 4, "{list}");
        assert_eq!(
            list.stderr.contains("is not valid where"),
            is_named,
            "{list}"
        );
    }
    // Whoever removes only the protection is found too.
    std::fs::write(sandbox.registry(), &whole).expect("the home can be written");
    sqlite::sqlite3(&sandbox.registry(), "DROP TRIGGER target_list_no_update").expect_status(0);
    let verified = verify(&sandbox);
    verified
        .expect_status(7)
        .expect_in_stderr("target_list_no_update");
}

#[test]
fn an_archive_has_the_lists_of_its_events_and_the_log_keeps_its_own() {
    let sandbox = checked();
    let last = "SELECT performed_at FROM audit_log WHERE operation = 'registry disable'";
    let before = query(&sandbox, last);
    let file = sandbox.path().join("archive.db");
    let archive = sandbox.pgrole(["audit", "archive", "--yes", "--before", &before]);
    let archive = archive.args(["--output".as_ref(), file.as_os_str()]).run();
    archive.expect_status(0);
    let lists = "SELECT group_concat(targets, ' ') FROM target_list";
    assert_eq!(query(&sandbox, lists), "[\"dev/one\",\"dev/two\"]");
    assert_eq!(
        sqlite::query(&file, lists),
        "[\"dev/one\",\"dev/three\",\"dev/two\"]"
    );
    let name = file.display();
    let of_archive = audit_list(&sandbox, &format!("-e dev -d three --archive {name}"));
    assert_eq!(targets(&of_archive).len(), 3);
    assert_eq!(targets(&audit_list(&sandbox, "-e dev -d one")).len(), 1);
    let verified = sandbox.pgrole(["audit", "verify", "--archive"]);
    verified.args([&file]).run().expect_status(0);
    verify(&sandbox).expect_status(0);
    // A list that leaves the log can come again.
    let enable = ["registry", "enable", "-e", "dev", "-d", "three"];
    sandbox.pgrole(enable).run().expect_status(0);
    check(&sandbox);
    verify(&sandbox).expect_status(0);
    let changed = "DROP TRIGGER target_list_no_update; UPDATE target_list SET targets = '[]'";
    sqlite::sqlite3(&file, changed).expect_status(0);
    let verified = sandbox.pgrole(["audit", "verify", "--archive"]);
    let verified = verified.args([&file]).run();
    verified
        .expect_status(7)
        .expect_in_stderr("the list of its targets");
}
