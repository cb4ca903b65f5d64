//! What pgrole does, one file an operation. No flags, no printing: each returns a report that serialises.

pub mod anchors;
mod announce;
pub mod check_credential;
pub mod check_target;
pub mod checkpoint;
pub mod create_user;
pub mod doctor;
pub mod expiring;
pub mod export_events;
pub mod find_users;
pub mod fleet;
mod lock;
mod login_places;
pub mod login_state;
pub mod notify;
mod open_login;
pub mod operator;
mod password;
pub mod password_change;
pub mod prepare_access;
mod probe;
pub mod recover;
pub mod remembered;
pub mod report;
pub mod reset_password;
pub mod rotate;
pub mod rotate_credential;
pub mod session;
pub mod set_search_path;
pub mod show_event;
mod syslog;
pub mod verify_events;

pub use password::NewPassword;
