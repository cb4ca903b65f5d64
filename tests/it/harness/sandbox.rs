//! Runs pgrole as a user of it would: in an empty home, without anything of the tester's environment.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::Write;
use std::mem;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, LazyLock};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::account::Account;
use super::cluster::Cluster;
use super::guard;
use super::results;
use super::stream::Stream;
use super::terminal::Terminal;

pub const TIMEOUT: Duration = Duration::from_secs(60);

/// A home folder, and the variables for every run in it.
pub struct Sandbox {
    folder: TempDir,
    variables: Vec<(String, OsString)>,
    filters: Vec<(String, &'static str)>,
}

impl Sandbox {
    pub fn new() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("sandbox-")
            .tempdir_in(guard::folder());
        let folder = folder.expect("our own folder can be written");
        fs::create_dir(folder.path().join("home")).expect("our own folder can be written");
        let filters = vec![(folder.path().display().to_string(), "[SANDBOX]")];
        Self {
            folder,
            variables: Vec::new(),
            filters,
        }
    }

    /// The folder that goes when the sandbox does; the home is in it.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn home(&self) -> PathBuf {
        self.path().join("home")
    }

    /// Where pgrole puts its registry unless told otherwise.
    pub fn registry(&self) -> PathBuf {
        self.home().join(".local/share/pgrole/pg_registry.db")
    }

    /// Where pgrole looks for its configuration unless told otherwise.
    pub fn config(&self) -> PathBuf {
        self.home().join(".config/pgrole/config.toml")
    }

    /// Writes pgrole's configuration file.
    pub fn write_config(&self, toml: &str) {
        let path = self.config();
        fs::create_dir_all(path.parent().expect("the file is in a folder"))
            .expect("the home can be written");
        fs::write(path, toml).expect("the home can be written");
    }

    /// Sets a variable for every run.
    pub fn env(&mut self, name: &str, value: impl Into<OsString>) {
        self.variables.push((name.to_owned(), value.into()));
    }

    /// Gives every run the cluster's superuser as the admin credential, and hides its password and port when filtering.
    pub fn with_admin(mut self, cluster: &Cluster) -> Self {
        self.env("PG_ADMIN_USER", Cluster::SUPERUSER);
        self.env("PG_ADMIN_PASS", cluster.password());
        self.filter(cluster.password(), "[ADMIN PASSWORD]");
        self
    }

    /// Replaces the text in what `Outcome::filtered` returns, where it stands as a word of its own.
    pub fn filter(&mut self, text: &str, replacement: &'static str) {
        self.filters.push((text.to_owned(), replacement));
    }

    /// Registers the database as a target of the environment, and hides the port when filtering.
    pub fn register(&mut self, cluster: &Cluster, environment: &str, database: &str) {
        self.register_on_port(cluster.port(), environment, database);
    }

    /// Like `register`, for a proxy's port.
    pub fn register_on_port(&mut self, port: u16, environment: &str, database: &str) {
        let port = port.to_string();
        let run = [
            "registry",
            "add",
            "-e",
            environment,
            "-d",
            database,
            "-H",
            "127.0.0.1",
            "-p",
            &port,
        ];
        self.pgrole(run).run().expect_status(0);
        self.filter(&port, "[PORT]");
    }

    /// Runs another program, with this sandbox's filters.
    #[track_caller]
    pub fn outcome_of(&self, command: Command) -> Outcome {
        Running::start(command, Vec::new(), self.filters.clone()).wait()
    }

    /// Prepares a run of pgrole.
    pub fn pgrole<I>(&self, arguments: I) -> Run<'_>
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        Run {
            sandbox: self,
            arguments: arguments.into_iter().map(Into::into).collect(),
            variables: self.variables.clone(),
            stdin: Vec::new(),
            account: None,
        }
    }
}

/// A run of pgrole, not yet started.
pub struct Run<'a> {
    sandbox: &'a Sandbox,
    arguments: Vec<OsString>,
    variables: Vec<(String, OsString)>,
    stdin: Vec<u8>,
    account: Option<&'static Account>,
}

