//! Two processes at once that need the keyring's key, of which there is none yet.

use std::io::{Read, Write};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;
use std::time::Duration;

use super::Scene;
use crate::harness::Keyring;

/// A way to a bus on which the first new entry is held up until it is let go.
struct SlowBus {
    address: String,
    held: Receiver<()>,
    go: Sender<()>,
}

impl SlowBus {
    fn before(keyring: &Keyring, path: &Path) -> Self {
        let bus = keyring.address().strip_prefix("unix:path=");
        let bus = bus.and_then(|rest| rest.split(',').next());
        let bus = PathBuf::from(bus.expect("a bus for tests has a path"));
        let listener = UnixListener::bind(path).expect("the sandbox can be written");
        let (is_held, held) = mpsc::channel();
        let (go, is_let_go) = mpsc::channel();
        thread::spawn(move || {
            while let Ok((client, _)) = listener.accept() {
                let server = UnixStream::connect(&bus).expect("the bus is there");
                let copy = |stream: &UnixStream| stream.try_clone().expect("it is open");
                let (mut from, mut to) = (copy(&server), copy(&client));
                thread::spawn(move || std::io::copy(&mut from, &mut to));
                pass(client, server, &is_held, &is_let_go);
            }
        });
        Self {
            address: format!("unix:path={}", path.display()),
            held,
            go,
        }
    }
}

/// Passes on what a client says, one client after the other.
fn pass(mut client: UnixStream, mut bus: UnixStream, held: &Sender<()>, go: &Receiver<()>) {
    let mut bytes = [0; 8_192];
    while let Ok(count @ 1..) = client.read(&mut bytes) {
        let said = &bytes[..count];
        let name = b"CreateItem";
        if said.windows(name.len()).any(|part| part == name) {
            held.send(()).ok();
            go.recv().ok();
        }
        if bus.write_all(said).is_err() {
            return;
        }
    }
}

/// A keyring has no way to write only what is not there yet: without a lock, the one would seal with a key that the other
/// replaces.
#[test]
fn while_one_makes_the_keyrings_key_the_other_waits() {
    let scene = Scene::new();
    let Some(keyring) = Keyring::unlocked(&scene.sandbox) else {
        return;
    };
    let slow = SlowBus::before(&keyring, &scene.sandbox.path().join("slow-bus"));
    let create = |name: &str, bus: &str| {
        let role = scene.area.role(name);
        let more = ["--deliver", "exec:false", "--access", "none"];
        let create = scene.user("readonly", &role, &more);
        create.env("DBUS_SESSION_BUS_ADDRESS", bus)
    };
    let first = create("one", &slow.address).spawn();
    let held = slow.held.recv_timeout(Duration::from_secs(20));
    held.expect("the first makes the key");
    let second = create("two", keyring.address()).args(["--timeout", "0.5"]);
    second.run().expect_status(75);
    drop(slow.go);
    first.wait().expect_status(8);
    create("two", keyring.address()).run().expect_status(8);
    let keys = "SELECT count(*), count(DISTINCT key_id) FROM password_change";
    assert_eq!(scene.query(keys), "2|1");
    let file = scene.sandbox.home().join(".config/pgrole/sealing.key");
    assert!(!file.exists());
}
