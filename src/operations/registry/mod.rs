//! The entries of the registry, and whether their servers answer.

pub mod check;
pub mod entries;
