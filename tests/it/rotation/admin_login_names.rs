//! `credential rotate` where the login's server has several names, and one of them does not answer.

use std::fs;

use super::admin_login::{OLD, Own, write_private};
use crate::harness::{Cluster, Plan, Proxy};

#[test]
fn a_name_that_does_not_answer_is_not_left_with_the_old_password() {
    let proxy = Proxy::before(Cluster::shared());
    let mut own = Own::in_pgpass("127.0.0.1:{port}:*:{role}:{password}\n");
    let mut lines = fs::read_to_string(own.pgpass()).expect("is there");
    lines.push_str(&format!(
        "127.0.0.1:{}:*:{}:{OLD}\n",
        proxy.port(),
        own.role
    ));
    write_private(&own.pgpass(), &lines);
    own.sandbox.register_on_port(proxy.port(), "qa", "postgres");
    // Both answer, and are known to be one server from now on.
    let row = own.rotate().run().expect_status(0).json()[0].clone();
    assert_eq!(row["targets"].as_array().expect("names").len(), 2);
    let before = fs::read_to_string(own.pgpass()).expect("is there");

    proxy.always(Plan::BlackHole);
    let refused = own.rotate().args(["--timeout", "1"]).run();
    refused
        .expect_status(6)
        .expect_in_stderr("qa/postgres was on the same server but does not answer")
        .expect_in_stderr("pgrole registry disable -e qa -d postgres");
    let after = fs::read_to_string(own.pgpass()).expect("is there");
    assert_eq!(after, before);

    proxy.always(Plan::Pass);
    own.run("credential check").expect_status(0);
    own.rotate().run().expect_status(0);
    own.run("credential check").expect_status(0);
    // A target that is disabled is nobody's concern.
    proxy.always(Plan::BlackHole);
    own.run("registry disable -e qa -d postgres")
        .expect_status(0);
    own.rotate().run().expect_status(0);
}
