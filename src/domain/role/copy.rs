//! Plans a role like another one: what it takes over, and what it does not, and why.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::access::boxes::is_box;
use crate::domain::access::{AccessLevel, group_name};
use crate::domain::act::plan::{Change, CopiedAttributes, MEMBERSHIP_OPTIONS};
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::comparison::Compared;
use crate::domain::role::definition::{
    DefinedMembership, DefinedSetting, MembershipOptions, RoleDefinition,
};
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;

/// What a copy needs on its server.
#[derive(Debug, Default)]
pub struct CopyNeeds {
    pub groups: Vec<String>,
    pub parameters: Vec<String>,
    pub databases: Vec<String>,
}

/// What is there of it; the role of the state is the copy. Read by `server/copy_ground`.
#[derive(Debug, Deserialize)]
pub struct CopyGround {
    #[serde(flatten)]
    pub server: ServerState,
    /// Those that exist.
    pub groups: Vec<GroupThere>,
    /// Each that was asked for.
    pub parameters: Vec<ParameterThere>,
    /// Those that exist.
    pub databases: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub struct GroupThere {
    pub name: String,
    pub may_grant: bool,
}

#[derive(Debug, Deserialize)]
pub struct ParameterThere {
    pub name: String,
    /// Whether the server has it, as far as the admin credential can see.
    pub known: bool,
    pub may_set: bool,
}

/// A role to copy, and where its copy goes.
#[derive(Debug, Clone, Copy)]
pub struct Copying<'a> {
    pub source: Compared<'a>,
    /// Whether the copy goes to the very target that the role was read on.
    pub is_same_target: bool,
    pub target: &'a Target,
    pub role: &'a RoleName,
}

/// What a copy does not take over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct NotCloned {
    /// `membership`, `setting`, `owned objects`, `granted objects`, `default privileges`, `policies` or `members`.
    pub what: &'static str,
    /// The group or the setting; null if they are counted.
    pub name: Option<String>,
    /// The database that the setting applies to; null: all databases.
    pub database: Option<String>,
    /// How many there are; null if they are named.
    pub count: Option<u64>,
    /// Why it was left out; null if a copy never has it.
    pub reason: Option<String>,
}

/// The plan of a copy.
#[derive(Debug)]
pub struct CopyPlan {
    /// The level whose access group is prepared for it.
    pub level: AccessLevel,
    /// Its own changes: the role, its comment, memberships and settings.
    pub changes: Vec<Change>,
    pub not_cloned: Vec<NotCloned>,
    /// The groups that the admin credential may not grant; they are among the memberships that are not cloned.
    pub not_grantable: Vec<RoleName>,
    /// Memberships whose options an older server cannot have.
    pub without_options: Vec<String>,
}

/// A membership of the copy.
struct CopiedMembership {
    group: RoleName,
    level: Option<AccessLevel>,
    options: MembershipOptions,
}

