//! PostgreSQL: reading the catalog, and rendering changes as SQL.

pub mod access;
pub mod activity;
pub mod boxes;
pub mod catalog;
pub mod copy_ground;
pub mod databases;
pub mod definition;
mod described;
pub mod duals;
pub mod estate;
pub mod explain;
pub mod footprint;
pub mod logins;
pub mod placed_logins;
pub mod planner;
pub mod rehearsal;
pub mod renaming;
pub mod report;
mod role_clauses;
pub mod statements;
pub mod steady;
pub mod usage;
