//! The databases of a server, and registering some of them.

use serde_json::Value;

use super::registry;
use crate::harness::{Area, Cluster, Outcome, Sandbox, sqlite};
use crate::scene::Scene;

fn discover(sandbox: &Sandbox, cluster: &Cluster, words: &str) -> Outcome {
    let port = cluster.port();
    registry(sandbox, &format!("discover -H 127.0.0.1 -p {port} {words}"))
}

fn row<'a>(rows: &'a Value, area: &Area<'_>) -> &'a Value {
    let mut rows = rows.as_array().expect("an array").iter();
    let found = rows.find(|row| row["database"] == area.database());
    found.expect("the database is there")
}

fn names(sandbox: &Sandbox) -> String {
    let sql = "SELECT env, db_name, hostname, system_identifier IS NOT NULL FROM db_registry ORDER BY 1, 2";
    sqlite::query(&sandbox.registry(), sql)
}

#[test]
fn the_databases_of_a_server_are_listed_and_nothing_is_registered() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let sandbox = Sandbox::new().with_admin(cluster);
    let listed = discover(&sandbox, cluster, "-e dev");
    listed.expect_status(0);
    let rows = listed.json();
    let found = row(&rows, &area);
    assert_eq!(found["status"], "not registered");
    assert_eq!(found["env"], "dev");
    assert_eq!(found["usable"], true);
    assert!(found["owner"].is_string() && found["size_bytes"].is_null());
    let template = rows.as_array().expect("an array").iter();
    let template = template.filter(|row| row["database"] == "template0");
    assert!(template.clone().count() == 1 && template.clone().all(|row| row["usable"] == false));
    assert_eq!(names(&sandbox), "");
    let sized = discover(&sandbox, cluster, "-e dev --sizes").json();
    assert!(row(&sized, &area)["size_bytes"].as_i64() > Some(1_000_000));
    let log = "SELECT stage, operation, db_name, status FROM audit_log WHERE operation = 'registry discover' LIMIT 2";
    assert_eq!(
        sqlite::query(&sandbox.registry(), log),
        "intent|registry discover|postgres|intended\noutcome|registry discover|postgres|ok"
    );
}

#[test]
fn the_chosen_ones_are_registered_once_and_usable_at_once() {
    let cluster = Cluster::shared();
    let (one, two) = (cluster.area(), cluster.area());
    let sandbox = Sandbox::new().with_admin(cluster);
    let words = format!("-e dev -d {} -d {}*", one.database(), two.database());
    let registered = discover(&sandbox, cluster, &words);
    registered.expect_status(0);
    let rows = registered.json();
    for area in [&one, &two] {
        assert_eq!(row(&rows, area)["status"], "target added");
        let name = format!("dev/{}", area.database());
        assert_eq!(row(&rows, area)["registered_as"], serde_json::json!([name]));
    }
    let log = "SELECT operation, status FROM audit_log WHERE stage = 'event' AND env = 'dev'";
    assert_eq!(
        sqlite::query(&sandbox.registry(), log),
        "registry add|target added\nregistry add|target added"
    );
    let before = names(&sandbox);
    assert_eq!(before.matches("|127.0.0.1|1").count(), 2, "{before}");
    let again = discover(&sandbox, cluster, &words);
    again.expect_status(0);
    assert_eq!(row(&again.json(), &one)["status"], "unchanged");
    assert_eq!(names(&sandbox), before);
    let check = registry(&sandbox, &format!("check -e dev -d {}", one.database()));
    check.expect_status(0);
}

#[test]
fn all_leaves_out_what_is_no_target() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let sandbox = Sandbox::new().with_admin(cluster);
    // Other tests drop their databases meanwhile, which changes nothing here.
    discover(&sandbox, cluster, "-e qa --all").expect_status(0);
    let names = names(&sandbox);
    assert!(names.contains(&format!("qa|{}|127.0.0.1|1", area.database())));
    for left_out in ["|postgres|", "|template1|", "|template0|"] {
        assert!(!names.contains(left_out), "{names}");
    }
}

#[test]
fn a_name_that_another_server_has_is_left_alone() {
    let scene = Scene::new();
    let other = scene.cluster.area();
    let sandbox = Sandbox::new().with_admin(scene.cluster);
    let taken = format!(
        "add -e dev -d {} -H elsewhere.example.com",
        scene.database()
    );
    registry(&sandbox, &taken).expect_status(0);
    let alone = discover(
        &sandbox,
        scene.cluster,
        &format!("-e dev -d {}", scene.database()),
    );
    alone.expect_status(6);
    assert_eq!(row(&alone.json(), &scene.area)["status"], "target differs");
    let hint = alone.json_error()["error"]["hint"].clone();
    let wanted = format!(
        "pgrole registry update -e dev -d {} -H 127.0.0.1",
        scene.database()
    );
    assert!(hint.as_str().expect("a hint").ends_with(&wanted), "{hint}");
    let words = format!("-e dev -d {} -d {}", scene.database(), other.database());
    let both = discover(&sandbox, scene.cluster, &words);
    both.expect_status(4);
    assert_eq!(row(&both.json(), &other)["status"], "target added");
    assert!(names(&sandbox).contains("|elsewhere.example.com|0"));
}

#[test]
fn a_database_that_is_registered_elsewhere_says_so() {
    let scene = Scene::new();
    let listed = discover(&scene.sandbox, scene.cluster, "-e qa");
    listed.expect_status(0);
    let rows = listed.json();
    let found = row(&rows, &scene.area);
    assert_eq!(found["status"], "not registered");
    let name = format!("dev/{}", scene.database());
    assert_eq!(found["registered_as"], serde_json::json!([name]));
}

#[test]
fn a_name_that_the_server_does_not_have_registers_nothing() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let sandbox = Sandbox::new().with_admin(cluster);
    let words = format!("-e dev -d {} -d no_such_*", area.database());
    let refused = discover(&sandbox, cluster, &words);
    refused
        .expect_status(3)
        .expect_in_stderr("matches \\\"no_such_*\\\"");
    assert_eq!(names(&sandbox), "");
    discover(&sandbox, cluster, "-e live").expect_status(2);
    discover(&sandbox, cluster, "-e dev --maintenance-db no_such_db").expect_status(5);
}

#[test]
fn on_a_terminal_it_asks() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let sandbox = Sandbox::new().with_admin(cluster);
    let port = cluster.port().to_string();
    let words = [
        "registry",
        "discover",
        "-e",
        "dev",
        "-H",
        "127.0.0.1",
        "-p",
        &port,
    ];
    let mut terminal = sandbox.pgrole(words).in_terminal(120);
    terminal.expect("register which databases?");
    terminal.send_line(area.database());
    let (screen, status) = terminal.wait_status();
    assert_eq!(status, Some(0), "{screen}");
    assert!(screen.contains("target added"), "{screen}");
    assert!(names(&sandbox).contains(area.database()));
    let mut terminal = sandbox.pgrole(words).in_terminal(120);
    terminal.expect("register which databases?");
    terminal.send_line("");
    assert_eq!(terminal.wait_status().1, Some(0));
}
