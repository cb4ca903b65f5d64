//! Rules about a server and a role that several operations check before they change anything.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;

use crate::domain::act::plan::{Change, MEMBERSHIP_OPTIONS};
use crate::domain::act::undo::{Reversal, Undo};
use crate::domain::command_line::on_target;
use crate::domain::encoding::holds_shown_byte;
use crate::domain::failure::{Failure, Kind, find_failure};
use crate::domain::role::RoleName;
use crate::domain::role::state::{RoleState, ServerState};
use crate::domain::settings::{Settings, matches_pattern};
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::run::TargetSession;
use crate::run::remedy::with_remedy;
use crate::server::logins::{Databases, list_logins};
use crate::server::statements::{Reader, render, statement_of};
use crate::wire::changes::Statement;
use crate::wire::connection::Limits;
use crate::wire::failure;
use crate::wire::failure::{is_lost_race, is_worth_retrying};

/// Concurrent changes of one role fail in half the calls; eight tries leave no failure (docs/servers.md, "Concurrent changes").
const TRIES: u32 = 8;
/// How often to plan again after losing a race for a role or its group.
pub const RACES: u32 = 4;
/// A day in seconds.
const DAY: f64 = 86_400.0;
const FIRST_PAUSE: Duration = Duration::from_millis(10);
/// How long grants may take at least: the first ones in a database are about all that it has.
const GRANTS: Duration = Duration::from_secs(120);
/// Patterns of the roles that belong to a managed service.
const SERVICE_ROLES: [&str; 4] = ["pg_*", "rds*", "cloudsql*", "azure*"];

/// Refuses a server that is read-only, or whose clock is too far off.
pub fn require_writable(found: &ServerState, target: &Target) -> Result<(), Failure> {
    if found.in_recovery {
        let primary = found.primary_host.as_deref();
        let where_to = primary.map_or("its primary".to_owned(), |host| {
            format!("its primary, {host}")
        });
        return Err(Failure::refused(format!(
            "{} is a standby, which is read-only",
            target.name()
        ))
        .sqlstate("25006")
        .hint(format!(
            "point the registry entry at {where_to}: {}",
            on_target(
                "pgrole registry update -e {} -d {} --hostname HOST",
                target,
                &[]
            )
        )));
    }
    if found.read_only {
        return Err(Failure::refused(format!(
            "{} is read-only: default_transaction_read_only is on",
            target.name()
        ))
        .sqlstate("25006")
        .hint("turn it off for the admin credential: ALTER ROLE … SET default_transaction_read_only = off"));
    }
    require_same_day(found, target)
}

/// Refuses a server whose clock differs from this machine's by a day: a VALID UNTIL computed here would mean another
/// time there, and a recorded change time would make the password due never, or at once.
fn require_same_day(found: &ServerState, target: &Target) -> Result<(), Failure> {
    let ahead = found
        .clock
        .map_or(0.0, |clock| clock - Timestamp::now().as_seconds());
    if ahead.abs() < DAY {
        return Ok(());
    }
    let side = if ahead < 0.0 { "behind" } else { "ahead of" };
    Err(Failure::refused(format!(
        "the clock of {} is {} {side} this machine's: nothing is changed while the clocks are a day or more apart",
        target.name(),
        span_text(ahead.abs())
    ))
    .hint("find out which of the two is wrong: pgrole doctor; timedatectl timesync-status (here, and on the server)"))
}

#[allow(
    clippy::cast_possible_truncation,
    reason = "whole seconds are exact enough, and a clock fits into an i64"
)]
fn span_text(seconds: f64) -> String {
    Span::seconds(seconds as i64).rounded()
}

/// Refuses to change a password through a pooler: it may check logins against the old verifier, so that the new
/// password cannot be verified there, and its server session outlives ours.
pub fn require_direct(pooled: bool, target: &Target) -> Result<(), Failure> {
    if !pooled {
        return Ok(());
    }
    Err(Failure::new(
        Kind::Unreachable,
        format!(
            "{} is reached through a pooler, where a new password cannot be verified",
            target.name()
        ),
    )
    .hint(format!(
        "connect to the server itself, not to a pooler: {} (if this is the server itself, as with Neon: --direct)",
        on_target("pgrole registry update -e {} -d {} --hostname HOST --port PORT", target, &[])
    )))
}

/// How an operation treats a protected role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protection {
    Respected,
    /// By `--force`.
    Overridden,
}

impl Protection {
    /// Refuses a protected role, unless the protection is overridden.
    ///
    /// # Errors
    /// Refused, with the reason.
    pub fn check(self, role: &RoleState, admin: &str, settings: &Settings) -> Result<(), Failure> {
        match reason_to_protect(role, admin, settings) {
            Some(reason) if self == Self::Respected => Err(Failure::refused(format!(
                "role \"{}\" is {reason}",
                role.name
            ))
            .hint("to change it anyway, add --force")),
            _ => Ok(()),
        }
    }
}

/// Why a role must not be changed without `--force`; `None` if it may be.
fn reason_to_protect(role: &RoleState, admin: &str, settings: &Settings) -> Option<String> {
    let attributes = [
        (role.name == admin, "the admin credential itself"),
        (role.superuser, "a superuser"),
        (role.replication, "a REPLICATION role"),
        (role.bypassrls, "a BYPASSRLS role"),
    ];
    if let Some((_, what)) = attributes.into_iter().find(|(holds, _)| *holds) {
        return Some(what.to_owned());
    }
    let configured = settings.protected_roles.iter().map(String::as_str);
    let mut patterns = SERVICE_ROLES.into_iter().chain(configured);
    patterns
        .find(|pattern| matches_pattern(pattern, &role.name))
        .map(|pattern| format!("protected by the pattern \"{pattern}\""))
}

