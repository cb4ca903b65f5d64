//! One JSON array whose rows are written as they arrive: a row that is there was delivered, whatever becomes of the
//! rest.

use std::io::{self, Write};
use std::sync::{Mutex, PoisonError};

use crate::output::progress_line::{beside_progress, leave_terminal};
use crate::output::reader::is_pipe;

/// An array that is being written to stdout. It is closed when it is dropped, at the latest.
#[derive(Debug, Default)]
pub(super) struct Array {
    state: Mutex<State>,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Empty,
    Open,
    Ended,
}

impl Array {
    /// Writes a row, flushed.
    pub fn write(&self, row: &str) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let before = if *state == State::Empty { "[\n" } else { ",\n" };
        // Even half a row opens the array, which must then be closed.
        *state = State::Open;
        if is_pipe() {
            leave_terminal();
        }
        beside_progress(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(before.as_bytes())?;
            stdout.write_all(row.as_bytes())?;
            stdout.flush()
        })
    }

    /// Closes the array; if there was no row, writes nothing.
    pub fn end(&self) -> io::Result<()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state != State::Open {
            return Ok(());
        }
        *state = State::Ended;
        beside_progress(|| {
            let mut stdout = io::stdout().lock();
            stdout.write_all(b"\n]\n")?;
            stdout.flush()
        })
    }
}

impl Drop for Array {
    fn drop(&mut self) {
        // The failure that ended the run early is the one to report.
        self.end().ok();
    }
}
