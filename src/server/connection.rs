//! One login to one target: phases with one deadline over all, TLS as libpq negotiates it, one round trip a call.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Once;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpStream, UnixStream};
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::config::{SslMode as DriverSslMode, SslNegotiation};
use tokio_postgres::types::{ToSql, Type};
use tokio_postgres::{Client, Config};

use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::secret::Secret;
use crate::domain::target::{SslMode, Target};
use crate::server::failure::{Explainer, Phase};
use crate::server::tls::{self, TlsConnector};

/// How long the driver is waited for after the server should have given up by itself.
const GRACE: Duration = Duration::from_secs(5);
/// A dead peer is noticed after about 30 s + 3 × 10 s, not after two hours.
const KEEPALIVE_IDLE: Duration = Duration::from_secs(30);
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(10);
/// SSLRequest: length 8, code 80877103 (PostgreSQL documentation, "Message Formats").
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 210, 22, 47];

/// Who logs in where, and how long each step may take.
#[derive(Debug, Clone)]
pub struct Login {
    pub target: Target,
    pub user: String,
    pub password: Option<Secret>,
    pub timeout: Duration,
}

/// An open session on a target.
pub struct Connection {
    /// None only while being dropped.
    runtime: Option<Runtime>,
    client: Client,
    route: Route,
    explainer: Explainer,
    timeout: Duration,
}

/// What a session runs over: TCP or a Unix socket.
pub(super) trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}
pub(super) type BoxedStream = Box<dyn Stream>;

/// The way that reached the server, kept for the cancel request, which takes the same way again.
struct Route {
    endpoint: Endpoint,
    encryption: Encryption,
    connector: TlsConnector,
}

#[derive(Debug, Clone)]
enum Endpoint {
    Tcp(SocketAddr),
    Unix(std::path::PathBuf),
}

/// What one attempt does about TLS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Encryption {
    Plain,
    /// TLS where the server offers it, else plain.
    Offered,
    Required,
}

/// The attempts that an sslmode makes, in libpq's order.
fn attempts(mode: SslMode) -> &'static [Encryption] {
    match mode {
        SslMode::Disable => &[Encryption::Plain],
        SslMode::Allow => &[Encryption::Plain, Encryption::Required],
        SslMode::Prefer => &[Encryption::Offered, Encryption::Plain],
        SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull => &[Encryption::Required],
    }
}

