//! `access check`: what the access groups of each target lack of their levels, and what they have beyond them.

use anyhow::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::access::boxes::{BoxComment, BoxStanding, FoundBox};
use crate::domain::access::check::GroupCheck;
use crate::domain::access::{AccessLevel, GROUP_LEVELS};
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::failure::{Phase, phase_of, sqlstate_of};
use crate::domain::target::Target;
use crate::operations::access::ground::AccessGround;
use crate::operations::access::warnings::of_surroundings;
use crate::run::fleet::{InvalidEntry, for_each_target};
use crate::run::{Act, Run, TargetSession};
use crate::server::access::read_all_groups;
use crate::server::boxes::read_boxes;

/// The result for one target: always a row, and the error if it failed.
pub struct CheckedTarget {
    /// The target's index in the list.
    pub place: usize,
    pub row: AccessCheck,
    pub error: Option<Error>,
}

/// One target's access groups against their levels.
#[derive(Debug, Default, Serialize, JsonSchema)]
pub struct AccessCheck {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// `ok`, `differs`, `failed` or `invalid entry`.
    pub status: Status,
    /// How many objects, schemas and default privileges lack something.
    pub gaps: u64,
    /// How many objects and default privileges a group has something on beyond its level.
    pub excess: u64,
    /// The groups that exist or were asked for, the lowest level first.
    pub groups: Vec<GroupCheck>,
    /// How many roles of grants with an end are in the groups: pgrole placed them, whatever their number.
    pub boxes: u64,
    /// What needs attention although the operation succeeded.
    pub warnings: Vec<String>,
    /// The step in which it failed; null if it did not.
    pub phase: Option<Phase>,
    /// The server's SQLSTATE; null if the server reported none.
    pub sqlstate: Option<String>,
    /// Why it failed; null if it did not.
    pub error: Option<String>,
}

impl AccessCheck {
    pub fn is_as_wanted(&self) -> bool {
        self.gaps == 0 && self.excess == 0
    }

    fn of(env: &str, database: &str) -> Self {
        Self {
            env: env.to_owned(),
            database: database.to_owned(),
            ..Self::default()
        }
    }

    /// Counts the grants with an end, and names those that should have ended.
    fn note_boxes<'a>(&mut self, boxes: impl Iterator<Item = (&'a FoundBox, BoxComment)>) {
        for (found, comment) in boxes {
            match found.standing(&comment) {
                BoxStanding::Ended => continue,
                BoxStanding::Due => self.warnings.push(format!(
                    "the access of \"{}\" should have ended at {}: pgrole access expire --all",
                    comment.user,
                    found.until.as_deref().unwrap_or_default()
                )),
                BoxStanding::Open | BoxStanding::Empty => {}
            }
            self.boxes += 1;
        }
    }

    fn failed(self, error: &Error) -> Self {
        Self {
            status: Status::Failed,
            phase: phase_of(error),
            sqlstate: sqlstate_of(error).map(str::to_owned),
            error: Some(format!("{error:#}")),
            ..self
        }
    }
}

/// Checks the groups that exist on each target, or those of the levels that are named, which must exist.
///
/// # Errors
/// If the audit log cannot be written.
pub fn check_access(
    run: &Run,
    targets: &[Target],
    levels: &[AccessLevel],
    mut take: impl FnMut(CheckedTarget),
) -> Result<()> {
    let act = Act::over(targets, Operation::AccessCheck, "cannot check the access");
    let reading = run.begin_reading(targets, act)?;
    let mut statuses = Vec::new();
    for_each_target(
        run,
        targets,
        |target| reading.ask(target, |server| look(run, server, target, levels)),
        |place, result| {
            let target = &targets[place];
            let (row, error) = match result {
                Ok(row) => (row, None),
                Err(error) => {
                    let row = AccessCheck::of(target.env.as_str(), target.database.as_str());
                    (row.failed(&error), Some(error))
                }
            };
            if error.is_none() {
                statuses.push(row.status.clone());
            }
            take(CheckedTarget { place, row, error });
        },
    );
    reading.end(match statuses.as_slice() {
        _ if statuses.contains(&Status::Differs) => Status::Differs,
        [only] if targets.len() == 1 => only.clone(),
        several => Status::TargetsChecked(several.len()),
    });
    Ok(())
}

/// The row of an invalid entry.
pub fn report_invalid(invalid: &InvalidEntry) -> AccessCheck {
    let row = AccessCheck::of(&invalid.entry.env, &invalid.entry.database);
    AccessCheck {
        status: Status::InvalidEntry,
        ..row.failed(&invalid.error)
    }
}

fn look(
    run: &Run,
    server: &mut TargetSession<'_>,
    target: &Target,
    levels: &[AccessLevel],
) -> Result<AccessCheck> {
    let id = server.operation_id.clone();
    let rules = run.settings.access_rules(&target.env, &target.database);
    let database = &target.database;
    server
        .encoding()
        .check_name("database name", database.as_str(), &target.name())?;
    let found = server.read(|connection| read_all_groups(connection, database, &rules, &id))?;
    let mut row = AccessCheck::of(target.env.as_str(), database.as_str());
    for (level, found) in GROUP_LEVELS.into_iter().zip(found) {
        let is_named = levels.contains(&level);
        if !is_named && !levels.is_empty() {
            continue;
        }
        match found {
            Some(found) => {
                let ground = AccessGround::survey(run, server, rules.clone(), &found.server)?;
                let judge = ground.judge(database, &found.server.access.database);
                let whole = (&found.server, found.gaps);
                row.groups
                    .push(GroupCheck::of(level, whole, &rules, &judge));
                for warning in of_surroundings(target, &found.server) {
                    if !row.warnings.contains(&warning) {
                        row.warnings.push(warning);
                    }
                }
            }
            None if is_named => row.groups.push(GroupCheck::absent(database, level)),
            None => {}
        }
    }
    let boxes = server.read(|connection| read_boxes(connection, ""))?;
    row.note_boxes(boxes.of(database));
    row.gaps = row.groups.iter().map(GroupCheck::gap_count).sum();
    row.excess = row.groups.iter().map(GroupCheck::excess_count).sum();
    row.status = if row.is_as_wanted() {
        Status::Ok
    } else {
        Status::Differs
    };
    Ok(row)
}
