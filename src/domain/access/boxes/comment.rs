//! What the comment on a box says. A hint, never a proof: anyone with CREATEROLE can write one.

use serde::{Deserialize, Serialize};

use crate::domain::access::AccessLevel;
use crate::domain::role::RoleName;

/// What the comment begins with, before an object of JSON.
const PREFIX: &str = "pgrole: box ";

/// For whom a box is, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxComment {
    /// The login, as it was named then.
    pub user: RoleName,
    /// Its oid: a login that was dropped and made again has another.
    pub oid: u32,
    pub database: String,
    pub level: AccessLevel,
    #[serde(default)]
    pub reason: String,
    /// The operator.
    #[serde(default)]
    pub by: String,
    /// The machine that it was granted from.
    #[serde(default)]
    pub host: String,
    /// The admin credential that created it, which has ADMIN OPTION on it from 16 on.
    #[serde(default)]
    pub admin: String,
    /// When it was granted, by the server's clock.
    #[serde(default)]
    pub granted: String,
    /// Whether the login was made for it and ends with it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub glass: bool,
    /// What became of it: it is only kept until this is reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<BoxEnding>,
}

/// How a box ended, on the server until that is reported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoxEnding {
    /// When, by the server's clock.
    pub at: String,
    /// How many seconds after its end; `None` if it ended before.
    pub late: Option<i64>,
    /// The machine that ended it.
    pub host: String,
    /// Who was a member of it.
    pub members: Vec<RoleName>,
}

impl BoxComment {
    /// Reads a role's comment; `None` if it is not that of a box.
    pub fn read(comment: &str) -> Option<Self> {
        serde_json::from_str(comment.strip_prefix(PREFIX)?).ok()
    }

    /// The comment, in ASCII: every database of the cluster reads it, in its own encoding. Without `=`, by which other
    /// comments of pgrole's are recognized.
    ///
    /// # Panics
    /// Never: an object of texts is JSON.
    pub fn text(&self) -> String {
        let json = serde_json::to_string(self).expect("an object of texts is JSON");
        let mut text = PREFIX.to_owned();
        let mut units = [0; 2];
        for letter in json.chars() {
            if letter.is_ascii() && letter != '=' {
                text.push(letter);
                continue;
            }
            for unit in letter.encode_utf16(&mut units) {
                text += &format!("\\u{unit:04x}");
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_is_ascii_and_read_back_whatever_the_reason_says() {
        let comment = BoxComment {
            user: "jörg".parse().unwrap(),
            oid: 16_385,
            database: "shop".to_owned(),
            level: AccessLevel::Readwrite,
            reason: "INC-4711: \"profile=x\" 🔥 it's".to_owned(),
            by: "jane".to_owned(),
            host: "h".to_owned(),
            admin: "dba".to_owned(),
            granted: "2026-11-27T00:00:00Z".to_owned(),
            glass: false,
            ended: None,
        };
        let text = comment.text();
        assert!(text.is_ascii() && !text.contains('='), "{text}");
        assert_eq!(BoxComment::read(&text), Some(comment));
        assert_eq!(BoxComment::read("pgrole: profile=app"), None);
        assert_eq!(BoxComment::read("pgrole: box {}"), None);
    }
}
