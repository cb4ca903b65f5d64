//! A server that accepts connections and says nothing, or lets logins in and then says nothing: each run waits for it once,
//! whatever it was to do there.

use crate::harness::{Outcome, Plan, Proxy};
use crate::scene::Scene;

/// How many targets lead to the silent server.
const TARGETS: usize = 3;
/// How many password changes are open there.
const CHANGES: usize = 12;

/// A scene whose server is reached through a proxy, under several names.
struct Silence {
    scene: Scene<'static>,
    proxy: Proxy,
}

impl Silence {
    fn new() -> Self {
        let mut scene = Scene::new();
        let proxy = Proxy::before(scene.cluster);
        let database = scene.database().to_owned();
        scene
            .pgrole("registry remove", &["--yes"])
            .run()
            .expect_status(0);
        for name in [&database, "postgres", "template1"]
            .into_iter()
            .take(TARGETS)
        {
            scene.sandbox.register_on_port(proxy.port(), "dev", name);
        }
        Self { scene, proxy }
    }

    /// Runs it while the server is silent; returns how often it was asked.
    fn run(&self, words: &[&str]) -> (usize, Outcome) {
        self.run_under(Plan::BlackHole, words)
    }

    /// Runs it while the server lets logins in, and says nothing to the first statement.
    fn run_after_login(&self, words: &[&str]) -> (usize, Outcome) {
        self.run_under(Plan::BlackHoleBefore(b"BEGIN".to_vec()), words)
    }

    fn run_under(&self, plan: Plan, words: &[&str]) -> (usize, Outcome) {
        self.proxy.always(plan);
        let before = self.proxy.traffic().len();
        let run = self.scene.sandbox.pgrole(words.iter().copied());
        let outcome = run.args(["--timeout", "1", "--yes"]).run();
        self.proxy.always(Plan::Pass);
        (self.proxy.traffic().len() - before, outcome)
    }

    /// A path in the sandbox, as a delivery.
    fn file(&self, name: &str) -> String {
        format!("file:{}", self.scene.sandbox.path().join(name).display())
    }
}

/// Leaves password changes open.
fn leave_open(silence: &Silence) {
    for number in 0..CHANGES {
        let role = silence.scene.role(&format!("r{number}"));
        let create = ["-u", &role, "--deliver", "exec:false"];
        let created = silence.scene.user("readonly", &create).run();
        created.expect_status(8);
    }
}

#[test]
fn open_changes_on_a_server_that_answers_logins_alone_cost_one_of_them() {
    let silence = Silence::new();
    leave_open(&silence);
    let (asked, outcome) = silence.run_after_login(&["recover", "run"]);
    // The login, and the request to cancel.
    assert_eq!(asked, 2, "{outcome}");
    assert_ne!(outcome.status(), Some(0), "{outcome}");
    let said = outcome.stderr.matches("no answer from").count();
    assert_eq!(said, CHANGES, "{outcome}");
    assert!(!outcome.stderr.contains("cannot log in"), "{outcome}");
    let list = silence.scene.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(
        list.json().as_array().map(Vec::len),
        Some(CHANGES),
        "{list}"
    );
}

#[test]
fn open_changes_on_a_silent_server_cost_one_failed_login() {
    let silence = Silence::new();
    leave_open(&silence);
    let (asked, outcome) = silence.run(&["recover", "run"]);
    assert_eq!(asked, 1, "{outcome}");
    assert_ne!(outcome.status(), Some(0), "{outcome}");
    let said = outcome.stderr.matches("no answer from").count();
    assert_eq!(said, CHANGES, "{outcome}");
    // Another change there waits for none of them either.
    let role = silence.scene.role("another");
    let database = silence.scene.database();
    let create = ["user", "readonly", "-e", "dev", "-d", database, "-u", &role];
    let (asked, outcome) = silence.run(&create);
    assert_eq!(asked, 1, "{outcome}");
    assert_ne!(outcome.status(), Some(0), "{outcome}");
    // It answers again: nothing is kept from one run to the next.
    let list = silence.scene.sandbox.pgrole(["recover", "list"]).run();
    list.expect_status(0);
    assert_eq!(
        list.json().as_array().map(Vec::len),
        Some(CHANGES),
        "{list}"
    );
}

#[test]
fn a_silent_server_is_asked_once_a_run() {
    let silence = Silence::new();
    let mut roster = String::from("username,profile,env,database,deliver\n");
    for name in ["ann", "ben", "cid"] {
        let (role, deliver) = (silence.scene.role(name), silence.file(name));
        let create = ["-u", &role, "--deliver", &deliver];
        silence
            .scene
            .user("readonly", &create)
            .run()
            .expect_status(0);
        let (new, deliver) = (
            silence.scene.role(&format!("{name}_2")),
            silence.file(&format!("{name}-2")),
        );
        roster += &format!(
            "{new},readonly,dev,{},{deliver}\n",
            silence.scene.database()
        );
    }
    let file = silence.scene.sandbox.path().join("roster.csv");
    std::fs::write(&file, roster).expect("the sandbox can be written");
    let file = file.display().to_string();
    let fleet = silence.scene.sandbox.pgrole(["export"]).run();
    fleet.expect_status(0);
    let fleet_file = silence.scene.sandbox.path().join("fleet.toml");
    std::fs::write(&fleet_file, &fleet.stdout).expect("the sandbox can be written");
    let fleet_file = fleet_file.display().to_string();
    let (ann, database) = (silence.scene.role("ann"), silence.scene.database());
    let here = ["-e", "dev", "-d", database];
    for command in [
        vec!["registry", "check"],
        vec!["credential", "check"],
        vec!["credential", "rotate", "-e", "dev", "--deliver", "stdout"],
        vec!["user", "list"],
        vec!["user", "find", "-u", &ann],
        vec!["user", "create", "--from", &file],
        vec!["rotate", "--any-age", "--jobs", "1"],
        vec!["rotate", "--any-age", "--jobs", "8"],
        vec!["access", "check"],
        vec!["access", "prepare", "-e", "dev"],
        vec!["apply", "-f", &fleet_file],
        vec!["apply", "-f", &fleet_file, "--check"],
        vec!["notify", "expiring"],
        vec!["doctor"],
        vec!["offboard", "--reason", "HR-1", &ann],
        [&["user", "drop", "-u", &ann][..], &here].concat(),
        [&["user", "lock", "-u", &ann][..], &here].concat(),
    ] {
        let (asked, outcome) = silence.run(&command);
        assert_eq!(asked, 1, "{outcome}");
        assert_ne!(outcome.status(), Some(0), "{outcome}");
        assert_ne!(outcome.status(), Some(2), "{outcome}");
    }
}
