//! `-vv`: what was done, step by step, with times and round trips; and never a secret.

use serde_json::Value;

use super::words;
use crate::harness::{Outcome, Proxy};
use crate::scene::Scene;

/// The steps that a run told as JSON.
fn steps(outcome: &Outcome) -> Vec<Value> {
    let objects = outcome.stderr.lines().map(|line| {
        serde_json::from_str::<Value>(line).unwrap_or_else(|error| panic!("{error}: {outcome}"))
    });
    let steps = objects.filter_map(|object| object.get("step").cloned());
    steps.collect()
}

fn names(steps: &[Value]) -> Vec<&str> {
    let names = steps.iter().filter_map(|step| step["name"].as_str());
    names.collect()
}

#[test]
fn each_step_is_told_with_its_time_and_its_round_trips() {
    let scene = Scene::new();
    let proxy = Proxy::before(scene.cluster);
    let database = scene.area.database();
    let mut target = scene.sandbox;
    target.register_on_port(proxy.port(), "qa", database);
    proxy.forget();
    let list = target.pgrole(words("user list -e qa -vv")).run();
    list.expect_status(0);
    let steps = steps(&list);
    assert_eq!(
        names(&steps),
        [
            "open the registry",
            "record the intent",
            "find the credential",
            "resolve",
            "dial",
            "log in",
            "read",
            "record the outcome",
        ],
        "{list}"
    );
    let keys = [
        "name",
        "env",
        "database",
        "detail",
        "ms",
        "round_trips",
        "failed",
    ];
    for step in &steps {
        let object = step.as_object().expect("an object");
        assert_eq!(object.keys().collect::<Vec<_>>(), keys, "{list}");
        assert!(step["ms"].as_f64().is_some_and(|ms| ms >= 0.0), "{list}");
        assert_eq!(step["failed"], false, "{list}");
    }
    assert_eq!(steps[6]["detail"], "the logins", "{list}");
    assert_eq!(steps[6]["database"], database, "{list}");
    assert_eq!(steps[6]["round_trips"], 1, "{list}");
    // The proxy sees nothing of the connection below it.
    let told = steps.iter().filter(|step| step["name"] != "dial");
    let told: u64 = told.filter_map(|step| step["round_trips"].as_u64()).sum();
    assert_eq!(told, proxy.round_trips() as u64, "{list}");
}

#[test]
fn people_read_a_line_for_each_step_and_once_verbose_none() {
    let scene = Scene::new();
    let list = |verbose: &str| {
        let list = scene.sandbox.pgrole(words("user list --format table"));
        list.args([verbose]).run()
    };
    let told = list("-vv");
    told.expect_in_stderr(&format!("dev/{}: read the logins: ", scene.area.database()));
    told.expect_in_stderr(" ms, 1 round trip\n");
    told.expect_in_stderr("logged in to");
    let once = list("-v");
    once.expect_in_stderr("logged in to");
    assert!(!once.stderr.contains(" ms"), "{once}");
}

#[test]
fn a_step_that_fails_is_told_too() {
    let scene = Scene::new();
    let wrong = scene.sandbox.pgrole(words("user list -vv"));
    let wrong = wrong.env("PG_ADMIN_PASS", "not the password").run();
    assert_ne!(wrong.status(), Some(0), "{wrong}");
    let steps = steps(&wrong);
    let failed: Vec<_> = steps.iter().filter(|step| step["failed"] == true).collect();
    assert_eq!(failed.len(), 1, "{wrong}");
    assert_eq!(failed[0]["name"], "log in", "{wrong}");
    assert!(!wrong.stderr.contains("not the password"), "{wrong}");
}

#[test]
fn no_step_tells_a_password_or_a_verifier() {
    let scene = Scene::new();
    let given = "Canary7Fz0Qq3Kx9";
    let role = scene.area.role("jane");
    let folder = scene.sandbox.path().join("passwords");
    std::fs::create_dir(&folder).expect("our own folder can be written");
    let file = folder.join("{username}");
    let deliver = format!("file:{}", file.display());
    let runs = [
        scene.user("devqa", &["-u", &role]),
        scene
            .user("reset", &["-u", &role, "--password-stdin"])
            .stdin(given),
        scene.user("reset", &["-u", &role]),
        scene.sandbox.pgrole(["rotate", "--any-age", "-u", &role]),
    ];
    for run in runs {
        let outcome = run.args(["-vv", "--deliver", &deliver]).run();
        outcome.expect_status(0);
        let told = names(&steps(&outcome)).join(", ");
        assert!(
            told.contains("change") && told.contains("deliver"),
            "{outcome}"
        );
        let password = std::fs::read_to_string(folder.join(&role)).expect("it was delivered");
        let output = format!("{}{}", outcome.stdout, outcome.stderr);
        for secret in [
            password.trim(),
            given,
            scene.cluster.password(),
            "SCRAM-SHA-256$4096:",
        ] {
            assert!(!output.contains(secret), "{outcome}");
        }
    }
}
