//! What is to be locked, and how far.

use crate::domain::act::operation::Mode;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::run::login_state::Protection;

/// What becomes of sessions of other roles that may have become the locked one by SET ROLE.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MemberSessions {
    Kept,
    /// By `--members`.
    Ended,
}

/// A role to lock.
pub struct LockRole<'a> {
    pub target: &'a Target,
    pub role: &'a RoleName,
    pub member_sessions: MemberSessions,
    pub protection: Protection,
    pub reason: Option<&'a str>,
    pub mode: Mode,
}