/// The error for a role that does not exist, with similar names.
pub fn no_such_role(
    server: &mut TargetSession<'_>,
    role: &RoleName,
    target: &Target,
) -> anyhow::Error {
    let failure =
        Failure::not_found(format!("no role \"{role}\" on {}", target.name())).sqlstate("42704");
    let Ok(logins) = server.read(|it| list_logins(it, Databases::Unread)) else {
        return failure.into();
    };
    let mut similar: Vec<_> = logins
        .roles
        .into_iter()
        .map(|login| (strsim::jaro_winkler(role.as_str(), &login.name), login.name))
        .filter(|(likeness, _)| *likeness > 0.8)
        .collect();
    similar.sort_by(|left, right| right.0.total_cmp(&left.0));
    let names: Vec<_> = similar
        .iter()
        .take(3)
        .map(|(_, name)| format!("\"{name}\""))
        .collect();
    let hint = if names.is_empty() {
        format!(
            "list the roles: {}",
            on_target("pgrole user list -e {} -d {}", target, &[])
        )
    } else {
        format!("similar names there: {}", names.join(", "))
    };
    failure.hint(hint).into()
}

/// Runs changes as one transaction, and retries lost races.
///
/// # Errors
/// The server's error; then nothing was changed. Refused, if a change affects an object whose name cannot be written.
pub fn apply(server: &mut TargetSession<'_>, changes: &[Change], version: u32) -> Result<()> {
    require_nameable(&for_people(changes, version))?;
    let statements: Vec<_> = changes
        .iter()
        .map(|change| statement_of(change, version))
        .collect();
    let longest = if changes.iter().any(Change::is_about_objects) {
        server.timeout().max(GRANTS)
    } else {
        server.timeout()
    };
    execute_until_settled(server, &statements, longest)
        .map_err(|error| with_remedy(error, server, changes, version))
}

/// Refuses statements about objects whose names are not UTF-8: the displayed form would name another object.
///
/// # Errors
/// Refused.
pub fn require_nameable(statements: &[String]) -> Result<(), Failure> {
    let Some(statement) = statements.iter().find(|sql| holds_shown_byte(sql)) else {
        return Ok(());
    };
    Err(Failure::refused(format!(
        "a name that is not UTF-8 cannot be written in a statement: {statement}"
    ))
    .sqlstate("22021")
    .hint("rename it in a database with the encoding in which it was created: ALTER … RENAME TO"))
}

/// Divides the time until the deadline among the tries, so that a lock is waited for, given up and tried again. What runs
/// may take `longest`.
fn execute_until_settled(
    server: &mut TargetSession<'_>,
    statements: &[Statement],
    longest: Duration,
) -> Result<()> {
    let deadline = Instant::now() + server.timeout();
    let mut pause = FIRST_PAUSE;
    let mut tries_left = TRIES;
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let limits = Limits {
            lock: left / tries_left,
            whole: left + longest.saturating_sub(server.timeout()),
        };
        tries_left -= 1;
        let result = server.execute_all(statements, limits);
        let is_worth_another = |error| tries_left > 0 && is_retryable(error);
        let jittered = pause + pause.mul_f64(random_fraction()?);
        if !result.as_ref().is_err_and(is_worth_another) || Instant::now() + jittered > deadline {
            return result;
        }
        std::thread::sleep(jittered);
        pause *= 2;
    }
}

/// The statements of a plan as shown to people.
pub fn for_people(changes: &[Change], version: u32) -> Vec<String> {
    changes
        .iter()
        .map(|change| render(change, version, Reader::Person))
        .collect()
}

/// The statements that undo a plan, as far as `subjects` gain something from it.
pub fn undo(changes: &[Change], subjects: &[&RoleName], version: u32) -> Undo {
    let reversal = Reversal::of(changes, subjects);
    let mut undo = Undo::default();
    for sql in for_people(&reversal.changes, version) {
        if holds_shown_byte(&sql) {
            undo.add_remark(format!(
                "a name that is not UTF-8 cannot be written in a statement: {sql}"
            ));
        } else {
            undo.statements.push(sql);
        }
    }
    let revokes = |change: &Change| matches!(change, Change::RevokeMembership { .. });
    if version >= MEMBERSHIP_OPTIONS && reversal.changes.iter().any(revokes) {
        undo.add_remark(
            "REVOKE removes only grants made by the role that runs it: run this with the same admin credential",
        );
    }
    for remark in reversal.remarks {
        undo.add_remark(remark);
    }
    undo
}

/// Whether a password policy on the server refused the password.
pub fn is_policy_refusal(error: &anyhow::Error) -> bool {
    find_failure(error).is_some_and(failure::is_policy_refusal)
}

/// Whether another session created or dropped a role, or created the same default privileges, meanwhile, so that the
/// state must be read again.
pub fn lost_race(error: &anyhow::Error) -> bool {
    error.downcast_ref::<Failure>().is_some_and(is_lost_race)
}

fn is_retryable(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<Failure>()
        .is_some_and(is_worth_retrying)
}

fn random_fraction() -> Result<f64> {
    let random = SysRng
        .try_next_u32()
        .context("the operating system's random source failed")?;
    Ok(f64::from(random) / f64::from(u32::MAX))
}
