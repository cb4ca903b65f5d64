//! Moves the beginning of the audit log into a file. The file is complete and on disk before anything leaves the log;
//! then, in one transaction, the log gets an event that says what has left, and the rows are removed.
//!
//! That transaction is the only place where rows are removed: it takes the trigger away that protects them, and puts it
//! back. Nobody else sees the table without it.

use std::path::Path;

use anyhow::{Result, ensure};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::audit::anchor::{Anchor, EventHash};
use crate::domain::audit::archive::ArchiveRecord;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::{Span, Timestamp};
use crate::store::audit::chain::OlderLog;
use crate::store::audit::target_lists;
use crate::store::audit::{Event, Outcome, RecordedEvent, Stage, Subject};
use crate::store::entry::read_text;
use crate::store::{Store, audit, schema};

/// How long an act without an outcome may still get one. Longer than any run takes.
const PATIENCE_DAYS: i64 = 7;

/// The events that can be moved: the log's first, up to one.
#[derive(Debug, Clone)]
pub struct ArchiveRange {
    pub first: i64,
    pub last: Anchor,
    pub events: u64,
    /// The act that keeps later events in the log, because it had not ended by then.
    pub kept_back_by: Option<i64>,
}

impl Store {
    /// Which events can be moved that were recorded before that time; `None` if none can.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_archive_range(
        &self,
        before: Timestamp,
        now: Timestamp,
    ) -> Result<Option<ArchiveRange>> {
        let recent = now.before(Span::days(PATIENCE_DAYS))?;
        self.explained(find_range(&self.connection, before, recent))
    }

    /// The range that ends with an event, if the log still begins with it.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_range_to(&self, first: i64, last: Anchor) -> Result<Option<ArchiveRange>> {
        self.explained((|| {
            if first_id(&self.connection)? != Some(first) {
                return Ok(None);
            }
            if find_hash(&self.connection, last.sequence)? != Some(last.hash) {
                return Ok(None);
            }
            range(&self.connection, first, last).map(Some)
        })())
    }

    /// What the newest archive took from the log; `None` if nothing was archived.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn find_archive_record(&self) -> Result<Option<ArchiveRecord>> {
        self.explained(find_record(&self.connection))
    }

    /// Removes events that were written to a file, and records that: both, or neither.
    ///
    /// # Errors
    /// If the log no longer begins with them; if it cannot be written.
    pub fn remove_archived(
        &mut self,
        range: &ArchiveRange,
        record: &ArchiveRecord,
        now: Timestamp,
    ) -> Result<()> {
        let operator = self.operator.clone();
        let outcome = Outcome {
            archive: Some(serde_json::to_string(record)?),
            ..Outcome::default()
        };
        let written = self.write(|transaction| {
            require_there(transaction, range)?;
            let mut written = Vec::new();
            let mut append = |operation: Operation, status: &Status, outcome: &Outcome| {
                let event = Event {
                    stage: Stage::Event,
                    operation: operation.name(),
                    subject: &Subject::default(),
                    status,
                };
                let id = audit::new_operation_id()?;
                let event = audit::insert(transaction, &operator, now, &event, &id, outcome)?;
                written.push(event);
                anyhow::Ok(())
            };
            let status = Status::EventsArchived(range.events);
            append(Operation::AuditArchive, &status, &outcome)?;
            // The log of an older service stays, and so does the event that commits to it.
            for older in older_logs(transaction, range)? {
                append(Operation::AuditAdopt, &older.status(), &Outcome::default())?;
            }
            keep_admins(transaction, range)?;
            remove(transaction, range)?;
            anyhow::Ok::<Vec<RecordedEvent>>(written)
        })?;
        self.note_written(written);
        Ok(())
    }

    /// Gives the space of removed rows back to the disk.
    ///
    /// # Errors
    /// If others use the file, or there is not enough space for a copy.
    pub fn shrink(&self) -> Result<()> {
        self.explained(self.connection.execute_batch("VACUUM"))?;
        self.empty_log()
    }
}

pub(super) fn first_id(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection.query_row("SELECT min(id) FROM audit_log", [], |row| row.get(0))
}

