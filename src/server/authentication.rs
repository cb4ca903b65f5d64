//! Listens to how the server wants the login proved, and keeps the password from one that must not have it.
//!
//! The driver answers whatever is asked. Only its first request counts: after it, the driver takes no other.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use crate::domain::failure::AskedFor;
use crate::domain::require_auth::Authentication;

/// Type, length and code of an authentication request (PostgreSQL documentation, "Message Formats").
const HEAD: usize = 9;
const AUTHENTICATION: u8 = b'R';
const NOTHING_HEARD: i32 = -1;

/// How the server wants the login proved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Not at all: `trust`, `peer`, or the certificate that it has seen already.
    Nothing,
    /// The password itself: `password`, `ldap`, `pam`, `radius`.
    Cleartext,
    Md5,
    Scram,
    Other,
}

impl Method {
    pub fn wants_password(self) -> bool {
        self.asks_for().is_some()
    }

    /// libpq's name for it; None: pgrole does not know the method.
    pub fn authentication(self) -> Option<Authentication> {
        Some(match self {
            Self::Nothing => Authentication::None,
            Self::Cleartext => Authentication::Password,
            Self::Md5 => Authentication::Md5,
            Self::Scram => Authentication::ScramSha256,
            Self::Other => return None,
        })
    }

    /// What of the password it wants; None: nothing.
    pub fn asks_for(self) -> Option<AskedFor> {
        match self {
            Self::Cleartext => Some(AskedFor::ThePassword),
            Self::Md5 | Self::Scram => Some(AskedFor::AProof),
            Self::Nothing | Self::Other => None,
        }
    }
}

/// What was heard on a stream, for those who explain its errors.
#[derive(Debug, Clone)]
pub struct Heard(Arc<AtomicI32>);

impl Heard {
    pub fn new() -> Self {
        Self(Arc::new(AtomicI32::new(NOTHING_HEARD)))
    }

    /// The method of the server's request; None where there was none.
    pub fn method(&self) -> Option<Method> {
        match self.0.load(Ordering::SeqCst) {
            NOTHING_HEARD => None,
            0 => Some(Method::Nothing),
            3 => Some(Method::Cleartext),
            5 => Some(Method::Md5),
            10 => Some(Method::Scram),
            _ => Some(Method::Other),
        }
    }

    /// Whether the server asked for the password.
    pub fn wants_password(&self) -> bool {
        self.method().is_some_and(Method::wants_password)
    }
}

/// Whether a server may have the password itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cleartext {
    Allowed,
    /// Anybody on the way could read it.
    NotEncrypted,
    /// Whoever answers there could be anybody.
    NotVerified,
}

impl fmt::Display for Cleartext {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Allowed => "a connection that may carry it",
            Self::NotEncrypted => "a connection that is not encrypted",
            Self::NotVerified => "a connection to a server whose certificate was not checked",
        })
    }
}

/// What a server is given of what it may ask for.
#[derive(Debug, Clone)]
pub struct Permitted {
    pub cleartext: Cleartext,
    pub accepted: BTreeSet<Authentication>,
}

impl Permitted {
    /// Whether the target accepts the method; one that pgrole does not know fails by itself.
    pub fn accepts(&self, method: Method) -> bool {
        let method = method.authentication();
        method.is_none_or(|method| self.accepted.contains(&method))
    }

    fn permits(&self, method: Method) -> bool {
        let is_withheld = method == Method::Cleartext && self.cleartext != Cleartext::Allowed;
        self.accepts(method) && !is_withheld
    }
}

/// A stream whose first message from the server is looked at before it passes.
pub struct Watched<S> {
    stream: S,
    permitted: Permitted,
    heard: Heard,
    head: Vec<u8>,
    passed: usize,
}

impl<S> Watched<S> {
    pub fn new(stream: S, permitted: Permitted, heard: Heard) -> Self {
        Self {
            stream,
            permitted,
            heard,
            head: Vec::with_capacity(HEAD),
            passed: 0,
        }
    }

    pub fn stream(&self) -> &S {
        &self.stream
    }

    /// Takes note of the request, and refuses one that the server must not make: for the password itself where it must
    /// not go, or for less than a proof that the target accepts.
    fn judge(&self) -> io::Result<()> {
        let [AUTHENTICATION, _, _, _, _, code @ ..] = self.head.as_slice() else {
            return Ok(());
        };
        let Ok(code) = code.try_into() else {
            return Ok(());
        };
        self.heard
            .0
            .store(i32::from_be_bytes(code), Ordering::SeqCst);
        let method = self.heard.method();
        if method.is_some_and(|method| !self.permitted.permits(method)) {
            return Err(io::Error::from(io::ErrorKind::PermissionDenied));
        }
        Ok(())
    }
}

impl<S: AsyncRead + Unpin> Watched<S> {
    /// Reads the head of the first message, or what there is of it before the end.
    fn poll_head(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.passed == 0 && self.head.len() < HEAD {
            let mut bytes = [0; HEAD];
            let mut buffer = ReadBuf::new(&mut bytes[..HEAD - self.head.len()]);
            ready!(Pin::new(&mut self.stream).poll_read(context, &mut buffer))?;
            if buffer.filled().is_empty() {
                break;
            }
            self.head.extend_from_slice(buffer.filled());
            if self.head.len() == HEAD {
                // What is refused is forgotten: the driver must not see it even if it reads on.
                self.judge().inspect_err(|_| self.head.clear())?;
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
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

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
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
        let heard = Heard::new();
        let (mut server, client) = tokio::io::duplex(1);
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let mut watched = Watched::new(client, permitted, heard.clone());
        let bytes = pieces.concat();
        let read = runtime.unwrap().block_on(async move {
            tokio::spawn(async move { server.write_all(&bytes).await });
            let mut read = Vec::new();
            watched.read_to_end(&mut read).await.map(|_| read)
        });
        (read, heard.method())
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
            let (read, heard) = read_permitted(&[bytes], permitted);
            assert_eq!(read.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
            assert_eq!(heard, Some(method));
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
            let (read, heard) = read(&[bytes], Cleartext::NotEncrypted);
            assert_eq!(read.unwrap(), bytes);
            assert_eq!(heard, method);
        }
    }
}
