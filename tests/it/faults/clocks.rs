//! Clocks that are ten years off: of the machine (by faketime), or of machine and server together. Nothing panics, nothing is
//! rotated unseen, and once they are right all is as before.

use std::fs;
use std::process::Command;

use serde_json::Value;

use crate::harness::{Cluster, Outcome, servers, sqlite};
use crate::rotation::clocks::set_ahead;
use crate::scene::{Login, Scene};

/// By how much, as faketime and as PostgreSQL say it.
const OFFSETS: [(&str, &str); 2] = [("+3652d", "3652 days"), ("-3652d", "-3652 days")];

/// Runs pgrole on a machine whose clock is off; `None` without faketime.
fn run_off(scene: &Scene<'_>, offset: &str, words: &[&str]) -> Option<Outcome> {
    if Command::new("faketime").arg("--version").output().is_err() {
        servers::skip("no faketime here: scripts/test installs it");
        return None;
    }
    let run = scene.sandbox.pgrole(words.iter().copied()).command();
    let mut faked = Command::new("faketime");
    faked.env_clear();
    for (name, value) in run.get_envs() {
        faked.env(name, value.expect("nothing is taken away"));
    }
    faked.current_dir(scene.sandbox.path());
    faked.args(["--exclude-monotonic", "-f", offset]);
    faked.arg(run.get_program()).args(run.get_args());
    let outcome = scene.sandbox.outcome_of(faked);
    assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    Some(outcome)
}

/// `pgrole user VERB` with a delivery to the file of the role's name.
fn to_file<'s>(scene: &'s Scene<'_>, verb: &'s str, role: &'s str) -> Vec<String> {
    let deliver = format!("file:{}/{{username}}", scene.sandbox.path().display());
    let words = ["user", verb, "-e", "dev", "-d", scene.database()];
    let words = words.into_iter().chain(["-u", role, "--deliver", &deliver]);
    words.map(str::to_owned).collect()
}

fn words(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

fn delivered(scene: &Scene<'_>, role: &str) -> String {
    let object = fs::read_to_string(scene.sandbox.path().join(role)).expect("was delivered");
    let object: Value = serde_json::from_str(&object).expect("a whole object");
    object["password"].as_str().expect("a password").to_owned()
}

#[track_caller]
fn delivered_is_good(scene: &Scene<'_>, role: &str) {
    scene.may_log_in(&Login {
        name: role.to_owned(),
        password: delivered(scene, role),
    });
}

const OLDER: [&str; 3] = ["rotate", "--older-than", "90d"];
const CHECK: [&str; 5] = ["rotate", "status", "--older-than", "90d", "--check"];

#[test]
fn a_machine_ten_years_off_reads_on_and_changes_no_password() {
    for (offset, _) in OFFSETS {
        // Its own server: a rotation would find what other tests left on the shared one.
        let cluster = Cluster::private(|config| config);
        let scene = Scene::on(&cluster);
        let (role, new) = (scene.role("jane"), scene.role("new"));
        let create = to_file(&scene, "readonly", &role);
        scene.sandbox.pgrole(&create).run().expect_status(0);
        let before = delivered(&scene, &role);
        let doctor = ["doctor", "--offline"];
        let healthy = scene.sandbox.pgrole(doctor).run().status();

        let database = scene.database().to_owned();
        let target = ["-e", "dev", "-d", &database];
        for reading in [
            &["user", "list"][..],
            &["user", "find", "-u", &role],
            &[
                "user", "show", "-u", &role, target[0], target[1], target[2], target[3],
            ],
            &["user", "list", "--offline"],
            &["registry", "list"],
            &["rotate", "status"],
            &["recover", "run"],
            &["recover", "list"],
            &["access", "check"],
            &["audit", "list"],
            &["audit", "verify"],
        ] {
            let Some(outcome) = run_off(&scene, offset, reading) else {
                return;
            };
            outcome.expect_status(0);
        }
        let doctor_off = run_off(&scene, offset, &["doctor"]).expect("there is faketime");
        let findings = doctor_off.json();
        let mut findings = findings.as_array().expect("an array").iter();
        let is_it = |finding: &Value| finding["check"] == "clock" && finding["status"] != "ok";
        assert!(findings.any(is_it), "{doctor_off}");

        for (change, status) in [
            (words(&to_file(&scene, "reset", &role)), 6),
            (words(&to_file(&scene, "readonly", &new)), 6),
            (OLDER.to_vec(), 1),
        ] {
            let refused = run_off(&scene, offset, &change).expect("there is faketime");
            refused
                .expect_status(status)
                .expect_in_stderr("this machine's");
        }
        assert_eq!(delivered(&scene, &role), before);
        delivered_is_good(&scene, &role);

        // What was written then stands in no one's way.
        let run = |words: &[&str]| scene.sandbox.pgrole(words.iter().copied()).run();
        run(&CHECK).expect_status(0);
        run(&OLDER).expect_status(0);
        assert_eq!(delivered(&scene, &role), before, "nothing is due");
        run(&["user", "list", "--offline"]).expect_status(0);
        assert_eq!(run(&doctor).status(), healthy);
        run(&words(&to_file(&scene, "reset", &role))).expect_status(0);
        delivered_is_good(&scene, &role);
        let newest = run(&["audit", "list", "--limit", "1"]).json();
        assert_eq!(newest[0]["operation"], "user reset", "{newest}");
        run(&["audit", "verify"]).expect_status(0);
    }
}

#[test]
fn machine_and_server_ten_years_off_rotate_with_a_warning_and_are_put_right() {
    for (offset, interval) in OFFSETS {
        let cluster = Cluster::private(|config| config);
        let scene = Scene::on(&cluster);
        let (role, shown) = (scene.role("jane"), scene.role("shown"));
        let create = to_file(&scene, "readonly", &role);
        scene.sandbox.pgrole(&create).run().expect_status(0);
        let rotate = ["rotate", "--any-age", "--yes"];
        scene.sandbox.pgrole(rotate).run().expect_status(0);
        let warns = |outcome: &Outcome| outcome.stderr.contains("by this machine's clock");

        set_ahead(&scene.area, interval);
        let database = scene.database().to_owned();
        let print = [
            "user", "readonly", "-e", "dev", "-d", &database, "-u", &shown,
        ];
        let Some(printed) = run_off(&scene, offset, &print) else {
            return;
        };
        printed.expect_status(0);
        let run = |words: &[&str]| run_off(&scene, offset, words).expect("there is faketime");
        let rotated = run(&OLDER);
        rotated.expect_status(0);
        assert!(warns(&rotated), "{rotated}");
        delivered_is_good(&scene, &role);
        // The storm is over: by this clock all are new.
        run(&CHECK).expect_status(0);
        run(&["audit", "verify"]).expect_status(0);

        set_ahead(&scene.area, "0 days");
        let run = |words: &[&str]| scene.sandbox.pgrole(words.iter().copied()).run();
        run(&CHECK).expect_status(7);
        let rotated = run(&OLDER);
        rotated.expect_status(0);
        assert!(warns(&rotated), "{rotated}");
        delivered_is_good(&scene, &role);
        run(&CHECK).expect_status(0);
        run(&["recover", "run"]).expect_status(0);
        // What was printed is not kept for ten years.
        let kept = "SELECT count(*) FROM password_change WHERE keep_until > strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '+2 days')";
        assert_eq!(sqlite::query(&scene.sandbox.registry(), kept), "0");
        run(&["audit", "verify"]).expect_status(0);
    }
}