/// The stored hash of an event; `None` if there is no such event, or it has none.
fn find_hash(connection: &Connection, id: i64) -> rusqlite::Result<Option<EventHash>> {
    let hash: Option<Option<String>> = connection
        .query_row("SELECT hash FROM audit_log WHERE id = ?1", [id], |row| {
            read_text(row, "hash")
        })
        .optional()?;
    Ok(hash.flatten().and_then(|hash| hash.parse().ok()))
}

fn range(connection: &Connection, first: i64, last: Anchor) -> rusqlite::Result<ArchiveRange> {
    let events: i64 = connection.query_row(
        "SELECT count(*) FROM audit_log WHERE id <= ?1",
        [last.sequence],
        |row| row.get(0),
    )?;
    Ok(ArchiveRange {
        first,
        last,
        events: events.unsigned_abs(),
        kept_back_by: None,
    })
}

/// Whatever clocks did, the range is a beginning of the chain; and it contains no intent whose outcome it does not.
fn find_range(
    connection: &Connection,
    before: Timestamp,
    recent: Timestamp,
) -> rusqlite::Result<Option<ArchiveRange>> {
    let mut end: i64 = connection.query_row(
        "SELECT coalesce((SELECT id FROM audit_log WHERE performed_at >= ?1 ORDER BY id LIMIT 1),
            (SELECT max(id) + 1 FROM audit_log), 0)",
        [before.to_string()],
        |row| row.get(0),
    )?;
    let mut kept_back_by = None;
    while let Some(open) = find_open(connection, end, recent)? {
        kept_back_by = Some(open);
        end = open;
    }
    let Some(first) = first_id(connection)?.filter(|first| *first < end) else {
        return Ok(None);
    };
    let last: i64 = connection.query_row(
        "SELECT max(id) FROM audit_log WHERE id < ?1",
        [end],
        |row| row.get(0),
    )?;
    // Events from before the chain go with those that it begins with, which commit to them.
    let Some(hash) = find_hash(connection, last)? else {
        return Ok(None);
    };
    let last = Anchor {
        sequence: last,
        hash,
    };
    let range = range(connection, first, last)?;
    Ok(Some(ArchiveRange {
        kept_back_by,
        ..range
    }))
}

/// The first act before `end` whose outcome is not, or may yet come.
fn find_open(
    connection: &Connection,
    end: i64,
    recent: Timestamp,
) -> rusqlite::Result<Option<i64>> {
    connection.query_row(
        "SELECT min(i.id) FROM audit_log i
         LEFT JOIN audit_log o ON o.operation_id = i.operation_id AND o.stage = 'outcome'
         WHERE i.stage = 'intent' AND i.id < ?1 AND CASE WHEN o.id IS NULL
            THEN i.performed_at >= ?2 OR EXISTS (SELECT 1 FROM password_change c
                WHERE c.operation_id = i.operation_id AND c.sealed IS NOT NULL)
            ELSE o.id >= ?1 END",
        params![end, recent.to_string()],
        |row| row.get(0),
    )
}

/// That it is no outcome leads to the index of operations: without it, the whole log is read.
const NEWEST_RECORD: &str =
    "SELECT id, archive FROM audit_log WHERE operation = ?1 AND stage = 'event' AND stage <> 'outcome'
        AND typeof(archive) = 'text' ORDER BY id DESC LIMIT 1";

/// What the newest event of an archive says. Whoever could make one up can append events anyway; but none explains its own
/// absence.
pub(super) fn find_record(connection: &Connection) -> rusqlite::Result<Option<ArchiveRecord>> {
    let found: Option<(i64, String)> = connection
        .query_row(NEWEST_RECORD, [Operation::AuditArchive.name()], |row| {
            Ok((row.get(0)?, read_text(row, "archive")?.unwrap_or_default()))
        })
        .optional()?;
    Ok(found.and_then(|(id, json)| {
        let record: Option<ArchiveRecord> = serde_json::from_str(&json).ok();
        record.filter(|record| record.anchor().sequence < id)
    }))
}

/// Another process may have moved them meanwhile.
fn require_there(transaction: &Transaction<'_>, wanted: &ArchiveRange) -> Result<()> {
    let is_there = first_id(transaction)? == Some(wanted.first)
        && find_hash(transaction, wanted.last.sequence)? == Some(wanted.last.hash)
        && range(transaction, wanted.first, wanted.last)?.events == wanted.events;
    if is_there {
        return Ok(());
    }
    let what = "the audit log no longer begins with the events that were to be archived";
    Err(Failure::new(Kind::Busy, what).hint("run it again").into())
}

