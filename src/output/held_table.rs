//! A table on a terminal whose rows arrive one by one. For half a second they are held back: most lists are whole by
//! then, and are drawn in order and as wide as they need. Later they are shown as they arrive, in order nevertheless: a
//! row waits for those before it, but never longer than half a second for one that is silent.

use std::collections::{BTreeSet, HashSet};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Error, Result};
use serde_json::Value;

use crate::output::Ui;
use crate::output::progress_line::PATIENCE;
use crate::output::table::StreamedTable;

/// How often rows are looked through for those that have waited long enough.
const INTERVAL: Duration = Duration::from_millis(50);

/// A table that is shown once the time is over.
pub struct HeldTable {
    state: Arc<Mutex<TableState>>,
    stop: Option<Sender<()>>,
    timer: Option<JoinHandle<()>>,
}

struct TableState {
    ui: Ui,
    table: StreamedTable,
    /// The rows that are not shown yet.
    held: Vec<HeldRow>,
    /// The places of which more rows may arrive.
    awaited: BTreeSet<usize>,
    /// The places of which rows were shown.
    shown: HashSet<usize>,
    is_open: bool,
    is_empty: bool,
    /// Why a row could not be shown, until somebody can be told.
    unwritten: Option<Error>,
}

struct HeldRow {
    /// Its place among all.
    place: usize,
    arrived: Instant,
    row: Value,
}

impl HeldTable {
    /// Begins to hold rows back.
    pub fn begin(ui: &Ui, table: StreamedTable) -> Self {
        let state = Arc::new(Mutex::new(TableState {
            ui: ui.clone(),
            table,
            held: Vec::new(),
            awaited: BTreeSet::new(),
            shown: HashSet::new(),
            is_open: false,
            is_empty: true,
            unwritten: None,
        }));
        let (stop, stopped) = mpsc::channel();
        let opened = Arc::clone(&state);
        let timer = std::thread::Builder::new().spawn(move || {
            let is_over = |patience| {
                let ended: Result<(), _> = stopped.recv_timeout(patience);
                ended != Err(RecvTimeoutError::Timeout)
            };
            if is_over(PATIENCE) {
                return;
            }
            lock(&opened).open();
            while !is_over(INTERVAL) {
                lock(&opened).show_next();
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

    /// Lets the rows behind these places wait for theirs, until [`HeldTable::settle`].
    pub fn await_places(&self, places: impl Iterator<Item = usize>) {
        lock(&self.state).awaited.extend(places);
    }

    /// Of that place, no further row arrives.
    pub fn settle(&self, place: usize) {
        let mut state = lock(&self.state);
        if state.awaited.remove(&place) {
            state.show_next();
        }
    }

    /// Takes a row, and shows it unless it has to wait.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn add(&self, place: usize, row: Value) -> Result<()> {
        let mut state = lock(&self.state);
        state.held.push(HeldRow {
            place,
            arrived: Instant::now(),
            row,
        });
        state.show_next();
        state.unwritten.take().map_or(Ok(()), Err)
    }

    /// Takes the rows of a place as far as they are known, instead of those that it had, unless these were shown. They
    /// wait for the place to be settled, but not for long.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn replace(&self, place: usize, rows: impl Iterator<Item = Value>) -> Result<()> {
        let mut state = lock(&self.state);
        if state.shown.contains(&place) {
            return Ok(());
        }
        let before = state.held.extract_if(.., |held| held.place == place);
        let arrived = before.map(|held| held.arrived).min();
        let arrived = arrived.unwrap_or_else(Instant::now);
        state.held.extend(rows.map(|row| HeldRow {
            place,
            arrived,
            row,
        }));
        state.show_next();
        state.unwritten.take().map_or(Ok(()), Err)
    }

    /// Whether rows of a place were shown.
    pub fn has_shown(&self, place: usize) -> bool {
        lock(&self.state).shown.contains(&place)
    }

    /// Ends the table. `false` if nothing was shown, and nothing will be.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn end(mut self) -> Result<bool> {
        self.stop_timer();
        let mut state = lock(&self.state);
        if !state.is_empty {
            state.show_where(|_| true);
        }
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
    /// Begins to show rows: there is room in the columns for all that are there.
    fn open(&mut self) {
        self.is_open = true;
        let mut held = self.held.iter();
        let expected = held.try_for_each(|held| self.table.expect_row(&held.row));
        self.unwritten = expected.err();
        self.show_next();
    }

    /// Shows the rows that need not wait: those behind which nothing is awaited, and those that have waited long enough,
    /// with what stands before them.
    fn show_next(&mut self) {
        if !self.is_open {
            return;
        }
        let waited = self.held.iter();
        let waited = waited.filter(|held| held.arrived.elapsed() >= PATIENCE);
        let waited = waited.map(|held| held.place).max();
        let awaited = self.awaited.first().copied();
        self.show_where(|place| {
            awaited.is_none_or(|awaited| place < awaited)
                || waited.is_some_and(|waited| place <= waited)
        });
    }

    /// Shows the rows of such places, in order.
    fn show_where(&mut self, is_next: impl Fn(usize) -> bool) {
        let next = self.held.extract_if(.., |held| is_next(held.place));
        let mut next: Vec<_> = next.collect();
        next.sort_by_key(|held| held.place);
        for held in next {
            self.shown.insert(held.place);
            if let Err(error) = self.show(&held.row) {
                self.unwritten.get_or_insert(error);
            }
        }
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
