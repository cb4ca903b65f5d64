//! `access trim`: which level each login of each target was seen to use, and a lower one where that is enough. Nothing is
//! changed.

use std::path::PathBuf;

use anyhow::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::access::usage::evidence::{Evidence, Source, lacks_of_statistics};
use crate::domain::access::usage::ground::{Holder, UsageGround};
use crate::domain::access::usage::is_clear;
use crate::domain::access::usage::proposal::{Verdict, propose};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::on_target;
use crate::domain::failure::{Phase, phase_of, sqlstate_of};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::access::usage_log::read_log;
use crate::run::fleet::{InvalidEntry, for_each_target};
use crate::run::{Act, Run, TargetSession};
use crate::server::usage::{read_statistics, read_usage_ground};
use crate::store::EventFilter;

/// By these a login gets its access or its name; what was recorded before is not about them.
const GIVING: [Operation; 10] = [
    Operation::AccessGrant,
    Operation::UserApp,
    Operation::UserClone,
    Operation::UserCreate,
    Operation::UserDba,
    Operation::UserDevlead,
    Operation::UserDevqa,
    Operation::UserK8s,
    Operation::UserReadonly,
    Operation::UserRename,
];

/// What is asked.
#[derive(Debug, Clone)]
pub struct Trim {
    /// What was recorded must reach back to this time.
    pub since: Timestamp,
    /// Only these logins; empty for all.
    pub names: Vec<RoleName>,
    /// The files of the server's log; empty for `pg_stat_statements`.
    pub log: Vec<PathBuf>,
}

/// The result for one target, and the error if it failed.
pub struct TrimmedTarget {
    /// The target's index in the list.
    pub place: usize,
    pub rows: Vec<TrimRow>,
    pub error: Option<Error>,
}

/// A login's level beside what it was seen to use.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct TrimRow {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The login; null if the target failed.
    pub username: Option<RoleName>,
    /// `lower`, if a lower level is enough for what it did; `keep`; or `unknown`.
    pub verdict: Verdict,
    /// The level that it has; null if the target failed.
    pub held: Option<AccessLevel>,
    /// The level that it was seen to use, at most the one that it has; `none` if it ran nothing; null if that is not known.
    pub used: Option<AccessLevel>,
    /// The level that is enough, never below `readonly`; null if that is not known.
    pub proposed: Option<AccessLevel>,
    /// What in its statements needed the level that it was seen to use: `INSERT`, `COPY FROM`, `nextval()`.
    pub by: Vec<String>,
    /// Where its statements were recorded; null if nothing was.
    pub evidence: Option<Source>,
    /// Since when they were recorded, as RFC 3339; null if that is not known.
    pub since: Option<String>,
    /// The schemas with access that nothing in its statements can have meant; null if that is not known.
    pub unread_schemas: Option<Vec<String>>,
    /// Why it is not known what it used.
    pub unknown: Vec<String>,
    /// The command that gives it the proposed level instead, which is shown and never run; null if there is none.
    pub command: Option<String>,
    /// The step in which the target failed; null if it did not.
    pub phase: Option<Phase>,
    /// The server's SQLSTATE; null if the server reported none.
    pub sqlstate: Option<String>,
    /// Why the target failed; null if it did not.
    pub error: Option<String>,
}

/// Looks on each target.
///
/// # Errors
/// If the audit log cannot be written.
pub fn trim_access(
    run: &Run,
    targets: &[Target],
    wanted: &Trim,
    mut take: impl FnMut(TrimmedTarget),
) -> Result<()> {
    let mut act = Act::over(targets, Operation::AccessTrim, "cannot see what is used");
    if let [only] = wanted.names.as_slice() {
        act = act.role(only);
    }
    let reading = run.begin_reading(targets, act)?;
    let (mut lower, mut keep, mut unknown) = (0, 0, 0);
    for_each_target(
        run,
        targets,
        |target| {
            let rows = reading.ask(target, |server| look(server, target, wanted))?;
            let new = |row| without_new(run, target, wanted, row);
            rows.into_iter().map(new).collect::<Result<Vec<_>>>()
        },
        |place, result| {
            let target = &targets[place];
            let (rows, error) = match result {
                Ok(rows) => (rows, None),
                Err(error) => {
                    let row =
                        TrimRow::failed((target.env.as_str(), target.database.as_str()), &error);
                    (vec![row], Some(error))
                }
            };
            for row in rows.iter().filter(|row| row.username.is_some()) {
                match row.verdict {
                    Verdict::Lower => lower += 1,
                    Verdict::Keep => keep += 1,
                    Verdict::Unknown => unknown += 1,
                }
            }
            take(TrimmedTarget { place, rows, error });
        },
    );
    reading.end(Status::UseSeen {
        lower,
        keep,
        unknown,
    });
    Ok(())
}

/// The row of an invalid entry.
pub fn report_invalid(invalid: &InvalidEntry) -> TrimRow {
    TrimRow::failed(
        (&invalid.entry.env, &invalid.entry.database),
        &invalid.error,
    )
}

