//! `registry add | list | update | enable | disable | remove`: the entries of the registry file. Nothing here touches a
//! server.

use anyhow::Result;

use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::Timestamp;
use crate::run::Run;
use crate::run::targets::TargetSelection;
use crate::store::Subject;

pub use crate::store::{EntryChanges, RegistryEntry, problem_of};

/// The name of an entry.
#[derive(Debug, Clone, Copy)]
pub struct EntryName<'a> {
    pub env: &'a Environment,
    pub database: &'a DatabaseName,
}

impl EntryName<'_> {
    fn subject(self) -> Subject {
        Subject {
            env: Some(self.env.to_string()),
            database: Some(self.database.to_string()),
            ..Subject::default()
        }
    }
}

/// The matching entries, valid or not.
///
/// # Errors
/// Usage, if the environment is unknown; if the registry cannot be read.
pub fn list_entries(run: &Run, selection: &TargetSelection) -> Result<Vec<RegistryEntry>> {
    run.check_environments(selection)?;
    let mut entries = run.with_store(|store| store.list_entries())?;
    entries.retain(|entry| selection.fits(&entry.env, &entry.database));
    Ok(entries)
}

/// Adds an entry.
///
/// # Errors
/// Usage, if it is not a valid target; refused, if it exists already.
pub fn add_entry(run: &Run, entry: &RegistryEntry) -> Result<()> {
    run.with_store(|store| store.add_entry(entry, Timestamp::now()))
}

/// Changes an entry.
///
/// # Errors
/// Not found; usage, if it would not be valid.
pub fn update_entry(run: &Run, name: EntryName<'_>, changes: &EntryChanges) -> Result<()> {
    run.with_store(|store| store.update_entry(&name.subject(), changes, Timestamp::now()))
}

/// Enables or disables an entry.
///
/// # Errors
/// Usage, if the environment is unknown; not found.
pub fn set_active(run: &Run, name: EntryName<'_>, active: bool) -> Result<()> {
    run.settings.check_environment(name.env)?;
    run.with_store(|store| store.set_active(&name.subject(), active, Timestamp::now()))
}

/// Removes an entry.
///
/// # Errors
/// Not found.
pub fn remove_entry(run: &Run, name: EntryName<'_>) -> Result<()> {
    run.with_store(|store| store.remove_entry(&name.subject(), Timestamp::now()))
}
