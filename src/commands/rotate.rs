//! `pgrole rotate`: new passwords for all roles that are due.

use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use rand::TryRng;
use rand::rngs::SysRng;
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
use crate::operations::report::UserReport;
use crate::operations::rotate::{
    Candidate, RoleResult, Rotation, Selection, Summary, UnknownAge, failure_of, is_undelivered,
    rotate,
};
use crate::output::{Format, Ui};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pgrole rotate --older-than 90d --dry-run
  pgrole rotate --older-than 90d -e dev -e qa --jobs 8
  pgrole rotate --older-than 90d --canary 3 --max-failures 5 --yes --quiet     (from cron)")]
pub struct RotateArgs {
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

    /// Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w [default: all]
    #[arg(long, value_name = "SPAN")]
    older_than: Option<Span>,

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
struct LeftAlone<'a> {
    username: &'a str,
    password: Option<()>,
    status: &'static str,
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
        for pattern in self.env.iter().filter(|pattern| !pattern.contains('*')) {
            let env = Environment::new(pattern);
            context.session.settings.check_environment(&env)?;
        }
        let dry_run = self.change.dry_run;
        if !dry_run {
            confirm_fleet(
                context,
                &self.env,
                "rotate the passwords of all roles that are due",
            )?;
            wait_a_while(self.jitter)?;
        }
        let deliver = self.deliver.map(Destination::anchored).transpose()?;
        let lines = context.in_lines();
        let stdout = Stdout(&lines);
        // Cron mails what a quiet run prints: a password goes there only where this very run is told so.
        let is_withheld = context.ui.quiet && deliver.is_none();
        let rotation = Rotation {
            selection: Selection {
                environments: self.env,
                databases: self.database,
                usernames: self.username,
                profiles: self.profile,
            },
            older_than: self.older_than,
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
        let lost = show_invalid_entries(&rotation.selection, context)?;
        let mut undelivered = false;
        let mut unwritten = Ok(());
        let summary = rotate(&context.session, &rotation, |result| {
            undelivered |= result.outcome.as_ref().is_some_and(is_undelivered);
            if let Err(error) = show(&result, context, &lines) {
                unwritten = Err(error);
            }
        })?;
        let shown = unwritten.and_then(|()| show_summary(summary, context));
        // What happened to passwords outweighs an output that cannot be written.
        match (failure_of(summary, undelivered, lost), shown) {
            (None, shown) => shown,
            (Some(failure), Ok(())) => Err(failure.into()),
            (Some(failure), Err(unwritten)) => {
                context.ui.show_error(&unwritten);
                Err(failure.into())
            }
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

fn show(result: &RoleResult<'_>, context: &Context, ui: &Ui) -> Result<()> {
    match &result.outcome {
        Some(Err(error)) => ui.show_error(error),
        // Printed already, as the delivery of its password.
        Some(Ok(report)) if report.delivered_to.is_none() => {}
        Some(Ok(report)) if !context.ui.quiet => ui.show_record(report)?,
        None if !context.ui.quiet => {
            ui.show_record(&left_alone(result.candidate, result.reason))?;
        }
        _ => {}
    }
    Ok(())
}

fn left_alone<'a>(candidate: &'a Candidate, reason: &'static str) -> LeftAlone<'a> {
    let target = &candidate.target;
    LeftAlone {
        username: candidate.role.as_str(),
        password: None,
        status: "unchanged",
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
            left,
            unknown,
        } = summary;
        context.ui.note(&format!(
            "{due} due, {rotated} rotated, {failed} failed, {skipped} skipped, {left} left, {unknown} of unknown age"
        ));
        return Ok(());
    }
    context.ui.show_row(&Closing { summary })
}

fn wait_a_while(jitter: Option<Span>) -> Result<()> {
    if let Some(jitter) = jitter {
        let random = SysRng
            .try_next_u32()
            .context("the operating system's random source failed")?;
        let part = f64::from(random) / f64::from(u32::MAX);
        let wait: Duration = jitter.duration().mul_f64(part);
        std::thread::sleep(wait);
    }
    Ok(())
}
