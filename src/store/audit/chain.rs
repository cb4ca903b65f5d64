//! The hash chain of `audit_log`: what an event's hash covers. `verify` walks it.
//!
//! An event's hash is the SHA-256, in 64 hexadecimal digits of lower case, of its canonical form:
//!
//! - the line `pgrole audit event 1` with its line end;
//! - then each column of the row but `hash` itself, if it is not NULL, in the order of the columns' names (as bytes):
//!   the name, then the value, each as a netstring `LENGTH:BYTES,`.
//! - A value is a letter and its bytes: `i` and the decimal digits of an integer, `r` and the eight bytes of a real number
//!   (IEEE 754, big-endian), `t` and the UTF-8 of a text, `b` and the bytes of a blob, as SQLite has them (`typeof`).
//!
//! `prev_hash` is one of the columns, and contains the hash of the previous event, whose `id` is one less; 64 zeros in
//! the first event. Events from before there was a chain have neither: their hashes are made in the same way, each with
//! the previous one in place of `prev_hash`, and the last of them is the `prev_hash` of the first event that has one.
//!
//! `targets_hash` is the SHA-256 of a text in the table `target_list`, which is no part of the row: whoever checks the chain
//! checks that each of these texts has its hash (`target_lists`).
//!
//! Events that were archived (`archive`) are in files whose table is walked in the same way; the log's first event then has
//! the hash of the last of them as its `prev_hash`, with which `last` below begins.
//!
//! The whole verification, for somebody who does not trust pgrole:
//!
//! ```python
//! import hashlib, sqlite3, struct
//! net = lambda b: b"%d:%s," % (len(b), b)
//! value = lambda v: {int: lambda: b"i%d" % v, float: lambda: b"r" + struct.pack(">d", v),
//!                    str: lambda: b"t" + v.encode(), bytes: lambda: b"b" + v}[type(v)]()
//! log = sqlite3.connect("file:pg_registry.db?mode=ro", uri=True)
//! log.row_factory = sqlite3.Row
//! lists = dict(log.execute("SELECT hash, targets FROM target_list"))
//! assert all(hashlib.sha256(text.encode()).hexdigest() == key for key, text in lists.items())
//! last = "0" * 64
//! for row in map(dict, log.execute("SELECT * FROM audit_log ORDER BY id")):
//!     stored = row.pop("hash")
//!     assert row["prev_hash"] in (last, None)
//!     assert row["targets_hash"] is None or row["targets_hash"] in lists
//!     row["prev_hash"] = last
//!     form = b"".join(net(k.encode()) + net(value(v)) for k, v in sorted(row.items()) if v is not None)
//!     last = hashlib.sha256(b"pgrole audit event 1\n" + form).hexdigest()
//!     assert stored in (last, None)
//! print(row["id"], last)
//! ```

use std::io::Write;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement};
use sha2::{Digest, Sha256};

use crate::domain::act::status::Status;
use crate::domain::audit::anchor::EventHash;

/// Separates these hashes from all others, and this form from a later one.
const TAG: &[u8] = b"pgrole audit event 1\n";

/// A canonical form, while it is being built.
#[derive(Default)]
struct CanonicalForm(Vec<u8>);

impl CanonicalForm {
    fn begin(&mut self) {
        self.0.clear();
        self.0.extend_from_slice(TAG);
    }

    /// Columns must be pushed in the order of their names.
    fn push(&mut self, name: &[u8], value: ValueRef<'_>) {
        let mut number = [0; 20];
        let real;
        let (letter, bytes) = match value {
            ValueRef::Null => return,
            ValueRef::Integer(integer) => (b'i', decimal(integer, &mut number)),
            ValueRef::Real(found) => {
                real = found.to_be_bytes();
                (b'r', real.as_slice())
            }
            ValueRef::Text(text) => (b't', text),
            ValueRef::Blob(blob) => (b'b', blob),
        };
        self.push_length(name.len());
        self.0.extend_from_slice(name);
        self.0.push(b',');
        self.push_length(1 + bytes.len());
        self.0.push(letter);
        self.0.extend_from_slice(bytes);
        self.0.push(b',');
    }

