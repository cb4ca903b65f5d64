//! A table that is begun before all of its rows are there: its columns are as wide as what is known by then, and a row
//! that is wider moves aside instead of being broken.

use anyhow::Result;
use serde::Serialize;
use serde_json::Value;

use crate::output::painted::{Painted, Tone};
use crate::output::screen::Screen;
use crate::output::table::cell::{Cell, Detail, width_of};
use crate::output::table::column::{Column, cells_of};
use crate::output::table::layout::{Extent, Fitted, fit, fit_whole, with_rest};
use crate::output::table::lines::{Grid, push_heading, push_legend, push_record};
use crate::output::table::{are_shortened, retain_shown};

/// A table of which the first rows may be on the screen already.
#[derive(Debug)]
pub struct StreamedTable {
    columns: Vec<Column>,
    /// What the values that are known need.
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
    /// With which of the columns.
    Grid(Grid, Vec<bool>),
    /// Each row is a record of its own.
    Records,
}

impl StreamedTable {
    pub fn new(columns: Vec<Column>, screen: Screen) -> Self {
        let extent = |column: &Column| Extent::fixed(width_of(&column.heading));
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

    /// Makes room for a row that is about to be drawn.
    ///
    /// # Errors
    /// If the row cannot be serialized.
    pub fn expect_row(&mut self, row: &impl Serialize) -> Result<()> {
        let cells = cells_of(&serde_json::to_value(row)?, &self.columns, &self.screen);
        self.include(&cells);
        Ok(())
    }

    fn include(&mut self, cells: &[Cell]) {
        for (extent, cell) in self.extents.iter_mut().zip(cells) {
            extent.include(cell);
        }
    }

    /// Draws a row; before the first one, the headings.
    ///
    /// # Errors
    /// If the row cannot be serialized.
    pub fn draw(&mut self, row: &impl Serialize) -> Result<Painted> {
        let mut cells = cells_of(&serde_json::to_value(row)?, &self.columns, &self.screen);
        self.is_marked |= cells.iter().any(|cell| cell.tone == Tone::Protected);
        let mut painted = Painted::default();
        let is_first = matches!(self.shape, Shape::Undecided);
        if is_first {
            self.begin(&mut painted, &cells);
        }
        match &self.shape {
            Shape::Grid(grid, is_shown) => {
                retain_shown(&mut cells, is_shown);
                grid.push_row(&mut painted, &cells);
            }
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
        self.include(first);
        let room = self.screen.width.unwrap_or(usize::MAX / 2);
        let usual = self.extents.iter().zip(&self.columns);
        let usual = usual.map(|(extent, column)| Extent {
            natural: extent.natural.max(column.width),
            least: extent.least.max(column.width),
        });
        let usual: Vec<_> = usual.collect();
        // A row that is wider than those that are known moves aside, which is read more easily than records.
        let fitted = fit_whole(room, &usual).or_else(|| fit(room, &self.columns, &self.extents));
        self.shape = match fitted {
            Some(Fitted { widths, is_shown }) => {
                let mut columns = self.columns.clone();
                retain_shown(&mut columns, &is_shown);
                let grid = Grid {
                    // The numbers of later rows may be wider: they all begin at the same place.
                    are_numbers: vec![false; widths.len()],
                    are_shortened: are_shortened(&self.columns, &is_shown),
                    widths: with_rest(widths, &columns, room),
                    charset: self.screen.charset,
                    indent: 0,
                };
                push_heading(painted, &grid, &columns, &self.screen);
                Shape::Grid(grid, is_shown)
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
