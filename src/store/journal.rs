//! The journal of password changes: the sealed password from before the statement until it is delivered.

use std::fmt::Display;
use std::str::FromStr;

use anyhow::Result;
use rusqlite::types::Type;
use rusqlite::{Connection, Row, named_params, params};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::failure::Failure;
use crate::domain::password::change::{
    ChangeKind, ChangeState, DualChange, PasswordChange, name_of_role_lock,
};
use crate::domain::password::deliveries::Deliveries;
use crate::domain::password::destination::FileFormat;
use crate::domain::role::RoleName;
use crate::domain::target::encryption::TlsSettings;
use crate::domain::target::{Environment, Target};
use crate::domain::timestamp::{Span, Timestamp};
use crate::store::bad_rows::{BadRow, read_sound};
use crate::store::change_records;
use crate::store::change_records::RecordForm;
use crate::store::columns::PASSWORD_CHANGE;
use crate::store::{Store, clusters, ended_changes, placed};

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

/// How an act leaves a change: ended, or open for recovery.
#[derive(Debug, Clone)]
pub struct ChangeEnding {
    /// The change's own, which its recovery has not.
    pub operation_id: String,
    pub state: ChangeState,
    pub error: Option<String>,
    /// Until when the sealed copy of an unconfirmed delivery is kept.
    pub keep_until: Option<Timestamp>,
}

/// A row as `recover list` shows it.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct JournalEntry {
    /// The ID of the change, which is the ID of its operation.
    pub id: String,
    /// How far the change has come.
    pub state: ChangeState,
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The role.
    pub username: String,
    /// Where the password is delivered.
    pub deliver: String,
    /// Until when the sealed copy is kept, as RFC 3339; null if it is not kept for a time.
    pub keep_until: Option<String>,
    /// What went wrong; null if nothing did.
    pub error: Option<String>,
    /// When the change began, as RFC 3339.
    pub created_at: String,
}

const SELECT: &str = "SELECT j.*, coalesce(j.cluster_id,
        (SELECT p.cluster_id FROM cluster_place p WHERE p.hostname = j.hostname AND p.port = j.port)) AS on_cluster
    FROM password_change j";

