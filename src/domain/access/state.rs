//! The access in a database, as far as one level's group is concerned. Read by `server/catalog`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::access::excess::Excess;
use crate::domain::access::{AccessLevel, ObjectKind};
use crate::domain::encoding::holds_shown_byte;
use crate::domain::role::RoleName;
use crate::domain::role::mark::{GroupMark, Mark};

/// The access groups of a database, and the roles whose objects they should reach.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct AccessState {
    pub database: DatabaseState,
    /// The access groups that exist (or the foreign roles that have their names), lowest level first.
    pub groups: Vec<GroupState>,
    /// The levels whose groups the role that the operation is about has the rights of (up to 15: is a member of).
    pub role_levels: Vec<AccessLevel>,
    /// The schemas that access is granted in: neither the system's nor an extension's, and chosen.
    pub schemas: Vec<SchemaState>,
    /// Schemas that were named and do not exist.
    pub unknown_schemas: Vec<String>,
    /// Objects on which the wanted group lacks a privilege, counted by schema, kind and owner. Members of extensions
    /// are not counted.
    pub lacking: Vec<Lacking>,
    /// The roles that create objects in these schemas.
    pub creators: Vec<Creator>,
    /// The routines that were named for the level.
    pub routines: Vec<RoutineState>,
    /// What the wanted group has beyond its level.
    pub excess: Excess,
    /// How far the admin credential can act for each owner and creator.
    pub reach: BTreeMap<RoleName, DefaultPrivilegeReach>,
    /// How far it will be able to act for a role that it creates.
    pub reach_of_new: DefaultPrivilegeReach,
}

#[derive(Debug, Clone, Default, Deserialize)]
pub struct DatabaseState {
    pub oid: u32,
    pub owner: RoleName,
    /// Whether PUBLIC may create temporary tables, which it may unless that was revoked.
    pub public_temporary: bool,
    /// What the admin credential may grant on the database though it cannot act for its owner.
    pub may_grant: Vec<String>,
}

impl DatabaseState {
    /// The privileges on the database that a level's group should have. PUBLIC may create temporary tables; if that was
    /// revoked, a writer still may.
    pub fn wanted(&self, level: AccessLevel) -> Vec<&'static str> {
        let temporary = level >= AccessLevel::Readwrite && !self.public_temporary;
        let wanted = [("CONNECT", true), ("TEMPORARY", temporary)].into_iter();
        wanted
            .filter_map(|(privilege, is_wanted)| is_wanted.then_some(privilege))
            .collect()
    }
}

/// A role that has the name of an access group.
#[derive(Debug, Clone, Deserialize)]
pub struct GroupState {
    pub level: AccessLevel,
    pub comment: Option<String>,
    /// The attributes that no group has, as PostgreSQL spells them.
    pub attributes: Vec<String>,
    /// Whether it has a password; `None` if the admin credential may not see that.
    pub password: Option<bool>,
    /// Whether it has a VALID UNTIL.
    pub expires: bool,
    pub member_of: Vec<String>,
    /// Who may grant membership in it.
    pub admins: Vec<GroupAdmin>,
    /// The database whose oid the mark names, if there is one.
    pub marked_database: Option<String>,
    /// Its members, if the mark does not name this database's oid.
    pub members: Vec<RoleName>,
    /// What is granted on the database to the group itself.
    pub on_database: Vec<String>,
    /// Whether the admin credential may grant the group to others.
    pub grantable: bool,
    /// Whether the role that the operation is about may grant the group to others.
    pub administered: bool,
}

/// A role that may grant membership in an access group.
#[derive(Debug, Clone, Deserialize)]
pub struct GroupAdmin {
    pub name: String,
    pub superuser: bool,
}

impl GroupState {
    /// The mark that the group carries, if it is a group's.
    pub fn mark(&self) -> Option<GroupMark> {
        match self.comment.as_deref()?.parse() {
            Ok(Mark::Group(mark)) => Some(mark),
            _ => None,
        }
    }

    /// Whether a privilege on the database is granted to the group itself.
    pub fn has_on_database(&self, privilege: &str) -> bool {
        self.on_database.iter().any(|held| held == privilege)
    }
}

