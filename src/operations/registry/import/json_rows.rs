//! Objects in a JSON array, or one after the other, as `registry list`, `show` and `export` print them.

use serde_json::{Deserializer, Map, Value};

use crate::operations::registry::import::file_row::{ColumnName, FileRow};

/// Reads all objects, up to the first text that is not JSON.
pub fn read_json(text: &str) -> Vec<FileRow> {
    let mut rows = Vec::new();
    let mut at = skip(text, 0, &[]);
    let is_array = text[at..].starts_with('[');
    if is_array {
        at = skip(text, at + 1, &[]);
    }
    let (mut counted, mut line) = (0, 1);
    loop {
        let rest = &text[at..];
        let is_end = rest.is_empty() || (is_array && rest.trim_end() == "]");
        if is_end {
            return rows;
        }
        line += text[counted..at].matches('\n').count();
        counted = at;
        let mut documents = Deserializer::from_str(rest).into_iter::<Value>();
        match documents.next() {
            Some(Ok(Value::Object(object))) => rows.push(row(&object, line)),
            Some(Ok(_)) => rows.push(FileRow::broken(line, "it is not a JSON object")),
            Some(Err(error)) => {
                let line = line + error.line().saturating_sub(1);
                let problem = format!("it is not JSON, nor is what follows read: {error}");
                rows.push(FileRow::broken(line, problem));
                return rows;
            }
            None => return rows,
        }
        let after = at + documents.byte_offset();
        at = skip(text, after, if is_array { &[','] } else { &[] });
    }
}

/// The place after blanks, and at most one of these.
fn skip(text: &str, from: usize, separators: &[char]) -> usize {
    let rest = text[from..].trim_start();
    let rest = rest.strip_prefix(separators).unwrap_or(rest);
    text.len() - rest.trim_start().len()
}

fn row(object: &Map<String, Value>, line: usize) -> FileRow {
    let mut row = FileRow::at(line);
    let ports = object.get("ports").filter(|ports| !ports.is_null());
    for (key, value) in object {
        let is_replaced = (key == "port" && ports.is_some()) || (key == "ports" && value.is_null());
        if is_replaced {
            continue;
        }
        match ColumnName::read(key) {
            Ok(ColumnName::LeftOut) => {}
            Ok(ColumnName::Value(name)) => add(&mut row, name, value),
            Err(failure) => {
                let hint = failure.hint.as_deref().map(|hint| format!(" ({hint})"));
                let (key, hint) = (format!("{key:?}"), hint.unwrap_or_default());
                row.problems.push(format!("unknown key {key}{hint}"));
            }
        }
    }
    row
}

/// Adds a value, as text.
pub fn add(row: &mut FileRow, name: &'static str, value: &Value) {
    match value {
        Value::Null => row.add(name, None),
        Value::String(text) => row.add(name, Some(text)),
        Value::Bool(_) | Value::Number(_) => row.add(name, Some(&value.to_string())),
        Value::Array(_) | Value::Object(_) => {
            row.problems.push(format!("{name} is not a single value"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(usize, usize)> {
        let rows = read_json(text).into_iter();
        rows.map(|row| (row.line, row.problems.len())).collect()
    }

    #[test]
    fn each_object_has_its_line() {
        assert_eq!(lines("[\n  {},\n\n  {}\n]\n"), [(2, 0), (4, 0)]);
        assert_eq!(lines("{}\n{}\n"), [(1, 0), (2, 0)]);
        assert_eq!(lines("[]"), []);
        assert_eq!(lines("[{}, 5,\n{\"a\": 1}]"), [(1, 0), (1, 1), (2, 1)]);
        assert_eq!(lines("[{},\n{\"env\":\n}]"), [(1, 0), (3, 1)]);
        assert_eq!(lines("{} x"), [(1, 0), (1, 1)]);
    }
}
