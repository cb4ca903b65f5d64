//! One session on one target: each call is one round trip with a deadline, and Ctrl-C cancels the running statement.

use std::cell::Cell;
use std::pin::{Pin, pin};
use std::sync::Once;
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::runtime::Runtime;
use tokio::time::{Instant, timeout, timeout_at};
use tokio_postgres::types::{FromSql, ToSql, Type};
use tokio_postgres::{Client, Row};

use crate::domain::encoding::{Encoding, show_bytes, show_bytes_beyond_ascii};
use crate::domain::failure::{Failure, Kind, sqlstate_of};
use crate::domain::interrupt;
use crate::domain::target::Target;
use crate::domain::target::require_auth::Authentication;
use crate::domain::trace::Trace;
use crate::wire::changes;
use crate::wire::changes::{Refused, Statement};
use crate::wire::failure::Explainer;
use crate::wire::first_answer;
use crate::wire::first_answer::FirstAnswer;
use crate::wire::heard::Heard;
use crate::wire::login;
use crate::wire::login::{LoginRoute, Opened};
use crate::wire::rehearsal;
use crate::wire::rehearsal::{Measure, Rehearsed};
use crate::wire::turns::Turns;

pub use crate::wire::login::LoginRequest;
pub use crate::wire::tls::TlsSession;

/// How long to wait for the driver after the server's own timeout should have fired, and again after the cancel
/// request. Together they stay below 5 s: a network that drops everything must not delay a run for longer.
const GRACE: Duration = Duration::from_secs(2);

/// Overrides any search path that the database's owner has set, so that no query of the admin credential calls a
/// function or operator of theirs (CVE-2018-1058). Only for the transaction: behind a pooler others use the session
/// too. Changes schema-qualify everything that they call, and leave event triggers the path that these expect.
///
/// JIT is off: it would spend seconds compiling what runs for milliseconds.
const PINNED: &str = "SET LOCAL search_path = pg_catalog, pg_temp; SET LOCAL jit = off";

/// Sets the current role, for reads and changes alike, whatever `role` the database's owner has configured: the login
/// itself if it may create roles, else the role of its own setting if that one may. Everything that it calls is
/// schema-qualified.
const ACT: &str = include_str!("sql/act.sql");

/// The same where the login is a superuser: it acts as itself.
const ACT_AS_SUPERUSER: &str = "SET LOCAL role = 'none'";

/// For a transaction that exchanges bytes exactly as the database stores them. The driver's own setting is UTF8, with
/// which the server converts what it can and fails on what it cannot.
const UNCONVERTED: &str = "; SET LOCAL client_encoding = 'SQL_ASCII'";

/// One query, and its parameters with their types.
#[derive(Clone, Copy)]
pub struct CatalogQuery<'a> {
    /// What it reads, for people who want to know what was done.
    pub purpose: &'static str,
    pub sql: &'a str,
    pub parameters: &'a [(&'a (dyn ToSql + Sync), Type)],
    pub names: NameEncoding,
}

/// Which names a query reads, which decides how they are decoded if the database is not UTF8.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NameEncoding {
    /// Names of the cluster, which are bytes: a database that converted them would show names other than those that
    /// logins send.
    OfCluster,
    /// Names of the database too, in its own encoding: converted, so that statements can contain them.
    OfDatabase,
}

/// A text value as raw bytes: the driver accepts only UTF-8 as text.
struct Bytes<'a>(&'a [u8]);

impl<'a> FromSql<'a> for Bytes<'a> {
    fn from_sql(_: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn std::error::Error + Sync + Send>> {
        Ok(Self(raw))
    }

    fn accepts(sql_type: &Type) -> bool {
        *sql_type == Type::TEXT
    }
}

/// How long all statements together may take, and how long each may wait for a lock.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    pub lock: Duration,
    pub whole: Duration,
}

/// In a rehearsal somebody else goes first: it waits less for a lock than the server does before it looks for a deadlock,
/// or cancels an autovacuum.
const REHEARSAL: Limits = Limits {
    lock: Duration::from_millis(100),
    whole: Duration::from_secs(2),
};

/// How long all statements of a rehearsal may take: the server's limit is for each.
const REHEARSAL_WHOLE: Duration = Duration::from_secs(5);

/// Whether what is rehearsed appears in the server's log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StatementLog {
    AsConfigured,
    /// Only a superuser may decide so.
    Silent,
}

