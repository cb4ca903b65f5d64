//! Distinguishes what pgrole wrote from what others wrote: the authentication codes of placed roles, entries and open
//! changes (`domain::record`), and their key, which is loaded when first needed.

use std::sync::Arc;

use anyhow::Result;
use rusqlite::{Connection, Row, Transaction, params, params_from_iter};

use crate::domain::password::record::{KeyUse, Record, RecordKey};
use crate::store::Store;
use crate::store::bad_rows::read_sound;
use crate::store::change_records;
use crate::store::change_records::RecordForm;
use crate::store::columns::{MET_DELIVERY, PLACED_ROLE, Table};

pub(super) use crate::store::change_records::OptionalKey;
use crate::store::entry::{RegistryEntry, SELECT, read_entry};

/// The source of the key; `None` if there is none and none is created for that use.
pub type RecordKeys = Box<dyn Fn(KeyUse) -> Result<Option<RecordKey>> + Send>;

/// The tables of recorded deliveries: the current ones, and those merged with them from another name of their cluster.
const DELIVERIES: [Table; 2] = [PLACED_ROLE, MET_DELIVERY];

impl Store {
    /// Creates the key that authenticates deliveries, before a password depends on it.
    ///
    /// # Errors
    /// If there is none and none can be kept.
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

    /// The key to sign with. If there is none, what is written counts as somebody else's, which is safe.
    pub(super) fn signing_key(&self) -> Option<Arc<RecordKey>> {
        self.record_key(KeyUse::Sign).ok().flatten()
    }

    /// The key to verify with; `None` if nothing can be authenticated.
    pub(super) fn verifying_key(&self) -> Option<Arc<RecordKey>> {
        self.record_key(KeyUse::Verify).ok().flatten()
    }

    pub(super) fn vouches_for(&self, record: &Record, code: Option<&str>) -> bool {
        if code.is_none() {
            return false;
        }
        self.verifying_key()
            .is_some_and(|key| key.vouches_for(record, code))
    }
}

/// Whether the file already has codes.
pub(super) fn are_there(connection: &Connection) -> rusqlite::Result<bool> {
    connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM pragma_table_info('placed_role') WHERE name = 'record_code')",
        [],
        |row| row.get(0),
    )
}

/// Signs the existing rows when the file gets its codes.
pub(super) fn adopt(transaction: &Transaction<'_>, key: OptionalKey<'_>) -> Result<()> {
    let Some(key) = key else {
        return Ok(());
    };
    for table in DELIVERIES {
        for found in list(transaction, table, &[])? {
            found.set_code(transaction, table, Some(&key.sign(&found.record)))?;
        }
    }
    change_records::adopt(transaction, Some(key))?;
    let mut statement = transaction.prepare(SELECT)?;
    let entries = statement.query_map([], read_entry)?;
    for entry in entries.collect::<rusqlite::Result<Vec<_>>>()? {
        sign_entry(transaction, Some(key), &entry.env, &entry.database)?;
    }
    Ok(())
}

/// A recorded delivery, with its key and its code.
struct RecordedDelivery {
    cluster_id: String,
    username: String,
    hostname: String,
    port: String,
    record: Record,
    code: Option<String>,
}

impl RecordedDelivery {
    fn read(row: &Row<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            cluster_id: row.get("cluster_id")?,
            username: row.get("username")?,
            hostname: row.get("hostname")?,
            port: row.get("port")?,
            record: of_delivery(row)?,
            code: row.get("record_code")?,
        })
    }

    fn set_code(&self, connection: &Connection, table: Table, code: Option<&str>) -> Result<()> {
        let name = table.name;
        let mut statement = connection.prepare_cached(&format!(
            "UPDATE {name} SET record_code = ?5
             WHERE cluster_id = ?1 AND username = ?2 AND hostname = ?3 AND port = ?4"
        ))?;
        statement.execute(params![
            self.cluster_id,
            self.username,
            self.hostname,
            self.port,
            code
        ])?;
        Ok(())
    }
}

