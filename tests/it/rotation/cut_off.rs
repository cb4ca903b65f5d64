//! What is cut off on its way: the network, the output, the command; and what `pgrole recover` makes of it.

use std::fs;
use std::process::Stdio;

use super::Scene;
use crate::harness::{Admin, Cluster, Outcome, Plan, Proxy};

fn undelivered(outcome: &Outcome) {
    let error = &outcome.expect_status(8).json_error()["error"];
    assert_eq!(error["kind"], "undelivered", "{outcome}");
    assert!(
        error["hint"]
            .as_str()
            .expect("a hint")
            .contains("pgrole recover run"),
        "{outcome}"
    );
}

/// Resets a role's password over a network that a proxy disturbs.
fn reset_through(plan: Plan) -> (Scene<'static>, String, String, Outcome) {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    proxy.once(plan);
    let deliver = format!("file:{}", scene.file("{username}").display());
    let outcome = scene
        .user("reset", &role, &["--deliver", &deliver, "--timeout", "2"])
        .run();
    proxy.always(Plan::Pass);
    // The proxy is to live on for the recovery.
    let recovered = if outcome.status() == Some(8) {
        scene.recover()
    } else {
        outcome
    };
    drop(proxy);
    (scene, role, old, recovered)
}

#[test]
fn a_network_cut_before_the_statement_leaves_the_old_password() {
    let (scene, role, old, _) = reset_through(Plan::cut_before("ALTER ROLE"));
    let password = scene.delivered_password(&role);
    assert!(scene.logs_in(&role, &password), "{}", scene.states());
    if Admin::of_this_run() == Admin::Superuser {
        // Found to be as it was before, the change was made after all.
        assert_ne!(password, old);
        assert_eq!(scene.states(), "CLOSED\nCLOSED");
    } else {
        assert_eq!(password, old);
        assert_eq!(scene.states(), "CLOSED\nABORTED");
    }
}

#[test]
fn a_network_cut_after_the_commit_loses_nothing() {
    let (scene, role, old, _) = reset_through(Plan::cut_after("ALTER ROLE"));
    let password = scene.delivered_password(&role);
    assert_ne!(password, old);
    assert!(scene.logs_in(&role, &password), "{}", scene.states());
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
}

#[test]
fn a_half_open_connection_is_given_up_in_time_and_loses_nothing() {
    let (scene, role, old, _) = reset_through(Plan::HalfOpenAfter(b"ALTER ROLE".to_vec()));
    let password = scene.delivered_password(&role);
    assert_ne!(password, old);
    assert!(scene.logs_in(&role, &password), "{}", scene.states());
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    assert_eq!(scene.sealed(), "0");
}

#[test]
fn a_black_hole_is_given_up_in_time_and_loses_nothing() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    proxy.always(Plan::BlackHole);
    let reset = scene.user("reset", &role, &["--timeout", "1"]).run();
    assert_eq!(
        reset.expect_status(5).json_error()["error"]["kind"],
        "unreachable"
    );
    assert!(scene.logs_in(&role, &old));
    assert_eq!(scene.states(), "CLOSED");
}

#[test]
fn a_full_output_is_status_8_and_recovered_to_another_one() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let mut command = scene.user("readonly", &role, &[]).command();
    let full = fs::File::options()
        .write(true)
        .open("/dev/full")
        .expect("/dev/full");
    command.stdout(Stdio::from(full)).stderr(Stdio::piped());
    let output = command.output().expect("pgrole starts");
    assert_eq!(output.status.code(), Some(8));
    assert_eq!(scene.states(), "UNDELIVERED");
    let recovered = scene.recover();
    let row = recovered.expect_status(0).json()[0].clone();
    assert_eq!(
        (&row["username"], &row["status"]),
        (&role.clone().into(), &"user created".into())
    );
    assert!(scene.logs_in(&role, row["password"].as_str().expect("a password")));
}

