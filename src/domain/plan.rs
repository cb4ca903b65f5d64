//! From what is wanted and what was found to the changes that lead there: data, which the dry run shows
//! and the run executes alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::access::{AccessLevel, GROUP_LEVELS, Mark, ObjectKind, group_name};
use crate::domain::encoding::holds_shown_byte;
use crate::domain::failure::Failure;
use crate::domain::lack::Lack;
use crate::domain::profile::Profile;
use crate::domain::role::RoleName;
use crate::domain::scram::Verifier;
use crate::domain::state::{AccessState, Lacking, Loan, SchemaState, ServerState};
use crate::domain::target::{DatabaseName, Target};
use crate::domain::timestamp::Timestamp;

/// From this `server_version_num` on memberships have options of their own, and a grantor.
pub const MEMBERSHIP_OPTIONS: u32 = 160_000;

/// One change to a server: one SQL statement.
#[derive(Debug, Clone)]
pub enum Change {
    CreateLogin {
        role: RoleName,
        createdb: bool,
        createrole: bool,
        connection_limit: Option<u32>,
        valid_until: Option<Timestamp>,
        verifier: Verifier,
    },
    CreateGroup(RoleName),
    Comment {
        role: RoleName,
        mark: Mark,
    },
    GrantMembership {
        group: RoleName,
        member: RoleName,
        /// With the right to hand the membership on, and no rights of its own.
        to_hand_on: bool,
    },
    /// Lets a role make roles. Never planned: what would give an admin credential its rights.
    AllowCreateRole(RoleName),
    /// Lets a role use the rights of its memberships. Never planned, like the one before.
    AllowInherit(RoleName),
    /// Lets the admin credential act for a role until [`Change::Return`].
    Borrow(RoleName, Loan),
    Return(RoleName, Loan),
    Grant {
        privileges: Vec<&'static str>,
        on: Granted,
        group: RoleName,
    },
    /// Makes the server's acknowledgement mean that the commit is on disk.
    CommitDurably,
    /// Fails where the server does not store this very verifier. For superusers only.
    RequireVerifier {
        role: RoleName,
        verifier: Verifier,
    },
    SetPassword {
        role: RoleName,
        verifier: Verifier,
        valid_until: Option<Timestamp>,
    },
    SetSearchPath {
        role: RoleName,
        database: DatabaseName,
        schemas: Vec<String>,
    },
}

impl Change {
    /// The same change for another password.
    pub fn set_verifier(&mut self, another: &Verifier) {
        if let Self::CreateLogin { verifier, .. }
        | Self::SetPassword { verifier, .. }
        | Self::RequireVerifier { verifier, .. } = self
        {
            verifier.clone_from(another);
        }
    }
}

/// What privileges are granted on.
#[derive(Debug, Clone)]
pub enum Granted {
    Database(DatabaseName),
    Schema(String),
    /// All objects of a kind that are in a schema today.
    All {
        kind: ObjectKind,
        schema: String,
    },
    /// Some objects of a kind, named as the server quotes them.
    Named {
        kind: ObjectKind,
        names: Vec<String>,
    },
    /// All objects of a kind that the creators make from now on.
    Future {
        kind: ObjectKind,
        creators: Vec<RoleName>,
    },
}

/// The changes of one operation, in order, and the creators whose future objects could not be covered.
#[derive(Debug, Clone, Default)]
pub struct Plan {
    pub changes: Vec<Change>,
    pub not_covered: Vec<RoleName>,
}

/// A login that is wanted.
#[derive(Debug, Clone)]
pub struct WantedLogin<'a> {
    pub role: &'a RoleName,
    pub profile: &'a Profile,
    pub valid_until: Option<Timestamp>,
    pub verifier: Verifier,
}

/// What to do with a role of a group's name that does not carry pgrole's mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Adoption {
    Refuse,
    Adopt,
}

/// Plans changes on one target from what was found there.
pub struct Planner<'a> {
    target: &'a Target,
    found: &'a ServerState,
    adoption: Adoption,
    changes: Vec<Change>,
    /// The levels whose groups are there when all is done, whether they were found or are being made.
    levels: Vec<AccessLevel>,
    /// Roles that the admin credential must act for while the changes run, and how it comes to that.
    borrowed: BTreeMap<RoleName, Loan>,
    /// The same for roles that the changes make, which cannot be borrowed before.
    borrowed_new: Vec<(RoleName, Loan)>,
    not_covered: BTreeSet<RoleName>,
    /// What stands in the way; of these the first is the error.
    lacks: Vec<Lack>,
}

