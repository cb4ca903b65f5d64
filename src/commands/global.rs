//! The options of every command, and what a command runs with.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::{ArgAction, Args};

use crate::commands::format::{FormatArg, GivenFormat, result_format};
use crate::config;
use crate::domain::failure::Failure;
use crate::domain::settings::Settings;
use crate::domain::trace::Trace;
use crate::domain::variables::Variables;
use crate::output::{Color, Column, Format, Ui, prompt};
use crate::run::operator;
use crate::run::trust;
use crate::run::trust::{Caution, OwnershipRule, Trust};
use crate::run::{Run, Start};

/// The options of every command.
#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
pub struct GlobalArgs {
    /// The registry file [default: pgrole/pg_registry.db in the XDG data directory]
    #[arg(long, global = true, value_name = "FILE", env = "PGROLE_REGISTRY")]
    registry: Option<PathBuf>,

    /// The config file [default: pgrole/config.toml in the XDG config directory, if it exists]
    #[arg(long, global = true, value_name = "FILE", env = "PGROLE_CONFIG")]
    config: Option<PathBuf>,

    /// The format of results [default: table on a terminal, else json]
    #[arg(long, global = true, env = "PGROLE_FORMAT", value_parser = result_format())]
    format: Option<GivenFormat>,

    /// Print only results and errors
    #[arg(short, long, global = true)]
    quiet: bool,

    /// Print more: the statements that ran, where the admin credential came from; -vv: also each step, with its time and
    /// round trips
    #[arg(short, long, global = true, action = ArgAction::Count, conflicts_with = "quiet")]
    verbose: u8,

    /// When to color tables and messages; with "auto", NO_COLOR turns colors off
    #[arg(long, global = true, value_enum, default_value = "auto")]
    color: Color,

    /// Answer yes to every question; scripts need this in a protected environment
    #[arg(short, long, global = true)]
    yes: bool,

    /// Time limit for connecting and for each statement; a command that receives a delivery gets three times as long
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", value_parser = parse_timeout)]
    timeout: Duration,
}

/// What a command runs with: the session, the printer, and what was said globally.
#[derive(Clone)]
pub struct Context {
    pub run: Arc<Run>,
    pub ui: Ui,
    pub yes: bool,
    pub verbose: bool,
    /// Whether the results are printed as metrics.
    pub metrics: bool,
}

impl Context {
    /// The printer for results that arrive one by one: as JSON, one per line.
    pub fn in_lines(&self) -> Ui {
        let mut ui = self.ui.clone();
        if ui.format == Format::Json {
            ui.format = Format::Jsonl;
        }
        ui
    }

    /// The columns of a table; asked to say more, it leaves nothing out.
    pub fn columns(&self, columns: &[Column]) -> Vec<Column> {
        let columns = columns.iter().cloned();
        if self.verbose {
            columns.map(Column::in_full).collect()
        } else {
            columns.collect()
        }
    }

    /// Refuses the format of metrics for a command that has none.
    pub fn refuse_metrics(&self) -> Result<(), Failure> {
        if !self.metrics {
            return Ok(());
        }
        let what = "--format prometheus is only for rotate status";
        Err(Failure::usage(what).hint("use --format table, json or jsonl"))
    }
}

impl GlobalArgs {
    /// Whether the run is quiet, and its results have the default format.
    pub fn says_only_errors(&self) -> bool {
        self.quiet && self.format.is_none()
    }

    /// The printer, which is needed even if everything else fails.
    pub fn ui(&self, variables: &Variables) -> Ui {
        let wanted = match self.format {
            Some(GivenFormat::Result(format)) => Some(format.format()),
            Some(
                GivenFormat::Export(_)
                | GivenFormat::Registry(_)
                | GivenFormat::Fleet(_)
                | GivenFormat::ReportCsv,
            )
            | None => None,
        };
        let format = wanted.unwrap_or_else(Format::of_stdout);
        Ui::new(format, self.color, variables, self.quiet)
    }

    /// Whether every question is answered with yes.
    pub fn yes(&self) -> bool {
        self.yes
    }

    /// The config file that was given.
    pub fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    pub fn context(&self, caution: Caution, variables: Variables, ui: &Ui) -> Result<Context> {
        let mut trust = Trust::new(caution);
        let settings = self.settings(&mut trust)?;
        let rule = if settings.registry_shared {
            OwnershipRule::Shared
        } else {
            OwnershipRule::Own
        };
        trust::require_registry(&mut trust, &self.registry()?, rule)?;
        trust::require_keys(&mut trust, &config::sealing_key_path(self.config())?)?;
        self.context_with(settings, trust, variables, ui)
    }

    /// Reads the config file, if nobody else can have written it.
    ///
    /// # Errors
    /// Refused, if someone else can write it; usage, if it is not valid.
    pub fn settings(&self, trust: &mut Trust) -> Result<Settings> {
        if let Some(path) = config::path(self.config()) {
            trust.require("config file", &path, OwnershipRule::Own)?;
        }
        config::load(self.config())
    }

    /// The registry file, whether it exists or not.
    pub fn registry(&self) -> Result<PathBuf> {
        match &self.registry {
            Some(path) => Ok(path.clone()),
            None => config::default_registry_path(),
        }
    }

    /// Shows each step as it ends, if that was asked for.
    fn trace(&self, ui: &Ui) -> Trace {
        if self.verbose < 2 {
            return Trace::default();
        }
        let ui = ui.clone();
        Trace::to(move |step| ui.show_step(step))
    }

    pub fn context_with(
        &self,
        settings: Settings,
        trust: Trust,
        variables: Variables,
        ui: &Ui,
    ) -> Result<Context> {
        let registry = self.registry()?;
        let operator = operator::of_process(&variables);
        let start = Start {
            settings,
            variables,
            timeout: self.timeout,
            registry,
            key_file: config::sealing_key_path(self.config.as_deref())?,
            operator,
            ask: prompt::ask_admin_password,
            watcher: ui.watcher(),
            trace: self.trace(ui),
            trust,
        };
        let run = Arc::new(Run::new(start));
        Ok(Context {
            ui: ui.for_run(&run),
            run,
            yes: self.yes,
            verbose: self.verbose > 0,
            metrics: matches!(
                self.format,
                Some(GivenFormat::Result(FormatArg::Prometheus))
            ),
        })
    }
}

fn parse_timeout(text: &str) -> Result<Duration, Failure> {
    let seconds: f64 = text.parse().unwrap_or(0.0);
    if (0.1..=86_400.0).contains(&seconds) {
        return Ok(Duration::from_secs_f64(seconds));
    }
    Err(Failure::usage(format!(
        "{text:?} is not a number of seconds between 0.1 and 86400"
    )))
}
