//! `audit list`: newest first, by id and not by clock, and only what was asked for.

use serde_json::Value;

use super::audit_list;
use crate::harness::{Sandbox, sqlite};

/// A log whose events are a day, a week and a year old, beside the two that made the file.
fn sandbox_with_history() -> Sandbox {
    let sandbox = Sandbox::new();
    let add = "registry add -e dev -d app -H h";
    sandbox.pgrole(add.split(' ')).run().expect_status(0);
    let insert = |ago: &str, env: &str, database: &str, username: &str| {
        format!(
            "INSERT INTO audit_log (performed_at, operation_id, stage, operation, env, db_name, username,
                status, os_user, uid, host, pid, version)
             VALUES (strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '{ago}'), hex(randomblob(8)), 'event', 'made up',
                '{env}', '{database}', '{username}', '{ago}', 'ann', 1, 'h', 1, '0');"
        )
    };
    let history = [
        insert("-1 year", "dev", "app", "web"),
        insert("-8 days", "prod", "app", "web"),
        insert("-1 day", "prod", "other", "it''s"),
    ];
    sqlite::query(&sandbox.registry(), &history.concat());
    sandbox
}

fn statuses(sandbox: &Sandbox, words: &str) -> Vec<String> {
    let outcome = audit_list(sandbox, words);
    let rows = outcome.expect_status(0).json();
    let rows = rows.as_array().expect("an array");
    let status = |row: &Value| row["status"].as_str().expect("a text").to_owned();
    rows.iter().map(status).collect()
}

#[test]
fn the_newest_come_first() {
    let sandbox = sandbox_with_history();
    assert_eq!(
        statuses(&sandbox, ""),
        [
            "-1 day",
            "-8 days",
            "-1 year",
            "target added",
            "file created"
        ]
    );
}

#[test]
fn since_takes_a_span_a_date_and_a_time() {
    let sandbox = sandbox_with_history();
    let recent = ["-1 day", "target added", "file created"];
    assert_eq!(statuses(&sandbox, "--since 7d"), recent);
    assert_eq!(statuses(&sandbox, "--since 1h"), recent[1..]);
    assert_eq!(statuses(&sandbox, "--since 2w").len(), 4);
    let when = |format: &str, ago: &str| {
        sqlite::query(
            &sandbox.registry(),
            &format!("SELECT strftime('{format}', 'now', '{ago}')"),
        )
    };
    let date = when("%Y-%m-%d", "-7 days");
    assert_eq!(statuses(&sandbox, &format!("--since {date}")), recent);
    let time = when("%Y-%m-%dT%H:%M:%SZ", "-23 hours");
    assert_eq!(statuses(&sandbox, &format!("--since {time}")), recent[1..]);
    let elsewhere = when("%Y-%m-%dT%H:%M:%S+02:00", "-23 hours");
    assert_eq!(statuses(&sandbox, &format!("--since {elsewhere}")).len(), 3);
}

#[test]
fn what_is_no_time_is_wrong_usage() {
    let sandbox = Sandbox::new();
    for when in ["yesterday", "7", "2026-13-01", "-7d"] {
        let outcome = audit_list(&sandbox, &format!("--since={when}"));
        outcome.expect_status(2).expect_stdout("");
        let message = outcome.json_error()["error"]["message"].to_string();
        assert!(
            message.contains("expected a date (2026-11-23)"),
            "{message}"
        );
    }
}

#[test]
fn environment_database_and_username_select() {
    let sandbox = sandbox_with_history();
    assert_eq!(statuses(&sandbox, "-e prod"), ["-1 day", "-8 days"]);
    assert_eq!(statuses(&sandbox, "--env dev -d app -u web"), ["-1 year"]);
    assert_eq!(statuses(&sandbox, "--database other"), ["-1 day"]);
    assert_eq!(statuses(&sandbox, "--username web"), ["-8 days", "-1 year"]);
    assert_eq!(statuses(&sandbox, "-u it's"), ["-1 day"]);
    assert_eq!(statuses(&sandbox, "-u nobody"), [""; 0]);
    audit_list(&sandbox, "-e lab").expect_status(2);
}

