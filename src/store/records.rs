//! What pgrole itself wrote, told from what others did: the codes beside placed roles, entries and open changes
//! (`domain::record`), and the key that makes them, which is asked for when it is first needed.

use std::sync::Arc;

use anyhow::Result;
use rusqlite::{Connection, Row, Transaction, params};

use crate::domain::password_change::{ChangeKind, PasswordChange};
use crate::domain::record::{KeyUse, Record, RecordKey};
use crate::store::Store;
use crate::store::registry::{Entry, SELECT, read_entry};

/// Where the key comes from; None: there is none, and none is made for that use.
pub type RecordKeys = Box<dyn Fn(KeyUse) -> Result<Option<RecordKey>> + Send>;

/// The codes' columns, which come with their schema step.
pub(super) const COLUMNS: &str = "
    ALTER TABLE db_registry ADD COLUMN record_code TEXT;
    ALTER TABLE placed_role ADD COLUMN record_code TEXT;
    ALTER TABLE password_change ADD COLUMN record_code TEXT;
";

/// The deliveries as they are recorded.
const PLACED: &str = "SELECT rowid, hostname, CAST(port AS TEXT) AS port, username, deliver, file_format FROM placed_role";

/// The changes that hold a password.
const SEALED: &str = "SELECT * FROM password_change WHERE sealed IS NOT NULL";

impl Store {
    /// Makes the key that vouches for deliveries, before a password depends on it.
    ///
    /// # Errors
    /// Where there is none and none can be kept.
    pub fn prepare_record_key(&self) -> Result<()> {
        self.record_key(KeyUse::Sign).map(drop)
    }

    pub(super) fn record_key(&self, wanted: KeyUse) -> Result<Option<Arc<RecordKey>>> {
        if let Some(key) = self.record_key.get() {
            return Ok(Some(Arc::clone(key)));
        }
        let found = (self.record_keys)(wanted)?;
        Ok(found.map(|key| Arc::clone(self.record_key.get_or_init(|| Arc::new(key)))))
    }

    /// The key to sign with. Where none can be had, what is written counts as another's, which is safe.
    pub(super) fn signing_key(&self) -> Option<Arc<RecordKey>> {
        self.record_key(KeyUse::Sign).ok().flatten()
    }

    pub(super) fn vouches_for(&self, record: &Record, code: Option<&str>) -> bool {
        if code.is_none() {
            return false;
        }
        let key = self.record_key(KeyUse::Verify).ok().flatten();
        key.is_some_and(|key| key.vouches_for(record, code))
    }

    /// The code of where a change is delivered, for the role's next one.
    pub(super) fn sign_delivery(&self, change: &PasswordChange) -> Option<String> {
        if change.kind == ChangeKind::Admin {
            return None;
        }
        let record = Record::of_delivery(
            (
                &change.target.hostname.to_string(),
                &change.target.port.to_string(),
            ),
            change.role.as_str(),
            Some(&change.delivery.to_string()),
            Some(change.file_format.as_str()),
        );
        Some(self.signing_key()?.sign(&record))
    }
}

/// Whether the file has codes already.
pub(super) fn are_there(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info('placed_role') WHERE name = 'record_code')",
        [],
        |row| row.get(0),
    )
}

/// Signs what is there when the file gets its codes.
pub(super) fn adopt(transaction: &Transaction<'_>, key: Option<&Arc<RecordKey>>) -> Result<()> {
    let Some(key) = key else {
        return Ok(());
    };
    for (rowid, record) in list(transaction, PLACED, "rowid", of_placed_role)? {
        let code = key.sign(&record);
        transaction.execute(
            "UPDATE placed_role SET record_code = ?2 WHERE rowid = ?1",
            params![rowid, code],
        )?;
    }
    for (id, record) in list(transaction, SEALED, "operation_id", of_change)? {
        let code = key.sign(&record);
        transaction.execute(
            "UPDATE password_change SET record_code = ?2 WHERE operation_id = ?1",
            params![id, code],
        )?;
    }
    for (_, entry) in list(transaction, SELECT, "env", read_entry)? {
        sign_entry(transaction, Some(key), &entry.env, &entry.database)?;
    }
    Ok(())
}

fn list<T>(
    transaction: &Transaction<'_>,
    query: &str,
    id: &str,
    read: impl Fn(&Row<'_>) -> rusqlite::Result<T>,
) -> rusqlite::Result<Vec<(rusqlite::types::Value, T)>> {
    let mut statement = transaction.prepare(query)?;
    let rows = statement.query_map([], |row| Ok((row.get(id)?, read(row)?)))?;
    rows.collect()
}

/// Signs an entry as it stands; without a key it counts as another's.
pub(super) fn sign_entry(
    transaction: &Transaction<'_>,
    key: Option<&Arc<RecordKey>>,
    env: &str,
    database: &str,
) -> Result<()> {
    let query = format!("{SELECT} WHERE env = ?1 AND db_name = ?2");
    let mut statement = transaction.prepare(&query)?;
    let mut found = statement.query_map([env, database], read_entry)?;
    let Some(entry) = found.next().transpose()? else {
        return Ok(());
    };
    transaction.execute(
        "UPDATE db_registry SET record_code = ?3 WHERE env = ?1 AND db_name = ?2",
        params![env, database, key.map(|key| key.sign(&of_entry(&entry)))],
    )?;
    Ok(())
}

pub(super) fn of_placed_role(row: &Row<'_>) -> rusqlite::Result<Record> {
    let text = |column: &str| row.get::<_, String>(column);
    let optional = |column: &str| row.get::<_, Option<String>>(column);
    Ok(Record::of_delivery(
        (&text("hostname")?, &text("port")?),
        &text("username")?,
        optional("deliver")?.as_deref(),
        optional("file_format")?.as_deref(),
    ))
}

/// A change of the release before, whose sealed password is not bound to where it is delivered.
pub(super) fn of_change(row: &Row<'_>) -> rusqlite::Result<Record> {
    let names = [
        "operation_id",
        "kind",
        "env",
        "db_name",
        "hostname",
        "port",
        "username",
        "deliver",
        "deliver_template",
        "file_format",
        "key_id",
    ];
    let values: Vec<String> = names
        .iter()
        .map(|name| row.get(*name))
        .collect::<rusqlite::Result<_>>()?;
    let values: Vec<_> = names
        .into_iter()
        .zip(values.iter().map(|value| Some(value.as_str())))
        .collect();
    Ok(Record::new("change", &values))
}

/// What an entry says of where the server is and how it is reached. Whether it is active, and notes, are anybody's.
pub(super) fn of_entry(entry: &Entry) -> Record {
    let port = entry.port.map(|port| port.to_string());
    Record::new(
        "entry",
        &[
            ("env", Some(&entry.env)),
            ("database", Some(&entry.database)),
            ("hostname", Some(&entry.hostname)),
            ("port", port.as_deref()),
            ("ports", entry.ports.as_deref()),
            ("sslmode", entry.sslmode.as_deref()),
            ("sslrootcert", entry.sslrootcert.as_deref()),
            ("sslcert", entry.sslcert.as_deref()),
            ("sslkey", entry.sslkey.as_deref()),
            ("sslnegotiation", entry.sslnegotiation.as_deref()),
            ("channel_binding", entry.channel_binding.as_deref()),
            ("admin_user", entry.admin_user.as_deref()),
        ],
    )
}
