//! `pgrole rotate`: new passwords for all roles that are due; `rotate status`: how old they are.

mod adopt;
mod metrics;
mod rows;
mod status;

use anyhow::Result;
use clap::{Args, Subcommand};
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::rotate::rows::Rows;
use crate::commands::selection::{ChangeArgs, ReasonArgs};
use crate::domain::act::operation::Mode;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::password::destination::{Destination, FileFormat};
use crate::domain::target::Environment;
use crate::domain::timestamp::Span;
use crate::operations::rotate::{
    Candidate, PasswordHash, Printing, RetirementRule, RoleSelection, Rotation, RotationPlan,
    Shortfall, Summary, UnknownAge, plan, rotate, wait_a_while,
};
use crate::output::{Format, Ui};
use crate::run::targets::TargetSelection;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
#[command(after_help = "Examples:
  pgrole rotate --older-than 90d --dry-run
  pgrole rotate --older-than 90d -e dev -e qa --jobs 8
  pgrole rotate --hash md5 --dry-run
  # From cron:
  pgrole rotate --older-than 90d --canary 3 --max-failures 5 --yes --quiet
  pgrole rotate status --older-than 90d --check")]
pub struct RotateArgs {
    #[command(subcommand)]
    command: Option<RotateCommand>,

    #[command(flatten)]
    run: RunArgs,
}

#[derive(Debug, Subcommand)]
enum RotateCommand {
    /// Show the age of each password, whether it is due, and how its last change ended; connects to no server
    #[command(after_help = "Examples:
  pgrole rotate status
  # Exit status 7 if a password is overdue:
  pgrole rotate status --older-than 90d --check --quiet
  pgrole rotate status --format prometheus \\
      --output /var/lib/prometheus/node-exporter/pgrole.prom")]
    Status(status::StatusArgs),
    /// Bring a role that was created elsewhere under rotation: the next run that rotates what is due changes its password
    #[command(after_help = "Example:
  pgrole rotate adopt -e prod -d myapp_prod -u web01_8080 \\
      --deliver file:/run/secrets/{env}/{username}@{hostname}.{port}")]
    Adopt(adopt::AdoptArgs),
}

/// Filters for the roles that pgrole placed.
#[derive(Debug, Args)]
struct RolesArgs {
    /// Only these environments; * matches any text; may be repeated [default: all]
    #[arg(short, long, value_name = "PATTERN")]
    env: Vec<String>,

    /// Only these databases; * matches any text; may be repeated [default: all]
    #[arg(short, long, value_name = "PATTERN")]
    database: Vec<String>,

    /// Only these roles; * matches any text; may be repeated [default: all under rotation]
    #[arg(short, long, value_name = "PATTERN")]
    username: Vec<String>,

    /// Only roles with these profiles; * matches any text; may be repeated [default: all]
    #[arg(long, value_name = "PATTERN")]
    profile: Vec<String>,

    /// Except these roles; * matches any text; may be repeated
    #[arg(long, value_name = "PATTERN")]
    exclude: Vec<String>,
}

#[derive(Debug, Args)]
struct RunArgs {
    #[command(flatten)]
    roles: RolesArgs,

    /// Only passwords that pgrole changed longer ago than this: 90d, 12h, 2w
    /// [default: rotate.older_than in the config file]
    #[arg(long, value_name = "SPAN")]
    older_than: Option<Span>,

    /// Rotate regardless of age, even if the config file sets one
    #[arg(long, conflicts_with = "older_than")]
    any_age: bool,

    /// Only passwords that their servers store so, whatever their age, unless --older-than is given too
    #[arg(long, value_enum, value_name = "HASH")]
    hash: Option<PasswordHash>,

    /// Also rotate roles whose password was never changed from this registry; otherwise they are only reported
    #[arg(long)]
    include_unknown: bool,

    /// How many roles to rotate in parallel
    #[arg(long, value_name = "COUNT", default_value = "4", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,

    /// Rotate at most this many roles
    #[arg(long, value_name = "COUNT")]
    limit: Option<usize>,

    /// Rotate this many roles first, one after the other, and stop if one of them fails
    #[arg(long, value_name = "COUNT", default_value = "0")]
    canary: usize,

    /// Stop after this many failures
    #[arg(long, value_name = "COUNT")]
    max_failures: Option<usize>,

    /// Start no further roles once this much time has passed
    #[arg(long, value_name = "SPAN")]
    deadline: Option<Span>,

    /// Wait a random time up to this before starting, so that many machines do not start at once
    #[arg(long, value_name = "SPAN")]
    jitter: Option<Span>,

    /// Where the passwords go: file:PATH, pgpass, pgpass:PATH, keyring, exec:COMMAND, age:RECIPIENT[:PATH],
    /// ssh:PUBLIC-KEY-FILE[:PATH] or stdout; may be repeated,
    /// and each place gets them [default: where each password last went]
    #[arg(long, value_name = "WHERE")]
    deliver: Vec<Destination>,

