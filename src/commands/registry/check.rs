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
    Column::new("STATUS", "status").wide(14),
    Column::new("PG", "server_version").wide(4),
    Column::new("STATE", "state").wide(7),
    Column::new("TLS", "tls_version").wide(7),
    Column::new("MS", "login_ms").wide(6),
    Column::new("RTT", "round_trip_ms").wide(6),
    Column::new("ADMIN", "admin").wide(8),
    Column::new("SOURCE", "source_kind").wide(8),
];

pub fn run(selection: &FleetArgs, context: &Context) -> Result<()> {
    let fleet = selection.fleet(context)?;
    let asked = fleet.asked();
    let targets = || fleet.targets.iter();
    let mut list = context.ui.list(&COLUMNS);
    list.expect("env", targets().map(|target| target.env.as_str()));
    list.expect("database", targets().map(|target| target.database.as_str()));
    let mut failed = Vec::new();
    let mut unwritten = Ok(());
    let mut take = |result: TargetCheck| {
        failed.extend(result.error);
        if let Err(error) = list.add(result.place, result.row) {
            unwritten = Err(error);
        }
    };
    if !fleet.targets.is_empty() {
        check_targets(&context.run, &fleet.targets, &mut take)?;
    }
    unwritten?;
    for invalid in fleet.invalid {
        list.add(usize::MAX, report_invalid(&invalid))?;
        failed.push(invalid.error);
    }
    let rows = list.end()?;
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
