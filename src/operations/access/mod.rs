//! The access groups of a database.

pub mod ground;
pub mod prepare;
pub mod warnings;
