//! A disk that is full or reports errors, at each write and sync of the acts that a password depends on (strace injects
//! the errors): nothing hangs, no password is lost, and what is not on record is no success.

use std::fs;

use serde_json::Value;

use super::strace::{self, Injection};
use super::{OPEN_ENDS, is_long, say, with_own_login};
use crate::crash::login::{self, Admin, Keeper};
use crate::harness::{Outcome, Sandbox, sqlite};
use crate::scene::{Login, Scene};

/// What writes to a disk: SQLite, and the deliveries to files.
const CALLS: &str = "pwrite64,fsync,fdatasync,ftruncate,fallocate";
/// A disk that is full stays so; an error may come once.
const ERRORS: [(&str, &str); 2] = [("ENOSPC", "+"), ("EIO", "")];
/// More than any act has.
const MOST: usize = 400;

/// Runs pgrole while a call fails, the one of that number in each thread. Returns whether any did; `None` without strace.
fn run_with(
    sandbox: &Sandbox,
    arguments: &[&str],
    (error, on): (&str, &str),
    number: usize,
) -> Option<(Outcome, bool)> {
    let injection = Injection {
        calls: CALLS,
        what: &format!("error={error}"),
        when: &format!("{number}{on}"),
    };
    let (outcome, trace) = strace::run_with(sandbox, arguments, CALLS, Some(injection))?;
    Some((outcome, trace.contains("(INJECTED)")))
}

/// Plays an act with the error at each call, until the run no longer gets there; in the short form at some of them. Returns how
/// many runs there were.
fn at_each_call(mut play: impl FnMut((&str, &str), usize) -> Option<bool>) -> usize {
    let mut count = 0;
    for error in ERRORS {
        let mut number = 1;
        while number < MOST {
            match play(error, number) {
                None => return count,
                Some(false) => break,
                Some(true) => count += 1,
            }
            number += if is_long() { 1 } else { 1 + number / 2 };
        }
        assert!(number < MOST, "the run has no end");
    }
    count
}

struct Play<'s> {
    scene: &'s Scene<'s>,
    role: String,
    file: std::path::PathBuf,
}

impl<'s> Play<'s> {
    fn of(scene: &'s Scene<'s>, name: &str) -> Self {
        Self {
            scene,
            role: scene.role(name),
            file: scene.sandbox.path().join(name),
        }
    }

    fn deliver(&self) -> String {
        format!("file:{}", self.file.display())
    }

    fn delivered(&self) -> Option<String> {
        let object = fs::read_to_string(&self.file).ok()?;
        let object: Value = serde_json::from_str(&object).expect("a whole object");
        object["password"].as_str().map(str::to_owned)
    }

    fn query(&self, sql: &str) -> String {
        sqlite::query(&self.scene.sandbox.registry(), sql)
    }

    /// Runs it, then `recover run` on a healthy disk; then the password on record must log in.
    fn play(&self, arguments: &[&str], error: (&str, &str), number: usize) -> Option<bool> {
        let before = self.query(OPEN_ENDS);
        let (outcome, is_met) = run_with(&self.scene.sandbox, arguments, error, number)?;
        if outcome.status() == Some(0) {
            assert_eq!(self.query(OPEN_ENDS), before, "{outcome}not on record");
        }
        let recovered = self.scene.sandbox.pgrole(["recover", "run"]).run();
        assert_eq!(recovered.status(), Some(0), "{outcome}{recovered}");
        let exists = format!(
            "SELECT count(*) FROM pg_roles WHERE rolname = '{}'",
            self.role
        );
        let told = format!("{error:?} at {number}: {outcome}{recovered}");
        if self.scene.psql(&exists) == "1" {
            let password = self.delivered();
            let password = password.unwrap_or_else(|| panic!("lost: {told}"));
            let login = Login {
                name: self.role.clone(),
                password,
            };
            let tried = self.scene.psql_as(&login, "SELECT 1");
            assert_eq!(tried.status(), Some(0), "lost: {told}{tried}");
        }
        Some(is_met)
    }
}

#[test]
fn no_password_is_lost_to_a_disk_that_fails_while_a_login_is_created() {
    let scene = Scene::new();
    let mut next = 0;
    let count = at_each_call(|error, number| {
        next += 1;
        let play = Play::of(&scene, &format!("new{next}"));
        let (deliver, database) = (play.deliver(), scene.database());
        let target = ["-e", "dev", "-d", database, "-u", &play.role];
        let create = [&["user", "readonly"], &target[..], &["--deliver", &deliver]].concat();
        play.play(&create, error, number)
    });
    say(&format!("create: {count} faults"));
}

