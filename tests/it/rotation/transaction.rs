//! A change is one transaction of many messages: all of it or nothing, whichever message fails; and the verifier is in
//! the one that a server knows to redact.

use super::Scene;
use crate::harness::{Cluster, Plan, Proxy, servers};

/// Puts a statement that fails in the place of one of ours; the change must then have changed nothing.
fn fails_at(message: &str) {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    let new = scene.area.role("new");
    let stored = || {
        scene.area.psql(&format!(
            "SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'"
        ))
    };
    let before = stored();
    for (verb, role) in [("reset", &role), ("readonly", &new)] {
        proxy.always(Plan::Refuse(message.into(), "57014", 1));
        let outcome = scene.to_file(verb, role).run();
        outcome
            .expect_status(75)
            .expect_in_stderr("refused by a policy (SQLSTATE 57014)");
    }
    assert_eq!(stored(), before);
    let there = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{new}'");
    assert_eq!(scene.area.psql(&there), "0");
    assert_eq!(scene.states(), "CLOSED\nABORTED\nABORTED");
    scene.delivered_password_is_good(&role);
}

/// As where a cancellation meets it: what follows would be transactions of their own.
#[test]
fn nothing_happens_without_the_begin() {
    fails_at("BEGIN; SET LOCAL lock_timeout");
}

#[test]
fn nothing_happens_where_the_server_answers_the_commit_by_a_rollback() {
    fails_at("RESET default_transaction_read_only");
}

/// The session is as it was: the next try in it is not read-only.
#[test]
fn what_guards_the_transaction_does_not_outlive_it() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    for message in ["BEGIN; SET LOCAL lock_timeout", "ALTER ROLE"] {
        let old = scene.delivered_password(&role);
        proxy.always(Plan::Refuse(message.into(), "40001", 1));
        scene.reset_to_file(&role).run().expect_status(0);
        assert_ne!(scene.delivered_password(&role), old);
        scene.delivered_password_is_good(&role);
    }
}

#[test]
fn the_verifier_is_in_no_statement_but_create_and_alter_role() {
    let has_pgaudit = servers::of_this_run()
        .bindir
        .join("../lib/pgaudit.so")
        .exists();
    if !has_pgaudit {
        servers::skip("no pgaudit for this server: that part is not looked at");
    }
    let cluster = Cluster::private(|c| {
        let c = c
            .setting("log_statement", "all")
            .setting("log_min_duration_statement", "0")
            .setting("log_min_error_statement", "error");
        if has_pgaudit {
            c.setting("shared_preload_libraries", "pgaudit")
                .setting("pgaudit.log", "all")
        } else {
            c
        }
    });
    let proxy = Proxy::before(&cluster);
    let scene = Scene::on(&cluster, proxy.port());
    // What a trigger of the database's owner sees of our statements, and keeps.
    scene.area.psql(
        "CREATE TABLE seen (tag text, query text);
         CREATE FUNCTION see() RETURNS event_trigger LANGUAGE plpgsql AS
             $$ BEGIN INSERT INTO public.seen VALUES (tg_tag, current_query()); END $$",
    );
    scene
        .area
        .superuser_psql("CREATE EVENT TRIGGER see ON ddl_command_end EXECUTE FUNCTION see()");
    let stored = |role: &str| {
        let sql = format!("SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'");
        scene.area.psql(&sql)
    };
    let role = scene.create("jane");
    let mut verifiers = vec![stored(&role)];
    scene.reset_to_file(&role).run().expect_status(0);
    verifiers.push(stored(&role));
    let only = ["rotate", "-u", &role];
    scene.sandbox.pgrole(only).run().expect_status(0);
    verifiers.push(stored(&role));
    // One that is cut off, and made after all by the recovery.
    proxy.once(Plan::cut_before("ALTER ROLE"));
    scene.reset_to_file(&role).run().expect_status(8);
    scene.recover().expect_status(0);
    verifiers.push(stored(&role));

    assert_ne!(
        scene
            .area
            .psql("SELECT count(*) FROM seen WHERE tag = 'GRANT'"),
        "0"
    );
    let kept = "SELECT count(*) FROM seen WHERE query ~ 'SCRAM-SHA-256'";
    assert_eq!(scene.area.psql(kept), "0");
    let log = cluster.log();
    assert_eq!(log.contains("AUDIT: SESSION"), has_pgaudit);
    for verifier in verifiers {
        let lines: Vec<_> = log
            .lines()
            .filter(|line| line.contains(&verifier))
            .collect();
        assert!(!lines.is_empty(), "the log shows too little");
        for line in lines {
            let statement = line.split("statement: ").nth(1).unwrap_or_default();
            assert!(
                ["CREATE ROLE \"", "ALTER ROLE \""]
                    .iter()
                    .any(|command| statement.starts_with(command))
                    && !statement.contains(';'),
                "{line}"
            );
        }
    }
}
