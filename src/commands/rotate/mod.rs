//! `pgrole rotate`: new passwords for all roles that are due; `rotate status`: how old they are.

mod metrics;
mod status;

use anyhow::Result;
use clap::{Args, Subcommand};
use serde::Serialize;

use crate::commands::Context;
use crate::commands::delivery::Stdout;
use crate::commands::selection::{ChangeArgs, confirm_fleet};
use crate::domain::destination::{Destination, FileFormat};
use crate::domain::failure::Failure;
use crate::domain::secret::Secret;
use crate::domain::target::Environment;
use crate::domain::timestamp::Span;
use crate::operations::password_change::Printer;
use crate::operations::report::{Status, UserReport};
use crate::operations::rotate::{
    Candidate, Outcome, Rotation, Selection, Summary, UnknownAge, rotate, wait_a_while,
};
use crate::output::{Format, Ui};

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  pgrole rotate --older-than 90d --dry-run
  pgrole rotate --older-than 90d -e dev -e qa --jobs 8
  pgrole rotate --older-than 90d --canary 3 --max-failures 5 --yes --quiet     (from cron)
  pgrole rotate status --older-than 90d --check")]
pub struct RotateArgs {
    #[command(subcommand)]
    command: Option<RotateCommand>,

    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum RotateCommand {
    /// Show how old each password is, whether it is due, and how its last change ended; asks no server
    #[command(after_help = "Examples:
  pgrole rotate status
  pgrole rotate status --older-than 90d --check --quiet     (exit status 7 when one is overdue)
  pgrole rotate status --format prometheus --output /var/lib/prometheus/node-exporter/pgrole.prom")]
    Status(status::StatusArgs),
}

/// Which roles, of those that pgrole placed.
#[derive(Debug, Args)]
struct RolesArgs {
    /// Only these environments; * stands for any text; may be repeated [default: all]
    #[arg(short, long, value_name = "PATTERN")]
    env: Vec<String>,

    /// Only these databases; * stands for any text; may be repeated [default: all]
    #[arg(short, long, value_name = "PATTERN")]
    database: Vec<String>,

    /// Only these roles; * stands for any text; may be repeated [default: all that pgrole placed]
    #[arg(short, long, value_name = "PATTERN")]
    username: Vec<String>,

    /// Only roles of these profiles; * stands for any text; may be repeated [default: all]
    #[arg(long, value_name = "PATTERN")]
    profile: Vec<String>,
}

#[derive(Debug, Args)]
struct RunArgs {
    #[command(flatten)]
    roles: RolesArgs,

    /// Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w
    /// [default: the config file's, in section rotate; else all]
    #[arg(long, value_name = "SPAN")]
    older_than: Option<Span>,

    /// Whatever their age, even where the config file names one
    #[arg(long, conflicts_with = "older_than")]
    any_age: bool,

    /// Rotate roles too whose password was never changed from here; else they are only reported
    #[arg(long)]
    include_unknown: bool,

    /// So many roles at once
    #[arg(long, value_name = "COUNT", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,

    /// At most so many roles
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,

    /// So many roles first, one after the other; stop if one of them fails
    #[arg(long, value_name = "COUNT", default_value = "0")]
    canary: usize,

    /// Stop after so many failures
    #[arg(long, value_name = "COUNT")]
    max_failures: Option<usize>,

    /// Begin no role later than this after the start
    #[arg(long, value_name = "SPAN")]
    deadline: Option<Span>,

    /// Wait for a random part of this before the start, so that many machines do not start at once
    #[arg(long, value_name = "SPAN")]
    jitter: Option<Span>,

    /// Where the passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND or stdout
    /// [default: where each went before]
    #[arg(long, value_name = "WHERE")]
    deliver: Option<Destination>,

    /// What a delivered file looks like
    #[arg(
        long,
        value_name = "FORM",
        value_enum,
        requires = "deliver",
        default_value = "json"
    )]
    file_format: FileFormat,

    #[command(flatten)]
    change: ChangeArgs,
}

/// Keeps passwords out of a run that is to be silent.
struct Withheld;

impl Printer for Withheld {
    fn check(&self) -> Result<()> {
        Err(Failure::refused(
            "its password goes to stdout, which --quiet keeps for failures: cron would mail it",
        )
        .hint(
            "deliver it elsewhere once: pgrole rotate -u NAME --deliver WHERE   (it is remembered)",
        )
        .into())
    }

    fn print(&self, _: &UserReport, _: Option<&Secret>) -> Result<()> {
        self.check()
    }
}

/// A role that was not changed, and why.
#[derive(Serialize)]
struct NotRotated<'a> {
    username: &'a str,
    password: Option<()>,
    status: Status,
    hostname: String,
    database: &'a str,
    port: String,
    env: &'a str,
    profile: Option<&'a str>,
    password_changed_at: Option<&'a str>,
    reason: &'static str,
}

#[derive(Serialize)]
struct Closing {
    summary: Summary,
}

