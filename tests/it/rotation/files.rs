//! Files that are there already: they keep whom they belong to and who may read them, links stay links, and whatever would
//! not stay so is refused before a password is changed.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, symlink};
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::fs::{XattrFlags, getxattr, setxattr};

use super::Scene;
use crate::harness::account::Account;
use crate::harness::{Outcome, servers};

const ACL: &str = "system.posix_acl_access";

/// user::rw-, user:1234:r--, group::---, mask::r--, other::---, as the kernel has it (acl(5)).
fn acl_for_1234() -> Vec<u8> {
    let entries: [(u16, u16, u32); 5] = [
        (0x01, 6, u32::MAX),
        (0x02, 4, 1234),
        (0x04, 0, u32::MAX),
        (0x10, 4, u32::MAX),
        (0x20, 0, u32::MAX),
    ];
    let mut acl = 2_u32.to_le_bytes().to_vec();
    for (tag, permission, id) in entries {
        acl.extend(tag.to_le_bytes());
        acl.extend(permission.to_le_bytes());
        acl.extend(id.to_le_bytes());
    }
    acl
}

fn acl_of(path: &Path) -> Option<Vec<u8>> {
    let mut acl = vec![0; 1_024];
    let length = getxattr(path, ACL, &mut acl).ok()?;
    acl.truncate(length);
    Some(acl)
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, Permissions::from_mode(mode)).expect("it is ours");
}

fn who_may(path: &Path) -> (u32, u32, u32, Option<Vec<u8>>) {
    let found = fs::symlink_metadata(path).expect("is there");
    let mode = found.mode() & 0o7777;
    (found.uid(), found.gid(), mode, acl_of(path))
}

/// What is in the folder of the deliveries.
fn names(scene: &Scene<'_>) -> Vec<String> {
    let entries = fs::read_dir(scene.file("")).expect("is there");
    let names = entries.map(|entry| entry.expect("is there").file_name().into_string());
    let mut names: Vec<_> = names.map(|name| name.expect("ours")).collect();
    names.sort();
    names
}

/// Nothing was changed, and the password from before is good.
#[track_caller]
fn is_as_before(scene: &Scene<'_>, role: &str, password: &str) {
    assert_eq!(scene.states(), "CLOSED");
    assert!(scene.logs_in(role, password));
}

#[test]
fn owner_group_mode_and_acl_are_kept() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let file = scene.file(&role);
    set_mode(&file, 0o640);
    if let Some(account) = Account::of_servers() {
        account.own(&file);
    } else {
        servers::skip("no right to give files away: run as root");
    }
    let has_acl = setxattr(&file, ACL, &acl_for_1234(), XattrFlags::empty()).is_ok();
    if !has_acl {
        servers::skip("no ACLs on this file system");
    }
    let (before, old) = (who_may(&file), scene.delivered_password(&role));
    let inode = fs::metadata(&file).expect("is there").ino();
    scene.reset_to_file(&role).run().expect_status(0);
    assert_eq!(who_may(&file), before);
    assert_eq!(before.3.is_some(), has_acl);
    assert_ne!(fs::metadata(&file).expect("is there").ino(), inode);
    assert_ne!(scene.delivered_password(&role), old);
    scene.delivered_password_is_good(&role);
    assert_eq!(names(&scene), [role]);
}

/// What a folder gives to new files does not come into force by the old one's mode.
#[test]
fn a_file_without_an_acl_gets_none_from_its_folder() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let file = scene.file(&role);
    set_mode(&file, 0o640);
    let default = "system.posix_acl_default";
    if setxattr(
        scene.file(""),
        default,
        &acl_for_1234(),
        XattrFlags::empty(),
    )
    .is_err()
    {
        return servers::skip("no ACLs on this file system");
    }
    let before = who_may(&file);
    scene.reset_to_file(&role).run().expect_status(0);
    assert_eq!(who_may(&file), before);
    scene.delivered_password_is_good(&role);
}

