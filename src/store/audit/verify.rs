//! Walks the chain of `audit_log`, and finds the first event that is not as it was written.
//!
//! It reads in portions: existing events do not change, and a long-lived reader would keep the write-ahead log from
//! being truncated.

use std::collections::HashMap;

use anyhow::{Result, bail};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, Row, Statement, params};
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::audit::anchor::{Anchor, EventHash};
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::store::audit::archive;
use crate::store::audit::archive::ArchiveRange;
use crate::store::audit::archive_file::AuditArchive;
use crate::store::audit::chain;
use crate::store::audit::chain::RowHasher;
use crate::store::{Store, schema};

/// How many events are read at once.
const PORTION: u32 = 10_000;

/// The result of walking the chain.
#[derive(Debug)]
pub struct Verification {
    /// How many events are as they were written.
    pub events: u64,
    /// How many of these are from before the chain.
    pub adopted: u64,
    /// The last event that is as it was written.
    pub newest: Option<Anchor>,
    /// The first thing that is not; `None` if everything is as it was written.
    pub broken: Option<Broken>,
    /// The last event that is in an archive, as the log says itself, and was not read.
    pub archived_to: Option<Anchor>,
    /// The events whose anchors could not be compared, because they are in an archive that was not read.
    pub unread: Vec<i64>,
}

/// The first event that is not as it was written.
#[derive(Debug, Clone)]
pub struct Broken {
    /// The event's ID.
    pub event: i64,
    pub what: Break,
    pub message: String,
}

/// What happened to an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Break {
    /// Its content does not match its hash.
    Altered,
    /// Its hash matches its content, but other events, or an anchor, refer to another event.
    Replaced,
    Missing,
    /// It has no hash: another program inserted it.
    Unhashed,
    /// It is intact, but nothing protects it from being altered.
    Unprotected,
}

impl Store {
    /// Walks the chain, comparing the anchors on the way: through these archives, which are in the order of their events,
    /// and the log. `tell` is called with how many of how many events are done.
    ///
    /// # Errors
    /// If a file cannot be read, or the operator interrupts. A broken chain is a result.
    pub fn verify_events(
        &self,
        archives: &[AuditArchive],
        anchors: &[Anchor],
        tell: &mut dyn FnMut(u64, u64),
    ) -> Result<Verification> {
        let mut total = self.explained(count_roughly(&self.connection))?;
        let mut walk = Walk::new(anchors);
        for archive in archives {
            walk.add_anchor(archive.checkpoint.anchor);
            let store = &archive.store;
            total += store.explained(count_roughly(&store.connection))?;
        }
        let mut tell = |done| tell(done, total);
        for archive in archives {
            walk.go_through(&archive.store, &mut tell)?;
            walk.require_end(archive.checkpoint.anchor);
            if let Some(broken) = &mut walk.broken {
                let file = archive.path.display();
                broken.message = format!("in {file}: {}", broken.message);
                return Ok(walk.end());
            }
        }
        // What the log says it gave away is what the archives have.
        if let Some(record) = self.explained(archive::find_record(&self.connection))? {
            self.explained(walk.expect_archived(&self.connection, record.anchor()))?;
        }
        walk.go_through(self, &mut tell)?;
        self.explained(walk.look_beside_the_chain(&self.connection))?;
        Ok(walk.end())
    }

    /// Walks the chain of a single archive, which must hold exactly these events.
    ///
    /// # Errors
    /// If it cannot be read, the operator interrupts, or it does not hold them.
    pub fn require_complete(archive: &AuditArchive, range: &ArchiveRange) -> Result<()> {
        let mut walk = Walk::new(&[]);
        walk.go_through(&archive.store, &mut |_| {})?;
        let is_complete = archive.first == range.first
            && walk.events == range.events
            && walk.last == Some(range.last)
            && archive.checkpoint.anchor == range.last;
        let file = archive.path.display();
        match walk.broken {
            Some(broken) => bail!("the archive {file} is not intact: {}", broken.message),
            None if !is_complete => {
                bail!("the archive {file} does not hold the events that were written to it")
            }
            None => Ok(()),
        }
    }
}

