//! The journal of password changes: the sealed password from before the statement until it is delivered.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, named_params, params};
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::{GIVEN_UP, Status};
use crate::domain::message::notification::Draft;
use crate::domain::password::change::{ChangeKind, ChangeState, PasswordChange, name_of_role_lock};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::FileFormat;
use crate::domain::role::RoleName;
use crate::domain::target::encryption::TlsSettings;
use crate::domain::target::{Environment, Target};
use crate::domain::timestamp::Timestamp;
use crate::store::audit;
use crate::store::audit::{Event, Outcome, Stage, Subject};
use crate::store::change_records;
use crate::store::change_records::RecordForm;
use crate::store::outbox;
use crate::store::outbox::MessageSubject;
use crate::store::{Store, clusters, placed};

/// A password change with its sealed password.
#[derive(Debug, Clone)]
pub struct JournalRow {
    pub change: PasswordChange,
    pub state: ChangeState,
    pub key_id: String,
    /// None once it is scrubbed.
    pub sealed: Option<Vec<u8>>,
    /// Whether it was sealed by the release before, and signed when this one took the file over.
    pub is_adopted: bool,
    /// Until when the sealed copy of an unconfirmed delivery is kept.
    pub keep_until: Option<String>,
    pub error: Option<String>,
    pub created_at: String,
    /// The locks that whoever works on the change holds: the one that it was begun under, and, where its cluster was
    /// joined to another since, that of the role there.
    pub locks: Vec<String>,
}

/// What came of sealing a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sealing {
    Done,
    /// The cluster was joined to another, or parted from it, since its lock was taken.
    Moved,
    /// An open change of the role was begun under another lock, which may be held still.
    HeldBy(String),
}

/// A change with the lock that it is begun under.
#[derive(Debug, Clone, Copy)]
pub struct Locked<'a> {
    pub change: &'a PasswordChange,
    pub cluster_id: &'a str,
    pub lock: &'a str,
    /// Other locks that were found to be free while this one was held.
    pub found_free: &'a [String],
}

/// A row as `recover list` shows it.
#[derive(Debug, Clone, Serialize)]
pub struct JournalEntry {
    pub id: String,
    pub state: ChangeState,
    pub env: String,
    pub database: String,
    pub username: String,
    pub deliver: String,
    pub keep_until: Option<String>,
    pub error: Option<String>,
    pub created_at: String,
}

/// Operations that ended a change, their own or one that they recovered, and were cut off before they could say so.
const WITHOUT_OUTCOME: &str = "
    SELECT i.operation_id, i.operation, i.env, i.db_name, i.hostname, i.port, i.username, i.profile,
        i.operation = ?1 AS is_told_in_summary, ended.change_id, ended.state, ended.kind, ended.error, ended.is_recovery
    FROM (
        SELECT operation_id AS id, operation_id AS change_id, state, kind, error, 0 AS is_recovery
        FROM password_change WHERE state IN ('CLOSED', 'DELIVERED', 'ABORTED', 'REFUSED', 'SUPERSEDED')
        UNION ALL
        SELECT recovered_by, operation_id, state, kind, error, 1
        FROM password_change
        WHERE recovered_by IS NOT NULL AND state IN ('CLOSED', 'DELIVERED', 'ABORTED', 'REFUSED', 'SUPERSEDED')
    ) ended JOIN audit_log i ON i.operation_id = ended.id AND i.stage = 'intent'
    WHERE NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.operation_id = ended.id AND o.stage = 'outcome')";

const SELECT: &str = "SELECT j.*, coalesce(j.cluster_id,
        (SELECT p.cluster_id FROM cluster_place p WHERE p.hostname = j.hostname AND p.port = j.port)) AS on_cluster
    FROM password_change j";

