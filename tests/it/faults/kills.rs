//! A kill at each write, sync and rename of the acts that a password or the registry depends on (strace sends the signal):
//! the next run works or says what to do, recovery ends what is open, and no password is lost.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use super::strace::{self, Injection};
use super::{is_long, say, with_own_login};
use crate::crash::login::{self, Admin, Keeper};
use crate::harness::{Outcome, Sandbox, sqlite};
use crate::scene::{Login, Scene};

/// What changes a file, or tells the server or the operator something.
const CALLS: &str = "write,writev,pwrite64,sendto,sendmsg,fsync,fdatasync,ftruncate,rename,renameat,renameat2,link,\
                     linkat,unlink,unlinkat,mkdir,mkdirat";
/// How many of an act's calls the short form kills at.
const SHORT: usize = 6;

/// Changes that ended without their outcome in the log.
const UNSAID: &str = "SELECT count(*) FROM password_change c WHERE state IN ('CLOSED', 'ABORTED', 'SUPERSEDED')
    AND NOT EXISTS (SELECT 1 FROM audit_log o WHERE o.stage = 'outcome' AND o.operation_id = c.operation_id)";

/// What is run first after the kill.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    Recover,
    /// The same command.
    Again,
}

impl Next {
    const BOTH: [Self; 2] = [Self::Recover, Self::Again];
}

/// The calls of a whole run, each with its number among those of its name.
fn calls(trace: &str) -> Vec<(&str, usize)> {
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut found = Vec::new();
    for line in trace.lines() {
        let Some((thread, call)) = line.split_once(' ') else {
            continue;
        };
        // Not the end of a call (`<... write resumed>`), a signal or an exit.
        let Some((name, _)) = call.trim_start().split_once('(') else {
            continue;
        };
        if !name.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            continue;
        }
        let count = counts.entry((thread, name)).or_default();
        *count += 1;
        // strace counts in each thread: of two with one number, the first is killed at.
        if !found.contains(&(name, *count)) {
            found.push((name, *count));
        }
    }
    found
}

/// Plays an act without a kill, then with one at each of its calls; in the short form at some of them.
fn kill_at_each_call(
    act: &str,
    mut play: impl FnMut(Option<Injection<'_>>, Next) -> Option<String>,
) {
    let Some(whole) = play(None, Next::Recover) else {
        return;
    };
    let calls = calls(&whole);
    let step = if is_long() {
        1
    } else {
        calls.len().div_ceil(SHORT)
    };
    let (mut runs, mut kills) = (0, 0);
    for (place, (call, number)) in calls.iter().enumerate().step_by(step) {
        for next in Next::BOTH {
            if !is_long() && next != Next::BOTH[place / step % 2] {
                continue;
            }
            let injection = Injection {
                calls: call,
                what: "signal=KILL",
                when: &number.to_string(),
            };
            let Some(trace) = play(Some(injection), next) else {
                return;
            };
            runs += 1;
            kills += usize::from(trace.contains("killed by SIGKILL"));
        }
    }
    say(&format!(
        "{act}: {kills} kills at {} calls, none lost",
        calls.len()
    ));
    // A run may take a shorter way than the first one did.
    assert!(kills * 10 >= runs * 8, "{act}: {kills} of {runs}");
}

/// It worked, or says what to do.
#[track_caller]
fn expect_hint(outcome: &Outcome) {
    let is_done = outcome.status() == Some(0);
    let says = |outcome: &Outcome| outcome.json_error()["error"]["hint"].is_string();
    assert!(is_done || says(outcome), "{outcome}no hint");
}

/// Settles what was cut off; then nothing is open, and the log is whole. What was printed is kept for a day.
#[track_caller]
fn settle(sandbox: &Sandbox, told: &mut String) -> Outcome {
    let recovered = sandbox.pgrole(["recover", "run"]).run();
    told.push_str(&recovered.to_string());
    assert_eq!(recovered.status(), Some(0), "{told}");
    assert!(!told.contains("panicked"), "{told}");
    let open = sandbox.pgrole(["recover", "list"]).run().json();
    let rows = open.as_array().expect("an array");
    let is_kept = |row: &Value| row["state"] == "DELIVERED" && row["deliver"] == "stdout";
    assert!(rows.iter().all(is_kept), "{told}{open}");
    let verified = sandbox.pgrole(["audit", "verify"]).run();
    assert_eq!(verified.status(), Some(0), "{told}{verified}");
    let unsaid = sqlite::query(&sandbox.registry(), UNSAID);
    assert_eq!(unsaid, "0", "{told}");
    assert_whole(sandbox, told);
    recovered
}

/// The files of the registry and of its keys are whole, and nothing is left of those that were being made.
#[track_caller]
fn assert_whole(sandbox: &Sandbox, told: &str) {
    let integrity = sqlite::query(&sandbox.registry(), "PRAGMA integrity_check");
    assert_eq!(integrity, "ok", "{told}");
    for name in names(&sandbox.home().join(".config/pgrole")) {
        assert!(!name.contains(".new"), "{name}: {told}");
    }
}

/// The names of a folder's files, in order.
fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let name = |entry: std::io::Result<fs::DirEntry>| {
        let name = entry.expect("the folder can be read").file_name();
        name.into_string().expect("names are ours")
    };
    let mut names: Vec<_> = entries.map(name).collect();
    names.sort();
    names
}

