//! `access prepare`: creates a database's access groups in advance, for admin credentials that may not grant the
//! privileges themselves.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::planner::{GroupAdoption, Planner};
use crate::domain::access::rules::AccessRules;
use crate::domain::access::{AccessLevel, group_name};
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::plan::{Change, Plan};
use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings;
use crate::operations::rehearsal;
use crate::operations::rehearsal::{Script, rehearse};
use crate::run::login_state::{
    RACES, apply, for_people, lost_race, no_such_role, require_nameable, require_writable, undo,
};
use crate::run::{Act, Done, Run, TargetSession};
use crate::server::access::read_whole_access;

/// What the errors of an act begin with.
pub const CANNOT: &str = "cannot prepare the access groups";

/// The requested groups, and who else may grant membership in them.
pub struct PrepareAccess<'a> {
    pub target: Target,
    pub levels: Vec<AccessLevel>,
    pub administrator: Option<RoleName>,
    pub adoption: GroupAdoption,
    /// What the access levels grant there.
    pub rules: AccessRules,
    pub unknown_schemas: UnknownSchemas,
    /// Whether groups that do not exist are created.
    pub absent: AbsentGroups,
    pub mode: Mode,
    /// Asks for confirmation before EXECUTE is revoked on routines that members of a group can execute only through it.
    pub confirm: &'a (dyn Fn(&[ClosedRoutine]) -> Result<()> + Sync),
}

/// What becomes of groups that do not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AbsentGroups {
    Created,
    LeftOut,
}

/// How to treat a chosen schema that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UnknownSchemas {
    /// A warning, because the config file covers many databases.
    Warned,
    /// An error, because the command line names one database.
    Refused,
}

/// A routine on which a group loses its own EXECUTE privilege.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ClosedRoutine {
    /// The routine with the types of its arguments.
    pub routine: String,
    /// The group that loses EXECUTE.
    pub group: String,
    /// The line for the config file that would keep it executable; null for a member of an extension, which stays
    /// closed.
    pub keep: Option<String>,
    /// Whether PUBLIC may execute it, so that nobody loses access.
    pub public: bool,
}

/// What was done for one group.
#[derive(Debug, Serialize, JsonSchema)]
pub struct GroupReport {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The access level of the group.
    #[schemars(with = "AccessLevel")]
    pub access: &'static str,
    /// The name of the group.
    pub group: String,
    /// `prepared` or `unchanged`; of a rehearsal, `rehearsed` or `unknown: busy`.
    pub status: Status,
    /// The SQL that was run; of a dry run or a rehearsal, that would run.
    pub statements: Vec<String>,
    /// What the server said of the statements in a transaction that was rolled back; one for all groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    /// Roles whose future tables the group will have no access to.
    pub not_covered: Vec<RoleName>,
    /// The roles whose default privileges were changed: none of them can be dropped while these exist.
    pub default_privileges_of: Vec<RoleName>,
    /// Routines that the group could execute although no profile lists them.
    pub closed: Vec<ClosedRoutine>,
    /// What the group has beyond its level and this login may not revoke.
    pub left_open: Vec<String>,
    /// What needs attention although the operation succeeded.
    pub warnings: Vec<String>,
}

/// What [`prepare_access`] would do, in a session that only reads.
///
/// # Errors
/// As it has.
pub fn plan_preparation(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &PrepareAccess<'_>,
) -> Result<Vec<GroupReport>> {
    wanted.check_names(server)?;
    Ok(plan(run, server, wanted)?.reports)
}

/// Creates and completes the groups, as one transaction.
///
/// # Errors
/// If the admin credential lacks a privilege, or a group was not created by pgrole.
pub fn prepare_access(run: &Run, wanted: &PrepareAccess<'_>) -> Result<Vec<GroupReport>> {
    let act = Act::on(&wanted.target, Operation::AccessPrepare, CANNOT).in_mode(wanted.mode);
    let act = match &wanted.administrator {
        Some(role) => act.role(role),
        None => act,
    };
    run.audited(&act, &wanted.target, |server| prepare(run, server, wanted))
}