impl Store {
    /// Puts a change on record, sealed and about to be sent, unless another lock is the right one. It is on disk when this
    /// returns.
    ///
    /// # Errors
    /// When it cannot be written: then nothing may be sent.
    pub fn start_apply(
        &mut self,
        locked: &Locked<'_>,
        key_id: &str,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<Sealing> {
        let change = locked.change;
        let key = self.signing_key();
        self.write(|transaction| {
            let place = clusters::place_of(&change.target);
            let current = clusters::find_at(transaction, &place)?;
            if current.as_deref() != Some(locked.cluster_id) {
                return Ok(Sealing::Moved);
            }
            if let Some(lock) = find_other_lock(transaction, locked)? {
                return Ok(Sealing::HeldBy(lock));
            }
            transaction.execute(
                "INSERT INTO password_change (operation_id, kind, env, db_name, hostname, port, username,
                    profile, deliver, deliver_template, file_format, state, key_id, sealed,
                    cluster, timeline, valid_until, term, created_at, updated_at, cluster_id, lock)
                 VALUES (:operation_id, :kind, :env, :db_name, :hostname, :port, :username,
                    :profile, :deliver, :deliver_template, :file_format, 'APPLYING', :key_id, :sealed,
                    :cluster, :timeline, :valid_until, :term, :now, :now, :cluster_id, :lock)",
                named_params! {
                    ":operation_id": change.operation_id,
                    ":kind": kind_text(change.kind),
                    ":env": change.target.env.as_str(),
                    ":db_name": change.target.database.as_str(),
                    ":hostname": change.target.hostname.to_string(),
                    ":port": change.target.port.to_string(),
                    ":username": change.role.as_str(),
                    ":profile": change.profile,
                    ":deliver": change.destination.to_string(),
                    ":deliver_template": change.delivery.to_string(),
                    ":file_format": change.delivery.file_format().as_str(),
                    ":key_id": key_id,
                    ":sealed": sealed,
                    ":cluster": change.cluster,
                    ":timeline": change.timeline,
                    ":valid_until": change.valid_until.map(|until| until.to_string()),
                    ":term": change.term.map(|term| term.to_string()),
                    ":now": now.to_string(),
                    ":cluster_id": locked.cluster_id,
                    ":lock": locked.lock,
                },
            )?;
            change_records::sign(transaction, key.as_ref(), &change.operation_id, RecordForm::Begun)?;
            Ok(Sealing::Done)
        })
    }

    /// Puts another password in the place of one that was refused, about to be sent. It is on disk when this returns.
    ///
    /// # Errors
    /// When it cannot be written: then nothing may be sent.
    pub fn reseal_change(
        &mut self,
        operation_id: &str,
        key_id: &str,
        sealed: &[u8],
        now: Timestamp,
    ) -> Result<()> {
        let key = self.signing_key();
        let key = key.as_ref();
        self.write(|transaction| {
            let form = change_records::find_form(transaction, key, operation_id)?;
            set_state(transaction, operation_id, ChangeState::Applying, None, now)?;
            transaction.execute(
                "UPDATE password_change SET key_id = ?2, sealed = ?3 WHERE operation_id = ?1",
                params![operation_id, key_id, sealed],
            )?;
            // It is bound to where it is delivered from now on.
            if form.is_some() {
                change_records::sign(transaction, key, operation_id, RecordForm::Begun)?;
            }
            Ok(())
        })
    }

