//! Two registries, one role: of two that change it at the same time, the one that lost says so.

use std::fs;

use super::Scene;
use crate::harness::{Outcome, skip_unless_superuser};

/// A delivery during which somebody else changes the password, and then the object is stored.
fn reset_while(scene: &Scene, role: &str, meanwhile: &str) -> Outcome {
    let script = scene.file("deliver.sh");
    let object = scene.file("object");
    let text = format!("{meanwhile}\ncat > {}\n", object.display());
    fs::write(&script, text).expect("the folder is there");
    let deliver = format!("exec:sh {}", script.display());
    scene.user("reset", role, &["--deliver", &deliver]).run()
}

/// What a person with psql does.
fn alter(scene: &Scene, role: &str) -> String {
    format!(
        "PGPASSWORD='{}' psql -q -h 127.0.0.1 -p {} -U '{}' -d postgres -c \"ALTER ROLE {role} PASSWORD 'theirs'\" >/dev/null",
        scene.cluster.password(),
        scene.cluster.port(),
        scene.cluster.superuser()
    )
}

#[track_caller]
fn says_that_it_lost(scene: &Scene, lost: &Outcome) {
    let error = lost.expect_status(8).json_error()["error"].clone();
    assert_eq!(error["kind"], "undelivered");
    assert!(
        error["causes"]
            .to_string()
            .contains("somebody else changed the password"),
        "{error}"
    );
    assert_eq!(scene.states(), "CLOSED\nUNDELIVERED");
}

#[test]
fn a_password_that_was_changed_while_it_was_delivered_is_no_success() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let lost = reset_while(&scene, &role, &alter(&scene, &role));
    says_that_it_lost(&scene, &lost);
    // Recovery sees who won, and delivers nothing.
    fs::remove_file(scene.file("object")).expect("it was delivered");
    let again = scene.file("delivered_again");
    fs::write(
        scene.file("deliver.sh"),
        format!("touch {}\n", again.display()),
    )
    .expect("the folder is there");
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nSUPERSEDED");
    assert!(!again.exists());
    assert!(scene.logs_in(&role, "theirs"));
    assert_eq!(scene.sealed(), "0");
}

#[test]
fn a_login_tells_it_to_those_who_may_not_read_verifiers() {
    let scene = Scene::new().with_plain_admin();
    let role = scene.create("jane");
    let lost = reset_while(&scene, &role, &alter(&scene, &role));
    says_that_it_lost(&scene, &lost);
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nSUPERSEDED");
    assert!(scene.logs_in(&role, "theirs"));
}

fn copy_of_registry(scene: &Scene) -> String {
    let copy = scene.sandbox.path().join("copy.db");
    scene.query(&format!("VACUUM INTO '{}'", copy.display()));
    copy.display().to_string()
}

#[test]
fn two_registries_that_both_report_success_have_left_a_good_password() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let copy = copy_of_registry(&scene);
    for _ in 0..10 {
        let rotate = ["rotate", "-u", &role, "--yes"];
        let one = scene.sandbox.pgrole(rotate).spawn();
        let other = scene
            .sandbox
            .pgrole(["--registry", &copy])
            .args(rotate)
            .spawn();
        let (one, other) = (one.wait(), other.wait());
        let statuses = [one.status(), other.status()];
        let password = scene.delivered_password(&role);
        let is_said = statuses.iter().any(|status| *status != Some(0));
        assert!(is_said || scene.logs_in(&role, &password), "{one}{other}");
        for registry in [&[][..], &["--registry", &copy]] {
            let recovered = scene.sandbox.pgrole(registry.iter().copied());
            recovered.args(["recover", "run"]).run().expect_status(0);
        }
    }
}

#[test]
fn of_two_registries_that_rotate_a_role_at_the_same_time_one_says_that_it_lost() {
    if skip_unless_superuser("the copied registry goes by the same admin") {
        return;
    }
    let scene = Scene::new();
    let role = scene.create("jane");
    let winners = scene.file("winner");
    let copy = copy_of_registry(&scene);
    let pgrole = env!("CARGO_BIN_EXE_pgrole");
    // What the one delivers, the other one overtakes, and its own delivery is whole before the first ends.
    let other = format!(
        "PG_ADMIN_USER='{}' PG_ADMIN_PASS='{}' {pgrole} --registry {} rotate --yes -u {role} --deliver file:{} >&2 || exit 1",
        scene.cluster.superuser(),
        scene.cluster.password(),
        copy,
        winners.display()
    );
    let script = scene.file("deliver.sh");
    fs::write(
        &script,
        format!("{other}\ncat > {}\n", scene.file("object").display()),
    )
    .expect("the folder is there");
    let deliver = format!("exec:sh {}", script.display());
    let rotate = ["rotate", "-u", &role, "--deliver", &deliver];
    let lost = scene.sandbox.pgrole(rotate).run();
    lost.expect_status(8)
        .expect_in_stderr("somebody else changed the password");
    let object: serde_json::Value = serde_json::from_str(&scene.read("winner")).expect("JSON");
    let password = object["password"].as_str().expect("a password");
    assert!(scene.logs_in(&role, password));
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nSUPERSEDED");
    assert!(scene.logs_in(&role, password));
    assert_eq!(scene.read("winner").matches("password\"").count(), 1);
}
