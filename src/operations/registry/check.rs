//! `registry check`: whether a target can be reached, with which login, and what the admin credential may do there.

use anyhow::{Context, Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::AccessLevel;
use crate::domain::access::GROUP_LEVELS;
use crate::domain::access::missing_right::{Lack, prepare};
use crate::domain::access::planner::{GroupAdoption, Planner};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::{Kind, Phase, kind_of, phase_of, sqlstate_of};
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings;
use crate::run::fleet::{InvalidEntry, for_each_target};
use crate::run::login_state::require_direct;
use crate::run::{Act, RoundTrip, Run, TargetSession};
use crate::server::catalog;
use crate::server::statements::{Reader, render};
use crate::store::RegistryEntry;

/// The result for one target: always a row, and the error if it failed.
pub struct TargetCheck {
    /// The target's index in the list.
    pub place: usize,
    pub row: TargetReport,
    pub error: Option<Error>,
}

/// One target. What is unknown, because it was not reached, is null.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct TargetReport {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The port, as a number; null if it comes from a service that cannot be used.
    pub port: Option<i64>,
    /// Whether it can be worked with, or what is wrong.
    pub status: Status,
    /// The step in which it failed; null if it did not.
    pub phase: Option<Phase>,
    /// The server's SQLSTATE; null if the server reported none.
    pub sqlstate: Option<String>,
    /// Why it failed; null if it did not.
    pub error: Option<String>,
    #[serde(flatten)]
    pub server: ServerReport,
    #[serde(flatten)]
    pub rights: Rights,
}

/// The server that answered, and how.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct ServerReport {
    /// The host and port that answered, if the target has several; null otherwise.
    pub address: Option<String>,
    /// The server's version; null if it was not reached.
    pub server_version: Option<String>,
    /// `primary`, `standby`, or `read-only` if a setting makes it so; null if it was not reached.
    pub state: Option<&'static str>,
    /// The cluster's identity; null if the admin credential may not read it.
    pub system_identifier: Option<String>,
    /// The version of TLS; null if the connection is not encrypted.
    pub tls_version: Option<String>,
    /// The cipher suite; null if the connection is not encrypted.
    pub tls_cipher: Option<String>,
    /// How long the login took, DNS lookup included, in milliseconds; null if it failed.
    pub login_ms: Option<f64>,
    /// How long a round trip to the server took, in milliseconds; null if it was not reached.
    pub round_trip_ms: Option<f64>,
    /// Where the admin credential was found; null if it was not.
    pub source: Option<String>,
    /// The kind of that source: `environment`, `systemd`, `command`, `keyring`, `pgpass` or `prompt`; null if none was
    /// found.
    pub source_kind: Option<String>,
    /// The role that it logged in as; null if no credential was found.
    pub admin: Option<String>,
}

/// What the admin credential may do there.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct Rights {
    /// Whether it is a superuser; null if the server was not reached.
    pub superuser: Option<bool>,
    /// Whether it may create roles; null if the server was not reached.
    pub createrole: Option<bool>,
    /// Whether it may create databases; null if the server was not reached.
    pub createdb: Option<bool>,
    /// The access levels that it may grant.
    #[schemars(with = "Vec<AccessLevel>")]
    pub may_grant: Vec<&'static str>,
    /// The privileges that it lacks.
    pub missing: Vec<String>,
    /// Statements that grant them, to be run once by a role that may.
    pub grants: Vec<String>,
    /// A command that makes the rest unnecessary, to be run once by a role that may; null if nothing is missing.
    pub prepare: Option<String>,
    /// What needs attention although the operation succeeded.
    pub warnings: Vec<String>,
}

