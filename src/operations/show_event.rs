//! One act of the audit log, with the SQL that ran and the SQL that would undo it.

use anyhow::Result;
use serde::Serialize;

use crate::domain::undo::Undo;
use crate::operations::session::Session;
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
pub fn show_event(session: &Session, id: &str) -> Result<ShownEvent> {
    let event = session.with_store(|store| store.find_event(id))?;
    // What failed was rolled back.
    let ran = event
        .statements
        .as_deref()
        .filter(|_| event.error.is_none());
    let undo = ran.map(Undo::of).unwrap_or_default();
    Ok(ShownEvent {
        event,
        undo: undo.statements,
        undo_remarks: undo.remarks,
    })
}
