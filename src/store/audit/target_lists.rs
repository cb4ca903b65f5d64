//! The lists of targets of acts on several, each kept once: an event has the SHA-256 of the list's text in its place, and
//! is hashed with that. Events of earlier versions have the text itself.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};

use crate::domain::audit::anchor::EventHash;
use crate::store::Store;
use crate::store::bad_rows::{BadRow, read_sound};
use crate::store::columns::{AUDIT_LOG, TARGET_LIST};

fn hash_of(text: &[u8]) -> String {
    EventHash::new(Sha256::digest(text).into()).to_string()
}

/// Keeps a list, if it is not there yet, and returns its hash; `None` for no targets.
pub(super) fn keep(connection: &Connection, targets: &[String]) -> Result<Option<String>> {
    if targets.is_empty() {
        return Ok(None);
    }
    let text = serde_json::to_string(targets).context("targets are a list of texts")?;
    let hash = hash_of(text.as_bytes());
    let is_there: bool = connection
        .prepare_cached("SELECT EXISTS (SELECT 1 FROM target_list WHERE hash = ?1)")?
        .query_row([&hash], |row| row.get(0))?;
    if !is_there {
        let kept = connection
            .prepare_cached("INSERT INTO target_list (hash, targets) VALUES (?1, ?2)")?
            .execute(params![hash, text])?;
        // A foreign trigger could have suppressed it.
        ensure!(kept == 1, "the audit log did not accept the targets");
    }
    Ok(Some(hash))
}

/// Removes the lists that no event names any more. The caller has taken their protection away.
pub(super) fn remove_unnamed(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(
        "DELETE FROM target_list WHERE NOT EXISTS (SELECT 1 FROM audit_log WHERE targets_hash = target_list.hash)",
        [],
    )?;
    Ok(())
}

/// The hashes of the lists that contain a text and that events name, the one that was used last first.
pub(super) fn find_with(connection: &Connection, wanted: &str) -> rusqlite::Result<Vec<String>> {
    let mut statement = connection.prepare(
        "SELECT hash, (SELECT max(id) FROM audit_log WHERE targets_hash = target_list.hash) AS newest
         FROM target_list WHERE instr(targets, ?1) > 0 AND newest IS NOT NULL ORDER BY newest DESC",
    )?;
    let hashes = statement.query_map([wanted], |row| row.get(0))?;
    hashes.collect()
}

/// The text of a list, as it is in the file; `None` if there is none.
fn find_text(connection: &Connection, hash: &str) -> rusqlite::Result<Option<String>> {
    let mut statement =
        connection.prepare_cached("SELECT targets FROM target_list WHERE hash = ?1")?;
    let text = statement.query_row([hash], |row| {
        let bytes = match row.get_ref(0)? {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
            _ => b"",
        };
        Ok(String::from_utf8_lossy(bytes).into_owned())
    });
    text.optional()
}

/// Looks at each list once, whatever the number of events that name it.
#[derive(Default)]
pub(super) struct ListCheck(HashMap<Vec<u8>, Option<&'static str>>);

impl ListCheck {
    /// What is wrong with the list that an event names, if anything.
    pub fn find_fault(
        &mut self,
        connection: &Connection,
        named: ValueRef<'_>,
    ) -> rusqlite::Result<Option<&'static str>> {
        let hash = match named {
            ValueRef::Null => return Ok(None),
            ValueRef::Text(hash) => hash,
            _ => return Ok(Some("there is no list of its targets")),
        };
        if let Some(known) = self.0.get(hash) {
            return Ok(*known);
        }
        let found = connection
            .prepare_cached("SELECT targets FROM target_list WHERE hash = ?1")?
            .query_row([String::from_utf8_lossy(hash)], |row| {
                let wanted = std::str::from_utf8(hash).unwrap_or_default();
                let is_it =
                    matches!(row.get_ref(0)?, ValueRef::Text(text) if hash_of(text) == wanted);
                Ok(is_it)
            });
        let fault = match found.optional()? {
            None => Some("there is no list of its targets"),
            Some(false) => Some("the list of its targets does not match its hash"),
            Some(true) => None,
        };
        self.0.insert(hash.to_vec(), fault);
        Ok(fault)
    }
}

/// The lists that events of one reading name, each read once.
#[derive(Default)]
pub(super) struct NamedLists {
    texts: HashMap<String, Option<String>>,
    lists: HashMap<String, Vec<String>>,
}

impl NamedLists {
    /// The text of the list, as it is in the file.
    pub fn text(&mut self, connection: &Connection, hash: &str) -> rusqlite::Result<Option<&str>> {
        if !self.texts.contains_key(hash) {
            let text = find_text(connection, hash)?;
            self.texts.insert(hash.to_owned(), text);
        }
        Ok(self.texts.get(hash).and_then(Option::as_deref))
    }

    /// The targets of event `id`. A list that is not valid is named; no targets stand for it.
    pub fn targets(&mut self, store: &Store, id: i64, hash: &str) -> rusqlite::Result<&[String]> {
        if !self.lists.contains_key(hash) {
            let targets = store.read_target_list(id, hash)?;
            self.lists.insert(hash.to_owned(), targets);
        }
        Ok(self.lists.get(hash).map(Vec::as_slice).unwrap_or_default())
    }
}

impl Store {
    fn read_target_list(&self, id: i64, hash: &str) -> rusqlite::Result<Vec<String>> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT * FROM target_list WHERE hash = ?1")?;
        let of = (TARGET_LIST, &mut *statement);
        let (texts, bad) = read_sound(of, [hash], |row| row.get::<_, String>("targets"))?;
        if texts.is_empty() && bad.is_empty() {
            self.note_bad_rows([BadRow {
                table: AUDIT_LOG.name,
                key: format!("id = {:?}", id.to_string()),
                column: "targets_hash".to_owned(),
                problem: "there is no list of its targets".to_owned(),
                is_used: true,
            }]);
        }
        self.note_bad_rows(bad);
        let text = texts.into_iter().next();
        Ok(targets_of(text.as_deref()))
    }
}

/// The targets of an act on several; none if another program wrote something else there.
pub(super) fn targets_of(json: Option<&str>) -> Vec<String> {
    let targets = json.and_then(|json| serde_json::from_str(json).ok());
    targets.unwrap_or_default()
}
