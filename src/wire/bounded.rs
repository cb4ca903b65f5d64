//! A stream that follows the framing of the server's messages, so that none of them can fill the memory: a message that is
//! too long is refused by what it announces, before anything of it is read, and what nobody waits for is not handed on.
//!
//! The driver would make room for whatever is announced, and would queue the notices of a login.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::domain::password::scram::MOST_ITERATIONS;
use crate::wire::heard::Heard;

/// Type and length of a message (PostgreSQL documentation, "Message Formats").
const HEAD: usize = 5;
/// The longest request for authentication, as in libpq (`PQconnectPoll` in fe-connect.c).
const LONGEST_REQUEST: u32 = 2_000;
/// The longest message of a kind that is not known to be long, as in libpq (`VALID_LONG_MESSAGE_TYPE` in fe-protocol3.c).
const LONGEST: u32 = 30_000;
/// The longest error, and the longest description of columns.
const LONGEST_ERROR: u32 = 16 << 20;
/// The longest row: an answer is one row, which may tell all the roles of a cluster. libpq takes up to 1 GiB.
const LONGEST_ROW: u32 = 64 << 20;
/// How much of a notice is looked at.
const LOOKED_AT: usize = 4_096;
/// How many bytes of parameters a login may report: the driver keeps them all.
const MOST_PARAMETERS: u32 = 1 << 20;

/// How far the session is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Authenticating,
    /// Until the first `ReadyForQuery`.
    Starting,
    Ready,
}

/// A server that does not keep to the protocol, or to the bounds.
#[derive(Debug)]
enum Violation {
    NotPostgres,
    TooLong { announced: u32, most: u32 },
    TooManyParameters,
    TooManyIterations(u32),
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPostgres => {
                formatter.write_str("the server does not speak PostgreSQL's protocol")
            }
            Self::TooLong { announced, most } => write!(
                formatter,
                "the server announced a message of {announced} bytes, of at most {most} that are accepted there"
            ),
            Self::TooManyParameters => {
                formatter.write_str("the server reports parameters without end")
            }
            Self::TooManyIterations(iterations) => write!(
                formatter,
                "the server asks for {iterations} iterations of SCRAM, of at most {MOST_ITERATIONS} that are accepted"
            ),
        }
    }
}

impl std::error::Error for Violation {}

/// Follows the framing, whatever pieces the bytes come in.
struct Framing {
    stage: Stage,
    head: [u8; HEAD],
    head_length: usize,
    /// How many bytes of the body are still to come.
    missing: usize,
    /// The beginning of the body, where it is looked at.
    body: Vec<u8>,
    parameters: u32,
    heard: Heard,
}

impl Framing {
    fn new(heard: Heard) -> Self {
        Self {
            stage: Stage::Authenticating,
            head: [0; HEAD],
            head_length: 0,
            missing: 0,
            body: Vec::new(),
            parameters: 0,
            heard,
        }
    }

    /// Follows these bytes, and moves those that are handed on to the front; returns how many they are.
    fn follow(&mut self, bytes: &mut [u8]) -> Result<usize, Violation> {
        let (mut at, mut kept) = (0, 0);
        while at < bytes.len() {
            let begins_at = at;
            let is_head = self.head_length < HEAD;
            if is_head {
                self.head[self.head_length] = bytes[at];
                self.head_length += 1;
                at += 1;
            } else {
                at += self.missing.min(bytes.len() - at);
                self.look_at(&bytes[begins_at..at]);
                self.missing -= at - begins_at;
            }
            if !self.is_dropped() {
                bytes.copy_within(begins_at..at, kept);
                kept += at - begins_at;
            }
            if is_head && self.head_length == HEAD {
                self.missing = self.judge_head()?;
            }
            if self.head_length == HEAD && self.missing == 0 {
                self.end_message()?;
            }
        }
        Ok(kept)
    }

    fn kind(&self) -> u8 {
        self.head[0]
    }

    /// Whether the message is not for the driver, which would keep it or has no use for it.
    fn is_dropped(&self) -> bool {
        match self.stage {
            Stage::Authenticating => false,
            Stage::Starting => self.kind() == b'N',
            Stage::Ready => matches!(self.kind(), b'N' | b'A' | b'S'),
        }
    }

