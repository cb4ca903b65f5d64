//! Warnings about a role that is about to be renamed: what knows it by its old name.

use anyhow::Result;

use crate::domain::command_line::on_target;
use crate::domain::password::deliveries::{Deliveries, Delivery};
use crate::domain::password::destination::{FileFormat, Way};
use crate::domain::role::state::ServerState;
use crate::domain::target::Target;
use crate::operations::user::create_warnings::alike;
use crate::operations::user::rename_request::{PasswordChoice, RenameUser, StoredPassword};
use crate::run::Run;

/// All warnings.
///
/// # Errors
/// If the registry cannot be read.
pub fn warnings(
    run: &Run,
    wanted: &RenameUser<'_>,
    (found, stored): (&ServerState, StoredPassword),
    is_new: bool,
) -> Result<Vec<String>> {
    let RenameUser {
        target, role, to, ..
    } = wanted;
    let mut warnings: Vec<_> = alike(to, found)
        .into_iter()
        .filter(|warning| !warning.ends_with(&format!(": \"{role}\"")))
        .collect();
    warnings.extend(of_password(wanted, stored, is_new));
    warnings.extend(of_deliveries(wanted, is_new));
    if found.sessions > 0 {
        warnings.push(format!(
            "{} open sessions of \"{role}\" continue as \"{to}\"",
            found.sessions
        ));
    }
    let targets = run.all_targets()?;
    let by_name = |other: &&Target| {
        other.is_on_cluster_of(target) && other.admin_user.as_deref() == Some(role.as_str())
    };
    warnings.extend(targets.iter().filter(by_name).map(|other| {
        format!(
            "{} is registered with the admin user \"{role}\"; to change that: {}",
            other.name(),
            on_target(
                "pgrole registry update -e {} -d {} --admin-user {}",
                other,
                &[to]
            )
        )
    }));
    warnings.push(format!(
        "clients, poolers, pg_hba.conf and connection strings that name \"{role}\" must name \"{to}\" from now on"
    ));
    Ok(warnings)
}

fn of_password(wanted: &RenameUser<'_>, stored: StoredPassword, is_new: bool) -> Option<String> {
    let role = &wanted.role;
    let is_asked_for = wanted.choice == PasswordChoice::New;
    match stored {
        StoredPassword::Md5 if !is_asked_for => Some(format!(
            "the password of \"{role}\" is an MD5 hash, which renaming clears: it gets a new one"
        )),
        StoredPassword::Unknown if is_new && !is_asked_for => Some(format!(
            "the admin credential may not read whether the password of \"{role}\" is an MD5 hash, which renaming clears: it gets a new one (to keep it: --keep-password)"
        )),
        StoredPassword::Unknown if wanted.choice == PasswordChoice::Kept => Some(format!(
            "if the password of \"{role}\" is an MD5 hash, renaming clears it"
        )),
        _ => None,
    }
}

/// What holds the role's old name: it is not left without a word.
fn of_deliveries(wanted: &RenameUser<'_>, is_new: bool) -> Vec<String> {
    let RenameUser {
        target,
        role,
        to,
        remembered,
        route,
        ..
    } = wanted;
    let Some(remembered) = remembered else {
        return Vec::new();
    };
    let chosen = route.deliver.resolve(target, to);
    let chosen = chosen.as_ref().map(Deliveries::each).unwrap_or_default();
    let is_replaced = |place: &Delivery| is_new && is_whole_file(place) && chosen.contains(place);
    let places = remembered.places(target, role);
    let left = places.iter().filter(|place| !is_replaced(place));
    left.map(|place| {
        let place = &place.destination;
        if is_new {
            format!("{place} still holds the login of \"{role}\", with a password that is no longer valid: remove it there")
        } else {
            format!("{place} still says \"{role}\", with the password that is now \"{to}\"'s: change the name there, or rename without --keep-password")
        }
    })
    .collect()
}

/// Whether the next login there replaces the one before.
fn is_whole_file(place: &Delivery) -> bool {
    match place.destination.way() {
        Way::File => place.file_format != FileFormat::Pgbouncer,
        Way::Age | Way::Ssh => true,
        _ => false,
    }
}
