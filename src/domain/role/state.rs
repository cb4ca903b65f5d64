//! What a server was found to hold, as far as one operation needs to know. Read by `server/catalog`.

use serde::{Deserialize, Deserializer, Serialize};

use crate::domain::access::state::AccessState;
use crate::domain::role::mark::Mark;
use crate::domain::role::setting::RoleSetting;

/// One reading of a server: its own state, one role, the access groups, the schemas and their owners.
#[derive(Debug, Clone, Deserialize)]
pub struct ServerState {
    /// `server_version_num`, for example 150018.
    pub version: u32,
    /// The server's clock, in seconds since 1970.
    #[serde(default)]
    pub clock: Option<f64>,
    pub in_recovery: bool,
    /// `transaction_read_only`, which a standby and `default_transaction_read_only` set.
    pub read_only: bool,
    /// Where a standby streams from, if the admin credential may read it and it was asked for.
    #[serde(default)]
    pub primary_host: Option<String>,
    /// The role whose rights count: the login itself, or the role of its own `role` setting.
    pub admin: RoleState,
    /// The `role` setting that the session would have begun with.
    pub role_setting: Option<RoleSetting>,
    /// The role that the operation is about; `None` if it does not exist.
    pub role: Option<RoleState>,
    /// The timeline of the cluster's history, if it was asked for.
    #[serde(default)]
    pub timeline: Option<u32>,
    /// The role's verifier, if a superuser asked for it.
    #[serde(default)]
    pub verifier: Option<String>,
    /// Whether another process answers than the login announced, as behind a pooler; if it was asked for.
    #[serde(default)]
    pub pooled: bool,
    /// The group that makes the role log in only with tokens, if it was asked for.
    #[serde(default)]
    pub token_group: Option<String>,
    /// Sessions of that role on this server, if they were asked for.
    #[serde(default)]
    pub sessions: u32,
    /// What to know when creating a role, if it was asked for.
    #[serde(default)]
    pub surroundings: Surroundings,
    /// Read if access is to be planned; else empty.
    #[serde(default)]
    pub access: AccessState,
}

/// The surroundings of a role that does not exist yet.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Surroundings {
    /// Whether the database is a template.
    pub template: bool,
    /// Roles whose names may look like its own.
    pub alike: Vec<String>,
}

impl ServerState {
    /// A `role` setting that exists but is not used.
    pub fn unused_role(&self) -> Option<&RoleSetting> {
        let setting = self.role_setting.as_ref()?;
        let is_unused = setting.role != "none" && setting.role != self.admin.name;
        is_unused.then_some(setting)
    }
}

/// A role's attributes, as in `pg_roles`. A list of logins is read as arrays, in the order of these fields.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
#[serde(default)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one column each"
)]
pub struct RoleState {
    pub name: String,
    pub superuser: bool,
    pub createdb: bool,
    pub createrole: bool,
    pub login: bool,
    pub replication: bool,
    pub bypassrls: bool,
    /// -1: no limit.
    pub connection_limit: i32,
    pub valid_until: Option<String>,
    /// Whether VALID UNTIL is past, by the server's clock.
    pub expired: bool,
    /// Seconds until VALID UNTIL, by the server's clock; negative if it is past; `None` if there is none or it was not
    /// asked for.
    pub seconds_left: Option<i64>,
    /// Whether it has the rights of its memberships without SET ROLE (up to PostgreSQL 15 for all of them).
    pub inherit: bool,
    pub comment: Option<String>,
    /// By name, each once.
    #[serde(deserialize_with = "sorted")]
    pub member_of: Vec<String>,
}

fn sorted<'de, D: Deserializer<'de>>(groups: D) -> Result<Vec<String>, D::Error> {
    let mut groups = Vec::deserialize(groups)?;
    groups.sort_unstable();
    groups.dedup();
    Ok(groups)
}

impl RoleState {
    /// The mark that pgrole left on the role, if it created it.
    pub fn mark(&self) -> Option<Mark> {
        self.comment.as_deref()?.parse().ok()
    }
}
