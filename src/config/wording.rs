//! What is wrong with a value of the config file, in words for people: serde names the types of Rust.

use std::fmt;

use serde::Deserializer;
use serde::de::{Error, Visitor};

pub const SPAN: &str = "a span of time in quotes, such as \"90d\", \"12h\" or \"2w\"";
pub const SPAN_OR_NONE: &str = "a span of time in quotes, such as \"90d\", or \"none\"";

const TEXT: &str = "a text in quotes";
const LIST: &str = "a list in brackets, such as [\"one\", \"two\"]";
const TABLE: &str = "a section, such as [name], or a table in braces";

/// The message of a value of the wrong type; any other as it is.
pub fn in_words(message: &str) -> String {
    let found = ["invalid type: ", "invalid value: ", "invalid length "];
    let found = found.iter().find_map(|start| message.strip_prefix(start));
    if let Some((found, wanted)) = found.and_then(|rest| rest.rsplit_once(", expected ")) {
        return format!("found {}, expected {}", value(found), kind(wanted));
    }
    match message {
        "wanted string or table" => format!("expected {TEXT}, or a table in braces"),
        _ => message.to_owned(),
    }
}

/// ``integer `3` ``, `string "x"`, `sequence`.
fn value(found: &str) -> String {
    let (name, shown) = found.split_once(' ').unwrap_or((found, ""));
    match name {
        "integer" | "boolean" => shown.trim_matches('`').to_owned(),
        "floating" => found
            .trim_start_matches("floating point ")
            .trim_matches('`')
            .to_owned(),
        "string" => shown.to_owned(),
        "sequence" => "a list".to_owned(),
        "map" => "a table".to_owned(),
        _ => found.to_owned(),
    }
}

/// A type, by what is to be written.
fn kind(wanted: &str) -> String {
    let whole = |most: &str| format!("a whole number from 0 to {most}");
    match wanted {
        "u8" => whole("255"),
        "u16" => whole("65535"),
        "u32" => whole("4294967295"),
        "u64" | "usize" => "a whole number, 0 or more".to_owned(),
        "i8" | "i16" | "i32" | "i64" | "isize" => "a whole number".to_owned(),
        "f32" | "f64" => "a number".to_owned(),
        "a string" | "string" | "str" => TEXT.to_owned(),
        "a boolean" | "bool" => "true or false, without quotes".to_owned(),
        "a sequence" => LIST.to_owned(),
        "a map" => TABLE.to_owned(),
        _ if wanted.starts_with("struct ") => TABLE.to_owned(),
        _ => wanted.to_owned(),
    }
}

/// Reads a text; the error of another type says what the text is to be.
///
/// # Errors
/// If it is no text.
pub fn text<'de, D: Deserializer<'de>>(
    deserializer: D,
    wanted: &'static str,
) -> Result<String, D::Error> {
    deserializer.deserialize_string(TextOf(wanted))
}

struct TextOf(&'static str);

impl Visitor<'_> for TextOf {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<String, E> {
        Ok(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_are_said_in_words_and_all_else_stays() {
        for (message, wanted) in [
            (
                "invalid type: string \"long\", expected usize",
                "found \"long\", expected a whole number, 0 or more",
            ),
            (
                "invalid type: string \"a, expected b\", expected u16",
                "found \"a, expected b\", expected a whole number from 0 to 65535",
            ),
            (
                "invalid value: integer `99999`, expected u16",
                "found 99999, expected a whole number from 0 to 65535",
            ),
            (
                "invalid type: floating point `1.5`, expected a boolean",
                "found 1.5, expected true or false, without quotes",
            ),
            (
                "invalid type: map, expected a string",
                "found a table, expected a text in quotes",
            ),
            ("duplicate key", "duplicate key"),
        ] {
            assert_eq!(in_words(message), wanted);
        }
    }
}
