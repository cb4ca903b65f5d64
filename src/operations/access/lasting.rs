//! What a role has without an end: access through the role of a grant with an end does not count.

use anyhow::Result;

use crate::domain::access::AccessLevel;
use crate::domain::access::boxes::is_box;
use crate::domain::access::revocation::MembershipState;
use crate::domain::access::rules::AccessRules;
use crate::domain::role::RoleName;
use crate::domain::role::differences::held_level;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::run::TargetSession;
use crate::server::access::read_memberships;

/// The level that a role has on a target by memberships that do not end.
///
/// # Errors
/// If the server cannot be queried.
pub fn held_for_good(
    server: &mut TargetSession<'_>,
    (target, role): (&Target, &RoleName),
    rules: &AccessRules,
    found: &ServerState,
) -> Result<AccessLevel> {
    let state = found.role.as_ref();
    let has_box = state.is_some_and(|state| state.member_of.iter().any(|group| is_box(group)));
    if !has_box {
        return Ok(held_level(found));
    }
    let id = server.operation_id.clone();
    let memberships = server
        .read(|connection| read_memberships(connection, role, &target.database, rules, &id))?;
    Ok(for_good(memberships).level())
}

/// The memberships that do not end.
pub fn for_good(mut memberships: MembershipState) -> MembershipState {
    memberships
        .through
        .retain(|other| !is_box(other.role.as_str()));
    memberships
}
