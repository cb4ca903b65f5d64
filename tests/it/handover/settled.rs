//! What comes after the first delivery: rotation, recovery, removal, and what `doctor` finds.

use std::fs;

use serde_json::Value;

use super::{Person, create, out, scene};
use crate::harness::sqlite;
use crate::scene::Scene;

fn write_recipient(scene: &Scene<'_>, person: &Person) {
    let config = format!("[recipients]\nteam = {:?}\n", person.recipient);
    scene.sandbox.write_config(&config);
}

#[test]
fn a_rotation_delivers_to_who_is_called_so_now() {
    let scene = scene();
    let (jane, joe) = (
        Person::with_age(&scene.sandbox, "jane"),
        Person::with_ssh(&scene.sandbox, "joe", &["ed25519"]),
    );
    write_recipient(&scene, &jane);
    let file = out(&scene).join("x");
    let deliver = format!("age:team:{}", file.display());
    create(&scene, "app", &deliver).run().expect_status(0);
    let first = jane.open_login(&file);
    let rotate = || {
        let rotate = ["rotate", "-u", &scene.role("app"), "--any-age", "--yes"];
        let rotated = scene.sandbox.pgrole(rotate).run();
        rotated.expect_status(0);
        assert_eq!(
            rotated.json()[0]["delivered_to"],
            deliver.as_str(),
            "{rotated}"
        );
    };
    rotate();
    let second = jane.open_login(&file);
    assert_ne!(first.password, second.password);
    scene.may_log_in(&second);
    write_recipient(&scene, &joe);
    rotate();
    assert_eq!(jane.open(&file), None);
    scene.may_log_in(&joe.open_login(&file));
}

#[test]
fn a_password_that_could_not_be_delivered_is_delivered_by_recover() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    write_recipient(&scene, &jane);
    let file = out(&scene).join("x");
    let deliver = format!("age:team:{}", file.display());
    // The registry stops before the change is on record as delivered.
    let stopped =
        "CREATE TRIGGER broken BEFORE UPDATE ON password_change WHEN NEW.state = 'APPLIED'
         BEGIN SELECT RAISE(ABORT, 'broken for a test'); END";
    create(&scene, "other", "stdout").run().expect_status(0);
    sqlite::query(&scene.sandbox.registry(), stopped);
    let cut_off = create(&scene, "app", &deliver).run();
    assert_ne!(cut_off.status(), Some(0), "{cut_off}");
    sqlite::query(&scene.sandbox.registry(), "DROP TRIGGER broken");
    assert!(!file.exists());
    let recovered = scene.sandbox.pgrole(["recover", "run"]).run();
    recovered.expect_status(0);
    assert!(!recovered.stdout.contains("\"password\":\""), "{recovered}");
    scene.may_log_in(&jane.open_login(&file));
}

#[test]
fn dropping_the_role_removes_its_file_if_that_is_said() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    let file = out(&scene).join("x");
    let deliver = format!("age:{}:{}", jane.recipient, file.display());
    create(&scene, "jane", &deliver).run().expect_status(0);
    let dropped = scene
        .user("drop", &[&scene.role("jane"), "--remove-delivery"])
        .run();
    dropped.expect_status(0);
    assert_eq!(
        dropped.json()["deliveries_removed"][0],
        deliver.as_str(),
        "{dropped}"
    );
    assert!(!file.exists());
}

#[test]
fn doctor_finds_what_the_next_delivery_would_fail_with() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    write_recipient(&scene, &jane);
    let folder = out(&scene).join("deep");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let deliver = format!("age:team:{}/{{username}}", folder.display());
    for name in ["a", "b"] {
        create(&scene, name, &deliver).run().expect_status(0);
    }
    let joe = Person::with_ssh(&scene.sandbox, "joe", &["ed25519"]);
    let of_file = format!("ssh:{}:{}/joe", joe.key_file(), out(&scene).display());
    create(&scene, "c", &of_file).run().expect_status(0);
    let findings = || -> Vec<(String, String)> {
        let outcome = scene.sandbox.pgrole(["doctor", "--offline"]).run();
        let rows = outcome.json();
        let rows = rows.as_array().expect("a list").iter();
        let text = |row: &Value, key: &str| row[key].as_str().expect("a text").to_owned();
        rows.filter(|row| row["check"] == "encrypted file" || row["check"] == "delivered file")
            .map(|row| (text(row, "status"), text(row, "detail")))
            .collect()
    };
    // That everybody may read them is no fault.
    let well = (
        "ok".to_owned(),
        "3 files, whose receivers are known".to_owned(),
    );
    assert_eq!(findings(), std::slice::from_ref(&well));
    scene.sandbox.write_config("");
    fs::remove_file(joe.key_file()).expect("it is there");
    let found = findings();
    assert_eq!(found.len(), 2, "{found:?}");
    let has = |wanted: &str| {
        found
            .iter()
            .any(|(status, detail)| status == "error" && detail.contains(wanted))
    };
    assert!(
        has("unknown recipient \"team\" (and so for 1 more)"),
        "{found:?}"
    );
    assert!(has("cannot be read"), "{found:?}");
    write_recipient(&scene, &jane);
    fs::write(joe.key_file(), &joe.recipient).expect("it can be written");
    assert_eq!(findings(), [well]);
    fs::remove_dir_all(&folder).expect("it is there");
    let found = findings();
    assert_eq!(found.len(), 1, "{found:?}");
    let (status, detail) = &found[0];
    assert!(
        status == "error" && detail.contains("no folder"),
        "{found:?}"
    );
}
