//! Access with an end and dual logins in `report access`: as what they are, and whose doing.

use serde_json::{Value, json};

use super::access::{row, rows, summary};
use crate::harness::Outcome;
use crate::scene::Scene;
use crate::users::access::on_each_version;

on_each_version! {
    access_with_an_end_is_told_with_its_end_and_reason
    dual_logins_have_the_record_of_their_owner
}

/// A report that the next one is compared with, on a page.
#[track_caller]
fn kept(scene: &Scene) -> Outcome {
    let page = scene.sandbox.path().join("access.html");
    let run = scene.sandbox.pgrole(["report", "access", "--html"]);
    let outcome = run.args([&page]).run();
    outcome.expect_status(0);
    outcome
}

/// What changed, in words, of these logins; and that nothing of it was done by others.
#[track_caller]
fn changes(outcome: &Outcome, login: &str) -> Vec<Value> {
    let summary = summary(outcome);
    let changes = summary["changes"].as_array().expect("a list").iter();
    let is_its = |change: &&Value| {
        let its = change["login"].as_str();
        its.is_some_and(|name| name.starts_with(login))
    };
    let changes: Vec<_> = changes.filter(is_its).cloned().collect();
    for change in &changes {
        assert_eq!(change["outside"], false, "{change}");
        assert!(change["by"].is_string(), "{change}");
    }
    changes
}

#[track_caller]
fn expect_changes(outcome: &Outcome, login: &str, wanted: &[&str]) -> Vec<Value> {
    let changes = changes(outcome, login);
    let said: Vec<_> = changes.iter().map(|change| &change["what"]).collect();
    for what in wanted {
        assert!(said.contains(&&json!(what)), "{what}: {said:?}");
    }
    changes
}

#[track_caller]
fn level_by(row: &Value) -> Vec<&str> {
    let ways = row["level_by"].as_array().expect("a list").iter();
    ways.map(|way| way.as_str().expect("a text")).collect()
}

fn access_with_an_end_is_told_with_its_end_and_reason(scene: &mut Scene) {
    // Before PostgreSQL 15 everybody may create in public.
    scene.psql(
        "CREATE SCHEMA app; CREATE TABLE app.t (id int); REVOKE CREATE ON SCHEMA public FROM PUBLIC",
    );
    let jane = scene.create("readonly", "jane");
    kept(scene);
    let reason = ["--reason", "INC-4711"];
    let level = ["-u", &jane.name, "--level", "readwrite", "--for", "1h"];
    let granted = scene.pgrole("access grant", &level).args(reason).run();
    granted.expect_status(0);
    let id = granted.json()["id"].as_str().expect("an ID").to_owned();
    let role = format!("pgrole_box_{id}");
    let report = kept(scene);
    let told = row(&report, &jane.name);
    assert_eq!(told["level"], "readwrite", "{told}");
    let ways = level_by(&told);
    let end = granted.json()["ends_at"].as_str().expect("a time")[..16].to_owned();
    assert!(
        ways[0].starts_with(&format!("access until {end}")) && ways[0].contains("Z (INC-4711, by "),
        "{ways:?} {end}"
    );
    assert!(!told.to_string().contains("pgrole_box_"), "{told}");
    let page = std::fs::read_to_string(scene.sandbox.path().join("access.html"));
    let page = page.expect("it was written");
    assert!(page.contains("access until ") && !page.contains("pgrole_box_"));
    let granted = expect_changes(&report, &jane.name, &["access with an end given"]);
    assert_eq!(granted[0]["reason"], "INC-4711", "{granted:?}");
    // Nobody ends it.
    scene.psql(&format!(
        "ALTER ROLE {role} VALID UNTIL '2020-01-01 00:00:00Z'"
    ));
    let report = scene.sandbox.pgrole(["report", "access", "--check"]).run();
    report.expect_status(7);
    let told = row(&report, &jane.name);
    assert_eq!(told["findings"][0], "access-overdue", "{told}");
    let ways = level_by(&told);
    assert!(
        ways[0].starts_with("access past its end 2020-01-01T00:00:00Z (INC-4711, by "),
        "{ways:?}"
    );
    let expired = scene.sandbox.pgrole(["access", "expire"]).run();
    expired.expect_status(0);
    let report = kept(scene);
    let told = row(&report, &jane.name);
    assert_eq!(told["level"], "readonly", "{told}");
    assert_eq!(told["findings"], json!([]), "{told}");
    expect_changes(&report, &jane.name, &["access ended"]);
    // A login for an emergency comes and goes by pgrole.
    let arguments = [
        jane.name.as_str(),
        "--for",
        "1h",
        "--reason",
        "INC-1",
        "--yes",
    ];
    let glass = scene.user("breakglass", &arguments).run();
    glass.expect_status(0);
    let report = kept(scene);
    let name = format!("{}_glass_", jane.name);
    let made = rows(&report)
        .into_iter()
        .find(|row| {
            row["login"]
                .as_str()
                .is_some_and(|login| login.starts_with(&name))
        })
        .expect("the emergency login");
    assert_eq!(made["reason"], "INC-1", "{made}");
    assert!(made["created_by"].is_string(), "{made}");
    let findings = made["findings"].to_string();
    assert!(!findings.contains("no-owner"), "{made}");
    scene.psql(
        "DO $$BEGIN EXECUTE format('ALTER ROLE %I VALID UNTIL ''2020-01-01''',
            (SELECT b.rolname FROM pg_roles b JOIN pg_auth_members m ON m.roleid = b.oid
             JOIN pg_roles g ON g.oid = m.member WHERE b.rolname ~ '^pgrole_box_'
             AND starts_with(g.rolname, current_database()) AND g.rolname ~ '_glass_')); END$$",
    );
    let expired = scene.sandbox.pgrole(["access", "expire"]).run();
    expired.expect_status(0);
    let report = kept(scene);
    assert!(
        !report.stdout.contains(&format!("\"login\": \"{name}")) || {
            let rows = rows(&report);
            rows.iter()
                .all(|row| !row["login"].as_str().unwrap_or_default().starts_with(&name))
        }
    );
    let ended = changes(&report, &name);
    assert!(!ended.is_empty(), "{report}");
}

