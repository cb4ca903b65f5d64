//! A role belongs to a cluster: two names of one server are one role, one lock, one rotation; a copy of a server is
//! another one, whatever its identifier says.

use std::fs;

use super::rotate::make_old;
use super::{Scene, wait_until};
use crate::harness::{Admin, Cluster, Outcome, Proxy, records, skip_for, sqlite};

const OLD: &str = "2026-01-01T00:00:00.000000Z";
/// Of the version before clusters.
const SCHEMA_8: &str = include_str!("../registry/schema_8.sql");

/// A server of its own, so that its roles are the test's alone.
pub fn server() -> Cluster {
    Cluster::private(|c| c)
}

pub fn add(scene: &Scene, env: &str, host: &str, port: u16) {
    let port = port.to_string();
    let add = ["registry", "add", "-e", env, "-d", scene.area.database()];
    let add = scene.sandbox.pgrole(add).args(["-H", host, "-p", &port]);
    add.args(["--sslmode", "disable"]).run().expect_status(0);
}

pub fn rotate(scene: &Scene, arguments: &[&str]) -> Outcome {
    let is_aged = arguments.contains(&"--older-than");
    let any_age = (!is_aged).then_some("--any-age");
    let rotate = scene.sandbox.pgrole(["rotate"]).args(any_age);
    rotate.args(arguments).run()
}

pub fn rotated(outcome: &Outcome) -> (u64, u64) {
    let lines = outcome.json_lines();
    let summary = &lines.last().expect("a summary")["summary"];
    let count = |key: &str| summary[key].as_u64().expect("a number");
    (count("due"), count("rotated"))
}

fn user_at(scene: &Scene, env: &str, verb: &str, role: &str, file: &str) -> Outcome {
    let deliver = format!("file:{}", scene.file(file).display());
    let user = ["user", verb, "-e", env, "-d", scene.area.database()];
    let user = scene.sandbox.pgrole(user);
    user.args(["-u", role, "--deliver", &deliver]).run()
}

pub fn clusters(scene: &Scene) -> String {
    scene.query("SELECT count(DISTINCT cluster_id) FROM db_registry")
}

#[track_caller]
fn file_is_good(scene: &Scene, cluster: &Cluster, role: &str, file: &str) {
    let object: serde_json::Value = serde_json::from_str(&scene.read(file)).expect("JSON");
    let password = object["password"].as_str().expect("a password");
    let login = cluster.client_as(role, password, scene.area.database());
    assert!(login.is_ok(), "{file}: {}", scene.states());
}