impl Store {
    /// Puts a change on record, sealed and about to be sent, unless another lock is the right one. It is on disk when
    /// this
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
                    cluster, timeline, valid_until, term, created_at, updated_at, cluster_id, lock, incoming, grace)
                 VALUES (:operation_id, :kind, :env, :db_name, :hostname, :port, :username,
                    :profile, :deliver, :deliver_template, :file_format, 'APPLYING', :key_id, :sealed,
                    :cluster, :timeline, :valid_until, :term, :now, :now, :cluster_id, :lock, :incoming, :grace)",
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
                    ":incoming": change.dual.as_ref().map(|dual| dual.incoming.as_str()),
                    ":grace": change.dual.as_ref().map(|dual| dual.grace.whole_seconds()),
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

    /// Notes that the server acknowledged the commit: the role's new age begins. Without the note recovery would have
    /// to
    /// find out by a login, which cannot always tell.
    ///
    /// It need not be on disk at once: what the power takes away with it is looked for on the server.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_applied(&mut self, change: &PasswordChange, now: Timestamp) -> Result<()> {
        let key = self.signing_key();
        self.write_at_leisure(|transaction| {
            set_state(
                transaction,
                &change.operation_id,
                ChangeState::Applied,
                None,
                now,
            )?;
            if change.dual.is_some() {
                // Which login is good is known only once it was proven and delivered.
                return Ok(());
            }
            placed::record(transaction, change, key.as_ref(), now)
        })
    }

    /// Notes that the login of a dual change is the current one: the owner's new age begins.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn note_switched(&mut self, change: &PasswordChange, now: Timestamp) -> Result<()> {
        let key = self.signing_key();
        self.write_at_leisure(|transaction| placed::record(transaction, change, key.as_ref(), now))
    }

    /// Closes unconfirmed deliveries whose time is over; none is kept longer than until `latest` from now on.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn close_expired_changes(&mut self, now: Timestamp, latest: Timestamp) -> Result<()> {
        self.keep_no_longer(latest)?;
        // What is no time has not passed.
        let expired: Vec<String> = self.explained((|| {
            let mut statement = self.connection.prepare(
                "SELECT * FROM password_change WHERE state = 'DELIVERED' AND keep_until < ?1",
            )?;
            let of = (PASSWORD_CHANGE, &mut statement);
            let kept = self.read_rows(of, [now.to_string()], |row| {
                let until: String = row.get("keep_until")?;
                Ok((Timestamp::parse(&until), row.get("operation_id")?))
            })?;
            let expired = kept.into_iter().filter(|(until, _)| until.is_some());
            Ok(expired.map(|(_, id)| id).collect())
        })())?;
        for operation_id in expired {
            self.write(|transaction| {
                set_state(transaction, &operation_id, ChangeState::Closed, None, now)?;
                scrub(transaction, &operation_id)
            })?;
            self.empty_log()?;
        }
        Ok(())
    }

    /// What was delivered while the clock was ahead would be kept for as long as it was.
    fn keep_no_longer(&mut self, latest: Timestamp) -> Result<()> {
        // What is no time is left for somebody to correct.
        let too_long: Vec<String> = self.explained((|| {
            let mut statement = self.connection.prepare(
                "SELECT * FROM password_change WHERE state = 'DELIVERED' AND keep_until > ?1",
            )?;
            let of = (PASSWORD_CHANGE, &mut statement);
            let kept = self.read_rows(of, [latest.to_string()], |row| {
                let until: String = row.get("keep_until")?;
                Ok((Timestamp::parse(&until), row.get("operation_id")?))
            })?;
            let too_long = kept.into_iter().filter(|(until, _)| until.is_some());
            Ok(too_long.map(|(_, id)| id).collect())
        })())?;
        if too_long.is_empty() {
            return Ok(());
        }
        self.write(|transaction| {
            for operation_id in &too_long {
                transaction.execute(
                    "UPDATE password_change SET keep_until = ?2 WHERE operation_id = ?1",
                    params![operation_id, latest.to_string()],
                )?;
            }
            Ok(())
        })
    }

    /// The changes that have not ended, oldest first. Those that are not valid are named, and nothing is done with them
    /// or their roles before somebody corrects them.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_open_changes(&self) -> Result<Vec<JournalRow>> {
        self.explained((|| {
            let (rows, bad) = self.read_changes(&may_be_open())?;
            self.note_bad_rows(bad);
            Ok(rows)
        })())
    }

    /// Those of them that something is left to do for: not what was handed over, of which there may be thousands a day.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_unsettled_changes(&self) -> Result<Vec<JournalRow>> {
        self.explained((|| {
            let (rows, bad) = self.read_changes(&may_be_unsettled())?;
            self.note_bad_rows(bad);
            Ok(rows)
        })())
    }

    /// The changes that have not ended, or may not have, and are not valid.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn list_bad_changes(&self) -> Result<Vec<BadRow>> {
        self.explained((|| {
            let (_, mut bad) = self.read_changes(&may_be_open())?;
            bad.retain(|bad| !bad.is_used);
            Ok(bad)
        })())
    }

    fn read_changes(&self, wanted: &str) -> rusqlite::Result<(Vec<JournalRow>, Vec<BadRow>)> {
        let query = format!("{SELECT} WHERE {wanted} ORDER BY j.created_at");
        let mut statement = self.connection.prepare_cached(&query)?;
        read_sound((PASSWORD_CHANGE, &mut statement), [], |row| {
            self.read_row(row)
        })
    }

    /// One change; `None` if there is none with that ID.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn find_change(&self, operation_id: &str) -> Result<Option<JournalRow>> {
        let query = format!("{SELECT} WHERE j.operation_id = ?1");
        let (row, bad) = self.explained((|| {
            let mut statement = self.connection.prepare_cached(&query)?;
            read_sound((PASSWORD_CHANGE, &mut statement), [operation_id], |row| {
                self.read_row(row)
            })
        })())?;
        match (row.into_iter().next(), bad.into_iter().next()) {
            (None, Some(bad)) => Err(unusable(&bad).into()),
            (row, _) => Ok(row),
        }
    }

    fn read_row(&self, row: &Row<'_>) -> rusqlite::Result<JournalRow> {
        let mut found = read_row(row)?;
        let code: Option<String> = row.get("record_code")?;
        found.is_adopted =
            code.is_some() && self.vouches_for(&RecordForm::Adopted.record(row)?, code.as_deref());
        Ok(found)
    }

    /// Moves the write-ahead log into the file and empties it, so that what was scrubbed is gone from both.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn empty_log(&self) -> Result<()> {
        self.try_empty_log().map(drop)
    }

    /// The same; whether it is empty now. It is not if another process reads or writes for longer than it is waited for.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn try_empty_log(&self) -> Result<bool> {
        self.explained(
            self.connection
                .query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| {
                    row.get::<_, bool>(0).map(|is_busy| !is_busy)
                }),
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

