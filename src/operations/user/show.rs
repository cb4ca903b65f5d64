//! `user show`: all that is known about one role, a report for each cluster that has it: what it is, may do, owns and runs.
//! One statement per database; nothing is changed.

use std::collections::HashMap;

use anyhow::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::choice;
use crate::domain::role::RoleName;
use crate::domain::role::differences::{Difference, differences};
use crate::domain::role::dual_mark::{DualLogin, DualStep, login_names};
use crate::domain::role::footprint::{
    DatabaseFootprint, DependencyKind, Footprint, Membership, Names, PreparedTransaction,
    SchemaFootprint, SessionGroup, SettingGroup, VerifierKind,
};
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::run::fleet::{JOBS, by_place, for_each, is_on, name_of_place};
use crate::run::{Act, FleetReading, Run, TargetSession};
use crate::server::footprint::read_footprint;
use crate::server::logins::{Databases, list_logins};
use crate::store::{EventFilter, PlacedRole};

/// Days and seconds.
const DAY: i64 = 86_400;
/// How many of the role's events are searched for its last change.
const EVENTS: u32 = 200;

/// A role of one cluster, in full.
#[derive(Debug, Serialize, JsonSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one key each"
)]
pub struct RoleOverview {
    /// The role.
    pub username: String,
    /// `user found`.
    pub status: Status,
    /// The host of the cluster.
    pub hostname: String,
    /// The port, as text.
    pub port: String,
    /// The targets that answered, each as `ENV/DATABASE`.
    pub databases: Vec<String>,
    /// Whether it may log in.
    pub login: bool,
    /// Whether it is a superuser.
    pub superuser: bool,
    /// Whether it has the privileges of its groups without SET ROLE; for memberships that do not say themselves.
    pub inherit: bool,
    /// Whether it may create databases.
    pub createdb: bool,
    /// Whether it may create roles.
    pub createrole: bool,
    /// Whether it may start replication.
    pub replication: bool,
    /// Whether it bypasses row-level security.
    pub bypassrls: bool,
    /// How many connections it may have; null: no limit.
    pub connection_limit: Option<u32>,
    /// When the password expires, as RFC 3339; null: never.
    pub valid_until: Option<String>,
    /// Whether VALID UNTIL has passed, by the server's clock.
    pub expired: bool,
    /// The comment on the role; null if it has none.
    pub comment: Option<String>,
    /// The profile that pgrole created it with; null if pgrole did not create it.
    pub profile: Option<String>,
    /// How it differs from that profile; null if it has none, or one that is not configured.
    pub differs: Option<Vec<Difference>>,
    /// What is stored as its password.
    pub verifier: VerifierKind,
    /// When pgrole last changed its password, as RFC 3339; null if it never did.
    pub password_changed_at: Option<String>,
    /// How many whole days ago that was; null if it never did.
    pub password_age_days: Option<i64>,
    /// The logins that act as it; null unless it has dual logins.
    pub dual: Option<DualOverview>,
    /// Where its passwords are delivered; null if pgrole does not know.
    pub deliver: Option<String>,
    /// The groups that it is a member of, by way of others too.
    pub member_of: Vec<Membership>,
    /// The roles that are members of it.
    pub members: Names,
    /// How many memberships of others it granted.
    pub memberships_granted_by_it: u64,
    /// What it may do in each database that was asked.
    pub access: Vec<DatabaseAccess>,
    /// What it owns, and where else it is named.
    pub objects: Vec<RoleObjects>,
    /// Databases that were not asked, and in which something depends on it.
    pub elsewhere: Vec<DatabaseFootprint>,
    /// The settings that apply to it.
    pub settings: Vec<SettingGroup>,
    /// Its sessions; those that are alike together.
    pub sessions: Vec<SessionGroup>,
    /// How many sessions of other roles may SET ROLE to it.
    pub sessions_that_may_set_role: u64,
    /// Its prepared transactions.
    pub prepared: Vec<PreparedTransaction>,
    /// The last act of pgrole that changed it; null if there is none.
    pub last_change: Option<LastChange>,
}

/// The two logins of a role, by the comment on it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DualOverview {
    /// Both.
    pub logins: Vec<RoleName>,
    /// The one that the application uses; null if none was delivered yet.
    pub current: Option<RoleName>,
    /// The one whose password is not delivered yet; null if there is none.
    pub incoming: Option<RoleName>,
    /// The one that is valid until it is retired; null if there is none.
    pub outgoing: Option<RoleName>,
    /// When that is due, by the server's clock, as RFC 3339; null if there is none.
    pub retire_at: Option<String>,
}