/// A schema in which access is granted; the privileges are those of the wanted group.
#[derive(Debug, Clone, Deserialize)]
pub struct SchemaState {
    pub name: String,
    pub owner: RoleName,
    /// Privileges granted to the group itself.
    pub granted: Vec<String>,
    /// Privileges that the group has, including through PUBLIC.
    pub effective: Vec<String>,
    /// Whether PUBLIC may create objects here.
    pub public_create: bool,
    /// Whether the admin credential holds the wanted privileges WITH GRANT OPTION.
    pub may_grant: bool,
}

/// The wanted privileges that are not among those that are held.
pub fn not_held(wanted: &[&'static str], held: &[String]) -> Vec<&'static str> {
    let wanted = wanted.iter().copied();
    wanted
        .filter(|wanted| !held.iter().any(|held| held == wanted))
        .collect()
}

#[derive(Debug, Clone, Deserialize)]
pub struct Lacking {
    pub schema: String,
    pub kind: ObjectKind,
    pub owner: RoleName,
    pub count: u32,
    /// Whether the admin credential holds the wanted privileges on them WITH GRANT OPTION, and cannot act for the
    /// owner.
    pub may_grant: bool,
    /// The objects as the server quotes them, if `GRANT … ON ALL` would fail or reach too far: the schema also holds
    /// some of the kind that the admin credential may not grant on, or that belong to an extension.
    pub names: Option<Vec<String>>,
    /// The owners of objects of the kind in the schema for whom the admin credential acts by a loan.
    pub lenders: Option<Vec<RoleName>>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Creator {
    pub name: RoleName,
    /// The kinds of objects that the wanted group gets access to as the creator creates them.
    pub covered: Vec<ObjectKind>,
}

/// A routine that was named for a level.
#[derive(Debug, Clone, Deserialize)]
pub struct RoutineState {
    /// As it was named.
    pub name: String,
    /// `None` if there is no such routine.
    pub owner: Option<RoleName>,
    /// The extension that it is a member of.
    pub extension: Option<String>,
    /// Whether EXECUTE on it is granted to the wanted group itself.
    pub granted: bool,
    /// Whether the admin credential may grant it though it cannot act for the owner.
    pub may_grant: bool,
    /// Routines that differ from it only in their arguments.
    pub similar: Vec<String>,
}

/// How far the admin credential can act for another role.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DefaultPrivilegeReach {
    /// It is a superuser, the role itself, or a member that inherits.
    Direct,
    /// It may make itself a member for one transaction.
    Borrow,
    /// It is a member that does not inherit, and may change that for one transaction (16 and later).
    Inherit,
    /// It cannot, but a membership WITH ADMIN OPTION would let it.
    #[default]
    None,
    /// It cannot, but would if the admin credential had INHERIT (up to 15).
    NoInherit,
    /// No membership is possible: in a superuser, in a predefined role, or in a member of itself.
    Beyond,
}

/// What the admin credential borrows for one transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loan {
    Membership,
    /// INHERIT on a membership that it has and keeps.
    Inheritance,
}

impl DefaultPrivilegeReach {
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
    /// How far the admin credential can act for `role`; not at all for roles that were not asked about.
    pub fn reach(&self, role: &RoleName) -> DefaultPrivilegeReach {
        let reach = self
            .reach
            .get(role)
            .copied()
            .unwrap_or(DefaultPrivilegeReach::None);
        // A membership in a role that no statement can name is impossible.
        if reach.loan().is_some() && holds_shown_byte(role.as_str()) {
            return DefaultPrivilegeReach::Beyond;
        }
        reach
    }

    /// The role to act for in order to act for `owner`. The role pg_database_owner (14 and later) has one member, the
    /// database's owner, and takes no other.
    pub fn acting_owner<'a>(&'a self, owner: &'a RoleName) -> &'a RoleName {
        if owner.as_str() == "pg_database_owner" {
            &self.database.owner
        } else {
            owner
        }
    }

    pub fn group(&self, level: AccessLevel) -> Option<&GroupState> {
        self.groups.iter().find(|group| group.level == level)
    }

    /// The schemas in which PUBLIC may create objects, as it may in `public` up to PostgreSQL 14.
    pub fn open_to_creation(&self) -> impl Iterator<Item = &str> {
        let open = self.schemas.iter().filter(|schema| schema.public_create);
        open.map(|schema| schema.name.as_str())
    }
}