#[test]
fn a_limit_keeps_the_newest_and_is_fifty_by_default() {
    let sandbox = sandbox_with_history();
    assert_eq!(statuses(&sandbox, "--limit 2"), ["-1 day", "-8 days"]);
    let many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100)
        INSERT INTO audit_log (performed_at, operation_id, stage, operation, status, os_user, uid, host, pid, version)
        SELECT '2020-01-01T00:00:00.000000Z', i, 'event', 'made up', 'old', 'ann', 1, 'h', 1, '0' FROM n";
    sqlite::query(&sandbox.registry(), many);
    assert_eq!(statuses(&sandbox, "").len(), 50);
    assert_eq!(statuses(&sandbox, "--limit 1000").len(), 105);
}

#[test]
fn events_come_as_json_lines_and_as_a_table() {
    let sandbox = Sandbox::new();
    let add = "registry add -e dev -d app -H h";
    sandbox
        .pgrole(add.split(' '))
        .under_nobody()
        .run()
        .expect_status(0);
    let json = audit_list(&sandbox, "").json();
    let lines = audit_list(&sandbox, "--format jsonl").json_lines();
    assert_eq!(Value::Array(lines), json);
    let table = audit_list(&sandbox, "--format table").filtered();
    let operator = json[0]["os_user"].as_str().expect("a text");
    let wide = operator.len().max("OPERATOR".len());
    let line = |operator: &str, rest: &str| format!(" {operator:wide$}  {rest}");
    let rows: Vec<_> = table.stdout.lines().collect();
    assert_eq!(
        rows[0].trim_start_matches(" ID  PERFORMED AT").trim_start(),
        line("OPERATOR", "OPERATION      ENV  DATABASE  USERNAME  STATUS").trim_start()
    );
    assert_eq!(
        rows[1],
        format!(
            " 2   [TIME] {}",
            line(
                operator,
                "registry add   dev  app                 target added"
            )
        )
    );
    assert_eq!(
        rows[2],
        format!(
            " 1   [TIME] {}",
            line(
                operator,
                "registry open                           file created"
            )
        )
    );
}

#[test]
fn the_log_is_read_without_a_network_a_keyring_or_a_credential() {
    let sandbox = sandbox_with_history();
    let outcome = audit_list(&sandbox, "");
    outcome.expect_status(0).expect_stderr("");
}

#[test]
fn creations_by_whatever_profile_are_found_as_earlier_versions_called_them_too() {
    let sandbox = sandbox_with_history();
    let insert = |operation: &str, profile: &str| {
        let status = format!("{operation} by {profile}");
        format!(
            "INSERT INTO audit_log (performed_at, operation_id, stage, operation, profile, status, error,
                os_user, uid, host, pid, version)
             SELECT '2026-01-01T00:00:00.000000Z', hex('{status}'), value, '{operation}', nullif('{profile}', ''),
                '{status}', iif(value = 'outcome', 'x', NULL), 'ann', 1, 'h', 1, '0'
             FROM (SELECT 'intent' AS value UNION ALL SELECT 'outcome');"
        )
    };
    let history = [
        insert("user create", "batch"),
        insert("user batch", "batch"),
        insert("user reset", "reset"),
        insert("user reset", ""),
        insert("user app", "app"),
        insert("user batch --dry-run", "batch"),
        insert("user create --dry-run", "batch"),
    ];
    sqlite::query(&sandbox.registry(), &history.concat());
    let found = |operation: &str, more: &str| {
        let list = ["audit", "list", "--operation", operation];
        let outcome = sandbox.pgrole(list).args(more.split_whitespace()).run();
        let rows = outcome.expect_status(0).json();
        let rows = rows.as_array().expect("an array").clone();
        let status = |row: &Value| row["status"].as_str().expect("a text").to_owned();
        rows.iter().map(status).collect::<Vec<_>>()
    };
    for more in ["", "--failed", "--operator ann --since 2025-12-31"] {
        assert_eq!(
            found("user create", more),
            [
                "user reset by reset",
                "user batch by batch",
                "user create by batch"
            ],
            "{more}"
        );
        assert_eq!(
            found("user create --dry-run", more),
            [
                "user create --dry-run by batch",
                "user batch --dry-run by batch"
            ]
        );
        // By their old names they are there as before.
        assert_eq!(found("user batch", more), ["user batch by batch"]);
        assert_eq!(
            found("user reset", more),
            ["user reset by ", "user reset by reset"]
        );
        assert_eq!(found("user app", more), ["user app by app"]);
    }
}
