//! From what is wanted and what was found to the changes that lead there: data, which the dry run shows
//! and the run executes alike.

use std::collections::BTreeSet;

use crate::domain::access::{AccessLevel, GROUP_LEVELS, Mark, ObjectKind, group_name};
use crate::domain::failure::{Failure, Kind};
use crate::domain::profile::Profile;
use crate::domain::role::RoleName;
use crate::domain::scram::Verifier;
use crate::domain::state::{AccessState, Lacking, Reach, SchemaState, ServerState};
use crate::domain::target::{DatabaseName, Target};
use crate::domain::timestamp::Timestamp;

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
    /// Makes the admin credential a member of a role until [`Change::ReturnMembership`].
    BorrowMembership(RoleName),
    ReturnMembership(RoleName),
    Grant {
        privileges: Vec<&'static str>,
        on: Granted,
        group: RoleName,
    },
    /// Names the transaction's session, so that recovery finds it.
    NameSession(String),
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
    /// Roles that the admin credential must be a member of while the changes run.
    borrowed: BTreeSet<RoleName>,
    not_covered: BTreeSet<RoleName>,
}

impl<'a> Planner<'a> {
    pub fn new(target: &'a Target, found: &'a ServerState, adoption: Adoption) -> Self {
        Self {
            target,
            found,
            adoption,
            changes: Vec::new(),
            borrowed: BTreeSet::new(),
            not_covered: BTreeSet::new(),
        }
    }

    /// Plans a new login with its access.
    ///
    /// # Errors
    /// Where the access group is another's, or the admin credential may not grant.
    pub fn plan_login(mut self, wanted: &WantedLogin<'_>) -> Result<Plan, Failure> {
        let level = wanted.profile.access;
        if level != AccessLevel::None {
            self.add_group(level)?;
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
            self.add_membership(level, wanted.role)?;
        }
        let creates = level == AccessLevel::Ddl || self.found.access.public_may_create();
        let borrowed_login = creates && self.cover_new_creator(wanted.role, level);
        let mut plan = self.finish();
        if borrowed_login {
            plan.changes
                .push(Change::ReturnMembership(wanted.role.clone()));
        }
        Ok(plan)
    }

    /// Plans the access group of a level alone, and who else may hand it on (`pgrole access prepare`).
    ///
    /// # Errors
    /// Where the group is another's, or the admin credential may not grant.
    pub fn plan_group(
        mut self,
        level: AccessLevel,
        administrator: Option<&RoleName>,
    ) -> Result<Plan, Failure> {
        self.add_group(level)?;
        if let Some(administrator) = administrator {
            self.changes.push(Change::GrantMembership {
                group: self.group(level),
                member: administrator.clone(),
                to_hand_on: true,
            });
        }
        Ok(self.finish())
    }

    /// Puts the borrowing of memberships around the changes.
    fn finish(self) -> Plan {
        let borrowed = self.borrowed.iter().cloned();
        let mut changes: Vec<_> = borrowed.clone().map(Change::BorrowMembership).collect();
        changes.extend(self.changes);
        changes.extend(borrowed.map(Change::ReturnMembership));
        Plan {
            changes,
            not_covered: self.not_covered.into_iter().collect(),
        }
    }

    fn group(&self, level: AccessLevel) -> RoleName {
        group_name(&self.target.database, level)
    }

