//! The recipes of `contrib/deliver`, which put passwords into secret managers: each against a server on loopback that
//! behaves like the manager, where that itself cannot be had.

mod aws;
mod kubernetes;
mod vault;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::harness::sandbox::TIMEOUT;
use crate::harness::stream::Stream;
use crate::harness::{servers, sqlite};
use crate::scene::{Login, Scene};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/recipes")
}

/// Where a recipe is, as a word of `--deliver`.
fn recipe(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("contrib/deliver");
    format!("exec:{}", path.join(name).display())
}

/// Whether the program is here; otherwise the calling test is skipped.
#[track_caller]
fn has(program: &str) -> bool {
    let found = ["/usr/bin", "/bin"].map(|folder| Path::new(folder).join(program));
    let found = found.iter().any(|path| path.exists());
    if !found {
        servers::skip(&format!("no {program} here: scripts/test installs it"));
    }
    found
}

/// A server in Python, which prints its port, then what it is given, and ends with its input.
struct StandIn {
    port: u16,
    process: Child,
    stdout: Arc<Stream>,
}

impl StandIn {
    fn start(python: &Path, program: &str, arguments: &[&str]) -> Self {
        let mut command = Command::new(python);
        command.arg(folder().join(program)).args(arguments);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut process = command.spawn().expect("python runs");
        let stdout = Stream::of(process.stdout.take().expect("standard output is a pipe"));
        Self {
            port: stdout.expect_port(),
            process,
            stdout,
        }
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Waits for what is written next.
    #[track_caller]
    fn next_written(&self) -> Value {
        let line = self.stdout.expect("\n", Instant::now() + TIMEOUT);
        let line = line.unwrap_or_else(|reason| panic!("nothing was written: {reason}"));
        serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"))
    }

    /// What was written that nobody has asked for.
    fn rest(mut self) -> String {
        drop(self.process.stdin.take());
        self.process.wait().expect("our own child");
        self.stdout.rest()
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn system_python() -> &'static Path {
    Path::new("/usr/bin/python3")
}

/// Rotates the role's password, and returns as what programs were started for it, with their arguments and environment:
/// nothing if strace is not here.
#[track_caller]
fn rotate_under_strace(scene: &Scene<'_>, role: &str) -> String {
    let run = scene
        .sandbox
        .pgrole(["rotate", "-u", role, "--any-age", "--yes"]);
    if !has("strace") {
        run.run().expect_status(0);
        return String::new();
    }
    let run = run.command();
    let trace = scene.sandbox.path().join("trace");
    let mut strace = Command::new("strace");
    let variables = run.get_envs();
    strace
        .env_clear()
        .envs(variables.filter_map(|(name, value)| Some((name, value?))));
    strace.current_dir(run.get_current_dir().unwrap_or(scene.sandbox.path()));
    strace.args(["-f", "-v", "-s", "100000", "-e", "trace=execve", "-o"]);
    strace
        .arg(&trace)
        .arg(run.get_program())
        .args(run.get_args());
    scene.sandbox.outcome_of(strace).expect_status(0);
    let started = fs::read_to_string(trace).expect("strace wrote it");
    assert!(started.contains("contrib/deliver/"), "{started}");
    started
}

/// Asserts that neither the password nor its base64 was an argument or in the environment.
#[track_caller]
fn expect_hidden(password: &str, started: &str) {
    let encoded = STANDARD.encode(password);
    for form in [password, &encoded] {
        assert!(!started.contains(form), "{form}: {started}");
    }
}

/// The login of what a secret holds.
#[track_caller]
fn login_of(held: &Value) -> Login {
    let text = |key: &str| {
        held[key]
            .as_str()
            .unwrap_or_else(|| panic!("{held}"))
            .to_owned()
    };
    Login {
        name: text("username"),
        password: text("password"),
    }
}

/// The ID of the only operation that changed a password.
fn operation_id(scene: &Scene<'_>) -> String {
    sqlite::query(
        &scene.sandbox.registry(),
        "SELECT operation_id FROM password_change",
    )
}
