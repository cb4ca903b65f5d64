//! Access with an end: each grant for a limited time is a role of its own, the *box*, between the login and the access
//! group. PostgreSQL ends no membership by itself, so the box's VALID UNTIL, a column that everybody may read, says when
//! it is to be dropped; its comment says for whom and why.

mod comment;
mod found;
mod note;

use std::fmt;
use std::str::FromStr;

use crate::domain::failure::Failure;
use crate::domain::role::{LONGEST_NAME, RoleName};

pub use comment::{BoxComment, BoxEnding};
pub use found::{BoxStanding, FoundBox, FoundBoxes};
pub use note::BoxNote;

/// What the names of boxes begin with.
const PREFIX: &str = "pgrole_box_";
/// How many hexadecimal digits an ID has: those of an operation.
const ID_LENGTH: usize = 16;

/// What names a box: the ID of the operation that grants the access, so that it is in the audit log before the role is on
/// a server.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, schemars::JsonSchema,
)]
#[serde(transparent)]
#[schemars(inline)]
pub struct BoxId(String);

impl BoxId {
    /// The box that an operation creates.
    pub fn of_operation(id: &str) -> Self {
        Self(id.to_owned())
    }

    /// The ID in a role's name; `None` if that is not a box's.
    pub fn of_role(name: &str) -> Option<Self> {
        name.strip_prefix(PREFIX)?.parse().ok()
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The name of the role.
    pub fn role(&self) -> RoleName {
        RoleName::from_server(format!("{PREFIX}{}", self.0))
    }
}

impl FromStr for BoxId {
    type Err = Failure;

    fn from_str(text: &str) -> Result<Self, Failure> {
        let text = text.strip_prefix(PREFIX).unwrap_or(text);
        let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
        if text.len() == ID_LENGTH && text.bytes().all(is_digit) {
            return Ok(Self(text.to_owned()));
        }
        Err(Failure::usage(format!(
            "\"{text}\" is not the ID of a grant with an end; expected {ID_LENGTH} hexadecimal digits"
        ))
        .hint("list them: pgrole access list"))
    }
}

impl fmt::Display for BoxId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// What the name of a login that is made for a grant has before its random end.
const GLASS: &str = "_glass_";

/// The name of a login that is made for a grant, and ends with it.
pub fn glass_login(person: &RoleName, suffix: &str) -> RoleName {
    let person = person.as_str();
    let room = LONGEST_NAME - GLASS.len() - suffix.len();
    let cut = (0..=room.min(person.len()))
        .rev()
        .find(|at| person.is_char_boundary(*at))
        .unwrap_or(0);
    RoleName::from_server(format!("{}{GLASS}{suffix}", &person[..cut]))
}

/// Whether a role is named as such logins are.
pub fn is_glass(role: &str) -> bool {
    role.contains(GLASS)
}

/// Whether a role is named as boxes are.
pub fn is_box(role: &str) -> bool {
    BoxId::of_role(role).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_emergency_login_is_named_after_its_person() {
        let login =
            |person: &str| glass_login(&RoleName::from_server(person), "0a1b2c3d").to_string();
        assert_eq!(login("jane"), "jane_glass_0a1b2c3d");
        let long = login(&"ä".repeat(31));
        assert!(long.len() <= LONGEST_NAME && is_glass(&long), "{long}");
    }

    #[test]
    fn a_box_is_recognized_by_its_whole_name() {
        let id = BoxId::of_role("pgrole_box_0123456789abcdef").unwrap();
        assert_eq!(id.as_str(), "0123456789abcdef");
        assert_eq!(id.role().as_str(), "pgrole_box_0123456789abcdef");
        assert_eq!("pgrole_box_0123456789abcdef".parse::<BoxId>().unwrap(), id);
        for other in [
            "pgrole_box_",
            "pgrole_box_0123",
            "box_0123456789abcdef",
            "pgrole_box_0123456789ABCDEF",
        ] {
            assert!(!is_box(other), "{other}");
        }
    }
}
