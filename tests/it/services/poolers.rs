//! Through pgbouncer: what only reads, or is one transaction, works; what changes a password is refused before anything
//! happens, because the pooler may hold the old verifier. `dev` is the server itself, `qa` the pooler before it.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

use serde_json::Value;

use crate::harness::pooler::{Knowledge, PoolMode};
use crate::harness::sandbox::Run;
use crate::harness::{Cluster, Outcome, Plan, Pooler, Proxy, Sandbox, sqlite};
use crate::scene::{Login, Scene, error, wait_until};

struct Pooled {
    scene: Scene<'static>,
    pooler: Pooler,
}

impl Pooled {
    #[track_caller]
    fn new(mode: PoolMode) -> Option<Self> {
        let scene = Scene::new();
        let pooler = Pooler::before(scene.cluster, mode, Knowledge::Query)?;
        let mut behind = Self { scene, pooler };
        let database = behind.scene.database().to_owned();
        let port = behind.pooler.port();
        behind.scene.sandbox.register_on_port(port, "qa", &database);
        Some(behind)
    }

    /// Prepares `pgrole COMMAND` on the pooler.
    fn pgrole(&self, command: &str, arguments: &[&str]) -> Run<'_> {
        let target = ["-e", "qa", "-d", self.scene.database()];
        let run = self.scene.sandbox.pgrole(command.split(' '));
        run.args(target).args(arguments)
    }

    fn query(&self, sql: &str) -> String {
        sqlite::query(&self.scene.sandbox.registry(), sql)
    }

    fn lets_in(&self, role: &str, password: &str) -> bool {
        let database = self.scene.database();
        let outcome = self.pooler.psql_as(role, password, database, "SELECT 1");
        outcome.status() == Some(0)
    }

    /// What the sessions that the pooler keeps are called, and what is set in them.
    #[track_caller]
    fn nothing_is_left_in_the_pool(&self) {
        // A session that went to the server itself may be still ending.
        wait_until("no session bears an operation's name", || {
            let named = "SELECT count(*) FROM pg_stat_activity
                WHERE datname = current_database() AND application_name LIKE 'pgrole:%'";
            self.scene.psql(named) == "0"
        });
        let cluster = self.scene.cluster;
        for setting in ["lock_timeout", "statement_timeout", "synchronous_commit"] {
            let show =
                format!("SELECT setting = reset_val FROM pg_settings WHERE name = '{setting}'");
            let database = self.scene.database();
            let shown =
                self.pooler
                    .psql_as(cluster.superuser(), cluster.password(), database, &show);
            shown.expect_stdout("t\n");
        }
    }
}

#[track_caller]
fn refused_as_pooled(outcome: &Outcome, database: &str) {
    let error = error(outcome, 5);
    assert_eq!(error["kind"], "unreachable", "{outcome}");
    assert_eq!(
        error["hint"],
        format!(
            "connect to the server itself, not to a pooler: pgrole registry update -e qa -d {database} --hostname HOST --port PORT (if this is the server itself, as with Neon: --direct)"
        ),
        "{outcome}"
    );
}

fn in_each_mode(test: impl Fn(&Pooled)) {
    for mode in [PoolMode::Session, PoolMode::Transaction] {
        let Some(pooled) = Pooled::new(mode) else {
            return;
        };
        test(&pooled);
        pooled.nothing_is_left_in_the_pool();
    }
}

#[test]
fn what_reads_and_what_is_one_transaction_works() {
    in_each_mode(|pooled| {
        let Login { name: role, .. } = pooled.scene.create("readonly", "jane");
        let found = pooled.pgrole("user find", &["-u", &role]).run();
        assert_eq!(found.expect_status(0).json()["status"], "user found");
        let listed = pooled.pgrole("user list", &[]).run();
        assert!(listed.expect_status(0).stdout.contains(&role), "{listed}");
        let checked = pooled.pgrole("credential check", &[]).run();
        checked.expect_status(0);
        pooled.scene.psql("CREATE SCHEMA app");
        let path = ["-u", &role, "--schema", "app"];
        let set = pooled.pgrole("user search-path", &path).run();
        assert_eq!(set.expect_status(0).json()["status"], "search_path updated");
        pooled.pgrole("access prepare", &[]).run().expect_status(0);
        let groups = pooled.scene.psql(
            "SELECT count(*) FROM pg_roles WHERE rolname LIKE current_database() || '\\_%' AND NOT rolcanlogin",
        );
        assert_eq!(groups, "3");
        let again = pooled.pgrole("user readonly", &["-u", &role]).run();
        assert_eq!(
            again.expect_status(0).json()["status"],
            "user already exists"
        );
    });
}

