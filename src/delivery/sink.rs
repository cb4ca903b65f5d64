//! Standard output, as the layer that prints hands it down.

use anyhow::Result;
use serde_json::Value;

use crate::domain::password::secret::Secret;

/// What prints a password that is delivered to standard output.
pub trait Sink: Sync {
    /// Looks whether what is printed arrives somewhere.
    ///
    /// # Errors
    /// Where it would be lost.
    fn check(&self) -> Result<()>;

    /// Prints a report with its password, flushed and checked.
    ///
    /// # Errors
    /// Where it cannot be written.
    fn print(&self, report: &Value, password: Option<&Secret>) -> Result<()>;
}
