//! Watches which authentication method the server requests, and withholds the password from a server that must not get
//! it.
//!
//! The driver answers any request. Only the server's first request matters: the driver accepts no other after it.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::domain::failure::AskedFor;
use crate::domain::target::require_auth::Authentication;

/// Type, length and code of an authentication request (PostgreSQL documentation, "Message Formats").
const HEAD: usize = 9;
const AUTHENTICATION: u8 = b'R';
const NOTHING_HEARD: i32 = -1;

/// The authentication method that the server requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// None: `trust`, `peer`, or a client certificate that it has already verified.
    Nothing,
    /// The password itself: `password`, `ldap`, `pam`, `radius`.
    Cleartext,
    Md5,
    Scram,
    Other,
}

impl Method {
    /// By the code of an authentication request.
    pub fn of_code(code: i32) -> Self {
        match code {
            0 => Self::Nothing,
            3 => Self::Cleartext,
            5 => Self::Md5,
            10 => Self::Scram,
            _ => Self::Other,
        }
    }

    pub fn wants_password(self) -> bool {
        self.asks_for().is_some()
    }

    /// libpq's name for it; `None` if pgrole does not know the method.
    pub fn authentication(self) -> Option<Authentication> {
        Some(match self {
            Self::Nothing => Authentication::None,
            Self::Cleartext => Authentication::Password,
            Self::Md5 => Authentication::Md5,
            Self::Scram => Authentication::ScramSha256,
            Self::Other => return None,
        })
    }

    /// What it asks of the password; `None` if nothing.
    pub fn asks_for(self) -> Option<AskedFor> {
        match self {
            Self::Cleartext => Some(AskedFor::ThePassword),
            Self::Md5 | Self::Scram => Some(AskedFor::AProof),
            Self::Nothing | Self::Other => None,
        }
    }
}

/// The method that a server requested on a stream, kept to explain errors.
#[derive(Debug, Clone)]
pub struct AuthenticationLog(Arc<AtomicI32>);

impl AuthenticationLog {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI32::new(NOTHING_HEARD)))
    }

    /// The requested method; `None` if the server has requested none.
    pub fn method(&self) -> Option<Method> {
        match self.0.load(Ordering::SeqCst) {
            NOTHING_HEARD => None,
            code => Some(Method::of_code(code)),
        }
    }

    /// Whether the server asked for the password.
    pub fn wants_password(&self) -> bool {
        self.method().is_some_and(Method::wants_password)
    }
}

/// Whether a server may get the clear-text password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleartext {
    Allowed,
    /// Anybody on the network path could read it.
    NotEncrypted,
    /// The identity of the server was not verified.
    NotVerified,
}

impl fmt::Display for Cleartext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Allowed => "a connection that may carry it",
            Self::NotEncrypted => "an unencrypted connection",
            Self::NotVerified => "a connection whose server certificate was not verified",
        })
    }
}

/// Which requests of a server are granted.
#[derive(Debug, Clone)]
pub struct Permitted {
    pub cleartext: Cleartext,
    pub accepted: BTreeSet<Authentication>,
}

impl Permitted {
    /// Whether the target accepts the method; one that pgrole does not know fails anyway.
    pub fn accepts(&self, method: Method) -> bool {
        let method = method.authentication();
        method.is_none_or(|method| self.accepted.contains(&method))
    }

    fn permits(&self, method: Method) -> bool {
        let is_withheld = method == Method::Cleartext && self.cleartext != Cleartext::Allowed;
        self.accepts(method) && !is_withheld
    }
}
/// How pgrole may use a password with a server whose registry entry it did not write itself: whoever changed the entry
/// may have named a server of their own, or a certificate authority that vouches for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exchange {
    Any,
    /// By SCRAM, which discloses nothing usable.
    Scram,
    /// By SCRAM with channel binding, which cannot be relayed to the real server either.
    BoundScram,
    /// Not at all: the server's certificate does not support channel binding.
    Nothing,
}

/// The error text where such an exchange is refused.
pub const NOT_RECORDED: &str = "the registry entry was not written by pgrole, or was changed since";

/// The longest list of SASL mechanisms that is read, in bytes.
const LONGEST_LIST: usize = 1024;

/// A stream that inspects the server's first message before passing it on.
pub struct WatchedStream<S> {
    stream: S,
    permitted: Permitted,
    exchange: Exchange,
    log: AuthenticationLog,
    head: Vec<u8>,
    /// How many bytes of the first message to inspect.
    wanted: usize,
    passed: usize,
}

