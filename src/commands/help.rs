//! What `--help` prints: of a command, what is its own. The options of every command are printed once, by
//! `pgrole help options` and `pgrole --help`. Nothing here runs unless help was asked for.

use std::ffi::OsString;

use clap::builder::StyledStr;
use clap::error::ErrorKind;
use clap::{Arg, ArgAction, Args, Command, Error};

use crate::commands::Cli;
use crate::commands::WIDTH;
use crate::commands::deferred::whole;
use crate::commands::fold::folded;
use crate::commands::global::GlobalArgs;
use crate::commands::usage::folded_usage;
use crate::domain::failure::EXIT_STATUSES;

/// The last line of each command's help.
const ELSEWHERE: &str = "The options of every command: pgrole help options";

/// What was printed for these arguments, as it is to be printed: other errors stay as they are.
pub fn with_own_help(error: Error, arguments: &[OsString]) -> Error {
    let is_help = matches!(
        error.kind(),
        ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
    );
    if is_help {
        return program()
            .try_get_matches_from(arguments)
            .err()
            .unwrap_or(error);
    }
    if arguments
        .get(1..)
        .is_some_and(|words| words == ["help", "options"])
    {
        let asked = global_options().try_get_matches_from(["pgrole", "--help"]);
        return asked.err().unwrap_or(error);
    }
    error
}

/// The command line as its help shows it.
fn program() -> Command {
    let mut program = whole::<Cli>()
        .propagate_version(false)
        .mut_args(|arg| arg.hide(true));
    program.build();
    let program = with_folded_usage(program.mut_args(|arg| arg.hide(false)));
    let examples = program.get_after_help().map(ToString::to_string);
    let end = format!("{}\n\n{}", examples.unwrap_or_default(), exit_statuses());
    program.after_help(end).mut_subcommands(own)
}

fn exit_statuses() -> String {
    const NUMBER: usize = 3;
    let indent = " ".repeat("  ".len() + NUMBER + "  ".len());
    let statuses = EXIT_STATUSES.map(|(number, meaning)| {
        let lines = folded(meaning, WIDTH - indent.len()).join(&format!("\n{indent}"));
        format!("\n  {number:<NUMBER$}  {lines}")
    });
    format!("Exit status:{}", statuses.concat())
}

/// A command without what is every command's, and those below it.
fn own(command: Command) -> Command {
    let examples = command
        .get_after_help()
        .map(|examples| format!("{}\n\n", examples.ansi()));
    let end = format!("{}{ELSEWHERE}", examples.unwrap_or_default());
    with_folded_usage(command)
        .after_help(StyledStr::from(end))
        .mut_subcommands(own)
}

fn with_folded_usage(mut command: Command) -> Command {
    let usage = folded_usage(&command.render_usage());
    command.override_usage(usage)
}

/// What `pgrole help options` is the help of.
fn global_options() -> Command {
    let flag = |name: &'static str, short, action| {
        Arg::new(name)
            .long(name)
            .short(short)
            .action(action)
            .display_order(usize::MAX)
    };
    let command = Command::new("pgrole")
        .override_usage("pgrole [OPTIONS] <COMMAND> [OPTIONS]")
        .after_help("The variables and the files that matter to every command: man pgrole")
        .max_term_width(WIDTH)
        .disable_help_flag(true);
    let help = flag("help", 'h', ArgAction::HelpLong);
    let version = flag("version", 'V', ArgAction::SetTrue);
    GlobalArgs::augment_args(command)
        .arg(help.help("Print the help of a command; -h in short, --help in full"))
        .arg(version.help("Print the version"))
        .mut_args(|arg| arg.help_heading("Options"))
        .about("The options of every command, before or after its name")
}
