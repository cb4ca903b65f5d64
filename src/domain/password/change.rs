//! A password change: the states of a journal row (docs/rotation.md), and what is known about each change.

use std::ffi::OsStr;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::domain::failure::{Failure, Kind};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::role::RoleName;
use crate::domain::role::term::Term;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};

/// How far a password change has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
#[serde(rename_all = "UPPERCASE")]
pub enum ChangeState {
    /// On record, nothing sent. Earlier versions wrote this before the next.
    Sealed,
    /// The statement may have been sent.
    Applying,
    /// Sent, and no answer came.
    Unknown,
    /// The server acknowledged the commit.
    Applied,
    /// A login with the new password succeeded. Earlier versions noted it; it changes nothing for recovery.
    Proven,
    /// In force, and the delivery failed.
    Undelivered,
    /// Delivered; if the delivery cannot be confirmed (stdout), the sealed copy is kept for a while.
    Delivered,
    /// Delivered and scrubbed.
    Closed,
    /// The server never took it; scrubbed.
    Aborted,
    /// The server's password policy refused each password that was tried; scrubbed.
    Refused,
    /// Someone else has changed the password since; scrubbed.
    Superseded,
    /// Another cluster answers: a person decides.
    Stuck,
}

impl ChangeState {
    pub const ALL: [Self; 12] = [
        Self::Sealed,
        Self::Applying,
        Self::Unknown,
        Self::Applied,
        Self::Proven,
        Self::Undelivered,
        Self::Delivered,
        Self::Closed,
        Self::Aborted,
        Self::Refused,
        Self::Superseded,
        Self::Stuck,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sealed => "SEALED",
            Self::Applying => "APPLYING",
            Self::Unknown => "UNKNOWN",
            Self::Applied => "APPLIED",
            Self::Proven => "PROVEN",
            Self::Undelivered => "UNDELIVERED",
            Self::Delivered => "DELIVERED",
            Self::Closed => "CLOSED",
            Self::Aborted => "ABORTED",
            Self::Refused => "REFUSED",
            Self::Superseded => "SUPERSEDED",
            Self::Stuck => "STUCK",
        }
    }

    /// Whether the sealed password is no longer needed.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Closed | Self::Aborted | Self::Refused | Self::Superseded
        )
    }
}

impl FromStr for ChangeState {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let known = Self::ALL.into_iter().find(|state| state.as_str() == text);
        known.ok_or_else(|| Failure::new(Kind::Failed, format!("unknown journal state {text:?}")))
    }
}

/// What kind of role gets the password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeKind {
    /// One that the change creates.
    Create,
    /// One that was there before.
    Reset,
    /// The login that pgrole itself connects with.
    Admin,
}

/// A password change, as the journal stores it, except for what is sealed.
#[derive(Debug, Clone)]
pub struct PasswordChange {
    /// The id of the operation in the audit log, by which people and the server's session refer to it too.
    pub operation_id: String,
    pub kind: ChangeKind,
    pub target: Target,
    pub role: RoleName,
    /// Its name until this change, which renames it; not on record.
    pub renamed_from: Option<RoleName>,
    pub profile: Option<String>,
    /// With placeholders replaced.
    pub destination: Deliveries,
    /// As the operator wrote it, for the next rotation.
    pub delivery: Deliveries,
    /// The cluster's `system_identifier`.
    pub cluster: Option<String>,
    /// The timeline of the cluster's history, which a failover ends.
    pub timeline: Option<u32>,
    /// The role's new VALID UNTIL; `None` leaves it unchanged.
    pub valid_until: Option<Timestamp>,
    /// The term that is recorded with the role from now on; `None` leaves it unchanged.
    pub term: Option<Term>,
    /// The login of two that gets it, if the role is their owner.
    pub dual: Option<DualChange>,
}

/// Which of two logins gets a password, and what becomes of the other one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DualChange {
    pub incoming: RoleName,
    /// How long the outgoing login stays valid once the password is delivered.
    pub grace: Span,
}

impl PasswordChange {
    /// The role that logs in with the password.
    pub fn login(&self) -> &RoleName {
        self.dual.as_ref().map_or(&self.role, |dual| &dual.incoming)
    }

    /// The name of the lock that serialized changes of one role before roles belonged to clusters.
    pub fn lock_name_by_place(&self) -> String {
        let place = format!(
            "{}:{}/{}",
            self.target.hostname, self.target.port, self.role
        );
        name_of_lock("role", place)
    }

    /// What the sealed password is bound to, in this version of its form: operation, place, role, and delivery.
    pub fn associated_data(&self, key_id: &str) -> String {
        let kind = match self.kind {
            ChangeKind::Create => "create",
            ChangeKind::Reset => "reset",
            ChangeKind::Admin => "admin",
        };
        let parts = [
            "pgrole sealed 2",
            &self.operation_id,
            kind,
            self.target.env.as_str(),
            self.target.database.as_str(),
            &self.target.hostname.to_string(),
            &self.target.port.to_string(),
            self.role.as_str(),
            &self.destination.to_string(),
            &self.delivery.to_string(),
            self.delivery.file_format().as_str(),
            key_id,
        ];
        let incoming = self.dual.as_ref().map(|dual| dual.incoming.as_str());
        let parts: Vec<_> = parts.into_iter().chain(incoming).collect();
        serde_json::json!(parts).to_string()
    }

    /// What the previous release bound a sealed password to: everything but the delivery.
    pub fn associated_data_before(&self) -> String {
        let Target {
            env,
            database,
            hostname,
            port,
            ..
        } = &self.target;
        format!(
            "{} {env}/{database} {hostname}:{port} {}",
            self.operation_id, self.role
        )
    }
}

/// The name of the lock that serializes changes of one role: a role belongs to a cluster.
pub fn name_of_role_lock(cluster_id: &str, role: &RoleName) -> String {
    name_of_lock("role", format!("{cluster_id}/{role}"))
}

/// The name of a lock for something with a long name.
pub fn name_of_lock(kind: &str, what: impl AsRef<OsStr>) -> String {
    let digest = Sha256::digest(what.as_ref().as_encoded_bytes());
    let digits = digest.iter().take(8).map(|byte| format!("{byte:02x}"));
    format!("{kind}-{}", digits.collect::<String>())
}
