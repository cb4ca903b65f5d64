//! Progress for a person who waits: what is done, failed, left and waited for.

use std::io::{self, IsTerminal};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::interrupt;
use crate::output::progress_line::{Drawing, SPARE};
use crate::output::reader::is_pipe;
use crate::output::text::escape;
use crate::output::{Format, Ui};
use crate::run::progress::{Progress, Snapshot, Watcher};

/// Shows the progress of one piece of work at a time: what is begun within another belongs to that.
#[derive(Default)]
struct TerminalWatcher(Mutex<Option<(Arc<Progress>, Drawing)>>);

impl Watcher for TerminalWatcher {
    fn begin(&self, progress: &Arc<Progress>) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.is_none() {
            let told = Arc::clone(progress);
            let drawing = Drawing::begin(move |columns| draw(told.noun, &told.snapshot(), columns));
            *shown = Some((Arc::clone(progress), drawing));
        }
    }

    fn end(&self, progress: &Arc<Progress>) {
        let mut shown = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        shown.take_if(|(other, _)| Arc::ptr_eq(other, progress));
    }
}

impl Ui {
    fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal() && !self.feeds_another_program()
    }

    /// Whether rows go to another program as they arrive: what that prints would meet the line on the same terminal.
    fn feeds_another_program(&self) -> bool {
        self.format == Format::Jsonl && is_pipe()
    }

    /// What shows the progress of a run; `None` if nobody would see it.
    pub fn watcher(&self) -> Option<Box<dyn Watcher>> {
        if self.shows_progress() {
            Some(Box::new(TerminalWatcher::default()))
        } else {
            None
        }
    }

    /// Begins to show the progress of something that is counted.
    pub fn count(&self, noun: &'static str) -> Counter {
        let counts = Arc::<Counts>::default();
        let drawing = self.shows_progress().then(|| {
            // Ctrl-C must leave no line behind. An error means that a handler exists already.
            ctrlc::set_handler(interrupt::raise).ok();
            let (counts, started) = (Arc::clone(&counts), Instant::now());
            Drawing::begin(move |columns| counts.draw(noun, started.elapsed(), columns))
        });
        Counter {
            counts,
            _drawing: drawing,
        }
    }
}

/// Something that is counted, whose progress is shown until this is dropped.
pub struct Counter {
    counts: Arc<Counts>,
    _drawing: Option<Drawing>,
}

#[derive(Debug, Default)]
struct Counts {
    done: AtomicU64,
    total: AtomicU64,
}

impl Counter {
    /// Reports how much of the total is done.
    pub fn tell(&self, done: u64, total: u64) {
        self.counts.done.store(done, Ordering::Relaxed);
        self.counts.total.store(total, Ordering::Relaxed);
    }
}

impl Counts {
    fn draw(&self, noun: &str, elapsed: Duration, columns: usize) -> String {
        let done = self.done.load(Ordering::Relaxed);
        let total = self.total.load(Ordering::Relaxed);
        let bar = draw_bar(part(done, total), columns);
        format!("{bar}{}", draw_count((done, total), noun, elapsed))
    }
}

fn draw_count((done, total): (u64, u64), noun: &str, elapsed: Duration) -> String {
    let part = part(done, total);
    let left = elapsed.as_secs_f64() / part.max(f64::EPSILON) * (1.0 - part);
    if done == 0 {
        return format!("{noun}: 0 of {total}");
    }
    format!("{noun}: {done} of {total}, {left:.0} s left")
}

/// What is done, failed, left and waited for.
fn draw(noun: &str, now: &Snapshot, columns: usize) -> String {
    let Snapshot {
        done, failed, left, ..
    } = now;
    let ended = done + failed;
    let mut line = draw_bar(part(ended as u64, (ended + left) as u64), columns);
    if columns >= 80 - SPARE {
        line += &format!("{noun}: ");
    }
    line += &format!("{done} done");
    if *failed > 0 {
        line += &format!(", {failed} failed");
    }
    line += &match left {
        // What is left to do is recorded, and connections are closed.
        0 if ended > 0 => ", finishing".to_owned(),
        left => format!(", {left} left"),
    };
    let room = columns.saturating_sub(line.chars().count());
    line + &draw_waiting(&now.waiting, room)
}

