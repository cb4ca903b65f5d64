//! Four servers of four versions, and what is wrong with their logins: each thing was planted, so that a report must find it,
//! and nothing else.

use std::collections::BTreeSet;

use crate::harness::sandbox::Run;
use crate::harness::{Cluster, Sandbox, sqlite};

/// What is planted: login, target and finding.
pub type Planted = (&'static str, &'static str, &'static str);

/// A name that is markup where it is not escaped.
pub const SCRIPT: &str = "<script>alert(1)</script>";
/// A name that is a formula to a spreadsheet.
pub const FORMULA: &str = "=cmd|' /C calc'!A0";

const PASSWORD: &str = "the one of all four";

/// The databases, with the environment and the major version of each.
pub const DATABASES: [(&str, &str, u32); 4] = [
    ("dev", "shop_dev", 13),
    ("qa", "shop_qa", 15),
    ("prod", "shop_prod", 16),
    ("prod", "billing_prod", 18),
];

pub const PLANTED: &[Planted] = &[
    // Everybody creates in "public" on 13.
    ("amira", "dev/shop_dev", "above-profile"),
    ("analyst01", "dev/shop_dev", "above-profile"),
    ("bi_reader", "dev/shop_dev", "above-profile"),
    ("bi_reader", "dev/shop_dev", "password-old"),
    ("bi_reader", "dev/shop_dev", "unused"),
    ("dba_jane", "dev/shop_dev", "above-profile"),
    ("dba_jane", "dev/shop_dev", "few-administrators"),
    ("postgres", "dev/shop_dev", "age-unknown"),
    ("dba_jane", "qa/shop_qa", "few-administrators"),
    ("devs_q", "qa/shop_qa", "above-profile"),
    ("postgres", "qa/shop_qa", "age-unknown"),
    ("tester", "qa/shop_qa", "no-owner"),
    ("tester", "qa/shop_qa", "age-unknown"),
    ("tester", "qa/shop_qa", "direct-grants"),
    ("analyst01", "prod/shop_prod", "above-profile"),
    ("analyst01", "prod/shop_prod", "direct-grants"),
    ("analyst01", "prod/shop_prod", "expiring"),
    ("col_reader", "prod/shop_prod", "above-profile"),
    ("col_reader", "prod/shop_prod", "direct-grants"),
    ("contractor_k", "prod/shop_prod", "no-owner"),
    ("contractor_k", "prod/shop_prod", "age-unknown"),
    ("contractor_k", "prod/shop_prod", "direct-grants"),
    ("contractor_k", "prod/shop_prod", "expired"),
    ("dba_omar", "prod/shop_prod", "password-old"),
    ("dba_omar", "prod/shop_prod", "unused"),
    ("legacy_etl", "prod/shop_prod", "md5-password"),
    ("legacy_etl", "prod/shop_prod", "no-owner"),
    ("legacy_etl", "prod/shop_prod", "age-unknown"),
    ("postgres", "prod/shop_prod", "age-unknown"),
    ("pr_checkout", "prod/shop_prod", "password-old"),
    ("replicator", "prod/shop_prod", "no-owner"),
    ("replicator", "prod/shop_prod", "age-unknown"),
    ("sre_root", "prod/shop_prod", "superuser"),
    ("sre_root", "prod/shop_prod", "no-owner"),
    ("sre_root", "prod/shop_prod", "age-unknown"),
    ("dba_jane", "prod/billing_prod", "few-administrators"),
    ("bi_reader", "prod/billing_prod", "access-overdue"),
    ("bi_reader", "prod/billing_prod", "above-profile"),
    ("legacy_report", "prod/billing_prod", "no-owner"),
    ("legacy_report", "prod/billing_prod", "age-unknown"),
    ("postgres", "prod/billing_prod", "age-unknown"),
    // By SET ROLE only.
    ("sre_root", "prod/billing_prod", "superuser"),
    ("sre_root", "prod/billing_prod", "no-owner"),
    ("sre_root", "prod/billing_prod", "age-unknown"),
    (SCRIPT, "prod/billing_prod", "no-owner"),
    (FORMULA, "prod/billing_prod", "no-owner"),
];

pub struct Estate {
    pub sandbox: Sandbox,
    pub clusters: Vec<Cluster>,
}

impl Estate {
    /// `None` where one of the versions is not installed; that is written down.
    pub fn planted() -> Option<Self> {
        let mut clusters = Vec::new();
        for (_, database, major) in DATABASES {
            let cluster = Cluster::private_of_major(major, |c| c)?;
            cluster.psql("postgres", &format!("CREATE DATABASE {database}"));
            cluster.psql(
                "postgres",
                &format!("ALTER ROLE postgres PASSWORD '{PASSWORD}'"),
            );
            clusters.push(cluster);
        }
        let mut sandbox = Sandbox::new();
        sandbox.env("PG_ADMIN_USER", Cluster::SUPERUSER);
        sandbox.env("PG_ADMIN_PASS", PASSWORD);
        for ((env, database, _), cluster) in DATABASES.iter().zip(&clusters) {
            sandbox.register(cluster, env, database);
        }
        let estate = Self { sandbox, clusters };
        estate.make_by_pgrole();
        estate.make_by_hand();
        estate.make_old();
        Some(estate)
    }

    /// Runs statements on the server of a database.
    #[track_caller]
    pub fn sql(&self, database: &str, sql: &str) -> String {
        let place = DATABASES.iter().position(|(_, name, _)| *name == database);
        let cluster = &self.clusters[place.expect("one of the four")];
        let outcome = cluster.psql_as(Cluster::SUPERUSER, PASSWORD, database, sql);
        outcome.expect_status(0);
        outcome.stdout.trim_end_matches('\n').to_owned()
    }

    /// Runs a statement on the registry.
    #[track_caller]
    pub fn registry(&self, sql: &str) -> String {
        sqlite::query(&self.sandbox.registry(), sql)
    }

    #[track_caller]
    pub fn user(&self, verb: &str, name: &str, database: &str, more: &[&str]) {
        let env = DATABASES.iter().find(|(_, one, _)| *one == database);
        let (env, ..) = env.expect("one of the four");
        let run = self.sandbox.pgrole(["user", verb, "-u", name]);
        run.args(["-e", env, "-d", database, "--yes"])
            .args(more)
            .run()
            .expect_status(0);
    }

    pub fn report(&self, arguments: &[&str]) -> Run<'_> {
        self.sandbox.pgrole(["report", "access"]).args(arguments)
    }

    fn make_by_pgrole(&self) {
        for (_, database, major) in DATABASES {
            if major >= 15 {
                self.sql(database, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
            }
            self.sql(
                database,
                "CREATE TABLE orders (id int, note text); CREATE VIEW totals AS SELECT count(*) FROM orders",
            );
            self.user("dba", "dba_jane", database, &["--reason", "on call"]);
        }
        self.user("devqa", "amira", "shop_dev", &[]);
        self.user("readonly", "analyst01", "shop_dev", &[]);
        self.user("readonly", "bi_reader", "shop_dev", &[]);
        self.user("devqa", "devs_q", "shop_qa", &[]);
        self.user("devlead", "chidi", "shop_qa", &[]);
        self.user("dba", "dba_omar", "shop_prod", &[]);
        let named = ["--env-prefix", "pr", "--farmname", "checkout"];
        let run = self.sandbox.pgrole(["user", "k8s", "-e", "prod"]);
        let run = run.args(["-d", "shop_prod", "--yes"]).args(named).run();
        assert_eq!(run.json()["username"], "pr_checkout", "{run}");
        self.user("readonly", "analyst01", "shop_prod", &["--valid-for", "9d"]);
        self.user("readonly", "col_reader", "shop_prod", &[]);
        self.user("readonly", "gone_home", "shop_prod", &[]);
        self.user("lock", "gone_home", "shop_prod", &[]);
        self.user("readonly", "bi_reader", "billing_prod", &[]);
        let run = self.sandbox.pgrole(["access", "grant", "bi_reader"]);
        run.args(["-e", "prod", "-d", "billing_prod", "--level", "readwrite"])
            .args(["--for", "1h", "--reason", "INC-4711", "--yes"])
            .run()
            .expect_status(0);
    }

    fn make_by_hand(&self) {
        self.sql("shop_qa", "ALTER ROLE devs_q CREATEDB");
        self.sql(
            "shop_qa",
            "CREATE ROLE tester LOGIN PASSWORD 'x'; GRANT CREATE ON SCHEMA public TO tester",
        );
        self.sql(
            "shop_prod",
            "CREATE ROLE contractor_k LOGIN PASSWORD 'x' VALID UNTIL '2020-01-01'; GRANT INSERT ON orders TO contractor_k;
             CREATE ROLE legacy_group; GRANT SELECT, UPDATE ON orders TO legacy_group;
             SET password_encryption = 'md5'; CREATE ROLE legacy_etl LOGIN PASSWORD 'legacy_etl' IN ROLE legacy_group;
             RESET password_encryption; CREATE ROLE sre_root SUPERUSER LOGIN PASSWORD 'x';
             CREATE ROLE replicator REPLICATION LOGIN PASSWORD 'x';
             GRANT UPDATE ON orders TO analyst01; GRANT UPDATE (note) ON orders TO col_reader",
        );
        // Nobody ends it.
        let grant = self.sql(
            "billing_prod",
            "SELECT rolname FROM pg_roles WHERE rolname ~ '^pgrole_box_'",
        );
        self.sql(
            "billing_prod",
            &format!("ALTER ROLE {grant} VALID UNTIL '2020-01-01 00:00:00Z'"),
        );
        self.sql(
            "billing_prod",
            &format!(
                "CREATE ROLE sre_group SUPERUSER; CREATE ROLE sre_root NOINHERIT LOGIN PASSWORD 'x' IN ROLE sre_group;
                 CREATE ROLE legacy_report LOGIN PASSWORD 'x' IN ROLE pg_read_all_data;
                 CREATE ROLE \"{SCRIPT}\" LOGIN; CREATE ROLE \"{FORMULA}\" LOGIN"
            ),
        );
    }

    /// Time passes in the registry alone.
    fn make_old(&self) {
        for (login, days) in [("bi_reader", 120), ("dba_omar", 203), ("pr_checkout", 118)] {
            let database = if login == "bi_reader" {
                "shop_dev"
            } else {
                "shop_prod"
            };
            let changed = self.registry(&format!(
                "UPDATE placed_role SET password_changed_at = strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-{days} days')
                 WHERE username = '{login}' AND db_name = '{database}'; SELECT changes()"
            ));
            assert_eq!(changed, "1", "{login}");
        }
        for (login, database) in [("bi_reader", "shop_dev"), ("dba_omar", "shop_prod")] {
            self.was_seen(login, database, 126);
        }
        // Seen not long ago, and not for long enough.
        self.was_seen("amira", "shop_dev", 89);
        self.was_never_seen("chidi", "shop_qa", 89);
    }

    /// As if a login had been seen last so many days ago.
    fn was_seen(&self, login: &str, database: &str, days: u32) {
        self.was_never_seen(login, database, 200);
        self.registry(&format!(
            "UPDATE login_activity SET seen_at = {}, seen_by = 'sample' WHERE username = '{login}'
             AND cluster_id = (SELECT cluster_id FROM db_registry WHERE db_name = '{database}')",
            days_ago(days)
        ));
    }

    /// As if a login were known for so many days.
    fn was_never_seen(&self, login: &str, database: &str, days: u32) {
        self.registry(&format!(
            "INSERT INTO login_activity (cluster_id, username, known_at, peak_sessions)
             SELECT cluster_id, '{login}', {}, 0 FROM db_registry WHERE db_name = '{database}'",
            days_ago(days)
        ));
    }
}

/// A time as the registry has it.
fn days_ago(days: u32) -> String {
    format!("strftime('%Y-%m-%dT%H:%M:%f000Z', 'now', '-{days} days')")
}

/// What was planted, as a set.
pub fn planted() -> BTreeSet<(String, String, String)> {
    let planted = PLANTED.iter();
    planted
        .map(|(login, target, finding)| {
            (
                (*login).to_owned(),
                (*target).to_owned(),
                (*finding).to_owned(),
            )
        })
        .collect()
}
