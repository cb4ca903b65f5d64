//! `user rename`: the login goes on under its new name, and so does all that is on record of it.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use super::{shown_undo, texts};
use crate::harness::{
    Cluster, HttpServer, Outcome, Plan, Proxy, Sandbox, skip_unless_superuser, sqlite,
};
use crate::scene::{Login, Scene, error, login, whole_text};
use crate::users::access::{make_role, on_each_version};

on_each_version! {
    a_scram_password_goes_on_under_the_new_name
    an_md5_password_is_lost_and_replaced
    a_password_of_unknown_kind_is_replaced_unless_it_is_to_be_kept
}

/// The placed roles, and where each is delivered.
fn placed(scene: &Scene) -> String {
    let query = "SELECT username || ' ' || coalesce(profile, '-') || ' ' || deliver FROM placed_role ORDER BY 1";
    sqlite::query(&scene.sandbox.registry(), query)
}

fn rename(scene: &Scene, from: &str, to: &str, more: &[&str]) -> Outcome {
    let run = scene.pgrole("user rename", &[from, "--to", to]);
    run.args(more).run()
}

fn named(name: &str, password: &str) -> Login {
    Login {
        name: name.to_owned(),
        password: password.to_owned(),
    }
}

/// A login whose password goes to a file of the template.
fn delivered_to(scene: &Scene, template: &str) -> (String, String) {
    let jane = scene.role("jane");
    let deliver = format!("file:{}", scene.sandbox.path().join(template).display());
    let outcome = scene
        .user("readonly", &["-u", &jane, "--deliver", &deliver])
        .run();
    outcome.expect_status(0);
    (jane, deliver)
}

fn file(scene: &Scene, name: &str) -> PathBuf {
    scene.sandbox.path().join(name)
}

#[track_caller]
fn login_in(file: &PathBuf) -> Login {
    let text = fs::read_to_string(file).expect("the password was delivered");
    let json: Value = serde_json::from_str(&text).expect("it is JSON");
    let text = |key: &str| json[key].as_str().unwrap_or_default().to_owned();
    named(&text("username"), &text("password"))
}