#[test]
fn one_server_under_two_names_rotates_its_roles_once() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    add(&scene, "qa", "localhost", server.port());
    let outcome = rotate(&scene, &[]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    scene.delivered_password_is_good(&role);
    assert_eq!(clusters(&scene), "1");
    let event = "SELECT count(*) FROM audit_log WHERE status LIKE 'one server under two names, %'";
    assert_eq!(scene.query(event), "1");
    // It stays one, for the commands that ask no server too.
    let status = scene.sandbox.pgrole(["rotate", "status"]).run().json();
    assert_eq!(status.as_array().map(Vec::len), Some(1), "{status}");
    assert_eq!(status[0]["last_result"], "changed");
    let metrics = ["rotate", "status", "--format", "prometheus"];
    let metrics = scene.sandbox.pgrole(metrics).run().stdout;
    let ages = metrics
        .lines()
        .filter(|line| line.starts_with("pgrole_password_age_seconds{"));
    assert_eq!(ages.count(), 1, "{metrics}");
    // A change over the other name is this role's newest.
    user_at(&scene, "qa", "reset", &role, "other").expect_status(0);
    let outcome = rotate(&scene, &[]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    file_is_good(&scene, &server, &role, "other");
}

/// The registry of the version before, on this server, as old as can be.
pub fn adopt_schema_8(scene: &Scene, server: &Cluster) {
    let registry = scene.sandbox.registry();
    for name in ["", "-wal", "-shm"] {
        let mut path = registry.clone().into_os_string();
        path.push(name);
        fs::remove_file(path).ok();
    }
    let port = server.port();
    let database = scene.area.database();
    let out = scene.file("");
    sqlite::sqlite3(&registry, SCHEMA_8).expect_status(0);
    scene.query(&format!(
        "UPDATE db_registry SET port = {port}, db_name = '{database}', system_identifier = NULL;
         DELETE FROM db_registry WHERE env = 'prod';
         DELETE FROM password_change WHERE state <> 'CLOSED';
         UPDATE password_change SET port = {port}, db_name = '{database}';
         DELETE FROM placed_role WHERE username = 'ben';
         UPDATE placed_role SET port = {port}, db_name = '{database}', password_changed_at = '{OLD}',
            deliver = replace(deliver, '/srv/pgrole/out/', '{}')",
        out.display()
    ));
    scene
        .area
        .superuser_psql("CREATE ROLE jane LOGIN PASSWORD 'before'");
}

#[test]
fn a_role_that_was_placed_under_both_names_is_not_rotated_until_somebody_picks() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    adopt_schema_8(&scene, &server);
    for file in ["dev.json", "qa.json"] {
        fs::write(scene.file(file), "before").expect("the folder is there");
    }
    let status = scene.sandbox.pgrole(["rotate", "status"]).run().json();
    assert_eq!(status.as_array().map(Vec::len), Some(2), "{status}");

    for arguments in [&["--dry-run"][..], &[], &["--quiet"], &["-e", "qa"]] {
        let outcome = rotate(&scene, arguments);
        outcome.expect_status(4);
        for file in ["dev.json", "qa.json"] {
            outcome.expect_in_stderr(&scene.file(file).display().to_string());
            assert_eq!(scene.read(file), "before");
        }
        server
            .client_as("jane", "before", scene.area.database())
            .expect("nothing has changed");
    }
    let status = scene.sandbox.pgrole(["rotate", "status"]).run().json();
    assert_eq!(status.as_array().map(Vec::len), Some(1), "{status}");
    assert_eq!(status[0]["deliveries"].as_array().map(Vec::len), Some(2));

    let both = ["dev.json", "qa.json"].map(|file| format!("file:{}", scene.file(file).display()));
    let picked = rotate(&scene, &["--deliver", &both[0], "--deliver", &both[1]]);
    assert_eq!(rotated(picked.expect_status(0)), (1, 1), "{picked}");
    // The pick is remembered, with both.
    for _ in 0..2 {
        for file in ["dev.json", "qa.json"] {
            file_is_good(&scene, &server, "jane", file);
        }
        let again = rotate(&scene, &[]);
        assert_eq!(rotated(again.expect_status(0)), (1, 1), "{again}");
        assert_eq!(again.json_lines()[0]["delivered_to"], both.join(", "));
    }
}

/// What a person would have to choose, `reset` does not choose either; and what it prints picks nothing.
#[test]
fn a_reset_goes_to_one_of_several_places_only_by_the_operators_word() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    adopt_schema_8(&scene, &server);
    rotate(&scene, &[]).expect_status(4);
    let [dev, qa] =
        ["dev.json", "qa.json"].map(|file| format!("file:{}", scene.file(file).display()));
    let reset = |more: &[&str]| {
        let reset = ["user", "reset", "-e", "dev", "-d", scene.area.database()];
        let reset = scene.sandbox.pgrole(reset).args(["-u", "jane"]);
        reset.args(more).run()
    };
    let met = || scene.query("SELECT count(*) FROM met_delivery");

    let refused = reset(&[]);
    refused
        .expect_status(6)
        .expect_in_stderr(&dev)
        .expect_in_stderr(&qa);
    let printed = reset(&["--deliver", "stdout"]).expect_status(0).json();
    let said = printed["warnings"].to_string();
    assert!(said.contains(&dev) && said.contains(&qa), "{said}");
    assert_eq!(met(), "1");
    rotate(&scene, &[]).expect_status(4);

    let both = ["--deliver", &dev, "--deliver", &qa];
    rotate(&scene, &both).expect_status(0);
    let row = reset(&[]).expect_status(0).json();
    assert_eq!(row["delivered_to"], format!("{dev}, {qa}"));
    for file in ["dev.json", "qa.json"] {
        file_is_good(&scene, &server, "jane", file);
    }
    let row = reset(&["--deliver", &qa]).expect_status(0).json();
    let said = row["warnings"].to_string();
    assert!(said.contains(&dev) && !said.contains(&qa), "{said}");
    file_is_good(&scene, &server, "jane", "qa.json");
}

