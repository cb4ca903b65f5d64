//! The steady state of an access group: it lacks nothing, and has nothing beyond its level. Then a new member is all
//! there is to plan, and a reading that costs the server a third of the whole one shows enough. What this one doubts, the
//! whole reading decides.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::domain::access::rules::AccessRules;
use crate::domain::access::state::{
    AccessState, DatabaseState, GroupAdmin, GroupState, SchemaState,
};
use crate::domain::access::{AccessLevel, GROUP_LEVELS, ObjectKind};
use crate::domain::act::plan::MEMBERSHIP_OPTIONS;
use crate::domain::role::RoleName;
use crate::domain::role::setting::RoleSetting;
use crate::domain::role::state::{RoleState, ServerState, Surroundings};
use crate::domain::target::DatabaseName;

/// Roles that belong to a managed service: as superusers they create nothing that needs to be covered.
const SERVICES: [&str; 3] = ["rds", "cloudsql", "azure"];
/// The role that initdb made, and that owns what initdb made.
const BOOTSTRAP_SUPERUSER: &str = "10";
/// What stands for all schemas.
const ALL_SCHEMAS: &str = "0";

/// A role's OID, which is only compared.
type Oid = String;

/// Whether the steady state is worth asking for: not where routines or schemas were named, and not for the level whose
/// members create objects.
pub fn may_be_steady(level: AccessLevel, rules: &AccessRules) -> bool {
    let is_plain = matches!(level, AccessLevel::Readonly | AccessLevel::Readwrite);
    is_plain && rules.execute(level).is_empty() && !rules.choose_schemas()
}

/// What the steady state is seen by.
#[derive(Debug, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are facts about a server, which do not depend on each other"
)]
pub struct SteadyReading {
    pooled: bool,
    version: u32,
    clock: f64,
    in_recovery: bool,
    read_only: bool,
    timeline: Option<u32>,
    role_setting: Option<RoleSetting>,
    database: Database,
    #[serde(default)]
    schemas: Option<Vec<Schema>>,
    objects: Option<Vec<Objects>>,
    heirs: Option<Vec<Heir>>,
    defaults: Option<Vec<DefaultPrivilege>>,
    /// Whether a routine names the group in its ACL.
    open_routine: bool,
    roles: Vec<Role>,
    /// Whether the group has a password; `None` if the admin credential may not see that.
    password: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct Database {
    oid: u32,
    owner: RoleName,
    template: bool,
    public_temporary: bool,
    acl: Option<Vec<Grant>>,
}

#[derive(Debug, Deserialize)]
struct Grant {
    grantee: Oid,
    privilege_type: String,
}

#[derive(Debug, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are facts about a server, which do not depend on each other"
)]
struct Schema {
    name: String,
    owner: RoleName,
    /// Whether it belongs to the group.
    is_own: bool,
    /// Whether access is granted in it; else it belongs to an extension.
    counts: bool,
    public_create: bool,
    /// Whether the group has USAGE through PUBLIC, and the admin credential cannot grant it: that is left as it is, if the
    /// owner is a superuser.
    is_borne: bool,
    /// What is granted to the group itself.
    granted: Vec<String>,
}

/// The tables and sequences of one owner.
#[derive(Debug, Deserialize)]
struct Objects {
    lacks: bool,
    is_open: bool,
}

/// A role that owns something or has CREATE by name (`via` is `None`), or a member of one.
#[derive(Debug, Deserialize)]
struct Heir {
    oid: Oid,
    via: Option<Oid>,
    /// Whether it counts as one, and is not only told because it may grant a group.
    counts: bool,
}

/// One default privilege of the group.
#[derive(Debug, Deserialize)]
struct DefaultPrivilege {
    creator: Oid,
    schema: Oid,
    kind: String,
    privilege: String,
}

#[derive(Debug, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are facts about a server, which do not depend on each other"
)]
struct Role {
    oid: Oid,
    /// Whether it is the role that the operation is about. By the server's word: here names may be shown otherwise.
    is_asked: bool,
    /// Whether it is the role whose rights count.
    acts: bool,
    /// Which access group's name it has, from 1 on.
    place: Option<usize>,
    /// Whether it has a VALID UNTIL.
    expires: bool,
    /// Who may grant it.
    admins: Vec<Oid>,
    /// Whether the admin credential may, by a membership.
    grantable: bool,
    /// Whether the role that the operation is about has its rights.
    held: Option<bool>,
    #[serde(flatten)]
    state: RoleState,
}

/// What is asked about.
#[derive(Debug, Clone, Copy)]
pub struct SteadyQuestion<'a> {
    pub role: &'a str,
    pub database: &'a DatabaseName,
    pub level: AccessLevel,
    pub rules: &'a AccessRules,
}

