//! `pgrole registry check`: whether each target can be reached and used.

use anyhow::Result;

use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::FleetArgs;
use crate::operations::registry::check::{
    TargetCheck, TargetReport, check_targets, report_invalid,
};
use crate::output::{Column, Format};

const COLUMNS: [Column; 10] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("STATUS", "status"),
    Column::new("PG", "server_version"),
    Column::new("STATE", "state"),
    Column::new("TLS", "tls_version"),
    Column::new("MS", "login_ms"),
    Column::new("RTT", "round_trip_ms"),
    Column::new("ADMIN", "admin"),
    Column::new("SOURCE", "source_kind"),
];

pub fn run(selection: &FleetArgs, context: &Context) -> Result<()> {
    let fleet = selection.fleet(context)?;
    let asked = fleet.asked();
    let streams = context.ui.format == Format::Jsonl;
    let mut rows = Vec::new();
    let mut failed = Vec::new();
    let mut unwritten = Ok(());
    let mut take = |result: TargetCheck| {
        if streams && let Err(error) = context.ui.show_row(&result.row) {
            unwritten = Err(error);
        }
        failed.extend(result.error);
        rows.push((result.place, result.row));
    };
    if !fleet.targets.is_empty() {
        check_targets(&context.run, &fleet.targets, &mut take)?;
    }
    unwritten?;
    rows.sort_by_key(|(place, _)| *place);
    let mut rows: Vec<_> = rows.into_iter().map(|(_, row)| row).collect();
    for invalid in fleet.invalid {
        let row = report_invalid(&invalid);
        if streams {
            context.ui.show_row(&row)?;
        }
        rows.push(row);
        failed.push(invalid.error);
    }
    if !streams {
        context.ui.show_rows(&rows, &COLUMNS)?;
    }
    if context.ui.format == Format::Table {
        for row in &rows {
            explain(row, context);
        }
    }
    outcome_of_many(failed, asked, "targets", context)
}

/// Tells a person which rights are missing and what grants them; scripts find it in the row.
fn explain(row: &TargetReport, context: &Context) {
    let name = format!("{}/{}", row.env, row.database);
    let rights = &row.rights;
    for missing in &rights.missing {
        context.ui.warn(&format!("{name}: {missing}"));
    }
    for grant in &rights.grants {
        context.ui.advise(&format!(
            "run this once on {name} as a role that is allowed to: {grant};"
        ));
    }
    if let Some(prepare) = &rights.prepare {
        context.ui.advise(&format!(
            "run this once as a role that is allowed to: {prepare}"
        ));
    }
    for warning in &rights.warnings {
        context.ui.warn(warning);
    }
}
