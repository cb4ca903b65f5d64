//! What a server said of a plan in a transaction that was rolled back, and which of the plan's statements run event
//! triggers.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::act::plan::{Change, Granted, NamedObject};
use crate::domain::failure::Failure;
use crate::domain::timestamp::Timestamp;

/// What a server said of a plan that it ran and rolled back. Another transaction may change what it would say.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Rehearsal {
    /// What came of it.
    pub verdict: Verdict,
    /// When, by this machine's clock, as RFC 3339.
    pub rehearsed_at: String,
    /// The login on the server.
    pub admin_user: String,
    /// The number of the transaction on the server.
    pub transaction: Option<String>,
    /// What the server said afterwards of that transaction: `aborted`.
    pub transaction_status: Option<String>,
    /// What the server said of each statement, in order.
    pub statements: Vec<RehearsedStatement>,
    /// The rights that the roles would have; null if they are not known.
    pub rights: Option<Vec<RoleRights>>,
    /// The event triggers that may have run, as the config file allows.
    pub event_triggers: Vec<String>,
    /// What belongs to the change and cannot be rehearsed.
    pub not_rehearsed: Vec<&'static str>,
    /// Why it would fail, or why that is not known.
    #[serde(skip)]
    pub failure: Option<Failure>,
}

/// What came of a rehearsal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// The server accepted every statement.
    Accepted,
    /// The server refused a statement.
    Refused,
    /// Others were at work on the same roles or objects.
    Unknown,
}

/// What the server said of one statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct RehearsedStatement {
    /// The statement, without its verifier.
    pub statement: String,
    /// What the server said.
    pub answer: Answer,
    /// The SQLSTATE; null if there is none.
    pub sqlstate: Option<String>,
    /// What the server said of the failure; null if there is none.
    pub message: Option<String>,
}

/// What the server said of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
pub enum Answer {
    #[serde(rename = "accepted")]
    Accepted,
    #[serde(rename = "refused")]
    Refused,
    /// Others were at work on the same role or object.
    #[serde(rename = "busy")]
    Busy,
    /// An earlier statement failed.
    #[serde(rename = "not reached")]
    NotReached,
}

/// The rights of a role, as the server saw them in the transaction.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "these are PostgreSQL's own attributes, one key each"
)]
pub struct RoleRights {
    /// The role.
    pub role: String,
    /// Whether it may log in.
    pub login: bool,
    /// Whether it is a superuser.
    pub superuser: bool,
    /// Whether it inherits the rights of its memberships.
    pub inherit: bool,
    /// Whether it may create databases.
    pub createdb: bool,
    /// Whether it may create roles.
    pub createrole: bool,
    /// Whether it may replicate.
    pub replication: bool,
    /// Whether row-level security does not apply to it.
    pub bypassrls: bool,
    /// How many connections it may have; null: no limit.
    pub connection_limit: Option<u32>,
    /// When the password expires, as RFC 3339; null: never.
    pub valid_until: Option<String>,
    /// The memberships that it has itself.
    pub member_of: Vec<RehearsedMembership>,
    /// Whether it may connect to the database.
    pub connect: bool,
    /// The schemas in which it may use objects, the system's left out.
    pub usage: Vec<String>,
    /// The schemas in which it may create objects, the system's left out.
    pub create: Vec<String>,
    /// Its settings in this database and in all, as the server stores them.
    pub settings: Vec<String>,
}

/// One membership.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RehearsedMembership {
    /// The group.
    pub group: String,
    /// Who granted it.
    pub grantor: Option<String>,
    /// Whether it may be handed on.
    pub admin: bool,
    /// Whether its rights are inherited; null before PostgreSQL 16.
    pub inherit: Option<bool>,
    /// Whether SET ROLE is allowed; null before PostgreSQL 16.
    pub set: Option<bool>,
}

impl Rehearsal {
    /// One that has begun.
    pub fn begun(admin_user: String, at: Timestamp) -> Self {
        Self {
            verdict: Verdict::Unknown,
            rehearsed_at: at.to_string(),
            admin_user,
            transaction: None,
            transaction_status: None,
            statements: Vec::new(),
            rights: None,
            event_triggers: Vec::new(),
            not_rehearsed: vec!["COMMIT"],
            failure: None,
        }
    }
}