#[test]
fn several_deliveries_have_a_format_each_and_are_recovered_together() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let (object, users) = (scene.file("object"), scene.file("users/list"));
    let places = [&object, &users].map(|path| format!("file:{}", path.display()));
    let deliver = ["--deliver", &places[0], "--deliver", &places[1]];
    let formats = ["--file-format", "env", "--file-format", "pgbouncer"];
    let arguments = [&["-u", role.as_str()][..], &deliver, &formats].concat();
    // Neither is touched where one cannot be.
    rotate(&scene, &arguments).expect_status(1);
    assert!(!object.exists());
    scene.delivered_password_is_good(&role);
    fs::create_dir(scene.file("users")).expect("the folder is there");
    rotate(&scene, &arguments).expect_status(0);
    assert!(scene.read("object").contains("PGPASSWORD="));
    assert!(scene.read("users/list").contains("SCRAM-SHA-256$"));
    let three = [&arguments[..], &["--file-format", "json"]].concat();
    rotate(&scene, &three).expect_status(2);

    // Of the next one the first is delivered, and the second is not.
    let gate = scene.file("gate");
    let fails = format!(
        "exec:sh -c \"test -e {} && cat > /dev/null\"",
        gate.display()
    );
    let half = ["-u", &role, "--deliver", &places[0], "--deliver", &fails];
    rotate(&scene, &half).expect_status(8);
    fs::write(&gate, "").expect("the folder is there");
    scene.recover().expect_status(0);
    let password = scene.read("object");
    let password = password
        .lines()
        .find_map(|line| line.strip_prefix("PGPASSWORD="));
    let password = password.expect("a password").trim_matches('\'').to_owned();
    assert!(scene.logs_in(&role, &password), "{password}");
}

/// Two servers with one identifier: what a restore from a backup makes of them.
fn copy_of(server: &Cluster) -> Cluster {
    let copy = Cluster::standby_of(server);
    copy.promote();
    copy
}

#[test]
fn a_restored_copy_is_another_cluster_though_its_identifier_is_the_same() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    let copy = copy_of(&server);
    add(&scene, "qa", "127.0.0.1", copy.port());
    user_at(&scene, "qa", "reset", &role, "copy").expect_status(0);
    for _ in 0..2 {
        let outcome = rotate(&scene, &[]);
        assert_eq!(rotated(outcome.expect_status(0)), (2, 2), "{outcome}");
        file_is_good(&scene, &server, &role, &role);
        file_is_good(&scene, &copy, &role, "copy");
    }
    assert_eq!(clusters(&scene), "2");
    let same = "SELECT count(DISTINCT system_identifier) FROM db_registry";
    assert_eq!(scene.query(same), "1");
}

#[test]
fn a_name_that_leads_to_a_copy_by_now_is_a_cluster_of_its_own_again() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    let proxy = Proxy::before(&server);
    add(&scene, "qa", "127.0.0.1", proxy.port());
    rotate(&scene, &[]).expect_status(0);
    assert_eq!(clusters(&scene), "1");
    let copy = copy_of(&server);
    proxy.lead_to(&copy);
    let before = scene.read(&role);
    let split = rotate(&scene, &["--older-than", "1d"]);
    split.expect_status(0).expect_in_stderr("are two now");
    assert_eq!(clusters(&scene), "2");
    assert_eq!(scene.read(&role), before);
    // The role stays with the server where it was changed last.
    let outcome = rotate(&scene, &["-e", "dev"]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    file_is_good(&scene, &server, &role, &role);
    proxy.lead_to(&server);
    rotate(&scene, &["--older-than", "1d"]).expect_status(0);
    assert_eq!(clusters(&scene), "1");
}

/// A scene whose server goes by two names, of which the second is a proxy.
pub fn with_second_name(server: &Cluster) -> (Scene<'_>, String, Proxy) {
    let scene = Scene::on(server, server.port());
    let role = scene.create("jane");
    let proxy = Proxy::before(server);
    add(&scene, "qa", "127.0.0.1", proxy.port());
    rotate(&scene, &[]).expect_status(0);
    assert_eq!(clusters(&scene), "1");
    (scene, role, proxy)
}

