//! `audit list`: acts, newest first, a page at a time.

use anyhow::Result;

use crate::run::Run;

pub use crate::store::{EventFilter, LoggedEvent};

/// A page of acts.
///
/// # Errors
/// Not found, if the event to start after does not exist; if the registry cannot be read.
pub fn list_events(run: &Run, filter: &EventFilter) -> Result<Vec<LoggedEvent>> {
    run.with_store(|store| store.list_events(filter))
}
