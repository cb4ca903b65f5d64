//! The registry of targets: the table `db_registry`, whose first six columns people write by hand.

use anyhow::Result;
use rusqlite::{OptionalExtension, Row, Transaction, params};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;
use crate::domain::target::Target;
use crate::domain::target::address::Ports;
use crate::domain::timestamp::Timestamp;
use crate::store::audit;
use crate::store::audit::{Event, Stage};
use crate::store::bad_rows::{BadRow, Columns};
use crate::store::columns::DB_REGISTRY;
use crate::store::entry::{RegistryEntry, SELECT, list_of, read_entry, read_text};
use crate::store::entry_changes;
use crate::store::{Store, Subject, records};

/// What `registry update` sets; `None` leaves a value as it is. An empty text clears what may be empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EntryChanges {
    pub hostname: Option<String>,
    pub port: Option<Ports>,
    pub sslmode: Option<String>,
    pub sslrootcert: Option<String>,
    pub sslcert: Option<String>,
    pub sslkey: Option<String>,
    pub sslnegotiation: Option<String>,
    pub channel_binding: Option<String>,
    pub require_auth: Option<String>,
    pub direct: Option<bool>,
    pub admin_user: Option<String>,
    /// Whether to trust the cluster that answers next.
    pub trust_new_server: bool,
    pub notes: Option<String>,
}

impl Store {
    /// All entries, by environment and database.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_entries(&self) -> Result<Vec<RegistryEntry>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare(&format!("{SELECT} ORDER BY env, db_name"))?;
            let columns = Columns::of(DB_REGISTRY, &statement);
            let rows = statement.query_map([], |row| {
                // An entry is shown whatever it holds.
                self.note_bad_rows(columns.find_fault(row).map(BadRow::used));
                self.read_entry(row)
            })?;
            rows.collect()
        })())
    }

    /// One entry, or `None`.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_entry(&self, env: &str, database: &str) -> Result<Option<RegistryEntry>> {
        let query = format!("{SELECT} WHERE env = ?1 AND db_name = ?2");
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(&query)?;
            statement
                .query_row([env, database], |row| self.read_entry(row))
                .optional()
        })())
    }

    /// Adds a target, unless it exists already.
    ///
    /// # Errors
    /// Usage, if it is not valid; refused, if it exists already.
    pub fn add_entry(&mut self, entry: &RegistryEntry, now: Timestamp) -> Result<()> {
        entry.clone().check()?;
        let key = self.signing_key();
        let act = (Operation::RegistryAdd, Status::TargetAdded);
        self.change_registry(act, &Subject::from(entry), now, |transaction| {
            let added = entry_changes::insert(transaction, entry, now)?;
            records::sign_entry(transaction, key.as_ref(), &entry.env, &entry.database)?;
            if added == 0 {
                let RegistryEntry { env, database, .. } = entry;
                return Err(Failure::refused(format!(
                    "target {env}/{database} is already in the registry"
                ))
                .hint(format!(
                    "to change it: {}",
                    pasteable(
                        "pgrole registry update -e {} -d {} -H HOST",
                        &[env, database]
                    )
                ))
                .into());
            }
            Ok(())
        })
    }

    /// Changes an existing entry.
    ///
    /// # Errors
    /// Not found; usage, if the entry would not be valid.
    pub fn update_entry(
        &mut self,
        subject: &Subject,
        changes: &EntryChanges,
        now: Timestamp,
    ) -> Result<()> {
        // Whoever gives the host confirms the entry; otherwise one that was written by hand stays unconfirmed.
        let (env, database) = (subject.env.as_deref(), subject.database.as_deref());
        let found = self.find_entry(env.unwrap_or_default(), database.unwrap_or_default())?;
        let was_recorded = found.is_some_and(|entry| entry.is_recorded);
        let key = (was_recorded || changes.hostname.is_some())
            .then(|| self.signing_key())
            .flatten();
        self.change_registry(
            (Operation::RegistryUpdate, Status::TargetUpdated),
            subject,
            now,
            |transaction| {
                let updated = update(transaction, subject, changes, now)?;
                require_one(updated, subject)?;
                let query = format!("{SELECT} WHERE env = ?1 AND db_name = ?2");
                let names = params![subject.env, subject.database];
                records::sign_entry(
                    transaction,
                    key.as_ref(),
                    env.unwrap_or_default(),
                    database.unwrap_or_default(),
                )?;
                let entry = transaction.query_row(&query, names, read_entry)?;
                if entry.service().is_some() && changes.port.is_some() {
                    let what = "the target's port comes from its service";
                    return Err(Failure::usage(what)
                        .hint("change it in pg_service.conf, or give a host too: --hostname HOST")
                        .into());
                }
                entry.check()
            },
        )
    }

    /// Remembers which cluster answers for a target, unless one is known already: another process or thread may have
    /// recorded it meanwhile. Returns the known one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn remember_cluster(
        &mut self,
        target: &Target,
        cluster: &str,
        now: Timestamp,
    ) -> Result<String> {
        let operator = self.operator.clone();
        self.write(|transaction| {
            let updated = transaction.execute(
                "UPDATE db_registry SET system_identifier = ?3
                 WHERE env = ?1 AND db_name = ?2 AND system_identifier IS NULL",
                params![target.env.as_str(), target.database.as_str(), cluster],
            )?;
            if updated == 0 {
                let known = transaction.query_row(
                    "SELECT system_identifier FROM db_registry WHERE env = ?1 AND db_name = ?2",
                    [target.env.as_str(), target.database.as_str()],
                    |row| row.get(0),
                );
                // An entry that was removed meanwhile has none.
                return Ok(known.optional()?.unwrap_or_else(|| cluster.to_owned()));
            }
            let event = Event {
                stage: Stage::Event,
                operation: Operation::RegistryContact.name(),
                subject: &Subject::from(target),
                status: &Status::ClusterRemembered(cluster.to_owned()),
            };
            audit::append(transaction, &operator, now, &event)?;
            Ok(cluster.to_owned())
        })
    }

    /// Enables or disables an entry.
    ///
    /// # Errors
    /// Not found.
    pub fn set_active(&mut self, subject: &Subject, active: bool, now: Timestamp) -> Result<()> {
        let act = if active {
            (Operation::RegistryEnable, Status::TargetEnabled)
        } else {
            (Operation::RegistryDisable, Status::TargetDisabled)
        };
        self.change_registry(act, subject, now, |transaction| {
            let updated = transaction.execute(
                "UPDATE db_registry SET active = ?3, updated_at = ?4 WHERE env = ?1 AND db_name = ?2",
                params![subject.env, subject.database, active, now.to_string()],
            )?;
            require_one(updated, subject)
        })
    }

    /// Removes an entry. Nothing changes on its server.
    ///
    /// # Errors
    /// Not found.
    pub fn remove_entry(&mut self, subject: &Subject, now: Timestamp) -> Result<()> {
        self.change_registry(
            (Operation::RegistryRemove, Status::TargetRemoved),
            subject,
            now,
            |transaction| {
                let removed = transaction.execute(
                    "DELETE FROM db_registry WHERE env = ?1 AND db_name = ?2",
                    params![subject.env, subject.database],
                )?;
                require_one(removed, subject)
            },
        )
    }

    /// A change of the registry and its event are one transaction.
    pub(super) fn change_registry(
        &mut self,
        (operation, status): (Operation, Status),
        subject: &Subject,
        now: Timestamp,
        change: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        let operator = self.operator.clone();
        let written = self.write(|transaction| {
            change(transaction)?;
            let event = Event {
                stage: Stage::Event,
                operation: operation.name(),
                subject,
                status: &status,
            };
            audit::append(transaction, &operator, now, &event)
        })?;
        self.note_written([written]);
        Ok(())
    }
}

