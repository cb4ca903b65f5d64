//! One act of the audit log, with the SQL that ran and the SQL that would undo it.

use anyhow::Result;
use serde::Serialize;

use crate::domain::act::undo::Undo;
use crate::run::Run;
use crate::store::LoggedEvent;

/// An act, and how it is undone.
#[derive(Debug, Serialize)]
pub struct ShownEvent {
    #[serde(flatten)]
    pub event: LoggedEvent,
    /// What would undo it, in this order; nothing where nothing changed, or nothing can.
    pub undo: Vec<String>,
    pub undo_remarks: Vec<String>,
}

/// Finds an act by the id of one of its events, or of the operation.
///
/// # Errors
/// Not found; where the file cannot be read.
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
    // What failed was rolled back.
    if event.error.is_some() {
        return Undo::default();
    }
    match (&event.undo, &event.statements) {
        (Some(undo), _) => serde_json::from_str(undo).unwrap_or_else(|_| {
            Undo::remark("the recorded undo is not in the form that pgrole writes")
        }),
        // An earlier version's.
        (None, Some(ran)) => Undo::of(ran),
        (None, None) => Undo::default(),
    }
}
