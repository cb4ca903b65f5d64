//! `offboard`: a person leaves the whole fleet.

use super::fleet::{Fleet, JANE};
use crate::crash::dice::number;
use crate::harness::ClosedPort;
use crate::harness::sqlite::query;
use crate::scene::{error, whole_text};

/// How large the fleet is: `PGROLE_OFFBOARD_CLUSTERS` and `PGROLE_OFFBOARD_DATABASES`, else a small one.
pub fn fleet() -> Fleet {
    let size = |name: &str, usual: u64| {
        usize::try_from(number(name).unwrap_or(usual)).expect("fleets are small")
    };
    Fleet::new(
        size("PGROLE_OFFBOARD_CLUSTERS", 3),
        size("PGROLE_OFFBOARD_DATABASES", 4),
    )
}

#[test]
fn a_person_leaves_every_cluster() {
    let fleet = fleet();
    let mut sessions = fleet.hire();
    let before = query(
        &fleet.sandbox.registry(),
        "SELECT count(*) FROM locked_role",
    );
    assert_eq!(before, "0");
    let dry = fleet.offboard(&["--dry-run"]).run();
    dry.expect_status(0);
    assert_eq!(dry.json()[0]["status"], "unchanged", "{dry}");
    assert!(
        sessions
            .iter_mut()
            .all(|it| it.simple_query("SELECT 1").is_ok())
    );
    let gone = fleet.offboard(&[]).run();
    gone.expect_status(0);
    let report = &gone.json()[0];
    assert_eq!(report["username"], JANE, "{gone}");
    assert_eq!(report["status"], "user dropped", "{gone}");
    assert_eq!(report["reason"], "HR-1", "{gone}");
    let clusters = report["clusters"].as_array().expect("a list");
    assert_eq!(clusters.len(), fleet.clusters.len(), "{gone}");
    for cluster in clusters {
        assert_eq!(cluster["outcome"], "user dropped", "{gone}");
        assert!(
            cluster["databases"]
                .to_string()
                .contains("table hers.notes"),
            "{gone}"
        );
        assert_eq!(cluster["sessions_ended"], 3, "{gone}");
    }
    let events = report["events"].to_string();
    assert!(events.contains("table hers.notes"), "{gone}");
    assert!(
        sessions
            .iter_mut()
            .all(|it| it.simple_query("SELECT 1").is_err())
    );
    fleet.look(&gone.to_string());
    let again = fleet.offboard(&[]).run();
    let said = error(&again, 3);
    assert!(whole_text(&said).contains("no role \"jane\""), "{again}");
    let log = query(
        &fleet.sandbox.registry(),
        "SELECT operation, status, reason FROM audit_log WHERE stage = 'outcome' AND operation = 'offboard' ORDER BY id",
    );
    let count = fleet.clusters.len();
    assert_eq!(
        log,
        format!("offboard|offboarded: {count} dropped, 0 left|HR-1")
    );
}

#[test]
fn a_dead_host_stops_it_or_is_left_for_a_later_run() {
    let mut fleet = Fleet::new(2, 3);
    let port = ClosedPort::new();
    fleet.sandbox.register_on_port(port.port, "qa", "dead");
    let mut sessions = fleet.hire();
    let stopped = fleet.offboard(&[]).run();
    stopped.expect_status(4);
    stopped.expect_in_stderr("qa/dead");
    stopped.expect_in_stderr("nothing was changed");
    assert!(
        sessions
            .iter_mut()
            .all(|it| it.simple_query("SELECT 1").is_ok())
    );
    let skipped = fleet.offboard(&["--skip-unreachable"]).run();
    skipped.expect_status(4);
    let report = &skipped.json()[0];
    assert!(
        report["clusters"].to_string().contains("unreachable: TCP"),
        "{skipped}"
    );
    assert_eq!(report["status"], "failed", "{skipped}");
    fleet.look(&skipped.to_string());
    // Nothing is left but the dead host: that is still not the end.
    let again = fleet.offboard(&["--skip-unreachable"]).run();
    again
        .expect_status(4)
        .expect_in_stderr("clusters could not be reached");
    // The host is back, and she was never there.
    let remove = ["registry", "remove", "-e", "qa", "-d", "dead"];
    fleet.sandbox.pgrole(remove).run().expect_status(0);
    error(&fleet.offboard(&[]).run(), 3);
}

#[test]
fn what_stands_in_the_way_on_one_cluster_stops_all() {
    let fleet = Fleet::new(2, 3);
    let mut sessions = fleet.hire();
    let run = fleet
        .sandbox
        .pgrole(["offboard", JANE, "--reason", "HR-1"])
        .run();
    run.expect_status(6);
    run.expect_in_stderr("table hers.notes");
    assert!(
        sessions
            .iter_mut()
            .all(|it| it.simple_query("SELECT 1").is_ok())
    );
}

/// First what there is, then the reason for ending it.
#[test]
fn the_reason_is_asked_for_once_there_is_something_to_do() {
    let fleet = Fleet::new(1, 3);
    let ask = |more: &[&str]| {
        let words = ["offboard"].iter().chain(more);
        fleet.sandbox.pgrole(words.copied()).in_terminal(200)
    };
    let (screen, status) = ask(&["nobody_here"]).wait_status();
    assert_eq!(status, Some(3), "{screen}");
    assert!(!screen.contains("why, for the audit log"), "{screen}");
    let mut sessions = fleet.hire();
    let (screen, status) = ask(&[JANE]).wait_status();
    assert_eq!(status, Some(6), "{screen}");
    assert!(screen.contains("table hers.notes"), "{screen}");
    assert!(!screen.contains("why, for the audit log"), "{screen}");
    let mut terminal = ask(&[JANE, "--drop-owned"]);
    terminal.expect("why, for the audit log and the report (--reason)");
    terminal.send_line("HR 7");
    terminal.expect("without this question: --reason 'HR 7'");
    terminal.expect("Type jane to confirm");
    terminal.send_line("no");
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(6), "{screen}");
    assert!(
        sessions
            .iter_mut()
            .all(|it| it.simple_query("SELECT 1").is_ok())
    );
    let empty = ["offboard", JANE, "--reason", ""];
    fleet.sandbox.pgrole(empty).run().expect_status(2);
}

#[test]
fn at_a_terminal_the_name_is_typed() {
    let fleet = Fleet::new(1, 3);
    let mut sessions = fleet.hire();
    let mut terminal = fleet.offboard(&[]).in_terminal(200);
    terminal.expect("Type jane to confirm");
    terminal.send_line("joe");
    let (text, status) = terminal.wait_status();
    assert_eq!(status, Some(6), "{text}");
    assert!(text.contains("not confirmed"), "{text}");
    assert!(
        sessions
            .iter_mut()
            .all(|it| it.simple_query("SELECT 1").is_ok())
    );
    let mut terminal = fleet.offboard(&[]).in_terminal(200);
    terminal.expect("Type jane to confirm");
    terminal.send_line("jane");
    let (text, status) = terminal.wait_status();
    assert_eq!(status, Some(0), "{text}");
    fleet.look(&text);
}
