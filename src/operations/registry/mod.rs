//! The entries of the registry, and whether their servers answer.

pub mod check;
pub mod discover;
pub mod entries;
pub mod export;
pub mod import;
