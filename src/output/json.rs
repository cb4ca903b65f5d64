//! Rows as JSON. Their last key is the anchor of the newest event; what a terminal would obey is escaped.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde::{Serialize, Serializer as _};
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::output::terminal::whole_characters;
use crate::output::text::is_unsafe;

/// The key of the anchor.
const ANCHOR: &str = "audit_anchor";
/// How many bytes are looked at and written at once.
const PORTION: usize = 64 << 10;

/// A row and the anchor, as one object.
#[derive(Serialize)]
struct Anchored<'a, R> {
    #[serde(flatten)]
    row: &'a R,
    #[serde(rename = "audit_anchor", skip_serializing_if = "Option::is_none")]
    anchor: Option<&'a str>,
}

/// A row, which is an object, with its anchor.
pub(super) fn with_anchor(row: &impl Serialize, anchor: Option<&str>) -> Result<Value> {
    let mut row = serde_json::to_value(row)?;
    if let (Some(object), Some(anchor)) = (row.as_object_mut(), anchor) {
        object.insert(ANCHOR.to_owned(), Value::String(anchor.to_owned()));
    }
    Ok(row)
}

/// Writes the rows, which are objects, to stdout as one pretty array. Each is serialised once, and none is kept.
pub(super) fn write_array(rows: &[impl Serialize], anchor: Option<&str>) -> io::Result<()> {
    write_pretty(io::stdout().lock(), rows, anchor)
}

fn write_pretty(to: impl Write, rows: &[impl Serialize], anchor: Option<&str>) -> io::Result<()> {
    let mut to = Safe::buffered(to);
    let mut serializer = Serializer::with_formatter(&mut to, PrettyFormatter::new());
    serializer.collect_seq(rows.iter().map(|row| Anchored { row, anchor }))?;
    to.write_all(b"\n")?;
    to.flush()
}

/// The same as lines.
pub(super) fn write_lines(rows: &[impl Serialize], anchor: Option<&str>) -> io::Result<()> {
    let mut to = Safe::buffered(io::stdout().lock());
    for row in rows {
        serde_json::to_writer(&mut to, &Anchored { row, anchor })?;
        to.write_all(b"\n")?;
    }
    to.flush()
}

/// JSON that is safe for a terminal: control characters that JSON itself leaves unescaped are escaped.
pub(super) fn json_text(json: &str) -> String {
    safe(json).into_owned()
}

fn safe(json: &str) -> Cow<'_, str> {
    if is_plain(json.as_bytes()) {
        return Cow::Borrowed(json);
    }
    // Room for all escapes: growing would leave a copy of a password behind.
    let escapes = json.chars().filter(|letter| is_unsafe(*letter));
    let mut text = String::with_capacity(json.len() + 12 * escapes.count());
    for letter in json.chars() {
        // Line breaks belong to the layout: inside strings they are escaped already.
        if is_unsafe(letter) && letter != '\n' {
            let mut units = [0; 2];
            for unit in letter.encode_utf16(&mut units) {
                // Writing to a String does not fail.
                write!(text, "\\u{unit:04x}").ok();
            }
        } else {
            text.push(letter);
        }
    }
    Cow::Owned(text)
}

/// Whether there is nothing to escape. Without an early end, which would keep the compiler from looking at many at once.
fn is_plain(json: &[u8]) -> bool {
    let plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    json.iter().fold(true, |all, byte| all & plain(*byte))
}

/// Escapes what passes.
struct Safe<W> {
    to: W,
    /// The beginning of a character whose end has not passed yet.
    rest: Vec<u8>,
}

impl<W: Write> Safe<W> {
    /// Behind a buffer: what passes is looked at in large portions.
    fn buffered(to: W) -> BufWriter<Self> {
        let rest = Vec::new();
        BufWriter::with_capacity(PORTION, Self { to, rest })
    }
}

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.rest.is_empty() && is_plain(bytes) {
            self.to.write_all(bytes)?;
        } else {
            let portion = whole_characters(&mut self.rest, bytes);
            let json = String::from_utf8_lossy(&portion);
            self.to.write_all(safe(&json).as_bytes())?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_passes_in_portions_is_escaped_as_a_whole(text in ".{0,60}", portion in 1_usize..9) {
            let mut safe = Safe { to: Vec::new(), rest: Vec::new() };
            for bytes in text.as_bytes().chunks(portion) {
                safe.write_all(bytes).expect("a Vec takes it");
            }
            prop_assert_eq!(String::from_utf8(safe.to).expect("UTF-8"), json_text(&text));
        }
    }

    #[test]
    fn rows_are_written_as_serde_json_writes_them() {
        let rows = [
            serde_json::json!({"a": "\u{9b}x", "b": [1, {"c": null}]}),
            serde_json::json!({"a": ""}),
        ];
        let mut pretty = Vec::new();
        write_pretty(&mut pretty, &rows, Some("1:ff")).expect("a Vec takes it");
        let anchored: Vec<_> = rows
            .iter()
            .map(|row| with_anchor(row, Some("1:ff")).expect("an object"))
            .collect();
        let wanted = json_text(&serde_json::to_string_pretty(&anchored).expect("JSON"));
        assert_eq!(String::from_utf8(pretty).expect("UTF-8"), wanted + "\n");
    }
}
