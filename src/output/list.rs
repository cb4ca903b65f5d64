//! A list whose rows arrive one by one: shown as they arrive where that is possible, else once all are there.

use anyhow::Result;
use serde::Serialize;

use crate::output::held_table::HeldTable;
use crate::output::table::StreamedTable;
use crate::output::{Column, Format, Ui};

/// A list that is being shown.
pub struct List<'a, R> {
    ui: &'a Ui,
    columns: Vec<Column>,
    /// The table that is being drawn; `None` if rows are not drawn as they arrive.
    table: Option<HeldTable>,
    /// The rows, each with its place among all.
    rows: Vec<(usize, R)>,
}

impl Ui {
    /// Begins a list whose rows arrive one by one, in any order. They are shown as JSON lines as they arrive, and from
    /// half a second on on a terminal, where they wait for those before them ([`List::await_places`]); a JSON array, a
    /// list that the user has arranged, a table in a pipe and what is there sooner are in the order of the rows' places,
    /// once [`List::end`] says that all are there.
    pub fn list<R: Serialize>(&self, columns: &[Column]) -> List<'_, R> {
        let screen = self.screen();
        let is_drawn =
            self.format == Format::Table && screen.is_terminal() && self.arrangement.is_usual();
        let table = || HeldTable::begin(self, StreamedTable::new(columns.to_vec(), screen));
        List {
            ui: self,
            columns: columns.to_vec(),
            table: is_drawn.then(table),
            rows: Vec::new(),
        }
    }
}

impl<R: Serialize> List<'_, R> {
    /// Makes room in advance for values of a column that are known before the rows: the names of all targets.
    pub fn expect<'v>(&mut self, key: &str, values: impl Iterator<Item = &'v str>) {
        if let Some(table) = &self.table {
            table.expect(key, values);
        }
    }

    /// Lets the rows behind these places wait a little for theirs, until [`List::settle`] says that a place has no more.
    pub fn await_places(&mut self, places: impl IntoIterator<Item = usize>) {
        if let Some(table) = &self.table {
            table.await_places(places.into_iter());
        }
    }

    /// Of that place, no further row arrives.
    pub fn settle(&mut self, place: usize) {
        if let Some(table) = &self.table {
            table.settle(place);
        }
    }

    /// Shows nothing before the end: what else is printed meanwhile would stand between the rows.
    pub fn wait_for_all(&mut self) {
        self.table = None;
    }

    /// Takes the rows of a place as far as they are known, instead of those that it had, unless these were shown.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn draw_early(&mut self, place: usize, rows: impl IntoIterator<Item = R>) -> Result<()> {
        let Some(table) = self.table.as_ref().filter(|table| !table.has_shown(place)) else {
            return Ok(());
        };
        let rows = rows.into_iter().map(serde_json::to_value);
        table.replace(place, rows.collect::<Result<Vec<_>, _>>()?.into_iter())
    }

    /// Whether rows of a place were shown, or none are before the end.
    pub fn has_drawn(&self, place: usize) -> bool {
        let mut table = self.table.iter();
        table.all(|table| table.has_shown(place))
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// Takes a row, and shows it if rows are shown as they arrive.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn add(&mut self, place: usize, row: R) -> Result<()> {
        if let Some(table) = &self.table {
            table.add(place, serde_json::to_value(&row)?)?;
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
        let rows: Vec<_> = self.rows.drain(..).map(|(_, row)| row).collect();
        let columns = std::mem::take(&mut self.columns);
        self.end_with(&rows, &columns)?;
        Ok(rows)
    }

    /// Shows these rows and columns, unless rows were shown as they arrived.
    ///
    /// # Errors
    /// As [`List::end`].
    pub fn end_with(self, rows: &[impl Serialize], columns: &[Column]) -> Result<()> {
        let is_shown = match self.table {
            Some(table) => table.end()?,
            None => self.ui.prints_lines_at_once(),
        };
        if is_shown {
            return Ok(());
        }
        self.ui.show_rows(rows, columns)
    }
}