impl Copying<'_> {
    /// What has to be looked up on the server of the copy.
    pub fn needs(&self) -> CopyNeeds {
        let settings = self.source.definition.settings.iter();
        let parameters: BTreeSet<_> = settings.clone().map(|one| one.name.clone()).collect();
        let databases: BTreeSet<_> = settings.filter_map(|one| one.database.clone()).collect();
        let groups = self.memberships().into_iter();
        CopyNeeds {
            groups: groups.map(|one| one.group.to_string()).collect(),
            parameters: parameters.into_iter().collect(),
            databases: databases.into_iter().collect(),
        }
    }

    /// The changes that make the copy.
    pub fn plan(
        &self,
        ground: &CopyGround,
        valid_until: Option<String>,
        verifier: Verifier,
    ) -> CopyPlan {
        let definition = self.source.definition;
        let mut plan = CopyPlan {
            level: self.level(),
            changes: vec![Change::CloneRole {
                role: self.role.clone(),
                attributes: attributes(definition, valid_until),
                verifier: Some(verifier),
            }],
            not_cloned: Vec::new(),
            not_grantable: Vec::new(),
            without_options: Vec::new(),
        };
        if let Some(comment) = &definition.role.comment {
            plan.changes.push(Change::RestoreComment {
                role: self.role.clone(),
                comment: Some(comment.clone()),
            });
        }
        for membership in self.memberships() {
            self.add_membership(&membership, ground, &mut plan);
        }
        plan.not_cloned.extend(self.boxes());
        for setting in &definition.settings {
            self.add_setting(setting, ground, &mut plan);
        }
        plan.not_cloned.extend(bound(definition));
        plan
    }

    /// The highest level of the source's database that it is a member for; the others are groups like any.
    fn level(&self) -> AccessLevel {
        let memberships = self.memberships().into_iter();
        let levels = memberships.filter_map(|membership| membership.level);
        levels.max().unwrap_or(AccessLevel::None)
    }

    fn memberships(&self) -> Vec<CopiedMembership> {
        let memberships = self.source.definition.memberships.iter();
        let lasting = memberships.filter(|one| !is_box(&one.group));
        lasting.map(|one| self.copied(one)).collect()
    }

    /// Access with an end is granted to one login, for its reason.
    fn boxes(&self) -> impl Iterator<Item = NotCloned> {
        let memberships = self.source.definition.memberships.iter();
        let boxes = memberships.filter(|one| is_box(&one.group));
        boxes.map(|one| NotCloned {
            what: "membership",
            name: Some(one.group.clone()),
            database: None,
            count: None,
            reason: Some(
                "it is access with an end, which is granted to each login by itself".to_owned(),
            ),
        })
    }

    /// A group of pgrole's stands for a level of the database: elsewhere it is the group of that level there.
    fn copied(&self, membership: &DefinedMembership) -> CopiedMembership {
        let definition = self.source.definition;
        let level = definition.level_of(membership, self.source.cluster);
        let there = level.map(|level| group_name(&self.target.database, level));
        let own = RoleName::from_server(membership.group.clone());
        // On the same target it may have another name, from before the database was renamed.
        let level = level.filter(|_| !self.is_same_target || there.as_ref() == Some(&own));
        let group = there.filter(|_| !self.is_same_target).unwrap_or(own);
        CopiedMembership {
            group,
            level,
            options: membership.options,
        }
    }

    fn add_membership(
        &self,
        membership: &CopiedMembership,
        ground: &CopyGround,
        plan: &mut CopyPlan,
    ) {
        let CopiedMembership {
            group,
            level,
            options,
        } = membership;
        let there = ground
            .groups
            .iter()
            .find(|there| there.name == group.as_str());
        let is_prepared = level.is_some_and(|level| level == plan.level);
        let reason = match there {
            // The planner of access creates it, or says why it cannot be granted.
            _ if is_prepared => None,
            None => Some(format!("no such role on {}", self.target.name())),
            Some(there) if !there.may_grant => {
                plan.not_grantable.push(group.clone());
                Some(format!("\"{}\" may not grant it", ground.server.admin.name))
            }
            Some(_) => None,
        };
        if let Some(reason) = reason {
            plan.not_cloned.push(NotCloned {
                what: "membership",
                name: Some(group.to_string()),
                database: None,
                count: None,
                reason: Some(reason),
            });
            return;
        }
        let inherits = self.source.definition.role.inherit;
        let is_plain = options.set && options.inherit == inherits;
        if ground.server.version < MEMBERSHIP_OPTIONS && !is_plain {
            plan.without_options.push(group.to_string());
        }
        plan.changes.push(Change::CopyMembership {
            group: group.clone(),
            member: self.role.clone(),
            options: *options,
        });
    }

    fn add_setting(&self, setting: &DefinedSetting, ground: &CopyGround, plan: &mut CopyPlan) {
        let DefinedSetting { database, name, .. } = setting;
        let own = &self.source.definition.database;
        let there = match database {
            Some(database) if database == own => Some(self.target.database.to_string()),
            database => database.clone(),
        };
        if let Some(reason) = self.unsettable(database.as_deref(), name, ground) {
            plan.not_cloned.push(NotCloned {
                what: "setting",
                name: Some(name.clone()),
                database: database.clone(),
                count: None,
                reason: Some(reason),
            });
            return;
        }
        plan.changes.push(Change::SetParameter {
            role: self.role.clone(),
            setting: DefinedSetting {
                database: there,
                ..setting.clone()
            },
        });
    }

    /// Why a setting is left out.
    fn unsettable(
        &self,
        database: Option<&str>,
        name: &str,
        ground: &CopyGround,
    ) -> Option<String> {
        let CopyGround { server, .. } = ground;
        let parameter = ground.parameters.iter().find(|one| one.name == name);
        let (known, may_set) = parameter.map_or((false, false), |one| (one.known, one.may_set));
        let own = &self.source.definition.database;
        let major = server.version / 10_000;
        match database {
            Some(database)
                if database != own && !ground.databases.iter().any(|it| it == database) =>
            {
                return Some(format!("no such database on {}", self.target.name()));
            }
            // Its own settings there come from the source's own database.
            Some(database) if database != own && database == self.target.database.as_str() => {
                return Some(format!("those of database \"{own}\" take its place"));
            }
            _ => {}
        }
        match (known, may_set) {
            (true, false) => Some(format!("\"{}\" may not set it", server.admin.name)),
            (false, _) if server.admin.superuser => {
                Some(format!("PostgreSQL {major} has no such parameter"))
            }
            (_, true) => None,
            (false, false) => Some(format!(
                "\"{}\" may not set it, or PostgreSQL {major} has no such parameter",
                server.admin.name
            )),
        }
    }
}

