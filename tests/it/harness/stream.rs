//! What a program prints, read in a thread while it runs.

use std::io::Read;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use super::sandbox::TIMEOUT;

/// How long to wait for the end of what an ended program printed: a daemon that it started may hold the other side.
const END_TIMEOUT: Duration = Duration::from_secs(1);

#[derive(Default)]
pub struct Stream {
    printed: Mutex<Printed>,
    changed: Condvar,
}

#[derive(Default)]
struct Printed {
    bytes: Vec<u8>,
    /// How much of it `expect` has gone past.
    seen: usize,
    ended: bool,
}

impl Stream {
    pub fn of(mut reader: impl Read + Send + 'static) -> Arc<Self> {
        let stream = Arc::new(Self::default());
        let filled = Arc::clone(&stream);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            // Linux ends a terminal with an error (EIO), macOS with nothing more to read.
            while let Ok(length @ 1..) = reader.read(&mut bytes) {
                filled.lock().bytes.extend_from_slice(&bytes[..length]);
                filled.changed.notify_all();
            }
            filled.lock().ended = true;
            filled.changed.notify_all();
        });
        stream
    }

    /// Waits for the line `port=NUMBER` of a server that was started.
    #[track_caller]
    pub fn expect_port(&self) -> u16 {
        let deadline = Instant::now() + TIMEOUT;
        let printed = self
            .expect("port=", deadline)
            .and_then(|_| self.expect("\n", deadline));
        let port = printed.unwrap_or_else(|reason| panic!("the server has no port: {reason}"));
        port.parse().expect("a port")
    }

    /// Waits for the text, after what was expected before, and returns what was between; or else the reason and all
    /// that is unseen.
    pub fn expect(&self, wanted: &str, deadline: Instant) -> Result<String, String> {
        let mut printed = self.lock();
        loop {
            let unseen = &printed.bytes[printed.seen..];
            if let Some(at) = find(unseen, wanted.as_bytes()) {
                let between = text_of(&unseen[..at]);
                printed.seen += at + wanted.len();
                return Ok(between);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if printed.ended || left.is_zero() {
                let reason = if printed.ended {
                    "it ended"
                } else {
                    "not in time"
                };
                return Err(format!(
                    "{}\n--- {reason}; wanted: {wanted:?}",
                    text_of(unseen)
                ));
            }
            printed = self.wait(printed, left);
        }
    }

    /// Returns all that the program, which has ended, printed.
    pub fn all(&self) -> String {
        text_of(&self.wait_for_end().bytes)
    }

    /// Returns what the program, which has ended, printed since the last `expect`.
    pub fn rest(&self) -> String {
        drop(self.wait_for_end());
        self.unseen()
    }

    fn wait_for_end(&self) -> MutexGuard<'_, Printed> {
        let deadline = Instant::now() + END_TIMEOUT;
        let mut printed = self.lock();
        while !printed.ended && Instant::now() < deadline {
            printed = self.wait(printed, END_TIMEOUT);
        }
        printed
    }

    /// Returns what is there by now and was not expected before.
    pub fn unseen(&self) -> String {
        let printed = self.lock();
        text_of(&printed.bytes[printed.seen..])
    }

    fn lock(&self) -> MutexGuard<'_, Printed> {
        self.printed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(
        &self,
        printed: MutexGuard<'a, Printed>,
        time: Duration,
    ) -> MutexGuard<'a, Printed> {
        let woken = self.changed.wait_timeout(printed, time);
        woken.unwrap_or_else(PoisonError::into_inner).0
    }
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .position(|window| window == wanted)
}
