//! The roles of a run as they are shown: to people a line each.

use std::collections::HashMap;

use anyhow::{Error, Result};
use serde::Serialize;
use serde_json::Value;

use crate::commands::global::Context;
use crate::commands::rotate::row;
use crate::domain::act::operation::Mode;
use crate::domain::act::status::Status;
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::role::report::UserReport;
use crate::operations::rotate::{Candidate, RoleOutcome, Rotation, RotationPlan};
use crate::output::{Column, Format, List, Ui};

/// A role of a run in one line, for people.
#[derive(Serialize)]
struct RoleRow {
    username: String,
    env: String,
    database: String,
    status: String,
    password_changed_at: Option<String>,
    deliver: Option<String>,
}

const DONE: [Column; 5] = [
    Column::new("USERNAME", "username"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("STATUS", "status").wide(14),
    Column::new("DELIVERY", "deliver").wide(16).shortened(),
];
const PLANNED: [Column; 6] = [
    Column::new("USERNAME", "username"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("STATUS", "status"),
    Column::new("CHANGED", "password_changed_at").expendable(1),
    Column::new("DELIVERY", "deliver").shortened().expendable(2),
];

/// The roles as they are shown: to people a line each, to scripts all that is known.
pub struct Rows<'a> {
    /// Of roles whose passwords are changed as they are shown.
    list: Option<List<'a, Value>>,
    /// Of a dry run, which knows all roles before it shows one.
    planned: Vec<(usize, Value)>,
    /// What is told to people at the end.
    failed: Vec<(String, Error)>,
    /// The place of each role among all, in rollout order.
    places: HashMap<String, usize>,
    shown: usize,
    /// The deliveries that this run chooses, if it chooses any.
    chosen: &'a [(Destination, Option<FileFormat>)],
}

impl<'a> Rows<'a> {
    pub fn new(rotation: &'a Rotation<'_>, plan: &RotationPlan<'_>, context: &'a Context) -> Self {
        let is_for_people =
            context.ui.format == Format::Table && (!context.verbose || context.ui.is_arranged());
        let places = plan.in_rollout_order(&context.run);
        let places = places.into_iter().enumerate();
        let places: HashMap<_, _> = places.map(|(place, role)| (role.name(), place)).collect();
        let list = is_for_people.then(|| {
            let mut list = context.ui.list(&DONE);
            list.await_places(
                plan.wanted
                    .iter()
                    .filter_map(|role| places.get(&role.name()).copied()),
            );
            let roles = || plan.wanted.iter();
            list.expect("username", roles().map(|known| known.role.as_str()));
            list.expect("env", roles().map(|known| known.target.env.as_str()));
            list.expect(
                "database",
                roles().map(|known| known.target.database.as_str()),
            );
            list
        });
        Self {
            list,
            planned: Vec::new(),
            failed: Vec::new(),
            places,
            shown: 0,
            chosen: &rotation.deliver,
        }
    }

    pub fn show(
        &mut self,
        candidate: &Candidate,
        outcome: RoleOutcome,
        mode: Mode,
        printers: (&Context, &Ui),
    ) -> Result<()> {
        let place = self.places.get(&candidate.name()).copied();
        let place = place.unwrap_or(usize::MAX);
        let shown = match outcome {
            RoleOutcome::Failed(error) | RoleOutcome::Undecided(error)
                if printers.0.ui.format == Format::Table =>
            {
                self.failed.push((candidate.role.to_string(), error));
                Ok(())
            }
            outcome => self.show_at(place, candidate, &outcome, mode, printers),
        };
        if let Some(list) = &mut self.list {
            list.settle(place);
        }
        shown
    }

    fn show_at(
        &mut self,
        place: usize,
        candidate: &Candidate,
        outcome: &RoleOutcome,
        mode: Mode,
        (context, lines): (&Context, &Ui),
    ) -> Result<()> {
        let (status, reason) = match outcome {
            RoleOutcome::Failed(error) | RoleOutcome::Undecided(error) => {
                lines.show_error(error);
                return Ok(());
            }
            _ if context.ui.quiet => return Ok(()),
            // Printed already, as the delivery of its password.
            RoleOutcome::Rotated(report) if report.delivered_to.is_none() => return Ok(()),
            RoleOutcome::Rotated(report) => {
                return match &mut self.list {
                    Some(list) => {
                        self.shown += 1;
                        let line = RoleRow::rotated(candidate, report);
                        list.add(place, told(&line, report, lines)?)
                    }
                    None => lines.show_record(report.as_ref()),
                };
            }
            RoleOutcome::Gone => (Status::UserNotFound, "forgotten"),
            RoleOutcome::Retired => (Status::LoginRetired, "its grace time is over"),
            RoleOutcome::LeftAlone(reason) => (Status::Unchanged, *reason),
        };
        let Some(list) = &mut self.list else {
            return lines.show_record(&row(candidate, status, reason));
        };
        let all = row(candidate, status.clone(), reason);
        if mode == Mode::DryRun {
            let places = places(candidate, self.chosen);
            let planned = RoleRow::planned(candidate, reason, places);
            self.planned.push((place, told(&planned, &all, lines)?));
            return Ok(());
        }
        self.shown += 1;
        let line = RoleRow::left(candidate, &status, reason);
        list.add(place, told(&line, &all, lines)?)
    }

    /// Takes what failed, if it was not shown yet.
    pub fn take_failed(&mut self) -> Vec<(String, Error)> {
        std::mem::take(&mut self.failed)
    }

    pub fn end(mut self, context: &Context) -> Result<()> {
        if !self.planned.is_empty() {
            self.planned.sort_by_key(|(place, _)| *place);
            let rows: Vec<_> = self.planned.iter().map(|(_, row)| row).collect();
            return context.ui.show_rows(&rows, &PLANNED);
        }
        match self.list {
            Some(list) if self.shown > 0 => list.end().map(drop),
            _ => Ok(()),
        }
    }
}

/// The line for people; the whole row, whose keys can be named, if the user has said what to show.
fn told(line: &RoleRow, row: &impl Serialize, ui: &Ui) -> Result<Value> {
    let told = if ui.is_arranged() {
        serde_json::to_value(row)
    } else {
        serde_json::to_value(line)
    };
    Ok(told?)
}

impl RoleRow {
    fn of(candidate: &Candidate, status: impl Into<String>) -> Self {
        let target = &candidate.target;
        Self {
            username: candidate.role.to_string(),
            env: target.env.to_string(),
            database: target.database.to_string(),
            status: status.into(),
            password_changed_at: None,
            deliver: None,
        }
    }

    fn rotated(candidate: &Candidate, report: &UserReport) -> Self {
        Self {
            deliver: report.delivered_to.clone(),
            ..Self::of(candidate, report.status.to_string())
        }
    }

    fn left(candidate: &Candidate, status: &Status, reason: &str) -> Self {
        Self::of(candidate, format!("{status}: {reason}"))
    }

    /// Of a dry run, whose reason says it all: `due`, or why it is skipped.
    fn planned(candidate: &Candidate, reason: &str, places: String) -> Self {
        let changed_at = candidate.changed_at.recorded();
        Self {
            password_changed_at: changed_at.map(|then| then.to_string()),
            deliver: (reason == "due").then_some(places),
            ..Self::of(candidate, reason)
        }
    }
}

/// Where a password would go.
fn places(candidate: &Candidate, chosen: &[(Destination, Option<FileFormat>)]) -> String {
    let Candidate { target, role, .. } = candidate;
    let wanted: Vec<&Destination> = if chosen.is_empty() {
        let known = candidate.deliver.each().iter();
        known.map(|one| &one.destination).collect()
    } else {
        chosen.iter().map(|(destination, _)| destination).collect()
    };
    let places = wanted.into_iter().map(|destination| {
        let resolved = destination.resolve(target, role);
        // A name that may not be in a path is refused when the password is changed.
        resolved.map_or_else(|_| destination.to_string(), |place| place.to_string())
    });
    places.collect::<Vec<_>>().join(", ")
}
