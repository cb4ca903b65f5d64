//! A role's membership in an access group.

use serde::Deserialize;

use crate::domain::access::AccessLevel;
use crate::domain::role::RoleName;

/// One row of `pg_auth_members`. From 16 on there may be one for each grantor.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own options, one column each"
)]
pub struct HeldMembership {
    pub level: AccessLevel,
    pub group: RoleName,
    pub member: RoleName,
    /// `None` if the grantor was dropped (up to 15).
    pub grantor: Option<RoleName>,
    pub admin: bool,
    pub inherit: bool,
    pub set: bool,
}

impl HeldMembership {
    /// Whether it only lets the member grant the group to others, as the creator of a group may.
    pub fn is_only_admin(&self) -> bool {
        self.admin && !self.inherit && !self.set
    }
}
