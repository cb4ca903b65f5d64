//! Commands of a noun that are defined only once the noun is given: each start would define all of them.

use std::cell::RefCell;

use clap::{ArgMatches, Command, CommandFactory, Error, FromArgMatches, Subcommand};

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
        let is_defined_now = DEFINED_NOW.with_borrow(|defined_now| match defined_now {
            DefinedNow::Nobodys => false,
            DefinedNow::Of(noun) => command.get_name() == noun,
            DefinedNow::All => true,
        });
        if is_defined_now {
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
