//! What the journal keeps of a role that has another name now: passwords that were delivered and cannot be confirmed.

use anyhow::Result;
use rand::rngs::SysRng;

use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::password::seal::sealing_key;
use crate::run::{Run, sealed_contents};
use crate::store::JournalRow;

/// What has become of the role's password.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AfterRename {
    Kept,
    Replaced,
}

/// The open changes of a role on the cluster of a target.
///
/// # Errors
/// If the journal cannot be read.
pub fn open_changes_of(run: &Run, target: &Target, role: &RoleName) -> Result<Vec<JournalRow>> {
    let open = run.open_changes()?.into_iter();
    let is_its_own =
        |row: &JournalRow| row.change.role == *role && row.change.target.is_on_cluster_of(target);
    Ok(open.filter(is_its_own).collect())
}

/// Lets delivered changes follow the role to its new name, or ends them where their password was replaced.
///
/// # Errors
/// If a sealed password cannot be opened, or the journal cannot be written.
pub fn follow(
    run: &Run,
    rows: Vec<JournalRow>,
    to: &RoleName,
    password: AfterRename,
) -> Result<()> {
    for row in rows {
        if row.state != ChangeState::Delivered {
            continue;
        }
        if password == AfterRename::Replaced {
            let id = row.change.operation_id;
            run.with_store(|store| store.supersede_change(&id, Timestamp::now()))?;
            run.with_store(|store| store.empty_log())?;
            continue;
        }
        let contents = sealed_contents::open(&run.key_file, &row)?;
        let change = PasswordChange {
            destination: row.change.delivery.resolve(&row.change.target, to)?,
            role: to.clone(),
            ..row.change
        };
        let key = sealing_key(run)?;
        let sealed = key.seal(&contents, &change.associated_data(&key.id()), &mut SysRng)?;
        run.with_store(|store| store.rename_change(&change, &key.id(), &sealed))?;
    }
    Ok(())
}
