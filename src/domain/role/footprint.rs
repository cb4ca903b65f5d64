//! A role's footprint: what it is, what it may do, what it owns and what it runs, as one database of a cluster shows it.
//! Read by `server/footprint`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::role::state::RoleState;

/// The footprint of a role. What does not depend on the database is the same in each of a cluster.
#[derive(Debug, Clone, Deserialize)]
pub struct Footprint {
    pub version: u32,
    /// The database that was asked.
    pub database: String,
    pub role: RoleAttributes,
    pub verifier: VerifierKind,
    /// The groups above it, direct or not.
    pub member_of: Vec<Membership>,
    pub members: Names,
    /// How many memberships of others it granted.
    pub memberships_granted_by_it: u64,
    /// The databases in which it has something, that it owns or has privileges on, and the one that was asked.
    pub databases: Vec<DatabaseFootprint>,
    /// What it owns or is named in, here and of the whole cluster, by catalog and kind.
    pub objects: Vec<ObjectGroup>,
    pub schemas: Vec<SchemaFootprint>,
    pub settings: Vec<SettingGroup>,
    pub sessions: Vec<SessionGroup>,
    /// Sessions of other roles that may SET ROLE to it.
    pub sessions_that_may_set_role: u64,
    pub prepared: Vec<PreparedTransaction>,
}

/// A role's attributes and comment.
#[derive(Debug, Clone, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one column each"
)]
pub struct RoleAttributes {
    pub name: String,
    pub login: bool,
    pub superuser: bool,
    pub inherit: bool,
    pub createdb: bool,
    pub createrole: bool,
    pub replication: bool,
    pub bypassrls: bool,
    /// -1: no limit.
    pub connection_limit: i32,
    /// RFC 3339 in UTC; `None` if it never expires.
    pub valid_until: Option<String>,
    pub expired: bool,
    pub comment: Option<String>,
}

/// What is stored as the role's password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct VerifierKind {
    /// `none`, `scram-sha-256`, `md5`; `unknown` if the admin credential may not read it.
    pub kind: String,
    /// The iterations of a SCRAM verifier; null for other kinds.
    pub iterations: Option<u32>,
}

/// A group that a role is in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are the options of a membership"
)]
pub struct Membership {
    /// The group.
    pub role: String,
    /// Whether it is granted to the role itself, not to another group that it is in.
    pub direct: bool,
    /// Whether the role has the group's privileges without SET ROLE.
    pub inherit: bool,
    /// Whether the role may SET ROLE to the group.
    pub set: bool,
    /// Whether the role may grant the group to others.
    pub admin: bool,
    /// The roles that granted it; null if it is not direct.
    pub grantors: Option<Vec<String>>,
    /// When the access by it ends, by the server's clock, as RFC 3339, if it is a grant with an end; else absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
}

/// Some names, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Names {
    /// How many there are.
    pub count: u64,
    /// The first of them; null if there are none.
    pub names: Option<Vec<String>>,
}

/// What a role may do in a database as a whole, and has there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are privileges and columns of PostgreSQL's"
)]
pub struct DatabaseFootprint {
    /// The database.
    pub name: String,
    /// Whether the role owns it.
    pub owner: bool,
    /// Whether the role may connect.
    pub connect: bool,
    /// Whether the role may create schemas.
    pub create: bool,
    /// Whether the role may create temporary tables.
    pub temporary: bool,
    /// Whether the database accepts connections.
    pub allowconn: bool,
    /// Whether the database is a template.
    pub template: bool,
    /// Whether the admin credential may connect to it.
    pub i_may_connect: bool,
    /// Objects there that depend on the role, counted without a connection to the database; null if there are none.
    pub dependencies: Option<Vec<DependencyCount>>,
}

/// How many objects of one catalog depend on the role in one way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct DependencyCount {
    /// The system catalog that the objects are in.
    pub catalog: String,
    /// How they depend on the role.
    pub kind: DependencyKind,
    /// How many there are.
    pub count: u64,
}

