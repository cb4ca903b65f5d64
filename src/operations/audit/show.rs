//! `audit show`: one act, with the SQL that ran and the SQL that would undo it.

use anyhow::Result;
use serde::Serialize;

use crate::domain::act::undo::Undo;
use crate::run::Run;
use crate::store::LoggedEvent;

/// An act, and how to undo it.
#[derive(Debug, Serialize)]
pub struct ShownEvent {
    #[serde(flatten)]
    pub event: LoggedEvent,
    /// The statements that would undo it, in order; empty if nothing changed or nothing can be undone.
    pub undo: Vec<String>,
    pub undo_remarks: Vec<String>,
}

/// Finds an act by the ID of one of its events, or of the operation.
///
/// # Errors
/// Not found; if the file cannot be read.
pub fn show_event(run: &Run, id: &str) -> Result<ShownEvent> {
    let event = run.with_store(|store| store.find_event(id))?;
    let undo = undo_of(&event);
    Ok(ShownEvent {
        event,
        undo: undo.statements,
        undo_remarks: undo.remarks,
    })
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
