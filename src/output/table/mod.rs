//! Tables, drawn from the JSON of a report: fitted to a terminal, undecorated and complete in a pipe.

mod cell;
mod column;
mod layout;
mod lines;
mod meaning;
mod streamed;

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use crate::output::painted::{Painted, Tone};
use crate::output::screen::Screen;
use crate::output::table::cell::{Cell, Detail, width_of};
pub use crate::output::table::column::Column;
use crate::output::table::column::cells_of;
use crate::output::table::layout::{Extent, Fitted, fit};
use crate::output::table::lines::{Grid, push_heading, push_legend, push_record};
pub use crate::output::table::streamed::StreamedTable;

/// Undecorated tables keep away from the left.
fn indent_on(screen: &Screen) -> usize {
    usize::from(!screen.is_terminal())
}

/// Draws one row as a record. Null values and empty lists are left out.
pub fn draw_record(row: &Value, screen: &Screen) -> Painted {
    let entries = row.as_object().into_iter().flatten();
    // Warnings are printed on stderr, and what differs or is not cloned is among them.
    let is_warned_of = |key: &str| ["warnings", "differs", "not_cloned"].contains(&key);
    let shown = entries.filter(|(key, _)| !is_warned_of(key));
    let fields = shown.map(|(key, value)| {
        let cell = Cell::new(key, value, Detail::Full, screen);
        (key.as_str(), cell)
    });
    let fields: Vec<_> = fields.collect();
    let room = fields.iter().map(|(_, cell)| 2 * cell.len() + 100).sum();
    let mut painted = Painted::with_room(room);
    push_record(&mut painted, &fields, indent_on(screen), screen.width);
    painted.without_last_break()
}

/// Draws rows under headings.
///
/// # Errors
/// If a row cannot be serialized.
pub fn draw_rows(rows: &[impl Serialize], columns: &[Column], screen: &Screen) -> Result<Painted> {
    let mut drawn = Vec::with_capacity(rows.len());
    for row in rows {
        drawn.push(cells_of(&serde_json::to_value(row)?, columns, screen));
    }
    let is_shown = shown_columns(columns, &drawn, screen);
    for cells in &mut drawn {
        retain_shown(cells, &is_shown);
    }
    let mut columns = columns.to_vec();
    retain_shown(&mut columns, &is_shown);
    Ok(Table { columns, screen }.draw(drawn))
}

/// Leaves out what belongs to columns that are not shown.
fn retain_shown<T>(parts: &mut Vec<T>, is_shown: &[bool]) {
    let mut are_shown = is_shown.iter();
    parts.retain(|_| are_shown.next() == Some(&true));
}

/// Which columns are shown: on a terminal, those that say something in any row.
fn shown_columns(columns: &[Column], rows: &[Vec<Cell>], screen: &Screen) -> Vec<bool> {
    let all = rows.is_empty() || !screen.is_terminal();
    let columns = columns.iter().enumerate();
    let is_shown = columns.map(|(place, column)| {
        all || column.is_wanted || rows.iter().any(|row| !row[place].is_empty())
    });
    is_shown.collect()
}

/// Which of the columns that are shown have values that may lose their middle.
fn are_shortened(columns: &[Column], is_shown: &[bool]) -> Vec<bool> {
    let mut are_shortened = columns.iter().map(|column| column.is_shortened).collect();
    retain_shown(&mut are_shortened, is_shown);
    are_shortened
}

struct Table<'a> {
    columns: Vec<Column>,
    screen: &'a Screen,
}

impl Table<'_> {
    fn draw(mut self, mut rows: Vec<Vec<Cell>>) -> Painted {
        let mut painted = Painted::default();
        let mut cells = rows.iter().flatten();
        let is_marked = cells.any(|cell| cell.tone == Tone::Protected);
        if let Some((grid, is_shown)) = self.grid(&rows) {
            retain_shown(&mut self.columns, &is_shown);
            for row in &mut rows {
                retain_shown(row, &is_shown);
            }
            push_heading(&mut painted, &grid, &self.columns, self.screen);
            for row in &rows {
                grid.push_row(&mut painted, row);
            }
        } else if rows.is_empty() {
            // The headings alone would be broken.
            painted.push("none", Tone::Plain);
            painted.end_line();
        } else {
            self.push_records(&mut painted, rows);
            if is_marked {
                painted.end_line();
            }
        }
        if is_marked {
            push_legend(&mut painted);
        }
        painted.without_last_break()
    }

    /// The grid, and which columns are in it; `None` if the rows do not fit.
    fn grid(&self, rows: &[Vec<Cell>]) -> Option<(Grid, Vec<bool>)> {
        let extent = |column: &Column| Extent::fixed(width_of(&column.heading));
        let mut extents: Vec<_> = self.columns.iter().map(extent).collect();
        let mut are_numbers = vec![self.screen.is_terminal(); extents.len()];
        for row in rows {
            for (place, cell) in row.iter().enumerate() {
                extents[place].include(cell);
                are_numbers[place] &= cell.is_number || cell.is_empty();
            }
        }
        let room = self.screen.width.unwrap_or(usize::MAX / 2);
        let Fitted { widths, is_shown } = fit(room, &self.columns, &extents)?;
        retain_shown(&mut are_numbers, &is_shown);
        let grid = Grid {
            widths,
            are_numbers,
            are_shortened: are_shortened(&self.columns, &is_shown),
            charset: self.screen.charset,
            indent: indent_on(self.screen),
        };
        Some((grid, is_shown))
    }

    fn push_records(&self, painted: &mut Painted, rows: Vec<Vec<Cell>>) {
        let headings = || self.columns.iter().map(|column| &*column.heading);
        for (place, row) in rows.into_iter().enumerate() {
            if place > 0 {
                painted.end_line();
            }
            let fields: Vec<_> = headings().zip(row).collect();
            push_record(painted, &fields, 0, self.screen.width);
        }
    }
}
