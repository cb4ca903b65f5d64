//! KDE's wallet in the keyring's place, by the same Secret Service.

use std::thread;
use std::time::{Duration, Instant};

use super::{Place, words};
use crate::harness::{Cluster, Keyring, Outcome};

#[test]
fn a_login_is_kept_used_rotated_and_deleted() {
    let cluster = Cluster::shared();
    let area = cluster.area();
    let role = area.create_role("dba", "LOGIN CREATEROLE PASSWORD 'first-password'");
    let place = Place::on(cluster);
    let Some(wallet) = Keyring::kwallet(&place.sandbox) else {
        return;
    };
    let run = |text: &str, stdin: &str| -> Outcome {
        let run = place.sandbox.pgrole(words(text)).stdin(stdin);
        run.env("DBUS_SESSION_BUS_ADDRESS", wallet.address()).run()
    };
    // The daemon takes its time to be there, and to open the wallet.
    let deadline = Instant::now() + Duration::from_secs(30);
    let set = format!("credential set -e dev -U {role} --password-stdin");
    loop {
        let set = run(&set, "first-password");
        if set.status() == Some(0) {
            break;
        }
        assert!(Instant::now() < deadline, "{set}");
        thread::sleep(Duration::from_millis(50));
    }
    let listed = run("credential list", "").json();
    assert_eq!(
        listed,
        serde_json::json!([{"account": "dev", "user": role}])
    );
    let row = &run("credential check", "").expect_status(0).json()[0];
    assert_eq!(row["source"], "keyring (dev)");
    run("credential rotate -e dev", "").expect_status(0);
    let check = run("credential check", "");
    check.expect_status(0).expect_stderr("");
    let old = cluster.client_as(&role, "first-password", "postgres");
    assert!(old.is_err());
    run("credential delete -e dev", "").expect_status(0);
    run("credential list", "").expect_stdout("[]\n");
}