    /// Notes how far a change has come. With the commit's acknowledgement the role's new age begins.
    ///
    /// What recovery finds out by itself need not be on disk at once: a change that is on record as being applied
    /// is looked for on the server, whatever has become of it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn advance_change(
        &mut self,
        change: &PasswordChange,
        state: ChangeState,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        let key = self.signing_key();
        let note = |transaction: &Transaction<'_>| {
            set_state(transaction, &change.operation_id, state, error, now)?;
            if state == ChangeState::Applied {
                placed::record(transaction, change, key.as_ref(), now)?;
            }
            Ok(())
        };
        match state {
            ChangeState::Applied | ChangeState::Proven => self.write_at_leisure(note),
            _ => self.write(note),
        }
    }

    /// Ends a change: the sealed password is scrubbed, from the write-ahead log too.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn close_change(
        &mut self,
        operation_id: &str,
        state: ChangeState,
        error: Option<&str>,
        now: Timestamp,
    ) -> Result<()> {
        self.write(|transaction| {
            set_state(transaction, operation_id, state, error, now)?;
            scrub(transaction, operation_id)
        })?;
        self.checkpoint()
    }

    /// Notes an unconfirmed delivery, whose sealed copy is kept for a while. Where the note is lost with the power,
    /// recovery delivers once more.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn keep_change(
        &mut self,
        operation_id: &str,
        keep_until: Timestamp,
        now: Timestamp,
    ) -> Result<()> {
        self.write_at_leisure(|transaction| {
            set_state(transaction, operation_id, ChangeState::Delivered, None, now)?;
            transaction.execute(
                "UPDATE password_change SET keep_until = ?2 WHERE operation_id = ?1",
                params![operation_id, keep_until.to_string()],
            )?;
            Ok(())
        })
    }

    /// Closes unconfirmed deliveries whose time is over.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn close_expired_changes(&mut self, now: Timestamp) -> Result<()> {
        let expired: Vec<String> = self.explained((|| {
            let mut statement = self.connection.prepare(
                "SELECT operation_id FROM password_change WHERE state = 'DELIVERED' AND keep_until < ?1",
            )?;
            statement.query_map([now.to_string()], |row| row.get(0))?.collect()
        })())?;
        for operation_id in expired {
            self.close_change(&operation_id, ChangeState::Closed, None, now)?;
        }
        Ok(())
    }

    /// Notes which recovery takes a change up: should that be cut off too, [`Store::complete_outcomes`] knows of it. None: a
    /// person ends it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_recovery(&mut self, operation_id: &str, recovered_by: Option<&str>) -> Result<()> {
        self.write_at_leisure(|transaction| {
            transaction.execute(
                "UPDATE password_change SET recovered_by = ?2 WHERE operation_id = ?1",
                params![operation_id, recovered_by],
            )?;
            Ok(())
        })
    }

    /// Puts into the audit log how operations ended that were cut off before they could say so themselves, and what is
    /// to be told of them into the outbox.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn complete_outcomes(
        &mut self,
        now: Timestamp,
        drafts: impl Fn(&CutOff) -> Vec<Draft>,
    ) -> Result<()> {
        let operator = self.operator.clone();
        let written = self.write(|transaction| {
            let mut all_written = Vec::new();
            let mut statement = transaction.prepare(WITHOUT_OUTCOME)?;
            let rotate = Operation::Rotate.name();
            let rows = statement.query_map([rotate], |row| Ok(read_without_outcome(row)))?;
            for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
                let row = row?;
                let event = Event {
                    stage: Stage::Outcome,
                    operation: &row.operation,
                    subject: &row.subject,
                    status: &row.status,
                };
                let id = &row.operation_id;
                let outcome = Outcome::default();
                let written = audit::insert(transaction, &operator, now, &event, id, &outcome)?;
                let told = MessageSubject {
                    operation: &row.operation,
                    subject: &row.subject,
                    operator: &operator,
                    written: &written,
                };
                outbox::enqueue(transaction, &drafts(&row), &told, now)?;
                all_written.push(written);
            }
            Ok(all_written)
        })?;
        self.note_written(written);
        Ok(())
    }

    /// The changes that have not ended, oldest first.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_open_changes(&self) -> Result<Vec<JournalRow>> {
        let query = format!(
            "{SELECT} WHERE j.state NOT IN ('CLOSED', 'ABORTED', 'REFUSED', 'SUPERSEDED') ORDER BY j.created_at"
        );
        let rows = self.explained((|| {
            let mut statement = self.connection.prepare(&query)?;
            let rows = statement.query_map([], |row| Ok(self.read_row(row)))?;
            rows.collect::<rusqlite::Result<Vec<_>>>()
        })())?;
        rows.into_iter().collect()
    }

    /// One change; None: there is none of that id.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_change(&self, operation_id: &str) -> Result<Option<JournalRow>> {
        let query = format!("{SELECT} WHERE j.operation_id = ?1");
        let row = self.explained(
            self.connection
                .query_row(&query, [operation_id], |row| Ok(self.read_row(row)))
                .optional(),
        )?;
        row.transpose()
    }

    fn read_row(&self, row: &Row<'_>) -> Result<JournalRow> {
        let mut found = read_row(row)?;
        let code: Option<String> = row.get("record_code")?;
        found.is_adopted =
            code.is_some() && self.vouches_for(&RecordForm::Adopted.record(row)?, code.as_deref());
        Ok(found)
    }

    /// Moves the write-ahead log into the file and empties it, so that what was scrubbed is gone from both.
    fn checkpoint(&self) -> Result<()> {
        self.explained(
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(())),
        )
    }
}

impl From<JournalRow> for JournalEntry {
    fn from(row: JournalRow) -> Self {
        let change = row.change;
        Self {
            id: change.operation_id,
            state: row.state,
            env: change.target.env.to_string(),
            database: change.target.database.to_string(),
            username: change.role.to_string(),
            deliver: change.destination.to_string(),
            keep_until: row.keep_until,
            error: row.error,
            created_at: row.created_at,
        }
    }
}

/// An act that was cut off before it could say how it ended, and how it did.
#[derive(Debug)]
pub struct CutOff {
    operation_id: String,
    /// As its intent has it, which an earlier version may have written.
    operation: String,
    pub subject: Subject,
    pub status: Status,
    /// Whether the summary of a run tells of it.
    pub is_told_in_summary: bool,
}

fn read_without_outcome(row: &Row<'_>) -> Result<CutOff> {
    let state: ChangeState = row.get::<_, String>("state")?.parse()?;
    let ended = if row.get("is_recovery")? {
        Status::ChangeEnded {
            id: row.get("change_id")?,
            end: state.into(),
        }
    } else {
        let error: Option<String> = row.get("error")?;
        let kind = kind_of_text(&row.get::<_, String>("kind")?);
        status_of_own_end(state, kind, error.as_deref())
    };
    Ok(CutOff {
        operation_id: row.get("operation_id")?,
        operation: row.get("operation")?,
        subject: Subject {
            env: row.get("env")?,
            database: row.get("db_name")?,
            hostname: row.get("hostname")?,
            port: row.get("port")?,
            username: row.get("username")?,
            profile: row.get("profile")?,
        },
        status: Status::CutOff(Box::new(ended)),
        is_told_in_summary: row.get("is_told_in_summary")?,
    })
}