fn count_roughly(connection: &Connection) -> rusqlite::Result<u64> {
    let count: i64 = connection.query_row(
        "SELECT coalesce(max(id) - min(id) + 1, 0) FROM audit_log",
        [],
        |row| row.get(0),
    )?;
    Ok(count.unsigned_abs())
}

/// The state of the walk.
struct Walk {
    /// The anchors to compare, by event.
    anchors: HashMap<i64, Vec<EventHash>>,
    events: u64,
    adopted: u64,
    last: Option<Anchor>,
    in_chain: bool,
    /// Events that commit to a log of the older service: their IDs and statuses.
    older_logs: Vec<(i64, String)>,
    broken: Option<Broken>,
    archived_to: Option<Anchor>,
}

/// The indexes of the columns that the walk needs.
struct Places {
    id: usize,
    operation: usize,
    status: usize,
    prev_hash: usize,
    hash: usize,
}

impl Places {
    fn of(statement: &Statement<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: statement.column_index("id")?,
            operation: statement.column_index("operation")?,
            status: statement.column_index("status")?,
            prev_hash: statement.column_index("prev_hash")?,
            hash: statement.column_index("hash")?,
        })
    }
}

impl Walk {
    fn new(anchors: &[Anchor]) -> Self {
        let mut by_event: HashMap<i64, Vec<EventHash>> = HashMap::new();
        for anchor in anchors {
            by_event
                .entry(anchor.sequence)
                .or_default()
                .push(anchor.hash);
        }
        Self {
            anchors: by_event,
            events: 0,
            adopted: 0,
            last: None,
            in_chain: false,
            older_logs: Vec::new(),
            broken: None,
            archived_to: None,
        }
    }

    fn add_anchor(&mut self, anchor: Anchor) {
        let of_event = self.anchors.entry(anchor.sequence).or_default();
        of_event.push(anchor.hash);
    }

    /// Reads all events of a file, up to the first that is not as it was written.
    fn go_through(&mut self, store: &Store, tell: &mut dyn FnMut(u64)) -> Result<()> {
        if self.broken.is_none() {
            store.explained(self.begin(&store.connection))?;
        }
        while self.broken.is_none() {
            if interrupt::is_raised() {
                return Err(Failure::new(Kind::Interrupted, "interrupted").into());
            }
            if !store.explained(self.take_portion(&store.connection))? {
                break;
            }
            tell(self.events);
        }
        Ok(())
    }

    /// Passes over the events before the first of a file, if they were archived.
    fn begin(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        let Some(first) = archive::first_id(connection)? else {
            return Ok(());
        };
        let Some(record) = archive::find_record(connection)? else {
            return Ok(());
        };
        let archived = record.anchor();
        if archived.sequence + 1 == first && archived.sequence > self.last_id() {
            self.broken = self.compare_with_anchors(archived.sequence, archived.hash);
            self.last = Some(archived);
            self.in_chain = true;
            self.archived_to = Some(archived);
        }
        Ok(())
    }

    /// An archive ends with the event that was signed.
    fn require_end(&mut self, signed: Anchor) {
        let last = self.last_id();
        if self.broken.is_none() && last < signed.sequence {
            self.broken = Some(missing(last + 1, signed.sequence));
        } else if self.broken.is_none() && last > signed.sequence {
            self.broken = Some(Broken {
                event: last,
                what: Break::Replaced,
                message: format!("event {last} is after the last that was signed, {signed}"),
            });
        }
    }