fn look(server: &mut TargetSession<'_>, target: &Target, wanted: &Trim) -> Result<Vec<TrimRow>> {
    let database = &target.database;
    let encoding = server.encoding();
    encoding.check_name("database name", database.as_str(), &target.name())?;
    let mut ground = server.read(|connection| read_usage_ground(connection, database))?;
    ground.settle(is_clear);
    let mut evidence = if wanted.log.is_empty() {
        recorded(server, &ground)?
    } else {
        read_log(&wanted.log, database, &ground)?
    };
    evidence.require_since(wanted.since);
    let is_wanted = |login: &&Holder| wanted.names.is_empty() || wanted.names.contains(&login.name);
    let logins = ground.logins.iter().filter(is_wanted);
    let rows = logins.map(|login| row(target, &ground, &evidence, login));
    Ok(rows.collect())
}

/// What `pg_stat_statements` has, if it can be asked.
fn recorded(server: &mut TargetSession<'_>, ground: &UsageGround) -> Result<Evidence> {
    let is_loaded = ground.settings.contains_key("pg_stat_statements.track");
    let extension = ground.statistics.as_ref();
    let extension = extension.filter(|found| is_loaded && found.is_genuine && found.tells_since);
    let Some(extension) = extension else {
        debug_assert!(!lacks_of_statistics(ground).is_empty());
        return Ok(Evidence::of_statistics(ground, None));
    };
    let logins = ground.logins.iter().map(|login| login.oid);
    let groups = ground.groups.iter().map(|(oid, _)| *oid);
    let roles: Vec<u32> = logins.chain(groups).collect();
    let found = server.read(|connection| read_statistics(connection, extension, &roles))?;
    Ok(Evidence::of_statistics(ground, Some(found)))
}

fn row(target: &Target, ground: &UsageGround, evidence: &Evidence, login: &Holder) -> TrimRow {
    let seen = evidence.of.get(&login.name).cloned().unwrap_or_default();
    let lacks = evidence.lacks_for(ground, &login.name);
    let is_whole = lacks.is_empty() && seen.unclear.is_empty();
    let proposal = propose(login.level, &seen, lacks);
    let unread = ground
        .schemas
        .keys()
        .filter(|name| !seen.schemas.contains(*name));
    let was_recorded = evidence.since.is_some();
    TrimRow {
        env: target.env.to_string(),
        database: target.database.to_string(),
        username: Some(login.name.clone()),
        verdict: proposal.verdict,
        held: Some(login.level),
        used: proposal.used,
        proposed: proposal.proposed,
        by: seen.by.iter().cloned().collect(),
        evidence: was_recorded.then_some(evidence.source),
        since: evidence.since.map(|since| since.to_string()),
        unread_schemas: is_whole.then(|| unread.cloned().collect()),
        unknown: proposal.unknown,
        command: proposal
            .proposed
            .filter(|_| proposal.verdict == Verdict::Lower)
            .map(|level| lowering(target, &login.name, level)),
        phase: None,
        sqlstate: None,
        error: None,
    }
}

fn lowering(target: &Target, role: &RoleName, level: AccessLevel) -> String {
    on_target(
        "pgrole access grant -e {} -d {} -u {} --level {} --lower",
        target,
        &[role, &level],
    )
}

/// Takes a proposal back for a login that has had its access, or its name, for a shorter time than what is asked.
fn without_new(run: &Run, target: &Target, wanted: &Trim, mut row: TrimRow) -> Result<TrimRow> {
    let Some(role) = row
        .username
        .as_ref()
        .filter(|_| row.verdict == Verdict::Lower)
    else {
        return Ok(row);
    };
    let filter = EventFilter {
        since: Some(wanted.since),
        env: Some(target.env.to_string()),
        database: Some(target.database.to_string()),
        username: Some(role.to_string()),
        limit: 100,
        ..EventFilter::default()
    };
    let events = run.with_store(|store| store.list_events(&filter))?;
    let gives = |operation: &str| GIVING.iter().any(|giving| giving.name() == operation);
    let found = events
        .into_iter()
        .find(|event| gives(&event.operation) && event.error.is_none());
    if let Some(event) = found {
        let why = format!(
            "{} gave it its access only on {}",
            event.operation, event.performed_at
        );
        row.unknown.push(why);
        row.verdict = Verdict::Unknown;
        (row.used, row.proposed, row.unread_schemas, row.command) = (None, None, None, None);
    }
    Ok(row)
}

impl TrimRow {
    fn failed((env, database): (&str, &str), error: &Error) -> Self {
        Self {
            env: env.to_owned(),
            database: database.to_owned(),
            username: None,
            verdict: Verdict::Unknown,
            held: None,
            used: None,
            proposed: None,
            by: Vec::new(),
            evidence: None,
            since: None,
            unread_schemas: None,
            unknown: vec![format!("{error:#}")],
            command: None,
            phase: phase_of(error),
            sqlstate: sqlstate_of(error).map(str::to_owned),
            error: Some(format!("{error:#}")),
        }
    }
}