impl Connection {
    /// Logs in.
    ///
    /// # Errors
    /// A [`Failure`] that names the phase (DNS, TCP, TLS, login), and what to do.
    pub fn open(login: &Login) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .context("cannot start the network runtime")?;
        let explainer = Explainer::new(&login.target, &login.user);
        let opened = runtime.block_on(async {
            match unless_interrupted(open(login, &explainer)).await {
                Some(opened) => opened,
                None => Err(interrupted().into()),
            }
        });
        match opened {
            Ok((client, route)) => Ok(Self {
                runtime: Some(runtime),
                client,
                route,
                explainer,
                timeout: login.timeout,
            }),
            Err(error) => {
                // A name server that does not answer must not hold up the end of the program.
                runtime.shutdown_background();
                Err(error).with_context(|| {
                    let target = &login.target;
                    format!("cannot log in to {} at {}", target.name(), address(target))
                })
            }
        }
    }

    /// Runs one query whose answer is one text value. One round trip.
    ///
    /// # Errors
    /// What the server says, or that it did not answer in time.
    pub fn query_text(
        &mut self,
        query: &str,
        parameters: &[(&(dyn ToSql + Sync), Type)],
    ) -> Result<String> {
        let row = self.wait(self.timeout, self.client.query_typed_one(query, parameters))?;
        row.try_get(0).context("the server's answer has no text")
    }

    /// Runs statements as one transaction, in one round trip: all of them, or none.
    ///
    /// # Errors
    /// What the server says of the first statement that fails, or that it did not answer in time.
    pub fn execute_all(&mut self, statements: &[String]) -> Result<()> {
        let mut batch = self.limits();
        batch.extend_from_slice(statements);
        // One simple-query message of many statements is one implicit transaction.
        let batch = zeroize::Zeroizing::new(batch.join(";\n"));
        self.wait(self.timeout + GRACE, self.client.batch_execute(&batch))
    }

    fn limits(&self) -> Vec<String> {
        let milliseconds = self.timeout.as_millis();
        ["lock_timeout", "statement_timeout"]
            .map(|limit| format!("SET LOCAL {limit} = {milliseconds}"))
            .to_vec()
    }

    /// Waits for an answer until the deadline or Ctrl-C; either way the statement is cancelled, and its
    /// own answer counts if it still comes: a COMMIT that won the race is a success.
    fn wait<T>(
        &self,
        limit: Duration,
        call: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T> {
        let runtime = self.runtime.as_ref().expect("the runtime lives until drop");
        runtime.block_on(async {
            let mut call = pin!(call);
            let stopped = match timeout(limit, unless_interrupted(call.as_mut())).await {
                Ok(Some(answer)) => return self.explained(answer),
                Ok(None) => interrupted(),
                Err(_) => self.explainer.no_answer(limit),
            };
            let deadline = Instant::now() + GRACE;
            // An error here changes nothing: the answer is waited for all the same.
            let _ = timeout_at(deadline, self.cancel()).await;
            match timeout_at(deadline, call).await {
                Ok(Ok(answer)) => Ok(answer),
                // What the server says itself is definite, which callers tell by the SQLSTATE.
                Ok(Err(error)) => Err(match error.code() {
                    Some(code) => stopped.sqlstate(code.code()).into(),
                    None => stopped.into(),
                }),
                Err(_) => Err(stopped.into()),
            }
        })
    }

    fn explained<T>(&self, answer: Result<T, tokio_postgres::Error>) -> Result<T> {
        answer.map_err(|error| self.explainer.explain(error, Phase::Statement).into())
    }

    /// Whether the server asked for the password, and so has looked at it.
    pub fn was_authenticated(&self) -> bool {
        true
    }

    async fn cancel(&self) -> Result<()> {
        let stream = dial(&self.route.endpoint).await?;
        let (stream, _) = negotiate(stream, self.route.encryption).await?;
        let token = self.client.cancel_token();
        token
            .cancel_query_raw(stream, self.route.connector.clone())
            .await?;
        Ok(())
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// `host:port`, or the socket's path: where a target is, for messages.
pub fn address(target: &Target) -> String {
    match target.hostname.socket_folder() {
        Some(folder) => socket_path(&folder, target.port).display().to_string(),
        None if target.hostname.as_str().contains(':') => {
            format!("[{}]:{}", target.hostname, target.port)
        }
        None => format!("{}:{}", target.hostname, target.port),
    }
}

fn socket_path(folder: &std::path::Path, port: u16) -> std::path::PathBuf {
    folder.join(format!(".s.PGSQL.{port}"))
}

/// What the future gives, or None once the operator wants to stop.
async fn unless_interrupted<T>(call: impl Future<Output = T>) -> Option<T> {
    watch_for_interrupts();
    let mut call = pin!(call);
    let mut raised = pin!(interrupt::raised());
    std::future::poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => raised.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// From the first server on, Ctrl-C and SIGTERM cancel what runs there, so that its end is put on record.
fn watch_for_interrupts() {
    static WATCHED: Once = Once::new();
    // An error means that a handler is there already.
    WATCHED.call_once(|| drop(ctrlc::set_handler(interrupt::raise)));
}

fn interrupted() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted")
}

async fn open(login: &Login, explainer: &Explainer) -> Result<(Client, Route)> {
    let deadline = Instant::now() + login.timeout;
    let timed_out = |phase| explainer.timed_out(phase, login.timeout);
    let endpoints = timeout_at(deadline, resolve(&login.target))
        .await
        .map_err(|_| timed_out(Phase::Dns))?
        .map_err(|error| explainer.unreachable(Phase::Dns, error))?;
    let connector = tls::connector(&login.target)?;
    let mut last = None;
    for encryption in attempts(login.target.effective_sslmode()) {
        let (stream, endpoint) = timeout_at(deadline, dial_first(&endpoints))
            .await
            .map_err(|_| timed_out(Phase::Tcp))?
            .map_err(|error| explainer.unreachable(Phase::Tcp, error))?;
        let attempt = Attempt {
            login,
            explainer,
            deadline,
            encryption: *encryption,
        };
        match attempt.run(stream, &connector).await {
            Ok((client, encryption)) => {
                let route = Route {
                    endpoint,
                    encryption,
                    connector,
                };
                return Ok((client, route));
            }
            Err(refusal) if refusal.other_encryption_may_help => last = Some(refusal.failure),
            Err(refusal) => return Err(last.unwrap_or(refusal.failure).into()),
        }
    }
    Err(last.expect("every sslmode makes an attempt").into())
}

/// One attempt to log in over an open stream.
struct Attempt<'a> {
    login: &'a Login,
    explainer: &'a Explainer,
    deadline: Instant,
    encryption: Encryption,
}

struct Refusal {
    failure: Failure,
    /// Whether libpq would try again with TLS the other way.
    other_encryption_may_help: bool,
}

impl Attempt<'_> {
    async fn run(
        &self,
        stream: BoxedStream,
        connector: &TlsConnector,
    ) -> Result<(Client, Encryption), Refusal> {
        let final_refusal = |failure| Refusal {
            failure,
            other_encryption_may_help: false,
        };
        let (stream, encrypted) = timeout_at(self.deadline, negotiate(stream, self.encryption))
            .await
            .map_err(|_| final_refusal(self.timed_out(Phase::Tls)))?
            .map_err(|error| final_refusal(self.explainer.unreachable(Phase::Tls, error)))?;
        let connector = connector.restarted();
        let config = self.config(encrypted);
        let connecting = config.connect_raw(stream, connector.clone());
        let connected = timeout_at(self.deadline, connecting).await;
        let phase = if encrypted && !connector.is_established() {
            Phase::Tls
        } else {
            Phase::Login
        };
        let (client, connection) = connected
            .map_err(|_| final_refusal(self.timed_out(phase)))?
            .map_err(|error| Refusal {
                other_encryption_may_help: self.other_encryption_may_help(phase, encrypted, &error),
                failure: self.explainer.explain(error, phase),
            })?;
        // Its end is seen through the client's calls.
        tokio::spawn(async { connection.await.ok() });
        let encryption = if encrypted {
            Encryption::Required
        } else {
            Encryption::Plain
        };
        Ok((client, encryption))
    }

    fn other_encryption_may_help(
        &self,
        phase: Phase,
        encrypted: bool,
        error: &tokio_postgres::Error,
    ) -> bool {
        let no_hba_line = error.code()
            == Some(&tokio_postgres::error::SqlState::INVALID_AUTHORIZATION_SPECIFICATION);
        match self.encryption {
            Encryption::Offered => encrypted && (phase == Phase::Tls || no_hba_line),
            Encryption::Plain => {
                self.login.target.effective_sslmode() == SslMode::Allow && no_hba_line
            }
            Encryption::Required => false,
        }
    }

    fn config(&self, encrypted: bool) -> Config {
        let mut config = Config::new();
        config
            .user(&self.login.user)
            .dbname(self.login.target.database.as_str())
            .application_name(concat!("pgrole/", env!("CARGO_PKG_VERSION")));
        if let Some(password) = &self.login.password {
            config.password(password.expose());
        }
        if encrypted {
            // The SSL request has been answered already: the driver starts with the handshake.
            config.ssl_mode(DriverSslMode::Require);
            config.ssl_negotiation(SslNegotiation::Direct);
        } else {
            config.ssl_mode(DriverSslMode::Disable);
        }
        config
    }

    fn timed_out(&self, phase: Phase) -> Failure {
        self.explainer.timed_out(phase, self.login.timeout)
    }
}

