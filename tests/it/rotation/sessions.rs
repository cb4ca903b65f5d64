//! What many roles of a run share: the admin logins, what is known of servers that do not answer, and the log beside the
//! registry, which is emptied once.

use std::fs;
use std::path::Path;

use super::Scene;
use crate::harness::{Admin, ClosedPort, Cluster, Plan, Proxy, records, sqlite};

const ROLES: usize = 12;

/// Roles as pgrole would have placed them, each delivered to the file of its name.
fn place(scene: &Scene<'_>, count: usize) -> Vec<String> {
    let first = scene.create("r00");
    let others = (1..count).map(|number| scene.area.role(&format!("r{number:02}")));
    let others: Vec<_> = others.collect();
    let roles = others
        .iter()
        .map(|role| format!("CREATE ROLE {role} LOGIN;"));
    scene.area.psql(&roles.collect::<String>());
    let rows = others.iter().map(|role| {
        format!(
            "INSERT INTO placed_role (cluster_id, hostname, port, username, env, db_name, password_changed_at, deliver,
                file_format)
             SELECT cluster_id, hostname, port, '{role}', env, db_name, password_changed_at, deliver, file_format
             FROM placed_role WHERE username = '{first}';"
        )
    });
    scene.query(&rows.collect::<String>());
    records::sign_deliveries(&scene.sandbox);
    [vec![first], others].concat()
}

#[test]
fn the_roles_of_a_target_cost_an_admin_login_a_worker_and_a_proof_each() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let roles = place(&scene, ROLES);
    // Who cannot read verifiers looks after the delivery, too, whether the password is still the new one.
    let proofs = if Admin::of_this_run() == Admin::Superuser {
        1
    } else {
        2
    };
    for jobs in [1, 4] {
        proxy.forget();
        let rotate = ["rotate", "--any-age", "--jobs", &jobs.to_string(), "--yes"];
        scene.sandbox.pgrole(rotate).run().expect_status(0);
        let traffic = proxy.traffic();
        let logins = traffic.iter().filter(|one| !one.messages.is_empty());
        let logins = logins.count();
        assert!(
            (proofs * ROLES + 1..=proofs * ROLES + jobs).contains(&logins),
            "{logins} connections of {jobs} workers"
        );
        for role in &roles {
            scene.delivered_password_is_good(role);
        }
    }
    // Each is an act of its own all the same.
    let acts =
        "SELECT count(*), count(DISTINCT operation_id), count(DISTINCT username) FROM audit_log
        WHERE operation = 'rotate' AND stage = 'outcome' AND admin_user IS NOT NULL";
    let wanted = format!("{}|{}|{ROLES}", 2 * ROLES, 2 * ROLES);
    assert_eq!(scene.query(acts), wanted);
    let verified = scene.sandbox.pgrole(["audit", "verify"]).run();
    verified.expect_status(0);
}

#[test]
fn a_session_that_is_cut_in_a_change_is_not_used_again() {
    let proxy = Proxy::before(Cluster::shared());
    let scene = Scene::on_port(proxy.port());
    let roles = place(&scene, 4);
    proxy.once(Plan::cut_before("ALTER ROLE"));
    let rotate = ["rotate", "--any-age", "--jobs", "1", "--yes"];
    let outcome = scene.sandbox.pgrole(rotate).run();
    outcome.expect_status(8);
    let lines = outcome.json_lines();
    let summary = &lines.last().expect("a summary")["summary"];
    assert_eq!(summary["rotated"], 3, "{outcome}");
    assert_eq!(summary["failed"], 1, "{outcome}");
    scene.recover().expect_status(0);
    for role in &roles {
        scene.delivered_password_is_good(role);
    }
}

