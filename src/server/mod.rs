//! PostgreSQL: connecting, reading the catalog, rendering changes as SQL, explaining what went wrong.

pub mod catalog;
pub mod statements;
