//! A fleet of clusters on which one person has a login, sessions, and objects in three databases of each.

use std::thread;

use postgres::Client;

use crate::harness::sandbox::Run;
use crate::harness::{Cluster, Sandbox};

pub const JANE: &str = "jane";
const HEIR: &str = "app_owner";
const PEER: &str = "peer";
/// In how many databases of each cluster she owns something.
const OWNED_IN: usize = 3;

pub struct Fleet {
    pub clusters: Vec<Cluster>,
    pub sandbox: Sandbox,
    databases: usize,
    memberships: Vec<String>,
}

fn database(cluster: usize, number: usize) -> String {
    format!("c{cluster}_d{number}")
}

impl Fleet {
    pub fn new(clusters: usize, databases: usize) -> Self {
        let started: Vec<Cluster> = thread::scope(|scope| {
            let each = (0..clusters).map(|number| {
                scope.spawn(move || {
                    let cluster = Cluster::private(|c| c.setting("max_connections", "60"));
                    prepare(&cluster, number, databases);
                    cluster
                })
            });
            let each: Vec<_> = each.collect();
            each.into_iter()
                .map(|it| it.join().expect("a cluster starts"))
                .collect()
        });
        let first = started.first().expect("there is a cluster");
        let mut sandbox = Sandbox::new().with_admin(first);
        for (number, cluster) in started.iter().enumerate() {
            for one in 0..databases {
                sandbox.register(cluster, "dev", &database(number, one));
            }
        }
        let memberships = started.iter().map(memberships).collect();
        Self {
            clusters: started,
            sandbox,
            databases,
            memberships,
        }
    }

    /// Lets her join, and returns her sessions, which are to end.
    pub fn hire(&self) -> Vec<Client> {
        thread::scope(|scope| {
            let each = self
                .clusters
                .iter()
                .enumerate()
                .map(|(number, cluster)| scope.spawn(move || hire(cluster, number)));
            let each: Vec<_> = each.collect();
            each.into_iter()
                .flat_map(|it| it.join().expect("she can be hired"))
                .collect()
        })
    }

    pub fn offboard(&self, arguments: &[&str]) -> Run<'_> {
        let run = self.sandbox.pgrole(["offboard", JANE, "--reason", "HR-1"]);
        run.args(["--reassign-to", HEIR]).args(arguments)
    }

    /// No login, no session, no object lost, nothing borrowed, others' access as before.
    pub fn look(&self, told: &str) {
        thread::scope(|scope| {
            for number in 0..self.clusters.len() {
                scope.spawn(move || self.look_at(number, told));
            }
        });
    }

    fn look_at(&self, number: usize, told: &str) {
        let cluster = &self.clusters[number];
        let ask = |database: &str, sql: &str| -> String {
            let mut client = cluster.superuser_client(database);
            let row = client.query_one(sql, &[]).expect("a superuser may ask");
            row.get(0)
        };
        let text = |sql: &str| ask("postgres", sql);
        assert_eq!(
            text("SELECT count(*)::text FROM pg_roles WHERE rolname = 'jane'"),
            "0",
            "cluster {number}: the login is there{told}"
        );
        assert_eq!(
            text(
                "SELECT count(*)::text FROM pg_stat_activity WHERE usesysid IS NOT NULL AND backend_type = 'client backend' AND usesysid NOT IN (SELECT oid FROM pg_roles)"
            ),
            "0",
            "cluster {number}: a session is there{told}"
        );
        for one in 0..OWNED_IN.min(self.databases) {
            let found = ask(
                &database(number, one),
                "SELECT string_agg(tableowner || ' ' || (SELECT count(*) FROM hers.notes) || ' '
                    || has_table_privilege('peer', 'hers.notes', 'SELECT') || ' '
                    || has_table_privilege('peer', 'theirs.ledger', 'SELECT'), '') FROM pg_tables WHERE tablename = 'notes'",
            );
            assert_eq!(
                found,
                format!("{HEIR} 3 true true"),
                "cluster {number}, database {one}{told}"
            );
        }
        assert_eq!(
            memberships(cluster),
            self.memberships[number],
            "cluster {number}{told}"
        );
    }

    /// Takes her objects away, so that she can be hired once more.
    pub fn clear(&self) {
        thread::scope(|scope| {
            for (number, cluster) in self.clusters.iter().enumerate() {
                scope.spawn(move || {
                    for one in 0..OWNED_IN.min(self.databases) {
                        let mut client = cluster.superuser_client(&database(number, one));
                        client
                            .batch_execute("SET client_min_messages = error; DROP SCHEMA hers CASCADE; REVOKE SELECT ON theirs.ledger FROM peer")
                            .expect("a superuser may");
                    }
                });
            }
        });
    }
}

/// Who is a member of what, apart from her.
fn memberships(cluster: &Cluster) -> String {
    let mut client = cluster.superuser_client("postgres");
    let row = client
        .query_one(
            "SELECT coalesce(string_agg(m::text, E'\\n' ORDER BY m::text), '') FROM pg_auth_members m
             WHERE member NOT IN (SELECT oid FROM pg_roles WHERE rolname = 'jane') AND roleid NOT IN (SELECT oid FROM pg_roles WHERE rolname = 'jane')",
            &[],
        )
        .expect("a superuser may ask");
    row.get(0)
}

fn prepare(cluster: &Cluster, number: usize, databases: usize) {
    let mut admin = cluster.client("postgres");
    for sql in [
        format!("CREATE ROLE {HEIR} NOLOGIN"),
        format!("CREATE ROLE {PEER} NOLOGIN"),
    ] {
        admin.batch_execute(&sql).expect("the admin may");
    }
    for one in 0..databases {
        let name = database(number, one);
        admin
            .batch_execute(&format!("CREATE DATABASE {name}"))
            .expect("the admin may");
        let mut client = cluster.superuser_client(&name);
        client
            .batch_execute(&format!(
                "GRANT CREATE ON DATABASE {name} TO {HEIR}; SET ROLE {HEIR}; CREATE SCHEMA theirs; CREATE TABLE theirs.ledger (id int);
                 GRANT USAGE ON SCHEMA theirs TO {PEER}"
            ))
            .expect("a superuser may");
    }
}

fn hire(cluster: &Cluster, number: usize) -> Vec<Client> {
    let mut admin = cluster.client("postgres");
    admin
        .batch_execute(&format!("CREATE ROLE {JANE} LOGIN PASSWORD 'x'"))
        .expect("the admin may");
    let mut sessions = Vec::new();
    for one in 0..OWNED_IN {
        let name = database(number, one);
        let Ok(mut client) = cluster.client_as(cluster.superuser(), cluster.password(), &name)
        else {
            break;
        };
        client
            .batch_execute(&format!(
                "GRANT CREATE ON DATABASE {name} TO {JANE};
                 GRANT USAGE ON SCHEMA theirs TO {JANE}; GRANT SELECT ON theirs.ledger TO {JANE} WITH GRANT OPTION;
                 SET ROLE {JANE}; GRANT SELECT ON theirs.ledger TO {PEER};
                 CREATE SCHEMA hers; GRANT USAGE ON SCHEMA hers TO {PEER};
                 CREATE TABLE hers.notes AS SELECT generate_series(1, 3) AS id; GRANT SELECT ON hers.notes TO {PEER};
                 CREATE FUNCTION hers.one() RETURNS int LANGUAGE sql AS 'SELECT 1'"
            ))
            .expect("a superuser may");
        sessions.push(cluster.client_as(JANE, "x", &name).expect("she may log in"));
    }
    sessions
}
