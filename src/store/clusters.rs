//! Clusters, identified by our own IDs: which places belong to which, how two are joined that turn out to be one, and
//! how one is split that turns out to be two.
//!
//! A place is a server's host and port as written in `db_registry`. Each place belongs to one cluster; a cluster has
//! one place until another is found to be the same server.

use anyhow::{Context, Result};
use rand::TryRng;
use rand::rngs::SysRng;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::target::Target;
use crate::domain::target::cluster::Sighting;
use crate::domain::timestamp::Timestamp;
use crate::store::audit;
use crate::store::audit::{Event, Stage};
use crate::store::columns::CLUSTER_PLACE;
use crate::store::records;
use crate::store::records::OptionalKey;
use crate::store::{Store, Subject};

/// A place, as stored in the tables.
pub(super) type PlaceRow = (String, String);

/// What the registry knows about a server that answered.
#[derive(Debug)]
pub struct Noted {
    pub cluster_id: String,
    /// Whether another postmaster answered at this place before.
    pub is_restarted: bool,
}

/// A place of a cluster.
#[derive(Debug, Clone)]
pub struct ClusterPlace {
    pub hostname: String,
    pub port: String,
    pub cluster_id: String,
}

/// Assigns a cluster to each place in the journal or of a placed role, and to each target at such a place.
pub(super) fn assign_all(transaction: &Transaction<'_>, now: Timestamp) -> Result<()> {
    let mut statement = transaction.prepare(
        "SELECT hostname, CAST(port AS TEXT) FROM placed_role_by_place
         UNION SELECT hostname, CAST(port AS TEXT) FROM password_change",
    )?;
    let places = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    for place in places.collect::<rusqlite::Result<Vec<PlaceRow>>>()? {
        create_at(transaction, &place, now)?;
    }
    Ok(transaction.execute_batch(
        "INSERT INTO placed_role (cluster_id, username, hostname, port, env, db_name, profile, password_changed_at,
            deliver, file_format)
         SELECT p.cluster_id, r.username, p.hostname, p.port, r.env, r.db_name, r.profile, r.password_changed_at,
            r.deliver, r.file_format
         FROM placed_role_by_place r
         JOIN cluster_place p ON p.hostname = r.hostname AND p.port = CAST(r.port AS TEXT);
         DROP TABLE placed_role_by_place;
         UPDATE password_change SET cluster_id = (SELECT p.cluster_id FROM cluster_place p
            WHERE p.hostname = password_change.hostname AND p.port = password_change.port);
         UPDATE db_registry SET cluster_id = (SELECT p.cluster_id FROM cluster_place p
            WHERE p.hostname = db_registry.hostname
            AND p.port = coalesce(db_registry.ports, CAST(coalesce(db_registry.port, 5432) AS TEXT)));",
    )?)
}

