//! Reads the boxes of a cluster, by which access with an end is granted: one statement, one JSON value.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::access::boxes::FoundBoxes;
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::role_and_admin;
use crate::wire::connection::{Connection, NameEncoding};

const READ_BOXES: &str = concat!(
    "WITH",
    role_and_admin!(),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ", 'role_oid', (SELECT oid::bigint FROM described WHERE rolname = $1::text),",
    include_str!("sql/boxes.sql"),
    ")"
);

/// Reads the server's state, one role if it is named, and all boxes of the cluster.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_boxes(connection: &mut Connection, role: &str) -> Result<Guarded<FoundBoxes>> {
    read_names(
        connection,
        ("the grants with an end", READ_BOXES),
        &[(&role, Type::TEXT)],
        NameEncoding::OfCluster,
    )
}
