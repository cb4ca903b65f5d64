//! What was probably meant by a command line that is wrong: a hint that can be pasted, with the arguments as they were
//! given. It is never run. Nothing here costs a start anything: all of it follows an error.

use std::borrow::Cow;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};

use crate::commands::Cli;
use crate::commands::arrange::check_names;
use crate::commands::deferred::whole;
use crate::commands::synonyms;
use crate::commands::usage::command_words;
use crate::domain::choice;

/// A word, an option and a value may each be wrong; more is no slip.
const MOST_SLIPS: usize = 4;

/// The command line that was probably meant, or the help that says more.
///
/// What is shown again was understood: a word that the command has no place for may be a password. The parser's own tip,
/// which knows of no meanings, goes from the error.
pub fn meant(error: &mut Error, arguments: &[String]) -> Option<String> {
    let program = whole::<Cli>();
    let mended = mend(&program, arguments.get(1..)?, error, MOST_SLIPS)?;
    let words = mended.words.iter().map(|word| quoted(word));
    let line = format!("pgrole {}", words.collect::<Option<Vec<_>>>()?.join(" "));
    error.remove(ContextKind::SuggestedSubcommand);
    // "to pass '--evn' as a value, use '-- --evn'"
    error.remove(ContextKind::Suggested);
    match mended.fit {
        Fit::Whole | Fit::LacksSome => Some(line),
        Fit::CommandOnly => Some(format!("see {line} --help")),
    }
}

/// A word that a shell reads as it is; `None` if there is no such text.
fn quoted(word: &str) -> Option<Cow<'_, str>> {
    // shlex would quote the sign in `--sslmode=require`, too.
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "_-./:=@%+,".contains(letter);
    if !word.is_empty() && !word.starts_with('=') && word.chars().all(plain) {
        return Some(Cow::Borrowed(word));
    }
    shlex::try_quote(word).ok()
}

/// How much of a mended line was understood, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    Whole,
    /// Something that is required was not given.
    LacksSome,
    /// The arguments are wrong in another way, too.
    CommandOnly,
}

struct Mended {
    fit: Fit,
    words: Vec<String>,
}

/// The best of the lines in which the wrong part is replaced by something like it; `None` if nothing is like it.
fn mend(program: &Command, words: &[String], error: &Error, slips: usize) -> Option<Mended> {
    let candidates = match error.kind() {
        ErrorKind::InvalidSubcommand => with_other_command(program, words, error),
        ErrorKind::UnknownArgument => with_other_option(program, words, error),
        ErrorKind::InvalidValue => with_other_word(
            words,
            error,
            ContextKind::InvalidValue,
            ContextKind::SuggestedValue,
        ),
        _ => Vec::new(),
    };
    let fits = candidates
        .into_iter()
        .map(|words| fit(program, words, slips));
    // The first of those that fit best.
    fits.min_by_key(|mended| mended.fit)
}

fn fit(program: &Command, words: Vec<String>, slips: usize) -> Mended {
    if words == ["help", "options"] {
        return Mended {
            fit: Fit::Whole,
            words,
        };
    }
    let typed = ["pgrole".to_owned()]
        .into_iter()
        .chain(words.iter().cloned());
    let read = program.clone().try_get_matches_from(typed);
    let Err(error) = read.and_then(|matches| check_names(&matches, || program.clone())) else {
        return Mended {
            fit: Fit::Whole,
            words,
        };
    };
    if !error.use_stderr() {
        return Mended {
            fit: Fit::Whole,
            words,
        };
    }
    let lacks_some = [
        ErrorKind::MissingRequiredArgument,
        ErrorKind::MissingSubcommand,
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand,
    ];
    if lacks_some.contains(&error.kind()) {
        return Mended {
            fit: Fit::LacksSome,
            words,
        };
    }
    let mended = slips
        .checked_sub(1)
        .and_then(|slips| mend(program, &words, &error, slips));
    mended.unwrap_or_else(|| Mended {
        fit: Fit::CommandOnly,
        words: command_of(program, &words),
    })
}

/// The words that name a command, without its arguments.
fn command_of(program: &Command, words: &[String]) -> Vec<String> {
    let mut command = program;
    let mut found = Vec::new();
    for word in words {
        let Some(next) = command.find_subcommand(word) else {
            break;
        };
        command = next;
        found.push(word.clone());
    }
    found
}

/// The line with each command that may be meant by the unknown one, by meaning or by spelling.
fn with_other_command(program: &Command, words: &[String], error: &Error) -> Vec<Vec<String>> {
    let Some(wrong) = text(error, ContextKind::InvalidSubcommand) else {
        return Vec::new();
    };
    let usage = error
        .get(ContextKind::Usage)
        .map(ToString::to_string)
        .unwrap_or_default();
    let path: Vec<&str> = command_words(&usage).collect();
    // The words before it name its noun, but for options of every command.
    let Some(at) = words.iter().position(|word| *word == wrong) else {
        return Vec::new();
    };
    let kept = |word: &&String| !path.contains(&word.as_str());
    let (before, after) = (words[..at].iter().filter(kept), &words[at + 1..]);
    let commands = others(program, path.first().copied(), &wrong);
    let line = |command: String| {
        let command = command.split(' ').map(str::to_owned);
        command
            .chain(before.clone().cloned())
            .chain(after.iter().cloned())
            .collect()
    };
    commands.into_iter().map(line).collect()
}

