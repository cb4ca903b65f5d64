//! Every JSON result ends with the anchor of the newest event, so that what was printed proves what was logged.

use serde_json::Value;

use super::audit_list;
use crate::harness::{Cluster, Outcome, Sandbox, sqlite};

/// Number and hash of the newest event.
fn newest(sandbox: &Sandbox) -> String {
    let sql = "SELECT id || ':' || hash FROM audit_log ORDER BY id DESC LIMIT 1";
    sqlite::query(&sandbox.registry(), sql)
}

/// The anchor of a result, which is its last key.
#[track_caller]
fn anchor_of(row: &Value) -> &str {
    let object = row.as_object().expect("a row is an object");
    let (key, anchor) = object.iter().next_back().expect("a row has keys");
    assert_eq!(key, "audit_anchor", "{row}");
    anchor.as_str().expect("an anchor is a text")
}

#[test]
fn results_end_with_the_anchor_of_the_newest_event() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    sandbox.register(cluster, "dev", area.database());
    let role = area.role("web");
    let user = |verb: &str| {
        let arguments = [
            "user",
            verb,
            "-e",
            "dev",
            "-d",
            area.database(),
            "-u",
            &role,
        ];
        let outcome = sandbox.pgrole(arguments).run();
        outcome.expect_status(0);
        outcome
    };
    // A password on stdout is delivered before the outcome is known: its anchor is of an event before that.
    let created = user("readonly");
    assert!(created.json()["password"].is_string());
    assert_ne!(anchor_of(&created.json()), newest(&sandbox));
    for verb in ["find", "search-path", "readonly"] {
        let outcome = user(verb);
        assert_eq!(anchor_of(&outcome.json()), newest(&sandbox), "{verb}");
    }
    let kept = [created, user("reset"), user("find")];
    let kept: String = kept.iter().map(|outcome| outcome.stdout.clone()).collect();
    let verify = sandbox.pgrole(["audit", "verify", "--anchors", "-"]);
    let report = verify.stdin(kept).run();
    assert_eq!(report.expect_status(0).json()["anchors"], 3);
}

#[test]
fn each_row_and_each_line_has_the_anchor_and_a_table_has_none() {
    let sandbox = Sandbox::new();
    let run = |words: &str| -> Outcome {
        let outcome = sandbox.pgrole(words.split(' ')).run();
        outcome.expect_status(0);
        outcome
    };
    let added = run("registry add -e dev -d one -H h").json();
    assert_eq!(anchor_of(&added), newest(&sandbox));
    assert!(anchor_of(&added).starts_with("2:"), "{added}");
    run("registry add -e dev -d two -H h");
    // Reading writes nothing: the newest event of the file.
    for words in ["registry list", "audit list"] {
        let rows = run(words).json();
        for row in rows.as_array().expect("an array") {
            assert_eq!(anchor_of(row), newest(&sandbox), "{words}");
        }
        let lines = run(&format!("{words} --format jsonl")).json_lines();
        assert_eq!(Value::Array(lines), rows);
        let table = run(&format!("{words} --format table"));
        assert!(!table.stdout.to_lowercase().contains("anchor"), "{table}");
    }
    let table = run("registry show -e dev -d one --format table");
    assert!(!table.stdout.contains("anchor"), "{table}");
}

#[test]
fn saved_results_prove_that_the_log_still_holds_what_it_held() {
    let sandbox = Sandbox::new();
    let mut kept = String::new();
    for database in ["one", "two", "three"] {
        let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", database];
        kept += &sandbox.pgrole(add).run().stdout;
    }
    kept += &audit_list(&sandbox, "--format jsonl --limit 2").stdout;
    std::fs::write(sandbox.path().join("kept"), &kept).expect("the sandbox can be written");
    let verify = ["audit", "verify", "--anchors", "kept"];
    let report = sandbox.pgrole(verify).run();
    assert_eq!(report.expect_status(0).json()["anchors"], 5);
    // Another file under the same name, whose chain is intact by itself.
    std::fs::remove_file(sandbox.registry()).expect("the file is there");
    for database in ["one", "two", "three", "four"] {
        let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", database];
        sandbox.pgrole(add).run().expect_status(0);
    }
    sandbox.pgrole(["audit", "verify"]).run().expect_status(0);
    let report = sandbox.pgrole(verify).run();
    report.expect_status(7);
    assert_eq!(report.json()["broken"], "replaced");
    assert_eq!(report.json()["broken_event"], 2);
}
