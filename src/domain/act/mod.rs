//! What pgrole does: operations and their statuses, the changes that they plan, and how those are undone.

pub mod operation;
pub mod plan;
pub mod rehearsal;
pub mod status;
pub mod undo;
