//! The request of `user rename`, and what decides whether it sets a new password.

use crate::domain::act::operation::Mode;
use crate::domain::role::RoleName;
use crate::domain::role::term::Terms;
use crate::domain::target::Target;
use crate::password::remembered::Remembered;
use crate::password::{DeliveryRoute, NewPassword};
use crate::run::login_state::Protection;
use crate::store::PlacedRole;

/// A role that is to get another name.
pub struct RenameUser<'a> {
    pub target: Target,
    pub role: RoleName,
    pub to: RoleName,
    pub choice: PasswordChoice,
    pub password: NewPassword,
    pub terms: Terms,
    pub route: DeliveryRoute<'a>,
    /// The registry's record of it.
    pub placed: Option<PlacedRole>,
    /// Where its password went.
    pub remembered: Option<Remembered>,
    pub protection: Protection,
    pub mode: Mode,
}

/// Whether a role gets a new password with its new name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordChoice {
    /// It has been delivered somewhere together with the name, or a new one was asked for.
    New,
    /// If the server would lose it, or may.
    IfLost,
    Kept,
}

/// What a role's password is, as far as renaming it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StoredPassword {
    None,
    Scram,
    /// The name is its salt: renaming clears it.
    Md5,
    /// The admin credential may not read it.
    Unknown,
}