/// A role whose password goes to a file in a folder of its own.
struct Filed<'s> {
    scene: &'s Scene<'s>,
    role: String,
    folder: PathBuf,
}

impl<'s> Filed<'s> {
    fn of(scene: &'s Scene<'s>, name: &str) -> Self {
        let folder = scene.sandbox.path().join("out");
        fs::create_dir_all(&folder).expect("the sandbox can be written");
        Self {
            scene,
            role: scene.role(name),
            folder,
        }
    }

    /// `pgrole user VERB`, with the delivery to the file.
    fn command(&self, verb: &str) -> Vec<String> {
        let target = ["-e", "dev", "-d", self.scene.database(), "-u", &self.role];
        let deliver = format!("file:{}/{{username}}", self.folder.display());
        let words = ["user", verb].into_iter().chain(target);
        words
            .chain(["--deliver", &deliver])
            .map(str::to_owned)
            .collect()
    }

    fn exists(&self) -> bool {
        let exists = format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{}'",
            self.role
        );
        self.scene.psql(&exists) == "1"
    }

    #[track_caller]
    fn delivered_is_good(&self, told: &str) {
        assert_eq!(names(&self.folder), [self.role.as_str()], "{told}");
        let object = fs::read_to_string(self.folder.join(&self.role)).expect("the file is there");
        let object: Value = serde_json::from_str(&object).expect("a whole object");
        let password = object["password"].as_str().expect("a password").to_owned();
        assert!(logs_in(self.scene, &self.role, password), "lost: {told}");
    }
}

fn logs_in(scene: &Scene<'_>, role: &str, password: String) -> bool {
    let name = role.to_owned();
    let tried = scene.psql_as(&Login { name, password }, "SELECT 1");
    tried.status() == Some(0)
}

fn words(owned: &[String]) -> Vec<&str> {
    owned.iter().map(String::as_str).collect()
}

/// Runs a command with the kill, then once more if that comes next. Returns the trace and all that was said.
fn run_and_again(
    sandbox: &Sandbox,
    arguments: &[&str],
    injection: Option<Injection<'_>>,
    next: Next,
) -> Option<(String, String, Vec<Outcome>)> {
    let (outcome, trace) = strace::run_with(sandbox, arguments, CALLS, injection)?;
    let mut told = format!("{injection:?}, then {next:?}: {outcome}");
    let mut outcomes = vec![outcome];
    if next == Next::Again {
        let again = sandbox.pgrole(arguments.iter().copied()).run();
        told.push_str(&again.to_string());
        expect_hint(&again);
        outcomes.push(again);
    }
    Some((trace, told, outcomes))
}

