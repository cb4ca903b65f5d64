//! The command line, one file per noun: an args struct whose comments are the help, and a `run`.

mod access;
mod apply;
mod audit;
mod completions;
mod confirm_plan;
mod credential;
mod deferred;
mod delivery;
mod doctor;
mod export;
mod generate;
mod notify;
mod offboard;
mod recover;
mod registry;
mod rotate;
mod selection;
mod term;
mod tls;
mod usage;
mod user;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Result;
use clap::builder::{EnumValueParser, TypedValueParser};
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::commands::deferred::Deferred;
pub use crate::commands::deferred::whole;
use crate::config;
use crate::domain::failure::{EXIT_STATUSES, Failure, Kind, kind_of};
use crate::domain::fleet_file::FleetFileFormat;
use crate::domain::interrupt;
use crate::domain::settings::Settings;
use crate::domain::variables::Variables;
use crate::operations::audit::export::ExportFormat;
use crate::operations::registry::export::RegistryFormat;
use crate::output::{Color, Format, Ui, prompt};
use crate::run::operator;
use crate::run::trust;
use crate::run::trust::{Caution, OwnershipRule, Trust};
use crate::run::{Run, Start};

/// Create, find and rotate PostgreSQL logins across many environments, with a local registry and an audit log
#[derive(Debug, Parser)]
#[command(
    name = "pgrole",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(after_help = examples_and_exit_statuses())]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,

    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  pgrole registry add -e dev -d myapp_dev -H pg-dev-01.example.com
  pgrole credential set -e dev -U dba_jane
  pgrole user app -e dev -d myapp_dev --servername web01 --port 8080
  pgrole user find -u analyst01
  pgrole audit list --since 7d";

fn examples_and_exit_statuses() -> String {
    let statuses = EXIT_STATUSES.map(|(number, meaning)| format!("\n  {number:<3}  {meaning}"));
    format!("{EXAMPLES}\n\nExit status:{}", statuses.concat())
}

impl Cli {
    /// Whether neither a person nor a program reads the errors: cron mails them.
    fn is_mailed(&self) -> bool {
        let is_for_cron = match &self.command {
            Command::InContext(command) => command.is_for_cron(),
            Command::Doctor(_) => true,
            Command::Completions(_) | Command::Generate(_) => false,
        };
        is_for_cron && self.global.quiet && self.global.format.is_none() && !Ui::is_on_terminal()
    }
}

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

    /// Print more: the statements that ran, where the admin credential came from
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    verbose: bool,

    /// When to color messages; with "auto", NO_COLOR turns colors off
    #[arg(long, global = true, value_enum, default_value = "auto")]
    color: Color,

    /// Answer yes to every question; scripts need this in a protected environment
    #[arg(short, long, global = true)]
    yes: bool,

    /// Time limit for connecting and for each statement; a command that receives a delivery gets three times as long
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", value_parser = parse_timeout)]
    timeout: Duration,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum FormatArg {
    /// For people: a table that fits the terminal
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as results arrive
    Jsonl,
    /// Metrics, which only `rotate status` has; PGROLE_FORMAT may say so before the command is known
    #[value(hide = true)]
    Prometheus,
}

/// How the results of `rotate status` are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum StatusFormatArg {
    /// For people: a table that fits the terminal
    Table,
    /// One JSON document
    Json,
    /// One JSON object per line, as results arrive
    Jsonl,
    /// Metrics for node_exporter's textfile collector
    Prometheus,
}

impl From<StatusFormatArg> for FormatArg {
    fn from(format: StatusFormatArg) -> Self {
        match format {
            StatusFormatArg::Table => Self::Table,
            StatusFormatArg::Json => Self::Json,
            StatusFormatArg::Jsonl => Self::Jsonl,
            StatusFormatArg::Prometheus => Self::Prometheus,
        }
    }
}

