//! The changes that make dual logins, give the incoming one its password, switch over, and retire the outgoing one: each
//! list is one transaction (docs/dual.md).
//!
//! Each begins with an ALTER ROLE of the owner that changes nothing: the lock on its row in `pg_authid` orders all hosts and
//! all databases of the cluster, which an advisory lock does not. Then the comment must still be what it was planned by.

use crate::domain::act::plan::{Change, CopiedAttributes, LoginAttributes};
use crate::domain::failure::Failure;
use crate::domain::password::scram::Verifier;
use crate::domain::role::RoleName;
use crate::domain::role::definition::DefinedSetting;
use crate::domain::role::dual_mark::{DualLogin, DualMark, DualStep, login_names};
use crate::domain::role::dual_state::{DualRole, DualState};
use crate::domain::role::mark::Mark;
use crate::domain::role::reach::{Borrowed, Borrowing};
use crate::domain::timestamp::{Span, Timestamp};

/// The setting by which a login acts as its owner.
const ROLE: &str = "role";
/// How long clients may take to read the new login, at most, before one that logs in with the old one counts.
const LONGEST_RELOAD: Span = Span::seconds(60);

/// A password for one of the logins.
#[derive(Debug, Clone)]
pub struct Admission<'a> {
    pub login: DualLogin,
    pub verifier: &'a Verifier,
    /// `None`: it never ends.
    pub valid_until: Option<Timestamp>,
    pub operation_id: &'a str,
}

/// Locks the owner's row, and fails if its comment is not what was read.
fn begin(owner: &RoleName, found: &DualRole) -> Vec<Change> {
    vec![
        Change::SetLogin {
            role: owner.clone(),
            can_login: found.login,
        },
        Change::RequireComment {
            role: owner.clone(),
            comment: found.comment.clone(),
        },
    ]
}

fn comment(owner: &RoleName, found: &DualRole, mark: DualMark) -> Change {
    Change::Comment {
        role: owner.clone(),
        mark: Mark::Dual(mark),
        previous: found.comment.clone(),
    }
}

fn admit(owner: &RoleName, admission: &Admission<'_>) -> Change {
    Change::AdmitLogin {
        role: admission.login.name(owner),
        verifier: admission.verifier.clone(),
        valid_until: admission.valid_until,
    }
}

/// Makes both logins, which may not log in yet.
fn make_logins(
    owner: &RoleName,
    connection_limit: i32,
    settings: &[DefinedSetting],
) -> Vec<Change> {
    let each = login_names(owner).into_iter();
    let made = each.flat_map(|login| {
        let create = Change::CreateNoLogin {
            role: login.clone(),
            connection_limit,
        };
        let mark = Change::Comment {
            role: login.clone(),
            mark: Mark::LoginOf(owner.clone()),
            previous: None,
        };
        let mut changes = vec![create, mark, act_as(owner, &login), set_role(owner, &login)];
        changes.extend(settings.iter().map(|setting| set(&login, setting)));
        changes
    });
    made.collect()
}

fn act_as(owner: &RoleName, login: &RoleName) -> Change {
    Change::LetActAs {
        owner: owner.clone(),
        login: login.clone(),
    }
}

fn set_role(owner: &RoleName, login: &RoleName) -> Change {
    let setting = DefinedSetting {
        database: None,
        name: ROLE.to_owned(),
        value: owner.to_string(),
    };
    set(login, &setting)
}

fn set(login: &RoleName, setting: &DefinedSetting) -> Change {
    Change::SetParameter {
        role: login.clone(),
        setting: setting.clone(),
    }
}

/// The comment of a new owner.
fn new_comment(owner: &RoleName, profile: String, admission: &Admission<'_>) -> Change {
    let new = DualMark {
        current: None,
        step: DualStep::Idle,
        operation_id: None,
        profile,
    };
    Change::Comment {
        role: owner.clone(),
        mark: Mark::Dual(new.with_incoming(admission.login, admission.operation_id)),
        previous: None,
    }
}

