//! pgrole: PostgreSQL logins over many environments, from a local registry, on the record.
//!
//! The map of the code. Imports go only downwards; siblings in a layer do not import each other
//! (`tests/layers.rs` holds this).
//!
//! - 5 `commands/`: the command line, one file a noun
//! - 4 `output/`: the only code that prints: tables, JSON, errors, questions
//! - 3 `operations/`: what pgrole does, one file an operation; no flags, no printing
//! - 2 `delivery/`: where a new password goes, one file a way
//! - 1 `store/`: the SQLite file: registry, audit log and its chain, placed roles, journal, outbox
//! - 1 `server/`: PostgreSQL: connecting, catalog reads, changes as SQL, what errors mean
//! - 1 `credentials/`: where the admin login comes from
//! - 1 `notify/`: what is told to people elsewhere, a file a channel
//! - 1 `config/`: the config file and the default paths
//! - 1 `locks.rs`: what only one process may do at a time
//! - 0 `domain/`: pure types and rules

#[cfg(windows)]
compile_error!(
    "pgrole runs on Linux and macOS: it relies on file owners, modes and signals that Windows does not have"
);

mod commands;
mod config;
mod credentials;
mod delivery;
mod domain;
mod locks;
mod notify;
mod operations;
mod output;
mod server;
mod store;

use std::process::ExitCode;

use crate::domain::variables::Variables;
use crate::operations::core_dumps;
use crate::output::show_usage_error;

fn main() -> ExitCode {
    core_dumps::switch_off();
    let variables = Variables::of_process();
    let cli = match commands::parse(&variables) {
        Ok(cli) => cli,
        Err(error) => return end_parsing(&error, &variables),
    };
    let ui = cli.global.ui(&variables);
    match commands::run(cli, variables, &ui) {
        Ok(()) => ExitCode::SUCCESS,
        Err(kind) => ExitCode::from(kind.exit_status()),
    }
}

/// Help and version are results; all else that clap says is wrong usage.
fn end_parsing(error: &clap::Error, variables: &Variables) -> ExitCode {
    if !error.use_stderr() {
        // A reader that has gone away is no failure.
        error.print().ok();
        return ExitCode::SUCCESS;
    }
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    let arguments: Vec<_> = arguments.collect();
    show_usage_error(commands::guess_format(&arguments, variables), error);
    ExitCode::from(2)
}
