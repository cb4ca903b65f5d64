//! Reads which databases a server has.

use anyhow::Result;
use serde::Deserialize;
use tokio_postgres::types::Type;

use crate::server::catalog::{Guarded, read_names};
use crate::wire::connection::{Connection, NameEncoding};

const LIST_DATABASES: &str = include_str!("sql/databases.sql");

/// A database, as the server lists it.
#[derive(Debug, Clone, Deserialize)]
pub struct ListedDatabase {
    pub name: String,
    pub owner: String,
    /// `None` if it was not asked for, or may not be read.
    pub size_bytes: Option<i64>,
    pub is_template: bool,
    pub allows_connections: bool,
    /// Whether the admin credential has CONNECT.
    pub may_connect: bool,
}

/// Lists all databases, by name.
///
/// # Errors
/// If the server cannot be queried.
pub fn list_databases(
    connection: &mut Connection,
    with_sizes: bool,
) -> Result<Guarded<Vec<ListedDatabase>>> {
    read_names(
        connection,
        ("the databases", LIST_DATABASES),
        &[(&with_sizes, Type::BOOL)],
        NameEncoding::OfCluster,
    )
}
