//! The statements of dual logins (docs/dual.md).

use postgres_protocol::escape::escape_identifier;

use super::{Reader, identifier, literal, password_clause};
use crate::domain::act::plan::{Change, MEMBERSHIP_OPTIONS, NOTHING_LEFT};
use crate::domain::role::RoleName;
use crate::server::role_clauses::parameter_name;

/// The SQL of one of these changes.
pub(super) fn render(change: &Change, version: u32, reader: Reader) -> String {
    match change {
        Change::CreateNoLogin {
            role,
            connection_limit,
        } => {
            let limit = match connection_limit {
                -1 => String::new(),
                limit => format!(" CONNECTION LIMIT {limit}"),
            };
            format!("CREATE ROLE {} NOLOGIN{limit}", identifier(role))
        }
        Change::AdmitLogin {
            role,
            verifier,
            valid_until,
        } => {
            let until = valid_until.map_or("infinity".to_owned(), |point| point.to_string());
            format!("ALTER ROLE {} LOGIN", identifier(role))
                + &password_clause(verifier, reader)
                + &format!(" VALID UNTIL '{until}'")
        }
        Change::LetActAs { owner, login } => render_membership(owner, login, version),
        Change::ResetParameter {
            role,
            database,
            name,
        } => {
            let place = database.as_ref().map_or(String::new(), |database| {
                format!(" IN DATABASE {}", escape_identifier(database))
            });
            format!(
                "ALTER ROLE {}{place} RESET {}",
                identifier(role),
                parameter_name(name)
            )
        }
        // Division by zero rolls everything back.
        Change::RequireComment { role, comment } => format!(
            "SELECT 1 OPERATOR(pg_catalog./) pg_catalog.count(*) FROM pg_catalog.pg_roles \
             WHERE rolname OPERATOR(pg_catalog.=) {} \
             AND COALESCE(pg_catalog.shobj_description(oid, 'pg_authid'), '') OPERATOR(pg_catalog.=) {}",
            literal(role.as_str()),
            literal(comment.as_deref().unwrap_or_default())
        ),
        // The cast fails, with the number in its message. When a session began may be hidden: then it counts.
        Change::RequireNoNewSessions { oid, after } => format!(
            "SELECT pg_catalog.concat('{NOTHING_LEFT}', pg_catalog.count(*))::pg_catalog.int4 \
             FROM pg_catalog.pg_stat_activity WHERE usesysid OPERATOR(pg_catalog.=) {oid}::pg_catalog.oid \
             AND (backend_start OPERATOR(pg_catalog.>) pg_catalog.to_timestamp({after})) IS NOT FALSE \
             HAVING pg_catalog.count(*) OPERATOR(pg_catalog.>) 0"
        ),
        other => unreachable!("rendered elsewhere: {other:?}"),
    }
}

/// Both options are named: the defaults are the login's and the server's.
fn render_membership(owner: &RoleName, login: &RoleName, version: u32) -> String {
    let options = if version >= MEMBERSHIP_OPTIONS {
        " WITH INHERIT TRUE, SET TRUE"
    } else {
        ""
    };
    format!(
        "GRANT {} TO {}{options}",
        identifier(owner),
        identifier(login)
    )
}
