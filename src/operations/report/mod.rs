//! Reports on the fleet: who can log in where, how old and how strong the passwords are, who has not been seen, how many
//! connections are left. Each reads once a cluster, and what is about databases once a database.

mod acts;
mod login_log;
mod on_record;
mod reading;
mod table_file;

pub mod accept;
pub mod access;
pub mod connections;
pub mod passwords;
pub mod unused;