impl FormatArg {
    /// The format for everything but metrics.
    fn format(self) -> Format {
        match self {
            Self::Table | Self::Prometheus => Format::Table,
            Self::Json => Format::Json,
            Self::Jsonl => Format::Jsonl,
        }
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    InContext(Box<ContextCommand>),
    /// Check this machine's setup and the servers' settings
    Doctor(doctor::DoctorArgs),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Not part of the command line that help, completions and messages show: [`GenerateCli`] reads it.
    #[command(skip)]
    Generate(generate::GenerateArgs),
}

/// What takes the config file and the registry as they are; `doctor` says itself what is wrong with them.
#[derive(Debug, Subcommand)]
pub enum ContextCommand {
    /// Manage the registry of targets: which database is where
    #[command(subcommand)]
    Registry(Deferred<registry::RegistryCommand>),
    /// Manage the admin credential, which pgrole connects with
    #[command(subcommand)]
    Credential(Deferred<credential::CredentialCommand>),
    /// Create, find and change logins
    #[command(subcommand)]
    User(Deferred<user::UserCommand>),
    /// Manage the access groups of a database
    #[command(subcommand)]
    Access(Deferred<access::AccessCommand>),
    /// End every login of people who leave, on every cluster: lock all, then settle and drop
    #[command(after_help = "Examples:
  pgrole offboard jane --reason 'HR-4711' --reassign-to-owner --dry-run
  pgrole offboard jane joe --reason 'HR-4711' --reassign-to app_owner --format json > HR-4711.json")]
    Offboard(Box<offboard::OffboardArgs>),
    /// Change all passwords that are due, and deliver them where they were delivered before
    Rotate(Box<rotate::RotateArgs>),
    /// Settle interrupted password changes: deliver the passwords that are in force
    Recover(recover::RecoverArgs),
    /// Write down, as a file for apply, which logins pgrole placed and what they may do; without passwords
    #[command(after_help = "Examples:
  pgrole export > fleet.toml
  pgrole export -e prod --format json --output prod.json")]
    Export(export::ExportArgs),
    /// Make the servers as a file says: create logins, give access, mend attributes
    #[command(after_help = "Examples:
  pgrole apply -f fleet.toml --dry-run
  pgrole apply -f fleet.toml
  pgrole apply -f fleet.toml --check     (exit status 7 on a difference)")]
    Apply(apply::ApplyArgs),
    /// Read the audit log
    #[command(subcommand)]
    Audit(Deferred<audit::AuditCommand>),
    /// Manage notification channels and their queued messages
    #[command(subcommand)]
    Notify(Deferred<notify::NotifyCommand>),
}

impl ContextCommand {
    /// What only shows what is on record may do so with another user's files too.
    fn caution(&self) -> Caution {
        let only_shows = match self {
            Self::Audit(command) => command.0.only_shows(),
            Self::Rotate(args) => args.only_shows(),
            Self::Registry(command) => command.0.only_shows(),
            _ => false,
        };
        if only_shows {
            Caution::Warn
        } else {
            Caution::Refuse
        }
    }

    fn is_for_cron(&self) -> bool {
        match self {
            Self::Rotate(args) => args.is_run(),
            Self::Notify(command) => matches!(command.0, notify::NotifyCommand::Expiring(_)),
            _ => false,
        }
    }

    fn run(self, context: &Context) -> Result<()> {
        let has_metrics = matches!(&self, Self::Rotate(args) if args.has_metrics());
        if !has_metrics {
            context.refuse_metrics()?;
        }
        let result = match self {
            Self::Registry(command) => command.0.run(context),
            Self::Credential(command) => command.0.run(context),
            Self::User(command) => command.0.run(context),
            Self::Access(command) => command.0.run(context),
            Self::Offboard(args) => args.run(context),
            Self::Rotate(args) => args.run(context),
            Self::Recover(args) => args.run(context),
            Self::Export(args) => args.run(context),
            Self::Apply(args) => args.run(context),
            Self::Audit(command) => command.0.run(context),
            Self::Notify(command) => command.0.run(context),
        };
        say_notes(context);
        result
    }
}

/// What `--format` accepts: two exports have formats of their own, and clap allows one type per option name.
#[derive(Debug, Clone, Copy)]
enum GivenFormat {
    Result(FormatArg),
    Export(ExportFormat),
    Registry(RegistryFormat),
    Fleet(FleetFileFormat),
}

fn result_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<FormatArg>::new().map(GivenFormat::Result)
}

