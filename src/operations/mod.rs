//! What pgrole does, one file an operation. No flags, no printing: each returns a report that serialises.

pub mod check_credential;
pub mod check_target;
pub mod create_user;
pub mod find_users;
pub mod fleet;
mod lock;
pub mod login_state;
pub mod operator;
mod password;
pub mod password_change;
pub mod prepare_access;
mod probe;
pub mod recover;
pub mod report;
pub mod reset_password;
pub mod rotate;
pub mod session;
pub mod set_search_path;

pub use password::NewPassword;
