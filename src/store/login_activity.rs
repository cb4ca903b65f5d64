//! When logins were last seen, since when somebody has looked, and the most sessions that were seen at once.

use anyhow::Result;
use rusqlite::{Transaction, params};

use crate::domain::fleet_report::activity::SeenBy;
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::columns::{CLUSTER_WATCH, LOGIN_ACTIVITY};

/// The sessions of a cluster at one moment.
#[derive(Debug, Clone)]
pub struct SessionSample {
    pub cluster_id: String,
    /// All connections of clients.
    pub used: u32,
    /// All logins, and how many sessions each has.
    pub logins: Vec<(String, u32)>,
}

/// What is known of a login's use.
#[derive(Debug, Clone)]
pub struct SeenLogin {
    pub cluster_id: String,
    pub username: String,
    /// Since when it is known to be there.
    pub known_at: String,
    /// `None` if it never was seen.
    pub seen_at: Option<String>,
    pub seen_by: Option<String>,
    pub peak_sessions: u32,
}

/// How often a cluster was looked at.
#[derive(Debug, Clone)]
pub struct ClusterWatch {
    pub cluster_id: String,
    pub samples: u32,
    pub peak_sessions: u32,
}

impl Store {
    /// Keeps which sessions were seen.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_session_samples(
        &mut self,
        samples: &[SessionSample],
        now: Timestamp,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            let now = now.to_string();
            for sample in samples {
                transaction.execute(
                    "INSERT INTO cluster_watch (cluster_id, begun_at, sampled_at, samples, peak_sessions, peak_at)
                     VALUES (?1, ?2, ?2, 1, ?3, ?2)
                     ON CONFLICT (cluster_id) DO UPDATE SET sampled_at = ?2, samples = samples + 1,
                        peak_at = CASE WHEN ?3 > peak_sessions THEN ?2 ELSE peak_at END,
                        peak_sessions = max(peak_sessions, ?3)",
                    params![sample.cluster_id, now, sample.used],
                )?;
                keep_logins(transaction, sample, &now)?;
            }
            Ok(())
        })
    }

    /// Keeps when a server's log has the logins last, unless they were seen later.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_logged_logins(
        &mut self,
        cluster_id: &str,
        logins: &[(String, Timestamp)],
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            for (login, at) in logins {
                keep_logged(transaction, cluster_id, login, *at)?;
            }
            Ok(())
        })
    }

    /// When each login was last seen.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_seen_logins(&self) -> Result<Vec<SeenLogin>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare_cached("SELECT * FROM login_activity")?;
            self.read_rows((LOGIN_ACTIVITY, &mut statement), [], |row| {
                Ok(SeenLogin {
                    cluster_id: row.get("cluster_id")?,
                    username: row.get("username")?,
                    known_at: row.get("known_at")?,
                    seen_at: row.get("seen_at")?,
                    seen_by: row.get("seen_by")?,
                    peak_sessions: row.get("peak_sessions")?,
                })
            })
        })())
    }

    /// How often each cluster was looked at.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_watched_clusters(&self) -> Result<Vec<ClusterWatch>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare_cached("SELECT * FROM cluster_watch")?;
            self.read_rows((CLUSTER_WATCH, &mut statement), [], |row| {
                Ok(ClusterWatch {
                    cluster_id: row.get("cluster_id")?,
                    samples: row.get("samples")?,
                    peak_sessions: row.get("peak_sessions")?,
                })
            })
        })())
    }
}

/// One that is gone is forgotten: another of its name would not have been there.
fn keep_logins(transaction: &Transaction<'_>, sample: &SessionSample, now: &str) -> Result<()> {
    let names: Vec<_> = sample.logins.iter().map(|(login, _)| login).collect();
    transaction.execute(
        "DELETE FROM login_activity WHERE cluster_id = ?1
         AND username NOT IN (SELECT value FROM json_each(?2))",
        params![sample.cluster_id, serde_json::to_string(&names)?],
    )?;
    let mut there = transaction.prepare_cached(
        "INSERT OR IGNORE INTO login_activity (cluster_id, username, known_at, peak_sessions)
         VALUES (?1, ?2, ?3, 0)",
    )?;
    let mut seen = transaction.prepare_cached(
        "UPDATE login_activity SET seen_at = ?3, seen_by = ?4,
            peak_at = CASE WHEN ?5 > peak_sessions THEN ?3 ELSE peak_at END,
            peak_sessions = max(peak_sessions, ?5)
         WHERE cluster_id = ?1 AND username = ?2",
    )?;
    for (login, sessions) in &sample.logins {
        there.execute(params![sample.cluster_id, login, now])?;
        if *sessions > 0 {
            let by = SeenBy::Sample.as_str();
            seen.execute(params![sample.cluster_id, login, now, by, sessions])?;
        }
    }
    Ok(())
}

fn keep_logged(
    transaction: &Transaction<'_>,
    cluster_id: &str,
    login: &str,
    at: Timestamp,
) -> rusqlite::Result<usize> {
    transaction.execute(
        "INSERT INTO login_activity (cluster_id, username, known_at, seen_at, seen_by, peak_sessions)
         VALUES (?1, ?2, ?3, ?3, ?4, 0)
         ON CONFLICT (cluster_id, username) DO UPDATE SET known_at = min(known_at, ?3),
            seen_at = max(coalesce(seen_at, ''), ?3),
            seen_by = CASE WHEN coalesce(seen_at, '') < ?3 THEN ?4 ELSE seen_by END",
        params![
            cluster_id,
            login,
            at.to_string(),
            SeenBy::ServerLog.as_str()
        ],
    )
}
