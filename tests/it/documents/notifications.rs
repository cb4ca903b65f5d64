//! docs/notifications.md: what is sent to channels, and how a signature is checked.

use super::{Expected, Fleet, Page};
use crate::harness::{HttpServer, skip_unless_superuser};

const EXPECTED: &[Expected] = &[
    Expected::prints("pgrole notify test", "*\"siem\"*"),
    Expected::prints("printf", "*SIGNATURE\n"),
];

#[test]
fn the_page_runs_as_printed() {
    if skip_unless_superuser("the admin credential does not matter") {
        return;
    }
    let server = HttpServer::start();
    let mut fleet = Fleet::registered(&["myapp_dev"], &[]);
    fleet.write("siem.key", "a shared secret");
    fleet.typed("chmod 600 siem.key");
    fleet.sandbox.write_config(&format!(
        "[notify.siem]\nchannel = \"webhook\"\nurl = {:?}\nsecret_file = {:?}\n",
        server.url("/pgrole"),
        fleet.home().join("siem.key")
    ));
    fleet.typed("pgrole notify test");
    let request = server.only_request();
    let header = |name: &str| request.header(name).expect("it is signed").to_owned();
    fleet.sandbox.env("timestamp", header("X-Pgrole-Timestamp"));
    fleet.sandbox.env("body", request.body.clone());
    fleet.sandbox.env("secret", "a shared secret");
    let signature = header("X-Pgrole-Signature").replace("sha256=", "");
    Page::new("docs/notifications.md")
        .with("SIGNATURE", signature)
        .typed(&fleet, EXPECTED, |_| ());
}
