//! An entry of the registry: a row as it is, and the target that it describes.

use std::cell::Cell;

use anyhow::Result;
use rusqlite::Row;
use rusqlite::types::ValueRef;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;
use crate::domain::target::address::Ports;
use crate::domain::target::encryption::{TlsSettings, value_of};
use crate::domain::target::require_auth::RequireAuth;
use crate::domain::target::service::{Service, ServiceName};
use crate::domain::target::{DatabaseName, Environment, Target};

/// One row as it is in the file, valid or not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RegistryEntry {
    /// The environment.
    pub env: String,
    /// The database.
    pub database: String,
    /// A host, several, or `service=NAME`.
    pub hostname: String,
    /// The port, as a number; null if the service defines it.
    pub port: Option<i64>,
    /// All ports, separated by commas, if each host has its own; null otherwise. `port` is the first.
    pub ports: Option<String>,
    /// Whether operations on many targets include it.
    pub active: bool,
    /// How the connection is encrypted and the server verified; null: the default.
    pub sslmode: Option<String>,
    /// The file of the certificate authorities, or `system`; null: the default.
    pub sslrootcert: Option<String>,
    /// The file of the client certificate; null: none.
    pub sslcert: Option<String>,
    /// The file of its private key; null: none.
    pub sslkey: Option<String>,
    /// How TLS is begun; null: the default.
    pub sslnegotiation: Option<String>,
    /// Whether channel binding is required; null: the default.
    pub channel_binding: Option<String>,
    /// The authentication methods that the server may request; null: the default.
    pub require_auth: Option<String>,
    /// Whether this is known to be the server itself, not a pooler.
    pub direct: bool,
    /// The role that the admin credential is for; null: whichever the source names.
    pub admin_user: Option<String>,
    /// The identity of the cluster that answered first; null if none has, or it may not be read.
    pub system_identifier: Option<String>,
    /// Notes for people; null if there are none.
    pub notes: Option<String>,
    /// When it was added, as RFC 3339; null if it was added by hand.
    pub created_at: Option<String>,
    /// When it was last changed, as RFC 3339; null if it was added by hand.
    pub updated_at: Option<String>,
    /// Whether pgrole itself wrote it as it is.
    #[serde(skip)]
    pub is_recorded: bool,
}

pub const DEFAULT_PORT: i64 = 5432;

impl RegistryEntry {
    /// The service that describes the server; `None` if the entry itself does.
    pub fn service(&self) -> Option<ServiceName> {
        ServiceName::of_place(&self.hostname)
    }

    /// Completes the entry from a service; the entry's own values win, as in libpq.
    ///
    /// # Errors
    /// Usage, if the service has no host.
    pub fn with_service(mut self, service: &Service) -> Result<Self, Failure> {
        let host = service.get("host").or(service.get("hostaddr"));
        let host = host.ok_or_else(|| {
            Failure::usage("the service has no host")
                .hint("add host=… to it; for a local socket, the socket's folder")
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

    /// The same with these ports.
    pub fn at_ports(self, ports: &Ports) -> Self {
        Self {
            port: Some(ports.first().into()),
            ports: list_of(ports),
            ..self
        }
    }

    /// Refuses an entry that is not a valid target.
    ///
    /// # Errors
    /// Usage.
    pub fn check(self) -> Result<()> {
        if self.service().is_none() {
            return parse(self).map(drop);
        }
        // The service's contents are not known yet.
        self.database.parse::<DatabaseName>()?;
        tls_settings(&self)?;
        require_auth(&self)?;
        Ok(())
    }
}

impl TryFrom<RegistryEntry> for Target {
    type Error = anyhow::Error;

    fn try_from(entry: RegistryEntry) -> Result<Self> {
        let (env, database) = (entry.env.clone(), entry.database.clone());
        parse(entry).map_err(|error| {
            Failure::usage(format!("the registry entry {env}/{database} is not valid"))
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

/// What is wrong with an entry, if anything.
pub fn problem_of(entry: &RegistryEntry) -> Option<String> {
    let problem = parse(entry.clone()).err()?;
    Some(format!("{problem:#}"))
}

fn parse(entry: RegistryEntry) -> Result<Target> {
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

fn tls_settings(entry: &RegistryEntry) -> Result<TlsSettings, Failure> {
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

/// An empty text means unset, as in libpq.
fn require_auth(entry: &RegistryEntry) -> Result<Option<RequireAuth>, Failure> {
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

/// In the order in which [`read_entry`] reads.
pub const SELECT: &str = "SELECT env, db_name, hostname, CAST(coalesce(port, 5432) AS INTEGER) AS port, ports,
    CAST(coalesce(active, 1) AS INTEGER) <> 0 AS active, sslmode, sslrootcert, sslcert, sslkey, sslnegotiation,
    channel_binding, require_auth, CAST(coalesce(direct, 0) AS INTEGER) <> 0 AS direct, admin_user, system_identifier, notes,
    created_at, updated_at, record_code
    FROM db_registry";

/// Reads a row of [`SELECT`] by the places of its columns: by their names, a registry of ten thousand targets would be
/// read by comparing two million of them.
pub fn read_entry(row: &Row<'_>) -> rusqlite::Result<RegistryEntry> {
    let read = Cell::new(0);
    let place = || read.replace(read.get() + 1);
    let optional = || row.get_ref(place()).map(lossy_text);
    let text = || optional().map(Option::unwrap_or_default);
    let mut entry = RegistryEntry {
        env: text()?,
        database: text()?,
        hostname: text()?,
        port: row.get(place())?,
        ports: optional()?,
        active: row.get(place())?,
        sslmode: optional()?,
        sslrootcert: optional()?,
        sslcert: optional()?,
        sslkey: optional()?,
        sslnegotiation: optional()?,
        channel_binding: optional()?,
        require_auth: optional()?,
        direct: row.get(place())?,
        admin_user: optional()?,
        system_identifier: optional()?,
        notes: optional()?,
        created_at: optional()?,
        updated_at: optional()?,
        is_recorded: false,
    };
    if entry.service().is_some() {
        entry.port = None;
    }
    Ok(entry)
}

/// A row written by hand may contain a number, or text that is not UTF-8: it must not hide the other rows.
pub fn read_text(row: &Row<'_>, column: &str) -> rusqlite::Result<Option<String>> {
    Ok(lossy_text(row.get_ref(column)?))
}

/// A value as text, whatever its type.
pub fn lossy_text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Real(number) => Some(number.to_string()),
        ValueRef::Text(bytes) | ValueRef::Blob(bytes) => {
            Some(String::from_utf8_lossy(bytes).into_owned())
        }
    }
}

/// `None` if one port serves all hosts.
pub fn list_of(ports: &Ports) -> Option<String> {
    ports.is_list().then(|| ports.to_string())
}
