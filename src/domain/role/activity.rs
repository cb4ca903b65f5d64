//! What a role does at the moment, and what goes on after it is locked. Read by `server/activity`.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::domain::role::footprint::PreparedTransaction;
use crate::domain::role::reach::Reach;
use crate::domain::role::state::ServerState;

/// The sessions of a role, and what NOLOGIN does not stop.
#[derive(Debug, Clone, Deserialize)]
pub struct Activity {
    #[serde(flatten)]
    pub server: ServerState,
    /// `None` if there is no such role.
    pub oid: Option<u32>,
    pub reach: Reach,
    /// Whether the admin credential may end sessions of anybody but superusers.
    pub may_signal: bool,
    pub running: Vec<Session>,
    /// Sessions of others that may have become the role: the server does not say whether they have.
    pub of_members: Vec<Session>,
    pub prepared: Vec<PreparedTransaction>,
    pub subscriptions: Vec<SubscriptionName>,
    /// SECURITY DEFINER routines that the role owns in this database.
    pub definer_routines: u32,
    pub views: u32,
}

/// One session, as far as the admin credential may see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Session {
    pub pid: i32,
    pub username: Option<String>,
    #[serde(skip_serializing)]
    pub oid: u32,
    pub database: Option<String>,
    pub backend_type: Option<String>,
    pub application_name: Option<String>,
    pub client: Option<String>,
    pub since: Option<String>,
    /// The replication slot that it uses.
    pub slot: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriptionName {
    pub name: String,
    pub database: String,
}

/// A session that holds a lock which others wait for.
#[derive(Debug, Clone, Deserialize)]
pub struct Blocker {
    pub pid: i32,
    pub username: Option<String>,
    /// `None` if the admin credential may not see it.
    pub state: Option<String>,
    pub query: Option<String>,
    /// When its transaction began.
    pub since: Option<String>,
}

impl fmt::Display for Blocker {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let user = self.username.as_deref().unwrap_or("unknown");
        write!(formatter, "pid {} (\"{user}\"", self.pid)?;
        if let (Some(state), Some(query)) = (&self.state, &self.query) {
            write!(formatter, ", {state}, last: {query}")?;
        }
        if let Some(since) = &self.since {
            write!(formatter, ", in a transaction since {since}")?;
        }
        formatter.write_str(")")
    }
}