impl RotateArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        match self.command {
            Some(RotateCommand::Status(args)) => args.run(context),
            None => self.run.run(context),
        }
    }

    /// Whether nothing is done but to show what is on record.
    pub fn only_shows(&self) -> bool {
        matches!(self.command, Some(RotateCommand::Status(_)))
    }

    /// Whether metrics are among the results.
    pub fn has_metrics(&self) -> bool {
        matches!(self.command, Some(RotateCommand::Status(_)))
    }
}

impl RolesArgs {
    /// What is selected.
    ///
    /// # Errors
    /// Usage, where an environment is named that there is not.
    fn selection(self, context: &Context) -> Result<Selection> {
        for pattern in self.env.iter().filter(|pattern| !pattern.contains('*')) {
            let env = Environment::new(pattern);
            context.session.settings.check_environment(&env)?;
        }
        Ok(Selection {
            environments: self.env,
            databases: self.database,
            usernames: self.username,
            profiles: self.profile,
        })
    }
}

impl RunArgs {
    fn run(self, context: &Context) -> Result<()> {
        let selection = self.roles.selection(context)?;
        if !self.change.dry_run {
            let what = "rotate the passwords of all roles that are due";
            confirm_fleet(context, &selection.environments, what)?;
            if let Some(jitter) = self.jitter {
                wait_a_while(jitter.duration())?;
            }
        }
        let deliver = self.deliver.map(Destination::anchored).transpose()?;
        let lines = context.in_lines();
        let stdout = Stdout(&lines);
        // Cron mails what a quiet run prints: a password goes there only where this very run is told so.
        let is_withheld = context.ui.quiet && deliver.is_none();
        let configured = context.session.settings.rotate_older_than;
        let rotation = Rotation {
            selection,
            older_than: self.older_than.or(configured.filter(|_| !self.any_age)),
            unknown: if self.include_unknown {
                UnknownAge::Rotate
            } else {
                UnknownAge::Report
            },
            jobs: self.jobs.into(),
            limit: self.limit,
            canary: self.canary,
            max_failures: self.max_failures,
            deadline: self.deadline.map(Span::duration),
            deliver: deliver.map(|destination| (destination, self.file_format)),
            printer: if is_withheld { &Withheld } else { &stdout },
            mode: self.change.mode(),
        };
        run_and_show(&rotation, context, &lines)
    }
}

fn run_and_show(rotation: &Rotation<'_>, context: &Context, lines: &Ui) -> Result<()> {
    let lost = show_invalid_entries(&rotation.selection, context)?;
    let mut unwritten = Ok(());
    let ended = rotate(&context.session, rotation, |candidate, outcome| {
        if let Err(error) = show(candidate, &outcome, context, lines) {
            unwritten = Err(error);
        }
    })?;
    let shown = unwritten.and_then(|()| show_summary(ended.summary(), context));
    // What happened to passwords outweighs an output that cannot be written.
    match (ended.failure(lost), shown) {
        (None, shown) => shown,
        (Some(failure), Ok(())) => Err(failure.into()),
        (Some(failure), Err(unwritten)) => {
            context.ui.show_error(&unwritten);
            Err(failure.into())
        }
    }
}

/// Says which targets cannot be reached, because their entries in the registry are not valid, and how many they are.
fn show_invalid_entries(selection: &Selection, context: &Context) -> Result<usize> {
    let mut invalid = context.session.fleet(None, None)?.invalid;
    invalid.retain(|invalid| selection.fits_names(&invalid.entry.env, &invalid.entry.database));
    for invalid in &invalid {
        context.ui.show_error(&invalid.error);
    }
    Ok(invalid.len())
}

fn show(candidate: &Candidate, outcome: &Outcome, context: &Context, ui: &Ui) -> Result<()> {
    match outcome {
        Outcome::Failed(error) => ui.show_error(error),
        _ if context.ui.quiet => {}
        // Printed already, as the delivery of its password.
        Outcome::Rotated(report) if report.delivered_to.is_none() => {}
        Outcome::Rotated(report) => ui.show_record(report.as_ref())?,
        Outcome::Gone => ui.show_record(&row(candidate, Status::NotFound, "forgotten"))?,
        Outcome::LeftAlone(reason) => ui.show_record(&row(candidate, Status::Unchanged, reason))?,
    }
    Ok(())
}

fn row<'a>(candidate: &'a Candidate, status: Status, reason: &'static str) -> NotRotated<'a> {
    let target = &candidate.target;
    NotRotated {
        username: candidate.role.as_str(),
        password: None,
        status,
        hostname: target.hostname.to_string(),
        database: target.database.as_str(),
        port: target.port.to_string(),
        env: target.env.as_str(),
        profile: candidate.profile.as_deref(),
        password_changed_at: candidate.changed_at.as_deref(),
        reason,
    }
}

fn show_summary(summary: Summary, context: &Context) -> Result<()> {
    if context.ui.quiet {
        return Ok(());
    }
    if context.ui.format == Format::Table {
        let Summary {
            due,
            rotated,
            failed,
            skipped,
            gone,
            left,
            unknown,
        } = summary;
        context.ui.note(&format!(
            "{due} due, {rotated} rotated, {failed} failed, {skipped} skipped, {gone} gone, {left} left, {unknown} of unknown age"
        ));
        return Ok(());
    }
    context.ui.show_row(&Closing { summary })
}
