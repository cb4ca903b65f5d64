//! Two hundred joiners: each gets a file that only they open, and nobody else sees a password.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use super::{Person, out, scene};
use crate::scene::Login;

const JOINERS: usize = 200;

fn joiner(sandbox: &crate::harness::Sandbox, number: usize) -> Person {
    let name = format!("key{number}");
    match number % 50 {
        0 => Person::with_ssh(sandbox, &name, &["rsa", "-b", "2048"]),
        remainder if remainder % 5 == 1 => Person::with_ssh(sandbox, &name, &["ed25519"]),
        _ => Person::with_age(sandbox, &name),
    }
}

/// The bytes of all files below a folder.
fn all_bytes(folder: &Path, bytes: &mut Vec<u8>) {
    for entry in fs::read_dir(folder).expect("the sandbox can be read") {
        let path = entry.expect("the sandbox can be read").path();
        if path.is_dir() {
            all_bytes(&path, bytes);
        } else {
            bytes.extend(fs::read(&path).unwrap_or_default());
        }
    }
}

#[test]
fn each_of_two_hundred_joiners_opens_their_own_file_and_no_other() {
    let scene = scene();
    let people: Vec<_> = (0..JOINERS)
        .map(|number| joiner(&scene.sandbox, number))
        .collect();
    let name = |number: usize| scene.role(&format!("j{number}"));
    let (mut config, mut roster) = (
        "[recipients]\n".to_owned(),
        "env,database,profile,username,deliver\n".to_owned(),
    );
    let folder = out(&scene);
    for (number, person) in people.iter().enumerate() {
        let (name, database) = (name(number), scene.database());
        let place = format!("{}/{{username}}.age", folder.display());
        // A third is named by the file of their key.
        let deliver = if number % 50 == 0 || number % 15 == 1 {
            format!("ssh:{}:{place}", person.key_file())
        } else {
            config.push_str(&format!("{name} = {:?}\n", person.recipient));
            format!("age:{{username}}:{place}")
        };
        roster.push_str(&format!("dev,{database},readonly,{name},{deliver}\n"));
    }
    scene.sandbox.write_config(&config);
    fs::write(scene.sandbox.path().join("joiners.csv"), roster).expect("it can be written");
    let create = [
        "user",
        "create",
        "--from",
        "joiners.csv",
        "-v",
        "--format",
        "jsonl",
    ];
    let created = scene.sandbox.pgrole(create).run();
    created.expect_status(0);
    let rows = created.json_lines();
    assert_eq!(rows.len(), JOINERS);
    assert!(rows.iter().all(|row| row["password"].is_null()));
    assert_eq!(fs::read_dir(&folder).expect("the folder").count(), JOINERS);

    let file = |number: usize| folder.join(format!("{}.age", name(number)));
    let logins: Vec<Login> = (0..JOINERS)
        .map(|number| people[number].open_login(&file(number)))
        .collect();
    for (number, login) in logins.iter().enumerate() {
        assert_eq!(login.name, name(number));
        let other = &people[(number + 1) % JOINERS];
        assert_eq!(other.open(&file(number)), None, "{number}");
        if number % 20 == 0 {
            scene.may_log_in(login);
        }
    }
    let passwords: BTreeSet<_> = logins.iter().map(|login| &login.password).collect();
    assert_eq!(passwords.len(), JOINERS);

    // Nowhere: in no file (the registry is one of them), in nothing that was printed.
    let mut bytes = [created.stdout.as_bytes(), created.stderr.as_bytes()].concat();
    all_bytes(scene.sandbox.path(), &mut bytes);
    let length = logins[0].password.len();
    let found = bytes
        .windows(length)
        .filter_map(|window| std::str::from_utf8(window).ok())
        .find(|window| passwords.contains(&(*window).to_owned()));
    assert_eq!(found, None);
    let sealed =
        "SELECT count(*) FROM password_change WHERE sealed IS NOT NULL OR state <> 'CLOSED'";
    let sealed = crate::harness::sqlite::query(&scene.sandbox.registry(), sealed);
    assert_eq!(sealed, "0");
}
