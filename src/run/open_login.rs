//! The admin credential between two passwords: the new one is in force, but not yet stored where the credential is
//! kept. Until then the journal has it, so that recovery and any other command can log in anyway.

use std::path::Path;

use crate::domain::password::change::{ChangeKind, ChangeState};
use crate::domain::password::secret::Secret;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::run::sealed_contents;
use crate::store::JournalRow;

/// The passwords that open changes may have given the login, newest first. If no source gives a user, it is the one
/// that `credential rotate` was changing.
pub fn passwords(
    open: Vec<JournalRow>,
    key_file: &Path,
    target: &Target,
    user: Option<&str>,
) -> Vec<(RoleName, Secret)> {
    let wanted = open.into_iter().rev().filter(|row| {
        let change = &row.change;
        let is_login = match user {
            Some(user) => change.role.as_str() == user,
            None => change.kind == ChangeKind::Admin,
        };
        is_login && may_be_in_force(row) && is_there(row, target)
    });
    let opened = wanted.filter_map(|row| {
        let contents = sealed_contents::open(key_file, &row).ok()?;
        Some((row.change.role, contents.password))
    });
    opened.collect()
}

fn may_be_in_force(row: &JournalRow) -> bool {
    row.sealed.is_some() && !matches!(row.state, ChangeState::Sealed | ChangeState::Stuck)
}

/// Whether the change was made on the target's server, as far as that is known.
fn is_there(row: &JournalRow, target: &Target) -> bool {
    let changed = &row.change.target;
    changed.is_on_cluster_of(target)
        || (target.cluster.is_some() && row.change.cluster == target.cluster)
}
