//! Bytes of the registry file that were flipped, and files that were cut off: a clear error, or an answer.

use std::fs;

use super::{is_long, rounds, say};
use crate::crash::dice::{self, Dice, number};
use crate::harness::sqlite;
use crate::scene::Scene;

/// How many flips, and how many cuts.
const ROUNDS: usize = 12;

#[test]
fn a_damaged_file_is_answered_from_or_refused() {
    let scene = Scene::new();
    let role = scene.role("jane");
    let deliver = format!("file:{}", scene.sandbox.path().join("jane").display());
    let create = ["-u", &role, "--deliver", &deliver];
    scene.user("readonly", &create).run().expect_status(0);
    scene.user("list", &[]).run().expect_status(0);
    let registry = scene.sandbox.registry();
    sqlite::query(&registry, "PRAGMA wal_checkpoint(TRUNCATE)");
    let whole = fs::read(&registry).expect("the file is there");
    let seed = number("PGROLE_FAULTS_SEED");
    let seed = seed.unwrap_or_else(|| if is_long() { dice::fresh_seed() } else { 14 });
    let (mut answers, mut refusals) = (0, 0);
    for round in 0..2 * rounds().unwrap_or(ROUNDS) {
        let mut dice = Dice::new(seed, round as u64);
        let below = |dice: &mut Dice, limit: usize| {
            usize::try_from(dice.below(limit as u64)).expect("it is below a usize")
        };
        let place = below(&mut dice, whole.len());
        let mut bytes = whole.clone();
        let damage = if round % 2 == 0 {
            // The header is small, and matters most.
            let place = if round % 8 == 0 { place % 100 } else { place };
            bytes[place] ^= 1 << dice.below(8);
            format!("a flip at {place}")
        } else {
            bytes.truncate(place);
            format!("a cut at {place}")
        };
        for suffix in ["-wal", "-shm"] {
            fs::remove_file(format!("{}{suffix}", registry.display())).ok();
        }
        fs::write(&registry, &bytes).expect("the home can be written");
        for words in [
            "registry list --format json",
            "audit list --format json",
            "audit verify",
            "recover list --format json",
            "rotate status --format json",
            "doctor --offline --format json",
        ] {
            let outcome = scene.sandbox.pgrole(words.split(' ')).run();
            let told = format!("PGROLE_FAULTS_SEED={seed}, round {round}, {damage}: {outcome}");
            assert!(!outcome.stderr.contains("panicked"), "{told}");
            match outcome.status() {
                Some(0 | 7) => answers += 1,
                // What is refused says why.
                Some(1..=6) if words.starts_with("doctor") || outcome.stderr.contains("error") => {
                    refusals += 1;
                }
                _ => panic!("{told}"),
            }
        }
        let find = scene.user("find", &["-u", &role]).run();
        assert!(!find.stderr.contains("panicked"), "{find}");
    }
    say(&format!(
        "bytes: {answers} answers, {refusals} refusals (seed {seed})"
    ));
}
