//! Questions to a person at a terminal: a confirmation, a choice, a password without echo.

use std::io::{self, IsTerminal, Read, Write};
use std::os::fd::AsFd;

use anyhow::{Context, Result};
use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, poll};
use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use zeroize::Zeroizing;

use crate::domain::failure::Failure;
use crate::domain::interrupt;
use crate::domain::password::secret::Secret;
use crate::domain::target::Target;
use crate::output::dialog;
use crate::output::progress_line::beside_progress;
use crate::output::text::escape;

/// The longest secret that standard input is read for, in bytes.
const LONGEST_SECRET: u64 = 65_536;
/// How long a stop may take to be noticed, in milliseconds.
const POLL: u8 = 20;

/// Whether there is a terminal to ask on.
pub fn can_ask() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Asks a question that only `y` or `yes` affirms. Not dialoguer's, to which "nay" is a yes: it takes each `y` for one.
///
/// # Errors
/// If the terminal cannot be read. Interrupted, by Ctrl-C or a signal.
pub fn confirm(question: &str) -> Result<bool> {
    let answer = ask_line(&format!("{} [y/N] ", escape(question)))?;
    Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
}

/// Asks whether to go on with what does no harm: Enter alone affirms.
///
/// # Errors
/// As [`confirm`].
pub fn go_on(question: &str) -> Result<bool> {
    dialog::agree(question)
}

/// Asks a question that any line answers; Enter alone is the default.
///
/// # Errors
/// If the terminal cannot be read. Interrupted, by Ctrl-C or a signal.
pub fn ask(question: &str, default: Option<&str>) -> Result<String> {
    dialog::line(question, default)
}

/// Asks for one of the choices; returns its place.
///
/// # Errors
/// If the terminal cannot be read. Interrupted, by Esc, Ctrl-C or a signal.
pub fn choose(question: &str, choices: &[String]) -> Result<usize> {
    dialog::choose(question, choices)?.ok_or_else(dialog::interrupted)
}

/// Asks a question that only the word itself affirms.
///
/// # Errors
/// If the terminal cannot be read. Interrupted, by Ctrl-C or a signal.
pub fn confirm_by_typing(question: &str, word: &str) -> Result<bool> {
    let question = format!("{} Type {} to confirm: ", escape(question), escape(word));
    Ok(ask_line(&question)?.trim() == word)
}

/// Requires a terminal to ask for a password on.
///
/// # Errors
/// Usage, if there is none.
pub fn require_terminal() -> Result<(), Failure> {
    if can_ask() {
        return Ok(());
    }
    Err(Failure::usage("no terminal to ask for the password on")
        .hint("pass it on standard input with --password-stdin"))
}

/// Asks for a password twice, without echo, until both match.
///
/// # Errors
/// Usage, if there is no terminal. If the terminal cannot be read, or Ctrl-C is typed.
pub fn ask_password(question: &str) -> Result<Secret> {
    require_terminal()?;
    let _silence = Silence::begin().context("cannot switch the terminal's echo off")?;
    let first = format!("{}: ", escape(question));
    let mut question = first.as_str();
    loop {
        let password = ask_line(question)?;
        let again = ask_line("repeat it: ")?;
        if *password == *again {
            return Ok(Secret::new(password.to_string()));
        }
        question = "they do not match; try again: ";
    }
}

/// The question for the password of a login: on which server, and what for.
pub fn login_question(user: &str, target: &Target) -> String {
    format!(
        "password of \"{user}\" for {} ({}:{}), to log in as the admin credential",
        target.name(),
        target.hostname,
        target.port
    )
}

/// Keeps what is typed off the screen until it is dropped; line breaks are shown.
struct Silence {
    before: Termios,
}

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        silent.local_flags.remove(LocalFlags::ECHO);
        silent.local_flags.insert(LocalFlags::ECHONL);
        tcsetattr(io::stdin(), SetArg::TCSANOW, &silent)?;
        Ok(Self { before })
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // If the terminal is gone there is nothing to restore.
        tcsetattr(io::stdin(), SetArg::TCSANOW, &self.before).ok();
    }
}

/// Asks, and reads one line, without its end.
fn ask_line(question: &str) -> Result<Zeroizing<String>> {
    beside_progress(|| ask_and_read(question))
}

fn ask_and_read(question: &str) -> Result<Zeroizing<String>> {
    // Ctrl-C must not end the process at once: the terminal would stay without echo. An error means that a handler
    // exists already.
    ctrlc::set_handler(interrupt::raise).ok();
    let mut stderr = io::stderr().lock();
    write!(stderr, "{question}").context("cannot ask on the terminal")?;
    stderr.flush().context("cannot ask on the terminal")?;
    wait_for_line(&mut stderr)?;
    // A terminal returns one line per call, and none is longer.
    let mut bytes = Zeroizing::new([0; 4096]);
    let length = nix::unistd::read(io::stdin(), bytes.as_mut_slice())
        .context("cannot read from the terminal")?;
    let line = str::from_utf8(&bytes[..length]).context("the input is not valid UTF-8")?;
    let line = line.strip_suffix('\n').unwrap_or(line);
    Ok(Zeroizing::new(line.to_owned()))
}

fn wait_for_line(stderr: &mut impl Write) -> Result<()> {
    let stdin = io::stdin();
    loop {
        if interrupt::is_raised() {
            writeln!(stderr).ok();
            return Err(dialog::interrupted());
        }
        let mut wanted = [PollFd::new(stdin.as_fd(), PollFlags::POLLIN)];
        match poll(&mut wanted, POLL) {
            Ok(0) | Err(Errno::EINTR) => {}
            Ok(_) => return Ok(()),
            Err(error) => return Err(error).context("cannot read from the terminal"),
        }
    }
}

/// Asks for the password of the admin credential, once, without echo.
///
/// # Errors
/// Why there is no password.
pub fn ask_admin_password(user: &str, target: &Target) -> Result<Secret, String> {
    if !can_ask() {
        return Err("no terminal to ask on".to_owned());
    }
    let asked = || -> Result<Secret> {
        let _silence = Silence::begin().context("cannot switch the terminal's echo off")?;
        let password = ask_line(&format!("{}: ", escape(&login_question(user, target))))?;
        Ok(Secret::new(password.to_string()))
    };
    match asked() {
        Ok(password) if password.is_empty() => Err("no password was given".to_owned()),
        Ok(password) => Ok(password),
        Err(error) => Err(format!("{error:#}")),
    }
}

/// Reads a secret from standard input, without one line break at its end.
///
/// # Errors
/// If standard input cannot be read, or is not text.
pub fn read_secret_from_stdin() -> Result<Secret> {
    let mut text = Zeroizing::new(String::new());
    io::stdin()
        .lock()
        .take(LONGEST_SECRET)
        .read_to_string(&mut text)
        .map_err(|error| match error.kind() {
            io::ErrorKind::InvalidData => {
                Failure::usage("the password on standard input is not UTF-8").into()
            }
            _ => anyhow::Error::from(error).context("cannot read the password from standard input"),
        })?;
    let line = text.strip_suffix('\n').unwrap_or(&text);
    let line = line.strip_suffix('\r').unwrap_or(line);
    Ok(Secret::new(line.to_owned()))
}
