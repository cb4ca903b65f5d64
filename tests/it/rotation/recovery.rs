//! Each state that a change can be cut off in, and what `pgrole recover` makes of it (docs/rotation.md, "Recovery").

use std::fs;
use std::thread;

use super::{Scene, wait_until};
use crate::harness::{Admin, Cluster, Keyring, Plan, Proxy, skip_unless_superuser, sqlite};

#[test]
fn what_cannot_be_put_on_record_is_not_sent() {
    let scene = Scene::new();
    let role = scene.create("jane");
    scene.break_journal_at("APPLYING");
    scene.reset_to_file(&role).run().expect_status(1);
    scene.mend_journal();
    assert_eq!(scene.states(), "CLOSED");
    scene.delivered_password_is_good(&role);
}

/// As earlier versions left it, which noted by itself that the statement was about to be sent.
#[test]
fn what_was_sealed_and_not_sent_is_aborted_without_a_login() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    proxy.once(Plan::cut_before("ALTER ROLE"));
    scene.reset_to_file(&role).run().expect_status(8);
    proxy.always(Plan::BlackHole);
    scene.query("UPDATE password_change SET state = 'SEALED' WHERE state <> 'CLOSED'");
    fs::remove_file(scene.sandbox.home().join(".config/pgrole/sealing.key")).expect("is there");
    let recover = scene.sandbox.pgrole(["recover", "run"]);
    recover.without_env("PG_ADMIN_PASS").run().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nABORTED");
    scene.delivered_password_is_good(&role);
}

/// Killed between the note and the statement, as far as anybody can tell.
#[test]
fn what_was_noted_and_not_sent_is_settled_by_what_the_server_says() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    let old = scene.delivered_password(&role);
    proxy.always(Plan::BlackHoleBefore(b"ALTER ROLE".to_vec()));
    let reset = scene.reset_to_file(&role).spawn();
    wait_until(|| scene.states() == "CLOSED\nAPPLYING");
    reset.kill();
    proxy.always(Plan::Pass);
    scene.recover().expect_status(0);
    scene.delivered_password_is_good(&role);
    if Admin::of_this_run() == Admin::Superuser {
        // Found to be as it was before, the change was made after all.
        assert_eq!(scene.states(), "CLOSED\nCLOSED");
        assert_ne!(scene.delivered_password(&role), old);
    } else {
        assert_eq!(scene.states(), "CLOSED\nABORTED");
        assert_eq!(scene.delivered_password(&role), old);
    }
}

#[test]
fn a_journal_that_breaks_after_the_commit_is_status_8_and_recovered() {
    for state in ["APPLIED", "CLOSED"] {
        let scene = Scene::new();
        let role = scene.create("jane");
        scene.break_journal_at(state);
        let reset = scene.reset_to_file(&role).run();
        if state == "APPLIED" {
            let error = reset.expect_status(8).json_error();
            assert_eq!(error["error"]["kind"], "undelivered", "{reset}");
        } else {
            // Delivered it is, but not on record.
            reset
                .expect_status(1)
                .expect_in_stderr("the change cannot be closed in the journal");
        }
        scene.mend_journal();
        scene.recover().expect_status(0);
        assert_eq!(scene.states(), "CLOSED\nCLOSED");
        scene.delivered_password_is_good(&role);
    }
}

/// Lets the audit log refuse to say how an act ended, until the trigger `killed` is dropped.
fn break_log(scene: &Scene<'_>) {
    scene.query(
        "CREATE TRIGGER killed BEFORE INSERT ON audit_log WHEN NEW.stage = 'outcome'
         BEGIN SELECT RAISE(ABORT, 'killed for a test'); END",
    );
}

const RECOVERED: &str =
    "SELECT status FROM audit_log WHERE operation = 'recover' AND stage = 'outcome'";

