//! The registry of targets: the table `db_registry`, whose first six columns people write by hand.

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{OptionalExtension, Row, Transaction, params};
use serde::Serialize;

use crate::domain::address::Ports;
use crate::domain::command_line::pasteable;
use crate::domain::encryption::{TlsSettings, value_of};
use crate::domain::failure::Failure;
use crate::domain::operation::Operation;
use crate::domain::require_auth::RequireAuth;
use crate::domain::service::{Service, ServiceName};
use crate::domain::status::Status;
use crate::domain::target::{DatabaseName, Environment, Target};
use crate::domain::timestamp::Timestamp;
use crate::store::audit::{self, Event, Stage};
use crate::store::{Store, Subject, records};

/// One row as it stands in the file, valid or not.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Entry {
    pub env: String,
    pub database: String,
    /// A host, several, or `service=NAME`.
    pub hostname: String,
    /// None: the service says it.
    pub port: Option<i64>,
    /// Where each host has a port of its own: all of them, separated by commas; `port` is the first.
    pub ports: Option<String>,
    pub active: bool,
    pub sslmode: Option<String>,
    pub sslrootcert: Option<String>,
    pub sslcert: Option<String>,
    pub sslkey: Option<String>,
    pub sslnegotiation: Option<String>,
    pub channel_binding: Option<String>,
    /// How a server may have the login proved.
    pub require_auth: Option<String>,
    /// Whether this is known to be the server itself.
    pub direct: bool,
    pub admin_user: Option<String>,
    /// The cluster that answered first.
    pub system_identifier: Option<String>,
    pub notes: Option<String>,
    pub created_at: Option<String>,
    pub updated_at: Option<String>,
    /// Whether pgrole itself wrote it, as it stands.
    #[serde(skip)]
    pub is_recorded: bool,
}

/// What `registry update` sets; None: left as it is. An empty text clears what may be empty.
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
    /// Whether the cluster that answers next is taken for the target's.
    pub trust_new_server: bool,
    pub notes: Option<String>,
}

const DEFAULT_PORT: i64 = 5432;

impl Entry {
    /// The service that says where the server is; None: the entry itself does.
    pub fn service(&self) -> Option<ServiceName> {
        ServiceName::of_place(&self.hostname)
    }

    /// The same with what a service says; what the entry itself says wins, as in libpq.
    ///
    /// # Errors
    /// Usage, where the service names no host.
    pub fn with_service(mut self, service: &Service) -> Result<Self, Failure> {
        let host = service.get("host").or(service.get("hostaddr"));
        let host = host.ok_or_else(|| {
            Failure::usage("the service names no host")
                .hint("add host=… to it; for a socket of this machine, its folder")
        })?;
        host.clone_into(&mut self.hostname);
        self.ports = service.get("port").map(str::to_owned);
        for (setting, key) in [
            (&mut self.sslmode, "sslmode"),
            (&mut self.sslrootcert, "sslrootcert"),
            (&mut self.sslcert, "sslcert"),
            (&mut self.sslkey, "sslkey"),
            (&mut self.sslnegotiation, "sslnegotiation"),
            (&mut self.channel_binding, "channel_binding"),
            (&mut self.require_auth, "require_auth"),
            (&mut self.admin_user, "user"),
        ] {
            if setting.is_none() {
                *setting = service.get(key).map(str::to_owned);
            }
        }
        Ok(self)
    }

    /// The same at these ports.
    pub fn at_ports(self, ports: &Ports) -> Self {
        Self {
            port: Some(ports.first().into()),
            ports: list_of(ports),
            ..self
        }
    }

    /// Refuses what cannot be a target.
    fn check(self) -> Result<()> {
        if self.service().is_none() {
            return parse(self).map(drop);
        }
        // What the service will say is not known yet.
        self.database.parse::<DatabaseName>()?;
        tls_settings(&self)?;
        require_auth(&self)?;
        Ok(())
    }
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
                "correct it: {}",
                pasteable(
                    "pgrole registry update -e {} -d {} -H HOST",
                    &[&env, &database]
                )
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
        None => entry.port.unwrap_or(DEFAULT_PORT).to_string().parse()?,
    };
    let target = Target {
        env: Environment::new(&entry.env),
        database: entry.database.parse()?,
        hostname: entry.hostname.parse()?,
        port: ports,
        active: entry.active,
        tls: tls_settings(&entry)?,
        require_auth: require_auth(&entry)?,
        direct: entry.direct,
        admin_user: entry.admin_user,
        cluster: entry.system_identifier,
        cluster_id: None,
        notes: entry.notes,
        is_recorded: entry.is_recorded,
    };
    target.check()?;
    Ok(target)
}