/// Turns the plan of a new login, or of a copy of an owner, into that of a new owner with its logins.
pub fn of_new_login(
    planned: Vec<Change>,
    owner: &RoleName,
    admission: &Admission<'_>,
) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut limit = -1;
    let mut settings = Vec::new();
    for change in planned {
        match change {
            Change::CreateLogin {
                role,
                connection_limit,
                ..
            } if role == *owner => {
                limit = connection_limit.map_or(-1, |limit| i32::try_from(limit).unwrap_or(-1));
                changes.push(Change::CreateNoLogin {
                    role,
                    connection_limit: limit,
                });
            }
            Change::CloneRole {
                role, attributes, ..
            } if role == *owner => {
                limit = attributes.connection_limit;
                changes.push(Change::CloneRole {
                    role,
                    attributes: CopiedAttributes {
                        login: false,
                        valid_until: None,
                        ..attributes
                    },
                    verifier: None,
                });
            }
            Change::Comment {
                role,
                mark: Mark::Profile(profile),
                ..
            } if role == *owner => changes.push(new_comment(owner, profile, admission)),
            Change::RestoreComment { role, comment } if role == *owner => {
                let mark = comment.and_then(|text| text.parse().ok());
                let profile = mark.and_then(Mark::into_profile).unwrap_or_default();
                changes.push(new_comment(owner, profile, admission));
            }
            Change::SetParameter { role, setting } if role == *owner => {
                settings.push(setting.clone());
                changes.push(Change::SetParameter { role, setting });
            }
            change => changes.push(change),
        }
    }
    changes.extend(make_logins(owner, limit, &settings));
    changes.push(admit(owner, admission));
    changes
}

/// Makes the logins of a role that logs in itself until now, and gives one of them a password.
///
/// # Errors
/// If the role does not exist.
pub fn convert(
    owner: &RoleName,
    state: &DualState,
    profile: &str,
    admission: &Admission<'_>,
) -> Result<Vec<Change>, Failure> {
    let found = state.require(owner)?;
    let mut changes = begin(owner, found);
    changes.extend(make_logins(owner, found.connection_limit, &found.settings));
    changes.push(admit(owner, admission));
    let before = DualMark {
        current: Some(DualLogin::Owner),
        step: DualStep::Idle,
        operation_id: None,
        profile: profile.to_owned(),
    };
    let mark = before.with_incoming(admission.login, admission.operation_id);
    changes.push(comment(owner, found, mark));
    Ok(changes)
}

/// Brings a login in line with its owner, and gives it a password.
///
/// # Errors
/// If one of the roles does not exist.
pub fn rotate(
    owner: &RoleName,
    state: &DualState,
    mark: &DualMark,
    admission: &Admission<'_>,
) -> Result<Vec<Change>, Failure> {
    let found = state.require(owner)?;
    let mut changes = begin(owner, found);
    if admission.login != DualLogin::Owner {
        let login = state.require(&admission.login.name(owner))?;
        changes.extend(align(owner, found, login));
    }
    changes.push(admit(owner, admission));
    let mark = mark.with_incoming(admission.login, admission.operation_id);
    changes.push(comment(owner, found, mark));
    Ok(changes)
}

/// The same password once more, where it is not known whether it arrived.
///
/// # Errors
/// If the owner does not exist.
pub fn admit_again(
    owner: &RoleName,
    state: &DualState,
    admission: &Admission<'_>,
) -> Result<Vec<Change>, Failure> {
    let mut changes = begin(owner, state.require(owner)?);
    changes.push(admit(owner, admission));
    Ok(changes)
}

