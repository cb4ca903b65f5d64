//! The registry of targets: the table `db_registry`, whose first six columns people write by hand.

use std::path::PathBuf;

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;

use crate::domain::address::{Hosts, Ports};
use crate::domain::encryption::{TlsSettings, name_of, value_of};
use crate::domain::failure::Failure;
use crate::domain::target::{Environment, Target};
use crate::domain::timestamp::Timestamp;
use crate::store::audit::{self, Event, Stage};
use crate::store::{Store, Subject};

/// One row as it stands in the file, valid or not.
#[derive(Debug, Clone, Serialize)]
pub struct Entry {
    pub env: String,
    pub database: String,
    pub hostname: String,
    pub port: i64,
    /// Where each host has a port of its own: all of them, separated by commas; `port` is the first.
    pub ports: Option<String>,
    pub active: bool,
    pub sslmode: Option<String>,
    pub sslrootcert: Option<String>,
    pub sslcert: Option<String>,
    pub sslkey: Option<String>,
    pub sslnegotiation: Option<String>,
    pub channel_binding: Option<String>,
    pub admin_user: Option<String>,
    /// The cluster that answered first.
    pub system_identifier: Option<String>,
    pub notes: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

/// What `registry update` sets; None: left as it is. An empty text clears what may be empty.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct EntryChanges {
    pub hostname: Option<Hosts>,
    pub port: Option<Ports>,
    pub sslmode: Option<String>,
    pub sslrootcert: Option<String>,
    pub sslcert: Option<String>,
    pub sslkey: Option<String>,
    pub sslnegotiation: Option<String>,
    pub channel_binding: Option<String>,
    pub admin_user: Option<String>,
    /// Whether the cluster that answers next is taken for the target's.
    pub trust_new_server: bool,
    pub notes: Option<String>,
}

impl TryFrom<Entry> for Target {
    type Error = anyhow::Error;

    fn try_from(entry: Entry) -> Result<Self> {
        let (env, database) = (entry.env.clone(), entry.database.clone());
        parse(entry).map_err(|error| {
            Failure::usage(format!(
                "the registry's entry {env}/{database} is not valid"
            ))
            .hint(format!(
                "correct it: pgrole registry update -e {env} -d {database}"
            ))
            .caused_by(error)
            .into()
        })
    }
}

/// What is wrong with an entry, if anything is.
pub fn problem_of(entry: &Entry) -> Option<String> {
    let problem = parse(entry.clone()).err()?;
    Some(format!("{problem:#}"))
}

fn parse(entry: Entry) -> Result<Target> {
    let ports = match &entry.ports {
        Some(ports) => ports.parse()?,
        None => entry.port.to_string().parse()?,
    };
    let target = Target {
        env: Environment::new(&entry.env),
        database: entry.database.parse()?,
        hostname: entry.hostname.parse()?,
        port: ports,
        active: entry.active,
        tls: TlsSettings {
            sslmode: setting("sslmode", entry.sslmode.as_deref())?,
            sslrootcert: entry.sslrootcert.map(Into::into),
            sslcert: entry.sslcert.map(Into::into),
            sslkey: entry.sslkey.map(Into::into),
            sslnegotiation: setting("sslnegotiation", entry.sslnegotiation.as_deref())?,
            channel_binding: setting("channel_binding", entry.channel_binding.as_deref())?,
        },
        admin_user: entry.admin_user,
        cluster: entry.system_identifier,
        notes: entry.notes,
    };
    target.check()?;
    Ok(target)
}

fn setting<T: clap::ValueEnum + Copy>(
    name: &str,
    text: Option<&str>,
) -> Result<Option<T>, Failure> {
    text.map(|text| value_of(name, text)).transpose()
}

const SELECT: &str = "SELECT env, db_name, hostname, CAST(coalesce(port, 5432) AS INTEGER) AS port, ports,
    CAST(coalesce(active, 1) AS INTEGER) <> 0 AS active, sslmode, sslrootcert, sslcert, sslkey, sslnegotiation,
    channel_binding, admin_user, system_identifier, notes, created_at, updated_at
    FROM db_registry";

