//! `user find` and `user list`: which roles exist.

use anyhow::{Error, Result};
use clap::Args;

use crate::commands::selection::{FleetArgs, NameArgs};
use crate::commands::{Context, outcome_of_many};
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::role::report::UserReport;
use crate::domain::target::Target;
use crate::operations::user::find::{TargetRoles, find_users, list_users};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct FindArgs {
    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    selection: FleetArgs,
}

#[derive(Debug, Args)]
pub struct ListUsersArgs {
    #[command(flatten)]
    selection: FleetArgs,
}

const COLUMNS: [Column; 8] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("PROFILE", "profile"),
    Column::new("LOGIN", "login"),
    Column::new("LIMIT", "connection_limit"),
    Column::new("VALID UNTIL", "valid_until"),
    Column::new("MEMBER OF", "member_of"),
];

impl FindArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, failed) = fleet.split();
        let mut gathered = Gathered::new(context, failed);
        let role = self.name.role()?;
        find_users(&context.run, &targets, &role, |result| {
            gathered.take(result);
        });
        let is_found = |row: &UserReport| row.status == Status::UserFound;
        let found = gathered
            .rows
            .iter()
            .filter(|(_, row)| is_found(row))
            .count();
        if self.selection.is_one_target() && context.ui.format == Format::Json {
            gathered.show_only_row()?;
        } else {
            let people = context.ui.format == Format::Table;
            gathered.show_rows(|row| is_found(row) || !people)?;
        }
        outcome_of_many(gathered.failed, asked, "targets", context)?;
        if found > 0 {
            return Ok(());
        }
        Err(
            Failure::not_found(format!("no role \"{role}\" on {}", describe(&targets)))
                .hint("list the roles: pgrole user list")
                .into(),
        )
    }
}

impl ListUsersArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, failed) = fleet.split();
        let mut gathered = Gathered::new(context, failed);
        list_users(&context.run, &targets, |result| gathered.take(result));
        gathered.show_rows(|_| true)?;
        outcome_of_many(gathered.failed, asked, "targets", context)
    }
}

fn describe(targets: &[Target]) -> String {
    match targets {
        [only] => only.name(),
        many => format!("any of {} targets", many.len()),
    }
}

/// The rows of many targets as they arrive: streamed as JSON lines, else kept until all are there.
struct Gathered<'a> {
    context: &'a Context,
    rows: Vec<(usize, UserReport)>,
    failed: Vec<Error>,
    unwritten: Option<Error>,
}

impl<'a> Gathered<'a> {
    fn new(context: &'a Context, failed: Vec<Error>) -> Self {
        Self {
            context,
            rows: Vec::new(),
            failed,
            unwritten: None,
        }
    }

    fn take(&mut self, result: TargetRoles) {
        match result.rows {
            Err(error) => self.failed.push(error),
            Ok(rows) => {
                for row in rows {
                    if self.context.ui.format == Format::Jsonl
                        && let Err(error) = self.context.ui.show_row(&row)
                    {
                        self.unwritten = Some(error);
                    }
                    self.rows.push((result.place, row));
                }
            }
        }
    }

    /// Prints the rows in the order of the targets.
    fn show_rows(&mut self, wanted: impl Fn(&UserReport) -> bool) -> Result<()> {
        if let Some(error) = self.unwritten.take() {
            return Err(error);
        }
        if self.context.ui.format == Format::Jsonl {
            return Ok(());
        }
        self.rows.sort_by_key(|(place, _)| *place);
        let rows = self.rows.iter().map(|(_, row)| row);
        let rows: Vec<_> = rows.filter(|row| wanted(row)).collect();
        if rows.is_empty() && self.context.ui.format == Format::Table {
            return Ok(());
        }
        self.context.ui.show_rows(&rows, &COLUMNS)
    }

    fn show_only_row(&self) -> Result<()> {
        match self.rows.first() {
            Some((_, row)) => self.context.ui.show_record(row),
            None => Ok(()),
        }
    }
}
