//! A target: one database of one environment, and how to reach it.

pub mod address;
pub mod cluster;
pub mod encryption;
pub mod require_auth;
pub mod service;
pub mod service_file;

use std::fmt;
use std::str::FromStr;

use crate::domain::failure::{Failure, OnTarget};
use crate::domain::role::check_identifier;
use crate::domain::target::address::{Address, Hosts, Ports};
use crate::domain::target::encryption::{ChannelBinding, TlsSettings};
use crate::domain::target::require_auth::RequireAuth;

/// The name of an environment: `dev`, `qa`, `uat`, `prod`, or one that the config file adds.
#[derive(
    Debug,
    Clone,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    schemars::JsonSchema,
    serde::Deserialize,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Environment(String);

impl Environment {
    pub fn new(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Environment {
    type Err = std::convert::Infallible;

    /// Any text: the config file decides whether such an environment exists (`Settings::check_environment`).
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Environment {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The name of a database, 1 to 63 bytes.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct DatabaseName(String);

impl DatabaseName {
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DatabaseName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        check_identifier("database name", text)?;
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for DatabaseName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One entry of the registry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Target {
    pub env: Environment,
    pub database: DatabaseName,
    pub hostname: Hosts,
    pub port: Ports,
    pub active: bool,
    pub tls: TlsSettings,
    /// The authentication methods that a server may request; `None`: see `require_auth::accepted`.
    pub require_auth: Option<RequireAuth>,
    /// Whether this is known to be the server itself, whatever process ID it reports in the login.
    pub direct: bool,
    /// The `system_identifier` of the cluster that answered first; `None` if there was no contact yet.
    pub cluster: Option<String>,
    /// The registry's own id of the cluster, whose roles the target has; `None` if it was not assigned to one yet.
    pub cluster_id: Option<String>,
    /// The user name, if the credential's source gives none.
    pub admin_user: Option<String>,
    pub notes: Option<String>,
    /// Whether pgrole itself wrote the entry in its present form. Anyone else may have named a server of their own.
    pub is_recorded: bool,
}

impl Failure {
    /// For a message that names the target itself.
    #[must_use]
    pub fn on(mut self, target: &Target) -> Self {
        let names = (target.env.to_string(), target.database.to_string());
        self.target = Some(Box::new(names));
        self
    }
}

/// What an error is about is a target, so that this stands beside it, and not beside [`OnTarget`].
impl OnTarget {
    pub fn new(target: &Target, message: impl Into<String>) -> Self {
        Self {
            env: target.env.to_string(),
            database: target.database.to_string(),
            message: message.into(),
        }
    }
}

#[cfg(test)]
impl Target {
    /// `dev/app` on this machine, for unit tests.
    pub fn example() -> Self {
        Self {
            env: Environment::new("dev"),
            database: "app".parse().unwrap(),
            hostname: "localhost".parse().unwrap(),
            port: 5432.into(),
            active: true,
            tls: TlsSettings::default(),
            require_auth: None,
            direct: false,
            admin_user: None,
            cluster: None,
            cluster_id: None,
            notes: None,
            is_recorded: true,
        }
    }
}

impl Target {
    /// `env/database`, the name by which messages speak of a target.
    pub fn name(&self) -> String {
        format!("{}/{}", self.env, self.database)
    }

    /// Another database of the same cluster, whether the registry has it or not.
    #[must_use]
    pub fn in_database(&self, database: DatabaseName) -> Self {
        Self {
            database,
            ..self.clone()
        }
    }

    /// Whether both are known to be one cluster: at the same place, or joined in the registry.
    pub fn is_on_cluster_of(&self, other: &Self) -> bool {
        let is_joined = self.cluster_id.is_some() && self.cluster_id == other.cluster_id;
        is_joined || self.is_at_place_of(other)
    }

    /// Whether both are reached at the same hosts and ports.
    pub fn is_at_place_of(&self, other: &Self) -> bool {
        self.hostname == other.hostname && self.port == other.port
    }

    /// Where its servers listen, in the order in which they are tried.
    ///
    /// # Errors
    /// Usage, if hosts and ports do not match.
    pub fn addresses(&self) -> Result<Vec<Address>, Failure> {
        Address::pair(&self.hostname, &self.port)
    }

    /// Whether it accepts every authentication method because it was registered before `require_auth` existed. Channel
    /// binding works only with SCRAM.
    pub fn accepts_any_login(&self) -> bool {
        let is_bound = |host| self.tls.channel_binding_at(host) == ChannelBinding::Require;
        let said = self.require_auth.as_ref();
        said.is_some_and(RequireAuth::is_from_before) && !self.hostname.iter().all(is_bound)
    }

    /// Refuses settings that do not go together.
    ///
    /// # Errors
    /// Usage.
    pub fn check(&self) -> Result<(), Failure> {
        self.addresses()?;
        self.tls.check(&self.hostname)
    }
}