/// The deliveries of a cluster, of one role there, or of all.
fn list(
    connection: &Connection,
    table: Table,
    key: &[&str],
) -> rusqlite::Result<Vec<RecordedDelivery>> {
    let condition = match key.len() {
        0 => "",
        1 => "WHERE cluster_id = ?1",
        _ => "WHERE cluster_id = ?1 AND username = ?2",
    };
    let query = format!("SELECT * FROM {} {condition}", table.name);
    let mut statement = connection.prepare_cached(&query)?;
    // A row that is not valid keeps its code: once it is moved, that no longer fits.
    let of = (table, &mut *statement);
    let (deliveries, _) = read_sound(of, params_from_iter(key), RecordedDelivery::read)?;
    Ok(deliveries)
}

/// The open changes that were authenticated before they were moved.
#[derive(Default)]
pub(super) struct Vouched(Vec<(String, RecordForm)>);

/// Removes invalid codes from deliveries of these clusters before they are moved: [`sign_moved`] then signs whatever
/// still has a code, and the returned open changes. Without a key nothing stays authenticated after the move.
pub(super) fn keep_vouched(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
    clusters: &[&str],
) -> Result<Vouched> {
    let Some(key) = key else {
        return Ok(Vouched::default());
    };
    for table in DELIVERIES {
        for cluster_id in clusters {
            for found in list(transaction, table, &[cluster_id])? {
                if found.code.is_some() && !key.vouches_for(&found.record, found.code.as_deref()) {
                    found.set_code(transaction, table, None)?;
                }
            }
        }
    }
    let mut vouched = Vouched::default();
    for cluster_id in clusters {
        let forms = change_records::list_forms(transaction, Some(key), cluster_id)?;
        let known = forms.into_iter();
        vouched
            .0
            .extend(known.filter_map(|(id, form)| Some((id, form?))));
    }
    Ok(vouched)
}

/// Signs again what [`keep_vouched`] left a code.
pub(super) fn sign_moved(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
    clusters: &[&str],
    vouched: &Vouched,
) -> Result<()> {
    let Some(key) = key else {
        return Ok(());
    };
    for (operation_id, form) in &vouched.0 {
        change_records::sign(transaction, Some(key), operation_id, *form)?;
    }
    for table in DELIVERIES {
        for cluster_id in clusters {
            for found in list(transaction, table, &[cluster_id])? {
                if found.code.is_some() {
                    found.set_code(transaction, table, Some(&key.sign(&found.record)))?;
                }
            }
        }
    }
    Ok(())
}

/// Signs where a role's password is delivered, as pgrole has just written it; without a key it counts as somebody
/// else's.
pub(super) fn sign_delivery(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
    cluster_id: &str,
    username: &str,
) -> Result<()> {
    for found in list(transaction, PLACED_ROLE, &[cluster_id, username])? {
        let code = key.map(|key| key.sign(&found.record));
        found.set_code(transaction, PLACED_ROLE, code.as_deref())?;
    }
    Ok(())
}

/// Signs an entry as it is; without a key it counts as somebody else's.
pub(super) fn sign_entry(
    transaction: &Transaction<'_>,
    key: OptionalKey<'_>,
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

/// Where the password of a role goes. The role belongs to a cluster; environment and database fill in templates.
pub(super) fn of_delivery(row: &Row<'_>) -> rusqlite::Result<Record> {
    let text = |column: &str| row.get::<_, Option<String>>(column);
    let names = [
        ("cluster", "cluster_id"),
        ("hostname", "hostname"),
        ("port", "port"),
        ("env", "env"),
        ("database", "db_name"),
        ("username", "username"),
        ("deliver", "deliver"),
        ("file_format", "file_format"),
    ];
    let values = names.map(|(name, column)| text(column).map(|value| (name, value)));
    let values: Vec<_> = values.into_iter().collect::<rusqlite::Result<_>>()?;
    let values: Vec<_> = values
        .iter()
        .map(|(name, value)| (*name, value.as_deref()))
        .collect();
    Ok(Record::new("delivery", &values))
}

/// The part of an entry that says where the server is and how it is reached. Anybody may change whether it is active,
/// and its notes.
pub(super) fn of_entry(entry: &RegistryEntry) -> Record {
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
            ("require_auth", entry.require_auth.as_deref()),
            ("direct", entry.direct.then_some("1")),
        ],
    )
}
