//! Rows as JSON. Their last key is the anchor of the newest event; what a terminal would obey is escaped.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::{self, BufWriter, Write};

use anyhow::Result;
use serde::{Serialize, Serializer as _};
use serde_json::Value;
use serde_json::ser::{PrettyFormatter, Serializer};

use crate::output::text::is_unsafe;

/// The key of the anchor.
const ANCHOR: &str = "audit_anchor";

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
    let mut stdout = Safe(BufWriter::new(io::stdout().lock()));
    let mut serializer = Serializer::with_formatter(&mut stdout, PrettyFormatter::new());
    serializer.collect_seq(rows.iter().map(|row| Anchored { row, anchor }))?;
    stdout.write_all(b"\n")?;
    stdout.flush()
}

/// The same as lines.
pub(super) fn write_lines(rows: &[impl Serialize], anchor: Option<&str>) -> io::Result<()> {
    let mut stdout = Safe(BufWriter::new(io::stdout().lock()));
    for row in rows {
        serde_json::to_writer(&mut stdout, &Anchored { row, anchor })?;
        stdout.write_all(b"\n")?;
    }
    stdout.flush()
}

/// JSON that is safe for a terminal: control characters that JSON itself leaves unescaped are escaped.
pub(super) fn json_text(json: &str) -> String {
    safe(json).into_owned()
}

fn safe(json: &str) -> Cow<'_, str> {
    // Line breaks belong to the layout: inside strings they are escaped already.
    let is_plain = |byte: u8| matches!(byte, b' '..=b'~' | b'\n');
    if json.bytes().all(is_plain) {
        return Cow::Borrowed(json);
    }
    // Room for all escapes: growing would leave a copy of a password behind.
    let escapes = json.chars().filter(|letter| is_unsafe(*letter));
    let mut text = String::with_capacity(json.len() + 12 * escapes.count());
    for letter in json.chars() {
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

/// Escapes what passes. `serde_json` writes whole letters.
struct Safe<W>(W);

impl<W: Write> Write for Safe<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let json = std::str::from_utf8(bytes);
        let json = json.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        self.0.write_all(safe(json).as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
