//! Plans the changes that lead from what was found to what is wanted.

mod group;
mod taking_back;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::access::group::{Judge, Standing};
use crate::domain::access::missing_right::Lack;
use crate::domain::access::rules::{AccessRules, Completeness};
use crate::domain::access::state::{AccessState, Loan};
use crate::domain::access::{AccessLevel, GROUP_LEVELS, ObjectKind, group_name};
use crate::domain::act::plan::{Change, Granted, MEMBERSHIP_OPTIONS, Plan};
use crate::domain::failure::Failure;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::mark::Mark;
use crate::domain::role::profile::Profile;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;

/// A login that is wanted.
#[derive(Debug, Clone)]
pub struct WantedLogin<'a> {
    pub role: &'a RoleName,
    pub profile: &'a Profile,
    pub valid_until: Option<Timestamp>,
    pub verifier: Verifier,
}

/// What to do with a role that has a group's name and could be the group, but does not carry pgrole's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GroupAdoption {
    Refuse,
    Adopt,
}

/// Where changes are planned, and by which rules.
#[derive(Debug, Clone, Copy)]
pub struct Ground<'a> {
    pub target: &'a Target,
    pub found: &'a ServerState,
    pub rules: &'a AccessRules,
    /// The roles that may hold ADMIN on a group.
    pub trusted: &'a BTreeSet<String>,
    /// The cluster's `system_identifier`, if the admin credential may read it.
    pub cluster: Option<&'a str>,
    pub adoption: GroupAdoption,
}

/// What a group is created or completed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// A login that it lets in.
    Login,
    /// Itself (`access prepare`).
    Group,
}

/// Plans changes on one target from what was found there.
pub struct Planner<'a> {
    ground: Ground<'a>,
    completeness: Completeness,
    changes: Vec<Change>,
    /// The levels whose groups exist in the end, whether they were found or are created.
    levels: Vec<AccessLevel>,
    /// Roles that the admin credential must act for while the changes run, and what it borrows for that.
    borrowed: BTreeMap<RoleName, Loan>,
    /// The same for roles that the changes create, which cannot be borrowed before.
    borrowed_new: Vec<(RoleName, Loan)>,
    not_covered: BTreeSet<RoleName>,
    defaults_of: BTreeSet<RoleName>,
    /// The missing rights; the first of them is the error.
    lacks: Vec<Lack>,
    said: Plan,
}

impl<'a> Planner<'a> {
    pub fn new(ground: Ground<'a>) -> Self {
        Self {
            ground,
            completeness: ground.rules.completeness,
            changes: Vec::new(),
            levels: Vec::new(),
            borrowed: BTreeMap::new(),
            borrowed_new: Vec::new(),
            not_covered: BTreeSet::new(),
            defaults_of: BTreeSet::new(),
            lacks: Vec::new(),
            said: Plan::default(),
        }
    }

    /// All rights that logins of a level need and the admin credential lacks.
    pub fn find_lacks(mut self, level: AccessLevel) -> Vec<Lack> {
        let admin = &self.found().admin;
        self.completeness = Completeness::Whole;
        if !admin.superuser && !admin.createrole {
            self.lacks.push(Lack::CreateRoles);
        }
        self.expect_groups(&[level]);
        self.add_group(level, Purpose::Login);
        self.require_grantable(level);
        let found = self.found();
        let mut lacks = self.lacks;
        let later = self.not_covered.into_iter().map(Lack::Future);
        lacks.extend(later.filter(|lack| lack.remedy(found).is_some()));
        lacks
    }

    /// Plans a new login with its access.
    ///
    /// # Errors
    /// If the access group belongs to something else, or the admin credential may not grant.
    pub fn plan_login(mut self, wanted: &WantedLogin<'_>) -> Result<Plan, Failure> {
        let level = wanted.profile.access;
        self.expect_groups(&[level]);
        if level != AccessLevel::None {
            self.add_group(level, Purpose::Login);
        }
        self.changes.push(Change::CreateLogin {
            role: wanted.role.clone(),
            createdb: wanted.profile.createdb,
            createrole: wanted.profile.createrole,
            connection_limit: wanted.profile.connection_limit,
            valid_until: wanted.valid_until,
            verifier: wanted.verifier.clone(),
        });
        self.changes.push(Change::Comment {
            role: wanted.role.clone(),
            mark: Mark::Profile(wanted.profile.name.clone()),
            previous: None,
        });
        if level != AccessLevel::None {
            self.add_membership(level, wanted.role);
        }
        if level == AccessLevel::Ddl {
            self.cover_new_creator(wanted.role);
        }
        self.finish()
    }

