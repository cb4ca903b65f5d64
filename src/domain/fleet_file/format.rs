//! The file as TOML or JSON.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::access::AccessLevel;
use crate::domain::failure::Failure;
use crate::domain::settings::Limit;

/// The version of the format that this pgrole writes and reads.
const VERSION: u32 = 1;

/// A whole file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FleetFile {
    /// The version of the format: 1.
    pub version: u32,
    /// The logins.
    #[serde(default)]
    pub login: Vec<FleetLogin>,
}

/// A login as the file has it.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FleetLogin {
    /// The environment of the target that it is created on.
    pub env: String,
    /// The database of the target that it is created on.
    pub database: String,
    /// The role.
    pub username: String,
    /// The profile that it is created with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Whether it may log in. What was locked stays locked unless the file says that it may.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<bool>,
    /// Whether it may create databases.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub createdb: Option<bool>,
    /// Whether it may create roles.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub createrole: Option<bool>,
    /// How many connections it may have, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connection_limit: Option<LimitValue>,
    /// How long each password is valid, or `none`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_for: Option<String>,
    /// When the account ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_on: Option<String>,
    /// Where the password of a new login goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deliver: Option<String>,
    /// The format of the file that its password is delivered to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file_format: Option<String>,
    /// Why, for the audit log.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The level by target, as `ENV/DATABASE`; all of it, so that none means none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub access: Option<BTreeMap<String, AccessLevel>>,
    /// The schemas by target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_path: Option<BTreeMap<String, Vec<String>>>,
}

/// A connection limit: a number, or `none`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum LimitValue {
    Number(u32),
    Text(String),
}

/// The formats of the file.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum FleetFileFormat {
    /// For people and version control
    #[default]
    Toml,
    /// For programs
    Json,
}

impl From<Option<u32>> for LimitValue {
    fn from(limit: Option<u32>) -> Self {
        limit.map_or_else(|| Self::Text("none".to_owned()), Self::Number)
    }
}

impl LimitValue {
    /// The limit.
    ///
    /// # Errors
    /// Usage, if it is neither a number nor `none`.
    pub fn limit(&self) -> Result<Limit, Failure> {
        let text = match self {
            Self::Number(number) => number.to_string(),
            Self::Text(text) => text.clone(),
        };
        text.parse()
    }
}

impl FleetFile {
    /// A file with these logins.
    pub fn of(login: Vec<FleetLogin>) -> Self {
        Self {
            version: VERSION,
            login,
        }
    }

    /// Reads a file: JSON if it begins with a brace, else TOML.
    ///
    /// # Errors
    /// Usage, with line and column.
    pub fn parse(text: &str) -> Result<Self, Failure> {
        let parsed: Result<Self, String> = if text.trim_start().starts_with('{') {
            serde_json::from_str(text).map_err(|error| error.to_string())
        } else {
            toml::from_str(text).map_err(|error| at_line(text, &error))
        };
        let file = parsed.map_err(|error| Failure::usage("not a valid file").caused_by(error))?;
        if file.version != VERSION {
            let what = format!(
                "the file has version {}, this pgrole reads {VERSION}",
                file.version
            );
            return Err(Failure::usage(what));
        }
        Ok(file)
    }

    /// The file as text, which [`FleetFile::parse`] reads.
    ///
    /// # Errors
    /// If something in it cannot be written.
    pub fn to_text(&self, format: FleetFileFormat) -> anyhow::Result<String> {
        Ok(match format {
            FleetFileFormat::Toml => toml::to_string(self)?,
            FleetFileFormat::Json => serde_json::to_string_pretty(self)? + "\n",
        })
    }
}

/// On one line: the error's own text draws the file.
fn at_line(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().replace('\n', ", ");
    let Some(span) = error.span() else {
        return message;
    };
    let before = text.get(..span.start).unwrap_or_default();
    let line = 1 + before.matches('\n').count();
    let column = 1 + before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count();
    format!("{message} at line {line} column {column}")
}

impl fmt::Display for FleetLogin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            env,
            database,
            username,
            ..
        } = self;
        write!(formatter, "\"{username}\" on {env}/{database}")
    }
}
