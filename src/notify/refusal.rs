//! What a channel says that does not take a message.

use std::time::Duration;

/// Why a message was not taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRefusal {
    pub reason: String,
    /// Whether trying again soon is of no use: somebody must mend something first.
    pub is_lasting: bool,
    /// How long the channel wants to be left alone.
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
