//! SIGINT, SIGTERM and SIGHUP at random moments: pgrole ends soon, says so by its exit status, and loses nothing.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{OPEN_ENDS, is_long, say};
use crate::crash::dice::{Dice, number};
use crate::harness::sandbox::Run;
use crate::harness::sqlite;
use crate::scene::{Login, Scene};

const SHORT: u64 = 24;
const LONG: u64 = 300;
/// `--timeout`, in seconds; no run takes more than 5 longer.
const LIMIT: u64 = 5;
/// The signals with their numbers.
const SIGNALS: [(&str, i32); 3] = [("INT", 2), ("TERM", 15), ("HUP", 1)];
const ACTS: [&str; 4] = ["create", "reset", "rotate", "list"];
/// How late a run may still get its signal: what follows its result counts, too.
const PAST_THE_END: f64 = 1.1;

struct Signalled<'s> {
    scene: &'s Scene<'s>,
    folder: PathBuf,
    created: u32,
}

impl Signalled<'_> {
    fn prepare(&mut self, act: &str) -> Run<'_> {
        let database = self.scene.database();
        let deliver = format!("file:{}/{{username}}", self.folder.display());
        let limit = LIMIT.to_string();
        let words: Vec<String> = match act {
            "rotate" => "rotate --any-age --yes --jobs 2"
                .split(' ')
                .map(str::to_owned)
                .collect(),
            "list" => ["user", "list"].map(str::to_owned).into(),
            _ => {
                let role = match act {
                    "create" => {
                        self.created += 1;
                        self.scene.role(&format!("new{}", self.created))
                    }
                    _ => self.scene.role("a"),
                };
                let verb = if act == "create" { "readonly" } else { act };
                let words = ["user", verb, "-e", "dev", "-d", database, "-u", &role];
                let words = words.into_iter().chain(["--deliver", &deliver]);
                words.map(str::to_owned).collect()
            }
        };
        self.scene.sandbox.pgrole(words).args(["--timeout", &limit])
    }

    /// Each role that is there logs in with what was delivered, and nothing else was delivered.
    #[track_caller]
    fn check_passwords(&self, told: &str) {
        let mut delivered: Vec<_> = fs::read_dir(&self.folder)
            .expect("the folder is there")
            .map(|entry| entry.expect("it can be read").file_name())
            .map(|name| name.into_string().expect("names are ours"))
            .collect();
        delivered.sort();
        let roles = self.scene.psql(
            "SELECT rolname FROM pg_authid WHERE starts_with(rolname, current_database() || '_')
             AND rolpassword IS NOT NULL ORDER BY rolname COLLATE \"C\"",
        );
        assert_eq!(roles.lines().collect::<Vec<_>>(), delivered, "{told}");
        for role in delivered {
            let object = fs::read_to_string(self.folder.join(&role)).expect("it is there");
            let object: Value = serde_json::from_str(&object).expect("a whole object");
            let password = object["password"].as_str().expect("a password").to_owned();
            let name = role;
            let tried = self.scene.psql_as(&Login { name, password }, "SELECT 1");
            assert_eq!(tried.status(), Some(0), "lost: {tried}{told}");
        }
    }

    /// Fewer roles make fewer logins to check.
    fn drop_created(&self) {
        for number in 1..=self.created {
            let role = self.scene.role(&format!("new{number}"));
            let file = self.folder.join(&role);
            if fs::remove_file(file).is_ok() {
                let drop = ["user", "drop", "-e", "dev", "-d", self.scene.database()];
                let drop = self.scene.sandbox.pgrole(drop);
                drop.args([&role, "--yes"]).run().expect_status(0);
            }
        }
    }
}

#[test]
fn a_signal_at_any_moment_ends_the_run_soon_and_loses_no_password() {
    let scene = Scene::new();
    let folder = scene.sandbox.path().join("out");
    fs::create_dir(&folder).expect("the sandbox can be written");
    let mut signalled = Signalled {
        scene: &scene,
        folder,
        created: 0,
    };
    for name in ["a", "b", "c"] {
        let role = scene.role(name);
        let deliver = format!("file:{}/{{username}}", signalled.folder.display());
        let create = ["-u", &role, "--deliver", &deliver];
        scene.user("readonly", &create).run().expect_status(0);
    }
    let lengths = ACTS.map(|act| {
        let started = Instant::now();
        signalled.prepare(act).run().expect_status(0);
        started.elapsed()
    });
    let seed = number("PGROLE_FAULTS_SEED").unwrap_or(14);
    let rounds = if is_long() { LONG } else { SHORT };
    let (mut ended, mut longest) = (BTreeMap::new(), Duration::ZERO);
    for round in 0..rounds {
        let mut dice = Dice::new(seed, round);
        // Each signal with each act, in turn.
        let turn = usize::try_from(round).expect("there are few");
        let (act, length) = (ACTS[turn % ACTS.len()], lengths[turn % ACTS.len()]);
        let (signal, signal_number) = SIGNALS[turn % SIGNALS.len()];
        let instant = dice.instant(length.mul_f64(PAST_THE_END));
        let registry = scene.sandbox.registry();
        let open_before = sqlite::query(&registry, OPEN_ENDS);
        let run = signalled.prepare(act).spawn();
        std::thread::sleep(instant);
        let sent = Instant::now();
        run.signal(signal);
        let outcome = run.wait();
        let took = sent.elapsed();
        longest = longest.max(took);
        let told = format!("seed {seed}, round {round}: {signal} after {instant:?}: {outcome}");
        assert!(took < Duration::from_secs(LIMIT + 5), "{took:?}, {told}");
        assert!(!outcome.stderr.contains("panicked"), "{told}");
        match outcome.status() {
            // 8: between the delivery and the last look at the server.
            Some(0 | 8 | 130) => {
                let open = sqlite::query(&registry, OPEN_ENDS);
                assert_eq!(open, open_before, "an intent without its outcome: {told}");
            }
            // Before there was anything to end.
            None => {
                let by = format!("--- ended by signal {signal_number}\n");
                assert!(told.contains(&by), "{told}");
            }
            Some(_) => panic!("{told}"),
        }
        let status = outcome.status().unwrap_or(128 + signal_number);
        *ended.entry((act, status)).or_insert(0) += 1;
        let recovered = scene.sandbox.pgrole(["recover", "run"]).run();
        assert_eq!(recovered.status(), Some(0), "{told}{recovered}");
        let open = scene.sandbox.pgrole(["recover", "list"]).run();
        assert_eq!(open.json(), serde_json::json!([]), "{told}{open}");
        let verified = scene.sandbox.pgrole(["audit", "verify"]).run();
        assert_eq!(verified.status(), Some(0), "{told}{verified}");
        signalled.check_passwords(&told);
        if round % 12 == 11 {
            signalled.drop_created();
        }
    }
    say(&format!(
        "signals: {rounds}, none lost, at most {} ms to the end: {ended:?} (seed {seed})",
        longest.as_millis()
    ));
}
