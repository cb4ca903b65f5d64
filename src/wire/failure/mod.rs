//! Turns errors of the server and the network into what the operator reads: message, exit status, next step
//! (docs/servers.md, "Errors").

mod hints;
mod login;
mod verdict;

use std::io;
use std::time::Duration;

use tokio_postgres::error::{DbError, SqlState};

use crate::domain::counted::in_seconds;
use crate::domain::failure::{Failure, Kind, Phase};
use crate::domain::target::Target;
use crate::domain::target::address::Address;
use crate::wire::authentication::{Method, Permitted};
use crate::wire::changes::{Refused, Statement};

pub use verdict::{is_beyond_grants, is_lost_race, is_policy_refusal, is_worth_retrying};

/// How far a login got, and what the server requested.
#[derive(Debug)]
pub struct Circumstances {
    pub phase: Phase,
    /// `None` if the server has requested nothing yet.
    pub asked_for: Option<Method>,
    pub permitted: Permitted,
    pub has_password: bool,
}

/// Knows the target, the server and the login, so that hints can be commands.
#[derive(Debug, Clone)]
pub struct Explainer {
    target: Target,
    address: Address,
    user: String,
    /// The role whose privileges apply, once it is known.
    acting: Option<String>,
}

impl Explainer {
    pub fn new(target: &Target, address: &Address, user: &str) -> Self {
        Self {
            target: target.clone(),
            address: address.clone(),
            user: user.to_owned(),
            acting: None,
        }
    }

    pub fn note_acting(&mut self, acting: String) {
        self.acting = Some(acting);
    }

    /// The role whose privileges apply.
    pub fn acting(&self) -> &str {
        self.acting.as_deref().unwrap_or(&self.user)
    }

    pub fn address(&self) -> &Address {
        &self.address
    }

    /// No answer within the deadline, before the login was complete.
    pub fn timed_out(&self, phase: Phase, limit: Duration) -> Failure {
        Failure::new(
            Kind::Unreachable,
            format!(
                "no answer from {} within {}, in phase {}",
                self.address,
                in_seconds(limit),
                phase.as_str()
            ),
        )
        .hint(self.reachability_hint(phase))
        .phase(phase)
    }

    /// No answer to a statement within the deadline.
    pub fn no_answer(&self, limit: Duration) -> Failure {
        Failure::new(
            Kind::Busy,
            format!(
                "no answer from {} within {}, statement cancelled",
                self.address,
                in_seconds(limit)
            ),
        )
        .hint("try again, or wait longer with --timeout SECONDS")
        .phase(Phase::Statement)
    }

    /// A network error.
    pub fn unreachable(&self, phase: Phase, error: io::Error) -> Failure {
        let what = match phase {
            Phase::Dns => format!("cannot resolve \"{}\", in phase DNS", self.address.host),
            _ => format!("cannot reach {}, in phase {}", self.address, phase.as_str()),
        };
        let hint = if error.kind() == io::ErrorKind::Unsupported {
            format!(
                "{}: enable TLS on the server, or accept plain text: {}",
                "passwords would cross the network in plain text",
                self.command("pgrole registry update -e {} -d {} --sslmode prefer")
            )
        } else {
            self.reachability_hint(phase)
        };
        Failure::new(Kind::Unreachable, what)
            .hint(hint)
            .phase(phase)
            .caused_by(error)
    }

    /// The server is read-only.
    pub fn read_only(&self) -> Failure {
        let what = format!(
            "{} is a standby, or default_transaction_read_only is on",
            self.address
        );
        let hint = format!(
            "add the primary to the hosts: {}",
            self.command("pgrole registry update -e {} -d {} --hostname HOST,HOST")
        );
        Failure::refused(what)
            .sqlstate("25006")
            .phase(Phase::Login)
            .hint(hint)
    }

