//! Many targets at once, of which some cannot be reached.

use std::fs;

use serde_json::Value;

use super::Scene;
use crate::harness::{ClosedPort, Cluster, Outcome, Proxy, records, sqlite};

const TARGETS: usize = 100;
const BROKEN: usize = 20;

/// A role on each of 100 servers (which are one, behind a port each), whose passwords are a year old; every fifth server
/// is down.
struct Fleet {
    scene: Scene<'static>,
    _proxies: Vec<Proxy>,
    _closed: Vec<ClosedPort>,
}

impl Fleet {
    fn new() -> Self {
        let cluster = Cluster::shared();
        let scene = Scene::new();
        let (mut proxies, mut closed) = (Vec::new(), Vec::new());
        let (mut roles, mut rows) = (String::new(), String::new());
        let mut environments = vec!["\"dev\"".to_owned()];
        for number in 0..TARGETS {
            let port = if number % (TARGETS / BROKEN) == 0 {
                closed.push(ClosedPort::new());
                closed[closed.len() - 1].port
            } else {
                proxies.push(Proxy::before(cluster));
                proxies[proxies.len() - 1].port()
            };
            let env = format!("e{number:02}");
            let role = scene.area.role(&env);
            environments.push(format!("\"{env}\""));
            roles += &format!("CREATE ROLE {role} LOGIN;");
            rows += &format!(
                "INSERT INTO db_registry (env, db_name, hostname, port, active, sslmode)
                    VALUES ('{env}', '{database}', '127.0.0.1', {port}, 1, 'disable');
                 INSERT INTO cluster (id, created_at) VALUES ('{env}', '2025-11-01T00:00:00.000000Z');
                 INSERT INTO cluster_place (hostname, port, cluster_id) VALUES ('127.0.0.1', {port}, '{env}');
                 INSERT INTO placed_role (cluster_id, hostname, port, username, env, db_name, password_changed_at,
                        deliver, file_format)
                    VALUES ('{env}', '127.0.0.1', {port}, '{role}', '{env}', '{database}', '2025-11-01T00:00:00.000000Z',
                        'file:{file}', 'json');",
                database = scene.area.database(),
                file = scene.file("{username}").display()
            );
        }
        scene.area.psql(&roles);
        sqlite::query(&scene.sandbox.registry(), &format!("BEGIN;{rows}COMMIT;"));
        records::sign_deliveries(&scene.sandbox);
        let config = format!("environments = [{}]\n", environments.join(", "));
        scene.sandbox.write_config(&config);
        Self {
            scene,
            _proxies: proxies,
            _closed: closed,
        }
    }

    fn rotate(&self) -> (Outcome, Value) {
        let rotate = ["rotate", "--older-than", "90d", "--jobs", "16", "--yes"];
        let outcome = self.scene.sandbox.pgrole(rotate).run();
        let lines = outcome.json_lines();
        let summary = lines.last().expect("a summary")["summary"].clone();
        (outcome, summary)
    }

    fn delivered(&self) -> usize {
        let names = fs::read_dir(self.scene.file("")).expect("the folder is there");
        names.count()
    }
}

#[test]
fn of_100_servers_of_which_20_are_down_80_are_rotated_and_a_rerun_takes_the_20() {
    let fleet = Fleet::new();
    let (outcome, summary) = fleet.rotate();
    outcome.expect_status(4);
    assert_eq!(summary["due"], TARGETS, "{outcome}");
    assert_eq!(summary["rotated"], TARGETS - BROKEN, "{outcome}");
    assert_eq!(summary["failed"], BROKEN, "{outcome}");
    assert_eq!(fleet.delivered(), TARGETS - BROKEN);
    for entry in fs::read_dir(fleet.scene.file("")).expect("the folder is there") {
        let name = entry
            .expect("is there")
            .file_name()
            .into_string()
            .expect("ours");
        let password = fleet.scene.delivered_password(&name);
        assert!(fleet.scene.logs_in(&name, &password), "{name}");
    }
    let (again, summary) = fleet.rotate();
    again.expect_status(1);
    assert_eq!(summary["due"], BROKEN, "{again}");
    assert_eq!(summary["rotated"], 0, "{again}");
    let asked = "SELECT count(*) FROM audit_log WHERE operation = 'rotate' AND stage = 'intent'";
    assert_eq!(fleet.scene.query(asked), (TARGETS + BROKEN).to_string());
}

