//! The usage line of an error: that of the command's help. clap's own shows each option that was given, or whose
//! variable is set, as if it were required.

use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

/// The error with the usage line that the help of its command shows.
pub fn with_plain_usage(mut error: Error, command: impl FnOnce() -> Command) -> Error {
    let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) else {
        return error;
    };
    let usage = usage.to_string();
    let mut command = command();
    command.build();
    let mut found = &mut command;
    for name in command_words(&usage) {
        // Only subcommands come before the options.
        let Some(next) = found.find_subcommand_mut(name) else {
            return error;
        };
        found = next;
    }
    let plain = found.render_usage();
    error.insert(ContextKind::Usage, ContextValue::StyledStr(plain));
    error
}

/// The subcommands in a usage line: `user`, `reset` of `Usage: pgrole user reset --env <ENV>`.
fn command_words(usage: &str) -> impl Iterator<Item = &str> {
    let words = usage.split_whitespace();
    let words = words.skip_while(|word| *word != "pgrole").skip(1);
    words.take_while(|word| !word.starts_with(['[', '<', '-']))
}
