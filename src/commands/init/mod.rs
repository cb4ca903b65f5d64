//! `pgrole init`: from nothing to the first login, in steps. Each says what it does, runs a command that is shown, and is
//! passed over where its result is there already: whoever stops goes on from there.

mod first_login;
mod first_target;
mod login_source;

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use crate::commands::global::{Context, GlobalArgs};
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind, kind_of};
use crate::domain::target::{DatabaseName, Environment};
use crate::domain::variables::Variables;
use crate::operations::known::known_targets;
use crate::output::{Format, Ui, prompt};
use crate::run::trust::Caution;

/// What to run where nobody can be asked.
const BY_HAND: &str = "run these: pgrole registry add -e ENV -d DATABASE -H HOST; \
pgrole credential set -e ENV -U ROLE; pgrole registry check; \
pgrole user app -e ENV -d DATABASE --servername NAME --port PORT";
const AGAIN: &str = "what is done stays; to go on from here: pgrole init";

#[derive(Debug, Args)]
#[command(after_help = "Example:
  pgrole init     asks for the first target, where its login is kept, and for the first login

It can be stopped at each step with Esc or Ctrl-C, and goes on from there when it is run again.")]
pub struct InitArgs {}

/// Runs one command line, without its `pgrole` and the global options; shows its errors.
pub type RunLine<'a> = &'a dyn Fn(&[&str]) -> Result<(), Kind>;

/// What the steps work with.
struct Walk<'a> {
    global: &'a GlobalArgs,
    variables: &'a Variables,
    ui: &'a Ui,
    run_line: RunLine<'a>,
}

/// How a walk ends before its last step.
enum Stopped {
    /// The person did not go on.
    ByChoice,
    Failed(anyhow::Error),
    /// A command failed, which was shown.
    Shown(Kind),
}

/// The target that the walk is about.
struct Place {
    env: Environment,
    database: DatabaseName,
}

/// Walks through the steps.
///
/// # Errors
/// The kind of a failure, which was shown.
pub fn run(
    global: &GlobalArgs,
    variables: &Variables,
    ui: &Ui,
    run_line: RunLine<'_>,
) -> Result<(), Kind> {
    let walk = Walk {
        global,
        variables,
        ui,
        run_line,
    };
    match walk.go() {
        Ok(()) => Ok(()),
        Err(Stopped::ByChoice) => {
            ui.note(AGAIN);
            Ok(())
        }
        Err(Stopped::Shown(kind)) => {
            ui.note(AGAIN);
            Err(kind)
        }
        Err(Stopped::Failed(error)) => {
            ui.show_error(&error);
            let kind = kind_of(&error);
            if kind == Kind::Interrupted {
                ui.note(AGAIN);
            }
            Err(kind)
        }
    }
}

impl Walk<'_> {
    fn go(&self) -> Result<(), Stopped> {
        let is_read = self.ui.format == Format::Table && !self.ui.quiet;
        if !prompt::can_ask() || !is_read || self.global.yes() {
            let what = "init asks questions, and there is nobody to answer them";
            return Err(anyhow::Error::from(Failure::usage(what).hint(BY_HAND)).into());
        }
        let context = self.look()?;
        let registry = context.run.registry();
        self.step(
            1,
            "the registry, which knows the databases and keeps the audit log",
        );
        self.say(&if registry.exists() {
            let count = known_targets(&context.run)?.len();
            format!("{} has {}", registry.display(), counted(count, "target"))
        } else {
            format!("{} will be made by the next step", registry.display())
        });
        self.step(2, "a target: a database, and the server that it is on");
        let place = self.find_target(&context)?;
        self.step(3, "the admin credential, which pgrole logs in with");
        self.find_login(&place)?;
        self.step(
            4,
            "the check: reachable, encrypted, and what the login may do",
        );
        self.check(&place)?;
        self.step(5, "the first login that pgrole makes");
        self.make_login(&place)?;
        self.say("done; to see where you stand: pgrole");
        Ok(())
    }

    /// Reads what is there by now, and leaves no trace.
    fn look(&self) -> Result<Context> {
        self.global
            .context(Caution::Look, self.variables.clone(), self.ui)
    }

    fn step(&self, number: u8, what: &str) {
        self.ui.note("");
        self.ui.note_below(&format!("{number}/5  {what}"), 0);
    }

    fn say(&self, text: &str) {
        self.ui.note_below(text, 5);
    }

    /// Shows a command, and runs it.
    fn run(&self, words: &[&str]) -> Result<(), Stopped> {
        self.ui.note(&format!("     $ {}", shown(words)));
        (self.run_line)(words).map_err(Stopped::Shown)
    }

    /// The same until it succeeds, or the person gives up.
    fn run_until_done(&self, words: &[&str]) -> Result<(), Stopped> {
        loop {
            match self.run(words) {
                Err(Stopped::Shown(kind)) if kind != Kind::Interrupted => {
                    if !prompt::go_on("try it again?")? {
                        return Err(Stopped::Shown(kind));
                    }
                }
                ended => return ended,
            }
        }
    }

    fn check(&self, place: &Place) -> Result<(), Stopped> {
        let [env, database] = place.names();
        self.run_until_done(&["registry", "check", "-e", env, "-d", database])
    }
}

impl Place {
    fn names(&self) -> [&str; 2] {
        [self.env.as_str(), self.database.as_str()]
    }
}

impl From<anyhow::Error> for Stopped {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}

/// The command as it can be pasted.
fn shown(words: &[&str]) -> String {
    let line = shlex::try_join(words.iter().copied()).unwrap_or_default();
    format!("pgrole {line}")
}

/// The words of a step as a command line: behind those of this process, except its `init`.
pub fn whole_line(own: &[OsString], words: &[&str]) -> Vec<OsString> {
    let mut line = own.to_vec();
    if let Some(place) = line.iter().rposition(|word| word == "init") {
        line.remove(place);
    }
    line.extend(words.iter().map(OsString::from));
    line
}