    /// The format of a delivered file; given once for all, or once for each --deliver
    /// [default: as before, else json]
    #[arg(long, value_name = "FORMAT", value_enum, requires = "deliver")]
    file_format: Vec<FileFormat>,

    /// A command that lets others read what was delivered, such as the reload of a pooler; it is remembered
    /// [default: as before]
    #[arg(long, value_name = "COMMAND", value_parser = Destination::reload)]
    reload_command: Option<Destination>,

    /// How long the outgoing one of two dual logins stays valid: 1h, 45s; 0s retires it at once
    /// [default: rotate.grace in the config file, else 1h]
    #[arg(long, value_name = "SPAN", value_parser = Span::parse_or_none)]
    grace: Option<Span>,

    /// Retire outgoing dual logins now, although somebody may still use them
    #[arg(long)]
    force: bool,

    /// How long each new password is valid: 90d, 12h, 2w; each rotation renews it; accounts with a fixed
    /// end (--ends-on) keep it [default: as recorded for each role]
    #[arg(long, value_name = "SPAN")]
    valid_for: Option<Span>,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    change: ChangeArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

/// A role that was not changed, and why.
#[derive(Serialize, JsonSchema)]
pub(super) struct NotRotated<'a> {
    /// The role.
    username: &'a str,
    /// Always null: nothing was changed.
    #[schemars(with = "Option<String>")]
    password: Option<()>,
    /// `unchanged`, `login retired`, or `user not found` if the role is gone from its server.
    status: Status,
    /// The host of the target; several are separated by commas.
    hostname: String,
    /// The database of the target.
    database: &'a str,
    /// The port, as text; several are separated by commas.
    port: String,
    /// The environment of the target.
    env: &'a str,
    /// The profile that the role was created with; null if pgrole did not create it.
    profile: Option<&'a str>,
    /// When the password was last changed, as RFC 3339; null if that is not known.
    password_changed_at: Option<String>,
    /// Why the role was not rotated.
    reason: &'static str,
}

/// The last row of a rotation.
#[derive(Serialize, JsonSchema)]
pub(super) struct Closing {
    /// How many roles ended how.
    summary: Summary,
}

impl RotateArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        match self.command {
            Some(RotateCommand::Status(args)) => args.run(context),
            Some(RotateCommand::Adopt(args)) => args.run(context),
            None => self.run.run(context),
        }
    }

    /// Whether this is a rotation, not a query about one.
    pub fn is_run(&self) -> bool {
        self.command.is_none()
    }

    /// Whether the command only shows what is on record.
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
    /// Usage, if a named environment is not configured.
    fn selection(self, context: &Context) -> Result<RoleSelection> {
        for pattern in self.env.iter().filter(|pattern| !pattern.contains('*')) {
            let env = Environment::new(pattern);
            context.run.settings.check_environment(&env)?;
        }
        Ok(RoleSelection {
            environments: self.env,
            databases: self.database,
            usernames: self.username,
            profiles: self.profile,
            excluded: self.exclude,
        })
    }
}

impl RunArgs {
    fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let context = &self.arrange.on(context);
        self.require_choice(context)?;
        let selection = self.roles.selection(context)?;
        if let Some(jitter) = self.jitter.filter(|_| !self.change.dry_run) {
            wait_a_while(jitter.duration())?;
        }
        let deliver = deliveries(self.deliver, &self.file_format)?;
        let lines = context.ui.in_rows();
        // Cron mails what a quiet run prints: a password is printed only if this very run asks for it.
        let is_withheld = context.ui.quiet && deliver.is_empty();
        let configured = context.run.settings.rotate_older_than;
        let rotation = Rotation {
            selection,
            older_than: self
                .older_than
                .or(configured.filter(|_| !self.any_age && self.hash.is_none())),
            hash: self.hash,
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
            deliver,
            stdout: &lines,
            printing: if is_withheld {
                Printing::Withheld
            } else {
                Printing::Allowed
            },
            reload: self.reload_command.map(Destination::anchored).transpose()?,
            grace: self.grace,
            retirement: if self.force {
                RetirementRule::Now
            } else {
                RetirementRule::WhenUnused
            },
            valid_for: self.valid_for,
            mode: self.change.mode(),
        };
        run_and_show(&rotation, context, &lines)
    }

    /// Refuses a run that names neither an age nor roles: it would be a mass reset.
    fn require_choice(&self, context: &Context) -> Result<(), Failure> {
        let is_chosen = self.any_age
            || self.hash.is_some()
            || self.older_than.is_some()
            || context.run.settings.rotate_older_than.is_some()
            || !self.roles.username.is_empty();
        if is_chosen {
            return Ok(());
        }
        let what =
            "neither an age nor a role is named: this would change the passwords of all roles";
        Err(Failure::usage(what).hint(
            "add --older-than 90d, or to the config file: [rotate] older_than = \"90d\"; or name roles with -u; or use --any-age",
        ))
    }
}