    /// The length of the body, if it is one that may come.
    fn judge_head(&mut self) -> Result<usize, Violation> {
        let [kind, length @ ..] = self.head;
        let announced = u32::from_be_bytes(length);
        let most = self.longest(kind).ok_or(Violation::NotPostgres)?;
        let Some(body) = announced.checked_sub(4) else {
            return Err(Violation::NotPostgres);
        };
        if announced > most {
            return Err(Violation::TooLong { announced, most });
        }
        if kind == b'S' && self.stage == Stage::Starting {
            self.parameters = self.parameters.saturating_add(announced);
            if self.parameters > MOST_PARAMETERS {
                return Err(Violation::TooManyParameters);
            }
        }
        self.body.clear();
        Ok(usize::try_from(body).expect("it is below the bound"))
    }

    /// How long a message of the kind may be; `None` if it cannot come now.
    fn longest(&self, kind: u8) -> Option<u32> {
        match self.stage {
            Stage::Authenticating => match kind {
                b'R' | b'v' => Some(LONGEST_REQUEST),
                b'E' => Some(LONGEST),
                _ => None,
            },
            Stage::Starting => match kind {
                b'N' | b'A' => Some(LONGEST_ROW),
                b'R' | b'E' | b'S' | b'K' | b'Z' => Some(LONGEST),
                _ => None,
            },
            Stage::Ready => match kind {
                b'N' | b'A' | b'D' => Some(LONGEST_ROW),
                b'E' | b'T' | b'd' | b'V' => Some(LONGEST_ERROR),
                b'1' | b'2' | b'3' | b'C' | b'G' | b'H' | b'I' | b'K' | b'S' | b'W' | b'Z'
                | b'c' | b'n' | b's' | b't' => Some(LONGEST),
                _ => None,
            },
        }
    }

    fn look_at(&mut self, bytes: &[u8]) {
        let is_looked_at =
            self.kind() == b'R' || self.kind() == b'N' && self.stage != Stage::Authenticating;
        if is_looked_at {
            let room = LOOKED_AT.saturating_sub(self.body.len());
            self.body.extend(bytes.iter().take(room));
        }
    }

    fn end_message(&mut self) -> Result<(), Violation> {
        self.head_length = 0;
        match (self.stage, self.kind()) {
            (Stage::Authenticating, b'R') => self.note_request()?,
            (Stage::Starting, b'Z') => self.stage = Stage::Ready,
            (Stage::Starting | Stage::Ready, b'N') => self.heard.note_notice(&self.body),
            _ => {}
        }
        Ok(())
    }

    fn note_request(&mut self) -> Result<(), Violation> {
        match self.body.as_slice() {
            [0, 0, 0, 0] => self.stage = Stage::Starting,
            // The driver would compute for hours, and no deadline would stop it.
            [0, 0, 0, 11, challenge @ ..] => {
                let iterations = iterations(challenge);
                if iterations.is_some_and(|count| count > MOST_ITERATIONS) {
                    return Err(Violation::TooManyIterations(iterations.unwrap_or_default()));
                }
            }
            _ => {}
        }
        Ok(())
    }
}

/// The iteration count of a SCRAM server's first message (RFC 5802, section 5.1).
fn iterations(challenge: &[u8]) -> Option<u32> {
    let mut attributes = challenge.split(|byte| *byte == b',');
    let count = attributes.find_map(|attribute| attribute.strip_prefix(b"i="))?;
    str::from_utf8(count).ok()?.parse().ok()
}

/// A stream that hands on messages of a bounded length only.
pub struct BoundedStream<S> {
    stream: S,
    framing: Framing,
}

impl<S> BoundedStream<S> {
    /// Begins before the server's first message; what is beside the answers goes to `heard`.
    pub fn new(stream: S, heard: Heard) -> Self {
        Self {
            stream,
            framing: Framing::new(heard),
        }
    }