/// What an operation came to whose own change has ended.
fn status_of_own_end(state: ChangeState, kind: ChangeKind, error: Option<&str>) -> Status {
    match (state, kind) {
        (ChangeState::Superseded, _) => Status::ChangedSince,
        (ChangeState::Aborted, _) if error == Some(GIVEN_UP) => Status::ChangeGivenUp,
        (ChangeState::Aborted | ChangeState::Refused, _) => Status::NothingChanged,
        (_, ChangeKind::Create) => Status::UserCreated,
        (_, ChangeKind::Reset | ChangeKind::Admin) => Status::PasswordReset,
    }
}

fn set_state(
    connection: &Connection,
    operation_id: &str,
    state: ChangeState,
    error: Option<&str>,
    now: Timestamp,
) -> Result<()> {
    connection.execute(
        "UPDATE password_change SET state = ?2, error = ?3, updated_at = ?4 WHERE operation_id = ?1",
        params![operation_id, state.as_str(), error, now.to_string()],
    )?;
    Ok(())
}

fn scrub(connection: &Connection, operation_id: &str) -> Result<()> {
    connection.execute(
        "UPDATE password_change SET sealed = NULL, keep_until = NULL WHERE operation_id = ?1",
        [operation_id],
    )?;
    Ok(())
}

/// The lock of an open change of the same role that was begun under another one, as before its cluster was joined to
/// this one.
fn find_other_lock(connection: &Connection, locked: &Locked<'_>) -> Result<Option<String>> {
    let role = locked.change.role.as_str();
    let query = format!(
        "{SELECT} WHERE j.state NOT IN ('CLOSED', 'ABORTED', 'REFUSED', 'SUPERSEDED', 'DELIVERED')
         AND j.username = ?1 AND on_cluster = ?2"
    );
    let mut statement = connection.prepare(&query)?;
    let rows = statement.query_map([role, locked.cluster_id], |row| Ok(read_row(row)))?;
    for row in rows.collect::<rusqlite::Result<Vec<_>>>()? {
        let is_other = |lock: &String| lock != locked.lock && !locked.found_free.contains(lock);
        if let Some(other) = row?.locks.into_iter().find(is_other) {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

fn kind_text(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "create",
        ChangeKind::Reset => "reset",
        ChangeKind::Admin => "admin",
    }
}

fn kind_of_text(text: &str) -> ChangeKind {
    match text {
        "create" => ChangeKind::Create,
        "admin" => ChangeKind::Admin,
        _ => ChangeKind::Reset,
    }
}

fn read_row(row: &Row<'_>) -> Result<JournalRow> {
    let text = |column: &str| row.get::<_, String>(column);
    let optional = |column: &str| row.get::<_, Option<String>>(column);
    let kind = kind_of_text(&text("kind")?);
    let file_format: FileFormat = text("file_format")?.parse()?;
    let change = PasswordChange {
        operation_id: text("operation_id")?,
        kind,
        target: Target {
            env: Environment::new(text("env")?),
            database: text("db_name")?.parse()?,
            hostname: text("hostname")?.parse()?,
            port: text("port")?.parse()?,
            active: true,
            tls: TlsSettings::default(),
            require_auth: None,
            direct: false,
            admin_user: None,
            cluster: None,
            cluster_id: optional("on_cluster")?,
            notes: None,
            // What is sealed is bound to the place.
            is_recorded: true,
        },
        role: RoleName::from_server(text("username")?),
        profile: optional("profile")?,
        destination: Deliveries::read(&text("deliver")?, file_format)?,
        delivery: Deliveries::read(&text("deliver_template")?, file_format)?,
        cluster: optional("cluster")?,
        timeline: row.get("timeline")?,
        valid_until: optional("valid_until")?
            .map(|until| until.parse())
            .transpose()?,
        term: optional("term")?.map(|term| term.parse()).transpose()?,
    };
    Ok(JournalRow {
        locks: locks_of(&change, optional("lock")?),
        change,
        state: text("state")?.parse()?,
        key_id: text("key_id")?,
        sealed: row.get("sealed")?,
        is_adopted: false,
        keep_until: optional("keep_until")?,
        error: optional("error")?,
        created_at: text("created_at")?,
    })
}

fn locks_of(change: &PasswordChange, begun_under: Option<String>) -> Vec<String> {
    // A program from before clusters may still be at work.
    let begun_under = begun_under.unwrap_or_else(|| change.lock_name_by_place());
    let cluster_id = change.target.cluster_id.as_deref();
    let current = cluster_id.map(|id| name_of_role_lock(id, &change.role));
    let other = current.filter(|current| *current != begun_under);
    [Some(begun_under), other].into_iter().flatten().collect()
}
