//! `registry add | list | update | enable | disable | remove`: the entries of the registry file. Nothing here touches a
//! server.

use anyhow::Result;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::Timestamp;
use crate::run::Run;
use crate::run::targets::TargetSelection;
use crate::store::{EntryChange, EntryDifference, Subject};

pub use crate::store::{DEFAULT_PORT, EntryChanges, RegistryEntry, problem_of};

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
    let mut entries = run.entries()?;
    entries.retain(|entry| selection.fits(&entry.env, &entry.database));
    Ok(entries)
}

/// Adds an entry, unless it is there already as it is wanted.
///
/// # Errors
/// Usage, if it is not a valid target; refused, if it exists already and differs.
pub fn add_entry(run: &Run, entry: &RegistryEntry) -> Result<Status> {
    entry.clone().check()?;
    let found = run.with_store(|store| store.find_entry(&entry.env, &entry.database))?;
    let Some(found) = found else {
        run.with_store(|store| store.add_entry(entry, Timestamp::now()))?;
        return Ok(Status::TargetAdded);
    };
    let mut wanted = entry.clone();
    // A remark is no reason to refuse, and which cluster answers is not known before there is contact.
    wanted.notes = wanted.notes.or(found.notes.clone());
    wanted
        .system_identifier
        .clone_from(&found.system_identifier);
    let differs = wanted.differences(&found);
    if !differs.is_empty() {
        return Err(already_there(entry, &differs).into());
    }
    if found.is_recorded {
        return Ok(Status::Unchanged);
    }
    // Whoever names the host vouches for the entry.
    let change = EntryChange::Update {
        found: Box::new(found),
        wanted,
    };
    run.with_store(|store| {
        store.change_entries(Operation::RegistryUpdate, &[change], Timestamp::now())
    })?;
    Ok(Status::TargetUpdated)
}

/// The refusal to add what is there already, with the command that makes it so.
pub fn already_there(entry: &RegistryEntry, differs: &[EntryDifference]) -> Failure {
    let RegistryEntry { env, database, .. } = entry;
    let what = format!("target {env}/{database} is already in the registry");
    let found = differs.iter().map(
        |EntryDifference {
             what,
             wanted,
             found,
         }| {
            let shown = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
            format!("{what} is {}, not {}", shown(found), shown(wanted))
        },
    );
    let found: Vec<_> = found.collect();
    let failure = Failure::refused(what).caused_by(found.join("; "));
    if differs.iter().all(|value| value.what == "active") {
        let enable = pasteable("pgrole registry enable -e {} -d {}", &[env, database]);
        return failure.hint(format!("to enable it: {enable}"));
    }
    let mut command = pasteable("pgrole registry update -e {} -d {}", &[env, database]);
    for EntryDifference { what, wanted, .. } in differs {
        let option = match *what {
            "active" => continue,
            "hostname" if entry.service().is_some() => "--service",
            "hostname" => "-H",
            "port" => "-p",
            "sslmode" => "--sslmode",
            "sslrootcert" => "--sslrootcert",
            "sslcert" => "--sslcert",
            "sslkey" => "--sslkey",
            "sslnegotiation" => "--sslnegotiation",
            "channel_binding" => "--channel-binding",
            "require_auth" => "--require-auth",
            "admin_user" => "--admin-user",
            "direct" => {
                let is_direct = if entry.direct { "yes" } else { "no" };
                command.push_str(&pasteable(" --direct={}", &[&is_direct]));
                continue;
            }
            _ => "--notes",
        };
        let service = entry.service().filter(|_| option == "--service");
        let wanted = service
            .map(|service| service.to_string())
            .or(wanted.clone());
        let wanted = match (wanted, *what) {
            (Some(wanted), _) => wanted,
            (None, "port") => continue,
            (None, "sslmode" | "sslnegotiation" | "channel_binding" | "require_auth") => {
                "default".to_owned()
            }
            (None, _) => String::new(),
        };
        command.push_str(&pasteable(&format!(" {option} {{}}"), &[&wanted]));
    }
    failure.hint(format!("to change it: {command}"))
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
