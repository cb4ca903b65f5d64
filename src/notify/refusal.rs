//! Why a channel did not accept a message.

use std::time::Duration;

/// Why a message was not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRefusal {
    pub reason: String,
    /// Whether retrying soon is useless, because somebody must fix something first.
    pub is_lasting: bool,
    /// How long the channel asks to wait before the next try.
    pub retry_after: Option<Duration>,
}

impl MessageRefusal {
    pub fn passing(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
            is_lasting: false,
            retry_after: None,
        }
    }

    pub fn lasting(reason: impl Into<String>) -> Self {
        Self {
            is_lasting: true,
            ..Self::passing(reason)
        }
    }
}
