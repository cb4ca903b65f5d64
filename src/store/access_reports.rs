//! The access reports that were written down, what each login could do then, and what reviewers decided.

use anyhow::Result;
use rusqlite::{Row, params};

use crate::domain::fleet_report::changes::{Snapshot, SnapshotRow};
use crate::domain::fleet_report::review::{Decision, Review};
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::columns::{ACCESS_REVIEW, ACCESS_SNAPSHOT};

/// How many reports of a target are kept to be compared with.
const KEPT_SNAPSHOTS: u32 = 24;

impl Store {
    /// Keeps a report, and what each target's logins could do. Returns its number.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn keep_access_report(
        &mut self,
        (made_at, made_by, sha256): (Timestamp, &str, &str),
        snapshots: &[Snapshot],
    ) -> Result<i64> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO access_report (made_at, made_by, sha256) VALUES (?1, ?2, ?3)",
                params![made_at.to_string(), made_by, sha256],
            )?;
            let id = transaction.last_insert_rowid();
            for one in snapshots {
                transaction.execute(
                    "INSERT INTO access_snapshot (env, db_name, report_id, cluster_id, made_at, snapshot)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                    params![
                        one.env,
                        one.database,
                        id,
                        one.cluster_id,
                        made_at.to_string(),
                        serde_json::to_string(&one.rows)?
                    ],
                )?;
                transaction.execute(
                    "DELETE FROM access_snapshot WHERE env = ?1 AND db_name = ?2 AND report_id NOT IN (
                        SELECT report_id FROM access_snapshot WHERE env = ?1 AND db_name = ?2
                        ORDER BY report_id DESC LIMIT ?3)",
                    params![one.env, one.database, KEPT_SNAPSHOTS],
                )?;
            }
            Ok(id)
        })
    }

    /// The newest report of each target that was made at or before a time, or of all.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_access_snapshots(&self, until: Option<Timestamp>) -> Result<Vec<Snapshot>> {
        let until = until.map(|until| until.to_string());
        let found: Vec<(Snapshot, String)> = self.explained((|| {
            let mut statement = self.connection.prepare_cached(
                "SELECT * FROM access_snapshot s WHERE report_id = (
                    SELECT max(o.report_id) FROM access_snapshot o
                    WHERE o.env = s.env AND o.db_name = s.db_name AND (?1 IS NULL OR o.made_at <= ?1))
                 ORDER BY env, db_name",
            )?;
            self.read_rows((ACCESS_SNAPSHOT, &mut statement), [until], |row| {
                let snapshot = Snapshot {
                    env: row.get("env")?,
                    database: row.get("db_name")?,
                    cluster_id: row.get("cluster_id")?,
                    made_at: row.get("made_at")?,
                    rows: Vec::new(),
                };
                Ok((snapshot, row.get("snapshot")?))
            })
        })())?;
        let read = found.into_iter().map(|(snapshot, text)| {
            let rows: Vec<SnapshotRow> = serde_json::from_str(&text)?;
            Ok(Snapshot { rows, ..snapshot })
        });
        read.collect()
    }

    /// Puts decisions on record, with the SHA-256 of the file that they were in.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn keep_reviews(
        &mut self,
        reviews: &[Review],
        file_hash: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.write(|transaction| {
            for review in reviews {
                transaction.execute(
                    "INSERT OR REPLACE INTO access_review (cluster_id, username, env, db_name, accepted_at, file_hash,
                        decision, reason, owner, reviewed_by, reviewed_at)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
                    params![
                        review.cluster_id,
                        review.username,
                        review.env,
                        review.database,
                        now.to_string(),
                        file_hash,
                        review.decision.as_str(),
                        review.reason,
                        review.owner,
                        review.reviewed_by,
                        review.reviewed_at
                    ],
                )?;
            }
            Ok(())
        })
    }

    /// All decisions, the newest first.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_reviews(&self) -> Result<Vec<Review>> {
        self.explained((|| {
            let mut statement = self
                .connection
                .prepare_cached("SELECT * FROM access_review ORDER BY accepted_at DESC")?;
            self.read_rows((ACCESS_REVIEW, &mut statement), [], read_review)
        })())
    }
}

fn read_review(row: &Row<'_>) -> rusqlite::Result<Review> {
    let decision: String = row.get("decision")?;
    Ok(Review {
        cluster_id: row.get("cluster_id")?,
        username: row.get("username")?,
        env: row.get("env")?,
        database: row.get("db_name")?,
        // What is none was passed over before.
        decision: decision.parse().unwrap_or(Decision::Change),
        reason: row.get("reason")?,
        owner: row.get("owner")?,
        reviewed_by: row.get("reviewed_by")?,
        reviewed_at: row.get("reviewed_at")?,
    })
}
