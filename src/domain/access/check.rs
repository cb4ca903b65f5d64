//! One access group against its level: every gap, and every excess, as `access check` reports them. What is named here
//! is what `access prepare` mends: its planner judges by the same state.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::excess::{Beyond, OpenDefault, OpenGrant, OpenRoutine};
use crate::domain::access::gaps::{DefaultGap, Gaps, ObjectGap};
use crate::domain::access::group::{Judge, Standing};
use crate::domain::access::rules::AccessRules;
use crate::domain::access::state::{SchemaState, not_held};
use crate::domain::access::{AccessLevel, ObjectKind, group_name};
use crate::domain::counted::counted;
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::DatabaseName;

/// How many names are listed.
const MOST_NAMED: usize = 20;

/// A group's gaps and excess.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GroupCheck {
    /// The access level of the group.
    #[schemars(with = "AccessLevel")]
    pub access: &'static str,
    /// The name of the group.
    pub group: RoleName,
    /// What is wrong with the role itself; null if nothing is.
    pub problem: Option<String>,
    /// Whether it may connect, by whatever grant; null if it does not exist.
    pub connect: Option<bool>,
    /// What it lacks of its level.
    pub missing: Missing,
    /// What it has beyond its level.
    pub excess: Surplus,
}

/// What a group lacks of its level.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Missing {
    /// The privileges that it lacks on the database itself.
    pub database: Vec<&'static str>,
    /// The schemas on which it lacks privileges.
    pub schemas: Vec<SchemaGap>,
    /// The tables and sequences on which it lacks privileges.
    pub objects: Vec<ObjectGap>,
    /// The roles whose future objects it will have no access to.
    pub default_privileges: Vec<DefaultGap>,
    /// The routines that a profile names and that it may not execute.
    pub routines: Vec<RoutineGap>,
}

/// A schema on which the group lacks privileges.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct SchemaGap {
    /// The schema.
    pub schema: String,
    /// The owner of the schema.
    pub owner: RoleName,
    /// The privileges that the group lacks.
    pub missing: Vec<&'static str>,
}

/// A routine that a profile names and that the group may not execute.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoutineGap {
    /// The routine with the types of its arguments.
    pub routine: String,
    /// The owner of the routine.
    pub owner: RoleName,
}

/// What a group has beyond its level.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Surplus {
    /// The routines that it may execute and that no profile names.
    pub routines: Vec<RoutineSurplus>,
    /// The grants beyond its level.
    pub grants: Vec<GrantSurplus>,
    /// The default privileges beyond its level.
    pub default_privileges: Vec<DefaultSurplus>,
}

/// A routine that the group may execute and that no profile names.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct RoutineSurplus {
    /// The routine with the types of its arguments.
    pub routine: String,
    /// The owner of the routine.
    pub owner: RoleName,
    /// Who granted EXECUTE.
    pub grantor: RoleName,
    /// The extension that the routine belongs to; null if it belongs to none.
    pub extension: Option<String>,
    /// Whether PUBLIC may execute it, so that nobody loses access with the group's own grant.
    pub public: bool,
}

/// Grants that differ only in their objects.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct GrantSurplus {
    /// The kind of the objects.
    pub kind: ObjectKind,
    /// The owner of the objects.
    pub owner: RoleName,
    /// Who granted the privileges.
    pub grantor: RoleName,
    /// Why they are beyond the level.
    pub because: Beyond,
    /// The privileges.
    pub privileges: Vec<String>,
    /// How many objects there are.
    pub count: usize,
    /// The first 20 objects, quoted as the server quotes them.
    pub names: Vec<String>,
}

/// Default privileges of the group beyond its level.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct DefaultSurplus {
    /// The role whose future objects they apply to.
    pub creator: RoleName,
    /// The schema that they are limited to; null: all schemas.
    pub schema: Option<String>,
    /// The kind of the objects.
    pub kind: ObjectKind,
    /// The privileges.
    pub privileges: Vec<String>,
}

impl GroupCheck {
    /// A wanted group that does not exist.
    pub fn absent(database: &DatabaseName, level: AccessLevel) -> Self {
        Self {
            access: level.as_str(),
            group: group_name(database, level),
            problem: Some("does not exist".to_owned()),
            connect: None,
            missing: Missing::default(),
            excess: Surplus::default(),
        }
    }