#[test]
fn a_link_stays_one_and_its_target_is_replaced() {
    let scene = Scene::new();
    let role = scene.create("jane");
    fs::create_dir(scene.file("data")).expect("the folder is ours");
    let (link, second, real) = (
        scene.file(&role),
        scene.file("second"),
        scene.file("data/real"),
    );
    // One that leads nowhere yet, over another.
    fs::remove_file(&link).expect("is there");
    symlink("second", &link).expect("the folder is ours");
    symlink("data/real", &second).expect("the folder is ours");
    for mode in [0o600, 0o440] {
        scene.reset_to_file(&role).run().expect_status(0);
        assert!(link.is_symlink() && second.is_symlink() && !real.is_symlink());
        scene.delivered_password_is_good(&role);
        if mode == 0o440 {
            assert_eq!(who_may(&real).2, 0o440);
        }
        set_mode(&real, 0o440);
    }
    let pgpass = scene.file("pgpass");
    symlink(scene.file("data/pgpass"), &pgpass).expect("the folder is ours");
    let deliver = format!("pgpass:{}", pgpass.display());
    let moved = scene.user("reset", &role, &["--deliver", &deliver]).run();
    moved.expect_status(0);
    assert!(pgpass.is_symlink());
    assert!(scene.read("data/pgpass").contains(&role));
    assert_eq!(
        fs::read_dir(scene.file("data")).expect("is there").count(),
        2
    );
}

#[test]
fn a_link_of_a_stranger_is_not_followed() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let Some(nobody) = Account::of_nobody() else {
        return servers::skip("no right to give files away: run as root");
    };
    let password = scene.delivered_password(&role);
    let (link, precious) = (scene.file("link"), scene.file("precious"));
    fs::write(&precious, "root's own").expect("the folder is ours");
    symlink(&precious, &link).expect("the folder is ours");
    let mut chown = Command::new("chown");
    chown.args(["-h", &nobody.name]).arg(&link);
    Outcome::of(chown).expect_status(0);
    let deliver = format!("file:{}", link.display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset.expect_status(6).expect_in_stderr("the link ");
    assert_eq!(scene.read("precious"), "root's own");
    is_as_before(&scene, &role, &password);
}

#[test]
fn a_file_that_cannot_keep_its_owner_is_refused_before_anything_is_changed() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let password = scene.delivered_password(&role);
    if Account::of_nobody().is_none() {
        return servers::skip("no file of another is here: run as root");
    }
    let file = scene.file(&role);
    let run = scene.reset_to_file(&role).under_nobody();
    // Stepping down gives the sandbox to nobody: the file is taken back after that.
    let mut command = run.command();
    chown(&file, Some(0), Some(0)).expect("we are root");
    set_mode(&file, 0o644);
    command.stdin(Stdio::null());
    let reset = Outcome::of(command);
    reset
        .expect_status(6)
        .expect_in_stderr("a new file cannot have the permissions of the old one: owner 0");
    assert_eq!(names(&scene), std::slice::from_ref(&role));
    is_as_before(&scene, &role, &password);
}

/// In a folder such as /tmp a file can be replaced by its owner only: what is to be written there is not begun.
#[test]
fn an_output_in_a_sticky_folder_does_not_take_the_place_of_anothers_file() {
    let scene = Scene::new();
    if Account::of_nobody().is_none() {
        return servers::skip("no file of another is here: run as root");
    }
    let file = scene.file("events");
    let output = file.display().to_string();
    let run = scene.sandbox.pgrole(["audit", "export", "-o", &output]);
    let mut command = run.under_nobody().command();
    fs::write(&file, "root's own").expect("the folder is there");
    for path in [file.as_path(), &scene.file("")] {
        chown(path, Some(0), Some(0)).expect("we are root");
    }
    set_mode(&scene.file(""), 0o1777);
    command.stdin(Stdio::null());
    Outcome::of(command)
        .expect_status(6)
        .expect_in_stderr("sticky bit");
    assert_eq!(scene.read("events"), "root's own");
    assert_eq!(names(&scene), ["events"]);
}

#[test]
fn a_file_that_everybody_may_read_is_kept_and_warned_of() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let file = scene.file(&role);
    let doctor = || {
        let outcome = scene.sandbox.pgrole(["doctor", "--offline"]).run();
        let findings = outcome.json();
        let findings = findings.as_array().expect("a list").iter();
        let mut of_file = findings.filter(|finding| finding["check"] == "delivered file");
        let finding = of_file.next().unwrap_or_else(|| panic!("{outcome}"));
        (finding["status"].clone(), finding["detail"].clone())
    };
    assert_eq!(doctor().0, "ok");
    set_mode(&file, 0o644);
    let what = "every user of this machine may read it (mode 0644)";
    for _ in 0..2 {
        let reset = scene.reset_to_file(&role).run();
        reset.expect_status(0).expect_in_stderr(what);
        assert_eq!(who_may(&file).2, 0o644);
    }
    let (status, detail) = doctor();
    assert_eq!(status, "warning");
    assert!(
        detail.as_str().is_some_and(|detail| detail.contains(what)),
        "{detail}"
    );
}

