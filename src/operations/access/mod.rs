//! The access groups of a database.

pub mod check;
pub mod giving;
pub mod grant;
pub mod ground;
pub mod prepare;
pub mod prepare_fleet;
pub mod report;
pub mod revoke;
pub mod warnings;
