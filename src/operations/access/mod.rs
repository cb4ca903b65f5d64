//! The access groups of a database.

pub mod boxes;
pub mod check;
pub mod giving;
pub mod grant;
pub mod ground;
mod lasting;
mod lower;
pub mod prepare;
pub mod prepare_fleet;
pub mod report;
pub mod revoke;
pub mod trim;
mod usage_log;
pub mod warnings;