fn tls_settings(entry: &Entry) -> Result<TlsSettings, Failure> {
    let file = |path: &Option<String>| path.as_ref().map(Into::into);
    Ok(TlsSettings {
        sslmode: setting("sslmode", entry.sslmode.as_deref())?,
        sslrootcert: file(&entry.sslrootcert),
        sslcert: file(&entry.sslcert),
        sslkey: file(&entry.sslkey),
        sslnegotiation: setting("sslnegotiation", entry.sslnegotiation.as_deref())?,
        channel_binding: setting("channel_binding", entry.channel_binding.as_deref())?,
    })
}

/// An empty text says nothing, as in libpq.
fn require_auth(entry: &Entry) -> Result<Option<RequireAuth>, Failure> {
    let said = entry.require_auth.as_deref();
    said.filter(|said| !said.is_empty())
        .map(str::parse)
        .transpose()
}

fn setting<T: clap::ValueEnum + Copy>(
    name: &str,
    text: Option<&str>,
) -> Result<Option<T>, Failure> {
    text.map(|text| value_of(name, text)).transpose()
}

pub(super) const SELECT: &str = "SELECT env, db_name, hostname, CAST(coalesce(port, 5432) AS INTEGER) AS port, ports,
    CAST(coalesce(active, 1) AS INTEGER) <> 0 AS active, sslmode, sslrootcert, sslcert, sslkey, sslnegotiation,
    channel_binding, require_auth, CAST(coalesce(direct, 0) AS INTEGER) <> 0 AS direct, admin_user, system_identifier, notes,
    created_at, updated_at, record_code
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
            let rows = statement.query_map([], |row| self.read_entry(row))?;
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
                .query_row(&query, [env, database], |row| self.read_entry(row))
                .optional(),
        )
    }

    /// Adds a target, unless it is there already.
    ///
    /// # Errors
    /// Usage, where it cannot be one; a refusal with a hint where it is there.
    pub fn add_entry(&mut self, entry: &Entry, now: Timestamp) -> Result<()> {
        entry.clone().check()?;
        let subject = Subject {
            env: Some(entry.env.clone()),
            database: Some(entry.database.clone()),
            hostname: Some(entry.hostname.clone()),
            port: entry.port.and_then(|port| port.try_into().ok()),
            ..Subject::default()
        };
        let key = self.signing_key();
        let act = (Operation::RegistryAdd, Status::TargetAdded);
        self.change_registry(act, &subject, now, |transaction| {
            let added = transaction.execute(
                "INSERT INTO db_registry (env, db_name, hostname, port, ports, active, notes, sslmode, sslrootcert,
                    sslcert, sslkey, sslnegotiation, channel_binding, created_at, admin_user, direct, require_auth)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) ON CONFLICT DO NOTHING",
                params![
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
                ],
            )?;
            records::sign_entry(transaction, key.as_ref(), &entry.env, &entry.database)?;
            if added == 0 {
                let Entry { env, database, .. } = entry;
                return Err(Failure::refused(format!("target {env}/{database} is in the registry already"))
                    .hint(format!("to change it: {}", pasteable("pgrole registry update -e {} -d {} -H HOST", &[env, database])))
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
        // Who names the server answers for the entry; else one that was written by hand stays so.
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
                    let what = "the target's port is its service's";
                    return Err(Failure::usage(what)
                        .hint("change it in pg_service.conf, or give a host too: --hostname HOST")
                        .into());
                }
                entry.check()
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

/// None where one port serves all hosts.
fn list_of(ports: &Ports) -> Option<String> {
    ports.is_list().then(|| ports.to_string())
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
    .hint("see what is there: pgrole registry list")
    .into())
}

pub(super) fn read_entry(row: &Row<'_>) -> rusqlite::Result<Entry> {
    let optional = |column| read_text(row, column);
    let text = |column| optional(column).map(Option::unwrap_or_default);
    let hostname = text("hostname")?;
    let port: Option<i64> = row.get("port")?;
    Ok(Entry {
        env: text("env")?,
        database: text("db_name")?,
        port: port.filter(|_| ServiceName::of_place(&hostname).is_none()),
        hostname,
        ports: optional("ports")?,
        active: row.get("active")?,
        sslmode: optional("sslmode")?,
        sslrootcert: optional("sslrootcert")?,
        sslcert: optional("sslcert")?,
        sslkey: optional("sslkey")?,
        sslnegotiation: optional("sslnegotiation")?,
        channel_binding: optional("channel_binding")?,
        require_auth: optional("require_auth")?,
        direct: row.get("direct")?,
        admin_user: optional("admin_user")?,
        system_identifier: optional("system_identifier")?,
        notes: optional("notes")?,
        created_at: optional("created_at")?,
        updated_at: optional("updated_at")?,
        is_recorded: false,
    })
}

impl Store {
    fn read_entry(&self, row: &Row<'_>) -> rusqlite::Result<Entry> {
        let mut entry = read_entry(row)?;
        let code = read_text(row, "record_code")?;
        entry.is_recorded = self.vouches_for(&records::of_entry(&entry), code.as_deref());
        Ok(entry)
    }
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
