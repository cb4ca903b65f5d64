//! From a target to a session on its server: hosts, their addresses, the attempts of an sslmode; one overall deadline,
//! divided among the remaining attempts.
//!
//! What triggers another attempt is as in libpq (`PQconnectPoll` in fe-connect.c), with one exception: in `prefer` a
//! wrong password is not sent again without TLS.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};
use tokio_postgres::config::{
    ChannelBinding as DriverChannelBinding, SslMode as DriverSslMode, SslNegotiation,
};
use tokio_postgres::error::SqlState;
use tokio_postgres::{CancelToken, Client, Config};

use crate::domain::encoding::Encoding;
use crate::domain::failure::{Failure, Kind, Phase};
use crate::domain::password::scram::DEFAULT_ITERATIONS;
use crate::domain::password::secret::Secret;
use crate::domain::target::Target;
use crate::domain::target::address::Address;
use crate::domain::target::encryption::{ChannelBinding, SslMode};
use crate::domain::target::require_auth;
use crate::domain::target::require_auth::{Authentication, ClientCertificate};
use crate::domain::trace::Trace;
use crate::wire::authentication::{
    AuthenticationLog, Cleartext, Exchange, Method, Permitted, WatchedStream,
};
use crate::wire::backend::promised_process;
use crate::wire::bounded::BoundedStream;
use crate::wire::dial;
use crate::wire::dial::{BoxedStream, Encryption, Endpoint};
use crate::wire::failure::{Circumstances, Explainer};
use crate::wire::heard::Heard;
use crate::wire::login_steps::{LoggedIn, LoginSteps};
use crate::wire::tls;
use crate::wire::tls::{EncryptedStream, TlsConnector, TlsSession};
use crate::wire::turns::Turns;

type DriverConnection = tokio_postgres::Connection<BoxedStream, EncryptedStream>;

/// Who logs in where, and how long each step may take.
#[derive(Debug, Clone)]
pub struct LoginRequest {
    pub target: Target,
    pub user: String,
    /// `None` if the server is expected to request none (a certificate, `peer`, `trust`).
    pub password: Option<Secret>,
    /// One password per host, in the order of the hosts, if each has its own (tokens name their host); else empty.
    pub passwords_of_hosts: Vec<Secret>,
    pub timeout: Duration,
    pub trace: Trace,
}

/// A session right after the login.
pub struct Opened {
    pub client: Client,
    pub route: LoginRoute,
    pub explainer: Explainer,
    /// Whether the server requested the password, and so has verified it.
    pub was_authenticated: bool,
    /// The authentication method of the login; `None` if not known.
    pub authentication: Option<Authentication>,
    /// `None` if not encrypted.
    pub tls: Option<TlsSession>,
    /// The backend process ID that the server announced; 0 if it announced none.
    pub promised_process: i32,
    /// The `server_version_num` of the major version that the server reported.
    pub version: u32,
    /// The server's `scram_iterations`; before 16 there is no such setting, and the default applies.
    pub scram_iterations: u32,
    /// Whether the session's role is a superuser, as the server reported.
    pub is_superuser: bool,
    /// The database's encoding.
    pub encoding: Encoding,
    /// What it heard beside answers.
    pub heard: Heard,
    /// Counts the round trips, if somebody wants to know.
    pub turns: Option<Turns>,
}

/// The route that reached the server, used again by the cancel request.
pub struct LoginRoute {
    pub(super) endpoint: Endpoint,
    pub(super) encryption: Encryption,
    pub(super) connector: TlsConnector,
}

impl LoginRoute {
    /// Asks the server to cancel what the session runs.
    pub async fn cancel(&self, token: CancelToken) -> anyhow::Result<()> {
        let mut stream = dial::dial(&self.endpoint).await?;
        dial::negotiate(&mut stream, self.encryption).await?;
        token
            .cancel_query_raw(stream, self.connector.clone())
            .await?;
        Ok(())
    }
}

/// Logs in to the target's one host, or to the first of its hosts that accepts writes (libpq's
/// `target_session_attrs=read-write`).
pub async fn open(login: &LoginRequest) -> Result<Opened, Failure> {
    let deadline = Instant::now() + login.timeout;
    let addresses = login.target.addresses()?;
    let mut failures = Vec::new();
    for (tried, address) in addresses.iter().enumerate() {
        let host = Host {
            password: login
                .passwords_of_hosts
                .get(tried)
                .or(login.password.as_ref()),
            ..Host::new(login, address)?
        };
        let share = share(deadline, addresses.len() - tried);
        let opened = match host.open(share).await {
            Ok(opened) if addresses.len() > 1 => host.require_writable(opened, share).await,
            opened => opened,
        };
        match opened {
            Ok(opened) => return Ok(opened.session),
            Err(refusal) => {
                failures.push(refusal.failure);
                if refusal.next < NextTry::Host {
                    break;
                }
            }
        }
    }
    Err(merged(failures))
}

