//! How far the admin credential can act for other roles, and what it borrows for one transaction to do so.

use serde::Deserialize;

use crate::domain::failure::Failure;
use crate::domain::role::RoleName;

/// A membership, or an option of one, that the admin credential gives itself and gives back in the same transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Borrowing {
    pub role: RoleName,
    pub what: Borrowed,
    /// Who has the ADMIN option that it is granted by: the admin credential, or a role whose rights it has.
    pub grantor: RoleName,
}

/// What is borrowed. Taking back a whole membership where only an option was added would take away what was there before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Borrowed {
    Membership,
    Inherit,
    Set,
}

/// What it takes to act for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// To have its privileges.
    Inherit,
    /// To make it the owner of something.
    GiveTo,
    /// To make it the current role.
    Become,
}

/// The admin credential, and the roles that it may have to act for.
#[derive(Debug, Clone, Deserialize)]
pub struct Reach {
    pub admin: RoleName,
    pub superuser: bool,
    pub inherit: bool,
    /// Whether memberships have options of their own, and a grantor (16 and later).
    pub has_options: bool,
    pub roles: Vec<RoleInReach>,
}

/// How the admin credential stands to one role.
#[derive(Debug, Clone, Deserialize)]
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is an answer of the server, one key each"
)]
pub struct RoleInReach {
    pub name: RoleName,
    /// Whether the admin credential has its privileges.
    pub inherits: bool,
    /// Whether it may make it the current role.
    pub sets: bool,
    pub superuser: bool,
    /// Whether it comes with PostgreSQL.
    pub predefined: bool,
    /// Whether it is a member of the admin credential, so that the opposite would be a circle.
    pub contains_admin: bool,
    /// Who can grant it on the admin credential's behalf.
    pub holder: Option<RoleName>,
    /// Whether the admin credential is a member already, by a grant of that holder.
    pub has_row: bool,
    /// Who else may grant it.
    pub admins: Vec<RoleName>,
}

impl Reach {
    fn find(&self, role: &RoleName) -> Option<&RoleInReach> {
        self.roles.iter().find(|found| found.name == *role)
    }

    /// What to borrow to act for `role`; nothing if the admin credential can already.
    ///
    /// # Errors
    /// Refused, with what would let it.
    pub fn borrow(&self, role: &RoleName, need: Need) -> Result<Vec<Borrowing>, Failure> {
        if self.superuser || *role == self.admin {
            return Ok(Vec::new());
        }
        let Some(found) = self.find(role) else {
            return Err(self.out_of_reach(role, "is not there"));
        };
        if found.allows(need, self.has_options) {
            return Ok(Vec::new());
        }
        if found.superuser {
            return Err(self.out_of_reach(role, "is a superuser"));
        }
        if found.predefined || found.contains_admin {
            return Err(self.out_of_reach(role, "cannot be granted to it"));
        }
        if !self.has_options {
            return self.borrow_plainly(found, need);
        }
        if let Some(holder) = &found.holder {
            return Ok(found.borrow_from(holder, need));
        }
        self.borrow_by_chain(found, need)
    }

    /// Up to 15 a membership has no options: where it is there, taking it back would take away the earlier one.
    fn borrow_plainly(&self, found: &RoleInReach, need: Need) -> Result<Vec<Borrowing>, Failure> {
        let is_inherited = self.inherit || need == Need::Become;
        let Some(holder) = found
            .holder
            .as_ref()
            .filter(|_| is_inherited && !found.sets)
        else {
            if is_inherited {
                return Err(self.out_of_reach(&found.name, "cannot be granted by it"));
            }
            let admin = &self.admin;
            return Err(self
                .out_of_reach(&found.name, "would not be inherited")
                .hint(format!(
                    "run this once as a role that is allowed to: ALTER ROLE \"{admin}\" INHERIT"
                )));
        };
        Ok(found.borrow_from(holder, need))
    }

