//! Reads what defines a role: attributes, comment, memberships, settings.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::definition::RoleDefinition;
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::role_and_admin;
use crate::wire::connection::{Connection, NameEncoding};

const READ_DEFINITION: &str = concat!(
    "WITH",
    role_and_admin!(),
    include_str!("sql/definition.sql")
);

/// Reads the definition of a role, as this database shows it; `None` if there is no such role.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_definition(
    connection: &mut Connection,
    role: &RoleName,
) -> Result<Guarded<Option<RoleDefinition>>> {
    read_names(
        connection,
        ("the role's definition", READ_DEFINITION),
        &[(&role.as_str(), Type::TEXT)],
        NameEncoding::OfDatabase,
    )
}
