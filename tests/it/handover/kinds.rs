//! Each kind of key, and each form of a file.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use super::{Person, create, out, scene};
use crate::harness::{Outcome, servers};

#[test]
fn a_file_is_opened_with_each_kind_of_key_and_with_no_other() {
    let scene = scene();
    let sandbox = &scene.sandbox;
    let people = [
        Person::with_age(sandbox, "jane"),
        Person::with_ssh(sandbox, "joe", &["ed25519"]),
        Person::with_ssh(sandbox, "ann", &["rsa", "-b", "2048"]),
        Person::with_ssh(sandbox, "bob", &["rsa", "-b", "3072"]),
    ];
    for (number, person) in people.iter().enumerate() {
        let file = out(&scene).join(number.to_string());
        let deliver = match number {
            0 => format!("age:{}:{}", person.recipient, file.display()),
            _ => format!("ssh:{}:{}", person.key_file(), file.display()),
        };
        let created = create(&scene, &format!("login{number}"), &deliver).run();
        created.expect_status(0).expect_stderr("");
        let row = created.json();
        assert_eq!(row["delivered_to"], deliver.as_str(), "{created}");
        assert!(row["password"].is_null(), "{created}");
        scene.may_log_in(&person.open_login(&file));
        let others = people.iter().enumerate().filter(|(at, _)| *at != number);
        for (_, other) in others {
            assert_eq!(other.open(&file), None);
        }
        // Its receiver is another user.
        let mode = fs::metadata(&file).expect("the file").permissions().mode();
        assert_eq!(mode & 0o777, 0o644);
    }
}

#[test]
fn without_a_path_a_file_of_the_roles_name_is_written_here() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    let name = format!("{}@dev.{}.age", scene.role("jane"), scene.database());
    let created = create(&scene, "jane", &format!("age:{}", jane.recipient)).run();
    let place = created.expect_status(0).json()["delivered_to"].clone();
    let place = place.as_str().expect("a place").to_owned();
    let (_, file) = place.rsplit_once(':').expect("a path");
    assert!(file.starts_with('/') && file.ends_with(&name), "{created}");
    scene.may_log_in(&jane.open_login(file.as_ref()));
    // The same in a folder.
    let deliver = format!("age:{}:{}/", jane.recipient, out(&scene).display());
    scene
        .user("reset", &[&scene.role("jane"), "--deliver", &deliver])
        .run()
        .expect_status(0);
    scene.may_log_in(&jane.open_login(&out(&scene).join(&name)));
}

#[test]
fn several_people_open_one_file() {
    let scene = scene();
    let sandbox = &scene.sandbox;
    let people = ["jane", "joe", "ann"].map(|name| Person::with_age(sandbox, name));
    let laptop = Person::with_ssh(sandbox, "laptop", &["ed25519"]);
    sandbox.write_config(&format!(
        "[recipients]\njane = \"{}\"\njoe = [\"{}\", \"{}\"]\n",
        people[0].recipient, people[1].recipient, laptop.recipient
    ));
    let file = out(&scene).join("both");
    let deliver = format!("age:jane, joe:{}", file.display());
    create(&scene, "both", &deliver).run().expect_status(0);
    for person in [&people[0], &people[1], &laptop] {
        scene.may_log_in(&person.open_login(&file));
    }
    assert_eq!(people[2].open(&file), None);
}

#[test]
fn psql_takes_the_url_in_a_file() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    let file = out(&scene).join("url");
    let deliver = format!("age:{}:{}", jane.recipient, file.display());
    let name = scene.role("jane");
    let arguments = ["-u", &name, "--deliver", &deliver, "--file-format", "dsn"];
    scene.user("readonly", &arguments).run().expect_status(0);
    let script = format!(
        "'{}' -XAtc 'SELECT session_user' \"$(age -d -i '{}' '{}')\"",
        servers::psql().display(),
        jane.identity.display(),
        file.display()
    );
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &script]);
    Outcome::of(shell)
        .expect_status(0)
        .expect_stdout(&format!("{name}\n"));
}

#[test]
fn each_format_is_one_that_its_receiver_can_use() {
    let scene = scene();
    let jane = Person::with_age(&scene.sandbox, "jane");
    for (format, begin) in [
        ("json", "{\n"),
        ("env", "PGHOST="),
        ("dsn", "postgresql://"),
        ("k8s-secret", "{\n"),
    ] {
        let file = out(&scene).join(format);
        let deliver = format!("age:{}:{}", jane.recipient, file.display());
        let name = scene.role(&format.replace('-', "_"));
        let arguments = ["-u", &name, "--deliver", &deliver, "--file-format", format];
        for verb in ["readonly", "reset"] {
            scene.user(verb, &arguments).run().expect_status(0);
        }
        let text = jane.open(&file).expect("the receiver can open it");
        assert!(text.starts_with(begin) && text.contains(&name), "{format}");
    }
}
