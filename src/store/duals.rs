//! The dual logins of owners, as their servers said last. `rotate status` shows them without asking, and `rotate` finds
//! what is due to be retired; what is done, the comment on the server decides.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, Row, params};

use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::{DualLogin, DualMark, DualStep};
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::bad_rows::read_sound;
use crate::store::columns::DUAL_LOGIN;

/// What is on record of an owner.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DualRecord {
    pub cluster_id: String,
    pub username: String,
    /// The login that the application uses.
    pub current: Option<String>,
    /// The login whose password is not delivered yet.
    pub incoming: Option<String>,
    /// The login that is valid until it is retired.
    pub outgoing: Option<String>,
    /// When that is due, by the server's clock.
    pub retire_at: Option<Timestamp>,
    /// Why it was not retired although it was due.
    pub held_back: Option<String>,
}

impl Store {
    /// Puts on record what a server said.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_dual(
        &mut self,
        cluster_id: &str,
        owner: &RoleName,
        mark: &DualMark,
        now: Timestamp,
    ) -> Result<()> {
        let (incoming, outgoing, until) = match mark.step {
            DualStep::Idle => (None, None, None),
            DualStep::Incoming(login) => (Some(login), None, None),
            DualStep::Grace {
                previous, until, ..
            } => (None, Some(previous), Some(until)),
        };
        let name = |login: Option<DualLogin>| login.map(|login| login.name(owner).to_string());
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "INSERT OR REPLACE INTO dual_login
                    (cluster_id, username, current, incoming, outgoing, retire_at, held_back, seen_at)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, NULL, ?7)",
                params![
                    cluster_id,
                    owner.as_str(),
                    name(mark.current),
                    name(incoming),
                    name(outgoing),
                    until.map(|until| until.to_string()),
                    now.to_string(),
                ],
            )?;
            Ok(())
        })
    }

    /// Notes why a login was not retired.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn note_held_back(&mut self, cluster_id: &str, owner: &RoleName, why: &str) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE dual_login SET held_back = ?3 WHERE cluster_id = ?1 AND username = ?2",
                params![cluster_id, owner.as_str(), why],
            )?;
            Ok(())
        })
    }

    /// Forgets that a role has dual logins.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn forget_dual(&mut self, cluster_id: &str, owner: &RoleName) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "DELETE FROM dual_login WHERE cluster_id = ?1 AND username = ?2",
                params![cluster_id, owner.as_str()],
            )?;
            Ok(())
        })
    }

    /// What is on record of an owner; `None` if nothing is.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_dual(&self, cluster_id: &str, owner: &str) -> Result<Option<DualRecord>> {
        self.explained(find(&self.connection, cluster_id, owner))
    }

    /// All that is on record.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_duals(&self) -> Result<Vec<DualRecord>> {
        self.explained((|| {
            let mut statement = self.connection.prepare_cached("SELECT * FROM dual_login")?;
            let (rows, bad) = read_sound((DUAL_LOGIN, &mut statement), [], read)?;
            self.note_bad_rows(bad);
            Ok(rows)
        })())
    }
}

fn find(
    connection: &Connection,
    cluster_id: &str,
    owner: &str,
) -> rusqlite::Result<Option<DualRecord>> {
    let query = "SELECT * FROM dual_login WHERE cluster_id = ?1 AND username = ?2";
    connection
        .query_row(query, [cluster_id, owner], read)
        .optional()
}

fn read(row: &Row<'_>) -> rusqlite::Result<DualRecord> {
    let retire_at: Option<String> = row.get("retire_at")?;
    Ok(DualRecord {
        cluster_id: row.get("cluster_id")?,
        username: row.get("username")?,
        current: row.get("current")?,
        incoming: row.get("incoming")?,
        outgoing: row.get("outgoing")?,
        retire_at: retire_at.as_deref().and_then(Timestamp::parse),
        held_back: row.get("held_back")?,
    })
}
