//! Commands of a noun, and arguments of a command, that are defined only once the noun or the command is given: each
//! start would define all of them.

use std::cell::Cell;

use clap::{ArgMatches, Args, Command, CommandFactory, Error, FromArgMatches, Subcommand};

thread_local! {
    /// Whether nothing is left for later.
    static IS_WHOLE: Cell<bool> = const { Cell::new(false) };
}

/// The command line with all that is otherwise defined late: completions, manual and tests go through it.
pub fn whole<C: CommandFactory>() -> Command {
    IS_WHOLE.set(true);
    let command = C::command();
    IS_WHOLE.set(false);
    command
}

/// The commands `T`, defined late.
#[derive(Debug)]
pub struct Deferred<T>(pub T);

impl<T: Subcommand> FromArgMatches for Deferred<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<T: Subcommand> Subcommand for Deferred<T> {
    fn augment_subcommands(command: Command) -> Command {
        if IS_WHOLE.get() {
            return T::augment_subcommands(command);
        }
        command.defer(T::augment_subcommands)
    }

    fn augment_subcommands_for_update(command: Command) -> Command {
        command.defer(T::augment_subcommands_for_update)
    }

    fn has_subcommand(name: &str) -> bool {
        T::has_subcommand(name)
    }
}

/// The arguments `T` of a command, defined late. Not where one has the name of a global option: clap adds those before.
#[derive(Debug)]
pub struct DeferredArgs<T>(pub T);

impl<T: Args> FromArgMatches for DeferredArgs<T> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, Error> {
        T::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl<T: Args> Args for DeferredArgs<T> {
    fn augment_args(command: Command) -> Command {
        if IS_WHOLE.get() {
            return T::augment_args(command);
        }
        command.defer(T::augment_args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(T::augment_args_for_update)
    }
}
