//! Grants with an end that are taken away before it, by `access revoke` or with their login: each is an act of its own.

use anyhow::Result;

use crate::domain::access::boxes::BoxId;
use crate::domain::act::operation::Mode;
use crate::domain::role::RoleName;
use crate::domain::target::Target;
use crate::operations::access::boxes::ending::{EndBox, EndCause, drop_tombstone, end_box};
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};
use crate::run::Run;

/// Whose grants are taken away.
pub struct EndedBoxes<'a> {
    pub target: &'a Target,
    pub login: &'a RoleName,
    pub reason: Option<&'a str>,
    pub cause: EndCause,
    pub mode: Mode,
}

/// Ends the grants, whether their end has come or not. Those of a trial are only listed, as open.
///
/// # Errors
/// The server's error, at the first that cannot be ended.
pub fn end_boxes(run: &Run, wanted: &EndedBoxes<'_>, boxes: &[BoxId]) -> Result<Vec<BoxReport>> {
    let sessions = run.keep_sessions(1);
    let mut ended = Vec::new();
    for id in boxes {
        let end = EndBox {
            target: wanted.target,
            id,
            login: wanted.login,
            reason: wanted.reason,
            cause: wanted.cause,
            mode: wanted.mode,
        };
        let Some(mut report) = end_box(run, &sessions, &end)? else {
            continue;
        };
        if wanted.mode != Mode::Run {
            report.status = BoxStatus::Open;
            ended.push(report);
            continue;
        }
        if let Err(error) = drop_tombstone(run, &sessions, (wanted.target, id, wanted.login)) {
            // The next look for ended grants drops it.
            report.warnings.push(format!("{error:#}"));
        }
        ended.push(report);
    }
    Ok(ended)
}
