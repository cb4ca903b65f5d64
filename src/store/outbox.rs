//! The outbox: messages that are written together with the outcome they report, claimed by one sender at a time, and
//! kept until they are sent or given up.
//!
//! A claim expires by itself, so that a killed sender blocks nobody. A crash between a channel's acceptance and the
//! commit of [`Store::note_sent`] causes the message to be sent again, with the same ID.

use anyhow::Result;
use rand::rngs::SysRng;
use rusqlite::{Connection, OptionalExtension, Row, named_params, params};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::audit::operator::Operator;
use crate::domain::message::notification::{Draft, EventKind, ExpiryNotice, Message, Validity};
use crate::domain::random_id::{CLAIM_TOKEN, MESSAGE_ID, random_id};
use crate::domain::timestamp::{Span, Timestamp};
use crate::store::Store;
use crate::store::audit::event::{RecordedEvent, Subject};
use crate::store::columns::{EXPIRY_NOTICE, OUTBOX};
use crate::store::entry::read_text;

/// How long a claim lasts: longer than any attempt takes.
const CLAIM: Span = Span::seconds(60);
/// How long a message rests between two attempts at most, and a little more.
const LONGEST_REST: Span = Span::days(2);
/// How long sent messages are kept.
const REMEMBERED: Span = Span::days(30);

/// Which of a channel's messages to send.
#[derive(Debug, Clone, Copy)]
pub enum Wanted {
    /// Those that are due.
    Due,
    /// All that were not tried since then.
    AllSince(Timestamp),
}

/// A message that only this process may send for a while.
#[derive(Debug, Clone)]
pub struct Claimed {
    pub id: i64,
    pub message: Message,
    /// How many times it was tried before.
    pub attempts: u32,
    pub created_at: String,
    token: String,
}

/// The result of a failed attempt.
#[derive(Debug, Clone)]
pub struct Failed {
    pub error: String,
    pub next_attempt_at: Timestamp,
    pub given_up: bool,
}

/// The contents of the outbox for a channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Queue {
    #[serde(skip)]
    pub channel: String,
    /// Not sent yet, including those that failed.
    pub pending: u32,
    /// Tried at least once, and to be retried.
    pub failed: u32,
    /// How many will not be tried again.
    pub given_up: u32,
    /// Sent in the last 30 days.
    pub sent: u32,
    /// When the next attempt is due, as RFC 3339; null if nothing is queued.
    pub next_attempt_at: Option<String>,
    /// When a message was last sent, as RFC 3339; null if none was.
    pub last_sent_at: Option<String>,
    /// The last error; null if there was none.
    pub last_error: Option<String>,
}

const CLAIM_ONE: &str = "
    UPDATE outbox SET claimed_until = :until, claimed_by = :token, attempted_at = :now
    WHERE id = (
        SELECT id FROM outbox
        WHERE channel = :channel AND state = 'pending'
            AND (claimed_until IS NULL OR claimed_until <= :now OR claimed_until > :too_late)
            AND (:since IS NOT NULL OR next_attempt_at <= :now OR next_attempt_at > :too_far)
            AND (:since IS NULL OR attempted_at IS NULL OR attempted_at < :since OR attempted_at > :now)
        ORDER BY next_attempt_at, id LIMIT 1)
    RETURNING id, message, attempts, created_at";

const QUEUES: &str = "
    SELECT channel,
        count(*) FILTER (WHERE state = 'pending') AS pending,
        count(*) FILTER (WHERE state = 'pending' AND attempts > 0) AS failed,
        count(*) FILTER (WHERE state = 'given up') AS given_up,
        count(*) FILTER (WHERE state = 'sent') AS sent,
        min(next_attempt_at) FILTER (WHERE state = 'pending') AS next_attempt_at,
        max(ended_at) FILTER (WHERE state = 'sent') AS last_sent_at,
        (SELECT error FROM outbox e WHERE e.channel = o.channel AND e.state <> 'sent' AND e.error IS NOT NULL
            ORDER BY e.attempted_at DESC LIMIT 1) AS last_error
    FROM outbox o GROUP BY channel ORDER BY channel";