impl Rehearsal {
    /// The part of it that is about the next `count` statements and this role.
    #[must_use]
    pub fn split_off(&mut self, count: usize, role: &str) -> Self {
        let rest = self.statements.split_off(count.min(self.statements.len()));
        let rights = self.rights.iter().flatten();
        let of_role = rights.filter(|rights| rights.role == role).cloned();
        Self {
            verdict: self.verdict,
            rehearsed_at: self.rehearsed_at.clone(),
            admin_user: self.admin_user.clone(),
            transaction: self.transaction.clone(),
            transaction_status: self.transaction_status.clone(),
            statements: std::mem::replace(&mut self.statements, rest),
            rights: self.rights.is_some().then(|| of_role.collect()),
            event_triggers: self.event_triggers.clone(),
            not_rehearsed: self.not_rehearsed.clone(),
            failure: None,
        }
    }
}

/// The command tags of the changes for which event triggers run. Those for roles, memberships, comments on roles and
/// databases run none, nor does REASSIGN OWNED.
pub fn tags_of(changes: &[Change]) -> Vec<&'static str> {
    let tags: BTreeSet<_> = changes.iter().filter_map(tag_of).collect();
    tags.into_iter().collect()
}

fn tag_of(change: &Change) -> Option<&'static str> {
    match change {
        Change::Grant {
            on: Granted::Database(_),
            ..
        }
        | Change::Revoke {
            on: Granted::Database(_),
            ..
        } => None,
        Change::Grant {
            on: Granted::Future { .. },
            ..
        }
        | Change::Revoke {
            on: Granted::Future { .. },
            ..
        } => Some("ALTER DEFAULT PRIVILEGES"),
        Change::SetOwner { object, .. }
        | Change::GrantAgain { object, .. }
        | Change::RevokeAll { object, .. }
            if is_shared(object) =>
        {
            None
        }
        Change::Grant { .. } | Change::GrantAgain { .. } => Some("GRANT"),
        Change::Revoke { .. } | Change::RevokeAll { .. } => Some("REVOKE"),
        Change::SetOwner { object, .. } if object.keyword == "SUBSCRIPTION" => {
            Some("ALTER SUBSCRIPTION")
        }
        Change::SetOwner { .. } => Some("ALTER TABLE"),
        Change::DropOwned(_) => Some("DROP OWNED"),
        _ => None,
    }
}

/// Whether it belongs to no database.
fn is_shared(object: &NamedObject) -> bool {
    ["DATABASE", "TABLESPACE"].contains(&object.keyword.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_triggers_run_for_grants_in_the_database_and_for_no_change_of_a_role() {
        let grant = |on| Change::Grant {
            privileges: vec!["USAGE".to_owned()],
            on,
            group: "g".parse().unwrap(),
        };
        let changes = [
            Change::CreateGroup("g".parse().unwrap()),
            grant(Granted::Database("d".parse().unwrap())),
            grant(Granted::Schema("public".to_owned())),
            grant(Granted::Schema("app".to_owned())),
        ];
        assert_eq!(tags_of(&changes[..2]), [""; 0]);
        assert_eq!(tags_of(&changes), ["GRANT"]);
    }

    #[test]
    fn of_a_drop_they_run_for_drop_owned_and_what_is_in_the_database() {
        let role = || "g".parse().unwrap();
        let owner_of = |keyword: &str| Change::SetOwner {
            object: NamedObject {
                keyword: keyword.to_owned(),
                name: "x".to_owned(),
                column: String::new(),
            },
            owner: role(),
        };
        let changes = [
            Change::DropRole(role()),
            Change::ReassignOwned {
                role: role(),
                heir: role(),
            },
            owner_of("DATABASE"),
            owner_of("TABLE"),
            Change::DropOwned(role()),
        ];
        assert_eq!(tags_of(&changes[..3]), [""; 0]);
        assert_eq!(tags_of(&changes), ["ALTER TABLE", "DROP OWNED"]);
    }
}
