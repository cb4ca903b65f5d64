//! Rows of comma-separated values with a header; semicolons and tabs, as spreadsheets write them, are separators where
//! the header has no comma.

use crate::domain::failure::Failure;
use crate::operations::registry::import::file_row::{ColumnName, FileRow};

/// Reads all rows.
///
/// # Errors
/// Usage, if the header cannot be used.
pub fn read_csv(text: &str) -> Result<Vec<FileRow>, Failure> {
    let header = text.lines().next().unwrap_or_default();
    let separators = [b',', b';', b'\t'];
    let is_there = |separator: &u8| header.as_bytes().contains(separator);
    let separator = separators.into_iter().find(is_there).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(separator)
        .flexible(true)
        .from_reader(text.as_bytes());
    let in_header = |error: &dyn std::fmt::Display| Failure::usage(format!("line 1: {error}"));
    let header = reader.headers().map_err(|error| in_header(&error))?.clone();
    // An export is exact. Whoever puts blanks beside the separators of the header does so below it, too.
    let is_aligned = header.iter().any(|name| name != name.trim());
    let mut columns = Vec::new();
    for name in &header {
        let column = ColumnName::read(name)
            .map_err(|failure| in_header(&failure.message).with_advice_of(&failure))?;
        if column != ColumnName::LeftOut && columns.contains(&column) {
            return Err(in_header(&format!("the column {name:?} is there twice")));
        }
        columns.push(column);
    }
    let mut rows = Vec::new();
    for record in reader.records() {
        let mut record = record.map_err(|error| Failure::usage(error.to_string()))?;
        if is_aligned {
            record.trim();
        }
        let line = record.position().map_or(0, csv::Position::line);
        rows.push(row(&record, &columns, usize::try_from(line).unwrap_or(0)));
    }
    Ok(rows)
}

fn row(record: &csv::StringRecord, columns: &[ColumnName], line: usize) -> FileRow {
    let mut row = FileRow::at(line);
    for (column, value) in columns.iter().zip(record) {
        if let ColumnName::Value(name) = column {
            row.add(name, Some(value));
        }
    }
    if record.len() != columns.len() {
        let (found, wanted) = (record.len(), columns.len());
        let problem = format!("it has {found} values, but the header has {wanted} columns");
        row.problems.push(problem);
    }
    row
}
