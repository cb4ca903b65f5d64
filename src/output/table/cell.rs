//! What a value of a report is in a table: its words, and what it means.

use serde_json::Value;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};
use zeroize::Zeroizing;

use crate::output::painted::Tone;
use crate::output::screen::{Charset, Screen};
use crate::output::table::meaning::{is_marked, is_prose, time_text, tone_of, word_for_yes};
use crate::output::text::escape;

/// How many items of a list a row has room for; more are counted.
const MOST_ITEMS: usize = 5;

/// Stands behind the name of a protected environment.
const PROTECTED: &str = "*";

/// The part of a cell that is never broken: a value that must be copied whole, a word of prose, an item of a list. It
/// may be a password.
type Piece = Zeroizing<String>;

/// A value, ready to be drawn: lines of pieces, between which there may be a break.
#[derive(Debug, Default)]
pub struct Cell {
    lines: Vec<Vec<Piece>>,
    pub tone: Tone,
    pub is_number: bool,
}

/// How much of a value is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// In a row among others.
    Short,
    /// In a record of its own.
    Full,
}

pub fn width_of(text: &str) -> usize {
    text.width()
}

impl Cell {
    /// The cell of a row's key.
    pub fn new(key: &str, value: &Value, detail: Detail, screen: &Screen) -> Self {
        Self {
            lines: lines_of(key, value, detail, screen),
            tone: tone_of(key, value, screen),
            is_number: value.is_number(),
        }
    }

    pub fn is_empty(&self) -> bool {
        let mut pieces = self.lines.iter().flatten();
        pieces.all(|piece| piece.is_empty())
    }

    /// How many bytes it has.
    pub fn len(&self) -> usize {
        self.lines
            .iter()
            .flatten()
            .map(|piece| piece.len() + 1)
            .sum()
    }

    /// Its width if it is not broken.
    pub fn natural_width(&self) -> usize {
        let widths = self.lines.iter().map(|line| {
            let gaps = line.len().saturating_sub(1);
            line.iter().map(|piece| width_of(piece)).sum::<usize>() + gaps
        });
        widths.max().unwrap_or(0)
    }

    /// The width that it cannot do without.
    pub fn least_width(&self) -> usize {
        let pieces = self.lines.iter().flatten();
        pieces.map(|piece| width_of(piece)).max().unwrap_or(0)
    }

    /// Its lines, of which those that are wider than that lose their middle.
    pub fn shortened(&self, width: usize, charset: Charset) -> Vec<Zeroizing<String>> {
        let lines = self.wrapped(width).into_iter();
        lines
            .map(|line| Zeroizing::new(without_middle(&line, width, charset)))
            .collect()
    }

    /// Its lines, of at most that width, if no piece is wider.
    pub fn wrapped(&self, width: usize) -> Vec<Zeroizing<String>> {
        let mut wrapped = Vec::new();
        for line in &self.lines {
            let room = line.iter().map(|piece| piece.len() + 1).sum();
            let mut text = Zeroizing::new(String::with_capacity(room));
            let mut used = 0;
            for (place, piece) in line.iter().enumerate() {
                let wide = width_of(piece);
                if place > 0 && used + 1 + wide > width {
                    wrapped.push(text);
                    text = Zeroizing::new(String::with_capacity(room));
                    used = wide;
                } else {
                    if place > 0 {
                        text.push(' ');
                    }
                    used += wide + usize::from(place > 0);
                }
                text.push_str(piece);
            }
            wrapped.push(text);
        }
        wrapped
    }
}

/// The beginning and the end of a text that is wider than there is room.
fn without_middle(text: &str, width: usize, charset: Charset) -> String {
    if width_of(text) <= width {
        return text.to_owned();
    }
    let gap = match charset {
        Charset::Unicode => "…",
        Charset::Ascii => "...",
    };
    let room = width.saturating_sub(width_of(gap));
    let begin = fitting(text.chars(), room / 2);
    let end = fitting(text.chars().rev(), room - room / 2);
    let end: String = end.chars().rev().collect();
    format!("{begin}{gap}{end}")
}

/// As many of the letters as there is room for.
fn fitting(letters: impl Iterator<Item = char>, room: usize) -> String {
    let mut used = 0;
    let fitting = letters.take_while(|letter| {
        used += letter.width().unwrap_or(0);
        used <= room
    });
    fitting.collect()
}