#[test]
fn a_name_that_leads_to_a_copy_takes_no_role_along_even_where_it_alone_is_asked() {
    let server = server();
    let (scene, role, proxy) = with_second_name(&server);
    let copy = copy_of(&server);
    proxy.lead_to(&copy);
    // The other name is asked too, and says that it sees another postmaster.
    user_at(&scene, "qa", "reset", &role, "copy").expect_status(0);
    assert_eq!(clusters(&scene), "2");
    for _ in 0..2 {
        file_is_good(&scene, &server, &role, &role);
        file_is_good(&scene, &copy, &role, "copy");
        let outcome = rotate(&scene, &[]);
        assert_eq!(rotated(outcome.expect_status(0)), (2, 2), "{outcome}");
    }
}

/// Whose delivery was changed by hand is refused, before its cluster is joined or parted and after; all others are not.
#[track_caller]
fn only_the_record_of_one_is_refused(scene: &Scene, bad: &str, good: &str) {
    for _ in 0..2 {
        let refused = rotate(scene, &["-u", bad]);
        let refused = refused.expect_status(6);
        refused.expect_in_stderr("pgrole did not record that");
        let outcome = rotate(scene, &["-u", good]);
        assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    }
    assert!(!scene.file("stolen").exists());
}

#[test]
fn what_pgrole_recorded_stays_so_where_clusters_are_joined_or_parted_and_nothing_else_becomes_so() {
    let server = server();
    let (scene, good, proxy) = with_second_name(&server);
    let bad = scene.create("bad");
    for role in [&good, &bad] {
        user_at(&scene, "qa", "reset", role, role).expect_status(0);
    }
    // As if the two names had not been seen to lead to one server, and the roles were placed over the newer one.
    scene.query(&format!(
        "INSERT INTO cluster (id, created_at) VALUES ('newer', '2099-01-01T00:00:00.000000Z');
         UPDATE cluster_place SET cluster_id = 'newer' WHERE port = '{}';
         UPDATE db_registry SET cluster_id = 'newer' WHERE env = 'qa';
         UPDATE placed_role SET cluster_id = 'newer'",
        proxy.port()
    ));
    records::sign_deliveries(&scene.sandbox);
    scene.query(&format!(
        "UPDATE placed_role SET deliver = 'file:{}' WHERE username = '{bad}'",
        scene.file("stolen").display()
    ));
    assert_eq!(clusters(&scene), "2");
    rotate(&scene, &["--older-than", "1d"]).expect_status(0);
    assert_eq!(clusters(&scene), "1");
    let moved = "SELECT count(*) FROM placed_role WHERE cluster_id <> 'newer'";
    assert_eq!(scene.query(moved), "2");
    only_the_record_of_one_is_refused(&scene, &bad, &good);

    user_at(&scene, "qa", "reset", &good, &good).expect_status(0);
    let copy = copy_of(&server);
    proxy.lead_to(&copy);
    rotate(&scene, &["--older-than", "1d"]).expect_status(0);
    assert_eq!(clusters(&scene), "2");
    only_the_record_of_one_is_refused(&scene, &bad, &good);
    file_is_good(&scene, &copy, &good, &good);
}

