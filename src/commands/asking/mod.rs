//! A command line in which something is missing, completed by questions at a terminal. clap's own definition stays as it
//! is: without a terminal its error is the answer, and a start that misses nothing pays nothing.

mod choices;
mod draft;

use std::ffi::OsString;
use std::io::{self, IsTerminal};

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use crate::commands::asking::choices::{Choices, Found};
use crate::commands::asking::draft::{Draft, Missing};
use crate::commands::global::Context;
use crate::commands::{self, Cli, parse_words, shown};
use crate::domain::failure::Kind;
use crate::domain::variables::Variables;
use crate::output::{Format, Ui, prompt};
use crate::run::trust::Caution;

/// Why there is no command line to run.
#[derive(Debug)]
pub enum Unparsed {
    /// It is wrong, or asks for help.
    Usage(Error),
    /// It cannot be completed, which was shown.
    Failed(Kind),
}

/// Completes the command line that clap has refused, if all it lacks can be asked for.
///
/// # Errors
/// The same error without a terminal, with `--yes`, or where there is nothing to choose from.
pub fn complete(
    error: Error,
    mut words: Vec<OsString>,
    variables: &Variables,
) -> Result<Cli, Unparsed> {
    if matches!(
        error.kind(),
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand | ErrorKind::MissingSubcommand
    ) {
        return without_command(error, &words, variables);
    }
    if error.kind() != ErrorKind::MissingRequiredArgument || !prompt::can_ask() {
        return Err(Unparsed::Usage(error));
    }
    let mut draft = Draft::read(&words, variables).map_err(Unparsed::Usage)?;
    if draft.global.yes() {
        return Err(Unparsed::Usage(error));
    }
    let ui = draft.global.ui(variables);
    let context = draft
        .global
        .context(Caution::Refuse, variables.clone(), &ui);
    let context = shown(context, &ui).map_err(Unparsed::Failed)?;
    let mut error = error;
    loop {
        let missing = missing_in(&error);
        let Some(next) = draft.next_of(&missing) else {
            return Err(Unparsed::Usage(error));
        };
        if draft.asks_later(&next) {
            let line = draft.with(&next, "");
            return parse_words(&line, variables).map_err(Unparsed::Usage);
        }
        let next = shown(narrowed(next), &ui).map_err(Unparsed::Failed)?;
        let answer = shown(answer(&next, &draft, &context), &ui).map_err(Unparsed::Failed)?;
        let Some(answer) = answer else {
            ui.advise(&draft.why_nothing());
            return Err(Unparsed::Usage(error));
        };
        let completed = draft.with(&next, &answer);
        match parse_words(&completed, variables) {
            Ok(cli) => {
                ui.note(&format!("without questions: {}", one_line(&completed)));
                return Ok(cli);
            }
            Err(later) if later.kind() == ErrorKind::MissingRequiredArgument => {
                if missing_in(&later).len() >= missing.len() {
                    return Err(Unparsed::Usage(later));
                }
                error = later;
            }
            Err(later) if later.kind() == ErrorKind::ValueValidation => {
                say_refusal(&later, &ui);
                continue;
            }
            Err(later) => return Err(Unparsed::Usage(later)),
        }
        words = completed;
        draft = Draft::read(&words, variables).map_err(Unparsed::Usage)?;
    }
}

/// No command: at a terminal an overview, or the help of a noun. Elsewhere nobody reads a help that was not asked for.
fn without_command(
    error: Error,
    words: &[OsString],
    variables: &Variables,
) -> Result<Cli, Unparsed> {
    let draft = Draft::read(words, variables).map_err(Unparsed::Usage)?;
    let ui = draft.global.ui(variables);
    let is_read = ui.format == Format::Table && io::stdout().is_terminal();
    if !is_read {
        ui.show_error(&draft.no_command().into());
        return Err(Unparsed::Failed(Kind::Usage));
    }
    if draft.has_noun() {
        return Err(Unparsed::Usage(error));
    }
    Ok(Cli {
        global: draft.global,
        command: commands::Command::Overview,
    })
}

