//! `pgrole config`: writes a commented file, shows what is in force and why, finds mistakes; a mistake is no obstacle.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

use serde_json::{Value, json};

use super::words;
use crate::harness::Sandbox;

const WRONG: &str = "\
[pasword]
length = 20

[profiles.app]
  conection_limit = 3
";

fn shown<'a>(rows: &'a Value, key: &str) -> &'a Value {
    let mut rows = rows.as_array().expect("a list").iter();
    rows.find(|row| row["key"] == key)
        .unwrap_or_else(|| panic!("{key} is not shown"))
}

/// serde names the types of Rust.
#[test]
fn a_value_of_the_wrong_type_is_told_in_words_with_its_place() {
    let sandbox = Sandbox::new();
    sandbox.write_config(
        "environments = \"dev\"\n[password]\nlength = \"long\"\n[rotate]\nolder_than = 90\n\
         [registry]\nshared = \"yes\"\n[registry.env.dev]\nport = 99999\n",
    );
    let check = sandbox.pgrole(words("config check")).run();
    check.expect_status(2);
    let rows = check.json();
    let told = rows.as_array().expect("a list").iter().map(|row| {
        let number = |key: &str| row[key].as_u64().unwrap_or_default();
        let text = row["problem"].as_str().unwrap_or_default();
        (number("line"), number("column"), text)
    });
    let wanted = [
        (
            1,
            16,
            "found \"dev\", expected a list in brackets, such as [\"one\", \"two\"]",
        ),
        (3, 10, "found \"long\", expected a whole number, 0 or more"),
        (
            5,
            14,
            "found 90, expected a span of time in quotes, such as \"90d\", \"12h\" or \"2w\"",
        ),
        (
            7,
            10,
            "found \"yes\", expected true or false, without quotes",
        ),
        (9, 8, "found 99999, expected a whole number from 0 to 65535"),
    ];
    assert_eq!(told.collect::<Vec<_>>(), wanted);
    let run = sandbox.pgrole(words("registry list")).run();
    run.expect_status(2).expect_in_stderr("a list in brackets");
}

#[test]
fn init_writes_a_private_file_that_changes_nothing_until_it_is_edited() {
    let sandbox = Sandbox::new();
    let before = sandbox.pgrole(words("config show --format json")).run();
    let init = sandbox.pgrole(words("config init --format json")).run();
    init.expect_status(0);
    assert_eq!(
        init.json(),
        json!({"path": sandbox.config(), "status": "created"})
    );
    let mode = fs::metadata(sandbox.config())
        .expect("it is there")
        .permissions();
    assert_eq!(mode.mode() & 0o7777, 0o600);
    let folder = sandbox
        .config()
        .parent()
        .expect("it is in a folder")
        .to_owned();
    let mode = fs::metadata(folder).expect("it is there").permissions();
    assert_eq!(mode.mode() & 0o7777, 0o700);
    sandbox.pgrole(words("config check")).run().expect_status(0);
    let after = sandbox.pgrole(words("config show --format json")).run();
    assert_eq!(
        before.expect_status(0).json(),
        after.expect_status(0).json()
    );
    // As the tests of the template do for all settings at once.
    let text = fs::read_to_string(sandbox.config()).expect("it can be read");
    let text = text
        .replace("#[password]", "[password]")
        .replace("#length = 32", "length = 40");
    sandbox.write_config(&text);
    let show = sandbox.pgrole(words("config show --format json")).run();
    let line = text
        .lines()
        .position(|line| line == "length = 40")
        .expect("it is there")
        + 1;
    assert_eq!(
        shown(&show.expect_status(0).json(), "password.length"),
        &json!({"key": "password.length", "value": 40, "source": "file", "line": line})
    );
    assert!(!sandbox.registry().exists());
}

#[test]
fn init_never_writes_over_a_file() {
    let sandbox = Sandbox::new();
    sandbox.write_config("protected = []\n");
    let init = sandbox
        .pgrole(words("config init --format table"))
        .run()
        .filtered();
    init.expect_status(6).expect_stdout("").expect_stderr(
        "error: config file [SANDBOX]/home/.config/pgrole/config.toml already exists\n\
         hint: pgrole config check --config [SANDBOX]/home/.config/pgrole/config.toml\n",
    );
    let text = fs::read_to_string(sandbox.config()).expect("it can be read");
    assert_eq!(text, "protected = []\n");
    // Nor where a link leads.
    symlink("elsewhere.toml", sandbox.path().join("link.toml"))
        .expect("our own folder can be written");
    let init = sandbox
        .pgrole(words("config init --config link.toml"))
        .run();
    init.expect_status(6);
    assert!(!sandbox.path().join("elsewhere.toml").exists());
    sandbox
        .pgrole(words("config init --config new/folder/pgrole.toml"))
        .run()
        .expect_status(0);
    assert!(sandbox.path().join("new/folder/pgrole.toml").exists());
}

