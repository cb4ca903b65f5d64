//! A role's memberships in the access groups of a database, row by row, and how they are taken away. Read by
//! `server/access`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::access::group::{Judge, Standing};
use crate::domain::access::membership::HeldMembership;
use crate::domain::access::state::{DatabaseState, DefaultPrivilegeReach, GroupState, Loan};
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::act::plan::{Change, MEMBERSHIP_OPTIONS};
use crate::domain::command_line::on_target;
use crate::domain::encoding::holds_shown_byte;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;

/// One reading of a role's memberships.
#[derive(Debug, Clone, Deserialize)]
pub struct MembershipState {
    pub server: ServerState,
    pub database: DatabaseState,
    pub groups: Vec<GroupState>,
    /// The role's own memberships in the groups.
    pub held: Vec<HeldMembership>,
    /// Memberships that the role itself granted (16 and later).
    pub handed_on: Vec<IndirectMembership>,
    /// The role's other groups, through which it has the rights of an access group.
    pub through: Vec<IndirectMembership>,
    /// How far the admin credential can act for each grantor.
    pub reach: BTreeMap<RoleName, DefaultPrivilegeReach>,
}

/// A role that is in the access group of a level.
#[derive(Debug, Clone, Deserialize)]
pub struct IndirectMembership {
    pub level: AccessLevel,
    pub role: RoleName,
}

/// The changes that take memberships away.
#[derive(Debug, Clone, Default)]
pub struct Revocation {
    pub changes: Vec<Change>,
    /// The groups that the role leaves.
    pub groups: Vec<RoleName>,
    pub warnings: Vec<String>,
}

impl MembershipState {
    /// The highest level that the role's memberships give it, through others or not.
    pub fn level(&self) -> AccessLevel {
        let own = self.held.iter().filter(|held| !held.is_only_admin());
        let through = self.through.iter().map(|other| other.level);
        let levels = own.map(|held| held.level).chain(through);
        levels.max().unwrap_or(AccessLevel::None)
    }

    /// Plans that the role loses the access of `levels`.
    ///
    /// # Errors
    /// Refused, if the role has handed a membership on; failed, if the admin credential may not revoke one.
    pub fn plan_revocation(
        &self,
        levels: &[AccessLevel],
        target: &Target,
        judge: &Judge<'_>,
    ) -> Result<Revocation, Failure> {
        let mut plan = Revocation::default();
        let mut borrowed: BTreeMap<&RoleName, Loan> = BTreeMap::new();
        for level in GROUP_LEVELS.iter().filter(|level| levels.contains(level)) {
            let rows = self.held.iter().filter(|held| held.level == *level);
            let (kept, taken): (Vec<_>, Vec<_>) = rows.partition(|held| held.is_only_admin());
            let group = self.groups.iter().find(|group| group.level == *level);
            let (Some(group), Some(first)) = (group, taken.first()) else {
                plan.warnings
                    .extend(kept.first().map(|held| still_admin(held)));
                continue;
            };
            if let Some(why) = not_ours(group, judge) {
                let warning = format!("left alone: role \"{}\" {why}", first.group);
                plan.warnings.push(warning);
                continue;
            }
            if kept.is_empty() && taken.iter().any(|held| held.admin) {
                self.require_nothing_handed_on(first, target)?;
            }
            for held in &taken {
                self.require_right(held, group)?;
                if let Some(grantor) = self.grantor_to_act_for(held)
                    && let Some(loan) = self.reach(grantor).loan()
                {
                    borrowed.insert(grantor, loan);
                }
            }
            plan.warnings
                .extend(kept.first().map(|held| still_admin(held)));
            plan.groups.push(first.group.clone());
            let changes = taken.into_iter().cloned().map(Change::TakeMembership);
            plan.changes.extend(changes);
        }
        let borrow = |(role, loan): (&&RoleName, &Loan)| Change::Borrow((*role).clone(), *loan);
        let give_back = |(role, loan): (&&RoleName, &Loan)| Change::Return((*role).clone(), *loan);
        let loans: Vec<_> = borrowed.iter().map(borrow).collect();
        plan.changes.splice(0..0, loans);
        plan.changes.extend(borrowed.iter().map(give_back));
        Ok(plan)
    }