impl Store {
    /// Claims the next message of a channel; `None` if there is none to send.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn claim_message(
        &mut self,
        channel: &str,
        wanted: Wanted,
        now: Timestamp,
    ) -> Result<Option<Claimed>> {
        let until = now.after(CLAIM)?.to_string();
        // If the clock was set back, times may be in the future: such a claim has expired, such an attempt does not count
        // as recent, and what was to be tried then is due now.
        let too_late = now.after(CLAIM)?.after(CLAIM)?.to_string();
        let too_far = now.after(LONGEST_REST)?.to_string();
        let since = match wanted {
            Wanted::Due => None,
            Wanted::AllSince(since) => Some(since.to_string()),
        };
        let token = random_id(CLAIM_TOKEN, &mut SysRng)?;
        let claimed = self.write_at_leisure(|transaction| {
            let claimed = transaction.query_row(
                CLAIM_ONE,
                named_params! {
                    ":too_late": too_late, ":too_far": too_far, ":token": token,
                    ":channel": channel, ":until": until, ":now": now.to_string(), ":since": since,
                },
                |row| {
                    let id: i64 = row.get("id")?;
                    Ok(read_claimed(row).map_err(|_| id))
                },
            );
            Ok(claimed.optional()?)
        })?;
        match claimed {
            None => Ok(None),
            Some(Ok(claimed)) => Ok(Some(Claimed { token, ..claimed })),
            Some(Err(damaged)) => {
                self.give_up_damaged(damaged, now)?;
                self.claim_message(channel, wanted, now)
            }
        }
    }

    /// A damaged message must not block those behind it.
    fn give_up_damaged(&mut self, id: i64, now: Timestamp) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE outbox SET state = 'given up', error = 'the message is damaged', ended_at = ?2,
                    claimed_until = NULL, claimed_by = NULL WHERE id = ?1",
                params![id, now.to_string()],
            )?;
            Ok(())
        })
    }

    /// Records that a channel has accepted a message. It is on disk when this returns: the message is not sent again.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn note_sent(&mut self, claimed: &Claimed, now: Timestamp) -> Result<()> {
        self.write(|transaction| {
            transaction.execute(
                "UPDATE outbox SET state = 'sent', attempts = attempts + 1, ended_at = ?2, claimed_until = NULL,
                    claimed_by = NULL, error = NULL WHERE id = ?1",
                params![claimed.id, now.to_string()],
            )?;
            Ok(())
        })
    }

    /// Records that an attempt failed, unless another process has claimed the message by now.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn note_failed(
        &mut self,
        claimed: &Claimed,
        failed: &Failed,
        now: Timestamp,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE outbox SET attempts = attempts + 1, error = ?3, next_attempt_at = ?4, claimed_until = NULL,
                    claimed_by = NULL, state = CASE WHEN ?5 THEN 'given up' ELSE state END,
                    ended_at = CASE WHEN ?5 THEN ?6 END
                 WHERE id = ?1 AND claimed_by = ?2 AND state = 'pending'",
                params![
                    claimed.id,
                    claimed.token,
                    failed.error,
                    failed.next_attempt_at.to_string(),
                    failed.given_up,
                    now.to_string(),
                ],
            )?;
            Ok(())
        })
    }

    /// Makes the messages of a channel that were given up pending again.
    ///
    /// # Errors
    /// If the file cannot be written.
    pub fn revive_messages(&mut self, channel: &str) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE outbox SET state = 'pending', ended_at = NULL WHERE channel = ?1 AND state = 'given up'",
                [channel],
            )?;
            Ok(())
        })
    }

    /// The expiry messages that channels have got about roles.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_expiry_notices(&self) -> Result<Vec<ExpiryNotice>> {
        self.explained((|| {
            let mut statement = self.connection.prepare("SELECT * FROM expiry_notice")?;
            self.read_rows((EXPIRY_NOTICE, &mut statement), [], |row| {
                Ok(ExpiryNotice {
                    channel: row.get("channel")?,
                    hostname: row.get("hostname")?,
                    port: row.get("port")?,
                    username: row.get("username")?,
                    valid_until: row.get("valid_until")?,
                    status: row.get("status")?,
                })
            })
        })())
    }

    /// The contents of the outbox by channel, including channels that the config file no longer has.
    ///
    /// # Errors
    /// If the file cannot be read.
    pub fn list_queues(&self) -> Result<Vec<Queue>> {
        self.explained((|| {
            let unsent = "SELECT * FROM outbox WHERE state <> 'sent'";
            let mut statement = self.connection.prepare(unsent)?;
            self.read_rows((OUTBOX, &mut statement), [], |_| Ok(()))?;
            let mut statement = self.connection.prepare(QUEUES)?;
            let rows = statement.query_map([], |row| {
                Ok(Queue {
                    channel: read_text(row, "channel")?.unwrap_or_default(),
                    pending: row.get("pending")?,
                    failed: row.get("failed")?,
                    given_up: row.get("given_up")?,
                    sent: row.get("sent")?,
                    next_attempt_at: read_text(row, "next_attempt_at")?,
                    last_sent_at: read_text(row, "last_sent_at")?,
                    last_error: read_text(row, "last_error")?,
                })
            })?;
            rows.collect()
        })())
    }
}