impl Store {
    /// The ID of the cluster that a target belongs to; `None` if none is assigned yet. A target that was moved to an
    /// unknown place keeps its cluster if it is the only one there and the cluster's identifier is known, which is
    /// compared before anything is done there.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_cluster(&self, target: &Target) -> Result<Option<String>> {
        let found = find_at(&self.connection, &place_of(target));
        match self.explained(found)? {
            None => self.explained(find_moved(&self.connection, target)),
            found => Ok(found),
        }
    }

    /// Records what answered for a target, and assigns a cluster to it if it has none. If other places of that cluster
    /// have another identifier, it gets a cluster of its own at once.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_sighting(&mut self, sighting: &Sighting, now: Timestamp) -> Result<Noted> {
        let target = &sighting.target;
        if let Some(cluster_id) = self.explained(find_noted(&self.connection, sighting))? {
            return Ok(Noted {
                cluster_id,
                is_restarted: false,
            });
        }
        let operator = self.operator.clone();
        let key = self.verifying_key();
        let key = key.as_ref();
        let (noted, written) = self.write_at_leisure(|transaction| {
            let mut cluster_id = assign(transaction, target, now, key)?;
            let (hostname, port) = place_of(target);
            let is_restarted: bool = transaction.query_row(
                "SELECT coalesce(started_at <> ?3, 0) FROM cluster_place WHERE hostname = ?1 AND port = ?2",
                params![hostname, port, sighting.instance.started_at],
                |row| row.get(0),
            )?;
            transaction.execute(
                "UPDATE cluster_place SET system_identifier = ?3, started_at = ?4 WHERE hostname = ?1 AND port = ?2",
                params![hostname, port, sighting.identifier, sighting.instance.started_at],
            )?;
            let is_another: bool = transaction.query_row(
                "SELECT EXISTS (SELECT 1 FROM cluster_place WHERE cluster_id = ?1
                    AND NOT (hostname = ?2 AND port = ?3) AND system_identifier <> ?4)",
                params![cluster_id, hostname, port, sighting.identifier],
                |row| row.get(0),
            )?;
            let mut written = None;
            if is_another {
                let parted = part(transaction, target, &cluster_id, now, key)?;
                let status = Status::PlaceParted {
                    place: name_of_place(target),
                    cluster: parted.clone(),
                    before: cluster_id.clone(),
                };
                let event = Event {
                    stage: Stage::Event,
                    operation: Operation::RegistryContact.name(),
                    subject: &Subject::from(target),
                    status: &status,
                };
                written = Some(audit::append(transaction, &operator, now, &event)?);
                cluster_id = parted;
            }
            let noted = Noted {
                cluster_id,
                is_restarted,
            };
            Ok((noted, written))
        })?;
        self.note_written(written);
        Ok(noted)
    }

    /// The other places of a cluster.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_other_places(
        &self,
        target: &Target,
        cluster_id: &str,
    ) -> Result<Vec<ClusterPlace>> {
        let (hostname, port) = place_of(target);
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT hostname, port, cluster_id FROM cluster_place
                 WHERE cluster_id = ?1 AND NOT (hostname = ?2 AND port = ?3)",
            )?;
            let values = [cluster_id, &hostname, &port];
            self.read_rows((CLUSTER_PLACE, &mut statement), values, read_place)
        })())
    }

    /// The places of other clusters where the very server that now answers for a target answered last.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_twins(&self, sighting: &Sighting) -> Result<Vec<ClusterPlace>> {
        let (hostname, port) = place_of(&sighting.target);
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT p.hostname, p.port, p.cluster_id FROM cluster_place p, cluster_place own
                 WHERE own.hostname = ?1 AND own.port = ?2 AND p.cluster_id <> own.cluster_id
                 AND p.system_identifier = ?3 AND p.started_at = ?4",
            )?;
            let started_at = &sighting.instance.started_at;
            let key = params![hostname, port, sighting.identifier, started_at];
            self.read_rows((CLUSTER_PLACE, &mut statement), key, read_place)
        })())
    }

    /// All places, and the clusters that they belong to.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_places(&self) -> Result<Vec<ClusterPlace>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare("SELECT hostname, port, cluster_id FROM cluster_place")?;
            self.read_rows((CLUSTER_PLACE, &mut statement), [], read_place)
        })())
    }

    /// Joins the clusters of two targets, and keeps everything that is known about the roles of both. Returns whether
    /// they were two.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn join_clusters(&mut self, one: &Target, other: &Target, now: Timestamp) -> Result<bool> {
        let operator = self.operator.clone();
        let key = self.verifying_key();
        let key = key.as_ref();
        let written = self.write(|transaction| {
            let first = assign(transaction, one, now, key)?;
            let second = assign(transaction, other, now, key)?;
            if first == second {
                return Ok(None);
            }
            // The older one stays, so that the result does not depend on who joins them.
            let kept: String = transaction.query_row(
                "SELECT id FROM cluster WHERE id IN (?1, ?2) ORDER BY created_at, id LIMIT 1",
                [&first, &second],
                |row| row.get(0),
            )?;
            let merged = if kept == first { &second } else { &first };
            merge(transaction, merged, &kept, key)?;
            let status = Status::ClustersJoined {
                places: [one, other].map(name_of_place),
                merged: merged.clone(),
                kept,
            };
            let event = Event {
                stage: Stage::Event,
                operation: Operation::RegistryContact.name(),
                subject: &Subject::from(one),
                status: &status,
            };
            audit::append(transaction, &operator, now, &event).map(Some)
        })?;
        let is_joined = written.is_some();
        self.note_written(written);
        Ok(is_joined)
    }

    /// Splits the place of a target from the cluster that it shares with `other`, because they are two servers. Each
    /// role goes where it was changed last. Returns whether they were one.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn split_clusters(
        &mut self,
        target: &Target,
        other: &Target,
        now: Timestamp,
    ) -> Result<bool> {
        let operator = self.operator.clone();
        let key = self.verifying_key();
        let key = key.as_ref();
        let written = self.write(|transaction| {
            let shared = assign(transaction, target, now, key)?;
            if shared != assign(transaction, other, now, key)? || target.is_at_place_of(other) {
                return Ok(None);
            }
            let parted = part(transaction, target, &shared, now, key)?;
            let status = Status::ClustersSplit {
                places: [target, other].map(name_of_place),
                cluster: parted,
                before: shared,
            };
            let event = Event {
                stage: Stage::Event,
                operation: Operation::RegistryContact.name(),
                subject: &Subject::from(target),
                status: &status,
            };
            audit::append(transaction, &operator, now, &event).map(Some)
        })?;
        let is_split = written.is_some();
        self.note_written(written);
        Ok(is_split)
    }
}

