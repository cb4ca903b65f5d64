//! How acts end: the outcome, what is told of it, and how the act leaves a password change, all in one transaction.

use anyhow::Result;
use rusqlite::{Row, Transaction};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::{GIVEN_UP, Status};
use crate::domain::message::notification::Draft;
use crate::domain::password::change::{ChangeKind, ChangeState};
use crate::domain::timestamp::Timestamp;
use crate::store::Store;
use crate::store::audit;
use crate::store::audit::{Event, Intent, Outcome, Stage, Subject};
use crate::store::journal;
use crate::store::journal::{ChangeEnding, kind_of_text};
use crate::store::outbox;
use crate::store::outbox::MessageSubject;

/// An act that has ended.
#[derive(Debug, Clone, Copy)]
pub struct EndedAct<'a> {
    pub intent: &'a Intent,
    pub outcome: &'a Outcome,
    pub drafts: &'a [Draft],
    /// How it leaves a password change.
    pub change: Option<&'a ChangeEnding>,
}

/// Operations without an outcome whose change has ended: they were cut off, and another operation ended it. Earlier versions
/// ended a change before they recorded an outcome, so that the recovery that ended it may lack one too (`recovered_by`).
const WITHOUT_OUTCOME: &str = "
    SELECT i.operation_id, i.operation, i.env, i.db_name, i.hostname, i.port, i.username, i.profile, i.reason,
        coalesce(i.targets, (SELECT l.targets FROM target_list l WHERE l.hash = i.targets_hash)) AS targets,
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

impl Store {
    /// Records how an act ended, what is to be told of it, and how it leaves a password change: all of it, or nothing. An
    /// outcome that recovery has recorded meanwhile stays. That an act ended which changed nothing is on disk when the
    /// file is closed; all else when this returns.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn end_act(&mut self, ended: &EndedAct<'_>, now: Timestamp) -> Result<()> {
        let EndedAct {
            intent,
            outcome,
            drafts,
            change,
        } = *ended;
        let operator = self.operator.clone();
        let record = |transaction: &Transaction<'_>| {
            if let Some(change) = change {
                journal::leave(transaction, change, now)?;
            }
            let event = Event {
                stage: Stage::Outcome,
                operation: &intent.operation,
                subject: &intent.subject,
                status: &outcome.status,
            };
            let id = &intent.operation_id;
            if audit::has_outcome(transaction, id)? {
                return Ok(None);
            }
            let written = audit::insert(transaction, &operator, now, &event, id, outcome)?;
            let told = MessageSubject {
                operation: &intent.operation,
                subject: &intent.subject,
                operator: &operator,
                written: &written,
            };
            outbox::enqueue(transaction, drafts, &told, now)?;
            Ok(Some(written))
        };
        // A message takes its anchor elsewhere: what that names must not be lost with the power.
        let changed_nothing = outcome.statements.is_none() && drafts.is_empty() && change.is_none();
        let written = if changed_nothing {
            self.write_at_leisure(record)?
        } else {
            self.write(record)?
        };
        self.note_written(written);
        Ok(())
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
            // One that cannot be read is named elsewhere, and keeps its act without an outcome.
            let rows = rows.collect::<rusqlite::Result<Vec<_>>>()?;
            for row in rows.into_iter().filter_map(Result::ok) {
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
            reason: row.get("reason")?,
            targets: targets_of(row.get("targets")?)?,
        },
        status: Status::CutOff(Box::new(ended)),
        is_told_in_summary: row.get("is_told_in_summary")?,
    })
}

/// The targets of an act on several, as the log has them.
fn targets_of(json: Option<String>) -> Result<Vec<String>> {
    let targets = json.map(|json| serde_json::from_str(&json));
    Ok(targets.transpose()?.unwrap_or_default())
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
