//! The registry of targets: the table `db_registry`, whose first six columns people write by hand.

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;

use crate::domain::failure::Failure;
use crate::domain::target::{Environment, SslMode, Target};
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
    pub active: bool,
    pub sslmode: Option<String>,
    pub sslrootcert: Option<String>,
    pub notes: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
}

/// What `registry update` sets; None: left as it is. An empty text clears what may be empty.
#[derive(Debug, Clone, Default)]
pub struct EntryChanges {
    pub hostname: Option<String>,
    pub port: Option<u16>,
    pub sslmode: Option<SslMode>,
    pub sslrootcert: Option<String>,
    pub notes: Option<String>,
}

impl TryFrom<Entry> for Target {
    type Error = anyhow::Error;

    fn try_from(entry: Entry) -> Result<Self> {
        let name = format!("{}/{}", entry.env, entry.database);
        let parsed = || -> Result<Self> {
            let port = u16::try_from(entry.port).ok().filter(|port| *port > 0);
            Ok(Self {
                env: Environment::new(&entry.env),
                database: entry.database.parse()?,
                hostname: entry.hostname.parse()?,
                port: port.ok_or_else(|| {
                    Failure::usage(format!("port {} is not between 1 and 65535", entry.port))
                })?,
                active: entry.active,
                sslmode: entry.sslmode.as_deref().map(str::parse).transpose()?,
                sslrootcert: entry.sslrootcert.map(Into::into),
                notes: entry.notes,
            })
        };
        parsed().map_err(|error| {
            Failure::usage(format!("the registry's entry {name} is not valid"))
                .hint(format!(
                    "correct it: pgrole registry update -e {} -d {}",
                    entry.env, entry.database
                ))
                .caused_by(error)
                .into()
        })
    }
}

const SELECT: &str = "SELECT env, db_name, hostname, CAST(coalesce(port, 5432) AS INTEGER) AS port,
    CAST(coalesce(active, 1) AS INTEGER) <> 0 AS active, sslmode, sslrootcert, notes, created_at, updated_at
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
                "INSERT INTO db_registry (env, db_name, hostname, port, active, notes, sslmode, sslrootcert, created_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING",
                params![
                    target.env.as_str(),
                    target.database.as_str(),
                    target.hostname.as_str(),
                    target.port,
                    target.active,
                    target.notes,
                    target.sslmode.map(SslMode::as_str),
                    target.sslrootcert.as_ref().map(|file| file.to_string_lossy()),
                    now.to_string(),
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
    /// Not found.
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
                let updated = transaction.execute(
                    "UPDATE db_registry SET
                    hostname = coalesce(?3, hostname),
                    port = coalesce(?4, port),
                    sslmode = coalesce(?5, sslmode),
                    sslrootcert = nullif(coalesce(?6, sslrootcert), ''),
                    notes = nullif(coalesce(?7, notes), ''),
                    updated_at = ?8
                 WHERE env = ?1 AND db_name = ?2",
                    params![
                        subject.env,
                        subject.database,
                        changes.hostname,
                        changes.port,
                        changes.sslmode.map(SslMode::as_str),
                        changes.sslrootcert,
                        changes.notes,
                        now.to_string(),
                    ],
                )?;
                require_one(updated, subject)
            },
        )
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
    fn change_registry(
        &mut self,
        operation: &str,
        subject: &Subject,
        status: &str,
        now: Timestamp,
        change: impl FnOnce(&Transaction<'_>) -> Result<()>,
    ) -> Result<()> {
        let operator = self.operator.clone();
        self.write(|transaction| {
            change(transaction)?;
            let event = Event {
                stage: Stage::Event,
                operation,
                subject,
                status,
            };
            audit::append(transaction, &operator, now, &event)?;
            Ok(())
        })
    }
}

impl From<&Target> for Subject {
    fn from(target: &Target) -> Self {
        Self {
            env: Some(target.env.to_string()),
            database: Some(target.database.to_string()),
            hostname: Some(target.hostname.to_string()),
            port: Some(target.port),
            ..Self::default()
        }
    }
}

fn subject_of(target: &Target) -> Subject {
    Subject::from(target)
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
        active: row.get("active")?,
        sslmode: optional("sslmode")?,
        sslrootcert: optional("sslrootcert")?,
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
        self.hostname.is_none()
            && self.port.is_none()
            && self.sslmode.is_none()
            && self.sslrootcert.is_none()
            && self.notes.is_none()
    }
}
