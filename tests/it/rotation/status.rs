//! `pgrole rotate status`: ages, a check, and metrics for node_exporter; from the registry file alone.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use serde_json::Value;

use super::Scene;
use super::rotate::make_old;
use crate::harness::Outcome;

fn status(scene: &Scene<'_>, arguments: &[&str]) -> Outcome {
    let status = ["rotate", "status"];
    // No credential, and so no server.
    let run = scene.sandbox.pgrole(status).args(arguments);
    run.without_env("PG_ADMIN_USER")
        .without_env("PG_ADMIN_PASS")
        .run()
}

fn row(rows: &Value, role: &str) -> Value {
    let rows = rows.as_array().expect("an array");
    let row = rows.iter().find(|row| row["username"] == role);
    row.expect("a row of the role").clone()
}

#[test]
fn each_role_has_an_age_whether_it_is_due_and_how_its_last_change_ended() {
    let scene = Scene::new();
    let (old, fresh, bad) = (
        scene.create("old"),
        scene.create("fresh"),
        scene.create("bad"),
    );
    make_old(&scene, &old, "2026-01-02T00:00:00.000000Z");
    scene.area.psql(&format!("ALTER ROLE {bad} SUPERUSER"));
    scene
        .sandbox
        .pgrole(["rotate", "-u", &bad])
        .run()
        .expect_status(1);
    scene
        .user("reset", &fresh, &["--deliver", "exec:false"])
        .run()
        .expect_status(8);

    let rows = status(&scene, &["--older-than", "90d"])
        .expect_status(0)
        .json();
    let old = row(&rows, &old);
    assert_eq!(
        (&old["due"], &old["last_result"]),
        (&true.into(), &"changed".into())
    );
    assert_eq!(old["due_at"], "2026-04-02T00:00:00.000000Z");
    assert!(old["age_seconds"].as_u64().expect("a number") > 90 * 86_400);
    assert!(old["age"].as_str().expect("a text").ends_with('d'));
    assert_eq!(row(&rows, &fresh)["last_result"], "open: UNDELIVERED");
    assert_eq!(row(&rows, &fresh)["due"], false);
    let bad = row(&rows, &bad);
    assert_eq!(bad["last_result"], "refused");
    assert!(
        bad["last_error"].to_string().contains("is a superuser"),
        "{bad}"
    );

    // Nobody said from which age on.
    let rows = status(&scene, &["--profile", "readonly"])
        .expect_status(0)
        .json();
    assert_eq!(rows[0]["due"], Value::Null);
    let none = status(&scene, &["-u", "nobody*"]).expect_status(0).json();
    assert_eq!(none, serde_json::json!([]));
    status(&scene, &["-e", "nowhere"]).expect_status(2);
}

#[test]
fn what_recovery_delivered_later_counts_as_changed() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat > /dev/null\"",
        gate.display()
    );
    scene
        .user("reset", &role, &["--deliver", &deliver])
        .run()
        .expect_status(8);
    fs::write(&gate, "").expect("the folder is there");
    scene.recover().expect_status(0);
    let rows = status(&scene, &[]).json();
    assert_eq!(row(&rows, &role)["last_result"], "changed");
    assert_eq!(row(&rows, &role)["last_error"], Value::Null);
}

#[test]
fn a_check_ends_with_7_where_a_password_is_overdue_and_is_silent_where_none_is() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let check = ["--older-than", "90d", "--check", "--quiet"];
    status(&scene, &check)
        .expect_status(0)
        .expect_stdout("")
        .expect_stderr("");
    make_old(&scene, &role, "2026-01-02T00:00:00.000000Z");
    let overdue = status(&scene, &check);
    let error = overdue.expect_status(7).expect_stdout("").json_error();
    assert_eq!(error["error"]["message"], "1 of 1 passwords are overdue");
    let hint = error["error"]["hint"].as_str().expect("a hint");
    assert!(
        hint.contains("pgrole rotate status --older-than 90d"),
        "{hint}"
    );
    scene
        .sandbox
        .write_config("[rotate]\nolder_than = \"90d\"\n");
    status(&scene, &["--check", "--quiet"]).expect_status(7);
    scene.sandbox.write_config("");
    status(&scene, &["--check"])
        .expect_status(2)
        .expect_in_stderr("--older-than 90d");
}

