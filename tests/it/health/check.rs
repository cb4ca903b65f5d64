//! `pgrole registry check`: a row for every target, whatever became of it.

use serde_json::{Value, json};

use crate::harness::pooler::{Knowledge, PoolMode};
use crate::harness::{
    ClosedPort, Cluster, FakeServer, Outcome, Plan, Pooler, Proxy, Sandbox, skip_unless_superuser,
    sqlite,
};
use crate::scene::{Scene, error};

/// Runs `pgrole registry check` in that sandbox.
#[track_caller]
fn check(sandbox: &Sandbox, arguments: &[&str]) -> Outcome {
    let run = sandbox.pgrole(["registry", "check"]);
    run.args(arguments.iter().copied()).run()
}

#[track_caller]
fn only_row(outcome: &Outcome) -> Value {
    let rows = outcome.json();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{outcome}");
    rows[0].clone()
}

fn add(sandbox: &Sandbox, database: &str, host: &str, port: u16) {
    let port = port.to_string();
    let add = [
        "registry", "add", "-e", "qa", "-d", database, "-H", host, "-p", &port,
    ];
    sandbox.pgrole(add).run().expect_status(0);
}

#[test]
fn a_superuser_on_a_primary_lacks_nothing() {
    if skip_unless_superuser("that is what it is about") {
        return;
    }
    let scene = Scene::new();
    let outcome = check(&scene.sandbox, &[]);
    outcome.expect_status(0).expect_stderr("");
    let row = only_row(&outcome);
    for (key, wanted) in [
        ("status", json!("ok")),
        ("phase", json!(null)),
        ("error", json!(null)),
        ("state", json!("primary")),
        ("admin", json!("postgres")),
        (
            "source",
            json!("environment (PG_ADMIN_USER, PG_ADMIN_PASS)"),
        ),
        ("source_kind", json!("environment")),
        ("tls_version", json!(null)),
        ("superuser", json!(true)),
        ("may_grant", json!(["readonly", "readwrite", "ddl"])),
        ("missing", json!([])),
        ("grants", json!([])),
        ("prepare", json!(null)),
        ("warnings", json!([])),
    ] {
        assert_eq!(row[key], wanted, "{key}: {row}");
    }
    let version = scene.psql("SHOW server_version");
    let version = version.split(' ').next().expect("a word");
    assert_eq!(row["server_version"], version);
    let identifier = scene.psql("SELECT system_identifier FROM pg_control_system()");
    assert_eq!(row["system_identifier"], identifier);
    assert_eq!(
        row["address"],
        format!("127.0.0.1:{}", scene.cluster.port())
    );
    let milliseconds = |key: &str| row[key].as_f64().expect("a number");
    assert!(milliseconds("round_trip_ms") > 0.0, "{row}");
    assert!(
        milliseconds("login_ms") > milliseconds("round_trip_ms"),
        "{row}"
    );
    let log = scene.sandbox.pgrole(["audit", "list"]).run().json();
    let rows = log.as_array().expect("an array").iter();
    let mut checks = rows.filter(|row| row["operation"] == "registry check");
    assert_eq!(checks.next().expect("it is on record")["status"], "ok");
}

#[test]
fn two_round_trips_follow_the_login() {
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
    check(&scene.sandbox, &[]).expect_status(0);
    assert_eq!(proxy.round_trips(), psql + 1);
}

