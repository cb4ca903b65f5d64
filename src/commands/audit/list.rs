//! `pgrole audit list`: what was done, by whom, and how it ended.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::timestamp::Timestamp;
use crate::operations::audit::list::{EventFilter, list_archives, pass_events};
use crate::output::Column;

#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    period: PeriodArgs,

    /// Only events in this environment
    #[arg(short, long)]
    env: Option<Environment>,

    /// Only events on databases with this name
    #[arg(short, long)]
    database: Option<DatabaseName>,

    /// Only events about this role
    #[arg(short, long, value_name = "NAME")]
    username: Option<RoleName>,

    /// Only events by this account
    #[arg(long, value_name = "NAME")]
    operator: Option<String>,

    /// Only this operation, as the list names it: "user reset"
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,

    /// Only events that ended in an error: failed, refused, interrupted
    #[arg(long)]
    failed: bool,

    /// Only events that changed something, or that have no outcome on record and may have
    #[arg(long)]
    changes: bool,

    /// Show at most this many events
    #[arg(long, value_name = "COUNT", default_value = "50", value_parser = clap::value_parser!(u32).range(1..))]
    limit: u32,

    /// The next page: only events older than this one, the last of the previous page
    #[arg(long, value_name = "ID")]
    before: Option<i64>,

    /// List the events in this archive
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    archive: Option<PathBuf>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

/// A period of time.
#[derive(Debug, Args)]
pub struct PeriodArgs {
    /// Only events since this time: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)
    #[arg(long, value_name = "WHEN", value_parser = parse_when)]
    pub since: Option<Timestamp>,

    /// Only events until this time; a date includes the whole day (UTC)
    #[arg(long, value_name = "WHEN", value_parser = parse_end)]
    pub until: Option<Timestamp>,
}

const COLUMNS: [Column; 8] = [
    Column::new("ID", "id"),
    Column::new("PERFORMED AT", "performed_at").expendable(2),
    Column::new("OPERATOR", "os_user").expendable(1),
    Column::new("OPERATION", "operation"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("STATUS", "status").shortened(),
];

impl ListArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        if let Some(env) = &self.env {
            context.run.settings.check_environment(env)?;
        }
        let filter = EventFilter {
            since: self.period.since,
            until: self.period.until,
            env: self.env.map(|env| env.to_string()),
            database: self.database.map(|database| database.to_string()),
            username: self.username.map(|username| username.to_string()),
            operator: self.operator,
            operation: self.operation,
            failed: self.failed,
            changes: self.changes,
            before: self.before,
            limit: self.limit,
        };
        let in_lines = context.ui.prints_lines_at_once();
        let columns = context.columns(&COLUMNS);
        let mut kept = Vec::new();
        let last = pass_events(&context.run, &filter, self.archive.as_deref(), |events| {
            if in_lines {
                return context.ui.show_rows(events, &columns);
            }
            kept.extend_from_slice(events);
            Ok(())
        })?;
        if !in_lines {
            context.ui.show_rows(&kept, &columns)?;
        }
        if let Some(last) = last {
            context
                .ui
                .note(&format!("there may be more: --before {last}"));
        } else if self.archive.is_none() && filter.since.is_none() {
            for file in list_archives(&context.run)? {
                context
                    .ui
                    .note(&format!("earlier events: --archive {file}"));
            }
        }
        Ok(())
    }
}

pub(super) fn parse_when(text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse_point_or_span(text, Timestamp::now())
        .map_err(|error| Failure::usage(error.to_string()))
}

fn parse_end(text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse_end(text, Timestamp::now()).map_err(|error| Failure::usage(error.to_string()))
}
