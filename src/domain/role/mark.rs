//! Marks: the comments by which pgrole recognizes what it created. A hint, never a proof: anyone with CREATEROLE can
//! write one.
//!
//! `pgrole: ` and then `key=value` pairs, separated by spaces. The last one, `profile` or `database`, is free text to
//! the end; unknown keys before it are ignored, so that a later version may add some.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use crate::domain::access::AccessLevel;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::role::dual_mark::DualMark;
use crate::domain::target::DatabaseName;

/// What the comment on a role of pgrole's says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mark {
    /// A login, and the profile that it was created with.
    Profile(String),
    /// The owner of dual logins.
    Dual(DualMark),
    /// One of the dual logins of that role.
    LoginOf(RoleName),
    Group(GroupMark),
}

/// What the comment on a dual login begins with, before the owner's name.
const LOGIN_OF: &str = "dual login of ";

/// What the comment on an access group says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMark {
    pub level: String,
    /// The database's oid; `None` if marked by a version that did not write it.
    pub oid: Option<u32>,
    /// The cluster's `system_identifier`; `None` if the role that marked the group could not read it.
    pub cluster: Option<String>,
    /// The database's name at that time.
    pub database: String,
}

impl GroupMark {
    pub fn new(
        level: AccessLevel,
        database: &DatabaseName,
        oid: u32,
        cluster: Option<&str>,
    ) -> Self {
        Self {
            level: level.to_string(),
            oid: Some(oid),
            cluster: cluster.map(str::to_owned),
            database: database.as_str().to_owned(),
        }
    }
}

impl Mark {
    /// The profile of a login, or of an owner of dual logins.
    pub fn profile(&self) -> Option<&str> {
        match self {
            Self::Profile(profile) => Some(profile),
            Self::Dual(mark) => Some(&mark.profile),
            Self::LoginOf(_) | Self::Group(_) => None,
        }
    }

    /// The same, of a mark that is not needed any more.
    pub fn into_profile(self) -> Option<String> {
        self.profile().map(str::to_owned)
    }
}

impl fmt::Display for Mark {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dual(mark) => write!(formatter, "pgrole: {mark}"),
            Self::LoginOf(owner) => write!(formatter, "pgrole: {LOGIN_OF}{owner}"),
            Self::Profile(profile) => write!(formatter, "pgrole: profile={profile}"),
            Self::Group(group) => {
                write!(formatter, "pgrole: access={}", group.level)?;
                if let Some(oid) = group.oid {
                    write!(formatter, " oid={oid}")?;
                }
                if let Some(cluster) = &group.cluster {
                    write!(formatter, " cluster={cluster}")?;
                }
                write!(formatter, " database={}", group.database)
            }
        }
    }
}

impl FromStr for Mark {
    type Err = Failure;

    /// Reads a comment back.
    ///
    /// # Errors
    /// If it is not one of pgrole's.
    fn from_str(comment: &str) -> Result<Self, Failure> {
        parse(comment).ok_or_else(|| Failure::new(Kind::Failed, "not a comment of pgrole's"))
    }
}

fn parse(comment: &str) -> Option<Mark> {
    let mut rest = comment.strip_prefix("pgrole: ")?;
    if let Some(owner) = rest.strip_prefix(LOGIN_OF) {
        return Some(Mark::LoginOf(RoleName::from_server(owner)));
    }
    let dual = rest.strip_prefix("dual ");
    rest = dual.unwrap_or(rest);
    let mut keys = BTreeMap::new();
    loop {
        let (key, after) = rest.split_once('=')?;
        match key {
            "profile" if dual.is_some() => return DualMark::read(&keys, after).map(Mark::Dual),
            "profile" => return Some(Mark::Profile(after.to_owned())),
            "database" if dual.is_none() => {
                let text = |key: &str| keys.get(key).map(|value: &&str| (*value).to_owned());
                return Some(Mark::Group(GroupMark {
                    level: text("access")?,
                    oid: keys.get("oid").and_then(|oid| oid.parse().ok()),
                    cluster: text("cluster"),
                    database: after.to_owned(),
                }));
            }
            _ if key.is_empty() || key.contains(' ') => return None,
            _ => {
                let (value, next) = after.split_once(' ')?;
                keys.insert(key, value);
                rest = next;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn group(comment: &str) -> GroupMark {
        match comment.parse().unwrap() {
            Mark::Group(group) => group,
            other => panic!("not a group: {other}"),
        }
    }

    #[test]
    fn marks_survive_the_way_to_the_server_and_back() {
        let database = "odd database=x oid=3".parse().unwrap();
        let marked = GroupMark::new(AccessLevel::Ddl, &database, 16_385, Some("7340"));
        for mark in [Mark::Group(marked), Mark::Profile("a b=c".into())] {
            assert_eq!(mark.to_string().parse::<Mark>().unwrap(), mark);
        }
        for comment in [
            "pgrole: dual current=none incoming=a op=1 profile=my app",
            "pgrole: dual current=b previous=owner op=1 since=2026-11-27T03:00:00.000001Z until=2026-11-27T03:00:02.500000Z profile=app",
            "pgrole: dual current=a profile=app",
            "pgrole: dual login of a b=c",
        ] {
            let mark: Mark = comment.parse().unwrap();
            assert!(
                matches!(mark, Mark::Dual(_) | Mark::LoginOf(_)),
                "{comment}"
            );
            assert_eq!(mark.to_string(), comment);
        }
        for comment in [
            "dual profile=app",
            "dual current=c profile=app",
            "dual current=a previous=b profile=app",
        ] {
            assert!(
                format!("pgrole: {comment}").parse::<Mark>().is_err(),
                "{comment}"
            );
        }
        assert!("made by hand".parse::<Mark>().is_err());
        assert!("pgrole: made by hand, level=x".parse::<Mark>().is_err());
    }

    #[test]
    fn marks_of_earlier_and_later_versions_are_read() {
        let earlier = group("pgrole: access=readonly database=my app");
        assert_eq!((earlier.oid, earlier.cluster.as_deref()), (None, None));
        assert_eq!(earlier.database, "my app");
        let later = group("pgrole: access=ddl shape=round oid=5 database=d");
        assert_eq!((later.level.as_str(), later.oid), ("ddl", Some(5)));
    }
}
