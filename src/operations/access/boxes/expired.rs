//! What a run of `access expire` came to.

use anyhow::Error;

use crate::domain::access::boxes::BoxId;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};

/// What a run came to.
#[derive(Debug, Default)]
pub struct Expired {
    /// What ended, was found changed, or could not be ended; nothing of what goes on as granted.
    pub rows: Vec<BoxReport>,
    pub failed: Vec<Error>,
    /// The roles that are kept until their end is reported.
    pub(super) tombstones: Vec<(Target, BoxId, RoleName)>,
}

impl Expired {
    pub fn add(&mut self, more: Self) {
        self.rows.extend(more.rows);
        self.failed.extend(more.failed);
        self.tombstones.extend(more.tombstones);
    }

    /// Whether something that was due has not ended, or sessions of it go on.
    pub fn is_incomplete(&self) -> bool {
        let is_left =
            |row: &BoxReport| row.status == BoxStatus::NotExpired || !row.sessions_left.is_empty();
        !self.failed.is_empty() || self.rows.iter().any(is_left)
    }
}
