//! Creates an access group, marks it, and grants what it lacks.

use crate::domain::access::group::Standing;
use crate::domain::access::missing_right::Lack;
use crate::domain::access::planner::{Ground, GroupAdoption, Planner, Purpose};
use crate::domain::access::state::{GroupState, Lacking, SchemaState, not_held};
use crate::domain::access::{AccessLevel, ObjectKind, group_name};
use crate::domain::act::plan::{Change, Granted};
use crate::domain::encoding::holds_shown_byte;
use crate::domain::role::mark::Mark;

impl Planner<'_> {
    /// Creates the group of a level if it does not exist, and grants what it lacks.
    pub(super) fn add_group(&mut self, level: AccessLevel, purpose: Purpose) {
        self.add_group_role(level, purpose);
        self.add_on_database(level);
        for schema in &self.access().schemas {
            self.add_schema(level, schema);
            for kind in ObjectKind::IN_SCHEMA {
                self.add_objects(level, &schema.name, kind);
            }
        }
        self.add_routines(level);
        for kind in ObjectKind::WITH_DEFAULTS {
            self.add_defaults(level, kind);
        }
        if level == AccessLevel::Ddl && self.access().group(level).is_none() {
            // Its members may create objects as the group (SET ROLE), to share them.
            self.cover_new_creator(&self.group(level));
        }
    }

    fn add_group_role(&mut self, level: AccessLevel, purpose: Purpose) {
        let group = self.group(level);
        let judge = self.judge();
        match self.access().group(level) {
            None => self.changes.push(Change::CreateGroup(group.clone())),
            Some(state) => match judge.standing(state) {
                Standing::Ours => return,
                Standing::ToMark => self.note_members(state),
                Standing::Unmarked if self.ground.adoption == GroupAdoption::Adopt => {
                    self.note_members(state);
                }
                Standing::Stale if purpose == Purpose::Group => self.note_members(state),
                Standing::Unmarked => return self.lacks.push(Lack::ForeignGroup(group)),
                Standing::Stale => return self.lacks.push(Lack::StaleGroup(group)),
                Standing::OfAnother(database) => {
                    let its_own = database.parse().ok().map(|name| group_name(&name, level));
                    return self.lacks.push(Lack::GroupOfAnother {
                        group,
                        database,
                        its_own,
                    });
                }
                Standing::Unsafe(faults) => {
                    let stranger = judge.strangers(state).next().map(str::to_owned);
                    return self.lacks.push(Lack::UnsafeGroup {
                        group,
                        faults,
                        stranger,
                    });
                }
            },
        }
        let mark = Mark::Group(judge.mark(level));
        let found = self.access().group(level);
        self.changes.push(Change::Comment {
            previous: found.and_then(|group| group.comment.clone()),
            role: group,
            mark,
        });
    }

    fn note_members(&mut self, group: &GroupState) {
        // From 16 on the creator of a group holds ADMIN on it, and thereby a membership.
        let Ground { trusted, found, .. } = self.ground;
        let owner = &found.access.database.owner;
        let members = group.members.iter();
        let strange = members.filter(|name| *name != owner && !trusted.contains(name.as_str()));
        self.said.members_found.extend(strange.cloned());
    }

    fn add_on_database(&mut self, level: AccessLevel) {
        let database = &self.access().database;
        let group = self.access().group(level);
        let has = |privilege| group.is_some_and(|group| group.has_on_database(privilege));
        let wanted = database.wanted(level).into_iter();
        let mut granted = Vec::new();
        for privilege in wanted.filter(|privilege| !has(privilege)) {
            let may_grant = database.may_grant.iter().any(|held| held == privilege);
            if self.reaches(&database.owner) || may_grant {
                granted.push(privilege);
            } else {
                self.miss(Lack::Database {
                    privilege,
                    database: self.ground.target.database.to_string(),
                    owner: database.owner.clone(),
                });
            }
        }
        if !granted.is_empty() {
            let on = Granted::Database(self.ground.target.database.clone());
            self.grant(level, granted, on);
        }
    }

    fn add_schema(&mut self, level: AccessLevel, schema: &SchemaState) {
        let wanted = self.privileges(level, ObjectKind::Schemas);
        let privileges = not_held(&wanted, &schema.granted);
        if privileges.is_empty() {
            return;
        }
        if self.reaches(&schema.owner) || schema.may_grant {
            self.grant(level, privileges, Granted::Schema(schema.name.clone()));
        } else if !not_held(&wanted, &schema.effective).is_empty() {
            self.miss(Lack::Schema {
                schema: schema.name.clone(),
                owner: schema.owner.clone(),
            });
        }
    }

    fn add_objects(&mut self, level: AccessLevel, schema: &str, kind: ObjectKind) {
        let is_wanted = |lacking: &&Lacking| lacking.schema == schema && lacking.kind == kind;
        let mut grantable = Vec::new();
        for objects in self.access().lacking.iter().filter(is_wanted) {
            if self.reaches(&objects.owner) || objects.may_grant {
                grantable.push(objects);
            } else {
                self.miss(Lack::Objects {
                    schema: schema.to_owned(),
                    kind,
                    owner: objects.owner.clone(),
                    number: objects.count,
                });
            }
        }
        let Some(first) = grantable.first() else {
            return;
        };
        let on = if first.names.is_some() {
            let names = grantable.iter().filter_map(|objects| objects.names.clone());
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
        self.grant(level, self.privileges(level, kind), on);
    }

    /// Grants EXECUTE on the named routines; one that does not exist belongs to another database.
    fn add_routines(&mut self, level: AccessLevel) {
        for routine in &self.access().routines {
            let name = routine.name.clone();
            let Some(owner) = &routine.owner else {
                let similar = match routine.similar.as_slice() {
                    [] => String::new(),
                    similar => format!("; similar: {}", similar.join(", ")),
                };
                let warning = format!(
                    "no routine {name} on {}, which a profile names under \"execute\"{similar}",
                    self.ground.target.name()
                );
                self.said.warnings.push(warning);
                continue;
            };
            if let Some(extension) = routine.extension.clone() {
                self.lacks.push(Lack::MemberOfExtension { name, extension });
            } else if routine.granted {
            } else if self.reaches(owner) || routine.may_grant {
                let kind = ObjectKind::Routines;
                let names = vec![name];
                self.grant(level, vec!["EXECUTE"], Granted::Named { kind, names });
            } else {
                let owner = owner.clone();
                self.miss(Lack::Routine { name, owner });
            }
        }
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
        self.grant_future(level, kind, creators);
    }
}
