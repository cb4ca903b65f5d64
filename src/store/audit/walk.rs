//! Reads the events of the audit log, and of archives, in the order of the chain, up to the first that is not as it was
//! written.
//!
//! It reads in portions: existing events do not change, and a long-lived reader would keep the write-ahead log from
//! being truncated.

use std::collections::HashMap;

use anyhow::Result;
use rusqlite::types::ValueRef;
use rusqlite::{Connection, Row, Statement, params};

use crate::domain::act::operation::Operation;
use crate::domain::audit::anchor::{Anchor, EventHash};
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::store::Store;
use crate::store::audit::archive;
use crate::store::audit::broken::{Break, Broken};
use crate::store::audit::chain::RowHasher;
use crate::store::audit::target_lists::ListCheck;
use crate::store::entry::lossy_text;

/// How many events are read at once.
const PORTION: u32 = 10_000;

/// The state of the walk.
pub(super) struct Walk {
    /// The anchors to compare, by event.
    pub anchors: HashMap<i64, Vec<EventHash>>,
    pub events: u64,
    pub adopted: u64,
    pub last: Option<Anchor>,
    pub in_chain: bool,
    /// Events that commit to a log of the older service: their IDs and statuses.
    pub older_logs: Vec<(i64, String)>,
    pub broken: Option<Broken>,
    pub archived_to: Option<Anchor>,
    lists: ListCheck,
}

/// The indexes of the columns that the walk needs.
struct Places {
    id: usize,
    operation: usize,
    status: usize,
    prev_hash: usize,
    hash: usize,
    targets_hash: usize,
}

impl Places {
    fn of(statement: &Statement<'_>) -> rusqlite::Result<Self> {
        Ok(Self {
            id: statement.column_index("id")?,
            operation: statement.column_index("operation")?,
            status: statement.column_index("status")?,
            prev_hash: statement.column_index("prev_hash")?,
            hash: statement.column_index("hash")?,
            targets_hash: statement.column_index("targets_hash")?,
        })
    }
}

impl Walk {
    pub fn new(anchors: &[Anchor]) -> Self {
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
            lists: ListCheck::default(),
        }
    }

    pub fn add_anchor(&mut self, anchor: Anchor) {
        let of_event = self.anchors.entry(anchor.sequence).or_default();
        of_event.push(anchor.hash);
    }

    /// Reads all events of a file, up to the first that is not as it was written.
    pub fn go_through(&mut self, store: &Store, tell: &mut dyn FnMut(u64)) -> Result<()> {
        // Each file has lists of its own.
        self.lists = ListCheck::default();
        if self.broken.is_none() {
            store.explained(self.pass_over_archived(&store.connection))?;
        }
        while self.broken.is_none() {
            if interrupt::is_raised() {
                return Err(Failure::new(Kind::Interrupted, "interrupted").into());
            }
            let has_more = store.explained(self.take_portion(&store.connection))?;
            // Another process may have archived what was to be read next.
            let is_gap = matches!(&self.broken, Some(broken) if broken.what == Break::Missing);
            let is_archived =
                is_gap && store.explained(self.pass_over_archived(&store.connection))?;
            if !has_more && !is_archived {
                break;
            }
            tell(self.events);
        }
        Ok(())
    }

    /// Passes over the events before the first of a file, if they were archived. Returns whether there were some that were
    /// not read.
    fn pass_over_archived(&mut self, connection: &Connection) -> rusqlite::Result<bool> {
        let Some(first) = archive::first_id(connection)? else {
            return Ok(false);
        };
        let Some(record) = archive::find_record(connection)? else {
            return Ok(false);
        };
        let archived = record.anchor();
        if archived.sequence + 1 != first || archived.sequence <= self.last_id() {
            return Ok(false);
        }
        self.broken = self.compare_with_anchors(archived.sequence, archived.hash);
        self.last = Some(archived);
        self.in_chain = true;
        self.archived_to = Some(archived);
        Ok(true)
    }

    pub fn last_id(&self) -> i64 {
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
            self.broken = self.take(connection, row, &places, &mut hasher)?;
            if self.broken.is_some() {
                return Ok(false);
            }
        }
        Ok(taken == PORTION)
    }

    /// Reads one event.
    fn take(
        &mut self,
        connection: &Connection,
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
            return Ok(Some(Broken {
                event: id,
                what: Break::Unhashed,
                message: format!("event {id} has no hash: another program inserted it"),
            }));
        } else {
            self.adopted += 1;
            hasher.hash_adopted(row, &self.last_hash())?
        };
        if let Some(broken) =
            self.look_at_list(connection, id, row.get_ref(places.targets_hash)?)?
        {
            return Ok(Some(broken));
        }
        if let Some(broken) = self.compare_with_anchors(id, hash) {
            return Ok(Some(broken));
        }
        let adopt = Operation::AuditAdopt.name().as_bytes();
        if row.get_ref(places.operation)? == ValueRef::Text(adopt) {
            let status = lossy_text(row.get_ref(places.status)?);
            self.older_logs.push((id, status.unwrap_or_default()));
        }
        self.events += 1;
        self.last = Some(Anchor { sequence: id, hash });
        Ok(None)
    }

    /// What is wrong with the list of targets that an event names, whose own hash covers only the list's.
    fn look_at_list(
        &mut self,
        connection: &Connection,
        event: i64,
        named: ValueRef<'_>,
    ) -> rusqlite::Result<Option<Broken>> {
        let fault = self.lists.find_fault(connection, named)?;
        Ok(fault.map(|fault| Broken {
            event,
            what: Break::Altered,
            message: format!("event {event} was altered: {fault}"),
        }))
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
            return Some(Broken::missing(last + 1, id - 1));
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
}

fn is_text(stored: ValueRef<'_>, wanted: &[u8]) -> bool {
    matches!(stored, ValueRef::Text(text) if text == wanted)
}