impl StatementLog {
    fn opening(self) -> &'static str {
        match self {
            Self::AsConfigured => "",
            Self::Silent => {
                "SET LOCAL log_statement = 'none'; SET LOCAL log_min_error_statement = 'panic'; \
                 SET LOCAL log_min_duration_statement = -1; "
            }
        }
    }
}

/// An open session on a target.
pub struct Connection {
    /// `None` only while being dropped.
    runtime: Option<Runtime>,
    client: Client,
    route: LoginRoute,
    explainer: Explainer,
    was_authenticated: bool,
    authentication: Option<Authentication>,
    tls: Option<TlsSession>,
    login_took: Duration,
    promised_process: i32,
    version: u32,
    scram_iterations: u32,
    /// Whether the announced process answers, known once something was read: then there is no pooler in between.
    is_direct: bool,
    is_superuser: bool,
    encoding: Encoding,
    timeout: Duration,
    trace: Trace,
    heard: Heard,
    turns: Option<Turns>,
    /// Whether a call was given up whose answer may still come: the session's state is not known.
    is_abandoned: Cell<bool>,
}

impl Limits {
    /// The statements that begin a transaction that changes something, as the role that acts.
    fn opening(self, act: &str) -> String {
        let limits = [
            ("lock_timeout", self.lock),
            ("statement_timeout", self.whole),
        ];
        // Zero would be no limit.
        let limits =
            limits.map(|(name, limit)| format!("SET LOCAL {name} = {}", limit.as_millis().max(1)));
        format!("{}; {act}", limits.join("; "))
    }
}