impl DualOverview {
    fn of(state: &RoleState) -> Option<Self> {
        let Some(Mark::Dual(mark)) = state.mark() else {
            return None;
        };
        let owner = RoleName::from_server(state.name.as_str());
        let name = |login: DualLogin| login.name(&owner);
        let (incoming, outgoing, retire_at) = match mark.step {
            DualStep::Idle => (None, None, None),
            DualStep::Incoming(login) => (Some(login), None, None),
            DualStep::Grace {
                previous, until, ..
            } => (None, Some(previous), Some(until.to_string())),
        };
        Some(Self {
            logins: login_names(&owner).to_vec(),
            current: mark.current.map(name),
            incoming: incoming.map(name),
            outgoing: outgoing.map(name),
            retire_at,
        })
    }
}

/// What a role may do in a database.
#[derive(Debug, Serialize, JsonSchema)]
pub struct DatabaseAccess {
    /// As `ENV/DATABASE`.
    pub database: String,
    /// The highest access level whose rights it has there; `none` if it is in no access group.
    pub level: AccessLevel,
    /// Whether it may connect.
    pub connect: bool,
    /// Whether it may create schemas.
    pub create: bool,
    /// Whether it may create temporary tables.
    pub temporary: bool,
    /// What it may do in each schema, at most 500.
    pub schemas: Vec<SchemaFootprint>,
}

/// Objects of one catalog that depend on the role in one way.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoleObjects {
    /// The database, as `ENV/DATABASE`; null for objects of the whole cluster.
    pub database: Option<String>,
    /// How they depend on the role.
    pub kind: DependencyKind,
    /// The system catalog that the objects are in.
    pub catalog: String,
    /// How many there are.
    pub total: u64,
    /// How many are members of extensions; these are named last.
    pub of_extensions: u64,
    /// The first of them.
    pub names: Vec<String>,
}

/// An act in the audit log.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LastChange {
    /// Its number, for `audit show`.
    pub id: i64,
    /// When it began, as RFC 3339.
    pub performed_at: String,
    /// The operation.
    pub operation: String,
    /// How it ended.
    pub status: String,
    /// The user of the operating system who ran pgrole, or who called sudo.
    pub operator: String,
    /// The reason that was given; null if none was.
    pub reason: Option<String>,
}

/// What was found: an overview per cluster, and which targets could not be asked.
#[derive(Default)]
pub struct Shown {
    pub overviews: Vec<RoleOverview>,
    pub failed: Vec<Error>,
    /// How many targets the errors stand for.
    pub silent: usize,
    /// A login of the only server that was asked, spelled like the role, if that is not there.
    pub nearest: Option<String>,
}

/// Reads all about a role on the targets' clusters, with at most `names` names of each kind of object. On a cluster
/// without it, one database is asked; on one with it, all selected.
///
/// # Errors
/// If the audit log cannot be written, or the registry cannot be read.
pub fn show_user(run: &Run, targets: &[Target], role: &RoleName, names: u16) -> Result<Shown> {
    let cannot = format!("cannot show role \"{role}\"");
    let act = Act::over(targets, Operation::UserShow, cannot).role(role);
    let reading = run.begin_reading(targets, act)?;
    let mut shown = Shown::default();
    let mut found: Vec<(usize, Footprint)> = Vec::new();
    let mut answers = Answers {
        shown: &mut shown,
        found: &mut found,
    };
    let rest = ask_each_place(run, &reading, targets, (role, names), &mut answers);
    let watched = run.watch("targets", rest.len());
    for_each(
        &rest,
        JOBS,
        |index| {
            let read = |server: &mut TargetSession<'_>| {
                server.read(|connection| read_footprint(connection, role, names))
            };
            let target = &targets[*index];
            watched.attempt(|| target.name(), || reading.ask(target, read))
        },
        |place, answer| match answer {
            Ok(footprint) => found.extend(footprint.map(|footprint| (rest[place], footprint))),
            Err(error) => {
                shown.silent += 1;
                shown.failed.push(error);
            }
        },
    );
    drop(watched);
    if found.is_empty() && shown.failed.is_empty() && by_place(targets).len() == 1 {
        shown.nearest = nearest_login(&reading, &targets[0], role);
    }
    reading.end(if found.is_empty() {
        Status::UserNotFound
    } else {
        Status::UserFound
    });
    found.sort_by_key(|(index, _)| *index);
    shown.overviews = overviews(run, targets, role, found)?;
    Ok(shown)
}

/// The login of a server that was probably meant. Only an error needs it.
fn nearest_login(reading: &FleetReading<'_>, target: &Target, wrong: &RoleName) -> Option<String> {
    let logins = reading
        .ask(target, |server| {
            server.read(|it| list_logins(it, Databases::Unread))
        })
        .ok()?;
    let names = logins.roles.iter().map(|login| login.name.as_str());
    choice::nearest(wrong.as_str(), names).map(str::to_owned)
}

