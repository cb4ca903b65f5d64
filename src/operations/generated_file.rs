//! Files that pgrole generates for packagers.

use std::path::Path;

use anyhow::Result;

use crate::delivery::replace::write_new;

/// Writes a file that everybody may read, in the place of one that is there.
///
/// # Errors
/// Where it cannot be made.
pub fn write_generated(path: &Path, text: &str) -> Result<()> {
    write_new(path, 0o644, text.as_bytes())
}
