//! What the servers answered last about their logins, so that it can be read again without a network.

use anyhow::Result;
use rusqlite::params;

use crate::domain::role::state::RoleState;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::columns::{FOUND_LOGIN, LISTED_LOGINS};

/// All logins of a cluster, or one role, as it answered then.
#[derive(Debug, Clone)]
pub struct LastAnswer {
    pub answered_at: String,
    pub logins: Vec<RoleState>,
}

impl Store {
    /// Keeps the logins of clusters that were just listed.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_listed_logins(
        &mut self,
        listed: &[(String, Vec<RoleState>)],
        now: Timestamp,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            for (cluster_id, logins) in listed {
                transaction.execute(
                    "INSERT OR REPLACE INTO listed_logins (cluster_id, answered_at, logins) VALUES (?1, ?2, ?3)",
                    params![cluster_id, now.to_string(), serde_json::to_string(logins)?],
                )?;
                transaction.execute("DELETE FROM found_login WHERE cluster_id = ?1", [cluster_id])?;
            }
            Ok(())
        })
    }

    /// Keeps what clusters just answered about one role; `None`: it does not exist there.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_found_login(
        &mut self,
        username: &str,
        found: &[(String, Option<RoleState>)],
        now: Timestamp,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            for (cluster_id, login) in found {
                let login = login.as_ref().map(serde_json::to_string).transpose()?;
                transaction.execute(
                    "INSERT OR REPLACE INTO found_login (cluster_id, username, answered_at, login) VALUES (?1, ?2, ?3, ?4)",
                    params![cluster_id, username, now.to_string(), login],
                )?;
            }
            Ok(())
        })
    }

    /// The logins that a cluster had when it was last listed; `None` if it never was.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn last_listed_logins(&self, cluster_id: &str) -> Result<Option<LastAnswer>> {
        let rows: Vec<(String, String)> = self.explained((|| {
            let mut statement = self
                .connection
                .prepare_cached("SELECT * FROM listed_logins WHERE cluster_id = ?1")?;
            self.read_rows((LISTED_LOGINS, &mut statement), [cluster_id], |row| {
                Ok((row.get("answered_at")?, row.get("logins")?))
            })
        })())?;
        let row = rows.into_iter().next();
        row.map(|(answered_at, logins)| {
            Ok(LastAnswer {
                answered_at,
                logins: serde_json::from_str(&logins)?,
            })
        })
        .transpose()
    }

    /// What a cluster answered last about one role: no logins if it did not exist, `None` if it was never asked.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn last_found_login(&self, cluster_id: &str, username: &str) -> Result<Option<LastAnswer>> {
        let rows: Vec<(String, Option<String>)> = self.explained((|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT * FROM found_login WHERE cluster_id = ?1 AND username = ?2",
            )?;
            let names = [cluster_id, username];
            self.read_rows((FOUND_LOGIN, &mut statement), names, |row| {
                Ok((row.get("answered_at")?, row.get("login")?))
            })
        })())?;
        if let Some((answered_at, login)) = rows.into_iter().next() {
            let login = login
                .map(|login| serde_json::from_str(&login))
                .transpose()?;
            return Ok(Some(LastAnswer {
                answered_at,
                logins: login.into_iter().collect(),
            }));
        }
        // A list since then has replaced it.
        let mut listed = self.last_listed_logins(cluster_id)?;
        if let Some(listed) = &mut listed {
            listed.logins.retain(|login| login.name == username);
        }
        Ok(listed)
    }
}
