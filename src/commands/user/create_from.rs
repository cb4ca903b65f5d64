//! `pgrole user create --from FILE`: the logins of a roster. All rows are checked before anything is done.

use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use serde::Serialize;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::confirm_plan::{CountedPlan, Unattended};
use crate::commands::global::Context;
use crate::commands::user::creation::CreationArgs;
use crate::commands::user::warn_of;
use crate::domain::access::rules::Completeness;
use crate::domain::act::operation::Mode;
use crate::domain::act::status::Status;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::role::report::UserReport;
use crate::domain::roster::{self, Problem};
use crate::operations::rehearsal;
use crate::operations::user::create_many::{CreateMany, create_many};
use crate::operations::user::request::Ensure;
use crate::operations::user::roster_check::{NewLogin, check_roster};
use crate::output::{Column, Format, List, Ui, prompt};

/// How many rows a preview shows.
const PREVIEWED: usize = 40;

/// How much of a roster is read, in bytes: a million rows are smaller.
const LARGEST: u64 = 256 * 1024 * 1024;

#[derive(Debug, Args)]
pub struct FromArgs {
    /// Create a login for each row of this file: CSV with a header (env,database,profile,username, and where wanted
    /// servername, port, env_prefix, farmname, access, connection_limit, valid_for, deliver, reason), or JSON lines
    /// with these keys; - reads standard input
    #[arg(
        long,
        value_name = "FILE",
        conflicts_with_all = ["profile", "name", "username", "env", "database", "access",
            "connection_limit", "valid_for", "ends_on", "password_stdin", "deliver", "file_format"]
    )]
    from: Option<PathBuf>,

    /// With --from: how many targets to work on in parallel
    #[arg(long, value_name = "COUNT", default_value = "16", requires = "from", value_parser = clap::value_parser!(u16).range(1..=64))]
    jobs: u16,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

impl FromArgs {
    pub fn run(self, creation: &CreationArgs, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let Some(file) = self.from else {
            return Err(Failure::usage(
                "name a login with --profile and -u, or a file with --from",
            )
            .into());
        };
        let lines = context.ui.in_rows();
        let logins = read_logins(&file, &lines, context)?;
        let mode = creation.trial.mode();
        if mode == Mode::Run {
            if logins.iter().any(|login| login.deliver.is_stdout()) {
                Ui::check_stdout()?;
            }
            confirm(&logins, context)?;
        }
        let wanted = CreateMany {
            logins: &logins,
            adoption: creation.adopt.adoption(),
            completeness: if creation.partial.partial {
                Completeness::Partial
            } else {
                Completeness::Whole
            },
            ensure: if creation.ensure {
                Ensure::Access
            } else {
                Ensure::Nothing
            },
            reason: creation.reason.reason.as_deref(),
            stdout: &lines,
            jobs: self.jobs.into(),
            mode,
        };
        run_and_show(&wanted, &lines, context)
    }
}

/// The logins of the file.
///
/// # Errors
/// Usage, after everything that is wrong was shown.
fn read_logins(file: &Path, stdout: &Ui, context: &Context) -> Result<Vec<NewLogin>> {
    let name = if is_stdin(file) {
        "standard input".to_owned()
    } else {
        file.display().to_string()
    };
    let bytes = read_file(file).with_context(|| format!("cannot read {name}"))?;
    let (rows, mut problems) = roster::read(&bytes, &context.run.settings);
    let (logins, of_targets) = check_roster(&context.run, rows, stdout)?;
    problems.extend(of_targets);
    problems.sort_by_key(|problem| problem.line);
    refuse(problems, &name, context)?;
    Ok(logins)
}

fn is_stdin(file: &Path) -> bool {
    file == Path::new("-")
}

fn read_file(file: &Path) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    if is_stdin(file) {
        io::stdin().take(LARGEST + 1).read_to_end(&mut bytes)?;
    } else {
        let file = fs::File::open(file).map_err(|error| Failure::usage(error.to_string()))?;
        file.take(LARGEST + 1).read_to_end(&mut bytes)?;
    }
    if bytes.len() as u64 > LARGEST {
        let what = format!("it is larger than {} MiB", LARGEST / 1024 / 1024);
        return Err(Failure::usage(what).into());
    }
    Ok(bytes)
}

fn refuse(mut problems: Vec<Problem>, name: &str, context: &Context) -> Result<(), Failure> {
    let count = problems.len();
    match problems.pop() {
        None => Ok(()),
        Some(only) if count == 1 => Err(only.into_failure(name)),
        Some(last) => {
            problems.push(last);
            for problem in problems {
                context.ui.show_error(&problem.into_failure(name).into());
            }
            let what = format!("{name} has {count} problems; nothing was done");
            Err(Failure::usage(what))
        }
    }
}

/// A login as the preview shows it.
#[derive(Serialize)]
struct PreviewRow<'a> {
    line: Option<u64>,
    env: &'a str,
    database: &'a str,
    username: &'a str,
    profile: &'a str,
    access: &'static str,
    deliver: String,
}

