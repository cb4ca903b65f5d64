//! An owner and its dual logins as a server has them. Read by `server/duals`.

use serde::Deserialize;

use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::definition::{DefinedSetting, RoleDefinition};
use crate::domain::role::dual_mark::DualMark;
use crate::domain::role::mark::Mark;
use crate::domain::timestamp::Timestamp;

/// Refuses a role that has two logins, or is one of them, for what does not know such roles.
///
/// # Errors
/// Usage, if it is one.
pub fn refuse_dual(role: &str, comment: Option<&str>) -> Result<(), Failure> {
    let what = match comment.and_then(|comment| comment.parse().ok()) {
        Some(Mark::Dual(_)) => {
            format!("\"{role}\" has dual logins, for which this is not possible")
        }
        Some(Mark::LoginOf(owner)) => {
            format!(
                "\"{role}\" is one of the dual logins of \"{owner}\", for which this is not possible"
            )
        }
        _ => return Ok(()),
    };
    Err(Failure::usage(what).hint(
        "convert it to a single login first: pgrole user convert -e ENV -d DATABASE NAME --single",
    ))
}

/// What a server has of an owner and its logins.
#[derive(Debug, Clone, Deserialize)]
pub struct DualState {
    /// The server's clock, as RFC 3339.
    pub clock: String,
    pub max_connections: i64,
    /// `server_version_num`, with the minor version.
    pub version: u32,
    /// The owner and the two logins, as far as they exist.
    pub roles: Vec<DualRole>,
}

/// One of the three roles.
#[derive(Debug, Clone, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are what a server says of a role, one column each"
)]
pub struct DualRole {
    pub name: RoleName,
    pub oid: u32,
    pub login: bool,
    pub comment: Option<String>,
    /// -1: no limit.
    pub connection_limit: i32,
    /// As RFC 3339; `None` if it never ends.
    pub valid_until: Option<String>,
    /// Whether it is an attribute of the role that a membership does not give.
    pub is_special: bool,
    /// Whether it has the owner's rights and may act as the owner.
    pub acts: bool,
    /// Whether the admin credential has its rights.
    pub usable: bool,
    pub settings: Vec<DefinedSetting>,
    pub sessions: u32,
    /// The databases in which it owns something.
    pub owns_in: Vec<String>,
}

impl DualState {
    pub fn role(&self, name: &RoleName) -> Option<&DualRole> {
        self.roles.iter().find(|role| role.name == *name)
    }

    /// One of the owner's roles.
    ///
    /// # Errors
    /// If it does not exist.
    pub fn require(&self, name: &RoleName) -> Result<&DualRole, Failure> {
        self.role(name).ok_or_else(|| {
            Failure::refused(format!("the dual login \"{name}\" does not exist"))
                .hint("find out who dropped it: pgrole audit list; then convert the role again")
        })
    }

    /// What the owner's comment says.
    ///
    /// # Errors
    /// If it is not that of an owner of dual logins.
    pub fn mark(&self, owner: &RoleName) -> Result<DualMark, Failure> {
        let comment = self.require(owner)?.comment.as_deref();
        match comment.and_then(|comment| comment.parse().ok()) {
            Some(Mark::Dual(mark)) => Ok(mark),
            _ => Err(Failure::refused(format!(
                "the comment on \"{owner}\" does not say which of its dual logins is current"
            ))
            .hint(format!(
                "restore it, for example: COMMENT ON ROLE \"{owner}\" IS 'pgrole: dual current=a profile=app'"
            ))),
        }
    }

    /// The server's clock.
    ///
    /// # Errors
    /// If it is not a time.
    pub fn now(&self) -> Result<Timestamp, Failure> {
        Timestamp::parse(&self.clock)
            .ok_or_else(|| Failure::new(Kind::Failed, "the server's clock is not a time"))
    }

    /// The logins that exist and are not the owner's by their comments.
    pub fn foreign(&self, owner: &RoleName) -> Vec<&DualRole> {
        let is_foreign = |role: &&DualRole| {
            let mark = role.comment.as_deref().and_then(|text| text.parse().ok());
            role.name != *owner && !matches!(mark, Some(Mark::LoginOf(of)) if of == *owner)
        };
        self.roles.iter().filter(is_foreign).collect()
    }

    /// Lets an owner's definition have what its current login has: its logins are a part of it, and no members.
    ///
    /// # Errors
    /// If the comment is not that of an owner; if the server's clock is not a time.
    pub fn fold_into(
        &self,
        definition: &mut RoleDefinition,
        owner: &RoleName,
    ) -> Result<(), Failure> {
        let mark = self.mark(owner)?;
        let current = mark.admitted().first().map(|login| login.name(owner));
        let current = current.and_then(|name| self.role(&name));
        let role = &mut definition.role;
        role.login = current.is_some_and(|login| login.login);
        definition.valid_until = current.and_then(|login| login.valid_until.clone());
        let until = definition.valid_until.as_deref().and_then(Timestamp::parse);
        let now = self.now()?;
        role.expired = until.is_some_and(|until| until <= now);
        let foreign = self.foreign(owner);
        let own = self.roles.iter().filter(|one| {
            one.acts && one.name != *owner && foreign.iter().all(|other| other.name != one.name)
        });
        let own = u64::try_from(own.count()).unwrap_or(0);
        definition.bound.members = definition.bound.members.saturating_sub(own);
        Ok(())
    }

    /// Which minor versions reset the acting role on `DISCARD ALL`, or ignore the setting (docs/dual.md, "Servers").
    pub fn warning_of_version(&self) -> Option<String> {
        let (major, minor) = (self.version / 10_000, self.version % 10_000);
        let mended = match major {
            13 => 18,
            14 => 15,
            15 => 10,
            16 => 6,
            17 => 2,
            _ => 0,
        };
        (minor < mended).then(|| {
            format!(
                "PostgreSQL {major}.{minor} does not keep the role of a session over DISCARD ALL, as poolers send it: what is made after that belongs to the login; {major}.{mended} does"
            )
        })
    }

    /// The connections that both logins may have together, if the server has not as many.
    pub fn warning_of_limit(&self, limit: i32) -> Option<String> {
        let both = 2 * i64::from(limit);
        (limit > 0 && both > self.max_connections).then(|| {
            format!(
                "during the grace time both logins may have {limit} connections each, {both} together; the server allows {} (max_connections)",
                self.max_connections
            )
        })
    }
}
