//! `pg_hba.conf`: by its rules where the admin may read them, else by the server's own first answer.

use serde_json::Value;

use super::{explain, explain_refusal, person, refusal};
use crate::harness::{Admin, Cluster, servers, variable};
use crate::scene::{Scene, wait_until};

macro_rules! on_versions {
    ($($test:ident)+) => {$(
        mod $test {
            #[test]
            fn on_13() { crate::explain::hba::on(13, super::$test); }
            #[test]
            fn on_15() { crate::explain::hba::on(15, super::$test); }
            #[test]
            fn on_18() { crate::explain::hba::on(18, super::$test); }
        }
    )+};
}
pub(super) use on_versions;

on_versions! {
    what_the_file_refuses_is_named_and_mended
    what_the_file_asks_for_decides_what_counts
}

/// On a server of its own, whose file is changed.
pub fn on(major: u32, test: fn(&Cluster)) {
    let of_this_run = variable("PGROLE_TEST_PG_MAJOR");
    if of_this_run.is_some_and(|wanted| wanted != major.to_string()) {
        servers::skip(&format!("the run on PostgreSQL {major} has it"));
    } else if let Some(cluster) = Cluster::private_of_major(major, |c| c) {
        test(&cluster);
    }
}

/// The name of a cause, which says more where the admin reads the rules.
pub fn cause_of(by_rules: &str) -> &str {
    if Admin::of_this_run() == Admin::Superuser {
        by_rules
    } else {
        "hba_refused"
    }
}

pub fn rules(cluster: &Cluster) -> String {
    let path = cluster.data().join("pg_hba.conf");
    std::fs::read_to_string(path).expect("the server has a pg_hba.conf")
}

/// Puts lines before all others, and waits until they are in force.
pub fn put_first(scene: &Scene, lines: &str) {
    let cluster = scene.cluster;
    let before = rules(cluster);
    cluster.write("pg_hba.conf", format!("{lines}\n{before}").as_bytes());
    reload(scene);
}

pub fn reload(scene: &Scene) {
    let loaded = || {
        let loaded = "SELECT pg_conf_load_time()";
        scene.cluster.superuser_psql("postgres", loaded)
    };
    let before = loaded();
    scene.cluster.reload();
    wait_until("the files are read again", || loaded() != before);
}

fn what_the_file_refuses_is_named_and_mended(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    for (method, by_rules) in [("reject", "hba_reject"), ("ident", "hba_method")] {
        let jane = person(&scene, &format!("jane_{method}"));
        put_first(
            &scene,
            &format!("host all {} 127.0.0.1/32 {method}", jane.name),
        );
        mended(&scene, &jane, cause_of(by_rules));
    }
    let jane = person(&scene, "jane_none");
    let only = format!(
        "host all {} 127.0.0.1/32 scram-sha-256\nhost all {} 127.0.0.1/32 scram-sha-256\n",
        cluster.superuser(),
        Cluster::SUPERUSER
    );
    cluster.write("pg_hba.conf", only.as_bytes());
    reload(&scene);
    mended(&scene, &jane, cause_of("hba_none"));
}

#[track_caller]
fn mended(scene: &Scene, jane: &crate::scene::Login, cause: &str) {
    let met = refusal(scene, jane, "SELECT 1");
    let row = explain_refusal(scene, &jane.name, &[]);
    assert_eq!(row["cause"], cause, "{row}");
    assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
    let remedy = row["remedy"].as_str().expect("a remedy");
    let (_, line) = remedy.split_once(": ").expect("a line");
    let (line, then) = line.split_once("; then ").expect("two steps");
    assert_eq!(then, "SELECT pg_reload_conf()");
    put_first(scene, line);
    assert_eq!(refusal(scene, jane, "SELECT 1"), None, "{row}");
}

fn what_the_file_asks_for_decides_what_counts(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    // Without a password, and past its end: neither is asked about on a line with trust.
    let trusted = person(&scene, "trusted");
    let old = person(&scene, "old");
    scene.psql(&format!(
        "ALTER ROLE {} PASSWORD NULL VALID UNTIL '2001-01-01'",
        trusted.name
    ));
    let store_md5 = format!(
        "SET password_encryption = 'md5'; ALTER ROLE {} PASSWORD 'old-secret'",
        old.name
    );
    scene.cluster.superuser_psql("postgres", &store_md5);
    put_first(
        &scene,
        &format!(
            "host all {} 127.0.0.1/32 trust\nhost all {} 127.0.0.1/32 scram-sha-256",
            trusted.name, old.name
        ),
    );
    assert_eq!(refusal(&scene, &trusted, "SELECT 1"), None);
    let outcome = explain(&scene, &trusted.name, &[]);
    outcome.expect_status(0);
    assert_eq!(outcome.json()["verdict"], "can");

    assert_eq!(refusal(&scene, &old, "SELECT 1").as_deref(), Some("28P01"));
    let outcome = explain(&scene, &old.name, &[]);
    let row = outcome.json();
    if Admin::of_this_run() == Admin::Superuser {
        outcome.expect_status(7);
        assert_eq!(row["cause"], "verifier", "{row}");
    } else {
        outcome.expect_status(1);
        assert_eq!(
            (&row["verdict"], &row["cause"]),
            (&"unknown".into(), &Value::Null)
        );
    }
    // A line that asks for md5 lets it in, and the question for md5 itself says that there is such a password.
    put_first(&scene, &format!("host all {} 127.0.0.1/32 md5", old.name));
    assert_eq!(refusal(&scene, &old, "SELECT 1"), None);
    let outcome = explain(&scene, &old.name, &[]);
    outcome.expect_status(0);
    assert_eq!(outcome.json()["verdict"], "can");
}
