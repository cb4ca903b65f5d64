//! The network below a login: name resolution, sockets, and the request for TLS.

use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};

use crate::domain::target::address::Address;
use crate::domain::target::encryption::{SslMode, SslNegotiation};

/// A dead peer is noticed after about 30 s + 3 × 10 s, not after two hours.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
/// SSLRequest: length 8, code 80877103 (PostgreSQL documentation, "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// What a session runs over: TCP or a Unix socket.
pub trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}
pub type BoxedStream = Box<dyn Stream>;

/// One place to connect to.
#[derive(Debug, Clone)]
pub enum Endpoint {
    Tcp(SocketAddr),
    Unix(PathBuf),
}

impl fmt::Display for Endpoint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(formatter),
            Self::Unix(path) => path.display().fmt(formatter),
        }
    }
}

/// How one attempt uses TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    Plain,
    /// TLS if the server offers it, else plain text.
    Offered,
    Required,
    /// TLS from the first byte, without an SSLRequest.
    Direct,
}

/// The attempts that an sslmode makes, in libpq's order (PostgreSQL documentation, "SSL Mode Descriptions").
pub fn attempts(mode: SslMode, negotiation: SslNegotiation) -> &'static [Encryption] {
    match mode {
        SslMode::Disable => &[Encryption::Plain],
        SslMode::Allow => &[Encryption::Plain, Encryption::Required],
        SslMode::Prefer => &[Encryption::Offered, Encryption::Plain],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => match negotiation {
            SslNegotiation::Postgres => &[Encryption::Required],
            SslNegotiation::Direct => &[Encryption::Direct],
        },
    }
}

/// All endpoints that a host name resolves to, in the resolver's order.
pub async fn resolve(address: &Address) -> io::Result<Vec<Endpoint>> {
    if let Some(path) = address.socket() {
        return Ok(vec![Endpoint::Unix(path)]);
    }
    let found = tokio::net::lookup_host((address.host.as_str(), address.port)).await?;
    let endpoints: Vec<_> = found.map(Endpoint::Tcp).collect();
    if endpoints.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "the host name has no address",
        ));
    }
    Ok(endpoints)
}

pub async fn dial(endpoint: &Endpoint) -> io::Result<BoxedStream> {
    match endpoint {
        Endpoint::Unix(path) => Ok(Box::new(UnixStream::connect(path).await?)),
        Endpoint::Tcp(address) => {
            let stream = TcpStream::connect(address).await?;
            stream.set_nodelay(true)?;
            let keepalive = socket2::TcpKeepalive::new()
                .with_time(KEEPALIVE_IDLE)
                .with_interval(KEEPALIVE_INTERVAL);
            let socket = socket2::SockRef::from(&stream);
            socket.set_tcp_keepalive(&keepalive)?;
            #[cfg(target_os = "linux")]
            socket.set_tcp_user_timeout(Some(KEEPALIVE_IDLE))?;
            Ok(Box::new(stream))
        }
    }
}

/// Requests TLS if the attempt calls for it; returns whether a handshake follows.
pub async fn negotiate(stream: &mut BoxedStream, encryption: Encryption) -> io::Result<bool> {
    match encryption {
        Encryption::Plain => return Ok(false),
        Encryption::Direct => return Ok(true),
        Encryption::Offered | Encryption::Required => {}
    }
    stream.write_all(&SSL_REQUEST).await?;
    // Exactly one byte: what an attacker injected after it must not be taken for encrypted (CVE-2021-23222).
    let answer = stream.read_u8().await?;
    let unexpected = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
    match (answer, encryption) {
        (b'S', _) => Ok(true),
        (b'N', Encryption::Offered) => Ok(false),
        (b'N', _) => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "the server does not offer TLS",
        )),
        // Its text is not shown: the server is not authenticated yet (CVE-2024-10977).
        (b'E', _) => unexpected("the server answered the request for TLS with an error"),
        _ => unexpected("the server does not speak PostgreSQL's protocol"),
    }
}
