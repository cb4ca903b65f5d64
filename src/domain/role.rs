//! Names of roles and databases, checked before any server is asked (PostgreSQL: `NAMEDATALEN`, reserved names).

use std::fmt;
use std::str::FromStr;

use crate::domain::failure::Failure;

/// PostgreSQL's limit for an identifier, in bytes (`NAMEDATALEN` - 1).
pub const LONGEST_NAME: usize = 63;

/// The name of a PostgreSQL role, exact, quotes and emoji included.
#[derive(
    Debug,
    Clone,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    serde::Deserialize,
)]
#[serde(transparent)]
pub struct RoleName(String);

impl RoleName {
    /// A name that a server gave or that was built to fit: taken as it is.
    pub fn from_server(name: impl Into<String>) -> Self {
        Self(name.into())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleName {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        check_identifier("role name", text)?;
        if text.starts_with("pg_") {
            return Err(Failure::usage(format!(
                "role name {text:?} is reserved: PostgreSQL keeps names that begin with \"pg_\""
            )));
        }
        if text == "public" || text == "none" {
            return Err(Failure::usage(format!(
                "role name {text:?} is reserved: PostgreSQL uses it as a keyword"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Refuses what the server would refuse or silently change: empty, over 63 bytes, NUL.
///
/// # Errors
/// A usage failure that names the identifier as `what`.
pub fn check_identifier(what: &str, text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Err(Failure::usage(format!("{what} is empty")));
    }
    if text.contains('\0') {
        return Err(Failure::usage(format!("{what} {text:?} holds a NUL byte")));
    }
    if text.len() > LONGEST_NAME {
        return Err(Failure::usage(format!(
            "{what} {text:?} has {} bytes: PostgreSQL allows {LONGEST_NAME}",
            text.len()
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_server_would_refuse_or_cut_are_refused_here() {
        let long = "ä".repeat(32);
        for name in ["", "pg_x", "pg_", "public", "none", "a\0b", long.as_str()] {
            assert!(name.parse::<RoleName>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn all_other_names_are_kept_exactly() {
        let longest = "ä".repeat(31);
        for name in [
            "-x",
            "a\"b",
            "a'b;--",
            "a\\b",
            "%s",
            "a\nb",
            "🦀",
            "PUBLIC",
            "PG_x",
            " ",
            longest.as_str(),
        ] {
            assert_eq!(name.parse::<RoleName>().unwrap().as_str(), name);
        }
    }
}
