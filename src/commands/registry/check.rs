//! `pgrole registry check`: whether each target can be reached and used.

use anyhow::Result;

use crate::commands::arrange::FleetListArgs;
use crate::commands::global::Context;
use crate::commands::outcome::{is_left_out, outcome_of_many};
use crate::domain::act::status::Status;
use crate::operations::registry::check::{
    TargetCheck, TargetReport, check_targets, report_invalid,
};
use crate::output::{Column, Format, List};
use crate::run::fleet::Fleet;

const COLUMNS: [Column; 10] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("STATUS", "status").wide(19),
    Column::new("PG", "server_version").wide(5),
    Column::new("STATE", "state").wide(7),
    Column::new("TLS", "tls_version").wide(7),
    Column::new("MS", "login_ms").wide(6),
    Column::new("RTT", "round_trip_ms").wide(6).expendable(3),
    Column::new("ADMIN", "admin").wide(8).expendable(2),
    Column::new("SOURCE", "source_kind").wide(8).expendable(1),
];

/// Of what has a problem: a row is drawn before it is known which of the other columns are empty in all.
const OF_PROBLEMS: [Column; 4] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("STATUS", "status").wide(19),
    Column::new("HOSTNAME", "hostname"),
];

/// Up to how many targets a person is shown all of them, not only those with problems.
const FEW: usize = 12;

pub fn run(args: &FleetListArgs, context: &Context) -> Result<()> {
    let context = &args.arrange.on(context);
    let fleet = args.selection.fleet(context)?;
    let asked = fleet.asked();
    let mut failed = Vec::new();
    let mut shown = Shown::new(&fleet, context);
    let mut unwritten = Ok(());
    let mut take = |result: TargetCheck| {
        let is_left_out = is_left_out(result.error.as_ref(), context);
        failed.extend(result.error);
        if is_left_out {
            return;
        }
        if let Err(error) = shown.take(result.place, result.row) {
            unwritten = Err(error);
        }
        shown.list.settle(result.place);
    };
    if !fleet.targets.is_empty() {
        check_targets(&context.run, &fleet.targets, &mut take)?;
    }
    unwritten?;
    for invalid in fleet.invalid {
        shown.take(usize::MAX, report_invalid(&invalid))?;
        failed.push(invalid.error);
    }
    shown.end(context)?;
    outcome_of_many(failed, asked, "targets", context)
}

/// The rows as they are shown: to a person at a terminal the problems first, and of many targets only how many have
/// none.
struct Shown<'a> {
    list: List<'a, TargetReport>,
    asked: usize,
    is_for_person: bool,
    /// Whether what is well is only counted.
    sums_up: bool,
    well: Vec<(usize, TargetReport)>,
}

impl<'a> Shown<'a> {
    fn new(fleet: &Fleet, context: &'a Context) -> Self {
        let ui = &context.ui;
        let targets = || fleet.targets.iter();
        let is_for_person = ui.draws_rows_at_once() && !context.verbose;
        let sums_up = is_for_person && fleet.asked() > FEW;
        let mut list = if sums_up {
            ui.list(&OF_PROBLEMS)
        } else {
            ui.list(&context.columns(&COLUMNS))
        };
        list.await_places(0..fleet.targets.len());
        list.expect("env", targets().map(|target| target.env.as_str()));
        list.expect("database", targets().map(|target| target.database.as_str()));
        let hosts: Vec<_> = targets()
            .map(|target| target.hostname.to_string())
            .collect();
        list.expect("hostname", hosts.iter().map(String::as_str));
        Self {
            list,
            asked: fleet.asked(),
            is_for_person,
            sums_up,
            well: Vec::new(),
        }
    }

    fn take(&mut self, place: usize, row: TargetReport) -> Result<()> {
        let is_well = row.status == Status::Ok;
        if self.sums_up && is_well {
            self.well.push((place, row));
            return Ok(());
        }
        let behind = if self.is_for_person && is_well {
            self.asked
        } else {
            0
        };
        self.list.add(place.saturating_add(behind), row)
    }

    fn end(mut self, context: &Context) -> Result<()> {
        let rows = self.list.end()?;
        if context.ui.format == Format::Table {
            self.well.sort_by_key(|(place, _)| *place);
            let well = self.well.iter().map(|(_, row)| row);
            let mut all: Vec<_> = rows.iter().chain(well).collect();
            let settings = &context.run.settings;
            all.sort_by_key(|row| settings.rollout_rank(&row.env));
            explain(&all, context);
        }
        if !self.well.is_empty() {
            let all = self.well.len() + rows.len();
            let well = self.well.len();
            context
                .ui
                .note(&format!("{well} of {all} targets are ok; to see them: -v"));
        }
        Ok(())
    }
}

/// Tells a person which rights are missing and what grants them, each once; scripts find it in the rows.
fn explain(rows: &[&TargetReport], context: &Context) {
    let mut missing = Vec::new();
    let mut advice = Vec::new();
    let mut warnings = Vec::new();
    for row in rows {
        let place = (row.env.as_str(), row.database.as_str());
        let rights = &row.rights;
        let said = |text: &String| (place, text.clone());
        missing.extend(rights.missing.iter().map(said));
        advice.extend(rights.grants.iter().map(|grant| {
            let text = format!("run this once there as a role that is allowed to: {grant};");
            (place, text)
        }));
        advice.extend(rights.prepare.iter().map(|prepare| {
            let text = format!("run this once as a role that is allowed to: {prepare}");
            (place, text)
        }));
        warnings.extend(rights.warnings.iter().map(said));
    }
    context.ui.warn_of(&missing);
    context.ui.advise_on(&advice);
    context.ui.warn_of(&warnings);
}
