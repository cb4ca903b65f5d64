//! One admin login a target serves all of its rows, two round trips each; and each row is an act of its own: its intent
//! is on record before anything of it is sent, its outcome before the next one begins.

use std::time::{Duration, Instant};

use super::{TwoDatabases, by_name, create_from};
use crate::harness::{ClosedPort, Plan, Proxy, sqlite};

const ROWS: usize = 5;

fn roster(env: &str, database: &str, rows: usize) -> String {
    let lines = (0..rows).map(|number| format!("{env},{database},readonly,[DB]_r{number}\n"));
    format!(
        "env,database,profile,username\n{}",
        lines.collect::<String>()
    )
}

#[test]
fn a_target_costs_one_login_and_a_row_two_round_trips() {
    let mut databases = TwoDatabases::new();
    let database = databases.scene.database().to_owned();
    let proxy = Proxy::before(databases.scene.cluster);
    let sandbox = &mut databases.scene.sandbox;
    sandbox.register_on_port(proxy.port(), "uat", &database);
    let update = [
        "registry",
        "update",
        "-e",
        "uat",
        "-d",
        &database,
        "--sslmode",
        "disable",
    ];
    sandbox.pgrole(update).run().expect_status(0);
    let measure = |rows: usize| {
        proxy.forget();
        let run = databases
            .create_from(&roster("uat", "[DB]", rows), &[])
            .run();
        run.expect_status(0);
        let traffic = proxy.traffic();
        let logins = traffic.iter().flat_map(|one| &one.messages);
        let logins = logins.filter(|message| *message == "startup").count();
        (logins, proxy.round_trips())
    };
    let (logins, of_one) = measure(1);
    assert_eq!(logins, 1);
    // It makes the group, and so everything is read.
    let login = of_one - 3;
    // The first row is there by then: it costs its reading.
    assert_eq!(measure(ROWS), (1, login + 1 + 2 * (ROWS - 1)));
    assert_eq!(measure(ROWS), (1, login + ROWS));
}

#[test]
fn each_row_is_on_record_before_it_is_sent_and_after_it_ended() {
    let databases = TwoDatabases::new();
    let scene = &databases.scene;
    let run = databases
        .create_from(&roster("dev", "[DB]", ROWS), &[])
        .run();
    run.expect_status(0);
    let events = sqlite::query(
        &scene.sandbox.registry(),
        "SELECT operation, stage, coalesce(username, '-'), status FROM audit_log
         WHERE operation LIKE 'user create%' ORDER BY id",
    );
    let events: Vec<&str> = events.lines().collect();
    let mut wanted = vec!["user create run|intent|-|intended".to_owned()];
    for number in 0..ROWS {
        let role = scene.role(&format!("r{number}"));
        wanted.push(format!("user create|intent|{role}|intended"));
        wanted.push(format!("user create|outcome|{role}|user created"));
    }
    wanted.push("user create run|outcome|-|5 users created, 0 failed".to_owned());
    assert_eq!(events, wanted);
    scene
        .sandbox
        .pgrole(["audit", "verify"])
        .run()
        .expect_status(0);
}

#[test]
fn a_session_that_is_lost_is_replaced_for_the_next_row() {
    let mut databases = TwoDatabases::new();
    let database = databases.scene.database().to_owned();
    let proxy = Proxy::before(databases.scene.cluster);
    let sandbox = &mut databases.scene.sandbox;
    sandbox.register_on_port(proxy.port(), "uat", &database);
    let update = [
        "registry",
        "update",
        "-e",
        "uat",
        "-d",
        &database,
        "--sslmode",
        "disable",
    ];
    sandbox.pgrole(update).run().expect_status(0);
    // The third row's reading is cut off.
    let lost = databases.scene.role("r2");
    proxy.once(Plan::CutBefore(lost.clone().into_bytes()));
    let outcome = databases
        .create_from(&roster("uat", "[DB]", ROWS), &["--format", "jsonl"])
        .run();
    outcome.expect_status(4);
    for (name, row) in by_name(&outcome) {
        let wanted = if name == lost {
            "failed"
        } else {
            "user created"
        };
        assert_eq!(row["status"], wanted, "{outcome}");
    }
    let again = create_from(&databases.scene, &[]).run();
    again.expect_status(0);
}

#[test]
fn a_server_that_lets_nobody_in_is_tried_once() {
    let mut databases = TwoDatabases::new();
    let database = databases.scene.database().to_owned();
    let closed = ClosedPort::new();
    let sandbox = &mut databases.scene.sandbox;
    sandbox.register_on_port(closed.port, "uat", &database);
    let roster = format!("{}dev,[DB],readonly,[DB]_fine\n", roster("uat", "[DB]", 3));
    let started = Instant::now();
    let outcome = databases.create_from(&roster, &["--format", "jsonl"]).run();
    assert!(started.elapsed() < Duration::from_secs(30));
    outcome.expect_status(4);
    let rows = by_name(&outcome);
    assert_eq!(
        rows[&databases.scene.role("fine")]["status"],
        "user created"
    );
    for number in 0..3 {
        let row = &rows[&databases.scene.role(&format!("r{number}"))];
        assert_eq!(row["status"], "failed", "{outcome}");
        let said = row["error"].as_str().expect("why");
        assert_eq!(
            said.contains("not begun, because the login for line 2 failed"),
            number > 0,
            "{outcome}"
        );
    }
    let begun = sqlite::query(
        &databases.scene.sandbox.registry(),
        "SELECT count(*) FROM audit_log WHERE operation = 'user create' AND stage = 'intent'",
    );
    assert_eq!(begun.trim(), "2");
}
