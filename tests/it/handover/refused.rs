//! What cannot be delivered is refused before anything is changed.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Person, create, out, scene};
use crate::scene::{error, whole_text};

#[test]
fn an_unknown_recipient_is_refused_with_the_nearest() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    let config = format!("[recipients]\njane = \"{}\"\n", jane.recipient);
    scene.sandbox.write_config(&config);
    let before = scene.snapshot();
    let file = out(&scene).join("x").display().to_string();
    for (deliver, wanted) in [
        (
            format!("age:jnae:{file}"),
            "unknown recipient \"jnae\"; known: jane",
        ),
        (format!("age:jnae:{file}"), "did you mean \"jane\"?"),
        (format!("age:jane,sam:{file}"), "\"sam\" = \"age1…\""),
        (format!("age:{{username}}:{file}"), "unknown recipient"),
        ("age:jane:/nowhere/x".to_owned(), "/nowhere"),
        (format!("ssh:/nowhere.pub:{file}"), "cannot be read"),
    ] {
        let refused = create(&scene, "jane", &deliver).run();
        let said = whole_text(&error(&refused, 2));
        assert!(said.contains(wanted), "{wanted}: {refused}");
    }
    assert_eq!(scene.snapshot(), before);
    let role = scene.role("jane");
    let userlist = [
        "-u",
        &role,
        "--deliver",
        &format!("age:jane:{file}"),
        "--file-format",
        "pgbouncer",
    ];
    let refused = scene.user("readonly", &userlist).run();
    let said = whole_text(&error(&refused, 2));
    assert!(said.contains("userlist"), "{refused}");
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn a_roster_names_each_unknown_recipient_with_its_line() {
    let scene = scene();
    let roster = format!(
        "env,database,profile,username,deliver\ndev,{0},readonly,{1},age:sam:{2}/a\ndev,{0},readonly,{3},age:tom:{2}/b\n",
        scene.database(),
        scene.role("a"),
        out(&scene).display(),
        scene.role("b"),
    );
    let before = scene.snapshot();
    let run = scene.sandbox.pgrole(["user", "create", "--from", "-"]);
    let refused = run.stdin(roster).run();
    refused.expect_status(2);
    for wanted in ["line 2", "age:sam:", "line 3", "age:tom:"] {
        refused.expect_in_stderr(wanted);
    }
    assert_eq!(scene.snapshot(), before);
}

#[test]
fn keys_that_age_cannot_encrypt_to_are_named() {
    let scene = scene();
    let sandbox = &scene.sandbox;
    let ecdsa = Person::with_ssh(sandbox, "ecdsa", &["ecdsa"]);
    let short = Person::with_ssh(sandbox, "short", &["rsa", "-b", "1024"]);
    let secret = Person::with_age(sandbox, "secret");
    let file = out(&scene).join("x");
    for (key, wanted) in [
        (ecdsa.key_file(), "ecdsa-sha2-nistp256"),
        (short.key_file(), "1024 bits"),
        (ecdsa.identity.display().to_string(), "secret key"),
        (out(&scene).display().to_string(), "not a file"),
    ] {
        let refused = create(&scene, "jane", &format!("ssh:{key}:{}", file.display())).run();
        assert_ne!(refused.status(), Some(0), "{refused}");
        refused.expect_in_stderr(wanted);
        assert!(!refused.stderr.contains("b3BlbnNzaC"), "{refused}");
    }
    // The secret half of a key of age.
    let identity = fs::read_to_string(&secret.identity).expect("age-keygen wrote it");
    let secret = identity.lines().last().expect("the key").to_owned();
    let refused = create(&scene, "jane", &format!("age:{secret}")).run();
    refused.expect_status(2).expect_in_stderr("secret key");
    assert!(!refused.stderr.contains(&secret[20..40]), "{refused}");
    sandbox.write_config(&format!("[recipients]\njane = \"{secret}\"\n"));
    let refused = create(&scene, "jane", "age:jane").run();
    refused.expect_status(2).expect_in_stderr("secret key");
    assert!(!refused.stderr.contains(&secret[20..40]), "{refused}");
}

#[test]
fn of_several_keys_in_a_file_those_that_can_be_are_used() {
    let scene = scene();
    let sandbox = &scene.sandbox;
    let (old, new) = (
        Person::with_ssh(sandbox, "old", &["ecdsa"]),
        Person::with_ssh(sandbox, "new", &["ed25519"]),
    );
    let keys = sandbox.path().join("keys/authorized_keys");
    let text = format!("# jane's\n{}\nrestrict {}\n", old.recipient, new.recipient);
    fs::write(&keys, text).expect("the sandbox can be written");
    let file = out(&scene).join("x");
    let deliver = format!("ssh:{}:{}", keys.display(), file.display());
    let created = create(&scene, "jane", &deliver).run();
    created
        .expect_status(0)
        .expect_in_stderr("ecdsa-sha2-nistp256");
    scene.may_log_in(&new.open_login(&file));
}

/// Whoever writes a key receives the next password.
#[test]
fn a_key_that_everybody_may_write_is_refused() {
    let scene = scene();
    let joe = Person::with_ssh(&scene.sandbox, "joe", &["ed25519"]);
    let deliver = format!("ssh:{}:{}/x", joe.key_file(), out(&scene).display());
    let set_mode = |path: &std::path::Path, mode: u32| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
    };
    let before = scene.snapshot();
    let key = std::path::PathBuf::from(joe.key_file());
    let folder = key.parent().expect("a folder");
    for (path, open, closed) in [(key.as_path(), 0o666, 0o644), (folder, 0o777, 0o755)] {
        set_mode(path, open);
        let refused = create(&scene, "joe", &deliver).run();
        refused.expect_status(6).expect_in_stderr("every user");
        set_mode(path, closed);
    }
    assert_eq!(scene.snapshot(), before);
    create(&scene, "joe", &deliver).run().expect_status(0);
}

#[test]
fn a_file_of_another_role_is_not_written_over() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    let deliver = format!("age:{}:{}/x", jane.recipient, out(&scene).display());
    create(&scene, "jane", &deliver).run().expect_status(0);
    let before = fs::read(out(&scene).join("x")).expect("it was delivered");
    let refused = create(&scene, "joe", &deliver).run();
    refused
        .expect_status(6)
        .expect_in_stderr(&scene.role("jane"));
    // What is offered instead is not a file that everybody can open.
    refused.expect_in_stderr(&format!("--deliver 'age:{}:", jane.recipient));
    // Nor where the registry does not know it: the file says whose it is.
    let moved = out(&scene).join("moved");
    fs::rename(out(&scene).join("x"), &moved).expect("it is there");
    let deliver = format!("age:{}:{}", jane.recipient, moved.display());
    let refused = create(&scene, "joe", &deliver).run();
    refused
        .expect_status(6)
        .expect_in_stderr(&scene.role("jane"));
    assert_eq!(fs::read(&moved).expect("it is there"), before);
}
