//! `user find` and `user list` over a fleet: a row per cluster, one question per server, one act in the audit log, and
//! the last answers without a network.

use serde_json::Value;

use super::searching::{closed_port, fleet};
use crate::harness::{Cluster, Sandbox, sqlite};
use crate::scene::{Scene, error, whole_text};

fn rows(value: &Value) -> &Vec<Value> {
    value.as_array().expect("an array")
}

/// The rows about roles of the scene's own.
fn own<'a>(value: &'a Value, scene: &Scene<'_>) -> Vec<&'a Value> {
    let prefix = format!("{}_", scene.database());
    let is_own = |row: &&Value| {
        let name = row["username"].as_str().expect("a name");
        name.starts_with(&prefix)
    };
    rows(value).iter().filter(is_own).collect()
}

fn connections(cluster: &Cluster) -> usize {
    cluster.log().matches("connection authorized").count()
}

#[test]
fn a_role_of_three_databases_is_one_row_of_its_cluster() {
    let (scene, databases, jane) = fleet();
    let find = ["user", "find", &jane, "--by-cluster"];
    let found = scene.sandbox.pgrole(find).run();
    found.expect_status(0).expect_stderr("");
    let found = found.json();
    assert_eq!(rows(&found).len(), 1, "{found}");
    let names = ["dev", "qa", "uat"].iter().zip(&databases);
    let names: Vec<_> = names.map(|(env, name)| format!("{env}/{name}")).collect();
    assert_eq!(found[0]["databases"], Value::from(names));
    assert_eq!(found[0]["profile"], "devqa");
    let table = scene
        .sandbox
        .pgrole(["user", "list", "--profile", "dev*", "--format", "table"])
        .run();
    table.expect_status(0);
    assert_eq!(table.stdout.matches(&jane).count(), 1, "{table}");
    for database in &databases {
        assert!(table.stdout.contains(&format!("/{database}")), "{table}");
    }
}

#[test]
fn one_question_per_server_serves_all_its_databases() {
    let cluster = Cluster::private(|it| it.setting("log_connections", "on"));
    let mut scene = Scene::on(&cluster);
    let name = scene.role("b");
    scene.psql(&format!("CREATE DATABASE {name}"));
    scene.sandbox.register(&cluster, "qa", &name);
    let before = connections(&cluster);
    let list = scene.sandbox.pgrole(["user", "list"]).run();
    list.expect_status(0);
    assert_eq!(connections(&cluster) - before, 1, "{}", cluster.log());
    let envs: Vec<_> = rows(&list.json())
        .iter()
        .map(|row| row["env"].clone())
        .collect();
    assert!(
        envs.contains(&"dev".into()) && envs.contains(&"qa".into()),
        "{envs:?}"
    );
}

#[test]
fn a_database_that_is_gone_fails_alone() {
    let (mut scene, databases, jane) = fleet();
    scene.sandbox.register(scene.cluster, "dev", "a_gone");
    let find = scene.sandbox.pgrole(["user", "find", &jane]).run();
    find.expect_status(4);
    assert!(find.stderr.contains("1 of 4 targets failed"), "{find}");
    assert!(find.stderr.contains("dev/a_gone"), "{find}");
    let found = find.json();
    assert_eq!(rows(&found).len(), databases.len(), "{find}");
}

/// The cluster is asked once, in another database: what it says is not said of one that it does not have.
#[test]
fn a_database_that_is_not_there_is_not_named_although_its_cluster_has_the_role() {
    let (mut scene, databases, jane) = fleet();
    scene.sandbox.register(scene.cluster, "uat", "zz_gone");
    for verb in ["find", "list"] {
        let name = (verb == "find").then_some(&*jane);
        let command = || ["user", verb].into_iter().chain(name);
        let json = scene.sandbox.pgrole(command()).run();
        json.expect_status(4)
            .expect_in_stderr("1 of 4 targets failed")
            .expect_in_stderr("3D000")
            .expect_in_stderr("pgrole registry remove -e uat -d zz_gone");
        assert!(!json.stdout.contains("zz_gone"), "{json}");
        let json = json.json();
        let named = own(&json, &scene);
        let named = named.iter().filter(|row| row["username"] == *jane);
        assert_eq!(named.count(), databases.len(), "{json}");
        for more in [["--by-cluster", "-q"], ["--format", "table"]] {
            let shown = scene.sandbox.pgrole(command().chain(more)).run();
            shown.expect_status(4);
            assert!(shown.stdout.contains(&databases[2]), "{shown}");
            assert!(!shown.stdout.contains("zz_gone"), "{shown}");
        }
    }
}

/// `database` is a key of rows per target, `databases` of rows per cluster.
#[test]
fn the_columns_that_are_named_decide_what_a_row_is() {
    let (scene, databases, jane) = fleet();
    let find = |more: &[&str]| {
        let find = ["user", "find", &jane].into_iter();
        let found = scene.sandbox.pgrole(find.chain(more.iter().copied())).run();
        found.expect_status(0);
        found
    };
    let of_targets = find(&["--columns", "username,database", "--format", "table"]);
    assert_eq!(of_targets.stdout.matches(&jane).count(), databases.len());
    let sorted = find(&["--sort", "-env", "--format", "table"]);
    assert!(sorted.stdout.contains("ENV"), "{sorted}");
    assert_eq!(sorted.stdout.matches(&jane).count(), databases.len());
    let of_cluster = find(&["--columns", "username,databases"]).json();
    assert_eq!(rows(&of_cluster).len(), 1, "{of_cluster}");
}

