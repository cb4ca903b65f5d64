//! What a server says is told by SQLSTATE and catalog: a German one is understood as an English one, and whether a
//! password is still valid is for the server to say.

use super::Scene;
use crate::harness::{Cluster, Plan, Proxy, servers};

/// A cluster whose messages are German, or a note that the calling test was skipped.
fn german_cluster() -> Option<Cluster> {
    let cluster = Cluster::private(|c| c.language("de"));
    let refused = cluster.psql_as("nobody", "wrong", "postgres", "SELECT 1");
    if refused.stderr.contains("fehlgeschlagen") {
        return Some(cluster);
    }
    servers::skip("this server's messages are not there in German");
    None
}

#[test]
fn a_german_server_proves_a_password_by_what_it_refuses_after_it() {
    let Some(cluster) = german_cluster() else {
        return;
    };
    let proxy = Proxy::before(&cluster);
    let scene = Scene::on(&cluster, proxy.port());
    for (name, attribute) in [("locked", "NOLOGIN"), ("busy", "CONNECTION LIMIT 0")] {
        let role = scene.create(name);
        let old = scene.delivered_password(&role);
        scene.area.psql(&format!("ALTER ROLE {role} {attribute}"));
        // No answer comes: only a login tells whether the password is in force.
        proxy.once(Plan::cut_after("ALTER ROLE"));
        scene.reset_to_file(&role).run().expect_status(0);
        scene
            .area
            .psql(&format!("ALTER ROLE {role} LOGIN CONNECTION LIMIT -1"));
        let new = scene.delivered_password(&role);
        assert_ne!(new, old);
        assert!(scene.logs_in(&role, &new), "{attribute}");
    }
}

#[test]
fn a_german_server_that_refuses_the_admin_login_is_explained() {
    let Some(cluster) = german_cluster() else {
        return;
    };
    let mut scene = Scene::on(&cluster, cluster.port());
    let admin = scene.area.create_role("group", "NOLOGIN PASSWORD 'x'");
    scene.sandbox.env("PG_ADMIN_USER", &admin);
    scene.sandbox.env("PG_ADMIN_PASS", "x");
    scene
        .user("find", "jane", &[])
        .run()
        .expect_status(5)
        .expect_in_stderr("keine Berechtigung zum Einloggen")
        .expect_in_stderr("does not exist there, or is NOLOGIN; store another login");
}

/// Texts of times do not compare as times do.
#[test]
fn the_server_says_whether_a_valid_until_is_past() {
    let scene = Scene::new();
    for (name, until, is_past) in [
        ("late", "12000-01-01Z", false),
        ("never", "-infinity", true),
        ("always", "infinity", false),
    ] {
        let role = scene.create(name);
        scene
            .area
            .psql(&format!("ALTER ROLE {role} VALID UNTIL '{until}'"));
        let rotated = scene.sandbox.pgrole(["rotate", "-u", &role]).run();
        rotated.expect_status(i32::from(is_past));
        let said = format!("the VALID UNTIL of \\\"{role}\\\" has passed");
        assert_eq!(
            rotated.stderr.contains(&said),
            is_past,
            "{until}: {rotated}"
        );
        let proven = "SELECT count(*) FROM audit_log WHERE error LIKE '%refuses a login with it%'";
        assert_eq!(scene.query(proven), "0");
    }
}

/// The server waits before it asks for the password: by then the new one is past its VALID UNTIL by its own clock.
#[test]
fn a_password_that_expires_before_it_is_tried_is_no_wrong_one() {
    let cluster = Cluster::private(|c| c.setting("pre_auth_delay", "2"));
    let scene = Scene::on(&cluster, cluster.port());
    let role = scene.create("brief");
    let old = scene.delivered_password(&role);
    scene
        .sandbox
        .write_config("[password]\nvalid_for = \"1s\"\n");
    let only = ["rotate", "-u", &role];
    let rotated = scene.sandbox.pgrole(only).run();
    rotated.expect_status(0);
    let warned = "by the server's clock its VALID UNTIL has passed";
    assert!(
        rotated.stdout.contains(warned) || rotated.stderr.contains(warned),
        "{rotated}"
    );
    assert_ne!(scene.delivered_password(&role), old);
}