#[test]
fn what_makes_a_password_is_refused_before_anything_happens() {
    in_each_mode(|pooled| {
        let jane = pooled.scene.create("readonly", "jane");
        let before = pooled.scene.snapshot();
        let database = pooled.scene.database();
        let new = pooled.scene.role("new");
        for (command, role) in [
            ("user readonly", &new),
            ("user readonly --access none", &new),
            ("user readonly --dry-run", &new),
            ("user reset", &jane.name),
            ("user reset --dry-run", &jane.name),
        ] {
            let outcome = pooled.pgrole(command, &["-u", role]).run();
            refused_as_pooled(&outcome, database);
        }
        assert_eq!(pooled.scene.snapshot(), before);
        pooled.scene.may_log_in(&jane);
        // The one change on record is the first, which went to the server itself.
        let changes = pooled.query("SELECT env || ' ' || kind FROM password_change");
        assert_eq!(changes, "dev create");
        let ends = pooled.query(
            "SELECT count(*) FROM audit_log WHERE env = 'qa' AND stage = 'outcome' AND status = 'failed'",
        );
        assert_eq!(ends, "5");
    });
}

#[test]
fn a_rotation_leaves_every_password_as_it_was() {
    in_each_mode(|pooled| {
        let jane = pooled.scene.create("readonly", "jane");
        // What pgrole placed over the server is found again over the pooler.
        pooled.query(&format!(
            "UPDATE db_registry SET active = 0 WHERE env = 'dev'; UPDATE placed_role SET env = 'qa', port = {port};
             UPDATE OR REPLACE cluster_place SET port = {port} WHERE cluster_id IN (SELECT cluster_id FROM placed_role)",
            port = pooled.pooler.port()
        ));
        let out = pooled.scene.sandbox.path().join("out");
        fs::create_dir(&out).expect("the sandbox can be written");
        let deliver = format!("file:{}/{{username}}", out.display());
        let run = ["rotate", "--any-age", "--yes", "--deliver", &deliver];
        let outcome = pooled.scene.sandbox.pgrole(run).run();
        outcome.expect_status(1).expect_in_stderr("not to a pooler");
        assert!(outcome.stdout.contains("\"failed\":1"), "{outcome}");
        pooled.scene.may_log_in(&jane);
        assert!(!out.join(&jane.name).exists());
        assert_eq!(
            pooled.query(
                "SELECT count(*) FROM password_change WHERE sealed IS NOT NULL AND env = 'qa'"
            ),
            "0"
        );
    });
}

/// Neon's proxy gives process numbers of its own making, as pgbouncer does, and is no pooler: each session keeps its
/// server's process.
#[test]
fn what_is_said_to_be_the_server_itself_takes_passwords() {
    let Some(pooled) = Pooled::new(PoolMode::Session) else {
        return;
    };
    let role = pooled.scene.role("jane");
    let create = ["-u", role.as_str()];
    let refused = pooled.pgrole("user readonly", &create).run();
    refused_as_pooled(&refused, pooled.scene.database());
    let shown = pooled.pgrole("registry update --direct", &[]).run();
    assert_eq!(shown.expect_status(0).json()["direct"], true);
    let created = pooled.pgrole("user readonly", &create).run();
    let password = created.expect_status(0).json()["password"].clone();
    let password = password.as_str().expect("a password");
    assert!(pooled.lets_in(&role, password), "{created}");
    let reset = pooled.pgrole("user reset", &create).run();
    reset.expect_status(0);
    let shown = pooled.pgrole("registry update --direct=no", &[]).run();
    assert_eq!(shown.expect_status(0).json()["direct"], false);
    refused_as_pooled(
        &pooled.pgrole("user reset", &create).run(),
        pooled.scene.database(),
    );
}

/// A pooler that came to stand before the server, with the old verifier in its file: a login there would "prove" that the
/// change never happened, and its password would be thrown away.
#[test]
fn a_recovery_waits_for_the_server_itself() {
    let cluster = Cluster::shared();
    let scene = Scene::on(cluster);
    let proxy = Proxy::before(cluster);
    let Some(pooler) = Pooler::before(cluster, PoolMode::Transaction, Knowledge::File) else {
        return;
    };
    let admin = scene
        .area
        .create_role("admin", "LOGIN CREATEROLE PASSWORD 'admin'");
    let mut sandbox = Sandbox::new();
    sandbox.env("PG_ADMIN_USER", &admin);
    sandbox.env("PG_ADMIN_PASS", "admin");
    sandbox.register_on_port(proxy.port(), "dev", scene.database());
    let (role, file) = (scene.role("jane"), sandbox.path().join("password"));
    let change = |verb: &str, arguments: &[&str]| {
        let target = ["-e", "dev", "-d", scene.database(), "-u", &role];
        let run = sandbox.pgrole(["user", verb]).args(target);
        let deliver = format!("file:{}", file.display());
        run.args(["--deliver", &deliver]).args(arguments).run()
    };
    let created = change("readonly", &["--access", "none"]);
    created.expect_status(0);
    pooler.take_users_of(cluster, &[&admin, &role]);

    // The commit comes through, its answer does not, and nothing answers when it is looked for.
    proxy.always(Plan::BlackHoleAfter(b"ALTER ROLE".to_vec()));
    let cut = change("reset", &["--timeout", "2"]);
    cut.expect_status(8);
    proxy.always(Plan::Pass);
    let state = || sqlite::query(&sandbox.registry(), OPEN);
    assert_eq!(state(), "UNKNOWN", "{cut}");

    proxy.lead_to_port(pooler.port());
    let outcome = sandbox.pgrole(["recover", "run"]).run();
    outcome.expect_status(5).expect_in_stderr("not to a pooler");
    assert_eq!(state(), "UNKNOWN", "{outcome}");

    proxy.lead_to(cluster);
    let recovered = sandbox.pgrole(["recover", "run"]).run();
    recovered.expect_status(0);
    let login = cluster.client_as(&role, &delivered(&file), scene.database());
    assert!(login.is_ok(), "{recovered}");
}