    fn push_length(&mut self, length: usize) {
        // Writing to a Vec does not fail.
        write!(self.0, "{length}:").ok();
    }

    fn hash(&self) -> EventHash {
        EventHash::new(Sha256::digest(&self.0).into())
    }
}

fn decimal(integer: i64, place: &mut [u8; 20]) -> &[u8] {
    let mut rest = place.as_mut_slice();
    // Twenty bytes hold every i64 with its sign.
    write!(rest, "{integer}").ok();
    let left = rest.len();
    &place[..20 - left]
}

/// The hash of a row that is about to be written: all its columns but `hash`, in any order.
pub(in crate::store) fn hash_of_columns<'a>(
    columns: impl Iterator<Item = (&'a str, ValueRef<'a>)>,
) -> EventHash {
    let mut columns: Vec<_> = columns.collect();
    columns.sort_unstable_by_key(|(name, _)| *name);
    let mut form = CanonicalForm::default();
    form.begin();
    for (name, value) in columns {
        form.push(name.as_bytes(), value);
    }
    form.hash()
}

/// Hashes the rows of one statement.
pub(in crate::store) struct RowHasher {
    /// Place and name of each column but `hash`, by name.
    columns: Vec<(usize, String)>,
    form: CanonicalForm,
}

impl RowHasher {
    pub fn new(statement: &Statement<'_>) -> Self {
        let mut columns = columns_by_name(statement);
        columns.retain(|(_, name)| name != "hash");
        Self {
            columns,
            form: CanonicalForm::default(),
        }
    }

    /// The hash of a row as it is in the file.
    pub fn hash(&mut self, row: &Row<'_>) -> rusqlite::Result<EventHash> {
        self.hash_after(row, None)
    }

    /// The hash of a row from before the chain, as if it had that `prev_hash`.
    pub fn hash_adopted(
        &mut self,
        row: &Row<'_>,
        previous: &EventHash,
    ) -> rusqlite::Result<EventHash> {
        self.hash_after(row, Some(previous))
    }

    fn hash_after(
        &mut self,
        row: &Row<'_>,
        previous: Option<&EventHash>,
    ) -> rusqlite::Result<EventHash> {
        let previous = previous.map(EventHash::hex);
        self.form.begin();
        for (place, name) in &self.columns {
            let value = match &previous {
                Some(previous) if name == "prev_hash" => ValueRef::Text(previous),
                _ => row.get_ref(*place)?,
            };
            self.form.push(name.as_bytes(), value);
        }
        Ok(self.form.hash())
    }
}

fn columns_by_name(statement: &Statement<'_>) -> Vec<(usize, String)> {
    let names = statement.column_names().map(str::to_owned);
    let mut columns: Vec<_> = names.enumerate().collect();
    columns.sort_unstable_by(|(_, left), (_, right)| left.cmp(right));
    columns
}

/// The end of the chain, which the next event follows.
pub(super) struct Head {
    pub next_id: i64,
    /// `None` if no event has a hash.
    pub hash: Option<String>,
}

/// Reads the chain's head. Continues SQLite's own count of ids, so that a truncated log leaves a gap.
pub(super) fn head(connection: &Connection) -> rusqlite::Result<Head> {
    connection
        .prepare_cached(
            "SELECT 1 + max(
                coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'), 0),
                coalesce((SELECT max(id) FROM audit_log), 0)
             ), (SELECT hash FROM audit_log WHERE typeof(hash) = 'text' AND length(hash) = 64
                 ORDER BY id DESC LIMIT 1)",
        )?
        .query_row([], |row| {
            Ok(Head {
                next_id: row.get(0)?,
                hash: row.get(1)?,
            })
        })
}

/// The hash that covers all events from before the chain, and their number.
pub(in crate::store) fn hash_earlier_events(
    connection: &Connection,
) -> rusqlite::Result<(EventHash, u64)> {
    let mut statement = connection.prepare("SELECT * FROM audit_log ORDER BY id")?;
    let mut hasher = RowHasher::new(&statement);
    let mut rows = statement.query([])?;
    let (mut hash, mut count) = (EventHash::NONE, 0);
    while let Some(row) = rows.next()? {
        hash = hasher.hash_adopted(row, &hash)?;
        count += 1;
    }
    Ok((hash, count))
}

