//! `access list`: the grants with an end on the targets; of those that cannot be reached, what this machine knows.

use anyhow::{Error, Result};

use crate::domain::access::boxes::{BoxStanding, FoundBoxes};
use crate::domain::act::operation::Operation;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::access::boxes::report::{BoxReport, BoxStatus};
use crate::operations::access::boxes::survey::survey;
use crate::run::Run;
use crate::run::fleet::JOBS;
use crate::store::{BoxRow, BoxRowState};

/// The grants with an end, those first that have not ended although they should have, and the targets that failed.
///
/// # Errors
/// If the audit log cannot be written, or the registry read.
pub fn list_boxes(run: &Run, targets: &[Target]) -> Result<(Vec<BoxReport>, Vec<Error>)> {
    let sessions = run.keep_sessions(JOBS);
    let mut rows: Vec<BoxReport> = Vec::new();
    let mut failed = Vec::new();
    for surveyed in survey(run, &sessions, targets, Operation::AccessList)? {
        let target = surveyed.target;
        match surveyed.found {
            Ok(found) => {
                for row in found_rows(target, &found, &surveyed.rows) {
                    // Two targets may be one database.
                    if !rows.iter().any(|known| known.id == row.id) {
                        rows.push(row);
                    }
                }
            }
            Err(error) => {
                let known = surveyed.rows.iter();
                let known = known.filter(|row| row.state != BoxRowState::Ended);
                rows.extend(known.map(|row| unreached(row, &error)));
                failed.push(error);
            }
        }
    }
    rows.sort_by(|one, other| {
        let key = |row: &BoxReport| {
            let end = row.ends_at.clone();
            (row.status, end.is_none(), end, row.id.clone())
        };
        key(one).cmp(&key(other))
    });
    Ok((rows, failed))
}

fn found_rows(target: &Target, found: &FoundBoxes, known: &[BoxRow]) -> Vec<BoxReport> {
    let mut rows: Vec<_> = found
        .of(&target.database)
        .filter_map(|(found, comment)| {
            let status = match found.standing(&comment) {
                BoxStanding::Open => BoxStatus::Open,
                BoxStanding::Due => BoxStatus::NotExpired,
                BoxStanding::Ended => BoxStatus::Ended,
                BoxStanding::Empty => BoxStatus::Removed,
            };
            Some(BoxReport::found(
                target,
                (&found.id()?, found, &comment),
                status,
            ))
        })
        .collect();
    let lost = known
        .iter()
        .filter(|row| row.state == BoxRowState::Open && found.find(&row.id).is_none());
    rows.extend(lost.map(|row| {
        let mut row = BoxReport::remembered(row, BoxStatus::Removed);
        row.warnings
            .push("its role is not on the server".to_owned());
        row
    }));
    rows
}

/// Whether an end has come is told by this machine's clock, while the server's cannot be read.
pub fn is_past(row: &BoxRow) -> bool {
    let end = row.ends_at.as_deref().and_then(Timestamp::parse);
    end.is_some_and(|end| end <= Timestamp::now())
}

/// A grant whose server did not answer.
pub fn unreached(row: &BoxRow, error: &Error) -> BoxReport {
    let status = if is_past(row) {
        BoxStatus::NotExpired
    } else {
        BoxStatus::Unknown
    };
    let mut report = BoxReport::remembered(row, status);
    report.error = Some(format!("{error:#}"));
    report
}
