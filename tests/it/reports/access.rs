//! `report access`: measured rights, findings, files, changes.

use serde_json::{Value, json};

use crate::harness::Outcome;
use crate::scene::Scene;
use crate::users::access::on_each_version;

on_each_version! {
    rights_are_measured_whatever_gives_them
}

/// The rows of a report, without the summary.
#[track_caller]
pub fn rows(outcome: &Outcome) -> Vec<Value> {
    let all = outcome.json();
    let all = all.as_array().expect("a list").iter();
    all.filter(|row| row.get("login").is_some())
        .cloned()
        .collect()
}

#[track_caller]
pub fn summary(outcome: &Outcome) -> Value {
    let all = outcome.json();
    let last = all.as_array().expect("a list").last().expect("a summary");
    last["summary"].clone()
}

#[track_caller]
pub fn row(outcome: &Outcome, login: &str) -> Value {
    let found = rows(outcome).into_iter().find(|row| row["login"] == login);
    found.unwrap_or_else(|| panic!("{outcome}no row of {login}"))
}

fn rights_are_measured_whatever_gives_them(scene: &mut Scene) {
    scene.psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC; CREATE TABLE t (id int)");
    scene.create("readonly", "r");
    scene.create("devqa", "q");
    scene.create("devlead", "l");
    let outcome = scene.sandbox.pgrole(["report", "access"]).run();
    outcome.expect_status(0);
    for (name, level, creates) in [
        ("r", "readonly", false),
        ("q", "readwrite", false),
        ("l", "ddl", true),
    ] {
        let row = row(&outcome, &scene.role(name));
        assert_eq!(row["level"], level, "{row}");
        assert_eq!(row["creates"], creates, "{row}");
        assert_eq!(row["above_profile"], false, "{row}");
        assert_eq!(row["findings"], json!([]), "{row}");
        assert_eq!(row["password_age_days"], 0, "{row}");
    }
    let summary = summary(&outcome);
    assert_eq!(summary["coverage"]["answered"], 1, "{summary}");
    // A grant beside the group, and a role that is not of pgrole's.
    let reader = scene.role("r");
    scene.psql(&format!("GRANT INSERT ON t TO {reader}"));
    let outcome = scene.sandbox.pgrole(["report", "access"]).run();
    let row = row(&outcome, &reader);
    assert_eq!(row["level"], "readwrite", "{row}");
    assert_eq!(row["direct_grants"], 1, "{row}");
    assert_eq!(row["above_by"], json!(["readwrite, not readonly"]), "{row}");
    assert_eq!(
        row["findings"],
        json!(["above-profile", "direct-grants"]),
        "{row}"
    );
}

#[track_caller]
pub fn row_on(outcome: &Outcome, login: &str, database: &str) -> Value {
    let mut rows = rows(outcome).into_iter();
    let found = rows.find(|row| row["login"] == login && row["database"] == database);
    found.unwrap_or_else(|| panic!("{outcome}no row of {login} on {database}"))
}
