//! `report accept`, and what changes between two reports.

use serde_json::{Value, json};

use super::access::{row, summary};
use crate::harness::{Outcome, Sandbox};
use crate::scene::{Scene, error, whole_text};

/// A file of a report, with what a reviewer wrote beside these logins.
fn reviewed(text: &str, decisions: &[(&str, &[(&str, &str)])]) -> String {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().expect("a header").clone();
    let place = |name: &str| header.iter().position(|one| one == name).expect("a column");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header).expect("it can be written");
    for record in reader.records() {
        let record = record.expect("a record");
        let mut fields: Vec<_> = record.iter().map(str::to_owned).collect();
        let login = fields[place("login")].clone();
        for (_, filled) in decisions.iter().filter(|(name, _)| *name == login) {
            for (column, value) in *filled {
                (*value).clone_into(&mut fields[place(column)]);
            }
        }
        writer.write_record(&fields).expect("it can be written");
    }
    let bytes = writer.into_inner().expect("it can be written");
    String::from_utf8(bytes).expect("a text")
}

fn accept(sandbox: &Sandbox, text: &str, arguments: &[&str]) -> Outcome {
    let file = sandbox.path().join("review.csv");
    std::fs::write(&file, text).expect("the sandbox can be written");
    sandbox
        .pgrole(["report", "accept"])
        .args([&file])
        .args(arguments)
        .run()
}

#[test]
fn decisions_are_accepted_together_or_not_at_all() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane").name;
    let stranger = scene.area.create_role("stranger", "LOGIN PASSWORD 'x'");
    let report = |arguments: &[&str]| {
        let run = scene
            .sandbox
            .pgrole(["report", "access", "-d", scene.database()]);
        run.args(arguments).run()
    };
    let csv = report(&["--format", "csv"]);
    csv.expect_status(0);
    let found = |login: &str| row(&report(&[]), login)["findings"].to_string();
    assert!(found(&stranger).contains("no-owner"));

    // One row is wrong: nothing of the file is on record.
    let keep: &[(&str, &str)] = &[("decision", "keep"), ("owner", "ops")];
    let removed: &[(&str, &str)] = &[("decision", "remove")];
    let wrong = reviewed(&csv.stdout, &[(&jane, keep), (&stranger, removed)]);
    let refused = accept(&scene.sandbox, &wrong, &["--reviewed-by", "maria"]);
    let said = whole_text(&error(&refused, 2));
    assert!(said.contains("remove needs a reason"), "{refused}");
    assert_eq!(row(&report(&[]), &jane)["decision"], Value::Null);
    // Nobody decides unnamed, about themselves, or about their own report.
    let right = reviewed(&csv.stdout, &[(&jane, keep)]);
    error(&accept(&scene.sandbox, &right, &[]), 2);
    error(
        &accept(&scene.sandbox, &right, &["--reviewed-by", &jane]),
        2,
    );
    let operator = crate::harness::sqlite::query(
        &scene.sandbox.registry(),
        "SELECT os_user FROM audit_log LIMIT 1",
    );
    let own = accept(&scene.sandbox, &right, &["--reviewed-by", &operator]);
    error(&own, 2);
    // A login that the last report does not have.
    let invented = right.replace(&jane, "nobody_at_all");
    error(
        &accept(&scene.sandbox, &invented, &["--reviewed-by", "maria"]),
        2,
    );

    let both = reviewed(
        &csv.stdout,
        &[
            (&jane, &[("decision", "Keep")]),
            (
                &stranger,
                &[
                    ("decision", "remove"),
                    ("decision_reason", "left in May"),
                    ("owner", "=ops"),
                    ("reviewed_by", "omar"),
                ],
            ),
        ],
    );
    // As a spreadsheet writes it where a comma is the decimal sign.
    let outcome = accept(
        &scene.sandbox,
        &format!("\u{feff}{both}"),
        &["--reviewed-by", "maria"],
    );
    outcome.expect_status(0);
    let accepted = outcome.json();
    assert_eq!(accepted.as_array().map(Vec::len), Some(2), "{outcome}");
    let now = report(&[]);
    let of = row(&now, &stranger);
    assert_eq!(of["decision"], "remove", "{of}");
    assert_eq!(of["decision_reason"], "left in May", "{of}");
    assert_eq!(of["reviewed_by"], "omar", "{of}");
    assert_eq!(of["owner"], "=ops", "{of}");
    assert!(!found(&stranger).contains("no-owner"));
    assert_eq!(row(&now, &jane)["reviewed_by"], "maria");
    let logged = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "report accept"])
        .run();
    assert!(
        logged.stdout.contains("2 decisions accepted, SHA-256 "),
        "{logged}"
    );
}

#[test]
fn what_changed_without_pgrole_stands_out() {
    let scene = Scene::new();
    scene
        .area
        .superuser_psql("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    scene.psql("CREATE SCHEMA app; CREATE TABLE app.t (id int)");
    let [jane, joe, ann] = ["jane", "joe", "ann"].map(|name| scene.create("readonly", name).name);
    let page = scene.sandbox.path().join("page.html");
    let report = || {
        let run = scene
            .sandbox
            .pgrole(["report", "access", "-d", scene.database()]);
        let outcome = run.args(["--html"]).args([&page]).run();
        outcome.expect_status(0);
        summary(&outcome)
    };
    let first = report();
    assert_eq!(first["since"], Value::Null, "{first}");
    assert_eq!(first["changes"], json!([]), "{first}");
    let lock = ["-u", &jane, "--reason", "INC-1"];
    scene.user("lock", &lock).run().expect_status(0);
    scene
        .user("rename", &[&joe, "--to", &scene.role("joseph")])
        .run()
        .expect_status(0);
    scene.area.superuser_psql(&format!(
        "GRANT INSERT ON app.t TO {ann}; ALTER ROLE {ann} CREATEDB"
    ));
    let new = scene.area.create_role("new", "LOGIN");
    let second = report();
    let prefix = format!("{}_", scene.database());
    let said = |summary: &Value, outside: bool| -> Vec<String> {
        let changes = summary["changes"].as_array().expect("a list").iter();
        let mut said: Vec<_> = changes
            .filter(|change| change["outside"] == outside)
            .filter(|change| {
                change["login"]
                    .as_str()
                    .is_some_and(|login| login.starts_with(&prefix))
            })
            .map(|change| {
                let login = change["login"].as_str().expect("a text");
                format!(
                    "{} {}",
                    &login[prefix.len()..],
                    change["what"].as_str().expect("a text")
                )
            })
            .collect();
        said.sort();
        said
    };
    assert_eq!(
        said(&second, true),
        [
            "ann given CREATEDB, not by pgrole",
            "ann level changed from readonly to readwrite, not by pgrole",
            "new made, not by pgrole",
        ],
        "{second}"
    );
    assert_eq!(
        said(&second, false),
        ["jane locked", "joe renamed"],
        "{second}"
    );
    let locked = second["changes"].as_array().expect("a list").iter();
    let locked = locked.clone().find(|change| change["what"] == "locked");
    assert_eq!(locked.expect("one")["reason"], "INC-1", "{second}");
    let html = std::fs::read_to_string(&page).expect("it was written");
    assert!(html.contains("new") && html.contains("INC-1") && html.contains(&new));
    // What was told once is not told again.
    let third = report();
    assert_eq!(third["changes"], json!([]), "{third}");
}
