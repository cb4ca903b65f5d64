//! A progress bar on stderr, for what takes longer than a second, on a terminal only.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::output::Ui;

/// How long to wait before the bar is shown, and between updates.
const PATIENCE: Duration = Duration::from_secs(1);
const INTERVAL: Duration = Duration::from_millis(100);
const WIDTH: usize = 30;

/// A bar that is redrawn as work proceeds, and is gone when it is dropped.
pub struct Progress {
    noun: &'static str,
    started: Instant,
    /// `None` if nothing is shown.
    next: Option<Instant>,
    is_drawn: bool,
}

impl Ui {
    /// Begins to show the progress of something.
    pub fn progress(&self, noun: &'static str) -> Progress {
        let started = Instant::now();
        let is_wanted = !self.quiet && io::stderr().is_terminal();
        Progress {
            noun,
            started,
            next: is_wanted.then_some(started + PATIENCE),
            is_drawn: false,
        }
    }
}

impl Progress {
    /// Reports how much of the total is done.
    pub fn tell(&mut self, done: u64, total: u64) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        self.next = Some(now + INTERVAL);
        self.is_drawn = true;
        let line = draw(done, total, self.noun, now - self.started);
        write(&format!("\r{line}\x1b[K"));
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_drawn {
            write("\r\x1b[K");
        }
    }
}

/// If stderr cannot be written there is nobody to show it to.
fn write(text: &str) {
    let mut stderr = io::stderr().lock();
    stderr.write_all(text.as_bytes()).ok();
    stderr.flush().ok();
}

#[allow(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a bar and seconds are rough, and the part is between 0 and 1"
)]
fn draw(done: u64, total: u64, noun: &str, elapsed: Duration) -> String {
    let part = (done as f64 / total.max(1) as f64).clamp(0.0, 1.0);
    let full = (part * WIDTH as f64) as usize;
    let bar = format!("{}{}", "#".repeat(full), "-".repeat(WIDTH - full));
    let percent = (part * 100.0) as u64;
    let left = elapsed.as_secs_f64() / part.max(f64::EPSILON) * (1.0 - part);
    format!("[{bar}] {percent:3} %  {done} of {total} {noun}, {left:.0} s left")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_shows_part_number_and_time_left() {
        assert_eq!(
            draw(500, 2_000, "events", Duration::from_secs(2)),
            "[#######-----------------------]  25 %  500 of 2000 events, 6 s left"
        );
        assert!(draw(3, 2, "events", Duration::ZERO).contains("100 %"));
        assert!(draw(0, 0, "events", Duration::ZERO).contains("  0 %"));
    }
}
