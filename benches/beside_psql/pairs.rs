//! Pairs of runs, taken in turn.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;

/// Pairs that a measurement takes: for those whose runs take long, fewer.
pub const PAIRS: usize = 31;
pub const FEW: usize = 7;

/// What is measured of a run.
#[derive(Clone, Copy)]
pub enum Measure {
    Wall,
    /// User and system time of the process and those that it waited for.
    Cpu,
}

/// Runs both in turn, and prints a row of the table.
pub fn compare(
    what: &str,
    must: &str,
    (pairs, measure): (usize, Measure),
    mut mine: impl FnMut(usize) -> Command,
    mut theirs: impl FnMut(usize) -> Command,
) {
    // The first of each fills the caches.
    run(&mut mine(0), measure);
    run(&mut theirs(0), measure);
    let pairs = (1..=pairs).map(|pair| {
        let mine = run(&mut mine(pair), measure);
        (mine, run(&mut theirs(pair), measure))
    });
    row(what, must, &pairs.collect::<Vec<_>>());
}

/// Prints the medians, and the median of the ratios.
#[allow(clippy::print_stdout, reason = "a bench prints its figures")]
pub fn row(what: &str, must: &str, pairs: &[(Duration, Duration)]) {
    let ratios = pairs
        .iter()
        .map(|(mine, theirs)| mine.as_secs_f64() / theirs.as_secs_f64());
    let (mine, theirs): (Vec<_>, Vec<_>) = pairs.iter().map(|(a, b)| (ms(*a), ms(*b))).unzip();
    println!(
        "| {what} | {:.1} | {:.1} | {:.2} | {must} |",
        median(mine),
        median(theirs),
        median(ratios.collect())
    );
}

/// Runs to the end, and returns what it took.
pub fn run(command: &mut Command, measure: Measure) -> Duration {
    let (begun, cpu) = (Instant::now(), cpu_of_children());
    let output = command.stdin(Stdio::null()).output();
    let (wall, cpu) = (begun.elapsed(), cpu_of_children().saturating_sub(cpu));
    let output = output.expect("the program starts");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    match measure {
        Measure::Wall => wall,
        Measure::Cpu => cpu,
    }
}

fn cpu_of_children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).expect("this process may ask");
    let microseconds =
        usage.user_time().num_microseconds() + usage.system_time().num_microseconds();
    Duration::from_micros(microseconds.unsigned_abs())
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