fn a_scram_password_goes_on_under_the_new_name(scene: &mut Scene) {
    if skip_unless_superuser("others cannot see that it is SCRAM") {
        return;
    }
    scene.psql("CREATE TABLE t (id int)");
    let jane = scene.create("readonly", "jane");
    let to = scene.role("J \"Doe\"");
    scene.psql(&format!("ALTER ROLE {} SET work_mem = '7MB'", jane.name));
    let before = scene.psql(&format!(
        "SELECT oid, rolpassword FROM pg_authid WHERE rolname = '{}'",
        jane.name
    ));
    let outcome = rename(scene, &jane.name, &to, &[]);
    outcome.expect_status(0).expect_stderr("");
    let row = outcome.json();
    assert_eq!(row["status"], "user renamed", "{outcome}");
    assert_eq!(row["username"], to.as_str(), "{outcome}");
    assert_eq!(row["renamed_from"], jane.name.as_str(), "{outcome}");
    assert!(row["password"].is_null(), "{outcome}");
    assert_eq!(
        texts(&row, "warnings"),
        [format!(
            "clients, poolers, pg_hba.conf and connection strings that name \"{}\" must name \"{to}\" from now on",
            jane.name
        )],
        "{outcome}"
    );
    let after = scene.psql(&format!(
        "SELECT oid, rolpassword FROM pg_authid WHERE rolname = '{to}'"
    ));
    assert_eq!(after, before);
    let doe = named(&to, &jane.password);
    scene.may_log_in(&doe);
    scene.may(&doe, "SELECT * FROM t");
    assert_eq!(scene.psql_as(&doe, "SHOW work_mem").stdout, "7MB\n");
    assert_eq!(placed(scene), format!("{to} readonly stdout"));
    // What was printed can still be had, by its new name.
    let listed = scene.sandbox.pgrole(["recover", "list"]).run();
    assert_eq!(listed.json()[0]["username"], to.as_str(), "{listed}");
    let id = listed.json()[0]["id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let again = scene.sandbox.pgrole(["recover", "run", &id]).run();
    again.expect_status(0);
    assert_eq!(login(&again).password, jane.password);
    let undo = shown_undo(scene, "user rename");
    scene.psql(&undo.join("; "));
    scene.may_log_in(&jane);
}

fn an_md5_password_is_lost_and_replaced(scene: &mut Scene) {
    if skip_unless_superuser("others cannot see that it is MD5") {
        return;
    }
    let jane = scene.role("jane");
    scene.psql(&format!(
        "SET password_encryption = 'md5'; CREATE ROLE {jane} LOGIN PASSWORD 'x'"
    ));
    let to = scene.role("doe");
    let kept = error(&rename(scene, &jane, &to, &["--keep-password"]), 6);
    assert!(whole_text(&kept).contains("clears its password"), "{kept}");
    let outcome = rename(scene, &jane, &to, &[]);
    outcome.expect_status(0);
    assert!(
        texts(&outcome.json(), "warnings").contains(&format!(
            "the password of \"{jane}\" is an MD5 hash, which renaming clears: it gets a new one"
        )),
        "{outcome}"
    );
    let doe = login(&outcome);
    assert_eq!(doe.name, to);
    scene.may_log_in(&doe);
}

fn a_password_of_unknown_kind_is_replaced_unless_it_is_to_be_kept(scene: &mut Scene) {
    let admin = make_role(scene, "admin", "CREATEROLE");
    scene.sandbox.env("PG_ADMIN_USER", &admin.name);
    scene.sandbox.env("PG_ADMIN_PASS", &admin.password);
    let jane = scene.role("jane");
    let make = format!("CREATE ROLE {jane} LOGIN PASSWORD 'of jane'");
    scene.psql_as(&admin, &make).expect_status(0);
    let doe = scene.role("doe");
    let kept = rename(scene, &jane, &doe, &["--keep-password"]);
    kept.expect_status(0);
    scene.may_log_in(&named(&doe, "of jane"));
    let outcome = rename(scene, &doe, &jane, &[]);
    outcome.expect_status(0);
    assert!(
        texts(&outcome.json(), "warnings")[0].contains("may not read whether the password"),
        "{outcome}"
    );
    scene.may_log_in(&login(&outcome));
}

#[test]
fn a_file_of_its_name_is_left_with_a_word() {
    let scene = Scene::new();
    let (jane, deliver) = delivered_to(&scene, "{username}.json");
    let to = scene.role("doe");
    let outcome = rename(&scene, &jane, &to, &[]);
    outcome.expect_status(0);
    let row = outcome.json();
    let (old, new) = (
        file(&scene, &format!("{jane}.json")),
        file(&scene, &format!("{to}.json")),
    );
    assert_eq!(
        row["delivered_to"],
        format!("file:{}", new.display()),
        "{outcome}"
    );
    assert_eq!(
        texts(&row, "warnings")[0],
        format!(
            "file:{} still holds the login of \"{jane}\", with a password that is no longer valid: remove it there",
            old.display()
        )
    );
    let first = login_in(&new);
    assert_eq!(first.name, to);
    scene.may_log_in(&first);
    assert_eq!(placed(&scene), format!("{to} readonly {deliver}"));
    let rotated = scene.sandbox.pgrole(["rotate", "--any-age"]).run();
    rotated.expect_status(0);
    let second = login_in(&new);
    assert_ne!(second.password, first.password);
    scene.may_log_in(&second);
}

#[test]
fn a_file_that_stays_its_own_says_the_new_name() {
    let scene = Scene::new();
    let (jane, deliver) = delivered_to(&scene, "login.json");
    let to = scene.role("doe");
    let outcome = rename(&scene, &jane, &to, &[]);
    outcome.expect_status(0);
    assert_eq!(texts(&outcome.json(), "warnings").len(), 1, "{outcome}");
    let own = file(&scene, "login.json");
    assert_eq!(login_in(&own).name, to);
    scene.may_log_in(&login_in(&own));
    assert_eq!(placed(&scene), format!("{to} readonly {deliver}"));
    scene
        .sandbox
        .pgrole(["rotate", "--any-age"])
        .run()
        .expect_status(0);
    scene.may_log_in(&login_in(&own));
    // To another role it is still closed.
    let other = scene.role("other");
    let refused = scene
        .user("readonly", &["-u", &other, "--deliver", &deliver])
        .run();
    refused.expect_status(6);
}

#[test]
fn lines_of_the_old_name_and_kept_passwords_are_named() {
    let scene = Scene::new();
    let jane = scene.role("jane");
    let lines = file(&scene, "pgpass");
    let deliver = format!("pgpass:{}", lines.display());
    let create = ["-u", &jane, "--deliver", &deliver];
    scene.user("readonly", &create).run().expect_status(0);
    let doe = scene.role("doe");
    let outcome = rename(&scene, &jane, &doe, &[]);
    outcome.expect_status(0);
    assert!(
        texts(&outcome.json(), "warnings")[0].contains("still holds the login of"),
        "{outcome}"
    );
    let text = fs::read_to_string(&lines).expect("it was delivered");
    assert_eq!(text.lines().count(), 2, "{text}");
    let kept = rename(&scene, &doe, &scene.role("roe"), &["--keep-password"]);
    kept.expect_status(0);
    let warning = format!("{deliver} still says \"{doe}\"");
    assert!(
        texts(&kept.json(), "warnings")
            .iter()
            .any(|one| one.starts_with(&warning)),
        "{kept}"
    );
}

/// As after a crash between the server's commit and our own, or a rename by hand.
#[test]
fn a_rename_that_was_cut_off_is_finished_by_doing_it_again() {
    let scene = Scene::new();
    let (jane, deliver) = delivered_to(&scene, "login.json");
    let to = scene.role("doe");
    let registry = scene.sandbox.registry();
    sqlite::query(
        &registry,
        "CREATE TRIGGER broken BEFORE DELETE ON placed_role BEGIN SELECT RAISE(ABORT, 'broken for a test'); END",
    );
    let cut = rename(&scene, &jane, &to, &[]);
    cut.expect_status(0).expect_in_stderr("could follow to");
    sqlite::query(&registry, "DROP TRIGGER broken");
    assert_eq!(placed(&scene).lines().count(), 2);
    let again = rename(&scene, &jane, &to, &[]);
    again.expect_status(0);
    assert_eq!(again.json()["status"], "user renamed", "{again}");
    assert_eq!(placed(&scene), format!("{to} readonly {deliver}"));
    scene.may_log_in(&login_in(&file(&scene, "login.json")));
    scene.psql(&format!("ALTER ROLE {to} RENAME TO {jane}"));
    rename(&scene, &to, &jane, &[]).expect_status(0);
    assert_eq!(placed(&scene), format!("{jane} readonly {deliver}"));
    let by_hand = login_in(&file(&scene, "login.json"));
    assert_eq!(by_hand.name, jane);
    scene.may_log_in(&by_hand);
    // Without a record it is just a name that is not there.
    rename(&scene, &to, &jane, &[]).expect_status(3);
}

#[test]
fn a_new_password_that_could_not_be_delivered_is_not_lost() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let to = scene.role("doe");
    let target = file(&scene, "login.json");
    let program = file(&scene, "deliver");
    let write = |text: &str| {
        use std::os::unix::fs::PermissionsExt;
        fs::write(&program, text).expect("our own folder can be written");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("it is ours");
    };
    write("#!/bin/sh\nexit 1\n");
    let deliver = format!("exec:{}", program.display());
    rename(&scene, &jane.name, &to, &["--deliver", &deliver]).expect_status(8);
    write(&format!("#!/bin/sh\ncat > {}\n", target.display()));
    scene
        .sandbox
        .pgrole(["recover", "run"])
        .run()
        .expect_status(0);
    scene.may_log_in(&login_in(&target));
    assert_eq!(placed(&scene), format!("{to} readonly {deliver}"));
}

