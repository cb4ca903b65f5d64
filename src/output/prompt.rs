//! Questions to a person at a terminal: a confirmation, a password without echo.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use anyhow::{Context, Result};
use zeroize::Zeroizing;

use crate::domain::failure::{Failure, Kind};
use crate::domain::secret::Secret;

/// The longest secret that standard input is read for, in bytes.
const LONGEST_SECRET: u64 = 65_536;

/// Whether somebody is there to be asked.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question that only `y` or `yes` affirms.
///
/// # Errors
/// When the terminal cannot be read.
pub fn confirm(question: &str) -> Result<bool> {
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question} [y/N] ").context("cannot ask on the terminal")?;
    stderr.flush().context("cannot ask on the terminal")?;
    let mut answer = String::new();
    io::stdin()
        .lock()
        .read_line(&mut answer)
        .context("cannot read the answer")?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Asks for a password twice, without echo.
///
/// # Errors
/// Where nobody is there to be asked: usage.
pub fn ask_password(question: &str) -> Result<Secret> {
    if !can_ask() {
        return Err(Failure::usage("no terminal to ask for the password on")
            .hint("give it on standard input: --password-stdin")
            .into());
    }
    let answer = dialoguer::Password::new()
        .with_prompt(question)
        .with_confirmation("the same again", "the two differ")
        .interact();
    match answer {
        Ok(password) => Ok(Secret::new(password)),
        Err(dialoguer::Error::IO(error)) if error.kind() == io::ErrorKind::Interrupted => {
            Err(Failure::new(Kind::Interrupted, "interrupted").into())
        }
        Err(error) => Err(error).context("cannot read the password"),
    }
}

/// Reads a secret from standard input; one line end behind it does not count.
///
/// # Errors
/// When standard input cannot be read, or is not text.
pub fn read_secret_from_stdin() -> Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(LONGEST_SECRET)
        .read_to_string(&mut text)
        .context("cannot read the password from standard input")?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Ok(Secret::new(line.to_owned()))
}
