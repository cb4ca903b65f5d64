//! Reads which logins have access to a database, what their statements are judged by, and the statements that
//! `pg_stat_statements` recorded of them.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::access::usage::evidence::Statistics;
use crate::domain::access::usage::ground::{StatisticsExtension, UsageGround};
use crate::domain::access::{GROUP_LEVELS, group_name};
use crate::domain::target::DatabaseName;
use crate::server::catalog::{Guarded, read_names};
use crate::wire::connection::{Connection, NameEncoding};

const READ_GROUND: &str = include_str!("sql/usage_ground.sql");

/// `{}` is the extension's schema; its functions were found to be its own. A text of this size is one that nobody judges.
const READ_STATEMENTS: &str = "
    SELECT json_build_object(
        'since', (SELECT to_char(stats_reset AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') FROM {}.pg_stat_statements_info()),
        'dropped', (SELECT dealloc FROM {}.pg_stat_statements_info()),
        'statements', (SELECT coalesce(json_agg(json_build_array(s.userid::bigint,
            CASE WHEN length(s.query) <= 100000 AND s.query <> '<insufficient privilege>' THEN s.query END)), '[]')
            FROM (SELECT DISTINCT userid, query FROM {}.pg_stat_statements(true)
                WHERE dbid = (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database())
                AND userid = ANY ($1::oid[])) s))";

/// Reads the logins with access, and what their statements are judged by.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_usage_ground(
    connection: &mut Connection,
    database: &DatabaseName,
) -> Result<Guarded<UsageGround>> {
    let groups = GROUP_LEVELS.map(|level| group_name(database, level).to_string());
    read_names(
        connection,
        ("who has access, and what a statement may run", READ_GROUND),
        &[(&groups.to_vec(), Type::TEXT_ARRAY)],
        NameEncoding::OfDatabase,
    )
}

/// Reads the statements of these roles, by their OIDs, in this database.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_statistics(
    connection: &mut Connection,
    extension: &StatisticsExtension,
    roles: &[u32],
) -> Result<Guarded<Statistics>> {
    let schema = format!("\"{}\"", extension.schema.replace('"', "\"\""));
    let sql = READ_STATEMENTS.replace("{}", &schema);
    read_names(
        connection,
        ("the statements that were recorded", &sql),
        &[(&roles, Type::OID_ARRAY)],
        NameEncoding::OfDatabase,
    )
}
