//! Runs of pgrole under strace, which injects an error or a signal at a system call.

use std::fs;
use std::process::{Command, Stdio};

use crate::harness::{Outcome, Sandbox, servers};

/// What happens to which calls, as in strace(1): `error=EIO` or `signal=KILL`, when `3` or `3+`. Each thread has a count of its
/// own.
#[derive(Debug, Clone, Copy)]
pub struct Injection<'i> {
    pub calls: &'i str,
    pub what: &'i str,
    pub when: &'i str,
}

/// Runs pgrole, and returns with how it ended which of the calls it made; `None` without strace.
pub fn run_with(
    sandbox: &Sandbox,
    arguments: &[&str],
    calls: &str,
    injection: Option<Injection<'_>>,
) -> Option<(Outcome, String)> {
    let run = sandbox.pgrole(arguments.iter().copied()).command();
    let trace = sandbox.path().join("trace");
    let mut strace = Command::new("strace");
    strace.env_clear();
    for (name, value) in run.get_envs() {
        strace.env(name, value.expect("nothing is taken away"));
    }
    strace.current_dir(run.get_current_dir().unwrap_or(sandbox.path()));
    strace.args(["-f", "-y", "-o"]).arg(&trace);
    strace.args(["-e", &format!("trace={calls}")]);
    if let Some(Injection { calls, what, when }) = injection {
        strace.args(["-e", &format!("inject={calls}:{what}:when={when}")]);
    }
    strace.arg(run.get_program()).args(run.get_args());
    strace.stdin(Stdio::null());
    if Command::new("strace").arg("-V").output().is_err() {
        servers::skip("no strace here: scripts/test installs it");
        return None;
    }
    let outcome = sandbox.outcome_of(strace);
    if outcome.stderr.contains("strace: ") {
        servers::skip("no right to trace");
        return None;
    }
    let trace = fs::read_to_string(trace).expect("strace wrote it");
    assert!(!outcome.stderr.contains("panicked"), "{outcome}");
    Some((outcome, trace))
}
