//! Profiles: presets of attributes, connection limit, access level and validity for a new login.

use std::collections::BTreeSet;

use crate::domain::access::AccessLevel;
use crate::domain::access::rules::ExtraPrivilege;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::timestamp::Span;

/// What a new login gets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    pub name: String,
    pub createdb: bool,
    pub createrole: bool,
    /// `None` for no limit.
    pub connection_limit: Option<u32>,
    pub access: AccessLevel,
    /// Privileges on tables beyond the level's; all logins of the level get them.
    pub extra: BTreeSet<ExtraPrivilege>,
    /// Routines that its level may execute, as `regprocedure` prints them.
    pub execute: BTreeSet<String>,
    /// `None` if the password does not expire.
    pub valid_for: Option<Span>,
    /// Where the password goes, placeholders and all.
    pub deliver: Destination,
    pub file_format: FileFormat,
}

/// The names of the built-in profiles.
pub const BUILT_IN: [&str; 6] = ["app", "k8s", "devqa", "devlead", "readonly", "dba"];

impl Profile {
    /// The built-in profile of a name (docs/access.md, "Profiles").
    pub fn built_in(name: &str) -> Option<Self> {
        let (connection_limit, access) = match name {
            "app" | "k8s" => (Some(200), AccessLevel::Readwrite),
            "devqa" => (Some(20), AccessLevel::Readwrite),
            "devlead" => (Some(20), AccessLevel::Ddl),
            "readonly" => (Some(20), AccessLevel::Readonly),
            "dba" => (None, AccessLevel::None),
            _ => return None,
        };
        Some(Self {
            name: name.to_owned(),
            createdb: name == "dba",
            createrole: name == "dba",
            connection_limit,
            access,
            valid_for: None,
            extra: BTreeSet::new(),
            execute: BTreeSet::new(),
            deliver: Destination::STDOUT,
            file_format: FileFormat::Json,
        })
    }
}
