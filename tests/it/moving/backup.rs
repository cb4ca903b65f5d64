//! A copy of the registry is restored after more has happened: no password is lost, and the log shows what it lacks.

use std::fs;

use super::{Machine, blocks, delivered, logs_in};
use crate::harness::Cluster;

/// What happened between the copy and the restore.
#[derive(PartialEq)]
enum Meanwhile {
    Nothing,
    Changed,
}

#[test]
fn an_open_change_of_the_copy_is_delivered_if_its_password_is_in_force() {
    restored_after(&Meanwhile::Nothing);
}

#[test]
fn an_open_change_of_the_copy_is_dropped_if_another_has_followed() {
    restored_after(&Meanwhile::Changed);
}

fn restored_after(meanwhile: &Meanwhile) {
    let area = Cluster::shared().area();
    let mut machine = Machine::new();
    machine.register(&area);
    let out = machine.sandbox.path().join("out");
    fs::create_dir(&out).expect("our own folder can be written");
    let jane = area.role("jane");
    let (ready, taken) = (out.join("ready"), out.join("taken"));
    let script = format!("test -e {} && cat > {}", ready.display(), taken.display());
    let deliver = format!("exec:sh -c \"{script}\"");
    let words = [
        "user",
        "readonly",
        "-e",
        "dev",
        "-d",
        area.database(),
        "-u",
        &jane,
    ];
    let create = machine.sandbox.pgrole(words).args(["--deliver", &deliver]);
    create.run().expect_status(8);

    for block in blocks("Backup") {
        machine.types(&block);
    }
    let home = machine.sandbox.home();
    let copy = fs::read(home.join("backup/pg_registry.db")).expect("the copy is there");
    fs::write(&ready, "").expect("our own folder can be written");
    if *meanwhile == Meanwhile::Changed {
        machine.types("pgrole recover run");
        let first = delivered(&out, "taken");
        machine.user("reset", &jane, &area, &out).expect_status(0);
        let second = delivered(&out, &jane);
        assert_ne!(first, second);
        // The anchor of another day.
        machine.types(
            "rm backup/checkpoint.json; pgrole audit checkpoint --output backup/checkpoint.json",
        );
        let holds = |text: &str| copy.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(
            !holds(&first) && !holds(&second),
            "a password is in the copy"
        );
    }

    let [restore, verify] = &blocks("Restore")[..] else {
        panic!("{:#?}", blocks("Restore"));
    };
    let restored = machine.tries(restore);
    let list = machine.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(list.json(), serde_json::json!([]), "{restored}\n{list}");
    let verified = machine.tries(verify);
    if *meanwhile == Meanwhile::Changed {
        assert!(logs_in(&jane, &delivered(&out, &jane), &area), "{restored}");
        verified.expect_status(7);
    } else {
        assert!(
            logs_in(&jane, &delivered(&out, "taken"), &area),
            "{restored}"
        );
        verified.expect_status(0);
    }
}
