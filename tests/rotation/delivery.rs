//! Each place that a password can go to, used for real.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::Scene;
use super::harness::{Keyring, Outcome, servers};

fn psql(scene: &Scene, arguments: &[&str]) -> Outcome {
    let mut command = Command::new(servers::psql());
    command.env_clear().env("HOME", scene.sandbox.home());
    command
        .args(["-X", "-A", "-t", "-c", "SELECT session_user"])
        .args(arguments);
    Outcome::of(command)
}

/// Creates a login that is delivered so, and returns its name.
fn deliver(scene: &Scene, deliver: &str, form: &str) -> String {
    let role = scene.area.role("odd name's");
    let arguments = ["--deliver", deliver, "--file-format", form];
    let outcome = scene.user("readonly", &role, &arguments).run();
    let row = outcome.expect_status(0).json();
    assert_eq!(row["status"], "user created");
    assert!(row["password"].is_null(), "{outcome}");
    assert!(row["delivered_to"].is_string(), "{outcome}");
    assert_eq!(scene.states(), "CLOSED");
    assert_eq!(
        scene.query("SELECT count(*) FROM password_change WHERE sealed IS NOT NULL"),
        "0"
    );
    role
}

#[test]
fn a_file_is_private_and_holds_the_operations_object() {
    let scene = Scene::new();
    let path = scene.file("{env}-{database}.json").display().to_string();
    let role = deliver(&scene, &format!("file:{path}"), "json");
    let name = format!("dev-{}.json", scene.area.database());
    let object: serde_json::Value = serde_json::from_str(&scene.read(&name)).expect("JSON");
    assert_eq!(object["username"], role);
    assert!(object["operation_id"].is_string());
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
    let mode = fs::metadata(scene.file(&name))
        .expect("the file")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn psql_logs_in_with_a_delivered_url() {
    let scene = Scene::new();
    let role = deliver(
        &scene,
        &format!("file:{}", scene.file("url").display()),
        "dsn",
    );
    let url = scene.read("url");
    psql(&scene, &[url.trim()])
        .expect_status(0)
        .expect_stdout(&format!("{role}\n"));
}

#[test]
fn a_shell_takes_a_delivered_env_file() {
    let scene = Scene::new();
    let file = scene.file("env").display().to_string();
    let role = deliver(&scene, &format!("file:{file}"), "env");
    let script = format!(
        "set -a; . '{file}'; '{}' -XAtc 'SELECT session_user'",
        servers::psql().display()
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]);
    Outcome::of(shell)
        .expect_status(0)
        .expect_stdout(&format!("{role}\n"));
}

#[test]
fn a_pgbouncer_userlist_gets_the_verifier_of_the_server_and_keeps_its_other_lines() {
    let scene = Scene::new();
    fs::write(scene.file("userlist.txt"), "\"other\" \"md5x\"\n").expect("the folder is there");
    let file = scene.file("userlist.txt").display().to_string();
    let role = deliver(&scene, &format!("file:{file}"), "pgbouncer");
    let verifier = scene.area.psql(&format!(
        "SELECT rolpassword FROM pg_authid WHERE rolname = '{}'",
        role.replace('\'', "''")
    ));
    let wanted = format!("\"other\" \"md5x\"\n\"{role}\" \"{verifier}\"\n");
    assert_eq!(scene.read("userlist.txt"), wanted);
}

#[test]
fn a_kubernetes_secret_holds_what_a_deployment_needs() {
    let scene = Scene::new();
    let file = scene.file("secret.json").display().to_string();
    let role = deliver(&scene, &format!("file:{file}"), "k8s-secret");
    let secret: serde_json::Value = serde_json::from_str(&scene.read("secret.json")).expect("JSON");
    assert_eq!(secret["kind"], "Secret");
    assert_eq!(secret["stringData"]["username"], role);
    let url = secret["stringData"]["url"].as_str().expect("a URL");
    psql(&scene, &[url]).expect_status(0);
}

#[test]
fn a_pgpass_line_is_replaced_and_the_rest_is_kept() {
    let scene = Scene::new();
    let file = scene.file("pgpass");
    fs::write(&file, "# mine\n*:*:*:*:wrong\n").expect("the folder is there");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("the file is ours");
    let destination = format!("pgpass:{}", file.display());
    let role = deliver(&scene, &destination, "json");
    let reset = scene
        .user("reset", &role, &["--deliver", &destination])
        .run();
    reset.expect_status(0);
    let text = scene.read("pgpass");
    assert_eq!(text.lines().count(), 3, "{text}");
    assert!(text.ends_with("# mine\n*:*:*:*:wrong\n"), "{text}");
    let mut command = Command::new(servers::psql());
    command.args(["-X", "-A", "-t", "-w", "-h", "127.0.0.1", "-p"]);
    command.arg(scene.cluster.port().to_string());
    command.args(["-U", &role, "-d", scene.area.database(), "-c", "SELECT 1"]);
    command.env("PGPASSFILE", &file);
    Outcome::of(command).expect_status(0);
}