impl Run<'_> {
    pub fn args<I>(mut self, arguments: I) -> Self
    where
        I: IntoIterator,
        I::Item: Into<OsString>,
    {
        self.arguments.extend(arguments.into_iter().map(Into::into));
        self
    }

    /// Sets a variable for this run.
    pub fn env(mut self, name: &str, value: impl Into<OsString>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }

    /// Takes a variable of the sandbox away for this run.
    pub fn without_env(mut self, name: &str) -> Self {
        self.variables.retain(|(given, _)| given != name);
        self
    }

    /// Feeds standard input, which is empty otherwise.
    pub fn stdin(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.stdin = bytes.into();
        self
    }

    /// Runs without root's rights, for tests of files that may not be read or written. The sandbox becomes nobody's.
    pub fn under_nobody(mut self) -> Self {
        self.account = Account::of_nobody();
        self
    }

    /// Runs to the end.
    #[track_caller]
    pub fn run(self) -> Outcome {
        self.spawn().wait()
    }

    /// Starts it, for tests that do something meanwhile.
    #[track_caller]
    pub fn spawn(self) -> Running {
        let mut running = Running::start(
            self.command(),
            self.stdin.clone(),
            self.sandbox.filters.clone(),
        );
        running.printed = Some(results::Printed::by(&self.arguments));
        running
    }

    /// Starts it in a terminal of that width; `TERM` is `xterm-256color` unless the test sets it.
    pub fn in_terminal(self, columns: u16) -> Terminal {
        let mut command = self.command();
        if !self.variables.iter().any(|(name, _)| name == "TERM") {
            command.env("TERM", "xterm-256color");
        }
        Terminal::start(&command, self.account, columns)
    }

    /// Returns the bare command, for tests that need yet another way to start it.
    pub fn command(&self) -> Command {
        let mut command = match self.account {
            None => Command::new(PROGRAM),
            Some(account) => {
                account.own(self.sandbox.path());
                let mut command = Command::new(program_for_others());
                account.run_as(&mut command);
                command
            }
        };
        command
            .args(&self.arguments)
            .current_dir(self.sandbox.path());
        command
            .env_clear()
            .env("HOME", self.sandbox.home())
            // Where the bus of the tester's own session would be found, and with it their keyring.
            .env("XDG_RUNTIME_DIR", self.sandbox.path())
            .env("PATH", "/usr/bin:/bin")
            .env("LANG", "C.UTF-8");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }
}

const PROGRAM: &str = env!("CARGO_BIN_EXE_pgrole");

/// The target folder may be closed to other accounts.
fn program_for_others() -> &'static Path {
    static COPY: LazyLock<PathBuf> = LazyLock::new(|| {
        let copy = guard::folder().join("pgrole");
        // Not by ourselves: a process that another test starts meanwhile would hold the file open for writing, and a
        // program that is open for writing cannot be run.
        let mut install = Command::new("install");
        install.args(["-m", "755", PROGRAM]).arg(&copy);
        let status = install.status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cannot copy {PROGRAM}"
        );
        copy
    });
    &COPY
}

