//! `notify expiring`: each password that ends is told of once before, and once after.

use serde_json::{Value, json};

use crate::harness::{Area, Cluster, HttpServer, Outcome, Sandbox, results, sqlite};

/// A cluster of its own, so that no role of another test is near its end.
struct Scene<'a> {
    dev: Area<'a>,
    qa: Area<'a>,
    sandbox: Sandbox,
    server: HttpServer,
}

impl<'a> Scene<'a> {
    fn on(cluster: &'a Cluster) -> Self {
        let (dev, qa) = (cluster.area(), cluster.area());
        let mut sandbox = Sandbox::new().with_admin(cluster);
        sandbox.register(cluster, "dev", dev.database());
        sandbox.register(cluster, "qa", qa.database());
        let server = HttpServer::start();
        Self {
            dev,
            qa,
            sandbox,
            server,
        }
    }

    /// One channel for all, one for `qa`, and one that wants other events.
    fn listen(&self) {
        let section = |name: &str, more: &str| {
            let url = self.server.url(&format!("/{name}"));
            format!("[notify.{name}]\nchannel = \"webhook\"\nurl = \"{url}\"\n{more}\n")
        };
        self.sandbox.write_config(&format!(
            "{}{}{}",
            section("all", "events = [\"expiring\"]"),
            section("qa", "events = [\"expiring\"]\nenvironments = [\"qa\"]"),
            section("deaf", "events = [\"rotation failed\"]"),
        ));
    }

    fn make(&self, name: &str, attributes: &str, ends_in: &str) -> String {
        let role = self.dev.create_role(name, attributes);
        self.let_end(&role, ends_in);
        role
    }

    fn let_end(&self, role: &str, ends_in: &str) {
        self.dev.psql(&format!(
            "DO $$BEGIN EXECUTE format('ALTER ROLE %I VALID UNTIL %L', '{role}', now() + interval '{ends_in}'); END$$"
        ));
    }

    #[track_caller]
    fn expiring(&self, arguments: &[&str]) -> Outcome {
        let run = self
            .sandbox
            .pgrole(["notify", "expiring", "--within", "14d"]);
        let outcome = run.args(arguments.iter().copied()).run();
        outcome.expect_status(0).expect_stderr("");
        outcome
    }

    /// The names, with what is said of each, of the messages that came since the last time.
    fn told(&self, seen: &mut usize) -> Vec<(String, Vec<String>)> {
        let requests = self.server.requests();
        let new = requests[*seen..].iter().map(|request| {
            let message = request.json();
            assert_eq!(results::check_as("message", &message), Ok(()));
            assert_eq!(message["event"], "expiring");
            let roles = message["roles"].as_array().expect("roles").iter();
            let name =
                |role: &Value| format!("{} {}", role["username"], role["status"]).replace('"', "");
            (request.line.clone(), roles.map(name).collect())
        });
        let mut new: Vec<_> = new.collect();
        new.sort();
        *seen = requests.len();
        new
    }
}

/// Roles near their end, the first in time first, and others that are not to be named.
fn make_roles(scene: &Scene<'_>) -> [String; 4] {
    let later = scene.make("later", "LOGIN", "10 days 1 hour");
    let soon = scene.make("soon", "LOGIN", "5 days 1 hour");
    let past = scene.make("past", "LOGIN", "-25 hours");
    scene.make("far", "LOGIN", "60 days");
    scene.make("long_past", "LOGIN", "-60 days");
    scene.make("group", "NOLOGIN", "5 days");
    let eternal = "LOGIN VALID UNTIL 'infinity'";
    scene.dev.create_role("eternal", eternal);
    let placed = scene.qa.role("placed");
    let target = ["-e", "qa", "-d", scene.qa.database(), "-u", &placed];
    let create = scene
        .sandbox
        .pgrole(["user", "readonly", "--valid-for", "180h"]);
    create.args(target).run().expect_status(0);
    [past, soon, placed, later]
}

