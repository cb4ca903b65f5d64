//! `pgrole config`: the config file itself. Its commands run without a context, so that a mistake in the file is no
//! obstacle.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{CommandFactory, Subcommand};
use serde_json::{Value, json};

use crate::commands::Cli;
use crate::commands::arrange::ArrangeArgs;
use crate::commands::completing::GivenLine;
use crate::commands::global::GlobalArgs;
use crate::config;
use crate::domain::counted::counted;
use crate::domain::failure::Failure;
use crate::domain::variables::Variables;
use crate::operations::config_file::check::{ConfigProblem, find_problems};
use crate::operations::config_file::init::write_config_file;
use crate::operations::config_file::paths::file_paths;
use crate::operations::config_file::show::{Origin, ShownSetting, settings_in_force};
use crate::output::{Column, Format, Ui};
use crate::run::trust::{Caution, OwnershipRule, Trust};

#[derive(Debug, Subcommand)]
pub enum ConfigCommand {
    /// Write a commented config file with all settings and their defaults; never over an existing one
    #[command(after_help = "Examples:
  pgrole config init
  pgrole config init --config ./pgrole.toml")]
    Init,
    /// Show every setting, and where its value comes from: the file and its line, a variable, an option, or the default
    #[command(after_help = "Examples:
  pgrole config show
  pgrole config show --format json | jq '.[] | select(.source != \"default\")'

Secrets are not shown.")]
    Show(ArrangeArgs),
    /// Find all mistakes in the config file, each with its line and column
    #[command(after_help = "Examples:
  pgrole config check
  pgrole config check --config ./pgrole.toml --format json

Exit status: 0 if the file is valid, or if there is none; 2 if it is not valid.")]
    Check(ArrangeArgs),
    /// Show where the config file, the registry and the keys are
    #[command(after_help = "Examples:
  pgrole config path
  pgrole config path --format json | jq -r '.[] | select(.file == \"config\").path'")]
    Path(ArrangeArgs),
}

const SETTINGS: [Column; 4] = [
    Column::new("KEY", "key"),
    Column::new("VALUE", "value"),
    Column::new("SOURCE", "source"),
    Column::new("LINE", "line"),
];

const PROBLEMS: [Column; 4] = [
    Column::new("LINE", "line"),
    Column::new("COLUMN", "column"),
    Column::new("PROBLEM", "problem"),
    Column::new("HINT", "hint"),
];

const PATHS: [Column; 3] = [
    Column::new("FILE", "file"),
    Column::new("PATH", "path"),
    Column::new("EXISTS", "exists"),
];

impl ConfigCommand {
    pub fn run(self, global: &GlobalArgs, variables: &Variables, ui: &Ui) -> Result<()> {
        match self {
            Self::Init => init(global, ui),
            Self::Show(arrange) => show(global, variables, &arrange.on_ui(ui)),
            Self::Check(arrange) => check(global, &arrange.on_ui(ui)),
            Self::Path(arrange) => {
                let paths = file_paths(global.config(), &global.registry()?)?;
                arrange.on_ui(ui).show_rows(&paths, &PATHS)
            }
        }
    }
}

fn init(global: &GlobalArgs, ui: &Ui) -> Result<()> {
    let written = write_config_file(&path_of(global)?)?;
    ui.show_record(&written)?;
    ui.note(
        "every setting is commented out: uncomment what is to differ, then run pgrole config check",
    );
    Ok(())
}

fn show(global: &GlobalArgs, variables: &Variables, ui: &Ui) -> Result<()> {
    let text = read(global)?.unwrap_or_default();
    let mut settings = options(global, variables, ui)?;
    settings.extend(settings_in_force(&text));
    ui.show_rows(&settings, &SETTINGS)?;
    match find_problems(&text).len() {
        0 => Ok(()),
        count => Err(invalid(global, count)?.into()),
    }
}

fn check(global: &GlobalArgs, ui: &Ui) -> Result<()> {
    let shown = path_of(global)?.display().to_string();
    let text = read(global)?;
    let mut problems = find_problems(text.as_deref().unwrap_or_default());
    if let Err(failure) = require_trust(global) {
        let problem = ConfigProblem {
            line: None,
            column: None,
            problem: failure.message,
            hint: failure.hint,
        };
        problems.insert(0, problem);
    }
    if problems.is_empty() {
        if ui.format != Format::Table {
            ui.show_rows(&problems, &PROBLEMS)?;
        }
        ui.note(&match text {
            Some(_) => format!("config file {shown} is valid"),
            None => format!("there is no config file {shown}: the defaults apply"),
        });
        return Ok(());
    }
    ui.show_rows(&problems, &PROBLEMS)?;
    Err(invalid(global, problems.len())?.into())
}

fn require_trust(global: &GlobalArgs) -> Result<(), Failure> {
    let mut trust = Trust::new(Caution::Refuse);
    match config::path(global.config()) {
        Some(path) => trust.require("config file", &path, OwnershipRule::Own),
        None => Ok(()),
    }
}

fn invalid(global: &GlobalArgs, count: usize) -> Result<Failure> {
    let path = path_of(global)?;
    Ok(Failure::usage(format!(
        "config file {} is not valid: {}",
        path.display(),
        counted(count, "problem")
    )))
}

fn path_of(global: &GlobalArgs) -> Result<PathBuf> {
    let missing = || Failure::usage("no home folder for the config file").hint("use --config FILE");
    Ok(config::path(global.config()).ok_or_else(missing)?)
}

/// The text of the file; `None` if there is none at the default path.
fn read(global: &GlobalArgs) -> Result<Option<String>> {
    let path = path_of(global)?;
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound && global.config().is_none() => Ok(None),
        Err(error) => {
            let what = format!("cannot read config file {}", path.display());
            Err(Failure::usage(what).caused_by(error).into())
        }
    }
}

/// What variables may say in the place of options.
fn options(global: &GlobalArgs, variables: &Variables, ui: &Ui) -> Result<Vec<ShownSetting>> {
    let words: Vec<String> = std::env::args_os()
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let line = GivenLine::read(&Cli::command(), &words);
    let shown = |path: &Path| json!(path.display().to_string());
    let values: [(&str, &str, Value); 3] = [
        ("config", "PGROLE_CONFIG", shown(&path_of(global)?)),
        ("registry", "PGROLE_REGISTRY", shown(&global.registry()?)),
        ("format", "PGROLE_FORMAT", json!(name_of(ui.format))),
    ];
    let settings = values.map(|(option, variable, value)| ShownSetting {
        key: format!("--{option}"),
        value,
        source: if line.value(option).is_some() {
            Origin::Option
        } else if variables.text(variable).is_some() {
            Origin::Variable
        } else {
            Origin::Default
        },
        line: None,
    });
    Ok(settings.to_vec())
}

fn name_of(format: Format) -> &'static str {
    match format {
        Format::Table => "table",
        Format::Json => "json",
        Format::Jsonl => "jsonl",
    }
}
