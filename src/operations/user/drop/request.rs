//! What is to be dropped, and who gets what it owns.

use crate::domain::role::RoleName;
use crate::domain::role::estate::DatabaseEstate;
use crate::domain::role::estate::settlement::Disposal;
use crate::domain::target::Target;
use crate::run::login_state::Protection;

/// A role to drop from a cluster.
#[derive(Debug, Clone)]
pub struct DropRole<'a> {
    /// One of the cluster's databases, by which it is reached.
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub heirs: &'a Heirs,
    pub delivered: DeliveredPassword,
    pub protection: Protection,
    pub reason: Option<&'a str>,
}

/// What becomes of the objects that a role owns.
#[derive(Debug, Clone, Default)]
pub struct Heirs {
    /// Who gets what is not dropped and goes to no database's owner.
    pub role: Option<RoleName>,
    /// Whether the objects in a database go to the owner of the database, unless that is the role itself.
    pub database_owners: bool,
    /// Whether the objects in databases are dropped. Databases and tablespaces never are.
    pub drop_owned: bool,
}

/// What becomes of the role's password where it was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeliveredPassword {
    Kept,
    /// By `--remove-delivery`.
    Removed,
}

impl Heirs {
    /// Who gets the objects in a database that `owner` owns; `None` if they are dropped, or nobody was named.
    pub fn heir_in<'a>(&'a self, owner: &'a RoleName, leaver: &RoleName) -> Option<&'a RoleName> {
        if self.drop_owned {
            return None;
        }
        let owner = Some(owner).filter(|owner| self.database_owners && *owner != leaver);
        owner.or(self.role.as_ref())
    }

    /// What becomes of the objects in a database; `None` if somebody must say.
    pub fn disposal(&self, here: &DatabaseEstate, leaver: &RoleName) -> Option<Disposal> {
        if here.to_dispose_of == 0 {
            return Some(Disposal::Nothing);
        }
        if self.drop_owned {
            return Some(Disposal::Drop);
        }
        let heir = self.heir_in(&here.owner, leaver);
        heir.cloned().map(Disposal::ReassignTo)
    }
}
