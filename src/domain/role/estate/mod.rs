//! What a role leaves behind when it is dropped: its estate. Read by `server/estate`, one database at a time.

pub mod settlement;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::act::plan::NamedObject;
use crate::domain::role::RoleName;
use crate::domain::role::footprint::PreparedTransaction;
use crate::domain::role::reach::Reach;
use crate::domain::role::state::ServerState;

/// What a role is on its cluster, and what depends on it in the database that was asked.
#[derive(Debug, Clone, Deserialize)]
pub struct Estate {
    #[serde(flatten)]
    pub server: ServerState,
    /// `None` if there is no such role.
    pub oid: Option<u32>,
    /// Whether it is the role that `initdb` made.
    pub bootstrap: bool,
    pub heir: Option<HeirState>,
    pub reach: Reach,
    pub database: DatabaseEstate,
    pub cluster: ClusterEstate,
}

/// The role that is to own what the other one owned.
#[derive(Debug, Clone, Deserialize)]
pub struct HeirState {
    pub superuser: bool,
}

/// What depends on the role in one database.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct DatabaseEstate {
    pub name: String,
    pub owner: RoleName,
    /// What depends on the role in this database.
    pub dependencies: u32,
    /// What it owns, by kind.
    pub owned: Vec<ObjectNames>,
    /// On what it has privileges, or granted some, or which policy names it.
    pub privileges: Vec<ObjectNames>,
    /// How much of that somebody must get, or nobody will have any more.
    pub to_dispose_of: u32,
    /// How many relations settling would lock exclusively: those that it owns, and the tables of policies that name it.
    pub locked: u32,
    /// The tables, if they are too many for one transaction.
    pub many_tables: Vec<String>,
    /// Where the heir lacks the right to create what it is to own.
    pub create_missing: Vec<CreateMissing>,
    /// Whether the heir lacks CREATE on the database, and would own schemas or publications.
    pub create_on_database: bool,
    pub event_triggers: Vec<String>,
    pub subscriptions: Vec<String>,
    /// Owners of what the role has privileges on, or of tables with a policy for it.
    pub owners: Vec<RoleName>,
    /// What it granted on the objects of others.
    pub keep: Vec<GrantedByRole>,
    /// What others than the owners granted to it.
    pub foreign: Vec<ForeignGrant>,
}

/// Objects of one kind, the first few of them by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ObjectNames {
    /// The kind of the objects, such as `table`.
    pub kind: String,
    /// How many there are.
    pub count: u32,
    /// The first 20 of them.
    pub names: Vec<String>,
}

impl ObjectNames {
    /// The first names of several kinds, as many as are wanted at most, and how many more objects there are: of each kind
    /// some may not be named.
    pub fn first_of(groups: &[Self], wanted: usize) -> (Vec<String>, usize) {
        let names = groups.iter().flat_map(|group| &group.names);
        let names: Vec<_> = names.take(wanted).cloned().collect();
        let total: usize = groups.iter().map(|group| group.count as usize).sum();
        let more = total.saturating_sub(names.len());
        (names, more)
    }
}

#[derive(Debug, Clone, Deserialize)]
pub struct CreateMissing {
    pub schema: String,
    pub owner: RoleName,
    /// Whether only tables and types are in it, which REASSIGN OWNED gives to anybody.
    pub only_tables: bool,
    /// Whether the role itself owns it, so that the heir will.
    pub own: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct GrantedByRole {
    pub privilege: String,
    pub object: NamedObject,
    pub owner: RoleName,
    /// `None` for PUBLIC.
    pub grantee: Option<RoleName>,
    pub grantable: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ForeignGrant {
    pub object: NamedObject,
    pub grantor: RoleName,
}

/// What the role is and has on the whole cluster.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ClusterEstate {
    /// The databases in which something depends on it, or which it owns.
    pub databases: Vec<DependentDatabase>,
    /// What it owns that belongs to no database: databases, tablespaces.
    pub shared: Vec<NamedObject>,
    /// How many clients read the WAL, standbys and others.
    pub standbys: u32,
    /// How many objects that belong to no database it has privileges on.
    pub shared_privileges: u32,
    /// Memberships that it granted.
    pub granted: Vec<GrantedMembership>,
    /// Roles that it alone may administer (16 and later).
    pub sole_admin_of: Vec<RoleName>,
    pub member_of: Vec<RoleName>,
    pub members: Vec<RoleName>,
    pub prepared: Vec<PreparedTransaction>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct DependentDatabase {
    pub name: String,
    pub dependencies: u32,
    /// Whether it accepts connections.
    pub allows_connections: bool,
    /// Whether the admin credential has CONNECT.
    pub may_connect: bool,
    pub owner: RoleName,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct GrantedMembership {
    pub group: RoleName,
    pub member: RoleName,
    pub admin: bool,
    pub inherit: bool,
    pub set: bool,
    /// Who may grant it in the role's place; `None` if the admin credential cannot.
    pub grantor: Option<RoleName>,
}
