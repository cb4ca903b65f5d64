//! `pgrole apply`: makes the servers as a fleet file says.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::ptr;

use anyhow::{Context as _, Result};
use clap::{Args, ValueHint};
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::selection::{ChangeArgs, ReasonArgs};
use crate::domain::act::operation::Mode;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::fleet_file::{FleetFile, Gap};
use crate::domain::role::report::UserReport;
use crate::operations::fleet_file::apply::{ApplyFleet, apply_fleet, new_logins, rehearse_new};
use crate::operations::fleet_file::plan::{CheckedFile, Excess, FleetPlan, Step, check_file, plan};
use crate::output::{Column, Format, Ui, prompt};

#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// The file: TOML or JSON, as export writes it; - reads standard input
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    file: PathBuf,

    /// Also take away what the file does not name: revoke access, reset search paths, and lock logins that pgrole
    /// created on the servers of the file; none is dropped
    #[arg(long)]
    prune: bool,

    /// Only compare: exit with status 7 if the servers differ from the file
    #[arg(long, conflicts_with_all = ["sql", "dry_run"])]
    check: bool,

    /// Show the plan as the SQL that would run
    #[arg(long)]
    sql: bool,

    /// How many targets to work on in parallel
    #[arg(long, value_name = "COUNT", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,

    #[command(flatten)]
    reason: ReasonArgs,

    #[command(flatten)]
    change: ChangeArgs,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

/// One difference between the file and a server, as a row.
#[derive(Serialize, JsonSchema)]
pub(super) struct PlannedGap<'a> {
    /// The role.
    username: &'a str,
    /// The environment of the target.
    env: &'a str,
    /// The database of the target.
    database: &'a str,
    /// `user`, `access`, `search_path`, `login`, `createdb`, `createrole`, `connection_limit` or `valid_until`.
    what: &'static str,
    /// What the server has, as text.
    found: String,
    /// What the file says, as text.
    wanted: String,
}

const PLAN: [Column; 6] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("WHAT", "what"),
    Column::new("FOUND", "found"),
    Column::new("WANTED", "wanted"),
];

const RESULT: [Column; 6] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("STATUS", "status"),
    Column::new("DELIVERED TO", "delivered_to").shortened(),
    Column::new("ERROR", "error"),
];