/// The deadline of the first of `ways` attempts that share the remaining time.
fn share(deadline: Instant, ways: usize) -> Instant {
    let now = Instant::now();
    let ways = u32::try_from(ways).unwrap_or(u32::MAX).max(1);
    now + deadline.saturating_duration_since(now) / ways
}

/// What may still be tried after a refusal; each variant includes those after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NextTry {
    Nothing,
    OtherEncryption,
    Host,
    Address,
}

struct LoginRefusal {
    failure: Failure,
    next: NextTry,
}

impl LoginRefusal {
    fn new(failure: Failure, next: NextTry) -> Self {
        Self { failure, next }
    }
}

/// A session, with what the server reported about itself.
struct Reported {
    session: Opened,
    /// Whether the session is read-only; `None` if the server, older than 14, did not report it.
    read_only: Option<bool>,
}

/// The `server_version_num` of a major version, from `server_version` ("15.18 (Debian …)", "18beta1").
fn version_of(text: &str) -> u32 {
    let digits = text.split(|letter: char| !letter.is_ascii_digit()).next();
    let major: u32 = digits.and_then(|digits| digits.parse().ok()).unwrap_or(0);
    major.saturating_mul(10_000)
}

/// The login at one host.
struct Host<'a> {
    login: &'a LoginRequest,
    address: &'a Address,
    password: Option<&'a Secret>,
    explainer: Explainer,
    connector: TlsConnector,
}

impl<'a> Host<'a> {
    fn new(login: &'a LoginRequest, address: &'a Address) -> Result<Self, Failure> {
        Ok(Self {
            login,
            address,
            password: login.password.as_ref(),
            explainer: Explainer::new(&login.target, address, &login.user),
            connector: tls::connector(&login.target, &address.host)
                .map_err(|failure| failure.phase(Phase::Tls))?,
        })
    }

    async fn open(&self, deadline: Instant) -> Result<Reported, LoginRefusal> {
        let started = Instant::now();
        let endpoints = timeout_at(deadline, dial::resolve(self.address))
            .await
            .map_err(|_| self.explainer.timed_out(Phase::Dns, started.elapsed()))
            .and_then(|found| found.map_err(|error| self.explainer.unreachable(Phase::Dns, error)))
            .map_err(|failure| LoginRefusal::new(failure, NextTry::Host));
        if self.address.socket().is_none() {
            let detail = self.address.host.to_string();
            let took = (started.elapsed(), 0);
            let trace = &self.login.trace;
            trace.on_network("resolve", detail, took, endpoints.is_err());
        }
        let endpoints = endpoints?;
        self.open_first(&endpoints, deadline).await
    }

    /// Tries each address of the host until one answers.
    async fn open_first(
        &self,
        endpoints: &[Endpoint],
        deadline: Instant,
    ) -> Result<Reported, LoginRefusal> {
        let mut failures = Vec::new();
        for (tried, endpoint) in endpoints.iter().enumerate() {
            let share = share(deadline, endpoints.len() - tried);
            match self.open_endpoint(endpoint, share).await {
                Err(refusal) if refusal.next == NextTry::Address => failures.push(refusal.failure),
                opened => return opened,
            }
        }
        Err(LoginRefusal::new(merged(failures), NextTry::Host))
    }

    /// Makes the attempts that the sslmode calls for.
    async fn open_endpoint(
        &self,
        endpoint: &Endpoint,
        deadline: Instant,
    ) -> Result<Reported, LoginRefusal> {
        let tls = &self.login.target.tls;
        let attempts = dial::attempts(tls.mode_at(&self.address.host), tls.negotiation());
        let mut first: Option<(Encryption, Failure)> = None;
        for encryption in attempts {
            let started = Instant::now();
            let attempt = LoginAttempt {
                host: self,
                endpoint,
                encryption: *encryption,
                started,
                deadline,
                steps: LoginSteps::new(&self.login.trace, started),
            };
            match (attempt.run().await, first.take()) {
                (Err(refusal), None) if refusal.next == NextTry::OtherEncryption => {
                    first = Some((*encryption, refusal.failure));
                }
                (Err(refusal), Some((first, failure))) => {
                    let failure = both(first, failure, refusal.failure);
                    return Err(LoginRefusal::new(failure, refusal.next));
                }
                (outcome, _) => return outcome,
            }
        }
        let (_, failure) = first.expect("every sslmode makes an attempt");
        Err(LoginRefusal::new(failure, NextTry::Nothing))
    }