#[test]
fn a_command_gets_the_object_on_standard_input_and_nothing_secret_elsewhere() {
    let scene = Scene::new();
    let (object, seen) = (scene.file("object"), scene.file("seen"));
    let script = format!(
        "cat > {}; tr '\\0' '\\n' < /proc/$$/cmdline > {seen}; env >> {seen}; echo noise",
        object.display(),
        seen = seen.display()
    );
    let role = deliver(
        &scene,
        &format!("exec:sh -c \"{script}\" {{username}}"),
        "json",
    );
    let object: serde_json::Value = serde_json::from_str(&scene.read("object")).expect("JSON");
    let password = object["password"].as_str().expect("a password");
    assert!(scene.logs_in(&role, password));
    let seen = scene.read("seen");
    assert!(seen.contains(&role), "{seen}");
    assert!(
        !seen.contains(password),
        "the password is in arguments or environment"
    );
    assert!(!seen.contains("PG_ADMIN_PASS"), "{seen}");
}

#[test]
fn a_keyring_gives_back_what_was_delivered_there() {
    let mut scene = Scene::new();
    let Some(keyring) = Keyring::unlocked(&scene.sandbox) else {
        return;
    };
    if !std::path::Path::new("/usr/bin/secret-tool").exists() {
        servers::skip("no secret-tool here: scripts/test installs it");
        return;
    }
    let bus = "DBUS_SESSION_BUS_ADDRESS";
    scene.sandbox.env(bus, keyring.address());
    let role = scene.area.role("jane");
    let create = scene.user("readonly", &role, &["--deliver", "keyring"]);
    let row = create.run().expect_status(0).json();
    assert_eq!(row["delivered_to"], "keyring");
    assert!(row["password"].is_null());
    let account = format!("dev/{}/{role}", scene.area.database());
    let look_up = |keyring: &Keyring| {
        let mut tool = Command::new("secret-tool");
        tool.args(["lookup", "service", "pgrole-delivery", "username", &account])
            .env("HOME", scene.sandbox.home())
            .env(bus, keyring.address());
        let stored = scene.sandbox.outcome_of(tool).expect_status(0).json();
        assert_eq!(stored["user"], *role);
        stored["password"].as_str().expect("a password").to_owned()
    };
    let first = look_up(&keyring);
    assert!(scene.logs_in(&role, &first));
    // The delivery is remembered, the entry replaced.
    let rotate = scene.sandbox.pgrole(["rotate", "-u", &role]).run();
    rotate.expect_status(0);
    let second = look_up(&keyring);
    assert!(scene.logs_in(&role, &second) && !scene.logs_in(&role, &first));
    // Should the power have failed before the keyring's file was on disk, the sealed copy is still there, for a day.
    assert_eq!(scene.states(), "DELIVERED\nDELIVERED");
    drop(keyring);
    let keyring = Keyring::unlocked(&scene.sandbox).expect("it was here a moment ago");
    assert_eq!(look_up(&keyring), second);
    let id = scene.newest_id();
    let again = scene.sandbox.pgrole(["recover", "run", &id]);
    again.env(bus, keyring.address()).run().expect_status(0);
    assert_eq!(look_up(&keyring), second);
}

#[test]
fn a_keyring_that_is_locked_takes_no_delivery_and_nothing_is_changed() {
    let mut scene = Scene::new();
    let role = scene.create("jane");
    let Some(keyring) = Keyring::unlocked(&scene.sandbox) else {
        return;
    };
    // The first entry makes the keyring's file, which then wants its password.
    let set = ["credential", "set", "-U", "x", "--password-stdin"];
    let set = scene.sandbox.pgrole(set).stdin("x");
    let set = set.env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    set.run().expect_status(0);
    drop(keyring);
    let keyring = Keyring::locked(&scene.sandbox).expect("it was here a moment ago");
    scene
        .sandbox
        .env("DBUS_SESSION_BUS_ADDRESS", keyring.address());
    let reset = scene.user("reset", &role, &["--deliver", "keyring"]).run();
    reset.expect_status(5).expect_in_stderr("keyring: locked");
    assert_eq!(scene.states(), "CLOSED");
    scene.delivered_password_is_good(&role);
}

#[test]
fn what_cannot_work_is_refused_before_anything_is_changed() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let missing = scene.file("missing/x").display().to_string();
    let folder = scene.file("").display().to_string();
    for deliver in [
        format!("file:{missing}"),
        format!("file:{folder}"),
        "exec:/no/such/program".to_owned(),
        "exec:no-such-program-anywhere x".to_owned(),
        "mail:jane".to_owned(),
    ] {
        let refused = scene
            .user("readonly", &role, &["--deliver", &deliver])
            .run();
        refused.expect_status(2).expect_stdout("");
    }
    let there = format!("SELECT count(*) FROM pg_roles WHERE rolname = '{role}'");
    assert_eq!(scene.area.psql(&there), "0");
}
