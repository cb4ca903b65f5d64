//! Encodings of databases. Names of roles and databases are stored once for the whole cluster, as bytes: a login sends
//! UTF-8, whatever characters a database's encoding makes of these bytes.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::domain::failure::Failure;

/// The encoding of a database, as the server reports it at the login (`server_encoding`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Encoding(String);

impl Encoding {
    /// What a server reports; one that reports nothing converts nothing either.
    pub fn reported(name: Option<&str>) -> Self {
        Self(name.unwrap_or("UTF8").to_owned())
    }

    /// Whether the server sends all bytes as they are to a client that speaks UTF-8.
    pub fn is_utf8(&self) -> bool {
        self.0 == "UTF8"
    }

    /// Whether the database stores bytes without knowing their encoding.
    pub fn is_bytes(&self) -> bool {
        self.0 == "SQL_ASCII"
    }

    /// Refuses a name of a role or a database (or what is kept beside them) that would be stored as other bytes than
    /// a login sends. `place` names the target in the message.
    ///
    /// # Errors
    /// Refused.
    pub fn check_name(&self, what: &str, name: &str, place: &str) -> Result<(), Failure> {
        if name.is_ascii() || self.is_utf8() || self.is_bytes() {
            return Ok(());
        }
        Err(Failure::refused(format!(
            "{what} \"{name}\" cannot be used in {}: the encoding of the database is {}, which stores non-ASCII characters as other bytes than a login sends",
            place,
            self.0
        ))
        .hint("choose an ASCII name, or use a database of the same cluster whose encoding is UTF8"))
    }
}

/// A JSON document of a server as text: each byte in it that is not UTF-8 appears as `\xE4`.
pub fn show_bytes(document: &[u8]) -> Cow<'_, str> {
    if let Ok(text) = std::str::from_utf8(document) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(document.len() + 64);
    for chunk in document.utf8_chunks() {
        shown.push_str(chunk.valid());
        for byte in chunk.invalid() {
            show_byte(&mut shown, *byte);
        }
    }
    Cow::Owned(shown)
}

/// The same, with each byte beyond ASCII: for names in an encoding that is not known here.
pub fn show_bytes_beyond_ascii(document: &[u8]) -> String {
    let mut shown = String::with_capacity(document.len() + 64);
    for byte in document {
        if byte.is_ascii() {
            shown.push(char::from(*byte));
        } else {
            show_byte(&mut shown, *byte);
        }
    }
    shown
}

/// Such bytes occur only in the document's strings, where a backslash is written twice.
fn show_byte(shown: &mut String, byte: u8) {
    write!(shown, r"\\x{byte:02X}").expect("a string takes all that is written");
}

/// Whether a text holds what stands for a byte that is not UTF-8 (`\x80` to `\xFF`). No statement can refer to such a
/// name, and a name that only looks like one cannot be told from it: neither is acted on.
pub fn holds_shown_byte(text: &str) -> bool {
    text.match_indices(r"\x").any(|(at, _)| {
        let digits = text.as_bytes().get(at + 2..at + 4);
        digits.is_some_and(|digits| {
            matches!(digits[0], b'8' | b'9' | b'A'..=b'F')
                && matches!(digits[1], b'0'..=b'9' | b'A'..=b'F')
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_are_not_utf8_are_shown_and_never_taken_for_a_name() {
        let document = b"{\"name\": \"j\xE4\xC3\xA4\xE4\"}";
        let shown: serde_json::Value = serde_json::from_str(&show_bytes(document)).unwrap();
        let name = shown["name"].as_str().unwrap();
        assert_eq!(name, r"j\xE4ä\xE4");
        assert!(holds_shown_byte(name));
        assert!(name.parse::<crate::domain::role::RoleName>().is_err());
        let document = "{\"name\": \"jä\"}".as_bytes();
        assert_eq!(
            show_bytes_beyond_ascii(document),
            r#"{"name": "j\\xC3\\xA4"}"#
        );
    }

    #[test]
    fn other_backslashes_are_letters_like_others() {
        for name in [r"back\slash\", r"\x", r"\x7F", r"\xe4", r"a\xG0", "ä", ""] {
            assert!(!holds_shown_byte(name), "{name}");
        }
        for name in [r"\x80", r"\\xFF", r"a\xE4b"] {
            assert!(holds_shown_byte(name), "{name}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_refused_where_a_login_would_send_other_bytes() {
        let check = |encoding, name| {
            let encoding = Encoding::reported(Some(encoding));
            encoding.check_name("role name", name, "dev/app").is_ok()
        };
        assert!(check("UTF8", "jürg") && check("SQL_ASCII", "jürg"));
        assert!(check("LATIN1", "jurg") && check("EUC_JP", "jurg"));
        assert!(!check("LATIN1", "jürg") && !check("EUC_JP", "jürg"));
    }
}
