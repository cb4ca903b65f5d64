//! The request of `user clone`.

use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::rules::AccessRules;
use crate::domain::act::operation::Mode;
use crate::domain::role::RoleName;
use crate::domain::role::term::Term;
use crate::domain::target::Target;
use crate::operations::user::compare::RoleOnTarget;
use crate::password::{DeliveryRoute, NewPassword};
use crate::run::login_state::Protection;

/// A login to create like another one.
pub struct CloneUser<'a> {
    pub source: RoleOnTarget,
    pub target: Target,
    pub role: RoleName,
    /// From a flag; `None` for the source's own VALID UNTIL.
    pub term: Option<Term>,
    /// What is on record of the source.
    pub recorded: Option<Term>,
    pub password: NewPassword,
    pub adoption: GroupAdoption,
    /// What the access levels grant on the target.
    pub rules: AccessRules,
    pub protection: Protection,
    pub route: DeliveryRoute<'a>,
    pub mode: Mode,
}
