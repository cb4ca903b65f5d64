//! The request of the creating commands.

use crate::domain::access::planner::GroupAdoption;
use crate::domain::access::rules::AccessRules;
use crate::domain::act::operation::{Mode, Operation};
use crate::domain::role::RoleName;
use crate::domain::role::profile::Profile;
use crate::domain::role::term::Term;
use crate::domain::target::Target;
use crate::password::DeliveryRoute;
use crate::password::NewPassword;

/// A login to create on a target.
pub struct CreateUser<'a> {
    /// The command that creates it.
    pub operation: Operation,
    pub target: Target,
    pub role: RoleName,
    pub profile: Profile,
    /// From a flag; `None` for the profile's span.
    pub term: Option<Term>,
    pub password: NewPassword,
    pub adoption: GroupAdoption,
    /// What the access levels grant there.
    pub rules: AccessRules,
    pub ensure: Ensure,
    pub form: LoginForm,
    pub route: DeliveryRoute<'a>,
    /// Why, in the operator's words.
    pub reason: Option<String>,
    /// The line of the roster that asks for it.
    pub line: Option<u64>,
    pub mode: Mode,
}

/// How the application logs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LoginForm {
    /// As the role itself.
    Single,
    /// As one of two roles that act as it.
    Dual,
}

/// How to treat an existing login.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ensure {
    /// It is left as it is.
    Nothing,
    /// It gets the access that it lacks.
    Access,
}
