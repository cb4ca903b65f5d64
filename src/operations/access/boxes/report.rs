//! The row of a grant with an end.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::boxes::{BoxComment, BoxId, FoundBox};
use crate::domain::role::RoleName;
use crate::domain::role::activity::Session;
use crate::domain::target::Target;
use crate::store::BoxRow;

/// Where a grant with an end stands, or what became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum BoxStatus {
    /// Its end has come, and it could not be ended.
    #[serde(rename = "not expired yet")]
    NotExpired,
    /// Its server could not be reached; its end is yet to come, as far as is known.
    Unknown,
    Open,
    /// It has ended, and its role is kept until that is reported.
    Ended,
    Expired,
    /// It was gone, or had no member, by another hand.
    Removed,
    Revoked,
    Extended,
    /// It was found on its server after the command that granted it had been cut off.
    Granted,
    /// The command that was to grant it was cut off before it did.
    #[serde(rename = "not granted")]
    NotGranted,
}

/// A grant with an end.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct BoxReport {
    /// The ID of the grant, which is that of its operation in the audit log.
    pub id: BoxId,
    /// The login that has the access.
    pub username: String,
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The access level; null if only the audit log knows of the grant.
    pub access: Option<String>,
    /// Where it stands, or what became of it.
    pub status: BoxStatus,
    /// When it ends, by the server's clock, as RFC 3339; null if it has no end any more, or that is not known.
    pub ends_at: Option<String>,
    /// Seconds until then, by the server's clock if that was reached; negative if it is past; null if it is not known.
    pub seconds_left: Option<i64>,
    /// How many seconds after its end it was dropped; null if it was not, or before.
    pub late_seconds: Option<i64>,
    /// Why it was granted.
    pub reason: Option<String>,
    /// The user of the operating system who granted it; null if that is not known.
    pub granted_by: Option<String>,
    /// When it was granted, by the server's clock; null if that is not known.
    pub granted_at: Option<String>,
    /// Other members of its role, who have the access too.
    pub strangers: Vec<RoleName>,
    /// How many sessions of the login were ended.
    pub sessions_ended: usize,
    /// The sessions that did not end.
    pub sessions_left: Vec<Session>,
    /// What needs attention.
    pub warnings: Vec<String>,
    /// The SQL that would run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<String>>,
    /// Why it could not be ended, or its server not be asked; null if it could.
    pub error: Option<String>,
}

impl BoxReport {
    /// As it was found on a server.
    pub fn found(
        target: &Target,
        (id, found, comment): (&BoxId, &FoundBox, &BoxComment),
        status: BoxStatus,
    ) -> Self {
        let user = found.user.as_ref().unwrap_or(&comment.user);
        #[allow(
            clippy::cast_possible_truncation,
            reason = "a server's times are within 300,000 years"
        )]
        let seconds_left = found.seconds_left.map(|left| left.floor() as i64);
        Self {
            id: id.clone(),
            username: user.to_string(),
            env: target.env.to_string(),
            database: target.database.to_string(),
            hostname: target.hostname.to_string(),
            port: target.port.to_string(),
            access: Some(comment.level.to_string()),
            status,
            ends_at: found.until.clone(),
            seconds_left,
            late_seconds: None,
            reason: Some(comment.reason.clone()),
            granted_by: Some(comment.by.clone()),
            granted_at: Some(comment.granted.clone()),
            strangers: found.strangers(comment),
            sessions_ended: 0,
            sessions_left: Vec::new(),
            warnings: Vec::new(),
            statements: None,
            error: None,
        }
    }

    /// As this machine knows it.
    pub fn remembered(row: &BoxRow, status: BoxStatus) -> Self {
        Self {
            id: row.id.clone(),
            username: row.username.clone(),
            env: row.env.clone(),
            database: row.database.clone(),
            hostname: row.hostname.clone(),
            port: row.port.clone(),
            access: row.level.clone(),
            status,
            ends_at: row.ends_at.clone(),
            seconds_left: None,
            late_seconds: None,
            reason: row.reason.clone(),
            granted_by: None,
            granted_at: None,
            strangers: Vec::new(),
            sessions_ended: 0,
            sessions_left: Vec::new(),
            warnings: Vec::new(),
            statements: None,
            error: None,
        }
    }
}