    /// A group that exists, by what was found of it.
    pub fn of(
        level: AccessLevel,
        (found, gaps): (&ServerState, Gaps),
        rules: &AccessRules,
        judge: &Judge<'_>,
    ) -> Self {
        let access = &found.access;
        let group = access.group(level);
        let wanted = rules.privileges(level, ObjectKind::Schemas, found.version);
        let schemas = access.schemas.iter();
        let missing = Missing {
            database: missing_on_database(level, found),
            schemas: schemas
                .filter_map(|schema| schema_gap(schema, &wanted, found))
                .collect(),
            objects: gaps.objects,
            default_privileges: gaps.defaults,
            routines: missing_routines(found),
        };
        let excess = &access.excess;
        Self {
            access: level.as_str(),
            group: group_name(judge.database, level),
            problem: group.and_then(|group| problem(&judge.standing(group))),
            connect: Some(gaps.connect),
            missing,
            excess: Surplus {
                routines: excess.routines.iter().map(RoutineSurplus::from).collect(),
                grants: excess.grants.iter().map(GrantSurplus::from).collect(),
                default_privileges: excess.defaults.iter().map(DefaultSurplus::from).collect(),
            },
        }
    }

    /// How many objects, schemas and default privileges are not as wanted.
    pub fn gap_count(&self) -> u64 {
        let Missing {
            database,
            schemas,
            objects,
            default_privileges,
            routines,
        } = &self.missing;
        let lists = database.len() + schemas.len() + routines.len();
        let objects: u64 = objects.iter().map(|gap| gap.count).sum();
        let defaults: u64 = default_privileges.iter().map(|gap| gap.count).sum();
        u64::from(self.problem.is_some()) + as_count(lists) + objects + defaults
    }

    /// How many objects and default privileges it has something on beyond its level.
    pub fn excess_count(&self) -> u64 {
        let Surplus {
            routines,
            grants,
            default_privileges,
        } = &self.excess;
        let grants: usize = grants.iter().map(|surplus| surplus.count).sum();
        as_count(routines.len() + grants + default_privileges.len())
    }

    /// All of it as sentences about the group, for people.
    pub fn sentences(&self) -> Vec<String> {
        let mut said = Vec::new();
        said.extend(self.problem.clone());
        let mut lacks = |what: String| said.push(format!("lacks {what}"));
        if !self.missing.database.is_empty() {
            lacks(format!(
                "{} on the database",
                self.missing.database.join(", ")
            ));
        }
        for gap in &self.missing.schemas {
            lacks(format!(
                "{} on schema {}, which belongs to \"{}\"",
                gap.missing.join(", "),
                gap.schema,
                gap.owner
            ));
        }
        for gap in &self.missing.objects {
            lacks(format!(
                "{} on {} of \"{}\" in schema {}: {}",
                gap.missing.join(", "),
                counted(gap.count, &gap.kind.keyword_of_one().to_lowercase()),
                gap.owner,
                gap.schema,
                named(&gap.names, gap.count)
            ));
        }
        for gap in &self.missing.default_privileges {
            let schemas = gap.schemas.as_ref();
            let within = schemas.map_or(String::new(), |schemas| {
                format!(" in schemas {}", named(schemas, gap.count))
            });
            lacks(format!(
                "{} on {} that \"{}\" creates later{within}",
                gap.missing.join(", "),
                gap.kind.keyword().to_lowercase(),
                gap.creator
            ));
        }
        for gap in &self.missing.routines {
            lacks(format!("EXECUTE on {}", gap.routine));
        }
        said.extend(self.excess.sentences());
        said
    }
}

