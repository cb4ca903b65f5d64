//! `audit list`: acts, newest first, a page at a time.

use anyhow::Result;

use crate::run::Run;

pub use crate::store::{EventFilter, LoggedEvent};

/// A page of acts.
///
/// # Errors
/// Not found, where there is no event to begin after; where the registry cannot be read.
pub fn list_events(run: &Run, filter: &EventFilter) -> Result<Vec<LoggedEvent>> {
    run.with_store(|store| store.list_events(filter))
}