fn attributes(definition: &RoleDefinition, valid_until: Option<String>) -> CopiedAttributes {
    let role = &definition.role;
    CopiedAttributes {
        login: role.login,
        superuser: role.superuser,
        inherit: role.inherit,
        createdb: role.createdb,
        createrole: role.createrole,
        replication: role.replication,
        bypassrls: role.bypassrls,
        connection_limit: role.connection_limit,
        valid_until,
    }
}

/// What belongs to one role alone.
fn bound(definition: &RoleDefinition) -> Vec<NotCloned> {
    let bound = definition.bound;
    let counted = [
        ("owned objects", bound.owned),
        ("granted objects", bound.granted),
        ("default privileges", bound.default_privileges),
        ("policies", bound.policies),
        ("members", bound.members),
    ];
    let some = counted.into_iter().filter(|(_, count)| *count > 0);
    some.map(|(what, count)| NotCloned {
        what,
        name: None,
        database: None,
        count: Some(count),
        reason: None,
    })
    .collect()
}

/// What is not cloned, as warnings: each membership and setting, and the rest in one sentence.
pub fn warnings(not_cloned: &[NotCloned], source: &str) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut counted = Vec::new();
    for NotCloned {
        what,
        name,
        database,
        count,
        reason,
    } in not_cloned
    {
        if let Some(count) = count {
            counted.push(format!("{what} ({count})"));
            continue;
        }
        let name = name.as_deref().unwrap_or_default();
        let place = database.as_ref();
        let place = place.map_or(String::new(), |database| {
            format!(" in database \"{database}\"")
        });
        let reason = reason.as_deref().unwrap_or_default();
        let noun = match *what {
            "membership" => format!("membership in \"{name}\""),
            what => format!("{what} {name}"),
        };
        warnings.push(format!("the {noun}{place} is not cloned: {reason}"));
    }
    if !counted.is_empty() {
        warnings.push(format!(
            "what belongs to \"{source}\" by name is not cloned: {}",
            counted.join(", ")
        ));
    }
    warnings
}

/// Whether both are one database of one cluster.
pub fn is_same_database(one: &Target, other: &Target) -> bool {
    one.database == other.database && one.is_on_cluster_of(other)
}
