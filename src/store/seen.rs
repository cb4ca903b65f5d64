//! Logins with pgrole's mark that were found on a server, and whose passwords were never changed with this registry.
//! They are stored so that commands that query no server can count them.

use anyhow::Result;
use rusqlite::{Row, params};

use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::columns::SEEN_ROLE;

/// A login that was found on a server. It belongs to a cluster, as a placed role does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SeenRole {
    pub cluster_id: String,
    /// The host at which the cluster was reached then.
    pub hostname: String,
    pub port: String,
    pub username: String,
    pub env: String,
    pub database: String,
    pub profile: Option<String>,
}

impl SeenRole {
    /// Returns `None` if the target belongs to no cluster yet, and so was not queried.
    pub fn new(target: &Target, username: &str, profile: Option<String>) -> Option<Self> {
        Some(Self {
            cluster_id: target.cluster_id.clone()?,
            hostname: target.hostname.to_string(),
            port: target.port.to_string(),
            username: username.to_owned(),
            env: target.env.to_string(),
            database: target.database.to_string(),
            profile,
        })
    }
}

impl Store {
    /// Records which logins were found on the clusters that answered, replacing those found there before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_seen_roles(
        &mut self,
        answered: &[Target],
        seen: &[SeenRole],
        now: Timestamp,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            for target in answered {
                transaction.execute(
                    "DELETE FROM seen_role WHERE cluster_id = ?1",
                    [&target.cluster_id],
                )?;
            }
            for role in seen {
                transaction.execute(
                    "INSERT OR REPLACE INTO seen_role (cluster_id, username, hostname, port, env, db_name, profile,
                        seen_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                    params![
                        role.cluster_id,
                        role.username,
                        role.hostname,
                        role.port,
                        role.env,
                        role.database,
                        role.profile,
                        now.to_string(),
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// The logins that were found last, by name.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_seen_roles(&self) -> Result<Vec<SeenRole>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare("SELECT * FROM seen_role ORDER BY env, db_name, username")?;
            self.read_rows((SEEN_ROLE, &mut statement), [], read_seen)
        })())
    }
}

fn read_seen(row: &Row<'_>) -> rusqlite::Result<SeenRole> {
    Ok(SeenRole {
        cluster_id: row.get("cluster_id")?,
        hostname: row.get("hostname")?,
        port: row.get("port")?,
        username: row.get("username")?,
        env: row.get("env")?,
        database: row.get("db_name")?,
        profile: row.get("profile")?,
    })
}
