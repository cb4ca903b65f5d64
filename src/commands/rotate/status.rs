//! `pgrole rotate status`: the age of each password, a check for monitoring, and metrics.

use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::format::{GivenFormat, status_format};
use crate::commands::global::Context;
use crate::commands::rotate::RolesArgs;
use crate::commands::rotate::metrics::metrics_of;
use crate::domain::command_line::pasteable;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::rotate::status::{FleetStatus, read_status};
use crate::output::{Column, Ui};

#[derive(Debug, Args)]
pub struct StatusArgs {
    #[command(flatten)]
    roles: RolesArgs,

    /// The age from which a password is due: 90d, 12h, 2w [default: rotate.older_than in the config file]
    #[arg(long, value_name = "SPAN")]
    older_than: Option<Span>,

    /// Exit with status 7 if a password is overdue, or the retirement of a dual login is; with --quiet, print nothing
    #[arg(long)]
    check: bool,

    /// The format of results [default: table on a terminal, else json]
    #[arg(long, env = "PGROLE_FORMAT", value_parser = status_format())]
    format: Option<GivenFormat>,

    /// With --format prometheus: write the metrics to this file, atomically, readable by everyone
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 8] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("PROFILE", "profile"),
    Column::new("AGE", "age"),
    Column::new("DUE", "due"),
    Column::new("LAST RESULT", "last_result"),
    Column::new("LAST ATTEMPT", "last_attempt_at"),
];

impl StatusArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        if self.output.is_some() && !context.metrics {
            let what = "--output requires --format prometheus";
            return Err(Failure::usage(what)
                .hint("pgrole rotate status --format prometheus --output FILE")
                .into());
        }
        let configured = context.run.settings.rotate_older_than;
        let older_than = self.older_than.or(configured);
        if self.check && older_than.is_none() {
            let what = "--check requires the age from which a password is due";
            return Err(Failure::usage(what)
                .hint("add --older-than 90d, or to the config file: [rotate] older_than = \"90d\"")
                .into());
        }
        let selection = self.roles.selection(context)?;
        let status = read_status(&context.run, &selection, older_than, Timestamp::now())?;
        match &self.output {
            Some(path) => metrics_of(&status).write_to(path)?,
            None if context.metrics => Ui::show_text(metrics_of(&status).text())?,
            None if self.check && context.ui.quiet => {}
            None => context.ui.show_rows(&status.roles, &COLUMNS)?,
        }
        match older_than.filter(|_| self.check) {
            Some(older_than) => check(&status, older_than),
            None => Ok(()),
        }
    }
}

fn check(status: &FleetStatus, older_than: Span) -> Result<()> {
    match status.overdue() {
        0 => check_retirements(status),
        overdue => {
            let all = status.roles.len();
            let unknown = match status.unknown() {
                0 => String::new(),
                unknown => format!(", {unknown} of them of unknown age"),
            };
            let what = format!("{overdue} of {all} passwords are overdue{unknown}");
            let hint = format!(
                "see which: {}; to renew them: {}",
                pasteable("pgrole rotate status --older-than {}", &[&older_than]),
                pasteable("pgrole rotate --older-than {}", &[&older_than])
            );
            Err(Failure::new(Kind::Differences, what).hint(hint).into())
        }
    }
}

fn check_retirements(status: &FleetStatus) -> Result<()> {
    match status.unretired() {
        0 => Ok(()),
        unretired => {
            let what = format!(
                "{} still valid although the grace time is over",
                counted(unretired, "outgoing login")
            );
            Err(Failure::new(Kind::Differences, what)
                .hint("see which: pgrole rotate status; to retire what nobody uses any more: pgrole rotate --older-than 90d")
                .into())
        }
    }
}
