//! Files that pgrole generates for packagers.

use std::path::Path;

use anyhow::Result;

use crate::delivery::replace::write_new;

/// Writes a world-readable file, replacing an existing one.
///
/// # Errors
/// If it cannot be written.
pub fn write_generated(path: &Path, text: &str) -> Result<()> {
    write_new(path, 0o644, text.as_bytes())
}
