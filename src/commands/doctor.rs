//! `pgrole doctor`: checks the setup of this machine and of the servers.

use anyhow::Result;
use clap::Args;

use crate::commands::global::GlobalArgs;
use crate::commands::outcome::was_stopped;
use crate::commands::say_notes;
use crate::commands::selection::FleetArgs;
use crate::config;
use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::domain::settings::Settings;
use crate::domain::variables::Variables;
use crate::operations::doctor::{DoctorScope, Examination, Finding, Severity, examine};
use crate::output::{Column, Format, Ui};
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
}

const COLUMNS: [Column; 4] = [
    Column::new("CHECK", "check"),
    Column::new("SUBJECT", "subject"),
    Column::new("STATUS", "status"),
    Column::new("DETAIL", "detail"),
];

fn counted(count: usize, noun: &str) -> String {
    let ending = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{ending}")
}

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

/// Below the table, which has no room for commands; scripts find them in the rows.
fn show_hints(shown: &[&Finding], ui: &Ui) {
    for finding in shown {
        if let Some(hint) = &finding.hint {
            ui.advise(
                &format!("{} {}: {hint}", finding.check, finding.subject).replace(" : ", ": "),
            );
        }
    }
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
        } else if !shown.is_empty() || !context.ui.quiet {
            context.ui.show_rows(&shown, &COLUMNS)?;
        }
        if context.ui.format == Format::Table {
            show_hints(&shown, &context.ui);
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
