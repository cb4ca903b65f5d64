//! The connection to PostgreSQL: login, dial, TLS, and what its errors mean. Below the store, which may need it one
//! day.

#[cfg(test)]
pub mod ascii;
pub mod authentication;
pub mod backend;
pub mod bounded;
pub mod changes;
pub mod connection;
pub mod dial;
pub mod failure;
pub mod first_answer;
pub mod heard;
pub mod login;
pub mod login_steps;
pub mod rehearsal;
pub mod tls;
pub mod turns;