/// A log of the older service, as it was when the chain began.
pub(in crate::store) struct OlderLog {
    pub table: String,
    rows: u64,
    hash: EventHash,
}

impl OlderLog {
    /// Reads the table as it is now. Its hash is the SHA-256 of its rows' canonical forms, one after the other, in
    /// which no column is omitted.
    pub fn read(connection: &Connection, table: &str) -> rusqlite::Result<Self> {
        let quoted = table.replace('"', "\"\"");
        // In the order of the table itself: an index that somebody adds must not change the hash.
        let query = format!("SELECT * FROM \"{quoted}\" NOT INDEXED");
        let mut statement = connection.prepare(&query)?;
        let columns = columns_by_name(&statement);
        let mut found = statement.query([])?;
        let mut form = CanonicalForm::default();
        let (mut sha, mut rows) = (Sha256::new(), 0);
        while let Some(row) = found.next()? {
            form.begin();
            for (place, name) in &columns {
                form.push(name.as_bytes(), row.get_ref(*place)?);
            }
            sha.update(&form.0);
            rows += 1;
        }
        Ok(Self {
            table: table.to_owned(),
            rows,
            hash: EventHash::new(sha.finalize().into()),
        })
    }

    /// Parses the status of an adopting event: the event's hash covers only its row, so the table's hash is kept in the
    /// text. `None` if it is about the audit log itself.
    pub fn of_status(status: &str) -> Option<Self> {
        let (rows, rest) = status.split_once(" rows of ")?;
        let (table, hash) = rest.split_once(" adopted, SHA-256 ")?;
        Some(Self {
            table: table.to_owned(),
            rows: rows.parse().ok()?,
            hash: hash.parse().ok()?,
        })
    }

    /// The status of its event.
    pub fn status(&self) -> Status {
        Status::OlderLogAdopted {
            table: self.table.clone(),
            rows: self.rows,
            hash: self.hash,
        }
    }

    /// Whether the table is unchanged since.
    pub fn is_as_adopted(&self, connection: &Connection) -> rusqlite::Result<bool> {
        let is_there: bool = connection.query_row(
            "SELECT EXISTS (SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?1)",
            [&self.table],
            |row| row.get(0),
        )?;
        Ok(is_there && Self::read(connection, &self.table)?.hash == self.hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(columns: &[(&str, ValueRef<'_>)]) -> Vec<u8> {
        let mut form = CanonicalForm::default();
        form.begin();
        for (name, value) in columns {
            form.push(name.as_bytes(), *value);
        }
        form.0
    }

    #[test]
    fn the_canonical_form_is_as_documented() {
        let found = form(&[
            ("a", ValueRef::Integer(-5)),
            ("b", ValueRef::Null),
            ("c", ValueRef::Real(1.5)),
            ("d", ValueRef::Text("ä,".as_bytes())),
            ("e", ValueRef::Blob(&[0])),
            ("f", ValueRef::Integer(i64::MIN)),
        ]);
        let wanted = b"pgrole audit event 1\n1:a,3:i-5,1:c,9:r\x3f\xf8\0\0\0\0\0\0,1:d,4:t\xc3\xa4,,1:e,2:b\0,1:f,21:i-9223372036854775808,";
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_type_a_column_and_a_boundary_make_a_difference() {
        let text = |text: &'static str| ValueRef::Text(text.as_bytes());
        let forms = [
            form(&[("a", text("5"))]),
            form(&[("a", ValueRef::Integer(5))]),
            form(&[("a", ValueRef::Real(5.0))]),
            form(&[("a", ValueRef::Blob(b"5"))]),
            form(&[("b", text("5"))]),
            form(&[("a", text("5")), ("b", text(""))]),
            form(&[("a", text("")), ("b", text("5"))]),
            form(&[("a", text("5,1:b,1:t"))]),
        ];
        for (at, one) in forms.iter().enumerate() {
            assert!(!forms[..at].contains(one), "{at}");
        }
    }
}
