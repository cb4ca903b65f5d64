//! What `user drop` does with the places to which a password was delivered, and with what the registry has of it.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use sha2::{Digest, Sha256};

use crate::harness::sqlite::query;
use crate::scene::{Scene, created, wait_until};

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

/// The drop comes to the registry last; a login of the same name that somebody makes meanwhile is not the one that is gone.
#[test]
fn a_new_login_of_the_name_waits_for_the_drop_and_is_not_forgotten_with_the_old_one() {
    let scene = Scene::new();
    let file = scene.sandbox.path().join("secret");
    let deliver = format!("file:{}", file.display());
    let jane = place(&scene, "jane", &deliver);
    // Somebody works on the file, and the drop waits for them.
    let digest = Sha256::digest(file.as_os_str().as_encoded_bytes());
    let digits: String = digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let locks = format!("{}.locks", scene.sandbox.registry().display());
    let lock = Path::new(&locks).join(format!("file-{digits}"));
    let holder = fs::File::create(&lock).expect("the home can be written");
    holder.lock().expect("nobody else holds it");
    let drop_it = ["--remove-delivery", "--timeout", "30"];
    let dropping = scene.user("drop", &[&[jane.as_str()], &drop_it[..]].concat());
    let dropping = dropping.spawn();
    let exists = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{jane}'");
    wait_until("the role is dropped", || scene.psql(&exists) == "0");
    let other = format!("file:{}", scene.sandbox.path().join("new").display());
    let again = ["-u", &jane, "--deliver", &other, "--timeout", "30"];
    let creating = scene.user("devqa", &again).spawn();
    let intends =
        "SELECT count(*) FROM audit_log WHERE operation = 'user devqa' AND stage = 'intent'";
    let registry = scene.sandbox.registry();
    wait_until("the creation has begun", || {
        query(&registry, intends) == "2"
    });
    // One that does not wait would end meanwhile.
    let placed = "SELECT deliver FROM placed_role";
    let patience = Instant::now() + Duration::from_secs(3);
    while query(&registry, placed) != other && Instant::now() < patience {
        std::thread::sleep(Duration::from_millis(20));
    }
    drop(holder);
    dropping.wait().expect_status(0);
    creating.wait().expect_status(0);
    assert!(!file.exists());
    assert_eq!(query(&registry, placed), other);
    let states = "SELECT group_concat(state) FROM password_change";
    assert_eq!(query(&registry, states), "CLOSED,CLOSED");
}
