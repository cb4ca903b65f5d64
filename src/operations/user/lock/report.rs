//! What locking a role did, and what it does not stop.

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::rehearsal::Rehearsal;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::activity::{Activity, Session, SubscriptionName};
use crate::domain::role::footprint::PreparedTransaction;
use crate::operations::user::lock::request::LockRole;

/// What locking did, and what it does not stop.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LockReport {
    /// The role.
    pub username: String,
    /// Always null.
    #[schemars(with = "Option<String>")]
    pub password: Option<()>,
    /// `user locked` or `unchanged`; of a rehearsal, `rehearsed` or `unknown: busy`.
    pub status: Status,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// How many of its sessions were ended.
    pub sessions_ended: usize,
    /// The sessions that did not end.
    pub sessions_left: Vec<Session>,
    /// Sessions of others that may have become the role; the server does not say whether they have.
    pub member_sessions: Vec<Session>,
    /// Its prepared transactions, which keep their locks.
    pub prepared: Vec<PreparedTransaction>,
    /// Replication slots that keep WAL for a client that cannot return.
    pub slots: Vec<String>,
    /// The subscriptions that it owns: replication stops once their worker ends.
    pub subscriptions: Vec<SubscriptionName>,
    /// How many SECURITY DEFINER routines of the database still run as it.
    pub definer_routines: u32,
    /// How many views of the database still read as it.
    pub views: u32,
    /// The SQL that would run.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statements: Option<Vec<String>>,
    /// What the server said of the statements in a transaction that was rolled back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rehearsal: Option<Rehearsal>,
    /// What needs attention although the operation succeeded.
    pub warnings: Vec<String>,
}

impl LockReport {
    pub fn new(wanted: &LockRole<'_>, found: &Activity) -> Self {
        let target = wanted.target;
        let slots = found.running.iter().filter_map(|one| one.slot.clone());
        Self {
            username: wanted.role.to_string(),
            password: None,
            status: Status::Unchanged,
            hostname: target.hostname.to_string(),
            database: target.database.to_string(),
            port: target.port.to_string(),
            env: target.env.to_string(),
            sessions_ended: 0,
            sessions_left: Vec::new(),
            member_sessions: found.of_members.clone(),
            prepared: found.prepared.clone(),
            slots: slots.collect(),
            subscriptions: found.subscriptions.clone(),
            definer_routines: found.definer_routines,
            views: found.views,
            statements: None,
            rehearsal: None,
            warnings: Vec::new(),
        }
    }

    /// What goes on although the role cannot log in.
    pub fn warn(&mut self, role: &RoleName) {
        let mut warnings = Vec::new();
        if !self.member_sessions.is_empty() {
            warnings.push(format!(
                "{} may have become \"{role}\" by SET ROLE, which the server does not show: {}; to end them too, add --members",
                counted(self.member_sessions.len(), "session of a member", "sessions of members"),
                pids(&self.member_sessions)
            ));
        }
        for prepared in &self.prepared {
            warnings.push(format!(
                "prepared transaction '{gid}' in database \"{}\" keeps its locks; as a superuser or as \"{role}\", in that database: ROLLBACK PREPARED '{gid}'",
                prepared.database,
                gid = prepared.gid.replace('\'', "''")
            ));
        }
        for slot in &self.slots {
            warnings.push(format!(
                "replication slot \"{slot}\" keeps WAL for a client that cannot return"
            ));
        }
        for subscription in &self.subscriptions {
            warnings.push(format!(
                "subscription \"{}\" in database \"{}\" belongs to \"{role}\": once its worker ends, replication stops until the role is unlocked",
                subscription.name, subscription.database
            ));
        }
        if self.definer_routines > 0 {
            warnings.push(format!(
                "{} of \"{role}\" in this database still run as it",
                counted(
                    self.definer_routines as usize,
                    "SECURITY DEFINER routine",
                    "SECURITY DEFINER routines"
                )
            ));
        }
        self.warnings.extend(warnings);
    }

    /// The failure that the sessions that are left are.
    pub fn failure(&self) -> Option<Failure> {
        if self.sessions_left.is_empty() {
            return None;
        }
        let what = format!(
            "\"{}\" cannot log in any more, but {} did not end: {}",
            self.username,
            counted(self.sessions_left.len(), "session", "sessions"),
            pids(&self.sessions_left)
        );
        Some(Failure::new(Kind::Failed, what).hint(
            "end them on the server: SELECT pg_terminate_backend(PID), or run the command again",
        ))
    }
}

fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { many })
}

fn pids(sessions: &[Session]) -> String {
    let shown = sessions.iter().map(|session| {
        let user = session.username.as_deref().unwrap_or("?");
        format!("{} (\"{user}\")", session.pid)
    });
    shown.collect::<Vec<_>>().join(", ")
}
