//! `config init`: writes a commented config file, never over another one.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::config::require_home_of;
use crate::config::template::TEMPLATE;
use crate::domain::command_line::pasteable;
use crate::domain::failure::Failure;

/// A config file that was written.
#[derive(Debug, Serialize, JsonSchema)]
pub struct WrittenFile {
    /// The file's path.
    pub path: PathBuf,
    /// `created`.
    pub status: &'static str,
}

/// Writes the file and its folder, both private.
///
/// # Errors
/// Refused, if there is such a file; if it cannot be written.
pub fn write_config_file(path: &Path) -> Result<WrittenFile> {
    let shown = path.display();
    if let Some(folder) = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty())
    {
        let cannot = || format!("cannot create the folder {}", folder.display());
        require_home_of(folder).with_context(cannot)?;
        let mut builder = DirBuilder::new();
        let created = builder.recursive(true).mode(0o700).create(folder);
        created.with_context(cannot)?;
    }
    let mut options = OpenOptions::new();
    // A link counts as a file too, wherever it leads.
    let opened = options.write(true).create_new(true).mode(0o600).open(path);
    let mut file = match opened {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let what = format!("config file {shown} already exists");
            return Err(Failure::refused(what)
                .hint(pasteable("pgrole config check --config {}", &[&shown]))
                .into());
        }
        opened => opened.with_context(|| format!("cannot create config file {shown}"))?,
    };
    file.write_all(TEMPLATE.as_bytes())
        .and_then(|()| file.sync_all())
        .with_context(|| format!("cannot write config file {shown}"))?;
    Ok(WrittenFile {
        path: path.to_owned(),
        status: "created",
    })
}
