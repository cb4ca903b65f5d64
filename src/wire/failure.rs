//! Turns errors of the server and the network into what the operator reads: message, exit status, next step
//! (docs/servers.md, "Errors").

use std::io;
use std::time::Duration;

use postgres_protocol::escape::escape_identifier;
use tokio_postgres::error::{DbError, SqlState};

use crate::domain::command_line::on_target;
use crate::domain::failure::{Failure, Kind, Phase};
use crate::domain::target::Target;
use crate::domain::target::address::Address;
use crate::domain::target::encryption::{ChannelBinding, SslNegotiation};
use crate::domain::target::require_auth::Authentication;
use crate::wire::authentication::{Cleartext, Method, NOT_RECORDED, Permitted};
use crate::wire::changes::{Refused, Statement};
use crate::wire::tls::UntrustedCertificate;

/// The group that may set passwords on RDS and Aurora with `rds.restrict_password_commands`.
const PASSWORD_KEEPERS: &str = "rds_password";
/// How the server's versions say in English that only a superuser may: only a hint depends on it.
const SUPERUSERS_ONLY: [&str; 2] = ["must be superuser", "SUPERUSER attribute"];

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
                "no answer from {} within {} s, in phase {}",
                self.address,
                tenths(limit),
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
                "no answer from {} within {} s, statement cancelled",
                self.address,
                limit.as_secs_f32()
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

    /// An error of the driver during the login.
    pub fn explain_login(
        &self,
        error: tokio_postgres::Error,
        circumstances: &Circumstances,
    ) -> Failure {
        if error.as_db_error().is_some() || circumstances.phase == Phase::Tls {
            return self.explain(error, circumstances.phase);
        }
        let said = std::error::Error::source(&error).map(ToString::to_string);
        let said = said.unwrap_or_default();
        let Some(method) = circumstances.asked_for else {
            return self.explain(error, circumstances.phase);
        };
        let permitted = &circumstances.permitted;
        let is_accepted = permitted.accepts(method);
        let failure = if method == Method::Cleartext && permitted.cleartext != Cleartext::Allowed {
            self.password_withheld(permitted)
        } else if said.contains(NOT_RECORDED) {
            self.not_recorded(method)
        } else if said.contains("channel binding") || (!is_accepted && self.is_bound()) {
            self.not_bound(method, is_accepted)
        } else if !is_accepted {
            self.not_accepted(method)
        } else if method.wants_password() && !circumstances.has_password {
            self.no_password()
        } else if method == Method::Other {
            self.unknown_method()
        } else {
            self.explain(error, circumstances.phase)
        };
        failure.phase(circumstances.phase)
    }

    fn password_withheld(&self, permitted: &Permitted) -> Failure {
        let what = format!(
            "{} requests the password in clear text over {}: it was not sent",
            self.address, permitted.cleartext
        );
        let update = self.command(if permitted.accepts(Method::Cleartext) {
            "pgrole registry update -e {} -d {} --sslmode verify-full --sslrootcert FILE"
        } else {
            "pgrole registry update -e {} -d {} --sslmode verify-full --sslrootcert FILE --require-auth password"
        });
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "verify the server's certificate: {update}; or use scram-sha-256 in its pg_hba.conf"
        ))
    }

    fn is_bound(&self) -> bool {
        self.target.tls.channel_binding_at(&self.address.host) == ChannelBinding::Require
    }

    /// The method is not in the target's `require_auth`, or in the default for it.
    fn not_accepted(&self, method: Method) -> Failure {
        let method_name = method.authentication().map_or("", Authentication::as_str);
        let what = format!(
            "{} {}, which this target does not accept (require_auth)",
            self.address,
            instead_of_scram(method)
        );
        let hint = match method {
            Method::Scram => "to accept it from now on",
            Method::Cleartext => {
                "use scram-sha-256 in its pg_hba.conf; or if it takes tokens (RDS IAM, Entra, Cloud SQL)"
            }
            _ => "use scram-sha-256 in its pg_hba.conf; or accept it",
        };
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "{hint}: {}",
            on_target(
                "pgrole registry update -e {} -d {} --require-auth {}",
                &self.target,
                &[&method_name]
            )
        ))
    }

    /// An entry that was changed by hand may point to anybody's server.
    fn not_recorded(&self, method: Method) -> Failure {
        let wish = match method {
            Method::Cleartext => "requests the password in clear text",
            Method::Md5 => "requests an MD5 password",
            _ => "offers SCRAM without channel binding over TLS",
        };
        let what = format!(
            "{} {wish}: it was not sent, because {NOT_RECORDED}",
            self.address
        );
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "if this is the right server, confirm it: {}",
            on_target(
                "pgrole registry update -e {} -d {} -H {}",
                &self.target,
                &[&self.address.host]
            )
        ))
    }

    /// libpq's words: "channel binding required, but …" (`check_expected_areq` in fe-auth.c).
    fn not_bound(&self, method: Method, is_accepted: bool) -> Failure {
        let instead = match method {
            Method::Scram | Method::Other => "offers SCRAM without it",
            method => instead_of_scram(method),
        };
        let update = match method.authentication() {
            Some(method) if !is_accepted => on_target(
                "pgrole registry update -e {} -d {} --channel-binding prefer --require-auth {}",
                &self.target,
                &[&method.as_str()],
            ),
            _ => self.command("pgrole registry update -e {} -d {} --channel-binding prefer"),
        };
        let what = format!(
            "channel binding is required, but {} {instead}",
            self.address
        );
        Failure::new(Kind::LoginRefused, what).hint(format!(
            "use scram-sha-256 on the server and connect to it directly with TLS, or do without channel binding: {update}"
        ))
    }

    fn no_password(&self) -> Failure {
        let what = format!(
            "{} requests a password for \"{}\", and none was found",
            self.address, self.user
        );
        Failure::new(Kind::NoCredential, what).hint(format!(
            "store one: {}",
            self.command("pgrole credential set -e {} -d {} -U ROLE")
        ))
    }

    fn unknown_method(&self) -> Failure {
        let what = format!(
            "{} requests GSSAPI, SSPI or another authentication method that pgrole does not support",
            self.address
        );
        Failure::new(Kind::LoginRefused, what)
            .hint("add a line with scram-sha-256 or cert for this host to the server's pg_hba.conf")
    }

    /// A query failed, or one of the statements that change something.
    pub fn explain_statement(&self, refused: Refused, statements: &[Statement]) -> Failure {
        let is_settled = refused.code().is_some();
        let statement = refused.statement.and_then(|place| statements.get(place));
        let mut failure = match (refused.error.as_db_error(), statement) {
            (Some(refusal), Some(statement)) => {
                self.explain_refusal(refusal, Phase::Statement, Some(statement))
            }
            _ => self.explain(refused.error, Phase::Statement),
        };
        if !is_settled {
            failure.sqlstate = None;
        }
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
            Phase::Statement => {
                "it is not known whether the statement took effect; to check: pgrole user find -u NAME"
                    .to_owned()
            }
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

    fn explain_refusal(
        &self,
        refusal: &DbError,
        phase: Phase,
        statement: Option<&Statement>,
    ) -> Failure {
        let (kind, hint) = match (refusal.code(), statement) {
            (&SqlState::INVALID_PARAMETER_VALUE, Some(statement)) if statement.has_verifier => (
                Kind::Failed,
                Some(
                    "if the server has a password policy, see its shared_preload_libraries"
                        .to_owned(),
                ),
            ),
            _ => self.classify(refusal, phase),
        };
        let code = refusal.code().code();
        let message = format!("{} (SQLSTATE {code})", refusal.message());
        let mut failure = Failure::new(kind, message).sqlstate(code).phase(phase);
        if let Some(hint) = hint {
            failure = failure.hint(hint);
        }
        let shown = statement.map(|statement| shorten(&statement.shown));
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
            SqlState::LOCK_NOT_AVAILABLE | SqlState::QUERY_CANCELED => (Kind::Busy, again()),
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

    fn authorization_hint(&self, refusal: &DbError, credential: &str) -> String {
        // The server's functions have the same names in every language (miscinit.c, auth.c).
        if refusal.routine() == Some("InitializeSessionUserId") {
            let is_nologin = refusal.message().contains("permitted to log in");
            let what = if is_nologin {
                "is NOLOGIN"
            } else {
                "does not exist there, or is NOLOGIN"
            };
            return format!("role \"{}\" {what}; {credential}", self.user);
        }
        // The same function reports that no line of pg_hba.conf matches: only the text tells the two apart, and only
        // the hint depends on it.
        if refusal.message().contains("client certificate") {
            return format!(
                "log in with a certificate: {}",
                self.command("pgrole registry update -e {} -d {} --sslcert FILE --sslkey FILE")
            );
        }
        let shows_certificate = self.target.tls.sslcert.is_some();
        if refusal.routine() == Some("auth_failed")
            && (shows_certificate || refusal.message().contains("certificate authentication"))
        {
            return format!(
                "the certificate's common name must be \"{}\", or mapped to it in pg_ident.conf",
                self.user
            );
        }
        format!(
            "pg_hba.conf on {} has no line that lets \"{}\" into \"{}\" from here with this TLS setting; add one, or change the setting: {}",
            self.address.host,
            self.user,
            self.target.database,
            self.command("pgrole registry update -e {} -d {} --sslmode MODE")
        )
    }

    fn closed_hint(&self) -> String {
        format!(
            "the database has ALLOW_CONNECTIONS = false; to allow connections, run in another database of the cluster: ALTER DATABASE {} ALLOW_CONNECTIONS true",
            escape_identifier(self.target.database.as_str())
        )
    }

    /// The names of attributes and of the server's functions are the same in every language; where only its words tell, only
    /// the hint depends on them.
    fn privilege_hint(&self, message: &str, detail: Option<&str>, routine: Option<&str>) -> String {
        let set = self.command("pgrole credential set -e {} -d {} -U ROLE");
        let only_superusers = |text: &str| SUPERUSERS_ONLY.iter().any(|said| text.contains(said));
        if only_superusers(message) || detail.is_some_and(only_superusers) {
            return format!("log in as a superuser: {set}");
        }
        if message.contains(PASSWORD_KEEPERS) {
            return format!(
                "run this once as a member of rds_superuser: GRANT {PASSWORD_KEEPERS} TO \"{}\"",
                self.acting()
            );
        }
        if routine == Some("CreateRole") {
            let asked = |attribute: &&str| detail.is_some_and(|detail| detail.contains(*attribute));
            // From PostgreSQL 16 on a role can give only attributes that it has itself.
            let attributes = ["CREATEDB", "REPLICATION", "BYPASSRLS"].into_iter();
            let and = attributes
                .filter(asked)
                .fold(String::new(), |list, attribute| list + " and " + attribute);
            return format!("log in as a role with CREATEROLE{and}: {set}");
        }
        format!(
            "grant \"{acting}\" the privilege (on a role: GRANT … TO \"{acting}\" WITH ADMIN OPTION), or log in as another role: {set}",
            acting = self.acting()
        )
    }

    fn tls_hint(&self, error: &tokio_postgres::Error) -> String {
        let source = std::error::Error::source(error);
        match source.and_then(|source| source.downcast_ref()) {
            Some(UntrustedCertificate::Issuer) => format!(
                "set the CA's own, self-signed certificate: {} (or do not verify: --sslmode require)",
                self.command("pgrole registry update -e {} -d {} --sslrootcert FILE")
            ),
            Some(UntrustedCertificate::Validity(_)) => {
                "renew the server's certificate (its ssl_cert_file); is this machine's clock right?"
                    .to_owned()
            }
            Some(UntrustedCertificate::Name(_)) => format!(
                "use a host name that the certificate has: {} (or verify only the CA: --sslmode verify-ca)",
                self.command("pgrole registry update -e {} -d {} --hostname HOST")
            ),
            Some(UntrustedCertificate::Unsupported | UntrustedCertificate::NothingInCommon) => {
                "give the server a certificate with an RSA key of 2048 to 8192 bits, an ECDSA key on P-256 or P-384, or an Ed25519 key"
                    .to_owned()
            }
            _ if self.target.tls.negotiation() == SslNegotiation::Direct => format!(
                "direct TLS needs PostgreSQL 17 or newer: {}",
                self.command("pgrole registry update -e {} -d {} --sslnegotiation postgres")
            ),
            _ => format!(
                "see the server's log; to set certificates: {}",
                self.command("pgrole registry update -e {} -d {} --sslrootcert FILE --sslcert FILE --sslkey FILE")
            ),
        }
    }

    fn reachability_hint(&self, phase: Phase) -> String {
        let check = match phase {
            Phase::Dns => "check the host name",
            Phase::Tcp => "check that the server is up and that no firewall is in between",
            _ => "check that a PostgreSQL server listens there",
        };
        format!(
            "{check}; to correct the entry: {}",
            self.command("pgrole registry update -e {} -d {} --hostname HOST --port PORT")
        )
    }

    /// A command for this target.
    fn command(&self, template: &str) -> String {
        on_target(template, &self.target, &[])
    }
}

/// What a server does instead of requesting SCRAM.
fn instead_of_scram(method: Method) -> &'static str {
    match method {
        Method::Nothing => "accepts the login without a password",
        Method::Cleartext => "requests the password in clear text",
        Method::Md5 => "requests an MD5 password",
        Method::Scram => "requests SCRAM",
        Method::Other => "requests another authentication method",
    }
}

