//! Creating, finding and changing logins.

pub mod create;
pub mod create_warnings;
pub mod drop;
pub mod ensure;
pub mod find;
pub mod lock;
pub mod request;
pub mod reset;
pub mod search_path;
pub mod unlock;
