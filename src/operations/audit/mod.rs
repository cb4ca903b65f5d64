//! Reading the audit log, and proving that it is intact.

pub mod anchors;
pub mod archive;
pub mod checkpoint;
pub mod export;
pub mod list;
pub mod show;
pub mod verify;
