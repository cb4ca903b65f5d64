//! What the keyring costs, and how soon it is given up where there is none: whole-process times, medians.
//! `cargo bench --bench keyring`. Prints a table; asserts nothing.

#[allow(dead_code, unused_imports, reason = "a bench uses a part of it")]
#[path = "../../tests/it/harness/mod.rs"]
mod harness;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::{Cluster, Keyring, Sandbox};

/// How often each is run.
const RUNS: usize = 41;
/// One that waits for seconds.
const SLOW_RUNS: usize = 3;

#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
fn main() {
    let cluster = Cluster::shared();
    let mut sandbox = Sandbox::new();
    sandbox.register(cluster, "dev", "postgres");
    println!("| what | ms |\n| --- | --- |");
    let print = |what: &str, time: Duration| println!("| {what} | {:.1} |", ms(time));

    let by_variables = median_of(RUNS, || {
        let find = find(&sandbox);
        find.env("PG_ADMIN_USER", Cluster::SUPERUSER)
            .env("PG_ADMIN_PASS", cluster.password())
            .command()
    });
    print("user find, login from variables", by_variables);
    if let Some(keyring) = Keyring::unlocked(&sandbox) {
        let bus = keyring.address().to_owned();
        let set = ["credential", "set", "-e", "dev", "-d", "postgres", "-U"];
        let set = sandbox
            .pgrole(set)
            .args([Cluster::SUPERUSER, "--password-stdin"]);
        let set = set
            .env("DBUS_SESSION_BUS_ADDRESS", &bus)
            .stdin(cluster.password());
        set.run().expect_status(0);
        let with_bus = || {
            find(&sandbox)
                .env("DBUS_SESSION_BUS_ADDRESS", &bus)
                .command()
        };
        let by_keyring = median_of(RUNS, with_bus);
        print(
            "user find, login from the keyring, found at once",
            by_keyring,
        );
        print("so a read costs", by_keyring.saturating_sub(by_variables));
    }
    if let Some(keyring) = Keyring::locked(&sandbox) {
        let locked = median_of(RUNS, || check(&sandbox, Some(keyring.address())));
        print("to the error: a locked keyring", locked);
    }
    if let Some(bus) = Keyring::absent(&sandbox) {
        let absent = median_of(RUNS, || check(&sandbox, Some(bus.address())));
        print("to the error: a session whose bus has no keyring", absent);
    }
    print(
        "to the error: no session at all",
        median_of(RUNS, || check(&sandbox, None)),
    );
    let path = sandbox.path().join("bus");
    let _silent =
        std::os::unix::net::UnixListener::bind(&path).expect("the sandbox can be written");
    let address = format!("unix:path={}", path.display());
    let silent = median_of(SLOW_RUNS, || check(&sandbox, Some(&address)));
    print("to the error: a bus that never answers", silent);
}

fn find(sandbox: &Sandbox) -> harness::sandbox::Run<'_> {
    let find = ["user", "find", "-u", "postgres", "-e", "dev"];
    sandbox.pgrole(find).args(["-d", "postgres"])
}

/// Ends in an error: no source gives a login.
fn check(sandbox: &Sandbox, bus: Option<&str>) -> Command {
    let check = sandbox.pgrole(["credential", "check"]);
    match bus {
        Some(bus) => check.env("DBUS_SESSION_BUS_ADDRESS", bus).command(),
        None => check.command(),
    }
}

fn median_of(runs: usize, command: impl Fn() -> Command) -> Duration {
    let mut times: Vec<_> = (0..runs).map(|_| time(&mut command())).collect();
    times.sort();
    times[runs / 2]
}

fn time(command: &mut Command) -> Duration {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let started = Instant::now();
    command.status().expect("pgrole runs");
    started.elapsed()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
