//! Targets as operators add, read, change and remove them.

use std::os::unix::fs::PermissionsExt;

use serde_json::json;

use super::{add_myapp, folder_of, registry};
use crate::harness::{Sandbox, sqlite};

#[test]
fn an_added_target_is_shown_with_all_its_keys() {
    let sandbox = Sandbox::new();
    let added = registry(
        &sandbox,
        "add -e prod -d myapp_prod -H 10.0.0.5 -p 6432 --sslmode verify-ca --sslrootcert /etc/ca.pem --notes main",
    );
    let wanted = r#"{
  "env": "prod",
  "database": "myapp_prod",
  "hostname": "10.0.0.5",
  "port": 6432,
  "ports": null,
  "active": true,
  "sslmode": "verify-ca",
  "sslrootcert": "/etc/ca.pem",
  "sslcert": null,
  "sslkey": null,
  "sslnegotiation": null,
  "channel_binding": null,
  "require_auth": null,
  "direct": false,
  "admin_user": null,
  "system_identifier": null,
  "notes": "main",
  "created_at": "[TIME]",
  "updated_at": null,
  "problem": null,
  "status": "target added",
  "audit_anchor": "[ANCHOR]"
}
"#;
    added.expect_status(0).expect_stderr("");
    added.filtered().expect_stdout(wanted);
    let shown = registry(&sandbox, "show -e prod -d myapp_prod");
    let status = "  \"status\": \"target added\",\n";
    shown
        .expect_status(0)
        .expect_stdout(&added.stdout.replace(status, ""));
}

#[test]
fn an_sslrootcert_is_remembered_by_its_full_path() {
    let sandbox = Sandbox::new();
    let add = "add -e dev -d a -H db.example.com --sslrootcert ca.pem";
    let wanted = sandbox.path().join("ca.pem").display().to_string();
    assert_eq!(registry(&sandbox, add).json()["sslrootcert"], wanted);
    let system = registry(&sandbox, "update -e dev -d a --sslrootcert system");
    assert_eq!(system.json()["sslrootcert"], "system");
}

#[test]
fn targets_are_listed_as_json_json_lines_and_an_undecorated_table() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    registry(&sandbox, "add -e qa -d myapp_qa -H 10.0.0.7 -p 5433").expect_status(0);
    registry(&sandbox, "disable -e qa -d myapp_qa").expect_status(0);

    let rows = registry(&sandbox, "list").json();
    assert_eq!(rows.as_array().map(Vec::len), Some(2));
    assert_eq!(rows[0]["hostname"], "pg-dev-01.example.com");
    assert_eq!(rows[1]["port"], 5433);
    let lines = registry(&sandbox, "list --format jsonl").json_lines();
    assert_eq!(json!(lines), rows);
    let table = registry(&sandbox, "list --format table");
    table.expect_status(0).expect_stderr("").expect_stdout(
        " ENV  DATABASE   HOSTNAME               PORT  ACTIVE  SSLMODE  NOTES\n \
         dev  myapp_dev  pg-dev-01.example.com  5432  yes\n \
         qa   myapp_qa   10.0.0.7               5433  no\n",
    );
}

#[test]
fn a_list_can_be_narrowed_to_an_environment_or_a_database() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    registry(&sandbox, "add -e qa -d myapp_qa -H h").expect_status(0);
    registry(&sandbox, "add -e qa -d myapp_dev -H h").expect_status(0);
    let names = |words: &str| -> Vec<String> {
        let lines = registry(&sandbox, &format!("list --format jsonl {words}")).json_lines();
        let name = |row: &serde_json::Value| format!("{}/{}", row["env"], row["database"]);
        lines.iter().map(|row| name(row).replace('"', "")).collect()
    };
    assert_eq!(names("-e qa"), ["qa/myapp_dev", "qa/myapp_qa"]);
    assert_eq!(names("-d myapp_dev"), ["dev/myapp_dev", "qa/myapp_dev"]);
    assert_eq!(names("-e qa -d myapp_qa"), ["qa/myapp_qa"]);
    assert_eq!(names("-e uat"), [""; 0]);
}

#[test]
fn an_empty_list_is_an_empty_array_and_says_what_to_do_next() {
    let sandbox = Sandbox::new();
    registry(&sandbox, "list")
        .expect_status(0)
        .expect_stdout("[]\n")
        .expect_stderr("");
    registry(&sandbox, "list --format jsonl")
        .expect_status(0)
        .expect_stdout("");
    registry(&sandbox, "list --format table")
        .expect_status(0)
        .expect_stderr("no targets; to add one: pgrole registry add -e ENV -d DATABASE -H HOST\n");
}

