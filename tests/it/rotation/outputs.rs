//! Outputs that are full, gone, closed or slow: exit 8 and recoverable, or refused before anything is changed.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Blocker, Scene};
use crate::harness::account::Account;
use crate::harness::{Outcome, servers, sqlite};

/// A file system of 256 KiB, unmounted at the end; None, and the test skipped, where we may not mount.
struct SmallDisk(PathBuf);

impl SmallDisk {
    #[track_caller]
    fn at(folder: &Path) -> Option<Self> {
        fs::create_dir(folder).expect("the sandbox can be written");
        let mut mount = Command::new("mount");
        mount
            .args(["-t", "tmpfs", "-o", "size=256k,mode=0700", "none"])
            .arg(folder);
        let mounted = mount.stderr(Stdio::null()).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(folder.to_owned()));
        }
        servers::skip("no right to mount a small file system: run as root with CAP_SYS_ADMIN");
        None
    }

    fn fill(&self) {
        fs::write(self.0.join("filling"), vec![b'x'; 1 << 20]).expect_err("no room is left");
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("filling")).expect("it was filled");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

#[test]
fn a_full_disk_is_status_8_and_delivered_to_when_there_is_room() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let Some(disk) = SmallDisk::at(&scene.file("disk")) else {
        return;
    };
    let file = scene.file("disk/password");
    let deliver = format!("file:{}", file.display());
    // There is room when it begins.
    let mut blocker = Blocker::of(&scene, &role);
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).spawn();
    blocker.wait_for_pgrole();
    disk.fill();
    blocker.let_go();
    let reset = reset.wait();
    reset
        .expect_status(8)
        .expect_in_stderr("No space left on device");
    let names = || fs::read_dir(scene.file("disk")).expect("is there").count();
    assert_eq!(names(), 1, "a half-written file is left");
    scene.recover().expect_status(8);
    disk.make_room();
    scene.recover().expect_status(0);
    let object: serde_json::Value =
        serde_json::from_str(&scene.read("disk/password")).expect("JSON");
    assert!(scene.logs_in(&role, object["password"].as_str().expect("a password")));
    assert_eq!(names(), 1);
}

#[test]
fn a_disk_that_is_full_already_is_found_before_anything_is_changed() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let Some(disk) = SmallDisk::at(&scene.file("disk")) else {
        return;
    };
    let file = scene.file("disk/password");
    let deliver = format!("file:{}", file.display());
    disk.fill();
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset
        .expect_status(1)
        .expect_in_stderr("No space left on device");
    assert_eq!(scene.states(), "CLOSED");
    scene.delivered_password_is_good(&role);
    let names = fs::read_dir(scene.file("disk")).expect("is there").count();
    assert_eq!(names, 1, "something is left over");
}

#[test]
fn a_registry_on_a_full_disk_changes_nothing() {
    let mut scene = Scene::new();
    let role = scene.create("jane");
    let Some(disk) = SmallDisk::at(&scene.file("disk")) else {
        return;
    };
    let registry = scene.file("disk/registry.db");
    sqlite::query(
        &scene.sandbox.registry(),
        &format!("VACUUM INTO '{}'", registry.display()),
    );
    scene.sandbox.env("PGROLE_REGISTRY", &registry);
    disk.fill();
    let reset = scene.reset_to_file(&role).run();
    reset
        .expect_status(1)
        .expect_in_stderr("no space left on disk");
    let password = scene.delivered_password(&role);
    assert!(scene.logs_in(&role, &password));
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_before_anything_is_changed() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let closed = scene.file("closed");
    fs::create_dir(&closed).expect("the sandbox can be written");
    let deliver = format!("file:{}/password", closed.display());
    // Made read-only last: stepping down gives the sandbox to nobody.
    let run = scene
        .user("reset", &role, &["--deliver", &deliver])
        .under_nobody();
    let mut command = run.command();
    if let Some(account) = Account::of_nobody() {
        account.own(scene.sandbox.path());
    }
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o500);
    fs::set_permissions(&closed, mode).expect("is there");
    command.stdin(Stdio::null());
    let reset = Outcome::of(command);
    assert_ne!(reset.status(), Some(0), "{reset}");
    reset.expect_in_stderr("cannot write in");
    assert!(scene.logs_in(&role, &scene.delivered_password(&role)));
    assert_eq!(scene.states(), "CLOSED");
}

