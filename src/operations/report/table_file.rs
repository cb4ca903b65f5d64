//! The rows of a report as CSV, for spreadsheets and reviewers: a header with the keys of the JSON rows, and empty columns
//! for what a reviewer decides.

use anyhow::Result;
use csv::{QuoteStyle, Terminator, WriterBuilder};
use serde_json::{Map, Value};

use crate::domain::fleet_report::row::LoginAccess;

/// What a reviewer fills in.
pub const OF_REVIEW: [&str; 4] = ["reviewed_by", "reviewed_at", "decision", "decision_reason"];

/// What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection").
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The rows as RFC 4180 has them. Nothing is decided by default.
///
/// # Errors
/// If a row cannot be written.
pub fn csv_of(rows: &[LoginAccess]) -> Result<String> {
    let mut writer = WriterBuilder::new()
        .quote_style(QuoteStyle::Necessary)
        .terminator(Terminator::CRLF)
        .from_writer(Vec::new());
    let header = object(&LoginAccess::default())?;
    writer.write_record(header.keys())?;
    for row in rows {
        let row = object(row)?;
        let fields = row.iter().map(|(key, value)| {
            if OF_REVIEW.contains(&key.as_str()) {
                String::new()
            } else {
                field(value)
            }
        });
        writer.write_record(fields)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn object(row: &LoginAccess) -> Result<Map<String, Value>> {
    match serde_json::to_value(row)? {
        Value::Object(object) => Ok(object),
        _ => Ok(Map::new()),
    }
}

fn field(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => guarded(text),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(text_of).collect();
            guarded(&items.join("; "))
        }
        other => other.to_string(),
    }
}

fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front; so does one that begins with an
/// apostrophe, so that it can be taken off again.
fn guarded(text: &str) -> String {
    if text.starts_with(FORMULA) || text.starts_with('\'') {
        return format!("'{text}");
    }
    text.to_owned()
}

/// The text of a field as it was before it was guarded. A spreadsheet may have taken the apostrophe off.
pub fn unguarded(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if rest.starts_with(FORMULA) || rest.starts_with('\'') => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_is_a_formula_and_each_comes_back() {
        for name in [
            "=cmd|' /C calc'!A0",
            "@SUM(1)",
            "-2",
            "'quoted",
            "plain",
            "",
        ] {
            let written = guarded(name);
            assert!(!written.starts_with(FORMULA), "{written}");
            assert_eq!(unguarded(&written), name);
        }
    }

    #[test]
    fn a_line_has_a_field_for_each_key_and_decides_nothing() {
        let row = LoginAccess {
            login: "=x,\"y\"".to_owned(),
            decision_reason: Some("as before".to_owned()),
            days_left: Some(-3),
            ..LoginAccess::default()
        };
        let text = csv_of(&[row]).unwrap();
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().unwrap().clone();
        let record = reader.records().next().unwrap().unwrap();
        let of = |key: &str| {
            let place = header.iter().position(|name| name == key).unwrap();
            record.get(place).unwrap()
        };
        assert_eq!(of("login"), "'=x,\"y\"");
        assert_eq!(of("days_left"), "-3");
        assert_eq!(OF_REVIEW.map(of), [""; 4]);
    }
}
