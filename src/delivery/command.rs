//! Delivery to a command that reads one JSON object on standard input. Its arguments and environment contain no secret,
//! and its standard error is passed on without the password.

use std::fmt::Write as _;
use std::io::{Read, Write, pipe};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use nix::unistd::{AccessFlags, access};
use zeroize::{Zeroize, Zeroizing};

use crate::delivery::deliver::{Deliver, Resources};
use crate::delivery::dsn::percent_encode;
use crate::delivery::issued_password::IssuedPassword;
use crate::domain::counted::in_seconds;
use crate::domain::failure::Failure;
use crate::domain::message::notification::on_one_line;
use crate::domain::password::destination::Destination;
use crate::domain::password::secret::Secret;
use crate::domain::password::secret_json::SecretJson;
use crate::domain::variables::{Variables, WITHHELD};

/// What any pipe holds at least, in bytes. It is filled before the command starts: if pgrole is killed, the command
/// continues alone, and must not take empty input for a password to store.
const PIPE_CAPACITY: usize = 4_096;
const POLL: Duration = Duration::from_millis(10);
/// How long to wait for the rest of its standard error after it exits: its own children may keep it open forever.
const STDERR_GRACE: Duration = Duration::from_millis(200);
/// How much of its standard error is searched for the password, in bytes; and how much is passed on.
const LONGEST_STDERR: usize = 65_536;
const LONGEST_SHOWN: usize = 1_000;
/// Fewer letters of base64 may stand anywhere.
const SHORTEST_ENCODED: usize = 6;
const WITHHELD_LINE: &str = "(a line with the password is withheld)";

/// A command, such as a vault client, may be this many times slower than a server.
const TIMEOUTS: u32 = 3;

pub struct ToCommand<'a> {
    pub destination: &'a Destination,
    pub resources: Resources<'a>,
}

impl Deliver for ToCommand<'_> {
    fn check(&self, _: &IssuedPassword<'_>) -> Result<()> {
        check(self.destination.words(), self.resources.variables)
            .with_context(|| format!("cannot deliver to {}", self.destination))
    }

    fn deliver(&self, issued: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()> {
        let program = Program {
            words: self.destination.words(),
            timeout: self.resources.timeout,
            withheld: &WITHHELD,
        };
        notes.extend(program.send(issued.object_with_password(), issued.password)?);
        Ok(())
    }
}

/// The command that lets others read what was delivered: it is told nothing.
pub struct Reloads<'a> {
    pub destination: &'a Destination,
    pub resources: Resources<'a>,
}

impl Deliver for Reloads<'_> {
    fn check(&self, _: &IssuedPassword<'_>) -> Result<()> {
        check(self.destination.words(), self.resources.variables)
            .with_context(|| format!("cannot run the reload command {}", self.destination))
    }

    fn deliver(&self, issued: &IssuedPassword<'_>, notes: &mut Vec<String>) -> Result<()> {
        let program = Program {
            words: self.destination.words(),
            timeout: self.resources.timeout,
            withheld: &WITHHELD,
        };
        notes.extend(program.run(Input::Nothing, issued.password)?);
        Ok(())
    }
}

/// What a program reads on standard input.
enum Input {
    Nothing,
    Line(Zeroizing<String>),
}

/// A program with its arguments, and what is withheld from it.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    pub words: &'a [String],
    /// The timeout for a server.
    pub timeout: Duration,
    /// Environment variables that it does not get.
    pub withheld: &'a [&'a str],
}

/// Checks whether the program exists.
pub fn check(words: &[String], variables: &Variables) -> Result<()> {
    let program = words.first().map_or("", String::as_str);
    let is_there = |path: &Path| path.is_file() && access(path, AccessFlags::X_OK).is_ok();
    let found = if program.contains('/') {
        is_there(Path::new(program))
    } else {
        let folders = variables.text("PATH").unwrap_or("/usr/bin:/bin");
        folders
            .split(':')
            .any(|folder| is_there(&Path::new(folder).join(program)))
    };
    if found {
        return Ok(());
    }
    Err(Failure::usage(format!("cannot find the program {program:?} to deliver to")).into())
}

