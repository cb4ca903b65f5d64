//! The admin credential: the login that pgrole connects with.

pub mod check;
pub mod rotate;
pub mod sought;
pub mod stored;
