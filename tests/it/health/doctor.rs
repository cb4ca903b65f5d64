//! `pgrole doctor`: what is wrong with this machine and its servers, told and not touched.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{ClosedPort, Cluster, Keyring, Outcome, Proxy, Sandbox, sqlite};
use crate::scene::{Scene, created};

/// Runs `pgrole doctor` in that sandbox.
#[track_caller]
fn doctor(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let run = sandbox.pgrole(["doctor"]);
    run.args(arguments.iter().copied()).run()
}

/// The rows of one check.
fn rows(outcome: &Outcome, check: &str) -> Vec<Value> {
    let rows = outcome.json();
    let rows = rows.as_array().expect("an array").iter();
    rows.filter(|row| row["check"] == check).cloned().collect()
}

#[track_caller]
fn only(outcome: &Outcome, check: &str) -> Value {
    let rows = rows(outcome, check);
    assert_eq!(rows.len(), 1, "{outcome}wanted one row: {check}");
    rows[0].clone()
}

/// What is not as it should be, as `check: status`.
fn faults(outcome: &Outcome) -> Vec<String> {
    let rows = outcome.json();
    let rows = rows.as_array().expect("an array").iter();
    let word = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
    rows.filter(|row| row["status"] != "ok")
        .map(|row| format!("{}: {}", word(row, "check"), word(row, "status")))
        .collect()
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is our file");
}

/// Runs the command that a row gives as its hint, in a shell, as its reader would.
#[track_caller]
fn obey(row: &Value) {
    let hint = row["hint"].as_str().expect("a hint");
    let status = std::process::Command::new("sh").args(["-c", hint]).status();
    assert!(status.is_ok_and(|status| status.success()), "{hint}");
}

#[test]
fn a_new_machine_is_told_what_to_do_next_and_stays_as_it_is() {
    let sandbox = Sandbox::new();
    let outcome = doctor(&sandbox, &[]);
    outcome.expect_status(0).expect_stderr("");
    let registry = only(&outcome, "registry");
    assert_eq!(
        registry,
        json!({
            "check": "registry",
            "subject": sandbox.registry().display().to_string(),
            "status": "ok",
            "detail": "does not exist yet",
            "hint": "pgrole registry add -e ENV -d DATABASE -H HOST",
        })
    );
    let config = only(&outcome, "config file");
    assert_eq!(config["detail"], "none: the defaults apply");
    assert_eq!(faults(&outcome), ["credential source: warning"]);
    let home = fs::read_dir(sandbox.home()).expect("there is a home");
    assert_eq!(home.count(), 0, "it made files");
}

#[test]
fn it_runs_from_a_crontab() {
    let scene = Scene::new();
    let mut command = scene.sandbox.pgrole(["doctor"]).command();
    command.env_clear();
    command
        .env("HOME", scene.sandbox.home())
        .env("PATH", "/usr/bin:/bin");
    let outcome = Outcome::of(command);
    outcome.expect_status(1);
    let server = only(&outcome, "server");
    let detail = server["detail"].as_str().expect("a text");
    assert!(detail.contains("no admin credential for dev/"), "{outcome}");
    let keyring = only(&outcome, "keyring");
    assert_eq!(keyring["status"], "ok", "{outcome}");
    let detail = keyring["detail"].as_str().expect("a text");
    assert!(detail.starts_with("not running"), "{outcome}");
}

#[test]
fn a_config_file_that_is_not_valid_is_a_finding_beside_the_others() {
    let scene = Scene::new();
    scene.sandbox.write_config("protektet = []\n");
    let outcome = doctor(&scene.sandbox, &[]);
    outcome.expect_status(1);
    let config = only(&outcome, "config file");
    assert_eq!(config["status"], "error");
    assert_eq!(config["hint"], "did you mean \"protected\"?");
    assert_eq!(only(&outcome, "server")["status"], "ok", "{outcome}");
    let error = &outcome.json_error()["error"];
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.starts_with("1 error, ")),
        "{outcome}"
    );
}

