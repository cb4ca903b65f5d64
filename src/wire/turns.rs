//! Counts the round trips of a connection, where somebody wants to know: each time that something is sent after something
//! was received, another one begins.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use crate::wire::dial::BoxedStream;

/// The count of one connection.
#[derive(Debug, Clone, Default)]
pub struct Turns(Arc<State>);

#[derive(Debug, Default)]
struct State {
    count: AtomicU32,
    is_sending: AtomicBool,
    /// When the TLS handshake had ended, and the count then.
    shaken: Mutex<Option<(Instant, u32)>>,
}

impl Turns {
    pub fn count(&self) -> u32 {
        self.0.count.load(Ordering::Relaxed)
    }

    /// Notes that the TLS handshake has ended.
    pub fn note_handshake(&self) {
        let mut shaken = self.0.shaken.lock().unwrap_or_else(PoisonError::into_inner);
        *shaken = Some((Instant::now(), self.count()));
    }

    /// When the TLS handshake had ended, and the count then.
    pub fn handshake(&self) -> Option<(Instant, u32)> {
        *self.0.shaken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The stream, whose turns are counted from now on.
    pub fn of(&self, stream: BoxedStream) -> BoxedStream {
        Box::new(CountedStream {
            stream,
            turns: self.clone(),
        })
    }

    fn note_sent(&self) {
        if !self.0.is_sending.swap(true, Ordering::Relaxed) {
            self.0.count.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn note_received(&self) {
        self.0.is_sending.store(false, Ordering::Relaxed);
    }
}

struct CountedStream {
    stream: BoxedStream,
    turns: Turns,
}

impl AsyncRead for CountedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.turns.note_received();
        }
        read
    }
}

impl AsyncWrite for CountedStream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        if matches!(written, Poll::Ready(Ok(1..))) {
            self.turns.note_sent();
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[test]
    fn a_round_trip_begins_with_what_is_sent_after_an_answer() {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.unwrap().block_on(async {
            let (near, mut far) = tokio::io::duplex(16);
            let turns = Turns::default();
            let mut near = turns.of(Box::new(near));
            let mut answer = [0];
            for expected in 1..3 {
                near.write_all(b"a").await.unwrap();
                near.write_all(b"b").await.unwrap();
                assert_eq!(turns.count(), expected);
                far.write_all(b"c").await.unwrap();
                assert_eq!(near.read_exact(&mut answer).await.unwrap(), 1);
            }
            assert_eq!(turns.count(), 2);
        });
    }
}
