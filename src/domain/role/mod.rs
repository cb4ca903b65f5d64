//! Names of roles and databases, checked before any server is asked (PostgreSQL: `NAMEDATALEN`, reserved names).

pub mod activity;
pub mod comparison;
pub mod copy;
pub mod definition;
pub mod differences;
pub mod dual_mark;
pub mod dual_plan;
pub mod dual_state;
pub mod estate;
pub mod explanation;
pub mod footprint;
pub mod located;
pub mod mark;
pub mod name_list;
pub mod named_objects;
pub mod planner;
pub mod profile;
pub mod reach;
pub mod report;
pub mod setting;
pub mod state;
pub mod term;

use std::fmt;
use std::str::FromStr;

use crate::domain::encoding::holds_shown_byte;
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
    schemars::JsonSchema,
    serde::Deserialize,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct RoleName(String);

impl RoleName {
    /// Takes a name from a server, or one that was built to fit, without a check.
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

/// Refuses what a server would refuse or silently change: empty names, over 63 bytes, NUL, and line breaks (PostgreSQL
/// 19 and `pg_upgrade` refuse them). Also refuses what reads like a name that is not UTF-8, see `encoding`.
///
/// # Errors
/// A usage failure that names the identifier as `what`.
pub fn check_identifier(what: &str, text: &str) -> Result<(), Failure> {
    if text.is_empty() {
        return Err(Failure::usage(format!("{what} is empty")));
    }
    if text.contains('\0') {
        return Err(Failure::usage(format!(
            "{what} {text:?} contains a NUL byte"
        )));
    }
    if text.contains(['\r', '\n']) {
        return Err(Failure::usage(format!(
            "{what} {text:?} contains a line break, which PostgreSQL 19 and pg_upgrade refuse"
        )));
    }
    if holds_shown_byte(text) {
        return Err(Failure::usage(format!(
            "{what} \"{text}\" reads like a name that is not UTF-8, which pgrole shows by its bytes; no statement can refer to it"
        ))
        .hint("if it is not UTF-8, rename it in a database whose encoding it was created in: ALTER … RENAME TO"));
    }
    if text.len() > LONGEST_NAME {
        return Err(Failure::usage(format!(
            "{what} {text:?} is {} bytes long; PostgreSQL allows {LONGEST_NAME}",
            text.len()
        )));
    }
    Ok(())
}

/// Whether people may take one name for the other: by case, or by another encoding of the same letters.
pub fn is_alike(name: &str, other: &str) -> bool {
    name != other && folded(name) == folded(other)
}

/// In lower case, in the compatibility normal form NFKC, which SASLprep applies.
fn folded(name: &str) -> String {
    let prepared = stringprep::saslprep(name);
    prepared.map_or_else(|_| name.to_lowercase(), |prepared| prepared.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_server_would_refuse_or_cut_are_refused_here() {
        let long = "ä".repeat(32);
        let names = [
            "",
            "pg_x",
            "pg_",
            "public",
            "none",
            "a\0b",
            "a\nb",
            "a\rb",
            r"a\xE4b",
            long.as_str(),
        ];
        for name in names {
            assert!(name.parse::<RoleName>().is_err(), "{name:?}");
        }
    }

    #[test]
    fn names_that_people_take_for_each_other_are_alike() {
        for (name, other) in [
            ("Analyst01", "analyst01"),
            ("jürg", "JÜRG"),
            ("j\u{fc}rg", "ju\u{308}rg"),
            ("ﬁn", "fin"),
        ] {
            assert!(
                is_alike(name, other) && is_alike(other, name),
                "{name} {other}"
            );
        }
        for (name, other) in [("a", "a"), ("analyst01", "analyst02"), ("jürg", "jurg")] {
            assert!(!is_alike(name, other), "{name} {other}");
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
            "a\tb",
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
