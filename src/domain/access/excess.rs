//! What an access group has beyond its level: granted by earlier versions, or by hand.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::access::{AccessLevel, ObjectKind};
use crate::domain::counted::counted;
use crate::domain::role::RoleName;

/// What one group has beyond its level.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Excess {
    /// Routines that the group itself may execute, and that no profile names.
    pub routines: Vec<OpenRoutine>,
    /// Grants on members of extensions, in schemas that belong to extensions, and in schemas that are not chosen; where
    /// all of it was asked for, also on other objects, beyond what the level grants on them.
    pub grants: Vec<OpenGrant>,
    /// Default privileges on routines, those of roles that make nothing in the database, and those that reach beyond the
    /// chosen schemas; where all of it was asked for, also those of creators beyond the level.
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

/// Grants that differ only in their objects.
#[derive(Debug, Clone, Deserialize)]
pub struct OpenGrant {
    pub kind: ObjectKind,
    pub owner: RoleName,
    pub grantor: RoleName,
    pub because: Beyond,
    /// On some columns: with the columns in parentheses, as in GRANT.
    pub privileges: Vec<String>,
    /// The objects, as the server quotes them.
    pub names: Vec<String>,
}

/// Why a grant is beyond the level.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Beyond {
    /// The object belongs to an extension.
    Extension,
    /// Its schema is not among the chosen.
    Schema,
    /// It is the system's own.
    System,
    /// The level grants less on it.
    Level,
    /// No level grants anything on objects of its kind.
    Kind,
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
        let objects = self.grants.iter().flat_map(|one| &one.names);
        let mut objects: Vec<_> = objects.map(String::as_str).collect();
        objects.sort_unstable();
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
                0 => format!("EXECUTE on {}", counted(self.routines.len(), "routine")),
                _ => format!(
                    "EXECUTE on {}, {closed} of them closed to PUBLIC",
                    counted(self.routines.len(), "routine")
                ),
            });
        }
        for (because, on) in [
            (Beyond::Extension, "on objects of extensions"),
            (Beyond::Schema, "in schemas that are not chosen"),
            (Beyond::System, "on objects of the system"),
            (Beyond::Level, "beyond the level"),
            (Beyond::Kind, "on other objects"),
        ] {
            let grants = self.grants.iter();
            let grants = grants.filter(|grant| grant.because == because);
            let number: usize = grants.map(|grant| grant.names.len()).sum();
            if number > 0 {
                parts.push(format!("{} {on}", counted(number, "grant")));
            }
        }
        if !self.defaults.is_empty() {
            let mut creators: Vec<_> = self.defaults.iter().map(|row| &row.creator).collect();
            creators.sort();
            creators.dedup();
            let roles = counted(creators.len(), "role");
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
