//! Reads a role's footprint: one statement, one JSON value of bounded size, whatever the database holds.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::footprint::Footprint;
use crate::server::catalog::{Guarded, read_names};
use crate::wire::connection::{Connection, NameEncoding};

const READ_FOOTPRINT: &str = include_str!("sql/footprint.sql");

/// Reads what a role is, may do, owns and runs, as this database shows it, with at most `names` names of each kind; `None` if
/// there is no such role.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_footprint(
    connection: &mut Connection,
    role: &RoleName,
    names: u16,
) -> Result<Guarded<Option<Footprint>>> {
    let names = i32::from(names);
    read_names(
        connection,
        ("all about the role", READ_FOOTPRINT),
        &[(&role.as_str(), Type::TEXT), (&names, Type::INT4)],
        NameEncoding::OfDatabase,
    )
}
