//! The row of `access grant` and `access revoke`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::access::boxes::BoxId;
use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};

/// A role's access to a database, before and after.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AccessReport {
    /// The role.
    pub username: String,
    /// `access granted`, `access lowered`, `access revoked` or `unchanged`; of a rehearsal, `rehearsed` or `unknown: busy`.
    pub status: Status,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// The level that the role has now; in a dry run or a rehearsal, that it would have.
    #[schemars(with = "AccessLevel")]
    pub access: &'static str,
    /// The level that it had.
    #[schemars(with = "AccessLevel")]
    pub previous_access: &'static str,
    /// The groups that it joined or left.
    pub groups: Vec<RoleName>,
    /// The ID of the grant, if it has an end; absent if it has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<BoxId>,
    /// When the access ends, by the server's clock, as RFC 3339; absent if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    /// The grants with an end that were taken away; absent if there were none.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ended: Vec<BoxReport>,
    /// The roles whose default privileges were set: none of them can be dropped while these exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_privileges_of: Vec<RoleName>,
    /// The SQL that would run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<String>>,
    /// What the server said of the statements in a transaction that was rolled back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    /// What needs attention although the operation succeeded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

impl AccessReport {
    /// Of a role whose access stays as it is.
    pub fn unchanged(role: &RoleName, target: &Target, level: AccessLevel) -> Self {
        Self {
            username: role.to_string(),
            status: Status::Unchanged,
            hostname: target.hostname.to_string(),
            database: target.database.to_string(),
            port: target.port.to_string(),
            env: target.env.to_string(),
            access: level.as_str(),
            previous_access: level.as_str(),
            groups: Vec::new(),
            id: None,
            ends_at: None,
            ended: Vec::new(),
            default_privileges_of: Vec::new(),
            statements: None,
            rehearsal: None,
            warnings: Vec::new(),
        }
    }

    /// Adds the grants with an end that were taken away.
    pub fn note_ended(&mut self, ended: Vec<BoxReport>) {
        if ended.iter().any(|ended| ended.status == BoxStatus::Revoked)
            && self.status == Status::Unchanged
            && self.statements.is_none()
        {
            self.status = Status::AccessRevoked;
        }
        self.ended = ended;
    }
}
