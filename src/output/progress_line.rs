//! A line of progress on stderr, for what takes longer than half a second, on a terminal only: it is redrawn, makes room
//! for what is written meanwhile, and is gone at the end.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle, TermLike};
use terminal_size::terminal_size_of;

/// How long to wait before the line is shown, and between updates.
pub(super) const PATIENCE: Duration = Duration::from_millis(500);
const INTERVAL: Duration = Duration::from_millis(100);

/// The line that is on the screen.
static ON_SCREEN: Mutex<Option<ProgressBar>> = Mutex::new(None);

/// Writes to the terminal, beside the line of progress. `write` must not come back here.
pub(super) fn beside_progress<T>(write: impl FnOnce() -> T) -> T {
    // Held until all is written: the line must not appear in the middle of it.
    let on_screen = ON_SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    match &*on_screen {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

/// Whether the line is not drawn any more.
static IS_OVER: AtomicBool = AtomicBool::new(false);

/// Draws no line from now on: another program reads the rows, and what it prints on this terminal would meet the line.
pub(super) fn leave_terminal() {
    let on_screen = ON_SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    if IS_OVER.swap(true, Ordering::SeqCst) {
        return;
    }
    if let Some(bar) = &*on_screen {
        bar.finish_and_clear();
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
}

/// A line that is drawn by a thread of its own until this is dropped.
pub(super) struct Drawing {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Drawing {
    /// Begins to draw what `line` says for a number of columns.
    pub fn begin(line: impl Fn(usize) -> String + Send + 'static) -> Self {
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::Builder::new().spawn(move || {
            let is_to_draw = |patience| {
                let ended: Result<(), _> = stopped.recv_timeout(patience);
                ended == Err(RecvTimeoutError::Timeout)
            };
            if !is_to_draw(PATIENCE) {
                return;
            }
            let line = || {
                let columns = columns();
                line(columns).chars().take(columns).collect::<String>()
            };
            let bar = show(line());
            while is_to_draw(INTERVAL) {
                bar.set_message(line());
            }
            take_away();
        });
        Self {
            stop: Some(stop),
            // Without a thread nobody sees progress, and the work goes on.
            thread: thread.ok(),
        }
    }
}

impl Drop for Drawing {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

fn show(line: String) -> ProgressBar {
    let mut on_screen = ON_SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    let style = ProgressStyle::with_template("{msg}").expect("the template is valid");
    let target = if IS_OVER.load(Ordering::SeqCst) {
        ProgressDrawTarget::hidden()
    } else {
        ProgressDrawTarget::term_like(Box::new(Stderr::default()))
    };
    let bar = ProgressBar::with_draw_target(None, target).with_style(style);
    bar.set_message(line);
    on_screen.insert(bar).clone()
}

fn take_away() {
    let mut on_screen = ON_SCREEN.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(bar) = on_screen.take() {
        bar.finish_and_clear();
    }
}

/// What is left free at the end of the line: the terminal echoes `^C` there, and a full line would wrap.
pub(super) const SPARE: usize = 3;

/// How many columns the line may have.
fn columns() -> usize {
    let size = terminal_size_of(io::stderr());
    let columns = size.map_or(80, |(width, _)| usize::from(width.0));
    columns.saturating_sub(SPARE)
}

/// The terminal on stderr, without the last columns: what is drawn fills all that there are.
#[derive(Debug, Default)]
struct Stderr {
    /// What is drawn next, in one piece.
    drawn: Mutex<String>,
}

impl Stderr {
    fn drawn(&self) -> MutexGuard<'_, String> {
        self.drawn.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a cursor movement, unless it leads nowhere.
    #[allow(clippy::unnecessary_wraps, reason = "the trait's methods return it")]
    fn move_cursor(&self, count: usize, letter: char) -> io::Result<()> {
        if count > 0 {
            *self.drawn() += &format!("\x1b[{count}{letter}");
        }
        Ok(())
    }
}

impl TermLike for Stderr {
    fn width(&self) -> u16 {
        u16::try_from(columns()).unwrap_or(u16::MAX)
    }

    fn move_cursor_up(&self, count: usize) -> io::Result<()> {
        self.move_cursor(count, 'A')
    }

    fn move_cursor_down(&self, count: usize) -> io::Result<()> {
        self.move_cursor(count, 'B')
    }

    fn move_cursor_right(&self, count: usize) -> io::Result<()> {
        self.move_cursor(count, 'C')
    }

    fn move_cursor_left(&self, count: usize) -> io::Result<()> {
        self.move_cursor(count, 'D')
    }

    fn write_line(&self, text: &str) -> io::Result<()> {
        self.write_str(text)?;
        self.write_str("\n")
    }

    fn write_str(&self, text: &str) -> io::Result<()> {
        *self.drawn() += text;
        Ok(())
    }

    fn clear_line(&self) -> io::Result<()> {
        self.write_str("\r\x1b[2K")
    }

    fn flush(&self) -> io::Result<()> {
        let drawn = std::mem::take(&mut *self.drawn());
        let mut stderr = io::stderr().lock();
        stderr.write_all(drawn.as_bytes())?;
        stderr.flush()
    }
}