/// The formats of `rotate status`, which has metrics too.
fn status_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<StatusFormatArg>::new().map(|format| GivenFormat::Result(format.into()))
}

fn export_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<ExportFormat>::new().map(GivenFormat::Export)
}

fn fleet_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<FleetFileFormat>::new().map(GivenFormat::Fleet)
}

fn registry_format() -> impl TypedValueParser<Value = GivenFormat> {
    EnumValueParser::<RegistryFormat>::new().map(GivenFormat::Registry)
}

/// What a command runs with: the session, the printer, and what was said globally.
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
    fn in_lines(&self) -> Ui {
        let mut ui = self.ui.clone();
        if ui.format == Format::Json {
            ui.format = Format::Jsonl;
        }
        ui
    }

    /// Refuses the format of metrics for a command that has none.
    fn refuse_metrics(&self) -> Result<(), Failure> {
        if !self.metrics {
            return Ok(());
        }
        let what = "--format prometheus is only for rotate status";
        Err(Failure::usage(what).hint("use --format table, json or jsonl"))
    }
}

impl GlobalArgs {
    /// The printer, which is needed even if everything else fails.
    pub fn ui(&self, variables: &Variables) -> Ui {
        let wanted = match self.format {
            Some(GivenFormat::Result(format)) => Some(format.format()),
            Some(GivenFormat::Export(_) | GivenFormat::Registry(_) | GivenFormat::Fleet(_))
            | None => None,
        };
        let format = wanted.unwrap_or_else(Format::of_stdout);
        let no_color = variables.text("NO_COLOR").is_some();
        Ui::new(format, self.color, no_color, self.quiet)
    }

    /// The config file that was given.
    fn config(&self) -> Option<&Path> {
        self.config.as_deref()
    }

    fn context(&self, caution: Caution, variables: Variables, ui: &Ui) -> Result<Context> {
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
    fn settings(&self, trust: &mut Trust) -> Result<Settings> {
        if let Some(path) = config::path(self.config()) {
            trust.require("config file", &path, OwnershipRule::Own)?;
        }
        config::load(self.config())
    }

    fn registry(&self) -> Result<PathBuf> {
        match &self.registry {
            Some(path) => Ok(path.clone()),
            None => config::default_registry_path(),
        }
    }

    fn context_with(
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
            trust,
        };
        let run = Arc::new(Run::new(start));
        Ok(Context {
            ui: ui.for_run(&run),
            run,
            yes: self.yes,
            verbose: self.verbose,
            metrics: matches!(
                self.format,
                Some(GivenFormat::Result(FormatArg::Prometheus))
            ),
        })
    }
}

/// `pgrole __generate`, for those who change the command line: a command line of its own, so that no usage line,
/// suggestion or completion names it.
#[derive(Debug, Parser)]
#[command(name = "pgrole __generate", bin_name = "pgrole __generate")]
struct GenerateCli {
    #[command(flatten)]
    global: GlobalArgs,

    #[command(flatten)]
    args: generate::GenerateArgs,
}

/// Reads the command line, and the variables that stand for options; empty ones count as unset.
///
/// # Errors
/// Wrong usage; a request for help.
pub fn parse(variables: &Variables) -> Result<Cli, clap::Error> {
    if std::env::args_os()
        .nth(1)
        .is_some_and(|word| word == "__generate")
    {
        let cli = GenerateCli::try_parse_from(std::env::args_os().skip(1))?;
        return Ok(Cli {
            global: cli.global,
            command: Command::Generate(cli.args),
        });
    }
    // Made twice where an error needs it: a clone would cost every start a third of its instructions.
    let command = || {
        Cli::command().mut_args(|arg| {
            let name = arg.get_env().and_then(OsStr::to_str);
            if name.is_some_and(|name| variables.is_empty_text(name)) {
                arg.env(None::<&str>)
            } else {
                arg
            }
        })
    };
    let matches = command().try_get_matches();
    Cli::from_arg_matches(&matches.map_err(|error| usage::with_plain_usage(error, command))?)
}

