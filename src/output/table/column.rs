//! The columns of a table.

use std::borrow::Cow;

use serde_json::Value;

use crate::output::screen::Screen;
use crate::output::table::cell::{Cell, Detail};

/// A column: its heading, and the key of the row that fills it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    pub heading: Cow<'static, str>,
    pub key: Cow<'static, str>,
    /// How wide its values usually are, for tables that are begun before all rows are there.
    pub(super) width: usize,
    /// Whether it is shown even if it is empty.
    pub(super) is_wanted: bool,
    /// Whether its values may lose their middle where a row would not fit a terminal: long paths, never what is copied.
    pub(super) is_shortened: bool,
    /// Whether a narrow terminal may do without it: the lowest number goes first.
    pub(super) expendable: Option<u8>,
}

impl Column {
    pub const fn new(heading: &'static str, key: &'static str) -> Self {
        Self {
            heading: Cow::Borrowed(heading),
            key: Cow::Borrowed(key),
            width: 0,
            is_wanted: false,
            is_shortened: false,
            expendable: None,
        }
    }

    /// The same for values that are usually at most so wide.
    #[must_use]
    pub const fn wide(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// The same for values whose middle is left out where a row would not fit a terminal.
    #[must_use]
    pub const fn shortened(mut self) -> Self {
        self.is_shortened = true;
        self
    }

    /// The same for what a row can do without on a narrow terminal; the lowest number goes first.
    #[must_use]
    pub const fn expendable(mut self, order: u8) -> Self {
        self.expendable = Some(order);
        self
    }

    /// The same, shown in full whatever the room.
    #[must_use]
    pub fn in_full(mut self) -> Self {
        self.is_shortened = false;
        self.expendable = None;
        self
    }

    /// One that the user has named.
    pub fn wanted(heading: String, key: String) -> Self {
        Self {
            heading: Cow::Owned(heading),
            key: Cow::Owned(key),
            is_wanted: true,
            ..Self::new("", "")
        }
    }
}

/// The cells of a row.
pub fn cells_of(row: &Value, columns: &[Column], screen: &Screen) -> Vec<Cell> {
    let cells = columns.iter().map(|column| {
        let value = &row[&*column.key];
        Cell::new(&column.key, value, Detail::Short, screen)
    });
    cells.collect()
}
