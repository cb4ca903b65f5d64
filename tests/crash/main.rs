//! No password is ever lost: pgrole, its server and its sessions are killed at random instants, then `recover run`
//! ends what was cut off, and every password on record must log in.
//!
//! `PGROLE_CRASH_ROUNDS` says how many rounds (`scripts/crash N`). A round that fails prints the variables that
//! draw the same again.

#[path = "../harness/mod.rs"]
mod harness;

mod control;
mod dice;
mod lane;

use std::io::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::dice::{Dice, number};
use crate::lane::{Admin, Figures, Lane};

const ROUNDS: u64 = 200;

#[test]
fn no_password_is_lost_whatever_is_killed() {
    let seed = number("PGROLE_CRASH_SEED").unwrap_or_else(dice::fresh_seed);
    let rounds = match number("PGROLE_CRASH_ROUND") {
        Some(only) => only..only + 1,
        None => 0..number("PGROLE_CRASH_ROUNDS").unwrap_or(ROUNDS),
    };
    let started = Instant::now();
    let next = AtomicU64::new(rounds.start);
    let figures = thread::scope(|scope| {
        let (next, rounds) = (&next, &rounds);
        let lanes = [Admin::Superuser, Admin::Createrole].map(|admin| {
            scope.spawn(move || {
                let mut lane = Lane::new(admin);
                loop {
                    let round = next.fetch_add(1, Ordering::Relaxed);
                    if round >= rounds.end {
                        return lane.figures;
                    }
                    lane.play(seed, round);
                }
            })
        });
        let ended = lanes.into_iter().map(|lane| match lane.join() {
            Ok(figures) => figures,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        ended.fold(Figures::default(), Figures::and)
    });
    say(&format!(
        "crash: {figures} in {:.0} s (seed {seed})",
        started.elapsed().as_secs_f64()
    ));
    assert_eq!(figures.lost, 0);
}

#[test]
fn the_same_killing_loses_passwords_that_are_changed_first_and_written_down_later() {
    let mut dice = Dice::new(
        number("PGROLE_CRASH_SEED").unwrap_or_else(dice::fresh_seed),
        0,
    );
    let kills = number("PGROLE_CRASH_CONTROL").unwrap_or(60);
    let lost = control::kills_that_lose(kills, &mut dice);
    say(&format!("control: {lost} of {kills} kills lost a password"));
    assert!(
        lost * 10 > kills,
        "the rig does not bite: {lost} of {kills}"
    );
}

/// libtest captures what is printed by macros; the figures are for everybody.
fn say(text: &str) {
    writeln!(std::io::stderr(), "{text}").ok();
}

fn sleep_until(instant: Instant) {
    thread::sleep(instant.saturating_duration_since(Instant::now()));
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1_000.0
}