    /// Refuses a read-only session. A server from 14 on has already reported that; an older one is queried.
    async fn require_writable(
        &self,
        reported: Reported,
        deadline: Instant,
    ) -> Result<Reported, LoginRefusal> {
        let read_only = match reported.read_only {
            Some(read_only) => read_only,
            None => self.ask_whether_read_only(&reported, deadline).await?,
        };
        if read_only {
            let failure = self.explainer.read_only();
            return Err(LoginRefusal::new(failure, NextTry::Host));
        }
        Ok(reported)
    }

    async fn ask_whether_read_only(
        &self,
        reported: &Reported,
        deadline: Instant,
    ) -> Result<bool, LoginRefusal> {
        let started = Instant::now();
        let asked = reported.session.client.query_typed_one(
            "SELECT pg_catalog.current_setting('transaction_read_only')",
            &[],
        );
        let row = timeout_at(deadline, asked)
            .await
            .map_err(|_| self.explainer.timed_out(Phase::Login, started.elapsed()))
            .and_then(|row| row.map_err(|error| self.explainer.explain(error, Phase::Statement)))
            .map_err(|failure| LoginRefusal::new(failure, NextTry::Host))?;
        let read_only = row.try_get::<_, &str>(0).map_err(|error| {
            let failure = self.explainer.explain(error, Phase::Statement);
            LoginRefusal::new(failure, NextTry::Host)
        })?;
        Ok(read_only == "on")
    }
}

/// One attempt to log in at one address.
struct LoginAttempt<'a> {
    host: &'a Host<'a>,
    endpoint: &'a Endpoint,
    encryption: Encryption,
    started: Instant,
    deadline: Instant,
    steps: LoginSteps,
}