/// How an object depends on a role (PostgreSQL: `pg_shdepend.deptype`).
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
pub enum DependencyKind {
    /// The role owns it.
    #[serde(rename(deserialize = "o", serialize = "owner"))]
    Owner,
    /// Named in an access control list, as grantee or as grantor.
    #[serde(rename(deserialize = "a", serialize = "privileges"))]
    Privileges,
    /// Named in a policy of row-level security.
    #[serde(rename(deserialize = "r", serialize = "policy"))]
    Policy,
    /// Named in the initial privileges of an extension's member (17 and later).
    #[serde(rename(deserialize = "i", serialize = "initial privileges"))]
    InitialPrivileges,
    /// The tablespace of a partitioned table.
    #[serde(rename(deserialize = "t", serialize = "tablespace"))]
    Tablespace,
    /// In a way that later versions of PostgreSQL have added.
    #[serde(other, rename(serialize = "other"))]
    Other,
}

/// Objects of one catalog that depend on the role in the same way.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct ObjectGroup {
    /// Whether they belong to the cluster, not to the database.
    pub shared: bool,
    pub kind: DependencyKind,
    pub catalog: String,
    pub total: u64,
    /// How many are members of extensions; these are named last.
    pub of_extensions: u64,
    pub names: Vec<String>,
}

/// What a role may do in a schema.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct SchemaFootprint {
    /// The schema.
    pub name: String,
    /// The owner of the schema.
    pub owner: String,
    /// Whether the role has USAGE.
    pub usage: bool,
    /// Whether the role may create objects.
    pub create: bool,
    /// How many tables, partitioned tables, views, materialized views and foreign tables there are; null if there are
    /// none, as the numbers that follow.
    pub tables: Option<u64>,
    /// On how many it may SELECT; null if there are none.
    pub readable: Option<u64>,
    /// On how many it may INSERT, UPDATE and DELETE; null if there are none.
    pub writable: Option<u64>,
    /// On how many it may do any of those; null if there are none.
    pub some_write: Option<u64>,
    /// On how many row-level security restricts it; null if there are none.
    pub under_rls: Option<u64>,
    /// How many it owns; null if there are none.
    pub owned: Option<u64>,
    /// Through which roles its privileges on tables come; null if it has none.
    pub by: Option<Vec<Through>>,
}

/// Through which role privileges on tables come.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct Through {
    /// A role, or `PUBLIC`.
    pub grantee: String,
    /// On how many tables it has SELECT.
    pub select: u64,
    /// How many of INSERT, UPDATE and DELETE it has, over all tables.
    pub write: u64,
}

/// Settings of a role, of a database, or of a role in a database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct SettingGroup {
    /// The database that they apply to; null: all databases.
    pub database: Option<String>,
    /// Whether they are the role's; else the database's or everybody's.
    pub role: bool,
    /// `name=value`, as the server stores them.
    pub config: Vec<String>,
}

/// Sessions alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct SessionGroup {
    /// The database; null if they have none.
    #[serde(rename(deserialize = "datname"))]
    pub database: Option<String>,
    /// What kind of backend they are; null if the admin credential may not see it.
    pub backend_type: Option<String>,
    /// The state, as in `pg_stat_activity`; null if the admin credential may not see it.
    pub state: Option<String>,
    /// The `application_name`; null if the admin credential may not see it.
    pub application_name: Option<String>,
    /// How many there are.
    pub count: u64,
    /// When the oldest session began, as RFC 3339; null if the admin credential may not see it.
    #[serde(rename(deserialize = "oldest"))]
    pub backend_start: Option<String>,
    /// When the oldest transaction began, as RFC 3339; null if none is open, or the admin credential may not see it.
    #[serde(rename(deserialize = "oldest_transaction"))]
    pub xact_start: Option<String>,
}

/// A transaction of the role's that was prepared and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub struct PreparedTransaction {
    /// The identifier that COMMIT PREPARED and ROLLBACK PREPARED take.
    pub gid: String,
    /// The database that it must be ended in.
    pub database: String,
    /// When it was prepared, as RFC 3339.
    pub prepared: String,
}

impl RoleAttributes {
    /// The same as a role's state, without memberships.
    pub fn state(&self) -> RoleState {
        RoleState {
            name: self.name.clone(),
            superuser: self.superuser,
            createdb: self.createdb,
            createrole: self.createrole,
            login: self.login,
            replication: self.replication,
            bypassrls: self.bypassrls,
            connection_limit: self.connection_limit,
            valid_until: self.valid_until.clone(),
            expired: self.expired,
            seconds_left: None,
            inherit: self.inherit,
            comment: self.comment.clone(),
            member_of: Vec::new(),
            logins: Vec::new(),
        }
    }
}