impl Connection {
    /// Logs in.
    ///
    /// # Errors
    /// A [`Failure`] that names the phase (DNS, TCP, TLS, login), and what to do.
    pub fn open(login: &LoginRequest) -> Result<Self> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .context("cannot start the network runtime")?;
        let begun = Instant::now();
        let opened = runtime.block_on(async {
            match unless_interrupted(login::open(login)).await {
                Some(opened) => opened.map_err(anyhow::Error::from),
                None => Err(interrupted().into()),
            }
        });
        match opened {
            Ok(Opened {
                client,
                route,
                explainer,
                was_authenticated,
                authentication,
                tls,
                promised_process,
                version,
                scram_iterations,
                is_superuser,
                encoding,
                heard,
                turns,
            }) => Ok(Self {
                runtime: Some(runtime),
                client,
                route,
                explainer,
                was_authenticated,
                authentication,
                tls,
                login_took: begun.elapsed(),
                promised_process,
                version,
                scram_iterations,
                is_direct: false,
                is_superuser,
                encoding,
                timeout: login.timeout,
                trace: login.trace.clone(),
                heard,
                turns,
                is_abandoned: Cell::new(false),
            }),
            Err(error) => {
                // A DNS server that does not answer must not delay the exit.
                runtime.shutdown_background();
                Err(error).with_context(|| cannot_log_in(&login.target))
            }
        }
    }

    /// Who has logged in, and as whom the session acts, as it begins: nothing is set before.
    ///
    /// # Errors
    /// If the server does not answer.
    pub fn identity(&self) -> Result<[String; 2]> {
        let sql = "SELECT session_user::pg_catalog.text, current_user::pg_catalog.text";
        let row = self.wait(self.timeout, &[], async {
            let asked = self.client.query_typed_one(sql, &[]);
            asked.await.map_err(Refused::from)
        })?;
        let name = |place| {
            let Bytes(bytes) = row
                .try_get(place)
                .context("the server's answer has no text")?;
            Ok::<_, anyhow::Error>(show_bytes(bytes).into_owned())
        };
        Ok([name(0)?, name(1)?])
    }

    /// Runs queries that each return one text value, as one transaction. One round trip, because all are sent before
    /// the first answer is awaited; two if the server cannot convert a name that it stores.
    ///
    /// # Errors
    /// The server's error, or a timeout.
    pub fn query_texts(&mut self, queries: &[CatalogQuery<'_>]) -> Result<Vec<String>> {
        let is_of_cluster = queries
            .iter()
            .all(|query| query.names == NameEncoding::OfCluster);
        let as_they_are = self.encoding.is_bytes() || is_of_cluster;
        let conversion = if as_they_are && !self.encoding.is_utf8() {
            UNCONVERTED
        } else {
            ""
        };
        match self.ask(queries, conversion) {
            // A role of the cluster may have a name that is not valid in this encoding.
            Err(error) if !as_they_are && is_inconvertible(&error) => {
                let answers = self.ask(queries, UNCONVERTED)?;
                Ok(answers
                    .iter()
                    .map(|it| show_bytes_beyond_ascii(it))
                    .collect())
            }
            answers => {
                let answers = answers?;
                Ok(answers
                    .iter()
                    .map(|it| show_bytes(it).into_owned())
                    .collect())
            }
        }
    }

    fn ask(&self, queries: &[CatalogQuery<'_>], conversion: &str) -> Result<Vec<Vec<u8>>> {
        let client = &self.client;
        let begin = format!("BEGIN; {PINNED}{conversion}; {}", self.act());
        let mut calls: Vec<Call<'_>> = vec![Box::pin(async {
            client.batch_execute(&begin).await.map(|()| None)
        })];
        for query in queries {
            debug_assert!(query.sql.is_ascii(), "not every encoding has the rest");
            let asked = client.query_typed_one(query.sql, query.parameters);
            calls.push(Box::pin(async { asked.await.map(Some) }));
        }
        calls.push(Box::pin(async {
            client.batch_execute("COMMIT").await.map(|()| None)
        }));
        let purposes = || {
            let mut purposes: Vec<_> = queries.iter().map(|query| query.purpose).collect();
            purposes.dedup();
            purposes.join(", ")
        };
        let rows = self.told("read", purposes, || {
            self.wait(self.timeout, &[], async {
                all_in_order(calls).await.map_err(Refused::from)
            })
        })?;
        let bytes = |row: Row| {
            let Bytes(bytes) = row.try_get(0).context("the server's answer has no text")?;
            Ok(bytes.to_vec())
        };
        rows.into_iter().flatten().map(bytes).collect()
    }

    /// Runs statements as one transaction, in one round trip: all of them, or none.
    ///
    /// # Errors
    /// The server's error for the first statement that fails, or a timeout.
    pub fn execute_all(&mut self, statements: &[Statement], limits: Limits) -> Result<()> {
        let (opening, limit) = (limits.opening(self.act()), limits.whole + GRACE);
        self.told(
            "change",
            || changes::kinds_of(statements),
            || {
                if self.is_direct {
                    let call = changes::run_each(&self.client, &opening, statements);
                    return self.wait(limit, statements, call);
                }
                let call = changes::run_in_one(&self.client, &opening, statements);
                self.wait(limit, statements, call)
            },
        )
    }

    /// Runs statements as one transaction that is rolled back, and says what the server said of them. The session is good
    /// for nothing else afterwards.
    ///
    /// # Errors
    /// If the transaction cannot begin, the connection is lost, or the server does not answer in time.
    pub fn rehearse(
        &mut self,
        log: StatementLog,
        statements: &[Statement],
        measure: Measure<'_>,
    ) -> Result<Rehearsed<Failure>> {
        let opening = format!("{}{}", log.opening(), REHEARSAL.opening(self.act()));
        let checked = self.told("begin a rehearsal", String::new, || {
            let call = rehearsal::begin(&self.client, &opening);
            self.wait(REHEARSAL.whole + GRACE, &[], call)
        })?;
        let limit = format!("{}ms", REHEARSAL.lock.as_millis());
        if checked.as_deref() != Some(limit.as_str()) {
            let what = "something between here and the server does not keep a transaction together";
            return Err(Failure::refused(what).into());
        }
        let kinds = || changes::kinds_of(statements);
        let found = self.told("rehearse", kinds, || {
            let call = rehearsal::run_and_roll_back(&self.client, statements, (PINNED, measure));
            self.wait(REHEARSAL_WHOLE, statements, call)
        })?;
        let explain = |(place, refused)| {
            let failure = self.explainer.explain_statement(refused, statements);
            (place, failure)
        };
        Ok(Rehearsed {
            refused: found.refused.map(explain),
            transaction: found.transaction,
            outcome: found.outcome,
            measured: found.measured,
        })
    }

    /// Asks a query in a transaction of its own that is rolled back, after statements that prepare it. One round trip. The
    /// session is good for nothing else afterwards: what the query calls may be anybody's.
    ///
    /// # Errors
    /// The server's error, or that it does not answer in time.
    pub fn ask_and_roll_back(
        &mut self,
        log: StatementLog,
        preparation: &str,
        query: CatalogQuery<'_>,
    ) -> Result<String> {
        let opening = REHEARSAL.opening(self.act());
        let silence = log.opening();
        let begin = format!("BEGIN READ WRITE; {silence}{opening}; {PINNED}; {preparation}");
        let client = &self.client;
        let batch = |sql| -> Call<'_> {
            Box::pin(async move { client.batch_execute(sql).await.map(|()| None) })
        };
        let asked = client.query_typed_one(query.sql, query.parameters);
        let calls: Vec<Call<'_>> = vec![
            batch(&begin),
            Box::pin(async { asked.await.map(Some) }),
            batch("ROLLBACK"),
        ];
        let purpose = || query.purpose.to_owned();
        let rows = self.told("ask and roll back", purpose, || {
            self.wait(REHEARSAL_WHOLE, &[], async {
                all_in_order(calls).await.map_err(Refused::from)
            })
        })?;
        let row = rows.into_iter().flatten().next();
        let row = row.context("a query has an answer")?;
        let Bytes(bytes) = row.try_get(0).context("the server's answer has no text")?;
        Ok(show_bytes(bytes).into_owned())
    }

    /// Whether the process that was announced in the login answers, so that no pooler is in between; known once something
    /// was read.
    pub fn is_direct(&self) -> bool {
        self.is_direct
    }

    /// Does a step over the network, and tells it if somebody wants to know.
    fn told<T>(
        &self,
        step: &'static str,
        detail: impl FnOnce() -> String,
        act: impl FnOnce() -> Result<T>,
    ) -> Result<T> {
        let Some(turns) = &self.turns else {
            return act();
        };
        let (begun, before) = (Instant::now(), turns.count());
        let result = act();
        let took = (begun.elapsed(), turns.count() - before);
        self.trace.on_network(step, detail(), took, result.is_err());
        result
    }

    /// Whether the login is a superuser, as far as the server has said. The settings of a role or database may have made
    /// it seem so: then a read shows that it is not, and it is noted.
    pub fn is_superuser(&self) -> bool {
        self.is_superuser
    }

    /// Notes that the login is no superuser.
    pub fn note_no_superuser(&mut self) {
        self.is_superuser = false;
    }

    fn act(&self) -> &'static str {
        if self.is_superuser {
            ACT_AS_SUPERUSER
        } else {
            ACT
        }
    }

    /// Records what a read showed of the session: the current role, and the backend process ID.
    pub fn note_session(&mut self, acting: String, process: i32) {
        self.explainer.note_acting(acting);
        self.is_direct = process == self.promised_process;
    }

    /// The role whose privileges apply; before anything was read, the login role.
    pub fn acting(&self) -> &str {
        self.explainer.acting()
    }

    /// Waits for an answer until the deadline or Ctrl-C; either way the statement is cancelled, and its
    /// own answer counts if it still comes: a COMMIT that won the race is a success.
    fn wait<T>(
        &self,
        limit: Duration,
        statements: &[Statement],
        call: impl Future<Output = Result<T, Refused>>,
    ) -> Result<T> {
        let runtime = self.runtime.as_ref().expect("the runtime lives until drop");
        runtime.block_on(async {
            let mut call = pin!(call);
            let stopped = match timeout(limit, unless_interrupted(call.as_mut())).await {
                Ok(Some(answer)) => {
                    return answer.map_err(|refused| self.explain(refused, statements).into());
                }
                Ok(None) => interrupted(),
                Err(_) => self.explainer.no_answer(limit),
            };
            let deadline = Instant::now() + GRACE;
            // An error here does not matter: the answer is awaited regardless.
            let _ = timeout_at(deadline, self.cancel()).await;
            match timeout_at(deadline, call).await {
                Ok(Ok(answer)) => Ok(answer),
                // The server's own answer is definite, which callers recognize by the SQLSTATE.
                Ok(Err(refused)) => Err(match refused.code() {
                    Some(code) => stopped.sqlstate(code.code()).into(),
                    None => stopped.into(),
                }),
                Err(_) => {
                    self.is_abandoned.set(true);
                    Err(stopped.into())
                }
            }
        })
    }

    fn explain(&self, refused: Refused, statements: &[Statement]) -> Failure {
        let has_ended = refused.error.is_closed();
        let failure = self.explainer.explain_statement(refused, statements);
        // The driver says only that the connection has ended.
        match self.heard.violation() {
            Some(violation) if has_ended => failure.caused_by(violation),
            _ => failure,
        }
    }

    /// Takes what the server warned of since the last time, each once.
    pub fn take_warnings(&self) -> Vec<String> {
        self.heard.take_warnings()
    }

    /// What the server answers first to a login of that role, from here and as encrypted as this session.
    ///
    /// # Errors
    /// If it cannot be reached, or not in time.
    pub fn first_answer(&self, user: &str, database: &str) -> Result<FirstAnswer> {
        let runtime = self.runtime.as_ref().expect("the runtime lives until drop");
        let answer = runtime.block_on(async {
            let asked = first_answer::ask(&self.route, user, database);
            timeout(self.timeout, unless_interrupted(asked)).await
        });
        match answer {
            Ok(Some(answer)) => Ok(answer?),
            Ok(None) => Err(interrupted().into()),
            Err(_) => Err(self.explainer.no_answer(self.timeout).into()),
        }
    }

    /// Whether the session has answered all that it was asked, and is open, as far as is known here.
    pub fn is_idle(&self) -> bool {
        !self.is_abandoned.get() && !self.client.is_closed()
    }

    /// Whether the session was ended meanwhile, or its connection cut, as far as what has arrived tells. Asks nothing,
    /// and waits for nothing.
    pub fn has_ended(&self) -> bool {
        let runtime = self.runtime.as_ref().expect("the runtime lives until drop");
        // What arrived is read by a task of the driver's, which runs only while something is awaited here: first it is
        // found that something arrived, then it is read, then the task ends.
        runtime.block_on(async {
            for _ in 0..4 {
                tokio::task::yield_now().await;
            }
        });
        !self.is_idle()
    }

    /// Whether the server requested the password, and so has verified it.
    pub fn was_authenticated(&self) -> bool {
        self.was_authenticated
    }

    /// The authentication method of the login; `None` if not known.
    pub fn authentication(&self) -> Option<Authentication> {
        self.authentication
    }

    /// The database's encoding.
    pub fn encoding(&self) -> &Encoding {
        &self.encoding
    }

    /// The TLS parameters of the session; `None` if it is not encrypted.
    pub fn tls(&self) -> Option<&TlsSession> {
        self.tls.as_ref()
    }

    /// How long the login took, DNS lookup included.
    pub fn login_took(&self) -> Duration {
        self.login_took
    }

    /// The address at which the server was reached.
    pub fn address(&self) -> String {
        self.explainer.address().to_string()
    }

    /// The backend process ID that the server announced; behind a pooler another process answers.
    pub fn promised_process(&self) -> i32 {
        self.promised_process
    }

    /// The `server_version_num` of the server's major version.
    pub fn version(&self) -> u32 {
        self.version
    }

    /// The server's `scram_iterations` in this session.
    pub fn scram_iterations(&self) -> u32 {
        self.scram_iterations
    }

    async fn cancel(&self) -> Result<()> {
        self.route.cancel(self.client.cancel_token()).await
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}

