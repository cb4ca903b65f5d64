//! PostgreSQL: connecting, reading the catalog, rendering changes as SQL, explaining what went wrong.

#[cfg(test)]
mod ascii;
mod authentication;
mod backend;
pub mod catalog;
pub mod changes;
pub mod connection;
mod dial;
pub mod failure;
mod login;
pub mod statements;
mod tls;
