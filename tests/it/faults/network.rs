//! A network that spoils one message of a run, each in turn: pgrole comes to an end in time, says that it failed if it did, and
//! loses no password.

use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{is_long, rounds, say};
use crate::crash::dice::{self, Dice, number};
use crate::harness::fault_proxy::{Fault, FaultProxy};
use crate::harness::{Cluster, Outcome};
use crate::scene::Scene;

/// How many rounds of each command the long form has at least: with six commands, some 400.
const LONG: usize = 67;
const TIMEOUT: &str = "1";
/// A run has a deadline for the login, one for what it reads and one for what it changes; and 5 s.
const LONGEST: Duration = Duration::from_secs(3 + 5);

/// A role on a server behind the proxy.
struct Play {
    scene: Scene<'static>,
    proxy: FaultProxy,
    role: String,
    file: PathBuf,
}

impl Play {
    /// The groups are in place: the first grants in a database have a deadline of their own.
    fn new() -> Self {
        let mut scene = Scene::new();
        let proxy = FaultProxy::before(scene.cluster);
        let database = scene.database().to_owned();
        let leave = scene.pgrole("registry remove", &["--yes"]);
        leave.run().expect_status(0);
        scene
            .sandbox
            .register_on_port(proxy.port(), "dev", &database);
        let plain = scene.pgrole("registry update", &["--sslmode", "disable"]);
        plain.run().expect_status(0);
        let mut play = Self {
            role: String::new(),
            file: PathBuf::new(),
            scene,
            proxy,
        };
        play.name("jane");
        play.run(&["user", "readonly"]).1.expect_status(0);
        play
    }

    /// Plays with a role of that name from now on.
    fn name(&mut self, name: &str) {
        self.role = self.scene.role(name);
        self.file = self.scene.sandbox.path().join(name);
    }

    fn run(&self, command: &[&str]) -> (Duration, Outcome) {
        let deliver = format!("file:{}", self.file.display());
        let mut arguments = command.to_vec();
        if command[0] != "registry" && command != ["user", "list"] {
            arguments.extend(["-u", &self.role]);
        }
        if matches!(command, ["user", "readonly" | "reset", ..]) {
            let target = ["-e", "dev", "-d", self.scene.database()];
            arguments.extend(target);
            arguments.extend(["--deliver", &deliver]);
        }
        let run = self.scene.sandbox.pgrole(arguments);
        let begun = Instant::now();
        let outcome = run.args(["--timeout", TIMEOUT, "--yes"]).run();
        (begun.elapsed(), outcome)
    }

    fn may_log_in(&self) -> bool {
        let Ok(object) = fs::read_to_string(&self.file) else {
            return false;
        };
        let object: Value = serde_json::from_str(&object).expect("a whole object");
        let password = object["password"].as_str().unwrap_or_default();
        let cluster: &Cluster = self.scene.cluster;
        cluster
            .client_as(&self.role, password, self.scene.database())
            .is_ok()
    }

    /// Runs it with the fault, and then `recover run` without one.
    fn play(&self, command: &[&str], fault: Fault, at: usize, told: &str) {
        self.proxy.spoil(fault, at);
        let (took, outcome) = self.run(command);
        self.proxy.heal();
        let told = format!("{told}: {fault:?} at {at}, took {took:?}: {outcome}");
        assert!(!outcome.stderr.contains("panicked"), "{told}");
        assert!(took < LONGEST, "{told}");
        let status = outcome.status().unwrap_or_else(|| panic!("{told}"));
        let is_change = !matches!(command, ["user", "find" | "list"] | ["registry", ..]);
        if !is_change {
            let is_told = outcome.stdout.contains(self.scene.database());
            assert!(status != 0 || is_told, "{told}");
            return;
        }
        assert!(status != 0 || self.may_log_in(), "not done: {told}");
        let recovered = self.scene.sandbox.pgrole(["recover", "run"]).run();
        let told = format!("{told}{recovered}");
        assert_eq!(recovered.status(), Some(0), "{told}");
        let exists = format!("SELECT 1 FROM pg_roles WHERE rolname = '{}'", self.role);
        let exists = self.scene.psql(&exists) == "1";
        assert!(self.may_log_in() || !exists, "lost: {told}");
        assert!(exists || command[1] == "readonly", "{told}");
    }
}

/// Plays the command with faults: each kind of them, at messages that the seed draws.
fn play_with_faults(command: &[&str]) {
    let mut play = Play::new();
    play.proxy.heal();
    if command == ["user", "readonly"] {
        play.name("joe");
    }
    play.run(command).1.expect_status(0);
    let messages = play.proxy.seen() as u64;
    assert!(messages > 0, "nothing went through the proxy");
    let seed = number("PGROLE_FAULTS_SEED");
    let seed = seed.unwrap_or_else(|| if is_long() { dice::fresh_seed() } else { 14 });
    let rounds = rounds().map_or(Fault::ALL.len(), |rounds| rounds.max(LONG));
    for round in 0..rounds {
        let fault = Fault::ALL[round % Fault::ALL.len()];
        let at = Dice::new(seed, round as u64).below(messages);
        let at = usize::try_from(at).expect("a run has few messages");
        if command == ["user", "readonly"] {
            play.name(&format!("new{round}"));
        }
        let told = format!("PGROLE_FAULTS_SEED={seed}, round {round}");
        play.play(command, fault, at, &told);
    }
    let verify = play.scene.sandbox.pgrole(["audit", "verify"]);
    verify.run().expect_status(0);
    let command = command.join(" ");
    say(&format!(
        "{command}: {rounds} network faults at {messages} messages, 0 passwords lost"
    ));
}

#[test]
fn a_creation() {
    play_with_faults(&["user", "readonly"]);
}

#[test]
fn a_reset() {
    play_with_faults(&["user", "reset"]);
}

#[test]
fn a_rotation() {
    play_with_faults(&["rotate", "--any-age", "--jobs", "1"]);
}

#[test]
fn a_search() {
    play_with_faults(&["user", "find"]);
}

#[test]
fn a_list() {
    play_with_faults(&["user", "list"]);
}

#[test]
fn a_check() {
    play_with_faults(&["registry", "check"]);
}
