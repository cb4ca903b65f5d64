//! What is wrong with a roster, and where.

use std::fmt;

use crate::domain::failure::{Failure, Kind};
use crate::domain::roster::column::Column;

/// One thing that is wrong with a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// From 1; `None` if it is about the whole file.
    pub line: Option<u64>,
    /// The name of the column, or the number of the character, as text.
    pub column: Option<String>,
    pub message: String,
    pub hint: Option<String>,
}

impl Problem {
    pub fn of_file(message: impl Into<String>) -> Self {
        Self {
            line: None,
            column: None,
            message: message.into(),
            hint: None,
        }
    }

    /// About a line as a whole.
    pub fn at(line: u64, message: impl Into<String>) -> Self {
        Self {
            line: Some(line),
            ..Self::of_file(message)
        }
    }

    #[must_use]
    pub fn column(mut self, column: Column) -> Self {
        self.column = Some(column.name().to_owned());
        self
    }

    /// At a character of the line, from 1.
    #[must_use]
    pub(super) fn character(mut self, number: usize) -> Self {
        self.column = Some(number.to_string());
        self
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    #[must_use]
    pub(super) fn hint_if(mut self, hint: Option<String>) -> Self {
        self.hint = hint;
        self
    }

    /// As an error about a file of that name.
    pub fn into_failure(self, file: &str) -> Failure {
        let failure = Failure::new(Kind::Usage, format!("{file}: {self}"));
        match self.hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(formatter, "line {line}")?;
            if let Some(column) = &self.column {
                write!(formatter, ", column {column}")?;
            }
            formatter.write_str(": ")?;
        }
        formatter.write_str(&self.message)
    }
}

/// The number of the line that a byte is on.
pub(super) fn line_at(bytes: &[u8], at: usize) -> u64 {
    let before = bytes.iter().take(at).filter(|byte| **byte == b'\n');
    1 + before.count() as u64
}