#[test]
fn adding_a_target_twice_is_refused_with_a_hint_and_changes_nothing() {
    let sandbox = Sandbox::new();
    let first = add_myapp(&sandbox);
    let again = registry(
        &sandbox,
        "add -e dev -d myapp_dev -H other.example.com --format table",
    );
    again.expect_status(6).expect_stdout("").expect_stderr(
        "error: target dev/myapp_dev is already in the registry\n\
         caused by: hostname is pg-dev-01.example.com, not other.example.com\n\
         hint: to change it: pgrole registry update -e dev -d myapp_dev -H other.example.com\n",
    );
    let again = add_myapp(&sandbox).json();
    assert_eq!(again["status"], "unchanged");
    assert_eq!(again["created_at"], first.json()["created_at"]);
    let operations = sqlite::query(&sandbox.registry(), "SELECT operation FROM audit_log");
    assert_eq!(operations, "registry open\nregistry add");
}

#[test]
fn an_update_changes_what_it_names_and_an_empty_text_clears() {
    let sandbox = Sandbox::new();
    registry(&sandbox, "add -e dev -d a -H old.example.com --notes old").expect_status(0);
    let moved = registry(&sandbox, "update -e dev -d a -H new.example.com -p 5433").json();
    assert_eq!(moved["hostname"], "new.example.com");
    assert_eq!(moved["port"], 5433);
    assert_eq!(moved["notes"], "old");
    assert!(moved["updated_at"].is_string());
    let cleared = sandbox.pgrole(["registry", "update", "-e", "dev", "-d", "a", "--notes", ""]);
    assert!(cleared.run().json()["notes"].is_null());
    let nothing = registry(&sandbox, "update -e dev -d a --format table");
    nothing.expect_status(2).expect_stderr(
        "error: nothing to update\n\
         hint: name what to change: --hostname, --service, --port, --require-auth, --direct, --admin-user, --trust-new-server, --notes, or one of the TLS options\n",
    );
}

#[test]
fn a_disabled_target_is_refused_until_it_is_enabled() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let disabled = registry(&sandbox, "disable -e dev -d myapp_dev");
    assert_eq!(disabled.json()["active"], false);
    let find = "user find -u x -e dev -d myapp_dev --format table";
    let refused = sandbox.pgrole(find.split(' ')).run();
    refused.expect_status(6).expect_stderr(
        "error: target dev/myapp_dev is disabled\n\
         hint: to enable it: pgrole registry enable -e dev -d myapp_dev\n",
    );
    let enabled = registry(&sandbox, "enable -e dev -d myapp_dev");
    assert_eq!(enabled.json()["active"], true);
    // It gets past the registry now, and fails for want of a credential.
    sandbox.pgrole(find.split(' ')).run().expect_status(5);
}

#[test]
fn a_removed_target_is_gone_and_stays_in_the_audit_log() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let removed = registry(&sandbox, "remove -e dev -d myapp_dev --format table");
    removed
        .expect_status(0)
        .expect_stderr("removed from the registry; nothing was changed on its server\n");
    registry(&sandbox, "list").expect_stdout("[]\n");
    let log = sandbox
        .pgrole(["audit", "list", "-d", "myapp_dev"])
        .run()
        .json();
    assert_eq!(log[0]["status"], "target removed");
    assert_eq!(log[1]["status"], "target added");
}

#[test]
fn removing_a_protected_target_needs_yes_where_nobody_can_be_asked() {
    let sandbox = Sandbox::new();
    registry(&sandbox, "add -e prod -d a -H db.example.com").expect_status(0);
    let refused = registry(&sandbox, "remove -e prod -d a --format table");
    refused.expect_status(6).expect_stdout("").expect_stderr(
        "error: environment \"prod\" is protected, and there is no terminal to ask on: \
         remove the registry entry on prod/a (db.example.com:5432)\n\
         hint: use --yes to skip the confirmation\n",
    );
    registry(&sandbox, "show -e prod -d a").expect_status(0);
    registry(&sandbox, "remove -e prod -d a --yes").expect_status(0);
    registry(&sandbox, "show -e prod -d a").expect_status(3);
}

#[test]
fn a_target_that_is_not_there_is_not_found_by_any_verb() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    for verb in ["show", "enable", "disable", "remove", "update -p 1"] {
        let outcome = registry(&sandbox, &format!("{verb} -e qa -d myapp_dev"));
        outcome.expect_status(3).expect_stdout("");
        let error = &outcome.json_error()["error"];
        assert_eq!(error["kind"], "not_found", "{verb}");
        assert_eq!(error["message"], "no target qa/myapp_dev in the registry");
    }
}

#[test]
fn an_unknown_environment_is_wrong_usage_and_the_known_ones_are_listed() {
    let sandbox = Sandbox::new();
    for words in [
        "add -e lab -d a -H h",
        "list -e lab",
        "show -e lab -d a",
        "update -e lab -d a -p 1",
        "enable -e lab -d a",
        "disable -e lab -d a",
        "remove -e lab -d a",
    ] {
        let outcome = registry(&sandbox, &format!("{words} --format table"));
        outcome.expect_status(2).expect_stdout("").expect_stderr(
            "error: unknown environment \"lab\"; known: dev, qa, uat, prod\n\
             hint: add it to \"environments\" in the config file, or name one of these\n",
        );
    }
}

