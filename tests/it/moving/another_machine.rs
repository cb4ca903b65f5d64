//! A registry moves to another machine, with what belongs to it; nothing is lost, and the log proves it.

use std::fs;

use super::{Machine, blocks, copy_folder, delivered, logs_in};
use crate::harness::{Cluster, Keyring};

/// Whether the keys are in a keyring on the old machine.
enum Keys {
    InFiles,
    InKeyring,
}

#[test]
fn a_registry_moves_with_an_open_change_and_its_sealing_key() {
    moves(&Keys::InFiles);
}

#[test]
fn keys_move_out_of_a_keyring() {
    moves(&Keys::InKeyring);
}

fn moves(keys: &Keys) {
    let area = Cluster::shared().area();
    let (mut old, new) = (Machine::new(), Machine::new());
    let keyring = match keys {
        Keys::InFiles => None,
        Keys::InKeyring => match Keyring::unlocked(&old.sandbox) {
            None => return,
            Some(keyring) => Some(keyring),
        },
    };
    if let Some(keyring) = &keyring {
        let address = keyring.address().to_owned();
        old.sandbox.env("DBUS_SESSION_BUS_ADDRESS", address);
    }
    old.register(&area);
    let out = new.sandbox.path().join("out");
    fs::create_dir(&out).expect("our own folder can be written");
    let jane = area.role("jane");
    old.user("readonly", &jane, &area, &out).expect_status(0);
    let first = delivered(&out, &jane);
    // In force, and not delivered until there is somebody who takes it.
    let joe = area.role("joe");
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
        &joe,
    ];
    let create = old.sandbox.pgrole(words).args(["--deliver", &deliver]);
    create.run().expect_status(8);

    let [leave, copy, from_keyring, arrive, look] = &blocks("To another machine")[..] else {
        panic!("{:#?}", blocks("To another machine"));
    };
    // What is open cannot be settled here.
    let left = old.tries(leave);
    assert!(left.stdout.contains("UNDELIVERED"), "{left}");
    old.types(copy);
    if keyring.is_some() {
        old.types(from_keyring);
    }
    let from = old.sandbox.home().join("moving");
    copy_folder(&from, &new.sandbox.home().join("moving"));
    // Nobody goes on there by accident.
    let list = old.sandbox.pgrole(["registry", "list"]).run();
    assert_eq!(list.json(), serde_json::json!([]), "{list}");

    new.types(arrive);
    let looked = new.tries(look);
    assert!(looked.stdout.contains("\"intact\""), "{looked}");
    assert!(looked.stdout.contains("UNDELIVERED"), "{looked}");
    assert!(looked.stdout.contains("\"status\": \"ok\""), "{looked}");
    let open = new.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(open.json()[0]["username"], joe.as_str(), "{open}");
    // The sealing key has moved along.
    fs::write(&ready, "").expect("our own folder can be written");
    new.types("pgrole recover run");
    assert!(logs_in(&joe, &delivered(&out, "taken"), &area));
    // What was delivered is as it was, and the next password goes where the last one went.
    assert!(logs_in(&jane, &first, &area));
    new.types(&format!("pgrole rotate --any-age -u {jane}"));
    let second = delivered(&out, &jane);
    assert_ne!(second, first);
    assert!(logs_in(&jane, &second, &area));
}
