//! What can have happened to an event of the audit log since it was written.

use schemars::JsonSchema;
use serde::Serialize;

/// The first event that is not as it was written.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The event's ID.
    pub event: i64,
    pub what: Break,
    pub message: String,
}

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Break {
    /// Its content does not match its hash.
    Altered,
    /// Its hash matches its content, but other events, or an anchor, refer to another event.
    Replaced,
    /// It was removed.
    Missing,
    /// It has no hash: another program inserted it.
    Unhashed,
    /// It is intact, but nothing protects it from being altered.
    Unprotected,
}

impl Broken {
    /// Events that are not there.
    pub(super) fn missing(first: i64, last: i64) -> Self {
        let message = if first < last {
            format!("events {first} to {last} are missing")
        } else {
            format!("event {first} is missing")
        };
        Self {
            event: first,
            what: Break::Missing,
            message,
        }
    }
}
