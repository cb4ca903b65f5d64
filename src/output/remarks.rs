//! What is said beside the results, on stderr: notes, warnings, hints.

use std::borrow::Cow;
use std::io::{self, IsTerminal};

use crate::output::facts::{Place, counted_names, put_together};
use crate::output::json::json_text;
use crate::output::terminal::{CYAN, PLAIN, YELLOW, say};
use crate::output::{Format, Ui, labelled, text};

impl Ui {
    /// Prints a note for people on stderr, unless quiet.
    pub fn note(&self, text: &str) {
        if !self.quiet && self.format == Format::Table {
            say(&text::escape_lines(text));
        }
    }

    /// Prints a note for people that belongs to the one before: indented, and wrapped to the terminal.
    pub fn note_below(&self, text: &str, blanks: usize) {
        self.note(&labelled::indented(text, blanks));
    }

    /// Prints a detail on stderr; in JSON formats as an object.
    pub fn say_more(&self, text: &str) {
        match self.said_as() {
            Format::Table => say(&text::escape_lines(text)),
            Format::Json | Format::Jsonl => {
                say(&json_text(&serde_json::json!({ "note": text }).to_string()));
            }
        }
    }

    /// Warns on stderr; in JSON formats as an object.
    pub fn warn(&self, text: &str) {
        if Self::was_stopped_without_reader() {
            return;
        }
        match self.said_as() {
            Format::Table => {
                let label = self.paint("warning:", YELLOW);
                say(&format!("{label} {}", text::escape_lines(text)));
            }
            Format::Json | Format::Jsonl => {
                say(&json_text(
                    &serde_json::json!({ "warning": text }).to_string(),
                ));
            }
        }
    }

    /// Prints a note on stderr where a person reads it.
    pub fn suggest(&self, text: &str) {
        if io::stderr().is_terminal() {
            self.note(text);
        }
    }

    /// Warns on stderr, in text, of what is the same for several targets, once.
    pub fn warn_of(&self, said: &[(Place<'_>, String)]) {
        for text in once(said) {
            self.warn(&text);
        }
    }

    /// Gives on stderr the hints for several targets, each once.
    pub fn advise_on(&self, said: &[(Place<'_>, String)]) {
        for text in once(said) {
            self.advise(&text);
        }
    }

    /// Prints a hint on stderr that belongs to no error.
    pub fn advise(&self, text: &str) {
        let label = self.paint("hint:", CYAN);
        say(&format!("{label} {}", text::escape_lines(text)));
    }

    pub(super) fn paint(&self, text: &str, color: &str) -> String {
        if self.colored {
            format!("{color}{text}{PLAIN}")
        } else {
            text.to_owned()
        }
    }
}

/// Each text once, after the targets that it was said of, unless it names the only one itself.
fn once(said: &[(Place<'_>, String)]) -> Vec<String> {
    let sayings = said
        .iter()
        .map(|(place, text)| (Some(*place), vec![Cow::Borrowed(text.as_str())], ()));
    let facts = put_together(sayings).into_iter();
    let texts = facts.map(|fact| {
        let (names, text) = (fact.names(), fact.texts.concat());
        match names.as_slice() {
            [only] if text.contains(only.as_str()) => text,
            _ => format!("{}: {text}", counted_names(&names)),
        }
    });
    texts.collect()
}
