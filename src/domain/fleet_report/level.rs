//! What a login can do in a database, as measured there, whatever gives it the right.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::access::AccessLevel;

/// What a login can do in a database, as measured there.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum MeasuredLevel {
    /// It reads no user table
    #[default]
    None,
    /// It reads at least one user table
    Readonly,
    /// It writes at least one user table
    Readwrite,
    /// It writes, and creates objects
    Ddl,
    /// It has the rights of the database's owner
    Owner,
    /// It is a superuser, or can become one by SET ROLE
    Superuser,
}

impl MeasuredLevel {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Readonly => "readonly",
            Self::Readwrite => "readwrite",
            Self::Ddl => "ddl",
            Self::Owner => "owner",
            Self::Superuser => "superuser",
        }
    }

    /// As a cell of a table has it.
    pub fn short(self) -> &'static str {
        match self {
            Self::None => "–",
            Self::Readonly => "R",
            Self::Readwrite => "RW",
            Self::Ddl => "DDL",
            Self::Owner => "OWNER",
            Self::Superuser => "SUPER",
        }
    }

    /// Whether it is more than an access level gives.
    pub fn is_above(self, level: AccessLevel) -> bool {
        let allowed = match level {
            AccessLevel::None => Self::None,
            AccessLevel::Readonly => Self::Readonly,
            AccessLevel::Readwrite => Self::Readwrite,
            AccessLevel::Ddl => Self::Ddl,
        };
        self > allowed
    }
}

impl fmt::Display for MeasuredLevel {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}