const PREVIEW: [Column; 7] = [
    Column::new("LINE", "line"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("PROFILE", "profile"),
    Column::new("ACCESS", "access"),
    Column::new("DELIVERY", "deliver").shortened(),
];

/// Shows a person what is about to be done, and asks.
fn confirm(logins: &[NewLogin], context: &Context) -> Result<()> {
    if prompt::can_ask() && !context.yes {
        preview(logins, context)?;
    }
    let counted = CountedPlan {
        act: "create",
        noun: "login",
        places: logins.iter().map(|login| &login.target).collect(),
        targets: None,
        unattended: Unattended::NeedsYes,
    };
    counted.confirm(context)
}

fn preview(logins: &[NewLogin], context: &Context) -> Result<()> {
    let rows = logins.iter().take(PREVIEWED).map(|login| PreviewRow {
        line: login.line,
        env: login.target.env.as_str(),
        database: login.target.database.as_str(),
        username: login.role.as_str(),
        profile: &login.profile.name,
        access: login.profile.access.as_str(),
        deliver: login.deliver.to_string(),
    });
    let rows: Vec<_> = rows.collect();
    context.ui.preview_rows(&rows, &PREVIEW)?;
    let left = logins.len() - rows.len();
    if left > 0 {
        let more = format!("… and {left} more; to see them all: --dry-run");
        context.ui.say_more(&more);
    }
    Ok(())
}

const RESULT: [Column; 7] = [
    Column::new("LINE", "line"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("USERNAME", "username"),
    Column::new("STATUS", "status"),
    Column::new("DELIVERED TO", "delivered_to").shortened(),
    Column::new("ERROR", "error"),
];

fn run_and_show(wanted: &CreateMany<'_>, lines: &Ui, context: &Context) -> Result<()> {
    let mut table = context.ui.list(&RESULT);
    let is_printed = |login: &NewLogin| login.deliver.is_stdout();
    // Passwords and statements are printed as they come.
    if wanted.mode == Mode::DryRun || wanted.logins.iter().any(is_printed) {
        table.wait_for_all();
    }
    let numbers = wanted.logins.iter().filter_map(|login| login.line);
    table.await_places(numbers.filter_map(|line| usize::try_from(line).ok()));
    let mut results = Results {
        lines,
        context,
        table,
        unwritten: Ok(()),
    };
    let tally = create_many(&context.run, wanted, |login, result| {
        results.take(login, result);
    })?;
    let shown = results.end();
    // What happened to passwords takes precedence over output that cannot be written.
    match tally.failure() {
        None => shown,
        Some(failure) => {
            if let Err(error) = shown {
                context.ui.show_error(&error);
            }
            Err(failure.into())
        }
    }
}

/// Shows results as they come; for people, in one table.
struct Results<'a> {
    lines: &'a Ui,
    context: &'a Context,
    table: List<'a, UserReport>,
    unwritten: Result<()>,
}

impl Results<'_> {
    fn take(&mut self, login: &NewLogin, result: Result<UserReport>) {
        let report = match result {
            Ok(mut report) => {
                let refused = rehearsal::verdict(report.rehearsal.as_mut(), &login.target);
                if let Err(error) = refused {
                    self.context.ui.show_error(&error);
                    report.error = Some(format!("{error:#}"));
                }
                report
            }
            Err(error) => {
                self.context.ui.show_error(&error);
                failed(login, &error)
            }
        };
        if let Err(error) = self.show(login, report) {
            self.unwritten = Err(error);
        }
    }

    fn show(&mut self, login: &NewLogin, report: UserReport) -> Result<()> {
        warn_of(&report, self.context);
        let is_printed = report.status == Status::UserCreated && login.deliver.is_stdout();
        if self.lines.format != Format::Table {
            // Printed already, as the delivery of its password.
            return if is_printed {
                Ok(())
            } else {
                self.lines.show_record(&report)
            };
        }
        let is_arranged = self.context.ui.is_arranged();
        if let Some(statements) = report.statements.as_ref().filter(|_| !is_arranged) {
            let mut text = format!(
                "-- line {}: \"{}\" on {}\n",
                login.line.unwrap_or_default(),
                login.role,
                login.target.name()
            );
            for statement in statements {
                text += statement;
                text += ";\n";
            }
            return Ui::show_text(&text);
        }
        let line = report.line.unwrap_or_default();
        let place = usize::try_from(line)?;
        self.table.add(place, report)?;
        self.table.settle(place);
        Ok(())
    }

    fn end(self) -> Result<()> {
        if !self.table.is_empty() {
            self.table.end()?;
        }
        self.unwritten?;
        self.lines.end_rows()
    }
}

/// The row of a login that was not created.
fn failed(login: &NewLogin, error: &anyhow::Error) -> UserReport {
    let status = match kind_of(error) {
        Kind::Refused => Status::Refused,
        Kind::Interrupted => Status::Interrupted,
        _ => Status::Failed,
    };
    let mut report = UserReport::new(login.role.as_str(), status, &login.target);
    report.line = login.line;
    report.error = Some(format!("{error:#}"));
    report
}
