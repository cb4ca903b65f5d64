//! Revokes what a group has beyond its level, as far as the server lets this admin credential.

use std::collections::BTreeMap;

use crate::domain::access::planner::Planner;
use crate::domain::access::{AccessLevel, ObjectKind};
use crate::domain::act::plan::{Change, Granted};
use crate::domain::encoding::holds_shown_byte;
use crate::domain::role::RoleName;

impl Planner<'_> {
    /// Revokes what the group of a level has beyond it, as far as the admin credential may.
    pub(super) fn take_back(&mut self, level: AccessLevel) {
        let excess = &self.access().excess;
        let mut names: BTreeMap<(ObjectKind, Vec<String>), Vec<String>> = BTreeMap::new();
        for routine in &excess.routines {
            if self.may_revoke(&routine.owner, &routine.grantor) {
                let kind = (ObjectKind::Routines, vec!["EXECUTE".to_owned()]);
                names.entry(kind).or_default().push(routine.name.clone());
                self.said.closed.push(routine.clone());
            } else {
                self.leave_open(&format!("EXECUTE on {}", routine.name), &routine.grantor);
            }
        }
        for grant in &excess.grants {
            if self.may_revoke(&grant.owner, &grant.grantor) {
                let kind = (grant.kind, grant.privileges.clone());
                let names = names.entry(kind).or_default();
                names.extend(grant.names.iter().cloned());
                continue;
            }
            for name in &grant.names {
                let what = format!("{} on {name}", grant.privileges.join(", "));
                self.leave_open(&what, &grant.grantor);
            }
        }
        for ((kind, privileges), names) in names {
            self.revoke(level, privileges, Granted::Named { kind, names });
        }
        self.take_back_defaults(level);
    }

    fn take_back_defaults(&mut self, level: AccessLevel) {
        type Scope = (ObjectKind, Option<String>, Vec<String>);
        let mut creators: BTreeMap<Scope, Vec<RoleName>> = BTreeMap::new();
        for row in &self.access().excess.defaults {
            let can_be_named = !holds_shown_byte(row.creator.as_str());
            if can_be_named && self.reaches(&row.creator) {
                let scope = (row.kind, row.schema.clone(), row.privileges.clone());
                creators.entry(scope).or_default().push(row.creator.clone());
                self.defaults_of.insert(row.creator.clone());
            } else {
                let kind = row.kind.keyword().to_lowercase();
                self.leave_open(&format!("default privileges on {kind}"), &row.creator);
            }
        }
        for ((kind, schema, privileges), creators) in creators {
            let on = Granted::Future {
                kind,
                creators,
                schemas: schema.into_iter().collect(),
            };
            self.revoke(level, privileges, on);
        }
    }

    /// Whether the server would let the admin credential revoke a grant: REVOKE affects the grants of one grantor only,
    /// the owner if one may act for it, else oneself.
    fn may_revoke(&mut self, owner: &RoleName, grantor: &RoleName) -> bool {
        if grantor == owner {
            return self.reaches(owner);
        }
        let owner = self.access().acting_owner(owner);
        let is_own = grantor.as_str() == self.found().admin.name;
        is_own && !self.access().reach(owner).is_given()
    }

    fn leave_open(&mut self, what: &str, grantor: &RoleName) {
        self.said
            .left_open
            .push(format!("{what}, which only \"{grantor}\" can revoke"));
    }

    fn revoke(&mut self, level: AccessLevel, privileges: Vec<String>, on: Granted) {
        self.changes.push(Change::Revoke {
            privileges,
            on,
            group: self.group(level),
        });
    }
}