/// Each place with the format of its file, if one is given.
fn deliveries(
    places: Vec<Destination>,
    formats: &[FileFormat],
) -> Result<Vec<(Destination, Option<FileFormat>)>> {
    if formats.len() > 1 && formats.len() != places.len() {
        let what = format!("{} formats for {} deliveries", formats.len(), places.len());
        return Err(Failure::usage(what)
            .hint("give --file-format once for all, or once for each --deliver, in their order")
            .into());
    }
    if places.len() > 1 && places.iter().any(Destination::is_stdout) {
        return Err(Failure::usage("stdout cannot be one of several deliveries")
            .hint("leave it out; to print a password: pgrole user reset -e ENV -d DATABASE -u NAME")
            .into());
    }
    let format_of = |number: usize| formats.get(number).or(formats.first()).copied();
    let anchored = places.into_iter().enumerate().map(|(number, place)| {
        let format = format_of(number);
        Ok((place.anchored()?, format))
    });
    anchored.collect()
}

fn run_and_show(rotation: &Rotation<'_>, context: &Context, lines: &Ui) -> Result<()> {
    let lost = show_invalid_entries(&rotation.selection, context)?;
    let mut plan = plan(&context.run, rotation)?;
    let shortfall = Shortfall::new(lost, &plan);
    let missing = plan.missing.take();
    show_unseen(&plan, context);
    if rotation.mode == Mode::Run {
        confirm(&plan, context)?;
    }
    let mut unwritten = Ok(());
    let mut rows = Rows::new(rotation, &plan, context);
    let ended = rotate(&context.run, rotation, plan, |candidate, outcome| {
        if let Err(error) = rows.show(candidate, outcome, rotation.mode, (context, lines)) {
            unwritten = Err(error);
        }
    });
    let failed = rows.take_failed();
    let shown = unwritten
        .and_then(|()| rows.end(context))
        .and_then(|()| lines.show_held_rows());
    let failed = failed
        .iter()
        .map(|(role, error)| (Some(role.as_str()), error));
    context.ui.show_errors_of(&failed.collect::<Vec<_>>());
    let ended = ended?;
    let shown = shown
        .and_then(|()| show_summary(ended.summary(), lines))
        .and_then(|()| lines.end_rows());
    // What happened to passwords takes precedence over what was not found, and over output that cannot be written.
    let failures = ended.failure(&shortfall).into_iter().chain(missing);
    let mut failures = failures.map(anyhow::Error::from).chain(shown.err());
    let Some(first) = failures.next() else {
        return Ok(());
    };
    for lesser in failures {
        context.ui.show_error(&lesser);
    }
    Err(first)
}

/// Shows which servers could not be queried, and names the roles that are skipped because their passwords would be
/// printed.
fn show_unseen(plan: &RotationPlan<'_>, context: &Context) {
    let unasked = plan.unasked.iter();
    for error in unasked.filter(|error| kind_of(error) != Kind::Interrupted) {
        context.ui.show_error(error);
    }
    if plan.withheld.is_empty() {
        return;
    }
    let names: Vec<_> = plan.withheld.iter().map(Candidate::name).collect();
    context.ui.warn(&format!(
        "skipped, because their passwords would go to stdout and --quiet prints only failures: {}; deliver them elsewhere once: pgrole rotate -u NAME --any-age --deliver WHERE",
        names.join(", ")
    ));
}

fn confirm(plan: &RotationPlan<'_>, context: &Context) -> Result<()> {
    let settings = &context.run.settings;
    // If one of its cluster's names is protected, the role is.
    let places = plan.wanted.iter().map(|candidate| {
        let mut targets = candidate.targets();
        let protected = targets.find(|target| settings.is_protected(&target.env));
        protected.unwrap_or(&candidate.target)
    });
    let counted = CountedPlan {
        act: "rotate",
        noun: "role",
        places: places.collect(),
        targets: None,
        unattended: Unattended::NeedsYes,
    };
    counted.confirm(context)
}

/// Shows the targets whose registry entries are not valid, and counts them.
fn show_invalid_entries(selection: &RoleSelection, context: &Context) -> Result<usize> {
    let mut invalid = context.run.fleet(&TargetSelection::default())?.invalid;
    invalid.retain(|invalid| selection.fits_names(&invalid.entry.env, &invalid.entry.database));
    for invalid in &invalid {
        context.ui.show_error(&invalid.error);
    }
    Ok(invalid.len())
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
        password_changed_at: candidate.changed_at.recorded().map(|then| then.to_string()),
        reason,
    }
}

fn show_summary(summary: Summary, ui: &Ui) -> Result<()> {
    if ui.quiet {
        return Ok(());
    }
    if ui.format == Format::Table {
        let Summary {
            due,
            rotated,
            failed,
            skipped,
            gone,
            left,
            unknown,
        } = summary;
        ui.note(&format!(
            "{due} due, {rotated} rotated, {failed} failed, {skipped} skipped, {gone} gone, {left} left, {unknown} of unknown age"
        ));
        return Ok(());
    }
    ui.show_row(&Closing { summary })
}
