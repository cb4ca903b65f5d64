//! Files that are mount points, as containers have them for secrets: they are written where they are.

use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::Scene;
use crate::harness::servers;

/// A mount, undone at the end.
struct Mount(PathBuf);

impl Mount {
    /// None, and the test skipped, where we may not mount.
    #[track_caller]
    fn new(arguments: &[&str], at: &Path) -> Option<Self> {
        let mut mount = Command::new("mount");
        let mounted = mount.args(arguments).arg(at).stderr(Stdio::null()).status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(at.to_owned()));
        }
        servers::skip("no right to mount: run as root with CAP_SYS_ADMIN");
        None
    }

    /// Makes a file of the scene a mount point; returns what is mounted there too.
    #[track_caller]
    fn file(scene: &Scene<'_>, name: &str, contents: &str) -> Option<(Self, PathBuf)> {
        let backing = scene.sandbox.path().join(format!("backing-{name}"));
        fs::write(&backing, contents).expect("the sandbox can be written");
        let at = scene.file(name);
        fs::write(&at, "").expect("the sandbox can be written");
        let source = backing.display().to_string();
        let mount = Self::new(&["--bind", &source], &at)?;
        Some((mount, backing))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        Command::new("umount").arg("-l").arg(&self.0).status().ok();
    }
}

fn names(scene: &Scene<'_>) -> Vec<String> {
    let entries = fs::read_dir(scene.file("")).expect("is there");
    let names = entries.map(|entry| entry.expect("is there").file_name().into_string());
    let mut names: Vec<_> = names.map(|name| name.expect("ours")).collect();
    names.sort();
    names
}

#[test]
fn a_file_that_is_a_mount_point_is_written_in_place() {
    let scene = Scene::new();
    let role = scene.area.role("jane");
    let Some((_mount, backing)) = Mount::file(&scene, &role, &"old ".repeat(1_000)) else {
        return;
    };
    let inode = fs::metadata(&backing).expect("is there").ino();
    let deliver = format!("file:{}", scene.file("{username}").display());
    let created = scene
        .user("readonly", &role, &["--deliver", &deliver])
        .run();
    created.expect_status(0);
    for _ in 0..2 {
        scene.delivered_password_is_good(&role);
        assert_eq!(fs::metadata(&backing).expect("is there").ino(), inode);
        assert_eq!(
            fs::read_to_string(&backing).expect("is there"),
            scene.read(&role)
        );
        assert_eq!(names(&scene), std::slice::from_ref(&role));
        scene
            .sandbox
            .pgrole(["rotate", "-u", &role])
            .run()
            .expect_status(0);
    }
}

#[test]
fn a_shared_file_that_is_a_mount_point_keeps_the_lines_of_others() {
    let scene = Scene::new();
    let others = "\"other\" \"md5x\"\n; the end\n";
    let Some((_mount, backing)) = Mount::file(&scene, "userlist.txt", others) else {
        return;
    };
    let deliver = format!("file:{}", scene.file("userlist.txt").display());
    let create = |name: &str| {
        let role = scene.area.role(name);
        let form = ["--deliver", &deliver, "--file-format", "pgbouncer"];
        let created = scene.user("readonly", &role, &form).run();
        created.expect_status(0);
        role
    };
    let roles = [create("a"), create("b")];
    let list = fs::read_to_string(&backing).expect("is there");
    assert!(list.starts_with(others), "{list}");
    assert!(
        roles
            .iter()
            .all(|role| list.contains(&format!("\"{role}\" \"SCRAM-")))
    );
    // One that was cut off half-way, and what it was about to write.
    fs::write(scene.file(".userlist.txt.pgrole-whole"), &list).expect("the folder is ours");
    fs::write(&backing, &list[..others.len() - 3]).expect("is there");
    create("c");
    let mended = fs::read_to_string(&backing).expect("is there");
    assert!(mended.starts_with(&list), "{mended}");
    assert_eq!(names(&scene), ["userlist.txt"]);
}