/// What earlier versions did in two steps has no instant between them in which a kill leaves one without the other.
#[test]
fn no_change_has_ended_without_the_outcome_of_the_act_that_ended_it() {
    let scene = Scene::new();
    let role = scene.create("jane");
    break_log(&scene);
    let reset = scene.reset_to_file(&role).run();
    // Delivered it is, but not on record.
    reset
        .expect_status(1)
        .expect_in_stderr("the outcome is not in the audit log")
        .expect_in_stderr("the change cannot be closed in the journal");
    assert_eq!(scene.states(), "CLOSED\nAPPLIED");
    let delivered = scene.delivered_password(&role);
    assert!(scene.logs_in(&role, &delivered));
    scene
        .recover()
        .expect_status(1)
        .expect_in_stderr("killed for a test");
    assert_eq!(scene.states(), "CLOSED\nAPPLIED");
    assert_eq!(scene.sealed(), "1");
    scene.query("DROP TRIGGER killed");
    let id = scene.newest_id();
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    let ended = format!("password change {id}: password in force, delivered");
    assert_eq!(scene.query(RECOVERED), ended);
    let own =
        format!("SELECT status FROM audit_log WHERE stage = 'outcome' AND operation_id = '{id}'");
    assert_eq!(scene.query(&own), "cut off: password reset");
    assert_eq!(scene.delivered_password(&role), delivered);
    scene.delivered_password_is_good(&role);
    // Both are told of once.
    scene.recover().expect_status(0);
    assert_eq!(scene.query(RECOVERED), ended);
}

/// Of two acts that end a change, a person's, and the recovery's, neither is on record as having ended it where it has not.
#[test]
fn what_a_person_cannot_put_on_record_is_not_ended() {
    let scene = Scene::new();
    let role = scene.create("jane");
    scene.break_journal_at("APPLIED");
    scene.reset_to_file(&role).run().expect_status(8);
    scene.mend_journal();
    let id = scene.newest_id();
    let abort = || {
        scene
            .sandbox
            .pgrole(["recover", "abort", &id, "--yes"])
            .run()
    };
    break_log(&scene);
    abort()
        .expect_status(1)
        .expect_in_stderr("killed for a test");
    assert_eq!(scene.states(), "CLOSED\nAPPLYING");
    assert_eq!(scene.sealed(), "1");
    scene.query("DROP TRIGGER killed");
    scene.break_journal_at("ABORTED");
    abort()
        .expect_status(1)
        .expect_in_stderr("broken for a test");
    let said =
        "SELECT status FROM audit_log WHERE operation = 'recover abort' AND stage = 'outcome'";
    assert_eq!(scene.query(said), "failed");
    scene.mend_journal();
    abort().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nABORTED");
    assert_eq!(scene.sealed(), "0");
}

/// As earlier versions left it, which closed the journal before they said so in the log.
#[test]
fn a_recovery_that_was_cut_off_after_it_ended_a_change_is_told_of_by_the_next() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let deliver = format!("exec:sh -c \"touch {}; sleep 10\"", gate.display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).spawn();
    wait_until(|| gate.exists());
    reset.kill();
    fs::remove_file(&gate).expect("it was made");
    let recovery = scene.sandbox.pgrole(["recover", "run"]).spawn();
    wait_until(|| gate.exists());
    recovery.kill();
    let id = scene.newest_id();
    scene.query(
        "UPDATE password_change SET state = 'CLOSED', sealed = NULL, recovered_by =
            (SELECT operation_id FROM audit_log WHERE operation = 'recover' AND stage = 'intent')
         WHERE state = 'APPLIED'",
    );
    assert_eq!(scene.query(RECOVERED), "");
    scene.recover().expect_status(0);
    assert_eq!(
        scene.query(RECOVERED),
        format!("cut off: password change {id}: password in force, delivered")
    );
    scene.recover().expect_status(0);
    assert_eq!(scene.query(RECOVERED).lines().count(), 1);
}

#[test]
fn a_recovery_that_was_cut_off_did_not_end_what_a_person_ended() {
    let scene = Scene::new();
    let role = scene.create("jane");
    scene.break_journal_at("APPLIED");
    scene.reset_to_file(&role).run().expect_status(8);
    let id = scene.newest_id();
    break_log(&scene);
    assert_ne!(scene.recover().status(), Some(0));
    scene.query("DROP TRIGGER killed");
    scene.mend_journal();
    let abort = scene.sandbox.pgrole(["recover", "abort", &id, "--yes"]);
    abort.run().expect_status(0);
    scene.recover().expect_status(0);
    assert_eq!(scene.query(RECOVERED), "");
}

