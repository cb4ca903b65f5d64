//! Pure types and rules: no input, no output, no SQL. Everything above speaks in these words.

pub mod access;
pub mod act;
pub mod audit;
pub mod choice;
pub mod command_line;
pub mod counted;
pub mod encoding;
pub mod failure;
pub mod fleet_file;
pub mod fleet_report;
#[cfg(test)]
mod foreign_bytes;
pub mod interrupt;
pub mod lexer;
pub mod message;
pub mod password;
pub mod random_id;
pub mod relative_time;
pub mod role;
pub mod roster;
pub mod server_log;
pub mod settings;
pub mod target;
pub mod timestamp;
pub mod trace;
pub mod variables;