#[test]
fn each_target_that_fails_has_a_row_that_says_where() {
    let mut scene = Scene::new();
    let database = scene.database().to_owned();
    let sandbox = &mut scene.sandbox;
    let closed = ClosedPort::new();
    let silent = FakeServer::silent();
    let rude = FakeServer::answering(b"HTTP/1.1 400 Bad Request\r\n\r\n");
    add(sandbox, "a_name", "no-such-host.invalid", 5432);
    add(sandbox, "b_down", "127.0.0.1", closed.port);
    add(sandbox, "c_silent", "127.0.0.1", silent.port);
    add(sandbox, "d_rude", "127.0.0.1", rude.port);
    add(sandbox, "e_missing", "127.0.0.1", scene.cluster.port());
    sqlite::query(
        &sandbox.registry(),
        "INSERT INTO db_registry (env, db_name, hostname, port) VALUES ('qa', 'f_invalid', 'x', 0)",
    );
    let outcome = check(sandbox, &["--timeout", "2"]);
    outcome.expect_status(4);
    let rows = outcome.json();
    let rows: Vec<_> = rows
        .as_array()
        .expect("an array")
        .iter()
        .map(|row| {
            json!([
                row["database"],
                row["status"],
                row["phase"],
                row["sqlstate"]
            ])
        })
        .collect();
    assert_eq!(
        rows,
        [
            json!([database, "ok", null, null]),
            json!(["a_name", "unreachable: DNS", "DNS", null]),
            json!(["b_down", "unreachable: TCP", "TCP", null]),
            json!(["c_silent", "unreachable: TLS", "TLS", null]),
            json!(["d_rude", "unreachable: TLS", "TLS", null]),
            json!(["e_missing", "login failed: 3D000", "login", "3D000"]),
            json!(["f_invalid", "invalid entry", null, null]),
        ],
        "{outcome}"
    );
    let errors: Vec<_> = outcome.stderr.lines().collect();
    assert_eq!(errors.len(), 7, "{outcome}");
    assert!(errors[6].contains("6 of 7 targets failed"), "{outcome}");
    for error in &errors[..6] {
        let error: Value = serde_json::from_str(error).expect("JSON");
        assert!(error["error"]["causes"][0].is_string(), "{outcome}");
        assert!(error["error"]["hint"].is_string(), "{outcome}");
        assert_eq!(error["error"]["env"], "qa", "{outcome}");
    }
}

#[test]
fn one_target_ends_in_its_own_exit_status() {
    let scene = Scene::new();
    let closed = ClosedPort::new();
    add(&scene.sandbox, "down", "127.0.0.1", closed.port);
    let outcome = check(&scene.sandbox, &["-e", "qa"]);
    assert_eq!(only_row(&outcome)["status"], "unreachable: TCP");
    assert_eq!(error(&outcome, 5)["database"], "down");
    let refused = scene
        .pgrole("registry check", &[])
        .env("PG_ADMIN_PASS", "wrong")
        .run();
    assert_eq!(only_row(&refused)["status"], "login failed: 28P01");
    assert_eq!(error(&refused, 5)["sqlstate"], "28P01");
    let nobody = scene
        .pgrole("registry check", &[])
        .without_env("PG_ADMIN_PASS")
        .run();
    let row = only_row(&nobody);
    assert_eq!(
        (&row["status"], &row["phase"]),
        (&json!("no credential"), &json!("credential"))
    );
    error(&nobody, 5);
}

#[test]
fn another_cluster_is_a_status_of_its_own() {
    let scene = Scene::new();
    check(&scene.sandbox, &[]).expect_status(0);
    let stranger = Cluster::stranger();
    stranger.psql("postgres", &format!("CREATE DATABASE {}", scene.database()));
    let port = stranger.port().to_string();
    scene
        .pgrole("registry update", &["-p", &port])
        .run()
        .expect_status(0);
    let outcome = check(&scene.sandbox, &[]);
    let row = only_row(&outcome);
    assert_eq!(
        (&row["status"], &row["phase"]),
        (&json!("wrong server"), &json!("cluster"))
    );
    let hint = error(&outcome, 6)["hint"].clone();
    assert!(
        hint.as_str()
            .is_some_and(|hint| hint.ends_with("--trust-new-server")),
        "{outcome}"
    );
}

#[test]
fn a_standby_is_told_from_its_primary() {
    let primary = Cluster::private(|configuration| configuration);
    let scene = Scene::on(&primary);
    let standby = Cluster::standby_of(&primary);
    add(&scene.sandbox, "postgres", "127.0.0.1", standby.port());
    let outcome = check(&scene.sandbox, &[]);
    outcome.expect_status(0);
    let rows = outcome.json();
    let told = |row: &Value| json!([row["state"], row["status"], row["system_identifier"]]);
    let identifier = scene.psql("SELECT system_identifier FROM pg_control_system()");
    assert_eq!(
        told(&rows[0]),
        json!(["primary", "ok", identifier]),
        "{outcome}"
    );
    assert_eq!(
        told(&rows[1]),
        json!(["standby", "read-only", identifier]),
        "{outcome}"
    );
}

