//! Which level of access a login is seen to use, from the statements that a server recorded.
//!
//! Statements are judged by their text, and to the safe side: what may write counts as a write or as unclear, never as a
//! read.

pub mod evidence;
pub mod ground;
pub mod log_line;
pub mod proposal;
mod statement;

pub use self::statement::is_clear;