#[test]
fn what_cannot_be_renamed_is_refused_and_nothing_is_changed() {
    let scene = Scene::new();
    let jane = scene.create("readonly", "jane");
    let joe = scene.create("devqa", "joe");
    let group = format!("{}_readonly", scene.database());
    let before = (scene.snapshot(), placed(&scene));
    let taken = error(&rename(&scene, &jane.name, &joe.name, &[]), 1);
    assert_eq!(taken["sqlstate"], "42710", "{taken}");
    rename(&scene, &scene.role("none"), &scene.role("x"), &[]).expect_status(3);
    rename(&scene, &jane.name, &jane.name, &[]).expect_status(2);
    rename(&scene, &group, &scene.role("x"), &[]).expect_status(2);
    let ddl = format!("{}_ddl", scene.database());
    rename(&scene, &jane.name, &ddl, &[]).expect_status(2);
    let own = error(
        &rename(&scene, Cluster::SUPERUSER, &scene.role("x"), &["--force"]),
        6,
    );
    assert!(
        whole_text(&own).contains("a session cannot rename its own role"),
        "{own}"
    );
    let powerful = make_role(&scene, "powerful", "BYPASSRLS");
    let protected = error(&rename(&scene, &powerful.name, &scene.role("x"), &[]), 6);
    assert!(
        whole_text(&protected).contains("add --force"),
        "{protected}"
    );
    scene.psql(&format!("DROP ROLE {}", powerful.name));
    let dry = rename(
        &scene,
        &jane.name,
        &scene.role("x"),
        &["--dry-run", "--deliver", "stdout"],
    );
    dry.expect_status(0);
    assert_eq!(
        texts(&dry.json(), "statements"),
        [
            format!(
                "ALTER ROLE \"{}\" RENAME TO \"{}\"",
                jane.name,
                scene.role("x")
            ),
            format!(
                "ALTER ROLE \"{}\" PASSWORD '<scram verifier>'",
                scene.role("x")
            ),
        ],
        "{dry}"
    );
    assert_eq!((scene.snapshot(), placed(&scene)), before);
}

