//! What an audit log is anchored by, and who acts.

pub mod anchor;
pub mod archive;
pub mod checkpoint;
pub mod operator;
