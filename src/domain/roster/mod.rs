//! A roster: a file of logins to create, one a row, as CSV with a header or as JSON lines. Everything that is wrong with
//! it is found at once, each with its line and column.
//!
//! - `column`: the columns
//! - `problem`: what is wrong, and where
//! - `raw_row`: a row as text, whatever the file's format
//! - `separated`, `json_lines`: the formats
//! - `row`: a row as a login

mod column;
mod json_lines;
mod problem;
mod raw_row;
mod row;
mod separated;
#[cfg(test)]
mod tests;

pub use column::Column;
pub use problem::Problem;
pub use row::RosterRow;

use crate::domain::settings::Settings;

/// Reads a roster: the rows that are valid, and what is wrong with the others.
pub fn read(bytes: &[u8], settings: &Settings) -> (Vec<RosterRow>, Vec<Problem>) {
    let text = match str::from_utf8(bytes) {
        Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
        Err(error) => return (Vec::new(), vec![not_utf8(bytes, error.valid_up_to())]),
    };
    let (raw_rows, mut problems) = match text.trim_start().chars().next() {
        Some('{') => json_lines::read(text),
        _ => separated::read(text),
    };
    let mut rows = Vec::new();
    for raw_row in raw_rows {
        match row::parse(&raw_row, settings) {
            Ok(row) => rows.push(row),
            Err(of_row) => problems.extend(of_row),
        }
    }
    if rows.is_empty() && problems.is_empty() {
        problems.push(Problem::of_file("the file has no rows"));
    }
    problems.sort_by_key(|problem| problem.line);
    (rows, problems)
}

fn not_utf8(bytes: &[u8], valid_up_to: usize) -> Problem {
    let line = problem::line_at(bytes, valid_up_to);
    Problem::at(line, "not valid UTF-8").hint("save the file as UTF-8")
}