    /// Compares what the log says that it gave away with what was read before it.
    fn expect_archived(
        &mut self,
        connection: &Connection,
        archived: Anchor,
    ) -> rusqlite::Result<()> {
        let first = archive::first_id(connection)?;
        if let Some(first) = first.filter(|first| *first <= archived.sequence) {
            self.broken = Some(Broken {
                event: first,
                what: Break::Replaced,
                message: format!("event {first} was archived, but an event is in its place"),
            });
        } else if let Some(last) = self.last.filter(|last| last.sequence >= archived.sequence)
            && last != archived
        {
            self.broken = Some(Broken {
                event: archived.sequence,
                what: Break::Replaced,
                message: format!(
                    "event {} of the archive is not the one that the log gave away, {archived}",
                    archived.sequence
                ),
            });
        }
        Ok(())
    }

    fn end(self) -> Verification {
        let archived = self.archived_to.map_or(0, |last| last.sequence);
        let unread = self.anchors.keys().filter(|event| **event <= archived);
        Verification {
            archived_to: self.archived_to,
            unread: unread.copied().collect(),
            events: self.events,
            adopted: self.adopted,
            newest: self.last.filter(|_| self.in_chain),
            broken: self.broken,
        }
    }

    fn last_id(&self) -> i64 {
        self.last.map_or(0, |last| last.sequence)
    }

    fn last_hash(&self) -> EventHash {
        self.last.map_or(EventHash::NONE, |last| last.hash)
    }

    /// Reads the next events; returns false if there are no more.
    fn take_portion(&mut self, connection: &Connection) -> rusqlite::Result<bool> {
        let mut statement = connection
            .prepare_cached("SELECT * FROM audit_log WHERE id > ?1 ORDER BY id LIMIT ?2")?;
        let mut hasher = RowHasher::new(&statement);
        let places = Places::of(&statement)?;
        let after = self.last.map_or(i64::MIN, |last| last.sequence);
        let mut rows = statement.query(params![after, PORTION])?;
        let mut taken = 0;
        while let Some(row) = rows.next()? {
            taken += 1;
            self.broken = self.take(row, &places, &mut hasher)?;
            if self.broken.is_some() {
                return Ok(false);
            }
        }
        Ok(taken == PORTION)
    }

    /// Reads one event.
    fn take(
        &mut self,
        row: &Row<'_>,
        places: &Places,
        hasher: &mut RowHasher,
    ) -> rusqlite::Result<Option<Broken>> {
        let id: i64 = row.get(places.id)?;
        let stored = row.get_ref(places.hash)?;
        let is_hashed = stored != ValueRef::Null;
        let hash = if is_hashed {
            let hash = hasher.hash(row)?;
            let follows = is_text(row.get_ref(places.prev_hash)?, &self.last_hash().hex());
            if let Some(broken) = self.judge(id, is_text(stored, &hash.hex()), follows) {
                return Ok(Some(broken));
            }
            self.in_chain = true;
            hash
        } else if self.in_chain {
            return Ok(Some(unhashed(id)));
        } else {
            self.adopted += 1;
            hasher.hash_adopted(row, &self.last_hash())?
        };
        if let Some(broken) = self.compare_with_anchors(id, hash) {
            return Ok(Some(broken));
        }
        let adopt = Operation::AuditAdopt.name().as_bytes();
        if row.get_ref(places.operation)? == ValueRef::Text(adopt) {
            self.older_logs.push((id, row.get(places.status)?));
        }
        self.events += 1;
        self.last = Some(Anchor { sequence: id, hash });
        Ok(None)
    }

    /// What is wrong with an event that has a hash: `is_itself` if the hash matches its content, `follows` if it refers
    /// to the previous event.
    fn judge(&self, id: i64, is_itself: bool, follows: bool) -> Option<Broken> {
        let last = self.last_id();
        let broken = |event, what, message| {
            Some(Broken {
                event,
                what,
                message,
            })
        };
        if id > last + 1 && (self.in_chain || self.adopted == 0) {
            return Some(missing(last + 1, id - 1));
        }
        if !is_itself {
            let message = format!("event {id} was altered: its hash does not match its content");
            return broken(id, Break::Altered, message);
        }
        if follows {
            return None;
        }
        if self.in_chain {
            let message = format!("event {last} was replaced: event {id} follows another one");
            return broken(last, Break::Replaced, message);
        }
        let count = self.adopted;
        let message =
            format!("the events before event {id} ({count} events) are not those that it adopted");
        broken(id, Break::Altered, message)
    }

