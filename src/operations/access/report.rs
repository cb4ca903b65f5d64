//! The row of `access grant` and `access revoke`.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::target::Target;

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
            default_privileges_of: Vec::new(),
            statements: None,
            rehearsal: None,
            warnings: Vec::new(),
        }
    }
}
