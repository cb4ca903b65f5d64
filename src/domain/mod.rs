//! Pure types and rules: no input, no output, no SQL. Everything above speaks in these words.

pub mod access;
pub mod address;
pub mod anchor;
pub mod channel;
pub mod destination;
pub mod encryption;
pub mod failure;
pub mod interrupt;
pub mod lack;
pub mod login_place;
pub mod notification;
pub mod operator;
pub mod password_change;
pub mod pgpass;
pub mod plan;
pub mod profile;
pub mod role;
pub mod scram;
pub mod sealing;
pub mod secret;
pub mod settings;
pub mod state;
pub mod target;
pub mod timestamp;
pub mod variables;