#[test]
fn a_session_that_the_server_ended_meanwhile_is_replaced() {
    let scene = Scene::new().with_plain_admin();
    let roles = place(&scene, 3);
    // Whatever the admin has open ends while the first one is delivered, and the proof takes its place.
    let admin = scene.area.role("admin");
    // From 16 on CREATEROLE alone does not let it change what a superuser made.
    for role in &roles {
        let grant = format!("GRANT {role} TO {admin} WITH ADMIN OPTION");
        scene.area.superuser_psql(&grant);
    }
    let end =
        format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{admin}'");
    let (going, gone) = (scene.file("going"), scene.file("gone"));
    let deliver = format!(
        "exec:sh -c \"if ! test -e {gone}; then touch {going}; while ! test -e {gone}; do sleep 0.05; done; fi; cat > {}/{{username}}\"",
        scene.file("").display(),
        going = going.display(),
        gone = gone.display(),
    );
    let rotate = ["rotate", "--any-age", "--jobs", "1", "--yes", "--deliver"];
    let run = scene.sandbox.pgrole(rotate).args([&deliver]).spawn();
    super::wait_until(|| going.exists());
    scene.area.psql(&end);
    fs::write(&gone, "").expect("the folder is there");
    run.wait().expect_status(0);
    for role in &roles {
        scene.delivered_password_is_good(role);
    }
}

/// A second target, on which nobody listens, with roles.
fn add_dead_target(scene: &Scene<'_>, port: u16, roles: usize) {
    let rows = (0..roles).map(|number| {
        format!(
            "INSERT INTO placed_role (cluster_id, hostname, port, username, env, db_name, password_changed_at, deliver,
                file_format)
             VALUES ('dead', '127.0.0.1', {port}, 'dead_{number}', 'qa', 'dead', '2025-11-01T00:00:00.000000Z',
                'file:{}', 'json');",
            scene.file("{username}").display()
        )
    });
    scene.query(&format!(
        "INSERT INTO db_registry (env, db_name, hostname, port, active, sslmode)
            VALUES ('qa', 'dead', '127.0.0.1', {port}, 1, 'disable');
         INSERT INTO cluster (id, created_at) VALUES ('dead', '2025-11-01T00:00:00.000000Z');
         INSERT INTO cluster_place (hostname, port, cluster_id) VALUES ('127.0.0.1', {port}, 'dead');
         {}",
        rows.collect::<String>()
    ));
    records::sign_deliveries(&scene.sandbox);
}

#[test]
fn a_server_that_does_not_answer_is_asked_once_a_run() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let closed = ClosedPort::new();
    add_dead_target(&scene, closed.port, 3);
    let rotate = ["rotate", "--any-age", "--jobs", "1", "--yes"];
    let outcome = scene.sandbox.pgrole(rotate).run();
    outcome.expect_status(4);
    scene.delivered_password_is_good(&role);
    let again = "SELECT count(*) FROM audit_log WHERE operation = 'rotate' AND stage = 'outcome'
        AND username LIKE 'dead_%' AND error LIKE '%not begun, because an earlier login of this run failed%refused%'";
    assert_eq!(scene.query(again), "3");
    // As for any role that cannot be reached.
    let failed = outcome.json_lines();
    let failed = failed.iter().filter(|row| row["status"] == "failed");
    assert_eq!(failed.count(), 0, "{outcome}");
}

#[test]
fn servers_that_have_none_of_the_named_roles_are_not_asked() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let closed = ClosedPort::new();
    add_dead_target(&scene, closed.port, 1);
    let named = ["rotate", "-u", &role, "--yes"];
    scene.sandbox.pgrole(named).run().expect_status(0);
    let asked = "SELECT count(*) FROM audit_log LEFT JOIN target_list t ON t.hash = targets_hash
        WHERE env = 'qa' OR t.targets LIKE '%qa/%'";
    assert_eq!(scene.query(asked), "0");
    // Nobody knows a role of that name: any server may have it.
    let unknown = ["rotate", "-u", &role, "-u", "who", "--yes"];
    let outcome = scene.sandbox.pgrole(unknown).run();
    assert_ne!(outcome.status(), Some(0), "{outcome}");
    assert_ne!(scene.query(asked), "0");
}