/// What differs between an owner and a login: its limit, its settings, its membership.
fn align(owner: &RoleName, found: &DualRole, login: &DualRole) -> Vec<Change> {
    let mut changes = Vec::new();
    if login.connection_limit != found.connection_limit {
        let limit = |limit| LoginAttributes {
            connection_limit: Some(limit),
            ..LoginAttributes::default()
        };
        changes.push(Change::AlterLogin {
            role: login.name.clone(),
            attributes: limit(found.connection_limit),
            previous: limit(login.connection_limit),
        });
    }
    if !login.acts {
        changes.push(act_as(owner, &login.name));
    }
    let is_role = |setting: &DefinedSetting| setting.name == ROLE && setting.database.is_none();
    let has_role = |setting: &DefinedSetting| is_role(setting) && setting.value == owner.as_str();
    if !login.settings.iter().any(has_role) {
        changes.push(set_role(owner, &login.name));
    }
    for setting in &login.settings {
        let is_there =
            |own: &&DefinedSetting| own.name == setting.name && own.database == setting.database;
        if !is_role(setting) && found.settings.iter().all(|own| !is_there(&own)) {
            changes.push(Change::ResetParameter {
                role: login.name.clone(),
                database: setting.database.clone(),
                name: setting.name.clone(),
            });
        }
    }
    let missing = found
        .settings
        .iter()
        .filter(|setting| !is_role(setting) && !login.settings.contains(setting));
    changes.extend(missing.map(|setting| set(&login.name, setting)));
    changes
}

/// Takes the incoming login's password out of force again; `before` is the comment to go back to.
///
/// # Errors
/// If the owner does not exist.
pub fn take_back(
    owner: &RoleName,
    state: &DualState,
    mark: &DualMark,
) -> Result<Vec<Change>, Failure> {
    let found = state.require(owner)?;
    let DualStep::Incoming(incoming) = mark.step else {
        return Ok(Vec::new());
    };
    let mut changes = begin(owner, found);
    let login = incoming.name(owner);
    if incoming == DualLogin::Owner || mark.current != Some(DualLogin::Owner) {
        changes.push(Change::SetLogin {
            role: login,
            can_login: false,
        });
        changes.push(comment(owner, found, mark.idle()));
        return Ok(changes);
    }
    // A conversion: the role is again what it was.
    changes.extend(login_names(owner).map(Change::DropRole));
    changes.push(single(owner, found, &mark.profile));
    Ok(changes)
}

fn single(owner: &RoleName, found: &DualRole, profile: &str) -> Change {
    Change::Comment {
        role: owner.clone(),
        mark: Mark::Profile(profile.to_owned()),
        previous: found.comment.clone(),
    }
}

/// Makes the incoming login the current one.
///
/// # Errors
/// If the owner does not exist.
pub fn switch(
    owner: &RoleName,
    state: &DualState,
    switched: DualMark,
) -> Result<Vec<Change>, Failure> {
    let found = state.require(owner)?;
    let mut changes = begin(owner, found);
    changes.push(comment(owner, found, switched));
    Ok(changes)
}

/// How a login is retired.
#[derive(Debug, Clone, Copy)]
pub struct Retirement<'a> {
    pub owner: &'a RoleName,
    pub state: &'a DualState,
    pub mark: &'a DualMark,
    /// Whether it is retired although somebody still logs in with it.
    pub is_forced: bool,
    /// The admin credential, if it has to borrow what it needs.
    pub borrower: Option<&'a RoleName>,
    /// The database in which this runs.
    pub database: &'a str,
}

