//! What is cut short: Ctrl-C has an outcome on record, a killed process has none and the log says so.

use super::{CHECK, audit_list, sandbox_with_target, stages};
use crate::harness::FakeServer;
use std::time::{Duration, Instant};

/// Waits until pgrole has connected.
fn wait_for_visitor(server: &FakeServer) {
    let deadline = Instant::now() + Duration::from_secs(30);
    while server.visitors() == 0 {
        assert!(Instant::now() < deadline, "pgrole does not connect");
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn a_killed_process_leaves_an_intent_without_an_outcome() {
    let server = FakeServer::silent();
    let sandbox = sandbox_with_target(server.port);
    let running = sandbox.pgrole(CHECK).spawn();
    wait_for_visitor(&server);
    running.kill();
    assert_eq!(stages(&sandbox), "intent intended");
    let event = &audit_list(&sandbox, "--limit 1").json()[0];
    assert_eq!(event["operation"], "credential check");
    assert_eq!(event["status"], "no outcome on record");
    assert!(event["duration_ms"].is_null());
}

#[test]
fn ctrl_c_and_sigterm_end_with_130_and_an_outcome_on_record() {
    let server = FakeServer::silent();
    let sandbox = sandbox_with_target(server.port);
    for signal in ["INT", "TERM"] {
        let before = server.visitors();
        let running = sandbox.pgrole(CHECK).spawn();
        let deadline = Instant::now() + Duration::from_secs(30);
        while server.visitors() == before {
            assert!(Instant::now() < deadline, "pgrole does not connect");
            std::thread::sleep(Duration::from_millis(2));
        }
        running.signal(signal);
        let outcome = running.wait();
        outcome.expect_status(130).expect_stdout("");
        assert_eq!(outcome.json_error()["error"]["kind"], "interrupted");
        let event = &audit_list(&sandbox, "--limit 1").json()[0];
        assert_eq!(event["status"], "interrupted", "{signal}");
    }
}
