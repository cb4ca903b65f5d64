//! Causes of the server itself: its settings and slots, and the lines of `pg_hba.conf` for addresses other than IPv4.

use std::fs::File;
use std::path::Path;
use std::time::Duration;

use postgres::NoTls;
use postgres::error::SqlState;
use serde_json::Value;

use super::case::Case;
use super::hba::{cause_of, on_versions, put_first, reload, rules};
use super::{explain, explain_refusal, person, refusal};
use crate::harness::{Admin, Cluster, Outcome, Sandbox};
use crate::scene::{Login, Scene, wait_until};

on_versions! {
    a_server_that_is_read_only_is_named_and_mended
    a_database_that_is_read_only_is_mended_in_itself
    a_line_for_another_kind_of_address_is_named_and_mended
    rules_that_are_not_in_force_decide_nothing
    a_server_without_free_slots_is_named
}

fn a_server_that_is_read_only_is_named_and_mended(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    let case = Case::plant(
        &scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane}",
    );
    let set = "ALTER SYSTEM SET default_transaction_read_only = on";
    cluster.superuser_psql("postgres", set);
    reload(&scene);
    read_only(&case, "read_only_server");
}

fn a_database_that_is_read_only_is_mended_in_itself(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    let case = Case::plant(
        &scene,
        0,
        "GRANT USAGE ON SCHEMA {s} TO {jane}; GRANT INSERT ON {s}.orders TO {jane}",
    );
    scene.psql(&case.filled("ALTER DATABASE {db} SET default_transaction_read_only = on"));
    read_only(&case, "read_only_database");
}

#[track_caller]
fn read_only(case: &Case, wanted: &str) {
    let (on, sql) = (
        ["{s}.orders", "--action", "insert"],
        "INSERT INTO {s}.orders VALUES (1)",
    );
    assert_eq!(case.refusal(sql).as_deref(), Some("25006"));
    let row = case.explain_refusal(&on);
    assert_eq!(
        (&row["cause"], &row["sqlstate"]),
        (&wanted.into(), &"25006".into()),
        "{row}"
    );
    // In that very database.
    case.scene.psql(row["remedy"].as_str().expect("a remedy"));
    assert_eq!(case.refusal(sql), None, "{row}");
    assert_eq!(case.explain(&on)["access"], "can", "{row}");
}

/// Logs in over this host, an address or a folder of a socket.
fn refusal_over(scene: &Scene, host: &str, login: &Login) -> Option<String> {
    let mut config = postgres::Config::new();
    if host.starts_with('/') {
        config.host_path(Path::new(host));
    } else {
        config.host(host);
    }
    let config = config
        .port(scene.cluster.port())
        .user(&login.name)
        .password(&login.password);
    let error = config.dbname(scene.database()).connect(NoTls).err()?;
    Some(
        error
            .code()
            .map_or_else(|| error.to_string(), |code| code.code().to_owned()),
    )
}

fn registered_over(scene: &Scene, host: &str) -> Sandbox {
    let sandbox = Sandbox::new().with_admin(scene.cluster);
    let port = scene.cluster.port().to_string();
    sandbox
        .pgrole([
            "registry",
            "add",
            "-e",
            "dev",
            "-d",
            scene.database(),
            "-H",
            host,
            "-p",
            &port,
        ])
        .run()
        .expect_status(0);
    sandbox
}

fn explain_over(scene: &Scene, sandbox: &Sandbox, name: &str) -> Outcome {
    sandbox
        .pgrole(["explain", name, "-e", "dev", "-d", scene.database()])
        .run()
}

fn a_line_for_another_kind_of_address_is_named_and_mended(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    let folder = cluster.socket_dir().display().to_string();
    let mut hosts = vec![(folder.as_str(), "local all {jane} reject", "local ")];
    if std::net::TcpListener::bind("[::1]:0").is_ok() {
        hosts.push(("::1", "host all {jane} ::1/128 reject", "::1/128"));
    }
    for (place, (host, line, wanted)) in hosts.into_iter().enumerate() {
        let jane = person(&scene, &format!("jane{place}"));
        let sandbox = registered_over(&scene, host);
        assert_eq!(refusal_over(&scene, host, &jane), None);
        put_first(&scene, &line.replace("{jane}", &jane.name));
        let met = refusal_over(&scene, host, &jane);
        // It is about that way in alone.
        assert_eq!(refusal(&scene, &jane, "SELECT 1"), None);
        let outcome = explain_over(&scene, &sandbox, &jane.name);
        outcome.expect_status(7);
        let row = outcome.json();
        assert_eq!(row["cause"], cause_of("hba_reject"), "{outcome}");
        assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{outcome}");
        let line = line_of(&row);
        assert!(line.contains(wanted), "{row}");
        put_first(&scene, &line);
        assert_eq!(refusal_over(&scene, host, &jane), None, "{row}");
        assert_ne!(explain_over(&scene, &sandbox, &jane.name).status(), Some(7));
    }
}

/// The line that a remedy adds.
fn line_of(row: &Value) -> String {
    let remedy = row["remedy"].as_str().expect("a remedy");
    let (_, line) = remedy.split_once(": ").expect("a line");
    let (line, then) = line.split_once("; then ").expect("two steps");
    assert_eq!(then, "SELECT pg_reload_conf()");
    line.to_owned()
}

