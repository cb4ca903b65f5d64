//! `user find` and `user list`: which roles exist. Tables have a row per cluster, JSON a row per target.

use std::mem::take;

use anyhow::{Error, Result};
use clap::Args;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_groups;
use crate::commands::selection::{FleetArgs, NameArgs};
use crate::commands::user::cluster_table::ClusterTable;
use crate::commands::user::no_role::hint_for_no_role;
use crate::domain::act::status::Status;
use crate::domain::failure::Failure;
use crate::domain::role::report::{RoleDescription, UserReport};
use crate::domain::target::Target;
use crate::domain::timestamp::Span;
use crate::operations::user::cluster_rows::ClusterRows;
use crate::operations::user::find::{LoginFilter, ServerRoles, Sight, Wanted, look_for_users};
use crate::output::{Column, Format, counted_names};

#[derive(Debug, Args)]
pub struct FindArgs {
    #[command(flatten)]
    name: NameArgs,

    #[command(flatten)]
    selection: FleetArgs,

    #[command(flatten)]
    rows: RowArgs,
}

#[derive(Debug, Args)]
pub struct ListUsersArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Only logins with these profiles; * matches any text; may be repeated
    #[arg(long, value_name = "PATTERN")]
    profile: Vec<String>,

    /// Only superusers
    #[arg(long)]
    superuser: bool,

    /// Only logins whose VALID UNTIL is at most this far away, or has passed: 14d, 12h, 2w
    #[arg(long, value_name = "SPAN")]
    expiring: Option<Span>,

    /// Only logins that are in no access group of the databases
    #[arg(long)]
    no_access: bool,

    #[command(flatten)]
    rows: RowArgs,
}

/// Where the rows come from, and what they are.
#[derive(Debug, Clone, Args)]
struct RowArgs {
    /// Print a row per cluster, with its databases, in JSON too
    #[arg(long)]
    by_cluster: bool,

    /// Connect to no server: show what each answered last, and when
    #[arg(long)]
    offline: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 8] = [
    Column::new("USERNAME", "username"),
    Column::new("DATABASES", "databases"),
    Column::new("HOSTNAME", "hostname"),
    Column::new("PROFILE", "profile"),
    Column::new("LOGIN", "login"),
    Column::new("LIMIT", "connection_limit"),
    Column::new("VALID UNTIL", "valid_until"),
    Column::new("MEMBER OF", "member_of"),
];
const OF_TARGET: [Column; 2] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
];
const ANSWERED: Column = Column::new("ANSWERED AT", "answered_at");

impl RowArgs {
    fn sight(&self) -> Sight {
        if self.offline {
            Sight::LastAnswers
        } else {
            Sight::Servers
        }
    }
}

impl FindArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.rows.arrange.on(context);
        let role = self.name.role()?;
        let wanted = Wanted::Role(role.clone());
        let mut gathered = Gathered::new(&self.selection, &self.rows, context)?;
        gathered.look_for(&wanted)?;
        if self.selection.is_one_target()
            && context.ui.format == Format::Json
            && !self.rows.by_cluster
        {
            gathered.show_only_row()?;
        } else {
            gathered.show_rows()?;
        }
        let is_found = gathered.found > 0;
        let targets = take(&mut gathered.targets);
        gathered.outcome()?;
        if is_found {
            return Ok(());
        }
        let what = format!("no role \"{role}\" on {}", describe(&targets));
        Err(Failure::not_found(what)
            .hint(hint_for_no_role(
                context,
                &role,
                None,
                "pgrole user find {}",
            ))
            .into())
    }
}

impl ListUsersArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.rows.arrange.on(context);
        let wanted = Wanted::Logins(LoginFilter {
            profiles: self.profile,
            superuser: self.superuser,
            expiring: self.expiring,
            no_access: self.no_access,
        });
        let mut gathered = Gathered::new(&self.selection, &self.rows, context)?;
        gathered.look_for(&wanted)?;
        gathered.show_rows()?;
        gathered.outcome()
    }
}

fn describe(targets: &[Target]) -> String {
    match targets {
        [only] => only.name(),
        many => format!("any of {} targets", many.len()),
    }
}

/// The answers of many servers as they arrive: rows per target are streamed as JSON lines, rows per cluster to a
/// terminal, all else is kept until all are there.
struct Gathered<'a> {
    context: &'a Context,
    args: &'a RowArgs,
    asked: usize,
    targets: Vec<Target>,
    by_target: Vec<(usize, UserReport)>,
    by_cluster: ClusterRows,
    table: Option<ClusterTable<'a>>,
    found: usize,
    /// How many targets the errors stand for.
    silent: usize,
    failed: Vec<Error>,
    unwritten: Option<Error>,
}

