//! Reads what a copy of a role would find on its server: the groups, parameters and databases that it needs.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::copy::{CopyGround, CopyNeeds};
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::role_and_admin;
use crate::server::statements::session_name;
use crate::wire::connection::{Connection, NameEncoding};

const READ_COPY_GROUND: &str = concat!(
    "WITH",
    role_and_admin!(),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/surroundings.sql"),
    ",",
    include_str!("sql/timeline.sql"),
    ",",
    include_str!("sql/name.sql"),
    ",",
    include_str!("sql/copy_ground.sql"),
    ")"
);

/// Reads the server's state, the copy itself if it exists, and what is there of what it needs. The session is named after
/// the operation, so that recovery finds it.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_copy_ground(
    connection: &mut Connection,
    copy: &RoleName,
    needs: &CopyNeeds,
    operation_id: &str,
) -> Result<Guarded<CopyGround>> {
    let name = session_name(operation_id);
    let process = connection.promised_process();
    read_names(
        connection,
        ("the role to copy", READ_COPY_GROUND),
        &[
            (&copy.as_str(), Type::TEXT),
            (&name.as_str(), Type::TEXT),
            (&process, Type::INT4),
            (&needs.groups, Type::TEXT_ARRAY),
            (&needs.parameters, Type::TEXT_ARRAY),
            (&needs.databases, Type::TEXT_ARRAY),
        ],
        NameEncoding::OfDatabase,
    )
}