    fn access(&self) -> &'a AccessState {
        &self.found.access
    }

    /// Notes that `role`'s rights are needed; false where the admin credential does not command it.
    fn reaches(&mut self, role: &RoleName) -> bool {
        match self.access().reach(role) {
            Reach::Direct => true,
            Reach::Borrow => {
                self.borrowed.insert(role.clone());
                true
            }
            Reach::None => false,
        }
    }

    /// Makes the group of a level if there is none, and grants what it lacks.
    fn add_group(&mut self, level: AccessLevel) -> Result<(), Failure> {
        self.add_group_role(level)?;
        if !self
            .access()
            .group(level)
            .is_some_and(|group| group.connect)
        {
            self.add_connect(level)?;
        }
        for schema in &self.access().schemas {
            self.add_schema(level, schema)?;
            for kind in ObjectKind::IN_SCHEMA {
                self.add_objects(level, &schema.name, kind)?;
            }
        }
        for kind in ObjectKind::WITH_DEFAULTS {
            self.add_defaults(level, kind);
        }
        Ok(())
    }

    fn add_group_role(&mut self, level: AccessLevel) -> Result<(), Failure> {
        let group = self.group(level);
        let mark = Mark::group(level, &self.target.database);
        match self.access().group(level) {
            None => self.changes.push(Change::CreateGroup(group.clone())),
            Some(state) if state.comment == Some(mark.to_string()) => return Ok(()),
            Some(_) if self.adoption == Adoption::Adopt => {}
            Some(_) => {
                return Err(Failure::refused(format!(
                    "role \"{group}\" has the name of an access group, but not pgrole's mark"
                ))
                .hint(
                    "let pgrole take it over with --adopt, or create the login with --access none",
                ));
            }
        }
        self.changes.push(Change::Comment { role: group, mark });
        Ok(())
    }

    fn add_connect(&mut self, level: AccessLevel) -> Result<(), Failure> {
        let owner = &self.access().database_owner;
        if !self.reaches(owner) {
            return Err(self.cannot(&format!(
                "may not grant CONNECT on database \"{}\", which belongs to \"{owner}\"",
                self.target.database
            )));
        }
        let database = self.target.database.clone();
        self.grant(level, vec!["CONNECT"], Granted::Database(database));
        Ok(())
    }

    fn add_schema(&mut self, level: AccessLevel, schema: &SchemaState) -> Result<(), Failure> {
        let lacking = |held: &[String]| -> Vec<&'static str> {
            let wanted = level.privileges(ObjectKind::Schemas).iter().copied();
            wanted
                .filter(|wanted| !held.iter().any(|held| held == wanted))
                .collect()
        };
        let privileges = lacking(&schema.granted);
        if privileges.is_empty() {
            return Ok(());
        }
        if self.reaches(&schema.owner) {
            self.grant(level, privileges, Granted::Schema(schema.name.clone()));
        } else if !lacking(&schema.effective).is_empty() {
            return Err(self.cannot(&format!(
                "may not grant on schema \"{}\", which belongs to \"{}\"",
                schema.name, schema.owner
            )));
        }
        Ok(())
    }

    fn add_objects(
        &mut self,
        level: AccessLevel,
        schema: &str,
        kind: ObjectKind,
    ) -> Result<(), Failure> {
        let mut grant = false;
        let of_kind = |lacking: &&Lacking| lacking.schema == schema && lacking.kind == kind;
        for lacking in self.access().lacking.iter().filter(of_kind) {
            if self.reaches(&lacking.owner) {
                grant |= !lacking.extension;
            } else if !lacking.extension {
                return Err(self.cannot(&format!(
                    "may not grant on {} of \"{}\" in schema \"{schema}\" ({} in number)",
                    kind.keyword().to_lowercase(),
                    lacking.owner,
                    lacking.count,
                )));
            }
        }
        if grant {
            let schema = schema.to_owned();
            let privileges = level.privileges(kind).to_vec();
            self.grant(level, privileges, Granted::All { kind, schema });
        }
        Ok(())
    }

    fn add_defaults(&mut self, level: AccessLevel, kind: ObjectKind) {
        let mut creators = Vec::new();
        for creator in &self.access().creators {
            if creator.covered.contains(&kind) {
                continue;
            }
            if self.reaches(&creator.name) {
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

    fn add_membership(&mut self, level: AccessLevel, member: &RoleName) -> Result<(), Failure> {
        let group = self.group(level);
        if self
            .access()
            .group(level)
            .is_some_and(|group| !group.grantable)
        {
            return Err(self.cannot(&format!("may not grant membership in \"{group}\"")));
        }
        self.changes.push(Change::GrantMembership {
            group,
            member: member.clone(),
            to_hand_on: false,
        });
        Ok(())
    }

    /// Opens what the new login will create to every group of the database. Says whether the admin
    /// credential borrowed a membership in the login for that.
    fn cover_new_creator(&mut self, login: &RoleName, own_level: AccessLevel) -> bool {
        let is_group = |level: &AccessLevel| {
            *level == own_level
                || self.access().group(*level).is_some_and(|group| {
                    group.comment == Some(Mark::group(*level, &self.target.database).to_string())
                })
        };
        let levels: Vec<_> = GROUP_LEVELS.into_iter().filter(is_group).collect();
        let borrows = !self.found.admin.superuser && !levels.is_empty();
        if borrows {
            self.changes.push(Change::BorrowMembership(login.clone()));
        }
        for level in levels {
            for kind in ObjectKind::WITH_DEFAULTS {
                let privileges = level.privileges(kind).to_vec();
                let creators = vec![login.clone()];
                self.grant(level, privileges, Granted::Future { kind, creators });
            }
        }
        borrows
    }

    /// The error where the admin credential lacks the right to grant, with the two ways out.
    fn cannot(&self, what: &str) -> Failure {
        let admin = &self.found.admin.name;
        Failure::new(Kind::Failed, format!("role \"{admin}\" {what}"))
            .sqlstate("42501")
            .hint(format!(
                "create the login with --access none, or run once with a role that may: \
                 pgrole access prepare -e {} -d {} --admin {admin}",
                self.target.env, self.target.database
            ))
    }
}
