//! A table that is begun before all of its rows are there: its columns are as wide as what is known by then, and a row
//! that is wider moves aside instead of being broken.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use crate::output::painted::{Painted, Tone};
use crate::output::screen::Screen;
use crate::output::table::cell::{Cell, Detail, width_of};
use crate::output::table::column::{Column, cells_of};
use crate::output::table::layout::{Extent, widths_in};
use crate::output::table::lines::{Grid, push_heading, push_legend, push_record};

/// A table of which the first rows may be on the screen already.
#[derive(Debug)]
pub struct StreamedTable {
    columns: Vec<Column>,
    extents: Vec<Extent>,
    screen: Screen,
    shape: Shape,
    /// Whether a mark was drawn that is explained at the end.
    is_marked: bool,
}

/// How rows are drawn.
#[derive(Debug)]
enum Shape {
    /// Decided by the first row.
    Undecided,
    Grid(Grid),
    /// Each row is a record of its own.
    Records,
}

impl StreamedTable {
    pub fn new(columns: Vec<Column>, screen: Screen) -> Self {
        let extent = |column: &Column| Extent::fixed(width_of(&column.heading).max(column.width));
        Self {
            extents: columns.iter().map(extent).collect(),
            columns,
            screen,
            shape: Shape::Undecided,
            is_marked: false,
        }
    }

    /// Makes room for values of a column that are known before the rows.
    pub fn expect<'a>(&mut self, key: &str, values: impl Iterator<Item = &'a str>) {
        let Some(place) = self.columns.iter().position(|column| column.key == key) else {
            return;
        };
        for value in values {
            let value = Value::String(value.to_owned());
            self.extents[place].include(&Cell::new(key, &value, Detail::Short, &self.screen));
        }
    }

    /// Draws a row; before the first one, the headings.
    ///
    /// # Errors
    /// If the row cannot be serialized.
    pub fn draw(&mut self, row: &impl Serialize) -> Result<Painted> {
        let cells = cells_of(&serde_json::to_value(row)?, &self.columns, &self.screen);
        self.is_marked |= cells.iter().any(|cell| cell.tone == Tone::Protected);
        let mut painted = Painted::default();
        let is_first = matches!(self.shape, Shape::Undecided);
        if is_first {
            self.begin(&mut painted, &cells);
        }
        match &self.shape {
            Shape::Grid(grid) => grid.push_row(&mut painted, &cells),
            Shape::Undecided | Shape::Records => {
                if !is_first {
                    painted.end_line();
                }
                let headings = self.columns.iter().map(|column| &*column.heading);
                let fields: Vec<_> = headings.zip(cells).collect();
                push_record(&mut painted, &fields, 0, self.screen.width);
            }
        }
        Ok(painted.without_last_break())
    }

    fn begin(&mut self, painted: &mut Painted, first: &[Cell]) {
        for (extent, cell) in self.extents.iter_mut().zip(first) {
            extent.include(cell);
        }
        let room = self.screen.width.unwrap_or(usize::MAX / 2);
        self.shape = match widths_in(room, &self.extents) {
            Some(widths) => {
                let grid = Grid {
                    // The numbers of later rows may be wider: they all begin at the same place.
                    are_numbers: vec![false; widths.len()],
                    widths,
                    indent: 0,
                };
                push_heading(painted, &grid, &self.columns, &self.screen);
                Shape::Grid(grid)
            }
            None => Shape::Records,
        };
    }

    /// What stands below the last row, if anything.
    pub fn legend(&self) -> Option<Painted> {
        let mut painted = Painted::default();
        if !self.is_marked {
            return None;
        }
        if matches!(self.shape, Shape::Records) {
            painted.end_line();
        }
        push_legend(&mut painted);
        Some(painted.without_last_break())
    }
}