#[test]
fn a_name_that_leads_to_another_server_by_the_operators_word_takes_no_role_along() {
    let server = server();
    let (scene, role, proxy) = with_second_name(&server);
    let other = Cluster::private(|c| c);
    let database = scene.area.database();
    other.psql("postgres", &format!("CREATE DATABASE {database}"));
    proxy.lead_to(&other);
    let qa = ["registry", "update", "-e", "qa", "-d", database];
    let trust = scene.sandbox.pgrole(qa).args(["--trust-new-server"]);
    trust.run().expect_status(0);
    user_at(&scene, "qa", "readonly", &role, "other").expect_status(0);
    assert_eq!(clusters(&scene), "2");
    let outcome = rotate(&scene, &["-e", "dev"]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    file_is_good(&scene, &server, &role, &role);
}

#[test]
fn a_standby_is_the_cluster_that_it_receives_from() {
    let why = "only pg_read_all_stats shows where a standby receives from";
    if skip_for(&[Admin::Createrole], why) {
        return;
    }
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    let standby = Cluster::standby_of(&server);
    wait_until(|| {
        let receiving = "SELECT count(*) FROM pg_stat_wal_receiver WHERE status = 'streaming'";
        standby.psql("postgres", receiving) == "1"
    });
    add(&scene, "qa", "127.0.0.1", standby.port());
    let outcome = rotate(&scene, &[]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    assert_eq!(clusters(&scene), "1");
    file_is_good(&scene, &server, &role, &role);
    // Promoted beside its primary it is a copy.
    standby.promote();
    rotate(&scene, &["--older-than", "1d"]).expect_status(0);
    assert_eq!(clusters(&scene), "2");
}

#[test]
fn rows_written_by_hand_belong_to_the_cluster_of_their_place() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    let port = server.port();
    let database = scene.area.database().to_owned();
    scene.query(&format!(
        "INSERT INTO db_registry (env, db_name, hostname, port, active) VALUES ('qa', '{database}', '127.0.0.1', {port}, 1);
         DELETE FROM db_registry WHERE env = 'dev'"
    ));
    let outcome = rotate(&scene, &[]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    scene.delivered_password_is_good(&role);
    assert_eq!(clusters(&scene), "1");
    // The roles go along with a target that is moved, by hand or by the command.
    scene.query("UPDATE db_registry SET hostname = 'localhost'");
    let outcome = rotate(&scene, &[]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    let update = ["registry", "update", "-e", "qa", "-d", &database];
    let update = |arguments: &[&str]| {
        let run = scene.sandbox.pgrole(update).args(arguments);
        run.run().expect_status(0);
    };
    update(&["-H", "127.0.0.1"]);
    let outcome = rotate(&scene, &[]);
    assert_eq!(rotated(outcome.expect_status(0)), (1, 1), "{outcome}");
    scene.delivered_password_is_good(&role);
    assert_eq!(scene.query("SELECT count(*) FROM placed_role"), "1");
    // Not with one that is told to be another server.
    let stranger = Cluster::private(|c| c);
    let other = stranger.port().to_string();
    update(&["-p", &other, "--trust-new-server"]);
    let status = scene.sandbox.pgrole(["rotate", "status"]).run().json();
    assert_eq!(status.as_array().map(Vec::len), Some(0), "{status}");
}

#[test]
fn a_change_that_began_before_two_names_were_joined_keeps_others_off_its_role() {
    let server = server();
    let scene = Scene::on(&server, server.port());
    let role = scene.create("jane");
    let (gate, started) = (scene.file("gate"), scene.file("started"));
    let slow = format!(
        "exec:sh -c \"touch {}; while ! test -e {}; do sleep 0.05; done; cat > {}\"",
        started.display(),
        gate.display(),
        scene.file("slow").display()
    );
    let first = scene.user("reset", &role, &["--deliver", &slow]).spawn();
    wait_until(|| started.exists());
    // Another process met the second name, and its cluster is the older one: the lock has another name from here on.
    add(&scene, "qa", "localhost", server.port());
    scene.query(&format!(
        "INSERT INTO cluster VALUES ('older', '{OLD}');
         INSERT INTO cluster_place SELECT 'localhost', port, 'older', system_identifier, started_at FROM cluster_place"
    ));
    let second = scene
        .sandbox
        .pgrole(["user", "reset", "-e", "qa", "-u", &role]);
    let second = second
        .args(["-d", scene.area.database(), "--timeout", "1"])
        .run();
    second.expect_status(75);
    assert_eq!(
        scene.query("SELECT DISTINCT cluster_id FROM placed_role"),
        "older"
    );
    fs::write(&gate, "").expect("the folder is there");
    first.wait().expect_status(0);
    file_is_good(&scene, &server, &role, "slow");
    user_at(&scene, "qa", "reset", &role, "second").expect_status(0);
    file_is_good(&scene, &server, &role, "second");
}

#[test]
fn a_change_from_the_version_before_is_recovered_under_its_cluster() {
    let scene = Scene::new();
    let role = scene.create("jane");
    make_old(&scene, &role, OLD);
    let gate = scene.file("gate");
    let fails = format!(
        "exec:sh -c \"test -e {} && cat > {}\"",
        gate.display(),
        scene.file("object").display()
    );
    scene
        .user("reset", &role, &["--deliver", &fails])
        .run()
        .expect_status(8);
    scene.query("UPDATE password_change SET cluster_id = NULL, lock = NULL");
    fs::write(&gate, "").expect("the folder is there");
    scene.recover().expect_status(0);
    file_is_good(&scene, scene.cluster, &role, "object");
}
