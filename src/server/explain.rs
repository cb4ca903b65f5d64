//! Reads why a role cannot log in, or cannot do something: one statement each, which changes nothing and runs nothing of
//! the database's own.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::role::RoleName;
use crate::domain::role::explanation::{AccessQuestion, AccessReading, LoginReading};
use crate::domain::target::DatabaseName;
use crate::server::catalog::{Guarded, read_names};
use crate::wire::connection::{Connection, NameEncoding};

const READ_LOGIN: &str = include_str!("sql/explain_login.sql");
const READ_ACCESS: &str = include_str!("sql/explain_access.sql");

/// Reads why a role cannot log in to a database of the server.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_login(
    connection: &mut Connection,
    role: &RoleName,
    database: &DatabaseName,
) -> Result<Guarded<LoginReading>> {
    read_names(
        connection,
        ("why the role cannot log in", READ_LOGIN),
        &[
            (&role.as_str(), Type::TEXT),
            (&database.as_str(), Type::TEXT),
        ],
        NameEncoding::OfDatabase,
    )
}

/// Reads why a role cannot do something in the session's database.
///
/// # Errors
/// If the server cannot be queried, or the object's name cannot be read.
pub fn read_access(
    connection: &mut Connection,
    role: &RoleName,
    question: &AccessQuestion,
) -> Result<Guarded<AccessReading>> {
    let action = question.action.to_string();
    read_names(
        connection,
        ("why the role may not", READ_ACCESS),
        &[
            (&role.as_str(), Type::TEXT),
            (&question.kind.as_str(), Type::TEXT),
            (&question.object, Type::TEXT),
            (&action, Type::TEXT),
            (&question.columns, Type::TEXT_ARRAY),
        ],
        NameEncoding::OfDatabase,
    )
}
