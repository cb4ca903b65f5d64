//! Placed roles: the logins that pgrole created or adopted, when their passwords last changed, and where these are
//! delivered.

use anyhow::Result;
use rusqlite::{OptionalExtension, Params, Row, Transaction, params};
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::password::change::{ChangeKind, PasswordChange};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::store::bad_rows::{BadRow, read_sound};
use crate::store::columns::{MET_DELIVERY, NOT_YET, PLACED_ROLE};
use crate::store::records;
use crate::store::records::OptionalKey;
use crate::store::{Store, Subject, change_records, clusters};

/// A login that pgrole created or adopted. A role belongs to a cluster: the cluster's ID and the name are its key.
#[derive(Debug, Clone, Serialize)]
pub struct PlacedRole {
    pub cluster_id: String,
    /// The host at which the cluster was reached when the password was last changed.
    pub hostname: String,
    /// One port for all hosts, or one for each.
    pub port: String,
    pub username: String,
    pub env: String,
    pub database: String,
    pub profile: Option<String>,
    /// A timestamp; any other text means unknown.
    pub password_changed_at: String,
    pub deliver: Option<String>,
    pub file_format: Option<String>,
    /// Whether pgrole itself recorded the delivery.
    #[serde(skip)]
    pub is_recorded: bool,
    /// How the validity of its passwords is decided; `None` if nobody chose.
    pub term: Option<String>,
    /// The VALID UNTIL whose passing was reported.
    pub end_named: Option<String>,
    /// Other deliveries, from when its cluster was known as two: somebody must choose.
    pub met: Vec<MetDelivery>,
}

/// Where the same role's password was delivered under another name of its cluster.
#[derive(Debug, Clone, Serialize)]
pub struct MetDelivery {
    #[serde(skip)]
    pub hostname: String,
    #[serde(skip)]
    pub port: String,
    pub env: String,
    pub database: String,
    pub deliver: Option<String>,
    pub file_format: Option<String>,
}

/// A role to put under rotation.
#[derive(Debug)]
pub struct AdoptedRole<'a> {
    pub username: &'a str,
    pub profile: Option<&'a str>,
    pub deliver: &'a str,
    pub file_format: &'a str,
}

impl Store {
    /// Puts a role under rotation whose password was never changed with this registry.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn adopt_role(
        &mut self,
        target: &Target,
        role: &AdoptedRole<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let key = self.signing_key();
        self.write(|transaction| {
            let cluster_id = clusters::assign(transaction, target, now, key.as_ref())?;
            transaction.execute(
                "INSERT INTO placed_role (hostname, port, username, env, db_name, profile,
                    password_changed_at, deliver, file_format, cluster_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
                params![
                    target.hostname.to_string(),
                    target.port.to_string(),
                    role.username,
                    target.env.as_str(),
                    target.database.as_str(),
                    role.profile,
                    NOT_YET,
                    role.deliver,
                    role.file_format,
                    cluster_id,
                ],
            )?;
            records::sign_delivery(transaction, key.as_ref(), &cluster_id, role.username)
        })
    }

    /// All placed roles, by name.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_placed_roles(&self) -> Result<Vec<PlacedRole>> {
        self.read_placed_roles("", [])
    }

    /// The placed role of that name on a cluster.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_placed_role(&self, cluster_id: &str, username: &str) -> Result<Option<PlacedRole>> {
        let its_own = "WHERE cluster_id = ?1 AND username = ?2";
        let found = self.read_placed_roles(its_own, [cluster_id, username])?;
        Ok(found.into_iter().next())
    }

    fn read_placed_roles(
        &self,
        condition: &str,
        values: impl Params + Clone,
    ) -> Result<Vec<PlacedRole>> {
        self.explained((|| {
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT * FROM placed_role {condition} ORDER BY env, db_name, username"
            ))?;
            let of = (PLACED_ROLE, &mut *statement);
            let mut placed = self.read_rows(of, values.clone(), |row| self.read_placed(row))?;
            let mut statement = self.connection.prepare_cached(&format!(
                "SELECT * FROM met_delivery {condition} ORDER BY env, db_name, hostname, port"
            ))?;
            let met = self.read_rows((MET_DELIVERY, &mut statement), values, read_met)?;
            for (cluster_id, username, met) in met {
                let is_it = |role: &&mut PlacedRole| {
                    role.cluster_id == cluster_id && role.username == username
                };
                if let Some(role) = placed.iter_mut().find(is_it) {
                    role.met.push(met);
                }
            }
            Ok(placed)
        })())
    }

    /// What is wrong with the record of a role, if there is one that cannot be used: where its password goes is not known
    /// then, and it is not to be taken for a role without a record.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_bad_placed_role(&self, cluster_id: &str, username: &str) -> Result<Option<BadRow>> {
        self.explained((|| {
            for table in [PLACED_ROLE, MET_DELIVERY] {
                let name = table.name;
                let mut statement = self.connection.prepare_cached(&format!(
                    "SELECT * FROM {name} WHERE cluster_id = ?1 AND username = ?2"
                ))?;
                let (_, bad) =
                    read_sound((table, &mut statement), [cluster_id, username], |_| Ok(()))?;
                if let Some(bad) = bad.into_iter().find(|bad| !bad.is_used) {
                    return Ok(Some(bad));
                }
            }
            Ok(None)
        })())
    }

    /// Records that the end of a login was reported: once is enough.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_end_named(
        &mut self,
        cluster_id: &str,
        username: &str,
        valid_until: &str,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE placed_role SET end_named = ?3 WHERE cluster_id = ?1 AND username = ?2",
                params![cluster_id, username, valid_until],
            )?;
            Ok(())
        })
    }

    /// Forgets a login that no longer exists on its server.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn forget_placed_role(
        &mut self,
        cluster_id: &str,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<()> {
        let act = (Operation::RotateForget, Status::RoleForgotten);
        self.change_registry(act, subject, now, |transaction| {
            for table in ["placed_role", "met_delivery"] {
                transaction.execute(
                    &format!("DELETE FROM {table} WHERE cluster_id = ?1 AND username = ?2"),
                    params![cluster_id, subject.username],
                )?;
            }
            Ok(())
        })
    }

    /// Whether the password that a role had then is still the newest on record: another process may have made a new role of
    /// its name since it was found to be gone.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn is_placed_as_then(
        &self,
        cluster_id: &str,
        role: &str,
        changed_at: Timestamp,
    ) -> Result<bool> {
        self.explained(self.connection.query_row(
            "SELECT NOT EXISTS (SELECT 1 FROM placed_role
                WHERE cluster_id = ?1 AND username = ?2 AND password_changed_at > ?3)",
            params![cluster_id, role, changed_at.to_string()],
            |row| row.get(0),
        ))
    }
}

