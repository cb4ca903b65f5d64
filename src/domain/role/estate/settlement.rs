//! The changes that leave nothing of a role in one database, and those for what belongs to no database.

use crate::domain::act::plan::{Change, Granted, MEMBERSHIP_OPTIONS, NamedObject};
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::role::estate::Estate;
use crate::domain::role::reach::{Borrowing, Need};

/// More tables than this are given away in batches: REASSIGN OWNED locks all of them in one transaction, and the
/// server's lock table is small (`max_locks_per_transaction`).
pub const MOST_TABLES: u32 = 1_000;
const BATCH: usize = 500;

/// What becomes of the objects that the role owns in a database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disposal {
    ReassignTo(RoleName),
    Drop,
    /// It owns nothing there.
    Nothing,
}

/// One transaction after another; each is planned from the same reading.
#[derive(Debug, Default)]
pub struct Settlement {
    /// Tables in batches, if there are many.
    pub batches: Vec<Vec<Change>>,
    pub rest: Vec<Change>,
}

/// The loans of a transaction, each once.
#[derive(Default)]
struct Loans(Vec<Borrowing>);

impl Loans {
    fn take(&mut self, borrowed: Vec<Borrowing>) {
        for one in borrowed {
            if !self.0.contains(&one) {
                self.0.push(one);
            }
        }
    }

    fn borrowed(&self) -> impl Iterator<Item = Change> + '_ {
        self.0.iter().cloned().map(Change::BorrowAs)
    }

    fn given_back(&self) -> impl Iterator<Item = Change> + '_ {
        self.0.iter().rev().cloned().map(Change::GiveBack)
    }
}

/// The role that is dropped, as each plan needs it.
pub struct Leaver<'a> {
    pub role: &'a RoleName,
    pub oid: u32,
    pub estate: &'a Estate,
}

