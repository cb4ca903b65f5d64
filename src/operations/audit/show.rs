//! `audit show`: one act, with the SQL that ran and the SQL that would undo it.

use std::path::Path;

use anyhow::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::undo::Undo;
use crate::domain::command_line::pasteable;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::run::Run;
use crate::store::{AuditArchive, LoggedEvent};

/// An act, and how to undo it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ShownEvent {
    #[serde(flatten)]
    pub event: LoggedEvent,
    /// The statements that would undo it, in order; empty if nothing changed or nothing can be undone.
    pub undo: Vec<String>,
    /// What no statement can restore, or what is kept, and why.
    pub undo_remarks: Vec<String>,
}

/// Finds an act by the ID of one of its events, or of the operation: in the log, or in an archive of it.
///
/// # Errors
/// Not found, with the archive that it may be in; if the file cannot be read.
pub fn show_event(run: &Run, id: &str, archive: Option<&Path>) -> Result<ShownEvent> {
    let event = match archive {
        Some(file) => AuditArchive::open(file, run.timeout)?.store.find_event(id),
        None => run.with_store(|store| store.find_event(id)),
    };
    let event = match event {
        Err(error) if archive.is_none() && kind_of(&error) == Kind::NotFound => {
            return Err(elsewhere(run, id)?.unwrap_or(error));
        }
        event => event?,
    };
    let undo = undo_of(&event);
    Ok(ShownEvent {
        event,
        undo: undo.statements,
        undo_remarks: undo.remarks,
    })
}

/// Where an event is that is not in the log, if an archive may have it.
fn elsewhere(run: &Run, id: &str) -> Result<Option<Error>> {
    let Some(record) = run.with_store(|store| store.find_archive_record())? else {
        return Ok(None);
    };
    let template = "pgrole audit show {} --archive {}";
    let event = id.parse().ok().and_then(|event| record.file_of(event));
    if let Some(found) = event {
        let what = format!("event {id} is not in the audit log any more, but in an archive");
        let hint = pasteable(template, &[&id, &found.file]);
        return Ok(Some(Failure::not_found(what).hint(hint).into()));
    }
    // The ID of an operation does not say where it is.
    if id
        .parse::<i64>()
        .is_ok_and(|event| event > record.anchor().sequence)
    {
        return Ok(None);
    }
    let files = record.files().map(|file| file.file.clone());
    let files = files.collect::<Vec<_>>().join(", ");
    let what = format!("no event {id:?} in the audit log");
    Ok(Some(
        Failure::not_found(what)
            .hint(format!("it may be in an archive: {files}"))
            .into(),
    ))
}

fn undo_of(event: &LoggedEvent) -> Undo {
    // A failed act was rolled back.
    if event.error.is_some() {
        return Undo::default();
    }
    match (&event.undo, &event.statements) {
        (Some(undo), _) => serde_json::from_str(undo).unwrap_or_else(|_| {
            Undo::remark("the recorded undo is not in the form that pgrole writes")
        }),
        // Recorded by an earlier version.
        (None, Some(ran)) => Undo::of(ran),
        (None, None) => Undo::default(),
    }
}
