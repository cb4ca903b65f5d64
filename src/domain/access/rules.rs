//! What the access levels grant in one database, as the config file says: the schemas that count, and the privileges
//! and routines that a level grants beyond the built-in ones.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::access::{AccessLevel, ObjectKind};

/// A privilege on tables that a profile adds to its level by name.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum ExtraPrivilege {
    /// From PostgreSQL 17 on.
    Maintain,
    /// A trigger runs as whoever writes to the table, even a superuser.
    Trigger,
}

/// MAINTAIN exists from this `server_version_num` on.
const HAS_MAINTAIN: u32 = 170_000;

/// Whether a login is created if not all of its access can be granted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Completeness {
    /// All of it, or nothing is changed.
    #[default]
    Whole,
    /// What cannot be granted is left out, and named.
    Partial,
}

/// The privileges on tables of all versions.
const ON_TABLES: [&str; 7] = [
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
];

/// How long the choice of schemas applies.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ChoiceDuration {
    /// The config file's: what a group has elsewhere is excess.
    #[default]
    ForGood,
    /// The command line's: elsewhere nothing changes.
    ForNow,
}

/// The rules for one database of one environment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AccessRules {
    /// The schemas that access is granted in; `None` for all but the excluded, the system's and the extensions'.
    pub schemas: Option<Vec<String>>,
    pub excluded_schemas: Vec<String>,
    pub selection: ChoiceDuration,
    pub completeness: Completeness,
    /// By level: a group carries one level, so that all logins of the level have them.
    pub extra: BTreeMap<AccessLevel, BTreeSet<ExtraPrivilege>>,
    /// The same for routines, as `regprocedure` prints them.
    pub execute: BTreeMap<AccessLevel, BTreeSet<String>>,
    /// Roles that may hold ADMIN on an access group, beyond known admin credentials.
    pub trusted_admins: Vec<String>,
}

impl AccessRules {
    /// Whether only some schemas count, so that default privileges are granted by schema.
    pub fn choose_schemas(&self) -> bool {
        self.schemas.is_some() || !self.excluded_schemas.is_empty()
    }

    /// The privileges of a level on each object of a kind, on a server of `version` (`server_version_num`).
    pub fn privileges(
        &self,
        level: AccessLevel,
        kind: ObjectKind,
        version: u32,
    ) -> Vec<&'static str> {
        let mut privileges = level.privileges(kind).to_vec();
        if kind == ObjectKind::Tables && level != AccessLevel::None {
            let extra = self.extra.get(&level).into_iter().flatten();
            privileges.extend(extra.filter_map(|extra| match extra {
                ExtraPrivilege::Maintain => (version >= HAS_MAINTAIN).then_some("MAINTAIN"),
                ExtraPrivilege::Trigger => Some("TRIGGER"),
            }));
        }
        privileges
    }

    /// The privileges on tables that a level does not grant, as `has_table_privilege` takes several.
    pub fn beyond_on_tables(&self, level: AccessLevel, version: u32) -> String {
        let granted = self.privileges(level, ObjectKind::Tables, version);
        let maintain = (version >= HAS_MAINTAIN).then_some("MAINTAIN");
        let all = ON_TABLES.into_iter().chain(maintain);
        let beyond: Vec<_> = all.filter(|one| !granted.contains(one)).collect();
        beyond.join(", ")
    }

    /// The routines that a level grants EXECUTE on.
    pub fn execute(&self, level: AccessLevel) -> Vec<String> {
        let named = self.execute.get(&level).into_iter().flatten();
        named.cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extra_privileges_belong_to_one_level_and_to_versions_that_know_them() {
        let both = BTreeSet::from([ExtraPrivilege::Maintain, ExtraPrivilege::Trigger]);
        let rules = AccessRules {
            extra: BTreeMap::from([(AccessLevel::Readonly, both)]),
            ..AccessRules::default()
        };
        let on_tables = |level, version| rules.privileges(level, ObjectKind::Tables, version);
        let readonly = AccessLevel::Readonly;
        assert_eq!(
            on_tables(readonly, 180_000),
            ["SELECT", "MAINTAIN", "TRIGGER"]
        );
        assert_eq!(on_tables(readonly, 160_000), ["SELECT", "TRIGGER"]);
        assert!(!on_tables(AccessLevel::Ddl, 180_000).contains(&"TRIGGER"));
        let beyond = |level, version| rules.beyond_on_tables(level, version);
        assert_eq!(
            beyond(readonly, 180_000),
            "INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES"
        );
        assert_eq!(beyond(AccessLevel::Ddl, 160_000), "TRUNCATE, TRIGGER");
        assert_eq!(
            beyond(AccessLevel::Ddl, 170_000),
            "TRUNCATE, TRIGGER, MAINTAIN"
        );
    }
}