/// What clap says is missing, as it writes it.
fn missing_in(error: &Error) -> Vec<String> {
    match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::Strings(missing)) => missing.clone(),
        Some(ContextValue::String(missing)) => vec![missing.clone()],
        _ => Vec::new(),
    }
}

fn say_refusal(error: &Error, ui: &Ui) {
    let text = error.to_string();
    let line = text.lines().next().unwrap_or_default();
    ui.say_more(line.trim_start_matches("error: "));
}

/// Of several options, the one that is chosen.
fn narrowed(next: Missing<'_>) -> anyhow::Result<Missing<'_>> {
    let Missing::OneOf(options) = &next else {
        return Ok(next);
    };
    let lines: Vec<_> = options.iter().map(|arg| question_for(arg)).collect();
    let place = prompt::choose("what", &lines)?;
    let chosen = options.get(place).map(|arg| Missing::of(arg));
    Ok(chosen.unwrap_or(next))
}

/// Asks for one thing; `None` if there is nothing to choose from.
fn answer(next: &Missing<'_>, draft: &Draft, context: &Context) -> anyhow::Result<Option<String>> {
    let choices = Choices { draft, context };
    choices.require_usable_target()?;
    let found = match next {
        Missing::Environment(_) => choices.environments()?,
        Missing::Database(_) => choices.databases()?,
        Missing::Profile(_) => choices.profiles(),
        Missing::Role(_) => choices.roles()?,
        Missing::Other(arg) if !arg.get_action().takes_values() => {
            let long = arg.get_long().unwrap_or_default();
            return Ok(Some(format!("--{long}")));
        }
        Missing::Other(arg) => of_values(arg),
        Missing::OneOf(_) => Found::Nothing,
    };
    match found {
        Found::Nothing => Ok(None),
        Found::Only {
            question,
            value,
            remark,
        } => {
            // Which server it will be must be seen before the next answer.
            let told = format!("{question}: {value}  {remark}");
            context.ui.note(told.trim_end());
            Ok(Some(value))
        }
        Found::Typed(question) => typed(&question).map(Some),
        Found::Several(several) => {
            let place = prompt::choose(&several.question, &several.lines())?;
            match several.values.get(place) {
                Some(value) => Ok(Some(value.clone())),
                None => typed(&several.question).map(Some),
            }
        }
    }
}

/// Asks until something is typed.
fn typed(question: &str) -> anyhow::Result<String> {
    loop {
        let text = prompt::ask(question, None)?;
        if !text.is_empty() {
            return Ok(text);
        }
    }
}

/// The values that an option allows, or the question for it.
fn of_values(arg: &Arg) -> Found {
    let values = arg.get_possible_values();
    let values: Vec<_> = values
        .iter()
        .map(|value| value.get_name().to_owned())
        .collect();
    let question = question_for(arg);
    if values.is_empty() {
        return Found::Typed(question);
    }
    Found::several(&question, values)
}

/// What the help says of an option, in short, and its name.
fn question_for(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    let end = help.find([';', '[', ':', '(']).unwrap_or(help.len());
    let help = help[..end].trim_end_matches([' ', ',']);
    let mut letters = help.chars();
    let first = letters.next().map(|first| first.to_lowercase().to_string());
    let help = format!("{}{}", first.unwrap_or_default(), letters.as_str());
    match arg.get_long() {
        Some(long) => format!("{help} (--{long})"),
        None => help,
    }
}

/// The command line as it can be pasted.
pub fn one_line(words: &[OsString]) -> String {
    let words: Vec<_> = words
        .iter()
        .skip(1)
        .map(|word| word.to_string_lossy())
        .collect();
    let words = words.iter().map(AsRef::as_ref);
    let line = shlex::try_join(words).unwrap_or_default();
    format!("pgrole {line}")
}

/// The definition of a command, by its words.
fn find_command<'a>(mut command: &'a Command, names: &[String]) -> Option<&'a Command> {
    for name in names {
        command = command.find_subcommand(name)?;
    }
    Some(command)
}