/// A program that runs. Dropping it kills the program.
pub struct Running {
    child: Child,
    argv: String,
    stdout: Arc<Stream>,
    stderr: Arc<Stream>,
    deadline: Instant,
    filters: Vec<(String, &'static str)>,
    /// `None` unless it is a run of pgrole.
    printed: Option<results::Printed>,
}

impl Running {
    fn start(mut command: Command, input: Vec<u8>, filters: Vec<(String, &'static str)>) -> Self {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let argv = argv_of(&command);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {argv}: {error}"));
        let mut stdin = child.stdin.take().expect("standard input is a pipe");
        // A program need not read all that it is given.
        thread::spawn(move || drop(stdin.write_all(&input)));
        Self {
            argv,
            stdout: Stream::of(child.stdout.take().expect("standard output is a pipe")),
            stderr: Stream::of(child.stderr.take().expect("standard error is a pipe")),
            deadline: Instant::now() + TIMEOUT,
            child,
            filters,
            printed: None,
        }
    }

    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Kills it with SIGKILL.
    pub fn kill(mut self) -> Outcome {
        self.child.kill().expect("our own child can be killed");
        self.wait()
    }

    /// Sends it a signal by name: `INT`, `TERM`.
    pub fn signal(&self, name: &str) {
        let status = Command::new("kill")
            .args(["-s", name, &self.id().to_string()])
            .status();
        assert!(
            status.is_ok_and(|status| status.success()),
            "cannot signal {}",
            self.argv
        );
    }

    /// Waits for its end, and kills it when the time is over.
    #[track_caller]
    pub fn wait(mut self) -> Outcome {
        let mut timed_out = false;
        let status = loop {
            if let Some(status) = self
                .child
                .try_wait()
                .expect("our own child can be waited for")
            {
                break status;
            }
            if Instant::now() > self.deadline {
                timed_out = true;
                self.child.kill().ok();
            }
            thread::sleep(Duration::from_millis(1));
        };
        let outcome = Outcome {
            argv: mem::take(&mut self.argv),
            stdout: self.stdout.all(),
            stderr: self.stderr.all(),
            status,
            filters: mem::take(&mut self.filters),
        };
        assert!(!timed_out, "{outcome}not done in time");
        // What was killed may have stopped within a row.
        if let (Some(printed), Some(_)) = (self.printed, outcome.status()) {
            let checked = results::check(printed, &outcome.stdout, &outcome.stderr);
            if let Err(what) = checked {
                panic!("{outcome}not as pgrole schema says: {what}");
            }
        }
        outcome
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub(super) fn argv_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words
        .map(OsStr::to_string_lossy)
        .collect::<Vec<_>>()
        .join(" ")
}

/// What a program left behind. Its Display is what a failed assertion prints.
#[derive(Debug, Clone)]
pub struct Outcome {
    argv: String,
    pub stdout: String,
    pub stderr: String,
    status: ExitStatus,
    filters: Vec<(String, &'static str)>,
}

impl Outcome {
    /// Runs any program to its end.
    #[track_caller]
    pub fn of(command: Command) -> Self {
        Running::start(command, Vec::new(), Vec::new()).wait()
    }

    /// The exit status; none where a signal ended it.
    pub fn status(&self) -> Option<i32> {
        self.status.code()
    }

    #[track_caller]
    pub fn expect_status(&self, wanted: i32) -> &Self {
        assert!(
            self.status() == Some(wanted),
            "{self}wanted: status {wanted}"
        );
        self
    }

    #[track_caller]
    pub fn expect_stdout(&self, wanted: &str) -> &Self {
        assert!(self.stdout == wanted, "{self}wanted on stdout:\n{wanted}");
        self
    }

    #[track_caller]
    pub fn expect_stderr(&self, wanted: &str) -> &Self {
        assert!(self.stderr == wanted, "{self}wanted on stderr:\n{wanted}");
        self
    }

    /// For a part of a message that others write, such as a server; whole outputs are compared by `expect_stderr`.
    #[track_caller]
    pub fn expect_in_stderr(&self, wanted: &str) -> &Self {
        assert!(
            self.stderr.contains(wanted),
            "{self}wanted in stderr: {wanted}"
        );
        self
    }

    /// Reads standard output as one JSON value.
    #[track_caller]
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{self}stdout is not JSON: {error}"))
    }

    /// The same, without the anchors of the audit log, which each row must have.
    #[track_caller]
    pub fn json_without_anchors(&self) -> serde_json::Value {
        let mut json = self.json();
        let mut rows: Vec<_> = match &mut json {
            serde_json::Value::Array(rows) => rows.iter_mut().collect(),
            row => vec![row],
        };
        for row in &mut rows {
            let row = row.as_object_mut().expect("a row is an object");
            assert!(
                row.remove("audit_anchor").is_some(),
                "{self}no audit_anchor"
            );
        }
        json
    }

    /// Reads standard output as rows: JSON lines, or one array.
    #[track_caller]
    pub fn json_lines(&self) -> Vec<serde_json::Value> {
        if self.stdout.starts_with('[') {
            let rows = self.json();
            return rows.as_array().expect("an array").clone();
        }
        let parse = |line| {
            serde_json::from_str(line)
                .unwrap_or_else(|error| panic!("{self}not JSON lines: {error}"))
        };
        self.stdout.lines().map(parse).collect()
    }

    /// Reads the error that pgrole prints on standard error where the format is JSON.
    #[track_caller]
    pub fn json_error(&self) -> serde_json::Value {
        serde_json::from_str(&self.stderr)
            .unwrap_or_else(|error| panic!("{self}stderr is not JSON: {error}"))
    }

    /// Whether it reports this SQLSTATE, in a message or in a result. The same digits may stand in a duration, a process ID
    /// or a hash, and mean nothing there.
    pub fn says_sqlstate(&self, code: &str) -> bool {
        let (in_message, in_result) = (
            format!("SQLSTATE {code}"),
            format!("\"sqlstate\": \"{code}\""),
        );
        [&self.stdout, &self.stderr]
            .into_iter()
            .any(|text| text.contains(&in_message) || text.contains(&in_result))
    }

    /// Replaces what differs from run to run: the sandbox's path, ports, times, durations, anchors of the audit log, and
    /// the sandbox's filters.
    pub fn filtered(&self) -> Self {
        let filter = |text: &str| {
            let named = self.filters.iter();
            let text = named.fold(text.to_owned(), |text, (wanted, by)| {
                replace_word(&text, wanted, by)
            });
            replace_anchors(&replace_durations(&replace_times(&text)))
        };
        Self {
            stdout: filter(&self.stdout),
            stderr: filter(&self.stderr),
            ..self.clone()
        }
    }
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(formatter, "\n$ {}", self.argv)?;
        writeln!(
            formatter,
            "--- stdout\n{}\n--- stderr\n{}",
            self.stdout.trim_end(),
            self.stderr.trim_end()
        )?;
        match self.status.signal() {
            Some(signal) => writeln!(formatter, "--- ended by signal {signal}"),
            None => writeln!(formatter, "--- {}", self.status),
        }
    }
}

/// Replaces the text where no letter or digit touches it: a port is not looked for inside a longer number.
fn replace_word(text: &str, wanted: &str, by: &str) -> String {
    let mut rest = text;
    let mut replaced = String::new();
    while let Some(at) = rest.find(wanted) {
        let (before, after) = (&rest[..at], &rest[at + wanted.len()..]);
        let alone =
            !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric);
        replaced.push_str(before);
        replaced.push_str(if alone { by } else { wanted });
        rest = after;
    }
    replaced + rest
}

/// Replaces RFC 3339 times, in UTC or with an offset.
fn replace_times(text: &str) -> String {
    replace_each(text, "[TIME]", |rest| {
        let mut end = prefix_of_shape(rest, "9999-99-99T99:99:99")?;
        if let Some(fraction) = rest[end..].strip_prefix('.') {
            end += 1 + leading_digits(fraction);
        }
        let zone = rest[end..]
            .starts_with('Z')
            .then_some(1)
            .or_else(|| prefix_of_shape(&rest[end..], "+99:99"));
        Some(end + zone?)
    })
}

/// Replaces an event's number and hash.
fn replace_anchors(text: &str) -> String {
    replace_each(text, "[ANCHOR]", |rest| {
        let number = leading_digits(rest);
        let hash = rest[number..].strip_prefix(':')?;
        let is_digit = |byte: &u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(byte);
        let length = hash.bytes().take_while(is_digit).count();
        (number > 0 && length == 64).then_some(number + 1 + length)
    })
}

/// Replaces numbers with a unit of `ms` or `s`.
fn replace_durations(text: &str) -> String {
    replace_each(text, "[DURATION]", |rest| {
        let mut end = leading_digits(rest);
        if end == 0 {
            return None;
        }
        if let Some(fraction) = rest[end..].strip_prefix('.') {
            end += 1 + leading_digits(fraction);
        }
        end += usize::from(rest[end..].starts_with(' '));
        end += ["ms", "s"]
            .iter()
            .find(|unit| rest[end..].starts_with(**unit))?
            .len();
        (!rest[end..].starts_with(char::is_alphanumeric)).then_some(end)
    })
}

/// Replaces whatever `measure` finds the length of at the beginning of a word.
fn replace_each(text: &str, by: &str, measure: impl Fn(&str) -> Option<usize>) -> String {
    let mut replaced = String::new();
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        let within_word = replaced.ends_with(|c: char| c.is_alphanumeric() || c == '.' || c == '_');
        if let Some(length) = measure(rest).filter(|_| !within_word) {
            replaced.push_str(by);
            rest = &rest[length..];
        } else {
            replaced.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    replaced
}

/// Returns the length of the shape where the text begins so; a 9 stands for any digit.
fn prefix_of_shape(text: &str, shape: &str) -> Option<usize> {
    let fits = |(found, wanted): (u8, u8)| {
        if wanted == b'9' {
            found.is_ascii_digit()
        } else {
            found == wanted
        }
    };
    (text.len() >= shape.len() && text.bytes().zip(shape.bytes()).all(fits)).then_some(shape.len())
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}
