//! Dual logins: two roles that log in by turns and act as one owner, so that a rotation takes nothing from anybody before
//! everybody has what comes after it (docs/dual.md).
//!
//! - `new`: makes them, with their owner
//! - `copy`: what may be copied with its logins
//! - `rotate`: gives the idle one a password, and makes it the current one
//! - `convert`: makes them of a login that is there, and that again of them
//! - `retire`: keeps the outgoing one from logging in once nobody does

pub mod convert;
pub mod copy;
pub mod new;
mod password;
pub mod retire;
pub mod rotate;

use anyhow::Result;

use crate::domain::role::RoleName;
use crate::domain::role::dual_state::DualState;
use crate::run::TargetSession;
use crate::server::duals::read_dual;

/// Reads an owner and its logins.
///
/// # Errors
/// If the server cannot be queried.
pub fn read(server: &mut TargetSession<'_>, owner: &RoleName) -> Result<DualState> {
    server.read(|connection| read_dual(connection, owner))
}
