//! `credential rotate`, cut off in each state: nothing is lost, any command logs in, and `recover` ends it.

use std::fs;

use super::admin_login::{OLD, Own, write_private};
use super::{MEND_JOURNAL, broken_at, wait_until};
use crate::harness::{Cluster, Plan, Proxy};

/// Both kinds of admin: one may read which verifiers the server stores, one may not.
const KINDS: [&str; 2] = ["SUPERUSER", "CREATEROLE"];

impl Own<'_> {
    fn break_journal_at(&self, state: &str) {
        self.query(&broken_at(state));
    }

    fn mend_journal(&self) {
        self.query(MEND_JOURNAL);
    }

    fn state(&self) -> String {
        self.query("SELECT state FROM password_change")
    }

    /// A command of another kind, which logs in with the admin login.
    #[track_caller]
    fn any_command_works(&self) {
        self.run(&format!("user find -e dev -u {}", self.role))
            .expect_status(0);
    }

    #[track_caller]
    fn recover(&self) {
        self.run("recover run").expect_status(0);
    }
}

#[test]
fn cut_off_in_any_state_it_is_ended_by_recovery() {
    let cluster = Cluster::shared();
    for attributes in KINDS {
        for (broken, left, status) in [
            ("APPLYING", "", 1),
            ("APPLIED", "APPLYING", 8),
            // It is done and delivered, and that is not on record.
            ("DELIVERED", "APPLIED", 1),
        ] {
            let Some(own) = Own::in_keyring(cluster, cluster.port(), attributes) else {
                return;
            };
            own.break_journal_at(broken);
            own.rotate().run().expect_status(status);
            own.mend_journal();
            assert_eq!(own.state(), left);
            own.any_command_works();
            own.recover();
            if left.is_empty() {
                // Nothing is on record, and nothing was sent.
                assert_eq!(own.state(), "");
                own.is_as_before();
            } else {
                assert_eq!(own.state(), "DELIVERED");
                own.is_rotated();
            }
        }
    }
}

#[test]
fn what_is_next_settles_what_was_cut_off() {
    let cluster = Cluster::shared();
    for attributes in KINDS {
        let Some(own) = Own::in_keyring(cluster, cluster.port(), attributes) else {
            return;
        };
        own.break_journal_at("APPLIED");
        own.rotate().run().expect_status(8);
        own.mend_journal();
        let rotate = own.rotate().run();
        rotate
            .expect_status(0)
            .expect_in_stderr("was interrupted and has been closed");
        own.is_rotated();
        assert_eq!(own.state(), "DELIVERED\nDELIVERED");
    }
}

/// A login that a command gives from a file; what stores it waits until it is let.
fn in_slow_vault(attributes: &str) -> Own<'static> {
    let cluster = Cluster::shared();
    let own = Own::new(cluster, cluster.port(), attributes);
    let folder = own.sandbox.path().display().to_string();
    let login = format!("{{\"user\":\"{}\",\"password\":\"{OLD}\"}}", own.role);
    write_private(&own.sandbox.path().join("vault"), &login);
    own.sandbox.write_config(&format!(
        "[credential]\ncommand = [\"cat\", \"{folder}/vault\"]\n\
         store_command = [\"sh\", \"-c\", \"touch {folder}/begun; test -e {folder}/gate || sleep 10; cat > {folder}/vault\"]\n"
    ));
    own
}

#[test]
fn killed_before_the_delivery_it_is_delivered_by_recovery() {
    for attributes in KINDS {
        let own = in_slow_vault(attributes);
        let rotate = own.rotate().spawn();
        wait_until(|| own.sandbox.path().join("begun").exists());
        rotate.kill();
        assert_eq!(own.state(), "APPLIED");
        assert!(!own.takes(OLD));
        own.any_command_works();
        fs::write(own.sandbox.path().join("gate"), "").expect("the sandbox can be written");
        own.recover();
        assert_eq!(own.state(), "CLOSED");
        own.is_rotated();
    }
}

