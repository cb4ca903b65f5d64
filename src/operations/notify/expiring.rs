//! `notify expiring`: the logins of all servers whose VALID UNTIL is near or has just passed, each reported to a
//! channel once.
//!
//! A role is reported when its end is near, and once more when it has passed; not again until VALID UNTIL changes.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::message::notification::{Announcement, RoleNote, Validity};
use crate::domain::role::mark::Mark;
use crate::domain::role::state::RoleState;
use crate::domain::target::Target;
use crate::domain::timestamp::Span;
use crate::run::fleet::{clusters, for_each_target, is_on};
use crate::run::{Act, Done, FleetReading, Run};
use crate::server::logins::{Databases, list_logins};
use crate::store::PlacedRole;

/// A role whose password expires soon, or has expired recently.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ExpiringRole {
    /// The role.
    pub username: String,
    /// Whether VALID UNTIL is near or past.
    pub status: Validity,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// The profile that pgrole created it with; null if pgrole did not create it.
    pub profile: Option<String>,
    /// When the password expires, as RFC 3339.
    pub valid_until: String,
    /// How many whole days are left; negative once it has passed.
    pub days_left: i64,
}

/// The roles whose end is at most `within` away, before or after now by their servers' clocks, the next to end first;
/// and the errors of targets that could not be queried.
pub fn find_expiring(
    run: &Run,
    targets: &[Target],
    within: Span,
) -> Result<(Vec<ExpiringRole>, Vec<anyhow::Error>)> {
    let placed = run.with_store(|store| store.list_placed_roles())?;
    let asked: Vec<_> = clusters(targets).into_iter().cloned().collect();
    if asked.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let act = Act::over(&asked, Operation::ExpiringSurvey, "cannot list the roles");
    let reading = run.begin_reading(&asked, act)?;
    let mut found = Vec::new();
    let mut failed = Vec::new();
    for_each_target(
        run,
        &asked,
        |target| ask(&reading, target, within),
        |place, result| match result {
            Ok(roles) => {
                let named = roles.into_iter().map(|mut role| {
                    name_as_placed(&mut role, &placed, &asked[place]);
                    role
                });
                found.extend(named);
            }
            Err(error) => failed.push(error),
        },
    );
    reading.end(Status::UsersExpiring(found.len()));
    found.sort_by(|one, other| one.valid_until.cmp(&other.valid_until));
    Ok((found, failed))
}

/// Puts the roles into the outbox, for each channel those that were not reported to it yet; all of them if `again`.
///
/// # Errors
/// Busy, if another process does the same; if the registry cannot be written.
pub fn announce_expiring(run: &Run, roles: &[ExpiringRole], again: bool) -> Result<()> {
    if roles.is_empty() || run.settings.channels.is_empty() {
        return Ok(());
    }
    let _lock = run.try_lock("notify-expiring")?.ok_or_else(|| {
        Failure::new(Kind::Busy, "another process is reporting expiring roles")
            .hint("try again when it has finished")
    })?;
    let told = if again {
        Vec::new()
    } else {
        run.with_store(|store| store.list_expiry_notices())?
    };
    let act = Act::here(Operation::NotifyExpiring);
    run.audited_run(&act, || {
        let done = Done {
            status: Status::UsersExpiring(roles.len()),
            announcement: Some(Announcement {
                rotation: None,
                access: None,
                roles: roles.iter().map(note).collect(),
                told,
            }),
            ..Done::default()
        };
        Ok(((), done))
    })
}

fn ask(reading: &FleetReading<'_>, target: &Target, within: Span) -> Result<Vec<ExpiringRole>> {
    let logins = reading
        .ask(target, |server| {
            server.read(|it| list_logins(it, Databases::Unread))
        })?
        .roles;
    let near = logins
        .into_iter()
        .filter_map(|login| expiring(login, target, within));
    Ok(near.collect())
}

fn expiring(login: RoleState, target: &Target, within: Span) -> Option<ExpiringRole> {
    let profile = login.mark().and_then(Mark::into_profile);
    let valid_until = login.valid_until.filter(|_| login.login)?;
    // The server's clock decides whether logins succeed, and so how near their end is.
    let left = login.seconds_left?;
    if left.unsigned_abs() > within.duration().as_secs() {
        return None;
    }
    Some(ExpiringRole {
        username: login.name,
        status: if left > 0 {
            Validity::Expiring
        } else {
            Validity::Expired
        },
        hostname: target.hostname.to_string(),
        database: target.database.to_string(),
        port: target.port.to_string(),
        env: target.env.to_string(),
        profile,
        valid_until,
        days_left: left.div_euclid(86_400),
    })
}

/// A role belongs to a cluster; if pgrole created it, it is listed under the environment and database of that.
fn name_as_placed(role: &mut ExpiringRole, placed: &[PlacedRole], cluster: &Target) {
    let is_it = |placed: &&PlacedRole| placed.username == role.username && is_on(placed, cluster);
    if let Some(placed) = placed.iter().find(is_it) {
        role.env.clone_from(&placed.env);
        role.database.clone_from(&placed.database);
    }
}

fn note(role: &ExpiringRole) -> RoleNote {
    RoleNote {
        username: role.username.clone(),
        env: role.env.clone(),
        database: role.database.clone(),
        hostname: role.hostname.clone(),
        port: role.port.clone(),
        status: Some(role.status),
        valid_until: Some(role.valid_until.clone()),
        error: None,
    }
}
