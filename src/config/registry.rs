//! The section `[registry]`: who shares the file, and how the servers of an environment are reached.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::domain::failure::Failure;
use crate::domain::settings::{ConnectionDefaults, unknown_environment};
use crate::domain::target::Environment;
use crate::domain::target::encryption::{SslMode, value_of};

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RegistrySection {
    /// Whether its group may write it, and any member of that group own it.
    pub shared: bool,
    env: BTreeMap<String, DefaultsSection>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct DefaultsSection {
    port: Option<u16>,
    #[serde(deserialize_with = "sslmode")]
    sslmode: Option<SslMode>,
    sslrootcert: Option<String>,
    admin_user: Option<String>,
}

/// The defaults of each environment.
///
/// # Errors
/// Usage, if an environment is unknown, or a value is not valid.
pub(super) fn connection_defaults(
    section: RegistrySection,
    environments: &[Environment],
) -> Result<BTreeMap<String, ConnectionDefaults>, Failure> {
    let mut defaults = BTreeMap::new();
    for (env, section) in section.env {
        let refused = |what: &str| Failure::usage(format!("[registry.env.{env}]: {what}"));
        if !environments.iter().any(|known| known.as_str() == env) {
            let known: Vec<_> = environments.iter().map(Environment::as_str).collect();
            let (what, hint) = unknown_environment(&env, &known);
            return Err(refused(&what).hint(hint));
        }
        if section.port == Some(0) {
            return Err(refused("port 0 is not a number from 1 to 65535"));
        }
        if section.admin_user.as_deref() == Some("") {
            return Err(refused("admin_user is empty"));
        }
        // Nobody knows in which folder a command will run.
        let file = section.sslrootcert.as_deref();
        if let Some(file) = file.filter(|file| *file != "system" && !Path::new(file).is_absolute())
        {
            let what = format!("sslrootcert {file:?} is neither a full path nor \"system\"");
            return Err(refused(&what));
        }
        let found = ConnectionDefaults {
            port: section.port,
            sslmode: section.sslmode,
            sslrootcert: section.sslrootcert,
            admin_user: section.admin_user,
        };
        defaults.insert(env, found);
    }
    Ok(defaults)
}

fn sslmode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SslMode>, D::Error> {
    let text = String::deserialize(deserializer)?;
    value_of("sslmode", &text)
        .map(Some)
        .map_err(D::Error::custom)
}
