//! What can go wrong, as the operator sees it: a kind with its exit status, a hint that is a command.
//!
//! Context on errors is anyhow's; a [`Failure`] is put in only where a kind or a hint is known. The
//! outermost failure of a chain decides.

use std::fmt;

/// What each exit status means: the one table that `--help`, the manual and the documents show.
pub const EXIT_STATUSES: [(u8, &str); 11] = [
    (0, "done, or nothing to do"),
    (1, "failed"),
    (2, "wrong usage"),
    (3, "not found: no such target, or no such role"),
    (4, "several targets or roles, some failed (all failed: 1)"),
    (
        5,
        "no credential, cannot reach the server, or login refused",
    ),
    (
        6,
        "refused by a guard, such as a protected environment without --yes",
    ),
    (
        7,
        "differences found: an altered audit log, an overdue password, two roles or access that differ",
    ),
    (
        8,
        "a password was changed but is not yet delivered: run pgrole recover run",
    ),
    (75, "busy, try again later"),
    (130, "interrupted"),
];

/// The kinds of failure and with them the exit statuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Something failed that no other kind describes.
    Failed,
    /// The command line, a file or a value is wrong.
    Usage,
    /// There is no such target, or no such role.
    NotFound,
    /// Some of several targets or roles failed.
    Partial,
    /// No source gave an admin credential.
    NoCredential,
    /// The server cannot be reached.
    Unreachable,
    /// The server refused the login.
    LoginRefused,
    /// A guard refused it, such as a protected environment without --yes.
    Refused,
    /// What was compared is not the same, such as an audit log that was altered.
    Differences,
    /// A password was changed, and is not yet delivered.
    Undelivered,
    /// Someone else is at it; try again later.
    Busy,
    /// The operator interrupted it.
    Interrupted,
}

impl Kind {
    /// The exit status that scripts see, one of [`EXIT_STATUSES`].
    pub fn exit_status(self) -> u8 {
        match self {
            Self::Failed => 1,
            Self::Usage => 2,
            Self::NotFound => 3,
            Self::Partial => 4,
            Self::NoCredential | Self::Unreachable | Self::LoginRefused => 5,
            Self::Refused => 6,
            Self::Differences => 7,
            Self::Undelivered => 8,
            Self::Busy => 75,
            Self::Interrupted => 130,
        }
    }
}

/// The step on the way to a server's answer in which something failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub enum Phase {
    /// The admin credential was looked for.
    #[serde(rename = "credential")]
    Credential,
    /// The host was looked up.
    #[serde(rename = "DNS")]
    Dns,
    /// The connection was made.
    #[serde(rename = "TCP")]
    Tcp,
    /// The connection was encrypted.
    #[serde(rename = "TLS")]
    Tls,
    /// The server was asked to accept the login.
    #[serde(rename = "login")]
    Login,
    /// Another cluster answers under the target's name.
    #[serde(rename = "cluster")]
    Cluster,
    /// A statement was run.
    #[serde(rename = "statement")]
    Statement,
}

impl Phase {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Dns => "DNS",
            Self::Tcp => "TCP",
            Self::Tls => "TLS",
            Self::Login => "login",
            Self::Cluster => "cluster",
            Self::Statement => "statement",
        }
    }
}

/// What a server requests when it asks for a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedFor {
    /// The password itself, which it may show to another (LDAP, PAM, RADIUS).
    ThePassword,
    /// A proof of it by SCRAM or MD5, which it checks against what it stores.
    AProof,
}

