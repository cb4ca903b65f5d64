//! What an operation on a role reports: one flat row, whose first seven keys are the contract.

use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::role::differences::Difference;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;

/// The row that every user operation prints.
#[derive(Debug, Serialize)]
pub struct UserReport {
    pub username: String,
    /// Always null here: whatever prints or delivers the report puts the password in.
    pub password: Option<()>,
    pub status: Status,
    pub hostname: String,
    pub database: String,
    /// A string, as documented by the service that this tool replaces.
    pub port: String,
    pub env: String,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub created: Option<Created>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub found: Option<RoleDescription>,
    /// When the server said so, if it was not asked now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// Where the password went, if not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_to: Option<String>,
    /// Where its next password goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver: Option<String>,
    /// For an admin credential: the targets that it is used for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_path: Option<Vec<String>>,
    /// The search path that is replaced, as the server stores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// For an existing login: how it differs from the requested one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<Vec<Difference>>,
    /// The roles whose default privileges are changed: none of them can be dropped while these exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_privileges_of: Vec<RoleName>,
    /// The line of the roster that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Why a row of many came to nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// In a dry run: what would run, without verifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What a new login was given.
#[derive(Debug, Clone, Serialize)]
pub struct Created {
    pub profile: String,
    pub access: &'static str,
    pub connection_limit: Option<u32>,
    pub valid_until: Option<String>,
}

/// What was found about a role.
#[derive(Debug, Clone, Serialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one key each"
)]
pub struct RoleDescription {
    /// `None` if pgrole did not create the role.
    pub profile: Option<String>,
    pub login: bool,
    pub superuser: bool,
    pub createdb: bool,
    pub createrole: bool,
    /// `None` for no limit.
    pub connection_limit: Option<u32>,
    pub valid_until: Option<String>,
    pub member_of: Vec<String>,
}

impl UserReport {
    pub fn new(username: &str, status: Status, target: &Target) -> Self {
        Self {
            username: username.to_owned(),
            password: None,
            status,
            hostname: target.hostname.to_string(),
            database: target.database.to_string(),
            port: target.port.to_string(),
            env: target.env.to_string(),
            created: None,
            found: None,
            answered_at: None,
            delivered_to: None,
            deliver: None,
            targets: None,
            search_path: None,
            previous: None,
            differs: None,
            default_privileges_of: Vec::new(),
            line: None,
            error: None,
            statements: None,
            warnings: Vec::new(),
        }
    }
}

impl From<RoleState> for RoleDescription {
    fn from(role: RoleState) -> Self {
        let profile = match role.mark() {
            Some(Mark::Profile(profile)) => Some(profile),
            _ => None,
        };
        Self {
            profile,
            login: role.login,
            superuser: role.superuser,
            createdb: role.createdb,
            createrole: role.createrole,
            connection_limit: u32::try_from(role.connection_limit).ok(),
            valid_until: role.valid_until,
            member_of: role.member_of,
        }
    }
}
