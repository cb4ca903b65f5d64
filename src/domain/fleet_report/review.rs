//! A reviewer's decision on a login.

use std::fmt;
use std::str::FromStr;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::choice;
use crate::domain::failure::Failure;

/// What a reviewer decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// It stays as it is
    Keep,
    /// It stays, with other rights
    Change,
    /// It goes
    Remove,
}

impl Decision {
    const ALL: [Self; 3] = [Self::Keep, Self::Change, Self::Remove];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Keep => "keep",
            Self::Change => "change",
            Self::Remove => "remove",
        }
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl FromStr for Decision {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let mut all = Self::ALL.into_iter();
        let wanted = text.trim().to_lowercase();
        all.find(|one| one.as_str() == wanted).ok_or_else(|| {
            let known = Self::ALL.map(Self::as_str);
            let hint = choice::did_you_mean(&wanted, known.iter().copied());
            let failure = Failure::usage(choice::unknown("decision", text, &known));
            match hint {
                Some(hint) => failure.hint(hint),
                None => failure,
            }
        })
    }
}

/// A decision on one login of one target, as it is on record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    pub cluster_id: String,
    pub username: String,
    pub env: String,
    pub database: String,
    pub decision: Decision,
    pub reason: Option<String>,
    pub owner: Option<String>,
    pub reviewed_by: String,
    pub reviewed_at: String,
}
