//! Reports on a fleet: who can log in where and what the login can do there, what stands out, and what changed since. Pure
//! rules on what servers, the registry and the audit log say.

pub mod activity;
pub mod changes;
pub mod finding;
pub mod judge;
pub mod level;
pub mod reading;
pub mod review;
pub mod row;
pub mod summary;
