//! The places of an admin credential that pgrole can store a new password in.

use std::fmt;
use std::str::FromStr;

use crate::domain::failure::Failure;
use crate::domain::target::{DatabaseName, Environment};

/// The targets that an entry of the keyring is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Account {
    Target(Environment, DatabaseName),
    Environment(Environment),
    Default,
}

impl fmt::Display for Account {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Target(env, database) => write!(formatter, "{env}/{database}"),
            Self::Environment(env) => write!(formatter, "{env}"),
            Self::Default => formatter.write_str("default"),
        }
    }
}

impl FromStr for Account {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        Ok(match text.split_once('/') {
            Some((env, database)) => Self::Target(Environment::new(env), database.parse()?),
            None if text == "default" => Self::Default,
            None => Self::Environment(Environment::new(text)),
        })
    }
}

/// A place that a new password of the admin credential is stored in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginPlace {
    Keyring(Account),
    /// The lines of a .pgpass file for one server.
    Pgpass {
        path: String,
        host: String,
        port: u16,
    },
    /// The config file's `credential.store_command`, for this target.
    Command(Environment, DatabaseName),
}

impl fmt::Display for LoginPlace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Keyring(account) => write!(formatter, "keyring:{account}"),
            Self::Pgpass { path, host, port } => write!(formatter, "pgpass:[{host}]:{port}:{path}"),
            Self::Command(env, database) => write!(formatter, "command:{env}/{database}"),
        }
    }
}

impl FromStr for LoginPlace {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let wrong = || Failure::usage(format!("{text:?} is not a place where a login is stored"));
        let (kind, rest) = text.split_once(':').ok_or_else(wrong)?;
        match kind {
            "keyring" => Ok(Self::Keyring(rest.parse()?)),
            "pgpass" => {
                let server = rest
                    .strip_prefix('[')
                    .and_then(|rest| rest.split_once("]:"));
                let (host, rest) = server.ok_or_else(wrong)?;
                let (port, path) = rest.split_once(':').ok_or_else(wrong)?;
                Ok(Self::Pgpass {
                    path: path.to_owned(),
                    host: host.to_owned(),
                    port: port.parse().map_err(|_| wrong())?,
                })
            }
            "command" => match rest.parse()? {
                Account::Target(env, database) => Ok(Self::Command(env, database)),
                _ => Err(wrong()),
            },
            _ => Err(wrong()),
        }
    }
}

/// Where a login was found, so that it can be changed there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LoginSource {
    Keyring(Account),
    /// In a .pgpass file, for each of these servers.
    Pgpass {
        path: String,
        servers: Vec<(String, u16)>,
    },
    /// A command of these words, with placeholders replaced, prints it.
    Command(Vec<String>),
    /// A source that pgrole cannot write to: variables, systemd's credentials, a person.
    Elsewhere,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_and_written_alike() {
        for text in [
            "keyring:default",
            "keyring:dev",
            "keyring:dev/app",
            "pgpass:[::1]:5432:/home/jane doe/.pgpass",
            "pgpass:[/run/postgresql]:5432:/a:b",
            "command:dev/app",
        ] {
            assert_eq!(text.parse::<LoginPlace>().unwrap().to_string(), text);
        }
        for text in ["", "keyring", "pgpass:h:1:/x", "command:dev", "mail:x"] {
            assert!(text.parse::<LoginPlace>().is_err(), "{text}");
        }
    }
}