/// Runs the command, and shows its error.
///
/// # Errors
/// The kind of the failure, which decides the exit status.
pub fn run(cli: Cli, variables: Variables, ui: &Ui) -> Result<(), Kind> {
    if !ui.is_mailed() && cli.is_mailed() {
        let ui = ui.for_mail();
        let result = run(cli, variables, &ui);
        ui.say_kept_errors();
        return result;
    }
    match cli.command {
        Command::Completions(args) => shown(args.run(), ui),
        Command::Generate(args) => shown(args.run(), ui),
        Command::Doctor(args) => shown(args.run(&cli.global, variables, ui), ui),
        Command::InContext(command) => {
            let caution = command.caution();
            let context = shown(cli.global.context(caution, variables, ui), ui)?;
            let result = shown(command.run(&context), ui);
            if context.run.is_trusted() {
                notify::send_after_run(&context);
            }
            result
        }
    }
}

fn shown<T>(result: Result<T>, ui: &Ui) -> Result<T, Kind> {
    result.map_err(|error| {
        ui.show_error(&error);
        kind_of(&error)
    })
}

/// Says what was noted on the way.
fn say_notes(context: &Context) {
    for note in context.run.take_notes() {
        if context.verbose {
            context.ui.say_more(&note);
        }
    }
    for warning in context.run.take_warnings() {
        context.ui.warn(&warning);
    }
}

/// The format that a usage error is reported in, as far as the arguments can be understood.
pub fn guess_format(arguments: &[String], variables: &Variables) -> Format {
    let after_flag = arguments
        .iter()
        .position(|argument| argument == "--format")
        .and_then(|place| arguments.get(place + 1));
    let with_equals = arguments
        .iter()
        .find_map(|argument| argument.strip_prefix("--format="));
    let wanted = with_equals
        .or(after_flag.map(String::as_str))
        .or_else(|| variables.text("PGROLE_FORMAT"));
    wanted
        .and_then(|name| <FormatArg as clap::ValueEnum>::from_str(name, false).ok())
        .map_or_else(Format::of_stdout, FormatArg::format)
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

/// Says how many had answered when the operator stopped a run; `None` if it was not stopped or all had answered.
fn stopped(failed: &[anyhow::Error], count: usize, asked: usize, noun: &str) -> Option<Failure> {
    if !interrupt::is_raised() || failed.is_empty() {
        return None;
    }
    Some(was_stopped(asked - count.min(asked), asked, noun))
}

fn was_stopped(answered: usize, asked: usize, noun: &str) -> Failure {
    let what = format!("interrupted: {answered} of {asked} {noun} had answered");
    Failure::new(Kind::Interrupted, what)
}

/// The outcome of a run over many targets: each failure is shown, and their number decides the exit status.
///
/// # Errors
/// Interrupted, if the operator stopped it before all had answered; the failure itself, if one target was asked; else
/// partial, or failed if all failed.
fn outcome_of_many(
    failed: Vec<anyhow::Error>,
    asked: usize,
    noun: &str,
    context: &Context,
) -> Result<()> {
    let count = failed.len();
    outcome_of_groups((failed, count), asked, noun, context)
}

/// The same where one failure may stand for several: their number comes with them.
fn outcome_of_groups(
    (mut failed, count): (Vec<anyhow::Error>, usize),
    asked: usize,
    noun: &str,
    context: &Context,
) -> Result<()> {
    let stopped = stopped(&failed, count, asked, noun);
    if asked == 1 && stopped.is_none() {
        return failed.pop().map_or(Ok(()), Err);
    }
    let is_own = |error: &&anyhow::Error| kind_of(error) != Kind::Interrupted;
    for error in failed.iter().filter(is_own) {
        context.ui.show_error(error);
    }
    if let Some(stopped) = stopped {
        return Err(stopped.into());
    }
    let kind = match count {
        0 => return Ok(()),
        count if count == asked => Kind::Failed,
        _ => Kind::Partial,
    };
    Err(Failure::new(kind, format!("{count} of {asked} {noun} failed")).into())
}
