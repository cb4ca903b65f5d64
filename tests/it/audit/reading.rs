//! `audit list` by pages and filters, `audit show` with what undoes an act, `audit export` for other programs.

use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::{CHECK, audit_list, make_registry, sandbox_with_target};
use crate::harness::{Cluster, Outcome, Sandbox, sqlite};

/// As an earlier version left it: event 7 is the creation of a login.
const SCHEMA_8: &str = include_str!("../registry/schema_8.sql");

fn audit(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    sandbox.pgrole(["audit"].iter().chain(words)).run()
}

fn ids(sandbox: &Sandbox, words: &str) -> Vec<i64> {
    let outcome = audit_list(sandbox, words);
    let rows = outcome.expect_status(0).json();
    let rows = rows.as_array().expect("an array").iter();
    rows.map(|row| row["id"].as_i64().expect("a number"))
        .collect()
}

/// A log of 100 acts: event N of day N % 10, by ann or bob, some with intents and outcomes.
fn sandbox_with_many() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.pgrole(["registry", "list"]).run().expect_status(0);
    sqlite::query(
        &sandbox.registry(),
        "WITH RECURSIVE n(i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < 101)
         INSERT INTO audit_log (id, performed_at, operation_id, stage, operation, status, os_user, uid, host, pid, version)
         SELECT i, '2026-01-' || (10 + i % 10) || 'T00:00:00.000000Z', 'op' || i, 'event', iif(i % 3, 'user reset', 'user app'),
            'x', iif(i % 2, 'ann', 'bob'), 1, 'h', 1, '0' FROM n",
    );
    sandbox
}

#[test]
fn pages_follow_each_other_without_a_gap_or_an_overlap() {
    let sandbox = sandbox_with_many();
    let all = ids(&sandbox, "--limit 1000");
    assert_eq!(all.len(), 101);
    for filter in ["", "--operator ann", "--until 2026-01-15"] {
        let wanted = ids(&sandbox, &format!("--limit 1000 {filter}"));
        let mut pages = Vec::new();
        let mut page = ids(&sandbox, &format!("--limit 7 {filter}"));
        while let Some(last) = page.last().copied() {
            pages.extend(page);
            page = ids(&sandbox, &format!("--limit 7 --before {last} {filter}"));
        }
        assert_eq!(pages, wanted, "{filter}");
    }
    let first = audit_list(&sandbox, "--limit 2 --format table");
    let last = first.stdout.lines().last().expect("rows");
    let last = last.split_whitespace().next().expect("an id");
    first.expect_stderr(&format!("there may be more: --before {last}\n"));
    let none = audit_list(&sandbox, "--before 999");
    none.expect_status(3).expect_stdout("");
    assert_eq!(
        none.json_error()["error"]["message"],
        "no event \"999\" in the audit log"
    );
}

#[test]
fn operator_operation_and_period_select() {
    let sandbox = sandbox_with_many();
    let count = |words: &str| ids(&sandbox, &format!("--limit 1000 {words}")).len();
    assert_eq!(count("--operator ann"), 50);
    assert_eq!(count("--operator nobody_else"), 0);
    // A date counts whole, at both ends.
    assert_eq!(count("--since 2026-01-12 --until 2026-01-13"), 20);
    assert_eq!(count("--since 2026-01-12 --until 2026-01-12T00:00:00Z"), 0);
    let app = audit(
        &sandbox,
        &["list", "--limit", "1000", "--operation", "user app"],
    );
    let rows = app.json();
    let rows = rows.as_array().expect("an array");
    assert_eq!(rows.len(), 33);
    assert!(rows.iter().all(|row| row["operation"] == "user app"));
}

#[test]
fn failed_acts_are_those_that_ended_with_an_error() {
    let sandbox = sandbox_with_target(1);
    sandbox.pgrole(CHECK).run().expect_status(5);
    sandbox.pgrole(CHECK).run().expect_status(5);
    let failed = audit_list(&sandbox, "--failed").json();
    assert_eq!(failed.as_array().map(Vec::len), Some(2));
    assert_eq!(failed[0]["operation"], "credential check");
    assert_eq!(failed[0]["status"], "failed");
    let newest = ids(&sandbox, "--failed --limit 1");
    assert_eq!(newest, [failed[0]["id"].as_i64().expect("a number")]);
    let before = format!("--failed --before {}", newest[0]);
    assert_eq!(
        ids(&sandbox, &before),
        [failed[1]["id"].as_i64().expect("a number")]
    );
    assert_eq!(ids(&sandbox, "--failed -e prod"), [0; 0]);
}

#[test]
fn what_undoes_a_created_login_is_about_that_login_alone() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    sandbox.register(cluster, "dev", area.database());
    let role = area.role("web");
    let target = ["-e", "dev", "-d", area.database(), "-u", &role];
    sandbox
        .pgrole(["user", "readonly"])
        .args(target)
        .run()
        .expect_status(0);
    let id = ids(&sandbox, &format!("-u {role}"))[0].to_string();
    let shown = audit(&sandbox, &["show", &id]);
    let shown = shown.expect_status(0).json();
    let sql = shown["statements"].as_str().expect("statements");
    assert!(sql.contains("'<scram verifier>'"), "{sql}");
    let undo = shown["undo"].as_array().expect("an array");
    let undo: Vec<_> = undo.iter().filter_map(Value::as_str).collect();
    let group = format!("{}_readonly", area.database());
    assert_eq!(
        undo,
        [
            format!("REVOKE \"{group}\" FROM \"{role}\""),
            format!("DROP ROLE \"{role}\"")
        ]
    );
    let names = format!(
        "SELECT string_agg(rolname, ' ' ORDER BY rolname) FROM pg_roles WHERE rolname IN ('{role}', '{group}')"
    );
    assert_eq!(area.psql(&names), format!("{group} {role}"));
    area.psql(&undo.join(";\n"));
    assert_eq!(area.psql(&names), group);
    // By the operation's id as well, and for people as SQL.
    let operation = shown["operation_id"].as_str().expect("a text");
    let table = audit(&sandbox, &["show", operation, "--format", "table"]);
    table.expect_status(0);
    let (_, sql) = table.stdout.split_once("\n-- what ran\n").expect("SQL");
    let (ran, undone) = sql.split_once("\n-- what would undo it\n").expect("SQL");
    assert!(ran.contains("CREATE ROLE"), "{table}");
    assert!(
        undone.starts_with(&format!("{};", undo.join(";\n"))),
        "{table}"
    );
}