#[test]
fn modes_are_judged_by_what_is_in_the_file_and_the_hint_mends_them() {
    let scene = Scene::new();
    let sandbox = &scene.sandbox;
    // Without a keyring the first password change makes the key file.
    scene.create("readonly", "jane");
    sandbox.write_config("[credential]\nuser = \"jane\"\n");
    let key = sandbox.config().with_file_name("sealing.key");
    let pgpass = sandbox.home().join(".pgpass");
    fs::write(&pgpass, "*:*:*:*:x\n").expect("the home can be written");
    for (path, mode) in [
        (&sandbox.config(), 0o666),
        (&key, 0o640),
        (&pgpass, 0o644),
        (&sandbox.registry(), 0o644),
    ] {
        set_mode(path, mode);
    }
    let folder = sandbox.registry();
    let folder = folder.parent().expect("a file is in a folder");
    set_mode(folder, 0o777);
    let outcome = doctor(sandbox, &["--offline"]);
    outcome.expect_status(1);
    assert_eq!(
        faults(&outcome),
        [
            "config file: error",
            "config file mode: error",
            "pgpass mode: error",
            "sealing key mode: error",
            "registry mode: warning",
            "registry folder mode: error",
            "registry: error",
        ]
    );
    for row in outcome.json().as_array().expect("an array") {
        if row["status"] != "ok" {
            obey(row);
        }
    }
    let mended = doctor(sandbox, &["--offline"]);
    mended.expect_status(0);
    assert_eq!(faults(&mended), [""; 0]);
}

#[test]
fn a_registry_that_may_not_be_read_or_is_none_is_a_finding() {
    let scene = Scene::new();
    set_mode(&scene.sandbox.registry(), 0o000);
    let outcome = scene.sandbox.pgrole(["doctor"]).under_nobody().run();
    outcome.expect_status(1);
    let registry = only(&outcome, "registry");
    assert_eq!(registry["status"], "error");
    let detail = registry["detail"].as_str().expect("a text");
    assert!(detail.contains("is read-only for this user"), "{outcome}");
    assert_eq!(rows(&outcome, "server"), [Value::Null; 0], "{outcome}");

    let sandbox = Sandbox::new();
    let elsewhere = sandbox.path().join("letter.txt");
    fs::write(
        &elsewhere,
        "Dear DBA, this is no database at all, and long enough to be looked at.\n",
    )
    .expect("the sandbox can be written");
    let registry = elsewhere.display().to_string();
    let outcome = doctor(&sandbox, &["--registry", &registry]);
    outcome.expect_status(1);
    let finding = only(&outcome, "registry");
    let detail = finding["detail"].as_str().expect("a text");
    assert!(detail.contains("not an SQLite file"), "{outcome}");
}

#[test]
fn entries_that_lead_nowhere_are_named() {
    let scene = Scene::new();
    sqlite::query(
        &scene.sandbox.registry(),
        "INSERT INTO db_registry (env, db_name, hostname, port) VALUES
            ('qa', 'no_port', 'db.example.com', 0), ('lab', 'unknown', 'db.example.com', 5432)",
    );
    let outcome = doctor(&scene.sandbox, &["--offline"]);
    outcome.expect_status(1);
    let found = rows(&outcome, "registry entry");
    let found: Vec<_> = found
        .iter()
        .map(|row| json!([row["subject"], row["status"]]))
        .collect();
    assert_eq!(
        found,
        [
            json!(["qa/no_port", "error"]),
            json!(["lab/unknown", "warning"])
        ]
    );
}

#[test]
fn passwords_that_are_overdue_are_counted_where_the_config_file_says_when() {
    let scene = Scene::new();
    scene.create("readonly", "jane");
    scene.create("readonly", "joe");
    sqlite::query(
        &scene.sandbox.registry(),
        &format!(
            "UPDATE placed_role SET password_changed_at = '2020-02-02T00:00:00.000000Z' WHERE username = '{}'",
            scene.role("joe")
        ),
    );
    let outcome = doctor(&scene.sandbox, &["--offline"]);
    assert_eq!(rows(&outcome, "rotation").len(), 0);
    scene
        .sandbox
        .write_config("[rotate]\nolder_than = \"90d\"\n");
    let outcome = doctor(&scene.sandbox, &["--offline"]);
    outcome.expect_status(0);
    let rotation = only(&outcome, "rotation");
    assert_eq!(rotation["status"], "warning");
    assert_eq!(
        rotation["detail"],
        "1 of 2 known passwords are older than 90d"
    );
}

