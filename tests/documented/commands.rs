//! The parser accepts every command line in the help, the documents and the hints.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use clap::Command;
use clap::error::ErrorKind;

use crate::literals::literals;
use crate::{documents, files_below, read, root};
use pgrole::Cli;

/// Signed texts, which begin like a command.
const SIGNED: [&str; 2] = ["pgrole audit checkpoint 1", "pgrole audit event 1"];

/// An example of one that is not written out.
const RECIPIENT: &str = "age1xmwwc06ly3ee5rytxm9mflaz2u56jjj36s0mypdrwsvlul66mv4q47ryef";

/// Where a command ends in a sentence, or in a line of a shell script.
const ENDS: [&str; 18] = [
    "\n", " |\n", "; ", ", ", ": ", " (", ")", "`", "   ", " | ", " > ", " < ", " # ", " && ",
    " || ", "<<<", " 2>", " >/",
];

/// An example of a value, by the option before it or the name of its placeholder.
fn example(flag: &str, placeholder: &str) -> String {
    let value = match (flag, placeholder) {
        ("--valid-for" | "--older-than", "{}") | (_, "SPAN") => "90d",
        ("--require-auth", _) => "md5",
        ("--access" | "--level", "{}") => "readonly",
        ("--sslmode", _) => "require",
        ("-p" | "--port", _) => "5432",
        ("--connection-limit", "{}") => "5",
        ("--ends-on", _) => "2027-03-31",
        (_, "WHERE") => "stdout",
        (_, "{}") => "x",
        ("--anchor", _) => return format!("57:{}", "8f".repeat(32)),
        (_, other) => other,
    };
    value.to_owned()
}

static COMMAND: LazyLock<Command> = LazyLock::new(pgrole::whole::<Cli>);

/// Parses a command line; the error says why it is refused.
fn parse(line: &str) -> Result<(), String> {
    let line = line.replace("age1…", RECIPIENT);
    let words = shlex::split(&line).ok_or_else(|| format!("{line}\n    is not quoted well"))?;
    let mut filled: Vec<String> = Vec::new();
    for word in words {
        let flag = filled.last().cloned().unwrap_or_default();
        filled.push(example(&flag, &word));
    }
    match COMMAND.clone().try_get_matches_from(filled) {
        Ok(_) => Ok(()),
        Err(error)
            if matches!(
                error.kind(),
                ErrorKind::DisplayHelp | ErrorKind::DisplayVersion
            ) =>
        {
            Ok(())
        }
        Err(error) => {
            let error = error.to_string();
            let lines: Vec<_> = error
                .lines()
                .filter(|line| !line.is_empty())
                .take(3)
                .collect();
            Err(format!("{line}\n    {}", lines.join("\n    ")))
        }
    }
}

/// The commands in a text, each up to where it ends. In prose, only text that begins with the name of a command counts.
pub fn commands_in(text: &str, is_prose: bool) -> Vec<&str> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("pgrole ") {
        let before = text[..at].chars().next_back();
        let is_word =
            before.is_none_or(|letter| !letter.is_alphanumeric() && !"_-.".contains(letter));
        let end = ENDS.iter().filter_map(|end| text[at..].find(end)).min();
        let line = end.map_or(&text[at..], |end| &text[at..at + end]);
        let line = line.trim_end_matches(['.', ' ', '"', ':', '?', '|']);
        let first = line.split(' ').nth(1).unwrap_or_default();
        let is_command = first.starts_with(|letter: char| letter.is_ascii_lowercase());
        if is_word
            && is_command
            && (!is_prose
                || COMMAND
                    .get_subcommands()
                    .any(|known| known.get_name() == first))
        {
            found.push(line);
        }
    }
    found
}

/// The code of a Markdown document: its indented lines, and text between backticks.
fn code_of(document: &str) -> Vec<&str> {
    let mut code = Vec::new();
    for line in document.lines() {
        if line.starts_with("    ") {
            // What follows is a comment.
            code.push(line.split("# ").next().unwrap_or_default().trim());
        } else {
            code.extend(line.split('`').skip(1).step_by(2));
        }
    }
    code
}

#[track_caller]
pub fn expect_all<'a>(lines: impl Iterator<Item = &'a str>, at_least: usize) {
    let lines: BTreeSet<_> = lines.filter(|line| !SIGNED.contains(line)).collect();
    let wrong: Vec<_> = lines.iter().filter_map(|line| parse(line).err()).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
    assert!(lines.len() >= at_least, "{lines:#?}");
}

