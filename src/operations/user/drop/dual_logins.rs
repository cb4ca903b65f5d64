//! The dual logins of an owner go with it: what they own by mistake is the owner's first, and then what the owner's is.

use anyhow::Result;

use crate::domain::command_line::on_target;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::login_names;
use crate::domain::role::mark::Mark;
use crate::operations::user::drop::preview::{DropPreview, find};
use crate::operations::user::drop::report::DropReport;
use crate::operations::user::drop::request::{DeliveredPassword, DropRole, Heirs};
use crate::operations::user::drop::{carry_out, lock};
use crate::run::Run;

/// The logins that are dropped with a role.
pub fn logins_of(wanted: &DropRole<'_>, preview: &DropPreview) -> Vec<RoleName> {
    match mark(preview) {
        Some(Mark::Dual(_)) => login_names(wanted.role).to_vec(),
        _ => Vec::new(),
    }
}

/// Refuses one login of two: the owner's comment would say what is not so.
///
/// # Errors
/// Usage.
pub fn refuse_one_of_two(wanted: &DropRole<'_>, preview: &DropPreview) -> Result<(), Failure> {
    let Some(Mark::LoginOf(owner)) = mark(preview) else {
        return Ok(());
    };
    let what = format!(
        "\"{}\" is one of the dual logins of \"{owner}\"",
        wanted.role
    );
    let hint = on_target("pgrole user drop -e {} -d {} {}", wanted.target, &[&owner]);
    Err(Failure::usage(what).hint(format!("drop them together: {hint}")))
}

/// Drops the logins of an owner that is locked. Those that an earlier run dropped are not there any more.
///
/// # Errors
/// As for the owner itself.
pub fn drop_logins(run: &Run, wanted: &DropRole<'_>, preview: &DropPreview) -> Result<()> {
    let heirs = Heirs {
        role: Some(wanted.role.clone()),
        ..Heirs::default()
    };
    for login in logins_of(wanted, preview) {
        let wanted = DropRole {
            role: &login,
            heirs: &heirs,
            delivered: DeliveredPassword::Kept,
            ..wanted.clone()
        };
        let Some(found) = find(run, &wanted)? else {
            continue;
        };
        if found.oid.is_some() && !matches!(mark(&found), Some(Mark::LoginOf(_))) {
            continue;
        }
        let mut report = DropReport::new(&login, wanted.target, &found);
        lock(run, &wanted, &found)?;
        carry_out(run, &wanted, &found, &mut report)?;
    }
    Ok(())
}

fn mark(preview: &DropPreview) -> Option<Mark> {
    preview.main.as_ref()?.server.role.as_ref()?.mark()
}
