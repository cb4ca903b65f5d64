//! Messages to people elsewhere: what happened to what, in words that every channel can show.

use std::collections::BTreeMap;
use std::fmt;
use std::iter::Sum;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::access::boxes::BoxNote;

/// How many roles a summary names; more are counted.
const MOST_NAMED: usize = 20;
/// How much of an error is passed on, in characters.
const LONGEST_ERROR: usize = 500;

/// What a message may report. The words are those of the results, if there is a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EventKind {
    UserCreated,
    UserAlreadyExists,
    AccessGranted,
    AccessRevoked,
    /// The end of access is another one.
    AccessExtended,
    AccessExpired,
    /// Access with an end is gone through another hand.
    AccessRemoved,
    /// Somebody else has access through what was granted to a login.
    AccessStranger,
    /// Access whose end has come could not be ended.
    AccessNotExpired,
    PasswordReset,
    SearchPathUpdated,
    UserChanged,
    UserCloned,
    UserDropped,
    UserLocked,
    UserRenamed,
    UserUnlocked,
    /// A change to a role that failed.
    OperationFailed,
    /// A password was changed, and was not delivered.
    PasswordUndelivered,
    RotationFinished,
    RotationFailed,
    /// Roles whose VALID UNTIL is near.
    Expiring,
}

impl EventKind {
    pub const ALL: [Self; 22] = [
        Self::UserCreated,
        Self::UserAlreadyExists,
        Self::AccessGranted,
        Self::AccessRevoked,
        Self::AccessExtended,
        Self::AccessExpired,
        Self::AccessRemoved,
        Self::AccessStranger,
        Self::AccessNotExpired,
        Self::PasswordReset,
        Self::SearchPathUpdated,
        Self::UserChanged,
        Self::UserCloned,
        Self::UserDropped,
        Self::UserLocked,
        Self::UserRenamed,
        Self::UserUnlocked,
        Self::OperationFailed,
        Self::PasswordUndelivered,
        Self::RotationFinished,
        Self::RotationFailed,
        Self::Expiring,
    ];

    pub fn as_str(self) -> &'static str {
        match self {
            Self::UserCreated => "user created",
            Self::UserAlreadyExists => "user already exists",
            Self::AccessGranted => "access granted",
            Self::AccessRevoked => "access revoked",
            Self::AccessExtended => "access extended",
            Self::AccessExpired => "access expired",
            Self::AccessRemoved => "access removed",
            Self::AccessStranger => "access stranger",
            Self::AccessNotExpired => "access not expired",
            Self::PasswordReset => "password reset",
            Self::SearchPathUpdated => "search_path updated",
            Self::UserChanged => "user changed",
            Self::UserCloned => "user cloned",
            Self::UserDropped => "user dropped",
            Self::UserLocked => "user locked",
            Self::UserRenamed => "user renamed",
            Self::UserUnlocked => "user unlocked",
            Self::OperationFailed => "operation failed",
            Self::PasswordUndelivered => "password undelivered",
            Self::RotationFinished => "rotation finished",
            Self::RotationFailed => "rotation failed",
            Self::Expiring => "expiring",
        }
    }
}

/// A message before it is recorded, which adds its id, its time and its place in the audit log.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The channel that it goes to.
    pub channel: String,
    pub event: EventKind,
    pub error: Option<String>,
    pub rotation: Option<Tally>,
    pub roles: Vec<RoleNote>,
    /// The access with an end that it is about.
    pub access: Option<BoxNote>,
}

/// How many roles of a rotation ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tally {
    /// Selected roles whose password is old enough.
    pub due: usize,
    /// Roles whose password was changed.
    pub rotated: usize,
    /// Roles whose rotation failed.
    pub failed: usize,
    /// Due, but unable to use a password.
    pub skipped: usize,
    /// No longer on their servers.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub gone: usize,
    /// Due, but not begun.
    pub left: usize,
}

/// A role that a summary names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RoleNote {
    /// The role.
    pub username: String,
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The port, as text.
    pub port: String,
    /// Whether VALID UNTIL is near or past; absent unless that is what the message is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Validity>,
    /// When the password expires, as RFC 3339; absent unless that is what the message is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<String>,
    /// Why it failed; absent if it did not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// Whether a VALID UNTIL is near or past.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Validity {
    /// VALID UNTIL is near.
    Expiring,
    /// VALID UNTIL has passed.
    Expired,
}

impl Validity {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Expiring => "expiring",
            Self::Expired => "expired",
        }
    }
}

/// A record that a channel was notified of a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpiryNotice {
    pub channel: String,
    pub hostname: String,
    pub port: String,
    pub username: String,
    pub valid_until: String,
    pub status: String,
}

impl ExpiryNotice {
    /// Whether the notice already says this about a role.
    pub fn is_of(&self, channel: &str, role: &RoleNote) -> bool {
        self.channel == channel
            && self.hostname == role.hostname
            && self.port == role.port
            && self.username == role.username
            && role.valid_until.as_ref() == Some(&self.valid_until)
            && role.status.map(Validity::as_str) == Some(self.status.as_str())
    }
}

