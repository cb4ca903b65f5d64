//! A target: one database of one environment, and how to reach it.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::str::FromStr;

use crate::domain::failure::Failure;
use crate::domain::role::check_identifier;

/// The name of an environment: `dev`, `qa`, `uat`, `prod`, or one that the config file adds.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(transparent)]
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

    /// Any text: whether such an environment exists is the config file's word (`Settings::check_environment`).
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
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(transparent)]
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

/// Where a server listens: a host name, an IP address, or the folder of a Unix socket.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct Hostname(String);

impl Hostname {
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The folder of a Unix socket, where the host is one (it begins with `/`, as in libpq).
    pub fn socket_folder(&self) -> Option<PathBuf> {
        self.0.starts_with('/').then(|| PathBuf::from(&self.0))
    }

    /// Whether the host is this machine by its very name or address; nothing is resolved.
    pub fn is_local(&self) -> bool {
        self.socket_folder().is_some()
            || self.0 == "localhost"
            || self
                .0
                .parse::<IpAddr>()
                .is_ok_and(|address| address.is_loopback())
    }
}

impl FromStr for Hostname {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let hint = "give a host name, an IP address, or the folder of a Unix socket";
        if text.is_empty() {
            return Err(Failure::usage("hostname is empty").hint(hint));
        }
        let is_folder = text.starts_with('/');
        let is_address = text.parse::<IpAddr>().is_ok();
        let odd = |letter: char| {
            letter.is_whitespace() || letter.is_control() || "/@:?#,=".contains(letter)
        };
        if text.contains('\0') || (!is_folder && !is_address && text.contains(odd)) {
            return Err(Failure::usage(format!("{text:?} is not a hostname")).hint(hint));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Hostname {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// How far TLS is asked for and checked, with libpq's names and meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum SslMode {
    Disable,
    Allow,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl SslMode {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "disable",
            Self::Allow => "allow",
            Self::Prefer => "prefer",
            Self::Require => "require",
            Self::VerifyCa => "verify-ca",
            Self::VerifyFull => "verify-full",
        }
    }
}

impl FromStr for SslMode {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        <Self as clap::ValueEnum>::from_str(text, false)
            .map_err(|_| Failure::usage(format!("{text:?} is not an sslmode")))
    }
}

/// One entry of the registry.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Target {
    pub env: Environment,
    pub database: DatabaseName,
    pub hostname: Hostname,
    pub port: u16,
    pub active: bool,
    /// None: `verify-full` for a remote host, `prefer` for loopback.
    pub sslmode: Option<SslMode>,
    /// A PEM file of trusted certificates; None: libpq's default file, else the system's.
    pub sslrootcert: Option<PathBuf>,
    pub notes: Option<String>,
}

impl Target {
    /// `env/database`, the name by which messages speak of a target.
    pub fn name(&self) -> String {
        format!("{}/{}", self.env, self.database)
    }

    /// The sslmode in force.
    pub fn effective_sslmode(&self) -> SslMode {
        match self.sslmode {
            _ if self.hostname.socket_folder().is_some() => SslMode::Disable,
            Some(mode) => mode,
            None if self.hostname.is_local() => SslMode::Prefer,
            None => SslMode::VerifyFull,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(hostname: &str, sslmode: Option<SslMode>) -> Target {
        Target {
            env: Environment::new("dev"),
            database: "app".parse().unwrap(),
            hostname: hostname.parse().unwrap(),
            port: 5432,
            active: true,
            sslmode,
            sslrootcert: None,
            notes: None,
        }
    }

    #[test]
    fn a_remote_host_is_verified_unless_told_otherwise() {
        let mode = |host| target(host, None).effective_sslmode();
        assert_eq!(mode("pg-dev-01.example.com"), SslMode::VerifyFull);
        assert_eq!(mode("10.0.0.1"), SslMode::VerifyFull);
        assert_eq!(mode("localhost"), SslMode::Prefer);
        assert_eq!(mode("127.0.0.1"), SslMode::Prefer);
        assert_eq!(mode("::1"), SslMode::Prefer);
        assert_eq!(mode("/run/postgresql"), SslMode::Disable);
        let chosen = target("10.0.0.1", Some(SslMode::Require));
        assert_eq!(chosen.effective_sslmode(), SslMode::Require);
    }

    #[test]
    fn a_url_or_a_list_is_no_hostname() {
        for text in [
            "",
            "postgres://u:p@h/d",
            "a b",
            "host:5432",
            "user@host",
            "a,b",
            "h\n",
        ] {
            assert!(text.parse::<Hostname>().is_err(), "{text:?}");
        }
        for text in [
            "db.example.com",
            "10.0.0.1",
            "fe80::1",
            "/tmp/my socket",
            "db_1",
        ] {
            assert_eq!(text.parse::<Hostname>().unwrap().as_str(), text);
        }
    }
}