/// Records that a role's password changed; a reset keeps the known profile. The admin credential is not placed by
/// pgrole, but a placed role may have become it.
pub(super) fn record(
    transaction: &Transaction<'_>,
    change: &PasswordChange,
    key: OptionalKey<'_>,
    now: Timestamp,
) -> Result<()> {
    let target = &change.target;
    let cluster_id = cluster_of(transaction, change, now, key)?;
    // A delivery is authenticated only for the cluster that the change was begun on: elsewhere it would get another
    // role's passwords.
    let form = change_records::find_form(transaction, key, &change.operation_id)?;
    let key = key.filter(|_| form.is_some());
    if change.kind == ChangeKind::Admin {
        transaction.execute(
            "UPDATE placed_role SET password_changed_at = ?3 WHERE cluster_id = ?1 AND username = ?2",
            params![cluster_id, change.role.as_str(), now.to_string()],
        )?;
        return Ok(());
    }
    transaction.execute(
        "INSERT INTO placed_role (hostname, port, username, env, db_name, profile,
            password_changed_at, deliver, file_format, cluster_id, term)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
         ON CONFLICT (cluster_id, username) DO UPDATE SET
            hostname = excluded.hostname,
            port = excluded.port,
            env = excluded.env,
            db_name = excluded.db_name,
            profile = coalesce(excluded.profile, profile),
            password_changed_at = excluded.password_changed_at,
            deliver = excluded.deliver,
            file_format = excluded.file_format,
            term = coalesce(excluded.term, term)",
        params![
            target.hostname.to_string(),
            target.port.to_string(),
            change.role.as_str(),
            target.env.as_str(),
            target.database.as_str(),
            change.profile,
            now.to_string(),
            change.delivery.to_string(),
            change.delivery.file_format().as_str(),
            cluster_id,
            change.term.map(|term| term.to_string()),
        ],
    )?;
    records::sign_delivery(transaction, key, &cluster_id, change.role.as_str())?;
    // Printing a password once does not choose a place for future ones.
    if !change.destination.is_stdout() {
        transaction.execute(
            "DELETE FROM met_delivery WHERE cluster_id = ?1 AND username = ?2",
            params![cluster_id, change.role.as_str()],
        )?;
    }
    Ok(())
}

/// The cluster of the change in the journal, which may have been joined with another since it was begun.
fn cluster_of(
    transaction: &Transaction<'_>,
    change: &PasswordChange,
    now: Timestamp,
    key: OptionalKey<'_>,
) -> Result<String> {
    let journal: Option<Option<String>> = transaction
        .query_row(
            "SELECT cluster_id FROM password_change WHERE operation_id = ?1",
            [&change.operation_id],
            |row| row.get(0),
        )
        .optional()?;
    match journal.flatten() {
        Some(cluster_id) => Ok(cluster_id),
        None => clusters::assign(transaction, &change.target, now, key),
    }
}

impl Store {
    fn read_placed(&self, row: &Row<'_>) -> rusqlite::Result<PlacedRole> {
        let code: Option<String> = row.get("record_code")?;
        let record = records::of_delivery(row)?;
        Ok(PlacedRole {
            is_recorded: self.vouches_for(&record, code.as_deref()),
            cluster_id: row.get("cluster_id")?,
            hostname: row.get("hostname")?,
            port: row.get("port")?,
            username: row.get("username")?,
            env: row.get("env")?,
            database: row.get("db_name")?,
            profile: row.get("profile")?,
            password_changed_at: row.get("password_changed_at")?,
            deliver: row.get("deliver")?,
            file_format: row.get("file_format")?,
            term: row.get("term")?,
            end_named: row.get("end_named")?,
            met: Vec::new(),
        })
    }
}

fn read_met(row: &Row<'_>) -> rusqlite::Result<(String, String, MetDelivery)> {
    let met = MetDelivery {
        hostname: row.get("hostname")?,
        port: row.get("port")?,
        env: row.get("env")?,
        database: row.get("db_name")?,
        deliver: row.get("deliver")?,
        file_format: row.get("file_format")?,
    };
    Ok((row.get("cluster_id")?, row.get("username")?, met))
}
