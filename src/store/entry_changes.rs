//! Many entries that are added and changed at once: all of them, or none.

use anyhow::Result;
use rusqlite::{OptionalExtension, Transaction, params};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::Timestamp;
use crate::store::audit;
use crate::store::audit::{Event, Stage};
use crate::store::entry::{DEFAULT_PORT, RegistryEntry, SELECT, read_entry};
use crate::store::{Store, Subject, records};

/// What becomes of one entry.
#[derive(Debug, Clone)]
pub enum EntryChange {
    Add(RegistryEntry),
    /// As it was when the change was planned, and as it is to be.
    Update {
        found: Box<RegistryEntry>,
        wanted: RegistryEntry,
    },
}

impl EntryChange {
    fn wanted(&self) -> &RegistryEntry {
        match self {
            Self::Add(entry) => entry,
            Self::Update { wanted, .. } => wanted,
        }
    }

    fn status(&self) -> Status {
        match self {
            Self::Add(_) => Status::TargetAdded,
            Self::Update { .. } => Status::TargetUpdated,
        }
    }
}

impl Store {
    /// Makes all changes, each with an event of its own, in one transaction. If there are none, that is one event.
    ///
    /// # Errors
    /// Usage, if an entry would not be valid; busy, if one was changed since this was planned. Then nothing is changed.
    pub fn change_entries(
        &mut self,
        operation: Operation,
        changes: &[EntryChange],
        now: Timestamp,
    ) -> Result<()> {
        for change in changes {
            change.wanted().clone().check()?;
        }
        let operator = self.operator.clone();
        let key = self.signing_key();
        let written = self.write(|transaction| {
            let record = |subject: &Subject, status: &Status| {
                let event = Event {
                    stage: Stage::Event,
                    operation: operation.name(),
                    subject,
                    status,
                };
                audit::append(transaction, &operator, now, &event)
            };
            if changes.is_empty() {
                return Ok(vec![record(&Subject::default(), &Status::Unchanged)?]);
            }
            let mut written = Vec::with_capacity(changes.len());
            for change in changes {
                let entry = change.wanted();
                let rows = match change {
                    EntryChange::Add(entry) => insert(transaction, entry, now)?,
                    EntryChange::Update { found, wanted } => {
                        require_unchanged(transaction, found)?;
                        overwrite(transaction, found, wanted, now)?
                    }
                };
                if rows == 0 {
                    return Err(changed_meanwhile(entry).into());
                }
                records::sign_entry(transaction, key.as_ref(), &entry.env, &entry.database)?;
                written.push(record(&Subject::from(entry), &change.status())?);
            }
            Ok(written)
        })?;
        self.note_written(written);
        Ok(())
    }
}

/// Inserts an entry, unless there is one of its name. Returns how many were inserted.
pub(super) fn insert(
    transaction: &Transaction<'_>,
    entry: &RegistryEntry,
    now: Timestamp,
) -> Result<usize> {
    let inserted = transaction
        .prepare_cached(
            "INSERT INTO db_registry (env, db_name, hostname, port, ports, active, notes, sslmode, sslrootcert,
                sslcert, sslkey, sslnegotiation, channel_binding, created_at, admin_user, direct, require_auth,
                system_identifier)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
             ON CONFLICT DO NOTHING",
        )?
        .execute(params![
            entry.env,
            entry.database,
            entry.hostname,
            entry.port.unwrap_or(DEFAULT_PORT),
            entry.ports,
            entry.active,
            entry.notes,
            entry.sslmode,
            entry.sslrootcert,
            entry.sslcert,
            entry.sslkey,
            entry.sslnegotiation,
            entry.channel_binding,
            now.to_string(),
            entry.admin_user,
            entry.direct.then_some(true),
            entry.require_auth,
            entry.system_identifier,
        ])?;
    Ok(inserted)
}

/// Gives an entry all its values anew. An entry of another cluster than before belongs to none until there is contact.
fn overwrite(
    transaction: &Transaction<'_>,
    found: &RegistryEntry,
    wanted: &RegistryEntry,
    now: Timestamp,
) -> Result<usize> {
    let updated = transaction
        .prepare_cached(
            "UPDATE db_registry SET hostname = ?3, port = ?4, ports = ?5, active = ?6, notes = ?7, sslmode = ?8,
                sslrootcert = ?9, sslcert = ?10, sslkey = ?11, sslnegotiation = ?12, channel_binding = ?13,
                updated_at = ?14, admin_user = ?15, direct = ?16, require_auth = ?17, system_identifier = ?18,
                cluster_id = CASE WHEN ?19 THEN NULL ELSE cluster_id END
             WHERE env = ?1 AND db_name = ?2",
        )?
        .execute(params![
            wanted.env,
            wanted.database,
            wanted.hostname,
            wanted.port.unwrap_or(DEFAULT_PORT),
            wanted.ports,
            wanted.active,
            wanted.notes,
            wanted.sslmode,
            wanted.sslrootcert,
            wanted.sslcert,
            wanted.sslkey,
            wanted.sslnegotiation,
            wanted.channel_binding,
            now.to_string(),
            wanted.admin_user,
            wanted.direct.then_some(true),
            wanted.require_auth,
            wanted.system_identifier,
            wanted.system_identifier != found.system_identifier,
        ])?;
    Ok(updated)
}

/// Refuses to overwrite what nobody was shown.
fn require_unchanged(transaction: &Transaction<'_>, found: &RegistryEntry) -> Result<()> {
    let query = format!("{SELECT} WHERE env = ?1 AND db_name = ?2");
    let now = transaction
        .prepare_cached(&query)?
        .query_row([&found.env, &found.database], read_entry)
        .optional()?;
    // The one that was planned with was compared with its code, which says nothing else.
    let now = now.map(|entry| RegistryEntry {
        is_recorded: found.is_recorded,
        ..entry
    });
    if now.as_ref() == Some(found) {
        return Ok(());
    }
    Err(changed_meanwhile(found).into())
}

fn changed_meanwhile(entry: &RegistryEntry) -> Failure {
    let RegistryEntry { env, database, .. } = entry;
    let what =
        format!("target {env}/{database} was changed meanwhile, so nothing was changed here");
    Failure::new(Kind::Busy, what).hint("run it again, and see what differs then")
}
