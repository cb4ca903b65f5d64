//! What one server says about its logins, and one database about their rights there. Read by `server/report`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::role::state::RoleState;

/// A cluster and its logins.
#[derive(Debug, Clone, Deserialize)]
pub struct ClusterReading {
    /// `server_version_num`.
    pub version: u32,
    /// As people write it: `16.14`.
    pub server_version: String,
    /// Who asked.
    pub session_user: String,
    pub max_connections: u32,
    pub superuser_reserved: u32,
    /// `reserved_connections`, from PostgreSQL 16 on.
    pub reserved: u32,
    /// Sessions of clients, but for the one that asked.
    pub used: u32,
    /// By name.
    pub logins: Vec<LoginReading>,
}

/// One login of a cluster.
#[derive(Debug, Clone, Deserialize)]
pub struct LoginReading {
    pub state: RoleState,
    /// Whether it is the superuser that `initdb` made.
    pub bootstrap: bool,
    /// `scram-ITERATIONS`, `md5`, `none`, `unreadable`.
    pub verifier: String,
    /// Whether its MD5 hash is that of its own name.
    pub is_name_by_md5: Option<bool>,
    /// How many sessions it has.
    pub sessions: u32,
    /// The predefined roles that it is a member of, directly or by others.
    pub predefined: Vec<String>,
}

/// What the logins can do in one database.
#[derive(Debug, Clone, Deserialize)]
pub struct RightsReading {
    /// What everybody can do there.
    pub public: PublicRights,
    pub rights: BTreeMap<String, LoginRights>,
}

/// What PUBLIC is granted.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a question that the server answered"
)]
pub struct PublicRights {
    pub creates: bool,
    pub reads: bool,
    pub writes: bool,
}

/// What a login can do in a database, by itself or as what it can become. Read as an array, in this order.
#[derive(Debug, Clone, Default, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a question that the server answered"
)]
pub struct LoginRights {
    pub connects: bool,
    pub is_superuser: bool,
    pub owns: bool,
    pub creates: bool,
    pub reads: bool,
    pub writes: bool,
    /// How many objects are granted to the login itself.
    pub direct: u64,
    /// The groups that have something which not everybody has.
    pub groups: Vec<String>,
    pub createrole: bool,
}

impl LoginRights {
    pub fn level(&self) -> MeasuredLevel {
        match self {
            Self {
                is_superuser: true, ..
            } => MeasuredLevel::Superuser,
            Self { owns: true, .. } => MeasuredLevel::Owner,
            Self {
                writes: true,
                creates: true,
                ..
            } => MeasuredLevel::Ddl,
            Self { writes: true, .. } => MeasuredLevel::Readwrite,
            Self { reads: true, .. } => MeasuredLevel::Readonly,
            _ => MeasuredLevel::None,
        }
    }

    /// What gives it the rights, in words.
    pub fn given_by(&self, public: PublicRights) -> Vec<String> {
        let mut ways = Vec::new();
        if self.is_superuser {
            ways.push("superuser".to_owned());
        } else if self.owns {
            ways.push("database owner".to_owned());
        }
        ways.extend(self.groups.iter().map(|group| format!("group {group}")));
        if self.direct > 0 && !self.is_superuser {
            ways.push(format!("{} granted directly", self.direct));
        }
        if !self.is_superuser && (public.reads || public.writes || public.creates) {
            ways.push("PUBLIC".to_owned());
        }
        ways
    }
}

impl ClusterReading {
    /// Connections that are left to logins without a privilege.
    pub fn available(&self) -> u32 {
        let reserved = self.superuser_reserved + self.reserved;
        self.max_connections.saturating_sub(reserved)
    }

    /// Whether the admin credential may read password hashes.
    pub fn reads_verifiers(&self) -> bool {
        let mut logins = self.logins.iter();
        !logins.any(|login| login.verifier == "unreadable")
    }
}
