//! What defines a role on a cluster: attributes, comment, memberships and settings. What it owns and what is granted to it
//! by name is not part of it, only counted. Read by `server/definition`.

use serde::Deserialize;

use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::role::mark::{GroupMark, Mark};
use crate::domain::role::state::RoleState;

/// The definition of a role, as one database of its cluster shows it.
#[derive(Debug, Clone, Deserialize)]
pub struct RoleDefinition {
    /// `server_version_num`.
    pub version: u32,
    /// The database that was asked.
    pub database: String,
    pub database_oid: u32,
    /// Its `valid_until` has seconds only; see the field of that name.
    pub role: RoleState,
    /// As the server reads it: a time in UTC, `infinity`, `-infinity`; `None` if it was never set.
    pub valid_until: Option<String>,
    pub memberships: Vec<DefinedMembership>,
    pub settings: Vec<DefinedSetting>,
    pub bound: BoundObjects,
}

/// A group that the role is a member of, by whatever grantors.
#[derive(Debug, Clone, Deserialize)]
pub struct DefinedMembership {
    pub group: String,
    /// The group's comment.
    pub comment: Option<String>,
    #[serde(flatten)]
    pub options: MembershipOptions,
}

/// The options of a membership. Up to PostgreSQL 15 it has only the first: `inherit` is the member's own attribute,
/// and everybody may SET ROLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct MembershipOptions {
    pub admin: bool,
    pub inherit: bool,
    pub set: bool,
}

/// A setting of the role.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct DefinedSetting {
    /// `None`: in all databases.
    pub database: Option<String>,
    pub name: String,
    pub value: String,
}

/// What is bound to the role by name, on the whole cluster. No other role gets it by being like this one.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub struct BoundObjects {
    pub owned: u64,
    /// Objects that the role itself has privileges on.
    pub granted: u64,
    /// Default privileges, of what it creates or granted to it.
    pub default_privileges: u64,
    pub policies: u64,
    /// Members of the role.
    pub members: u64,
}

impl RoleDefinition {
    /// The level of a group, if it is pgrole's of this very database.
    pub fn level_of(
        &self,
        membership: &DefinedMembership,
        cluster: Option<&str>,
    ) -> Option<AccessLevel> {
        let mark = membership.mark()?;
        let is_here = match mark.oid {
            Some(oid) => oid == self.database_oid,
            None => mark.database == self.database,
        };
        let is_same_cluster = match (&mark.cluster, cluster) {
            (Some(marked), Some(cluster)) => marked == cluster,
            _ => true,
        };
        let level = GROUP_LEVELS
            .into_iter()
            .find(|level| level.as_str() == mark.level);
        level.filter(|_| is_here && is_same_cluster)
    }

    /// The profile that it was created with.
    pub fn profile(&self) -> Option<String> {
        self.role.mark().and_then(Mark::into_profile)
    }

    /// Whether two logins act as it.
    pub fn is_dual(&self) -> bool {
        matches!(self.role.mark(), Some(Mark::Dual(_)))
    }

    /// Whether it is an access group of pgrole's.
    pub fn is_group(&self) -> bool {
        matches!(self.role.mark(), Some(Mark::Group(_)))
    }
}

/// A VALID UNTIL that is a time.
pub fn finite(valid_until: Option<&str>) -> Option<String> {
    let finite = valid_until.filter(|until| !until.ends_with("infinity"));
    finite.map(str::to_owned)
}

impl DefinedMembership {
    fn mark(&self) -> Option<GroupMark> {
        match self.comment.as_deref()?.parse() {
            Ok(Mark::Group(mark)) => Some(mark),
            _ => None,
        }
    }
}
