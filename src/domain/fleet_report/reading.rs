//! What one server says about its logins, and one database about their rights there. Read by `server/report`.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::access::boxes::{BoxComment, FoundBox};
use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::{DualLogin, DualMark};
use crate::domain::role::mark::Mark;
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
    /// The grants with an end.
    pub boxes: Vec<FoundBox>,
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

    /// What gives it the rights, in words, as are those for its groups.
    pub fn given_by(&self, public: PublicRights, groups: Vec<String>) -> Vec<String> {
        let mut ways = Vec::new();
        if self.is_superuser {
            ways.push("superuser".to_owned());
        } else if self.owns {
            ways.push("database owner".to_owned());
        }
        ways.extend(groups);
        if self.direct > 0 && !self.is_superuser {
            ways.push(format!("{} granted directly", self.direct));
        }
        if !self.is_superuser && (public.reads || public.writes || public.creates) {
            ways.push("PUBLIC".to_owned());
        }
        ways
    }
}

/// One of the dual logins of an owner.
#[derive(Debug)]
pub struct DualOf<'a> {
    pub owner: &'a LoginReading,
    pub mark: DualMark,
    pub login: DualLogin,
}

impl DualOf<'_> {
    /// Whether it is the one whose password was delivered last.
    pub fn is_current(&self) -> bool {
        self.mark.current == Some(self.login)
    }
}

impl LoginReading {
    /// What its comment says as the owner of dual logins.
    pub fn dual_mark(&self) -> Option<DualMark> {
        match self.state.mark() {
            Some(Mark::Dual(mark)) => Some(mark),
            _ => None,
        }
    }
}

impl ClusterReading {
    /// The logins, without owners whose dual logins log in instead of them.
    pub fn accounts(&self) -> impl Iterator<Item = &LoginReading> {
        let mut logins = self.logins.iter();
        std::iter::from_fn(move || {
            logins.find(|login| login.state.login || login.dual_mark().is_none())
        })
    }

    /// Whose dual login it is: both comments and both names say so.
    pub fn dual_of(&self, login: &LoginReading) -> Option<DualOf<'_>> {
        let (name, owner) = match login.state.mark()? {
            Mark::LoginOf(owner) => (&login.state.name, owner),
            Mark::Dual(_) => (&login.state.name, RoleName::from_server(&login.state.name)),
            _ => return None,
        };
        let of_owner = |one: &&LoginReading| one.state.name == owner.as_str();
        let found = self.logins.iter().find(of_owner)?;
        Some(DualOf {
            owner: found,
            mark: found.dual_mark()?,
            login: DualLogin::of_name(&owner, &RoleName::from_server(name))?,
        })
    }

    /// The grants with an end in force, by the names of their roles.
    pub fn find_box(&self, role: &str) -> Option<(&FoundBox, BoxComment)> {
        let found = self
            .boxes
            .iter()
            .find(|found| found.name.as_str() == role)?;
        let comment = found.read_comment()?;
        found.plain.then_some((found, comment))
    }

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