/// Cuts a reset off by an admin who may not read verifiers, and returns what is left.
fn cut_off(proxy: &Proxy, plan: Plan) -> (Scene<'static>, String) {
    let scene = Scene::on_port(proxy.port()).with_plain_admin();
    let role = scene.create("jane");
    proxy.once(plan);
    scene.reset_to_file(&role).args(["--timeout", "2"]).run();
    proxy.always(Plan::Pass);
    (scene, role)
}

#[test]
fn an_admin_who_cannot_read_verifiers_finds_out_by_a_login() {
    let proxy = Proxy::before(Cluster::shared());
    let (scene, role) = cut_off(&proxy, Plan::cut_before("ALTER ROLE"));
    assert_eq!(scene.states(), "CLOSED\nUNKNOWN");
    let row = scene.recover().expect_status(0).json()[0].clone();
    assert_eq!(row["state"], "ABORTED");
    scene.delivered_password_is_good(&role);

    // The new password logs in, so the change goes on by itself.
    let (scene, role) = cut_off(&proxy, Plan::cut_after("ALTER ROLE"));
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    scene.delivered_password_is_good(&role);
}

#[test]
fn an_expired_role_refutes_no_password() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port()).with_plain_admin();
    let role = scene.create("jane");
    let expire = |until: &str| {
        scene
            .area
            .psql(&format!("ALTER ROLE {role} VALID UNTIL '{until}'"))
    };
    expire("2001-01-01Z");
    proxy.once(Plan::cut_after("ALTER ROLE"));
    scene.reset_to_file(&role).run().expect_status(8);
    proxy.always(Plan::Pass);
    scene.recover().expect_status(8);
    assert_eq!(scene.states(), "CLOSED\nUNKNOWN");
    expire("infinity");
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    scene.delivered_password_is_good(&role);
}

#[test]
fn an_expired_role_is_not_rotated_and_keeps_its_password() {
    let scene = Scene::new().with_plain_admin();
    let role = scene.create("jane");
    scene
        .area
        .psql(&format!("ALTER ROLE {role} VALID UNTIL '2001-01-01Z'"));
    let only = ["rotate", "-u", &role];
    scene.sandbox.pgrole(only).run().expect_status(1);
    assert_eq!(scene.states(), "CLOSED");
    scene
        .area
        .psql(&format!("ALTER ROLE {role} VALID UNTIL 'infinity'"));
    scene.delivered_password_is_good(&role);
}

#[test]
fn what_was_acknowledged_is_delivered_where_nothing_can_tell() {
    let cluster = Cluster::private(|c| c.hba("host all blocked 127.0.0.1/32 reject"));
    let scene = Scene::on(&cluster, cluster.port()).with_plain_admin();
    // From PostgreSQL 16 on the admin credential changes what it made.
    let database = scene.area.database();
    let made = cluster.client_as(&scene.area.role("admin"), "admin", database);
    made.and_then(|mut admin| admin.batch_execute("CREATE ROLE blocked LOGIN"))
        .expect("a CREATEROLE login creates a role");
    let gate = scene.file("gate");
    let object = scene.file("object");
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat > {}\"",
        gate.display(),
        object.display()
    );
    let reset = scene
        .user("reset", "blocked", &["--deliver", &deliver])
        .run();
    reset.expect_status(8);
    fs::write(&gate, "").expect("the folder is there");
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED");
    assert!(scene.read("object").contains("\"password\":\""));
}

