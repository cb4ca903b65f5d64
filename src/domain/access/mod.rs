//! Access levels, what they are granted on, and the names of the groups that carry them.

pub mod boxes;
pub mod check;
pub mod excess;
pub mod gaps;
pub mod group;
pub mod membership;
pub mod missing_right;
pub mod planner;
pub mod revocation;
pub mod rules;
pub mod settings;
pub mod state;
pub mod steady;
pub mod usage;

use std::fmt;

use sha2::{Digest, Sha256};

use crate::domain::role::{LONGEST_NAME, RoleName};
use crate::domain::target::DatabaseName;

/// What a profile may do in the target's database.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    serde::Serialize,
    schemars::JsonSchema,
    serde::Deserialize,
    clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum AccessLevel {
    /// No access group
    None,
    /// SELECT on tables, views and sequences
    Readonly,
    /// Readonly, and INSERT, UPDATE, DELETE; USAGE and UPDATE of sequences
    Readwrite,
    /// Readwrite, and CREATE in the schemas, REFERENCES on tables
    Ddl,
}

/// The levels that have a group, in rising order.
pub const GROUP_LEVELS: [AccessLevel; 3] = [
    AccessLevel::Readonly,
    AccessLevel::Readwrite,
    AccessLevel::Ddl,
];

/// The kinds of objects that privileges are granted on, or revoked from.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    schemars::JsonSchema,
    serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    /// Tables, views, materialized views and foreign tables.
    Tables,
    /// Sequences.
    Sequences,
    /// Functions and procedures. No level grants anything on them, nor on the kinds that follow schemas.
    Routines,
    /// Schemas.
    Schemas,
    /// Databases.
    Databases,
    /// Types and domains.
    Types,
    /// Procedural languages.
    Languages,
    /// Foreign data wrappers.
    Wrappers,
    /// Foreign servers.
    Servers,
    /// Large objects.
    LargeObjects,
    /// Tablespaces.
    Tablespaces,
    /// Configuration parameters (15 and later).
    Parameters,
}

impl ObjectKind {
    /// The kinds that a level grants on by schema.
    pub const IN_SCHEMA: [Self; 2] = [Self::Tables, Self::Sequences];
    /// The kinds for which a level has default privileges.
    pub const WITH_DEFAULTS: [Self; 3] = [Self::Tables, Self::Sequences, Self::Schemas];

    /// The keyword of `GRANT … ON ALL … IN SCHEMA` and `ALTER DEFAULT PRIVILEGES`.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Tables => "TABLES",
            Self::Sequences => "SEQUENCES",
            Self::Routines => "ROUTINES",
            Self::Schemas => "SCHEMAS",
            Self::Databases => "DATABASES",
            Self::Types => "TYPES",
            Self::Languages => "LANGUAGES",
            Self::Wrappers => "FOREIGN DATA WRAPPERS",
            Self::Servers => "FOREIGN SERVERS",
            Self::LargeObjects => "LARGE OBJECTS",
            Self::Tablespaces => "TABLESPACES",
            Self::Parameters => "PARAMETERS",
        }
    }

    /// The keyword of `GRANT … ON` with names.
    pub fn keyword_of_one(self) -> &'static str {
        match self {
            Self::Tables => "TABLE",
            Self::Sequences => "SEQUENCE",
            Self::Routines => "ROUTINE",
            Self::Schemas => "SCHEMA",
            Self::Databases => "DATABASE",
            Self::Types => "TYPE",
            Self::Languages => "LANGUAGE",
            Self::Wrappers => "FOREIGN DATA WRAPPER",
            Self::Servers => "FOREIGN SERVER",
            Self::LargeObjects => "LARGE OBJECT",
            Self::Tablespaces => "TABLESPACE",
            Self::Parameters => "PARAMETER",
        }
    }
}

impl AccessLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Readonly => "readonly",
            Self::Readwrite => "readwrite",
            Self::Ddl => "ddl",
        }
    }

    /// The privileges that this level grants on each object of a kind (docs/access.md, "What the levels mean"). EXECUTE
    /// is in no level: PUBLIC has it unless it was revoked, and then pgrole must not grant it again.
    pub fn privileges(self, kind: ObjectKind) -> &'static [&'static str] {
        match (self, kind) {
            (Self::None, _) => &[],
            (Self::Readonly, ObjectKind::Tables | ObjectKind::Sequences) => &["SELECT"],
            (Self::Readwrite, ObjectKind::Tables) => &["SELECT", "INSERT", "UPDATE", "DELETE"],
            (Self::Ddl, ObjectKind::Tables) => {
                &["SELECT", "INSERT", "UPDATE", "DELETE", "REFERENCES"]
            }
            (_, ObjectKind::Sequences) => &["SELECT", "USAGE", "UPDATE"],
            (Self::Ddl, ObjectKind::Schemas) => &["USAGE", "CREATE"],
            (_, ObjectKind::Schemas) => &["USAGE"],
            _ => &[],
        }
    }
}

impl fmt::Display for AccessLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// The name of the group that carries `level` in `database`: `<database>_<level>`.
///
/// A name over 63 bytes is shortened and gets the first 8 hex digits of the database name's SHA-256,
/// so that two long names never share a group; a database `pg_…` gets the prefix `db_`, because the
/// server reserves role names that begin with `pg_`.
pub fn group_name(database: &DatabaseName, level: AccessLevel) -> RoleName {
    let database = database.as_str();
    let prefix = if database.starts_with("pg_") {
        "db_"
    } else {
        ""
    };
    let plain = format!("{prefix}{database}_{level}");
    if plain.len() <= LONGEST_NAME {
        return RoleName::from_server(plain);
    }
    let digest = Sha256::digest(database.as_bytes());
    let suffix = format!(
        "_{:02x}{:02x}{:02x}{:02x}_{level}",
        digest[0], digest[1], digest[2], digest[3]
    );
    let room = LONGEST_NAME - prefix.len() - suffix.len();
    let cut = (0..=room)
        .rev()
        .find(|at| database.is_char_boundary(*at))
        .unwrap_or(0);
    RoleName::from_server(format!("{prefix}{}{suffix}", &database[..cut]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(database: &str, level: AccessLevel) -> String {
        group_name(&database.parse().unwrap(), level).to_string()
    }

    #[test]
    fn a_group_is_named_after_database_and_level() {
        assert_eq!(
            group("myapp_dev", AccessLevel::Readonly),
            "myapp_dev_readonly"
        );
        assert_eq!(group("pg_app", AccessLevel::Ddl), "db_pg_app_ddl");
    }

    #[test]
    fn long_names_are_shortened_without_meeting() {
        let one = format!("{}1", "ä".repeat(30));
        let two = format!("{}2", "ä".repeat(30));
        let (one, two) = (
            group(&one, AccessLevel::Readwrite),
            group(&two, AccessLevel::Readwrite),
        );
        assert_ne!(one, two);
        for name in [one, two] {
            assert!(name.len() <= LONGEST_NAME, "{name}");
            assert!(name.ends_with("_readwrite"), "{name}");
        }
    }
}
