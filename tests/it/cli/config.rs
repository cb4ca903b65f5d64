//! The config file: what it may say, and what is said where it is wrong.

use super::words;
use crate::harness::{Outcome, Sandbox};

#[track_caller]
fn list_with(toml: &str) -> Outcome {
    let sandbox = Sandbox::new();
    sandbox.write_config(toml);
    let list = sandbox.pgrole(words("registry list --format table")).run();
    list.filtered()
}

#[track_caller]
fn expect_invalid(toml: &str, cause: &str) {
    let wanted = format!(
        "error: config file [SANDBOX]/home/.config/pgrole/config.toml is not valid\ncaused by: {cause}\n"
    );
    list_with(toml)
        .expect_status(2)
        .expect_stdout("")
        .expect_stderr(&wanted);
}

#[test]
fn an_unknown_key_is_refused_with_the_nearest_known_one() {
    expect_invalid(
        "protected = []\n\n[pasword]\nlength = 20\n",
        "line 3: unknown field `pasword`, expected one of `environments`, `protected`, `protected_roles`, `trusted_admins`, \
         `access`, `password`, `credential`, `audit`, `registry`, `rotate`, `rehearse`, `profiles`, `recipients`, `notify`, `outbox`\nhint: did you mean \"password\"?",
    );
    expect_invalid(
        "[password]\nlenght = 20\n",
        "line 2: unknown field `lenght`, expected `length` or `valid_for`\nhint: did you mean \"length\"?",
    );
}

#[test]
fn broken_toml_is_refused_with_its_line() {
    expect_invalid("environments = [", "line 1: unclosed array, expected `]`");
    let twice = list_with("protected = []\nprotected = []\n");
    twice
        .expect_status(2)
        .expect_in_stderr("caused by: line 2: duplicate key\n");
}

#[test]
fn a_value_that_cannot_be_is_refused() {
    expect_invalid(
        "[password]\nlength = 8\n",
        "password length 8 is not between 16 and 512",
    );
    expect_invalid(
        "protected = [\"live\"]\n",
        "protected: unknown environment \"live\"; known: dev, qa, uat, prod\n\
         hint: add it to \"environments\" in the config file, or name one of these",
    );
    expect_invalid(
        "[profiles.app]\naccess = \"readwrit\"\n",
        "line 2: unknown variant `readwrit`, expected one of `none`, `readonly`, `readwrite`, `ddl`\n\
         hint: did you mean \"readwrite\"?",
    );
    expect_invalid(
        "[profiles.report]\nconnection_limit = 2\n",
        "[profiles.report] does not set access\n\
         hint: add access = \"none\", \"readonly\", \"readwrite\" or \"ddl\"",
    );
    expect_invalid(
        "[profiles.app.env.live]\naccess = \"none\"\n",
        "[profiles.app.env.live]: unknown environment \"live\"; known: dev, qa, uat, prod\n\
         hint: add it to \"environments\" in the config file, or name one of these",
    );
}

#[test]
fn a_config_file_that_was_named_must_be_there() {
    let sandbox = Sandbox::new();
    let missing = sandbox
        .pgrole(words("registry list --format table --config none.toml"))
        .run();
    missing.expect_status(2).expect_stdout("").expect_stderr(
        "error: cannot read config file none.toml\ncaused by: No such file or directory (os error 2)\n",
    );
    let by_variable = sandbox
        .pgrole(words("registry list"))
        .env("PGROLE_CONFIG", "none.toml")
        .run();
    assert_eq!(
        by_variable.expect_status(2).json_error()["error"]["kind"],
        "usage"
    );
    assert!(!sandbox.registry().exists());
}

#[test]
fn the_flag_wins_over_the_variable_and_the_variable_over_the_default_file() {
    let sandbox = Sandbox::new();
    sandbox.write_config("environments = [\"default\"]\nprotected = []\n");
    for name in ["variable", "flag"] {
        let toml = format!("environments = [\"{name}\"]\nprotected = []\n");
        std::fs::write(sandbox.path().join(format!("{name}.toml")), toml)
            .expect("the sandbox can be written");
    }
    let environments = |run: crate::harness::sandbox::Run<'_>| {
        let refused = run.args(words("registry list -e none")).run();
        refused.json_error()["error"]["message"]
            .as_str()
            .expect("a text")
            .to_owned()
    };
    let run = || sandbox.pgrole([""; 0]);
    assert_eq!(
        environments(run()),
        "unknown environment \"none\"; known: default"
    );
    let by_variable = run().env("PGROLE_CONFIG", "variable.toml");
    assert_eq!(
        environments(by_variable),
        "unknown environment \"none\"; known: variable"
    );
    let by_flag = run()
        .env("PGROLE_CONFIG", "variable.toml")
        .args(["--config", "flag.toml"]);
    assert_eq!(
        environments(by_flag),
        "unknown environment \"none\"; known: flag"
    );
}

#[test]
fn a_profile_of_the_config_file_can_be_named_and_an_unknown_one_is_refused_with_the_list() {
    let sandbox = Sandbox::new();
    sandbox.write_config("[profiles.report]\naccess = \"readonly\"\n");
    sandbox
        .pgrole(words("registry add -e dev -d app -H h"))
        .run()
        .expect_status(0);
    let create = |profile: &str| {
        let create = sandbox.pgrole(words("user create -e dev -d app -u x --format table"));
        create.args(["--profile", profile]).run()
    };
    // It gets as far as the credential.
    create("report").expect_status(5);
    create("reprot").expect_status(2).expect_stderr(
        "error: unknown profile \"reprot\"; known: app, k8s, devqa, devlead, readonly, dba, report\n\
         hint: did you mean \"report\"?\n",
    );
}

#[test]
fn an_empty_variable_counts_as_unset() {
    let sandbox = Sandbox::new();
    let list = sandbox
        .pgrole(["registry", "list"])
        .env("PGROLE_REGISTRY", "")
        .env("PGROLE_CONFIG", "")
        .env("PGROLE_FORMAT", "");
    list.run().expect_status(0).expect_stdout("[]\n");
    assert!(sandbox.registry().exists());
}
