//! `user show`: one role in full, a report per cluster.

use serde_json::Value;

use super::access::on_each_version;
use super::searching::{closed_port, fleet};
use crate::harness::{Admin, Cluster};
use crate::scene::{Scene, error};

on_each_version! {
    everything_about_a_role_is_shown
    a_role_of_nothing_is_shown_too
}

fn show(scene: &Scene, name: &str) -> Value {
    scene.user("show", &[name]).run().expect_status(0).json()
}

/// The entries of a list whose key has this value.
fn entries<'a>(list: &'a Value, key: &str, value: &str) -> Vec<&'a Value> {
    let list = list.as_array().unwrap_or_else(|| panic!("a list: {list}"));
    list.iter().filter(|entry| entry[key] == value).collect()
}

fn everything_about_a_role_is_shown(scene: &mut Scene) {
    let jane = scene.create("devqa", "jane");
    let (name, database) = (jane.name.clone(), scene.database().to_owned());
    let team = scene.area.create_role("team", "NOLOGIN");
    let other = format!("{database}_other");
    scene.psql(&format!(
        "CREATE SCHEMA app; CREATE TABLE app.orders (id int); CREATE TABLE app.mine (id int);
         ALTER TABLE app.mine OWNER TO {name}; GRANT {team} TO {name};
         GRANT USAGE ON SCHEMA app TO {name}; GRANT SELECT ON app.orders TO {team};
         ALTER ROLE {name} CONNECTION LIMIT 30;
         ALTER ROLE {name} SET work_mem = '64MB'; ALTER ROLE {name} IN DATABASE {database} SET search_path = app, public"
    ));
    scene.psql(&format!("CREATE DATABASE {other} OWNER {name}"));
    let row = show(scene, &name);
    assert_eq!(row["username"], *name);
    assert_eq!(row["status"], "user found");
    assert_eq!(
        row["databases"],
        serde_json::json!([format!("dev/{database}")])
    );
    assert_eq!(row["connection_limit"], 30);
    assert_eq!(row["profile"], "devqa");
    let differs = entries(&row["differs"], "what", "connection_limit");
    assert_eq!(
        (&differs[0]["wanted"], &differs[0]["found"]),
        (&"20".into(), &"30".into())
    );
    assert_eq!(row["differs"].as_array().map(Vec::len), Some(1), "{row}");
    assert_eq!(row["password_age_days"], 0);
    assert_eq!(row["deliver"], "stdout");
    let groups = entries(&row["member_of"], "role", &team);
    assert_eq!(
        (&groups[0]["inherit"], &groups[0]["set"]),
        (&true.into(), &true.into())
    );
    let access = &row["access"][0];
    assert_eq!(access["level"], "readwrite");
    assert_eq!(access["connect"], true);
    let app = entries(&access["schemas"], "name", "app");
    assert_eq!(app[0]["readable"], 2, "{access}");
    let through: Vec<_> = app[0]["by"].as_array().expect("a list").iter().collect();
    assert!(through.iter().any(|by| by["grantee"] == *team), "{access}");
    let owned: Vec<_> = entries(&row["objects"], "kind", "owner");
    let tables: Vec<_> = owned
        .iter()
        .filter(|it| it["catalog"] == "pg_class")
        .collect();
    assert_eq!(tables[0]["names"], serde_json::json!(["app.mine"]));
    let shared: Vec<_> = owned
        .iter()
        .filter(|it| it["catalog"] == "pg_database")
        .collect();
    assert_eq!(shared[0]["database"], Value::Null);
    assert_eq!(entries(&row["elsewhere"], "name", &other).len(), 1, "{row}");
    let settings = row["settings"].to_string();
    assert!(
        settings.contains("work_mem=64MB") && settings.contains("search_path=app, public"),
        "{row}"
    );
    assert_eq!(row["last_change"]["operation"], "user devqa");
    scene.psql(&format!("DROP DATABASE {other}"));
}

