//! Standard output for what is written portion by portion.

use std::io::{self, Write};

use anyhow::{Context, Result};

/// Standard output, which remembers whether its reader has gone away.
pub struct Stdout {
    is_closed: bool,
}

impl Stdout {
    /// Lets `write` write to standard output, and flushes it.
    ///
    /// # Errors
    /// What `write` says, and when stdout cannot be written; a reader that has gone away ends it, and is no error.
    pub fn stream(write: impl FnOnce(&mut dyn Write) -> Result<()>) -> Result<()> {
        let mut stdout = Self { is_closed: false };
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
        let written = io::stdout().lock().write(bytes);
        self.noted(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = io::stdout().lock().flush();
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