#[test]
fn a_reader_that_is_gone_is_status_8_where_a_password_was_meant_for_it() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let mut command = scene.user("readonly", &role, &[]).command();
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("pgrole starts");
    drop(child.stdout.take());
    assert_eq!(child.wait().expect("our own child").code(), Some(8));
    let row = scene.recover().expect_status(0).json()[0].clone();
    assert!(scene.logs_in(&role, row["password"].as_str().expect("a password")));
}

#[test]
fn an_output_that_leads_nowhere_is_refused_before_anything_is_changed() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let mut command = scene.user("readonly", &role, &[]).command();
    let output = command
        .stdout(Stdio::null())
        .output()
        .expect("pgrole starts");
    assert_eq!(output.status.code(), Some(2));
    let there = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    assert_eq!(scene.area.psql(&there), "0");
}

#[test]
fn a_command_that_fails_is_delivered_to_again() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let (gate, object) = (scene.file("gate"), scene.file("object"));
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat > {}\"",
        gate.display(),
        object.display()
    );
    undelivered(&scene.user("reset", &role, &["--deliver", &deliver]).run());
    let list = scene.sandbox.pgrole(["recover", "list"]).run().json();
    assert_eq!(
        (&list[0]["state"], &list[0]["username"]),
        (&"UNDELIVERED".into(), &role.clone().into())
    );
    let still = scene.recover();
    undelivered(&still);
    fs::write(&gate, "").expect("the folder is there");
    scene.recover().expect_status(0);
    let object: serde_json::Value = serde_json::from_str(&scene.read("object")).expect("JSON");
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
}

#[test]
fn the_next_change_on_a_server_settles_what_is_open_there() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let object = scene.file("object");
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat > {}\"",
        gate.display(),
        object.display()
    );
    undelivered(&scene.user("reset", &role, &["--deliver", &deliver]).run());
    fs::write(&gate, "").expect("the folder is there");
    let other = scene.create("joe");
    assert!(scene.logs_in(&other, &scene.delivered_password(&other)));
    let object: serde_json::Value = serde_json::from_str(&scene.read("object")).expect("JSON");
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
}

#[test]
fn what_somebody_else_changed_since_is_left_alone() {
    let scene = Scene::new();
    let role = scene.create("jane");
    undelivered(
        &scene
            .user("reset", &role, &["--deliver", "exec:false"])
            .run(),
    );
    scene
        .area
        .psql(&format!("ALTER ROLE {role} PASSWORD 'theirs'"));
    scene.recover().expect_status(0);
    assert!(scene.logs_in(&role, "theirs"));
    assert_eq!(scene.states(), "CLOSED\nSUPERSEDED");
}

#[test]
fn a_password_on_stdout_stays_sealed_until_it_is_acknowledged() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    scene.user("readonly", &role, &[]).run().expect_status(0);
    let list = scene.sandbox.pgrole(["recover", "list"]).run().json();
    let id = list[0]["id"].as_str().expect("an id").to_owned();
    assert_eq!(list[0]["state"], "DELIVERED");
    assert!(list[0]["keep_until"].is_string());
    let sealed = "SELECT sealed IS NOT NULL FROM password_change";
    assert_eq!(scene.query(sealed), "1");
    scene
        .sandbox
        .pgrole(["recover", "ack", &id])
        .run()
        .expect_status(0);
    assert_eq!(scene.query(sealed), "0");
    assert_eq!(scene.states(), "CLOSED");
    let again = scene.sandbox.pgrole(["recover", "ack", &id]).run();
    again.expect_status(6);
    scene
        .sandbox
        .pgrole(["recover", "show", "nothing"])
        .run()
        .expect_status(3);
}

#[test]
fn a_row_of_another_key_is_not_opened() {
    let scene = Scene::new();
    let role = scene.create("jane");
    undelivered(
        &scene
            .user("reset", &role, &["--deliver", "exec:false"])
            .run(),
    );
    let key = scene.sandbox.home().join(".config/pgrole/sealing.key");
    fs::remove_file(&key).expect("the key is in its file");
    let error = scene.recover().expect_status(8).json_error()["error"].clone();
    let message = error["message"].as_str().expect("a message");
    assert!(message.contains("was sealed with another key"), "{message}");
    assert_eq!(scene.states(), "CLOSED\nUNDELIVERED");
}
