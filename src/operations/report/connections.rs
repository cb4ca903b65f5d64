//! `report connections`: how many connections each login may have, has and had at most, beside what the server allows.

use anyhow::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::fleet_report::reading::ClusterReading;
use crate::domain::target::Target;
use crate::operations::report::on_record::OnRecord;
use crate::operations::report::reading::{Depth, ReadCluster, read_fleet};
use crate::run::{Act, Run};

/// The connections of a login on a cluster, beside those of the cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ConnectionReport {
    /// The environment of the target that was asked.
    pub env: String,
    /// The database of the target that was asked.
    pub database: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The login.
    pub login: String,
    /// How many connections it may have; null if there is no limit.
    pub connection_limit: Option<u32>,
    /// How many it has.
    pub used: u32,
    /// The most that a run of pgrole has seen.
    pub peak_seen: u32,
    /// How many more it may have; null if there is no limit.
    pub left: Option<u32>,
    /// `max_connections` of the server.
    pub max_connections: u32,
    /// How many of those are reserved for superusers and for `pg_use_reserved_connections`.
    pub reserved: u32,
    /// How many are left to everybody else.
    pub available: u32,
    /// How many clients are connected to the server.
    pub server_used: u32,
    /// The most that a run of pgrole has seen.
    pub server_peak_seen: u32,
    /// The sum of the limits of all logins that can log in and are no superusers.
    pub sum_of_limits: u64,
    /// How many of these have no limit.
    pub without_limit: usize,
    /// Whether the limits together are more than the server allows, or a login has none.
    pub overcommitted: bool,
}

/// The connections, and what could not be read.
pub struct Connections {
    pub rows: Vec<ConnectionReport>,
    pub failed: Vec<Error>,
    /// How many targets the errors stand for.
    pub silent: usize,
}

/// Asks each cluster once.
///
/// # Errors
/// If the registry cannot be read, or the audit log not written.
pub fn report_connections(run: &Run, targets: &[Target]) -> Result<Connections> {
    let cannot = "cannot report the connections";
    let act = Act::over(targets, Operation::ReportConnections, cannot);
    let reading = run.begin_reading(targets, act)?;
    let made = (|| {
        let found = read_fleet(run, &reading, targets, Depth::Clusters)?;
        let record = OnRecord::read(run)?;
        let mut rows = Vec::new();
        for (place, cluster) in found.each_cluster() {
            add_rows(&targets[place], cluster, &record, &mut rows);
        }
        Ok(Connections {
            rows,
            failed: found.failed,
            silent: found.silent.len(),
        })
    })();
    reading.end(match &made {
        Ok(connections) => Status::UsersListed(connections.rows.len()),
        Err(_) => Status::Failed,
    });
    made
}

/// The sum of the limits, and how many have none.
fn limits(reading: &ClusterReading) -> (u64, usize) {
    let counted = reading
        .logins
        .iter()
        .map(|login| &login.state)
        .filter(|state| state.login && !state.superuser);
    let (mut sum, mut without) = (0, 0);
    for state in counted {
        match u64::try_from(state.connection_limit) {
            Ok(limit) => sum += limit,
            Err(_) => without += 1,
        }
    }
    (sum, without)
}

fn add_rows(
    target: &Target,
    cluster: &ReadCluster,
    record: &OnRecord,
    rows: &mut Vec<ConnectionReport>,
) {
    let reading = &cluster.reading;
    let (sum_of_limits, without_limit) = limits(reading);
    let server_peak = record.watch(&cluster.key).map(|watch| watch.peak_sessions);
    let available = reading.available();
    for login in &reading.logins {
        let limit = u32::try_from(login.state.connection_limit).ok();
        let is_own = login.state.name == reading.session_user;
        rows.push(ConnectionReport {
            env: target.env.to_string(),
            database: target.database.to_string(),
            hostname: target.hostname.to_string(),
            port: target.port.to_string(),
            login: login.state.name.clone(),
            connection_limit: limit,
            used: login.sessions,
            peak_seen: record
                .peak(&cluster.key, &login.state.name)
                .max(login.sessions + u32::from(is_own)),
            left: limit.map(|limit| limit.saturating_sub(login.sessions)),
            max_connections: reading.max_connections,
            reserved: reading.superuser_reserved + reading.reserved,
            available,
            server_used: reading.used,
            server_peak_seen: server_peak.unwrap_or_default().max(reading.used),
            sum_of_limits,
            without_limit,
            overcommitted: sum_of_limits > u64::from(available) || without_limit > 0,
        });
    }
}
