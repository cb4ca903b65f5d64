//! Distinguishes what pgrole itself wrote into the registry file from what others put there: an HMAC-SHA-256 over the
//! record, with a key that is not in the file.

use std::fmt::Write;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Length of a key, in bytes.
pub const KEY_LENGTH: usize = 32;

/// Precedes the hexadecimal digits of a code; another form of record gets another version.
const VERSION: &str = "1:";

/// The key that signs records. It is a file of its own, never in a keyring: cron must verify them.
pub struct RecordKey(Zeroizing<[u8; KEY_LENGTH]>);

/// What a key is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyUse {
    /// Verifies; a missing key vouches for nothing.
    Verify,
    /// Signs; a missing key is created.
    Sign,
    /// Signs what existed before the key, if only its owner could write the file.
    Adopt,
}

/// What is signed, in an unambiguous form: a kind, then names and values.
pub struct Record(String);

impl Record {
    /// Absent values are left out, so that a later release may add names.
    pub fn new(kind: &str, values: &[(&str, Option<&str>)]) -> Self {
        let there = values
            .iter()
            .filter_map(|(name, value)| Some([*name, (*value)?]));
        let there: Vec<_> = there.collect();
        Self(serde_json::json!([kind, there]).to_string())
    }
}

impl RecordKey {
    pub fn new(bytes: [u8; KEY_LENGTH]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The code that proves that we wrote the record.
    pub fn sign(&self, record: &Record) -> String {
        let mut code = VERSION.to_owned();
        for byte in self.hmac(record).finalize().into_bytes() {
            write!(code, "{byte:02x}").expect("a text takes all that is written");
        }
        code
    }

    /// Whether the code is ours, and for this record. The comparison takes the same time wherever they differ.
    pub fn vouches_for(&self, record: &Record, code: Option<&str>) -> bool {
        let Some(digits) = code.and_then(|code| code.strip_prefix(VERSION)) else {
            return false;
        };
        let bytes: Option<Vec<u8>> = digits
            .as_bytes()
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
            .collect();
        bytes.is_some_and(|bytes| self.hmac(record).verify_slice(&bytes).is_ok())
    }

    fn hmac(&self, record: &Record) -> Hmac<Sha256> {
        let mut hmac = <Hmac<Sha256>>::new_from_slice(self.0.as_slice())
            .expect("HMAC takes keys of any length");
        hmac.update(b"pgrole record 1\n");
        hmac.update(record.0.as_bytes());
        hmac
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delivery(username: &str, deliver: Option<&str>) -> Record {
        Record::new(
            "delivery",
            &[("username", Some(username)), ("deliver", deliver)],
        )
    }

    #[test]
    fn a_code_vouches_for_its_record_under_its_key_and_for_no_other() {
        let key = RecordKey::new([7; KEY_LENGTH]);
        let code = key.sign(&delivery("web", Some("file:/s/web")));
        let vouches = |record: &Record| key.vouches_for(record, Some(&code));
        assert!(vouches(&delivery("web", Some("file:/s/web"))));
        assert!(!vouches(&delivery("web", Some("exec:/tmp/thief"))));
        assert!(!vouches(&delivery("web", None)));
        assert!(!vouches(&delivery("web2", Some("file:/s/web"))));
        assert!(!vouches(&Record::new("entry", &[])));
        let other = RecordKey::new([8; KEY_LENGTH]);
        let record = delivery("web", Some("file:/s/web"));
        assert!(!other.vouches_for(&record, Some(&code)));
        for code in [
            None,
            Some(""),
            Some("1:"),
            Some("1:zz"),
            Some(&code[2..]),
            Some(&code[..20]),
        ] {
            assert!(!key.vouches_for(&record, code), "{code:?}");
        }
    }

    #[test]
    fn names_and_values_cannot_be_moved_into_each_other() {
        let key = RecordKey::new([7; KEY_LENGTH]);
        let code = key.sign(&Record::new("x", &[("a", Some("b\",\"c")), ("d", None)]));
        let other = Record::new("x", &[("a", Some("b")), ("c", None)]);
        assert!(!key.vouches_for(&other, Some(&code)));
        let longer = Record::new("x", &[("a", Some("b\",\"c")), ("d", None), ("e", None)]);
        assert!(
            key.vouches_for(&longer, Some(&code)),
            "a later release adds names"
        );
    }
}