    /// A query failed, or one of the statements that change something.
    pub fn explain_statement(&self, refused: Refused, statements: &[Statement]) -> Failure {
        let is_settled = refused.code().is_some();
        let is_answered = refused.error.as_db_error().is_some();
        let statement = refused.statement.and_then(|place| statements.get(place));
        let refusal = refused.error.as_db_error();
        let its_own = refused
            .statement
            .filter(|_| !refusal.is_some_and(is_raised));
        let part = match statement {
            None if refused.in_commit => Some(Part::Commit),
            statement => statement.map(Part::Statement),
        };
        let mut failure = match (refusal, part) {
            (Some(refusal), Some(part)) => {
                self.explain_refusal(refusal, Phase::Statement, Some(part))
            }
            _ => self.explain(refused.error, Phase::Statement),
        };
        if !is_settled {
            failure.sqlstate = None;
        }
        // A question changes nothing.
        if !is_answered && !statements.is_empty() {
            failure = failure.hint(
                "it is not known whether the statement took effect; to check: pgrole user find -u NAME",
            );
        }
        failure.statement = its_own;
        failure.refuses_verifier = statement.is_some_and(|statement| statement.has_verifier);
        failure
    }

    /// An error of the driver: in TLS, in the login, or in a statement.
    pub fn explain(&self, error: tokio_postgres::Error, phase: Phase) -> Failure {
        if let Some(refusal) = error.as_db_error() {
            return self.explain_refusal(refusal, phase, None);
        }
        let what = match phase {
            Phase::Statement => format!("the connection to {} was lost", self.address),
            _ => format!("cannot reach {}, in phase {}", self.address, phase.as_str()),
        };
        let hint = match phase {
            Phase::Tls => self.tls_hint(&error),
            Phase::Statement => "try again".to_owned(),
            _ => self.reachability_hint(phase),
        };
        let kind = if phase == Phase::Statement {
            Kind::Failed
        } else {
            Kind::Unreachable
        };
        let failure = Failure::new(kind, what).hint(hint).phase(phase);
        // The driver's own Display is only the class of the error; its source says what happened.
        let was_closed = error.is_closed();
        match error.into_source() {
            Some(source) => failure.caused_by(source),
            None if was_closed => failure.caused_by("the server closed the connection"),
            None => failure,
        }
    }

    fn explain_refusal(&self, refusal: &DbError, phase: Phase, part: Option<Part<'_>>) -> Failure {
        let (kind, hint) = match (refusal.code(), part) {
            (&SqlState::INVALID_PARAMETER_VALUE, Some(part)) if part.has_verifier() => (
                Kind::Failed,
                Some(
                    "if the server has a password policy, see its shared_preload_libraries"
                        .to_owned(),
                ),
            ),
            // It would refuse this with any password, and does so again unless its SQLSTATE is one of those that pass.
            (_, Some(part)) if is_raised(refusal) && !part.has_verifier() => {
                match self.classify(refusal, phase) {
                    passing @ (Kind::Busy, _) => passing,
                    _ => (
                        Kind::Failed,
                        Some(
                            "a rule of the server's own refuses this statement; to list its event triggers, in psql: \\dy"
                                .to_owned(),
                        ),
                    ),
                }
            }
            _ => self.classify(refusal, phase),
        };
        let code = refusal.code().code();
        let message = format!("{} (SQLSTATE {code})", refusal.message());
        let mut failure = Failure::new(kind, message).sqlstate(code).phase(phase);
        if let Some(hint) = hint {
            failure = failure.hint(hint);
        }
        let shown = part.map(Part::shown);
        let said = [
            ("detail", refusal.detail()),
            ("server's hint", refusal.hint()),
            ("in", shown.as_deref()),
        ];
        let said = said
            .into_iter()
            .rev()
            .fold(None, |below: Option<Failure>, (label, text)| {
                let Some(text) = text else { return below };
                let line = Failure::new(kind, format!("{label}: {text}"));
                Some(match below {
                    Some(below) => line.caused_by(below),
                    None => line,
                })
            });
        match said {
            Some(said) => failure.caused_by(said),
            None => failure,
        }
    }