impl Leaver<'_> {
    fn require(&self) -> Change {
        Change::RequireRole {
            role: self.role.clone(),
            oid: self.oid,
        }
    }

    /// Plans what leaves nothing of the role in the database, and keeps what others have.
    ///
    /// # Errors
    /// Refused, if the admin credential cannot act for the role.
    pub fn settle(&self, disposal: &Disposal) -> Result<Settlement, Failure> {
        let batches = match disposal {
            Disposal::ReassignTo(heir) => self.batches(heir)?,
            Disposal::Drop | Disposal::Nothing => Vec::new(),
        };
        let rest = self.rest(disposal)?;
        Ok(Settlement { batches, rest })
    }

    fn batches(&self, heir: &RoleName) -> Result<Vec<Vec<Change>>, Failure> {
        let here = &self.estate.database;
        let chunks = here.many_tables.chunks(BATCH);
        let batches = chunks.map(|tables| {
            let mut loans = self.loans_for(heir)?;
            let (grants, revokes) = self.creation(heir, true, &mut loans)?;
            let given = tables.iter().map(|table| Change::SetOwner {
                object: NamedObject {
                    keyword: "TABLE".to_owned(),
                    name: table.clone(),
                    column: String::new(),
                },
                owner: heir.clone(),
            });
            let mut changes = vec![self.require()];
            changes.extend(loans.borrowed());
            changes.extend(grants);
            changes.extend(given);
            changes.extend(revokes);
            changes.extend(loans.given_back());
            Ok(changes)
        });
        batches.collect()
    }

    fn loans_for(&self, heir: &RoleName) -> Result<Loans, Failure> {
        let reach = &self.estate.reach;
        let mut loans = Loans::default();
        loans.take(reach.borrow(self.role, Need::Inherit)?);
        loans.take(reach.borrow(heir, Need::GiveTo)?);
        Ok(loans)
    }

    fn rest(&self, disposal: &Disposal) -> Result<Vec<Change>, Failure> {
        let here = &self.estate.database;
        let reach = &self.estate.reach;
        let mut loans = Loans::default();
        loans.take(reach.borrow(self.role, Need::Inherit)?);
        for owner in &here.owners {
            loans.take(reach.borrow(self.acting(owner), Need::Inherit)?);
        }
        let grantors = here.foreign.iter().map(|grant| &grant.grantor);
        for grantor in grantors.chain(here.keep.iter().map(|grant| &grant.owner)) {
            loans.take(reach.borrow(self.acting(grantor), Need::Become)?);
        }
        let mut handed_over = Vec::new();
        let mut revokes = Vec::new();
        match disposal {
            Disposal::ReassignTo(heir) => {
                loans.take(reach.borrow(heir, Need::GiveTo)?);
                let (grants, taken_back) = self.creation(heir, false, &mut loans)?;
                handed_over = grants;
                revokes = taken_back;
                handed_over.push(Change::ReassignOwned {
                    role: self.role.clone(),
                    heir: heir.clone(),
                });
            }
            Disposal::Drop | Disposal::Nothing => {}
        }
        let mut changes = vec![self.require()];
        changes.extend(loans.borrowed());
        changes.extend(handed_over);
        if *disposal == Disposal::Nothing {
            changes.push(Change::RequireOwned {
                oid: self.oid,
                count: 0,
            });
        }
        if *disposal == Disposal::Drop {
            changes.push(Change::RequireOwned {
                oid: self.oid,
                count: here.to_dispose_of,
            });
        }
        changes.extend(self.kept());
        changes.extend(self.foreign());
        changes.push(Change::DropOwned(self.role.clone()));
        changes.extend(revokes);
        changes.extend(loans.given_back());
        changes.push(Change::RequireNothingLeft { oid: self.oid });
        Ok(changes)
    }

    /// The role that stands for an owner: the database's, where that is `pg_database_owner` (14 and later).
    fn acting<'a>(&'a self, owner: &'a RoleName) -> &'a RoleName {
        if owner.as_str() == "pg_database_owner" {
            &self.estate.database.owner
        } else {
            owner
        }
    }

    /// Lets the heir create where it is to own things, and takes that back. What the role itself owns is the heir's by
    /// then, from whom nothing is to be taken.
    fn creation(
        &self,
        heir: &RoleName,
        with_tables: bool,
        loans: &mut Loans,
    ) -> Result<(Vec<Change>, Vec<Change>), Failure> {
        let here = &self.estate.database;
        let reach = &self.estate.reach;
        if reach.superuser {
            return Ok((Vec::new(), Vec::new()));
        }
        let grant = |on| Change::Grant {
            privileges: vec!["CREATE".to_owned()],
            on,
            group: heir.clone(),
        };
        let revoke = |on| Change::Revoke {
            privileges: vec!["CREATE".to_owned()],
            on,
            group: heir.clone(),
        };
        let (mut grants, mut revokes) = (Vec::new(), Vec::new());
        for missing in &here.create_missing {
            if missing.only_tables && !with_tables {
                continue;
            }
            loans.take(reach.borrow(self.acting(&missing.owner), Need::Inherit)?);
            let on = || Granted::Schema(missing.schema.clone());
            grants.push(grant(on()));
            // A batch leaves the schema with the role, and the heir needs it for the next one.
            if !missing.own {
                revokes.push(revoke(on()));
            }
        }
        if here.create_on_database && !with_tables {
            loans.take(reach.borrow(&here.owner, Need::Inherit)?);
            let database = || Ok::<_, Failure>(Granted::Database(here.name.parse()?));
            grants.push(grant(database()?));
            revokes.push(revoke(database()?));
        }
        Ok((grants, revokes))
    }

    /// What the role granted on objects of others would be lost with it. As the owner: of the roles whose rights the
    /// admin credential has, the server would choose any that may grant it, the role itself too.
    fn kept(&self) -> Vec<Change> {
        let keep = self.estate.database.keep.iter();
        let granted = keep.map(|grant| {
            let again = Change::GrantAgain {
                privilege: grant.privilege.clone(),
                object: grant.object.clone(),
                grantee: grant.grantee.clone(),
                grantable: grant.grantable,
            };
            (&grant.owner, again)
        });
        self.as_others(granted)
    }

    /// What others than the owners granted to the role stays after DROP OWNED, unless they take it back.
    fn foreign(&self) -> Vec<Change> {
        let foreign = self.estate.database.foreign.iter();
        let revoked = foreign.map(|grant| {
            let revoke = Change::RevokeAll {
                object: grant.object.clone(),
                role: self.role.clone(),
            };
            (&grant.grantor, revoke)
        });
        self.as_others(revoked)
    }

    /// Makes each change as another role, and the admin credential the current one again.
    fn as_others<'a>(
        &'a self,
        changes: impl Iterator<Item = (&'a RoleName, Change)>,
    ) -> Vec<Change> {
        let mut current = None;
        let mut all = Vec::new();
        for (role, change) in changes {
            let role = self.acting(role);
            if current != Some(role) {
                all.push(Change::ActAs(role.clone()));
                current = Some(role);
            }
            all.push(change);
        }
        if current.is_some() {
            all.push(Change::ActAs(self.estate.reach.admin.clone()));
        }
        all
    }

    /// Gives the subscriptions of this database to `heir`: they are shared, and another database's REASSIGN OWNED would
    /// give them to its own heir.
    ///
    /// # Errors
    /// Refused, if the admin credential cannot act for one of the roles.
    pub fn settle_subscriptions(&self, heir: &RoleName) -> Result<Vec<Change>, Failure> {
        let loans = self.loans_for(heir)?;
        let subscriptions = self.estate.database.subscriptions.iter();
        let given = subscriptions.map(|name| Change::SetOwner {
            object: NamedObject {
                keyword: "SUBSCRIPTION".to_owned(),
                name: name.clone(),
                column: String::new(),
            },
            owner: heir.clone(),
        });
        let mut changes = vec![self.require()];
        changes.extend(loans.borrowed());
        changes.extend(given);
        changes.extend(loans.given_back());
        Ok(changes)
    }

    /// Gives what belongs to no database to `heir`, and repeats the memberships that the role granted.
    ///
    /// # Errors
    /// Refused, if the admin credential cannot act for one of the roles.
    pub fn settle_cluster(&self, heir: Option<&RoleName>) -> Result<Vec<Vec<Change>>, Failure> {
        let cluster = &self.estate.cluster;
        let mut transactions = Vec::new();
        let repeated: Vec<_> = self.repeated_memberships().collect();
        if !repeated.is_empty() {
            // Before anything is borrowed: the server would choose the role itself as the grantor.
            transactions.push([vec![self.require()], repeated].concat());
        }
        if let Some(heir) = heir.filter(|_| !cluster.shared.is_empty()) {
            let loans = self.loans_for(heir)?;
            let mut changes = vec![self.require()];
            changes.extend(loans.borrowed());
            changes.extend(cluster.shared.iter().map(|object| Change::SetOwner {
                object: object.clone(),
                owner: heir.clone(),
            }));
            changes.extend(loans.given_back());
            transactions.push(changes);
        }
        Ok(transactions)
    }

    fn repeated_memberships(&self) -> impl Iterator<Item = Change> + '_ {
        let estate = self.estate;
        let has_options = estate.server.version >= MEMBERSHIP_OPTIONS;
        let granted = estate.cluster.granted.iter();
        granted.flat_map(move |one| {
            let Some(grantor) = one.grantor.as_ref() else {
                return Vec::new();
            };
            if has_options {
                return vec![Change::RepeatMembership {
                    group: one.group.clone(),
                    member: one.member.clone(),
                    admin: one.admin,
                    inherit: one.inherit,
                    set: one.set,
                    grantor: (!estate.reach.superuser).then(|| grantor.clone()),
                }];
            }
            // The grantor of a membership can only be changed by making it anew.
            vec![
                Change::RevokeMembership {
                    group: one.group.clone(),
                    member: one.member.clone(),
                },
                Change::GrantMembership {
                    group: one.group.clone(),
                    member: one.member.clone(),
                    to_hand_on: one.admin,
                },
            ]
        })
    }
}