#[test]
fn a_creation_that_is_killed_at_any_call_loses_no_password() {
    kill_at_each_call("create", |injection, next| {
        // The first login of a sandbox and of a database: keys and groups are made, too.
        let scene = Scene::new();
        let filed = Filed::of(&scene, "jane");
        let create = filed.command("readonly");
        let (trace, mut told, outcomes) =
            run_and_again(&scene.sandbox, &words(&create), injection, next)?;
        settle(&scene.sandbox, &mut told);
        if filed.exists() {
            filed.delivered_is_good(&told);
        } else {
            assert_eq!(names(&filed.folder), [""; 0], "{told}");
            let is_created = |outcome: &Outcome| outcome.status() == Some(0);
            assert!(!outcomes.iter().any(is_created), "{told}");
            // What was cut off does not stand in the way.
            let again = scene.sandbox.pgrole(&create).run();
            assert_eq!(again.status(), Some(0), "{told}{again}");
            filed.delivered_is_good(&told);
        }
        Some(trace)
    });
}

#[test]
fn a_reset_that_is_killed_at_any_call_loses_no_password() {
    let scene = Scene::new();
    let filed = Filed::of(&scene, "jane");
    let create = filed.command("readonly");
    scene.sandbox.pgrole(&create).run().expect_status(0);
    let reset = filed.command("reset");
    kill_at_each_call("reset", |injection, next| {
        let (trace, mut told, _) = run_and_again(&scene.sandbox, &words(&reset), injection, next)?;
        settle(&scene.sandbox, &mut told);
        filed.delivered_is_good(&told);
        Some(trace)
    });
}

/// The passwords of rows, of which the last may be cut off.
fn printed(outcome: &Outcome) -> Vec<String> {
    // A document is written with a space there, a row without.
    let rows = outcome.stdout.replace("\": \"", "\":\"");
    let values = rows.split("\"password\":\"").skip(1);
    let whole = values.filter_map(|rest| rest.split_once('"'));
    whole.map(|(password, _)| password.to_owned()).collect()
}

#[test]
fn a_reset_to_standard_output_that_is_killed_at_any_call_loses_no_password() {
    let scene = Scene::new();
    let login = scene.create("readonly", "jane");
    let (role, mut known) = (login.name, vec![login.password]);
    let database = scene.database().to_owned();
    let reset = ["user", "reset", "-e", "dev", "-d", &database, "-u", &role];
    kill_at_each_call("reset to stdout", |injection, next| {
        let (trace, mut told, outcomes) = run_and_again(&scene.sandbox, &reset, injection, next)?;
        let mut shown: Vec<_> = outcomes.iter().flat_map(printed).collect();
        shown.extend(printed(&settle(&scene.sandbox, &mut told)));
        // The newest is the likeliest.
        known.extend(shown);
        let in_force = known.pop_if_logs_in(&scene, &role);
        let in_force = in_force.or_else(|| {
            // Printed by a run whose reader was killed with it: the sealed copy is kept.
            let newest =
                "SELECT operation_id FROM password_change ORDER BY created_at DESC LIMIT 1";
            let id = sqlite::query(&scene.sandbox.registry(), newest);
            let again = scene.sandbox.pgrole(["recover", "run", &id]).run();
            told.push_str(&again.to_string());
            printed(&again).pop_if_logs_in(&scene, &role)
        });
        known = vec![in_force.unwrap_or_else(|| panic!("lost: {told}"))];
        Some(trace)
    });
}

