//! `--columns` and `--sort`: by the JSON keys, in every format, on every list.

use serde_json::{Value, json};

use super::words;
use crate::harness::{Outcome, Sandbox};

fn sandbox() -> Sandbox {
    let sandbox = Sandbox::new();
    for target in [
        "-e prod -d web10 -H b.example.com -p 6432",
        "-e dev -d web2 -H a.example.com -p 10000",
        "-e qa -d app -H a.example.com --notes nightly",
    ] {
        let add = sandbox.pgrole(words("registry add")).args(words(target));
        add.run().expect_status(0);
    }
    sandbox
}

fn list(sandbox: &Sandbox, text: &str) -> Outcome {
    let outcome = sandbox
        .pgrole(words("registry list"))
        .args(words(text))
        .run();
    outcome.expect_status(0).expect_stderr("");
    outcome
}

fn databases(rows: &Value) -> Vec<&str> {
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["database"].as_str().expect("a name"))
        .collect()
}

#[test]
fn columns_are_keys_in_json_and_columns_in_a_table() {
    let sandbox = sandbox();
    let json = list(&sandbox, "--columns database,notes").json();
    let row = |database: &str, notes: Value| json!({"database": database, "notes": notes});
    let wanted = json!([
        row("web2", Value::Null),
        row("app", json!("nightly")),
        row("web10", Value::Null)
    ]);
    assert_eq!(json, wanted);
    let keys: Vec<_> = json[0].as_object().expect("a row").keys().collect();
    assert_eq!(keys, ["database", "notes"]);
    let lines = list(&sandbox, "--columns notes,database --format jsonl");
    assert_eq!(
        lines.stdout.lines().next(),
        Some(r#"{"notes":null,"database":"web2"}"#)
    );
    // Any key of the rows can be a column.
    let table = list(
        &sandbox,
        "--columns created_at,database,direct --format table",
    );
    let first = table.stdout.lines().next().unwrap_or_default();
    let headings: Vec<_> = words(first).collect();
    assert_eq!(headings, ["CREATED", "AT", "DATABASE", "DIRECT"]);
}

#[test]
fn rows_are_sorted_by_meaning_in_every_format() {
    let sandbox = sandbox();
    for (by, wanted) in [
        ("database", ["app", "web2", "web10"]),
        ("env", ["web2", "app", "web10"]),
        ("port", ["app", "web10", "web2"]),
        ("-port", ["web2", "web10", "app"]),
        ("hostname,-port", ["web2", "app", "web10"]),
        // What is empty is last, whichever way.
        ("notes,database", ["app", "web2", "web10"]),
        ("-notes,-database", ["app", "web10", "web2"]),
    ] {
        let json = list(&sandbox, &format!("--sort {by}")).json();
        assert_eq!(databases(&json), wanted, "{by}");
        let lines = list(&sandbox, &format!("--sort {by} --format jsonl"))
            .stdout
            .clone();
        let lines = lines
            .lines()
            .map(|line| serde_json::from_str(line).expect("JSON"));
        let lines = Value::Array(lines.collect());
        assert_eq!(databases(&lines), wanted, "{by}");
        let table = list(
            &sandbox,
            &format!("--sort {by} --columns database --format table"),
        );
        let names: Vec<_> = words(&table.stdout).skip(1).collect();
        assert_eq!(names, wanted, "{by}");
    }
}

/// Nothing was registered or asked yet: there is not even a registry.
#[test]
fn an_unknown_name_is_refused_with_the_nearest_before_anything_is_asked() {
    let sandbox = Sandbox::new();
    for (typed, meant) in [
        (
            "registry list --columns hostnam",
            "registry list --columns hostname",
        ),
        (
            "user list --sort env,-valid_untl -e dev",
            "user list --sort env,-valid_until -e dev",
        ),
        (
            "user find jane --sort=-usernam --columns=en",
            "user find jane --sort=-username --columns=env",
        ),
        ("recover --columns id,stat", "recover --columns id,state"),
        (
            "offboard jane --reason left --columns clusers",
            "offboard jane --reason left --columns clusters",
        ),
        (
            "rotate --any-age --columns username,summry",
            "rotate --any-age --columns username,summary",
        ),
        ("config show --sort -sorce", "config show --sort -source"),
    ] {
        for format in ["table", "json"] {
            let run = sandbox.pgrole(words(typed)).env("PGROLE_FORMAT", format);
            let refused = run.run();
            refused.expect_status(2).expect_stdout("");
            refused.expect_in_stderr("invalid value");
            if format == "json" {
                let hint = &refused.json_error()["error"]["hint"];
                assert_eq!(*hint, format!("pgrole {meant}"), "{refused}");
            } else {
                refused.expect_in_stderr(&format!("\nhint: pgrole {meant}\n"));
            }
        }
    }
    let strange = sandbox.pgrole(words("audit list --columns xyzzy")).run();
    strange.expect_status(2).expect_stdout("");
    strange.expect_in_stderr("performed_at, ");
    assert!(!sandbox.registry().exists());
}

#[test]
fn a_key_that_no_row_has_is_null_and_a_newest_event_can_be_named() {
    let sandbox = sandbox();
    let row = &list(&sandbox, "--columns database,audit_anchor --sort database").json()[0];
    assert!(row["audit_anchor"].is_string(), "{row}");
    let shown = sandbox.pgrole(words(
        "config show --columns key,line --sort key --format jsonl",
    ));
    let shown = shown.run();
    let first = shown.stdout.lines().next();
    assert_eq!(first, Some(r#"{"key":"--config","line":null}"#), "{shown}");
}

#[test]
fn every_list_has_both() {
    let sandbox = sandbox();
    for text in [
        "registry list",
        "registry check",
        "registry import -n targets.csv",
        "audit list",
        "user list --offline",
        "user find x --offline",
        "user show x",
        "access check",
        "credential list",
        "credential check",
        "rotate status",
        "recover list",
        "notify list",
        "notify expiring",
        "doctor --offline",
        "registry discover -e dev -H h",
        "recover",
        "recover run",
        "rotate",
        "apply -f fleet.toml",
        "user create --from roster.csv",
        "access prepare",
        "notify test",
        "notify flush",
        "credential rotate",
        "config show",
        "config check",
        "config path",
    ] {
        let help = sandbox.pgrole(words(text)).args(["--help"]).run();
        help.expect_status(0);
        let has = |option| help.stdout.contains(option);
        assert!(has("--columns") && has("--sort"), "{text}\n{help}");
    }
    let events = sandbox
        .pgrole(words("audit list --columns id --sort id"))
        .run()
        .json();
    let ids: Vec<_> = events
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["id"].as_i64())
        .collect();
    assert!(ids.len() > 3 && ids.is_sorted(), "{ids:?}");
    let findings = sandbox
        .pgrole(words(
            "doctor --offline --columns check,status --sort -check",
        ))
        .run();
    let checks = findings.json();
    let checks: Vec<_> = checks
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| row["check"].as_str().expect("a name").to_owned())
        .collect();
    assert!(checks.is_sorted_by(|one, other| one >= other), "{checks:?}");
}
