//! `config path`: where pgrole's files are, whether they exist or not.

use std::path::{Path, PathBuf};

use anyhow::Result;
use schemars::JsonSchema;
use serde::Serialize;

use crate::config;
use crate::run::trust::record_key_file;

/// A file that pgrole uses.
#[derive(Debug, Serialize, JsonSchema)]
pub struct FilePath {
    /// What it is: `config`, `registry`, `sealing key` or `record key`.
    pub file: &'static str,
    /// Its path.
    pub path: PathBuf,
    /// Whether it exists. A sealing key that does not may be in the keyring.
    pub exists: bool,
}

/// The files, in the order in which they are read.
///
/// # Errors
/// If there is no home folder.
pub fn file_paths(given_config: Option<&Path>, registry: &Path) -> Result<Vec<FilePath>> {
    let sealing_key = config::sealing_key_path(given_config)?;
    let record_key = record_key_file(&sealing_key);
    let files = [
        ("config", config::path(given_config)),
        ("registry", Some(registry.to_owned())),
        ("sealing key", Some(sealing_key)),
        ("record key", Some(record_key)),
    ];
    let files = files.into_iter().filter_map(|(file, path)| {
        let path = path?;
        Some(FilePath {
            file,
            exists: path.exists(),
            path,
        })
    });
    Ok(files.collect())
}
