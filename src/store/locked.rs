//! Locked roles: which logins pgrole locked, so that unlocking gives back exactly the state before, and a drop that was
//! interrupted goes on with the same role.

use anyhow::Result;
use rusqlite::{OptionalExtension, params};

use crate::domain::role::RoleName;
use crate::domain::timestamp::Timestamp;
use crate::store::{Store, Subject};

/// A role that pgrole locked, or began to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedRole {
    pub cluster_id: String,
    pub username: String,
    /// The role's oid then: a role that was created anew has another.
    pub oid: u32,
    /// Whether it had LOGIN.
    pub could_login: bool,
}

impl Store {
    /// Puts on record that a role is about to be locked. What is on record already about the same role stays: it says
    /// what was before.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_locked(
        &mut self,
        locked: &LockedRole,
        operation_id: &str,
        now: Timestamp,
    ) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "INSERT INTO locked_role (cluster_id, username, oid, could_login, locked_at, operation_id)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT (cluster_id, username) DO UPDATE SET oid = excluded.oid, could_login = excluded.could_login,
                    locked_at = excluded.locked_at, operation_id = excluded.operation_id
                 WHERE oid <> excluded.oid OR (could_login = 0 AND excluded.could_login = 1)",
                params![
                    locked.cluster_id,
                    locked.username,
                    locked.oid,
                    locked.could_login,
                    now.to_string(),
                    operation_id
                ],
            )?;
            Ok(())
        })
    }

    /// What is on record about a locked role.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_locked(&self, cluster_id: &str, role: &RoleName) -> Result<Option<LockedRole>> {
        let found = self.connection.query_row(
            "SELECT oid, could_login FROM locked_role WHERE cluster_id = ?1 AND username = ?2",
            params![cluster_id, role.as_str()],
            |row| {
                Ok(LockedRole {
                    cluster_id: cluster_id.to_owned(),
                    username: role.to_string(),
                    oid: row.get(0)?,
                    could_login: row.get(1)?,
                })
            },
        );
        self.explained(found.optional())
    }

    /// Forgets that a role was locked.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn forget_locked(&mut self, cluster_id: &str, role: &RoleName) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "DELETE FROM locked_role WHERE cluster_id = ?1 AND username = ?2",
                params![cluster_id, role.as_str()],
            )?;
            Ok(())
        })
    }

    /// Forgets a role that was dropped: its lock, its rotation, its deliveries, and what was last seen of it. That it is no
    /// longer rotated is an event of its own.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn forget_dropped(
        &mut self,
        cluster_id: &str,
        subject: &Subject,
        now: Timestamp,
    ) -> Result<()> {
        let name = subject.username.clone().unwrap_or_default();
        let is_placed = self.connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM placed_role WHERE cluster_id = ?1 AND username = ?2)",
            params![cluster_id, name],
            |row| row.get(0),
        );
        if self.explained(is_placed)? {
            self.forget_placed_role(cluster_id, subject, now)?;
        }
        self.write(|transaction| {
            for table in [
                "met_delivery",
                "seen_role",
                "found_login",
                "locked_role",
                "dual_login",
            ] {
                transaction.execute(
                    &format!("DELETE FROM {table} WHERE cluster_id = ?1 AND username = ?2"),
                    params![cluster_id, name],
                )?;
            }
            Ok(())
        })
    }
}
