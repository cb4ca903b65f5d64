//! How an act is undone: what its subject got is taken back, and nothing else. What others may be using stays, and is
//! named.

mod of_text;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::domain::act::plan::{Change, Granted, LoginAttributes};
use crate::domain::role::RoleName;
use crate::domain::role::name_list::ListKind;
use crate::domain::target::DatabaseName;

/// How an act is undone, as the audit log keeps it: a JSON object of these two keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undo {
    /// In the order in which they must run.
    pub statements: Vec<String>,
    /// What no statement can restore, or what is kept, and why.
    pub remarks: Vec<String>,
}

impl Undo {
    /// An act that no statement undoes.
    pub fn remark(remark: impl Into<String>) -> Self {
        Self {
            statements: Vec::new(),
            remarks: vec![remark.into()],
        }
    }

    /// Whether it is what the statements of a mere password change say themselves ([`Undo::of`]).
    pub fn is_told_by(&self, statements: Option<&str>) -> bool {
        self.statements.is_empty()
            && self.remarks == [OF_PASSWORD]
            && statements.is_some_and(|ran| Self::of(ran) == *self)
    }

    pub fn is_empty(&self) -> bool {
        self.statements.is_empty() && self.remarks.is_empty()
    }

    /// Adds a remark, once.
    pub fn add_remark(&mut self, remark: impl Into<String>) {
        let remark = remark.into();
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

/// What undoes a password change.
const OF_PASSWORD: &str = "a password change cannot be undone: the previous password is not kept";

/// The changes that undo others, in the order in which they must run, and remarks on the rest.
#[derive(Debug, Default)]
pub struct Reversal {
    pub changes: Vec<Change>,
    pub remarks: Vec<String>,
}

/// What undoes one change.
#[derive(Debug, Default)]
pub struct WayBack {
    pub change: Option<Change>,
    pub remark: Option<String>,
}

/// The act that a change is part of.
#[derive(Debug)]
pub struct Whole<'a> {
    /// The roles that the act is about.
    subjects: BTreeSet<&'a RoleName>,
    new_logins: BTreeSet<&'a RoleName>,
    new_groups: BTreeSet<&'a RoleName>,
}

impl<'a> Whole<'a> {
    fn new(changes: &'a [Change], subjects: &[&'a RoleName]) -> Self {
        let new_logins = changes.iter().filter_map(Change::new_login);
        let new_groups = changes.iter().filter_map(|change| match change {
            Change::CreateGroup(role) => Some(role),
            _ => None,
        });
        Self {
            subjects: subjects.iter().copied().collect(),
            new_logins: new_logins.collect(),
            new_groups: new_groups.collect(),
        }
    }

    fn is_about(&self, role: &RoleName) -> bool {
        self.subjects.contains(role)
    }

    fn makes(&self, role: &RoleName) -> bool {
        self.new_logins.contains(role) || self.new_groups.contains(role)
    }
}

impl Reversal {
    /// What undoes the changes of an act, as far as they gave something to `subjects`.
    pub fn of(changes: &[Change], subjects: &[&RoleName]) -> Self {
        let whole = Whole::new(changes, subjects);
        let mut reversal = Self::default();
        for change in changes.iter().rev() {
            let WayBack { change, remark } = change.undo(&whole);
            reversal.changes.extend(change);
            reversal.remarks.extend(remark);
        }
        let grants_again = |change: &Change| matches!(change, Change::Grant { .. });
        if reversal.changes.iter().any(grants_again) {
            let lenders = changes.iter().filter_map(|change| match change {
                Change::Borrow(role, _) => Some(role),
                _ => None,
            });
            let needed = lenders.map(|role| {
                format!("\"{role}\" owns some of it: run this as a role that can act for it")
            });
            reversal.remarks.extend(needed);
        }
        reversal
    }
}

