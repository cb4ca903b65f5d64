//! Tells the steps of a login, for those who want to know where its time goes.

use tokio::time::Instant;

use crate::domain::target::require_auth::Authentication;
use crate::domain::trace::Trace;
use crate::wire::dial::{BoxedStream, Endpoint};
use crate::wire::tls::TlsSession;
use crate::wire::turns::Turns;

/// The steps of one attempt.
pub struct LoginSteps {
    trace: Trace,
    started: Instant,
    /// Counts the round trips, if somebody wants to know.
    pub turns: Option<Turns>,
}

/// What a login came to.
#[derive(Clone, Copy)]
pub struct LoggedIn<'a> {
    /// `None` if it is not encrypted.
    pub tls: Option<&'a TlsSession>,
    pub authentication: Option<Authentication>,
}

impl LoginSteps {
    pub fn new(trace: &Trace, started: Instant) -> Self {
        Self {
            trace: trace.clone(),
            started,
            turns: trace.is_told().then(Turns::default),
        }
    }

    /// The stream, whose round trips are counted if somebody wants to know.
    pub fn counted(&self, stream: BoxedStream) -> BoxedStream {
        match &self.turns {
            Some(turns) => turns.of(stream),
            None => stream,
        }
    }

    pub fn tell_dial(&self, endpoint: &Endpoint, has_failed: bool) {
        if self.turns.is_none() {
            return;
        }
        let round_trips = match endpoint {
            Endpoint::Tcp(_) => 1,
            Endpoint::Unix(_) => 0,
        };
        let took = (self.started.elapsed(), round_trips);
        self.trace
            .on_network("dial", endpoint.to_string(), took, has_failed);
    }

    /// Tells what followed the dial: the TLS handshake, unless the login is in plain text, and the authentication.
    /// `logged_in` is `None` if either failed.
    pub fn tell_login(
        &self,
        user: &str,
        dialled_at: Instant,
        is_plain: bool,
        logged_in: Option<LoggedIn<'_>>,
    ) {
        let Some(turns) = &self.turns else {
            return;
        };
        let (ended_at, count) = (Instant::now(), turns.count());
        let tls = logged_in.and_then(|logged_in| logged_in.tls);
        let tls = tls.map(|tls| format!("{}, {}", tls.version, tls.cipher));
        let tls = tls.unwrap_or_default();
        let (shaken_at, shaken) = match turns.handshake() {
            Some(shaken) => {
                let took = (shaken.0 - dialled_at, shaken.1);
                self.trace.on_network("TLS", tls, took, false);
                shaken
            }
            None if !is_plain => {
                let took = (ended_at - dialled_at, count);
                self.trace.on_network("TLS", tls, took, true);
                return;
            }
            None => (dialled_at, 0),
        };
        let method = logged_in.and_then(|logged_in| logged_in.authentication);
        let method = method.map_or_else(String::new, |method| format!(", {}", method.as_str()));
        let took = (ended_at - shaken_at, count - shaken);
        let who = format!("as \"{user}\"{method}");
        self.trace
            .on_network("log in", who, took, logged_in.is_none());
    }
}
