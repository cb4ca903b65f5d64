//! The process's environment variables, read once. The only place that reads them.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::Path;

/// The variables that programs started by pgrole do not get, except the one that provides the admin credential:
/// passwords, and the directory of systemd's credentials. `PGPASSFILE` is a path, and stays.
pub const WITHHELD: [&str; 4] = [
    "PG_ADMIN_PASS",
    "PGPASSWORD",
    "PG_API_PASS",
    "CREDENTIALS_DIRECTORY",
];

/// A snapshot of variables. An empty one counts as unset.
#[derive(Debug, Clone, Default)]
pub struct Variables(HashMap<OsString, OsString>);

impl Variables {
    /// The variables of this process.
    pub fn of_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// These variables, for unit tests.
    #[cfg(test)]
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        let pairs = pairs
            .iter()
            .map(|(name, value)| (name.into(), value.into()));
        Self(pairs.collect())
    }

    /// The value as text; `None` if unset, empty or not UTF-8.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0
            .get(OsStr::new(name))?
            .to_str()
            .filter(|text| !text.is_empty())
    }

    /// Whether the file is one of the service's credentials: systemd gives them modes such as 0440, in a directory that
    /// only the service may enter (systemd.exec(5), "CREDENTIALS").
    pub fn names_credential(&self, file: &Path) -> bool {
        let folder = self.text("CREDENTIALS_DIRECTORY").map(Path::new);
        folder.is_some() && file.parent() == folder
    }

    /// Whether it is set to the empty text.
    pub fn is_empty_text(&self, name: &str) -> bool {
        self.0
            .get(OsStr::new(name))
            .is_some_and(|text| text.is_empty())
    }
}
