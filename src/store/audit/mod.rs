//! The audit log: an intent before an act, its outcome after, a single event for what happens only in this file.
//!
//! All events go through [`insert`], which chains each to the previous one.

mod archive;
mod archive_file;
mod broken;
pub(super) mod chain;
mod changes;
pub(super) mod event;
mod filter;
mod period;
pub(super) mod query;
mod target_lists;
mod verify;
mod walk;

use anyhow::{Context, Result, ensure};
use rand::rngs::SysRng;
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql};

use crate::domain::act::operation::{Mode, Operation};
use crate::domain::act::status::Status;
use crate::domain::act::undo::Undo;
use crate::domain::audit::anchor::{Anchor, EventHash};
use crate::domain::audit::operator::Operator;
use crate::domain::random_id::{OPERATION_ID, random_id};
use crate::domain::timestamp::Timestamp;
use crate::store::Store;

pub use crate::store::audit::event::{RecordedEvent, Subject};

pub use archive::ArchiveRange;
pub use archive_file::AuditArchive;
pub use broken::Break;
pub use filter::EventFilter;
pub use query::LoggedEvent;
pub use verify::Verification;

/// An act that is put on record before it begins, and which its outcome will name.
#[derive(Debug, Clone)]
pub struct Intent {
    pub(super) operation_id: String,
    pub(super) operation: String,
    pub(super) subject: Subject,
}

impl Intent {
    /// An act that is about to begin, under an id of its own.
    pub fn new(
        operation_id: String,
        (operation, mode): (Operation, Mode),
        subject: Subject,
    ) -> Self {
        Self {
            operation_id,
            operation: operation.name_in(mode),
            subject,
        }
    }

    /// The id that intent and outcome share, and that names the operation elsewhere.
    pub fn operation_id(&self) -> &str {
        &self.operation_id
    }

    pub fn env(&self) -> Option<&str> {
        self.subject.env.as_deref()
    }
}

/// How an act ended.
#[derive(Debug, Clone, Default)]
pub struct Outcome {
    pub status: Status,
    pub sqlstate: Option<String>,
    pub error: Option<String>,
    /// The statements that ran, without verifiers.
    pub statements: Option<String>,
    /// The statements that would undo them.
    pub undo: Option<Undo>,
    pub duration_ms: f64,
    pub admin_user: Option<String>,
    /// What was archived, as JSON, of the event of an archive.
    pub archive: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Intent,
    Outcome,
    Event,
}

impl Stage {
    fn as_str(self) -> &'static str {
        match self {
            Self::Intent => "intent",
            Self::Outcome => "outcome",
            Self::Event => "event",
        }
    }
}

pub(super) struct Event<'a> {
    pub stage: Stage,
    pub operation: &'a str,
    pub subject: &'a Subject,
    pub status: &'a Status,
}

impl Store {
    /// Records that an act is about to happen. The intent is on disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written: then nothing may be done.
    pub fn record_intent(&mut self, intent: &Intent, now: Timestamp) -> Result<()> {
        let operator = self.operator.clone();
        let event = Event {
            stage: Stage::Intent,
            operation: &intent.operation,
            subject: &intent.subject,
            status: &Status::Intended,
        };
        let (id, outcome) = (&intent.operation_id, Outcome::default());
        let written =
            self.write(|transaction| insert(transaction, &operator, now, &event, id, &outcome))?;
        self.note_written([written]);
        Ok(())
    }
}

/// Appends an event that begins an operation, and generates the operation's ID.
pub(super) fn append(
    connection: &Connection,
    operator: &Operator,
    now: Timestamp,
    event: &Event<'_>,
) -> Result<RecordedEvent> {
    let operation_id = new_operation_id()?;
    let outcome = Outcome::default();
    insert(connection, operator, now, event, &operation_id, &outcome)
}

/// The newest event that has a hash.
pub(super) fn newest(connection: &Connection) -> rusqlite::Result<Option<Anchor>> {
    connection
        .query_row(
            "SELECT id, hash FROM audit_log WHERE typeof(hash) = 'text' AND length(hash) = 64
             ORDER BY id DESC LIMIT 1",
            [],
            |row| Ok((row.get(0)?, row.get::<_, String>(1)?)),
        )
        .optional()
        .map(|newest| {
            let (sequence, hash) = newest?;
            let hash = hash.parse().ok()?;
            Some(Anchor { sequence, hash })
        })
}

pub(super) fn has_outcome(connection: &Connection, operation_id: &str) -> rusqlite::Result<bool> {
    connection
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM audit_log WHERE operation_id = ?1 AND stage = 'outcome')",
        )?
        .query_row([operation_id], |row| row.get(0))
}

/// Appends the first event of a chain, after the events from before there was one.
pub(super) fn append_first(
    connection: &Connection,
    operator: &Operator,
    now: Timestamp,
    event: &Event<'_>,
    earlier: EventHash,
) -> Result<RecordedEvent> {
    let head = chain::Head {
        hash: Some(earlier.to_string()),
        ..chain::head(connection)?
    };
    let entry = EventInsert {
        operator,
        now,
        event,
        operation_id: &new_operation_id()?,
        outcome: &Outcome::default(),
    };
    insert_after(connection, head, &entry)
}

