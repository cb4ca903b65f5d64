//! Has the server plan a statement as a role, without running it, and never as the admin: the planner runs functions that
//! anybody may have made. Inside a SECURITY DEFINER function of the role they have no way back to the admin's rights.

use anyhow::{Context, Result};
use postgres_protocol::escape::escape_identifier;
use tokio_postgres::types::Type;

use crate::domain::role::planner::{PlannerAnswer, PlannerGround};
use crate::domain::target::DatabaseName;
use crate::server::catalog::{Guarded, read_names};
use crate::wire::connection::{CatalogQuery, Connection, NameEncoding, StatementLog};

/// A cursor takes one statement, and the list in parentheses no option more. What is called inside is the role's; the search
/// path is set there, and the names that make the function are the system's. A message may be of any length.
const FUNCTION: &str = "CREATE FUNCTION pg_temp.pgrole_explain(statement pg_catalog.text, path pg_catalog.text)
RETURNS pg_catalog.text LANGUAGE plpgsql SECURITY DEFINER AS $function$
DECLARE
    line pg_catalog.record;
    state pg_catalog.text := '00000';
    said pg_catalog.text := '';
    planned_as pg_catalog.name := current_user;
BEGIN
    BEGIN
        PERFORM pg_catalog.set_config('search_path', path, true);
        FOR line IN EXECUTE pg_catalog.concat('EXPLAIN (COSTS OFF) ', statement) LOOP NULL; END LOOP;
    EXCEPTION WHEN OTHERS THEN
        GET STACKED DIAGNOSTICS state := RETURNED_SQLSTATE, said := MESSAGE_TEXT;
        said := pg_catalog.left(said, 1000);
    END;
    RETURN pg_catalog.json_build_object('sqlstate', state, 'message', said, 'role', planned_as);
END
$function$";
const ASK: &str = "SELECT pg_temp.pgrole_explain($1, $2)";
/// A session belongs to the login role, so `role` is reset first. Returns how many there were.
const END_SESSION: &str = "WITH login AS MATERIALIZED (SELECT set_config('role', 'none', true))
    SELECT to_json((SELECT count(pg_terminate_backend(pid)) FROM login, pg_catalog.pg_stat_activity
        WHERE pid = $1::integer AND usename = session_user AND pid <> pg_backend_pid()))";

/// Has a statement planned as the role, in a transaction that is rolled back.
///
/// # Errors
/// If the role cannot be acted as, or the server does not answer in time.
pub fn plan_as_role(
    connection: &mut Connection,
    ground: &PlannerGround,
    database: &DatabaseName,
    statement: &str,
) -> Result<PlannerAnswer> {
    let role = ground.role.as_deref().context("there is no such role")?;
    let log = if ground.is_asked_by_superuser {
        StatementLog::Silent
    } else {
        StatementLog::AsConfigured
    };
    let query = CatalogQuery {
        purpose: "what the server says of the statement",
        sql: ASK,
        parameters: &[(&statement, Type::TEXT), (&ground.search_path, Type::TEXT)],
        names: NameEncoding::OfDatabase,
    };
    let preparation = preparation(ground, role, database, connection.version());
    let answer = connection.ask_and_roll_back(log, &preparation, query)?;
    let answer: PlannerAnswer = serde_json::from_str(&answer)
        .context("cannot parse what the server said of the statement")?;
    anyhow::ensure!(answer.role == role, "it was planned as \"{}\"", answer.role);
    Ok(answer)
}

/// Ends a session of the login's own in which something was planned and given up: what the planner runs may catch a
/// cancellation, and go on with what the session has locked. The end of its session it cannot catch.
///
/// # Errors
/// If the server cannot be queried.
pub fn end_session(connection: &mut Connection, process: i32) -> Result<Guarded<u32>> {
    read_names(
        connection,
        ("the session that was given up", END_SESSION),
        &[(&process, Type::INT4)],
        NameEncoding::OfDatabase,
    )
}

/// Nothing can be written from its end on, and the role cannot undo that.
fn preparation(
    ground: &PlannerGround,
    role: &str,
    database: &DatabaseName,
    version: u32,
) -> String {
    let role = escape_identifier(role);
    let mut statements = Vec::new();
    if ground.needs_membership == Some(true) {
        let options = if version >= 160_000 {
            " WITH INHERIT TRUE, SET TRUE"
        } else {
            ""
        };
        statements.push(format!("GRANT {role} TO CURRENT_USER{options}"));
    }
    if ground.needs_temporary == Some(true) {
        let database = escape_identifier(database.as_str());
        statements.push(format!("GRANT TEMPORARY ON DATABASE {database} TO {role}"));
    }
    statements.push(FUNCTION.to_owned());
    statements.push(format!(
        "ALTER FUNCTION pg_temp.pgrole_explain(pg_catalog.text, pg_catalog.text) OWNER TO {role}"
    ));
    statements.push("SET TRANSACTION READ ONLY".to_owned());
    if ground.may_authorize {
        // What the planner runs may call what trusts session_user, which would be the admin.
        statements.push(format!("SET LOCAL SESSION AUTHORIZATION {role}"));
    }
    statements.join("; ")
}
