//! Reads why a role cannot log in, or cannot do something: one statement each, which changes nothing and runs nothing of
//! the database's own.

use anyhow::{Context, Result};
use serde::Deserialize;
use tokio_postgres::types::{ToSql, Type};

use crate::domain::role::RoleName;
use crate::domain::role::explanation::{AccessQuestion, AccessReading, LoginReading};
use crate::domain::role::planner::PlannerGround;
use crate::domain::target::DatabaseName;
use crate::server::catalog::{Guarded, read_all, read_names};
use crate::wire::connection::{CatalogQuery, Connection, NameEncoding};

const READ_LOGIN: &str = include_str!("sql/explain_login.sql");
const READ_ACCESS: &str = concat!(
    include_str!("sql/explain_acting.sql"),
    include_str!("sql/explain_access.sql")
);
const READ_LOGIN_AND_GROUND: &str = concat!(
    "SELECT json_build_object('login', (",
    include_str!("sql/explain_login.sql"),
    "), 'ground', (",
    include_str!("sql/explain_acting.sql"),
    include_str!("sql/planner_ground.sql"),
    "))"
);

/// What one reading says of both.
#[derive(Debug, Deserialize)]
pub struct LoginAndGround {
    pub login: LoginReading,
    pub ground: PlannerGround,
}

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

/// Reads the same, and whether a statement that calls these functions may be planned as the role.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_login_and_ground(
    connection: &mut Connection,
    role: &RoleName,
    database: &DatabaseName,
    functions: &[String],
) -> Result<Guarded<LoginAndGround>> {
    read_names(
        connection,
        ("why the role cannot log in", READ_LOGIN_AND_GROUND),
        &[
            (&role.as_str(), Type::TEXT),
            (&database.as_str(), Type::TEXT),
            (&functions, Type::TEXT_ARRAY),
        ],
        NameEncoding::OfDatabase,
    )
}

/// Reads why a role cannot do each of these in the session's database, in one round trip; there must be one.
///
/// # Errors
/// If the server cannot be queried, or an object's name cannot be read.
pub fn read_access(
    connection: &mut Connection,
    role: &RoleName,
    questions: &[&AccessQuestion],
) -> Result<Guarded<Vec<AccessReading>>> {
    let role = role.as_str();
    let sqls: Vec<_> = questions.iter().map(|asked| access_sql(asked)).collect();
    let parameters: Vec<[(&(dyn ToSql + Sync), Type); 3]> = questions
        .iter()
        .map(|question| -> [(&(dyn ToSql + Sync), Type); 3] {
            [
                (&role, Type::TEXT),
                (&question.object, Type::TEXT),
                (&question.columns, Type::TEXT_ARRAY),
            ]
        })
        .collect();
    let queries: Vec<_> = sqls
        .iter()
        .zip(&parameters)
        .map(|(sql, parameters)| CatalogQuery {
            purpose: "why the role may not",
            sql,
            parameters,
            names: NameEncoding::OfDatabase,
        })
        .collect();
    let answers = read_all(connection, &queries)?;
    Guarded::together(answers).context("a query has an answer")
}

/// The kind and the action, words of our own, are written into the statement: the server plans only what concerns them.
fn access_sql(question: &AccessQuestion) -> String {
    READ_ACCESS
        .replace("{kind}", &format!("'{}'::text", question.kind.as_str()))
        .replace("{action}", &format!("'{}'::text", question.action))
}
