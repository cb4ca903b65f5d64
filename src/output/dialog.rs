//! Questions that are answered key by key: a choice, yes or no, a line. They are asked in a thread of their own, because
//! dialoguer waits for a key without end, and a stop must end the question and leave the terminal as it was.

use std::collections::HashMap;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use dialoguer::console::{Term, measure_text_width, truncate_str};
use dialoguer::{Confirm, FuzzySelect, Input};
use nix::sys::termios::{
    LocalFlags, SetArg, SpecialCharacterIndices, Termios, tcgetattr, tcsetattr,
};

use crate::domain::failure::{Failure, Kind};
use crate::domain::interrupt;
use crate::output::choice_line::{self, ChoiceLine};
use crate::output::labelled::wrapped;
use crate::output::progress_line::beside_progress;
use crate::output::terminal::say;
use crate::output::text::escape;

/// How long a stop may take to be noticed.
const POLL: Duration = Duration::from_millis(20);
/// How long a dialog may take from its question to its wait for a key.
const UNTIL_A_KEY: Duration = Duration::from_secs(2);
/// How many choices are shown at once.
const MOST_ROWS: usize = 12;
/// What dialoguer puts before a choice.
const MARK_WIDTH: usize = 2;
const SHOW_CURSOR: &str = "\x1b[?25h";

/// Asks for one of the choices, found by typing some of its letters; returns its place. `None` if Esc was typed.
///
/// # Errors
/// Interrupted, by Ctrl-C or a signal. If the terminal cannot be read.
pub fn choose(question: &str, choices: &[String]) -> Result<Option<usize>> {
    let question = question_line(question, &" ".repeat(choice_line::FREE));
    let choices = lines_of(choices, width());
    let line = ChoiceLine::new(&choices, width());
    ask(move || {
        FuzzySelect::with_theme(&line)
            .with_prompt(question)
            .items(&choices)
            .default(0)
            .max_length(MOST_ROWS)
            // What is typed is seen above.
            .highlight_matches(false)
            .interact_opt()
    })
}

/// Asks whether to go on, which Enter alone affirms.
///
/// # Errors
/// As [`choose`].
pub fn agree(question: &str) -> Result<bool> {
    let question = question_line(question, " [Y/n] ");
    ask(move || {
        Confirm::new()
            .with_prompt(question)
            .default(true)
            // What was typed ahead is no answer before Enter.
            .wait_for_newline(true)
            .interact()
    })
}

/// Asks for a line, which may be empty; Enter alone is the default.
///
/// # Errors
/// As [`choose`].
pub fn line(question: &str, default: Option<&str>) -> Result<String> {
    let shown = default.map(|default| format!(" [{default}]"));
    let question = question_line(question, &format!("{}: ", shown.unwrap_or_default()));
    let default = default.map(str::to_owned);
    let text = ask(move || {
        let input = Input::<String>::new()
            .with_prompt(question)
            .allow_empty(true);
        match default {
            Some(default) => input.default(default).interact_text(),
            None => input.interact_text(),
        }
    })?;
    Ok(text.trim().to_owned())
}

/// Runs a dialog. Whatever ends it, the terminal is as before: with its echo, and a cursor. Meanwhile it shows nothing by
/// itself, and takes no key for its own: dialoguer reads key by key, and a paste arrives between two of them.
fn ask<T: Send + 'static>(
    dialog: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
) -> Result<T> {
    // An error means that the handler exists already.
    ctrlc::set_handler(interrupt::raise).ok();
    let before = tcgetattr(io::stdin()).context("cannot ask on the terminal")?;
    let mut silent = before.clone();
    silent
        .local_flags
        .remove(LocalFlags::ECHO | LocalFlags::ICANON);
    silent.control_chars[SpecialCharacterIndices::VMIN as usize] = 1;
    silent.control_chars[SpecialCharacterIndices::VTIME as usize] = 0;
    beside_progress(|| {
        tcsetattr(io::stdin(), SetArg::TCSANOW, &silent).context("cannot ask on the terminal")?;
        let answer = wait_for(dialog, &before);
        // If the terminal is gone there is nothing to restore.
        tcsetattr(io::stdin(), SetArg::TCSANOW, &before).ok();
        answer
    })
}

