//! The file of an import: what format it has, and its rows.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};

use crate::domain::failure::Failure;
use crate::domain::target::service::ServiceName;
use crate::operations::registry::import::csv_rows::read_csv;
use crate::operations::registry::import::file_row::{ColumnName, FileRow};
use crate::operations::registry::import::json_rows::read_json;
use crate::operations::registry::import::service_rows::read_services;
use crate::run::Run;
use crate::store::read_other_file;

const SQLITE: &[u8] = b"SQLite format 3\0";
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// The rows of a file, and what their numbers count.
pub struct Source {
    pub rows: Vec<FileRow>,
    /// "line" or "row".
    pub unit: &'static str,
}

/// Reads a file; "-" is standard input.
///
/// # Errors
/// Usage, if it cannot be read at all. What is wrong with single rows is in them.
pub fn read_source(run: &Run, file: &Path) -> Result<Source> {
    let is_stdin = file.as_os_str() == "-";
    let bytes = if is_stdin {
        let mut bytes = Vec::new();
        io::stdin().read_to_end(&mut bytes).map(|_| bytes)
    } else {
        fs::read(file)
    };
    let bytes = bytes.map_err(|error| Failure::usage(error.to_string()));
    let cannot = || format!("cannot read {}", file.display());
    let bytes = bytes.with_context(cannot)?;
    if bytes.starts_with(SQLITE) {
        if is_stdin {
            let what = "an SQLite file cannot be read from standard input";
            return Err(Failure::usage(what).hint("name the file").into());
        }
        return Ok(Source {
            rows: sqlite_rows(run, file)?,
            unit: "row",
        });
    }
    Ok(Source {
        rows: text_rows(&bytes).with_context(cannot)?,
        unit: "line",
    })
}

/// What the file has beside the registry's columns is not of interest.
fn sqlite_rows(run: &Run, file: &Path) -> Result<Vec<FileRow>> {
    let found = read_other_file(file, run.timeout)?;
    let rows = (1..).zip(found).map(|(number, columns)| {
        let mut row = FileRow::at(number);
        let text = |name: &str| {
            let found = columns.iter().find(|(column, _)| column == name);
            found.and_then(|(_, value)| value.as_deref())
        };
        let is_service = text("hostname").and_then(ServiceName::of_place).is_some();
        let has_ports = text("ports").is_some();
        for (column, value) in &columns {
            let is_left_out = match column.as_str() {
                // The column has a default, which a service does not follow.
                "port" => has_ports || is_service,
                "ports" => !has_ports || is_service,
                _ => false,
            };
            if is_left_out {
                continue;
            }
            if let Ok(ColumnName::Value(name)) = ColumnName::read(column) {
                row.add(name, value.as_deref());
            }
        }
        row
    });
    Ok(rows.collect())
}

fn text_rows(bytes: &[u8]) -> Result<Vec<FileRow>, Failure> {
    // Settings that are ignored there may be in any encoding.
    if is_service_file(bytes) {
        return Ok(read_services(bytes));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.split(|byte| *byte == b'\n').count();
        Failure::usage(format!("line {line} is not UTF-8"))
    })?;
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    match text.trim_start().chars().next() {
        None => Err(Failure::usage("it is empty")),
        Some('[' | '{') => Ok(read_json(text)),
        Some(_) => read_csv(text),
    }
}

/// Whether its first line that says something is a name in brackets. A JSON array begins otherwise.
fn is_service_file(bytes: &[u8]) -> bool {
    let lines = bytes.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut has_comment = false;
    for line in lines {
        if line.starts_with(b"#") {
            has_comment = true;
        } else if !line.is_empty() {
            let name = line
                .strip_prefix(b"[")
                .and_then(|rest| rest.strip_suffix(b"]"));
            let is_json = |name: &[u8]| matches!(name.trim_ascii().first(), None | Some(b'{'));
            return name.is_some_and(|name| !is_json(name));
        }
    }
    // Only notes about targets that other services describe.
    has_comment
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_in_brackets_begins_a_service_and_nothing_else_does() {
        for (text, wanted) in [
            ("[shop]\nhost=a", true),
            ("# a comment\n\n [shop] \n", true),
            ("# only a comment\n", true),
            ("[\n{}]", false),
            ("[]", false),
            ("[ {\"env\": 1} ]", false),
            ("{}", false),
            ("env,database\n", false),
            ("", false),
        ] {
            assert_eq!(is_service_file(text.as_bytes()), wanted, "{text:?}");
        }
    }
}
