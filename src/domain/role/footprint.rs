//! A role's footprint: what it is, what it may do, what it owns and what it runs, as one database of a cluster shows it.
//! Read by `server/footprint`.

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
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct VerifierKind {
    /// `none`, `scram-sha-256`, `md5`; `unknown` if the admin credential may not read it.
    pub kind: String,
    /// Of SCRAM.
    pub iterations: Option<u32>,
}

/// A group that a role is in.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are the options of a membership"
)]
pub struct Membership {
    pub role: String,
    /// Whether it is granted to the role itself, not to another group that it is in.
    pub direct: bool,
    pub inherit: bool,
    pub set: bool,
    pub admin: bool,
    pub grantors: Option<Vec<String>>,
}

/// Some names, and how many there are in all.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Names {
    pub count: u64,
    pub names: Option<Vec<String>>,
}

/// What a role may do in a database as a whole, and has there.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are privileges and columns of PostgreSQL's"
)]
pub struct DatabaseFootprint {
    pub name: String,
    /// Whether the role owns it.
    pub owner: bool,
    pub connect: bool,
    pub create: bool,
    pub temporary: bool,
    pub allowconn: bool,
    pub template: bool,
    /// Whether the admin credential may connect to it.
    pub i_may_connect: bool,
    /// Entries of `pg_shdepend`, counted without connecting to it.
    pub dependencies: Option<Vec<DependencyCount>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct DependencyCount {
    pub catalog: String,
    pub kind: DependencyKind,
    pub count: u64,
}

/// How an object depends on a role (PostgreSQL: `pg_shdepend.deptype`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
pub enum DependencyKind {
    #[serde(rename(deserialize = "o", serialize = "owner"))]
    Owner,
    /// Named in an access control list, as grantee or as grantor.
    #[serde(rename(deserialize = "a", serialize = "privileges"))]
    Privileges,
    #[serde(rename(deserialize = "r", serialize = "policy"))]
    Policy,
    /// Named in the initial privileges of an extension's member (17 and later).
    #[serde(rename(deserialize = "i", serialize = "initial privileges"))]
    InitialPrivileges,
    #[serde(rename(deserialize = "t", serialize = "tablespace"))]
    Tablespace,
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
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SchemaFootprint {
    pub name: String,
    pub owner: String,
    pub usage: bool,
    pub create: bool,
    /// Tables, partitioned tables, views, materialized views and foreign tables; `None` if there are none. So are those
    /// that follow.
    pub tables: Option<u64>,
    pub readable: Option<u64>,
    /// On which it has INSERT, UPDATE and DELETE.
    pub writable: Option<u64>,
    /// On which it has any of those.
    pub some_write: Option<u64>,
    /// Where row-level security restricts it.
    pub under_rls: Option<u64>,
    pub owned: Option<u64>,
    /// By which roles its privileges on tables came.
    pub by: Option<Vec<Through>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct Through {
    /// A role, or PUBLIC.
    pub grantee: String,
    pub select: u64,
    pub write: u64,
}

/// Settings of a role, of a database, or of a role in a database.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SettingGroup {
    /// `None`: in all.
    pub database: Option<String>,
    /// Whether they are the role's; else the database's or everybody's.
    pub role: bool,
    /// `name=value`, as the server stores them.
    pub config: Vec<String>,
}

/// Sessions alike.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct SessionGroup {
    #[serde(rename(deserialize = "datname"))]
    pub database: Option<String>,
    /// `None` if the admin credential may not read it, as the next two.
    pub backend_type: Option<String>,
    pub state: Option<String>,
    pub application_name: Option<String>,
    pub count: u64,
    #[serde(rename(deserialize = "oldest"))]
    pub backend_start: Option<String>,
    #[serde(rename(deserialize = "oldest_transaction"))]
    pub xact_start: Option<String>,
}

/// A transaction of the role's that was prepared and not ended.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, Serialize)]
pub struct PreparedTransaction {
    pub gid: String,
    pub database: String,
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
        }
    }
}
