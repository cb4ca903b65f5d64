//! What each target of a fleet has to say: shown as it arrives, and in the order of the targets for what is said at the end.

use anyhow::{Error, Result};
use serde_json::Value;

use crate::commands::global::Context;
use crate::commands::outcome::is_left_out;
use crate::domain::target::Target;
use crate::output::{Column, List};

/// What it is shown as: the rows of a list, or the one object.
type Shown<T> = fn(&T, &Context) -> Result<Vec<Value>>;

pub struct TargetRows<'a, T> {
    context: &'a Context,
    list: Option<List<'a, Value>>,
    shown: Shown<T>,
    rows: Vec<(usize, T)>,
    failed: Vec<Error>,
    unwritten: Result<()>,
}

impl<'a, T> TargetRows<'a, T> {
    /// Rows of a list.
    pub fn of_list(
        context: &'a Context,
        columns: &[Column],
        targets: &[Target],
        shown: Shown<T>,
    ) -> Self {
        let mut list = context.ui.list(columns);
        list.await_places(0..targets.len());
        list.expect("env", targets.iter().map(|target| target.env.as_str()));
        let databases = targets.iter().map(|target| target.database.as_str());
        list.expect("database", databases);
        Self {
            list: Some(list),
            ..Self::of_one_object(context, shown)
        }
    }

    /// The one row, as an object of its own.
    pub fn of_one_object(context: &'a Context, shown: Shown<T>) -> Self {
        Self {
            context,
            list: None,
            shown,
            rows: Vec::new(),
            failed: Vec::new(),
            unwritten: Ok(()),
        }
    }

    /// Takes the row of a place, and the error that it tells of.
    pub fn take(&mut self, place: usize, row: T, error: Option<Error>) {
        let is_left_out = is_left_out(error.as_ref(), self.context);
        self.failed.extend(error);
        if is_left_out {
            return;
        }
        if let Err(error) = self.show(place, &row) {
            self.unwritten = Err(error);
        }
        self.rows.push((place, row));
    }

    fn show(&mut self, place: usize, row: &T) -> Result<()> {
        let shown = (self.shown)(row, self.context)?;
        match &mut self.list {
            Some(list) => {
                for row in shown {
                    list.add(place, row)?;
                }
                list.settle(place);
                Ok(())
            }
            None => shown
                .iter()
                .try_for_each(|row| self.context.ui.show_record(row)),
        }
    }

    /// The rows in the order of their places, and what failed.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn end(mut self) -> Result<(Vec<T>, Vec<Error>)> {
        self.unwritten?;
        if let Some(list) = self.list {
            list.end()?;
        }
        self.rows.sort_by_key(|(place, _)| *place);
        let rows = self.rows.into_iter().map(|(_, row)| row).collect();
        Ok((rows, self.failed))
    }
}
