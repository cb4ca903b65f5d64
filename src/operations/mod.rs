//! What pgrole does, one file per operation. No flags, no printing: each returns a report that can be serialized.

pub mod access;
pub mod audit;
pub mod completion;
pub mod config_file;
pub mod credential;
pub mod doctor;
pub mod explain;
pub mod fleet_file;
pub mod generated_file;
pub mod known;
pub mod notify;
pub mod offboard;
pub mod overview;
pub mod registry;
pub mod rehearsal;
pub mod report;
pub mod rotate;
pub mod user;