/// Seconds, rounded to tenths.
fn tenths(span: Duration) -> f64 {
    (span.as_secs_f64() * 10.0).round() / 10.0
}

/// The beginning of a statement, which may list many names.
fn shorten(statement: &str) -> String {
    const LONGEST: usize = 200;
    match statement.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &statement[..end]),
        None => statement.to_owned(),
    }
}

/// Whether another transaction changed the same catalog row: recognized by the server function that reports it,
/// whatever the language of the message (heapam.c).
fn is_concurrent_update(refusal: &DbError) -> bool {
    matches!(
        refusal.routine(),
        Some("simple_heap_update" | "simple_heap_delete")
    )
}

/// Whether the same statements may succeed if sent again: lost races that the server reports as errors, and locks
/// that others hold.
pub fn is_worth_retrying(failure: &Failure) -> bool {
    match failure.sqlstate.as_deref() {
        Some("40001" | "40P01" | "55P03") => true,
        Some("XX000") => failure.kind == Kind::Busy,
        _ => false,
    }
}

/// Whether a password policy on the server (a hook) refused the password. An error raised in another statement, as by
/// an event trigger, would be raised with another password too.
pub fn is_policy_refusal(failure: &Failure) -> bool {
    failure.refuses_verifier && matches!(failure.sqlstate.as_deref(), Some("22023" | "P0001"))
}

/// Whether no privilege on the role would help: only superusers may, or the members of a service's password group.
pub fn is_beyond_grants(said: &str) -> bool {
    let mut texts = SUPERUSERS_ONLY.iter().chain([&PASSWORD_KEEPERS]);
    texts.any(|text| said.contains(text))
}

/// Whether another session created or dropped a role meanwhile, so that the state must be read again.
pub fn is_lost_race(failure: &Failure) -> bool {
    matches!(
        failure.sqlstate.as_deref(),
        Some("42710" | "23505" | "42704")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_that_restricts_password_commands_is_told_whom_to_let() {
        let target = Target::example();
        let address = target.addresses().unwrap().swap_remove(0);
        let explainer = Explainer::new(&target, &address, "master");
        let said = "must be a member of rds_password to alter passwords";
        assert_eq!(
            explainer.privilege_hint(said, None, None),
            "run this once as a member of rds_superuser: GRANT rds_password TO \"master\""
        );
    }
}
