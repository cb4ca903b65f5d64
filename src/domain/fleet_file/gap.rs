//! What a server lacks of what the file asks for, and what it has beyond that.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::fleet_file::desired::{DesiredLogin, Place, Validity};
use crate::domain::role::state::RoleState;
use crate::domain::settings::Limit;
use crate::domain::target::DatabaseName;
use crate::domain::timestamp::Timestamp;

/// A login as its server has it.
#[derive(Debug, Clone, Deserialize)]
pub struct FoundLogin {
    pub state: RoleState,
    #[serde(default)]
    pub search_paths: Vec<FoundPath>,
}

/// A role's own search path in a database.
#[derive(Debug, Clone, Deserialize)]
pub struct FoundPath {
    pub database: String,
    /// As the server stores it.
    pub path: String,
}

/// One thing that is not as the file wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Gap {
    /// There is no such login.
    Missing,
    /// It has less access to a target than it should.
    Access {
        place: Place,
        wanted: AccessLevel,
        found: AccessLevel,
    },
    /// It has more.
    ExcessAccess {
        place: Place,
        wanted: AccessLevel,
        found: AccessLevel,
    },
    SearchPath {
        place: Place,
        wanted: Vec<String>,
        found: Option<String>,
    },
    /// It has one that the file does not name.
    ExcessSearchPath {
        place: Place,
        found: String,
    },
    Login {
        wanted: bool,
    },
    Createdb {
        wanted: bool,
    },
    Createrole {
        wanted: bool,
    },
    ConnectionLimit {
        wanted: Option<u32>,
        found: Option<u32>,
    },
    Validity {
        wanted: Validity,
        found: Option<String>,
    },
    /// A login that pgrole placed, and that the file does not name.
    ExcessLogin,
}

impl Gap {
    /// The word for it in results.
    pub fn what(&self) -> &'static str {
        match self {
            Self::Missing | Self::ExcessLogin => "user",
            Self::Access { .. } | Self::ExcessAccess { .. } => "access",
            Self::SearchPath { .. } | Self::ExcessSearchPath { .. } => "search_path",
            Self::Login { .. } => "login",
            Self::Createdb { .. } => "createdb",
            Self::Createrole { .. } => "createrole",
            Self::ConnectionLimit { .. } => "connection_limit",
            Self::Validity { .. } => "valid_until",
        }
    }

    /// Whether closing it takes something away.
    pub fn is_excess(&self) -> bool {
        matches!(
            self,
            Self::ExcessAccess { .. } | Self::ExcessSearchPath { .. } | Self::ExcessLogin
        ) || matches!(self, Self::Login { wanted: false })
    }

    pub fn wanted(&self) -> String {
        match self {
            Self::Missing => "there".to_owned(),
            Self::ExcessLogin => "locked".to_owned(),
            Self::Access { wanted, .. } | Self::ExcessAccess { wanted, .. } => wanted.to_string(),
            Self::SearchPath { wanted, .. } => wanted.join(", "),
            Self::ExcessSearchPath { .. } => "none".to_owned(),
            Self::Login { wanted } => attribute("LOGIN", *wanted),
            Self::Createdb { wanted } => attribute("CREATEDB", *wanted),
            Self::Createrole { wanted } => attribute("CREATEROLE", *wanted),
            Self::ConnectionLimit { wanted, .. } => limit(*wanted),
            Self::Validity { wanted, .. } => match wanted {
                Validity::ForEver => "none".to_owned(),
                Validity::Renewed(span) => format!("in {span}"),
                Validity::EndsOn(end) => end.to_string(),
            },
        }
    }

    pub fn found(&self) -> String {
        match self {
            Self::Missing => "none".to_owned(),
            Self::ExcessLogin => "there".to_owned(),
            Self::Access { found, .. } | Self::ExcessAccess { found, .. } => found.to_string(),
            Self::SearchPath { found, .. } => found.clone().unwrap_or_else(|| "none".to_owned()),
            Self::ExcessSearchPath { found, .. } => found.clone(),
            Self::Login { wanted } => attribute("LOGIN", !wanted),
            Self::Createdb { wanted } => attribute("CREATEDB", !wanted),
            Self::Createrole { wanted } => attribute("CREATEROLE", !wanted),
            Self::ConnectionLimit { found, .. } => limit(*found),
            Self::Validity { found, .. } => found.clone().unwrap_or_else(|| "none".to_owned()),
        }
    }
}

fn attribute(name: &str, is_set: bool) -> String {
    if is_set {
        name.to_owned()
    } else {
        format!("NO{name}")
    }
}

fn limit(limit: Option<u32>) -> String {
    limit.map_or_else(|| "none".to_owned(), |limit| limit.to_string())
}