#[test]
fn a_log_that_was_altered_and_a_damaged_file_are_errors() {
    let scene = Scene::new();
    let registry = scene.sandbox.registry();
    let intact = doctor(&scene.sandbox, &["--offline"]);
    let detail = only(&intact, "audit log")["detail"].clone();
    assert!(
        detail
            .as_str()
            .is_some_and(|detail| detail.ends_with("events, intact")),
        "{intact}"
    );
    sqlite::query(
        &registry,
        "DROP TRIGGER audit_log_no_update; UPDATE audit_log SET os_user = 'nobody' WHERE id = 2",
    );
    let altered = doctor(&scene.sandbox, &["--offline"]);
    altered.expect_status(1);
    let log = only(&altered, "audit log");
    assert_eq!(
        (&log["status"], &log["hint"]),
        (&json!("error"), &json!("pgrole audit verify"))
    );

    // A table whose pages another program has overwritten.
    sqlite::query(
        &registry,
        "CREATE TABLE filler AS WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000)
         SELECT i, hex(randomblob(50)) AS text FROM n; PRAGMA wal_checkpoint(TRUNCATE)",
    );
    let mut bytes = fs::read(&registry).expect("it is our file");
    let place = bytes.len() - 20_000;
    bytes[place..place + 9_000].fill(0xa5);
    fs::write(&registry, bytes).expect("it is our file");
    let damaged = doctor(&scene.sandbox, &["--offline"]);
    damaged.expect_status(1);
    let finding = only(&damaged, "registry");
    assert_eq!(finding["status"], "error", "{damaged}");
    assert!(
        finding["hint"]
            .as_str()
            .is_some_and(|hint| hint.contains(".recover")),
        "{damaged}"
    );
}

#[test]
fn a_password_change_that_was_cut_off_is_named_until_it_is_recovered() {
    let scene = Scene::new();
    let deliver = format!(
        "file:{}",
        scene.sandbox.path().join("out/{username}").display()
    );
    let jane = scene.role("jane");
    let folder = scene.sandbox.path().join("out");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let arguments = ["-u", &jane, "--deliver", "exec:false"];
    scene.user("readonly", &arguments).run().expect_status(8);
    let outcome = doctor(&scene.sandbox, &["--offline"]);
    outcome.expect_status(1);
    let change = only(&outcome, "password change");
    assert_eq!(change["hint"], "pgrole recover run");
    let detail = change["detail"].as_str().expect("a text");
    let wanted = format!(
        "of \"{jane}\" on dev/{}: UNDELIVERED since ",
        scene.database()
    );
    assert!(detail.starts_with(&wanted), "{outcome}");
    let id = change["subject"].as_str().expect("an id");
    scene
        .sandbox
        .pgrole(["recover", "ack", id])
        .run()
        .expect_status(0);
    let outcome = doctor(&scene.sandbox, &["--offline"]);
    outcome.expect_status(0);
    assert_eq!(only(&outcome, "password change")["detail"], "none is open");
    drop(deliver);
}

#[test]
fn server_logs_that_show_passwords_are_named_and_pgroles_own_are_not_in_them() {
    let cluster = Cluster::private(|c| {
        c.setting("log_statement", "ddl")
            .setting("log_min_duration_statement", "0")
            .setting("password_encryption", "md5")
    });
    let scene = Scene::on(&cluster);
    let outcome = doctor(&scene.sandbox, &[]);
    outcome.expect_status(0);
    let log = only(&outcome, "server log");
    assert_eq!(log["status"], "warning");
    let detail = log["detail"].as_str().expect("a text");
    assert!(
        detail.starts_with("log_statement = ddl, log_min_duration_statement = 0: a password that "),
        "{outcome}"
    );
    let encryption = only(&outcome, "password encryption");
    assert_eq!(encryption["status"], "warning");
    // It is as the finding says.
    let jane = created(&scene.user("readonly", &["-u", &scene.role("jane")]).run());
    scene
        .area
        .create_role("by_hand", "LOGIN PASSWORD 'typed by hand'");
    let written = cluster.log();
    assert!(written.contains("typed by hand"));
    assert!(written.contains("SCRAM-SHA-256$"));
    assert!(!written.contains(&jane.password));
    // The statement of the hint, as it stands.
    let hint = encryption["hint"].as_str().expect("a statement");
    for statement in hint.split_terminator(';') {
        scene.psql(statement);
    }
    cluster.restart();
    assert_eq!(
        rows(&doctor(&scene.sandbox, &[]), "password encryption").len(),
        0
    );
}

#[test]
fn a_server_with_its_defaults_is_well_and_its_clock_is_ours() {
    let scene = Scene::new();
    let proxy = Proxy::before(scene.cluster);
    proxy.psql("postgres", "SELECT 1").expect_status(0);
    let psql = proxy.round_trips();
    let port = proxy.port().to_string();
    let update = ["-p", &port, "--sslmode", "disable"];
    scene
        .pgrole("registry update", &update)
        .run()
        .expect_status(0);
    proxy.forget();
    let outcome = doctor(&scene.sandbox, &[]);
    outcome.expect_status(0).expect_stderr("");
    // The settings, the access groups, the clock.
    assert_eq!(proxy.round_trips(), psql + 2);
    assert_eq!(only(&outcome, "server log")["status"], "ok");
    let clock = only(&outcome, "clock");
    assert_eq!(clock["status"], "ok", "{outcome}");
    let detail = clock["detail"].as_str().expect("a text");
    let off = detail
        .split(' ')
        .nth(4)
        .and_then(|off| off.parse::<f64>().ok());
    assert!(off.is_some_and(|off| off < 2.0), "{detail}");
    assert!(detail.contains("(± 0."), "{detail}");
    let log = scene.sandbox.pgrole(["audit", "list"]).run().json();
    let rows = log.as_array().expect("an array").iter();
    assert_eq!(rows.filter(|row| row["operation"] == "doctor").count(), 1);
}

