//! What the log keeps of events that were moved into a file: the event that tells of it carries this.

use serde::{Deserialize, Serialize};

use crate::domain::audit::anchor::Anchor;
use crate::domain::audit::checkpoint::Checkpoint;

/// Which events were moved, and where to.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ArchiveRecord {
    #[serde(flatten)]
    pub file: ArchivedFile,
    /// Their last, signed by who moved them: the log goes on after it.
    pub checkpoint: Checkpoint,
    /// What was moved before.
    pub earlier: Vec<ArchivedFile>,
}

/// A file with events of the log.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ArchivedFile {
    /// Its full path when it was written.
    pub file: String,
    pub first: i64,
    pub last: i64,
}

impl ArchiveRecord {
    /// The last event that was moved.
    pub fn anchor(&self) -> Anchor {
        self.checkpoint.anchor
    }

    /// All files, the newest first.
    pub fn files(&self) -> impl Iterator<Item = &ArchivedFile> {
        std::iter::once(&self.file).chain(&self.earlier)
    }

    /// The file that an event was moved to.
    pub fn file_of(&self, event: i64) -> Option<&ArchivedFile> {
        self.files()
            .find(|file| (file.first..=file.last).contains(&event))
    }
}