/// What a login lacks of what the file asks for.
pub fn gaps(desired: &DesiredLogin, found: Option<&FoundLogin>) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let Some(found) = found else {
        // A locked login that is gone gives nobody anything.
        if desired.login == Some(false) {
            return gaps;
        }
        // What it is created with needs no act of its own; a further database does.
        gaps.push(Gap::Missing);
        let further = desired
            .access
            .iter()
            .filter(|(place, _)| **place != desired.place);
        gaps.extend(further.map(|(place, wanted)| Gap::Access {
            place: place.clone(),
            wanted: *wanted,
            found: AccessLevel::None,
        }));
        gaps.extend(search_paths(desired, &[]));
        return gaps;
    };
    let state = &found.state;
    if let Some(wanted) = desired.login.filter(|wanted| *wanted != state.login) {
        gaps.push(Gap::Login { wanted });
    }
    if let Some(wanted) = desired.createdb.filter(|wanted| *wanted != state.createdb) {
        gaps.push(Gap::Createdb { wanted });
    }
    if let Some(wanted) = desired
        .createrole
        .filter(|wanted| *wanted != state.createrole)
    {
        gaps.push(Gap::Createrole { wanted });
    }
    let held = u32::try_from(state.connection_limit).ok();
    if let Some(Limit(wanted)) = desired.connection_limit.filter(|wanted| wanted.0 != held) {
        gaps.push(Gap::ConnectionLimit {
            wanted,
            found: held,
        });
    }
    gaps.extend(validity(desired, state));
    for (place, wanted) in &desired.access {
        let held = held_level(state, &place.1);
        if held < *wanted && !state.superuser {
            gaps.push(Gap::Access {
                place: place.clone(),
                wanted: *wanted,
                found: held,
            });
        }
    }
    gaps.extend(search_paths(desired, &found.search_paths));
    gaps
}

/// What a login has beyond what the file names, in the databases of its server that are targets.
pub fn excess(desired: &DesiredLogin, found: &FoundLogin, targets: &[Place]) -> Vec<Gap> {
    let mut excess = Vec::new();
    // A database that several targets lead to is judged once, by the one that the file names.
    let mut wanted: BTreeMap<&DatabaseName, (&Place, AccessLevel)> = BTreeMap::new();
    for place in targets {
        wanted.entry(&place.1).or_insert((place, AccessLevel::None));
    }
    for (place, level) in &desired.access {
        wanted.insert(&place.1, (place, *level));
    }
    for (database, (place, wanted)) in wanted {
        let held = held_level(&found.state, database);
        if desired.is_access_whole && held > wanted {
            excess.push(Gap::ExcessAccess {
                place: place.clone(),
                wanted,
                found: held,
            });
        }
    }
    for path in &found.search_paths {
        let is_named = desired
            .search_path
            .keys()
            .any(|place| place.1.as_str() == path.database);
        let place = targets
            .iter()
            .find(|place| place.1.as_str() == path.database);
        if let Some(place) = place.filter(|_| desired.is_search_path_whole && !is_named) {
            excess.push(Gap::ExcessSearchPath {
                place: place.clone(),
                found: path.path.clone(),
            });
        }
    }
    excess
}

/// The highest level of a database whose group the role is a member of.
pub fn held_level(state: &RoleState, database: &DatabaseName) -> AccessLevel {
    let is_member = |level: &AccessLevel| {
        let group = group_name(database, *level);
        state.member_of.iter().any(|name| name == group.as_str())
    };
    let held = GROUP_LEVELS.into_iter().filter(is_member).max();
    held.unwrap_or(AccessLevel::None)
}

fn validity(desired: &DesiredLogin, state: &RoleState) -> Option<Gap> {
    let wanted = desired.validity?;
    let found = state.valid_until.as_deref();
    let is_so = match wanted {
        Validity::ForEver => found.is_none(),
        // Each rotation moves it.
        Validity::Renewed(_) => found.is_some(),
        Validity::EndsOn(end) => found
            .and_then(Timestamp::parse)
            .is_some_and(|found| found.unix_seconds() == end.unix_seconds()),
    };
    (!is_so).then(|| Gap::Validity {
        wanted,
        found: found.map(str::to_owned),
    })
}

fn search_paths(desired: &DesiredLogin, found: &[FoundPath]) -> Vec<Gap> {
    let wanted = desired.search_path.iter().filter_map(|(place, wanted)| {
        let held = found.iter().find(|path| path.database == place.1.as_str());
        let is_so = held.is_some_and(|held| split_path(&held.path) == *wanted);
        (!is_so).then(|| Gap::SearchPath {
            place: place.clone(),
            wanted: wanted.clone(),
            found: held.map(|held| held.path.clone()),
        })
    });
    wanted.collect()
}

/// The schemas of a search path as the server stores it: quoted as identifiers where they need it.
pub(super) fn split_path(path: &str) -> Vec<String> {
    let mut schemas = Vec::new();
    let mut schema = String::new();
    let mut is_quoted = false;
    let mut letters = path.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if is_quoted && letters.peek() == Some(&'"') => {
                letters.next();
                schema.push('"');
            }
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => schemas.push(std::mem::take(&mut schema)),
            ' ' if !is_quoted => {}
            letter => schema.push(letter),
        }
    }
    schemas.push(schema);
    schemas
}

impl FoundPath {
    pub fn schemas(&self) -> Vec<String> {
        split_path(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_split_at_commas_outside_of_quotes() {
        for (path, wanted) in [
            ("public", vec!["public"]),
            ("\"$user\", public", vec!["$user", "public"]),
            ("\"a, \"\"b\"\"\",c", vec!["a, \"b\"", "c"]),
            ("\"\"", vec![""]),
        ] {
            assert_eq!(split_path(path), wanted, "{path}");
        }
    }
}
