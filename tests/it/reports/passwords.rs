//! `report passwords`, `rotate --hash md5`, `report connections` and `report unused`.

use serde_json::{Value, json};

use crate::harness::{Cluster, Outcome, sqlite};
use crate::scene::{Scene, created};

/// The row of a login.
#[track_caller]
fn of(outcome: &Outcome, login: &str) -> Value {
    let rows = outcome.json();
    let rows = rows.as_array().expect("a list").iter();
    let found = rows.clone().find(|row| row["login"] == login);
    found
        .unwrap_or_else(|| panic!("{outcome}no row of {login}"))
        .clone()
}

#[test]
fn what_is_not_known_of_a_password_is_never_ok() {
    let scene = Scene::new();
    let fresh = scene.create("readonly", "fresh").name;
    let named = scene.role("named");
    scene
        .area
        .create_role("named", &format!("LOGIN PASSWORD '{named}'"));
    let hand = scene.area.create_role("hand", "LOGIN PASSWORD 'something'");
    let none = scene.area.create_role("none", "LOGIN");
    let outcome = scene.sandbox.pgrole(["report", "passwords"]).run();
    outcome.expect_status(0);
    let is_superuser = crate::harness::Admin::of_this_run() == crate::harness::Admin::Superuser;
    for (login, verdict, hash, is_name) in [
        (&fresh, "ok", "scram-sha-256", json!(false)),
        (&named, "weak", "scram-sha-256", json!(true)),
        (&hand, "unknown", "scram-sha-256", json!(false)),
        (&none, "none", "none", Value::Null),
    ] {
        let row = of(&outcome, login);
        if is_superuser {
            assert_eq!(row["verdict"], verdict, "{row}");
            assert_eq!(row["hash"], hash, "{row}");
            assert_eq!(row["is_login_name"], is_name, "{row}");
        } else {
            assert_eq!(row["verdict"], "unknown", "{row}");
            assert_eq!(row["hash"], "unknown", "{row}");
        }
    }
    let checked = scene
        .sandbox
        .pgrole(["report", "passwords", "--check"])
        .run();
    checked.expect_status(if is_superuser { 7 } else { 0 });
    assert!(
        !outcome.stdout.contains("SCRAM-SHA-256$"),
        "a verifier is shown"
    );
}

#[test]
fn only_md5_hashes_are_rotated_by_their_hash() {
    if crate::harness::skip_unless_superuser("only they read how passwords are stored") {
        return;
    }
    let scene = Scene::new();
    let [old, new] = ["old", "new"].map(|name| {
        let login = scene.role(name);
        let file = scene.sandbox.path().join(name);
        let to = format!("file:{}", file.display());
        let made = scene
            .user("readonly", &["-u", &login, "--deliver", &to])
            .run();
        made.expect_status(0);
        login
    });
    let stored = |login: &str| {
        scene.area.superuser_psql(&format!(
            "SELECT left(rolpassword, 5) FROM pg_authid WHERE rolname = '{login}'"
        ))
    };
    scene.area.superuser_psql(&format!(
        "SET password_encryption = md5; ALTER ROLE {old} PASSWORD 'by hand'"
    ));
    assert!(stored(&old).starts_with("md5"));
    let rotate = |arguments: &[&str]| {
        let run = scene.sandbox.pgrole(["rotate", "--hash", "md5", "--yes"]);
        run.args(arguments).run()
    };
    let plan = rotate(&["--dry-run"]);
    plan.expect_status(0);
    assert!(
        plan.stdout.contains(&old) && !plan.stdout.contains(&new),
        "{plan}"
    );
    rotate(&[]).expect_status(0);
    assert_eq!(stored(&old), "SCRAM");
    let again = rotate(&[]);
    again.expect_status(0);
    assert!(!again.stdout.contains(&old), "{again}");
}