/// The id of an event that has no intent.
pub(super) fn new_operation_id() -> Result<String> {
    random_id(OPERATION_ID, &mut SysRng)
}

/// Appends an event to the chain. The caller's transaction holds the write lock.
pub(super) fn insert(
    connection: &Connection,
    operator: &Operator,
    now: Timestamp,
    event: &Event<'_>,
    operation_id: &str,
    outcome: &Outcome,
) -> Result<RecordedEvent> {
    let entry = EventInsert {
        operator,
        now,
        event,
        operation_id,
        outcome,
    };
    insert_after(connection, chain::head(connection)?, &entry)
}

/// The contents of a row.
struct EventInsert<'a> {
    operator: &'a Operator,
    now: Timestamp,
    event: &'a Event<'a>,
    operation_id: &'a str,
    outcome: &'a Outcome,
}

fn insert_after(
    connection: &Connection,
    head: chain::Head,
    entry: &EventInsert<'_>,
) -> Result<RecordedEvent> {
    let previous = head.hash.unwrap_or_else(|| EventHash::NONE.to_string());
    let EventInsert {
        operator,
        event,
        outcome,
        operation_id,
        ..
    } = entry;
    let subject = event.subject;
    let has_ended = event.stage == Stage::Outcome;
    let duration_ms = has_ended.then_some(outcome.duration_ms);
    // What the statements say themselves is not stored beside them.
    let undo = outcome.undo.as_ref();
    let undo = undo.filter(|undo| !undo.is_told_by(outcome.statements.as_deref()));
    let undo = undo.map(serde_json::to_string);
    let undo = undo.transpose().context("an undo is two lists of texts")?;
    let performed_at = entry.now.to_string();
    let stage = event.stage.as_str();
    let status = event.status.to_string();
    // An outcome has its intent for them.
    let names_targets = event.stage != Stage::Outcome;
    let targets_hash = if names_targets {
        target_lists::keep(connection, &subject.targets)?
    } else {
        None
    };
    let columns: [(&str, &dyn ToSql); 29] = [
        ("id", &head.next_id),
        ("performed_at", &performed_at),
        ("operation_id", operation_id),
        ("stage", &stage),
        ("operation", &event.operation),
        ("env", &subject.env),
        ("db_name", &subject.database),
        ("hostname", &subject.hostname),
        ("port", &subject.port),
        ("username", &subject.username),
        ("profile", &subject.profile),
        ("status", &status),
        ("sqlstate", &outcome.sqlstate),
        ("error", &outcome.error),
        ("statements", &outcome.statements),
        ("undo", &undo),
        ("archive", &outcome.archive),
        ("reason", &subject.reason),
        ("targets_hash", &targets_hash),
        ("duration_ms", &duration_ms),
        ("admin_user", &outcome.admin_user),
        ("os_user", &operator.user),
        ("uid", &operator.uid),
        ("sudo_user", &operator.sudo_user),
        ("host", &operator.host),
        ("pid", &operator.pid),
        ("tty", &operator.tty),
        ("version", &env!("CARGO_PKG_VERSION")),
        ("prev_hash", &previous),
    ];
    let hash = insert_hashed(connection, &columns)?;
    Ok(RecordedEvent {
        anchor: Anchor {
            sequence: head.next_id,
            hash,
        },
        operation_id: (*operation_id).to_owned(),
        is_end: event.stage != Stage::Intent,
        operation: event.operation.to_owned(),
        subject: subject.clone(),
        status,
        error: outcome.error.clone(),
        os_user: operator.user.clone(),
    })
}

/// Writes a row with its hash, which covers all of it.
fn insert_hashed(connection: &Connection, columns: &[(&str, &dyn ToSql)]) -> Result<EventHash> {
    let values = columns
        .iter()
        .map(|(_, value)| value.to_sql())
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let names = columns.iter().map(|(name, _)| *name);
    let hash = chain::hash_of_columns(names.clone().zip(values.iter().map(stored)));
    let text = hash.to_string();
    let places = vec!["?"; columns.len()].join(", ");
    let names = names.collect::<Vec<_>>().join(", ");
    let sql = format!("INSERT INTO audit_log ({names}, hash) VALUES ({places}, ?)");
    let values: Vec<&dyn ToSql> = columns
        .iter()
        .map(|(_, value)| *value)
        .chain([&text as &dyn ToSql])
        .collect();
    let inserted = connection.prepare_cached(&sql)?.execute(&values[..])?;
    // A foreign trigger could have suppressed it.
    ensure!(inserted == 1, "the audit log did not accept the event");
    Ok(hash)
}

/// A value as SQLite stores it. Each column has the type of its values, so that nothing is converted.
fn stored<'a>(value: &'a ToSqlOutput<'_>) -> ValueRef<'a> {
    match value {
        ToSqlOutput::Borrowed(value) => *value,
        ToSqlOutput::Owned(value) => value.into(),
        // Variants of features that pgrole does not use.
        _ => ValueRef::Null,
    }
}