impl ApplyArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        self.reason.note(context);
        let context = &self.arrange.on(context);
        if self.sql && context.ui.format != Format::Table {
            return Err(Failure::usage("--sql is for people")
                .hint("--dry-run --format json has the statements of each change")
                .into());
        }
        let checked = self.read(context)?;
        let excess = if self.prune {
            Excess::Pruned
        } else {
            Excess::Kept
        };
        let plan = plan(&context.run, &checked, excess)?;
        context
            .ui
            .show_errors(&plan.failed.iter().collect::<Vec<_>>());
        if plan.kept > 0 {
            let kept = plan.kept;
            let what = format!("{kept} beyond the file are kept; to see and remove them: --prune");
            context.ui.note(&what);
        }
        let lines = context.ui.in_rows();
        // A file that apply refuses is refused by the ways to try it, too.
        self.refuse_deliveries(&plan, &lines, context)?;
        if self.check {
            show_plan(&plan, context)?;
            return checked_result(&plan, &self);
        }
        if self.change.dry_run {
            return self.show_statements(&plan, &lines, context);
        }
        if plan.steps.is_empty() {
            show_nothing(&plan, context)?;
            return unread(&plan);
        }
        self.confirm(&plan, &lines, context)?;
        let failure = self.run_and_show(&plan, &lines, Mode::Run, context)?;
        match failure {
            Some(failure) => Err(failure.into()),
            None => unread(&plan),
        }
    }

    /// The file, if nothing is wrong with it.
    ///
    /// # Errors
    /// Usage, after everything that is wrong was shown.
    fn read(&self, context: &Context) -> Result<CheckedFile> {
        let name = self.file.display().to_string();
        let text = read_file(&self.file).with_context(|| format!("cannot read {name}"))?;
        let file = FleetFile::parse(&text).with_context(|| format!("cannot read {name}"))?;
        let mut checked = check_file(&context.run, &file);
        let problems = std::mem::take(&mut checked.problems);
        refuse(problems, &name, context)?;
        Ok(checked)
    }

    /// Refuses deliveries of new logins that cannot work, before anything is done.
    fn refuse_deliveries(&self, plan: &FleetPlan, lines: &Ui, context: &Context) -> Result<()> {
        let logins = new_logins(&plan.steps)?;
        let is_run = !self.check && !self.change.dry_run;
        if is_run && logins.iter().any(|login| login.deliver.is_stdout()) {
            Ui::check_stdout()?;
        }
        let problems = rehearse_new(&context.run, &plan.steps, lines)?;
        let name = self.file.display().to_string();
        let problems = problems
            .into_iter()
            .map(|problem| problem.into_failure(&name));
        Ok(refuse(problems.collect(), &name, context)?)
    }

    fn confirm(&self, plan: &FleetPlan, lines: &Ui, context: &Context) -> Result<()> {
        let shows = prompt::can_ask() && !context.yes;
        if self.sql {
            self.run_and_show(plan, lines, Mode::DryRun, context)?;
        } else if shows {
            context.ui.preview_rows(&rows(&plan.steps), &PLAN)?;
        }
        let counted = CountedPlan {
            act: "make",
            noun: "change",
            places: plan.steps.iter().map(|step| &step.target).collect(),
            targets: None,
            unattended: Unattended::NeedsYes,
        };
        counted.confirm(context)
    }

    fn show_statements(&self, plan: &FleetPlan, lines: &Ui, context: &Context) -> Result<()> {
        if plan.steps.is_empty() {
            show_nothing(plan, context)?;
        }
        let failure = self.run_and_show(plan, lines, Mode::DryRun, context)?;
        match failure {
            Some(failure) => Err(failure.into()),
            None => unread(plan),
        }
    }

    fn run_and_show(
        &self,
        plan: &FleetPlan,
        lines: &Ui,
        mode: Mode,
        context: &Context,
    ) -> Result<Option<Failure>> {
        let mut table = context.ui.list(&RESULT);
        let prints = new_logins(&plan.steps)?;
        // Passwords and statements are printed as they come.
        if mode == Mode::DryRun || prints.iter().any(|login| login.deliver.is_stdout()) {
            table.wait_for_all();
        }
        table.await_places(0..plan.steps.len());
        let places = plan.steps.iter().enumerate();
        let places: HashMap<_, _> = places
            .map(|(place, step)| (ptr::from_ref(step), place))
            .collect();
        let mut unwritten = Ok(());
        let wanted = ApplyFleet {
            steps: &plan.steps,
            reason: self.reason.reason.as_deref(),
            stdout: lines,
            jobs: self.jobs.into(),
            mode,
        };
        let tally = apply_fleet(&context.run, &wanted, |step, result| {
            let report = result.unwrap_or_else(|error| {
                context.ui.show_error(&error);
                failed(step, &error)
            });
            let place = places.get(&ptr::from_ref(step)).copied();
            let place = place.unwrap_or(usize::MAX);
            let shown = match show(step, report, lines, context) {
                Ok(Some(row)) => table.add(place, row),
                Ok(None) => Ok(()),
                Err(error) => Err(error),
            };
            table.settle(place);
            if let Err(error) = shown {
                unwritten = Err(error);
            }
        })?;
        unwritten?;
        if !table.is_empty() {
            table.end()?;
        }
        lines.end_rows()?;
        Ok(tally.failure())
    }
}

