//! `report access`: measured rights, findings, files, changes.

use serde_json::{Value, json};

use crate::harness::{Cluster, Outcome};
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
    scene.area.superuser_psql(&format!(
        "ALTER SCHEMA public OWNER TO {}; REVOKE CREATE ON SCHEMA public FROM PUBLIC",
        Cluster::SUPERUSER
    ));
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
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
    scene.psql(&format!("GRANT INSERT ON app.t TO {reader}"));
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

#[test]
fn a_cluster_is_asked_once_and_each_of_its_databases_once() {
    let mut scene = Scene::new();
    let second = scene.cluster.area();
    scene
        .sandbox
        .register(scene.cluster, "dev", second.database());
    let outcome = scene.sandbox.pgrole(["report", "access", "-vv"]).run();
    outcome.expect_status(0);
    let asked = |purpose: &str| outcome.stderr.matches(purpose).count();
    assert_eq!(asked("the logins and their sessions"), 1, "{outcome}");
    assert_eq!(asked("what the logins can do"), 2, "{outcome}");
    // Its own entry beside the two databases fails alone.
    scene.sandbox.register(scene.cluster, "dev", "not_there");
    let partial = scene.sandbox.pgrole(["report", "access"]).run();
    partial.expect_status(4).expect_in_stderr("not_there");
    let coverage = summary(&partial)["coverage"].clone();
    assert_eq!(coverage["answered"], 2, "{coverage}");
    assert_eq!(coverage["failed"], json!(["dev/not_there"]), "{coverage}");
}
