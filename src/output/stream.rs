//! Standard output for what is written portion by portion.

use std::io::{self, IsTerminal, Write};

use anyhow::{Context, Result};

use crate::output::progress_line::beside_progress;
use crate::output::terminal::safe_portion;

/// Standard output, which remembers whether its reader has gone away.
pub struct Stdout {
    is_closed: bool,
    /// The bytes that a terminal was not shown yet; `None` if stdout is not a terminal.
    rest: Option<Vec<u8>>,
}

impl Stdout {
    /// Lets `write` write to standard output, and flushes it.
    ///
    /// # Errors
    /// Those of `write`, and if stdout cannot be written; a reader that has gone away ends it, and is not an error.
    pub fn stream(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        let mut stdout = Self {
            is_closed: false,
            rest: io::stdout().is_terminal().then(Vec::new),
        };
        let written = write(&mut stdout);
        if stdout.is_closed {
            return Ok(());
        }
        written?;
        stdout.flush().context("cannot write to standard output")
    }
}

impl Write for Stdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = match &mut self.rest {
            Some(rest) => {
                let portion = safe_portion(rest, bytes);
                let written = beside_progress(|| io::stdout().lock().write_all(portion.as_bytes()));
                written.map(|()| bytes.len())
            }
            None => io::stdout().lock().write(bytes),
        };
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = beside_progress(|| io::stdout().lock().flush());
        self.noted(flushed)
    }
}

impl Stdout {
    fn noted<T>(&mut self, result: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &result {
            self.is_closed |= error.kind() == io::ErrorKind::BrokenPipe;
        }
        result
    }
}
