//! What is on record of a role that gets another name. Its row under the new name is there before the server is asked, and
//! that under the old name goes after it: whatever cuts this off, the role stays under rotation.

use anyhow::Result;
use rusqlite::{Transaction, params};

use crate::domain::password::change::{ChangeState, PasswordChange};
use crate::domain::timestamp::Timestamp;
use crate::store::change_records::RecordForm;
use crate::store::journal::{ChangeEnding, leave};
use crate::store::{Store, change_records, records};

/// The columns of a recorded delivery, except for its name and its code.
const COLUMNS: &str =
    "cluster_id, hostname, port, env, db_name, profile, password_changed_at, deliver, file_format,
    term, end_named";

impl Store {
    /// Puts a placed role on record under another name too.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn copy_placed_role(&mut self, cluster_id: &str, from: &str, to: &str) -> Result<()> {
        let placed = self.find_placed_role(cluster_id, from)?;
        let is_recorded = placed.is_some_and(|role| role.is_recorded);
        let key = self.signing_key();
        self.write(|transaction| {
            for table in ["placed_role", "met_delivery"] {
                transaction.execute(
                    &format!(
                        "INSERT OR REPLACE INTO {table} (username, {COLUMNS})
                         SELECT ?3, {COLUMNS} FROM {table} WHERE cluster_id = ?1 AND username = ?2"
                    ),
                    params![cluster_id, from, to],
                )?;
            }
            // What somebody else wrote does not become our own record.
            if is_recorded {
                records::sign_delivery(transaction, key.as_ref(), cluster_id, to)?;
            }
            Ok(())
        })
    }

    /// Takes one of the two names off the record.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn drop_placed_role(&mut self, cluster_id: &str, username: &str) -> Result<()> {
        self.write(|transaction| forget(transaction, cluster_id, username, &PLACED))
    }

    /// Lets everything else on record follow the role to its new name.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn follow_rename(&mut self, cluster_id: &str, from: &str, to: &str) -> Result<()> {
        self.write(|transaction| {
            forget(transaction, cluster_id, from, &PLACED)?;
            // What was seen is looked at again.
            forget(transaction, cluster_id, from, &["seen_role", "found_login"])?;
            transaction.execute(
                "UPDATE OR REPLACE locked_role SET username = ?3 WHERE cluster_id = ?1 AND username = ?2",
                params![cluster_id, from, to],
            )?;
            for table in ["login_activity", "access_review"] {
                transaction.execute(
                    &format!(
                        "UPDATE OR REPLACE {table} SET username = ?3 WHERE cluster_id = ?1 AND username = ?2"
                    ),
                    params![cluster_id, from, to],
                )?;
            }
            transaction.execute(
                "UPDATE OR REPLACE expiry_notice SET username = ?3 WHERE username = ?2 AND EXISTS (
                    SELECT 1 FROM cluster_place p WHERE p.cluster_id = ?1
                    AND p.hostname = expiry_notice.hostname AND p.port = expiry_notice.port)",
                params![cluster_id, from, to],
            )?;
            Ok(())
        })
    }

    /// Puts a delivered change on record under the role's new name, sealed anew: its password can still be had.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn rename_change(
        &mut self,
        change: &PasswordChange,
        key_id: &str,
        sealed: &[u8],
    ) -> Result<()> {
        let key = self.signing_key();
        let id = &change.operation_id;
        self.write(|transaction| {
            let form = change_records::find_form(transaction, key.as_ref(), id)?;
            transaction.execute(
                "UPDATE password_change SET username = ?2, deliver = ?3, key_id = ?4, sealed = ?5
                 WHERE operation_id = ?1",
                params![
                    id,
                    change.role.as_str(),
                    change.destination.to_string(),
                    key_id,
                    sealed
                ],
            )?;
            if form.is_some() {
                change_records::sign(transaction, key.as_ref(), id, RecordForm::Begun)?;
            }
            Ok(())
        })
    }

    /// Ends a delivered change whose password has been replaced.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn supersede_change(&mut self, operation_id: &str, now: Timestamp) -> Result<()> {
        let ending = ChangeEnding {
            operation_id: operation_id.to_owned(),
            state: ChangeState::Superseded,
            error: None,
            keep_until: None,
        };
        self.write(|transaction| leave(transaction, &ending, now))
    }
}

const PLACED: [&str; 2] = ["placed_role", "met_delivery"];

fn forget(
    transaction: &Transaction<'_>,
    cluster_id: &str,
    username: &str,
    tables: &[&str],
) -> Result<()> {
    for table in tables {
        transaction.execute(
            &format!("DELETE FROM {table} WHERE cluster_id = ?1 AND username = ?2"),
            params![cluster_id, username],
        )?;
    }
    Ok(())
}
