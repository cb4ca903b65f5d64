//! What the comment on the owner of dual logins says: which login is current, and where a rotation stands. It is on the
//! server, so that every host that rotates sees the same (docs/dual.md).
//!
//! `dual current=a incoming=b op=ID profile=app`, `dual current=b previous=a op=ID since=TIME until=TIME profile=app`. The
//! logins are told by their letters, so that no name has to be quoted.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::failure::Failure;
use crate::domain::role::{LONGEST_NAME, RoleName};
use crate::domain::timestamp::{Span, Timestamp};

/// What follows the owner's name, in bytes.
const SUFFIX: usize = 2;

/// One of the roles that may log in for an owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DualLogin {
    /// The owner itself, while it is converted.
    Owner,
    A,
    B,
}

/// Where a rotation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DualStep {
    Idle,
    /// The login has a password that is not delivered yet.
    Incoming(DualLogin),
    /// Both are valid until the previous one is retired.
    Grace {
        previous: DualLogin,
        since: Timestamp,
        until: Timestamp,
    },
}

/// The state of dual logins, as the owner's comment has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DualMark {
    /// The login that the application uses; `None` if none was delivered yet.
    pub current: Option<DualLogin>,
    pub step: DualStep,
    /// The operation that led here.
    pub operation_id: Option<String>,
    pub profile: String,
}

impl DualLogin {
    /// The letter in the comment.
    fn letter(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::A => "a",
            Self::B => "b",
        }
    }

    fn from_letter(text: &str) -> Option<Self> {
        let all = [Self::Owner, Self::A, Self::B];
        all.into_iter().find(|login| login.letter() == text)
    }

    /// The role's name.
    pub fn name(self, owner: &RoleName) -> RoleName {
        match self {
            Self::Owner => owner.clone(),
            side => RoleName::from_server(format!("{owner}_{}", side.letter())),
        }
    }

    /// Which of an owner's roles has a name.
    pub fn of_name(owner: &RoleName, name: &RoleName) -> Option<Self> {
        let all = [Self::Owner, Self::A, Self::B];
        all.into_iter().find(|login| login.name(owner) == *name)
    }
}

/// The names of the two logins of an owner.
pub fn login_names(owner: &RoleName) -> [RoleName; 2] {
    [DualLogin::A.name(owner), DualLogin::B.name(owner)]
}

/// Refuses a name to which nothing can be added: PostgreSQL would cut both logins to one name.
///
/// # Errors
/// Usage.
pub fn require_room(owner: &RoleName) -> Result<(), Failure> {
    let length = owner.as_str().len();
    if length + SUFFIX <= LONGEST_NAME {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "\"{owner}\" is {length} bytes long; with dual logins a name has at most {}, as \"_a\" and \"_b\" are added",
        LONGEST_NAME - SUFFIX
    ))
    .hint("choose a shorter name"))
}

impl DualMark {
    /// The login that the next rotation gives a password to.
    pub fn next(&self) -> DualLogin {
        match self.current {
            Some(DualLogin::A) => DualLogin::B,
            _ => DualLogin::A,
        }
    }

    /// The logins that may log in.
    pub fn admitted(&self) -> Vec<DualLogin> {
        let other = match self.step {
            DualStep::Idle => None,
            DualStep::Incoming(login) => Some(login),
            DualStep::Grace { previous, .. } => Some(previous),
        };
        self.current.into_iter().chain(other).collect()
    }

    /// The state while a password of `login` is on its way.
    #[must_use]
    pub fn with_incoming(&self, login: DualLogin, operation_id: &str) -> Self {
        Self {
            step: DualStep::Incoming(login),
            operation_id: Some(operation_id.to_owned()),
            ..self.clone()
        }
    }