    fn classify(&self, refusal: &DbError, phase: Phase) -> (Kind, Option<String>) {
        let code = refusal.code();
        let credential = format!(
            "store another login: {}",
            self.command("pgrole credential set -e {} -d {} -U ROLE")
        );
        let again = || {
            Some(
                "try again; if it persists, see pg_stat_activity for the session in the way"
                    .to_owned(),
            )
        };
        match *code {
            SqlState::INVALID_PASSWORD => (
                Kind::LoginRefused,
                Some(format!(
                    "the server also says this if the role does not exist or has expired; {credential}"
                )),
            ),
            SqlState::INVALID_AUTHORIZATION_SPECIFICATION => (
                Kind::LoginRefused,
                Some(self.authorization_hint(refusal, &credential)),
            ),
            SqlState::INVALID_CATALOG_NAME if phase != Phase::Statement => (
                Kind::Unreachable,
                Some(format!(
                    "if the registry entry is stale: {}",
                    self.command("pgrole registry remove -e {} -d {}")
                )),
            ),
            // An invalid database has the same SQLSTATE, with a hint of its own.
            SqlState::OBJECT_NOT_IN_PREREQUISITE_STATE
                if phase != Phase::Statement && refusal.hint().is_none() =>
            {
                (Kind::Unreachable, Some(self.closed_hint()))
            }
            SqlState::CHARACTER_NOT_IN_REPERTOIRE | SqlState::UNTRANSLATABLE_CHARACTER
                if phase == Phase::Statement =>
            {
                let hint = "a name cannot be represented in the database's encoding: use a database of the same cluster that has the encoding UTF8";
                (Kind::Refused, Some(hint.to_owned()))
            }
            SqlState::PROTOCOL_VIOLATION => (
                Kind::Unreachable,
                Some("connect to the server itself, not to a pooler".to_owned()),
            ),
            SqlState::CANNOT_CONNECT_NOW => (
                Kind::Busy,
                Some("the server is starting up or shutting down: try again in a moment".to_owned()),
            ),
            SqlState::TOO_MANY_CONNECTIONS => (
                Kind::Busy,
                Some("no connection slot is free: try again, or raise the limit that the message names".to_owned()),
            ),
            SqlState::READ_ONLY_SQL_TRANSACTION => (
                Kind::Refused,
                Some("the target is read-only: a standby, or default_transaction_read_only is on".to_owned()),
            ),
            SqlState::INSUFFICIENT_PRIVILEGE if phase == Phase::Statement => {
                let hint = self.privilege_hint(refusal.message(), refusal.detail(), refusal.routine());
                (Kind::Failed, Some(hint))
            }
            SqlState::INSUFFICIENT_PRIVILEGE => (Kind::LoginRefused, Some(credential)),
            SqlState::UNDEFINED_OBJECT => (Kind::NotFound, None),
            SqlState::LOCK_NOT_AVAILABLE => (Kind::Busy, again()),
            SqlState::QUERY_CANCELED => (
                Kind::Busy,
                Some("try again, or wait longer with --timeout SECONDS".to_owned()),
            ),
            SqlState::T_R_SERIALIZATION_FAILURE | SqlState::T_R_DEADLOCK_DETECTED => {
                (Kind::Busy, again())
            }
            SqlState::INTERNAL_ERROR if is_concurrent_update(refusal) => (Kind::Busy, again()),
            SqlState::INVALID_DATETIME_FORMAT | SqlState::DATETIME_FIELD_OVERFLOW => {
                (Kind::Usage, None)
            }
            SqlState::RAISE_EXCEPTION => (
                Kind::Failed,
                Some("a policy on the server refuses this".to_owned()),
            ),
            _ if phase == Phase::Statement => (Kind::Failed, None),
            _ => (Kind::Unreachable, Some(self.reachability_hint(phase))),
        }
    }
}

/// What of a transaction the server refused.
#[derive(Clone, Copy)]
enum Part<'a> {
    Statement(&'a Statement),
    Commit,
}

impl Part<'_> {
    fn has_verifier(self) -> bool {
        matches!(self, Self::Statement(statement) if statement.has_verifier)
    }

    fn shown(self) -> String {
        match self {
            Self::Statement(statement) => shorten(&statement.shown),
            Self::Commit => "COMMIT".to_owned(),
        }
    }
}

/// The beginning of a statement, which may list many names.
fn shorten(statement: &str) -> String {
    const LONGEST: usize = 200;
    match statement.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &statement[..end]),
        None => statement.to_owned(),
    }
}

/// Whether a function raised it, such as that of an event trigger, whatever SQLSTATE it chose (pl_exec.c).
fn is_raised(refusal: &DbError) -> bool {
    refusal.code() == &SqlState::RAISE_EXCEPTION || refusal.routine() == Some("exec_stmt_raise")
}

/// Whether another transaction changed the same catalog row: recognized by the server function that reports it,
/// whatever the language of the message (heapam.c).
fn is_concurrent_update(refusal: &DbError) -> bool {
    matches!(
        refusal.routine(),
        Some("simple_heap_update" | "simple_heap_delete")
    )
}
