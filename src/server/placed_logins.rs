//! Reads the logins of a server with what a fleet file says about them: attributes, memberships and search paths.

use anyhow::Result;

use crate::domain::fleet_file::FoundLogin;
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::logins;
use crate::wire::connection::{Connection, NameEncoding};

/// All roles with LOGIN, and those that pgrole created and that are NOLOGIN now, each with its search paths by database.
const READ_LOGINS: &str = concat!(
    "WITH",
    logins!(),
    r"SELECT coalesce(json_agg(json_build_object('state', d.state, 'search_paths', (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'database', b.datname, 'path', substr(c.setting, 13)) ORDER BY b.datname), '[]')
        FROM pg_catalog.pg_db_role_setting s
        JOIN pg_catalog.pg_database b ON b.oid = s.setdatabase
        CROSS JOIN unnest(s.setconfig) AS c (setting)
        WHERE s.setrole = d.oid AND c.setting LIKE 'search\_path=%')) ORDER BY d.rolname), '[]')
    FROM described d"
);

/// Reads all logins of the server, by name.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_placed_logins(connection: &mut Connection) -> Result<Guarded<Vec<FoundLogin>>> {
    read_names(
        connection,
        ("the placed logins", READ_LOGINS),
        &[],
        NameEncoding::OfCluster,
    )
}
