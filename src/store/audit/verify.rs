//! Verifies the audit log: walks its chain, through archives too, and looks at what the chain itself cannot show.

use anyhow::{Result, bail};
use rusqlite::{Connection, OptionalExtension};

use crate::domain::audit::anchor::Anchor;
use crate::store::audit::archive;
use crate::store::audit::archive::ArchiveRange;
use crate::store::audit::archive_file::AuditArchive;
use crate::store::audit::broken::{Break, Broken};
use crate::store::audit::chain;
use crate::store::audit::walk::Walk;
use crate::store::{Store, schema};

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

impl Walk {
    /// An archive ends with the event that was signed.
    fn require_end(&mut self, signed: Anchor) {
        let last = self.last_id();
        if self.broken.is_none() && last < signed.sequence {
            self.broken = Some(Broken::missing(last + 1, signed.sequence));
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
            return Ok(Some(Broken::missing(last + 1, wanted)));
        }
        // The file's creation is an event itself, so an anchor below the first event refers to one that was never in
        // this file.
        let unseen = anchored().min();
        let unseen = unseen.or((self.events == 0).then_some(1));
        Ok(unseen.map(|event| Broken::missing(event, event)))
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