fn read_file(file: &Path) -> Result<String> {
    if file == Path::new("-") {
        let mut text = String::new();
        io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    let text = fs::read_to_string(file);
    Ok(text.map_err(|error| Failure::usage(error.to_string()))?)
}

fn refuse(mut problems: Vec<Failure>, name: &str, context: &Context) -> Result<(), Failure> {
    if problems.len() < 2 {
        return problems.pop().map_or(Ok(()), Err);
    }
    let count = problems.len();
    for problem in problems {
        context.ui.show_error(&problem.into());
    }
    let what = format!("{name} has {count} problems; nothing was done");
    Err(Failure::usage(what))
}

fn rows(steps: &[Step]) -> Vec<PlannedGap<'_>> {
    let rows = steps.iter().map(|step| PlannedGap {
        username: step.role.as_str(),
        env: step.target.env.as_str(),
        database: step.target.database.as_str(),
        what: step.gap.what(),
        found: step.gap.found(),
        wanted: step.gap.wanted(),
    });
    rows.collect()
}

fn show_plan(plan: &FleetPlan, context: &Context) -> Result<()> {
    if plan.steps.is_empty() && context.ui.format == Format::Table {
        return show_nothing(plan, context);
    }
    context.ui.show_rows(&rows(&plan.steps), &PLAN)
}

fn show_nothing(plan: &FleetPlan, context: &Context) -> Result<()> {
    if plan.failed.is_empty() {
        context.ui.note("the servers are as the file says");
    }
    if context.ui.format == Format::Json {
        return context.ui.show_rows(&rows(&[]), &PLAN);
    }
    Ok(())
}

/// The exit status of a comparison.
fn checked_result(plan: &FleetPlan, args: &ApplyArgs) -> Result<()> {
    unread(plan)?;
    let count = plan.steps.len();
    if count == 0 {
        return Ok(());
    }
    let what = format!("{} from the file", counted(count, "difference"));
    Err(Failure::new(Kind::Differences, what)
        .hint(format!(
            "mend them: {}{}",
            pasteable("pgrole apply -f {}", &[&args.file.display()]),
            if args.prune { " --prune" } else { "" }
        ))
        .into())
}

/// Servers that did not answer are neither as the file says nor different.
fn unread(plan: &FleetPlan) -> Result<()> {
    if plan.failed.is_empty() {
        return Ok(());
    }
    let count = plan.failed.len();
    let noun = if count == 1 {
        "server or login"
    } else {
        "servers or logins"
    };
    let what = format!("{count} {noun} could not be compared");
    Err(Failure::new(Kind::Partial, what).into())
}

/// Shows what became of a step; for people, returns the row of the table at the end.
fn show(
    step: &Step,
    report: UserReport,
    lines: &Ui,
    context: &Context,
) -> Result<Option<UserReport>> {
    if context.ui.format == Format::Table {
        for warning in &report.warnings {
            context.ui.warn(warning);
        }
    }
    let is_delivery = step.gap == Gap::Missing && report.status == Status::UserCreated;
    let is_printed = is_delivery && report.delivered_to.is_none();
    if lines.format != Format::Table {
        // Printed already, as the delivery of its password.
        if !is_printed {
            lines.show_record(&report)?;
        }
        return Ok(None);
    }
    let is_arranged = context.ui.is_arranged();
    let Some(statements) = report.statements.as_ref().filter(|_| !is_arranged) else {
        return Ok(Some(report));
    };
    let mut text = format!("-- \"{}\" on {}\n", step.role, step.target.name());
    for statement in statements {
        text += statement;
        text += ";\n";
    }
    Ui::show_text(&text)?;
    Ok(None)
}

/// The row of a step that failed.
fn failed(step: &Step, error: &anyhow::Error) -> UserReport {
    let status = match kind_of(error) {
        Kind::Refused => Status::Refused,
        Kind::Interrupted => Status::Interrupted,
        _ => Status::Failed,
    };
    let mut report = UserReport::new(step.role.as_str(), status, &step.target);
    report.error = Some(format!("{error:#}"));
    report
}