#[test]
fn what_ends_soon_is_listed_the_next_to_end_first() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let [past, soon, placed, later] = make_roles(&scene);
    let mut rows = scene.expiring(&[]).json_without_anchors();
    for row in rows.as_array_mut().expect("rows") {
        for key in ["valid_until", "port"] {
            assert!(row[key].is_string(), "{row}");
            row[key] = json!(format!("[{key}]"));
        }
    }
    let row = |name: &str, status: &str, days: i64| {
        json!({
            "username": name, "status": status, "hostname": "127.0.0.1", "database": scene.dev.database(),
            "port": "[port]", "env": "dev", "profile": null, "valid_until": "[valid_until]", "days_left": days,
        })
    };
    let mut of_qa = row(&placed, "expiring", 7);
    of_qa["database"] = json!(scene.qa.database());
    of_qa["env"] = json!("qa");
    of_qa["profile"] = json!("readonly");
    assert_eq!(
        rows,
        json!([
            row(&past, "expired", -2),
            row(&soon, "expiring", 5),
            of_qa,
            row(&later, "expiring", 10)
        ])
    );
}

/// Whether a login is still good is for the server to say, and so is how long.
#[test]
fn how_near_an_end_is_goes_by_the_servers_clock() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let role = scene.make("soon", "LOGIN", "20 days 1 hour");
    assert_eq!(scene.expiring(&[]).json(), json!([]));
    scene.dev.psql(
        "SET allow_system_table_mods = on;
         ALTER FUNCTION pg_catalog.clock_timestamp() RENAME TO true_clock;
         CREATE FUNCTION pg_catalog.clock_timestamp() RETURNS timestamptz LANGUAGE sql
             AS 'SELECT pg_catalog.true_clock() + interval ''10 days'''",
    );
    let only = ["-e", "dev"];
    let rows = scene.expiring(&only).json();
    assert_eq!(rows[0]["username"], *role, "{rows}");
    assert_eq!(rows[0]["days_left"], 10, "{rows}");
}

#[test]
fn each_channel_is_told_once_of_each_end_that_comes_near_and_of_each_that_has_come() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let [past, soon, placed, later] = make_roles(&scene);
    scene.listen();
    let mut seen = 0;
    let all = |roles: &[(&str, &str)]| {
        let roles = roles
            .iter()
            .map(|(name, status)| format!("{name} {status}"));
        ("POST /all HTTP/1.1".to_owned(), roles.collect::<Vec<_>>())
    };
    let qa = (
        "POST /qa HTTP/1.1".to_owned(),
        vec![format!("{placed} expiring")],
    );
    scene.expiring(&[]);
    let four = all(&[
        (&past, "expired"),
        (&soon, "expiring"),
        (&placed, "expiring"),
        (&later, "expiring"),
    ]);
    assert_eq!(scene.told(&mut seen), [four.clone(), qa.clone()]);
    let requests = scene.server.requests();
    let request = requests
        .iter()
        .find(|request| request.line.contains("/all"));
    let message = request.expect("checked above").json();
    assert_eq!(message["summary"], "expiring: 4 roles");
    assert!(message["audit_anchor"].is_string());

    // Again: listed, not told.
    assert_eq!(scene.expiring(&[]).json().as_array().map(Vec::len), Some(4));
    assert_eq!(scene.told(&mut seen), []);
    // A new end, and an end that has come, are news.
    scene.let_end(&soon, "3 days");
    scene.let_end(&later, "-1 hour");
    scene.expiring(&["-q"]).expect_stdout("");
    assert_eq!(
        scene.told(&mut seen),
        [all(&[(&later, "expired"), (&soon, "expiring")])]
    );
    // Whoever wants it once more says so.
    scene.expiring(&["--again"]);
    assert_eq!(scene.told(&mut seen).len(), 2);
    let operations = sqlite::query(
        &scene.sandbox.registry(),
        "SELECT DISTINCT operation || ': ' || status FROM audit_log WHERE operation LIKE '%expiring%' AND stage = 'outcome'",
    );
    assert_eq!(
        operations,
        "expiring survey: 4 users expiring\nnotify expiring: 4 users expiring"
    );
}

#[test]
fn a_server_that_cannot_be_asked_is_a_failure_and_no_obstacle() {
    let cluster = Cluster::private(|c| c);
    let mut scene = Scene::on(&cluster);
    let soon = scene.make("soon", "LOGIN", "5 days 1 hour");
    let closed = crate::harness::ClosedPort::new();
    scene.sandbox.register_on_port(closed.port, "uat", "gone");
    scene.listen();
    let run = scene.sandbox.pgrole(["notify", "expiring"]);
    let outcome = run.args(["--format", "table"]).run();
    outcome.expect_status(4);
    outcome.expect_in_stderr("error: cannot list the roles on uat/gone\n");
    outcome.expect_in_stderr("error: 1 of 2 servers failed\n");
    assert!(outcome.stdout.contains(&soon), "{outcome}");
    assert_eq!(scene.server.requests().len(), 1);
}
