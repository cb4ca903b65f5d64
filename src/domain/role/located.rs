//! A role as the command line names it: `NAME`, or `NAME@ENV/DATABASE`.

use std::fmt;
use std::str::FromStr;

use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::target::{DatabaseName, Environment};

/// A role, and the target that it is on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocatedRole {
    pub role: RoleName,
    /// `None` if the target is named elsewhere.
    pub place: Option<(Environment, DatabaseName)>,
}

impl FromStr for LocatedRole {
    type Err = Failure;

    /// A role's name may contain `@`, and a database's both `@` and `/`: the last `@` that is followed by a `/` ends
    /// the role's name.
    fn from_str(text: &str) -> Result<Self, Failure> {
        let mut places = text.rmatch_indices('@').map(|(at, _)| at);
        let place = places.find_map(|at| {
            let (env, database) = text[at + 1..].split_once('/')?;
            (!env.is_empty()).then_some((at, env, database))
        });
        Ok(match place {
            Some((at, env, database)) => Self {
                role: text[..at].parse()?,
                place: Some((Environment::new(env), database.parse()?)),
            },
            None => Self {
                role: text.parse()?,
                place: None,
            },
        })
    }
}

impl fmt::Display for LocatedRole {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.role)?;
        match &self.place {
            Some((env, database)) => write!(formatter, "@{env}/{database}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_is_named_with_or_without_its_target() {
        for (text, role, place) in [
            ("jane", "jane", None),
            ("jane@example.com", "jane@example.com", None),
            ("jane@dev/app", "jane", Some(("dev", "app"))),
            (
                "jane@example.com@dev/a@b",
                "jane@example.com",
                Some(("dev", "a@b")),
            ),
            ("a/b@dev/x", "a/b", Some(("dev", "x"))),
        ] {
            let named: LocatedRole = text.parse().unwrap();
            assert_eq!(named.role.as_str(), role);
            let found = named.place.as_ref();
            let found = found.map(|(env, database)| (env.as_str(), database.as_str()));
            assert_eq!(found, place);
            assert_eq!(named.to_string(), text);
        }
        for text in ["", "@dev/x", "jane@dev/", "pg_monitor@dev/x"] {
            assert!(text.parse::<LocatedRole>().is_err(), "{text}");
        }
    }
}
