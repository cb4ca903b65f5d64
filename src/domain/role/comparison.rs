//! What two roles differ in, wherever they are: names that depend on the place are compared as what they stand for.
//! `{database}` is the database of the target, and `{database}_LEVEL` its access group.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::role::definition::{MembershipOptions, RoleDefinition};
use crate::domain::role::mark::Mark;
use crate::domain::role::name_list::ListKind;

/// What two roles differ in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RoleDifference {
    /// An attribute, `comment`, `membership` or `setting`.
    pub what: &'static str,
    /// The group or the setting; null for what is unique.
    pub name: Option<String>,
    /// The database that the setting applies to; null: all databases.
    pub database: Option<String>,
    /// What the left role has; null if it has none.
    pub left: Option<String>,
    /// What the right role has; null if it has none.
    pub right: Option<String>,
}

/// What a trait is called, in the order in which they are shown.
type Key = (u8, &'static str, Option<String>, Option<String>);

/// A role's definition, and the cluster that it is on.
#[derive(Debug, Clone, Copy)]
pub struct Compared<'a> {
    pub definition: &'a RoleDefinition,
    /// The cluster's `system_identifier`; `None` if not known.
    pub cluster: Option<&'a str>,
}

/// All differences, without those that follow from the place alone.
pub fn compare(left: Compared<'_>, right: Compared<'_>) -> Vec<RoleDifference> {
    let (left, right) = (left.traits(), right.traits());
    let keys: BTreeSet<&Key> = left.keys().chain(right.keys()).collect();
    let differing = keys
        .into_iter()
        .filter(|key| left.get(key) != right.get(key));
    let differences = differing.map(|key| {
        let (_, what, name, database) = key;
        RoleDifference {
            what,
            name: name.clone(),
            database: database.clone(),
            left: left.get(key).cloned(),
            right: right.get(key).cloned(),
        }
    });
    differences.collect()
}

impl Compared<'_> {
    fn traits(self) -> BTreeMap<Key, String> {
        let mut traits = self.attributes();
        traits.extend(self.memberships());
        traits.extend(self.settings());
        traits
    }

    fn attributes(self) -> BTreeMap<Key, String> {
        let RoleDefinition {
            role, valid_until, ..
        } = self.definition;
        let yes = |is_so: bool| Some(if is_so { "yes" } else { "no" }.to_owned());
        let limit = match role.connection_limit {
            -1 => "none".to_owned(),
            limit => limit.to_string(),
        };
        let until = valid_until.as_deref().filter(|until| *until != "infinity");
        let attributes = [
            ("login", yes(role.login)),
            ("superuser", yes(role.superuser)),
            ("inherit", yes(role.inherit)),
            ("createdb", yes(role.createdb)),
            ("createrole", yes(role.createrole)),
            ("replication", yes(role.replication)),
            ("bypassrls", yes(role.bypassrls)),
            ("connection_limit", Some(limit)),
            ("valid_until", Some(until.unwrap_or("none").to_owned())),
            ("comment", self.comment()),
        ];
        let order = 0..;
        let traits = order
            .zip(attributes)
            .filter_map(|(place, (what, value))| Some(((place, what, None, None), value?)));
        traits.collect()
    }

    /// Which of dual logins is current, and since when, is no difference.
    fn comment(self) -> Option<String> {
        let role = &self.definition.role;
        match role.mark() {
            Some(Mark::Dual(mark)) => Some(format!("pgrole: dual profile={}", mark.profile)),
            _ => role.comment.clone(),
        }
    }

    fn memberships(self) -> BTreeMap<Key, String> {
        let mut held: BTreeMap<String, MembershipOptions> = BTreeMap::new();
        for membership in &self.definition.memberships {
            let level = self.definition.level_of(membership, self.cluster);
            let name = level.map_or(membership.group.clone(), |level| {
                format!("{{database}}_{level}")
            });
            let options = membership.options;
            held.entry(name)
                .and_modify(|before| *before = before.or(options))
                .or_insert(options);
        }
        let traits = held.into_iter();
        let key = |name| (100, "membership", Some(name), None);
        traits
            .map(|(name, options)| (key(name), options.in_words()))
            .collect()
    }

    fn settings(self) -> BTreeMap<Key, String> {
        let settings = self.definition.settings.iter().map(|setting| {
            let database = setting.database.as_ref().map(|database| {
                if *database == self.definition.database {
                    "{database}".to_owned()
                } else {
                    database.clone()
                }
            });
            let name = setting.name.to_lowercase();
            let value = by_meaning(&name, &setting.value);
            ((101, "setting", Some(name), database), value)
        });
        settings.collect()
    }
}