#[test]
fn check_finds_all_mistakes_with_their_places() {
    let sandbox = Sandbox::new();
    let check = || sandbox.pgrole(words("config check --format json")).run();
    let none = check();
    none.expect_status(0).expect_stdout("[]\n");
    let none = sandbox.pgrole(words("config check --format table")).run();
    none.expect_status(0).expect_stdout("");
    none.expect_in_stderr("there is no config file");
    sandbox.write_config(WRONG);
    let found = check();
    found.expect_status(2);
    let rows = found.json();
    let places: Vec<_> = rows
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| (&row["line"], &row["column"], &row["hint"]))
        .collect();
    assert_eq!(
        places,
        [
            (&json!(1), &json!(2), &json!("did you mean \"password\"?")),
            (
                &json!(5),
                &json!(3),
                &json!("did you mean \"connection_limit\"?")
            ),
        ]
    );
    assert!(
        found.json_error()["error"]["message"]
            .as_str()
            .is_some_and(|message| message.ends_with("is not valid: 2 problems"))
    );
    sandbox.write_config("environments = [");
    let broken = sandbox.pgrole(words("config check --format table")).run();
    broken.expect_status(2);
    assert!(
        broken.stdout.contains("unclosed array"),
        "{}",
        broken.stdout
    );
    sandbox.write_config("protected = []\n");
    check().expect_status(0).expect_stdout("[]\n");
    let missing = sandbox
        .pgrole(words("config check --config none.toml"))
        .run();
    missing.expect_status(2);
}

#[test]
fn check_says_that_others_may_write_the_file() {
    let sandbox = Sandbox::new();
    sandbox.write_config("protected = []\n");
    let mode = fs::Permissions::from_mode(0o666);
    fs::set_permissions(sandbox.config(), mode).expect("the file is ours");
    let check = sandbox.pgrole(words("config check --format json")).run();
    check.expect_status(2);
    let rows = check.json();
    assert_eq!(rows[0]["line"], Value::Null);
    assert!(
        rows[0]["hint"]
            .as_str()
            .is_some_and(|hint| hint.starts_with("chmod ")),
        "{rows}"
    );
}

#[test]
fn show_says_where_each_value_comes_from() {
    let sandbox = Sandbox::new();
    sandbox.write_config(
        "protected = []\n\n[notify.team]\nchannel = \"slack\"\nurl = \"https://hunter2.example.com\"\n",
    );
    let show = sandbox
        .pgrole(words("config show --format json"))
        .env("PGROLE_REGISTRY", "other.db")
        .run();
    show.expect_status(0).expect_stderr("");
    assert!(!show.stdout.contains("hunter2"));
    let rows = show.json();
    let row = |key: &str, value: Value, source: &str, line: Value| {
        let wanted = json!({"key": key, "value": value, "source": source, "line": line});
        assert_eq!(shown(&rows, key), &wanted);
    };
    row("protected", json!([]), "file", json!(1));
    row(
        "environments",
        json!(["dev", "qa", "uat", "prod"]),
        "default",
        Value::Null,
    );
    row("notify.team.url", json!("(hidden)"), "file", json!(5));
    row(
        "profiles.app.connection_limit",
        json!(200),
        "default",
        Value::Null,
    );
    row("--registry", json!("other.db"), "variable", Value::Null);
    row("--format", json!("json"), "option", Value::Null);
    row("--config", json!(sandbox.config()), "default", Value::Null);
    let table = sandbox.pgrole(words("config show --format table")).run();
    table.expect_status(0);
    assert!(table.stdout.contains("(hidden)") && !table.stdout.contains("hunter2"));
}

#[test]
fn a_mistake_is_no_obstacle() {
    let sandbox = Sandbox::new();
    sandbox.write_config(&format!("protected = [\"qa\"]\n{WRONG}"));
    let show = sandbox.pgrole(words("config show --format json")).run();
    show.expect_status(2);
    assert_eq!(shown(&show.json(), "protected")["value"], json!(["qa"]));
    assert_eq!(
        shown(&show.json(), "pasword.length")["value"],
        json!("(hidden)")
    );
    let path = sandbox.pgrole(words("config path --format json")).run();
    path.expect_status(0);
    let rows = path.json();
    assert_eq!(
        rows[0],
        json!({"file": "config", "path": sandbox.config(), "exists": true})
    );
    assert_eq!(
        rows[1],
        json!({"file": "registry", "path": sandbox.registry(), "exists": false})
    );
    assert_eq!(rows.as_array().map(Vec::len), Some(4));
    sandbox.write_config("environments = [\n");
    sandbox.pgrole(words("config show")).run().expect_status(2);
    sandbox.pgrole(words("config path")).run().expect_status(0);
    sandbox.pgrole(words("config init")).run().expect_status(6);
}