#[test]
fn each_of_several_delivered_files_is_looked_at() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let places = ["one", "two"].map(|name| format!("file:{}", scene.file(name).display()));
    let rotate = scene
        .sandbox
        .pgrole(["rotate", "--any-age", "--yes", "-u", &role]);
    let rotate = rotate.args(["--deliver", &places[0], "--deliver", &places[1]]);
    rotate.run().expect_status(0);
    set_mode(&scene.file("two"), 0o644);
    let doctor = scene.sandbox.pgrole(["doctor", "--offline"]).run();
    let said = doctor.json().to_string();
    let what = "/two contains a password, and every user of this machine may read it";
    assert!(said.contains(what), "{doctor}");
}

#[test]
fn the_longest_name_of_a_file_leaves_room_for_another_beside_it() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let name = "n".repeat(255);
    let deliver = format!("file:{}", scene.file(&name).display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset.expect_status(0);
    assert!(scene.read(&name).contains(&role));
    let deliver = format!("file:{}x", scene.file(&name).display());
    let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
    reset.expect_status(1).expect_in_stderr("name too long");
    assert_eq!(scene.states(), "CLOSED\nCLOSED");
}

#[test]
fn what_is_no_file_is_not_replaced_by_one() {
    let scene = Scene::new();
    let role = scene.create("jane");
    let password = scene.delivered_password(&role);
    let (pipe, link) = (scene.file("pipe"), scene.file("link"));
    let mut mkfifo = Command::new("mkfifo");
    mkfifo.arg(&pipe);
    Outcome::of(mkfifo).expect_status(0);
    symlink(&pipe, &link).expect("the folder is ours");
    for path in [&pipe, &link] {
        let deliver = format!("file:{}", path.display());
        let reset = scene.user("reset", &role, &["--deliver", &deliver]).run();
        reset
            .expect_status(2)
            .expect_in_stderr("is not a regular file");
        // As /dev/stdout is one.
        let output = path.display().to_string();
        for command in [
            &["audit", "export", "-o", &output][..],
            &["audit", "checkpoint", "-o", &output],
            &[
                "rotate",
                "status",
                "--format",
                "prometheus",
                "--output",
                &output,
            ],
        ] {
            let written = scene.sandbox.pgrole(command).run();
            written
                .expect_status(2)
                .expect_in_stderr("is not a regular file");
        }
    }
    assert!(link.is_symlink() && !pipe.is_file());
    is_as_before(&scene, &role, &password);
}

/// Whoever may write in the folder of the metrics knows the number of the next process.
#[test]
fn a_link_in_the_place_of_a_file_that_is_being_written_is_not_followed() {
    let scene = Scene::new();
    let precious = scene.file("precious");
    fs::write(&precious, "root's own").expect("the folder is ours");
    let out = scene.file("").display().to_string();
    for (name, arguments) in [
        ("x.prom", "rotate status --format prometheus --output"),
        ("events", "audit export -o"),
        ("checkpoint", "audit checkpoint -o"),
    ] {
        let script = format!(
            "ln -s {precious} '{out}/.{name}.'$$; ln -s {precious} '{out}/.{name}.pgrole-'$$; \
             ln -s {precious} '{out}/{name}'; exec \"$0\" {arguments} '{out}/{name}'",
            precious = precious.display(),
        );
        let inner = scene.sandbox.pgrole(["registry", "list"]).command();
        let mut command = Command::new("sh");
        command.env_clear();
        for (name, value) in inner.get_envs() {
            command.env(name, value.expect("nothing is taken away"));
        }
        command.args(["-c", &script]).arg(inner.get_program());
        Outcome::of(command).expect_status(0);
        assert_eq!(scene.read("precious"), "root's own", "{name}");
        assert_eq!(who_may(&precious).2 & 0o111, 0);
        let written = scene.file(name);
        assert!(!written.is_symlink() && written.is_file(), "{name}");
        let mode = if name == "x.prom" { 0o644 } else { 0o600 };
        assert_eq!(who_may(&written).2, mode);
    }
}