#[test]
fn the_config_file_adds_environments() {
    let sandbox = Sandbox::new();
    sandbox.write_config("environments = [\"lab\", \"live\"]\nprotected = [\"live\"]\n");
    registry(&sandbox, "add -e lab -d a -H h").expect_status(0);
    let unknown = registry(&sandbox, "add -e dev -d a -H h");
    let message = &unknown.expect_status(2).json_error()["error"]["message"];
    assert_eq!(message, "unknown environment \"dev\"; known: lab, live");
    registry(&sandbox, "add -e live -d a -H h").expect_status(0);
    registry(&sandbox, "remove -e live -d a").expect_status(6);
}

#[test]
fn names_and_numbers_that_cannot_be_are_wrong_usage_and_make_no_file() {
    let sandbox = Sandbox::new();
    let long = "x".repeat(64);
    for (flag, value) in [
        ("-d", ""),
        ("-d", &long),
        ("-d", "a\nb"),
        ("-d", "a\rb"),
        ("-H", ""),
        ("-H", "postgres://u:p@h/d"),
        ("-H", "a b"),
        ("-H", "host:5432"),
        ("-H", "a\nb"),
        ("-p", "0"),
        ("-p", "65536"),
        ("-p", "http"),
        ("--sslmode", "on"),
    ] {
        let run = sandbox.pgrole(["registry", "add", "-e", "dev"]);
        let run = match flag {
            "-d" => run.args(["-H", "h"]),
            "-H" => run.args(["-d", "a"]),
            _ => run.args(["-d", "a", "-H", "h"]),
        };
        let outcome = run.args([flag, value]).run();
        outcome.expect_status(2).expect_stdout("");
        assert_eq!(
            outcome.json_error()["error"]["kind"],
            "usage",
            "{flag} {value:?}"
        );
        assert!(!sandbox.registry().exists(), "{flag} {value:?}");
    }
}

#[test]
fn odd_names_come_back_exactly_as_they_were_given() {
    let sandbox = Sandbox::new();
    for name in ["a b", "it's", "-x", "ü🦀", "a\"b;--", "%s\\n", "a\tb"] {
        let (flag, notes) = (format!("--database={name}"), format!("--notes={name}"));
        let add = ["registry", "add", "-e", "dev", "-H", "h", &notes, &flag];
        let added = sandbox.pgrole(add).run();
        assert_eq!(added.expect_status(0).json()["database"], name);
        let shown = sandbox
            .pgrole(["registry", "show", "-e", "dev", &flag])
            .run();
        assert_eq!(shown.expect_status(0).json()["notes"], name);
    }
}

#[test]
fn the_file_is_private_in_a_private_folder() {
    let sandbox = Sandbox::new();
    add_myapp(&sandbox);
    let path = sandbox.registry();
    assert_eq!(mode(&path), 0o600);
    assert_eq!(mode(folder_of(&path)), 0o700);
    // They live as long as somebody reads or writes.
    let lock = sqlite::Lock::on(&path);
    for beside in ["-wal", "-shm"] {
        let file = path.with_extension(format!("db{beside}"));
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
    drop(lock);
}

#[test]
fn a_relative_file_name_is_one_in_the_current_folder() {
    let sandbox = Sandbox::new();
    let add = "add -e dev -d a -H h --registry here.db";
    registry(&sandbox, add).expect_status(0);
    assert_eq!(mode(&sandbox.path().join("here.db")), 0o600);
    let list = sandbox
        .pgrole(["registry", "list"])
        .env("PGROLE_REGISTRY", "here.db");
    assert_eq!(list.run().json()[0]["database"], "a");
    assert!(!sandbox.registry().exists());
}

fn mode(path: &std::path::Path) -> u32 {
    let metadata =
        std::fs::metadata(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    metadata.permissions().mode() & 0o777
}

#[test]
fn in_a_protected_environment_what_leads_elsewhere_is_asked_about_and_the_rest_is_not() {
    let sandbox = Sandbox::new();
    registry(&sandbox, "add -e prod -d shop -H db.example.com").expect_status(0);
    for change in [
        "-H other.example.com",
        "-p 6432",
        "--service shop",
        "--sslmode disable",
        "--sslrootcert /tmp/theirs.pem",
        "--channel-binding disable",
        "--admin-user somebody",
        "--trust-new-server",
    ] {
        let refused = registry(&sandbox, &format!("update -e prod -d shop {change}"));
        refused.expect_status(6).expect_stdout("");
        refused.expect_in_stderr("of the registry entry prod/shop (db.example.com)");
    }
    let shown = registry(&sandbox, "show -e prod -d shop").json();
    assert_eq!(shown["hostname"], "db.example.com");
    assert!(
        shown["sslmode"].is_null() && shown["updated_at"].is_null(),
        "{shown}"
    );
    registry(&sandbox, "update -e prod -d shop --notes x").expect_status(0);
    registry(&sandbox, "disable -e prod -d shop").expect_status(0);
    registry(&sandbox, "enable -e prod -d shop").expect_status(0);
    registry(&sandbox, "update -e prod -d shop -p 6432 --yes").expect_status(0);
}