impl Program<'_> {
    /// Sends an object to the program, and waits until the deadline for exit status 0. Returns the program's standard
    /// error, if any, without the password.
    ///
    /// # Errors
    /// If it cannot be run, did not read the object, or did not exit with status 0.
    pub fn send(self, object: SecretJson, password: &Secret) -> Result<Option<String>> {
        let line = object.to_whole_line();
        drop(object);
        self.run(Input::Line(line), password)
    }

    fn run(self, given: Input, password: &Secret) -> Result<Option<String>> {
        let (name, arguments) = self.words.split_first().context("the command is empty")?;
        let (line, must_read) = match given {
            Input::Line(line) => (line, true),
            Input::Nothing => (Zeroizing::default(), false),
        };
        let mut command = Command::new(name);
        for variable in self.withheld {
            command.env_remove(variable);
        }
        let (input, mut pipe) = pipe().context("cannot make a pipe")?;
        let in_advance = line.len().min(PIPE_CAPACITY);
        pipe.write_all(&line.as_bytes()[..in_advance])
            .context("cannot write to a pipe")?;
        let mut child = command
            .args(arguments)
            .stdin(input)
            // pgrole's own stdout is for results.
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("cannot run {name:?}"))?;
        // It holds the pipe's read end: a command that exits without reading must be noticed.
        drop(command);
        let said = StderrReader::start(&mut child);
        // In a thread: a command that does not read must not delay the deadline.
        let writer = std::thread::spawn(move || pipe.write_all(&line.as_bytes()[in_advance..]));
        let ended = wait(&mut child, name, self.timeout * TIMEOUTS);
        let said = said.without(password);
        let explained = |error: anyhow::Error| match said.as_str() {
            "" => error,
            said => anyhow!("it said: {said}").context(error),
        };
        let status = ended.map_err(explained)?;
        if !status.success() {
            return Err(explained(anyhow!("{name:?} ended with {status}")));
        }
        match writer.join() {
            _ if !must_read => Ok((!said.is_empty()).then(|| format!("{name:?} said: {said}"))),
            Ok(Ok(())) => Ok((!said.is_empty()).then(|| format!("{name:?} said: {said}"))),
            Ok(Err(error)) => {
                Err(error).with_context(|| format!("{name:?} did not read its input"))
            }
            Err(_) => bail!("{name:?} did not read its input"),
        }
    }
}

fn wait(child: &mut Child, program: &str, limit: Duration) -> Result<std::process::ExitStatus> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(status) = child
            .try_wait()
            .with_context(|| format!("cannot wait for {program:?}"))?
        {
            return Ok(status);
        }
        if Instant::now() > deadline {
            // It may have exited by now; what counts is that it did not in time.
            child.kill().ok();
            child.wait().ok();
            bail!("{program:?} did not end within {}", in_seconds(limit));
        }
        std::thread::sleep(POLL);
    }
}

/// A child's standard error, read in the background.
struct StderrReader {
    bytes: Arc<Mutex<Vec<u8>>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl StderrReader {
    fn start(child: &mut Child) -> Self {
        let bytes: Arc<Mutex<Vec<u8>>> = Arc::default();
        let into = Arc::clone(&bytes);
        let thread = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut portion = Zeroizing::new([0; 4_096]);
                // The excess is read too, so that the child does not block on a full pipe.
                while let Ok(length) = stderr.read(portion.as_mut_slice())
                    && length > 0
                {
                    let mut bytes = into.lock().unwrap_or_else(PoisonError::into_inner);
                    let room = LONGEST_STDERR.saturating_sub(bytes.len());
                    bytes.extend_from_slice(&portion[..length.min(room)]);
                }
            })
        });
        Self { bytes, thread }
    }

    /// The text on one line, without lines that would disclose the password.
    fn without(self, password: &Secret) -> String {
        let deadline = Instant::now() + STDERR_GRACE;
        while self.thread.as_ref().is_some_and(|it| !it.is_finished()) && Instant::now() < deadline
        {
            std::thread::sleep(POLL);
        }
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let said = without(&String::from_utf8_lossy(&bytes), password);
        bytes.zeroize();
        said
    }
}