#[test]
fn an_act_of_an_earlier_version_is_undone_by_what_its_statements_say() {
    let sandbox = Sandbox::new();
    make_registry(&sandbox, SCHEMA_8);
    let shown = audit(&sandbox, &["show", "7"]);
    let shown = shown.expect_status(0).json();
    let wanted = [
        "REVOKE \"app_readonly\" FROM \"jane\"",
        "DROP ROLE \"jane\"",
    ];
    assert_eq!(shown["undo"], serde_json::json!(wanted));
    let remarks = shown["undo_remarks"].as_array().map(Vec::len);
    assert_eq!(remarks, Some(2), "{shown}");
    audit(&sandbox, &["verify"]).expect_status(0);
}

#[test]
fn a_password_has_nothing_that_undoes_it_and_says_so() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    sandbox.register(cluster, "dev", area.database());
    let role = area.role("web");
    area.psql(&format!("CREATE ROLE \"{role}\" LOGIN"));
    let reset = [
        "user",
        "reset",
        "-e",
        "dev",
        "-d",
        area.database(),
        "-u",
        &role,
    ];
    sandbox.pgrole(reset).run().expect_status(0);
    let id = ids(&sandbox, &format!("-u {role}"))[0].to_string();
    let shown = audit(&sandbox, &["show", &id]).json();
    assert_eq!(shown["undo"], Value::Array(Vec::new()));
    assert_eq!(
        shown["undo_remarks"][0],
        "a password change cannot be undone: the previous password is not kept"
    );
}

#[test]
fn an_export_holds_every_event_as_the_log_has_it() {
    let sandbox = sandbox_with_target(1);
    sandbox.pgrole(CHECK).run().expect_status(5);
    let lines = audit(&sandbox, &["export"]);
    let lines = lines.expect_status(0).json_lines();
    assert_eq!(lines.len(), 4);
    for line in &lines {
        let id = &line["id"];
        for (key, column) in [
            ("hash", "hash"),
            ("database", "db_name"),
            ("error", "error"),
        ] {
            let sql = format!("SELECT coalesce({column}, '') FROM audit_log WHERE id = {id}");
            let stored = sqlite::query(&sandbox.registry(), &sql);
            assert_eq!(line[key].as_str().unwrap_or_default(), stored, "{line}");
        }
        assert_eq!(line.as_object().map(serde_json::Map::len), Some(32));
    }
    assert_eq!(
        audit(&sandbox, &["export", "--until", "2020-01-01"]).stdout,
        ""
    );
    let csv = audit(&sandbox, &["export", "--format", "csv"]).stdout;
    assert!(
        csv.starts_with("id,performed_at,operation_id,stage,operation,env,database,"),
        "{csv}"
    );
    assert!(csv.ends_with("\r\n"));
    let cef = audit(&sandbox, &["export", "--format=cef"]).stdout;
    let failed = cef.lines().last().expect("lines");
    assert!(failed.starts_with("CEF:0|pgrole|pgrole|"), "{failed}");
    assert!(
        failed.contains("|credential check|credential check outcome|7|rt="),
        "{failed}"
    );
    assert!(failed.contains(" outcome=failed "), "{failed}");
}

#[test]
fn a_file_is_private_and_appears_whole_or_not_at_all() {
    let sandbox = sandbox_with_target(1);
    let file = sandbox.path().join("audit.jsonl");
    std::fs::write(&file, "what was there before").expect("the sandbox can be written");
    let written = audit(
        &sandbox,
        &["export", "--output", "audit.jsonl", "--format", "csv"],
    );
    written.expect_status(0).expect_stdout("").expect_stderr("");
    let text = std::fs::read_to_string(&file).expect("the file is there");
    assert_eq!(text, audit(&sandbox, &["export", "--format", "csv"]).stdout);
    let mode = std::fs::metadata(&file).expect("it is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
    let refused = audit(&sandbox, &["export", "-o", "no/such/folder"]);
    refused.expect_status(2).expect_stdout("");
    let names = std::fs::read_dir(sandbox.path()).expect("it is there");
    assert_eq!(names.count(), 2, "home and the export, nothing temporary");
}

#[test]
fn other_commands_know_no_csv_and_the_export_no_table() {
    let sandbox = Sandbox::new();
    audit_list(&sandbox, "--format csv").expect_status(2);
    audit(&sandbox, &["export", "--format", "table"]).expect_status(2);
    // What is set for all runs is no form of export.
    let export = sandbox
        .pgrole(["audit", "export"])
        .env("PGROLE_FORMAT", "table");
    assert_eq!(export.run().expect_status(0).json_lines().len(), 1);
}
