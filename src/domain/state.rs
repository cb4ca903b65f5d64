//! What a server was found to hold, as far as one operation needs to know. Read by `server/catalog`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::access::{AccessLevel, Mark, ObjectKind};
use crate::domain::role::RoleName;

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
    /// Where a standby streams from, as far as the admin may read it, and it was asked for.
    #[serde(default)]
    pub primary_host: Option<String>,
    pub admin: RoleState,
    /// The role that the operation is about; None: there is none of that name.
    pub role: Option<RoleState>,
    /// The timeline of the cluster's history, where it was asked for.
    #[serde(default)]
    pub timeline: Option<u32>,
    /// The role's verifier, where a superuser asked for it.
    #[serde(default)]
    pub verifier: Option<String>,
    /// Whether another process of the server answers than the login was promised, as behind a pooler; where it was asked for.
    #[serde(default)]
    pub pooled: bool,
    /// The group that makes the role log in by tokens only, where it was asked for.
    #[serde(default)]
    pub token_group: Option<String>,
    /// Sessions of that role on this server, where they were asked for.
    #[serde(default)]
    pub sessions: u32,
    /// Read where access is to be planned, like all that follows; else empty.
    #[serde(default)]
    pub access: AccessState,
}

/// The access groups of a database, and whose objects they are to reach.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AccessState {
    pub database_owner: RoleName,
    /// The access groups that exist (or the foreign roles that have their names), lowest level first.
    pub groups: Vec<GroupState>,
    pub schemas: Vec<SchemaState>,
    /// Objects on which the wanted group lacks a privilege, counted by schema, kind and owner.
    pub lacking: Vec<Lacking>,
    /// The roles that may create objects in the database.
    pub creators: Vec<Creator>,
    /// How far the admin credential commands each owner and creator.
    pub reach: BTreeMap<RoleName, Reach>,
    /// How far it will command a role that it creates.
    pub reach_of_new: Reach,
}

/// A role's attributes, as in `pg_roles`.
#[derive(Debug, Clone, Default, Deserialize)]
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
    /// Whether that is past, by the server's clock: it refuses every password then.
    pub expired: bool,
    pub comment: Option<String>,
    pub member_of: Vec<String>,
}

impl RoleState {
    /// The mark that pgrole left on the role, if it made it.
    pub fn mark(&self) -> Option<Mark> {
        self.comment.as_deref()?.parse().ok()
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct GroupState {
    pub level: AccessLevel,
    pub comment: Option<String>,
    /// Whether CONNECT on the database is granted to the group by name.
    pub connect: bool,
    /// Whether the admin credential may grant the group to others.
    pub grantable: bool,
    /// Whether the role that the operation is about may grant the group to others.
    pub administered: bool,
}

/// A schema that is not the system's; the booleans speak of the wanted group.
#[derive(Debug, Clone, Deserialize)]
pub struct SchemaState {
    pub name: String,
    pub owner: RoleName,
    /// Whether the schema belongs to an extension, which decides on its privileges itself.
    pub extension: bool,
    /// Privileges granted to the group by name.
    pub granted: Vec<String>,
    /// Privileges that the group has, through PUBLIC too.
    pub effective: Vec<String>,
    /// Whether PUBLIC may create objects here.
    pub public_create: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Lacking {
    pub schema: String,
    pub kind: ObjectKind,
    pub owner: RoleName,
    /// Whether all these objects belong to extensions, which decide on their privileges themselves.
    pub extension: bool,
    pub count: u32,
    /// The objects as the server quotes them, where the schema also holds some of the kind that the admin
    /// credential may not grant on: `GRANT … ON ALL` would fail there.
    pub names: Option<Vec<String>>,
    /// The owners of anything of the kind in the schema for whom the admin credential acts by a loan.
    pub lenders: Option<Vec<RoleName>>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Creator {
    pub name: RoleName,
    /// The kinds of objects of which the wanted group gets what the creator makes from now on.
    pub covered: Vec<ObjectKind>,
}

/// How far the admin credential commands another role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// It is superuser, the role itself, or a member that inherits.
    Direct,
    /// It may make itself a member for the length of a transaction.
    Borrow,
    /// It is a member that does not inherit, and may change that for the length of a transaction (16 and later).
    Inherit,
    /// It would be reached by a membership that may be handed on.
    #[default]
    None,
    /// It would be reached, if the admin credential used the rights of its memberships (up to 15).
    NoInherit,
    /// No membership is to be had: in a superuser, in a role of the server's own, or in a member of itself.
    Beyond,
}

/// What the admin credential takes for the length of a transaction, and then gives back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loan {
    Membership,
    /// INHERIT on a membership that it has and keeps.
    Inheritance,
}

impl Reach {
    /// Whether the admin credential may act for the role.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Direct | Self::Borrow | Self::Inherit)
    }

    /// What must be borrowed to act for the role.
    pub fn loan(self) -> Option<Loan> {
        match self {
            Self::Borrow => Some(Loan::Membership),
            Self::Inherit => Some(Loan::Inheritance),
            Self::Direct | Self::None | Self::NoInherit | Self::Beyond => None,
        }
    }
}

impl AccessState {
    /// How far the admin credential commands `role`; roles that were not asked about: not at all.
    pub fn reach(&self, role: &RoleName) -> Reach {
        self.reach.get(role).copied().unwrap_or(Reach::None)
    }

    /// The role to act for where `owner` is to be acted for. The role pg_database_owner (14 and later) has one member,
    /// the database's owner, and takes no other.
    pub fn acting_owner<'a>(&'a self, owner: &'a RoleName) -> &'a RoleName {
        if owner.as_str() == "pg_database_owner" {
            &self.database_owner
        } else {
            owner
        }
    }

    pub fn group(&self, level: AccessLevel) -> Option<&GroupState> {
        self.groups.iter().find(|group| group.level == level)
    }

    /// Whether PUBLIC may create objects in some schema, as it may in `public` up to PostgreSQL 14.
    pub fn public_may_create(&self) -> bool {
        self.schemas.iter().any(|schema| schema.public_create)
    }
}