#[test]
fn one_server_that_is_down_is_an_error_beside_the_others() {
    let scene = Scene::new();
    let closed = ClosedPort::new();
    let port = closed.port.to_string();
    let add = [
        "registry",
        "add",
        "-e",
        "qa",
        "-d",
        "down",
        "-H",
        "127.0.0.1",
        "-p",
        &port,
    ];
    scene.sandbox.pgrole(add).run().expect_status(0);
    let outcome = doctor(&scene.sandbox, &[]);
    outcome.expect_status(1);
    let servers = rows(&outcome, "server");
    let servers: Vec<_> = servers
        .iter()
        .map(|row| json!([row["subject"], row["status"]]))
        .collect();
    let up = format!("dev/{}", scene.database());
    assert_eq!(servers, [json!([up, "ok"]), json!(["qa/down", "error"])]);
    // Neither where it is not asked for, nor where nobody is asked.
    doctor(&scene.sandbox, &["-e", "dev"]).expect_status(0);
    let offline = doctor(&scene.sandbox, &["--offline"]);
    offline.expect_status(0);
    assert_eq!(rows(&offline, "server").len(), 0);
}

#[test]
fn the_keyring_is_told_as_it_is_and_nobody_waits_for_it() {
    let sandbox = Sandbox::new();
    let state = |keyring: &Keyring| {
        let run = sandbox.pgrole(["doctor"]);
        let run = run.env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
        let outcome = run.run();
        let row = only(&outcome, "keyring");
        let detail = row["detail"].as_str().expect("a text").to_owned();
        let took = detail
            .rsplit(' ')
            .nth(1)
            .and_then(|took| took.parse::<u32>().ok());
        assert!(took.is_some_and(|took| took < 5_000), "{outcome}");
        let word = detail
            .split([',', ' '])
            .next()
            .unwrap_or_default()
            .to_owned();
        (word, row["status"].clone())
    };
    let Some(unlocked) = Keyring::unlocked(&sandbox) else {
        return;
    };
    assert_eq!(state(&unlocked), ("answers".to_owned(), json!("ok")));
    let set = [
        "credential",
        "set",
        "-e",
        "dev",
        "-U",
        "jane",
        "--password-stdin",
    ];
    let set = sandbox.pgrole(set).stdin("secret");
    let set = set.env("DBUS_SESSION_BUS_ADDRESS", unlocked.address());
    set.run().expect_status(0);
    assert_eq!(state(&unlocked), ("works".to_owned(), json!("ok")));
    drop(unlocked);
    let locked = Keyring::locked(&sandbox).expect("the programs are here");
    assert_eq!(state(&locked), ("locked".to_owned(), json!("warning")));
    drop(locked);
    let absent = Keyring::absent(&sandbox).expect("the programs are here");
    let (word, status) = state(&absent);
    assert_eq!((word.as_str(), status), ("not", json!("ok")));
}

#[test]
fn quiet_names_only_what_is_wrong_and_a_person_gets_a_table() {
    let scene = Scene::new();
    let silent = doctor(&scene.sandbox, &["--quiet", "--format", "table"]);
    silent.expect_status(0).expect_stdout("").expect_stderr("");
    // Cron mails whatever is printed, and what it runs has no terminal to print tables on.
    let silent = doctor(&scene.sandbox, &["--quiet"]);
    silent.expect_status(0).expect_stdout("").expect_stderr("");
    scene
        .sandbox
        .write_config("environments = []\nprotected = [\"live\"]\n");
    let outcome = doctor(
        &scene.sandbox,
        &["--quiet", "--format", "table", "--offline"],
    );
    outcome.expect_status(1);
    let lines: Vec<_> = outcome.stdout.lines().collect();
    assert!(
        lines[0].contains("CHECK") && lines[0].contains("DETAIL"),
        "{outcome}"
    );
    assert!(
        lines[1].contains("config file") && lines[1].contains("error"),
        "{outcome}"
    );
}
