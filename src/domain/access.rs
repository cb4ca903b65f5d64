//! Access levels, the groups that carry them, and the marks (comments) by which pgrole knows what it made.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest, Sha256};

use crate::domain::failure::{Failure, Kind};
use crate::domain::role::{LONGEST_NAME, RoleName};
use crate::domain::target::DatabaseName;

/// What a profile may do in the target's database.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize, clap::ValueEnum,
)]
#[serde(rename_all = "lowercase")]
pub enum AccessLevel {
    /// No access group at all
    None,
    /// SELECT on all tables and sequences
    Readonly,
    /// Readonly, and INSERT, UPDATE, DELETE, and USAGE of sequences
    Readwrite,
    /// Readwrite, and CREATE in the schemas
    Ddl,
}

/// The levels that have a group, in rising order.
pub const GROUP_LEVELS: [AccessLevel; 3] = [
    AccessLevel::Readonly,
    AccessLevel::Readwrite,
    AccessLevel::Ddl,
];

/// The kinds of objects that access is granted on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ObjectKind {
    Tables,
    Sequences,
    Functions,
    Schemas,
}

impl ObjectKind {
    /// The kinds that live in a schema.
    pub const IN_SCHEMA: [Self; 3] = [Self::Tables, Self::Sequences, Self::Functions];
    /// The kinds that have default privileges.
    pub const WITH_DEFAULTS: [Self; 4] = [
        Self::Tables,
        Self::Sequences,
        Self::Functions,
        Self::Schemas,
    ];

    /// The keyword of `GRANT … ON ALL … IN SCHEMA` and `ALTER DEFAULT PRIVILEGES`.
    pub fn keyword(self) -> &'static str {
        match self {
            Self::Tables => "TABLES",
            Self::Sequences => "SEQUENCES",
            Self::Functions => "FUNCTIONS",
            Self::Schemas => "SCHEMAS",
        }
    }

    /// The keyword of `GRANT … ON` with names.
    pub fn keyword_of_one(self) -> &'static str {
        match self {
            Self::Tables => "TABLE",
            Self::Sequences => "SEQUENCE",
            Self::Functions => "FUNCTION",
            Self::Schemas => "SCHEMA",
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

    /// The privileges that this level gives on objects of a kind; for level none, nothing.
    pub fn privileges(self, kind: ObjectKind) -> &'static [&'static str] {
        match (self, kind) {
            (Self::None, _) => &[],
            (Self::Readonly, ObjectKind::Tables | ObjectKind::Sequences) => &["SELECT"],
            (_, ObjectKind::Tables) => &["SELECT", "INSERT", "UPDATE", "DELETE"],
            (_, ObjectKind::Sequences) => &["SELECT", "USAGE", "UPDATE"],
            (_, ObjectKind::Functions) => &["EXECUTE"],
            (Self::Ddl, ObjectKind::Schemas) => &["USAGE", "CREATE"],
            (_, ObjectKind::Schemas) => &["USAGE"],
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

/// What the comment on a role says that pgrole made (`pgrole: profile=app`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    Profile(String),
    Group { level: String, database: String },
}

impl Mark {
    pub fn group(level: AccessLevel, database: &DatabaseName) -> Self {
        Self::Group {
            level: level.to_string(),
            database: database.as_str().to_owned(),
        }
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Profile(profile) => write!(formatter, "pgrole: profile={profile}"),
            Self::Group { level, database } => {
                write!(formatter, "pgrole: access={level} database={database}")
            }
        }
    }
}

impl FromStr for Mark {
    type Err = Failure;

    /// Reads a comment back. A database name may hold any character, so it stands last and takes the rest.
    fn from_str(comment: &str) -> Result<Self, Failure> {
        let foreign = || Failure::new(Kind::Failed, "not a comment of pgrole's");
        let body = comment.strip_prefix("pgrole: ").ok_or_else(foreign)?;
        if let Some(profile) = body.strip_prefix("profile=") {
            return Ok(Self::Profile(profile.to_owned()));
        }
        body.strip_prefix("access=")
            .and_then(|rest| rest.split_once(" database="))
            .map(|(level, database)| Self::Group {
                level: level.to_owned(),
                database: database.to_owned(),
            })
            .ok_or_else(foreign)
    }
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

    #[test]
    fn marks_survive_the_way_to_the_server_and_back() {
        let group = Mark::group(AccessLevel::Ddl, &"odd database=x".parse().unwrap());
        for mark in [group, Mark::Profile("app".into())] {
            assert_eq!(mark.to_string().parse::<Mark>().unwrap(), mark);
        }
        assert!("made by hand".parse::<Mark>().is_err());
    }
}
