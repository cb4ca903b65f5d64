//! The system's log hears what ended, with its anchor, and holds nothing up.

use std::os::unix::net::UnixDatagram;
use std::time::Duration;

use super::{CHECK, sandbox_with_target};
use crate::harness::{Sandbox, sqlite};

/// A socket as the system's log has it, and what it has heard.
struct Listener(UnixDatagram);

impl Listener {
    fn of(sandbox: &Sandbox) -> Self {
        let path = sandbox.path().join("log");
        let socket = UnixDatagram::bind(&path).expect("the sandbox can be written");
        let patience = Some(Duration::from_secs(5));
        socket.set_read_timeout(patience).expect("a duration");
        sandbox.write_config(&format!("[audit]\nsyslog = \"{}\"\n", path.display()));
        Self(socket)
    }

    fn line(&self) -> String {
        let mut bytes = [0; 4096];
        let length = self.0.recv(&mut bytes).expect("a line");
        String::from_utf8(bytes[..length].to_vec()).expect("UTF-8")
    }

    fn is_silent(&self) -> bool {
        self.0.set_nonblocking(true).expect("a socket");
        self.0.recv(&mut [0; 16]).is_err()
    }
}

fn anchor_of(sandbox: &Sandbox, condition: &str) -> String {
    let sql = format!(
        "SELECT id || ':' || hash FROM audit_log WHERE {condition} ORDER BY id DESC LIMIT 1"
    );
    sqlite::query(&sandbox.registry(), &sql)
}

#[test]
fn what_ended_is_told_with_its_anchor() {
    let sandbox = sandbox_with_target(1);
    let listener = Listener::of(&sandbox);
    let failed = sandbox.pgrole(CHECK).spawn();
    let pid = failed.id();
    failed.wait().expect_status(5);
    let line = listener.line();
    assert!(line.starts_with("<84>"), "{line}");
    let anchor = anchor_of(&sandbox, "stage = 'outcome'");
    let wanted = format!(
        " pgrole[{pid}]: anchor={anchor} operation=\"credential check\" status=failed env=dev database=app operator="
    );
    assert!(line.contains(&wanted), "{line}");
    assert!(
        line.contains(" operation_id=") && line.contains(" error=\""),
        "{line}"
    );
    let disable = ["registry", "disable", "-e", "dev", "-d", "app"];
    sandbox.pgrole(disable).run().expect_status(0);
    let line = listener.line();
    assert!(line.starts_with("<85>"), "{line}");
    let anchor = anchor_of(&sandbox, "true");
    assert!(
        line.contains(&format!("anchor={anchor} operation=\"registry disable\"")),
        "{line}"
    );
    assert!(listener.is_silent(), "an intent is not an end");
}

#[test]
fn a_log_that_is_not_there_or_does_not_read_stops_nothing() {
    let sandbox = sandbox_with_target(1);
    let listener = Listener::of(&sandbox);
    // Nobody reads: the socket's queue is full after a few.
    for _ in 0..30 {
        let disable = ["registry", "disable", "-e", "dev", "-d", "app"];
        let outcome = sandbox.pgrole(disable).run();
        outcome.expect_status(0).expect_stderr("");
    }
    drop(listener);
    std::fs::remove_file(sandbox.path().join("log")).expect("it is there");
    let enable = ["registry", "enable", "-e", "dev", "-d", "app"];
    sandbox
        .pgrole(enable)
        .run()
        .expect_status(0)
        .expect_stderr("");
}