fn without(said: &str, password: &Secret) -> String {
    let forms = forms(password);
    let shows = |text: &str| forms.iter().any(|form| text.contains(form.as_str()));
    let mut lines: Vec<&str> = Vec::new();
    for line in said.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let line = if shows(line) { WITHHELD_LINE } else { line };
        if lines.last() != Some(&line) {
            lines.push(line);
        }
    }
    // Truncated only after lines were withheld: a part of a password must not be shown either.
    let mut text = on_one_line(&lines.join("; "));
    if text.len() > LONGEST_SHOWN {
        let cut = (0..=LONGEST_SHOWN)
            .rev()
            .find(|at| text.is_char_boundary(*at));
        text.truncate(cut.unwrap_or(0));
        text.push('…');
    }
    // The password was broken over several lines.
    let rest = lines.concat();
    if shows(&rest.split_whitespace().collect::<String>()) {
        return WITHHELD_LINE.to_owned();
    }
    text
}

/// The forms in which a command may repeat a password: plain, as in JSON, as in `sh -x`, as in a URL, and in hexadecimal
/// or base64, where it may be a part of what was encoded.
fn forms(password: &Secret) -> Vec<Zeroizing<String>> {
    let plain = password.expose();
    let json = serde_json::Value::from(plain).to_string();
    let json = json.trim_matches('"').to_owned();
    let shell = plain.replace('\'', "'\\''");
    let url = percent_encode(plain);
    let forms = [plain.to_owned(), json, shell].map(Zeroizing::new);
    let encoded = hexadecimal(plain).into_iter().chain(base64_forms(plain));
    forms.into_iter().chain([url]).chain(encoded).collect()
}

fn hexadecimal(plain: &str) -> [Zeroizing<String>; 2] {
    let digits = |upper: bool| {
        let mut text = Zeroizing::new(String::with_capacity(2 * plain.len()));
        for byte in plain.bytes() {
            let written = if upper {
                write!(text, "{byte:02X}")
            } else {
                write!(text, "{byte:02x}")
            };
            written.expect("writing to a String does not fail");
        }
        text
    };
    [digits(false), digits(true)]
}

/// What of the password stands in any base64 text that contains it: a letter has six bits, so that there are three ways
/// in which bytes fall on letters, and the letters at both ends depend on what is around.
fn base64_forms(plain: &str) -> Vec<Zeroizing<String>> {
    let mut forms = Vec::new();
    for before in 0..3 {
        let mut bytes = Zeroizing::new(vec![0; before + plain.len()]);
        bytes[before..].copy_from_slice(plain.as_bytes());
        let first = (before * 8).div_ceil(6);
        let end = bytes.len() * 8 / 6;
        for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = Zeroizing::new(alphabet.encode(bytes.as_slice()));
            if end >= first + SHORTEST_ENCODED {
                forms.push(Zeroizing::new(text[first..end].to_owned()));
            }
        }
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_said_is_passed_on_without_the_password() {
        let password = Secret::new("a\"b'c%ä".to_owned());
        for shown in [
            "a\"b'c%ä",
            "a\\\"b'c%ä",
            "a\"b'\\''c%ä",
            "a%22b%27c%25%C3%A4",
        ] {
            let said = without(&format!("begin\n\n+ put '{shown}'\n end \n"), &password);
            assert_eq!(said, format!("begin; {WITHHELD_LINE}; end"), "{shown}");
        }
        assert_eq!(without("a\"b\n'c%ä", &password), WITHHELD_LINE);
        assert_eq!(without("", &password), "");
        for around in ["", "x", "xy", "{\"password\":\""] {
            let whole = format!("{around}a\"b'c%ä{around}");
            for alphabet in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
                let shown = alphabet.encode(&whole);
                let folded = format!("{}\n{}", &shown[..5], &shown[5..]);
                assert_eq!(without(&shown, &password), WITHHELD_LINE, "{whole}");
                let said = without(&folded, &password);
                assert!(said.ends_with(WITHHELD_LINE), "{whole}: {said}");
            }
            let shown: String = whole.bytes().map(|byte| format!("{byte:02x} ")).collect();
            assert_eq!(without(&shown, &password), WITHHELD_LINE, "{whole}");
            let shown = shown.replace(' ', "").to_uppercase();
            assert_eq!(without(&shown, &password), WITHHELD_LINE, "{whole}");
        }
        let long = without(&"é".repeat(2_000), &password);
        assert_eq!(long.len(), LONGEST_SHOWN + "…".len());
    }
}