impl<'a> Gathered<'a> {
    fn new(selection: &FleetArgs, args: &'a RowArgs, context: &'a Context) -> Result<Self> {
        let fleet = selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, failed) = fleet.split();
        Ok(Self {
            context,
            args,
            asked,
            targets,
            by_target: Vec::new(),
            by_cluster: ClusterRows::default(),
            table: None,
            found: 0,
            silent: failed.len(),
            failed,
            unwritten: None,
        })
    }

    fn look_for(&mut self, wanted: &Wanted) -> Result<()> {
        let run = &self.context.run;
        let targets = take(&mut self.targets);
        if targets.is_empty() {
            return Ok(());
        }
        if self.context.ui.format == Format::Table && self.is_by_cluster() {
            let columns = self.columns(is_one_host(
                targets.iter().map(|it| (&it.hostname, &it.port)),
            ));
            self.table = Some(ClusterTable::begin(&targets, &columns, &self.context.ui));
        }
        let sight = self.args.sight();
        let looked = look_for_users(run, &targets, wanted, sight, |said| {
            if let Err(error) = self.take(wanted, &targets, said) {
                self.unwritten.get_or_insert(error);
            }
        });
        self.targets = targets;
        looked
    }

    /// Keys that only rows of one kind have say which kind is meant.
    fn is_by_cluster(&self) -> bool {
        let ui = &self.context.ui;
        let is_of_target = ui.has_named("database") || ui.has_named("env");
        self.args.by_cluster
            || ui.has_named("databases")
            || ui.format == Format::Table && !is_of_target
    }

    fn take(&mut self, wanted: &Wanted, targets: &[Target], mut said: ServerRoles) -> Result<()> {
        self.silent += said.silent.len();
        self.tell_who_else(targets, &said);
        self.failed.append(&mut said.failed);
        self.found += said.roles.len();
        if let Some(table) = &mut self.table {
            table.add(&self.context.run, targets, &said)?;
        }
        if self.is_by_cluster() {
            return self.by_cluster.add(&self.context.run, targets, said);
        }
        for index in &said.served {
            for row in rows_of(wanted, &targets[*index], &said) {
                if self.context.ui.prints_lines_at_once() {
                    self.context.ui.show_row(&row)?;
                }
                self.by_target.push((*index, row));
            }
        }
        Ok(())
    }

    /// One error stands for all targets of a server that was not reached.
    fn tell_who_else(&self, targets: &[Target], said: &ServerRoles) {
        let Some([asked, others @ ..]) = said.silent.get(said.failed.len().saturating_sub(1)..)
        else {
            return;
        };
        let names: Vec<_> = others.iter().map(|index| targets[*index].name()).collect();
        if !names.is_empty() && said.served.is_empty() {
            self.context.ui.warn(&format!(
                "{} on the same server as {}, which could not be asked: {}",
                if names.len() == 1 {
                    "one more target is"
                } else {
                    "more targets are"
                },
                targets[*asked].name(),
                counted_names(&names)
            ));
        }
    }

    /// Prints the rows in the order of the targets.
    fn show_rows(&mut self) -> Result<()> {
        if let Some(error) = self.unwritten.take() {
            return Err(error);
        }
        let ui = &self.context.ui;
        if self.is_by_cluster() {
            let rows = take(&mut self.by_cluster).rows(&self.targets);
            if rows.is_empty() && ui.format == Format::Table {
                return Ok(());
            }
            // Two names of one server are one cluster, which may have been seen only now.
            let columns = self.columns(is_one_host(rows.iter().map(|it| (&it.hostname, &it.port))));
            return match self.table.take() {
                Some(table) => table.end_with(&rows, &columns),
                None => ui.show_rows(&rows, &columns),
            };
        }
        if ui.prints_lines_at_once() {
            return Ok(());
        }
        self.by_target.sort_by_key(|(index, _)| *index);
        let rows: Vec<_> = self.by_target.iter().map(|(_, row)| row).collect();
        let mut columns = OF_TARGET.to_vec();
        columns.extend(
            COLUMNS
                .into_iter()
                .filter(|column| column.key != "databases"),
        );
        ui.show_rows(&rows, &columns)
    }

    /// The host is told where there are several.
    fn columns(&self, is_one_host: bool) -> Vec<Column> {
        let mut columns = COLUMNS.to_vec();
        if is_one_host {
            columns.retain(|column| column.key != "hostname");
        }
        if self.args.offline {
            columns.push(ANSWERED);
        }
        columns
    }

    fn show_only_row(&self) -> Result<()> {
        match self.by_target.first() {
            Some((_, row)) => self.context.ui.show_record(row),
            None => Ok(()),
        }
    }

    fn outcome(self) -> Result<()> {
        let failed = (self.failed, self.silent);
        outcome_of_groups(failed, self.asked, "targets", self.context)
    }
}

fn is_one_host<T: PartialEq>(mut places: impl Iterator<Item = T>) -> bool {
    let first = places.next();
    places.all(|place| Some(place) == first)
}

/// The rows of one target; one that says so, if a role was looked for and not found.
fn rows_of(wanted: &Wanted, target: &Target, said: &ServerRoles) -> Vec<UserReport> {
    let new = |name: &str, status| UserReport {
        answered_at: said.answered_at.clone(),
        ..UserReport::new(name, status, target)
    };
    if let (Wanted::Role(role), []) = (wanted, said.roles.as_slice()) {
        return vec![new(role.as_str(), Status::UserNotFound)];
    }
    let rows = said.roles.iter().map(|role| UserReport {
        found: Some(RoleDescription::from(role.clone())),
        ..new(&role.name, Status::UserFound)
    });
    rows.collect()
}