/// The logs of an older service that the chain commits to in these events.
fn older_logs(transaction: &Transaction<'_>, range: &ArchiveRange) -> Result<Vec<OlderLog>> {
    let mut statement = transaction
        .prepare("SELECT status FROM audit_log WHERE id <= ?1 AND operation = ?2 ORDER BY id")?;
    let key = params![range.last.sequence, Operation::AuditAdopt.name()];
    let statuses = statement.query_map(key, |row| row.get::<_, String>(0))?;
    let statuses = statuses.collect::<rusqlite::Result<Vec<_>>>()?;
    let logs = statuses
        .iter()
        .filter_map(|status| OlderLog::of_status(status));
    Ok(logs.collect())
}

/// Whom the registry knows as an admin decides which access groups are trusted (`Store::knows_admin`).
fn keep_admins(transaction: &Transaction<'_>, range: &ArchiveRange) -> Result<()> {
    transaction.execute(
        "INSERT OR IGNORE INTO known_admin
         SELECT admin_user FROM audit_log WHERE id <= ?1 AND stage = 'outcome' AND error IS NULL AND admin_user IS NOT NULL
         UNION SELECT i.username FROM audit_log i JOIN audit_log o ON o.operation_id = i.operation_id
            WHERE i.id <= ?1 AND i.stage = 'intent' AND i.operation = ?2 AND i.username IS NOT NULL
            AND o.stage = 'outcome' AND o.error IS NULL",
        params![range.last.sequence, Operation::AccessPrepare.name()],
    )?;
    Ok(())
}

fn remove(transaction: &Transaction<'_>, range: &ArchiveRange) -> Result<()> {
    const PROTECTIONS: [&str; 2] = ["audit_log_no_delete", "target_list_no_delete"];
    for name in PROTECTIONS {
        transaction.execute_batch(&format!("DROP TRIGGER {name}"))?;
    }
    let removed = transaction.execute(
        "DELETE FROM audit_log WHERE id <= ?1",
        [range.last.sequence],
    )?;
    ensure!(
        u64::try_from(removed) == Ok(range.events),
        "the audit log has {removed} of the {} events that were archived",
        range.events
    );
    target_lists::remove_unnamed(transaction)?;
    let triggers = schema::wanted_triggers()?.into_iter();
    for protection in triggers.filter(|trigger| PROTECTIONS.contains(&trigger.name.as_str())) {
        transaction.execute_batch(&protection.sql)?;
    }
    Ok(())
}

/// Writes events into a table of the same shape in another file, exactly as they are: their hashes cover all of it.
pub(super) fn copy(connection: &Connection, file: &Path, last: i64) -> rusqlite::Result<()> {
    let copy = Connection::open(file)?;
    for table in schema::LOG_TABLES {
        let sql: String = connection.query_row(
            "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?1",
            [table],
            |row| row.get(0),
        )?;
        copy.execute_batch(&sql)?;
    }
    drop(copy);
    let name = file.as_os_str().to_string_lossy();
    connection.execute("ATTACH ?1 AS archive", [name])?;
    let copied = connection
        .execute_batch("PRAGMA archive.synchronous = FULL")
        .and_then(|()| {
            connection.execute(
                "INSERT INTO archive.audit_log SELECT * FROM main.audit_log WHERE id <= ?1 ORDER BY id",
                [last],
            )
        })
        .and_then(|_| {
            connection.execute(
                "INSERT INTO archive.target_list SELECT * FROM main.target_list
                 WHERE hash IN (SELECT targets_hash FROM main.audit_log WHERE id <= ?1)",
                [last],
            )
        });
    connection.execute_batch("DETACH archive")?;
    copied.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::audit::operator::Operator;

    #[test]
    fn the_newest_record_is_found_by_an_index() {
        let mut connection = Connection::open_in_memory().unwrap();
        let transaction = connection.transaction().unwrap();
        schema::migrate(&transaction, 0, &Operator::default(), Timestamp::now()).unwrap();
        let plan: String = transaction
            .query_row(
                &format!("EXPLAIN QUERY PLAN {NEWEST_RECORD}"),
                ["x"],
                |row| row.get(3),
            )
            .unwrap();
        assert!(plan.contains(" audit_log_operation "), "{plan}");
    }
}
