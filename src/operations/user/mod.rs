//! Creating, finding and changing logins.

pub mod clone;
mod clone_warnings;
pub mod compare;
pub mod create;
pub mod create_warnings;
pub mod ensure;
pub mod find;
pub mod reading;
pub mod request;
pub mod reset;
pub mod search_path;