/// One link of an error chain that knows what kind it is, and what to do next.
#[derive(Debug)]
pub struct Failure {
    pub kind: Kind,
    pub message: String,
    pub sqlstate: Option<String>,
    pub hint: Option<String>,
    /// How the server had asked for the password before this error, so that it has checked it; `None` if it had not
    /// asked.
    pub after_password: Option<AskedFor>,
    /// Whether it is the server's answer to the statement with the verifier.
    pub refuses_verifier: bool,
    /// The place of the statement that the server itself refused, of those that were sent; `None` where a function that it
    /// ran raised the error.
    pub statement: Option<usize>,
    pub phase: Option<Phase>,
    /// Environment and database of the target that it is about, if no [`OnTarget`] says so.
    pub target: Option<Box<(String, String)>>,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Failure {
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            sqlstate: None,
            hint: None,
            after_password: None,
            refuses_verifier: false,
            statement: None,
            phase: None,
            target: None,
            source: None,
        }
    }

    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, message)
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub fn sqlstate(mut self, sqlstate: impl Into<String>) -> Self {
        self.sqlstate = Some(sqlstate.into());
        self
    }

    #[must_use]
    pub fn phase(mut self, phase: Phase) -> Self {
        self.phase = Some(phase);
        self
    }

    /// With the hint, the SQLSTATE and the phase of another.
    #[must_use]
    pub fn with_advice_of(mut self, other: &Self) -> Self {
        self.hint.clone_from(&other.hint);
        self.sqlstate.clone_from(&other.sqlstate);
        self.phase = other.phase;
        self
    }

    /// The message with all its causes.
    pub fn in_one_line(&self) -> String {
        let mut line = self.message.clone();
        let mut cause = std::error::Error::source(self);
        while let Some(found) = cause {
            line = format!("{line}: {found}");
            cause = found.source();
        }
        line
    }

    #[must_use]
    pub fn caused_by(
        mut self,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn std::error::Error + 'static))
    }
}

/// What failed, on which target: the context of an error, which its JSON object names.
#[derive(Debug)]
pub struct OnTarget {
    pub env: String,
    pub database: String,
    pub message: String,
}

impl fmt::Display for OnTarget {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} on {}/{}",
            self.message, self.env, self.database
        )
    }
}

/// Environment and database of the target that an error is about, if it says so.
pub fn target_of(error: &anyhow::Error) -> Option<(&str, &str)> {
    if let Some(OnTarget { env, database, .. }) = error.downcast_ref() {
        return Some((env, database));
    }
    let failures = error
        .chain()
        .filter_map(|link| link.downcast_ref::<Failure>());
    let mut named = failures.filter_map(|failure| failure.target.as_ref());
    named
        .next()
        .map(|names| (names.0.as_str(), names.1.as_str()))
}

/// The outermost [`Failure`] of a chain, which decides the exit status and the hint.
pub fn find_failure(error: &anyhow::Error) -> Option<&Failure> {
    error.chain().find_map(|link| link.downcast_ref())
}

/// The kind of an error: that of its outermost [`Failure`], else failed.
pub fn kind_of(error: &anyhow::Error) -> Kind {
    find_failure(error).map_or(Kind::Failed, |failure| failure.kind)
}

/// How the server had asked for the password before this error; `None` if it had not.
pub fn asked_for(error: &anyhow::Error) -> Option<AskedFor> {
    find_failure(error)?.after_password
}

/// The first SQLSTATE of a chain.
pub fn sqlstate_of(error: &anyhow::Error) -> Option<&str> {
    error
        .chain()
        .filter_map(|link| link.downcast_ref::<Failure>())
        .find_map(|failure| failure.sqlstate.as_deref())
}

/// The first phase of a chain.
pub fn phase_of(error: &anyhow::Error) -> Option<Phase> {
    error
        .chain()
        .filter_map(|link| link.downcast_ref::<Failure>())
        .find_map(|failure| failure.phase)
}

/// The first hint of a chain.
pub fn hint_of(error: &anyhow::Error) -> Option<&str> {
    error
        .chain()
        .filter_map(|link| link.downcast_ref::<Failure>())
        .find_map(|failure| failure.hint.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_an_exit_status_of_the_table() {
        let kinds = [
            Kind::Failed,
            Kind::Usage,
            Kind::NotFound,
            Kind::Partial,
            Kind::NoCredential,
            Kind::Unreachable,
            Kind::LoginRefused,
            Kind::Refused,
            Kind::Differences,
            Kind::Undelivered,
            Kind::Busy,
            Kind::Interrupted,
        ];
        for (status, _) in &EXIT_STATUSES[1..] {
            assert!(
                kinds.iter().any(|kind| kind.exit_status() == *status),
                "{status}"
            );
        }
        for kind in kinds {
            let is_kinds = |(status, _): &(u8, &str)| *status == kind.exit_status();
            assert!(EXIT_STATUSES.iter().any(is_kinds), "{kind:?}");
        }
    }
}
