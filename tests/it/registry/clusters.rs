//! A file of the version before clusters: nothing that it holds is lost, and each place is a cluster of its own at first.

use super::make_registry_folder;
use crate::harness::{Sandbox, sqlite};

/// As the version before wrote it, on a real server.
const SCHEMA_8: &str = include_str!("schema_8.sql");

#[test]
fn the_version_befores_roles_and_changes_belong_to_the_clusters_of_their_places() {
    let sandbox = Sandbox::new();
    make_registry_folder(&sandbox);
    let file = sandbox.registry();
    sqlite::sqlite3(&file, SCHEMA_8).expect_status(0);
    let query = |sql: &str| sqlite::query(&file, sql);
    let roles = "SELECT hostname, port, username, env, db_name, profile, password_changed_at, deliver, file_format
        FROM placed_role ORDER BY hostname, username";
    let changes = "SELECT operation_id, hex(sealed), state, hostname, port, username, deliver FROM password_change
        ORDER BY operation_id";
    let events = "SELECT count(*), max(hash) FROM audit_log";
    let before = [roles, changes, events].map(query);

    let status = sandbox.pgrole(["rotate", "status"]).run().json();
    assert_eq!(status.as_array().map(Vec::len), Some(3), "{status}");
    assert_eq!([roles, changes, events].map(query), before);
    let verified = sandbox.pgrole(["audit", "verify"]).run();
    verified.expect_status(0);
    let open = sandbox.pgrole(["recover", "list"]).run().json();
    assert_eq!(open[0]["id"], "c48101cb4ab572ad");
    assert_eq!(open[0]["state"], "UNDELIVERED");

    // One cluster for each place that has roles; a target without any gets its own on first use.
    let places = "SELECT hostname, port FROM cluster_place ORDER BY hostname";
    assert_eq!(query(places), "127.0.0.1|54871\nlocalhost|54871");
    let of_targets = "SELECT env, p.hostname, p.port FROM db_registry r
        LEFT JOIN cluster_place p ON p.cluster_id = r.cluster_id ORDER BY env";
    assert_eq!(
        query(of_targets),
        "dev|127.0.0.1|54871\nprod||\nqa|localhost|54871"
    );
    let strays = "SELECT count(*) FROM password_change c WHERE NOT EXISTS
        (SELECT 1 FROM cluster_place p WHERE p.cluster_id = c.cluster_id AND p.hostname = c.hostname)";
    assert_eq!(query(strays), "0");
    let named = "SELECT r.username, p.hostname FROM placed_role r JOIN cluster_place p ON p.cluster_id = r.cluster_id
        ORDER BY 2, 1";
    assert_eq!(
        query(named),
        "ben|127.0.0.1\njane|127.0.0.1\njane|localhost"
    );
    assert_eq!(query("PRAGMA integrity_check"), "ok");
}
