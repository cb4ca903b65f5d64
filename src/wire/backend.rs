//! The backend process ID that the server announced at login. A pooler in front of the server announces one that it
//! made up.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::future::{Ready, ready};

use tokio::io::{AsyncReadExt, DuplexStream};
use tokio_postgres::CancelToken;
use tokio_postgres::tls::{ChannelBinding, TlsConnect, TlsStream};

use crate::wire::authentication::{AuthenticationLog, Cleartext, Permitted, WatchedStream};

/// Length, code, process id and key (PostgreSQL documentation, "Message Formats", "CancelRequest").
const CANCEL_REQUEST: usize = 16;

/// Reads the process ID that the server sent (`BackendKeyData`); 0 if it sent none. The driver exposes it only in the
/// cancel requests that it writes.
pub async fn promised_process(token: &CancelToken) -> i32 {
    let (near, mut far) = tokio::io::duplex(CANCEL_REQUEST);
    let mut request = [0; CANCEL_REQUEST];
    if token.cancel_query_raw(near, Unencrypted).await.is_err() {
        return 0;
    }
    match far.read_exact(&mut request).await {
        Ok(_) => i32::from_be_bytes([request[8], request[9], request[10], request[11]]),
        Err(_) => 0,
    }
}

/// A stand-in for TLS: what is written never leaves this process.
struct Unencrypted;

impl TlsConnect<DuplexStream> for Unencrypted {
    type Stream = WatchedStream<DuplexStream>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Stream, Infallible>>;

    fn connect(self, stream: DuplexStream) -> Self::Future {
        ready(Ok(WatchedStream::new(
            stream,
            Permitted {
                cleartext: Cleartext::NotEncrypted,
                accepted: BTreeSet::new(),
            },
            AuthenticationLog::new(),
        )))
    }
}

impl TlsStream for WatchedStream<DuplexStream> {
    fn channel_binding(&self) -> ChannelBinding {
        ChannelBinding::none()
    }
}