    /// The state once the incoming login was delivered; `None` if there is none.
    ///
    /// # Errors
    /// If the end of the grace time is not a time.
    pub fn switched(&self, now: Timestamp, grace: Span) -> anyhow::Result<Option<Self>> {
        let DualStep::Incoming(login) = self.step else {
            return Ok(None);
        };
        let step = match self.current.filter(|current| *current != login) {
            None => DualStep::Idle,
            Some(previous) => DualStep::Grace {
                previous,
                since: now,
                until: now.after(grace)?,
            },
        };
        Ok(Some(Self {
            current: Some(login),
            step,
            ..self.clone()
        }))
    }

    /// The state once nothing is under way any more.
    #[must_use]
    pub fn idle(&self) -> Self {
        Self {
            step: DualStep::Idle,
            ..self.clone()
        }
    }

    /// Whether an operation led to this state.
    pub fn is_of(&self, operation_id: &str) -> bool {
        self.operation_id.as_deref() == Some(operation_id)
    }

    /// Reads the pairs before the profile.
    pub(super) fn read(keys: &BTreeMap<&str, &str>, profile: &str) -> Option<Self> {
        let login = |key: &str| keys.get(key).map(|text| DualLogin::from_letter(text));
        let current = match *keys.get("current")? {
            "none" => None,
            text => Some(DualLogin::from_letter(text)?),
        };
        let time = |key: &str| keys.get(key).and_then(|text| Timestamp::parse(text));
        let step = match (login("incoming"), login("previous")) {
            (None, None) => DualStep::Idle,
            (Some(incoming), None) => DualStep::Incoming(incoming?),
            (_, Some(previous)) => DualStep::Grace {
                previous: previous?,
                since: time("since")?,
                until: time("until")?,
            },
        };
        Some(Self {
            current,
            step,
            operation_id: keys.get("op").map(|id| (*id).to_owned()),
            profile: profile.to_owned(),
        })
    }
}

impl fmt::Display for DualMark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let current = self.current.map_or("none", DualLogin::letter);
        write!(formatter, "dual current={current}")?;
        match self.step {
            DualStep::Idle => {}
            DualStep::Incoming(login) => write!(formatter, " incoming={}", login.letter())?,
            DualStep::Grace { previous, .. } => {
                write!(formatter, " previous={}", previous.letter())?;
            }
        }
        if let Some(id) = &self.operation_id {
            write!(formatter, " op={id}")?;
        }
        if let DualStep::Grace { since, until, .. } = self.step {
            write!(formatter, " since={since} until={until}")?;
        }
        write!(formatter, " profile={}", self.profile)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(step: DualStep) -> DualMark {
        DualMark {
            current: Some(DualLogin::A),
            step,
            operation_id: None,
            profile: "app".to_owned(),
        }
    }

    #[test]
    fn a_rotation_goes_from_one_login_to_the_other_and_back() {
        let owner: RoleName = "shop".parse().unwrap();
        let idle = mark(DualStep::Idle);
        assert_eq!(idle.next().name(&owner).as_str(), "shop_b");
        let incoming = idle.with_incoming(idle.next(), "id");
        assert_eq!(incoming.admitted(), [DualLogin::A, DualLogin::B]);
        let now = Timestamp::now();
        let grace = incoming.switched(now, Span::seconds(5)).unwrap().unwrap();
        assert_eq!(grace.current, Some(DualLogin::B));
        assert_eq!(grace.next(), DualLogin::A);
        assert!(grace.is_of("id") && grace.idle().is_of("id"));
        assert_eq!(grace.idle().admitted(), [DualLogin::B]);
    }

    #[test]
    fn the_first_login_has_no_grace_time() {
        let new = DualMark {
            current: None,
            ..mark(DualStep::Incoming(DualLogin::A))
        };
        let switched = new.switched(Timestamp::now(), Span::seconds(5)).unwrap();
        assert_eq!(switched.unwrap(), mark(DualStep::Idle));
    }

    #[test]
    fn a_name_without_room_for_the_letter_is_refused() {
        let longest: RoleName = "x".repeat(61).parse().unwrap();
        assert!(require_room(&longest).is_ok());
        let longer: RoleName = "x".repeat(62).parse().unwrap();
        assert!(require_room(&longer).is_err());
    }
}