/// The commands that may be meant by a word, in the place of a command of the noun or of a noun; the likeliest first.
fn others(program: &Command, noun: Option<&str>, wrong: &str) -> Vec<String> {
    let wrong = wrong.to_lowercase();
    let mut found = synonyms::meanings(noun, &wrong);
    let of_noun = |noun: &Command, name: &str| format!("{} {name}", noun.get_name());
    if let Some(noun) = noun.and_then(|noun| program.find_subcommand(noun)) {
        let near = choice::nearest(&wrong, noun.get_subcommands().map(Command::get_name));
        found.extend(near.map(|near| of_noun(noun, near)));
        if found.is_empty() {
            found = elsewhere(program, &wrong);
        }
        return found;
    }
    // At the top: a noun that is spelled similarly, or a verb without its noun.
    let near = choice::nearest(&wrong, program.get_subcommands().map(Command::get_name));
    found.extend(near.map(str::to_owned));
    let nouns = synonyms::NOUNS
        .iter()
        .filter_map(|noun| program.find_subcommand(noun));
    let (exact, similar): (Vec<_>, Vec<_>) = nouns
        .flat_map(|noun| {
            noun.get_subcommands()
                .map(move |verb| (noun, verb.get_name()))
        })
        .partition(|(_, verb)| *verb == wrong);
    found.extend(exact.iter().map(|(noun, verb)| of_noun(noun, verb)));
    let near = choice::nearest(&wrong, similar.iter().map(|(_, verb)| *verb));
    let near = similar.iter().filter(|(_, verb)| near == Some(*verb));
    found.extend(near.map(|(noun, verb)| of_noun(noun, verb)));
    found
}

/// The commands of that very name, at the top or of any noun.
fn elsewhere(program: &Command, name: &str) -> Vec<String> {
    let at_top = program.find_subcommand(name).map(|_| name.to_owned());
    let nouns = synonyms::NOUNS.iter();
    let nouns = nouns.filter_map(|noun| program.find_subcommand(noun));
    let of_nouns = nouns.filter(|noun| noun.find_subcommand(name).is_some());
    let of_nouns = of_nouns.map(|noun| format!("{} {name}", noun.get_name()));
    at_top.into_iter().chain(of_nouns).collect()
}

/// The line with the option that is spelled most similarly: that of the parser, which finds no letters that changed
/// places, or else our own.
fn with_other_option(program: &Command, words: &[String], error: &Error) -> Vec<Vec<String>> {
    let (wrong, offered) = (ContextKind::InvalidArg, ContextKind::SuggestedArg);
    if error.get(offered).is_some() {
        return with_other_word(words, error, wrong, offered);
    }
    let wrong = text(error, wrong);
    let Some(typed) = wrong.as_deref().and_then(|word| word.strip_prefix("--")) else {
        return Vec::new();
    };
    let typed = typed.split('=').next().unwrap_or(typed);
    let mut options: Vec<&str> = Vec::new();
    let mut command = Some(program);
    let mut names = command_of(program, words).into_iter();
    while let Some(found) = command {
        // Those of the program are for every command.
        let is_last = names.len() == 0;
        let own = found.get_arguments();
        let own = own.filter(|arg| is_last || arg.is_global_set());
        options.extend(own.filter_map(Arg::get_long));
        command = names.next().and_then(|name| found.find_subcommand(name));
    }
    let Some(nearest) = choice::nearest(typed, options) else {
        return Vec::new();
    };
    replaced_once(words, &format!("--{typed}"), &format!("--{nearest}"))
}

/// The line with what the parser offers instead of an option or a value.
fn with_other_word(
    words: &[String],
    error: &Error,
    wrong: ContextKind,
    offered: ContextKind,
) -> Vec<Vec<String>> {
    match (text(error, wrong), text(error, offered)) {
        (Some(wrong), Some(offered)) => replaced_once(words, &wrong, &offered),
        _ => Vec::new(),
    }
}

/// The line with another word in the place of the first that is wrong; none, if no word is.
fn replaced_once(words: &[String], wrong: &str, offered: &str) -> Vec<Vec<String>> {
    let replaced = |word: &String| match word.split_once('=') {
        Some((flag, value)) if flag == wrong => Some(format!("{offered}={value}")),
        Some((flag, value)) => {
            let value = replaced_in_list(value, wrong, offered)?;
            Some(format!("{flag}={value}"))
        }
        None => replaced_in_list(word, wrong, offered),
    };
    let Some(at) = words.iter().position(|word| replaced(word).is_some()) else {
        return Vec::new();
    };
    let mut mended = words.to_vec();
    mended[at] = replaced(&mended[at]).unwrap_or_default();
    vec![mended]
}

/// The value, or the list of values between commas, with another in the place of the wrong one.
fn replaced_in_list(list: &str, wrong: &str, offered: &str) -> Option<String> {
    let is_wrong = |value: &str| value == wrong;
    if is_wrong(list) {
        return Some(offered.to_owned());
    }
    let values: Vec<_> = list.split(',').collect();
    values.iter().any(|value| is_wrong(value)).then(|| {
        let mended = values.into_iter();
        let mended = mended.map(|value| if is_wrong(value) { offered } else { value });
        mended.collect::<Vec<_>>().join(",")
    })
}

/// The only text, or the first, of what an error says of itself.
fn text(error: &Error, kind: ContextKind) -> Option<String> {
    match error.get(kind)? {
        ContextValue::String(text) => Some(text.clone()),
        ContextValue::Strings(texts) => texts.first().cloned(),
        _ => None,
    }
}
