//! What an event is about, and what is known about it once it is written.

use crate::domain::audit::anchor::Anchor;

/// What an act is about.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    pub env: Option<String>,
    pub database: Option<String>,
    pub hostname: Option<String>,
    pub port: Option<u16>,
    pub username: Option<String>,
    pub profile: Option<String>,
    /// Why it is done, in the operator's words.
    pub reason: Option<String>,
    /// The targets of an act on several, as `ENV/DATABASE`; empty for an act on one.
    pub targets: Vec<String>,
}

/// An event that was inserted, permanently once its transaction is committed.
#[derive(Debug, Clone)]
pub struct RecordedEvent {
    pub anchor: Anchor,
    pub operation_id: String,
    /// Whether it is an outcome, not an intent.
    pub is_end: bool,
    pub operation: String,
    pub subject: Subject,
    pub status: String,
    pub error: Option<String>,
    pub os_user: String,
}
