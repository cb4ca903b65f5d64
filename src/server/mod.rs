//! PostgreSQL: reading the catalog, and rendering changes as SQL.

pub mod activity;
pub mod catalog;
pub mod databases;
pub mod estate;
pub mod footprint;
pub mod statements;
