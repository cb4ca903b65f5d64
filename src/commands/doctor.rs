//! `pgrole doctor`: checks the setup of this machine and of the servers.

use std::borrow::Cow;
use std::cmp::Reverse;

use anyhow::Result;
use clap::Args;
use serde::Serialize;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::{Context, GlobalArgs};
use crate::commands::outcome::was_stopped;
use crate::commands::say_notes;
use crate::commands::selection::FleetArgs;
use crate::config;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::settings::Settings;
use crate::domain::target::Target;
use crate::domain::variables::Variables;
use crate::operations::doctor::{DoctorScope, Examination, Finding, Severity, examine};
use crate::output::{Column, Format, Ui, counted_names, put_together};
use crate::run::trust::{Caution, Trust};

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pgrole doctor
  pgrole doctor --offline
  pgrole doctor --format json | jq '.[] | select(.status != \"ok\")'

Exit status: 0 if there are no errors (warnings do not count); 1 if there are.")]
pub struct DoctorArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Check this machine only; do not log in to servers
    #[arg(long)]
    offline: bool,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

const COLUMNS: [Column; 4] = [
    Column::new("CHECK", "check"),
    Column::new("SUBJECT", "subject"),
    Column::new("STATUS", "status"),
    Column::new("DETAIL", "detail"),
];

/// Says how many servers had answered when the operator stopped the run.
fn stopped(findings: &[Finding]) -> Option<Failure> {
    if !interrupt::is_raised() {
        return None;
    }
    let servers = findings.iter().filter(|finding| finding.check == "server");
    let (answered, others): (Vec<_>, Vec<_>) =
        servers.partition(|finding| finding.status == Severity::Ok);
    let asked = answered.len() + others.len();
    (!others.is_empty()).then(|| was_stopped(answered.len(), asked, "servers"))
}

/// Keeps problems as errors, whose causes are the details, and possible problems as warnings.
fn keep_for_mail(shown: &[&Finding], ui: &Ui) {
    for finding in shown {
        let what = format!("{} {}", finding.check, finding.subject);
        if finding.status == Severity::Warning {
            let hint = finding.hint.as_ref().map(|hint| format!("; {hint}"));
            let hint = hint.unwrap_or_default();
            ui.warn(&format!("{}: {}{hint}", what.trim(), finding.detail));
            continue;
        }
        let mut cause = Failure::new(Kind::Failed, finding.detail.clone());
        cause.hint.clone_from(&finding.hint);
        ui.show_error(&anyhow::Error::from(cause).context(what.trim().to_owned()));
    }
}

/// What was found, in a row for people: once, with all that it was found about.
#[derive(Serialize)]
struct FactRow {
    check: &'static str,
    subject: Vec<String>,
    status: Severity,
    detail: String,
    #[serde(skip)]
    hint: String,
}

/// The target that a finding is about, if it is about one.
fn place_of<'a>(finding: &'a Finding, targets: &[Target]) -> Option<(&'a str, &'a str)> {
    let place = finding.subject.split_once('/')?;
    let is_it = |target: &Target| (target.env.as_str(), target.database.as_str()) == place;
    targets.iter().any(is_it).then_some(place)
}

/// The findings put together, errors before warnings before what is well.
fn rows_of(findings: &[&Finding], targets: &[Target]) -> Vec<FactRow> {
    let sayings = findings.iter().map(|finding| {
        let status = format!("{:?}", finding.status);
        let texts = vec![
            Cow::Borrowed(finding.detail.as_str()),
            Cow::Borrowed(finding.hint.as_deref().unwrap_or_default()),
            Cow::Borrowed(finding.check),
            Cow::Owned(status),
        ];
        (place_of(finding, targets), texts, *finding)
    });
    let facts = put_together(sayings).into_iter();
    let rows = facts.filter_map(|fact| {
        let (_, first) = fact.sayings.first()?;
        let subjects = fact
            .sayings
            .iter()
            .map(|(_, finding)| finding.subject.clone());
        let mut subject: Vec<_> = subjects.filter(|subject| !subject.is_empty()).collect();
        subject.dedup();
        Some(FactRow {
            check: first.check,
            subject,
            status: first.status,
            detail: fact.texts[0].clone(),
            hint: fact.texts[1].clone(),
        })
    });
    let mut rows: Vec<_> = rows.collect();
    rows.sort_by_key(|row| Reverse(row.status));
    rows
}

