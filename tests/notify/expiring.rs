//! `notify expiring`: each password that ends is told of once before, and once after.

use serde_json::{Value, json};

use super::harness::{Area, Cluster, HttpServer, Outcome, Sandbox, sqlite};

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

#[test]
fn what_ends_soon_is_listed_and_told_once() {
    let cluster = Cluster::private(|c| c);
    let scene = Scene::on(&cluster);
    let later = scene.make("later", "LOGIN", "10 days 1 hour");
    let soon = scene.make("soon", "LOGIN", "5 days 1 hour");
    let past = scene.make("past", "LOGIN", "-25 hours");
    scene.make("far", "LOGIN", "60 days");
    scene.make("long_past", "LOGIN", "-60 days");
    scene.make("group", "NOLOGIN", "5 days");
    scene
        .dev
        .create_role("eternal", "LOGIN VALID UNTIL 'infinity'");
    let placed = scene.qa.role("placed");
    let words = [
        "user",
        "readonly",
        "-e",
        "qa",
        "-d",
        scene.qa.database(),
        "-u",
        &placed,
        "--valid-for",
        "180h",
    ];
    scene.sandbox.pgrole(words).run().expect_status(0);
    scene.listen();
    let mut rows = scene.expiring(&[]).json();
    for row in rows.as_array_mut().expect("rows") {
        for key in ["valid_until", "port"] {
            assert!(row[key].is_string(), "{row}");
            row[key] = json!(format!("[{key}]"));
        }
    }
    let dev = scene.dev.database();
    let row = |name: &str,
               status: &str,
               database: &str,
               env: &str,
               profile: Option<&str>,
               days: i64| {
        json!({
            "username": name, "status": status, "hostname": "127.0.0.1", "database": database, "port": "[port]",
            "env": env, "profile": profile, "valid_until": "[valid_until]", "days_left": days,
        })
    };
    assert_eq!(
        rows,
        json!([
            row(&past, "expired", dev, "dev", None, -2),
            row(&soon, "expiring", dev, "dev", None, 5),
            row(
                &placed,
                "expiring",
                scene.qa.database(),
                "qa",
                Some("readonly"),
                7
            ),
            row(&later, "expiring", dev, "dev", None, 10),
        ])
    );
    let mut seen = 0;
    let all = |roles: &[&str]| {
        (
            "POST /all HTTP/1.1".to_owned(),
            roles.iter().map(ToString::to_string).collect::<Vec<_>>(),
        )
    };
    let qa = |role: &str| ("POST /qa HTTP/1.1".to_owned(), vec![role.to_owned()]);
    let [past, soon, placed, later] = [
        (&past, "expired"),
        (&soon, "expiring"),
        (&placed, "expiring"),
        (&later, "expiring"),
    ]
    .map(|(name, status)| format!("{name} {status}"));
    assert_eq!(
        scene.told(&mut seen),
        [all(&[&past, &soon, &placed, &later]), qa(&placed)]
    );
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
    let names: Vec<_> = [&soon, &later]
        .map(|role| role.split(' ').next().expect("a name").to_owned())
        .into();
    scene.let_end(&names[0], "3 days");
    scene.let_end(&names[1], "-1 hour");
    scene.expiring(&["-q"]).expect_stdout("");
    assert_eq!(
        scene.told(&mut seen),
        [all(&[&format!("{} expired", names[1]), &soon])]
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
    let closed = super::harness::ClosedPort::new();
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