impl SteadyReading {
    /// The state that a plan is made from, if it is the steady one; else `None`, and the whole reading must be asked for.
    pub fn steady(self, question: &SteadyQuestion<'_>) -> Option<ServerState> {
        let group = self.group(question, question.level)?;
        // When a password ends is not read.
        let expires = |role: &Role| role.is_asked && role.expires;
        let is_settled = !self.roles.iter().any(expires)
            && self.is_settled(&group, question)
            && self.creators_are_covered(question)?
            && self.has_nothing_more(question)?;
        is_settled.then(|| self.state(question))?
    }

    fn role(&self, oid: &str) -> Option<&Role> {
        self.roles.iter().find(|role| role.oid == oid)
    }

    fn acting(&self) -> Option<&RoleState> {
        let acting = self.roles.iter().find(|role| role.acts)?;
        Some(&acting.state)
    }

    /// The role that has the name of a level's group.
    fn group_role(&self, level: AccessLevel) -> Option<&Role> {
        let place = GROUP_LEVELS.iter().position(|it| *it == level)?;
        self.roles.iter().find(|role| role.place == Some(place + 1))
    }

    fn schemas(&self) -> impl Iterator<Item = &Schema> {
        self.schemas.iter().flatten()
    }

    /// Whether the group lacks nothing on what is there.
    fn is_settled(&self, group: &GroupState, question: &SteadyQuestion<'_>) -> bool {
        let wanted = question
            .rules
            .privileges(question.level, ObjectKind::Schemas, self.version);
        let has_all = |held: &[String], wanted: &[&str]| {
            let is_held = |wanted: &&str| held.iter().any(|held| held == wanted);
            wanted.iter().all(is_held)
        };
        let on_database = self.database_state().wanted(question.level);
        let bootstrap = self.role(BOOTSTRAP_SUPERUSER);
        let owner_is_superuser = bootstrap.is_some_and(|role| role.state.superuser);
        group.grantable
            && has_all(&group.on_database, &on_database)
            && self.schemas().filter(|schema| schema.counts).all(|schema| {
                let is_borne = schema.is_borne && wanted == ["USAGE"] && owner_is_superuser;
                is_borne || has_all(&schema.granted, &wanted)
            })
            && !self.objects.iter().flatten().any(|objects| objects.lacks)
    }

    /// The roles that create objects. As in the whole reading, a superuser counts only if it owns something or was named.
    fn creators(&self) -> Option<BTreeSet<&str>> {
        let roles: BTreeMap<&str, &RoleState> = (self.roles.iter())
            .map(|role| (role.oid.as_str(), &role.state))
            .collect();
        let heirs = || self.heirs.iter().flatten().filter(|heir| heir.counts);
        let named: BTreeSet<&str> = heirs()
            .filter(|heir| heir.via.is_none())
            .map(|heir| heir.oid.as_str())
            .collect();
        let mut found = named.clone();
        loop {
            let mut more = Vec::new();
            for heir in heirs().filter(|heir| !found.contains(heir.oid.as_str())) {
                let via = heir.via.as_deref()?;
                // From 16 on the memberships that do not convey it are not among them.
                let conveys =
                    self.version >= MEMBERSHIP_OPTIONS || roles.get(heir.oid.as_str())?.inherit;
                if conveys && found.contains(via) {
                    more.push(heir.oid.as_str());
                }
            }
            if more.is_empty() {
                break;
            }
            found.extend(more);
        }
        let mut creators = BTreeSet::new();
        for oid in found {
            let state = roles.get(oid)?;
            let is_service = SERVICES.iter().any(|it| state.name.starts_with(it));
            let creates = !state.superuser || (named.contains(oid) && !is_service);
            if creates && !state.name.starts_with("pg_") {
                creators.insert(oid);
            }
        }
        Some(creators)
    }

    /// Whether the group gets its level's access to all that is created from now on.
    fn creators_are_covered(&self, question: &SteadyQuestion<'_>) -> Option<bool> {
        let subject = &self.group_role(question.level)?.oid;
        let mut given: BTreeMap<(&str, &str), BTreeSet<&str>> = BTreeMap::new();
        let defaults = self.defaults.iter().flatten();
        for row in defaults.filter(|row| row.schema == ALL_SCHEMAS) {
            let privileges = given.entry((&row.creator, &row.kind)).or_default();
            privileges.insert(&row.privilege);
        }
        let creators = self.creators()?;
        let is_covered = |creator: &str| {
            ObjectKind::WITH_DEFAULTS.into_iter().all(|kind| {
                let wanted = question
                    .rules
                    .privileges(question.level, kind, self.version);
                let given = given.get(&(creator, letter(kind)));
                given.is_some_and(|given| wanted.iter().all(|one| given.contains(one)))
            })
        };
        let others = creators.into_iter().filter(|oid| oid != subject);
        Some(others.into_iter().all(is_covered))
    }

    /// Whether the group has nothing that a warning is due to.
    fn has_nothing_more(&self, question: &SteadyQuestion<'_>) -> Option<bool> {
        let subject = &self.group_role(question.level)?.oid;
        let creators = self.creators()?;
        let is_excess = |row: &DefaultPrivilege| match row.kind.as_str() {
            "f" => row.creator != *subject,
            "r" | "S" | "n" => !creators.contains(row.creator.as_str()),
            _ => false,
        };
        let is_open =
            |schema: &Schema| !schema.counts && !schema.granted.is_empty() && !schema.is_own;
        Some(
            !self.open_routine
                && !self.objects.iter().flatten().any(|objects| objects.is_open)
                && !self.schemas().any(is_open)
                && !self.defaults.iter().flatten().any(is_excess),
        )
    }