/// Leaves a change as its act does. Where it has ended, its sealed password is scrubbed.
pub(super) fn leave(connection: &Connection, ending: &ChangeEnding, now: Timestamp) -> Result<()> {
    let ChangeEnding {
        operation_id,
        state,
        error,
        keep_until,
    } = ending;
    set_state(connection, operation_id, *state, error.as_deref(), now)?;
    // Whichever recovery of an earlier version took it up has not ended it.
    connection.execute(
        "UPDATE password_change SET keep_until = ?2, recovered_by = NULL WHERE operation_id = ?1",
        params![operation_id, keep_until.map(|until| until.to_string())],
    )?;
    if state.is_final() {
        scrub(connection, operation_id)?;
        ended_changes::forget(connection, operation_id, now)?;
    }
    Ok(())
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

/// Whether a row `j` is in a state that has not ended, or in none that is known. These are the ranges between those that
/// have: an index leads to them, and what has ended stays on record.
fn may_be_open() -> String {
    other_than(ChangeState::is_final)
}

/// The same, but for what was handed over and is kept for a while.
fn may_be_unsettled() -> String {
    other_than(|state| state.is_final() || state == ChangeState::Delivered)
}

fn other_than(is_passed_over: fn(ChangeState) -> bool) -> String {
    let mut passed_over: Vec<_> = ChangeState::ALL
        .into_iter()
        .filter(|state| is_passed_over(*state))
        .map(ChangeState::as_str)
        .collect();
    passed_over.sort_unstable();
    let mut ranges = Vec::new();
    let mut after = String::new();
    for state in passed_over {
        ranges.push(format!("{after}j.state < '{state}'"));
        after = format!("j.state > '{state}' AND ");
    }
    ranges.push(after.trim_end_matches(" AND ").to_owned());
    format!("({})", ranges.join(" OR "))
}

/// The lock of an open change of the same role that was begun under another one, as before its cluster was joined to
/// this one.
fn find_other_lock(connection: &Connection, locked: &Locked<'_>) -> Result<Option<String>> {
    let role = locked.change.role.as_str();
    let query = format!(
        "{SELECT} WHERE {} AND CAST(j.username AS TEXT) = ?1
            AND CAST(coalesce(on_cluster, ?2) AS TEXT) = ?2",
        may_be_unsettled(),
    );
    let mut statement = connection.prepare_cached(&query)?;
    let of = (PASSWORD_CHANGE, &mut *statement);
    let (rows, bad) = read_sound(of, [role, locked.cluster_id], read_row)?;
    if let Some(bad) = bad.iter().find(|bad| !bad.is_used) {
        return Err(unusable(bad).into());
    }
    let is_there =
        |row: &JournalRow| row.change.target.cluster_id.as_deref() == Some(locked.cluster_id);
    for row in rows.into_iter().filter(is_there) {
        let is_other = |lock: &String| lock != locked.lock && !locked.found_free.contains(lock);
        if let Some(other) = row.locks.into_iter().find(is_other) {
            return Ok(Some(other));
        }
    }
    Ok(None)
}

/// An open change that is not valid: its password may be in force and known only there.
pub fn unusable(bad: &BadRow) -> Failure {
    let what = format!(
        "an open password change is not valid: {}: {}",
        bad.column, bad.problem
    );
    Failure::refused(what)
        .hint("correct the row, so that its password can be recovered; it is named by: pgrole doctor --offline")
        .caused_by(bad.to_string())
}

fn kind_text(kind: ChangeKind) -> &'static str {
    match kind {
        ChangeKind::Create => "create",
        ChangeKind::Reset => "reset",
        ChangeKind::Admin => "admin",
    }
}

