//! What a message says of access with an end.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The access that a message is about.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BoxNote {
    /// The ID of the grant.
    pub id: String,
    /// The access level.
    pub level: String,
    /// Why it was granted, or extended.
    pub reason: String,
    /// When it ends, as RFC 3339; null if that is not known.
    pub ends_at: Option<String>,
    /// How many seconds after that it ended; null if it did not, or before.
    pub late_seconds: Option<i64>,
    /// What else is to be known: sessions that were ended, or are left; who else was a member; what happened by another hand.
    pub remarks: Vec<String>,
}

impl BoxNote {
    /// The facts that a person wants to know, as labels and texts.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        let level = &self.level;
        facts.push((
            "access",
            match &self.ends_at {
                Some(end) => format!("{level} until {end}"),
                None => level.clone(),
            },
        ));
        if !self.reason.is_empty() {
            facts.push(("reason", self.reason.clone()));
        }
        if let Some(late) = self.late_seconds {
            facts.push(("late", format!("{late} s")));
        }
        for remark in &self.remarks {
            facts.push(("remark", remark.clone()));
        }
        facts.push(("grant", self.id.clone()));
        facts
    }
}
