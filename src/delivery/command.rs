//! Delivery to a command that takes one JSON object on standard input. No secret is in its arguments or variables, and
//! what it says on standard error is passed on without the password.

use std::io::{Read, Write, pipe};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, bail};
use nix::unistd::{AccessFlags, access};
use zeroize::{Zeroize, Zeroizing};

use crate::delivery::deliver::{Deliver, Resources};
use crate::delivery::dsn::percent_encode;
use crate::delivery::issued_password::IssuedPassword;
use crate::domain::failure::Failure;
use crate::domain::message::notification::on_one_line;
use crate::domain::password::destination::Destination;
use crate::domain::password::secret::Secret;
use crate::domain::password::secret_json::SecretJson;
use crate::domain::variables::{Variables, WITHHELD};

/// What any pipe takes at once, in bytes. It is filled before the command starts: if pgrole is killed meanwhile, the
/// command goes on alone, and must not take an empty input for a password to store.
const PIPE_HOLDS: usize = 4_096;
const POLL: Duration = Duration::from_millis(10);
/// How long its standard error is waited for after its end: what it started itself may hold it open for ever.
const LAST_WORDS: Duration = Duration::from_millis(200);
/// How much of what it says is looked through, in bytes; and how much is passed on.
const LONGEST_HEARD: usize = 65_536;
const LONGEST_SAID: usize = 1_000;
const WITHHELD_LINE: &str = "(a line with the password is withheld)";

/// A command, such as a vault's, may be this much slower than a server.
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

/// A program with its arguments, and what it may not know.
#[derive(Debug, Clone, Copy)]
pub struct Program<'a> {
    pub words: &'a [String],
    /// How long a server may take.
    pub timeout: Duration,
    /// Variables that it does not get.
    pub withheld: &'a [&'a str],
}

/// Looks whether the program is there.
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
    /// Hands an object over, and waits until the deadline for exit status 0. Returns what the command said on standard
    /// error, if anything, without the password.
    ///
    /// # Errors
    /// Where it cannot be run, did not read the object, or ended otherwise.
    pub fn send(self, object: SecretJson, password: &Secret) -> Result<Option<String>> {
        let (name, arguments) = self.words.split_first().context("the command is empty")?;
        let line = object.to_whole_line();
        drop(object);
        let mut command = Command::new(name);
        for variable in self.withheld {
            command.env_remove(variable);
        }
        let (input, mut pipe) = pipe().context("cannot make a pipe")?;
        let in_advance = line.len().min(PIPE_HOLDS);
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
        // It holds the pipe's other end: a command that ends without reading must be noticed.
        drop(command);
        let said = Said::listen(&mut child);
        // In a thread: a command that does not read must not hold up the deadline.
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
            // It may be gone by now; what counts is that it did not end in time.
            child.kill().ok();
            child.wait().ok();
            bail!("{program:?} did not end within {} s", limit.as_secs_f32());
        }
        std::thread::sleep(POLL);
    }
}

/// What a child says on standard error, heard in the background.
struct Said {
    heard: Arc<Mutex<Vec<u8>>>,
    thread: Option<std::thread::JoinHandle<()>>,
}

impl Said {
    fn listen(child: &mut Child) -> Self {
        let heard: Arc<Mutex<Vec<u8>>> = Arc::default();
        let into = Arc::clone(&heard);
        let thread = child.stderr.take().map(|mut stderr| {
            std::thread::spawn(move || {
                let mut portion = Zeroizing::new([0; 4_096]);
                // What is too long is read all the same, so that it does not stop at a full pipe.
                while let Ok(length) = stderr.read(portion.as_mut_slice())
                    && length > 0
                {
                    let mut heard = into.lock().unwrap_or_else(PoisonError::into_inner);
                    let room = LONGEST_HEARD.saturating_sub(heard.len());
                    heard.extend_from_slice(&portion[..length.min(room)]);
                }
            })
        });
        Self { heard, thread }
    }

    /// What was said, on one line, but for lines that would give the password away.
    fn without(self, password: &Secret) -> String {
        let deadline = Instant::now() + LAST_WORDS;
        while self.thread.as_ref().is_some_and(|it| !it.is_finished()) && Instant::now() < deadline
        {
            std::thread::sleep(POLL);
        }
        let mut heard = self.heard.lock().unwrap_or_else(PoisonError::into_inner);
        let said = without(&String::from_utf8_lossy(&heard), password);
        heard.zeroize();
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
    // Cut before it is long: a part of a password is none to show either.
    let mut text = on_one_line(&lines.join("; "));
    if text.len() > LONGEST_SAID {
        let cut = (0..=LONGEST_SAID)
            .rev()
            .find(|at| text.is_char_boundary(*at));
        text.truncate(cut.unwrap_or(0));
        text.push('…');
    }
    // It was broken over lines.
    if shows(&said.split_whitespace().collect::<String>()) && !text.contains(WITHHELD_LINE) {
        return WITHHELD_LINE.to_owned();
    }
    text
}

/// How a password may look that is passed on as it came: plain, as JSON has it, as `sh -x` and as a URL has it.
fn forms(password: &Secret) -> Vec<Zeroizing<String>> {
    let plain = password.expose();
    let json = serde_json::Value::from(plain).to_string();
    let json = json.trim_matches('"').to_owned();
    let shell = plain.replace('\'', "'\\''");
    let url = percent_encode(plain);
    let forms = [plain.to_owned(), json, shell].map(Zeroizing::new);
    forms.into_iter().chain([url]).collect()
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
        let long = without(&"é".repeat(2_000), &password);
        assert_eq!(long.len(), LONGEST_SAID + "…".len());
    }
}
