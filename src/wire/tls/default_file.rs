//! libpq's default files, for targets that name none.

use std::path::PathBuf;

/// A file of libpq's default folder, `~/.postgresql`, if it exists.
pub fn default_file(name: &str) -> Option<PathBuf> {
    let file = etcetera::home_dir().ok()?.join(".postgresql").join(name);
    file.exists().then_some(file)
}