/// The place of a target, as stored in the tables.
pub(super) fn place_of(target: &Target) -> PlaceRow {
    (target.hostname.to_string(), target.port.to_string())
}

fn name_of_place(target: &Target) -> String {
    format!("{} ({}:{})", target.name(), target.hostname, target.port)
}

fn read_place(row: &Row<'_>) -> rusqlite::Result<ClusterPlace> {
    Ok(ClusterPlace {
        hostname: row.get(0)?,
        port: row.get(1)?,
        cluster_id: row.get(2)?,
    })
}

/// The cluster that a place belongs to.
pub(super) fn find_at(
    connection: &Connection,
    place: &PlaceRow,
) -> rusqlite::Result<Option<String>> {
    let mut statement = connection
        .prepare_cached("SELECT cluster_id FROM cluster_place WHERE hostname = ?1 AND port = ?2")?;
    let (hostname, port) = place;
    let found = statement.query_row([hostname, port], |row| row.get(0));
    found.optional()
}

/// Whether a row of `db_registry`, as `r`, is at the place `?3`, `?4`.
const IS_AT_PLACE: &str =
    "r.hostname = ?3 AND coalesce(r.ports, CAST(coalesce(r.port, 5432) AS TEXT)) = ?4";

/// The previous cluster of a target whose place is new, if it is the only target of that cluster. Targets that were
/// there too but were moved as well do not count; the contents of `pg_service.conf` are not known here.
fn find_moved(connection: &Connection, target: &Target) -> rusqlite::Result<Option<String>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT r.cluster_id FROM db_registry r
         WHERE r.env = ?1 AND r.db_name = ?2 AND r.cluster_id IS NOT NULL AND r.system_identifier IS NOT NULL
         AND {IS_AT_PLACE}
         AND NOT EXISTS (
            SELECT 1 FROM db_registry o LEFT JOIN cluster_place p ON p.hostname = o.hostname
                AND p.port = coalesce(o.ports, CAST(coalesce(o.port, 5432) AS TEXT))
            WHERE o.cluster_id = r.cluster_id AND NOT (o.env = r.env AND o.db_name = r.db_name)
            AND NOT (o.hostname = r.hostname AND o.port IS r.port AND o.ports IS r.ports)
            AND coalesce(p.cluster_id, r.cluster_id) = r.cluster_id)"
    ))?;
    let (hostname, port) = place_of(target);
    let key = params![
        target.env.as_str(),
        target.database.as_str(),
        hostname,
        port
    ];
    statement.query_row(key, |row| row.get(0)).optional()
}

/// The cluster's ID if the whole sighting is already recorded.
fn find_noted(connection: &Connection, sighting: &Sighting) -> rusqlite::Result<Option<String>> {
    let target = &sighting.target;
    let (hostname, port) = place_of(target);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT p.cluster_id FROM cluster_place p
         WHERE p.hostname = ?3 AND p.port = ?4 AND p.system_identifier IS ?5 AND p.started_at IS ?6
         AND NOT EXISTS (SELECT 1 FROM db_registry r WHERE r.env = ?1 AND r.db_name = ?2
            AND (({IS_AT_PLACE}) OR r.hostname LIKE 'service=%') AND r.cluster_id IS NOT p.cluster_id)"
    ))?;
    let key = params![
        target.env.as_str(),
        target.database.as_str(),
        hostname,
        port,
        sighting.identifier,
        sighting.instance.started_at
    ];
    statement.query_row(key, |row| row.get(0)).optional()
}