    pub fn stream(&self) -> &S {
        &self.stream
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for BoundedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            let before = buffer.filled().len();
            ready!(Pin::new(&mut self.stream).poll_read(context, buffer))?;
            let read = &mut buffer.filled_mut()[before..];
            if read.is_empty() {
                return Poll::Ready(Ok(()));
            }
            match self.framing.follow(read) {
                // All of it was dropped, which is not the end of the stream. The socket itself yields now and then.
                Ok(0) => buffer.set_filled(before),
                Ok(kept) => {
                    buffer.set_filled(before + kept);
                    return Poll::Ready(Ok(()));
                }
                Err(violation) => {
                    buffer.set_filled(before);
                    self.framing.heard.note_violation(violation.to_string());
                    return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, violation)));
                }
            }
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for BoundedStream<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
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
    use super::*;

    const LOGGED_IN: &[u8] = b"R\0\0\0\x08\0\0\0\0S\0\0\0\x08a\0b\0Z\0\0\0\x05I";
    const NOTICE: &[u8] = b"N\0\0\0\x11C01000\0Mold\0\0";
    const ANSWER: &[u8] = b"C\0\0\0\x0aBEGIN\0Z\0\0\0\x05T";

    /// What is handed on of bytes that come in pieces of this size.
    fn handed_on(bytes: &[u8], size: usize, heard: &Heard) -> Result<Vec<u8>, Violation> {
        let mut framing = Framing::new(heard.clone());
        let mut handed_on = Vec::new();
        for piece in bytes.chunks(size) {
            let mut piece = piece.to_vec();
            let kept = framing.follow(&mut piece)?;
            handed_on.extend_from_slice(&piece[..kept]);
        }
        Ok(handed_on)
    }

    fn refused(bytes: &[u8]) -> String {
        let refused = handed_on(bytes, 1, &Heard::default());
        refused.expect_err("it is not accepted").to_string()
    }

    #[test]
    fn answers_are_handed_on_without_what_is_beside_them_whatever_pieces_they_come_in() {
        let said = [LOGGED_IN, NOTICE, b"S\0\0\0\x08a\0c\0", ANSWER, NOTICE].concat();
        for size in 1..=said.len() {
            let heard = Heard::default();
            let handed_on = handed_on(&said, size, &heard).unwrap();
            assert_eq!(handed_on, [LOGGED_IN, ANSWER].concat());
            assert_eq!(heard.take_warnings(), ["old (SQLSTATE 01000)"]);
        }
    }

    #[test]
    fn a_message_that_is_too_long_is_refused_by_what_it_announces() {
        let announced = "the server announced a message of 2147483647 bytes, of at most";
        for kind in [b"R", b"E"] {
            let said = refused(&[&kind[..], &[0x7f, 0xff, 0xff, 0xff]].concat());
            assert!(said.starts_with(announced), "{said}");
        }
        for kind in b"CDENTZ" {
            let said = [LOGGED_IN, &[*kind, 0x7f, 0xff, 0xff, 0xff]].concat();
            assert!(refused(&said).starts_with(announced), "{}", refused(&said));
        }
    }

    #[test]
    fn what_is_no_message_of_that_moment_is_refused() {
        let stranger = "the server does not speak PostgreSQL's protocol";
        assert_eq!(refused(b"HTTP/1.1 400 Bad Request"), stranger);
        // Nothing may come before the request that is judged.
        assert_eq!(refused(NOTICE), stranger);
        assert_eq!(refused(b"R\0\0\0\x03"), stranger);
        assert_eq!(refused(&[LOGGED_IN, b"!\0\0\0\x04"].concat()), stranger);
    }

    #[test]
    fn a_login_has_an_end() {
        let parameter = [&b"S\0\0\x10\x04"[..], &[b'x'; 4096]].concat();
        let said = [b"R\0\0\0\x08\0\0\0\0", parameter.repeat(300).as_slice()].concat();
        assert_eq!(refused(&said), "the server reports parameters without end");
        let challenge = b"R\0\0\0\x1d\0\0\0\x0br=a,s=bb==,i=20000000";
        assert!(
            refused(challenge).contains("20000000 iterations"),
            "{}",
            refused(challenge)
        );
    }
}
