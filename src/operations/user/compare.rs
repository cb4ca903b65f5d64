//! `user compare`: what two roles differ in, on one target or on two.

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::comparison::{RoleDifference, compare};
use crate::domain::target::Target;
use crate::operations::user::reading::read_role;
use crate::run::Run;

/// A role to compare.
pub struct RoleOnTarget {
    pub target: Target,
    pub role: RoleName,
}

/// Two roles beside each other.
#[derive(Debug, Serialize, JsonSchema)]
pub struct RoleComparison {
    /// The role that was named first.
    pub left: ComparedRole,
    /// The role that was named second.
    pub right: ComparedRole,
    /// What they differ in; empty if they are alike.
    pub differences: Vec<RoleDifference>,
}

/// Which role was compared.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ComparedRole {
    /// The role.
    pub username: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The database of the target.
    pub database: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The environment of the target.
    pub env: String,
    /// The major version of the server.
    pub server_version: u32,
}

/// Reads both roles, and compares them.
///
/// # Errors
/// Not found, if one of them does not exist; the servers' errors.
pub fn compare_roles(
    run: &Run,
    left: &RoleOnTarget,
    right: &RoleOnTarget,
) -> Result<RoleComparison> {
    let read = |one: &RoleOnTarget| read_role(run, Operation::UserCompare, &one.target, &one.role);
    let (one, other) = (read(left)?, read(right)?);
    Ok(RoleComparison {
        left: left.described(one.definition.version),
        right: right.described(other.definition.version),
        differences: compare(one.compared(), other.compared()),
    })
}

impl RoleOnTarget {
    /// `NAME@ENV/DATABASE`, as the command line names it.
    pub fn name(&self) -> String {
        format!("{}@{}", self.role, self.target.name())
    }

    fn described(&self, version: u32) -> ComparedRole {
        ComparedRole {
            username: self.role.to_string(),
            hostname: self.target.hostname.to_string(),
            database: self.target.database.to_string(),
            port: self.target.port.to_string(),
            env: self.target.env.to_string(),
            server_version: version / 10_000,
        }
    }
}

impl ComparedRole {
    /// `NAME@ENV/DATABASE`, as the command line names it.
    pub fn name(&self) -> String {
        format!("{}@{}/{}", self.username, self.env, self.database)
    }
}

impl RoleComparison {
    /// Whether they are alike.
    ///
    /// # Errors
    /// Differences, if they are not.
    pub fn outcome(&self) -> Result<(), Failure> {
        let count = match self.differences.len() {
            0 => return Ok(()),
            1 => "1 difference".to_owned(),
            count => format!("{count} differences"),
        };
        let (left, right) = (self.left.name(), self.right.name());
        Err(Failure::new(
            Kind::Differences,
            format!("{count} between {left} and {right}"),
        ))
    }
}
