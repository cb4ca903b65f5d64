//! Tables, drawn from the JSON of a report: fitted to a terminal, undecorated in a pipe.

use std::io::{self, IsTerminal};

use anyhow::Result;
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use serde_json::Value;

use crate::output::text::escape;

/// A column: its heading, and the key of the row that fills it.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    pub heading: &'static str,
    pub key: &'static str,
}

impl Column {
    pub const fn new(heading: &'static str, key: &'static str) -> Self {
        Self { heading, key }
    }
}

/// Draws one row as two columns: key and value. Null values and empty lists are left out.
pub fn draw_record(row: &Value) -> String {
    let mut table = new_table();
    for (key, value) in row.as_object().into_iter().flatten() {
        // Warnings are printed on stderr, and what differs or is not cloned is among them.
        let is_warned_of = ["warnings", "differs", "not_cloned"].contains(&key.as_str());
        let is_empty = value.is_null() || value.as_array().is_some_and(Vec::is_empty);
        if !is_empty && !is_warned_of {
            table.add_row([key.clone(), cell(value)]);
        }
    }
    finish(&table)
}

/// Draws rows under headings.
pub fn draw_rows(rows: &[impl Serialize], columns: &[Column]) -> Result<String> {
    let mut table = new_table();
    table.set_header(columns.iter().map(|column| column.heading));
    for row in rows {
        let row = serde_json::to_value(row)?;
        table.add_row(columns.iter().map(|column| short_cell(&row[column.key])));
    }
    Ok(finish(&table))
}

fn new_table() -> Table {
    let mut table = Table::new();
    if io::stdout().is_terminal() {
        table.load_style(presets::UTF8_FULL_CONDENSED);
        table.set_content_arrangement(ContentArrangement::Dynamic);
        if let Some((width, _)) = terminal_size::terminal_size() {
            table.set_width(width.0);
        }
    } else {
        table.load_style(presets::NOTHING);
    }
    table
}

fn finish(table: &Table) -> String {
    table.trim_fmt()
}

/// How many items of a list a row has room for; more are counted.
const MOST_ITEMS: usize = 5;

fn short_cell(value: &Value) -> String {
    match value.as_array() {
        Some(items) if items.len() > MOST_ITEMS => {
            let (first, rest) = items.split_at(MOST_ITEMS - 1);
            let first: Vec<_> = first.iter().map(cell).collect();
            format!("{} and {} more", first.join(", "), rest.len())
        }
        _ => cell(value),
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => escape(text),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) => {
            let separator = if items.iter().any(Value::is_object) {
                "\n"
            } else {
                ", "
            };
            items.iter().map(cell).collect::<Vec<_>>().join(separator)
        }
        Value::Object(entries) => {
            let parts = entries.iter().filter_map(|(key, value)| part(key, value));
            parts.collect::<Vec<_>>().join(", ")
        }
        other => escape(&other.to_string()),
    }
}

/// A key and its value inside of a cell; a list of objects is counted.
fn part(key: &str, value: &Value) -> Option<String> {
    let key = escape(key).replace('_', " ");
    match value {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) if items.iter().any(Value::is_object) => {
            Some(format!("{key} {}", items.len()))
        }
        value => Some(format!("{key} {}", cell(value))),
    }
}