#[test]
fn a_server_that_is_down_is_asked_once_and_named_with_all_its_databases() {
    let mut scene = Scene::new();
    let port = closed_port();
    scene.sandbox.register_on_port(port, "qa", "one");
    scene.sandbox.register_on_port(port, "qa", "two");
    let list = scene.sandbox.pgrole(["user", "list"]).run();
    list.expect_status(4);
    assert!(list.stderr.contains("2 of 3 targets failed"), "{list}");
    assert!(
        list.stderr.contains(
            "one more target is on the same server as qa/one, which could not be asked: qa/two"
        ),
        "{list}"
    );
}

#[test]
fn a_reading_of_many_targets_is_one_act_found_by_each_of_them() {
    let (mut scene, databases, jane) = fleet();
    scene.sandbox.register_on_port(closed_port(), "qa", "dead");
    scene
        .sandbox
        .pgrole(["user", "find", &jane])
        .run()
        .expect_status(4);
    let count = "SELECT count(*) FROM audit_log WHERE operation = 'user find'";
    assert_eq!(sqlite::query(&scene.sandbox.registry(), count), "2");
    for words in [
        vec!["-e", "uat"],
        vec!["-d", &databases[1]],
        vec!["-e", "qa", "-d", "dead"],
        vec!["--operation", "user find"],
    ] {
        let list = ["audit", "list"].into_iter().chain(words.clone());
        let listed = scene.sandbox.pgrole(list).run().json();
        let finds = rows(&listed)
            .iter()
            .filter(|row| row["operation"] == "user find");
        let finds: Vec<_> = finds.collect();
        assert_eq!(finds.len(), 1, "{words:?}: {listed}");
        assert_eq!(finds[0]["status"], "user found");
        assert_eq!(rows(&finds[0]["targets"]).len(), 4);
        let failed = finds[0]["error"].as_str().expect("an error");
        assert!(failed.starts_with("1 of 2 failed; qa/dead: "), "{failed}");
    }
    let other = ["audit", "list", "-e", "uat", "-d", "dead"];
    assert_eq!(rows(&scene.sandbox.pgrole(other).run().json()).len(), 0);
    scene
        .sandbox
        .pgrole(["audit", "verify"])
        .run()
        .expect_status(0);
}

#[test]
fn the_last_answers_are_read_without_a_network_and_say_how_old_they_are() {
    let cluster = Cluster::private(|it| it);
    let scene = Scene::on(&cluster);
    let jane = scene.create("devqa", "jane").name;
    let nobody = scene.role("nobody");
    scene.user("list", &[]).run().expect_status(0);
    scene.user("find", &[&nobody]).run().expect_status(3);
    cluster.stop();
    let list = scene.user("list", &["--offline"]).run();
    list.expect_status(0).expect_stderr("");
    let list = list.json();
    let found = own(&list, &scene);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0]["username"], jane.as_str());
    let answered = found[0]["answered_at"].as_str().expect("a time");
    assert!(answered.ends_with('Z'), "{answered}");
    let find = scene.user("find", &[&jane, "--offline"]).run();
    assert_eq!(find.expect_status(0).json()["profile"], "devqa");
    scene
        .user("find", &[&nobody, "--offline"])
        .run()
        .expect_status(3);
    let table = scene
        .user("list", &["--offline", "--format", "table"])
        .run();
    assert!(table.stdout.contains("ANSWERED AT"), "{table}");
}

#[test]
fn a_server_that_never_answered_has_no_last_answer() {
    let mut sandbox = Sandbox::new();
    sandbox.register_on_port(closed_port(), "dev", "app");
    let list = sandbox.pgrole(["user", "list", "--offline"]).run();
    let failure = error(&list, 3);
    assert_eq!(failure["message"], "cannot list the roles on dev/app");
    assert!(whole_text(&failure).contains("it was not asked yet"));
    assert_eq!(
        failure["hint"],
        "ask it now: pgrole user list -e dev -d app"
    );
}

#[test]
fn logins_are_filtered_by_profile_end_access_and_superuser() {
    let scene = Scene::new();
    let jane = scene.create("devqa", "jane").name;
    let boss = scene.create("dba", "boss").name;
    let ending = scene
        .area
        .create_role("ending", "LOGIN VALID UNTIL '2001-02-03'");
    let names = |words: &[&str]| {
        let listed = scene.user("list", words).run().expect_status(0).json();
        let names = own(&listed, &scene)
            .into_iter()
            .map(|row| row["username"].clone());
        names.collect::<Vec<_>>()
    };
    assert_eq!(names(&["--profile", "dev*"]), [jane.as_str()]);
    assert_eq!(names(&["--profile", "d*"]), [boss.as_str(), &jane]);
    assert_eq!(names(&["--expiring", "14d"]), [ending.as_str()]);
    assert_eq!(names(&["--no-access"]), [boss.as_str(), &ending]);
    assert_eq!(names(&["--superuser"]), [""; 0]);
}

#[test]
fn targets_are_selected_by_several_names_and_patterns() {
    let (scene, databases, jane) = fleet();
    let count = |words: &[&str]| {
        let find = ["user", "find", &jane]
            .into_iter()
            .chain(words.iter().copied());
        let found = scene.sandbox.pgrole(find).run();
        rows(&found.expect_status(0).json()).len()
    };
    assert_eq!(count(&["-e", "qa", "-e", "uat"]), 2);
    assert_eq!(count(&["-e", "*a*"]), 2);
    assert_eq!(count(&["-d", "*_a", "-d", &databases[0]]), 2);
    let unknown = ["user", "find", &jane, "-e", "qaa"];
    error(&scene.sandbox.pgrole(unknown).run(), 2);
    let none = ["user", "find", &jane, "-e", "pro*"];
    error(&scene.sandbox.pgrole(none).run(), 3);
}
