//! The usage line of an error: that of the command's help. clap's own shows each option that was given, or whose
//! variable is set, as if it were required.

use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue};
use clap::{Command, Error};

use crate::commands::WIDTH;

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
pub fn command_words(usage: &str) -> impl Iterator<Item = &str> {
    let words = usage.split_whitespace();
    let words = words.skip_while(|word| *word != "pgrole").skip(1);
    words.take_while(|word| !word.starts_with(['[', '<', '-']))
}

const LABEL: &str = "Usage: ";

/// The forms of a usage line in lines that fit the screen, without the label. What belongs together, such as an option
/// and its value, stays on one line.
pub fn folded_usage(usage: &StyledStr) -> StyledStr {
    let usage = usage.ansi().to_string();
    // The label, and what ends its color.
    let usage = usage.split_once("Usage:").map_or(&*usage, |(_, rest)| rest);
    let usage = usage.split_once(' ').map_or(usage, |(_, rest)| rest);
    let mut folded = String::new();
    for (place, form) in usage.lines().enumerate() {
        if place > 0 {
            folded.push('\n');
            folded.push_str(&" ".repeat(LABEL.len()));
        }
        push_folded(&mut folded, form);
    }
    StyledStr::from(folded)
}

fn push_folded(folded: &mut String, form: &str) {
    const INDENT: usize = 4;
    let mut column = LABEL.len();
    for (place, piece) in pieces(form).iter().enumerate() {
        // A group of many choices is divided between them.
        for (choice, part) in piece.split_inclusive('|').enumerate() {
            let gap = usize::from(place > 0 && choice == 0);
            let needed = if choice == 0 {
                visible(piece).min(WIDTH / 2)
            } else {
                visible(part)
            };
            if (place, choice) != (0, 0) && column + gap + needed.max(visible(part)) > WIDTH {
                column = LABEL.len() + INDENT;
                folded.push('\n');
                folded.push_str(&" ".repeat(column));
            } else {
                folded.push_str(&" ".repeat(gap));
                column += gap;
            }
            folded.push_str(part);
            column += visible(part);
        }
    }
}

/// The words of a usage line, each with what it needs: `--env <ENV>`, `<NAME|--username <NAME>>`, `pgrole user drop`.
fn pieces(form: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let mut depth = 0;
    for word in form.split(' ').filter(|word| !word.is_empty()) {
        let plain = without_colors(word);
        let is_value = plain.starts_with('<')
            && pieces.last().is_some_and(|before| {
                let before = without_colors(before);
                before.starts_with("--") && !before.contains('<')
            });
        match pieces.last_mut() {
            Some(before) if depth > 0 || is_value => {
                before.push(' ');
                before.push_str(word);
            }
            _ => pieces.push(word.to_owned()),
        }
        depth += plain.matches(['<', '[']).count();
        depth -= plain.matches(['>', ']']).count().min(depth);
    }
    pieces
}

fn visible(text: &str) -> usize {
    without_colors(text).chars().count()
}

/// Text without the sequences that style it: each ends with the letter `m`.
fn without_colors(text: &str) -> String {
    let mut parts = text.split("\x1b[");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |plain, part| {
        plain + part.split_once('m').map_or("", |(_, rest)| rest)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_usage_line_is_folded_between_its_options() {
        let usage = "Usage: pgrole user set [OPTIONS] --env <ENV> --database <DATABASE> <NAME|--username <NAME>> \
                     <--profile <NAME>|--no-end>\n       pgrole user set <COMMAND>";
        assert_eq!(
            folded_usage(&StyledStr::from(usage)).to_string(),
            "pgrole user set [OPTIONS] --env <ENV> --database <DATABASE>\n           \
             <NAME|--username <NAME>> <--profile <NAME>|--no-end>\n       pgrole user set <COMMAND>"
        );
        let colored = "\u{1b}[1mUsage:\u{1b}[0m \u{1b}[1mpgrole\u{1b}[0m [OPTIONS]";
        let folded = folded_usage(&StyledStr::from(colored)).ansi().to_string();
        assert!(
            folded.ends_with("\u{1b}[1mpgrole\u{1b}[0m [OPTIONS]"),
            "{folded:?}"
        );
    }
}
