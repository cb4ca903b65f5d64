//! What pgrole does, one file an operation. No flags, no printing: each returns a report that serialises.

pub mod access;
pub mod audit;
pub mod credential;
pub mod doctor;
pub mod generated_file;
pub mod notify;
pub mod registry;
pub mod rotate;
pub mod user;
