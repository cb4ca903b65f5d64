//! Reads what reports are made of: the logins of a cluster, once for all of its databases; and, in each database, what each
//! login can do there. Each is one statement and one JSON value.

use anyhow::Result;
use tokio_postgres::types::Type;

use crate::domain::fleet_report::reading::{ClusterReading, RightsReading};
use crate::domain::password::scram::Verifier;
use crate::server::catalog::{Guarded, read_names};
use crate::server::described::reported_logins;
use crate::wire::connection::{Connection, NameEncoding};

const READ_CLUSTER: &str = concat!(
    "WITH RECURSIVE",
    reported_logins!(),
    include_str!("sql/report_cluster.sql"),
    include_str!("sql/boxes.sql"),
    ")"
);

const READ_RIGHTS: &str = include_str!("sql/report_rights.sql");

/// The view shows stars to who is no superuser.
const READ_VERIFIERS: &str = "
    SELECT coalesce(json_agg(json_build_array(r.rolname, r.rolpassword)), '[]') FROM {roles} r
    WHERE r.rolpassword LIKE 'SCRAM-SHA-256$%' AND r.rolname = ANY ($1::text[])";

/// Reads the logins of the cluster, how their passwords are stored, and how many sessions each has.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_cluster(connection: &mut Connection) -> Result<Guarded<ClusterReading>> {
    let question = ("the logins and their sessions", READ_CLUSTER);
    read_names(connection, question, &[], NameEncoding::OfCluster)
}

/// Reads what each login can do in the database.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_rights(connection: &mut Connection) -> Result<Guarded<RightsReading>> {
    let question = ("what the logins can do", READ_RIGHTS);
    read_names(connection, question, &[], NameEncoding::OfDatabase)
}

/// Reads the SCRAM verifiers of these roles, as far as the admin credential may.
///
/// # Errors
/// If the server cannot be queried.
pub fn read_verifiers(
    connection: &mut Connection,
    roles: &[String],
) -> Result<Guarded<Vec<(String, Verifier)>>> {
    let read: Guarded<Vec<(String, String)>> = read_names(
        connection,
        ("the verifiers", READ_VERIFIERS),
        &[(&roles, Type::TEXT_ARRAY)],
        NameEncoding::OfCluster,
    )?;
    Ok(read.map(|found| {
        let found = found.into_iter();
        found
            .map(|(name, verifier)| (name, Verifier::from_server(verifier)))
            .collect()
    }))
}