#[test]
fn a_command_that_hangs_is_ended_at_its_deadline() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let hanging = ["--deliver", "exec:sleep 60", "--timeout", "0.4"];
    let reset = scene.user("reset", &role, &hanging).run();
    reset
        .expect_status(8)
        .expect_in_stderr("did not end within 1.2 seconds");
    assert_eq!(scene.states(), "CLOSED\nUNDELIVERED");
}

#[test]
fn a_command_that_does_not_read_but_succeeds_is_believed_and_one_that_is_gone_is_not() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let program = scene.file("program");
    fs::write(&program, "#!/bin/sh\ncat > /dev/null\n").expect("the folder is there");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    fs::set_permissions(&program, mode).expect("is ours");
    let deliver = format!("exec:{}", program.display());
    scene
        .user("reset", &role, &["--deliver", &deliver])
        .run()
        .expect_status(0);
    fs::write(&program, "#!/no/such/interpreter\n").expect("the folder is there");
    scene
        .user("reset", &role, &["--deliver", &deliver])
        .run()
        .expect_status(8);
    assert_eq!(scene.states(), "CLOSED\nCLOSED\nUNDELIVERED");
}

/// Runs it with this stdout.
fn with_stdout(scene: &Scene<'_>, role: &str, redirection: &str) -> Outcome {
    let run = scene
        .sandbox
        .pgrole(["rotate", "-u", role, "--deliver", "stdout"]);
    let inner = run.command();
    let mut command = Command::new("sh");
    command.env_clear();
    for (name, value) in inner.get_envs() {
        command.env(name, value.expect("nothing is taken away"));
    }
    let script = format!("\"$@\" {redirection}");
    command
        .args(["-c", &script, "sh"])
        .arg(inner.get_program())
        .args(inner.get_args());
    Outcome::of(command)
}

#[test]
fn a_rotation_to_a_stdout_that_leads_nowhere_changes_nothing() {
    let scene = Scene::new();
    let role = scene.create("jane");
    for redirection in [">/dev/null", ">&-"] {
        let rotated = with_stdout(&scene, &role, redirection);
        rotated
            .expect_status(1)
            .expect_in_stderr("standard output is closed or discarded");
        assert_eq!(scene.states(), "CLOSED");
        scene.delivered_password_is_good(&role);
    }
}

#[test]
fn a_rotation_to_a_full_stdout_is_status_8_and_recovered() {
    let scene = Scene::new();
    let role = scene.create("jane");
    with_stdout(&scene, &role, ">/dev/full").expect_status(8);
    assert_eq!(scene.states(), "CLOSED\nUNDELIVERED");
    let rows = scene.recover().expect_status(0).json();
    assert!(scene.logs_in(&role, rows[0]["password"].as_str().expect("a password")));
}

#[test]
fn a_recovery_to_a_stdout_that_leads_nowhere_keeps_the_password() {
    let scene = Scene::new();
    let role = scene.create("jane");
    with_stdout(&scene, &role, ">/dev/full").expect_status(8);
    let mut command = scene.sandbox.pgrole(["recover", "run"]).command();
    let status = command.stdout(Stdio::null()).stderr(Stdio::null()).status();
    assert_eq!(status.expect("pgrole starts").code(), Some(8));
    assert_eq!(scene.states(), "CLOSED\nUNDELIVERED");
    assert_eq!(scene.sealed(), "1");
}