#[test]
fn a_server_that_takes_no_writes_is_told_too() {
    let cluster = Cluster::private(|c| c.setting("default_transaction_read_only", "on"));
    let sandbox = Sandbox::new().with_admin(&cluster);
    add(&sandbox, "postgres", "127.0.0.1", cluster.port());
    let row = only_row(&check(&sandbox, &[]));
    assert_eq!(
        (&row["state"], &row["status"]),
        (&json!("read-only"), &json!("read-only"))
    );
}

#[test]
fn a_person_gets_a_table_and_a_script_a_line_each() {
    let mut scene = Scene::new();
    let closed = ClosedPort::new();
    add(&scene.sandbox, "down", "127.0.0.1", closed.port);
    scene.sandbox.filter(&closed.port.to_string(), "[CLOSED]");
    let lines = check(&scene.sandbox, &["--format", "jsonl"]);
    let lines = lines.expect_status(4).json_lines();
    assert_eq!(lines.len(), 2);
    let table = check(&scene.sandbox, &["--format", "table"]);
    let headings = table.stdout.lines().next().unwrap_or_default();
    let headings: Vec<_> = headings.split_whitespace().collect();
    let wanted = "ENV DATABASE STATUS PG STATE TLS MS RTT ADMIN SOURCE";
    assert_eq!(headings, wanted.split(' ').collect::<Vec<_>>());
    assert!(table.stdout.contains("unreachable: TCP"), "{table}");
    assert!(table.stdout.contains("postgres  environment"), "{table}");
    assert!(
        table
            .stderr
            .starts_with("error: the check failed on qa/down\ncaused by: "),
        "{table}"
    );
}

#[test]
fn a_cluster_that_may_not_be_asked_who_it_is_is_named_as_unknown() {
    let cluster = Cluster::private(|configuration| configuration);
    let mut scene = Scene::on(&cluster);
    scene
        .area
        .superuser_psql("REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC");
    let admin = scene
        .area
        .create_role("admin", "LOGIN CREATEROLE PASSWORD 'x'");
    scene.psql(&format!(
        "ALTER DATABASE {} OWNER TO {admin}",
        scene.database()
    ));
    scene.sandbox.env("PG_ADMIN_USER", &admin);
    scene.sandbox.env("PG_ADMIN_PASS", "x");
    let row = only_row(check(&scene.sandbox, &[]).expect_status(0));
    assert_eq!(
        (&row["status"], &row["system_identifier"]),
        (&json!("ok"), &json!(null))
    );
    let warning = row["warnings"][0].as_str().expect("a warning");
    assert!(
        warning.ends_with(&format!("\"{admin}\" may not execute pg_control_system()")),
        "{row}"
    );
    let table = check(&scene.sandbox, &["--format", "table"]);
    table.expect_in_stderr("warning: the cluster that answers for dev/");
}

#[test]
fn a_pooler_before_the_server_is_a_status_of_its_own() {
    for mode in [PoolMode::Session, PoolMode::Transaction] {
        let mut scene = Scene::new();
        let Some(pooler) = Pooler::before(scene.cluster, mode, Knowledge::Query) else {
            return;
        };
        let database = scene.database().to_owned();
        scene
            .sandbox
            .register_on_port(pooler.port(), "qa", &database);
        let outcome = check(&scene.sandbox, &[]);
        let rows = outcome.expect_status(0).json();
        assert_eq!(
            (&rows[0]["status"], &rows[1]["status"]),
            (&json!("ok"), &json!("pooler")),
            "{outcome}"
        );
        let warning = rows[1]["warnings"][0].as_str().expect("a warning");
        assert!(
            warning.contains("connect to the server itself, not to a pooler"),
            "{outcome}"
        );
    }
}

#[test]
fn a_server_that_falls_silent_after_the_login_is_given_up() {
    let scene = Scene::new();
    let proxy = Proxy::before(scene.cluster);
    proxy.always(Plan::BlackHoleBefore(b"json_build_object".to_vec()));
    let port = proxy.port().to_string();
    let update = ["-p", &port, "--sslmode", "disable"];
    scene
        .pgrole("registry update", &update)
        .run()
        .expect_status(0);
    let outcome = check(&scene.sandbox, &["--timeout", "1"]);
    outcome.expect_status(75);
    let row = only_row(&outcome);
    assert_eq!(
        (&row["status"], &row["phase"]),
        (&json!("query failed: no answer"), &json!("statement"))
    );
}
