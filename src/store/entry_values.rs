//! The values of an entry that people choose, by the names that files and results have for them: what an export
//! contains, an import sets, and a comparison names.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::choice;
use crate::domain::failure::Failure;
use crate::domain::target::DatabaseName;
use crate::domain::target::address::{Hosts, Ports};
use crate::domain::target::encryption::{ChannelBinding, SslMode, SslNegotiation, value_of};
use crate::domain::target::require_auth::RequireAuth;
use crate::store::entry::{DEFAULT_PORT, RegistryEntry, list_of};

/// The names, in the order of an export. `system_identifier` is none that people choose, but it must not be lost on the
/// way to another registry: it keeps the entry from being used with another cluster.
pub const ENTRY_VALUES: [&str; 16] = [
    "env",
    "database",
    "hostname",
    "port",
    "active",
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslnegotiation",
    "channel_binding",
    "require_auth",
    "direct",
    "admin_user",
    "system_identifier",
    "notes",
];

/// A value that is not the wanted one; `None` if there is none.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct EntryDifference {
    /// The column of the registry.
    pub what: &'static str,
    /// What the file has; null if it has none.
    pub wanted: Option<String>,
    /// What the registry has; null if it has none.
    pub found: Option<String>,
}

impl RegistryEntry {
    /// A value as text; `None` if it is not set. All ports are one value.
    ///
    /// # Panics
    /// If the name is not one of [`ENTRY_VALUES`].
    pub fn value(&self, name: &str) -> Option<String> {
        let optional = match name {
            "env" => return Some(self.env.clone()),
            "database" => return Some(self.database.clone()),
            "hostname" => return Some(self.hostname.clone()),
            "port" if self.service().is_some() => return None,
            "port" => {
                let one = || self.port.unwrap_or(DEFAULT_PORT).to_string();
                return Some(self.ports.clone().unwrap_or_else(one));
            }
            "active" => return Some(self.active.to_string()),
            "direct" => return Some(self.direct.to_string()),
            "sslmode" => &self.sslmode,
            "sslrootcert" => &self.sslrootcert,
            "sslcert" => &self.sslcert,
            "sslkey" => &self.sslkey,
            "sslnegotiation" => &self.sslnegotiation,
            "channel_binding" => &self.channel_binding,
            "require_auth" => &self.require_auth,
            "admin_user" => &self.admin_user,
            "system_identifier" => &self.system_identifier,
            "notes" => &self.notes,
            other => unreachable!("{other} is not a value of an entry"),
        };
        // An empty text means unset, as in libpq.
        optional.clone().filter(|text| !text.is_empty())
    }

    /// Sets a value from its text; `None` unsets it.
    ///
    /// # Errors
    /// Usage, if the text is not valid for it, or it cannot be unset.
    pub fn set_value(&mut self, name: &str, text: Option<&str>) -> Result<(), Failure> {
        let required = || text.ok_or_else(|| Failure::usage(format!("it has no {name}")));
        let own = || text.map(str::to_owned);
        match name {
            "env" => required()?.clone_into(&mut self.env),
            "database" => self.database = required()?.parse::<DatabaseName>()?.to_string(),
            "hostname" => {
                required()?.clone_into(&mut self.hostname);
                if self.service().is_none() {
                    self.hostname = self.hostname.parse::<Hosts>()?.to_string();
                }
            }
            "port" => {
                let ports: Option<Ports> = text.map(str::parse).transpose()?;
                self.port = ports.as_ref().map(|ports| ports.first().into());
                self.ports = ports.as_ref().and_then(list_of);
            }
            "active" => self.active = text.map_or(Ok(true), |text| truth("active", text))?,
            "direct" => self.direct = text.map_or(Ok(false), |text| truth("direct", text))?,
            "sslmode" => {
                self.sslmode = own();
                text.map(|text| value_of::<SslMode>(name, text))
                    .transpose()?;
            }
            "sslnegotiation" => {
                self.sslnegotiation = own();
                text.map(|text| value_of::<SslNegotiation>(name, text))
                    .transpose()?;
            }
            "channel_binding" => {
                self.channel_binding = own();
                text.map(|text| value_of::<ChannelBinding>(name, text))
                    .transpose()?;
            }
            "require_auth" => {
                self.require_auth = own();
                text.map(str::parse::<RequireAuth>).transpose()?;
            }
            "sslrootcert" => self.sslrootcert = own(),
            "sslcert" => self.sslcert = own(),
            "sslkey" => self.sslkey = own(),
            "admin_user" => self.admin_user = own(),
            "system_identifier" => self.system_identifier = own(),
            "notes" => self.notes = own(),
            other => unreachable!("{other} is not a value of an entry"),
        }
        Ok(())
    }

    /// The values in which an entry of the registry is not this one.
    pub fn differences(&self, found: &Self) -> Vec<EntryDifference> {
        let all = ENTRY_VALUES.into_iter().map(|what| EntryDifference {
            what,
            wanted: self.value(what),
            found: found.value(what),
        });
        all.filter(|value| value.wanted != value.found).collect()
    }
}

/// Whether it is so, in the words of several programs.
fn truth(what: &str, text: &str) -> Result<bool, Failure> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "t" | "y" | "on" | "1" => Ok(true),
        "false" | "no" | "f" | "n" | "off" | "0" => Ok(false),
        _ => Err(Failure::usage(choice::not_valid(
            &format!("value for {what}"),
            text,
            &["true", "false", "yes", "no", "1", "0"],
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_is_read_as_it_is_written() {
        let mut entry = RegistryEntry {
            active: true,
            ..RegistryEntry::default()
        };
        let values = [
            "prod", "my db", "a,b", "1,2", "false", "require", "/ca", "/cert", "/key", "direct",
            "prefer", "md5", "true", "dba", "73", "a note",
        ];
        for (name, text) in ENTRY_VALUES.into_iter().zip(values) {
            entry.set_value(name, Some(text)).unwrap();
            assert_eq!(entry.value(name).as_deref(), Some(text), "{name}");
        }
        assert_eq!((entry.port, entry.ports.as_deref()), (Some(1), Some("1,2")));
        let empty = RegistryEntry::default();
        let differing = entry.differences(&empty);
        assert_eq!(differing.len(), ENTRY_VALUES.len() - 1, "{differing:?}");
        for name in ENTRY_VALUES.into_iter().skip(3) {
            entry.set_value(name, None).unwrap();
        }
        assert_eq!(entry.value("active").as_deref(), Some("true"));
        assert_eq!(entry.value("port").as_deref(), Some("5432"));
        for name in ["env", "database", "hostname"] {
            assert!(entry.set_value(name, None).is_err());
        }
    }
}