impl Store {
    /// All entries, by environment and database.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_entries(&self) -> Result<Vec<Entry>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare(&format!("{SELECT} ORDER BY env, db_name"))?;
            let rows = statement.query_map([], read_entry)?;
            rows.collect()
        })())
    }

    /// One entry, or None.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_entry(&self, env: &str, database: &str) -> Result<Option<Entry>> {
        let query = format!("{SELECT} WHERE env = ?1 AND db_name = ?2");
        self.explained(
            self.connection
                .query_row(&query, [env, database], read_entry)
                .optional(),
        )
    }

    /// Adds a target, unless it is there already.
    ///
    /// # Errors
    /// A refusal with a hint where it is there.
    pub fn add_entry(&mut self, target: &Target, now: Timestamp) -> Result<()> {
        self.change_registry("registry add", &subject_of(target), "target added", now, |transaction| {
            let added = transaction.execute(
                "INSERT INTO db_registry (env, db_name, hostname, port, ports, active, notes, sslmode, sslrootcert,
                    sslcert, sslkey, sslnegotiation, channel_binding, created_at, admin_user)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT DO NOTHING",
                params![
                    target.env.as_str(),
                    target.database.as_str(),
                    target.hostname.to_string(),
                    target.port.first(),
                    list_of(&target.port),
                    target.active,
                    target.notes,
                    target.tls.sslmode.map(name_of),
                    text_of(target.tls.sslrootcert.as_ref()),
                    text_of(target.tls.sslcert.as_ref()),
                    text_of(target.tls.sslkey.as_ref()),
                    target.tls.sslnegotiation.map(name_of),
                    target.tls.channel_binding.map(name_of),
                    now.to_string(),
                    target.admin_user,
                ],
            )?;
            if added == 0 {
                return Err(Failure::refused(format!("target {} is in the registry already", target.name()))
                    .hint(format!(
                        "to change it: pgrole registry update -e {} -d {}",
                        target.env, target.database
                    ))
                    .into());
            }
            Ok(())
        })
    }

    /// Changes an entry that is there.
    ///
    /// # Errors
    /// Not found; usage where the entry would not be valid.
    pub fn update_entry(
        &mut self,
        subject: &Subject,
        changes: &EntryChanges,
        now: Timestamp,
    ) -> Result<()> {
        self.change_registry(
            "registry update",
            subject,
            "target updated",
            now,
            |transaction| {
                let updated = update(transaction, subject, changes, now)?;
                require_one(updated, subject)?;
                let query = format!("{SELECT} WHERE env = ?1 AND db_name = ?2");
                let key = params![subject.env, subject.database];
                parse(transaction.query_row(&query, key, read_entry)?)?;
                Ok(())
            },
        )
    }

    /// Remembers which cluster answers for a target, unless one is known already: another process, or another
    /// thread, may have met it meanwhile. Returns the one that is known.
    ///
    /// # Errors
    /// When it cannot be written.
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
                // An entry that was removed meanwhile knows none.
                return Ok(known.optional()?.unwrap_or_else(|| cluster.to_owned()));
            }
            let event = Event {
                stage: Stage::Event,
                operation: "registry contact",
                subject: &Subject::from(target),
                status: &format!("cluster {cluster} remembered"),
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
        let (operation, status) = if active {
            ("registry enable", "target enabled")
        } else {
            ("registry disable", "target disabled")
        };
        self.change_registry(operation, subject, status, now, |transaction| {
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
            "registry remove",
            subject,
            "target removed",
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
        operation: &str,
        subject: &Subject,
        status: &str,
        now: Timestamp,
        change: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        let operator = self.operator.clone();
        let written = self.write(|transaction| {
            change(transaction)?;
            let event = Event {
                stage: Stage::Event,
                operation,
                subject,
                status,
            };
            audit::append(transaction, &operator, now, &event)
        })?;
        self.newest_written = Some(written.anchor);
        Ok(())
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

fn subject_of(target: &Target) -> Subject {
    Subject::from(target)
}

/// None where one port serves all hosts.
fn list_of(ports: &Ports) -> Option<String> {
    ports.is_list().then(|| ports.to_string())
}

fn text_of(file: Option<&PathBuf>) -> Option<String> {
    file.map(|file| file.to_string_lossy().into_owned())
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
            system_identifier = CASE WHEN ?15 THEN NULL ELSE system_identifier END
         WHERE env = ?1 AND db_name = ?2",
        params![
            subject.env,
            subject.database,
            changes.hostname.as_ref().map(ToString::to_string),
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
    .hint("see what is there: pgrole registry list")
    .into())
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let optional = |column| read_text(row, column);
    let text = |column| optional(column).map(Option::unwrap_or_default);
    Ok(Entry {
        env: text("env")?,
        database: text("db_name")?,
        hostname: text("hostname")?,
        port: row.get("port")?,
        ports: optional("ports")?,
        active: row.get("active")?,
        sslmode: optional("sslmode")?,
        sslrootcert: optional("sslrootcert")?,
        sslcert: optional("sslcert")?,
        sslkey: optional("sslkey")?,
        sslnegotiation: optional("sslnegotiation")?,
        channel_binding: optional("channel_binding")?,
        admin_user: optional("admin_user")?,
        system_identifier: optional("system_identifier")?,
        notes: optional("notes")?,
        created_at: optional("created_at")?,
        updated_at: optional("updated_at")?,
    })
}

/// A row written by hand may hold a number, or text that is not UTF-8: it must not hide the other rows.
fn read_text(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<String>> {
    Ok(match row.get_ref(column)? {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    })
}

impl EntryChanges {
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