impl LoginAttempt<'_> {
    async fn run(&self) -> Result<Reported, LoginRefusal> {
        let dialled = self.within(Phase::Tcp, dial::dial(self.endpoint)).await;
        self.steps.tell_dial(self.endpoint, dialled.is_err());
        let mut stream = self.steps.counted(dialled?);
        let dialled_at = Instant::now();
        let asked = dial::negotiate(&mut stream, self.encryption);
        let negotiated = self.within(Phase::Tls, asked).await;
        let is_plain = matches!(negotiated, Ok(false));
        let logged_in = match negotiated {
            Ok(encrypted) => self.log_in(stream, encrypted).await,
            Err(refusal) => Err(refusal),
        };
        let session = logged_in.as_ref().ok().map(|reported| LoggedIn {
            tls: reported.session.tls.as_ref(),
            authentication: reported.session.authentication,
        });
        let user = &self.host.login.user;
        self.steps.tell_login(user, dialled_at, is_plain, session);
        logged_in
    }

    /// Waits for the network until the deadline; after it, other addresses are tried.
    async fn within<T>(
        &self,
        phase: Phase,
        step: impl Future<Output = std::io::Result<T>>,
    ) -> Result<T, LoginRefusal> {
        let next = match phase {
            Phase::Tcp => NextTry::Address,
            _ => NextTry::Nothing,
        };
        timeout_at(self.deadline, step)
            .await
            .map_err(|_| self.timed_out(phase))?
            .map_err(|error| LoginRefusal::new(self.host.explainer.unreachable(phase, error), next))
    }

    async fn log_in(&self, stream: BoxedStream, encrypted: bool) -> Result<Reported, LoginRefusal> {
        let log = AuthenticationLog::new();
        let heard = Heard::of_login(self.host.password);
        let connector = self
            .host
            .connector
            .restarted(&log, &heard, self.steps.turns.as_ref());
        let permitted = self.permitted(encrypted, &connector);
        let stream: BoxedStream = if encrypted {
            stream
        } else {
            let exchange = if self.host.login.target.is_recorded {
                Exchange::Any
            } else {
                Exchange::Scram
            };
            let bounded = BoundedStream::new(stream, heard.clone());
            let watched = WatchedStream::new(bounded, permitted.clone(), log.clone());
            Box::new(watched.allowing(exchange))
        };
        let config = self.config(encrypted);
        let connecting = config.connect_raw(stream, connector.clone());
        let connected = timeout_at(self.deadline, connecting).await;
        let phase = if encrypted && connector.session().is_none() {
            Phase::Tls
        } else {
            Phase::Login
        };
        let circumstances = Circumstances {
            phase,
            asked_for: log.method(),
            permitted,
            has_password: self.host.password.is_some(),
        };
        let (client, connection) =
            connected
                .map_err(|_| self.timed_out(phase))?
                .map_err(|error| {
                    let next = self.next_after(&circumstances, encrypted, &error);
                    let explainer = &self.host.explainer;
                    let mut failure = explainer.explain_login(error, &circumstances);
                    failure.after_password = log.method().and_then(Method::asks_for);
                    LoginRefusal::new(failure, next)
                })?;
        let promised_process = promised_process(&client.cancel_token()).await;
        let mut reported = self.reported(client, connection, encrypted, connector);
        reported.session.heard = heard;
        reported.session.promised_process = if self.host.login.target.direct {
            self.ask_process(&reported.session.client).await?
        } else {
            promised_process
        };
        reported.session.was_authenticated = log.wants_password();
        reported.session.authentication = log.method().and_then(Method::authentication);
        Ok(reported)
    }

    /// If the target is known to be the server itself, the process that answers first is taken for the announced one:
    /// the proxies of some services (Neon) announce process IDs that they made up.
    async fn ask_process(&self, client: &Client) -> Result<i32, LoginRefusal> {
        let asked = client.query_typed_one("SELECT pg_catalog.pg_backend_pid()", &[]);
        let row = timeout_at(self.deadline, asked)
            .await
            .map_err(|_| self.timed_out(Phase::Login))?;
        let explainer = &self.host.explainer;
        row.and_then(|row| row.try_get(0)).map_err(|error| {
            LoginRefusal::new(explainer.explain(error, Phase::Statement), NextTry::Nothing)
        })
    }

    fn reported(
        &self,
        client: Client,
        connection: DriverConnection,
        encrypted: bool,
        connector: TlsConnector,
    ) -> Reported {
        let on = |name| connection.parameter(name).map(|value| value == "on");
        let standby = on("in_hot_standby");
        let read_only = on("default_transaction_read_only");
        let is_superuser = on("is_superuser").unwrap_or(false);
        let version = connection.parameter("server_version").map_or(0, version_of);
        let iterations = connection.parameter("scram_iterations");
        let iterations = iterations.and_then(|count| count.parse().ok());
        let encoding = Encoding::reported(connection.parameter("server_encoding"));
        // If the connection ends, the client's calls report it.
        tokio::spawn(async { connection.await.ok() });
        let encryption = match self.encryption {
            _ if !encrypted => Encryption::Plain,
            Encryption::Direct => Encryption::Direct,
            _ => Encryption::Required,
        };
        Reported {
            session: Opened {
                client,
                tls: connector.session().cloned(),
                route: LoginRoute {
                    endpoint: self.endpoint.clone(),
                    encryption,
                    connector,
                },
                explainer: self.host.explainer.clone(),
                was_authenticated: false,
                authentication: None,
                promised_process: 0,
                version,
                scram_iterations: iterations.unwrap_or(DEFAULT_ITERATIONS),
                is_superuser,
                encoding,
                heard: Heard::default(),
                turns: self.steps.turns.clone(),
            },
            read_only: standby
                .zip(read_only)
                .map(|(standby, read_only)| standby || read_only),
        }
    }

    /// Which authentication methods the server may request.
    fn permitted(&self, encrypted: bool, connector: &TlsConnector) -> Permitted {
        if encrypted {
            return connector.permitted().clone();
        }
        let said = self.host.login.target.require_auth.as_ref();
        let accepted =
            require_auth::accepted(said, &self.host.address.host, ClientCertificate::NotShown);
        Permitted {
            cleartext: match self.endpoint {
                Endpoint::Unix(_) => Cleartext::Allowed,
                Endpoint::Tcp(_) => Cleartext::NotEncrypted,
            },
            accepted,
        }
    }

    fn next_after(
        &self,
        circumstances: &Circumstances,
        encrypted: bool,
        error: &tokio_postgres::Error,
    ) -> NextTry {
        if error.code() == Some(&SqlState::CANNOT_CONNECT_NOW) {
            return NextTry::Host;
        }
        let no_hba_line = error.code() == Some(&SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
        let no_tls = encrypted && circumstances.phase == Phase::Tls;
        let mode = self.host.login.target.tls.mode_at(&self.host.address.host);
        let other = match (self.encryption, mode) {
            (Encryption::Offered, _) => no_tls || (encrypted && no_hba_line),
            (Encryption::Plain, SslMode::Allow) => no_hba_line,
            _ => false,
        };
        if other {
            NextTry::OtherEncryption
        } else {
            NextTry::Nothing
        }
    }

    fn config(&self, encrypted: bool) -> Config {
        let login = self.host.login;
        let mut config = Config::new();
        config
            .user(&login.user)
            .dbname(login.target.database.as_str())
            .application_name(concat!("pgrole/", env!("CARGO_PKG_VERSION")));
        if let Some(password) = self.host.password {
            config.password(password.expose());
        }
        let binding = login.target.tls.channel_binding_at(&self.host.address.host);
        config.channel_binding(match binding {
            // The driver binds if the server offers it, which is checked before the driver sees the offer.
            ChannelBinding::Disable if encrypted && !login.target.is_recorded => {
                DriverChannelBinding::Prefer
            }
            ChannelBinding::Disable => DriverChannelBinding::Disable,
            ChannelBinding::Prefer => DriverChannelBinding::Prefer,
            ChannelBinding::Require => DriverChannelBinding::Require,
        });
        if encrypted {
            // The SSL request has been answered already: the driver starts with the handshake.
            config.ssl_mode(DriverSslMode::Require);
            config.ssl_negotiation(SslNegotiation::Direct);
        } else {
            config.ssl_mode(DriverSslMode::Disable);
        }
        config
    }

    fn timed_out(&self, phase: Phase) -> LoginRefusal {
        let limit = self.deadline.duration_since(self.started);
        LoginRefusal::new(
            self.host.explainer.timed_out(phase, limit),
            NextTry::Address,
        )
    }
}