impl Surplus {
    fn sentences(&self) -> impl Iterator<Item = String> {
        let routines = self.routines.iter().map(|surplus| {
            let public = if surplus.public {
                ", which PUBLIC may execute anyway"
            } else {
                ""
            };
            format!("has EXECUTE on {}{public}", surplus.routine)
        });
        let grants = self.grants.iter().map(|surplus| {
            format!(
                "has {} on {} of \"{}\", {}: {}",
                surplus.privileges.join(", "),
                counted(surplus.count, &surplus.kind.keyword_of_one().to_lowercase()),
                surplus.owner,
                surplus.because.reason(),
                named(&surplus.names, as_count(surplus.count))
            )
        });
        let defaults = self.default_privileges.iter().map(|surplus| {
            let within = surplus
                .schema
                .as_ref()
                .map_or(String::new(), |schema| format!(" in schema {schema}"));
            format!(
                "has {} on {} that \"{}\" creates later{within}",
                surplus.privileges.join(", "),
                surplus.kind.keyword().to_lowercase(),
                surplus.creator
            )
        });
        routines.chain(grants).chain(defaults)
    }
}

impl Beyond {
    fn reason(self) -> &'static str {
        match self {
            Self::Extension => "which belong to an extension",
            Self::Schema => "in a schema that is not chosen",
            Self::System => "which are the system's",
            Self::Level => "beyond its level",
            Self::Kind => "on which no level grants anything",
        }
    }
}

impl From<&OpenRoutine> for RoutineSurplus {
    fn from(open: &OpenRoutine) -> Self {
        Self {
            routine: open.name.clone(),
            owner: open.owner.clone(),
            grantor: open.grantor.clone(),
            extension: open.extension.clone(),
            public: open.public,
        }
    }
}

impl From<&OpenGrant> for GrantSurplus {
    fn from(open: &OpenGrant) -> Self {
        Self {
            kind: open.kind,
            owner: open.owner.clone(),
            grantor: open.grantor.clone(),
            because: open.because,
            privileges: open.privileges.clone(),
            count: open.names.len(),
            names: open.names.iter().take(MOST_NAMED).cloned().collect(),
        }
    }
}

impl From<&OpenDefault> for DefaultSurplus {
    fn from(open: &OpenDefault) -> Self {
        Self {
            creator: open.creator.clone(),
            schema: open.schema.clone(),
            kind: open.kind,
            privileges: open.privileges.clone(),
        }
    }
}

fn problem(standing: &Standing) -> Option<String> {
    match standing {
        Standing::Ours => None,
        Standing::ToMark => Some("has a comment that says less than it should".to_owned()),
        Standing::Unmarked => Some("does not carry pgrole's comment".to_owned()),
        Standing::Stale => Some("is of an earlier database of this name".to_owned()),
        Standing::OfAnother(database) => Some(format!("is of another database, \"{database}\"")),
        Standing::Unsafe(faults) => {
            Some(format!("cannot be an access group: {}", faults.join("; ")))
        }
    }
}

fn missing_on_database(level: AccessLevel, found: &ServerState) -> Vec<&'static str> {
    let access = &found.access;
    let wanted = access.database.wanted(level).into_iter();
    let has = |privilege| {
        let group = access.group(level);
        group.is_some_and(|group| group.has_on_database(privilege))
    };
    wanted.filter(|privilege| !has(privilege)).collect()
}

/// A privilege that the group has by other grants counts as missing only if it could be granted to itself.
fn schema_gap(
    schema: &SchemaState,
    wanted: &[&'static str],
    found: &ServerState,
) -> Option<SchemaGap> {
    let owner = found.access.acting_owner(&schema.owner);
    let can_grant = schema.may_grant || found.access.reach(owner).is_given();
    let missing = not_held(wanted, &schema.granted);
    let is_gap = can_grant || !not_held(wanted, &schema.effective).is_empty();
    (!missing.is_empty() && is_gap).then(|| SchemaGap {
        schema: schema.name.clone(),
        owner: schema.owner.clone(),
        missing,
    })
}

fn missing_routines(found: &ServerState) -> Vec<RoutineGap> {
    let routines = found.access.routines.iter();
    let missing = routines.filter(|routine| !routine.granted && routine.extension.is_none());
    let missing = missing.filter_map(|routine| {
        Some(RoutineGap {
            routine: routine.name.clone(),
            owner: routine.owner.clone()?,
        })
    });
    missing.collect()
}

/// Names, and how many more there are.
fn named(names: &[String], count: u64) -> String {
    let listed = names.join(", ");
    match count.saturating_sub(as_count(names.len())) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

fn as_count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
