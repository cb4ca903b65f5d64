//! What an operation on a role reports: one flat row, whose first seven keys are the contract.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::role::RoleName;
use crate::domain::role::copy::NotCloned;
use crate::domain::role::differences::Difference;
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;

/// The row that every user operation prints.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UserReport {
    /// The role.
    pub username: String,
    /// The new password if this output is its delivery; null otherwise.
    #[schemars(with = "Option<String>")]
    pub password: Option<()>,
    /// How the operation ended.
    pub status: Status,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// The role that the login acts as, if it is one of two dual logins.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub owner: Option<String>,
    /// The other one of two dual logins, which stays valid until it is retired.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outgoing: Option<String>,
    /// When that is due, by the server's clock, as RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retire_at: Option<String>,
    // Whose keys a command prints is said where the commands' results are described.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub created: Option<Created>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    #[schemars(skip)]
    pub found: Option<RoleDescription>,
    /// When the server said so, as RFC 3339, if it was not asked now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answered_at: Option<String>,
    /// Where the password was delivered, if not here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delivered_to: Option<String>,
    /// Where the next password will be delivered.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver: Option<String>,
    /// The targets that are reached with this admin credential, each as `ENV/DATABASE`; absent where the password is
    /// printed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub targets: Option<Vec<String>>,
    /// The role that it is a copy of, as `NAME@ENV/DATABASE`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cloned_from: Option<String>,
    /// What the other role has and the copy has not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_cloned: Option<Vec<NotCloned>>,
    /// The name before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub renamed_from: Option<String>,
    /// What was changed; empty if nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed: Option<Vec<ChangedAttribute>>,
    /// The schemas of the new search path.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_path: Option<Vec<String>>,
    /// The search path that it replaces, as the server stores it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<String>,
    /// How an existing login differs from the requested one; empty if it does not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub differs: Option<Vec<Difference>>,
    /// The roles whose default privileges are changed: none of them can be dropped while these exist.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub default_privileges_of: Vec<RoleName>,
    /// The line of the file that asks for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// Why nothing came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// The SQL that would run, without verifiers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<String>>,
    /// What the server said of the statements in a transaction that was rolled back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    /// What needs attention although the operation succeeded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
}

/// What a new login was given.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct Created {
    /// The profile that it was created with.
    pub profile: String,
    /// The access level that it was given.
    #[schemars(with = "AccessLevel")]
    pub access: &'static str,
    /// How many connections it may have; null: no limit.
    pub connection_limit: Option<u32>,
    /// When the password expires, as RFC 3339; null: never.
    pub valid_until: Option<String>,
}

/// What was changed about a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ChangedAttribute {
    /// `connection_limit`, `valid_until`, `profile`, `createdb`, `createrole`, `access`, `term`.
    pub what: &'static str,
    /// The value before, as text.
    pub before: String,
    /// The value now, as text.
    pub after: String,
}

/// What was found about a role.
#[derive(Debug, Clone, Serialize, JsonSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one key each"
)]
pub struct RoleDescription {
    /// The profile that pgrole created it with; null if pgrole did not create it.
    pub profile: Option<String>,
    /// Whether it may log in.
    pub login: bool,
    /// Whether it is a superuser.
    pub superuser: bool,
    /// Whether it may create databases.
    pub createdb: bool,
    /// Whether it may create roles.
    pub createrole: bool,
    /// How many connections it may have; null: no limit.
    pub connection_limit: Option<u32>,
    /// When the password expires, as RFC 3339; null: never.
    pub valid_until: Option<String>,
    /// The groups that it is a member of.
    pub member_of: Vec<String>,
    /// The two roles that log in for it; absent unless it has dual logins.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub logins: Vec<String>,
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
            owner: None,
            outgoing: None,
            retire_at: None,
            created: None,
            found: None,
            answered_at: None,
            delivered_to: None,
            deliver: None,
            targets: None,
            cloned_from: None,
            not_cloned: None,
            renamed_from: None,
            changed: None,
            search_path: None,
            previous: None,
            differs: None,
            default_privileges_of: Vec::new(),
            line: None,
            error: None,
            statements: None,
            rehearsal: None,
            warnings: Vec::new(),
        }
    }
}

impl From<RoleState> for RoleDescription {
    fn from(role: RoleState) -> Self {
        let profile = role.mark().and_then(Mark::into_profile);
        Self {
            profile,
            login: role.login,
            superuser: role.superuser,
            createdb: role.createdb,
            createrole: role.createrole,
            connection_limit: u32::try_from(role.connection_limit).ok(),
            valid_until: role.valid_until,
            member_of: role.member_of,
            logins: role.logins,
        }
    }
}