/// A list of names in one spelling; the server skips empty ones.
fn by_meaning(name: &str, value: &str) -> String {
    let names = ListKind::of(name).and_then(|kind| kind.elements(value));
    let Some(names) = names else {
        return value.to_owned();
    };
    let quoted = names
        .iter()
        .filter(|name| !name.is_empty())
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")));
    quoted.collect::<Vec<_>>().join(", ")
}

impl MembershipOptions {
    fn or(self, other: Self) -> Self {
        Self {
            admin: self.admin || other.admin,
            inherit: self.inherit || other.inherit,
            set: self.set || other.set,
        }
    }

    /// As PostgreSQL spells them.
    pub fn in_words(self) -> String {
        let options = [
            (self.admin, "ADMIN"),
            (self.inherit, "INHERIT"),
            (self.set, "SET"),
        ];
        let held: Vec<_> = options
            .into_iter()
            .filter_map(|(is_held, name)| is_held.then_some(name))
            .collect();
        if held.is_empty() {
            return "no options".to_owned();
        }
        held.join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn definition(database: &str, oid: u32, rest: &str) -> RoleDefinition {
        let mut json: serde_json::Value = serde_json::from_str(rest).unwrap();
        json["version"] = 150_000.into();
        json["database"] = database.into();
        json["database_oid"] = oid.into();
        json["bound"] = serde_json::json!({"owned": 0, "granted": 0, "default_privileges": 0, "policies": 0, "members": 0});
        serde_json::from_value(json).unwrap()
    }

    fn differences(left: &RoleDefinition, right: &RoleDefinition) -> Vec<RoleDifference> {
        let compared = |definition| Compared {
            definition,
            cluster: Some("7"),
        };
        compare(compared(left), compared(right))
    }

    #[test]
    fn what_depends_on_the_place_is_no_difference() {
        let left = definition(
            "dev",
            1,
            r#"{"role": {"name": "a", "login": true, "connection_limit": -1}, "valid_until": "infinity",
                "memberships": [{"group": "old_readonly", "admin": false, "inherit": true, "set": true,
                    "comment": "pgrole: access=readonly oid=1 cluster=7 database=old"}],
                "settings": [{"database": "dev", "name": "search_path", "value": "A,\"\", b"}]}"#,
        );
        let right = definition(
            "prod",
            2,
            r#"{"role": {"name": "b", "login": true, "connection_limit": -1}, "valid_until": null,
                "memberships": [{"group": "prod_readonly", "admin": false, "inherit": true, "set": true,
                    "comment": "pgrole: access=readonly database=prod"}],
                "settings": [{"database": "prod", "name": "search_path", "value": "a, b"}]}"#,
        );
        assert_eq!(differences(&left, &right), []);
    }

    #[test]
    fn each_difference_says_what_it_is() {
        let left = definition(
            "dev",
            1,
            r#"{"role": {"name": "a", "login": true, "connection_limit": 5, "comment": "x"}, "valid_until": null,
                "memberships": [{"group": "g", "comment": null, "admin": true, "inherit": false, "set": false}],
                "settings": [{"database": null, "name": "work_mem", "value": "1MB"}]}"#,
        );
        let right = definition(
            "dev",
            1,
            r#"{"role": {"name": "b", "login": false, "connection_limit": -1}, "valid_until": null,
                "memberships": [{"group": "g", "comment": null, "admin": false, "inherit": false, "set": false},
                    {"group": "dev_ddl", "admin": false, "inherit": true, "set": true,
                     "comment": "pgrole: access=ddl oid=1 cluster=8 database=dev"}],
                "settings": []}"#,
        );
        let found = differences(&left, &right);
        let found: Vec<_> = found
            .iter()
            .map(|one| {
                (
                    one.what,
                    one.name.as_deref(),
                    one.left.as_deref(),
                    one.right.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            found,
            [
                ("login", None, Some("yes"), Some("no")),
                ("connection_limit", None, Some("5"), Some("none")),
                ("comment", None, Some("x"), None),
                // A group of another cluster's, by its mark.
                ("membership", Some("dev_ddl"), None, Some("INHERIT, SET")),
                ("membership", Some("g"), Some("ADMIN"), Some("no options")),
                ("setting", Some("work_mem"), Some("1MB"), None),
            ]
        );
    }
}
