//! What proves later that the audit log still contains an event: the event's number and its hash.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::domain::failure::Failure;

/// The SHA-256 of an event's canonical form, which covers the hash of the event before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct EventHash([u8; 32]);

impl EventHash {
    /// Stands for the event before the first.
    pub const NONE: Self = Self([0; 32]);

    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 64 hexadecimal digits, in lower case, that the file holds.
    pub fn hex(&self) -> [u8; 64] {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        let mut hex = [0; 64];
        for (pair, byte) in hex.chunks_exact_mut(2).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        hex
    }
}

impl fmt::Display for EventHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for EventHash {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for EventHash {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let refused = || Failure::usage(format!("{text:?} is not a hash of 64 hexadecimal digits"));
        if text.len() != 64 || !text.is_ascii() {
            return Err(refused());
        }
        let mut bytes = [0; 32];
        for (byte, at) in bytes.iter_mut().zip((0..64).step_by(2)) {
            // `from_str_radix` accepts a sign too.
            let digits = Some(&text[at..at + 2]).filter(|pair| !pair.starts_with('+'));
            let digits = digits.ok_or_else(refused)?;
            *byte = u8::from_str_radix(digits, 16).map_err(|_| refused())?;
        }
        Ok(Self(bytes))
    }
}

/// An event of the audit log as it is kept elsewhere: `SEQUENCE:HASH`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The event's id.
    pub sequence: i64,
    pub hash: EventHash,
}

impl fmt::Display for Anchor {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.sequence, self.hash)
    }
}

impl FromStr for Anchor {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let refused = || {
            Failure::usage(format!(
                "{text:?} is not an anchor; expected SEQUENCE:HASH, as in \"audit_anchor\""
            ))
        };
        let (sequence, hash) = text.split_once(':').ok_or_else(refused)?;
        let is_number = sequence.bytes().all(|byte| byte.is_ascii_digit());
        let sequence = sequence.parse().ok().filter(|number| *number > 0);
        Ok(Self {
            sequence: sequence.filter(|_| is_number).ok_or_else(refused)?,
            hash: hash.parse().map_err(|_| refused())?,
        })
    }
}

impl Serialize for Anchor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl JsonSchema for Anchor {
    fn schema_name() -> Cow<'static, str> {
        "Anchor".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^[1-9][0-9]*:[0-9a-f]{64}$" })
    }
}

impl<'de> Deserialize<'de> for Anchor {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_anchor_is_read_as_it_is_written() {
        let text = format!("57:{}", "0a".repeat(32));
        let anchor: Anchor = text.parse().unwrap();
        assert_eq!(anchor.sequence, 57);
        assert_eq!(anchor.to_string(), text);
        assert_eq!(anchor.hash.hex(), *"0a".repeat(32).as_bytes());
        let upper: Anchor = format!("57:{}", "0A".repeat(32)).parse().unwrap();
        assert_eq!(upper, anchor);
    }

    #[test]
    fn what_is_no_anchor_is_refused() {
        let hash = "0a".repeat(32);
        for text in [
            "",
            "57",
            &hash,
            &format!("0:{hash}"),
            &format!("-1:{hash}"),
            &format!("+1:{hash}"),
            &format!("99999999999999999999:{hash}"),
            &format!("57:{hash}0"),
            &format!("57:+{}", &hash[1..]),
            &format!("57:ä{}", &hash[2..]),
            &format!("57: {}", &hash[1..]),
        ] {
            assert!(text.parse::<Anchor>().is_err(), "{text}");
        }
    }
}