/// A message as it is stored and sent. It contains no password, and nothing that one could be derived from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// The same however often the message is sent: a receiver can drop duplicates.
    pub id: String,
    /// The event, one of those that a channel can choose.
    pub event: String,
    /// The message in one line.
    pub summary: String,
    /// When it happened, as RFC 3339.
    pub at: String,
    /// The environment of the target; null if it is not about one target.
    pub env: Option<String>,
    /// The database of the target; null if it is not about one target.
    pub database: Option<String>,
    /// The host of the target; null if it is not about one target.
    pub hostname: Option<String>,
    /// The port, as text; null if it is not about one target.
    pub port: Option<String>,
    /// The role; null if it is not about one role.
    pub username: Option<String>,
    /// The profile of the role; null if it has none.
    pub profile: Option<String>,
    /// What failed; null if nothing did.
    pub error: Option<String>,
    /// How many roles of a rotation ended how; absent from other messages.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rotation: Option<Tally>,
    /// The first 20 roles that the message is about; absent if there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<RoleNote>,
    /// The access with an end that the message is about; absent from other messages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<BoxNote>,
    /// The operation, as in the audit log.
    pub operation: String,
    /// The ID of the operation, as in the audit log.
    pub operation_id: String,
    /// The user of the operating system who ran pgrole.
    pub operator: String,
    /// The machine that pgrole ran on.
    pub host: String,
    /// The newest event of the audit log that the message is about, as `SEQUENCE:HASH`; null if there is none.
    pub audit_anchor: Option<String>,
    /// The version of pgrole.
    pub version: String,
}

impl Message {
    /// What the message is about, in a few words.
    pub fn subject(&self) -> String {
        if let Some(tally) = &self.rotation {
            return tally.to_string();
        }
        if !self.roles.is_empty() {
            return match self.roles.len() {
                1 => "1 role".to_owned(),
                count => format!("{count} roles"),
            };
        }
        let target = match (&self.env, &self.database) {
            (Some(env), Some(database)) => Some(format!("{env}/{database}")),
            _ => None,
        };
        match (&self.username, target) {
            (Some(username), Some(target)) => format!("{username} on {target}"),
            (Some(username), None) => username.clone(),
            (None, Some(target)) => target,
            (None, None) => format!("from {}", self.host),
        }
    }

    /// The other facts that a person wants to know, as labels and texts. The texts may come from servers and operators:
    /// each channel escapes them.
    pub fn facts(&self) -> Vec<(&'static str, String)> {
        let mut facts = Vec::new();
        if let (Some(hostname), Some(port)) = (&self.hostname, &self.port) {
            facts.push(("server", format!("{hostname}:{port}")));
        }
        if let Some(profile) = &self.profile {
            facts.push(("profile", profile.clone()));
        }
        if let Some(access) = &self.access {
            facts.extend(access.facts());
        }
        if let Some(error) = &self.error {
            facts.push(("error", shortened(error)));
        }
        for role in self.roles.iter().take(MOST_NAMED) {
            facts.push(role.fact());
        }
        if let Some(more @ 1..) = self.roles.len().checked_sub(MOST_NAMED) {
            facts.push(("more", format!("{more} not named here")));
        }
        facts.push((
            "operation",
            format!("{} {}", self.operation, self.operation_id),
        ));
        facts.push(("operator", format!("{} on {}", self.operator, self.host)));
        facts.push(("at", self.at.clone()));
        if let Some(anchor) = &self.audit_anchor {
            facts.push(("audit anchor", anchor.clone()));
        }
        facts
    }
}

#[allow(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde hands over a reference"
)]
fn is_zero(count: &usize) -> bool {
    *count == 0
}

impl Sum for Tally {
    fn sum<I: Iterator<Item = Self>>(tallies: I) -> Self {
        tallies.fold(Self::default(), |sum, tally| Self {
            due: sum.due + tally.due,
            rotated: sum.rotated + tally.rotated,
            failed: sum.failed + tally.failed,
            skipped: sum.skipped + tally.skipped,
            gone: sum.gone + tally.gone,
            left: sum.left + tally.left,
        })
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            due,
            rotated,
            failed,
            skipped,
            gone,
            left,
        } = self;
        write!(formatter, "{due} due, {rotated} rotated, {failed} failed")?;
        if *skipped > 0 {
            write!(formatter, ", {skipped} skipped")?;
        }
        if *gone > 0 {
            write!(formatter, ", {gone} gone")?;
        }
        write!(formatter, ", {left} left")
    }
}

impl RoleNote {
    fn fact(&self) -> (&'static str, String) {
        let Self {
            username,
            env,
            database,
            ..
        } = self;
        let place = format!("{username} on {env}/{database}");
        match (&self.error, &self.valid_until) {
            (Some(error), _) => ("failed", format!("{place}: {}", shortened(error))),
            (None, Some(until)) => {
                let status = self.status.unwrap_or(Validity::Expiring);
                (status.as_str(), format!("{place}: {until}"))
            }
            (None, None) => ("role", place),
        }
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(LONGEST_ERROR) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Escapes what would break a line, or change what a reader sees.
pub fn on_one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_invisible(letter) {
            line.extend(letter.escape_default());
        } else {
            line.push(letter);
        }
    }
    line
}

/// Line and paragraph separators, and characters that change the direction of text (Unicode, UAX 9).
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// What an operation announces beside its own outcome: roles, and a rotation's tallies by environment.
#[derive(Debug, Clone, Default)]
pub struct Announcement {
    pub rotation: Option<BTreeMap<String, Tally>>,
    pub roles: Vec<RoleNote>,
    /// The access with an end that the act is about: its status says the event.
    pub access: Option<BoxNote>,
    /// Which channels were notified of these roles before.
    pub told: Vec<ExpiryNotice>,
}