/// The cluster of a target's place, created if there is none; the target refers to it from now on.
pub(super) fn assign(
    transaction: &Transaction<'_>,
    target: &Target,
    now: Timestamp,
    key: OptionalKey<'_>,
) -> Result<String> {
    let place = place_of(target);
    // If the cluster's identifier is still to be learned, this is not evidence of the previous cluster.
    let moved = match &target.cluster {
        Some(_) => find_moved(transaction, target)?,
        None => None,
    };
    let cluster_id = match (find_at(transaction, &place)?, moved) {
        (Some(known), moved) => {
            // The last target to leave takes the roles along.
            if let Some(left) = moved.filter(|left| *left != known) {
                merge(transaction, &left, &known, key)?;
            }
            known
        }
        (None, Some(moved)) => {
            // From now on, whatever is at the old place is another server.
            transaction.execute("DELETE FROM cluster_place WHERE cluster_id = ?1", [&moved])?;
            add_place(transaction, &place, &moved)?;
            moved
        }
        (None, None) => create_at(transaction, &place, now)?,
    };
    // Recovery may query a place where the target was once.
    transaction.execute(
        &format!(
            "UPDATE db_registry AS r SET cluster_id = ?5 WHERE r.env = ?1 AND r.db_name = ?2
             AND (({IS_AT_PLACE}) OR r.hostname LIKE 'service=%') AND r.cluster_id IS NOT ?5"
        ),
        params![
            target.env.as_str(),
            target.database.as_str(),
            place.0,
            place.1,
            cluster_id
        ],
    )?;
    Ok(cluster_id)
}

fn add_place(connection: &Connection, place: &PlaceRow, cluster_id: &str) -> Result<()> {
    connection.execute(
        "INSERT INTO cluster_place (hostname, port, cluster_id) VALUES (?1, ?2, ?3)",
        params![place.0, place.1, cluster_id],
    )?;
    Ok(())
}

fn create_at(transaction: &Transaction<'_>, place: &PlaceRow, now: Timestamp) -> Result<String> {
    let id = create(transaction, now)?;
    add_place(transaction, place, &id)?;
    Ok(id)
}

fn create(transaction: &Transaction<'_>, now: Timestamp) -> Result<String> {
    let mut bytes = [0; 8];
    SysRng
        .try_fill_bytes(&mut bytes)
        .context("the operating system's random source failed")?;
    let id: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    transaction.execute(
        "INSERT INTO cluster (id, created_at) VALUES (?1, ?2)",
        params![id, now.to_string()],
    )?;
    Ok(id)
}

const COLUMNS: &str = "username, hostname, port, env, db_name, profile, password_changed_at, deliver, file_format, term,
    end_named, record_code";

/// Merges everything that is known about one cluster's roles into another's. If both have a role, the newer row says
/// when it was changed, and both deliveries are kept, or one if they lead to the same place.
fn merge(
    transaction: &Transaction<'_>,
    merged: &str,
    kept: &str,
    key: OptionalKey<'_>,
) -> Result<()> {
    let vouched = records::keep_vouched(transaction, key, &[merged, kept])?;
    transaction.execute(
        &format!(
            "INSERT OR REPLACE INTO met_delivery (cluster_id, {COLUMNS})
             SELECT ?2, {COLUMNS} FROM placed_role r WHERE r.cluster_id = ?1
             AND EXISTS (SELECT 1 FROM placed_role o WHERE o.cluster_id = ?2 AND o.username = r.username
                AND o.password_changed_at >= r.password_changed_at)"
        ),
        [merged, kept],
    )?;
    transaction.execute(
        &format!(
            "INSERT OR REPLACE INTO met_delivery (cluster_id, {COLUMNS})
             SELECT cluster_id, {COLUMNS} FROM placed_role r WHERE r.cluster_id = ?2
             AND EXISTS (SELECT 1 FROM placed_role o WHERE o.cluster_id = ?1 AND o.username = r.username
                AND o.password_changed_at > r.password_changed_at)"
        ),
        [merged, kept],
    )?;
    let statements = [
        "DELETE FROM placed_role WHERE cluster_id = ?1 AND EXISTS (SELECT 1 FROM placed_role o
            WHERE o.cluster_id = ?2 AND o.username = placed_role.username
            AND o.password_changed_at >= placed_role.password_changed_at)",
        "DELETE FROM placed_role WHERE cluster_id = ?2 AND EXISTS (SELECT 1 FROM placed_role o
            WHERE o.cluster_id = ?1 AND o.username = placed_role.username)",
        "UPDATE placed_role SET cluster_id = ?2 WHERE cluster_id = ?1",
        "UPDATE OR REPLACE met_delivery SET cluster_id = ?2 WHERE cluster_id = ?1",
        "UPDATE OR REPLACE seen_role SET cluster_id = ?2 WHERE cluster_id = ?1",
        // A template with the environment or the database leads to a different place for each.
        "DELETE FROM met_delivery WHERE cluster_id = ?2 AND ?1 <> ?2 AND EXISTS (SELECT 1 FROM placed_role r
            WHERE r.cluster_id = ?2 AND r.username = met_delivery.username
            AND r.deliver IS met_delivery.deliver AND r.file_format IS met_delivery.file_format
            AND (r.deliver NOT LIKE '%{%'
                OR (r.env = met_delivery.env AND r.db_name = met_delivery.db_name)))",
        "UPDATE OR REPLACE dual_login SET cluster_id = ?2 WHERE cluster_id = ?1",
        "UPDATE OR IGNORE locked_role SET cluster_id = ?2 WHERE cluster_id = ?1",
        "DELETE FROM locked_role WHERE cluster_id = ?1 AND ?1 <> ?2",
        "UPDATE OR IGNORE login_activity SET cluster_id = ?2 WHERE cluster_id = ?1",
        "DELETE FROM login_activity WHERE cluster_id = ?1 AND ?1 <> ?2",
        "UPDATE OR IGNORE cluster_watch SET cluster_id = ?2 WHERE cluster_id = ?1",
        "DELETE FROM cluster_watch WHERE cluster_id = ?1 AND ?1 <> ?2",
        "UPDATE OR IGNORE access_review SET cluster_id = ?2 WHERE cluster_id = ?1",
        "DELETE FROM access_review WHERE cluster_id = ?1 AND ?1 <> ?2",
        "UPDATE access_snapshot SET cluster_id = ?2 WHERE cluster_id = ?1",
        "UPDATE password_change SET cluster_id = ?2 WHERE cluster_id = ?1",
        "UPDATE db_registry SET cluster_id = ?2 WHERE cluster_id = ?1",
        "UPDATE cluster_place SET cluster_id = ?2 WHERE cluster_id = ?1",
    ];
    for statement in statements {
        transaction.execute(statement, [merged, kept])?;
    }
    transaction.execute("DELETE FROM cluster WHERE id = ?1", [merged])?;
    records::sign_moved(transaction, key, &[kept], &vouched)
}

