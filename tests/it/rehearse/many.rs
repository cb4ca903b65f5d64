//! Many at once: `user create --from` and `access prepare` over several targets, each by itself.

use serde_json::Value;

use super::{answers, rights};
use crate::bulk::TwoDatabases;
use crate::harness::skip_unless_superuser;
use crate::harness::sqlite::query;

const REFUSE: &str = "
    CREATE FUNCTION refuse() RETURNS event_trigger LANGUAGE plpgsql AS
        'BEGIN RAISE EXCEPTION ''not in my house''; END';
    CREATE EVENT TRIGGER refuse ON ddl_command_start WHEN TAG IN ('GRANT') EXECUTE FUNCTION refuse()";

const PEOPLE: &str = "env,database,profile,username
dev,[DB],readonly,[DB]_jane
qa,[OTHER],devqa,[DB]_joe
dev,[DB],devlead,[DB]_jill
";

/// Lets the trigger of the second database run in a rehearsal.
fn refuse_in_the_other(two: &TwoDatabases) {
    let superuser = |sql: &str| two.scene.cluster.superuser_psql(&two.other, sql);
    superuser(REFUSE);
    let digest = superuser("SELECT md5(prosrc) FROM pg_proc WHERE proname = 'refuse'");
    let config = format!("[rehearse]\nevent_triggers = [\"refuse={digest}\"]\n");
    two.scene.sandbox.write_config(&config);
}

fn rows(outcome: &crate::harness::Outcome) -> Vec<Value> {
    let mut rows = match outcome.json() {
        Value::Array(rows) => rows,
        other => panic!("{other}"),
    };
    rows.sort_by_key(|row| (row["database"].to_string(), row["username"].to_string()));
    rows
}

#[test]
fn each_login_of_a_file_is_rehearsed_and_none_is_made() {
    if skip_unless_superuser("the second database is the superuser's") {
        return;
    }
    let two = TwoDatabases::new();
    let before = two.scene.snapshot();
    let outcome = two.create_from(PEOPLE, &["--rehearse"]).run();
    outcome.expect_status(0);
    assert_eq!(two.scene.snapshot(), before);
    let rehearsed = rows(&outcome);
    assert_eq!(rehearsed.len(), 3, "{outcome}");
    for row in &rehearsed {
        assert_eq!(row["status"], "rehearsed", "{outcome}");
        assert!(row["password"].is_null(), "{outcome}");
        assert_eq!(row["rehearsal"]["transaction_status"], "aborted");
        let answers = answers(&row["rehearsal"]);
        assert!(answers.iter().all(|it| *it == "accepted"), "{outcome}");
    }
    let log = query(
        &two.scene.sandbox.registry(),
        "SELECT operation, status, count(*) FROM audit_log WHERE stage = 'outcome' AND operation LIKE 'user create%' GROUP BY 1, 2",
    );
    assert_eq!(
        log,
        "user create --rehearse|rehearsed|3\nuser create run --rehearse|rehearsed|1"
    );
    // One of them is refused: the others are told of all the same.
    refuse_in_the_other(&two);
    let outcome = two.create_from(PEOPLE, &["--rehearse"]).run();
    outcome.expect_status(4);
    for row in rows(&outcome) {
        let is_refused = row["database"] == two.other.as_str();
        let verdict = if is_refused { "refused" } else { "accepted" };
        assert_eq!(row["rehearsal"]["verdict"], verdict, "{outcome}");
        let error = row["error"].as_str().unwrap_or_default();
        assert_eq!(error.contains("not in my house"), is_refused, "{outcome}");
    }
    two.create_from(PEOPLE, &[]).run().expect_status(4);
    let jane = rehearsed[0]["rehearsal"]["rights"][0]["role"].as_str();
    let role = jane.expect("a name").to_owned();
    let found = rights(&two.scene, &[role]);
    assert_eq!(rehearsed[0]["rehearsal"]["rights"], found);
}

#[test]
fn the_groups_of_several_targets_are_rehearsed() {
    if skip_unless_superuser("the second database is the superuser's") {
        return;
    }
    let two = TwoDatabases::new();
    let prepare = |arguments: &[&str]| {
        let run = two.scene.sandbox.pgrole(["access", "prepare", "-d", "*"]);
        run.args(arguments).run()
    };
    let before = two.scene.snapshot();
    let outcome = prepare(&["--rehearse"]);
    outcome.expect_status(0);
    assert_eq!(two.scene.snapshot(), before);
    assert_eq!(rows(&outcome).len(), 6, "{outcome}");
    for row in rows(&outcome) {
        assert_eq!(row["status"], "rehearsed", "{outcome}");
        assert_eq!(row["rehearsal"]["verdict"], "accepted", "{outcome}");
    }
    let table = prepare(&["--rehearse", "--format", "table"]);
    table.expect_status(0);
    assert!(
        table.stderr.contains(&format!("qa/{}", two.other)),
        "{table}"
    );
    refuse_in_the_other(&two);
    let outcome = prepare(&["--rehearse"]);
    outcome.expect_status(4);
    for row in rows(&outcome) {
        let is_refused = row["database"] == two.other.as_str();
        let verdict = if is_refused { "refused" } else { "accepted" };
        assert_eq!(row["rehearsal"]["verdict"], verdict, "{outcome}");
    }
    prepare(&[]).expect_status(4);
}