pub(super) fn kind_of_text(text: &str) -> ChangeKind {
    match text {
        "create" => ChangeKind::Create,
        "admin" => ChangeKind::Admin,
        // What is no kind is named before this (`columns`).
        _ => ChangeKind::Reset,
    }
}

fn read_row(row: &Row<'_>) -> rusqlite::Result<JournalRow> {
    let text = |column: &str| row.get::<_, String>(column);
    let optional = |column: &str| row.get::<_, Option<String>>(column);
    let kind = kind_of_text(&text("kind")?);
    let file_format: FileFormat = parsed(row, "file_format")?;
    let change = PasswordChange {
        operation_id: text("operation_id")?,
        kind,
        target: Target {
            env: Environment::new(text("env")?),
            database: parsed(row, "db_name")?,
            hostname: parsed(row, "hostname")?,
            port: parsed(row, "port")?,
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
        renamed_from: None,
        profile: optional("profile")?,
        destination: read_with(row, "deliver", |text| Deliveries::read(text, file_format))?,
        delivery: read_with(row, "deliver_template", |text| {
            Deliveries::read(text, file_format)
        })?,
        cluster: optional("cluster")?,
        timeline: row.get("timeline")?,
        valid_until: optional("valid_until")?
            .map(|_| parsed(row, "valid_until"))
            .transpose()?,
        term: optional("term")?.map(|_| parsed(row, "term")).transpose()?,
        dual: read_dual(row)?,
    };
    Ok(JournalRow {
        locks: locks_of(&change, optional("lock")?),
        change,
        state: parsed(row, "state")?,
        key_id: text("key_id")?,
        sealed: row.get("sealed")?,
        is_adopted: false,
        keep_until: optional("keep_until")?,
        error: optional("error")?,
        created_at: text("created_at")?,
    })
}

fn read_dual(row: &Row<'_>) -> rusqlite::Result<Option<DualChange>> {
    let incoming: Option<String> = row.get("incoming")?;
    let Some(incoming) = incoming else {
        return Ok(None);
    };
    let grace: Option<i64> = row.get("grace")?;
    Ok(Some(DualChange {
        incoming: RoleName::from_server(incoming),
        grace: Span::seconds(grace.unwrap_or_default()),
    }))
}

fn parsed<T: FromStr>(row: &Row<'_>, column: &str) -> rusqlite::Result<T>
where
    T::Err: Display,
{
    read_with(row, column, str::parse)
}

/// A value that is read from a text. What is wrong with it is as wrong as if SQLite could not read it.
fn read_with<T, E: Display>(
    row: &Row<'_>,
    column: &str,
    read: impl FnOnce(&str) -> Result<T, E>,
) -> rusqlite::Result<T> {
    let place = row.as_ref().column_index(column)?;
    let text: String = row.get(place)?;
    read(&text).map_err(|error| {
        let what = error.to_string();
        rusqlite::Error::FromSqlConversionFailure(place, Type::Text, what.into())
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
