//! The program: parses, dispatches, exits. `lib.rs` has the map of the code.

use std::io::Write;
use std::process::ExitCode;

use pgrole::{
    Unparsed, Variables, answer_shell, core_dumps, guess_format, meant, parse, run,
    show_usage_error,
};

fn main() -> ExitCode {
    if only_version_is_asked() {
        // A reader that has gone away is not a failure.
        writeln!(std::io::stdout(), "pgrole {}", env!("CARGO_PKG_VERSION")).ok();
        return ExitCode::SUCCESS;
    }
    core_dumps::switch_off();
    let variables = Variables::of_process();
    if answer_shell(&variables) {
        return ExitCode::SUCCESS;
    }
    let cli = match parse(&variables) {
        Ok(cli) => cli,
        Err(Unparsed::Usage(error)) => return end_parsing(error, &variables),
        Err(Unparsed::Failed(kind)) => return ExitCode::from(kind.exit_status()),
    };
    let ui = cli.global.ui(&variables);
    match run(cli, variables, &ui) {
        Ok(()) => ExitCode::SUCCESS,
        Err(kind) => ExitCode::from(kind.exit_status()),
    }
}

/// Answered without clap: making the command line takes most of what this takes.
fn only_version_is_asked() -> bool {
    let mut arguments = std::env::args_os().skip(1);
    let first = arguments.next();
    arguments.next().is_none() && first.is_some_and(|it| it == "--version" || it == "-V")
}

/// Help and version are results; everything else that clap reports is wrong usage.
fn end_parsing(mut error: clap::Error, variables: &Variables) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone away is not a failure.
        error.print().ok();
        return ExitCode::SUCCESS;
    }
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let arguments: Vec<_> = arguments.collect();
    let hint = meant(&mut error, &arguments);
    show_usage_error(guess_format(&arguments, variables), &error, hint);
    ExitCode::from(2)
}
