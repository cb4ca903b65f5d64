//! Writes the events of the audit log for other programs, in portions, so that memory does not grow with the log.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Map, Value};

use crate::delivery::replace::Replacement;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::timestamp::Timestamp;
use crate::run::Run;

/// A format for other programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ExportFormat {
    /// One JSON object per line, exactly as logged
    Jsonl,
    /// RFC 4180, with a header
    Csv,
    /// ArcSight's Common Event Format
    Cef,
}

/// What to export.
#[derive(Debug)]
pub struct Export {
    pub format: ExportFormat,
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// Writes all selected events, in the order of the chain, and returns how many.
///
/// # Errors
/// If the file cannot be read, the output cannot be written, or the operator interrupts.
pub fn export_events(run: &Run, export: &Export, sink: &mut dyn Write) -> Result<u64> {
    let mut last = i64::MIN;
    let mut count = 0;
    loop {
        if interrupt::is_raised() {
            return Err(Failure::new(Kind::Interrupted, "interrupted").into());
        }
        let events =
            run.with_store(|store| store.read_events_after(last, export.since, export.until))?;
        let Some(newest) = events.last() else {
            break;
        };
        last = newest["id"].as_i64().context("an event has no id")?;
        let mut text = String::new();
        for event in &events {
            if count == 0 && export.format == ExportFormat::Csv {
                push_record(&mut text, event.keys().map(String::as_str));
            }
            export.push(event, &mut text);
            count += 1;
        }
        sink.write_all(text.as_bytes())
            .context("cannot write the events")?;
    }
    Ok(count)
}

/// The same into a private file, replacing an existing one.
///
/// # Errors
/// The same; if the file cannot be written.
pub fn export_to_file(run: &Run, export: &Export, file: &Path) -> Result<u64> {
    let mut replacement = Replacement::begin(file, 0o600)?;
    let count = export_events(run, export, &mut replacement)?;
    replacement.end()?;
    Ok(count)
}

impl Export {
    fn push(&self, event: &Map<String, Value>, text: &mut String) {
        match self.format {
            ExportFormat::Jsonl => {
                // JSON does not escape some characters that a terminal may interpret.
                text.push_str(&Value::Object(event.clone()).to_string());
                text.push('\n');
            }
            ExportFormat::Csv => {
                let fields: Vec<_> = event.values().map(csv_text).collect();
                push_record(text, fields.iter().map(String::as_str));
            }
            ExportFormat::Cef => push_cef(text, event),
        }
    }
}

/// A text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, "CSV Injection").
fn csv_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r']) => {
            format!("'{text}")
        }
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// A record of RFC 4180.
fn push_record<'a>(text: &mut String, fields: impl Iterator<Item = &'a str>) {
    for (place, field) in fields.enumerate() {
        if place > 0 {
            text.push(',');
        }
        if field.contains([',', '"', '\r', '\n']) {
            text.push('"');
            text.push_str(&field.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(field);
        }
    }
    text.push_str("\r\n");
}

/// Maps CEF's extension keys to the keys of an event. `cs` keys are custom strings, followed by their labels.
const CEF_KEYS: [(&str, &str); 20] = [
    ("externalId", "id"),
    ("outcome", "status"),
    ("suser", "os_user"),
    ("suid", "uid"),
    ("shost", "host"),
    ("spid", "pid"),
    ("duser", "username"),
    ("dhost", "hostname"),
    ("dpt", "port"),
    ("dpriv", "profile"),
    ("reason", "sqlstate"),
    ("msg", "error"),
    ("cs1", "env"),
    ("cs2", "database"),
    ("cs3", "operation_id"),
    ("cs4", "stage"),
    ("cs5", "statements"),
    ("cs6", "hash"),
    ("flexString1", "admin_user"),
    ("flexString2", "reason"),
];

/// A line of CEF 0.
fn push_cef(text: &mut String, event: &Map<String, Value>) {
    let of = |key: &str| event.get(key).map(plain).unwrap_or_default();
    let has_failed = event.get("error").is_some_and(|error| !error.is_null());
    let severity = if has_failed { 7 } else { 3 };
    let operation = header(&of("operation"));
    let name = header(&format!("{} {}", of("operation"), of("stage")));
    let version = header(&of("version"));
    text.push_str(&format!(
        "CEF:0|pgrole|pgrole|{version}|{operation}|{name}|{severity}|"
    ));
    if let Some(point) = Timestamp::milliseconds_of(&of("performed_at")) {
        text.push_str(&format!("rt={point}"));
    }
    for (key, column) in CEF_KEYS {
        let value = of(column);
        if value.is_empty() {
            continue;
        }
        text.push_str(&format!(" {key}={}", extension(&value)));
        if key.starts_with("cs") || key.starts_with("flex") {
            text.push_str(&format!(" {key}Label={column}"));
        }
    }
    text.push('\n');
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// In the header, pipes and backslashes are escaped, and line ends are replaced.
fn header(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('|', "\\|")
        .replace(['\r', '\n'], " ")
}

/// In the extension, equals signs, backslashes and line ends are escaped.
fn extension(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('=', "\\=")
        .replace('\r', "\\r")
        .replace('\n', "\\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exported(format: ExportFormat, event: Value) -> String {
        let export = Export {
            format,
            since: None,
            until: None,
        };
        let Value::Object(event) = event else {
            panic!("an event is an object");
        };
        let mut text = String::new();
        export.push(&event, &mut text);
        text
    }

    #[test]
    fn csv_is_quoted_and_no_formula_for_a_spreadsheet() {
        let event = serde_json::json!({
            "id": -1, "a": "x,y", "b": "say \"hi\"", "c": "two\nlines", "d": null, "e": "=cmd|' /C calc'!A0",
            "f": "@SUM(1)", "g": "plain", "h": "-2", "i": 1.5
        });
        assert_eq!(
            exported(ExportFormat::Csv, event),
            "-1,\"x,y\",\"say \"\"hi\"\"\",\"two\nlines\",,'=cmd|' /C calc'!A0,'@SUM(1),plain,'-2,1.5\r\n"
        );
    }

    #[test]
    fn cef_escapes_header_and_extension_each_in_its_way() {
        let event = serde_json::json!({
            "id": 5, "performed_at": "2026-11-23T08:00:00.123456Z", "operation": "a|b\\c\nd", "stage": "outcome",
            "version": "0.1.0", "username": "x=1|2\\3", "error": "first\r\nsecond", "env": "dev"
        });
        assert_eq!(
            exported(ExportFormat::Cef, event),
            "CEF:0|pgrole|pgrole|0.1.0|a\\|b\\\\c d|a\\|b\\\\c d outcome|7|rt=1795420800123 externalId=5 \
             duser=x\\=1|2\\\\3 msg=first\\r\\nsecond cs1=dev cs1Label=env cs4=outcome cs4Label=stage\n"
        );
    }
}