fn rules_that_are_not_in_force_decide_nothing(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    let jane = person(&scene, "jane");
    let before = rules(cluster);
    let reject = format!("host all {} 127.0.0.1/32 reject\n", jane.name);
    let sees_all = Admin::of_this_run() == Admin::Superuser;
    let can = if sees_all { "can" } else { "unknown" };
    let write = |text: &str, ahead: Duration| {
        cluster.write("pg_hba.conf", text.as_bytes());
        // The server's own view of the file's time has whole seconds.
        let file = File::options()
            .append(true)
            .open(cluster.data().join("pg_hba.conf"));
        let file = file.expect("our own file");
        let written = file
            .metadata()
            .and_then(|file| file.modified())
            .expect("our own file");
        file.set_modified(written + ahead).expect("our own file");
    };
    // What is written and not loaded refuses nobody.
    write(&format!("{reject}{before}"), Duration::from_secs(5));
    assert_eq!(refusal(&scene, &jane, "SELECT 1"), None);
    let row = explain(&scene, &jane.name, &[]).json();
    assert_eq!(
        (&row["verdict"], &row["cause"]),
        (&can.into(), &Value::Null),
        "{row}"
    );
    // Nor does a file with an error, which is not loaded either.
    write(
        &format!("{reject}host all all nonsense\n{before}"),
        Duration::ZERO,
    );
    cluster.reload();
    wait_until("the server says so", || {
        cluster.log().contains("pg_hba.conf was not reloaded")
    });
    assert_eq!(refusal(&scene, &jane, "SELECT 1"), None);
    let row = explain(&scene, &jane.name, &[]).json();
    assert_eq!(
        (&row["verdict"], &row["cause"]),
        (&can.into(), &Value::Null),
        "{row}"
    );
    // What is in force refuses, though the file would let it in.
    write(&format!("{reject}{before}"), Duration::ZERO);
    reload(&scene);
    write(&before, Duration::from_secs(5));
    let met = refusal(&scene, &jane, "SELECT 1");
    assert_eq!(met.as_deref(), Some("28000"));
    let row = explain_refusal(&scene, &jane.name, &[]);
    assert_eq!(row["cause"], cause_of("hba_refused"), "{row}");
    assert_eq!(row["sqlstate"].as_str(), met.as_deref(), "{row}");
    put_first(&scene, &line_of(&row));
    assert_eq!(refusal(&scene, &jane, "SELECT 1"), None, "{row}");
}

fn a_server_without_free_slots_is_named(cluster: &Cluster) {
    let scene = Scene::on(cluster);
    let [jane, other] = ["jane", "other"].map(|name| person(&scene, name));
    // 16 has slots that are reserved for others than superusers, too.
    let mut settings = vec!["max_connections = 12", "superuser_reserved_connections = 4"];
    if cluster.server_version_major() >= 16 {
        settings.push("reserved_connections = 2");
    }
    for setting in settings {
        cluster.superuser_psql("postgres", &format!("ALTER SYSTEM SET {setting}"));
    }
    cluster.restart();
    let mut held = Vec::new();
    let full = loop {
        match cluster.client_as(&other.name, &other.password, scene.database()) {
            Ok(client) => held.push(client),
            Err(error) => break error.code().map(SqlState::code).map(str::to_owned),
        }
    };
    assert_eq!(full.as_deref(), Some("53300"));
    let met = refusal(&scene, &jane, "SELECT 1");
    assert_eq!(met.as_deref(), Some("53300"));
    let outcome = explain(&scene, &jane.name, &[]);
    let row = outcome.json();
    if Admin::of_this_run() == Admin::Superuser {
        outcome.expect_status(7);
        assert_eq!(
            (&row["cause"], &row["sqlstate"]),
            (&"reserved".into(), &"53300".into()),
            "{row}"
        );
    } else {
        // The admin itself gets no connection.
        assert_eq!(
            (&row["verdict"], &row["cause"]),
            (&"unknown".into(), &Value::Null),
            "{row}"
        );
        assert_eq!(row["sqlstate"], "53300", "{row}");
    }
    // Only whoever ends sessions mends it.
    assert_eq!(row["remedy"], Value::Null, "{row}");
    held.truncate(2);
    wait_until("a slot is free", || {
        refusal(&scene, &jane, "SELECT 1").is_none()
    });
    let row = explain(&scene, &jane.name, &[]).json();
    assert_eq!(row["cause"], Value::Null, "{row}");
}

/// What the file refuses in TLS alone is asked in TLS.
#[test]
fn the_server_is_asked_as_encrypted_as_the_session_is() {
    let site = crate::tls::site("localhost", |c| {
        c.hba("hostssl all jane_ssl all reject")
            .hba("hostnossl all jane_plain all reject")
    });
    let cluster = &site.cluster;
    cluster.psql("postgres", "CREATE ROLE jane_ssl LOGIN PASSWORD 'secret'; CREATE ROLE jane_plain LOGIN PASSWORD 'secret'");
    // An error keeps the rules that were loaded, and has a superuser ask as well.
    let before = rules(cluster);
    cluster.write(
        "pg_hba.conf",
        format!("{before}\nhost all all nonsense\n").as_bytes(),
    );
    let explained = |name: &str| {
        let words = ["explain", name, "-e", "dev", "-d", "postgres"];
        site.sandbox.pgrole(words).run()
    };
    let outcome = explained("jane_ssl");
    outcome.expect_status(7);
    assert_eq!(outcome.json()["cause"], "hba_refused", "{outcome}");
    assert_eq!(outcome.json()["sqlstate"], "28000", "{outcome}");
    let row = explained("jane_plain").json();
    assert_eq!(row["cause"], Value::Null, "{row}");
    let met = |name: &str| {
        let login = cluster.client_as(name, "secret", "postgres");
        login
            .err()
            .and_then(|error| error.code().map(SqlState::code).map(str::to_owned))
    };
    // Without TLS it is the other one.
    assert_eq!(met("jane_ssl"), None);
    assert_eq!(met("jane_plain").as_deref(), Some("28000"));
}
