//! Reads stored anchors: one per line, or in the output of pgrole.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::domain::audit::anchor::Anchor;
use crate::domain::failure::Failure;

/// Reads all anchors of a file; "-" is standard input.
///
/// # Errors
/// Usage, if the file contains none, or anything else.
pub fn read_anchors(file: &Path) -> Result<Vec<Anchor>> {
    let is_stdin = file.as_os_str() == "-";
    let text = if is_stdin {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(file)
    };
    let text = text
        .map_err(|error| Failure::usage(error.to_string()))
        .with_context(|| format!("cannot read anchors from {}", file.display()))?;
    let anchors =
        parse(&text).with_context(|| format!("cannot read anchors from {}", file.display()))?;
    if anchors.is_empty() {
        return Err(Failure::usage(format!("no anchor in {}", file.display()))
            .hint("an anchor is the \"audit_anchor\" of pgrole's JSON, or a line SEQUENCE:HASH")
            .into());
    }
    Ok(anchors)
}

/// JSON documents and lines may be mixed in any order.
fn parse(text: &str) -> Result<Vec<Anchor>> {
    let mut anchors = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let length = if rest.starts_with(['{', '[']) {
            let mut documents = serde_json::Deserializer::from_str(rest).into_iter::<Value>();
            let document = documents.next().transpose();
            let document =
                document.map_err(|error| Failure::usage(format!("not JSON: {error}")))?;
            collect(&document.unwrap_or_default(), &mut anchors)?;
            documents.byte_offset()
        } else {
            let line = rest.lines().next().unwrap_or_default();
            anchors.push(line.trim().parse()?);
            line.len()
        };
        rest = rest[length..].trim_start();
    }
    Ok(anchors)
}

fn collect(value: &Value, anchors: &mut Vec<Anchor>) -> Result<()> {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(text) if key == "audit_anchor" => anchors.push(text.parse()?),
                    value => collect(value, anchors)?,
                }
            }
        }
        Value::Array(values) => {
            for value in values {
                collect(value, anchors)?;
            }
        }
        _ => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sequences(text: &str) -> Vec<i64> {
        let anchors = parse(&text.replace('H', &"0a".repeat(32))).unwrap();
        anchors.iter().map(|anchor| anchor.sequence).collect()
    }

    #[test]
    fn lines_and_json_in_any_shape_are_read() {
        assert_eq!(sequences("1:H\n\n  2:H \r\n"), [1, 2]);
        assert_eq!(
            sequences("{\"a\": 1, \"audit_anchor\": \"3:H\"}\n{\"audit_anchor\":\"4:H\"}"),
            [3, 4]
        );
        assert_eq!(
            sequences("[\n  {\n    \"audit_anchor\": \"5:H\"\n  },\n  {}\n]\n6:H\n"),
            [5, 6]
        );
        assert_eq!(sequences("{\"summary\":{\"audit_anchor\":\"7:H\"}}"), [7]);
        assert_eq!(sequences(" \n"), [0; 0]);
    }

    #[test]
    fn what_is_none_is_refused() {
        for text in ["1", "# 1", "{\"audit_anchor\": \"x\"}", "{", "{\"a\"}"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
