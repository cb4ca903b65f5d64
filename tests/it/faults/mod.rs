//! What disks, networks, servers, kills, signals, clocks and other processes do to pgrole: nothing makes it panic, hang, lose a
//! password or say that what is not on record is done.
//!
//! `scripts/faults N` plays all of it, the tests some of it; it says the figures.

mod bytes;
mod clocks;
mod disk;
mod hostile;
mod kills;
mod mixed;
mod network;
mod rows;
mod signals;
mod silent;
mod strace;

use std::io::Write;

use crate::crash::login::{Admin, Keeper, Login};
use crate::harness::{Cluster, Sandbox, variable};

/// How many rounds of each kind `scripts/faults` wants; `None`: the short form.
fn rounds() -> Option<usize> {
    let rounds = variable("PGROLE_FAULTS_ROUNDS")?;
    Some(rounds.parse().expect("PGROLE_FAULTS_ROUNDS is a number"))
}

fn is_long() -> bool {
    rounds().is_some()
}

/// libtest captures what is printed by macros; the figures are for everybody.
fn say(text: &str) {
    if is_long() {
        writeln!(std::io::stderr(), "{text}").ok();
    }
}

/// What is without an outcome.
const OPEN_ENDS: &str = "SELECT count(*) FROM audit_log i WHERE stage = 'intent' AND NOT EXISTS (
    SELECT 1 FROM audit_log o WHERE o.operation_id = i.operation_id AND o.stage = 'outcome')";

/// A server under two names, and the login of its own with which pgrole works there.
fn with_own_login(admin: Admin, keeper: Keeper) -> (Cluster, Sandbox, Login) {
    let cluster = Cluster::private(|config| config);
    let mut sandbox = Sandbox::new();
    let names = [Cluster::HOST, "localhost"];
    let login = Login::new(admin, keeper, &cluster, names, &mut sandbox);
    sandbox.write_config(&login.config());
    sandbox.register(&cluster, "dev", "postgres");
    let port = cluster.port().to_string();
    let add = [
        "registry", "add", "-e", "qa", "-d", "postgres", "-H", names[1],
    ];
    let add = sandbox
        .pgrole(add)
        .args(["-p", &port, "--sslmode", "disable"]);
    add.run().expect_status(0);
    (cluster, sandbox, login)
}