fn dual_logins_have_the_record_of_their_owner(scene: &mut Scene) {
    let owner = scene.role("shop");
    let path = scene.sandbox.path().join("{username}.json");
    let deliver = format!("file:{}", path.display());
    let arguments = ["--profile", "app", "-u", &owner, "--deliver", &deliver];
    let single = scene.user("create", &arguments);
    single.args(["--reason", "OPS-17"]).run().expect_status(0);
    kept(scene);
    let convert = scene.user("convert", &["-u", &owner, "--dual"]);
    let convert = convert.args(["--grace", "1s", "--yes"]).run();
    convert.expect_status(0);
    let (first, second) = (format!("{owner}_a"), format!("{owner}_b"));
    let retired = scene.sandbox.pgrole(["rotate", "-u", &owner, "--yes"]);
    let retired = retired.args(["--older-than", "1d", "--force"]).run();
    retired.expect_status(0);
    let report = kept(scene);
    let names: Vec<_> = rows(&report)
        .iter()
        .map(|row| row["login"].as_str().expect("a text").to_owned())
        .filter(|name| name.starts_with(&owner))
        .collect();
    assert_eq!(names, [first.clone(), second.clone()], "{report}");
    expect_changes(&report, &owner, &["converted"]);
    let current = row(&report, &first);
    assert_eq!(current["profile"], "app", "{current}");
    assert_eq!(current["kind"], "application", "{current}");
    assert_eq!(current["reason"], "OPS-17", "{current}");
    assert!(current["created_by"].is_string(), "{current}");
    assert_eq!(current["password_age_days"], 0, "{current}");
    let findings = current["findings"].to_string();
    assert!(
        !["no-owner", "age-unknown"]
            .iter()
            .any(|kind| findings.contains(kind)),
        "{current}"
    );
    let idle = row(&report, &second);
    assert_eq!(idle["status"], "locked", "{idle}");
    assert_eq!(idle["kind"], "application", "{idle}");
    assert!(!idle["findings"].to_string().contains("no-owner"), "{idle}");
    // Both may log in for a while, then one.
    let rotate = |arguments: &[&str]| {
        let run = scene.sandbox.pgrole(["rotate", "-u", &owner, "--yes"]);
        run.args(arguments).run().expect_status(0);
    };
    rotate(&["--any-age", "--grace", "1h"]);
    let report = kept(scene);
    expect_changes(&report, &owner, &["password rotated"]);
    let outgoing = row(&report, &first);
    assert_eq!(outgoing["status"], "active", "{outgoing}");
    assert!(
        !outgoing["findings"].to_string().contains("age-unknown"),
        "{outgoing}"
    );
    assert_eq!(row(&report, &second)["password_age_days"], 0);
    rotate(&["--older-than", "1d", "--force"]);
    let report = kept(scene);
    assert_eq!(row(&report, &first)["status"], "locked");
    expect_changes(&report, &owner, &["retired"]);
    let passwords = scene.sandbox.pgrole(["report", "passwords"]).run();
    passwords.expect_status(0);
    let listed = passwords.json();
    let listed = listed.as_array().expect("a list").iter();
    let listed: Vec<_> = listed
        .filter(|row| row["login"] == owner.as_str())
        .collect();
    assert!(listed.is_empty(), "{passwords}");
    // By another hand.
    scene.psql(&format!("ALTER ROLE {first} LOGIN"));
    let report = kept(scene);
    let changes = summary(&report)["changes"].clone();
    let by_others = changes.as_array().expect("a list").iter();
    let by_others: Vec<_> = by_others
        .filter(|change| change["outside"] == true && change["login"] == first.as_str())
        .collect();
    assert_eq!(by_others.len(), 1, "{changes}");
}
