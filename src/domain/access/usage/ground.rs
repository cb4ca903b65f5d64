//! What a database says about the names in statements: which of them may run code, and which belong to which schema.
//! Read by `server/usage`.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde::Deserialize;

use crate::domain::access::AccessLevel;
use crate::domain::role::RoleName;

/// One reading of a database: its logins with access, and what their statements are judged by.
#[derive(Debug, Clone, Deserialize)]
pub struct UsageGround {
    pub version: u32,
    /// The server's clock, as RFC 3339.
    pub now: String,
    pub in_recovery: bool,
    /// Settings by name: those that the server has and the admin credential may read.
    pub settings: BTreeMap<String, String>,
    pub overrides: Vec<Override>,
    /// Where the extension's objects are; `None` if the database does not have it.
    pub statistics: Option<StatisticsExtension>,
    /// Whether the admin credential may read others' statements.
    pub may_read_statements: bool,
    pub logins: Vec<Holder>,
    /// The access groups that exist, by OID.
    pub groups: Vec<(u32, RoleName)>,
    pub callables: Callables,
    /// The names of tables, sequences, routines and the like, by the schemas that access is granted in.
    pub schemas: BTreeMap<String, HashSet<String>>,
}

/// A setting of statement logging that a role or the database has for itself.
#[derive(Debug, Clone, Deserialize)]
pub struct Override {
    /// `None` if it is of all roles.
    pub role: Option<RoleName>,
    pub setting: String,
}

/// The extension `pg_stat_statements`.
#[derive(Debug, Clone, Deserialize)]
pub struct StatisticsExtension {
    pub schema: String,
    /// Whether its functions are the extension's own, in C.
    pub is_genuine: bool,
    /// Whether it says since when it counts (1.9, PostgreSQL 14).
    pub tells_since: bool,
}

/// A login that is a member of an access group.
#[derive(Debug, Clone, Deserialize)]
pub struct Holder {
    pub oid: u32,
    pub name: RoleName,
    /// The highest.
    pub level: AccessLevel,
    /// How many objects of the database it owns: others use them with its rights.
    pub owned: u64,
    pub subscriptions: u64,
    /// How many policies of row security let it see or change rows as a member of a group above readonly.
    pub policies: u64,
    /// The roles that have its rights.
    pub members: Vec<RoleName>,
}

/// What may run code that a statement does not show.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Callables {
    /// Routines of the database's own whose effects are not known.
    pub routines: HashSet<String>,
    /// Routines of the server that are volatile.
    pub volatile: HashSet<String>,
    pub operators: HashSet<String>,
    /// Whether a cast runs a routine of the database's own.
    pub has_casts: bool,
    /// What reading a view, a table with policies or a value of a domain runs, by its name.
    pub definitions: Vec<Definition>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct Definition {
    pub name: String,
    pub sql: String,
    /// Whether the reader needs the rights on what it names.
    pub is_invokers: bool,
}

/// Volatile routines of the server that change nothing which a level protects.
const HARMLESS: [&str; 33] = [
    "array_sample",
    "array_shuffle",
    "bernoulli",
    "clock_timestamp",
    "current_query",
    "currval",
    "gen_random_uuid",
    "lastval",
    "pg_blocking_pids",
    "pg_current_wal_lsn",
    "pg_database_size",
    "pg_indexes_size",
    "pg_is_in_recovery",
    "pg_last_wal_replay_lsn",
    "pg_last_xact_replay_timestamp",
    "pg_lock_status",
    "pg_notification_queue_usage",
    "pg_notify",
    "pg_partition_ancestors",
    "pg_partition_tree",
    "pg_relation_size",
    "pg_sleep",
    "pg_sleep_for",
    "pg_sleep_until",
    "pg_table_size",
    "pg_tablespace_size",
    "pg_total_relation_size",
    "random",
    "random_normal",
    "setseed",
    "system",
    "timeofday",
    "uuidv4",
];

/// Those that need more than readonly.
const WRITING: [&str; 2] = ["nextval", "setval"];

/// What a call comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    Harmless,
    Writes,
    Unclear,
}

impl Callables {
    /// What calling this name comes to; one that the database does not have calls nothing.
    pub(super) fn call(&self, name: &str) -> Call {
        let is_harmless = HARMLESS.contains(&name)
            || name == "uuidv7"
            || name.starts_with("pg_advisory_")
            || name.starts_with("pg_try_advisory_");
        if WRITING.contains(&name) {
            Call::Writes
        } else if self.volatile.contains(name) && !is_harmless {
            Call::Unclear
        } else {
            Call::Harmless
        }
    }
}

impl UsageGround {
    /// Finds which definitions run something unclear, themselves or by others that they name, and counts their names
    /// among the unclear ones.
    pub fn settle(&mut self, is_clear: impl Fn(&Callables, &str) -> bool) {
        loop {
            let callables = &self.callables;
            let unclear: BTreeSet<String> = callables
                .definitions
                .iter()
                .filter(|one| {
                    !callables.routines.contains(&one.name) && !is_clear(callables, &one.sql)
                })
                .map(|one| one.name.clone())
                .collect();
            if unclear.is_empty() {
                return;
            }
            self.callables.routines.extend(unclear);
        }
    }
}
