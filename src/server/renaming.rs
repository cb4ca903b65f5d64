//! Reads a role that is to get another name, its password's kind as far as that can be seen, and whether the name is free.

use anyhow::Result;
use serde::Deserialize;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::state::{RoleState, ServerState};
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::described;
use crate::server::statements::session_name;
use crate::wire::connection::{Connection, NameEncoding};

const READ_RENAMING: &str = concat!(
    "WITH",
    described!("r.rolname = $1::text OR r.rolname = $4::text OR r.rolname = current_user"),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/verifier.sql"),
    ",",
    include_str!("sql/token.sql"),
    ",",
    include_str!("sql/surroundings.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ",",
    include_str!("sql/name.sql"),
    ", 'taken', (SELECT state FROM described WHERE rolname = $4::text))"
);

/// The server, the role under its old name, and whoever has the new one.
#[derive(Debug, Deserialize)]
pub struct Renaming {
    #[serde(flatten)]
    pub server: ServerState,
    pub taken: Option<RoleState>,
}

/// Reads what renaming a role needs. The session is named after the operation, so that recovery finds it.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_renaming(
    connection: &mut Connection,
    (role, to): (&RoleName, &RoleName),
    operation_id: &str,
) -> Result<Guarded<Renaming>> {
    let name = session_name(operation_id);
    let process = connection.promised_process();
    read_names(
        connection,
        ("the role to rename", READ_RENAMING),
        &[
            (&role.as_str(), Type::TEXT),
            (&name.as_str(), Type::TEXT),
            (&process, Type::INT4),
            (&to.as_str(), Type::TEXT),
        ],
        NameEncoding::OfCluster,
    )
}