impl<S> WatchedStream<S> {
    pub fn new(stream: S, permitted: Permitted, log: AuthenticationLog) -> Self {
        Self {
            stream,
            permitted,
            exchange: Exchange::Any,
            log,
            head: Vec::with_capacity(HEAD),
            wanted: HEAD,
            passed: 0,
        }
    }

    /// Restricts password authentication to that exchange.
    pub fn allowing(self, exchange: Exchange) -> Self {
        Self { exchange, ..self }
    }

    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// Records the request, and refuses one that the server must not make: for the clear-text password over a
    /// connection that must not carry it, or for a method that the target does not accept.
    fn judge(&self) -> io::Result<()> {
        let [AUTHENTICATION, _, _, _, _, code @ ..] = self.head.as_slice() else {
            return Ok(());
        };
        let (code, mechanisms) = code.split_at_checked(4).unwrap_or((code, &[]));
        let Ok(code) = code.try_into() else {
            return Ok(());
        };
        self.log.0.store(i32::from_be_bytes(code), Ordering::SeqCst);
        let method = self.log.method();
        if method.is_some_and(|method| !self.permitted.permits(method)) {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        let withheld = match method {
            Some(Method::Cleartext | Method::Md5) => self.exchange != Exchange::Any,
            Some(Method::Scram) if self.exchange == Exchange::Nothing => true,
            Some(Method::Scram) if self.exchange == Exchange::BoundScram => {
                let mut offered = mechanisms.split(|byte| *byte == 0);
                !offered.any(|name| name == b"SCRAM-SHA-256-PLUS")
            }
            _ => false,
        };
        if withheld {
            return Err(io::Error::new(
                io::ErrorKind::PermissionDenied,
                NOT_RECORDED,
            ));
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> WatchedStream<S> {
    /// The mechanism list of a SASL request is inspected too, if it matters.
    fn length_to_judge(&self) -> usize {
        match self.head.as_slice() {
            [AUTHENTICATION, length @ .., 0, 0, 0, 10] if self.exchange == Exchange::BoundScram => {
                let length = length.try_into().map_or(0, u32::from_be_bytes);
                let length = usize::try_from(length).unwrap_or(LONGEST_LIST);
                length.saturating_add(1).clamp(HEAD, LONGEST_LIST)
            }
            _ => HEAD,
        }
    }

    /// Reads the head of the first message, or what arrives of it before the end of the stream.
    fn poll_head(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.passed == 0 && self.head.len() < self.wanted {
            let mut bytes = [0; LONGEST_LIST];
            let missing = self.wanted - self.head.len();
            let mut buffer = ReadBuf::new(&mut bytes[..missing]);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                break;
            }
            self.head.extend_from_slice(buffer.filled());
            if self.head.len() == HEAD {
                self.wanted = self.length_to_judge();
            }
            if self.head.len() == self.wanted {
                // A refused message is dropped: the driver must not see it even if it reads on.
                self.judge().inspect_err(|_| self.head.clear())?;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for WatchedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        ready!(self.poll_head(context))?;
        if self.passed == self.head.len() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let rest = &self.head[self.passed..];
        let length = rest.len().min(buffer.remaining());
        buffer.put_slice(&rest[..length]);
        self.passed += length;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for WatchedStream<S> {
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
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    const CLEARTEXT: &[u8] = b"R\0\0\0\x08\0\0\0\x03";

    fn permitted(cleartext: Cleartext, accepted: &[Authentication]) -> Permitted {
        let accepted = accepted.iter().copied().collect();
        Permitted {
            cleartext,
            accepted,
        }
    }

    /// What a reader gets of bytes that arrive in these pieces.
    fn read(pieces: &[&[u8]], cleartext: Cleartext) -> (io::Result<Vec<u8>>, Option<Method>) {
        let accepted = [Authentication::Password, Authentication::ScramSha256];
        read_permitted(pieces, permitted(cleartext, &accepted))
    }

    fn read_permitted(
        pieces: &[&[u8]],
        permitted: Permitted,
    ) -> (io::Result<Vec<u8>>, Option<Method>) {
        let log = AuthenticationLog::new();
        let (mut server, client) = tokio::io::duplex(1);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let mut watched = WatchedStream::new(client, permitted, log.clone());
        let bytes = pieces.concat();
        let read = runtime.unwrap().block_on(async move {
            tokio::spawn(async move { server.write_all(&bytes).await });
            let mut read = Vec::new();
            watched.read_to_end(&mut read).await.map(|_| read)
        });
        (read, log.method())
    }

    proptest::proptest! {
        #![proptest_config(proptest::prelude::ProptestConfig { failure_persistence: None, ..Default::default() })]

        #[test]
        fn whatever_a_server_says_is_handed_on_as_it_is_or_not_at_all(
            kinds in proptest::collection::vec(("[RSEKZN]", 0_u8..16, "[\\x00-\\x0d ]{0,14}"), 0..4),
            rest in proptest::collection::vec(proptest::num::u8::ANY, 0..12),
        ) {
            let messages = kinds.iter().map(|(kind, length, body)| {
                [kind.as_bytes(), &[0, 0, 0, *length], body.as_bytes()].concat()
            });
            let sent: Vec<u8> = messages.chain([rest]).flatten().collect();
            if let (Ok(received), _) = read(&[&sent], Cleartext::NotEncrypted) {
                assert_eq!(received, sent);
            }
        }
    }

    #[test]
    fn the_password_itself_goes_only_where_it_may() {
        for cleartext in [Cleartext::NotEncrypted, Cleartext::NotVerified] {
            let (read, method) = read(&[CLEARTEXT], cleartext);
            assert_eq!(read.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
            assert_eq!(method, Some(Method::Cleartext));
        }
        let (read, _) = read(&[CLEARTEXT, b"more"], Cleartext::Allowed);
        assert_eq!(read.unwrap(), [CLEARTEXT, b"more"].concat());
    }

    #[test]
    fn a_server_that_wants_less_than_is_accepted_is_not_heard() {
        let let_in = b"R\0\0\0\x08\0\0\0\0";
        for (bytes, method) in [
            (&let_in[..], Method::Nothing),
            (CLEARTEXT, Method::Cleartext),
            (b"R\0\0\0\x0c\0\0\0\x05salt", Method::Md5),
        ] {
            let permitted = permitted(Cleartext::Allowed, &[Authentication::ScramSha256]);
            let (read, log) = read_permitted(&[bytes], permitted);
            assert_eq!(read.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
            assert_eq!(log, Some(method));
        }
    }

    #[test]
    fn a_server_that_somebody_else_named_gets_scram_at_most() {
        let plain = b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0";
        let bound = b"R\0\0\0\x2a\0\0\0\x0aSCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0";
        let md5 = b"R\0\0\0\x0c\0\0\0\x05salt";
        let trust = b"R\0\0\0\x08\0\0\0\0";
        let passes = |bytes: &'static [u8], exchange| {
            let log = AuthenticationLog::new();
            let (mut server, client) = tokio::io::duplex(3);
            let runtime = tokio::runtime::Builder::new_current_thread().build();
            let permitted = permitted(Cleartext::Allowed, &Authentication::ALL);
            let watched = WatchedStream::new(client, permitted, log);
            let mut watched = watched.allowing(exchange);
            runtime.unwrap().block_on(async move {
                tokio::spawn(async move { server.write_all(bytes).await });
                let mut read = Vec::new();
                let read = watched.read_to_end(&mut read).await.map(|_| read);
                read.is_ok_and(|read| read == bytes)
            })
        };
        for exchange in [Exchange::Scram, Exchange::BoundScram] {
            assert!(!passes(CLEARTEXT, exchange));
            assert!(!passes(md5, exchange));
            assert!(passes(bound, exchange));
            assert!(passes(trust, exchange));
        }
        assert!(passes(plain, Exchange::Scram));
        assert!(!passes(plain, Exchange::BoundScram));
        for bytes in [CLEARTEXT, md5, plain, bound, trust] {
            assert!(passes(bytes, Exchange::Any));
        }
    }

    #[test]
    fn other_messages_pass_whole_or_cut_short() {
        let scram = b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0";
        let error = b"E\0\0\0\x0aSFATAL\0";
        for (bytes, method) in [
            (&scram[..], Some(Method::Scram)),
            (&error[..], None),
            (&b"E\0\0"[..], None),
            (&b""[..], None),
        ] {
            let (read, log) = read(&[bytes], Cleartext::NotEncrypted);
            assert_eq!(read.unwrap(), bytes);
            assert_eq!(log, method);
        }
    }
}