/// Below the table, which has no room for commands; scripts find them in the rows.
fn show_hints(rows: &[FactRow], ui: &Ui) {
    let mut said: Vec<&str> = Vec::new();
    for row in rows.iter().filter(|row| !row.hint.is_empty()) {
        if said.contains(&row.hint.as_str()) {
            continue;
        }
        said.push(&row.hint);
        let same: Vec<_> = rows.iter().filter(|other| other.hint == row.hint).collect();
        let subjects = same.iter().flat_map(|row| row.subject.iter().cloned());
        let subjects: Vec<_> = subjects.collect();
        let about = match (same.as_slice(), subjects.as_slice()) {
            (_, []) => row.check.to_owned(),
            ([_], [only]) => format!("{} {only}", row.check),
            _ => format!("{} of {}", row.check, counted_names(&subjects)),
        };
        ui.advise(&format!("{about}: {}", row.hint));
    }
}

/// Shows to a person each fact once, the problems first; what is well only with --verbose.
fn show_facts(shown: &[&Finding], context: &Context) -> Result<()> {
    let targets = context.run.all_targets().unwrap_or_default();
    let mut rows = rows_of(shown, &targets);
    let all = rows.len();
    if !context.verbose {
        rows.retain(|row| row.status != Severity::Ok);
    }
    if !rows.is_empty() {
        context.ui.show_rows(&rows, &COLUMNS)?;
    }
    show_hints(&rows, &context.ui);
    if rows.len() < all {
        let well = shown
            .iter()
            .filter(|finding| finding.status == Severity::Ok);
        let well = counted(well.count(), "check");
        context.ui.note(&format!("{well} ok; to see all: -v"));
    }
    Ok(())
}

impl DoctorArgs {
    /// Runs without a context: an invalid config file is a finding here, not an obstacle.
    pub fn run(self, global: &GlobalArgs, variables: Variables, ui: &Ui) -> Result<()> {
        let mut trust = Trust::new(Caution::Refuse);
        let (settings, config_error) = match global.settings(&mut trust) {
            Ok(settings) => (settings, None),
            Err(error) => (Settings::default(), Some(error)),
        };
        let context = global.context_with(settings, trust, variables, ui)?;
        context.refuse_metrics()?;
        let context = self.arrange.on(&context);
        let findings = examine(&Examination {
            run: &context.run,
            config: config::path(global.config()),
            config_error,
            selection: self.selection.selection(),
            reach: if self.offline {
                DoctorScope::ThisMachine
            } else {
                DoctorScope::Servers
            },
        });
        say_notes(&context);
        let count = |status| {
            findings
                .iter()
                .filter(|finding| finding.status == status)
                .count()
        };
        let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
        // Cron mails all output: a quiet run prints nothing if all is well.
        let shown: Vec<_> = findings
            .iter()
            .filter(|finding| !context.ui.quiet || finding.status != Severity::Ok)
            .collect();
        if context.ui.is_mailed() {
            keep_for_mail(&shown, &context.ui);
        } else if context.ui.format == Format::Table && !context.ui.is_arranged() {
            show_facts(&shown, &context)?;
        } else if !shown.is_empty() || !context.ui.quiet {
            context.ui.show_rows(&shown, &COLUMNS)?;
        }
        let summary = format!(
            "{}, {} in {} checks",
            counted(errors, "error"),
            counted(warnings, "warning"),
            findings.len()
        );
        if let Some(stopped) = stopped(&findings) {
            return Err(stopped.into());
        }
        if errors > 0 {
            return Err(Failure::new(Kind::Failed, summary).into());
        }
        context.ui.note(&summary);
        Ok(())
    }
}
