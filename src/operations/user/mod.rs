//! Creating, finding and changing logins.

pub mod cluster_rows;
pub mod create;
pub mod create_many;
pub mod create_warnings;
pub mod drop;
pub mod ensure;
pub mod find;
pub mod lock;
pub mod request;
pub mod reset;
pub mod roster_check;
pub mod search_path;
pub mod show;
pub mod unlock;