/// Checks each target.
///
/// # Errors
/// If the audit log cannot be written.
pub fn check_targets(
    run: &Run,
    targets: &[Target],
    mut take: impl FnMut(TargetCheck),
) -> Result<()> {
    let act = Act::over(targets, Operation::RegistryCheck, "the check failed");
    let reading = run.begin_reading(targets, act)?;
    let mut statuses = Vec::new();
    for_each_target(
        run,
        targets,
        |target| reading.ask(target, |server| look(run, server, target)),
        |place, result| {
            statuses.extend(result.as_ref().map(|row| row.status.clone()));
            take(match result {
                Ok(row) => TargetCheck {
                    place,
                    row,
                    error: None,
                },
                Err(error) => TargetCheck {
                    place,
                    row: failed(named(&targets[place]), &error),
                    error: Some(error),
                },
            });
        },
    );
    reading.end(match statuses.as_slice() {
        [only] if targets.len() == 1 => only.clone(),
        several => Status::TargetsChecked(several.len()),
    });
    Ok(())
}

/// The row of an invalid entry.
pub fn report_invalid(invalid: &InvalidEntry) -> TargetReport {
    let RegistryEntry {
        env,
        database,
        hostname,
        port,
        ..
    } = invalid.entry.clone();
    let row = TargetReport {
        env,
        database,
        hostname,
        port,
        ..TargetReport::default()
    };
    TargetReport {
        status: Status::InvalidEntry,
        ..failed(row, &invalid.error)
    }
}

fn named(target: &Target) -> TargetReport {
    TargetReport {
        env: target.env.to_string(),
        database: target.database.to_string(),
        hostname: target.hostname.to_string(),
        port: Some(target.port.first().into()),
        ..TargetReport::default()
    }
}

fn failed(row: TargetReport, error: &Error) -> TargetReport {
    TargetReport {
        status: status_of(error),
        phase: phase_of(error),
        sqlstate: sqlstate_of(error).map(str::to_owned),
        error: Some(format!("{error:#}")),
        ..row
    }
}

/// A failure in brief: how far it got, and the server's error.
fn status_of(error: &Error) -> Status {
    let said = sqlstate_of(error).map(str::to_owned);
    match (kind_of(error), phase_of(error)) {
        (Kind::Interrupted, _) => Status::Interrupted,
        (Kind::NoCredential, _) => Status::NoCredential,
        (_, Some(Phase::Cluster)) => Status::WrongServer,
        (_, Some(phase)) => match (phase, said) {
            (Phase::Statement, said) => Status::QueryFailed(said),
            (_, Some(said)) => Status::LoginFailed(Some(said)),
            (Phase::Login, None) if kind_of(error) == Kind::LoginRefused => {
                Status::LoginFailed(None)
            }
            (phase, None) => Status::Unreachable(phase),
        },
        (_, None) => Status::Failed,
    }
}

/// Two round trips: one that reads, one that is measured.
fn look(run: &Run, server: &mut TargetSession<'_>, target: &Target) -> Result<TargetReport> {
    let id = server.operation_id.clone();
    let rules = run.settings.access_rules(&target.env, &target.database);
    let database = &target.database;
    let found = server
        .read(|connection| catalog::read_access_of_all_levels(connection, database, &rules, &id))?;
    let round_trip = server.round_trip()?;
    let first = found.first().context("there are access levels")?;
    let mut rights = rights(run, target, &found, server)?;
    rights.warnings.extend(server.take_warnings());
    let status = if first.pooled {
        Status::Pooler
    } else if first.read_only {
        Status::ReadOnly
    } else if rights.missing.is_empty() {
        Status::Ok
    } else {
        Status::RightsMissing
    };
    Ok(TargetReport {
        status,
        server: describe(server, first, round_trip),
        rights,
        ..named(target)
    })
}