/// As many names as there is room for; the others are counted.
fn draw_waiting(waiting: &[String], room: usize) -> String {
    /// More names than these nobody reads.
    const MOST: usize = 5;
    let most = waiting.len().min(MOST);
    let texts = (1..=most).rev().map(|count| {
        let (first, others) = waiting.split_at(count);
        let names: Vec<_> = first.iter().map(|name| escape(name)).collect();
        match (names.as_slice(), others.len()) {
            ([names @ .., last], 0) if !names.is_empty() => {
                format!("; waiting for {} and {last}", names.join(", "))
            }
            (names, 0) => format!("; waiting for {}", names.join(", ")),
            (names, more) => format!("; waiting for {} and {more} more", names.join(", ")),
        }
    });
    let number = format!("; waiting for {}", waiting.len());
    let number = (most > 0).then_some(number);
    let mut fitting = texts
        .chain(number)
        .filter(|text| text.chars().count() <= room);
    fitting.next().unwrap_or_default()
}

#[allow(clippy::cast_precision_loss, reason = "a bar is rough")]
fn part(done: u64, total: u64) -> f64 {
    (done as f64 / total.max(1) as f64).clamp(0.0, 1.0)
}

/// A bar, where there is room for one.
#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a bar is rough, and the part is between 0 and 1"
)]
fn draw_bar(part: f64, columns: usize) -> String {
    let width = match columns {
        130.. => 24,
        95.. => 12,
        _ => return String::new(),
    };
    let full = (part * width as f64) as usize;
    format!("[{}{}] ", "#".repeat(full), "-".repeat(width - full))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn snapshot(waiting: &[&str]) -> Snapshot {
        Snapshot {
            done: 283,
            failed: 2,
            left: 15,
            waiting: waiting.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn a_line_names_as_many_as_fit() {
        let names = ["prod/a", "prod/b", "prod/c", "prod/d", "prod/e", "prod/f"];
        let now = snapshot(&names);
        let expected = [
            (30, "283 done, 2 failed, 15 left"),
            (57, "283 done, 2 failed, 15 left; waiting for 6"),
            (50, "283 done, 2 failed, 15 left; waiting for 6"),
            (
                60,
                "283 done, 2 failed, 15 left; waiting for prod/a and 5 more",
            ),
            (
                77,
                "targets: 283 done, 2 failed, 15 left; waiting for prod/a, prod/b and 4 more",
            ),
            (
                97,
                "[###########-] targets: 283 done, 2 failed, 15 left; waiting for prod/a, prod/b and 4 more",
            ),
            (
                200,
                "[######################--] targets: 283 done, 2 failed, 15 left; waiting for prod/a, prod/b, prod/c, prod/d, prod/e and 1 more",
            ),
        ];
        for (columns, line) in expected {
            assert_eq!(draw("targets", &now, columns), line);
        }
    }

    #[test]
    fn nothing_failed_is_not_said_and_the_last_names_are_joined() {
        let now = Snapshot {
            failed: 0,
            ..snapshot(&["prod/a", "prod/b"])
        };
        let line = "283 done, 15 left; waiting for prod/a and prod/b";
        assert_eq!(draw("targets", &now, 60), line);
        let all = Snapshot {
            done: 300,
            ..Snapshot::default()
        };
        assert_eq!(draw("targets", &all, 60), "300 done, finishing");
        let none = Snapshot::default();
        assert_eq!(draw("targets", &none, 60), "0 done, 0 left");
    }

    #[test]
    fn what_is_counted_shows_the_time_that_is_left() {
        let told = |done| draw_count((done, 2_000), "events", Duration::from_secs(2));
        assert_eq!(told(500), "events: 500 of 2000, 6 s left");
        assert_eq!(told(0), "events: 0 of 2000");
        assert_eq!(told(2_001), "events: 2001 of 2000, 0 s left");
    }
}
