//! What a disk, another program or a server does to pgrole: nothing makes pgrole panic, hang, lose a password or say that
//! what is not on record is done.
//!
//! `scripts/faults N` plays more rounds, and says the figures.

mod bytes;
mod disk;
mod hostile;
mod network;
mod rows;
mod silent;

use std::io::Write;

use crate::harness::variable;

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