#[test]
fn a_black_hole_is_given_up_within_the_deadline_and_5_s_and_loses_nothing() {
    // Only a superuser sees by the verifier that nothing has changed, and makes the change after all.
    let before = if Admin::of_this_run() == Admin::Superuser {
        "CLOSED"
    } else {
        "ABORTED"
    };
    let plans = [
        (Plan::BlackHoleBefore(b"ALTER ROLE".to_vec()), before),
        (Plan::BlackHoleAfter(b"ALTER ROLE".to_vec()), "CLOSED"),
    ];
    thread::scope(|scope| {
        for (plan, end) in plans {
            scope.spawn(move || {
                let proxy = Proxy::before(Cluster::shared());
                let scene = Scene::on_port(proxy.port());
                let role = scene.create("jane");
                proxy.always(plan.clone());
                let reset = scene.reset_to_file(&role).args(["--timeout", "2"]).run();
                reset.expect_status(8);
                assert_eq!(scene.states(), "CLOSED\nUNKNOWN");
                proxy.always(Plan::Pass);
                scene.recover().expect_status(0);
                assert_eq!(scene.states(), format!("CLOSED\n{end}"));
                scene.delivered_password_is_good(&role);
            });
        }
    });
}

#[test]
fn a_session_that_may_still_commit_is_ended_before_anything_else() {
    if skip_unless_superuser("only a superuser sees by the verifier that nothing has changed") {
        return;
    }
    let scene = Scene::new();
    let role = scene.create("jane");
    let mut blocker = scene.area.client();
    blocker
        .batch_execute(&format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5"))
        .expect("a superuser may");
    let reset = scene.reset_to_file(&role).spawn();
    let orphan = || {
        scene.area.psql(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
             AND application_name LIKE 'pgrole:%'",
        )
    };
    wait_until(|| orphan() == "1");
    reset.kill();
    assert_eq!(orphan(), "1");
    let recovery = scene.sandbox.pgrole(["recover", "run"]).spawn();
    // What waits now is the recovery's own session, in whose name the change is made after all.
    let ended = format!("pgrole:{}", scene.newest_id());
    wait_until(|| {
        cluster_log_has(
            scene.cluster,
            "terminating connection due to administrator command",
        )
    });
    wait_until(|| orphan() == "1");
    blocker.batch_execute("ROLLBACK").expect("is open");
    recovery.wait().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED", "{ended}");
    scene.delivered_password_is_good(&role);
}

/// As a recovery that was killed does, whose last statement reaches the server late.
#[test]
fn a_recovery_whose_session_is_ended_by_another_looks_again() {
    if skip_unless_superuser("only a superuser sees by the verifier that nothing has changed") {
        return;
    }
    let scene = Scene::new();
    let role = scene.create("jane");
    let mut blocker = scene.area.client();
    blocker
        .batch_execute(&format!("BEGIN; ALTER ROLE {role} CONNECTION LIMIT 5"))
        .expect("a superuser may");
    let reset = scene.reset_to_file(&role).spawn();
    let waiting = |what: &str| {
        scene.area.psql(&format!(
            "SELECT {what} FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()
             AND application_name LIKE 'pgrole:%'"
        ))
    };
    wait_until(|| waiting("count(*)") == "1");
    reset.kill();
    let orphan = waiting("pid");
    let recovery = scene.sandbox.pgrole(["recover", "run"]).spawn();
    wait_until(|| !["", orphan.as_str()].contains(&waiting("min(pid)").as_str()));
    let recovering = waiting("pid");
    assert_eq!(waiting("pg_terminate_backend(pid)"), "t");
    wait_until(|| !["", recovering.as_str()].contains(&waiting("min(pid)").as_str()));
    blocker.batch_execute("ROLLBACK").expect("is open");
    recovery.wait().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    scene.delivered_password_is_good(&role);
}

fn cluster_log_has(cluster: &Cluster, text: &str) -> bool {
    cluster.log().contains(text)
}

/// Leaves a change whose delivery failed, and which can be delivered once the file `gate` is there.
fn undelivered(scene: &Scene<'_>, name: &str) -> String {
    let role = scene.create(name);
    let (gate, objects) = (scene.file("gate"), scene.file("objects"));
    let deliver = format!(
        "exec:sh -c \"test -e {} && cat >> {}\"",
        gate.display(),
        objects.display()
    );
    scene
        .user("reset", &role, &["--deliver", &deliver])
        .run()
        .expect_status(8);
    role
}

#[test]
fn another_cluster_under_that_name_is_for_a_human_to_decide() {
    let scene = Scene::new();
    let role = undelivered(&scene, "jane");
    fs::write(scene.file("gate"), "").expect("the folder is there");
    let id = scene.newest_id();
    let move_to = |cluster: &str| {
        scene.query(&format!(
            "UPDATE password_change SET cluster = '{cluster}' WHERE operation_id = '{id}'"
        ));
    };
    let right = scene.query(&format!(
        "SELECT cluster FROM password_change WHERE operation_id = '{id}'"
    ));
    move_to("7000000000000000001");
    for _ in 0..2 {
        let error = scene.recover().expect_status(8).json_error();
        let hint = error["error"]["hint"].as_str().expect("a hint");
        assert!(
            hint.contains(&format!("pgrole recover abort {id}")),
            "{hint}"
        );
        assert_eq!(scene.states(), "CLOSED\nSTUCK");
    }
    assert!(!scene.file("objects").exists());
    move_to(&right);
    scene.recover().expect_status(0);
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
    let object: serde_json::Value = serde_json::from_str(&scene.read("objects")).expect("JSON");
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
}

#[test]
fn recoveries_at_the_same_time_deliver_each_password_once() {
    let scene = Scene::new();
    for name in ["a", "b", "c"] {
        undelivered(&scene, name);
        // The next reset would settle the one before.
    }
    let open = scene.query("SELECT count(*) FROM password_change WHERE state = 'UNDELIVERED'");
    assert_eq!(open, "3");
    fs::write(scene.file("gate"), "").expect("the folder is there");
    let recoveries: Vec<_> = (0..4)
        .map(|_| scene.sandbox.pgrole(["recover", "run"]).spawn())
        .collect();
    for recovery in recoveries {
        recovery.wait().expect_status(0);
    }
    assert_eq!(scene.read("objects").lines().count(), 3);
    assert_eq!(scene.sealed(), "0");
}

#[test]
fn a_password_that_was_printed_can_be_printed_again_for_a_day() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    scene.user("readonly", &role, &[]).run().expect_status(0);
    let id = scene.newest_id();
    let again = scene.sandbox.pgrole(["recover", "run", &id]).run();
    let row = again.expect_status(0).json();
    assert!(scene.logs_in(&role, row["password"].as_str().expect("a password")));
    assert_eq!(scene.states(), "DELIVERED");
    // Nobody asked for it here.
    scene.recover().expect_status(0).expect_stdout("");
    scene.query("UPDATE password_change SET keep_until = '2026-01-01T00:00:00.000000Z'");
    scene.recover().expect_status(0).expect_stdout("");
    assert_eq!(
        (scene.states(), scene.sealed()),
        ("CLOSED".to_owned(), "0".to_owned())
    );
    scene
        .sandbox
        .pgrole(["recover", "run", &id])
        .run()
        .expect_status(6);
    scene
        .sandbox
        .pgrole(["recover", "run", "nothing"])
        .run()
        .expect_status(3);
}