/// Gives the place of a target a cluster of its own, with the roles that were last changed over it.
fn part(
    transaction: &Transaction<'_>,
    target: &Target,
    shared: &str,
    now: Timestamp,
    key: OptionalKey<'_>,
) -> Result<String> {
    let vouched = records::keep_vouched(transaction, key, &[shared])?;
    let parted = create(transaction, now)?;
    let (hostname, port) = place_of(target);
    let move_from_place = |table: &str, port_column: &str| {
        transaction.execute(
            &format!(
                "UPDATE {table} SET cluster_id = ?1
                 WHERE cluster_id = ?2 AND hostname = ?3 AND {port_column} = ?4"
            ),
            params![parted, shared, hostname, port],
        )
    };
    move_from_place("cluster_place", "port")?;
    move_from_place("placed_role", "port")?;
    move_from_place("met_delivery", "port")?;
    move_from_place("seen_role", "port")?;
    move_from_place("password_change", "port")?;
    move_from_place(
        "db_registry",
        "coalesce(ports, CAST(coalesce(port, 5432) AS TEXT))",
    )?;
    transaction.execute(
        "UPDATE db_registry SET cluster_id = ?1 WHERE env = ?2 AND db_name = ?3",
        params![parted, target.env.as_str(), target.database.as_str()],
    )?;
    // Which of the two it was locked on is not known; the role's oid tells.
    transaction.execute(
        "INSERT OR IGNORE INTO locked_role (cluster_id, username, oid, could_login, locked_at, operation_id)
         SELECT ?1, username, oid, could_login, locked_at, operation_id FROM locked_role WHERE cluster_id = ?2",
        params![parted, shared],
    )?;
    // The comment on the server tells, once it is asked.
    transaction.execute(
        "INSERT OR IGNORE INTO dual_login (cluster_id, username, current, incoming, outgoing, retire_at, held_back, seen_at)
         SELECT ?1, username, current, incoming, outgoing, retire_at, held_back, seen_at FROM dual_login WHERE cluster_id = ?2",
        params![parted, shared],
    )?;
    // Deliveries that had been merged become separate roles again, on either side.
    for cluster_id in [shared, parted.as_str()] {
        transaction.execute(
            &format!(
                "INSERT OR IGNORE INTO placed_role (cluster_id, {COLUMNS})
                 SELECT cluster_id, {COLUMNS} FROM met_delivery WHERE cluster_id = ?1
                 ORDER BY password_changed_at DESC"
            ),
            [cluster_id],
        )?;
        transaction.execute(
            "DELETE FROM met_delivery WHERE cluster_id = ?1 AND EXISTS (SELECT 1 FROM placed_role r
                WHERE r.cluster_id = ?1 AND r.username = met_delivery.username
                AND r.hostname = met_delivery.hostname AND r.port = met_delivery.port)",
            [cluster_id],
        )?;
    }
    records::sign_moved(transaction, key, &[shared, &parted], &vouched)?;
    Ok(parted)
}