#[test]
fn channels_are_told_and_a_protected_environment_asks() {
    let scene = Scene::new();
    let server = HttpServer::start();
    scene.sandbox.write_config(&format!(
        "protected = [\"dev\"]\n[notify.team]\nchannel = \"webhook\"\nurl = \"{}\"\nevents = [\"user renamed\"]\n",
        server.url("/hook")
    ));
    let jane = scene.role("jane");
    scene
        .user("readonly", &["-u", &jane, "--yes"])
        .run()
        .expect_status(0);
    let to = scene.role("doe");
    let refused = error(&rename(&scene, &jane, &to, &[]), 6);
    assert!(
        whole_text(&refused).contains("environment \"dev\" is protected"),
        "{refused}"
    );
    rename(&scene, &jane, &to, &["--yes"]).expect_status(0);
    let told: String = server
        .requests()
        .into_iter()
        .map(|request| request.body)
        .collect();
    assert!(
        told.contains("user renamed") && told.contains(&jane),
        "{told}"
    );
}

/// The connection breaks before and after the statement that renames the role; a rerun ends where an undisturbed run does.
#[test]
fn a_connection_that_breaks_leaves_the_role_under_rotation() {
    for (plan, has_file) in [
        (Plan::cut_before("RENAME TO"), false),
        (Plan::cut_after("RENAME TO"), false),
        (Plan::cut_before("RENAME TO"), true),
        (Plan::cut_after("RENAME TO"), true),
    ] {
        let mut scene = Scene::new();
        let proxy = Proxy::before(scene.cluster);
        scene.sandbox = Sandbox::new().with_admin(scene.cluster);
        scene
            .sandbox
            .register_on_port(proxy.port(), "dev", scene.area.database());
        let to = scene.role("doe");
        let (jane, deliver) = if has_file {
            delivered_to(&scene, "login.json")
        } else {
            (scene.create("readonly", "jane").name, "stdout".to_owned())
        };
        proxy.once(plan);
        let cut = rename(&scene, &jane, &to, &[]);
        assert!(placed(&scene).contains(&format!("{to} readonly")), "{cut}");
        scene
            .sandbox
            .pgrole(["recover", "run"])
            .run()
            .expect_status(0);
        // Where the new password proves by a login that it is in force, all has been done.
        if placed(&scene).contains(&jane) {
            rename(&scene, &jane, &to, &[]).expect_status(0);
        }
        assert_eq!(placed(&scene), format!("{to} readonly {deliver}"), "{cut}");
        if has_file {
            scene.may_log_in(&login_in(&file(&scene, "login.json")));
        }
        scene
            .sandbox
            .pgrole(["rotate", "--any-age"])
            .args(["--deliver", "stdout"])
            .run()
            .expect_status(0);
    }
}