async fn resolve(target: &Target) -> io::Result<Vec<Endpoint>> {
    if let Some(folder) = target.hostname.socket_folder() {
        return Ok(vec![Endpoint::Unix(socket_path(&folder, target.port))]);
    }
    let addresses = tokio::net::lookup_host((target.hostname.as_str(), target.port)).await?;
    let endpoints: Vec<_> = addresses.map(Endpoint::Tcp).collect();
    if endpoints.is_empty() {
        return Err(io::Error::new(
            io::ErrorKind::NotFound,
            "the name has no address",
        ));
    }
    Ok(endpoints)
}

/// Connects to the first endpoint that answers; else the last error.
async fn dial_first(endpoints: &[Endpoint]) -> io::Result<(BoxedStream, Endpoint)> {
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for endpoint in endpoints {
        match dial(endpoint).await {
            Ok(stream) => return Ok((stream, endpoint.clone())),
            Err(error) => last = error,
        }
    }
    Err(last)
}

async fn dial(endpoint: &Endpoint) -> io::Result<BoxedStream> {
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

/// Asks for TLS where the attempt wants it; says whether the handshake is to follow.
async fn negotiate(
    mut stream: BoxedStream,
    encryption: Encryption,
) -> io::Result<(BoxedStream, bool)> {
    if encryption == Encryption::Plain {
        return Ok((stream, false));
    }
    stream.write_all(&SSL_REQUEST).await?;
    // One byte, no more: what an attacker put behind it must not pass for encrypted (CVE-2021-23222).
    let answer = stream.read_u8().await?;
    match (answer, encryption) {
        (b'S', _) => Ok((stream, true)),
        (b'N', Encryption::Offered) => Ok((stream, false)),
        (b'N', _) => Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "the server does not offer TLS",
        )),
        _ => Err(io::Error::new(
            io::ErrorKind::InvalidData,
            "what answers there does not speak PostgreSQL's protocol",
        )),
    }
}