#[test]
fn no_password_is_lost_to_a_disk_that_fails_while_it_is_changed() {
    let scene = Scene::new();
    let play = Play::of(&scene, "jane");
    let (deliver, database) = (play.deliver(), scene.database());
    let target = ["-e", "dev", "-d", database, "-u", &play.role];
    let create = [&["user", "readonly"], &target[..], &["--deliver", &deliver]].concat();
    scene.sandbox.pgrole(create).run().expect_status(0);
    let reset = [&["user", "reset"], &target[..], &["--deliver", &deliver]].concat();
    let count = at_each_call(|error, number| play.play(&reset, error, number));
    say(&format!("reset: {count} faults"));
    let rotate = [
        "rotate",
        "--any-age",
        "--yes",
        "--jobs",
        "1",
        "-u",
        &play.role,
    ];
    let count = at_each_call(|error, number| play.play(&rotate, error, number));
    say(&format!("rotate: {count} faults"));
}

#[test]
fn the_admin_login_is_not_lost_to_a_disk_that_fails_while_it_is_rotated() {
    let (cluster, sandbox, login) = with_own_login(Admin::Superuser, Keeper::Pgpass);
    let rotate = ["credential", "rotate", "-e", "dev", "--yes"];
    let count = at_each_call(|error, number| {
        let open = || sqlite::query(&sandbox.registry(), OPEN_ENDS);
        let before = open();
        let (outcome, is_met) = run_with(&sandbox, &rotate, error, number)?;
        let is_recorded = open() == before;
        let recovered = sandbox.pgrole(["recover", "run"]).run();
        let told = format!("{error:?} at {number}: {outcome}{recovered}");
        assert_eq!(recovered.status(), Some(0), "{told}");
        assert!(
            outcome.status() != Some(0) || is_recorded,
            "not on record: {told}"
        );
        let password = login.on_record(&told);
        let tried = cluster.client_as(login::LOGIN, &password, "postgres");
        assert!(tried.is_ok(), "lost: {told}");
        Some(is_met)
    });
    say(&format!("credential rotate: {count} faults"));
}

#[test]
fn a_registry_whose_creation_failed_is_created_by_the_next_run() {
    let mut runs = 0;
    let count = at_each_call(|error, number| {
        runs += 1;
        let sandbox = Sandbox::new();
        let add = ["registry", "add", "-e", "dev", "-d", "app", "-H", "h"];
        let (outcome, is_met) = run_with(&sandbox, &add, error, number)?;
        let again = sandbox.pgrole(add).run();
        let told = format!("{error:?} at {number}: {outcome}{again}");
        assert_eq!(again.status(), Some(0), "{told}");
        let is_there = outcome.status() == Some(0);
        let wanted = if is_there {
            "unchanged"
        } else {
            "target added"
        };
        assert_eq!(again.json()["status"], wanted, "{told}");
        sandbox.pgrole(["audit", "verify"]).run().expect_status(0);
        Some(is_met)
    });
    say(&format!("first open: {count} faults in {runs} runs"));
}

#[test]
fn a_registry_whose_migration_failed_is_migrated_by_the_next_run() {
    let older = include_str!("../registry/schema_8.sql");
    let count = at_each_call(|error, number| {
        let sandbox = Sandbox::new();
        let registry = sandbox.registry();
        fs::create_dir_all(registry.parent().expect("a folder")).expect("the home can be written");
        sqlite::query(&registry, older);
        let list = ["registry", "list", "--format", "json"];
        let wanted = sqlite::query(&registry, "SELECT count(*) FROM db_registry");
        let (outcome, is_met) = run_with(&sandbox, &list, error, number)?;
        let again = sandbox.pgrole(list).run();
        let rows = again.expect_status(0).json();
        let rows = rows.as_array().expect("an array").len().to_string();
        assert_eq!(rows, wanted, "{error:?} at {number}: {outcome}{again}");
        Some(is_met)
    });
    say(&format!("migration: {count} faults"));
}

#[test]
fn a_disk_that_fails_is_named() {
    let scene = Scene::new();
    for error in ["ENOSPC", "EIO"] {
        let list = ["user", "list", "-e", "dev", "-d", scene.database()];
        let Some((outcome, _)) = run_with(&scene.sandbox, &list, (error, "+"), 1) else {
            return;
        };
        outcome
            .expect_status(1)
            .expect_stdout("")
            .expect_in_stderr("reports an error, or is full");
    }
}

#[test]
fn a_file_that_was_emptied_is_not_a_new_registry() {
    let scene = Scene::new();
    let registry = scene.sandbox.registry();
    let role = scene.role("jane");
    scene
        .user("readonly", &["-u", &role])
        .run()
        .expect_status(0);
    let locks = format!("{}.locks", registry.display());
    assert!(fs::metadata(&locks).is_ok_and(|folder| folder.is_dir()));
    fs::write(&registry, "").expect("the home can be written");
    let list = scene.sandbox.pgrole(["registry", "list"]).run();
    list.expect_status(1)
        .expect_in_stderr("is empty, but was not always");
    assert_eq!(fs::metadata(&registry).map(|file| file.len()).ok(), Some(0));
    fs::remove_file(&registry).expect("the home can be written");
    let list = scene.sandbox.pgrole(["registry", "list"]).run();
    list.expect_status(0);
}
