//! A list whose rows arrive one by one: shown as they arrive where that is possible, else once all are there.

use anyhow::Result;
use serde::Serialize;

use crate::output::table::StreamedTable;
use crate::output::{Column, Format, Ui};

/// A list that is being shown.
pub struct List<'a, R> {
    ui: &'a Ui,
    columns: Vec<Column>,
    /// The table that is being drawn; `None` if rows are not drawn as they arrive.
    table: Option<StreamedTable>,
    /// The rows, each with its place among all.
    rows: Vec<(usize, R)>,
}

impl Ui {
    /// Begins a list whose rows arrive one by one, in any order. They are shown as they arrive on a terminal and as
    /// JSON lines; a JSON array, a list that the user has arranged, and a table in a pipe are in the order of the rows' places, once [`List::end`] says
    /// that all are there.
    pub fn list<R: Serialize>(&self, columns: &[Column]) -> List<'_, R> {
        let screen = self.screen();
        let is_drawn =
            self.format == Format::Table && screen.is_terminal() && self.arrangement.is_usual();
        List {
            ui: self,
            columns: columns.to_vec(),
            table: is_drawn.then(|| StreamedTable::new(columns.to_vec(), screen)),
            rows: Vec::new(),
        }
    }
}

impl<R: Serialize> List<'_, R> {
    /// Makes room in advance for values of a column that are known before the rows: the names of all targets.
    pub fn expect<'v>(&mut self, key: &str, values: impl Iterator<Item = &'v str>) {
        if let Some(table) = &mut self.table {
            table.expect(key, values);
        }
    }

    /// Takes a row, and shows it if rows are shown as they arrive.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn add(&mut self, place: usize, row: R) -> Result<()> {
        if let Some(table) = &mut self.table {
            let drawn = table.draw(&row)?;
            self.ui.print_painted(&drawn)?;
        } else if self.ui.prints_lines_at_once() {
            self.ui.show_row(&row)?;
        }
        self.rows.push((place, row));
        Ok(())
    }

    /// Shows what was not shown yet, and returns the rows in the order of their places.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn end(mut self) -> Result<Vec<R>> {
        self.rows.sort_by_key(|(place, _)| *place);
        let rows: Vec<_> = self.rows.into_iter().map(|(_, row)| row).collect();
        match self.table {
            Some(table) if !rows.is_empty() => {
                if let Some(legend) = table.legend() {
                    self.ui.print_painted(&legend)?;
                }
            }
            None if self.ui.prints_lines_at_once() => {}
            _ => self.ui.show_rows(&rows, &self.columns)?,
        }
        Ok(rows)
    }
}