const OPEN: &str = "SELECT state FROM password_change WHERE sealed IS NOT NULL";

/// What is delivered in pgbouncer's own form is what pgbouncer needs: the same verifier serves the client's login there
/// and pgbouncer's own at the server.
#[test]
fn a_delivered_userlist_lets_the_new_password_in() {
    let scene = Scene::new();
    let cluster = scene.cluster;
    let Some(pooler) = Pooler::before(cluster, PoolMode::Transaction, Knowledge::File) else {
        return;
    };
    let userlist = scene.sandbox.path().join("userlist.txt");
    let deliver = format!("file:{}", userlist.display());
    let roles = [scene.role("web"), scene.role("other")];
    let set = |verb: &str, role: &str, password: &str| {
        let run = scene.user(
            verb,
            &["-u", role, "--password-stdin", "--deliver", &deliver],
        );
        let run = run.args(["--file-format", "pgbouncer"]).stdin(password);
        run.run().expect_status(0);
    };
    let may_log_in = |role: &str, password: &str| {
        let outcome = pooler.psql_as(role, password, scene.database(), "SELECT session_user");
        outcome.status() == Some(0) && outcome.stdout == format!("{role}\n")
    };
    for role in &roles {
        set("readonly", role, "the first password");
    }
    pooler.take_users(&userlist, cluster);
    assert!(may_log_in(&roles[0], "the first password"));

    set("reset", &roles[0], "the second password");
    // Nobody has told the pooler yet.
    assert!(!may_log_in(&roles[0], "the second password"));
    pooler.take_users(&userlist, cluster);
    assert!(may_log_in(&roles[0], "the second password"));
    assert!(!may_log_in(&roles[0], "the first password"));
    assert!(may_log_in(&roles[1], "the first password"));
}

/// pgbouncer runs as its own account, and pgrole as root: the file stays pgbouncer's.
#[test]
fn a_pooler_still_reads_its_own_userlist_after_a_rotation() {
    let scene = Scene::new();
    let cluster = scene.cluster;
    let Some(pooler) = Pooler::before(cluster, PoolMode::Transaction, Knowledge::File) else {
        return;
    };
    let userlist = pooler.userlist();
    let owner = |file: &Path| {
        let found = fs::metadata(file).expect("is there");
        (found.uid(), found.gid(), found.mode())
    };
    let before = owner(&userlist);
    let deliver = format!("file:{}", userlist.display());
    let role = scene.role("web");
    let set = |verb: &str, password: &str| {
        let run = scene.user(
            verb,
            &["-u", &role, "--password-stdin", "--deliver", &deliver],
        );
        let run = run.args(["--file-format", "pgbouncer"]).stdin(password);
        run.run().expect_status(0);
        pooler.reload(cluster);
    };
    let lets_in = |password: &str| {
        let outcome = pooler.psql_as(&role, password, scene.database(), "SELECT 1");
        outcome.status() == Some(0)
    };
    set("readonly", "the first password");
    assert!(lets_in("the first password"));
    set("reset", "the second password");
    assert_eq!(owner(&userlist), before);
    assert!(lets_in("the second password"));
    assert!(!lets_in("the first password"));
}

#[test]
fn a_pooler_that_asks_the_server_lets_a_rotated_password_in() {
    in_each_mode(|pooled| {
        let scene = &pooled.scene;
        let file = scene.sandbox.path().join("password");
        let deliver = format!("file:{}", file.display());
        let role = scene.role("web");
        let created = scene.user("readonly", &["-u", &role, "--deliver", &deliver]);
        created.run().expect_status(0);
        let old = delivered(&file);
        assert!(pooled.lets_in(&role, &old));
        let rotate = scene
            .sandbox
            .pgrole(["rotate", "--any-age", "-e", "dev", "--yes"]);
        rotate.run().expect_status(0);
        assert!(pooled.lets_in(&role, &delivered(&file)));
        assert!(!pooled.lets_in(&role, &old));
    });
}

#[test]
fn what_a_pooler_refuses_by_its_own_protocol_leads_to_the_server() {
    let Some(pooled) = Pooled::new(PoolMode::Session) else {
        return;
    };
    let unknown = pooled
        .pgrole("user find", &["-u", "anybody"])
        .env("PG_ADMIN_USER", "nobody_knows")
        .run();
    let error = error(&unknown, 5);
    assert!(
        ["08P01", "28P01"].contains(&error["sqlstate"].as_str().unwrap_or_default()),
        "{unknown}"
    );
}

fn delivered(file: &Path) -> String {
    let object = fs::read_to_string(file).expect("the password was delivered");
    let object: Value = serde_json::from_str(&object).expect("an object");
    object["password"].as_str().expect("a password").to_owned()
}
