//! `pgrole audit list`: what was done, by whom, and how it ended.

use anyhow::Result;
use clap::Args;

use crate::commands::Context;
use crate::commands::selection::FleetArgs;
use crate::domain::failure::Failure;
use crate::domain::role::RoleName;
use crate::domain::timestamp::Timestamp;
use crate::output::Column;
use crate::store::EventFilter;

#[derive(Debug, Args)]
pub struct ListArgs {
    /// Only since then: a date (2026-11-23), a time (2026-11-23T08:00:00Z) or a span (7d, 12h)
    #[arg(long, value_name = "WHEN", value_parser = parse_when)]
    since: Option<Timestamp>,

    #[command(flatten)]
    selection: FleetArgs,

    /// Only what was about this role
    #[arg(short, long, value_name = "NAME")]
    username: Option<RoleName>,

    /// At most so many
    #[arg(long, value_name = "COUNT", default_value = "50")]
    limit: u32,
}

const COLUMNS: [Column; 7] = [
    Column::new("PERFORMED AT", "performed_at"),
    Column::new("OPERATOR", "os_user"),
    Column::new("OPERATION", "operation"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("STATUS", "status"),
];

impl ListArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        if let Some(env) = &self.selection.env {
            context.session.settings.check_environment(env)?;
        }
        let filter = EventFilter {
            since: self.since,
            env: self.selection.env.map(|env| env.to_string()),
            database: self.selection.database.map(|database| database.to_string()),
            username: self.username.map(|username| username.to_string()),
            limit: self.limit,
        };
        let events = context
            .session
            .with_store(|store| store.list_events(&filter))?;
        context.ui.show_rows(&events, &COLUMNS)
    }
}

fn parse_when(text: &str) -> Result<Timestamp, Failure> {
    Timestamp::parse_point_or_span(text, Timestamp::now())
        .map_err(|error| Failure::usage(error.to_string()))
}