impl Retirement<'_> {
    /// Keeps the outgoing login from logging in, once nobody does any more. What it owns here goes to the owner.
    ///
    /// # Errors
    /// If one of the roles does not exist.
    pub fn changes(&self) -> Result<Vec<Change>, Failure> {
        let DualStep::Grace {
            previous,
            since,
            until,
        } = self.mark.step
        else {
            return Ok(Vec::new());
        };
        let (owner, state) = (self.owner, self.state);
        let found = state.require(owner)?;
        let login = state.require(&previous.name(owner))?;
        let mut changes = begin(owner, found);
        if !self.is_forced {
            let quiet = Change::RequireNoNewSessions {
                oid: login.oid,
                after: since_reload(since, until),
            };
            changes.extend(self.around(&[login], vec![quiet]));
        }
        let is_single = self.mark.current == Some(DualLogin::Owner);
        let gone: Vec<_> = if is_single {
            let names = login_names(owner);
            state
                .roles
                .iter()
                .filter(|role| names.contains(&role.name))
                .collect()
        } else {
            vec![login]
        };
        for login in gone
            .iter()
            .filter(|login| previous != DualLogin::Owner && self.owns_here(login))
        {
            let reassign = Change::ReassignOwned {
                role: login.name.clone(),
                heir: owner.clone(),
            };
            changes.extend(self.around(&[found, login], vec![reassign]));
        }
        if !is_single {
            changes.push(Change::SetLogin {
                role: login.name.clone(),
                can_login: false,
            });
            changes.push(comment(owner, found, self.mark.idle()));
            return Ok(changes);
        }
        for login in gone {
            if self.owns_here(login) {
                // Default privileges, which are not reassigned.
                let drop = Change::DropOwned(login.name.clone());
                changes.extend(self.around(&[login], vec![drop]));
            }
            changes.push(Change::DropRole(login.name.clone()));
        }
        changes.push(single(owner, found, &self.mark.profile));
        Ok(changes)
    }

    /// The other databases in which a login that goes owns something.
    pub fn strays(&self) -> Vec<(&str, &RoleName)> {
        let DualStep::Grace { previous, .. } = self.mark.step else {
            return Vec::new();
        };
        let is_single = self.mark.current == Some(DualLogin::Owner);
        let goes = |role: &&DualRole| {
            role.name != *self.owner && (is_single || role.name == previous.name(self.owner))
        };
        let going = self.state.roles.iter().filter(goes);
        let strays = going.flat_map(|role| {
            let elsewhere = role.owns_in.iter().filter(|name| *name != self.database);
            elsewhere.map(|database| (database.as_str(), &role.name))
        });
        strays.collect()
    }

    /// Gives what a login owns in another database to the owner, for a session there.
    ///
    /// # Errors
    /// If one of the roles does not exist.
    pub fn mend(&self, login: &RoleName) -> Result<Vec<Change>, Failure> {
        let (found, login) = (self.state.require(self.owner)?, self.state.require(login)?);
        let mut inside = vec![Change::ReassignOwned {
            role: login.name.clone(),
            heir: self.owner.clone(),
        }];
        if self.mark.current == Some(DualLogin::Owner) {
            // Default privileges, which are not reassigned, would keep it from being dropped.
            inside.push(Change::DropOwned(login.name.clone()));
        }
        Ok(self.around(&[found, login], inside))
    }

    fn owns_here(&self, login: &DualRole) -> bool {
        login
            .owns_in
            .iter()
            .any(|database| database == self.database)
    }

    /// The changes, between borrowing and giving back what the admin credential lacks for them.
    fn around(&self, roles: &[&DualRole], inside: Vec<Change>) -> Vec<Change> {
        let lent = roles.iter().filter(|role| !role.usable);
        let lent = lent.filter_map(|role| {
            self.borrower.map(|grantor| Borrowing {
                role: role.name.clone(),
                what: Borrowed::Membership,
                grantor: grantor.clone(),
            })
        });
        let lent: Vec<_> = lent.collect();
        let borrow = lent.iter().cloned().map(Change::BorrowAs);
        let give_back = lent.iter().rev().cloned().map(Change::GiveBack);
        borrow.chain(inside).chain(give_back).collect()
    }
}

/// When clients have had the time to read the new login, as seconds since 1970.
fn since_reload(since: Timestamp, until: Timestamp) -> f64 {
    let grace = until.as_seconds() - since.as_seconds();
    let reload = (grace / 2.0).min(LONGEST_RELOAD.duration().as_secs_f64());
    since.as_seconds() + reload
}
