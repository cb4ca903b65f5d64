//! What passes on the wire: a query costs what one query of psql costs, a change at most one round trip more; one more
//! where an access group lacks something; and one more after the delivery of a new password to a role that others may change too: whether it is still in force.

use crate::harness::{Admin, Cluster, Outcome, Proxy};
use crate::scene::Scene;

struct Measured {
    scene: Scene<'static>,
    proxy: Proxy,
    /// Of a session of psql with one query.
    psql: usize,
}

impl Measured {
    fn new() -> Self {
        Self::of(Scene::new())
    }

    fn of(mut scene: Scene<'static>) -> Self {
        let cluster = scene.cluster;
        let proxy = Proxy::before(cluster);
        proxy.psql("postgres", "SELECT 1").expect_status(0);
        let psql = proxy.round_trips();
        let database = scene.database().to_owned();
        scene
            .sandbox
            .register_on_port(proxy.port(), "qa", &database);
        // The server has no TLS; to ask for it costs a round trip, which the psql of the harness does not pay either.
        let update = [
            "registry",
            "update",
            "-e",
            "qa",
            "-d",
            &database,
            "--sslmode",
            "disable",
        ];
        scene.sandbox.pgrole(update).run().expect_status(0);
        Self { scene, proxy, psql }
    }

    /// Runs `pgrole user VERB` through the proxy; returns its round trips beyond those of psql.
    fn beyond_psql(&self, verb: &str, role: &str) -> (Outcome, usize) {
        self.proxy.forget();
        let run =
            self.scene
                .sandbox
                .pgrole(["user", verb, "-e", "qa", "-d", self.scene.database()]);
        let run = if role.is_empty() {
            run
        } else {
            run.args(["-u", role])
        };
        let outcome = run.run();
        outcome.expect_status(0);
        (outcome, self.proxy.round_trips() - self.psql)
    }
}

#[test]
fn queries_cost_no_more_than_a_query_of_psql() {
    let measured = Measured::new();
    let jane = measured.scene.create("devqa", "jane");
    assert_eq!(measured.beyond_psql("find", &jane.name).1, 0);
    assert_eq!(measured.beyond_psql("list", "").1, 0);
    let (outcome, beyond) = measured.beyond_psql("devqa", &jane.name);
    assert_eq!(outcome.json()["status"], "user already exists");
    assert_eq!(beyond, 0);
}

#[test]
fn changes_cost_one_round_trip_more_and_a_reset_looks_once_again() {
    expect_cheap_changes(&Measured::new());
}

#[test]
fn a_database_of_another_encoding_costs_no_more() {
    for encoding in ["LATIN1", "SQL_ASCII", "EUC_JP"] {
        let measured = Measured::of(Scene::in_encoding(Cluster::shared(), encoding));
        assert_eq!(measured.beyond_psql("list", "").1, 0);
        expect_cheap_changes(&measured);
    }
}

fn expect_cheap_changes(measured: &Measured) {
    measured.scene.psql("CREATE TABLE t (id int)");
    let role = |name: &str| measured.scene.role(name);
    // With the group in place; where something lacks, everything is read before the change.
    for (name, wanted) in [("first", 2), ("second", 1)] {
        let (outcome, beyond) = measured.beyond_psql("readonly", &role(name));
        assert_eq!(outcome.json()["status"], "user created");
        assert_eq!(beyond, wanted);
    }
    let group = role("readonly");
    (measured.scene).psql(&format!("REVOKE SELECT ON t FROM {group}"));
    assert_eq!(measured.beyond_psql("readonly", &role("third")).1, 2);
    assert_eq!(measured.beyond_psql("readonly", &role("fourth")).1, 1);
    assert_eq!(measured.beyond_psql("readonly", &role("fourth")).1, 0);
    // Which server answers, and whether it is one with another, costs none.
    let looks_again = match Admin::of_this_run() {
        Admin::Superuser => 1,
        // Who may not read the verifier asks, and then tries the password by a login.
        Admin::Createrole | Admin::Managed => 4,
    };
    let reset = measured.beyond_psql("reset", &role("first")).1;
    assert_eq!(reset, 1 + looks_again);
    assert_eq!(measured.beyond_psql("search-path", &role("first")).1, 1);
    assert_eq!(measured.beyond_psql("dba", &role("boss")).1, 1);
}