    /// Plans a login that is a copy of another one, by changes of its own, and what its access group lacks. The
    /// membership is among its own changes: it has the options of the other login's.
    ///
    /// # Errors
    /// As for a new login.
    pub fn plan_copy(
        mut self,
        role: &RoleName,
        level: AccessLevel,
        own: Vec<Change>,
    ) -> Result<Plan, Failure> {
        self.expect_groups(&[level]);
        self.add_group(level, Purpose::Login);
        self.require_grantable(level);
        self.changes.extend(own);
        if level == AccessLevel::Ddl {
            self.cover_new_creator(role);
        }
        self.finish()
    }

    /// Plans a level's access for an existing login.
    ///
    /// # Errors
    /// As for a new login.
    pub fn plan_access(mut self, role: &RoleName, level: AccessLevel) -> Result<Plan, Failure> {
        self.expect_groups(&[level]);
        let admin = &self.found().admin;
        if self.access().group(level).is_none() && !admin.superuser && !admin.createrole {
            self.lacks.push(Lack::CreateRoles);
        }
        self.add_group(level, Purpose::Login);
        self.add_membership(level, role);
        if level == AccessLevel::Ddl {
            self.cover_creator(role);
        }
        self.finish()
    }

    /// Plans a level's access for an existing login through a role of its own, by changes that create that role and join
    /// it to both, and what the access group lacks.
    ///
    /// # Errors
    /// As for a new login.
    pub fn plan_box(
        mut self,
        login: &RoleName,
        level: AccessLevel,
        own: Vec<Change>,
    ) -> Result<Plan, Failure> {
        self.expect_groups(&[level]);
        let admin = &self.found().admin;
        if !admin.superuser && !admin.createrole {
            self.lacks.push(Lack::CreateRoles);
        }
        self.add_group(level, Purpose::Login);
        self.require_grantable(level);
        self.changes.extend(own);
        if level == AccessLevel::Ddl {
            self.cover_creator(login);
        }
        self.finish()
    }

    /// Plans the access group of a level alone, what is revoked from it, and who else may grant it (`pgrole access
    /// prepare`). The groups of the levels `beside` are created in the same transaction.
    ///
    /// # Errors
    /// If the group belongs to something else, or the admin credential may not grant.
    pub fn plan_group(
        mut self,
        level: AccessLevel,
        beside: &[AccessLevel],
        administrator: Option<&RoleName>,
    ) -> Result<Plan, Failure> {
        self.expect_groups(beside);
        self.add_group(level, Purpose::Group);
        self.take_back(level);
        let group = self.access().group(level);
        let is_administered = group.is_some_and(|group| group.administered);
        if let Some(administrator) = administrator.filter(|_| !is_administered) {
            self.changes.push(Change::GrantMembership {
                group: self.group(level),
                member: administrator.clone(),
                to_hand_on: true,
            });
            // Up to PostgreSQL 15 the right to grant the membership comes with its other rights.
            if level == AccessLevel::Ddl && self.found().version < MEMBERSHIP_OPTIONS {
                self.cover_creator(administrator);
            }
        }
        self.finish()
    }

    /// Wraps the changes in the borrowing of memberships.
    fn finish(self) -> Result<Plan, Failure> {
        let Ground { target, found, .. } = self.ground;
        if let Some(lack) = self.lacks.first() {
            return Err(lack.failure(target, &found.admin.name));
        }
        let mut changes = Vec::new();
        if !self.changes.is_empty() {
            let borrowed: Vec<_> = self.borrowed.into_iter().collect();
            let borrow = |(role, loan): &(RoleName, Loan)| Change::Borrow(role.clone(), *loan);
            changes.extend(borrowed.iter().map(borrow));
            changes.extend(self.changes);
            let all_borrowed = borrowed.into_iter().chain(self.borrowed_new);
            changes.extend(all_borrowed.map(|(role, loan)| Change::Return(role, loan)));
        }
        Ok(Plan {
            changes,
            not_covered: self.not_covered.into_iter().collect(),
            default_privileges_of: self.defaults_of.into_iter().collect(),
            ..self.said
        })
    }

    fn group(&self, level: AccessLevel) -> RoleName {
        group_name(&self.ground.target.database, level)
    }