impl<'a> Planner<'a> {
    pub fn new(target: &'a Target, found: &'a ServerState, adoption: Adoption) -> Self {
        Self {
            target,
            found,
            adoption,
            changes: Vec::new(),
            levels: Vec::new(),
            borrowed: BTreeMap::new(),
            borrowed_new: Vec::new(),
            not_covered: BTreeSet::new(),
            lacks: Vec::new(),
        }
    }

    /// All rights that logins of a level need and the admin credential lacks.
    pub fn find_lacks(mut self, level: AccessLevel) -> Vec<Lack> {
        let admin = &self.found.admin;
        if !admin.superuser && !admin.createrole {
            self.lacks.push(Lack::CreateRoles);
        }
        self.expect_groups(&[level]);
        self.add_group(level);
        self.require_grantable(level);
        let mut lacks = self.lacks;
        let later = self.not_covered.into_iter().map(Lack::Future);
        lacks.extend(later.filter(|lack| lack.remedy(self.found).is_some()));
        lacks
    }

    /// Plans a new login with its access.
    ///
    /// # Errors
    /// Where the access group is another's, or the admin credential may not grant.
    pub fn plan_login(mut self, wanted: &WantedLogin<'_>) -> Result<Plan, Failure> {
        let level = wanted.profile.access;
        self.expect_groups(&[level]);
        if level != AccessLevel::None {
            self.add_group(level);
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
        });
        if level != AccessLevel::None {
            self.add_membership(level, wanted.role);
        }
        if level == AccessLevel::Ddl || self.access().public_may_create() {
            self.cover_new_creator(wanted.role);
        }
        self.finish()
    }

    /// Plans the access group of a level alone, and who else may hand it on (`pgrole access prepare`).
    /// The groups of the levels `beside` are made in the same transaction.
    ///
    /// # Errors
    /// Where the group is another's, or the admin credential may not grant.
    pub fn plan_group(
        mut self,
        level: AccessLevel,
        beside: &[AccessLevel],
        administrator: Option<&RoleName>,
    ) -> Result<Plan, Failure> {
        self.expect_groups(beside);
        self.add_group(level);
        let group = self.access().group(level);
        let is_administered = group.is_some_and(|group| group.administered);
        if let Some(administrator) = administrator.filter(|_| !is_administered) {
            self.changes.push(Change::GrantMembership {
                group: self.group(level),
                member: administrator.clone(),
                to_hand_on: true,
            });
            // Up to PostgreSQL 15 the right to hand on comes with the membership's rights.
            if level == AccessLevel::Ddl && self.found.version < MEMBERSHIP_OPTIONS {
                self.cover_creator(administrator);
            }
        }
        self.finish()
    }

    /// Puts the borrowing of memberships around the changes.
    fn finish(self) -> Result<Plan, Failure> {
        if let Some(lack) = self.lacks.first() {
            return Err(lack.failure(self.target, &self.found.admin.name));
        }
        let borrowed: Vec<_> = self.borrowed.into_iter().collect();
        let borrow = |(role, loan): &(RoleName, Loan)| Change::Borrow(role.clone(), *loan);
        let mut changes: Vec<_> = borrowed.iter().map(borrow).collect();
        changes.extend(self.changes);
        let all_borrowed = borrowed.into_iter().chain(self.borrowed_new);
        changes.extend(all_borrowed.map(|(role, loan)| Change::Return(role, loan)));
        Ok(Plan {
            changes,
            not_covered: self.not_covered.into_iter().collect(),
        })
    }

    fn group(&self, level: AccessLevel) -> RoleName {
        group_name(&self.target.database, level)
    }

    fn access(&self) -> &'a AccessState {
        &self.found.access
    }

    /// Notes that `role`'s rights are needed; false where the admin credential does not command it.
    fn reaches(&mut self, role: &RoleName) -> bool {
        let role = self.access().acting_owner(role);
        let reach = self.access().reach(role);
        if let Some(loan) = reach.loan() {
            self.borrowed.insert(role.clone(), loan);
        }
        reach.is_given()
    }

    /// Notes which groups of pgrole's are there when all is done.
    fn expect_groups(&mut self, made: &[AccessLevel]) {
        let access = self.access();
        let is_ours = |level: AccessLevel| {
            let mark = Mark::group(level, &self.target.database).to_string();
            let group = access.group(level);
            group.is_some_and(|group| group.comment.as_ref() == Some(&mark))
        };
        let levels = GROUP_LEVELS.into_iter();
        self.levels = levels
            .filter(|level| made.contains(level) || is_ours(*level))
            .collect();
    }

    /// Makes the group of a level if there is none, and grants what it lacks.
    fn add_group(&mut self, level: AccessLevel) {
        self.add_group_role(level);
        if !self
            .access()
            .group(level)
            .is_some_and(|group| group.connect)
        {
            self.add_connect(level);
        }
        for schema in &self.access().schemas {
            self.add_schema(level, schema);
            for kind in ObjectKind::IN_SCHEMA {
                self.add_objects(level, &schema.name, kind);
            }
        }
        for kind in ObjectKind::WITH_DEFAULTS {
            self.add_defaults(level, kind);
        }
        if level == AccessLevel::Ddl && self.access().group(level).is_none() {
            // Its members may create in its name (SET ROLE), to share what they make.
            self.cover_new_creator(&self.group(level));
        }
    }

    fn add_group_role(&mut self, level: AccessLevel) {
        let group = self.group(level);
        let mark = Mark::group(level, &self.target.database);
        match self.access().group(level) {
            None => self.changes.push(Change::CreateGroup(group.clone())),
            Some(state) if state.comment == Some(mark.to_string()) => return,
            Some(_) if self.adoption == Adoption::Adopt => {}
            Some(_) => return self.lacks.push(Lack::ForeignGroup(group)),
        }
        self.changes.push(Change::Comment { role: group, mark });
    }

    fn add_connect(&mut self, level: AccessLevel) {
        let owner = &self.access().database_owner;
        if self.reaches(owner) {
            let database = self.target.database.clone();
            self.grant(level, vec!["CONNECT"], Granted::Database(database));
        } else {
            self.lacks.push(Lack::Connect {
                database: self.target.database.to_string(),
                owner: owner.clone(),
            });
        }
    }

    fn add_schema(&mut self, level: AccessLevel, schema: &SchemaState) {
        let lacking = |held: &[String]| -> Vec<&'static str> {
            let wanted = level.privileges(ObjectKind::Schemas).iter().copied();
            wanted
                .filter(|wanted| !held.iter().any(|held| held == wanted))
                .collect()
        };
        let privileges = lacking(&schema.granted);
        if privileges.is_empty() {
            return;
        }
        if self.reaches(&schema.owner) {
            self.grant(level, privileges, Granted::Schema(schema.name.clone()));
        } else if !schema.extension && !lacking(&schema.effective).is_empty() {
            self.lacks.push(Lack::Schema {
                schema: schema.name.clone(),
                owner: schema.owner.clone(),
            });
        }
    }

    fn add_objects(&mut self, level: AccessLevel, schema: &str, kind: ObjectKind) {
        let is_wanted = |lacking: &&Lacking| {
            lacking.schema == schema && lacking.kind == kind && !lacking.extension
        };
        let lacking: Vec<_> = self.access().lacking.iter().filter(is_wanted).collect();
        for objects in &lacking {
            if !self.reaches(&objects.owner) {
                self.lacks.push(Lack::Objects {
                    schema: schema.to_owned(),
                    kind,
                    owner: objects.owner.clone(),
                    count: objects.count,
                });
            }
        }
        let Some(first) = lacking.first() else {
            return;
        };
        let on = if first.names.is_some() {
            let names = lacking.iter().filter_map(|objects| objects.names.clone());
            let names = names.flatten().collect();
            Granted::Named { kind, names }
        } else {
            // Their objects are granted on again, though the group has them: without the right it is an error.
            for owner in first.lenders.iter().flatten() {
                self.reaches(owner);
            }
            let schema = schema.to_owned();
            Granted::All { kind, schema }
        };
        self.grant(level, level.privileges(kind).to_vec(), on);
    }

    fn add_defaults(&mut self, level: AccessLevel, kind: ObjectKind) {
        let mut creators = Vec::new();
        for creator in &self.access().creators {
            if creator.covered.contains(&kind) {
                continue;
            }
            let can_be_named = !holds_shown_byte(creator.name.as_str());
            if can_be_named && self.reaches(&creator.name) {
                creators.push(creator.name.clone());
            } else {
                self.not_covered.insert(creator.name.clone());
            }
        }
        if !creators.is_empty() {
            let privileges = level.privileges(kind).to_vec();
            self.grant(level, privileges, Granted::Future { kind, creators });
        }
    }

    fn grant(&mut self, level: AccessLevel, privileges: Vec<&'static str>, on: Granted) {
        self.changes.push(Change::Grant {
            privileges,
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

    /// Opens what a role that this plan makes will create to every group of the database.
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

    /// The same for a role that is there already, if the admin credential may act for it.
    fn cover_creator(&mut self, creator: &RoleName) {
        if self.reaches(creator) {
            self.open_future_of(creator);
        }
    }

    fn open_future_of(&mut self, creator: &RoleName) {
        for level in self.levels.clone() {
            for kind in ObjectKind::WITH_DEFAULTS {
                let privileges = level.privileges(kind).to_vec();
                let creators = vec![creator.clone()];
                self.grant(level, privileges, Granted::Future { kind, creators });
            }
        }
    }
}