fn prepare(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &PrepareAccess<'_>,
) -> Result<(Vec<GroupReport>, Done)> {
    wanted.check_names(server)?;
    let mut confirmed = Vec::new();
    let mut races_left = RACES;
    loop {
        let prepared = plan(run, server, wanted)?;
        let changes = &prepared.changes;
        if changes.is_empty() || wanted.mode == Mode::DryRun {
            return Ok((prepared.reports, done(Status::Unchanged, Vec::new())));
        }
        if wanted.mode == Mode::Rehearsal {
            return try_out(run, server, wanted, prepared);
        }
        let cut_off = prepared.cut_off();
        if cut_off != confirmed {
            (wanted.confirm)(&cut_off)?;
            confirmed = cut_off;
        }
        match apply(server, changes, prepared.version) {
            Err(error) if races_left > 0 && lost_race(&error) => races_left -= 1,
            Err(error) => return Err(error),
            Ok(()) => {
                let statements = for_people(changes, prepared.version);
                let done = Done {
                    undo: wanted.undo(changes, prepared.version),
                    ..done(Status::AccessPrepared, statements)
                };
                let reports = prepared.reports.into_iter().map(GroupReport::done);
                return Ok((reports.collect(), done));
            }
        }
    }
}

/// Rehearses the plan for all groups as one transaction; each group's report has its statements.
fn try_out(
    run: &Run,
    server: &mut TargetSession<'_>,
    wanted: &PrepareAccess<'_>,
    prepared: Prepared,
) -> Result<(Vec<GroupReport>, Done)> {
    let names = prepared.reports.iter().map(|report| report.group.parse());
    let groups = names.collect::<Result<Vec<RoleName>, _>>()?;
    let script = Script {
        target: &wanted.target,
        roles: groups.iter().collect(),
        changes: prepared.changes,
        version: prepared.version,
        is_superuser: prepared.is_superuser,
    };
    let mut rehearsal = rehearse(run, server, script)?;
    let done = rehearsal::done(&rehearsal);
    let mut reports = prepared.reports;
    for report in &mut reports {
        let count = report.statements.len();
        if count > 0 {
            report.status = rehearsal::status(&rehearsal);
            report.rehearsal = Some(rehearsal.split_off(count, &report.group));
        }
    }
    // The failure is of the transaction, whichever group the statement is for.
    let failed = reports
        .iter_mut()
        .rev()
        .find_map(|it| it.rehearsal.as_mut());
    if let Some(last) = failed {
        last.statements.append(&mut rehearsal.statements);
        last.failure = rehearsal.failure;
    }
    Ok((reports, done))
}

impl PrepareAccess<'_> {
    /// Refuses names that would become different names in this database's encoding.
    fn check_names(&self, server: &TargetSession<'_>) -> Result<(), Failure> {
        let encoding = server.encoding();
        let (database, place) = (self.target.database.as_str(), self.target.name());
        encoding.check_name("database name", database, &place)?;
        match &self.administrator {
            Some(role) => encoding.check_name("role name", role.as_str(), &place),
            None => Ok(()),
        }
    }

    /// The undo, whose subjects are the groups, and who may grant membership in them.
    fn undo(&self, changes: &[Change], version: u32) -> Undo {
        let database = &self.target.database;
        let groups: Vec<_> = self
            .levels
            .iter()
            .map(|level| group_name(database, *level))
            .collect();
        let subjects: Vec<_> = groups.iter().chain(&self.administrator).collect();
        undo(changes, &subjects, version)
    }
}

/// The plan for all groups, and the report for each.
struct Prepared {
    version: u32,
    /// Whether the role that acts is a superuser.
    is_superuser: bool,
    changes: Vec<Change>,
    reports: Vec<GroupReport>,
}

impl Prepared {
    /// The closed routines that somebody may be using.
    fn cut_off(&self) -> Vec<ClosedRoutine> {
        let closed = self.reports.iter().flat_map(|report| &report.closed);
        closed.filter(|routine| !routine.public).cloned().collect()
    }
}