#[test]
fn metrics_are_written_for_node_exporter_and_nobody_else() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let odd = scene.create("o\"d\\d");
    make_old(&scene, &role, "2026-01-02T00:00:00.000000Z");
    let prometheus = ["--format", "prometheus", "--older-than", "90d"];
    let shown = status(&scene, &prometheus);
    let text = shown.expect_status(0).stdout.clone();
    let database = scene.area.database();
    let labels = |role: &str| {
        format!("{{env=\"dev\",database=\"{database}\",username=\"{role}\",profile=\"readonly\"}}")
    };
    for line in [
        format!("pgrole_password_overdue{} 1", labels(&role)),
        format!(
            "pgrole_password_overdue{} 0",
            labels(&odd.replace('\\', "\\\\").replace('"', "\\\""))
        ),
        format!(
            "pgrole_last_rotation_success_timestamp_seconds{} 1767312000",
            labels(&role)
        ),
        format!("pgrole_last_rotation_failed{} 0", labels(&role)),
        "pgrole_open_password_changes 0".to_owned(),
        "# TYPE pgrole_password_age_seconds gauge".to_owned(),
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }

    let file = scene.file("pgrole.prom");
    let output = ["--output", file.to_str().expect("UTF-8")];
    let written = status(&scene, &[&prometheus[..], &output].concat());
    written.expect_status(0).expect_stdout("").expect_stderr("");
    // Whatever the umask of the job.
    let mode = fs::metadata(&file)
        .expect("was written")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o644);
    let names = fs::read_dir(scene.file("")).expect("the folder is there");
    assert!(
        names
            .flatten()
            .all(|entry| !entry.file_name().to_string_lossy().starts_with('.'))
    );
    assert_eq!(
        scene.read("pgrole.prom").lines().count(),
        text.lines().count()
    );

    let by_variable = scene
        .sandbox
        .pgrole(["rotate", "status", "--older-than", "90d"])
        .env("PGROLE_FORMAT", "prometheus")
        .run();
    by_variable.expect_status(0).expect_stderr("");
    assert!(
        by_variable
            .stdout
            .contains("# TYPE pgrole_password_age_seconds gauge"),
        "{by_variable}"
    );
    let as_json = scene
        .sandbox
        .pgrole(["rotate", "status", "--format", "json"])
        .env("PGROLE_FORMAT", "prometheus")
        .run();
    assert!(as_json.expect_status(0).json().is_array());

    let other = || scene.sandbox.pgrole(["registry", "list"]);
    for run in [
        other().args(["--format", "prometheus"]),
        other().env("PGROLE_FORMAT", "prometheus"),
    ] {
        run.run()
            .expect_status(2)
            .expect_stdout("")
            .expect_in_stderr("--format prometheus is only for rotate status");
    }
    for (words, is_listed) in [
        (&["registry", "list"][..], false),
        (&["rotate", "status"], true),
    ] {
        let wrong = scene.sandbox.pgrole(words).args(["--format", "xml"]).run();
        wrong
            .expect_status(2)
            .expect_in_stderr("table, json, jsonl");
        assert_eq!(wrong.stderr.contains("prometheus"), is_listed, "{wrong}");
    }
    status(&scene, &output)
        .expect_status(2)
        .expect_in_stderr("--format prometheus");
    let nowhere = ["--output", "/no/such/folder/x.prom"];
    status(&scene, &[&prometheus[..], &nowhere].concat())
        .expect_status(1)
        .expect_in_stderr("cannot write /no/such/folder/x.prom");
}
