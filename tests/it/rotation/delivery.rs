//! Each place that a password can go to, used for real.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use super::Scene;
use crate::harness::{Keyring, Outcome, results, servers};

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

/// Docker's `--env-file` and kubectl's `--from-env-file` take quotes for a part of the value.
#[test]
fn an_env_file_has_no_quotes_where_a_value_needs_none() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let deliver = format!("file:{}", scene.file("env").display());
    let arguments = ["--deliver", &deliver, "--file-format", "env"];
    scene
        .user("readonly", &role, &arguments)
        .run()
        .expect_status(0);
    let text = scene.read("env");
    let values: Vec<_> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .collect();
    assert_eq!(values.len(), 5);
    assert!(!text.contains(['\'', '"']), "{text}");
    assert_eq!(values[3], ("PGUSER", role.as_str()));
    assert!(scene.logs_in(&role, values[4].1));
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
fn roles_that_differ_are_secrets_that_differ_and_a_name_that_is_there_is_kept() {
    let scene = Scene::new();
    let name_of = |file: &str| {
        let secret: serde_json::Value = serde_json::from_str(&scene.read(file)).expect("JSON");
        let name = secret["metadata"]["name"].as_str();
        name.expect("a name").to_owned()
    };
    let roles = ["web_1", "web-1", "Web-1"].map(|name| scene.area.role(name));
    let deliver = format!("file:{}", scene.file("{username}").display());
    let form = ["--deliver", &deliver, "--file-format", "k8s-secret"];
    let mut names: Vec<_> = roles
        .iter()
        .map(|role| {
            scene.user("readonly", role, &form).run().expect_status(0);
            name_of(role)
        })
        .collect();
    let again = scene.user("reset", &roles[0], &form).run();
    again.expect_status(0);
    assert_eq!(name_of(&roles[0]), names[0]);
    let edited = scene.read(&roles[1]).replace(&names[1], "of-my-own");
    fs::write(scene.file(&roles[1]), edited).expect("is there");
    scene.user("reset", &roles[1], &form).run().expect_status(0);
    assert_eq!(name_of(&roles[1]), "of-my-own");
    names.sort();
    names.dedup();
    assert_eq!(names.len(), roles.len(), "{names:?}");
}

/// A libpq that was built for that folder looks for `localhost` there.
#[test]
fn lines_of_localhost_are_those_of_the_default_socket_folder() {
    struct Socket(std::path::PathBuf);
    impl Drop for Socket {
        fn drop(&mut self) {
            fs::remove_file(&self.0).ok();
        }
    }
    let scene = Scene::new();
    let port = scene.cluster.port();
    let name = format!(".s.PGSQL.{port}");
    let socket = Socket(std::path::Path::new("/tmp").join(&name));
    std::os::unix::fs::symlink(scene.cluster.socket_dir().join(&name), &socket.0)
        .expect("/tmp can be written");
    scene.query("UPDATE db_registry SET hostname = '/tmp'");
    // Found, for the admin login.
    let own = scene.sandbox.home().join(".pgpass");
    let line = format!("localhost:{port}:*:*:{}\n", scene.cluster.password());
    fs::write(&own, line).expect("the home can be written");
    fs::set_permissions(&own, fs::Permissions::from_mode(0o600)).expect("the file is ours");
    let role = scene.area.role("jane");
    let file = scene.file("pgpass");
    let destination = format!("pgpass:{}", file.display());
    let arguments = ["--deliver", &destination];
    let created = scene.user("readonly", &role, &arguments);
    let created = created.without_env("PG_ADMIN_PASS").run();
    created.expect_status(0);
    // And written.
    let database = scene.area.database();
    let text = format!("localhost:{port}:{database}:{role}:old\n# mine\n");
    fs::write(&file, text).expect("is there");
    let reset = scene.user("reset", &role, &arguments).run();
    reset.expect_status(0);
    let text = scene.read("pgpass");
    assert_eq!(text.lines().count(), 2, "{text}");
    let key = format!("localhost:{port}:{database}:{role}:");
    let password = text.strip_prefix(&key).and_then(|rest| rest.lines().next());
    assert!(scene.logs_in(&role, password.expect("its own line")));
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
    assert_eq!(results::check_as("delivery", &object), Ok(()));
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
fn a_command_gets_no_variable_that_holds_a_secret() {
    let mut scene = Scene::new();
    for name in ["PGPASSWORD", "PG_API_PASS", "CREDENTIALS_DIRECTORY"] {
        scene.sandbox.env(name, "mine");
    }
    scene.sandbox.env("PGPASSFILE", "/no/such/file");
    let seen = scene.file("seen");
    let script = format!("exec:sh -c \"cat > /dev/null; env > {}\"", seen.display());
    deliver(&scene, &script, "json");
    let seen = scene.read("seen");
    for name in [
        "PGPASSWORD",
        "PG_API_PASS",
        "CREDENTIALS_DIRECTORY",
        "PG_ADMIN_PASS",
    ] {
        assert!(!seen.contains(&format!("{name}=")), "{seen}");
    }
    assert!(seen.contains("PGPASSFILE=/no/such/file\n"), "{seen}");
}

#[test]
fn a_program_by_a_relative_path_is_the_same_one_from_everywhere() {
    let scene = Scene::new();
    let program = scene.file("put");
    fs::write(&program, "#!/bin/sh\ncat > \"$1\"\n").expect("the folder is ours");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("is ours");
    let taken = scene.file("taken").display().to_string();
    let role = deliver(&scene, &format!("exec:out/put {taken}"), "json");
    let mut elsewhere = scene.sandbox.pgrole(["rotate", "-u", &role]).command();
    elsewhere.current_dir("/");
    Outcome::of(elsewhere).expect_status(0);
    let object: serde_json::Value = serde_json::from_str(&scene.read("taken")).expect("JSON");
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
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
