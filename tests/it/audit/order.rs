//! Intent first, then the server, then the outcome; without the intent, nothing.

use std::fs::{self, Permissions};
use std::io::Read;
use std::os::unix::fs::PermissionsExt;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use super::{CHECK, audit_list, sandbox_with_target, stages};
use crate::harness::{ClosedPort, Cluster, FakeServer, Sandbox, sqlite};

#[test]
fn the_intent_is_on_disk_before_the_server_is_touched() {
    let (seen, sight) = mpsc::channel();
    let (proceed, wait) = mpsc::channel::<()>();
    let wait = std::sync::Mutex::new(wait);
    let server = FakeServer::start(move |mut stream| {
        stream.read_exact(&mut [0; 8]).ok();
        seen.send(()).ok();
        wait.lock().expect("one visitor").recv().ok();
    });
    let sandbox = sandbox_with_target(server.port);
    let running = sandbox.pgrole(CHECK).spawn();
    sight
        .recv_timeout(Duration::from_secs(30))
        .expect("pgrole connects");
    assert_eq!(stages(&sandbox), "intent intended");
    drop(proceed);
    running.wait().expect_status(5);
    assert_eq!(stages(&sandbox), "intent intended\noutcome failed");
}

#[test]
fn a_closed_port_leaves_an_intent_and_a_failed_outcome() {
    let closed = ClosedPort::new();
    let sandbox = sandbox_with_target(closed.port);
    sandbox.pgrole(CHECK).run().expect_status(5);
    assert_eq!(stages(&sandbox), "intent intended\noutcome failed");
    let event = &audit_list(&sandbox, "--limit 1").json()[0];
    assert_eq!(event["operation"], "credential check");
    assert_eq!(
        (&event["env"], &event["database"]),
        (&"dev".into(), &"app".into())
    );
    assert_eq!(
        (&event["hostname"], &event["port"]),
        (&"127.0.0.1".into(), &closed.port.into())
    );
    assert_eq!(event["status"], "failed");
    assert_eq!(event["admin_user"], "admin");
    assert!(event["sqlstate"].is_null());
    let error = event["error"].as_str().expect("a text");
    assert!(error.contains("Connection refused"), "{error}");
    let duration = event["duration_ms"].as_f64().expect("a number");
    assert!(duration > 0.0, "{event}");
    let decimals = duration.to_string();
    let decimals = decimals.split_once('.').map_or(0, |(_, after)| after.len());
    assert!(decimals <= 3, "to the microsecond: {event}");
}

#[test]
fn what_the_server_refuses_is_on_record_with_its_sqlstate() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new();
    sandbox.register(cluster, "dev", area.database());
    let check = sandbox
        .pgrole(["credential", "check", "-e", "dev"])
        .env("PG_ADMIN_USER", Cluster::SUPERUSER)
        .env("PG_ADMIN_PASS", "wrong");
    let refused = check.run();
    refused.expect_status(5);
    assert!(refused.says_sqlstate("28P01"), "{refused}");
    let listed = audit_list(&sandbox, "--limit 1");
    let event = &listed.json()[0];
    assert_eq!(event["status"], "failed");
    assert_eq!(event["sqlstate"], "28P01");
    assert!(listed.says_sqlstate("28P01"), "{listed}");
    assert!(!listed.says_sqlstate("28P02"), "{listed}");
}

#[test]
fn what_succeeds_is_on_record_with_its_outcome() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let mut sandbox = Sandbox::new().with_admin(cluster);
    sandbox.register(cluster, "dev", area.database());
    sandbox
        .pgrole(["credential", "check"])
        .run()
        .expect_status(0);
    assert_eq!(stages(&sandbox), "intent intended\noutcome login ok");
    // The cluster is remembered after the intent: the second event from the newest.
    let events = audit_list(&sandbox, "--limit 2").json();
    let event = &events[1];
    assert_eq!(events[0]["operation"], "registry contact");
    assert_eq!(event["status"], "login ok");
    assert_eq!(event["admin_user"], Cluster::SUPERUSER);
    assert!(event["error"].is_null());
}

#[test]
fn what_finds_no_credential_is_on_record_too() {
    let sandbox = sandbox_with_target(1);
    let check = sandbox.pgrole(CHECK).without_env("PG_ADMIN_USER");
    check.run().expect_status(5);
    assert_eq!(stages(&sandbox), "intent intended\noutcome failed");
}

#[test]
fn nothing_is_done_where_the_intent_cannot_be_written() {
    let server = FakeServer::closing();
    let sandbox = sandbox_with_target(server.port);
    fs::set_permissions(sandbox.registry(), Permissions::from_mode(0o400))
        .expect("our own file has a mode");
    let refused = sandbox.pgrole(CHECK).under_nobody().run();
    refused.expect_status(1).expect_stdout("");
    assert_eq!(server.visitors(), 0);
    assert_eq!(stages(&sandbox), "");
}

#[test]
fn a_log_that_another_process_holds_is_waited_for_and_then_given_up() {
    let server = FakeServer::closing();
    let sandbox = sandbox_with_target(server.port);
    let lock = sqlite::Lock::on(&sandbox.registry());
    let started = Instant::now();
    let busy = sandbox
        .pgrole(CHECK)
        .args(["--format", "table", "--timeout", "1.5"])
        .run();
    let waited = started.elapsed();
    busy.expect_status(75).expect_stdout("");
    busy.filtered().expect_stderr(
        "error: the admin credential does not work on dev/app\n\
         caused by: registry [SANDBOX]/home/.local/share/pgrole/pg_registry.db \
         was locked by another process for 1.5 seconds\n\
         caused by: database is locked\n\
         hint: try again when it has finished, or wait longer with --timeout SECONDS\n",
    );
    assert!(waited >= Duration::from_millis(1_500), "{waited:?}");
    assert_eq!(server.visitors(), 0);
    drop(lock);
    assert_eq!(stages(&sandbox), "");
}

#[test]
fn a_log_that_another_process_holds_for_a_moment_is_waited_for() {
    let server = FakeServer::closing();
    let sandbox = sandbox_with_target(server.port);
    let lock = sqlite::Lock::on(&sandbox.registry());
    let running = sandbox.pgrole(CHECK).spawn();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(server.visitors(), 0);
    drop(lock);
    running.wait().expect_status(5);
    assert!(server.visitors() > 0);
}
