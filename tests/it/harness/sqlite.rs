//! The registry file from outside: the `sqlite3` program that people use on it.

use std::io::Write;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use super::sandbox::{Outcome, TIMEOUT, argv_of};
use super::stream::Stream;

/// Runs statements on the file by the `sqlite3` program, as its owner would at a prompt.
#[track_caller]
pub fn sqlite3(file: &Path, sql: &str) -> Outcome {
    let mut command = Command::new("sqlite3");
    // A command under test may be writing.
    command
        .args(["-bail", "-cmd", ".timeout 10000"])
        .arg(file)
        .arg(sql);
    Outcome::of(command)
}

/// Returns what a query prints, without the last line end.
#[track_caller]
pub fn query(file: &Path, sql: &str) -> String {
    let outcome = sqlite3(file, sql);
    outcome.expect_status(0);
    outcome.stdout.trim_end_matches('\n').to_owned()
}

/// A `sqlite3` that has the file open until it is dropped, so that the log beside the file stays.
pub struct Reader {
    _until_dropped: Prompt,
}

impl Reader {
    #[track_caller]
    pub fn on(file: &Path) -> Self {
        Self {
            _until_dropped: Prompt::after(file, "SELECT count(*) FROM sqlite_schema;"),
        }
    }
}

/// A `sqlite3` that holds the file's write lock until it is dropped.
pub struct Lock {
    _until_dropped: Prompt,
}

impl Lock {
    #[track_caller]
    pub fn on(file: &Path) -> Self {
        Self::after(file, "")
    }

    /// Commits these statements first; being killed, it leaves them in the log beside the file.
    #[track_caller]
    pub fn after(file: &Path, statements: &str) -> Self {
        let statements = format!("{statements}\nBEGIN IMMEDIATE;");
        Self {
            _until_dropped: Prompt::after(file, &statements),
        }
    }
}

/// A `sqlite3` that waits at its prompt. Dropping it kills it.
struct Prompt(Child);

impl Prompt {
    #[track_caller]
    fn after(file: &Path, statements: &str) -> Self {
        let mut command = Command::new("sqlite3");
        command.arg("-bail").arg(file);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("cannot run {}: {error}", argv_of(&command)));
        let stdout = Stream::of(child.stdout.take().expect("standard output is a pipe"));
        let stdin = child.stdin.as_mut().expect("standard input is a pipe");
        let input = format!("{statements}\n.print ready\n");
        stdin
            .write_all(input.as_bytes())
            .expect("sqlite3 reads its input");
        if let Err(reason) = stdout.expect("ready", Instant::now() + TIMEOUT) {
            panic!("sqlite3 on {}: {reason}", file.display());
        }
        Self(child)
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
