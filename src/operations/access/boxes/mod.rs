//! Access with an end: granted, listed, extended, and ended when its time has come or before.

pub mod ending;
pub mod expire;
pub mod expired;
pub mod extend;
pub mod grant;
pub mod list;
mod reconcile;
pub mod report;
pub mod revoke;
mod survey;

use crate::domain::access::boxes::{BoxComment, BoxId, BoxNote};
use crate::domain::message::notification::Announcement;

/// The lock of a grant between its row and its outcome.
fn lock_of(id: &BoxId) -> String {
    format!("access-{id}")
}

/// What a message says of a grant.
fn announce(
    id: &BoxId,
    comment: &BoxComment,
    ends_at: Option<&str>,
    remarks: Vec<String>,
) -> BoxNote {
    BoxNote {
        id: id.to_string(),
        level: comment.level.to_string(),
        reason: comment.reason.clone(),
        ends_at: ends_at.map(str::to_owned),
        late_seconds: None,
        remarks,
    }
}

fn announced(note: BoxNote) -> Announcement {
    Announcement {
        access: Some(note),
        ..Announcement::default()
    }
}
