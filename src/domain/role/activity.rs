//! What a role does at the moment, and what goes on after it is locked. Read by `server/activity`.

use std::fmt;

use schemars::JsonSchema;
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Session {
    /// The process ID of its backend.
    pub pid: i32,
    /// The role that logged in; null if the admin credential may not see it.
    pub username: Option<String>,
    #[serde(skip_serializing)]
    pub oid: u32,
    /// Its database; null if it has none, as replication.
    pub database: Option<String>,
    /// What kind of backend it is; null if the admin credential may not see it.
    pub backend_type: Option<String>,
    /// Its `application_name`; null if the admin credential may not see it.
    pub application_name: Option<String>,
    /// The address of its client; null for a Unix-domain socket, or if the admin credential may not see it.
    pub client: Option<String>,
    /// When it began, as RFC 3339; null if the admin credential may not see it.
    pub since: Option<String>,
    /// The replication slot that it uses; null if it uses none.
    pub slot: Option<String>,
}

/// A subscription that the role owns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SubscriptionName {
    /// The name of the subscription.
    pub name: String,
    /// The database that it is in.
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
