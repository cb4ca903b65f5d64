//! Creating, finding and changing logins.

pub mod clone;
pub mod clone_request;
mod clone_warnings;
pub mod cluster_rows;
pub mod compare;
pub mod create;
pub mod create_many;
pub mod create_warnings;
pub mod drop;
pub mod dual;
pub mod ensure;
pub mod find;
pub mod lock;
mod new_end;
pub mod reading;
pub mod rename;
pub mod rename_request;
mod rename_warnings;
pub mod request;
pub mod reset;
pub mod roster_check;
pub mod search_path;
pub mod set;
pub mod show;
pub mod unlock;