    fn found(&self) -> &'a ServerState {
        self.ground.found
    }

    fn access(&self) -> &'a AccessState {
        &self.ground.found.access
    }

    fn privileges(&self, level: AccessLevel, kind: ObjectKind) -> Vec<&'static str> {
        let Ground { rules, found, .. } = self.ground;
        rules.privileges(level, kind, found.version)
    }

    fn judge(&self) -> Judge<'a> {
        Judge {
            database: &self.ground.target.database,
            state: &self.access().database,
            cluster: self.ground.cluster,
            trusted: self.ground.trusted,
        }
    }

    /// Notes that `role`'s rights are needed; false if the admin credential cannot act for it.
    fn reaches(&mut self, role: &RoleName) -> bool {
        let role = self.access().acting_owner(role);
        let reach = self.access().reach(role);
        if let Some(loan) = reach.loan() {
            self.borrowed.insert(role.clone(), loan);
        }
        reach.is_given()
    }

    /// Notes a missing right: an error, or something to leave out.
    fn miss(&mut self, lack: Lack) {
        if self.completeness == Completeness::Partial && lack.can_be_left_out() {
            let admin = &self.found().admin.name;
            self.said.left_out.push(format!("\"{admin}\" {lack}"));
        } else {
            self.lacks.push(lack);
        }
    }

    /// Notes which groups of pgrole's exist in the end.
    fn expect_groups(&mut self, made: &[AccessLevel]) {
        let (access, judge) = (self.access(), self.judge());
        let is_ours = |level: AccessLevel| {
            let standing = access.group(level).map(|group| judge.standing(group));
            matches!(standing, Some(Standing::Ours | Standing::ToMark))
        };
        let levels = GROUP_LEVELS.into_iter();
        self.levels = levels
            .filter(|level| made.contains(level) || is_ours(*level))
            .collect();
    }

    /// Grants on what the creators create from now on: everywhere, or in the chosen schemas.
    fn grant_future(&mut self, level: AccessLevel, kind: ObjectKind, creators: Vec<RoleName>) {
        let mut schemas = Vec::new();
        if self.ground.rules.choose_schemas() {
            let chosen = self.access().schemas.iter();
            schemas.extend(chosen.map(|schema| schema.name.clone()));
            // A schema that is created later is not among the chosen.
            if kind == ObjectKind::Schemas || schemas.is_empty() {
                return;
            }
        }
        if creators.is_empty() {
            return;
        }
        self.defaults_of.extend(creators.iter().cloned());
        let on = Granted::Future {
            kind,
            creators,
            schemas,
        };
        self.grant(level, self.privileges(level, kind), on);
    }

    fn grant(&mut self, level: AccessLevel, privileges: Vec<&'static str>, on: Granted) {
        self.changes.push(Change::Grant {
            privileges: privileges.into_iter().map(str::to_owned).collect(),
            on,
            group: self.group(level),
        });
    }

    fn add_membership(&mut self, level: AccessLevel, member: &RoleName) {
        self.require_grantable(level);
        self.changes.push(Change::GrantMembership {
            group: self.group(level),
            member: member.clone(),
            to_hand_on: false,
        });
    }

    fn require_grantable(&mut self, level: AccessLevel) {
        let group = self.access().group(level);
        if group.is_some_and(|group| !group.grantable) {
            self.lacks.push(Lack::Membership(self.group(level)));
        }
    }

    /// Opens what a role of this plan will create to every group of the database.
    fn cover_new_creator(&mut self, creator: &RoleName) {
        if self.levels.is_empty() {
            return;
        }
        let reach = self.access().reach_of_new;
        if !reach.is_given() {
            self.not_covered.insert(creator.clone());
            return;
        }
        if let Some(loan) = reach.loan() {
            self.changes.push(Change::Borrow(creator.clone(), loan));
            self.borrowed_new.push((creator.clone(), loan));
        }
        self.open_future_of(creator);
    }

    /// The same for an existing role, if the admin credential may act for it.
    fn cover_creator(&mut self, creator: &RoleName) {
        if self.reaches(creator) {
            self.open_future_of(creator);
        }
    }

    fn open_future_of(&mut self, creator: &RoleName) {
        for level in self.levels.clone() {
            for kind in ObjectKind::WITH_DEFAULTS {
                self.grant_future(level, kind, vec![creator.clone()]);
            }
        }
    }
}