/// A message, still without its token.
fn read_claimed(row: &Row<'_>) -> Result<Claimed> {
    let message: String = row.get("message")?;
    Ok(Claimed {
        id: row.get("id")?,
        message: serde_json::from_str(&message)?,
        attempts: row.get("attempts")?,
        created_at: row.get("created_at")?,
        token: String::new(),
    })
}

/// The act that a message reports, as in the audit log.
pub(super) struct MessageSubject<'a> {
    pub operation: &'a str,
    pub subject: &'a Subject,
    pub operator: &'a Operator,
    pub written: &'a RecordedEvent,
}

/// Puts messages into the outbox, in the transaction of the outcome that they report.
pub(super) fn enqueue(
    connection: &Connection,
    drafts: &[Draft],
    told: &MessageSubject<'_>,
    now: Timestamp,
) -> Result<()> {
    if drafts.is_empty() {
        return Ok(());
    }
    let at = now.to_string();
    for draft in drafts {
        let id = random_id(MESSAGE_ID, &mut SysRng)?;
        let message = told.message(draft, id, at.clone());
        connection.execute(
            "INSERT INTO outbox (channel, message, created_at, next_attempt_at) VALUES (?1, ?2, ?3, ?3)",
            params![draft.channel, serde_json::to_string(&message)?, at],
        )?;
        if draft.event == EventKind::Expiring {
            note_expiry(connection, draft, &at)?;
        }
    }
    connection.execute(
        "DELETE FROM outbox WHERE state = 'sent' AND ended_at < ?1",
        [now.before(REMEMBERED)?.to_string()],
    )?;
    Ok(())
}

/// Records which roles are reported to a channel, so that they are not reported again.
fn note_expiry(connection: &Connection, draft: &Draft, at: &str) -> Result<()> {
    for role in &draft.roles {
        connection.execute(
            "INSERT OR REPLACE INTO expiry_notice
                (channel, hostname, port, username, valid_until, status, noticed_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            params![
                draft.channel,
                role.hostname,
                role.port,
                role.username,
                role.valid_until,
                role.status.map(Validity::as_str),
                at,
            ],
        )?;
    }
    Ok(())
}

impl MessageSubject<'_> {
    fn message(&self, draft: &Draft, id: String, at: String) -> Message {
        let subject = self.subject;
        let mut message = Message {
            id,
            event: draft.event.as_str().to_owned(),
            summary: String::new(),
            at,
            env: subject.env.clone(),
            database: subject.database.clone(),
            hostname: subject.hostname.clone(),
            port: subject.port.map(|port| port.to_string()),
            username: subject.username.clone(),
            profile: subject.profile.clone(),
            error: draft.error.clone(),
            rotation: draft.rotation,
            roles: draft.roles.clone(),
            access: draft.access.clone(),
            operation: self.operation.to_owned(),
            operation_id: self.written.operation_id.clone(),
            operator: self.operator.user.clone(),
            host: self.operator.host.clone(),
            audit_anchor: Some(self.written.anchor.to_string()),
            version: env!("CARGO_PKG_VERSION").to_owned(),
        };
        message.summary = format!("{}: {}", message.event, message.subject());
        message
    }
}
