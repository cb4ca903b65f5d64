//! Reads what a role does at the moment, and what goes on after it is locked: one statement, one JSON value.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::activity::{Activity, Blocker};
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::role_and_admin;
use crate::wire::connection::{Connection, NameEncoding};

const READ_ACTIVITY: &str = concat!(
    "WITH RECURSIVE",
    role_and_admin!(),
    ",",
    include_str!("sql/activity_tables.sql"),
    ",",
    include_str!("sql/reach_tables.sql"),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/activity.sql"),
    ")"
);

/// Reads the sessions of a role and of those who may become it, and what NOLOGIN does not stop.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_activity(connection: &mut Connection, role: &RoleName) -> Result<Guarded<Activity>> {
    read_names(
        connection,
        ("the role's sessions", READ_ACTIVITY),
        &[(&role.as_str(), Type::TEXT)],
        NameEncoding::OfDatabase,
    )
}

/// Reads which sessions hold locks in this database on tables that depend on a role: who waited for one of them can no
/// longer be seen to.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_blockers(
    connection: &mut Connection,
    role: &RoleName,
) -> Result<Guarded<Vec<Blocker>>> {
    read_names(
        connection,
        ("what stands in the way", include_str!("sql/blockers.sql")),
        &[(&role.as_str(), Type::TEXT)],
        NameEncoding::OfDatabase,
    )
}