fn a_role_of_nothing_is_shown_too(scene: &mut Scene) {
    let old = scene
        .area
        .create_role("old", "NOLOGIN CREATEDB VALID UNTIL '2001-05-06 07:08:09Z'");
    let row = show(scene, &old);
    assert_eq!(row["login"], false);
    assert_eq!(row["createdb"], true);
    assert_eq!(row["expired"], true);
    assert_eq!(row["valid_until"], "2001-05-06T07:08:09Z");
    for key in [
        "profile",
        "differs",
        "deliver",
        "password_changed_at",
        "last_change",
    ] {
        assert_eq!(row[key], Value::Null, "{key}");
    }
    assert_eq!(row["access"][0]["level"], "none");
    assert_eq!(row["sessions"], serde_json::json!([]));
}

#[test]
fn the_kind_of_the_hash_is_shown_or_said_to_be_unknown() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane").name;
    let row = show(&scene, &jane);
    if Admin::of_this_run() == Admin::Superuser {
        assert_eq!(row["verifier"]["kind"], "scram-sha-256");
        assert_eq!(row["verifier"]["iterations"], 4096);
        let none = scene.area.create_role("none", "LOGIN");
        assert_eq!(show(&scene, &none)["verifier"]["kind"], "none");
    } else {
        assert_eq!(row["verifier"]["kind"], "unknown");
    }
}

#[test]
fn sessions_are_counted_by_what_they_do() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane");
    let client = scene
        .cluster
        .client_as(&jane.name, &jane.password, scene.database());
    let row = show(&scene, &jane.name);
    assert_eq!(row["sessions"][0]["count"], 1, "{row}");
    assert_eq!(row["sessions"][0]["database"], *scene.database());
    drop(client);
}

#[test]
fn a_person_reads_it_in_sections() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane").name;
    let shown = scene.user("show", &[&jane, "--format", "table"]).run();
    shown.expect_status(0);
    for line in [
        "attributes   LOGIN, connection limit 20, no expiry",
        "profile      devqa, as configured",
        "changed on [TIME]",
        "last change  user created on ",
        "access       dev/[DB]: level readwrite, CONNECT",
        "sessions     none",
    ] {
        let shown = shown.filtered().stdout;
        assert!(shown.contains(line), "{line}\n{shown}");
    }
}

#[test]
fn over_a_fleet_each_cluster_is_one_row_with_its_databases() {
    let (mut scene, databases, jane) = fleet();
    let stranger = Cluster::private(|it| it);
    scene.sandbox.register(&stranger, "prod", "postgres");
    let shown = scene.sandbox.pgrole(["user", "show", &jane]).run();
    let rows = shown.expect_status(0).json();
    assert_eq!(rows.as_array().map(Vec::len), Some(1), "{rows}");
    assert_eq!(
        rows[0]["databases"].as_array().map(Vec::len),
        Some(databases.len())
    );
    assert_eq!(
        rows[0]["access"].as_array().map(Vec::len),
        Some(databases.len())
    );
    let events = ["audit", "list", "--operation", "user show"];
    let events = scene.sandbox.pgrole(events).run().json();
    assert_eq!(events.as_array().map(Vec::len), Some(1));
    assert_eq!(events[0]["username"], *jane);
    scene.sandbox.register_on_port(closed_port(), "uat", "dead");
    let some = scene.sandbox.pgrole(["user", "show", "-u", &jane]).run();
    some.expect_status(4);
    assert_eq!(some.json().as_array().map(Vec::len), Some(1));
}

#[test]
fn a_role_that_is_nowhere_is_status_3() {
    let scene = Scene::new();
    let nobody = scene.role("nobody");
    let outcome = scene.user("show", &[&nobody]).run();
    outcome.expect_stdout("");
    let message = format!("no role \"{nobody}\" on dev/{}", scene.database());
    assert_eq!(error(&outcome, 3)["message"], message);
    let both = scene.sandbox.pgrole(["user", "show", "a", "-u", "b"]).run();
    both.expect_status(2);
    scene
        .sandbox
        .pgrole(["user", "show"])
        .run()
        .expect_status(2);
}
