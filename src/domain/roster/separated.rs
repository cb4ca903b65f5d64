//! CSV with a header (RFC 4180). Commas separate, or the semicolons or tabs that spreadsheets write in some countries.

use csv::{ReaderBuilder, StringRecord, Trim};

use crate::domain::choice;
use crate::domain::roster::column::Column;
use crate::domain::roster::problem::{Problem, line_at};
use crate::domain::roster::raw_row::RawRow;

const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

pub(super) fn read(text: &str) -> (Vec<RawRow>, Vec<Problem>) {
    let header = text.lines().find(|line| !line.trim().is_empty());
    let Some(header) = header else {
        return (Vec::new(), vec![Problem::of_file("the file is empty")]);
    };
    let records = match records(text, separator_of(header)) {
        Ok(records) => records,
        Err(problem) => return (Vec::new(), vec![problem]),
    };
    let Some(((line, header), rows)) = records.split_first() else {
        return (Vec::new(), vec![Problem::of_file("the file is empty")]);
    };
    let columns = match columns(*line, header) {
        Ok(columns) => columns,
        Err(problems) => return (Vec::new(), problems),
    };
    let (mut raw_rows, mut problems) = (Vec::new(), Vec::new());
    for (line, record) in rows {
        match raw_row(*line, record, &columns) {
            Ok(row) if row.is_empty() => {}
            Ok(row) => raw_rows.push(row),
            Err(problem) => problems.push(problem),
        }
    }
    (raw_rows, problems)
}

/// What separates the names in the header.
fn separator_of(header: &str) -> u8 {
    let first = |byte: &u8| SEPARATORS.contains(byte);
    header.bytes().find(first).unwrap_or(SEPARATORS[0])
}

/// The records, each with the line that it begins on.
fn records(text: &str, separator: u8) -> Result<Vec<(u64, StringRecord)>, Problem> {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator)
        .trim(Trim::All)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    let (mut line, mut counted) = (1, 0);
    for record in reader.records() {
        let record = record.map_err(|error| Problem::of_file(error.to_string()))?;
        let position = record.position().map_or(counted, |at| {
            usize::try_from(at.byte()).unwrap_or(usize::MAX)
        });
        // The reader places a record before the empty lines in front of it.
        let rest = text.as_bytes().get(position..).unwrap_or_default();
        let is_break = |byte: &&u8| matches!(byte, b'\r' | b'\n');
        let begin = position + rest.iter().take_while(is_break).count();
        line += line_at(
            text.as_bytes().get(counted..).unwrap_or_default(),
            begin - counted,
        ) - 1;
        counted = begin;
        records.push((line, record));
    }
    // The reader takes what follows an open quote for one value, up to the end of the file.
    match records.last() {
        Some((line, _)) if text.matches('"').count() % 2 == 1 => {
            Err(Problem::at(*line, "a quotation mark is not closed").hint(
                "write a quotation mark inside a value twice, and the value in quotation marks",
            ))
        }
        _ => Ok(records),
    }
}

/// The column that each value of a row is of.
fn columns(line: u64, header: &StringRecord) -> Result<Vec<Column>, Vec<Problem>> {
    let (mut columns, mut problems) = (Vec::new(), Vec::new());
    for name in header {
        match Column::find(&name.to_ascii_lowercase()) {
            Some(column) if columns.contains(&column) => {
                problems.push(Problem::at(line, "the column is there twice").column(column));
            }
            Some(column) => columns.push(column),
            None => {
                let (message, hint) = Column::unknown(name);
                problems.push(Problem::at(line, message).hint_if(hint));
            }
        }
    }
    for column in Column::REQUIRED {
        // One problem is enough where a name is only misspelt.
        let is_misspelt = |name: &str| {
            choice::nearest(name, Column::ALL.map(Column::name)) == Some(column.name())
        };
        if !columns.contains(&column) && !header.iter().any(is_misspelt) {
            let message = format!("the header has no column \"{column}\"");
            let problem = Problem::at(line, message);
            problems.push(
                problem.hint("the first line names the columns: env,database,profile,username"),
            );
        }
    }
    if problems.is_empty() {
        Ok(columns)
    } else {
        Err(problems)
    }
}

fn raw_row(line: u64, record: &StringRecord, columns: &[Column]) -> Result<RawRow, Problem> {
    let mut row = RawRow::new(line);
    if record.iter().all(str::is_empty) {
        return Ok(row);
    }
    if record.len() != columns.len() {
        let what = format!(
            "{} values, where the header has {} columns",
            record.len(),
            columns.len()
        );
        return Err(Problem::at(line, what)
            .hint("put a value that contains the separator in quotation marks"));
    }
    for (column, text) in columns.iter().zip(record) {
        row.add(*column, text);
    }
    Ok(row)
}
