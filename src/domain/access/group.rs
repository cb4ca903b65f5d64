//! Whether a role with an access group's name is the group, could become it, or must be left alone. A comment alone
//! proves nothing: anyone with CREATEROLE can plant a role with it, and gain access with the next login.

use std::collections::BTreeSet;

use crate::domain::access::state::{DatabaseState, GroupState};
use crate::domain::access::{AccessLevel, GROUP_LEVELS, group_name};
use crate::domain::role::mark::GroupMark;
use crate::domain::target::DatabaseName;

/// What a group is judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judge<'a> {
    pub database: &'a DatabaseName,
    /// What was found of it.
    pub state: &'a DatabaseState,
    /// The `system_identifier`, if the admin credential may read it.
    pub cluster: Option<&'a str>,
    /// Roles that may hold ADMIN on a group, besides superusers and the database's owner.
    pub trusted: &'a BTreeSet<String>,
}

/// What a role with a group's name is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// The group, correctly marked.
    Ours,
    /// The group; its mark says less than it should (an earlier version's), or another name of the same database.
    ToMark,
    /// Could be the group, but does not carry pgrole's mark.
    Unmarked,
    /// The group of a database that no longer exists: what it was granted went with that database, its members stayed.
    Stale,
    /// The group of another existing database, which now has this name.
    OfAnother(String),
    /// Something that a group cannot be.
    Unsafe(Vec<String>),
}

impl Judge<'_> {
    /// The mark that the group of a level carries from now on.
    pub fn mark(&self, level: AccessLevel) -> GroupMark {
        GroupMark::new(level, self.database, self.state.oid, self.cluster)
    }

    /// What the role with the name of a level's group is.
    pub fn standing(&self, group: &GroupState) -> Standing {
        let faults = self.faults(group);
        if !faults.is_empty() {
            return Standing::Unsafe(faults);
        }
        let found = group.mark();
        let Some(found) = found.filter(|found| found.level == group.level.as_str()) else {
            return Standing::Unmarked;
        };
        let wanted = self.mark(group.level);
        let is_of_another_cluster = match (&found.cluster, &wanted.cluster) {
            (Some(found), Some(wanted)) => found != wanted,
            _ => false,
        };
        if is_of_another_cluster {
            return Standing::Stale;
        }
        if found.oid.is_none() {
            // An earlier version's: its text is all there is to go by.
            return if found.database == wanted.database {
                Standing::ToMark
            } else {
                Standing::Unmarked
            };
        }
        if found.oid != wanted.oid {
            return match &group.marked_database {
                Some(other) => Standing::OfAnother(other.clone()),
                None => Standing::Stale,
            };
        }
        if found.database == wanted.database {
            Standing::Ours
        } else {
            Standing::ToMark
        }
    }

    /// What the role has that a group cannot have.
    fn faults(&self, group: &GroupState) -> Vec<String> {
        let mut faults = Vec::new();
        if !group.attributes.is_empty() {
            faults.push(format!("it has {}", group.attributes.join(", ")));
        }
        if group.password == Some(true) {
            faults.push("it has a password".to_owned());
        }
        if group.expires {
            faults.push("it has a VALID UNTIL".to_owned());
        }
        // Membership in a group above would give its rights to all members of this one.
        let below = GROUP_LEVELS
            .into_iter()
            .filter(|level| *level < group.level);
        let below: Vec<_> = below
            .map(|level| group_name(self.database, level))
            .collect();
        let is_below = |name: &String| below.iter().any(|group| group.as_str() == name);
        let foreign = group.member_of.iter().filter(|name| !is_below(name));
        faults.extend(foreign.map(|name| format!("it is a member of \"{name}\"")));
        faults.extend(self.strangers(group).map(|name| {
            format!("\"{name}\" has ADMIN on it, and is not a known admin credential")
        }));
        faults
    }

    /// Roles that may grant the group though they are not trusted.
    pub fn strangers<'a>(&'a self, group: &'a GroupState) -> impl Iterator<Item = &'a str> {
        let owner = self.state.owner.as_str();
        let strangers = group.admins.iter().filter(move |admin| {
            !admin.superuser && admin.name != owner && !self.trusted.contains(&admin.name)
        });
        strangers.map(|admin| admin.name.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::access::state::GroupAdmin;
    use crate::domain::role::RoleName;

    fn group(comment: &str) -> GroupState {
        GroupState {
            level: AccessLevel::Readwrite,
            comment: Some(comment.to_owned()),
            attributes: Vec::new(),
            password: None,
            expires: false,
            member_of: Vec::new(),
            admins: Vec::new(),
            marked_database: None,
            members: Vec::new(),
            on_database: Vec::new(),
            grantable: true,
            administered: false,
        }
    }

    fn standing(group: &GroupState) -> Standing {
        let state = DatabaseState {
            oid: 16_400,
            owner: RoleName::from_server("owner"),
            ..DatabaseState::default()
        };
        let judge = Judge {
            database: &"d".parse().unwrap(),
            state: &state,
            cluster: Some("7"),
            trusted: &BTreeSet::from(["dba".to_owned()]),
        };
        judge.standing(group)
    }

    #[test]
    fn the_mark_decides_where_all_else_is_right() {
        for (comment, wanted) in [
            (
                "pgrole: access=readwrite oid=16400 cluster=7 database=d",
                Standing::Ours,
            ),
            (
                "pgrole: access=readwrite oid=16400 database=d",
                Standing::Ours,
            ),
            ("pgrole: access=readwrite database=d", Standing::ToMark),
            (
                "pgrole: access=readwrite oid=16400 database=old",
                Standing::ToMark,
            ),
            (
                "pgrole: access=readwrite database=other",
                Standing::Unmarked,
            ),
            (
                "pgrole: access=readonly oid=16400 database=d",
                Standing::Unmarked,
            ),
            ("pgrole: access=readwrite oid=9 database=d", Standing::Stale),
            (
                "pgrole: access=readwrite oid=16400 cluster=8 database=d",
                Standing::Stale,
            ),
            ("made by hand", Standing::Unmarked),
        ] {
            assert_eq!(standing(&group(comment)), wanted, "{comment}");
        }
        let mut renamed = group("pgrole: access=readwrite oid=9 database=d");
        renamed.marked_database = Some("d_old".into());
        assert_eq!(standing(&renamed), Standing::OfAnother("d_old".into()));
    }

    #[test]
    fn what_no_group_is_counts_whatever_the_mark_says() {
        let admin = |name: &str, superuser| GroupAdmin {
            name: name.into(),
            superuser,
        };
        let mut found = group("pgrole: access=readwrite oid=16400 database=d");
        found.admins = vec![
            admin("owner", false),
            admin("dba", false),
            admin("root", true),
        ];
        found.member_of = vec!["d_readonly".into()];
        assert_eq!(standing(&found), Standing::Ours);
        found.attributes = vec!["LOGIN".into(), "CREATEROLE".into()];
        found.password = Some(true);
        found.expires = true;
        found.member_of = vec!["d_ddl".into()];
        found.admins.push(admin("planter", false));
        assert_eq!(
            standing(&found),
            Standing::Unsafe(vec![
                "it has LOGIN, CREATEROLE".into(),
                "it has a password".into(),
                "it has a VALID UNTIL".into(),
                "it is a member of \"d_ddl\"".into(),
                "\"planter\" has ADMIN on it, and is not a known admin credential".into(),
            ])
        );
    }
}