    /// A group as it was found; `None` if there is none of that name, or its mark does not name the database.
    fn group(&self, question: &SteadyQuestion<'_>, level: AccessLevel) -> Option<GroupState> {
        let role = self.group_role(level)?;
        let me = self.acting()?;
        let state = &role.state;
        let attributes = [
            (state.login, "LOGIN"),
            (state.superuser, "SUPERUSER"),
            (state.createdb, "CREATEDB"),
            (state.createrole, "CREATEROLE"),
            (state.replication, "REPLICATION"),
            (state.bypassrls, "BYPASSRLS"),
        ];
        let attributes = attributes.into_iter().filter(|(has, _)| *has);
        let admins: Option<Vec<_>> = role.admins.iter().map(|oid| self.role(oid)).collect();
        let on_database = self.database.acl.iter().flatten();
        let on_database = on_database.filter(|grant| grant.grantee == role.oid);
        let is_subject = level == question.level;
        let group = GroupState {
            level,
            comment: state.comment.clone(),
            attributes: attributes.map(|(_, name)| name.to_owned()).collect(),
            password: self.password.filter(|_| is_subject),
            expires: role.expires,
            member_of: state.member_of.clone(),
            administered: admins.iter().flatten().any(|it| it.is_asked),
            admins: admins?
                .into_iter()
                .map(|admin| GroupAdmin {
                    name: admin.state.name.clone(),
                    superuser: admin.state.superuser,
                })
                .collect(),
            marked_database: Some(question.database.to_string()),
            members: Vec::new(),
            on_database: on_database.map(|it| it.privilege_type.clone()).collect(),
            grantable: me.superuser
                || role.grantable
                || (self.version < MEMBERSHIP_OPTIONS && me.createrole && !state.superuser),
        };
        let is_marked = group
            .mark()
            .is_some_and(|mark| mark.oid == Some(self.database.oid));
        is_marked.then_some(group)
    }

    fn database_state(&self) -> DatabaseState {
        DatabaseState {
            oid: self.database.oid,
            owner: self.database.owner.clone(),
            public_temporary: self.database.public_temporary,
            // Where nothing lacks, nobody asks.
            may_grant: Vec::new(),
        }
    }

    fn access(&self, question: &SteadyQuestion<'_>) -> Option<AccessState> {
        let there: Vec<_> = (GROUP_LEVELS.into_iter())
            .filter_map(|level| Some((level, self.group_role(level)?)))
            .collect();
        let groups: Option<Vec<_>> = there
            .iter()
            .map(|(level, _)| self.group(question, *level))
            .collect();
        let held = there.iter().filter(|(_, role)| role.held == Some(true));
        let schemas = self.schemas().filter(|schema| schema.counts);
        let schemas = schemas.map(|schema| SchemaState {
            name: schema.name.clone(),
            owner: schema.owner.clone(),
            granted: schema.granted.clone(),
            effective: if schema.is_borne {
                vec!["USAGE".to_owned()]
            } else {
                schema.granted.clone()
            },
            public_create: schema.public_create,
            may_grant: false,
        });
        Some(AccessState {
            database: self.database_state(),
            groups: groups?,
            role_levels: held.map(|(level, _)| *level).collect(),
            schemas: schemas.collect(),
            ..AccessState::default()
        })
    }

    fn state(self, question: &SteadyQuestion<'_>) -> Option<ServerState> {
        let asked = self.roles.iter().find(|role| role.is_asked);
        let role = asked.map(|role| role.state.clone());
        Some(ServerState {
            version: self.version,
            clock: Some(self.clock),
            in_recovery: self.in_recovery,
            read_only: self.read_only,
            primary_host: None,
            admin: self.acting()?.clone(),
            role,
            timeline: self.timeline,
            verifier: None,
            pooled: self.pooled,
            token_group: None,
            sessions: 0,
            surroundings: Surroundings {
                template: self.database.template,
                alike: self.alike(question.role),
            },
            access: self.access(question)?,
            role_setting: self.role_setting,
        })
    }

    /// As in the whole reading, names that differ by case, and any that have letters beyond ASCII if this one has.
    fn alike(&self, asked: &str) -> Vec<String> {
        let others = self.roles.iter().filter(|role| !role.is_asked);
        let names = others.map(|role| &role.state.name);
        let is_alike =
            |name: &str| name.eq_ignore_ascii_case(asked) || !(name.is_ascii() || asked.is_ascii());
        names.filter(|name| is_alike(name)).cloned().collect()
    }
}

/// How `pg_default_acl` writes a kind of objects.
fn letter(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Tables => "r",
        ObjectKind::Sequences => "S",
        _ => "n",
    }
}
