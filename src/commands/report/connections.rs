//! `report connections`: limits, use and head-room.

use anyhow::Result;
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_groups;
use crate::commands::selection::FleetArgs;
use crate::domain::counted::counted;
use crate::operations::report::connections::{ConnectionReport, report_connections};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct ConnectionsArgs {
    #[command(flatten)]
    selection: FleetArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 9] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("LOGIN", "login"),
    Column::new("LIMIT", "connection_limit"),
    Column::new("USED", "used"),
    Column::new("PEAK SEEN", "peak_seen"),
    Column::new("LEFT", "left"),
    Column::new("SERVER USED", "server_used"),
    Column::new("AVAILABLE", "available"),
];

impl ConnectionsArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, mut failed) = fleet.split();
        let lost = failed.len();
        let connections = report_connections(&context.run, &targets)?;
        context
            .ui
            .show_rows(&connections.rows, &context.columns(&COLUMNS))?;
        if context.ui.format == Format::Table {
            explain(&connections.rows, context);
        }
        failed.extend(connections.failed);
        outcome_of_groups(
            (failed, connections.silent + lost),
            asked,
            "targets",
            context,
        )
    }
}

/// Tells a person of each server whether its limits fit.
fn explain(rows: &[ConnectionReport], context: &Context) {
    let of_one_server = |row: &ConnectionReport, next: &ConnectionReport| {
        (&row.env, &row.database) == (&next.env, &next.database)
    };
    for server in rows.chunk_by(of_one_server) {
        let Some(row) = server.first() else {
            continue;
        };
        let what = format!(
            "{}/{}: limits add up to {} of {} connections (max_connections {}, {} reserved), {} without a limit; {} used, {} at most",
            row.env,
            row.database,
            row.sum_of_limits,
            row.available,
            row.max_connections,
            row.reserved,
            counted(row.without_limit, "login"),
            row.server_used,
            row.server_peak_seen
        );
        if row.overcommitted {
            context.ui.warn(&what);
        } else {
            context.ui.note(&what);
        }
    }
}
