//! No memory of a run, which holds passwords, is written to disk.

use std::fs;
use std::time::{Duration, Instant};

use super::words;
use crate::harness::{FakeServer, Sandbox};

#[test]
#[cfg(target_os = "linux")]
fn a_run_may_not_be_dumped() {
    let server = FakeServer::silent();
    let sandbox = Sandbox::new();
    let add = format!("registry add -e dev -d app -H 127.0.0.1 -p {}", server.port);
    sandbox.pgrole(words(&add)).run().expect_status(0);
    let run = sandbox.pgrole(words("user find -u jane"));
    let run = run.env("PG_ADMIN_USER", "a").env("PG_ADMIN_PASS", "b");
    let running = run.spawn();
    let deadline = Instant::now() + Duration::from_secs(20);
    while server.visitors() == 0 {
        assert!(Instant::now() < deadline, "it does not connect");
        std::thread::sleep(Duration::from_millis(5));
    }
    let limits = fs::read_to_string(format!("/proc/{}/limits", running.id()));
    let limits = limits.expect("it runs");
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let core: Vec<_> = core.expect("a limit").split_whitespace().collect();
    assert_eq!(&core[4..6], ["0", "0"], "{limits}");
    running.kill();
}