    /// Where only a role that this one administers may grant it.
    fn borrow_by_chain(&self, found: &RoleInReach, need: Need) -> Result<Vec<Borrowing>, Failure> {
        let between = found.admins.iter().filter_map(|name| self.find(name));
        let between = between.filter(|between| !between.superuser && !between.contains_admin);
        for between in between {
            if let Some(holder) = &between.holder {
                let mut borrowed = between.borrow_from(holder, Need::Inherit);
                borrowed.extend(found.borrow_from(&between.name, need));
                return Ok(borrowed);
            }
        }
        let (admin, role) = (&self.admin, &found.name);
        Err(self
            .out_of_reach(role, "cannot be granted by it")
            .hint(format!(
                "run this once as a role that is allowed to: GRANT \"{role}\" TO \"{admin}\" WITH ADMIN OPTION"
            )))
    }

    fn out_of_reach(&self, role: &RoleName, why: &str) -> Failure {
        let admin = &self.admin;
        Failure::refused(format!(
            "\"{admin}\" cannot act for \"{role}\", which {why}"
        ))
        .sqlstate("42501")
        .hint(format!(
            "use another admin credential, one that may: pgrole credential set -e ENV -U ROLE; a superuser may act for \"{role}\""
        ))
    }
}

impl RoleInReach {
    fn allows(&self, need: Need, has_options: bool) -> bool {
        match need {
            Need::Inherit => self.inherits,
            // Up to 15 REASSIGN OWNED asks for the privileges of the new owner.
            Need::GiveTo if !has_options => self.inherits,
            Need::GiveTo | Need::Become => self.sets,
        }
    }

    fn borrow_from(&self, grantor: &RoleName, need: Need) -> Vec<Borrowing> {
        let borrowing = |what| Borrowing {
            role: self.name.clone(),
            what,
            grantor: grantor.clone(),
        };
        let has_row = self.has_row && self.holder.as_ref() == Some(grantor);
        let what = match need {
            _ if !has_row => Borrowed::Membership,
            Need::Inherit => Borrowed::Inherit,
            Need::GiveTo | Need::Become => Borrowed::Set,
        };
        vec![borrowing(what)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reach(has_options: bool, role: RoleInReach) -> Reach {
        Reach {
            admin: "dba".parse().unwrap(),
            superuser: false,
            inherit: true,
            has_options,
            roles: vec![role],
        }
    }

    fn jane() -> RoleInReach {
        RoleInReach {
            name: "jane".parse().unwrap(),
            inherits: false,
            sets: false,
            superuser: false,
            predefined: false,
            contains_admin: false,
            holder: Some("dba".parse().unwrap()),
            has_row: false,
            admins: Vec::new(),
        }
    }

    #[test]
    fn only_an_option_is_borrowed_where_the_membership_is_there() {
        let reach = reach(
            true,
            RoleInReach {
                has_row: true,
                sets: true,
                ..jane()
            },
        );
        let borrowed = reach.borrow(&jane().name, Need::Inherit).unwrap();
        assert_eq!(borrowed[0].what, Borrowed::Inherit);
        assert!(reach.borrow(&jane().name, Need::GiveTo).unwrap().is_empty());
    }

    #[test]
    fn nothing_is_borrowed_of_a_member_up_to_15() {
        let reach = reach(
            false,
            RoleInReach {
                sets: true,
                ..jane()
            },
        );
        assert!(reach.borrow(&jane().name, Need::Inherit).is_err());
    }

    #[test]
    fn an_admin_between_is_borrowed_first() {
        let between = RoleInReach {
            name: "lead".parse().unwrap(),
            ..jane()
        };
        let mut reach = reach(
            true,
            RoleInReach {
                holder: None,
                admins: vec![between.name.clone()],
                ..jane()
            },
        );
        reach.roles.push(between);
        let borrowed = reach.borrow(&jane().name, Need::Inherit).unwrap();
        let pairs: Vec<_> = borrowed
            .iter()
            .map(|one| (one.role.as_str(), one.grantor.as_str()))
            .collect();
        assert_eq!(pairs, [("lead", "dba"), ("jane", "lead")]);
    }
}
