//! The command line, one file per noun: an args struct whose comments are the help, and a `run`.

mod access;
mod apply;
mod arrange;
mod asking;
mod audit;
mod completing;
mod completions;
mod config;
mod confirm_plan;
mod credential;
mod deferred;
mod delivery;
mod doctor;
mod explain;
mod export;
mod fold;
mod format;
mod generate;
mod global;
mod help;
mod init;
mod manual;
mod meant;
mod notify;
mod offboard;
mod outcome;
mod overview;
mod recover;
mod registry;
mod rehearsal;
mod report;
mod rotate;
mod schema;
mod selection;
mod synonyms;
mod target_rows;
mod term;
mod tls;
mod usage;
mod user;

use std::ffi::{OsStr, OsString};

use anyhow::Result;
use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

pub use crate::commands::asking::Unparsed;
pub use crate::commands::completing::answer_shell;
pub use crate::commands::deferred::whole;
use crate::commands::deferred::{Deferred, DeferredArgs};
pub use crate::commands::format::guess_format;
use crate::commands::global::{Context, GlobalArgs};
pub use crate::commands::meant::meant;
use crate::domain::failure::{Kind, kind_of};
use crate::domain::variables::Variables;
use crate::output::{Ui, show_usage_error};
use crate::run::trust::Caution;

/// Create, find and rotate PostgreSQL logins across many environments, with a local registry and an audit log
#[derive(Debug, Parser)]
#[command(
    name = "pgrole",
    version,
    propagate_version = true,
    max_term_width = WIDTH
)]
#[command(after_help = EXAMPLES)]
pub struct Cli {
    #[command(flatten)]
    pub global: GlobalArgs,

    #[command(subcommand)]
    pub command: Command,
}

/// The widest line of help: that of a terminal nobody has resized.
const WIDTH: usize = 80;

const EXAMPLES: &str = "\
Examples:
  pgrole registry add -e dev -d myapp_dev -H pg-dev-01.example.com
  pgrole credential set -e dev -U dba_jane
  pgrole user app -e dev -d myapp_dev --servername web01 --port 8080
  pgrole user find -u analyst01
  pgrole audit list --since 7d

What a command lacks (-e, -d, a name) is asked for at a terminal; elsewhere it
is wrong usage.";

impl Cli {
    /// Whether neither a person nor a program reads the errors: cron mails them.
    fn is_mailed(&self) -> bool {
        let is_for_cron = match &self.command {
            Command::InContext(command) => command.is_for_cron(),
            Command::Doctor(_) => true,
            Command::Config(_)
            | Command::Completions(_)
            | Command::Schema(_)
            | Command::Generate(_)
            | Command::Init(_)
            | Command::Overview => false,
        };
        is_for_cron && self.global.says_only_errors() && !Ui::is_on_terminal()
    }
}

