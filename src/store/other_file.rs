//! The table `db_registry` of another SQLite file: the older service's, or another registry. Nothing is written there.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use rusqlite::Row;

use crate::domain::failure::Failure;
use crate::store::entry::read_text;
use crate::store::read_only::connect;

/// The names and values of a row's columns.
pub type OtherRow = Vec<(String, Option<String>)>;

/// The rows of the table.
///
/// # Errors
/// Usage, if the file has no such table, or cannot be read.
pub fn read_other_file(path: &Path, patience: Duration) -> Result<Vec<OtherRow>> {
    read(path, patience).map_err(|error| {
        let shown = path.display();
        let failure = Failure::usage(format!("cannot read db_registry of {shown}"));
        failure.caused_by(format!("{error:#}")).into()
    })
}

fn read(path: &Path, patience: Duration) -> Result<Vec<OtherRow>> {
    let connection = connect(path, patience)?;
    let mut statement = connection
        .prepare("SELECT * FROM db_registry ORDER BY env, db_name")
        .context("it is not a registry")?;
    let names: Vec<String> = statement.column_names().map(str::to_lowercase).collect();
    let values = |row: &Row<'_>| {
        let values = names.iter().map(|name| {
            let text = read_text(row, name)?;
            Ok((name.clone(), text))
        });
        values.collect()
    };
    let rows = statement.query_map([], values)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