/// What came of asking each place.
struct Answers<'a> {
    shown: &'a mut Shown,
    found: &'a mut Vec<(usize, Footprint)>,
}

/// Asks one target of each place. Returns the others of the places that have the role.
fn ask_each_place(
    run: &Run,
    reading: &FleetReading<'_>,
    targets: &[Target],
    (role, names): (&RoleName, u16),
    answers: &mut Answers<'_>,
) -> Vec<usize> {
    let places = by_place(targets);
    let watched = run.watch("servers", places.len());
    let mut rest = Vec::new();
    for_each(
        &places,
        JOBS,
        |place| {
            let here: Vec<_> = place.iter().map(|index| &targets[*index]).collect();
            let ask = || {
                reading.ask_place(&here, |server| {
                    server.read(|connection| read_footprint(connection, role, names))
                })
            };
            watched.attempt(|| name_of_place(&here), ask)
        },
        |place, said| {
            answers.shown.silent += said.silent;
            answers.shown.failed.extend(said.failed);
            if let (Some(Some(footprint)), [asked, others @ ..]) =
                (said.answer, &places[place][said.silent..])
            {
                answers.found.push((*asked, footprint));
                rest.extend_from_slice(others);
            }
        },
    );
    rest
}

/// Puts together what the databases of one cluster said.
fn overviews(
    run: &Run,
    targets: &[Target],
    role: &RoleName,
    found: Vec<(usize, Footprint)>,
) -> Result<Vec<RoleOverview>> {
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let mut clusters: Vec<Vec<(Target, Footprint)>> = Vec::new();
    let mut known: HashMap<String, usize> = HashMap::new();
    for (index, footprint) in found {
        let mut target = targets[index].clone();
        // What was just asked is known by now.
        target.cluster_id = run.with_store(|store| store.find_cluster(&target))?;
        let place = format!("{}:{}", target.hostname, target.port);
        let key = target.cluster_id.clone().unwrap_or(place);
        let index = *known.entry(key).or_insert(clusters.len());
        match clusters.get_mut(index) {
            Some(cluster) => cluster.push((target, footprint)),
            None => clusters.push(vec![(target, footprint)]),
        }
    }
    let mut overviews = Vec::new();
    for cluster in clusters {
        let Some((target, _)) = cluster.first() else {
            continue;
        };
        let is_it =
            |placed: &&PlacedRole| placed.username == role.as_str() && is_on(placed, target);
        let placed = placed.iter().find(is_it);
        let last_change = last_change(run, role, &cluster)?;
        overviews.extend(RoleOverview::new(run, &cluster, placed, last_change));
    }
    Ok(overviews)
}

/// The newest act about the role on one of these targets that changed something on the server.
fn last_change(
    run: &Run,
    role: &RoleName,
    cluster: &[(Target, Footprint)],
) -> Result<Option<LastChange>> {
    let filter = EventFilter {
        username: Some(role.to_string()),
        limit: EVENTS,
        ..EventFilter::default()
    };
    let events = run.with_store(|store| store.list_events(&filter))?;
    let mut changes = events.into_iter().filter(|event| {
        let is_here = |(target, _): &(Target, Footprint)| {
            event.env.as_deref() == Some(target.env.as_str())
                && event.database.as_deref() == Some(target.database.as_str())
        };
        event.error.is_none() && event.statements.is_some() && cluster.iter().any(is_here)
    });
    Ok(changes.next().map(|event| LastChange {
        id: event.id,
        performed_at: event.performed_at,
        operation: event.operation,
        status: event.status,
        operator: event.sudo_user.unwrap_or(event.os_user),
        reason: event.reason,
    }))
}

