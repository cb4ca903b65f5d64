//! `pgrole rotate` and `pgrole recover run` killed at random instants, the server and its sessions too: whatever
//! happens, the password in force is in the file where it was to be delivered.
//!
//! `PGROLE_CRASH_ROUNDS` sets the number of kills, `PGROLE_CRASH_SEED` repeats a run; `scripts/crash N` for long runs.

#[path = "../harness/mod.rs"]
mod harness;

use std::collections::hash_map::RandomState;
use std::fs;
use std::hash::{BuildHasher, Hasher};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use harness::{Cluster, Sandbox, servers, sqlite};

/// Kills in a run of CI.
const ROUNDS: u64 = 200;
/// Kills of the control, which is to lose passwords.
const CONTROL_ROUNDS: u64 = 30;

/// Random numbers that a seed repeats (SplitMix64, <https://prng.di.unimi.it/splitmix64.c>).
struct Dice(u64);

impl Dice {
    fn new() -> Self {
        let seed = harness::variable("PGROLE_CRASH_SEED").and_then(|seed| seed.parse().ok());
        let seed = seed.unwrap_or_else(|| RandomState::new().build_hasher().finish() >> 1);
        eprint(&format!("PGROLE_CRASH_SEED={seed}"));
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// True once in `many` throws.
    fn once_in(&mut self, many: u64) -> bool {
        self.next().is_multiple_of(many)
    }

    /// An instant within `length`, each as likely as another.
    fn instant_within(&mut self, length: Duration) -> Duration {
        let micros = u64::try_from(length.as_micros()).expect("a run is short");
        Duration::from_micros(self.next() % micros.max(1))
    }
}

#[derive(Debug, Default)]
struct Figures {
    rotations_killed: u64,
    recoveries_killed: u64,
    sessions_ended: u64,
    servers_stopped: u64,
    logins_proved: u64,
}

/// A cluster of its own, for it is stopped at random, with roles whose passwords go to files.
struct Rig {
    cluster: Cluster,
    sandbox: Sandbox,
    files: PathBuf,
    roles: Vec<String>,
}

impl Rig {
    fn new() -> Self {
        // What the server acknowledges must survive its immediate stop, as it does where it matters.
        let cluster = Cluster::private(|cluster| cluster.setting("synchronous_commit", "on"));
        let mut sandbox = Sandbox::new().with_admin(&cluster);
        sandbox.register(&cluster, "dev", "postgres");
        let files = sandbox.path().join("files");
        fs::create_dir(&files).expect("the sandbox can be written");
        let roles: Vec<_> = (1..=3).map(|number| format!("role_{number}")).collect();
        let deliver = format!("file:{}/{{username}}", files.display());
        for role in &roles {
            let user = [
                "user", "readonly", "-e", "dev", "-d", "postgres", "-u", role,
            ];
            let created = sandbox.pgrole(user).args(["--deliver", &deliver]).run();
            created.expect_status(0);
        }
        Self {
            cluster,
            sandbox,
            files,
            roles,
        }
    }

    fn rotation(&self) -> harness::sandbox::Running {
        let rotate = ["rotate", "--jobs", "2", "--timeout", "5"];
        self.sandbox.pgrole(rotate).spawn()
    }

    /// How long a rotation takes that nothing disturbs.
    fn length(&self) -> Duration {
        let started = Instant::now();
        self.rotation().wait().expect_status(0);
        started.elapsed()
    }

    fn end_sessions(&self) {
        let end = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name LIKE 'pgrole%'";
        self.cluster.psql("postgres", end);
    }

    fn recover(&self) {
        self.sandbox
            .pgrole(["recover", "run"])
            .run()
            .expect_status(0);
    }

    fn journal(&self, role: &str) -> String {
        let rows = format!(
            "SELECT operation_id, kind, state, created_at, updated_at, error FROM password_change
             WHERE username = '{role}' ORDER BY created_at DESC LIMIT 5"
        );
        sqlite::query(&self.sandbox.registry(), &rows)
    }

