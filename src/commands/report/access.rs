//! `report access`: who can log in where, as a table, JSON, CSV for reviewers, and a page for everybody.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};
use schemars::JsonSchema;
use serde::Serialize;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::format::{GivenFormat, report_format};
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_groups;
use crate::commands::selection::FleetArgs;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::fleet_report::finding::{Periods, Severity};
use crate::domain::fleet_report::row::LoginAccess;
use crate::domain::fleet_report::summary::{FindingGroup, FoundLogin, ReportSummary};
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::report::access::{
    AccessReport, Keeping, Wanted, report_access, write_report,
};
use crate::output::{Column, Format, Stdout, access_page};

#[derive(Debug, Args)]
pub struct AccessArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// The age from which a password is too old: 90d, 12h, 2w [default: rotate.older_than in the config file, else 90d]
    #[arg(long, value_name = "SPAN")]
    older_than: Option<Span>,

    /// Compare with the report that was the newest then: a span, a date or a time [default: the newest report]
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// The format of results; csv is for reviewers, with an apostrophe before text that would be taken for a formula
    /// [default: table on a terminal, else json]
    #[arg(long, env = "PGROLE_FORMAT", value_parser = report_format())]
    format: Option<GivenFormat>,

    /// Write the report to this file too, as one page that needs nothing else, readable only by you
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    html: Option<PathBuf>,

    /// Exit with status 7 if there is a finding of severity high
    #[arg(long)]
    check: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 10] = [
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("LOGIN", "login"),
    Column::new("PROFILE", "profile"),
    Column::new("LEVEL", "level"),
    Column::new("STATUS", "status"),
    Column::new("PASSWORD", "verifier"),
    Column::new("AGE (DAYS)", "password_age_days"),
    Column::new("LAST SEEN", "last_seen"),
    Column::new("FINDINGS", "findings"),
];

/// A quarter, which most standards ask for.
const USUAL_AGE: Span = Span::days(90);
/// As PCI DSS 8.2.6 asks for.
const UNUSED_DAYS: u64 = 90;
const EXPIRING_DAYS: u64 = 14;
/// How many logins of a finding a person reads.
const MOST_NAMED: usize = 6;

/// The last object of the JSON list.
#[derive(Serialize, JsonSchema)]
pub struct Summed<'a> {
    /// The report as a whole.
    summary: &'a ReportSummary,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Row<'a> {
    Login(&'a LoginAccess),
    Summary(Summed<'a>),
}

impl AccessArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let is_csv = matches!(self.format, Some(GivenFormat::ReportCsv));
        let wanted = self.wanted(context, is_csv)?;
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let (targets, mut failed) = fleet.split();
        let lost = failed.len();
        let report = report_access(&context.run, &targets, &wanted)?;
        if let Some(path) = &self.html {
            write_report(path, &access_page::page(&report))?;
            context.ui.note(&format!("written to {}", path.display()));
        }
        if is_csv {
            Stdout::stream(|stdout| Ok(stdout.write_all(report.csv.as_bytes())?))?;
        } else {
            show(&report, context)?;
        }
        let AccessReport {
            failed: unread,
            silent,
            summary,
            ..
        } = report;
        failed.extend(unread);
        outcome_of_groups((failed, silent + lost), asked, "targets", context)?;
        if self.check {
            return Ok(judge(&summary)?);
        }
        Ok(())
    }

    fn wanted(&self, context: &Context, is_csv: bool) -> Result<Wanted, Failure> {
        let since = self.since.as_deref();
        let since = since.map(|text| Timestamp::parse_point_or_span(text, Timestamp::now()));
        let since = since.transpose();
        let age = self.older_than.or(context.run.settings.rotate_older_than);
        let is_kept = is_csv || self.html.is_some();
        Ok(Wanted {
            periods: Periods {
                password_age: age.unwrap_or(USUAL_AGE).duration().as_secs() / 86_400,
                unused: UNUSED_DAYS,
                expiring: EXPIRING_DAYS,
            },
            since: since.map_err(|error| Failure::usage(error.to_string()))?,
            keeping: if is_kept {
                Keeping::Kept
            } else {
                Keeping::Unkept
            },
        })
    }
}

fn show(report: &AccessReport, context: &Context) -> Result<()> {
    let ui = &context.ui;
    let mut rows: Vec<_> = report.rows.iter().map(Row::Login).collect();
    if ui.format != Format::Table && !ui.is_arranged() {
        rows.push(Row::Summary(Summed {
            summary: &report.summary,
        }));
    }
    ui.show_rows(&rows, &context.columns(&COLUMNS))?;
    if ui.format == Format::Table {
        explain(&report.summary, context);
    }
    Ok(())
}

/// Tells a person what stands out, and what changed; scripts find it in the last object.
fn explain(summary: &ReportSummary, context: &Context) {
    for group in &summary.findings {
        let what = format!(
            "{}: {}, {}: {}",
            group.severity.as_str(),
            group.title,
            counted(group.logins, "login"),
            named(group)
        );
        if group.severity == Severity::High {
            context.ui.warn(&what);
        } else {
            context.ui.note(&what);
        }
    }
    let outside = summary.changes.iter().filter(|change| change.outside);
    for change in outside {
        let login = change.login.as_deref().unwrap_or_default();
        let after = change.after.as_deref().unwrap_or_default();
        context.ui.warn(&format!(
            "\"{login}\" on {}/{}: {} (after {after})",
            change.env.as_deref().unwrap_or_default(),
            change.database.as_deref().unwrap_or_default(),
            change.what
        ));
    }
    let figures = &summary.figures;
    context.ui.note(&format!(
        "{} on {} of {} targets; {} with a finding of severity high",
        counted(figures.logins, "login"),
        summary.coverage.answered,
        summary.coverage.asked,
        figures.high
    ));
}

fn named(group: &FindingGroup) -> String {
    let name = |found: &FoundLogin| match found.targets.as_slice() {
        [only] => format!("\"{}\" on {only}", found.login),
        several => format!("\"{}\" on {} targets", found.login, several.len()),
    };
    let mut names: Vec<_> = group.which.iter().take(MOST_NAMED).map(name).collect();
    if let Some(more @ 1..) = group.which.len().checked_sub(MOST_NAMED) {
        names.push(format!("{more} more"));
    }
    names.join(", ")
}

/// # Errors
/// Differences, if there is a finding of severity high.
fn judge(summary: &ReportSummary) -> Result<(), Failure> {
    match summary.figures.high {
        0 => Ok(()),
        high => {
            let what = format!(
                "{high} of {} have a high-severity finding",
                counted(summary.figures.logins, "login")
            );
            Err(Failure::new(Kind::Differences, what))
        }
    }
}
