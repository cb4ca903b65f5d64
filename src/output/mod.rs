//! The only code that prints. Data goes to stdout, all else to stderr; JSON is the report, the table is drawn from it.

pub mod access_page;
mod arrangement;
mod array;
mod choice_line;
mod dialog;
mod facts;
mod failure;
mod held_table;
mod json;
mod labelled;
mod list;
mod mail;
pub mod metrics;
mod painted;
mod progress;
mod progress_line;
pub mod prompt;
mod reader;
mod remarks;
mod screen;
mod sections;
mod sink;
mod steps;
mod stream;
mod table;
mod terminal;
mod text;

use std::io::{self, IsTerminal};
use std::mem::take;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::{Context, Result};
use serde::Serialize;
use serde_json::Value;
use zeroize::Zeroizing;

use crate::domain::failure::Failure;
use crate::domain::password::secret::Secret;
use crate::domain::password::secret_json::SecretJson;
use crate::domain::relative_time::relative;
use crate::domain::timestamp::Timestamp;
use crate::domain::variables::Variables;
use crate::output::json::{json_text, with_anchor};
use crate::output::painted::Painted;
use crate::output::progress_line::beside_progress;
use crate::output::screen::Screen;
use crate::output::terminal::{say, say_painted, write_line, write_painted};
use crate::run::Run;

pub use arrangement::{Arrangement, SortKey};
use array::Array;
pub use facts::{counted_names, put_together};
pub use failure::{ErrorObject, show_usage_error};
pub use labelled::wrapped;
pub use list::List;
use mail::CronMail;

pub use screen::Charset;
pub use sections::Section;
pub use stream::Stdout;
pub use table::Column;

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people: a table that fits the terminal
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as results arrive
    Jsonl,
}

/// When messages are colored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

/// Prints in one format, for one run.
#[derive(Clone)]
pub struct Ui {
    pub format: Format,
    pub quiet: bool,
    /// Whether stderr shows colors.
    colored: bool,
    /// Whether stdout does.
    is_stdout_colored: bool,
    pub charset: Charset,
    /// The run whose newest event the results name.
    run: Option<Arc<Run>>,
    /// The array that rows belong to, if they arrive one by one and the format is JSON.
    rows: Option<Arc<Array>>,
    /// What is shown of lists, and in what order.
    arrangement: Arc<Arrangement>,
    /// The rows that arrived one by one and wait to be sorted.
    held: Option<Arc<Mutex<Vec<Value>>>>,
    /// The errors that are kept for cron to mail.
    mail: Option<Arc<CronMail>>,
}

impl Format {
    /// Table where stdout is a terminal, JSON where it is not.
    pub fn of_stdout() -> Self {
        if io::stdout().is_terminal() {
            Self::Table
        } else {
            Self::Json
        }
    }
}