#[test]
fn servers_that_are_not_selected_are_left_in_peace() {
    let fleet = Fleet::new();
    let only = ["rotate", "--any-age", "-e", "e01", "-e", "e02"];
    fleet.scene.sandbox.pgrole(only).run().expect_status(0);
    let asked = "SELECT group_concat(env) FROM
        (SELECT DISTINCT env FROM audit_log WHERE operation LIKE 'rotate%' ORDER BY env)";
    assert_eq!(fleet.scene.query(asked), "e01,e02");
}

#[test]
fn a_second_name_of_a_cluster_rotates_its_roles_once() {
    let mut scene = Scene::new();
    let role = scene.create("jane");
    scene.sandbox.register(Cluster::shared(), "qa", "postgres");
    let only = ["rotate", "-u", &role];
    let lines = scene
        .sandbox
        .pgrole(only)
        .run()
        .expect_status(0)
        .json_lines();
    assert_eq!(lines[lines.len() - 1]["summary"]["rotated"], 1);
    scene.delivered_password_is_good(&role);
}

#[test]
fn environments_come_in_rollout_order_and_failures_have_a_limit() {
    let fleet = Fleet::new();
    let rotate = [
        "rotate",
        "--any-age",
        "--jobs",
        "1",
        "--max-failures",
        "2",
        "--yes",
        "--dry-run",
    ];
    let lines = fleet
        .scene
        .sandbox
        .pgrole(rotate)
        .run()
        .expect_status(4)
        .json_lines();
    // Roles of other tests, on the same cluster, are of unknown age.
    let due = lines.iter().filter(|row| row["reason"] == "due");
    let order: Vec<_> = due.filter_map(|row| row["env"].as_str()).collect();
    assert!(order.is_sorted(), "{order:?}");
    assert_eq!(order.len(), TARGETS);
    let rotate = [
        "rotate",
        "--any-age",
        "--jobs",
        "1",
        "--max-failures",
        "2",
        "--yes",
    ];
    let lines = fleet
        .scene
        .sandbox
        .pgrole(rotate)
        .run()
        .expect_status(4)
        .json_lines();
    let summary = &lines[lines.len() - 1]["summary"];
    // e00 and e05 are down.
    assert_eq!(
        (&summary["rotated"], &summary["failed"]),
        (&4.into(), &2.into())
    );
    assert_eq!(summary["left"], TARGETS - 6);
}

#[test]
fn after_the_deadline_no_role_is_begun() {
    let scene = Scene::new();
    for name in ["a", "b", "c", "d", "e"] {
        scene.create(name);
    }
    let slow = [
        "rotate",
        "--any-age",
        "--jobs",
        "1",
        "--deadline",
        "1s",
        "--deliver",
        "exec:sleep 0.7",
    ];
    let lines = scene
        .sandbox
        .pgrole(slow)
        .run()
        .expect_status(0)
        .json_lines();
    let summary = &lines[lines.len() - 1]["summary"];
    let count = |key: &str| summary[key].as_u64().expect("a number");
    assert!((1..=2).contains(&count("rotated")), "{summary}");
    assert_eq!(count("left"), 5 - count("rotated"));
}

#[test]
fn deliveries_side_by_side_to_one_file_keep_each_others_lines() {
    let scene = Scene::new();
    let file = scene.file("pgpass");
    let roles: Vec<_> = (0..12)
        .map(|number| scene.area.role(&format!("r{number:02}")))
        .collect();
    let deliver = format!("pgpass:{}", file.display());
    for role in &roles {
        let created = scene.user("readonly", role, &["--deliver", &deliver]).run();
        created.expect_status(0);
    }
    let others = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--jobs", "12"])
        .spawn();
    others.wait().expect_status(0);
    let text = scene.read("pgpass");
    assert_eq!(text.lines().count(), roles.len(), "{text}");
    for role in &roles {
        let line = text
            .lines()
            .find(|line| line.contains(&format!(":{role}:")));
        let password = line
            .and_then(|line| line.rsplit(':').next())
            .expect("a line");
        assert!(scene.logs_in(role, password), "{role}: {text}");
    }
}
