//! A table on a terminal whose rows arrive one by one. For half a second they are held back: most lists are whole by
//! then, and are drawn in order and as wide as they need. Later, what is there is shown, and then each row as it arrives.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use anyhow::{Error, Result};
use serde_json::Value;

use crate::output::Ui;
use crate::output::progress_line::PATIENCE;
use crate::output::table::StreamedTable;

/// A table that is shown once the time is over.
pub struct HeldTable {
    state: Arc<Mutex<TableState>>,
    stop: Option<Sender<()>>,
    timer: Option<JoinHandle<()>>,
}

struct TableState {
    ui: Ui,
    table: StreamedTable,
    /// The rows that are not shown yet, each with its place among all.
    held: Vec<(usize, Value)>,
    is_open: bool,
    is_empty: bool,
    /// Why a row could not be shown, until somebody can be told.
    unwritten: Option<Error>,
}

impl HeldTable {
    /// Begins to hold rows back.
    pub fn begin(ui: &Ui, table: StreamedTable) -> Self {
        let state = Arc::new(Mutex::new(TableState {
            ui: ui.clone(),
            table,
            held: Vec::new(),
            is_open: false,
            is_empty: true,
            unwritten: None,
        }));
        let (stop, stopped) = mpsc::channel();
        let opened = Arc::clone(&state);
        let timer = std::thread::Builder::new().spawn(move || {
            let ended: Result<(), _> = stopped.recv_timeout(PATIENCE);
            if ended == Err(RecvTimeoutError::Timeout) {
                lock(&opened).open();
            }
        });
        Self {
            state,
            stop: Some(stop),
            // Without a thread the rows are shown at the end.
            timer: timer.ok(),
        }
    }

    /// Makes room in advance for values of a column.
    pub fn expect<'v>(&self, key: &str, values: impl Iterator<Item = &'v str>) {
        lock(&self.state).table.expect(key, values);
    }

    /// Takes a row, and shows it unless rows are held back.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn add(&self, place: usize, row: Value) -> Result<()> {
        let mut state = lock(&self.state);
        if let Some(error) = state.unwritten.take() {
            return Err(error);
        }
        if state.is_open {
            return state.show(&row);
        }
        state.held.push((place, row));
        Ok(())
    }

    /// Ends the table. `false` if nothing was shown, and nothing will be.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn end(mut self) -> Result<bool> {
        self.stop_timer();
        let mut state = lock(&self.state);
        if let Some(error) = state.unwritten.take() {
            return Err(error);
        }
        if state.is_empty {
            return Ok(false);
        }
        if let Some(legend) = state.table.legend() {
            state.ui.print_painted(&legend)?;
        }
        Ok(true)
    }

    fn stop_timer(&mut self) {
        drop(self.stop.take());
        if let Some(timer) = self.timer.take() {
            timer.join().ok();
        }
    }
}

impl Drop for HeldTable {
    fn drop(&mut self) {
        self.stop_timer();
    }
}

impl TableState {
    /// Shows what was held back, in order.
    fn open(&mut self) {
        self.is_open = true;
        let mut held = std::mem::take(&mut self.held);
        held.sort_by_key(|(place, _)| *place);
        let shown = held.iter().try_for_each(|(_, row)| self.show(row));
        self.unwritten = shown.err();
    }

    fn show(&mut self, row: &Value) -> Result<()> {
        self.is_empty = false;
        let drawn = self.table.draw(row)?;
        self.ui.print_painted(&drawn)
    }
}

fn lock(state: &Mutex<TableState>) -> MutexGuard<'_, TableState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}
