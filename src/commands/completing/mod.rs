//! Answers a shell that completes a command line: `PGROLE_COMPLETE=SHELL pgrole -- …`, as the scripts in `completions/`
//! ask. An answer costs a key press: only the named command is defined, and errors are silent.

mod given_line;
mod quoting;
mod values;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use clap::{Command, CommandFactory};
use clap_complete::CompletionCandidate;
use clap_complete::engine::complete;

use crate::commands::Cli;
pub use crate::commands::completing::given_line::GivenLine;
use crate::commands::completing::quoting::{Unfinished, words_of};
use crate::commands::deferred::with_noun;
use crate::config;
use crate::domain::variables::Variables;
use crate::operations::completion::CompletionSource;
use crate::output::Ui;

/// Says which shell asks. Not clap's own `COMPLETE`: that of another program must not keep a command from running.
const SHELL: &str = "PGROLE_COMPLETE";

/// Answers, if a shell asks.
pub fn answer_shell(variables: &Variables) -> bool {
    let Some(shell) = variables.text(SHELL) else {
        return false;
    };
    let mut given = std::env::args_os().skip(1);
    // No command line that means something begins so.
    if given.next().is_none_or(|word| word != "--") {
        return false;
    }
    let given = given.map(|word| word.to_string_lossy().into_owned());
    let given: Vec<String> = given.collect();
    let answer = match shell {
        "bash" => in_bash(&given, variables),
        "zsh" | "fish" => described(&given, variables),
        _ => Vec::new(),
    };
    if !answer.is_empty() {
        Ui::show_text(&answer.join("\n")).ok();
    }
    true
}

/// bash is given the line, and what of its last word will be replaced: since `:` and `=` end a word there, that may be
/// the end of the word only. What it inserts is inserted as it is.
fn in_bash(given: &[String], variables: &Variables) -> Vec<String> {
    let [line, replaced] = given else {
        return Vec::new();
    };
    let mut words = words_of(line);
    let Some(word) = words.pop() else {
        return Vec::new();
    };
    let Some(unfinished) = Unfinished::of(word, replaced) else {
        return Vec::new();
    };
    let words = words.iter().map(|word| word.text()).collect();
    let found = candidates(words, &unfinished.text(), variables);
    let found = found.iter().map(value_of);
    found
        .filter_map(|value| unfinished.replacement(&value))
        .collect()
}

/// zsh and fish are given words as they are typed, and quote what they insert.
fn described(given: &[String], variables: &Variables) -> Vec<String> {
    let texts = given.iter().map(|word| quoting::text_of(word));
    let mut words: Vec<String> = texts.collect();
    let Some(word) = words.pop() else {
        return Vec::new();
    };
    let found = candidates(words, &word, variables).into_iter();
    let lines = found.map(|found| {
        let note = found.get_help().map(ToString::to_string);
        match note.as_deref().map(shortened) {
            None | Some("") => value_of(&found),
            Some(note) => format!("{}\t{note}", value_of(&found)),
        }
    });
    lines.collect()
}

/// What the last word, which is not finished, may become.
fn candidates(
    mut words: Vec<String>,
    last: &str,
    variables: &Variables,
) -> Vec<CompletionCandidate> {
    let noun = GivenLine::read(&Cli::command(), &words)
        .commands
        .into_iter()
        .next();
    let mut command = with_noun::<Cli>(noun.as_deref().unwrap_or_default());
    let line = GivenLine::read(&command, &words);
    command = only(command, &line.commands);
    command = with_values(command, &line, variables);
    words.push(last.to_owned());
    let place = words.len() - 1;
    let words: Vec<OsString> = words.into_iter().map(OsString::from).collect();
    let here = std::env::current_dir().ok();
    let mut found = complete(&mut command, words, place, here.as_deref()).unwrap_or_default();
    // A line break or an escape sequence in a name would be inserted, or shown.
    found.retain(|found| !value_of(found).contains(char::is_control));
    let is_option = |found: &CompletionCandidate| value_of(found).starts_with('-');
    if last.is_empty() && !found.iter().all(is_option) {
        found.retain(|found| !is_option(found));
    }
    found
}

/// Reduces the commands beside those on the line to their names: defining all would take ten times as long.
fn only(command: Command, wanted: &[String]) -> Command {
    let Some((next, rest)) = wanted.split_first() else {
        return command.mut_subcommands(|subcommand| name_and_about(&subcommand));
    };
    command.mut_subcommands(|subcommand| {
        if subcommand.get_name() == next {
            only(subcommand, rest)
        } else {
            name_and_about(&subcommand)
        }
    })
}

fn name_and_about(command: &Command) -> Command {
    // clap takes no other names; the process ends with the answer.
    let name: &'static str = command.get_name().to_owned().leak();
    let mut bare = Command::new(name).hide(command.is_hide_set());
    if let Some(about) = command.get_about() {
        bare = bare.about(about.clone());
    }
    bare
}

/// Attaches to the options of the named command where their values come from.
fn with_values(command: Command, line: &GivenLine, variables: &Variables) -> Command {
    let config = line.value("config").map(|path| at_home(path, variables));
    let config = config.or_else(|| variables.text("PGROLE_CONFIG").map(PathBuf::from));
    let registry = line.value("registry").map(|path| at_home(path, variables));
    let registry = registry.or_else(|| variables.text("PGROLE_REGISTRY").map(PathBuf::from));
    let source = CompletionSource {
        settings: config::load_if_regular(config.as_deref()),
        registry: registry
            .or_else(|| config::default_registry_path().ok())
            .unwrap_or_default(),
        environments: line.values("env"),
        databases: line.values("database"),
    };
    values::attach(command, &line.commands, source)
}

/// The shell has not expanded it yet.
fn at_home(path: &str, variables: &Variables) -> PathBuf {
    match (path.strip_prefix("~/"), variables.text("HOME")) {
        (Some(rest), Some(home)) => Path::new(home).join(rest),
        _ => PathBuf::from(path),
    }
}

/// The first clause of a help text: a list has room for no more.
fn shortened(help: &str) -> &str {
    let ends = ["\n", "; ", " [", ": "].into_iter();
    let end = ends.filter_map(|end| help.find(end)).min();
    &help[..end.unwrap_or(help.len())]
}

fn value_of(candidate: &CompletionCandidate) -> String {
    candidate.get_value().to_string_lossy().into_owned()
}