    fn compare_with_anchors(&mut self, id: i64, hash: EventHash) -> Option<Broken> {
        let wanted = self.anchors.remove(&id)?;
        let other = wanted.into_iter().find(|wanted| *wanted != hash)?;
        let anchor = Anchor {
            sequence: id,
            hash: other,
        };
        Some(Broken {
            event: id,
            what: Break::Replaced,
            message: format!("event {id} does not match the anchor {anchor}"),
        })
    }

    /// Checks what the chain itself cannot show: a truncated log, a log of the older service, the triggers.
    fn look_beside_the_chain(&mut self, connection: &Connection) -> rusqlite::Result<()> {
        if self.broken.is_none() {
            self.broken = self.find_cut(connection)?;
        }
        if self.broken.is_none() {
            self.broken = self.find_changed_older_log(connection)?;
        }
        if self.broken.is_none() {
            self.broken = self.find_missing_trigger(connection)?;
        }
        Ok(())
    }

    /// Events existed if SQLite has counted them, or an anchor refers to them.
    fn find_cut(&self, connection: &Connection) -> rusqlite::Result<Option<Broken>> {
        // One statement sees a consistent state of the file, whatever others write meanwhile.
        let counted: i64 = connection
            .query_row(
                "SELECT seq FROM sqlite_sequence WHERE name = 'audit_log'
                 AND seq > (SELECT coalesce(max(id), 0) FROM audit_log)",
                [],
                |row| row.get(0),
            )
            .optional()?
            .unwrap_or(0);
        let archived = self.archived_to.map_or(0, |last| last.sequence);
        let anchored = || {
            let events = self.anchors.keys().copied();
            events.filter(|event| *event > archived)
        };
        let last = self.last_id();
        let wanted = counted.max(anchored().max().unwrap_or(0));
        if wanted > last {
            return Ok(Some(missing(last + 1, wanted)));
        }
        // The file's creation is an event itself, so an anchor below the first event refers to one that was never in
        // this file.
        let unseen = anchored().min();
        let unseen = unseen.or((self.events == 0).then_some(1));
        Ok(unseen.map(|event| missing(event, event)))
    }

    fn find_changed_older_log(&self, connection: &Connection) -> rusqlite::Result<Option<Broken>> {
        for (event, status) in &self.older_logs {
            let Some(older) = chain::OlderLog::of_status(status) else {
                continue;
            };
            if !older.is_as_adopted(connection)? {
                let table = older.table;
                return Ok(Some(Broken {
                    event: *event,
                    what: Break::Altered,
                    message: format!("the table {table} is not the one that event {event} adopted"),
                }));
            }
        }
        Ok(None)
    }

    fn find_missing_trigger(&self, connection: &Connection) -> rusqlite::Result<Option<Broken>> {
        let name = schema::find_changed_trigger(connection)?;
        Ok(name.map(|name| Broken {
            event: self.last_id(),
            what: Break::Unprotected,
            message: format!("the trigger {name}, which protects events from being altered, is not as pgrole created it"),
        }))
    }
}

fn is_text(stored: ValueRef<'_>, wanted: &[u8]) -> bool {
    matches!(stored, ValueRef::Text(text) if text == wanted)
}

fn unhashed(id: i64) -> Broken {
    Broken {
        event: id,
        what: Break::Unhashed,
        message: format!("event {id} has no hash: another program inserted it"),
    }
}

fn missing(first: i64, last: i64) -> Broken {
    let message = if first < last {
        format!("events {first} to {last} are missing")
    } else {
        format!("event {first} is missing")
    };
    Broken {
        event: first,
        what: Break::Missing,
        message,
    }
}