#[test]
fn a_mount_point_that_cannot_be_written_is_found_before_anything_is_changed() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let password = scene.delivered_password(&role);
    let Some((_mount, backing)) = Mount::file(&scene, "secret", "old") else {
        return;
    };
    let remount = ["-o", "remount,bind,ro"];
    std::mem::forget(Mount::new(&remount, &scene.file("secret")));
    let deliver = format!("file:{}", scene.file("secret").display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset
        .expect_status(1)
        .expect_in_stderr("Read-only file system");

    // One on a disk that is full.
    let disk = scene.sandbox.path().join("disk");
    fs::create_dir(&disk).expect("the sandbox can be written");
    let Some(_disk) = Mount::new(&["-t", "tmpfs", "-o", "size=256k", "none"], &disk) else {
        return;
    };
    fs::write(disk.join("backing"), "").expect("it is empty");
    fs::write(disk.join("filling"), vec![b'x'; 1 << 20]).expect_err("no room is left");
    let full = scene.file("full");
    fs::write(&full, "").expect("the folder is ours");
    let source = disk.join("backing").display().to_string();
    let Some(_full) = Mount::new(&["--bind", &source], &full) else {
        return;
    };
    let deliver = format!("file:{}", full.display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset
        .expect_status(1)
        .expect_in_stderr("No space left on device");
    assert_eq!(fs::read_to_string(&backing).expect("is there"), "old");
    assert_eq!(scene.states(), "CLOSED");
    assert!(scene.logs_in(&role, &password));
    assert_eq!(
        names(&scene),
        ["full".to_owned(), "secret".to_owned(), role]
    );
}

/// Runs pgrole and kills it when it is about to make a call on one of the paths for the nth time. None: there is no strace;
/// false: it came to its end before.
fn is_killed_at(
    scene: &Scene<'_>,
    role: &str,
    paths: &[PathBuf],
    (call, n): (&str, usize),
) -> Option<bool> {
    let run = scene
        .sandbox
        .pgrole(["rotate", "--jobs", "1", "-u", role])
        .command();
    let mut strace = Command::new("strace");
    strace.env_clear();
    for (name, value) in run.get_envs() {
        strace.env(name, value.expect("nothing is taken away"));
    }
    strace.args(["-f", "-qq", "-o", "/dev/null"]);
    for path in paths {
        strace.arg("-P").arg(path);
    }
    strace.args(["-e", &format!("trace={call}")]);
    strace.args(["-e", &format!("inject={call}:signal=KILL:when={n}")]);
    strace.arg(run.get_program()).args(run.get_args());
    let output = strace.stdin(Stdio::null()).output().ok()?;
    let is_strace = output.stderr.starts_with(b"strace");
    (!is_strace).then(|| !output.status.success())
}

#[test]
fn whatever_call_a_delivery_is_killed_at_neither_password_nor_other_lines_are_lost() {
    let scene = Scene::new();
    // The first of more than a page, so that every line after it moves.
    let others = format!("; {}\n\"other\" \"md5x\"\n", "x".repeat(5_000));
    let Some((_mount, _)) = Mount::file(&scene, "userlist.txt", &others) else {
        return;
    };
    let file = scene.file("userlist.txt");
    let role = scene.area.role("jane");
    let deliver = format!("file:{}", file.display());
    let form = ["--deliver", &deliver, "--file-format", "pgbouncer"];
    scene.user("readonly", &role, &form).run().expect_status(0);
    let beside = |what: &str| scene.file(&format!(".userlist.txt.pgrole-{what}"));
    let paths = [file.clone(), beside("whole"), beside("part")];
    let verifier = || {
        let sql = format!("SELECT rolpassword FROM pg_authid WHERE rolname = '{role}'");
        scene.area.superuser_psql(&sql)
    };
    let mut kills = 0;
    for call in ["openat", "write", "ftruncate", "fsync", "rename", "unlink"] {
        for n in 1.. {
            let Some(is_killed) = is_killed_at(&scene, &role, &paths, (call, n)) else {
                return servers::skip("no strace here, or no right to trace");
            };
            scene.recover().expect_status(0);
            let wanted = format!("{others}\"{role}\" \"{}\"\n", verifier());
            assert_eq!(scene.read("userlist.txt"), wanted, "killed at {call} {n}");
            assert_eq!(names(&scene), ["userlist.txt"], "killed at {call} {n}");
            assert_eq!(scene.sealed(), "0");
            if !is_killed {
                break;
            }
            kills += 1;
        }
    }
    assert!(kills > 15, "only {kills} calls were seen");
}
