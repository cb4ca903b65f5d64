//! The columns of a roster.

use std::fmt;

use crate::domain::choice;

/// A column, or a key of JSON lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Column {
    Env,
    Database,
    Profile,
    Username,
    Servername,
    Port,
    EnvPrefix,
    Farmname,
    Access,
    ConnectionLimit,
    ValidFor,
    Deliver,
    Reason,
}

impl Column {
    pub const ALL: [Self; 13] = [
        Self::Env,
        Self::Database,
        Self::Profile,
        Self::Username,
        Self::Servername,
        Self::Port,
        Self::EnvPrefix,
        Self::Farmname,
        Self::Access,
        Self::ConnectionLimit,
        Self::ValidFor,
        Self::Deliver,
        Self::Reason,
    ];
    /// Those that every row fills.
    pub const REQUIRED: [Self; 3] = [Self::Env, Self::Database, Self::Profile];

    pub fn name(self) -> &'static str {
        match self {
            Self::Env => "env",
            Self::Database => "database",
            Self::Profile => "profile",
            Self::Username => "username",
            Self::Servername => "servername",
            Self::Port => "port",
            Self::EnvPrefix => "env_prefix",
            Self::Farmname => "farmname",
            Self::Access => "access",
            Self::ConnectionLimit => "connection_limit",
            Self::ValidFor => "valid_for",
            Self::Deliver => "deliver",
            Self::Reason => "reason",
        }
    }

    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|column| column.name() == name)
    }

    /// The message about a name that is no column's, and the hint.
    pub(super) fn unknown(name: &str) -> (String, Option<String>) {
        let known = Self::ALL.map(Self::name);
        let hint = if name.eq_ignore_ascii_case("password") {
            Some("leave it out: each password is generated, and delivered".to_owned())
        } else {
            choice::did_you_mean(name, known)
        };
        (choice::unknown("column", name, &known), hint)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}