fn wait_for<T: Send + 'static>(
    dialog: impl FnOnce() -> dialoguer::Result<T> + Send + 'static,
    before: &Termios,
) -> Result<T> {
    let (sender, receiver) = channel();
    // Never joined: if the question is given up, it waits for a key until the process ends.
    thread::spawn(move || sender.send(dialog()).ok());
    let failed = loop {
        if interrupt::is_raised() {
            await_key_wait(&receiver);
            break interrupted();
        }
        match receiver.recv_timeout(POLL) {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(dialoguer::Error::IO(error))) if error.kind() == io::ErrorKind::Interrupted => {
                break interrupted();
            }
            Ok(Err(dialoguer::Error::IO(error))) => {
                break anyhow::Error::from(error).context("cannot ask on the terminal");
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                break anyhow::anyhow!("cannot ask on the terminal");
            }
        }
    };
    restore(before);
    Err(failed)
}

/// Waits until the dialog waits for a key or has ended. Before a key, dialoguer asks the terminal for single keys without
/// signals: what is restored earlier it would undo.
fn await_key_wait<T>(receiver: &Receiver<T>) {
    let deadline = Instant::now() + UNTIL_A_KEY;
    // If the terminal is gone there is nothing to restore.
    while Instant::now() < deadline
        && tcgetattr(io::stdin()).is_ok_and(|now| now.local_flags.contains(LocalFlags::ISIG))
        && matches!(
            receiver.recv_timeout(Duration::from_millis(1)),
            Err(RecvTimeoutError::Timeout)
        )
    {}
}

/// The error of a question that was stopped.
pub fn interrupted() -> anyhow::Error {
    Failure::new(Kind::Interrupted, "interrupted").into()
}

fn restore(before: &Termios) {
    // If the terminal is gone there is nothing to restore.
    tcsetattr(io::stdin(), SetArg::TCSANOW, before).ok();
    let mut stderr = io::stderr().lock();
    writeln!(stderr, "{SHOW_CURSOR}").ok();
    stderr.flush().ok();
}

fn width() -> usize {
    usize::from(Term::stderr().size().1)
}

/// The last line of the question, with room for what is shown behind it; the lines before it are printed. dialoguer
/// redraws only one line.
fn question_line(question: &str, behind: &str) -> String {
    let room = width().saturating_sub(measure_text_width(behind) + 1);
    let mut lines = wrapped(&escape(question), room.max(20));
    let last = lines.pop().unwrap_or_default();
    for line in lines {
        say(&line);
    }
    last
}

/// The choices as lines that fit. No two are the same: dialoguer tells them apart by their text.
fn lines_of(choices: &[String], width: usize) -> Vec<String> {
    // One column is left free: a terminal may break the line after the last.
    let room = width.saturating_sub(MARK_WIDTH + 1).max(20);
    let mut seen: HashMap<String, usize> = HashMap::new();
    let mut lines = Vec::with_capacity(choices.len());
    for choice in choices {
        let line = fitting(&escape(choice), room);
        let count = seen.entry(line.clone()).or_default();
        *count += 1;
        lines.push(if *count == 1 {
            line
        } else {
            let number = format!(" ({count})");
            fitting(&line, room - number.len()) + &number
        });
    }
    lines
}

/// Cut off to this many columns, and bytes, which is what dialoguer counts.
fn fitting(text: &str, room: usize) -> String {
    let mut columns = room;
    loop {
        let line = truncate_str(text, columns, "...");
        if line.len() <= room || columns <= 3 {
            return line.into_owned();
        }
        columns -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choices_that_are_cut_off_stay_different() {
        let long = "a".repeat(60);
        let choices = ["x".to_owned(), format!("{long}1"), format!("{long}2")];
        let lines = lines_of(&choices, 30);
        assert_eq!(lines[0], "x");
        assert_eq!(lines[1], format!("{}...", "a".repeat(24)));
        assert_eq!(lines[2], format!("{}... (2)", "a".repeat(20)));
        let wide = ["ä".repeat(30)];
        assert!(lines_of(&wide, 30)[0].len() <= 27);
    }
}