#[test]
fn connections_are_beside_what_the_server_allows() {
    let cluster = Cluster::private(|c| {
        c.setting("max_connections", "50")
            .setting("superuser_reserved_connections", "4")
    });
    let scene = Scene::on(&cluster);
    let web = ["--profile", "app", "-u", &scene.role("web")];
    let app = created(&scene.user("create", &web).run());
    scene.create("readonly", "r");
    let connections = || scene.sandbox.pgrole(["report", "connections"]).run();
    let row = of(connections().expect_status(0), &app.name);
    assert_eq!(row["connection_limit"], 200, "{row}");
    assert_eq!(
        (&row["used"], &row["left"]),
        (&json!(0), &json!(200)),
        "{row}"
    );
    assert_eq!(row["max_connections"], 50, "{row}");
    assert_eq!(
        (&row["reserved"], &row["available"]),
        (&json!(4), &json!(46)),
        "{row}"
    );
    assert_eq!(row["sum_of_limits"].as_u64(), Some(220), "{row}");
    assert_eq!(row["overcommitted"], true, "{row}");
    let held = [0, 1].map(|_| {
        let client = cluster.client_as(&app.name, &app.password, scene.database());
        client.expect("it may log in")
    });
    let row = of(connections().expect_status(0), &app.name);
    assert_eq!(
        (&row["used"], &row["peak_seen"]),
        (&json!(2), &json!(2)),
        "{row}"
    );
    drop(held);
    crate::scene::wait_until("the sessions have ended", || {
        let sql = format!(
            "SELECT count(*) FROM pg_stat_activity WHERE usename = '{}'",
            app.name
        );
        cluster.superuser_psql("postgres", &sql) == "0"
    });
    let row = of(connections().expect_status(0), &app.name);
    assert_eq!(
        (&row["used"], &row["peak_seen"]),
        (&json!(0), &json!(2)),
        "{row}"
    );
}

#[test]
fn only_who_was_looked_for_is_unused_and_locking_can_be_undone() {
    let cluster = Cluster::private(|c| c.setting("log_connections", "on"));
    let scene = Scene::on(&cluster);
    let [idle, seen, new] = ["idle", "seen", "new"].map(|name| scene.create("readonly", name));
    let unused = |arguments: &[&str]| scene.pgrole("report unused", arguments).run();
    let outcome = unused(&[]);
    outcome.expect_status(0);
    assert_eq!(of(&outcome, &idle.name)["verdict"], "unknown", "{outcome}");
    for login in [&idle, &seen] {
        sqlite::query(
            &scene.sandbox.registry(),
            &format!(
                "UPDATE login_activity SET known_at = '2020-01-01T00:00:00.000000Z' WHERE username = '{}'",
                login.name
            ),
        );
    }
    // The log has one of them, who logged in meanwhile.
    scene.may_log_in(&seen);
    let log = scene.sandbox.path().join("postgresql.log");
    std::fs::write(&log, cluster.log()).expect("the sandbox can be written");
    let log = log.display().to_string();
    let outcome = unused(&["--logins-from", &log]);
    outcome.expect_status(0);
    let row = of(&outcome, &idle.name);
    assert_eq!(row["verdict"], "unused", "{row}");
    assert_eq!(
        row["not_seen_since"], "2020-01-01T00:00:00.000000Z",
        "{row}"
    );
    assert_eq!(of(&outcome, &new.name)["verdict"], "unknown", "{outcome}");
    assert!(
        !outcome.stdout.contains(&format!("\"{}\"", seen.name)),
        "{outcome}"
    );
    // What the log said is kept.
    let outcome = unused(&["--lock", "--reason", "OPS-17"]);
    outcome.expect_status(0);
    let row = of(&outcome, &idle.name);
    assert_eq!(row["verdict"], "locked", "{row}");
    assert_eq!(of(&outcome, &new.name)["verdict"], "unknown", "{outcome}");
    let refused = scene.psql_as(&idle, "SELECT 1");
    refused.expect_in_stderr("is not permitted to log in");
    scene.may_log_in(&seen);
    let undo = row["undo"].as_str().expect("a command").to_owned();
    let words = undo.split(' ').skip(1).map(str::to_owned);
    scene.sandbox.pgrole(words).run().expect_status(0);
    scene.may_log_in(&idle);
    let logged = scene
        .sandbox
        .pgrole(["audit", "list", "--operation", "user lock"])
        .run();
    assert!(logged.stdout.contains("OPS-17"), "{logged}");
}