#[derive(Debug, Subcommand)]
pub enum Command {
    #[command(flatten)]
    InContext(Box<ContextCommand>),
    /// Check this machine's setup and the servers' settings
    Doctor(DeferredArgs<doctor::DoctorArgs>),
    /// Set up pgrole step by step: registry, first target, its login, a check, and the first login
    Init(init::InitArgs),
    /// Manage the config file: write a commented one, show what is in force and why, find its mistakes
    #[command(subcommand)]
    Config(Deferred<config::ConfigCommand>),
    /// Print a completion script for a shell
    Completions(completions::CompletionsArgs),
    /// Print what the results are, as JSON Schema: keys, types, what may be null
    Schema(DeferredArgs<schema::SchemaArgs>),
    /// Not part of the command line that help, completions and messages show: [`GenerateCli`] reads it.
    #[command(skip)]
    Generate(generate::GenerateArgs),
    /// No command, at a terminal.
    #[command(skip)]
    Overview,
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
    /// Say why a login cannot log in or do something, in the server's own order, and what mends it
    #[command(after_help = "Examples:
  pgrole explain jane -e dev -d myapp_dev
  pgrole explain jane -e dev -d myapp_dev --on app.orders --action insert
  pgrole explain jane -e prod --on app.total --kind function
  pgrole explain jane -e dev -d myapp_dev --sql 'SELECT * FROM app.orders NATURAL JOIN app.items'
  # On every target, whose remedies are to be read before they are run:
  pgrole explain jane --format json | jq -r '.[].remedy // empty'")]
    Explain(DeferredArgs<explain::ExplainArgs>),
    /// End every login of people who leave, on every cluster: lock all, then settle and drop
    #[command(after_help = "Examples:
  pgrole offboard jane --reason HR-4711 --reassign-to-owner --dry-run
  pgrole offboard jane joe --reason HR-4711 --reassign-to app_owner \\
      --format json > HR-4711.json")]
    Offboard(DeferredArgs<Box<offboard::OffboardArgs>>),
    /// Change all passwords that are due, and deliver them where they were delivered before
    Rotate(DeferredArgs<Box<rotate::RotateArgs>>),
    /// Report on the fleet: who can log in where, how old passwords are, who is not seen, how many connections are left
    #[command(subcommand)]
    Report(Deferred<report::ReportCommand>),
    /// Settle interrupted password changes: deliver the passwords that are in force
    Recover(DeferredArgs<recover::RecoverArgs>),
    /// Write down, as a file for apply, which logins pgrole placed and what they may do; without passwords
    #[command(after_help = "Examples:
  pgrole export > fleet.toml
  pgrole export -e prod --format json --output prod.json")]
    Export(export::ExportArgs),
    /// Make the servers as a file says: create logins, give access, mend attributes
    #[command(after_help = "Examples:
  pgrole apply -f fleet.toml --dry-run
  pgrole apply -f fleet.toml
  # Exit status 7 if anything differs:
  pgrole apply -f fleet.toml --check")]
    Apply(DeferredArgs<apply::ApplyArgs>),
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
            Self::Rotate(args) => args.0.only_shows(),
            Self::Registry(command) => command.0.only_shows(),
            _ => false,
        };
        if only_shows {
            Caution::Warn
        } else {
            Caution::Refuse
        }
    }

    /// Whether it lists what servers say, and changes nothing.
    fn only_reads(&self) -> bool {
        match self {
            Self::User(command) => command.0.only_reads(),
            Self::Registry(command) => command.0.only_reads(),
            Self::Access(command) => command.0.only_reads(),
            Self::Credential(command) => command.0.only_reads(),
            Self::Explain(_) => true,
            Self::Report(command) => command.0.only_reads(),
            _ => false,
        }
    }

    fn is_for_cron(&self) -> bool {
        match self {
            Self::Rotate(args) => args.0.is_run(),
            Self::Notify(command) => matches!(command.0, notify::NotifyCommand::Expiring(_)),
            _ => false,
        }
    }

    fn run(self, context: &Context) -> Result<()> {
        let has_metrics = matches!(&self, Self::Rotate(args) if args.0.has_metrics());
        if !has_metrics {
            context.refuse_metrics()?;
        }
        if self.only_reads() {
            Ui::stop_without_reader();
        }
        let result = match self {
            Self::Registry(command) => command.0.run(context),
            Self::Credential(command) => command.0.run(context),
            Self::User(command) => command.0.run(context),
            Self::Access(command) => command.0.run(context),
            Self::Explain(args) => args.0.run(context),
            Self::Offboard(args) => args.0.run(context),
            Self::Rotate(args) => args.0.run(context),
            Self::Report(command) => command.0.run(context),
            Self::Recover(args) => args.0.run(context),
            Self::Export(args) => args.run(context),
            Self::Apply(args) => args.0.run(context),
            Self::Audit(command) => command.0.run(context),
            Self::Notify(command) => command.0.run(context),
        };
        if Ui::was_stopped_without_reader() {
            return Ok(());
        }
        say_notes(context);
        result
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

/// Reads the command line; at a terminal, asks for what is missing in it.
///
/// # Errors
/// Wrong usage; a request for help; a question without an answer.
pub fn parse(variables: &Variables) -> Result<Cli, Unparsed> {
    let words: Vec<_> = std::env::args_os().collect();
    parse_words(&words, variables).or_else(|error| asking::complete(error, words, variables))
}

/// Reads a command line, and the variables that stand for options; empty ones count as unset.
fn parse_words(words: &[OsString], variables: &Variables) -> Result<Cli, clap::Error> {
    if words.get(1).is_some_and(|word| word == "__generate") {
        let cli = GenerateCli::try_parse_from(&words[1..])?;
        return Ok(Cli {
            global: cli.global,
            command: Command::Generate(cli.args),
        });
    }
    // Made twice where an error needs it: a clone would cost every start a third of its instructions.
    let command = || without_empty_variables(Cli::command(), variables);
    let matches = command().try_get_matches_from(words);
    let explained = |error| help::with_own_help(usage::with_plain_usage(error, command), words);
    let matches = matches.map_err(explained)?;
    arrange::check_names(&matches, command)?;
    Cli::from_arg_matches(&matches)
}

/// The command without the variables that are empty.
fn without_empty_variables(command: clap::Command, variables: &Variables) -> clap::Command {
    command.mut_args(|arg| {
        let name = arg.get_env().and_then(OsStr::to_str);
        if name.is_some_and(|name| variables.is_empty_text(name)) {
            arg.env(None::<&str>)
        } else {
            arg
        }
    })
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
        Command::Schema(args) => shown(args.0.run(), ui),
        Command::Generate(args) => shown(args.run(), ui),
        Command::Config(command) => shown(command.0.run(&cli.global, &variables, ui), ui),
        Command::Doctor(args) => shown(args.0.run(&cli.global, variables, ui), ui),
        Command::Init(_) => {
            let run_line = |words: &[&str]| run_words(words, &variables, ui);
            init::run(&cli.global, &variables, ui, &run_line)
        }
        Command::Overview => {
            let context = shown(cli.global.context(Caution::Look, variables, ui), ui)?;
            let result = shown(overview::run(&context), ui);
            say_notes(&context);
            result
        }
        Command::InContext(command) => {
            let caution = command.caution();
            let context = shown(cli.global.context(caution, variables, ui), ui)?;
            let result = command.run(&context);
            let result = shown(result.and_then(|()| context.run.require_record()), ui);
            if context.run.is_trusted() {
                notify::send_after_run(&context);
            }
            result
        }
    }
}

/// Runs another command line in this process; what it lacks is asked for.
fn run_words(words: &[&str], variables: &Variables, ui: &Ui) -> Result<(), Kind> {
    let own: Vec<_> = std::env::args_os().collect();
    let line = init::whole_line(&own, words);
    let cli = parse_words(&line, variables);
    match cli.or_else(|error| asking::complete(error, line, variables)) {
        Ok(cli) => run(cli, variables.clone(), ui),
        Err(Unparsed::Failed(kind)) => Err(kind),
        Err(Unparsed::Usage(error)) => {
            show_usage_error(ui.format, &error, None);
            Err(Kind::Usage)
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
