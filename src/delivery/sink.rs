//! Standard output, as the `output` layer passes it down.

use anyhow::Result;
use serde_json::Value;

use crate::domain::password::secret::Secret;

/// Prints a password that is delivered to standard output.
pub trait Sink: Sync {
    /// Checks whether output would arrive somewhere.
    ///
    /// # Errors
    /// If it would be lost.
    fn check(&self) -> Result<()>;

    /// Prints a report with its password, flushes and checks for errors.
    ///
    /// # Errors
    /// If it cannot be written.
    fn print(&self, report: &Value, password: Option<&Secret>) -> Result<()>;
}