fn describe(
    server: &TargetSession<'_>,
    found: &ServerState,
    round_trip: RoundTrip,
) -> ServerReport {
    let tls = server.tls();
    let kind = server.origin.split(" (").next().map(str::to_owned);
    ServerReport {
        address: Some(server.address()),
        server_version: Some(version_text(found.version)),
        state: Some(match (found.in_recovery, found.read_only) {
            (true, _) => "standby",
            (false, true) => "read-only",
            (false, false) => "primary",
        }),
        system_identifier: server.cluster().map(str::to_owned),
        tls_version: tls.map(|tls| tls.version.clone()),
        tls_cipher: tls.map(|tls| tls.cipher.clone()),
        login_ms: Some(milliseconds(server.login_took())),
        round_trip_ms: Some(milliseconds(round_trip.took)),
        source: Some(server.origin.clone()),
        source_kind: kind,
        admin: Some(server.admin.clone()),
    }
}

/// `server_version_num` as people write it, for example 15.18.
fn version_text(version: u32) -> String {
    format!("{}.{}", version / 10_000, version % 10_000)
}

/// Rounded to hundredths.
fn milliseconds(span: std::time::Duration) -> f64 {
    (span.as_secs_f64() * 100_000.0).round() / 100.0
}

/// The privileges that the planner finds missing, level by level.
fn rights(
    run: &Run,
    target: &Target,
    found: &[ServerState],
    server: &TargetSession<'_>,
) -> Result<Rights> {
    let first = found.first().context("there are access levels")?;
    let admin = &first.admin;
    let mut rights = Rights {
        superuser: Some(admin.superuser),
        createrole: Some(admin.createrole),
        createdb: Some(admin.createdb),
        ..Rights::default()
    };
    for (level, found) in GROUP_LEVELS.into_iter().zip(found) {
        let rules = run.settings.access_rules(&target.env, &target.database);
        let ground = AccessGround::survey(run, server, rules, found)?;
        let lacks =
            Planner::new(ground.ground(target, found, GroupAdoption::Refuse)).find_lacks(level);
        rights
            .warnings
            .extend(warnings::excess_by_name(target, level, found));
        if lacks.iter().all(|lack| matches!(lack, Lack::Future(_))) {
            rights.may_grant.push(level.as_str());
        }
        for lack in lacks {
            add(&mut rights, &lack, found, target);
        }
    }
    if let Err(refusal) = require_direct(first.pooled, target) {
        let hint = refusal.hint.as_deref().unwrap_or_default();
        rights.warnings.push(format!("{refusal}; {hint}"));
    }
    if let Some(setting) = first.unused_role()
        && !admin.superuser
        && !admin.createrole
    {
        let warning = setting.why_not(&admin.name, &target.database);
        rights.warnings.push(match setting.own_of(&admin.name) {
            Some(statement) => format!("{warning}; to apply it: {statement}"),
            None => warning,
        });
    }
    let database = target.database.as_str();
    let named = server
        .encoding()
        .check_name("database name", database, &target.name());
    if let Err(refusal) = named {
        rights.warnings.push(refusal.to_string());
    }
    if server.cluster().is_none() {
        rights.warnings.push(format!(
            "the cluster that answers for {} cannot be identified, so another one in its place would go unnoticed: \"{}\" may not execute pg_control_system()",
            target.name(),
            admin.name
        ));
    }
    Ok(rights)
}

fn add(rights: &mut Rights, lack: &Lack, found: &ServerState, target: &Target) {
    let admin = &found.admin.name;
    push_new(&mut rights.missing, format!("role \"{admin}\" {lack}"));
    match lack.remedy(found) {
        Some(remedy) => {
            let statement = render(&remedy, found.version, Reader::Person);
            push_new(&mut rights.grants, statement);
        }
        None if matches!(lack, Lack::ForeignGroup(_)) => {
            rights.prepare = Some(prepare(target, admin) + " --adopt");
        }
        // A person must examine these; `access prepare` refuses them too.
        None if matches!(
            lack,
            Lack::UnsafeGroup { .. } | Lack::GroupOfAnother { .. } | Lack::MemberOfExtension { .. }
        ) => {}
        None => {
            rights.prepare.get_or_insert_with(|| prepare(target, admin));
        }
    }
}

fn push_new(list: &mut Vec<String>, text: String) {
    if !list.contains(&text) {
        list.push(text);
    }
}