#[test]
fn what_is_given_up_leaves_nothing_of_the_password_here() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let folder = scene.file("");
    scene.break_journal_at("APPLIED");
    scene.reset_to_file(&role).run().expect_status(8);
    scene.mend_journal();
    let id = scene.newest_id();
    // As a delivery that was killed leaves it.
    let half_made = folder.join(format!(".{role}.pgrole-{id}"));
    fs::write(&half_made, "half").expect("the folder is there");
    let given_up = scene.sandbox.pgrole(["recover", "abort", &id]).run().json();
    assert_eq!(given_up["state"], "ABORTED");
    assert!(!half_made.exists());
    assert_eq!(scene.sealed(), "0");
    let events = "SELECT count(*) FROM audit_log WHERE operation = 'recover abort' AND status LIKE '%given up'";
    assert_eq!(scene.query(events), "1");
}

#[test]
fn what_was_killed_gets_its_outcome_in_the_audit_log() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let gate = scene.file("gate");
    let deliver = format!(
        "exec:sh -c \"touch {gate}; sleep 10\"",
        gate = gate.display()
    );
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).spawn();
    wait_until(|| gate.exists());
    reset.kill();
    let id = scene.newest_id();
    let status =
        format!("SELECT status FROM audit_log WHERE stage = 'outcome' AND operation_id = '{id}'");
    assert_eq!(scene.query(&status), "");
    scene
        .sandbox
        .pgrole(["recover", "ack", &id])
        .run()
        .expect_status(0);
    scene.recover().expect_status(0);
    assert_eq!(scene.query(&status), "cut off: password reset");
}