/// The text with lines joined that end in a backslash, as a shell does.
fn joined(text: &str) -> String {
    let mut lines = text.split("\\\n");
    let first = lines.next().unwrap_or_default().to_owned();
    lines.fold(first, |text, line| text + line.trim_start())
}

fn all_help(command: &Command, texts: &mut Vec<String>) {
    texts.extend(
        command
            .get_after_help()
            .map(|text| joined(&text.to_string())),
    );
    for subcommand in command.get_subcommands() {
        all_help(subcommand, texts);
    }
}

#[test]
fn every_command_of_the_help_is_one() {
    let mut texts = Vec::new();
    all_help(&COMMAND, &mut texts);
    expect_all(texts.iter().flat_map(|text| commands_in(text, false)), 50);
}

#[test]
fn every_command_of_the_documents_is_one() {
    let texts: Vec<_> = documents().iter().map(|path| read(path)).collect();
    let code = texts.iter().flat_map(|text| code_of(text));
    let mut names = BTreeSet::new();
    leaves(&COMMAND, "", &mut names);
    // The name of a command alone is not a command line.
    let lines = code.flat_map(|code| commands_in(code, false));
    expect_all(lines.filter(|line| !names.contains(*line)), 60);
}

#[test]
fn every_command_of_contrib_is_one() {
    let contrib = root().join("contrib");
    let mut texts = vec![read(&contrib.join("cron/pgrole"))];
    texts.extend(
        files_below(&contrib, "service")
            .iter()
            .map(|path| read(path)),
    );
    expect_all(texts.iter().flat_map(|text| commands_in(text, true)), 3);
}

#[test]
fn every_command_of_a_hint_is_one_and_is_quoted() {
    let sources = files_below(&root().join("src"), "rs");
    let mut lines = Vec::new();
    let mut unquoted = Vec::new();
    for path in sources {
        let source = read(&path);
        // Tests say what hints come to.
        let code = source
            .split("#[cfg(test)]\nmod tests")
            .next()
            .unwrap_or_default();
        for literal in literals(code) {
            let text = joined(&literal.text);
            for line in commands_in(&text, true) {
                let is_template = line == text && !literal.after.ends_with("format!(");
                let holes = line.replace(":{", "").matches('{').count();
                if holes > 0
                    && !(is_template && holes == line.matches("{}").count())
                    && !line.contains(" file:")
                {
                    unquoted.push(format!("{}: {line}", path.display()));
                }
                lines.push(line.to_owned());
            }
        }
    }
    assert!(
        unquoted.is_empty(),
        "not made by command_line::pasteable:\n{}",
        unquoted.join("\n")
    );
    expect_all(lines.iter().map(String::as_str), 80);
}

fn leaves(command: &Command, path: &str, found: &mut BTreeSet<String>) {
    let path = format!("{path} {}", command.get_name());
    if !command.is_subcommand_required_set() {
        found.insert(path.trim_start().to_owned());
    }
    for subcommand in command.get_subcommands() {
        leaves(subcommand, &path, found);
    }
}

/// The commands that a row names: the first with its noun, those after it without.
fn commands_of_row(row: &str) -> Vec<String> {
    let cell = row.split('|').nth(1).unwrap_or_default();
    let mut noun = "";
    let mut commands = Vec::new();
    for written in cell.split('`').skip(1).step_by(2) {
        commands.push(match written.split_once(' ') {
            None if !noun.is_empty() => format!("pgrole {noun} {written}"),
            first => {
                noun = first.map_or(noun, |(first, _)| first);
                format!("pgrole {written}")
            }
        });
    }
    commands
}

#[test]
fn the_readme_has_a_row_for_every_command() {
    let readme = read(&root().join("README.md"));
    let table = readme
        .lines()
        .skip_while(|line| !line.starts_with("| command |"));
    let rows = table.skip(2).take_while(|line| line.starts_with('|'));
    let named: BTreeSet<_> = rows.flat_map(commands_of_row).collect();
    let mut wanted = BTreeSet::new();
    leaves(&COMMAND, "", &mut wanted);
    // Without a subcommand it lists.
    wanted.remove("pgrole recover");
    assert_eq!(named, wanted);
}
