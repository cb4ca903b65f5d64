//! What `user drop` does with the places to which a password was delivered, and with what the registry has of it.

use std::fs;

use crate::harness::sqlite::query;
use crate::scene::{Scene, created};

fn place(scene: &Scene, name: &str, deliver: &str) -> String {
    let name = scene.role(name);
    let run = scene.user("devqa", &["-u", &name, "--deliver", deliver]);
    run.run().expect_status(0);
    name
}

#[test]
fn a_file_of_the_role_alone_is_removed_if_that_is_said() {
    let scene = Scene::new();
    let file = scene.sandbox.path().join("secret");
    let deliver = format!("file:{}", file.display());
    let jane = place(&scene, "jane", &deliver);
    let drop = scene.user("drop", &[&jane]).run();
    drop.expect_status(0);
    assert_eq!(
        drop.json()["deliveries_left"][0],
        deliver.as_str(),
        "{drop}"
    );
    assert!(file.exists());
    fs::remove_file(&file).expect("it is there");
    let joe = place(&scene, "joe", &deliver);
    let drop = scene.user("drop", &[&joe, "--remove-delivery"]).run();
    drop.expect_status(0);
    assert_eq!(
        drop.json()["deliveries_removed"][0],
        deliver.as_str(),
        "{drop}"
    );
    assert!(!file.exists());
    let placed = query(
        &scene.sandbox.registry(),
        "SELECT count(*) FROM placed_role",
    );
    assert_eq!(placed, "0");
}

#[test]
fn a_file_that_holds_another_login_by_now_is_left() {
    let scene = Scene::new();
    let file = scene.sandbox.path().join("secret");
    let jane = place(&scene, "jane", &format!("file:{}", file.display()));
    let other = r#"{"username":"another","password":"x","hostname":"h"}"#;
    fs::write(&file, other).expect("the sandbox can be written");
    let drop = scene.user("drop", &[&jane, "--remove-delivery"]).run();
    drop.expect_status(0);
    assert!(
        drop.json()["warnings"]
            .to_string()
            .contains("another login"),
        "{drop}"
    );
    assert_eq!(fs::read_to_string(&file).expect("it is there"), other);
}

#[test]
fn only_the_roles_own_line_of_a_pgpass_is_removed() {
    let scene = Scene::new();
    let file = scene.sandbox.path().join("pass");
    let deliver = format!("pgpass:{}", file.display());
    let jane = place(&scene, "jane", &deliver);
    let joe = place(&scene, "joe", &deliver);
    scene
        .user("drop", &[&jane, "--remove-delivery"])
        .run()
        .expect_status(0);
    let lines = fs::read_to_string(&file).expect("it is there");
    assert_eq!(lines.lines().count(), 1, "{lines}");
    assert!(lines.contains(&joe), "{lines}");
}

#[test]
fn an_open_password_change_ends_with_the_role() {
    let scene = Scene::new();
    let jane = created(&scene.user("devqa", &["-u", &scene.role("jane")]).run());
    let open = || {
        query(
            &scene.sandbox.registry(),
            "SELECT count(*) FROM password_change WHERE sealed IS NOT NULL",
        )
    };
    assert_eq!(open(), "1");
    scene.user("drop", &[&jane.name]).run().expect_status(0);
    assert_eq!(open(), "0");
}
