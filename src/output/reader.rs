//! Whether somebody still reads standard output: who has closed it (`| head -1`) wants no further rows, so what only
//! reads stops at once.

use std::io::{self, ErrorKind};
use std::os::fd::AsFd;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::stat::{SFlag, fstat};

use crate::domain::interrupt;
use crate::output::Ui;

/// Whether this run stops when its reader has gone.
static STOPS: AtomicBool = AtomicBool::new(false);
/// Whether it was stopped so.
static STOPPED: AtomicBool = AtomicBool::new(false);

impl Ui {
    /// From now on, a reader of stdout that goes away stops the run, as an interrupt would. Only for what changes
    /// nothing.
    pub fn stop_without_reader() {
        STOPS.store(true, Ordering::SeqCst);
        if is_pipe() {
            // Without a thread, the next row finds out.
            thread::Builder::new().spawn(wait_until_closed).ok();
        }
    }

    /// Whether the run was stopped because nobody reads its results: then it has no error either.
    pub fn was_stopped_without_reader() -> bool {
        STOPPED.load(Ordering::SeqCst)
    }
}

/// Takes note of what became of a portion of stdout.
pub(super) fn note_written<T>(written: &io::Result<T>) {
    if let Err(error) = written
        && error.kind() == ErrorKind::BrokenPipe
    {
        stop();
    }
}

fn stop() {
    if STOPS.load(Ordering::SeqCst) && !STOPPED.swap(true, Ordering::SeqCst) {
        interrupt::raise();
    }
}

/// Whether stdout goes to another program.
pub(super) fn is_pipe() -> bool {
    let stdout = fstat(io::stdout());
    stdout.is_ok_and(|stdout| stdout.st_mode & SFlag::S_IFMT.bits() == SFlag::S_IFIFO.bits())
}

/// A row is not always on its way when the reader goes: the last target may be silent.
fn wait_until_closed() {
    let stdout = io::stdout();
    // Errors are reported without being asked for (POSIX, poll).
    let mut polled = [PollFd::new(stdout.as_fd(), PollFlags::empty())];
    if poll(&mut polled, PollTimeout::NONE).is_ok_and(|ready| ready > 0) {
        stop();
    }
}