#[test]
fn what_the_keyrings_key_sealed_opens_after_a_key_file_came_up() {
    let mut scene = Scene::new();
    let Some(keyring) = Keyring::unlocked(&scene.sandbox) else {
        return;
    };
    scene
        .sandbox
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    let role = undelivered(&scene, "jane");
    fs::write(scene.file("gate"), "").expect("the folder is there");
    let key = scene.sandbox.home().join(".config/pgrole/sealing.key");
    assert!(!key.exists());
    // As cron does, which has no keyring; another target, so that nothing is settled.
    let other = Cluster::private(|c| c);
    scene.sandbox.register(&other, "qa", "postgres");
    let user = ["user", "dba", "-e", "qa", "-d", "postgres", "-u", "x"];
    let without_keyring = scene
        .sandbox
        .pgrole(user)
        .without_env("DBUS_SESSION_BUS_ADDRESS");
    without_keyring
        .env("PG_ADMIN_PASS", other.password())
        .run()
        .expect_status(0);
    assert!(key.exists());
    scene.recover().expect_status(0);
    let object: serde_json::Value = serde_json::from_str(&scene.read("objects")).expect("JSON");
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
}

#[test]
fn runs_that_make_the_sealing_key_at_the_same_time_use_one() {
    let scene = Scene::new();
    let roles: Vec<_> = (0..6)
        .map(|number| scene.area.role(&format!("r{number}")))
        .collect();
    let runs: Vec<_> = roles
        .iter()
        .map(|role| {
            scene
                .user("readonly", role, &["--deliver", "exec:false"])
                .spawn()
        })
        .collect();
    for run in runs {
        run.wait().expect_status(8);
    }
    let keys = sqlite::query(
        &scene.sandbox.registry(),
        "SELECT count(DISTINCT key_id) FROM password_change",
    );
    assert_eq!(keys, "1");
}

#[test]
fn a_new_valid_until_is_not_forgotten_where_the_change_is_made_after_all() {
    if skip_unless_superuser("only a superuser sees by the verifier that nothing has changed") {
        return;
    }
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let role = scene.create("jane");
    proxy.once(Plan::cut_before("ALTER ROLE"));
    let reset = scene.reset_to_file(&role).args(["--valid-for", "90d"]);
    reset.run().expect_status(8);
    scene.recover().expect_status(0);
    let until = format!(
        "SELECT rolvaliduntil BETWEEN now() + '89 days' AND now() + '90 days' FROM pg_roles WHERE rolname = '{role}'"
    );
    assert_eq!(scene.area.psql(&until), "t");
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_login_that_needs_no_password_proves_none_even_where_it_is_refused() {
    let cluster = Cluster::private(|c| c.hba("host all trusted 127.0.0.1/32 trust"));
    let proxy = Proxy::before(&cluster);
    let scene = Scene::on(&cluster, proxy.port()).with_plain_admin();
    let database = scene.area.database();
    scene.area.psql(&format!(
        "CREATE ROLE trusted LOGIN; REVOKE CONNECT ON DATABASE {database} FROM PUBLIC;
         GRANT CONNECT ON DATABASE {database} TO {admin}",
        admin = scene.area.role("admin")
    ));
    proxy.once(Plan::cut_before("ALTER ROLE"));
    scene.reset_to_file("trusted").run().expect_status(8);
    // No CONNECT (42501), but the server never looked at the password.
    scene.recover().expect_status(8);
    assert!(
        !scene.file("trusted").exists(),
        "a password that is not in force"
    );
    assert_eq!(scene.states(), "UNKNOWN");
}