#[test]
fn killed_while_the_server_is_at_it_one_of_the_two_is_in_force_and_kept() {
    for attributes in KINDS {
        let own = in_slow_vault(attributes);
        fs::write(own.sandbox.path().join("gate"), "").expect("the sandbox can be written");
        let mut blocker = own.area.superuser_client();
        let lock = format!("BEGIN; ALTER ROLE {} CONNECTION LIMIT 50", own.role);
        blocker.batch_execute(&lock).expect("a superuser may");
        let rotate = own.rotate().spawn();
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'
            AND datname = current_database() AND application_name LIKE 'pgrole:%'";
        wait_until(|| own.area.superuser_psql(waiting) == "1");
        rotate.kill();
        assert_eq!(own.state(), "APPLYING");
        own.any_command_works();
        let recovery = own.pgrole("recover run").spawn();
        if attributes == "SUPERUSER" {
            // Once more what waits is the change, made after all by the recovery.
            let ended = || {
                let log = own.cluster.log();
                log.contains("terminating connection due to administrator command")
            };
            wait_until(ended);
            wait_until(|| own.area.superuser_psql(waiting) == "1");
        }
        blocker.batch_execute("ROLLBACK").expect("is open");
        recovery.wait().expect_status(0);
        if attributes == "SUPERUSER" {
            assert_eq!(own.state(), "CLOSED");
            own.is_rotated();
        } else {
            // The old one is proven to be in force, by being asked for.
            assert!(["ABORTED", "CLOSED"].contains(&own.state().as_str()));
            own.run("credential check")
                .expect_status(0)
                .expect_stderr("");
        }
    }
}

#[test]
fn without_an_answer_to_the_commit_nothing_is_lost() {
    for attributes in KINDS {
        for plan in [
            Plan::cut_before("ALTER ROLE"),
            Plan::cut_after("ALTER ROLE"),
            Plan::BlackHoleBefore(b"ALTER ROLE".to_vec()),
            Plan::BlackHoleAfter(b"ALTER ROLE".to_vec()),
        ] {
            let proxy = Proxy::before(Cluster::shared());
            let Some(own) = Own::in_keyring(Cluster::shared(), proxy.port(), attributes) else {
                return;
            };
            let is_cut = matches!(plan, Plan::CutBefore(_) | Plan::CutAfter(_));
            if is_cut {
                proxy.once(plan.clone());
            } else {
                proxy.always(plan.clone());
            }
            own.rotate().args(["--timeout", "2"]).run();
            proxy.always(Plan::Pass);
            own.any_command_works();
            own.recover();
            assert!(
                ["ABORTED", "DELIVERED"].contains(&own.state().as_str()),
                "{plan:?}: {}",
                own.state()
            );
            let check = own.run("credential check");
            check.expect_status(0).expect_stderr("");
        }
    }
}

#[test]
fn recovery_logs_in_even_where_no_source_gives_a_login_any_more() {
    let own = in_slow_vault("CREATEROLE");
    own.break_journal_at("APPLIED");
    own.rotate().run().expect_status(8);
    own.mend_journal();
    let vault = own.sandbox.path().join("vault");
    fs::remove_file(&vault).expect("it is there");
    fs::write(own.sandbox.path().join("gate"), "").expect("the sandbox can be written");
    own.recover();
    own.is_rotated();
}

#[test]
fn a_password_that_was_printed_logs_in_until_it_is_acknowledged() {
    let cluster = Cluster::shared();
    let mut own = Own::new(cluster, cluster.port(), "CREATEROLE");
    own.sandbox.env("PG_ADMIN_USER", &own.role);
    own.sandbox.env("PG_ADMIN_PASS", OLD);
    own.rotate()
        .args(["--deliver", "stdout"])
        .run()
        .expect_status(0);
    own.any_command_works();
    let id = own.query("SELECT operation_id FROM password_change");
    own.run(&format!("recover ack {id}")).expect_status(0);
    let check = own.run("credential check");
    check.expect_status(5).expect_in_stderr("28P01");
}
