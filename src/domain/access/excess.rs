//! What an access group has beyond its level: granted by earlier versions, or by hand.

use std::fmt::Display;

use serde::Deserialize;

use crate::domain::access::{AccessLevel, ObjectKind};
use crate::domain::role::RoleName;

/// What one group has beyond its level.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Excess {
    /// Routines that the group itself may execute, and that no profile names.
    pub routines: Vec<OpenRoutine>,
    /// Grants on members of extensions, in schemas that belong to extensions, and in schemas that are not chosen.
    pub grants: Vec<OpenGrant>,
    /// Default privileges on routines, those of roles that make nothing in the database, and those that reach beyond the
    /// chosen schemas.
    pub defaults: Vec<OpenDefault>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OpenRoutine {
    /// As `regprocedure` prints it.
    pub name: String,
    pub owner: RoleName,
    pub grantor: RoleName,
    /// The extension that it is a member of.
    pub extension: Option<String>,
    /// Whether PUBLIC may execute it, so that the group loses nothing with its own grant.
    pub public: bool,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OpenGrant {
    pub kind: ObjectKind,
    /// As the server quotes it.
    pub name: String,
    pub owner: RoleName,
    pub grantor: RoleName,
    /// Whether it belongs to an extension; else its schema is not among the chosen.
    pub extension: bool,
    pub privileges: Vec<String>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct OpenDefault {
    pub creator: RoleName,
    /// `None` for all schemas.
    pub schema: Option<String>,
    pub kind: ObjectKind,
    pub privileges: Vec<String>,
}

impl Excess {
    pub fn is_empty(&self) -> bool {
        self.routines.is_empty() && self.grants.is_empty() && self.defaults.is_empty()
    }

    /// The routines that members of the group can execute only through it.
    pub fn closed_to_others(&self) -> impl Iterator<Item = &OpenRoutine> {
        self.routines.iter().filter(|routine| !routine.public)
    }

    /// The excess by name: routines, objects and roles; of many, the first few.
    pub fn named(&self) -> String {
        let routines: Vec<_> = self.routines.iter().map(|one| one.name.as_str()).collect();
        let objects: Vec<_> = self.grants.iter().map(|one| one.name.as_str()).collect();
        let mut creators: Vec<_> = self
            .defaults
            .iter()
            .map(|one| one.creator.as_str())
            .collect();
        creators.dedup();
        let parts = [
            ("EXECUTE on ", routines),
            ("grants on ", objects),
            ("default privileges of ", creators),
        ];
        let parts = parts.into_iter().filter(|(_, names)| !names.is_empty());
        let parts: Vec<_> = parts
            .map(|(what, names)| format!("{what}{}", first_few(&names)))
            .collect();
        parts.join("; ")
    }

    /// The excess in numbers, for the end of a sentence.
    pub fn counted(&self) -> String {
        let mut parts = Vec::new();
        if !self.routines.is_empty() {
            let closed = self.closed_to_others().count();
            parts.push(match closed {
                0 => format!("EXECUTE on {}", count(self.routines.len(), "routine")),
                _ => format!(
                    "EXECUTE on {}, {closed} of them closed to PUBLIC",
                    count(self.routines.len(), "routine")
                ),
            });
        }
        let of_extensions = self.grants.iter().filter(|grant| grant.extension).count();
        for (number, on) in [
            (of_extensions, "on objects of extensions"),
            (
                self.grants.len() - of_extensions,
                "in schemas that are not chosen",
            ),
        ] {
            if number > 0 {
                parts.push(format!("{} {on}", count(number, "grant")));
            }
        }
        if !self.defaults.is_empty() {
            let mut creators: Vec<_> = self.defaults.iter().map(|row| &row.creator).collect();
            creators.sort();
            creators.dedup();
            let roles = count(creators.len(), "role");
            parts.push(format!("default privileges of {roles}"));
        }
        parts.join("; ")
    }
}

impl OpenRoutine {
    /// The line of a profile that keeps EXECUTE on the routine; `None` for a member of an extension, which stays
    /// closed.
    pub fn keep(&self, level: AccessLevel) -> Option<String> {
        // A TOML string is written as JSON writes it.
        let name = serde_json::Value::from(self.name.as_str());
        let line = format!("execute = [{name}]");
        self.extension
            .is_none()
            .then(|| format!("{line}   # in a profile with access = \"{level}\""))
    }
}

/// How many names are listed.
const MOST_NAMED: usize = 10;

fn first_few(names: &[&str]) -> String {
    let listed = names[..names.len().min(MOST_NAMED)].join(", ");
    match names.len().saturating_sub(MOST_NAMED) {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}

/// "1 routine", "2 routines".
pub fn count(number: impl Display, noun: &str) -> String {
    match number.to_string().as_str() {
        "1" => format!("1 {noun}"),
        number => format!("{number} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn excess_is_counted_in_one_line() {
        let routine = |name: &str, public| OpenRoutine {
            name: name.into(),
            owner: RoleName::default(),
            grantor: RoleName::default(),
            extension: None,
            public,
        };
        let default = |creator: &str, kind| OpenDefault {
            creator: RoleName::from_server(creator),
            schema: None,
            kind,
            privileges: vec!["SELECT".into()],
        };
        let excess = Excess {
            routines: vec![routine("app.a()", false), routine("app.b(text)", true)],
            grants: Vec::new(),
            defaults: vec![
                default("x", ObjectKind::Tables),
                default("x", ObjectKind::Schemas),
            ],
        };
        assert_eq!(
            excess.counted(),
            "EXECUTE on 2 routines, 1 of them closed to PUBLIC; default privileges of 1 role"
        );
        assert_eq!(
            excess.named(),
            "EXECUTE on app.a(), app.b(text); default privileges of x"
        );
        assert_eq!(
            excess.routines[1].keep(AccessLevel::Readonly).unwrap(),
            "execute = [\"app.b(text)\"]   # in a profile with access = \"readonly\""
        );
    }
}