fn holds(file: &Path, wanted: &[u8]) -> bool {
    let bytes = fs::read(file).unwrap_or_default();
    bytes.windows(wanted.len()).any(|window| window == wanted)
}

fn from_hex(digits: &str) -> Vec<u8> {
    let bytes = digits.as_bytes().chunks(2);
    let bytes = bytes.map(|two| {
        let two = std::str::from_utf8(two).expect("digits");
        u8::from_str_radix(two, 16).expect("hexadecimal")
    });
    bytes.collect()
}

/// At its third role a run is killed; what the second one sealed was seen in the log while it was delivered.
#[test]
fn what_was_scrubbed_is_off_the_disk_at_the_end_of_a_run_and_after_a_kill_at_the_next_one() {
    let scene = Scene::new();
    let roles = place(&scene, 4);
    let registry = scene.sandbox.registry();
    let log = registry.with_file_name(format!(
        "{}-wal",
        registry.file_name().expect("a name").to_string_lossy()
    ));
    let (copy, script) = (scene.file("copy"), scene.file("deliver.sh"));
    let lines = format!(
        "cat > {out}/$1\ncase $1 in\n{second}) cp {registry} {copy}; cp {log} {copy}-wal;;\n\
         {third}) if test -e {out}/deadly; then rm {out}/deadly; kill -9 $PPID; fi;;\nesac\n",
        out = scene.file("").display(),
        registry = registry.display(),
        log = log.display(),
        copy = copy.display(),
        second = roles[1],
        third = roles[2],
    );
    fs::write(&script, lines).expect("the folder is there");
    fs::write(scene.file("deadly"), "").expect("the folder is there");
    let deliver = format!("exec:sh {} {{username}}", script.display());
    let names: Vec<_> = roles.iter().flat_map(|role| ["-u", role]).collect();
    let rotate = || {
        let rotate = ["rotate", "--jobs", "1", "--yes", "--deliver", &deliver];
        scene.sandbox.pgrole(rotate).args(&names).run()
    };
    let sealed = || {
        let sealed = format!(
            "SELECT hex(sealed) FROM password_change WHERE username = '{}' AND sealed IS NOT NULL",
            roles[1]
        );
        let sealed = from_hex(&sqlite::query(&copy, &sealed));
        assert!(sealed.len() > 32);
        sealed
    };
    // The order is that of the ages: the oldest first.
    for (day, role) in roles.iter().enumerate() {
        scene.query(&format!(
            "UPDATE placed_role SET password_changed_at = '2025-11-{:02}T00:00:00.000000Z' WHERE username = '{role}'",
            day + 1
        ));
    }
    let killed = rotate();
    assert_eq!(killed.status(), None, "killed: {killed}");
    let before = sealed();
    assert!(holds(&log, &before), "it is emptied once, at the end");
    // Even by a command that only reads.
    let list = scene.sandbox.pgrole(["audit", "list"]).run();
    list.expect_status(0);
    assert!(!holds(&log, &before) && !holds(&registry, &before));
    scene.recover().expect_status(0);
    for role in &roles[..3] {
        scene.delivered_password_is_good(role);
    }
    fs::remove_file(&copy).expect("it was copied");
    rotate().expect_status(0);
    let before = sealed();
    assert!(!holds(&log, &before) && !holds(&registry, &before));
    // What was reported is in the file alone.
    let alone = scene.file("alone");
    fs::copy(&registry, &alone).expect("the folder is there");
    let ended =
        "SELECT count(*) FROM audit_log WHERE operation = 'rotate' AND status = 'password reset'";
    assert_eq!(sqlite::query(&alone, ended), "6");
    let end = "SELECT operation || ' ' || stage FROM audit_log ORDER BY id DESC LIMIT 1";
    assert_eq!(sqlite::query(&alone, end), "rotate run outcome");
    for role in &roles {
        scene.delivered_password_is_good(role);
    }
}
