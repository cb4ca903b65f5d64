//! A row of a roster as text.

use crate::domain::roster::column::Column;

/// A row as its file has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawRow {
    pub line: u64,
    /// Without surrounding spaces; empty ones are left out.
    values: Vec<(Column, String)>,
}

impl RawRow {
    pub fn new(line: u64) -> Self {
        Self {
            line,
            values: Vec::new(),
        }
    }

    pub fn add(&mut self, column: Column, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.values.push((column, text.to_owned()));
        }
    }

    pub fn get(&self, column: Column) -> Option<&str> {
        let found = self.values.iter().find(|(of, _)| *of == column);
        found.map(|(_, text)| text.as_str())
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}
