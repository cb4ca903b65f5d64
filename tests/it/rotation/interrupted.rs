//! Ctrl-C and SIGTERM while many roles are rotated: what is begun is ended, what is left is left to the rerun.

use std::fs;

use super::{Scene, wait_until};
use crate::harness::{Cluster, Plan, Proxy};

/// Four roles, whose passwords go to a command that waits for the file `gate`, and says by a file that it does.
fn scene_with_gate() -> (Scene<'static>, String) {
    let scene = Scene::new();
    for name in ["a", "b", "c", "d"] {
        scene.create(name);
    }
    let deliver = format!(
        "exec:sh -c \"touch {waiting}; while ! test -e {gate}; do sleep 0.05; done; cat > {objects}/{{username}}\"",
        waiting = scene.file("waiting").display(),
        gate = scene.file("gate").display(),
        objects = scene.file("").display(),
    );
    (scene, deliver)
}

#[test]
fn the_first_sigterm_ends_the_role_at_hand_and_a_rerun_takes_the_rest() {
    for signal in ["TERM", "INT"] {
        let (scene, deliver) = scene_with_gate();
        let rotate = ["rotate", "--jobs", "1", "--older-than", "90d", "--deliver"];
        scene.query("UPDATE placed_role SET password_changed_at = '2026-01-01T00:00:00.000000Z'");
        let run = scene.sandbox.pgrole(rotate).args([&deliver]).spawn();
        wait_until(|| scene.file("waiting").exists());
        run.signal(signal);
        fs::write(scene.file("gate"), "").expect("the folder is there");
        let ended = run.wait();
        let error = ended.expect_status(130).json_error()["error"].clone();
        assert_eq!(error["kind"], "interrupted");
        assert_eq!(error["message"], "interrupted: 1 rotated, 0 failed, 3 left");
        let lines = ended.json_lines();
        assert_eq!(lines.last().expect("a summary")["summary"]["left"], 3);
        assert_eq!(scene.sealed(), "0");
        let rerun = scene.sandbox.pgrole(rotate).args([&deliver]).run();
        let lines = rerun.expect_status(0).json_lines();
        assert_eq!(lines.last().expect("a summary")["summary"]["rotated"], 3);
        for name in ["a", "b", "c", "d"] {
            scene.delivered_password_is_good(&scene.area.role(name));
        }
    }
}

#[test]
fn the_second_sigterm_cancels_what_runs_and_nothing_is_lost() {
    let scene = Scene::new();
    // The only one: nothing is left, but it was cancelled.
    let role = scene.create("jane");
    let mut blocker = scene.area.client();
    blocker
        .batch_execute(&format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5"))
        .expect("a superuser may");
    let run = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--jobs", "1", "--timeout", "60"])
        .spawn();
    let waiting = || {
        scene.area.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
             AND application_name LIKE 'pgrole:%'",
        ) == "1"
    };
    wait_until(waiting);
    run.signal("TERM");
    // Two that are pending at once are one.
    wait_until(|| !has_sigterm(run.id(), "ShdPnd"));
    run.signal("TERM");
    run.wait().expect_status(130);
    blocker.batch_execute("ROLLBACK").expect("is open");
    assert_eq!(scene.states(), "CLOSED\nABORTED");
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_run_that_waits_before_its_start_can_be_stopped() {
    let scene = Scene::new();
    scene.create("jane");
    let run = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--jitter", "100w"])
        .spawn();
    wait_until(|| catches_sigterm(run.id()));
    run.signal("TERM");
    let ended = run.wait();
    ended
        .expect_status(130)
        .expect_in_stderr("interrupted before the start");
    assert_eq!(scene.states(), "CLOSED");
}

pub fn catches_sigterm(process: u32) -> bool {
    has_sigterm(process, "SigCgt")
}

/// Whether SIGTERM is in a mask of the process (proc(5)): caught in "SigCgt", pending in "ShdPnd".
fn has_sigterm(process: u32, mask: &str) -> bool {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let bits = status
        .lines()
        .find_map(|line| line.strip_prefix(mask)?.strip_prefix(':'));
    let bits = bits.and_then(|bits| u64::from_str_radix(bits.trim(), 16).ok());
    bits.is_some_and(|bits| bits & (1 << 14) != 0)
}

/// The survey asks all servers before anything is changed; a stop there leaves all.
#[test]
fn a_stop_while_servers_are_asked_begins_no_role() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    proxy.always(Plan::BlackHole);
    let run = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--timeout", "1"])
        .spawn();
    let asked = "SELECT count(*) FROM audit_log WHERE operation = 'rotate survey'";
    wait_until(|| scene.query(asked) != "0");
    run.signal("TERM");
    run.wait().expect_status(130);
    assert_eq!(scene.states(), "CLOSED");
    scene.delivered_password_is_good(&role);
}