fn plan(run: &Run, server: &mut TargetSession<'_>, wanted: &PrepareAccess<'_>) -> Result<Prepared> {
    let mut prepared = Prepared {
        version: 0,
        is_superuser: false,
        changes: Vec::new(),
        reports: Vec::new(),
    };
    for level in &wanted.levels {
        let found = read(server, *level, wanted)?;
        if wanted.absent == AbsentGroups::LeftOut && found.access.group(*level).is_none() {
            continue;
        }
        require_schemas(&found, wanted)?;
        let ground = AccessGround::survey(run, server, wanted.rules.clone(), &found)?;
        let planner = Planner::new(ground.ground(&wanted.target, &found, wanted.adoption));
        let beside = match wanted.absent {
            AbsentGroups::Created => wanted.levels.as_slice(),
            AbsentGroups::LeftOut => &[],
        };
        let plan = planner.plan_group(*level, beside, wanted.administrator.as_ref())?;
        if !plan.changes.is_empty() && wanted.mode != Mode::DryRun {
            require_writable(&found, &wanted.target)?;
        }
        let statements = for_people(&plan.changes, found.version);
        require_nameable(&statements)?;
        prepared.version = found.version;
        prepared.is_superuser = found.admin.superuser;
        let warnings = warnings::warnings(run, &wanted.target, &found, &plan)?;
        let report = GroupReport::new(&wanted.target, *level, plan.clone(), statements, warnings);
        prepared.reports.push(report);
        prepared.changes.extend(plan.changes);
    }
    Ok(prepared)
}

fn read(
    server: &mut TargetSession<'_>,
    level: AccessLevel,
    wanted: &PrepareAccess<'_>,
) -> Result<ServerState> {
    let administrator = wanted.administrator.as_ref();
    let name = administrator.map_or("", RoleName::as_str);
    let database = &wanted.target.database;
    let id = server.operation_id.clone();
    let question = (level, &wanted.rules);
    let found =
        server.read(|connection| read_whole_access(connection, name, database, question, &id))?;
    let found = found.server;
    match administrator {
        Some(role) if found.role.is_none() => Err(no_such_role(server, role, &wanted.target)),
        _ => Ok(found),
    }
}

/// Refuses a schema that the command line names and that does not exist.
fn require_schemas(found: &ServerState, wanted: &PrepareAccess<'_>) -> Result<(), Failure> {
    let unknown = &found.access.unknown_schemas;
    if unknown.is_empty() || wanted.unknown_schemas == UnknownSchemas::Warned {
        return Ok(());
    }
    let what = format!(
        "no such schema on {}: {}",
        wanted.target.name(),
        unknown.join(", ")
    );
    Err(Failure::new(Kind::Failed, what).hint("list the schemas in psql: \\dn"))
}

impl GroupReport {
    fn new(
        target: &Target,
        level: AccessLevel,
        plan: Plan,
        statements: Vec<String>,
        warnings: Vec<String>,
    ) -> Self {
        let group = group_name(&target.database, level).to_string();
        let closed = plan.closed.iter().map(|routine| ClosedRoutine {
            routine: routine.name.clone(),
            group: group.clone(),
            keep: routine.keep(level),
            public: routine.public,
        });
        Self {
            env: target.env.to_string(),
            database: target.database.to_string(),
            access: level.as_str(),
            status: Status::Unchanged,
            rehearsal: None,
            statements,
            not_covered: plan.not_covered,
            default_privileges_of: plan.default_privileges_of,
            closed: closed.collect(),
            left_open: plan.left_open,
            warnings,
            group,
        }
    }

    /// The same after the changes were made.
    fn done(self) -> Self {
        let status = if self.statements.is_empty() {
            Status::Unchanged
        } else {
            Status::GroupPrepared
        };
        Self { status, ..self }
    }
}

fn done(status: Status, statements: Vec<String>) -> Done {
    Done {
        status,
        statements,
        ..Done::default()
    }
}
