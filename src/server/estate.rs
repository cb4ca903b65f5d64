//! Reads what a role leaves behind, in one database of its cluster: one statement, one JSON value.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::estate::Estate;
use crate::domain::role::estate::settlement::MOST_TABLES;
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::role_and_admin;
use crate::wire::connection::{Connection, NameEncoding};

/// How many objects of each catalog are named.
const NAMES: i32 = 20;

const READ_ESTATE: &str = concat!(
    "WITH",
    role_and_admin!(),
    ",",
    include_str!("sql/estate_tables.sql"),
    ",",
    include_str!("sql/reach_tables.sql"),
    "SELECT json_build_object(",
    include_str!("sql/session.sql"),
    ",",
    include_str!("sql/role_setting.sql"),
    ",",
    include_str!("sql/estate.sql"),
    ")"
);

/// Reads what depends on a role in this database and what it is on the cluster, and what stands in the way of `heir`.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_estate(
    connection: &mut Connection,
    role: &RoleName,
    heir: Option<&RoleName>,
) -> Result<Guarded<Estate>> {
    let heir = heir.map(RoleName::as_str);
    let most = i32::try_from(MOST_TABLES)?;
    read_names(
        connection,
        ("what the role owns", READ_ESTATE),
        &[
            (&role.as_str(), Type::TEXT),
            (&heir, Type::TEXT),
            (&NAMES, Type::INT4),
            (&most, Type::INT4),
        ],
        NameEncoding::OfDatabase,
    )
}