impl RoleOverview {
    fn new(
        run: &Run,
        cluster: &[(Target, Footprint)],
        placed: Option<&PlacedRole>,
        last_change: Option<LastChange>,
    ) -> Option<Self> {
        let (target, first) = cluster.first()?;
        let role = first.role.clone();
        let state = role.state();
        let recorded = placed.and_then(|placed| placed.profile.clone());
        let profile = recorded.or_else(|| state.mark().and_then(Mark::into_profile));
        let home = home_of(cluster, placed);
        let differs = profile.as_ref().and_then(|name| {
            let (target, footprint) = home;
            let profile = run.settings.profile(name, &target.env).ok()?;
            let held = (footprint.version, level_in(footprint, target));
            Some(differences(target, &profile, &state, held))
        });
        let changed_at = placed.and_then(|placed| Timestamp::parse(&placed.password_changed_at));
        let asked: Vec<_> = cluster.iter().map(|(_, seen)| &seen.database).collect();
        let elsewhere = first.databases.iter().filter(|database| {
            !asked.contains(&&database.name) && (database.dependencies.is_some() || database.owner)
        });
        let elsewhere = elsewhere.cloned().collect();
        let (hostname, port) = (target.hostname.to_string(), target.port.to_string());
        let databases = cluster.iter().map(|(target, _)| target.name()).collect();
        let settings = settings_of(cluster);
        let objects = objects_of(cluster);
        let (_, first) = cluster.first()?;
        Some(Self {
            username: role.name,
            status: Status::UserFound,
            hostname,
            port,
            databases,
            login: role.login,
            superuser: role.superuser,
            inherit: role.inherit,
            createdb: role.createdb,
            createrole: role.createrole,
            replication: role.replication,
            bypassrls: role.bypassrls,
            connection_limit: u32::try_from(role.connection_limit).ok(),
            valid_until: role.valid_until,
            expired: role.expired,
            comment: role.comment,
            profile,
            differs,
            verifier: first.verifier.clone(),
            password_changed_at: changed_at.map(|point| point.to_string()),
            password_age_days: changed_at.map(|point| Timestamp::now().seconds_since(point) / DAY),
            dual: DualOverview::of(&state),
            deliver: placed.and_then(|placed| placed.deliver.clone()),
            member_of: first.member_of.clone(),
            members: first.members.clone(),
            memberships_granted_by_it: first.memberships_granted_by_it,
            access: cluster
                .iter()
                .map(|(target, seen)| DatabaseAccess::new(target, seen))
                .collect(),
            objects,
            elsewhere,
            settings,
            sessions: first.sessions.clone(),
            sessions_that_may_set_role: first.sessions_that_may_set_role,
            prepared: first.prepared.clone(),
            last_change,
        })
    }
}

/// The database that its profile is about: where pgrole created it, else the one with the highest level.
fn home_of<'a>(
    cluster: &'a [(Target, Footprint)],
    placed: Option<&PlacedRole>,
) -> (&'a Target, &'a Footprint) {
    let is_home = |(target, _): &&(Target, Footprint)| {
        placed.is_some_and(|placed| {
            placed.env == target.env.as_str() && placed.database == target.database.as_str()
        })
    };
    let level = |(target, seen): &&(Target, Footprint)| level_in(seen, target);
    let home = cluster.iter().find(is_home);
    let home = home.or_else(|| cluster.iter().max_by_key(level));
    let (target, seen) = home.expect("a cluster is known by its targets");
    (target, seen)
}

/// The highest access level whose rights it has in a database.
fn level_in(seen: &Footprint, target: &Target) -> AccessLevel {
    let has = |level: &&AccessLevel| {
        let group = group_name(&target.database, **level);
        let is_it = |membership: &Membership| {
            membership.role == group.as_str() && (membership.inherit || membership.set)
        };
        seen.member_of.iter().any(is_it)
    };
    let highest = GROUP_LEVELS.iter().rev().find(has);
    highest.copied().unwrap_or(AccessLevel::None)
}

impl DatabaseAccess {
    fn new(target: &Target, seen: &Footprint) -> Self {
        let here = seen.databases.iter().find(|it| it.name == seen.database);
        Self {
            database: target.name(),
            level: level_in(seen, target),
            connect: here.is_some_and(|here| here.connect),
            create: here.is_some_and(|here| here.create),
            temporary: here.is_some_and(|here| here.temporary),
            schemas: seen.schemas.clone(),
        }
    }
}

/// Objects of the cluster once, those of each database beside it.
fn objects_of(cluster: &[(Target, Footprint)]) -> Vec<RoleObjects> {
    let mut objects = Vec::new();
    for (place, (target, seen)) in cluster.iter().enumerate() {
        for group in &seen.objects {
            if group.shared && place > 0 {
                continue;
            }
            objects.push(RoleObjects {
                database: (!group.shared).then(|| target.name()),
                kind: group.kind,
                catalog: group.catalog.clone(),
                total: group.total,
                of_extensions: group.of_extensions,
                names: group.names.clone(),
            });
        }
    }
    objects
}

/// The settings that any database showed, each once.
fn settings_of(cluster: &[(Target, Footprint)]) -> Vec<SettingGroup> {
    let mut settings: Vec<SettingGroup> = Vec::new();
    for (_, seen) in cluster {
        for group in &seen.settings {
            if !settings.contains(group) {
                settings.push(group.clone());
            }
        }
    }
    settings
}
