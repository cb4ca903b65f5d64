//! No password is ever lost, the admin login's own neither: pgrole, its server and its sessions are killed at random
//! instants, then `recover run` ends what was cut off, and every password on record must log in.
//!
//! `PGROLE_CRASH_ROUNDS` says how many rounds (`scripts/crash N`). A round that fails prints the variables that
//! draw the same again.

mod control;
pub mod dice;
mod figures;
mod lane;
pub mod login;
mod mount;

use std::io::Write;
use std::ops::Range;
use std::thread;
use std::time::{Duration, Instant};

use self::dice::{Dice, number};
use self::figures::Figures;
use self::lane::Lane;
use self::login::{Admin, Keeper};

const ROUNDS: u64 = 200;

/// Played side by side, each thread's in turn.
const LANES: [[(Admin, Keeper); 2]; 2] = [
    [
        (Admin::Superuser, Keeper::Pgpass),
        (Admin::Createrole, Keeper::Command),
    ],
    [
        (Admin::Superuser, Keeper::Command),
        (Admin::Createrole, Keeper::Pgpass),
    ],
];

#[test]
fn no_password_is_lost_whatever_is_killed() {
    let seed = number("PGROLE_CRASH_SEED").unwrap_or_else(dice::fresh_seed);
    let rounds: Range<u64> = match number("PGROLE_CRASH_ROUND") {
        Some(only) => only..only + 1,
        None => 0..number("PGROLE_CRASH_ROUNDS").unwrap_or(ROUNDS),
    };
    let mut figures = Figures::default();
    let mut longest = Duration::ZERO;
    thread::scope(|scope| {
        let threads = [0, 1].map(|thread| {
            let rounds = rounds.clone();
            scope.spawn(move || play(thread, rounds, seed))
        });
        for thread in threads {
            let (played, took) = match thread.join() {
                Ok(played) => played,
                Err(panic) => std::panic::resume_unwind(panic),
            };
            figures += played;
            longest = longest.max(took);
        }
    });
    let seconds = longest.as_secs_f64();
    say(&format!(
        "crash: {figures} in {seconds:.0} s, {} kills a minute (seed {seed})",
        u128::from(figures.kills()) * 60_000 / longest.as_millis().max(1)
    ));
    assert_eq!(figures.lost, 0);
}

/// Plays a thread's part of the rounds, and says how long that took without the preparation. A round is always played
/// on the same kind of lane, so that it can be played again.
fn play(thread: usize, rounds: Range<u64>, seed: u64) -> (Figures, Duration) {
    let mut lanes = LANES[thread].map(|kind| (kind, None));
    let mut took = Duration::ZERO;
    for round in rounds {
        if round % 2 != thread as u64 {
            continue;
        }
        let ((admin, keeper), lane) = &mut lanes[usize::from(round / 2 % 2 == 1)];
        let lane = lane.get_or_insert_with(|| Lane::new(*admin, *keeper));
        let started = Instant::now();
        lane.play(seed, round);
        took += started.elapsed();
    }
    let mut figures = Figures::default();
    for (_, lane) in lanes {
        figures += lane.map(|lane: Lane| lane.figures).unwrap_or_default();
    }
    (figures, took)
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
