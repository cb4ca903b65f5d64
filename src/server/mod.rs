//! PostgreSQL: reading the catalog, and rendering changes as SQL.

pub mod access;
pub mod catalog;
pub mod databases;
pub mod footprint;
pub mod statements;