    /// The file holds the password in force, nothing is left sealed, no half-written file is left.
    fn check(&self, figures: &mut Figures) {
        for role in &self.roles {
            let text = fs::read_to_string(self.files.join(role)).expect("the file was delivered");
            let object: serde_json::Value = serde_json::from_str(&text).expect("the file is whole");
            let password = object["password"]
                .as_str()
                .expect("the file has a password");
            let login = self.cluster.client_as(role, password, "postgres");
            assert!(
                login.is_ok(),
                "the password of {role} is lost: {text}{}",
                self.journal(role)
            );
            figures.logins_proved += 1;
        }
        let registry = self.sandbox.registry();
        let sealed = "SELECT count(*) FROM password_change WHERE sealed IS NOT NULL";
        assert_eq!(sqlite::query(&registry, sealed), "0");
        let open = "SELECT count(*) FROM password_change WHERE state NOT IN ('CLOSED', 'ABORTED', 'SUPERSEDED')";
        assert_eq!(sqlite::query(&registry, open), "0");
        let entries = fs::read_dir(&self.files).expect("the folder is there");
        let names = entries.map(|entry| entry.expect("the folder can be read").file_name());
        let mut names: Vec<_> = names
            .map(|name| name.to_string_lossy().into_owned())
            .collect();
        names.sort();
        assert_eq!(names, self.roles, "half-written files are left");
    }
}

#[test]
fn no_password_is_lost_whatever_is_killed() {
    let rounds = harness::variable("PGROLE_CRASH_ROUNDS");
    let rounds = rounds.map_or(ROUNDS, |rounds| rounds.parse().expect("a number of rounds"));
    let rig = Rig::new();
    let length = rig.length().max(rig.length());
    let mut dice = Dice::new();
    let mut figures = Figures::default();
    for round in 0..rounds {
        let instant = dice.instant_within(length);
        eprint_each(round, &format!("round {round} of {rounds}, {figures:?}"));
        let running = rig.rotation();
        std::thread::sleep(instant);
        if dice.once_in(10) {
            rig.end_sessions();
            figures.sessions_ended += 1;
        } else if dice.once_in(20) {
            rig.cluster.stop_immediate();
            rig.cluster.start();
            figures.servers_stopped += 1;
        }
        running.kill();
        figures.rotations_killed += 1;
        if dice.once_in(4) {
            let recovery = rig.sandbox.pgrole(["recover", "run"]).spawn();
            std::thread::sleep(dice.instant_within(length));
            recovery.kill();
            figures.recoveries_killed += 1;
        }
        rig.recover();
        rig.check(&mut figures);
    }
    check_audit(&rig, rounds);
    eprint(&format!(
        "a rotation takes {length:?}; {figures:?}; lost: 0"
    ));
}

/// Each change that the audit log calls done or recovered is one that the journal has ended so.
fn check_audit(rig: &Rig, rounds: u64) {
    let registry = rig.sandbox.registry();
    let untrue = "SELECT count(*) FROM audit_log a JOIN password_change c USING (operation_id)
        WHERE a.stage = 'outcome' AND a.status = 'password reset' AND c.state NOT IN ('CLOSED', 'SUPERSEDED')";
    assert_eq!(sqlite::query(&registry, untrue), "0");
    let without_intent = "SELECT count(*) FROM password_change c WHERE NOT EXISTS (
        SELECT 1 FROM audit_log a WHERE a.operation_id = c.operation_id AND a.stage = 'intent')";
    assert_eq!(sqlite::query(&registry, without_intent), "0");
    let cut_off = "SELECT count(*) > 0 FROM audit_log a WHERE a.stage = 'intent' AND a.operation = 'rotate'
        AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.operation_id = a.operation_id AND o.stage = 'outcome')";
    // Few rounds may by chance cut nothing off.
    if rounds >= 50 {
        assert_eq!(
            sqlite::query(&registry, cut_off),
            "1",
            "no kill hit anything"
        );
    }
}

/// The same killing of a program that alters first and writes down after: it must lose, or the rig does not bite.
#[test]
fn a_program_that_alters_first_and_writes_later_loses_passwords() {
    let cluster = Cluster::private(|configuration| configuration);
    let sandbox = Sandbox::new();
    let file = sandbox.path().join("password");
    cluster.psql("postgres", "CREATE ROLE control LOGIN PASSWORD 'first'");
    let script = format!(
        "n=0; while :; do n=$((n + 1)); password=p$n-$$
         '{}' -X -q -h 127.0.0.1 -p {} -U postgres -d postgres -c \"ALTER ROLE control PASSWORD '$password'\" || exit
         printf %s \"$password\" > '{}'; done",
        servers::psql().display(),
        cluster.port(),
        file.display()
    );
    let mut dice = Dice::new();
    let mut lost = 0;
    for _ in 0..CONTROL_ROUNDS {
        let mut child = Command::new("sh")
            .args(["-c", &script])
            .env("PGPASSWORD", cluster.password())
            .env("PGAPPNAME", "control")
            .stderr(Stdio::null())
            .spawn()
            .expect("sh starts");
        std::thread::sleep(
            Duration::from_millis(100) + dice.instant_within(Duration::from_millis(200)),
        );
        child.kill().expect("the child is ours");
        child.wait().expect("the child has ended");
        let sessions = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'control'";
        while cluster.psql("postgres", sessions) != "0" {
            std::thread::yield_now();
        }
        let password = fs::read_to_string(&file).unwrap_or_default();
        lost += u64::from(cluster.client_as("control", &password, "postgres").is_err());
    }
    eprint(&format!(
        "control: {lost} of {CONTROL_ROUNDS} kills lost a password"
    ));
    assert!(
        lost * 10 > CONTROL_ROUNDS,
        "{lost} of {CONTROL_ROUNDS}: the rig does not bite"
    );
}

#[allow(
    clippy::print_stderr,
    reason = "the figures of a run, shown with --nocapture"
)]
fn eprint(text: &str) {
    eprintln!("{text}");
}

fn eprint_each(round: u64, text: &str) {
    if round.is_multiple_of(100) {
        eprint(text);
    }
}