impl Change {
    /// What undoes this change as a part of `whole`.
    pub fn undo(&self, whole: &Whole<'_>) -> WayBack {
        match self {
            Self::CreateLogin { role, .. }
            | Self::CloneRole { role, .. }
            | Self::CreateNoLogin { role, .. } => WayBack {
                change: Some(Self::DropRole(role.clone())),
                remark: Some(format!(
                    "DROP ROLE \"{role}\" is refused while the role owns objects or has privileges in any database: there, first run REASSIGN OWNED BY \"{role}\" TO … and DROP OWNED BY \"{role}\""
                )),
            },
            Self::CreateBox { role, .. } => WayBack::by(Self::DropRole(role.clone())),
            Self::Comment { role, previous, .. } => undo_comment(role, previous.as_ref(), whole),
            Self::GrantMembership { group, member, .. } => undo_membership(group, member, whole),
            // It would keep the login from being dropped.
            Self::Grant {
                privileges,
                on: on @ Granted::Future { creators, .. },
                group,
            } if creators.iter().all(|role| whole.new_logins.contains(role)) => {
                WayBack::by(Self::Revoke {
                    privileges: privileges.clone(),
                    on: on.clone(),
                    group: group.clone(),
                })
            }
            Self::CreateGroup(group) | Self::Grant { group, .. } => kept(group),
            Self::Revoke {
                privileges,
                on,
                group,
            } => WayBack::by(Self::Grant {
                privileges: privileges.clone(),
                on: on.clone(),
                group: group.clone(),
            }),
            Self::TakeMembership(held) => WayBack::by(Self::GiveMembershipBack(held.clone())),
            // What was borrowed goes with the login; undoing must act for it once more before that.
            Self::Return(role, loan) if whole.new_logins.contains(role) => {
                WayBack::by(Self::Borrow(role.clone(), *loan))
            }
            // With a login that is new its password goes, too.
            Self::AdmitLogin { role, .. } if whole.new_logins.contains(role) => WayBack::default(),
            Self::SetPassword { .. } | Self::AdmitLogin { .. } => WayBack::none(OF_PASSWORD),
            Self::SetSearchPath {
                role,
                database,
                previous,
                ..
            }
            | Self::ResetSearchPath {
                role,
                database,
                previous,
            } => undo_search_path(role, database, previous.as_deref()),
            Self::SetLogin { role, can_login } => WayBack::by(Self::SetLogin {
                role: role.clone(),
                can_login: !can_login,
            }),
            Self::SetOwner { object, owner } => WayBack::none(format!(
                "{} {} belongs to \"{owner}\" from then on",
                object.keyword.to_lowercase(),
                object.name
            )),
            Self::ReassignOwned { role, heir } => WayBack::none(format!(
                "what \"{role}\" owned belongs to \"{heir}\" from then on"
            )),
            Self::DropOwned(role) => WayBack::none(format!(
                "what was granted to \"{role}\" there is gone"
            )),
            Self::RenameRole { role, to } => WayBack::by(Self::RenameRole {
                role: to.clone(),
                to: role.clone(),
            }),
            Self::AlterLogin { role, attributes, previous } => undo_attributes(role, attributes, previous),
            // They go with the login that they were made for.
            Self::CopyMembership { .. }
            | Self::SetParameter { .. }
            | Self::Borrow(..)
            | Self::Return(..)
            | Self::EndSessions { .. }
            | Self::EndTheseSessions { .. }
            | Self::RequireRole { .. }
            | Self::RequireBox { .. }
            | Self::RequireOwned { .. }
            | Self::RequireNothingLeft { .. }
            | Self::BorrowAs(_)
            | Self::GiveBack(_)
            | Self::ActAs(_)
            | Self::GrantAgain { .. }
            | Self::RevokeAll { .. }
            | Self::RepeatMembership { .. }
            | Self::LetActAs { .. }
            | Self::ResetParameter { .. }
            | Self::RequireComment { .. }
            | Self::RequireNoNewSessions { .. }
            | Self::CommitDurably
            | Self::RequireVerifier { .. }
            // Never planned: what gives an admin credential its rights, and what undoes other changes.
            | Self::AllowCreateRole(_)
            | Self::AllowInherit(_)
            | Self::DropRole(_)
            | Self::RevokeMembership { .. }
            | Self::GiveMembershipBack(_)
            | Self::RestoreComment { .. } => WayBack::default(),
        }
    }
}

impl WayBack {
    fn by(change: Change) -> Self {
        Self {
            change: Some(change),
            remark: None,
        }
    }

    fn none(remark: impl Into<String>) -> Self {
        Self {
            change: None,
            remark: Some(remark.into()),
        }
    }
}

/// Logins that joined later have access through what the first of them found missing.
fn kept(group: &RoleName) -> WayBack {
    WayBack::none(of_kept_group(group.as_str()))
}

fn of_kept_group(group: &str) -> String {
    format!(
        "access group \"{group}\" is kept with everything that it was granted: other logins may use it"
    )
}

fn undo_comment(role: &RoleName, previous: Option<&String>, whole: &Whole<'_>) -> WayBack {
    if whole.makes(role) {
        WayBack::default()
    } else if whole.is_about(role) {
        WayBack::by(Change::RestoreComment {
            role: role.clone(),
            comment: previous.cloned(),
        })
    } else {
        kept(role)
    }
}

fn undo_membership(group: &RoleName, member: &RoleName, whole: &Whole<'_>) -> WayBack {
    let revoke = Change::RevokeMembership {
        group: group.clone(),
        member: member.clone(),
    };
    WayBack {
        change: whole.is_about(member).then_some(revoke),
        ..kept(group)
    }
}

/// A VALID UNTIL cannot be taken away: `infinity` means the same.
fn undo_attributes(
    role: &RoleName,
    attributes: &LoginAttributes,
    previous: &LoginAttributes,
) -> WayBack {
    let before = || previous.valid_until.clone();
    let never = || "infinity".to_owned();
    let valid_until = attributes.valid_until.as_ref();
    let valid_until = valid_until.map(|_| before().unwrap_or_else(never));
    WayBack::by(Change::AlterLogin {
        role: role.clone(),
        attributes: LoginAttributes {
            valid_until,
            ..previous.clone()
        },
        previous: attributes.clone(),
    })
}

fn undo_search_path(role: &RoleName, database: &DatabaseName, previous: Option<&str>) -> WayBack {
    let (role, database) = (role.clone(), database.clone());
    let Some(text) = previous else {
        return WayBack::by(Change::ResetSearchPath {
            role,
            database,
            previous: None,
        });
    };
    match ListKind::Names.elements(text) {
        Some(schemas) => WayBack::by(Change::SetSearchPath {
            role,
            database,
            schemas,
            previous: None,
        }),
        None => WayBack::none(format!(
            "the search_path that \"{role}\" had before is not a list of names: {text}"
        )),
    }
}

#[cfg(test)]
mod tests;