    /// What still gives the role access that was to be taken away, for a warning.
    pub fn left(&self, levels: &[AccessLevel]) -> Option<String> {
        let through = self.through.iter();
        let through = through.filter(|other| levels.contains(&other.level));
        let mut left: Vec<_> = through
            .map(|other| format!("{} through \"{}\"", other.level, other.role))
            .collect();
        left.sort();
        (!left.is_empty()).then(|| left.join(", "))
    }

    /// The role in whose name a membership must be revoked; up to 15 any admin may.
    fn grantor_to_act_for<'a>(&self, held: &'a HeldMembership) -> Option<&'a RoleName> {
        let has_grantors = self.server.version >= MEMBERSHIP_OPTIONS;
        held.grantor.as_ref().filter(|_| has_grantors)
    }

    fn reach(&self, role: &RoleName) -> DefaultPrivilegeReach {
        if holds_shown_byte(role.as_str()) {
            return DefaultPrivilegeReach::Beyond;
        }
        self.reach.get(role).copied().unwrap_or_default()
    }

    fn require_right(&self, held: &HeldMembership, group: &GroupState) -> Result<(), Failure> {
        let admin = &self.server.admin.name;
        let grantor = self.grantor_to_act_for(held);
        let may_act = grantor.is_none_or(|grantor| self.reach(grantor).is_given());
        if group.grantable && may_act {
            return Ok(());
        }
        let by = match grantor.filter(|_| !may_act) {
            Some(grantor) => format!(", which \"{grantor}\" granted"),
            None => String::new(),
        };
        let HeldMembership { group, member, .. } = held;
        let what = format!(
            "role \"{admin}\" may not revoke the membership of \"{member}\" in \"{group}\"{by}"
        );
        let hint = match grantor {
            Some(grantor) => format!(
                "run this once as a superuser, or as a role that has the rights of \"{grantor}\": REVOKE \"{group}\" FROM \"{member}\" GRANTED BY \"{grantor}\""
            ),
            None => format!(
                "run this once as a role that is allowed to: REVOKE \"{group}\" FROM \"{member}\""
            ),
        };
        Err(Failure::new(Kind::Failed, what)
            .sqlstate("42501")
            .hint(hint))
    }

    /// REVOKE without CASCADE fails if the member has granted the membership to others (2BP01).
    fn require_nothing_handed_on(
        &self,
        held: &HeldMembership,
        target: &Target,
    ) -> Result<(), Failure> {
        let others = self.handed_on.iter();
        let others: Vec<_> = others
            .filter(|other| other.level == held.level)
            .map(|other| &other.role)
            .collect();
        if others.is_empty() {
            return Ok(());
        }
        let named: Vec<_> = others.iter().map(|role| format!("\"{role}\"")).collect();
        let commands: Vec<_> = others
            .iter()
            .map(|role| {
                on_target(
                    "pgrole access revoke -e {} -d {} -u {} --level {}",
                    target,
                    &[role, &held.level],
                )
            })
            .collect();
        let HeldMembership { group, member, .. } = held;
        Err(Failure::refused(format!(
            "\"{member}\" has granted \"{group}\" to others, who would lose it too: {}",
            named.join(", ")
        ))
        .sqlstate("2BP01")
        .hint(format!("first: {}", commands.join("; "))))
    }
}

fn still_admin(held: &HeldMembership) -> String {
    format!(
        "\"{}\" keeps ADMIN OPTION on \"{}\", so it may still grant the group, to itself too",
        held.member, held.group
    )
}

/// Why a role that has a group's name is not taken for one; what is no longer safe to grant may still be revoked.
fn not_ours(group: &GroupState, judge: &Judge<'_>) -> Option<String> {
    match judge.standing(group) {
        Standing::Ours | Standing::ToMark | Standing::Stale => None,
        Standing::Unsafe(_) if group.mark().is_some() => None,
        Standing::OfAnother(database) => {
            Some(format!("is the group of another database, \"{database}\""))
        }
        Standing::Unmarked | Standing::Unsafe(_) => {
            Some("does not carry pgrole's comment".to_owned())
        }
    }
}
