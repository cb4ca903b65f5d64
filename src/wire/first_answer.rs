//! What a server answers first to a login of some role: which authentication its `pg_hba.conf` asks for there, without a
//! right to read that. Nothing is sent after the startup packet, so that no session of the role does anything.

use std::io;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_postgres::tls::TlsConnect;

use crate::wire::authentication::{AuthenticationLog, Method};
use crate::wire::dial;
use crate::wire::heard::Heard;
use crate::wire::login::LoginRoute;

/// The version of the protocol, 3.0 (PostgreSQL documentation, "Message Formats", "StartupMessage").
const PROTOCOL: i32 = 196_608;
/// No error that a server sends before authentication is longer.
const LONGEST: usize = 64 * 1024;

/// The first message of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FirstAnswer {
    /// It asks for a proof, or for none.
    Asks(Method),
    /// It refuses the login before that.
    Refuses { sqlstate: String, message: String },
}

/// Sends the startup packet of `user` over the route of a session, reads one message, and closes.
///
/// # Errors
/// If the server cannot be reached, or says something else.
pub async fn ask(route: &LoginRoute, user: &str, database: &str) -> io::Result<FirstAnswer> {
    let mut stream = dial::dial(&route.endpoint).await?;
    if !dial::negotiate(&mut stream, route.encryption).await? {
        return exchange(&mut stream, user, database).await;
    }
    let log = AuthenticationLog::new();
    let connector = route.connector.restarted(&log, &Heard::default(), None);
    let connected = connector.connect(stream).await;
    let mut stream = connected.map_err(io::Error::other)?;
    match (exchange(&mut stream, user, database).await, log.method()) {
        // The stream hides a request that pgrole itself would not grant.
        (Err(_), Some(method)) => Ok(FirstAnswer::Asks(method)),
        (answer, _) => answer,
    }
}

async fn exchange<S>(stream: &mut S, user: &str, database: &str) -> io::Result<FirstAnswer>
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    stream.write_all(&startup(user, database)).await?;
    stream.flush().await?;
    let kind = stream.read_u8().await?;
    let length = usize::try_from(stream.read_i32().await?).unwrap_or(0);
    if !(8..=LONGEST).contains(&length) {
        return Err(unexpected());
    }
    let mut body = vec![0; length - 4];
    stream.read_exact(&mut body).await?;
    match kind {
        b'R' => method(&body).map(FirstAnswer::Asks).ok_or_else(unexpected),
        b'E' => Ok(refusal(&body)),
        _ => Err(unexpected()),
    }
}

fn startup(user: &str, database: &str) -> Vec<u8> {
    let mut body = PROTOCOL.to_be_bytes().to_vec();
    for text in ["user", user, "database", database] {
        body.extend_from_slice(text.as_bytes());
        body.push(0);
    }
    body.push(0);
    let length = i32::try_from(body.len() + 4).unwrap_or(i32::MAX);
    [length.to_be_bytes().as_slice(), &body].concat()
}

fn method(body: &[u8]) -> Option<Method> {
    let code: [u8; 4] = body.get(..4)?.try_into().ok()?;
    Some(Method::of_code(i32::from_be_bytes(code)))
}

/// The fields of an error: a letter and a text each.
fn refusal(body: &[u8]) -> FirstAnswer {
    let fields = || body.split(|byte| *byte == 0);
    let field = |letter: u8| {
        let mut texts = fields().filter_map(|field| field.split_first());
        let found = texts.find(|(first, _)| **first == letter);
        found.map_or_else(String::new, |(_, text)| {
            String::from_utf8_lossy(text).into_owned()
        })
    };
    FirstAnswer::Refuses {
        sqlstate: field(b'C'),
        message: field(b'M'),
    }
}

fn unexpected() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "the server does not speak PostgreSQL's protocol",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_read_by_its_letters() {
        let body = b"SFATAL\0VFATAL\0C28000\0Mno pg_hba.conf entry\0\0";
        let wanted = FirstAnswer::Refuses {
            sqlstate: "28000".to_owned(),
            message: "no pg_hba.conf entry".to_owned(),
        };
        assert_eq!(refusal(body), wanted);
        assert_eq!(method(&[0, 0, 0, 10, b'S']), Some(Method::Scram));
        assert_eq!(method(&[0, 0]), None);
    }

    #[test]
    fn a_startup_packet_says_who_and_where() {
        let packet = startup("jane", "myapp");
        assert_eq!(packet.len(), usize::from(packet[3]));
        assert!(packet.ends_with(b"user\0jane\0database\0myapp\0\0"));
    }
}