impl From<&RegistryEntry> for Subject {
    fn from(entry: &RegistryEntry) -> Self {
        Self {
            env: Some(entry.env.clone()),
            database: Some(entry.database.clone()),
            hostname: Some(entry.hostname.clone()),
            port: entry.port.and_then(|port| port.try_into().ok()),
            ..Self::default()
        }
    }
}

impl From<&Target> for Subject {
    fn from(target: &Target) -> Self {
        Self {
            env: Some(target.env.to_string()),
            database: Some(target.database.to_string()),
            hostname: Some(target.hostname.to_string()),
            port: Some(target.port.first()),
            ..Self::default()
        }
    }
}

/// How many rows were changed.
fn update(
    transaction: &Transaction<'_>,
    subject: &Subject,
    changes: &EntryChanges,
    now: Timestamp,
) -> Result<usize> {
    let ports = changes.port.as_ref();
    Ok(transaction.execute(
        "UPDATE db_registry SET
            hostname = coalesce(?3, hostname),
            port = coalesce(?4, port),
            ports = CASE WHEN ?4 IS NULL THEN ports ELSE ?5 END,
            sslmode = nullif(coalesce(?6, sslmode), ''),
            sslrootcert = nullif(coalesce(?7, sslrootcert), ''),
            sslcert = nullif(coalesce(?8, sslcert), ''),
            sslkey = nullif(coalesce(?9, sslkey), ''),
            sslnegotiation = nullif(coalesce(?10, sslnegotiation), ''),
            channel_binding = nullif(coalesce(?11, channel_binding), ''),
            notes = nullif(coalesce(?12, notes), ''),
            updated_at = ?13,
            admin_user = nullif(coalesce(?14, admin_user), ''),
            system_identifier = CASE WHEN ?15 THEN NULL ELSE system_identifier END,
            cluster_id = CASE WHEN ?15 THEN NULL ELSE cluster_id END,
            direct = coalesce(?16, direct),
            require_auth = nullif(coalesce(?17, require_auth), '')
         WHERE env = ?1 AND db_name = ?2",
        params![
            subject.env,
            subject.database,
            changes.hostname,
            ports.map(Ports::first),
            ports.and_then(list_of),
            changes.sslmode,
            changes.sslrootcert,
            changes.sslcert,
            changes.sslkey,
            changes.sslnegotiation,
            changes.channel_binding,
            changes.notes,
            now.to_string(),
            changes.admin_user,
            changes.trust_new_server,
            changes.direct,
            changes.require_auth,
        ],
    )?)
}

fn require_one(changed: usize, subject: &Subject) -> Result<()> {
    if changed > 0 {
        return Ok(());
    }
    let name = |part: &Option<String>| part.clone().unwrap_or_default();
    Err(Failure::not_found(format!(
        "no target {}/{} in the registry",
        name(&subject.env),
        name(&subject.database)
    ))
    .hint("list the targets: pgrole registry list")
    .into())
}

impl Store {
    pub(super) fn read_entry(&self, row: &Row<'_>) -> rusqlite::Result<RegistryEntry> {
        let mut entry = read_entry(row)?;
        let code = read_text(row, "record_code")?;
        entry.is_recorded = self.vouches_for(&records::of_entry(&entry), code.as_deref());
        Ok(entry)
    }
}

impl EntryChanges {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
