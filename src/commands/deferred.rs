//! Commands of a noun, and arguments of a command, that are defined only once the noun or the command is given: each
//! start would define all of them.

use std::cell::RefCell;

use clap::{ArgMatches, Args, Command, CommandFactory, Error, FromArgMatches, Subcommand};

/// Whose commands are defined at once.
enum DefinedNow {
    Nobodys,
    Of(String),
    All,
}

thread_local! {
    static DEFINED_NOW: RefCell<DefinedNow> = const { RefCell::new(DefinedNow::Nobodys) };
}

/// The command line with all that is otherwise defined late: manual and tests go through it.
pub fn whole<C: CommandFactory>() -> Command {
    command_with::<C>(DefinedNow::All)
}

/// The command line with the commands of one noun.
pub fn with_noun<C: CommandFactory>(noun: &str) -> Command {
    command_with::<C>(DefinedNow::Of(noun.to_owned()))
}

fn command_with<C: CommandFactory>(defined_now: DefinedNow) -> Command {
    DEFINED_NOW.set(defined_now);
    let command = C::command();
    DEFINED_NOW.set(DefinedNow::Nobodys);
    command
}

fn is_defined_now(command: &Command) -> bool {
    DEFINED_NOW.with_borrow(|defined_now| match defined_now {
        DefinedNow::Nobodys => false,
        DefinedNow::Of(name) => command.get_name() == name,
        DefinedNow::All => true,
    })
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
        if is_defined_now(&command) {
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
        if is_defined_now(&command) {
            return T::augment_args(command);
        }
        command.defer(T::augment_args)
    }

    fn augment_args_for_update(command: Command) -> Command {
        command.defer(T::augment_args_for_update)
    }
}
