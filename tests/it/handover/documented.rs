//! The section of docs/bulk.md about handing over, typed as it stands there.

use std::fs;

use super::Person;
use crate::documents::{markdown, shell};

/// The indented lines of the section, without their comments.
fn lines() -> Vec<String> {
    let document = markdown::read("docs/bulk.md");
    let section = markdown::section(&document, "Handing logins over to people");
    let blocks = markdown::blocks(section).concat();
    let lines = blocks.lines();
    let lines = lines.map(|line| line.split(" # ").next().unwrap_or_default().trim());
    lines.map(str::to_owned).collect()
}

/// A line of `[recipients]` with these keys.
fn with_keys(line: &str, keys: &[&Person]) -> String {
    let mut filled = line.to_owned();
    for key in keys {
        let start = key.recipient.split(' ').next().expect("a word");
        let form = if start.starts_with("ssh-") {
            format!("{start} AAAA…")
        } else {
            "age1…".to_owned()
        };
        filled = filled.replace(&format!("\"{form}\""), &format!("{:?}", key.recipient));
    }
    filled
}

#[test]
fn the_section_works_as_it_stands() {
    let mut scene = super::scene();
    scene
        .sandbox
        .env("XDG_CONFIG_HOME", scene.sandbox.home().join(".config"));
    let sandbox = &scene.sandbox;
    let (jane, joe) = (
        Person::with_age(sandbox, "jane"),
        Person::with_ssh(sandbox, "joe", &["ed25519"]),
    );
    let ann = [
        Person::with_age(sandbox, "ann"),
        Person::with_ssh(sandbox, "ann2", &["rsa"]),
    ];
    let tom = Person::with_age(sandbox, "tom");
    let files = ["sam", "tim", "new"].map(|name| Person::with_ssh(sandbox, name, &["ed25519"]));
    let (keys, out) = (sandbox.path().join("keys"), super::out(&scene));
    let database = scene.database().to_owned();
    // Names of the document, as far as they are not this test's own.
    let own = |line: &str| {
        let mut line = line
            .replace("/srv/keys", &keys.display().to_string())
            .replace("/srv/handover", &out.display().to_string())
            .replace("myapp_dev", &database);
        for name in ["jane", "joe", "ann", "sam", "tom", "tim"] {
            for (before, after) in [(",", ","), ("-u ", " "), (" ", "@")] {
                let of_role = format!("{before}{database}_{name}{after}");
                line = line.replace(&format!("{before}{name}{after}"), &of_role);
            }
        }
        line
    };
    let lines = lines();
    let (mut config, mut roster, mut done) = (String::new(), String::new(), 0);
    let mut commands = Vec::new();
    for line in &lines {
        let first = line.split([' ', ',']).next().unwrap_or_default();
        match first {
            "env" | "dev" => roster.push_str(&format!("{}\n", own(line))),
            "[recipients]" | "[profiles.devqa]" | "file_format" => {
                config.push_str(&format!("{line}\n"));
            }
            "jane" | "joe" | "ann" => {
                let keys = match first {
                    "jane" => vec![&jane],
                    "joe" => vec![&joe],
                    _ => ann.iter().collect(),
                };
                let filled = with_keys(line, &keys);
                let filled = filled.replacen(first, &format!("{database}_{first}"), 1);
                config.push_str(&format!("{filled}\n"));
            }
            "" => {}
            _ => commands.push(own(line).replace("age:age1…", &format!("age:{}", tom.recipient))),
        }
    }
    assert!(!config.contains('…'), "{config}");
    let folder = sandbox.home().join(".config/pgrole");
    fs::create_dir_all(&folder).expect("the sandbox can be written");
    fs::write(folder.join("config.toml"), config).expect("the sandbox can be written");
    fs::write(sandbox.path().join("joiners.csv"), roster).expect("the sandbox can be written");
    let of_sam = keys.join(format!("{database}_sam.pub"));
    fs::copy(files[0].key_file(), of_sam).expect("the key is there");
    // What the joiners have.
    let ssh = sandbox.home().join(".ssh");
    fs::create_dir_all(&ssh).expect("the sandbox can be written");
    fs::copy(&joe.identity, ssh.join("id_ed25519")).expect("the key is there");
    for command in &commands {
        let folder = match command.split(' ').next() {
            Some("pgrole") => sandbox.path().to_owned(),
            _ => out.clone(),
        };
        if command.starts_with("age-keygen -y") {
            // From here on it is hers that the config file names.
            fs::copy(&jane.identity, out.join("key.txt")).expect("the key is there");
        }
        let typed = if command.starts_with("psql") {
            let command = command.replace("psql ", "psql -XAtc 'SELECT session_user' ");
            shell::typed(&scene.sandbox, &folder, &command)
        } else {
            shell::typed(&scene.sandbox, &folder, command)
        };
        typed.expect_status(0);
        if command.starts_with("age -d") {
            assert!(typed.stdout.starts_with("postgresql://"), "{typed}");
        }
        if command.starts_with("psql") {
            typed.expect_stdout(&format!("{database}_jane\n"));
        }
        assert!(!command.starts_with("pgrole") || !typed.stdout.contains("postgresql://"));
        done += 1;
    }
    assert_eq!(done, 10, "{commands:#?}");
    let file = |name: &str| out.join(format!("{database}_{name}@dev.{database}.age"));
    for (person, name) in [
        (&ann[0], "ann"),
        (&ann[1], "ann"),
        (&files[0], "sam"),
        (&tom, "tom"),
        (&files[2], "tim"),
    ] {
        let opened = person.open(&file(name)).expect("it can be opened");
        assert!(opened.contains(&format!("{database}_{name}")), "{name}");
    }
}