/// Two attempts at one address, of which the encrypted one says more about what is wrong.
fn both(first: Encryption, one: Failure, other: Failure) -> Failure {
    let (with, without) = if first == Encryption::Plain {
        (other, one)
    } else {
        (one, other)
    };
    let cause = Failure::new(
        without.kind,
        format!("without TLS: {}", without.in_one_line()),
    );
    Failure::new(with.kind, format!("with TLS: {}", with.in_one_line()))
        .with_advice_of(&with)
        .caused_by(cause)
}

/// The errors of several addresses in one.
fn merged(mut failures: Vec<Failure>) -> Failure {
    let lines: Vec<_> = failures.iter().map(Failure::in_one_line).collect();
    let first = failures.swap_remove(0);
    if lines.iter().all(|line| *line == lines[0]) {
        return first;
    }
    let alike = failures.iter().all(|failure| failure.kind == first.kind);
    let kind = if alike { first.kind } else { Kind::Unreachable };
    let cause = lines
        .iter()
        .rev()
        .fold(None, |below: Option<Failure>, line| {
            let line = Failure::new(kind, line.as_str());
            Some(match below {
                Some(below) => line.caused_by(below),
                None => line,
            })
        });
    let message = "none of the target's hosts can be used";
    let failure = Failure::new(kind, message).with_advice_of(&first);
    failure.caused_by(cause.expect("there are lines"))
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{SocketAddr, TcpListener};

    use super::*;

    /// A server without TLS that asks for SCRAM; its address.
    fn server_that_wants_a_password() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            for answer in [&b"N"[..], b"R\0\0\0\x17\0\0\0\x0aSCRAM-SHA-256\0\0"] {
                let mut bytes = [0; 1024];
                assert!(stream.read(&mut bytes).unwrap() > 0);
                stream.write_all(answer).unwrap();
            }
        });
        address
    }

    fn nobody() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    }

    fn login_without_password() -> LoginRequest {
        LoginRequest {
            target: Target::example(),
            user: "dba".to_owned(),
            password: None,
            passwords_of_hosts: Vec::new(),
            timeout: Duration::from_secs(10),
            trace: Trace::default(),
        }
    }

    #[test]
    fn each_address_of_a_name_is_tried_and_a_missing_password_is_named() {
        let login = login_without_password();
        let address = login.target.addresses().unwrap().swap_remove(0);
        let host = Host::new(&login, &address).unwrap();
        let endpoints = [nobody(), server_that_wants_a_password()].map(Endpoint::Tcp);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build();
        let opened = runtime.unwrap().block_on(async {
            let deadline = Instant::now() + login.timeout;
            host.open_first(&endpoints, deadline).await
        });
        let Err(refusal) = opened else {
            panic!("there is no such login");
        };
        assert_eq!(refusal.failure.kind, Kind::NoCredential);
        assert_eq!(
            refusal.failure.message,
            "localhost:5432 requests a password for \"dba\", and none was found"
        );
    }
}
