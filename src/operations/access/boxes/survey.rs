//! Which grants with an end there are: those on the servers, and those that this machine knows of.

use anyhow::{Error, Result};

use crate::domain::access::boxes::{BoxStanding, FoundBoxes};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::target::Target;
use crate::run::fleet::for_each_target;
use crate::run::{Act, IdleSessions, Run};
use crate::server::boxes::read_boxes;
use crate::store::BoxRow;

/// What a target answered.
pub struct SurveyedTarget<'a> {
    pub target: &'a Target,
    pub found: Result<FoundBoxes, Error>,
    /// What this machine knows of it.
    pub rows: Vec<BoxRow>,
}

/// Asks the targets, in their order.
///
/// # Errors
/// If the audit log cannot be written, or the registry read.
pub fn survey<'a>(
    run: &Run,
    sessions: &IdleSessions<'_>,
    targets: &'a [Target],
    operation: Operation,
) -> Result<Vec<SurveyedTarget<'a>>> {
    let known = known_boxes(run)?;
    if targets.is_empty() {
        return Ok(Vec::new());
    }
    let act = Act::over(targets, operation, "cannot look for grants with an end");
    let reading = run.begin_reading(targets, act)?;
    let mut answers: Vec<Option<Result<FoundBoxes>>> = targets.iter().map(|_| None).collect();
    for_each_target(
        run,
        targets,
        |target| {
            reading.ask_over(sessions, target, |server| {
                server.read(|connection| read_boxes(connection, ""))
            })
        },
        |place, answer| answers[place] = Some(answer),
    );
    let surveyed: Vec<_> = targets
        .iter()
        .zip(answers)
        .filter_map(|(target, found)| {
            let is_its = |row: &&BoxRow| is_on(row, target);
            Some(SurveyedTarget {
                target,
                found: found?,
                rows: known.iter().filter(is_its).cloned().collect(),
            })
        })
        .collect();
    let standings = surveyed.iter().flat_map(|surveyed| {
        let found = surveyed.found.as_ref().ok();
        let database = &surveyed.target.database;
        let boxes = found.into_iter().flat_map(|found| found.of(database));
        boxes.map(|(found, comment)| found.standing(&comment))
    });
    let standings: Vec<_> = standings.collect();
    let count = |wanted| standings.iter().filter(|one| **one == wanted).count();
    let due = count(BoxStanding::Due);
    reading.end(Status::BoxesSeen {
        open: count(BoxStanding::Open) + due,
        due,
    });
    Ok(surveyed)
}

/// What this machine knows of, also by its audit log alone.
///
/// # Errors
/// If the registry cannot be read.
pub fn known_boxes(run: &Run) -> Result<Vec<BoxRow>> {
    run.with_store(|store| {
        let mut known = store.list_boxes()?;
        known.extend(store.list_boxes_of_log()?);
        Ok(known)
    })
}

pub fn is_on(row: &BoxRow, target: &Target) -> bool {
    row.env == target.env.as_str() && row.database == target.database.as_str()
}
