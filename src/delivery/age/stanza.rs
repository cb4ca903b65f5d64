//! The lines of a header: one stanza a recipient.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

/// Characters in a line of a body.
const LINE_LENGTH: usize = 64;

/// A key for one recipient, or something that recipients pass over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stanza {
    /// Its type, and what the type wants; each without spaces.
    pub arguments: Vec<String>,
    pub body: Vec<u8>,
}

/// As base64 without padding.
pub(super) fn encoded(bytes: &[u8]) -> String {
    STANDARD_NO_PAD.encode(bytes)
}

pub(super) fn decoded(text: &str) -> Option<Vec<u8>> {
    STANDARD_NO_PAD.decode(text).ok()
}

impl Stanza {
    pub fn new(arguments: &[&str], body: &[u8]) -> Self {
        Self {
            arguments: arguments.iter().map(|&word| word.to_owned()).collect(),
            body: body.to_vec(),
        }
    }

    /// Its lines. The last one of the body is shorter than a full line, if need be empty.
    pub fn to_text(&self) -> String {
        let body = encoded(&self.body);
        let mut text = format!("-> {}\n", self.arguments.join(" "));
        let mut rest = body.as_str();
        while let Some((line, after)) = rest.split_at_checked(LINE_LENGTH) {
            text.push_str(&format!("{line}\n"));
            rest = after;
        }
        text.push_str(&format!("{rest}\n"));
        text
    }

    /// Reads a stanza from lines, up to the end of its body.
    pub fn parse<'a>(first: &str, lines: &mut impl Iterator<Item = &'a str>) -> Option<Self> {
        let arguments = first.strip_prefix("-> ")?.split(' ');
        let mut body = String::new();
        loop {
            let line = lines.next()?;
            body.push_str(line);
            if line.len() < LINE_LENGTH {
                break;
            }
        }
        Some(Self {
            arguments: arguments.map(str::to_owned).collect(),
            body: decoded(&body)?,
        })
    }
}