fn lines_of(key: &str, value: &Value, detail: Detail, screen: &Screen) -> Vec<Vec<Piece>> {
    if let Some(text) = time_text(key, value, screen) {
        let mut pieces = vec![Zeroizing::new(text)];
        if detail == Detail::Full {
            pieces.push(Zeroizing::new(format!("({})", *text_of(value))));
        }
        return vec![pieces];
    }
    let marked = |mut text: Piece| {
        if is_marked(key, &text, screen) {
            text.push_str(match detail {
                Detail::Short => PROTECTED,
                Detail::Full => " (protected)",
            });
        }
        text
    };
    match value {
        Value::Array(items) if has_lines(key, items, screen) => {
            let shown = count_of_shown(items, detail);
            let mut lines: Vec<_> = items.iter().map(|item| words(&text_of(item))).collect();
            if shown < lines.len() {
                lines.truncate(shown);
                lines.push(vec![how_many_more(items.len() - shown)]);
            }
            lines
        }
        Value::Array(items) => vec![pieces_of(items, detail, marked)],
        Value::Bool(true) => vec![vec![Zeroizing::new(word_for_yes(key, screen).to_owned())]],
        Value::Object(_) => vec![words(&text_of(value))],
        value if is_prose(key) => vec![words(&text_of(value))],
        value => vec![vec![marked(text_of(value))]],
    }
}

/// Whether each item of a list is a line of its own.
fn has_lines(key: &str, items: &[Value], screen: &Screen) -> bool {
    items.iter().any(Value::is_object) || is_prose(key) && screen.is_terminal()
}

fn count_of_shown(items: &[Value], detail: Detail) -> usize {
    if detail == Detail::Full || items.len() <= MOST_ITEMS {
        items.len()
    } else {
        MOST_ITEMS - 1
    }
}

fn how_many_more(count: usize) -> Piece {
    Zeroizing::new(format!("and {count} more"))
}

/// The items of a list on one line, and how many more there are.
fn pieces_of(items: &[Value], detail: Detail, marked: impl Fn(Piece) -> Piece) -> Vec<Piece> {
    let shown = count_of_shown(items, detail);
    let pieces = items.iter().take(shown).enumerate().map(|(place, item)| {
        let mut piece = marked(text_of(item));
        if place + 1 < shown {
            piece.push(',');
        }
        piece
    });
    let mut pieces: Vec<_> = pieces.collect();
    if shown < items.len() {
        pieces.push(how_many_more(items.len() - shown));
    }
    pieces
}

fn words(text: &str) -> Vec<Piece> {
    let words = text.split(' ').map(str::to_owned);
    words.map(Zeroizing::new).collect()
}

fn text_of(value: &Value) -> Zeroizing<String> {
    Zeroizing::new(match value {
        Value::Null => String::new(),
        Value::String(text) => escape(text),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        Value::Array(items) => {
            let items = items.iter().map(|item| text_of(item).to_string());
            items.collect::<Vec<_>>().join(", ")
        }
        Value::Object(entries) => {
            let parts = entries.iter().filter_map(|(key, value)| part(key, value));
            parts.collect::<Vec<_>>().join(", ")
        }
        other => escape(&other.to_string()),
    })
}

/// A key and its value inside of a cell; a list of objects is counted.
fn part(key: &str, value: &Value) -> Option<String> {
    let key = escape(key).replace('_', " ");
    match value {
        Value::Null => None,
        Value::Array(items) if items.is_empty() => None,
        Value::Array(items) if items.iter().any(Value::is_object) => {
            Some(format!("{key} {}", items.len()))
        }
        value => Some(format!("{key} {}", *text_of(value))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_keeps_its_beginning_and_its_end() {
        let path = "file:/run/secrets/prod/web01_8080";
        let short = |width, charset| without_middle(path, width, charset);
        assert_eq!(short(33, Charset::Unicode), path);
        assert_eq!(short(16, Charset::Unicode), "file:/r…b01_8080");
        assert_eq!(short(16, Charset::Ascii), "file:/...01_8080");
        assert_eq!(without_middle("日本語日本語", 6, Charset::Unicode), "日…語");
    }
}