trait Candidates {
    fn pop_if_logs_in(&mut self, scene: &Scene<'_>, role: &str) -> Option<String>;
}

impl Candidates for Vec<String> {
    /// Takes passwords from the end until one is in force.
    fn pop_if_logs_in(&mut self, scene: &Scene<'_>, role: &str) -> Option<String> {
        while let Some(password) = self.pop() {
            if logs_in(scene, role, password.clone()) {
                return Some(password);
            }
        }
        None
    }
}

#[test]
fn a_rotation_that_is_killed_at_any_call_loses_no_password() {
    let scene = Scene::new();
    let filed = Filed::of(&scene, "jane");
    let create = filed.command("readonly");
    scene.sandbox.pgrole(&create).run().expect_status(0);
    let pgpass = scene.sandbox.path().join("pass");
    let role = scene.role("joe");
    let deliver = format!("pgpass:{}", pgpass.display());
    let other = ["-u", &role, "--deliver", &deliver];
    scene.user("readonly", &other).run().expect_status(0);
    let rotate = ["rotate", "--any-age", "--yes", "--jobs", "1"];
    kill_at_each_call("rotate", |injection, next| {
        let (trace, mut told, outcomes) = run_and_again(&scene.sandbox, &rotate, injection, next)?;
        if let [_, again] = &outcomes[..] {
            assert_eq!(again.status(), Some(0), "{told}");
        }
        settle(&scene.sandbox, &mut told);
        filed.delivered_is_good(&told);
        let lines = fs::read_to_string(&pgpass).expect("the file is there");
        let [line] = lines.lines().collect::<Vec<_>>()[..] else {
            panic!("{told}{lines}");
        };
        let password = line.rsplit(':').next().expect("a password").to_owned();
        assert!(logs_in(&scene, &role, password), "lost: {told}");
        Some(trace)
    });
}

#[test]
fn a_rotation_of_the_admin_login_that_is_killed_at_any_call_does_not_lose_it() {
    for (admin, keeper) in [
        (Admin::Superuser, Keeper::Pgpass),
        (Admin::Createrole, Keeper::Command),
    ] {
        let (cluster, sandbox, login) = with_own_login(admin, keeper);
        let rotate = ["credential", "rotate", "-e", "dev", "--yes"];
        kill_at_each_call(
            &format!("credential rotate, {keeper:?}"),
            |injection, next| {
                let (trace, mut told, _) = run_and_again(&sandbox, &rotate, injection, next)?;
                settle(&sandbox, &mut told);
                login.look_for_leftovers(&told);
                let password = login.on_record(&told);
                let tried = cluster.client_as(login::LOGIN, &password, "postgres");
                assert!(tried.is_ok(), "lost: {told}");
                Some(trace)
            },
        );
    }
}

#[test]
fn a_registry_whose_creation_is_killed_at_any_call_is_created_by_the_next_run() {
    let add = ["registry", "add", "-e", "dev", "-d", "app", "-H", "h"];
    kill_at_each_call("first open", |injection, _| {
        let sandbox = Sandbox::new();
        let (outcome, trace) = strace::run_with(&sandbox, &add, CALLS, injection)?;
        let again = sandbox.pgrole(add).run();
        let told = format!("{injection:?}: {outcome}{again}");
        assert_eq!(again.status(), Some(0), "{told}");
        let status = again.json()["status"].clone();
        assert!(
            status == "target added" || status == "unchanged",
            "{told}{status}"
        );
        sandbox.pgrole(["audit", "verify"]).run().expect_status(0);
        assert_whole(&sandbox, &told);
        Some(trace)
    });
}

/// Registries of earlier versions, with what is in them.
const OLDER: [(&str, &str); 2] = [
    ("version 3", include_str!("../audit/version_3.sql")),
    ("version 8", include_str!("../registry/schema_8.sql")),
];

#[test]
fn a_migration_that_is_killed_at_any_call_is_made_by_the_next_run() {
    let list = ["registry", "list"];
    for (older, sql) in OLDER {
        kill_at_each_call(&format!("migration of {older}"), |injection, _| {
            let sandbox = Sandbox::new();
            let registry = sandbox.registry();
            let folder = registry.parent().expect("a folder");
            fs::create_dir_all(folder).expect("the home can be written");
            sqlite::query(&registry, sql);
            let newest = sqlite::query(&registry, "SELECT max(id) FROM audit_log");
            // The migration itself is an event.
            let has = format!(
                "SELECT count(*) FROM db_registry; SELECT count(*) FROM audit_log WHERE id <= {newest}"
            );
            let before = sqlite::query(&registry, &has);
            let (outcome, trace) = strace::run_with(&sandbox, &list, CALLS, injection)?;
            let again = sandbox.pgrole(list).run();
            let told = format!("{injection:?}: {outcome}{again}");
            assert_eq!(again.status(), Some(0), "{told}");
            let rows = again.json().as_array().expect("an array").len().to_string();
            assert_eq!(before.lines().next(), Some(rows.as_str()), "{told}");
            assert_eq!(sqlite::query(&registry, &has), before, "{told}");
            let verified = sandbox.pgrole(["audit", "verify"]).run();
            assert_eq!(verified.status(), Some(0), "{told}{verified}");
            assert_whole(&sandbox, &told);
            Some(trace)
        });
    }
}
