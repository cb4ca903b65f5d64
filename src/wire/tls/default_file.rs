//! The files that libpq looks for where a target names none.

use std::path::PathBuf;

/// A file of libpq's default folder, `~/.postgresql`, if it is there.
pub fn default_file(name: &str) -> Option<PathBuf> {
    let file = etcetera::home_dir().ok()?.join(".postgresql").join(name);
    file.exists().then_some(file)
}