impl Ui {
    pub fn new(format: Format, color: Color, variables: &Variables, quiet: bool) -> Self {
        let is_plain = variables.text("NO_COLOR").is_some()
            || variables
                .text("TERM")
                .is_some_and(|terminal| terminal == "dumb");
        let is_colored = |is_terminal: bool| match color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => !is_plain && is_terminal,
        };
        Self {
            format,
            quiet,
            colored: is_colored(io::stderr().is_terminal()),
            is_stdout_colored: is_colored(io::stdout().is_terminal()),
            charset: Charset::of(variables),
            run: None,
            rows: None,
            arrangement: Arc::default(),
            held: None,
            mail: None,
        }
    }

    /// The same printer, whose lists are arranged so.
    #[must_use]
    pub fn arranged(&self, arrangement: Arrangement) -> Self {
        Self {
            arrangement: Arc::new(arrangement),
            ..self.clone()
        }
    }

    /// Whether rows are printed as lines of JSON when they arrive.
    pub fn prints_lines_at_once(&self) -> bool {
        self.format == Format::Jsonl && self.arrangement.is_usual()
    }

    /// Whether rows are drawn in a table when they arrive, for a person at a terminal.
    pub fn draws_rows_at_once(&self) -> bool {
        self.format == Format::Table && io::stdout().is_terminal() && self.arrangement.is_usual()
    }

    /// Whether the user has said how lists are to be shown.
    pub fn is_arranged(&self) -> bool {
        !self.arrangement.is_usual()
    }

    /// Whether the user has named this key, to see it or to sort by it.
    pub fn has_named(&self, key: &str) -> bool {
        let Arrangement { columns, sort } = &*self.arrangement;
        columns.iter().any(|name| name == key) || sort.iter().any(|sorted| sorted.name == key)
    }

    /// Whether the user has named the columns, by their JSON keys.
    pub fn has_chosen_columns(&self) -> bool {
        !self.arrangement.columns.is_empty()
    }

    /// Standard output, to draw for.
    fn screen(&self) -> Screen {
        let settings = self.run.as_ref().map(|run| &run.settings);
        Screen::of_stdout(self.charset, self.is_stdout_colored).with_settings(settings)
    }

    /// Standard error, to draw for.
    fn error_screen(&self) -> Screen {
        let settings = self.run.as_ref().map(|run| &run.settings);
        Screen::of_stderr(self.charset, self.colored).with_settings(settings)
    }

    /// The same printer, for a run whose standard error nobody reads before it is mailed: messages are text, and errors
    /// are kept until [`Ui::say_kept_errors`].
    #[must_use]
    pub fn for_mail(&self) -> Self {
        Self {
            mail: Some(Arc::default()),
            ..self.clone()
        }
    }

    /// The same printer, for rows that arrive one by one. As JSON they are one array, which ends with [`Ui::end_rows`];
    /// if they are to be sorted, they are held until then. A row that delivers a password is neither held nor shortened.
    #[must_use]
    pub fn in_rows(&self) -> Self {
        let is_array = self.format == Format::Json;
        let is_held = self.format != Format::Table && !self.arrangement.sort.is_empty();
        Self {
            rows: is_array.then(Arc::default),
            held: is_held.then(Arc::default),
            ..self.clone()
        }
    }

    /// Shows the rows that were held to be sorted.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_held_rows(&self) -> Result<()> {
        let Some(held) = &self.held else {
            return Ok(());
        };
        let rows = take(&mut *held.lock().unwrap_or_else(PoisonError::into_inner));
        let settings = self.run.as_ref().map(|run| &run.settings);
        let rows = self.arrangement.arrange(rows, settings);
        rows.into_iter()
            .try_for_each(|row| checked(self.write_record(row, None)))
    }

    /// Ends the rows.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn end_rows(&self) -> Result<()> {
        self.show_held_rows()?;
        match &self.rows {
            Some(rows) => checked(rows.end()),
            None => Ok(()),
        }
    }

    /// Whether a person sees the output immediately.
    pub fn is_on_terminal() -> bool {
        io::stdout().is_terminal() || io::stderr().is_terminal()
    }

    /// Whether errors are kept for a mail.
    pub fn is_mailed(&self) -> bool {
        self.mail.is_some()
    }

    fn write_row(&self, text: &str) -> io::Result<()> {
        match &self.rows {
            Some(rows) => rows.write(text),
            None => write_line(text),
        }
    }

    /// The format of messages on stderr.
    fn said_as(&self) -> Format {
        if self.is_mailed() {
            Format::Table
        } else {
            self.format
        }
    }

    /// The same printer, whose JSON results name the run's newest event.
    #[must_use]
    pub fn for_run(&self, run: &Arc<Run>) -> Self {
        Self {
            run: Some(Arc::clone(run)),
            ..self.clone()
        }
    }

    /// Prints one row: as JSON, or as a table of two columns.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_record(&self, row: &impl Serialize) -> Result<()> {
        let row = self.json_of(row)?;
        if let Some(held) = &self.held {
            held.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(row);
            return Ok(());
        }
        checked(self.write_record(self.arrangement.chosen(row), None))
    }

    /// Writes one row, whose key `password` holds this password. The one place that prints passwords.
    fn write_record(&self, row: Value, password: Option<&Secret>) -> io::Result<()> {
        let row = SecretJson::with_password(row, password);
        match self.format {
            Format::Table => {
                let screen = self.screen();
                write_painted(&table::draw_record(row.value(), &screen), screen.is_colored)
            }
            Format::Json if self.rows.is_none() => {
                self.write_row(&Zeroizing::new(json_text(&row.to_pretty())))
            }
            Format::Json | Format::Jsonl => {
                self.write_row(&Zeroizing::new(json_text(&row.to_line())))
            }
        }
    }

    /// Prints one row as the delivery of its password: a reader that has gone away is an error here.
    ///
    /// # Errors
    /// If stdout cannot be written.
    pub fn deliver_record(&self, row: &impl Serialize, password: Option<&Secret>) -> Result<()> {
        self.write_record(self.json_of(row)?, password)
            .context("cannot write to standard output")
    }

    /// Checks that stdout is neither closed nor discarded: what is printed there would be lost.
    ///
    /// # Errors
    /// Usage, if it is closed or the null device.
    pub fn check_stdout() -> Result<(), Failure> {
        let null = nix::sys::stat::stat("/dev/null").map(|null| null.st_rdev);
        let stdout = nix::sys::stat::fstat(io::stdout());
        match (stdout, null) {
            (Ok(stdout), Ok(null)) if stdout.st_rdev != null => Ok(()),
            _ => Err(Failure::usage(
                "standard output is closed or discarded: the password would be lost",
            )
            .hint("redirect it elsewhere, or deliver the password with --deliver")),
        }
    }

    /// Prints rows: as a JSON array, a line each, or as a table of these columns.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_rows(&self, rows: &[impl Serialize], columns: &[Column]) -> Result<()> {
        if self.arrangement.is_usual() {
            return self.show_rows_as_they_are(rows, columns);
        }
        let anchor = self.audit_anchor();
        let rows = rows.iter().map(|row| with_anchor(row, anchor.as_deref()));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        let settings = self.run.as_ref().map(|run| &run.settings);
        let rows = self.arrangement.arrange(rows, settings);
        let columns = self.arrangement.columns(columns);
        let without_anchor = Self {
            run: None,
            ..self.clone()
        };
        match self.format {
            Format::Table => self.show_rows_as_they_are(&rows, &columns),
            Format::Json | Format::Jsonl => without_anchor.show_rows_as_they_are(&rows, &columns),
        }
    }

    fn show_rows_as_they_are(&self, rows: &[impl Serialize], columns: &[Column]) -> Result<()> {
        match self.format {
            Format::Jsonl => self.print_lines(rows),
            // Row by row: as JSON values, ten thousand rows are many times their size.
            Format::Table => {
                let screen = self.screen();
                self.print_painted(&table::draw_rows(rows, columns, &screen)?)
            }
            Format::Json => self.print_array(rows),
        }
    }

    /// Prints all rows as one pretty array.
    fn print_array(&self, rows: &[impl Serialize]) -> Result<()> {
        let anchor = self.audit_anchor();
        beside_progress(|| checked(json::write_array(rows, anchor.as_deref())))
    }

    /// Prints all rows as lines.
    fn print_lines(&self, rows: &[impl Serialize]) -> Result<()> {
        let anchor = self.audit_anchor();
        beside_progress(|| checked(json::write_lines(rows, anchor.as_deref())))
    }

    /// Shows rows to a person who is about to be asked about them: as a table on stderr.
    ///
    /// # Errors
    /// If a row cannot be shown.
    pub fn preview_rows(&self, rows: &[impl Serialize], columns: &[Column]) -> Result<()> {
        let screen = self.error_screen();
        say_painted(
            &table::draw_rows(rows, columns, &screen)?,
            screen.is_colored,
        );
        Ok(())
    }

    fn print_painted(&self, painted: &Painted) -> Result<()> {
        checked(write_painted(painted, self.is_stdout_colored))
    }

    /// Prints one row of a stream, if the format is JSON.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_row(&self, row: &impl Serialize) -> Result<()> {
        checked(self.write_row(&json_text(&self.json_of(row)?.to_string())))
    }

    /// A row as JSON; its last key is the anchor of the newest event, unless people read it.
    fn json_of(&self, row: &impl Serialize) -> Result<Value> {
        with_anchor(row, self.audit_anchor().as_deref())
    }

    fn audit_anchor(&self) -> Option<String> {
        let run = self.run.as_ref();
        let run = run.filter(|_| self.format != Format::Table);
        let anchor = run?.audit_anchor()?;
        Some(anchor.to_string())
    }

    /// Prints what is known of one thing, in sections for people.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_sections(title: &str, sections: &[Section]) -> Result<()> {
        print(&sections::draw(title, sections))
    }

    /// Prints facts for people: labels, and lines that are wrapped behind them.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_facts(facts: &[(&str, Vec<String>)]) -> Result<()> {
        print(labelled::draw(facts).trim_end())
    }

    /// A time for a line of text: to a person also as people say it.
    pub fn time_text(&self, text: &str) -> String {
        let screen = self.screen();
        match Timestamp::parse(text) {
            Some(time) if screen.is_terminal() => {
                format!("{text} ({})", relative(time, screen.now))
            }
            _ => text.to_owned(),
        }
    }

    /// Prints text that is a result by itself: SQL, a completion script.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_text(text: &str) -> Result<()> {
        print(text.trim_end_matches('\n'))
    }

    /// Prints lines for people, made safe for a terminal.
    ///
    /// # Errors
    /// If stdout cannot be written; a reader that has gone away is not an error.
    pub fn show_lines(text: &str) -> Result<()> {
        print(&text::escape_lines(text))
    }
}

/// Writes a line to stdout, flushes, and checks: what is lost silently is lost for good.
fn print(text: &str) -> Result<()> {
    checked(write_line(text))
}

fn checked(written: io::Result<()>) -> Result<()> {
    reader::note_written(&written);
    match written {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        written => written.context("cannot write to standard output"),
    }
}