/// A pending statement, and the row that it returns, if any.
type Call<'a> = Pin<Box<dyn Future<Output = Result<Option<Row>, tokio_postgres::Error>> + 'a>>;

/// Awaits all calls concurrently; stops at the first error.
async fn all_in_order(mut calls: Vec<Call<'_>>) -> Result<Vec<Option<Row>>, tokio_postgres::Error> {
    let mut answers: Vec<Option<Option<Row>>> = calls.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        for (call, answer) in calls.iter_mut().zip(&mut answers) {
            if answer.is_none()
                && let Poll::Ready(result) = call.as_mut().poll(context)
            {
                match result {
                    Ok(value) => *answer = Some(value),
                    Err(error) => return Poll::Ready(Err(error)),
                }
            }
        }
        if answers.iter().any(Option::is_none) {
            return Poll::Pending;
        }
        Poll::Ready(Ok(answers.iter_mut().filter_map(Option::take).collect()))
    })
    .await
}

/// Whether the server holds or was sent bytes that it cannot convert (22021, 22P05).
fn is_inconvertible(error: &anyhow::Error) -> bool {
    matches!(sqlstate_of(error), Some("22021" | "22P05"))
}

/// What a login to a target that fails is called.
pub fn cannot_log_in(target: &Target) -> String {
    format!("cannot log in to {} at {}", target.name(), places(target))
}

/// All addresses of a target, for messages.
fn places(target: &Target) -> String {
    let addresses = target.addresses().unwrap_or_default();
    let places: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    places.join(", ")
}

/// The future's value, or `None` once the operator interrupts.
async fn unless_interrupted<T>(call: impl Future<Output = T>) -> Option<T> {
    watch_for_interrupts();
    let mut call = pin!(call);
    let mut raised = pin!(interrupt::cancelled());
    std::future::poll_fn(|context| match call.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => raised.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// From the first connection on, Ctrl-C and SIGTERM cancel the running statements, so that their outcome is recorded.
pub fn watch_for_interrupts() {
    static WATCHED: Once = Once::new();
    // An error means that a handler is already installed.
    WATCHED.call_once(|| drop(ctrlc::set_handler(interrupt::raise)));
}

fn interrupted() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted")
}
