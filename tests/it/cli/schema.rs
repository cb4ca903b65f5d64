//! `pgrole schema`. That it is true is checked in every run of the program: see `harness::results`.

use std::fs;
use std::path::Path;

use serde_json::{Value, json};

use super::words;
use crate::harness::{Sandbox, results};

fn schema(arguments: &str) -> Value {
    let sandbox = Sandbox::new();
    let printed = sandbox.pgrole(words("schema")).args(words(arguments)).run();
    printed.expect_status(0).expect_stderr("");
    assert!(!sandbox.registry().exists());
    printed.json()
}

#[test]
fn each_result_has_a_schema_of_its_own_and_all_have_one_together() {
    let whole = schema("");
    assert_eq!(
        whole["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let definitions = whole["$defs"].as_object().expect("an object");
    for name in ["user create", "rotate", "audit list", "stderr", "message"] {
        let own = schema(name);
        let mut row = own.as_object().expect("an object").clone();
        row.remove("$schema");
        let needed = row.remove("$defs");
        let within = &definitions[&name.replace(' ', "-")];
        assert_eq!(Value::from(row), *within, "{name}");
        for (name, needed) in needed
            .as_ref()
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            assert_eq!(definitions[name], *needed, "{name}");
        }
    }
    let reset = schema("user reset");
    assert_eq!(
        reset["properties"]["password"]["type"],
        json!(["string", "null"])
    );
    assert_eq!(
        reset["properties"]["status"]["enum"],
        json!(["password reset", "unchanged", "rehearsed", "unknown: busy"])
    );
    assert_eq!(schema("pgrole user reset"), reset);
}

#[test]
fn every_key_and_every_word_has_a_meaning() {
    let whole = schema("");
    let mut missing = Vec::new();
    for (name, definition) in whole["$defs"].as_object().expect("an object") {
        for object in [definition].into_iter().chain(choices(definition)) {
            let keys = object["properties"].as_object().into_iter().flatten();
            let bare = keys.filter(|(_, key)| !key["description"].is_string());
            missing.extend(bare.map(|(key, _)| format!("{name}.{key}")));
        }
    }
    assert!(missing.is_empty(), "without a doc comment: {missing:?}");
}

fn choices(definition: &Value) -> impl Iterator<Item = &Value> {
    definition["anyOf"].as_array().into_iter().flatten()
}

#[test]
fn a_result_that_is_not_one_is_refused_with_the_nearest() {
    let sandbox = Sandbox::new();
    let refused = sandbox.pgrole(words("schema user creat")).run();
    refused.expect_status(2).expect_stdout("");
    let error = &refused.json_error()["error"];
    assert_eq!(error["hint"], "did you mean \"user create\"?", "{refused}");
}

#[test]
fn the_check_of_every_run_refuses_what_is_not_described() {
    let right = json!({"account": "dev", "user": null});
    assert_eq!(results::check_as("credential-list", &right), Ok(()));
    for (wrong, why) in [
        (json!({"account": "dev"}), "credential-list.user is absent"),
        (
            json!({"account": null, "user": null}),
            "credential-list.account is null, which is not of type \"string\"",
        ),
        (
            json!({"account": "dev", "user": null, "new": 1}),
            "credential-list.new is not described",
        ),
        (
            json!({"account": "dev", "user": null, "audit_anchor": "0:"}),
            "credential-list.audit_anchor is \"0:\", which does not fit ^[1-9][0-9]*:[0-9a-f]{64}$",
        ),
    ] {
        assert_eq!(
            results::check_as("credential-list", &wrong),
            Err(why.to_owned())
        );
    }
    let finding =
        json!({"check": "x", "subject": "", "status": "fine", "detail": "", "hint": null});
    let refused = results::check_as("doctor", &finding);
    assert!(refused.is_err_and(|why| why.starts_with("doctor.status is \"fine\"")));
    let none = results::Printed {
        result: None,
        is_partial: false,
    };
    let error = r#"{"error":{"kind":"odd"}}"#;
    assert!(results::check(none, "", error).is_err());
}

#[test]
fn a_command_is_found_behind_global_options() {
    for (line, wanted) in [
        ("--format json user list -e dev", Some("user-list")),
        ("--config rotate user --quiet reset", Some("user-reset")),
        ("rotate -u jane", Some("rotate")),
        ("rotate status", Some("rotate-status")),
        ("recover --quiet", Some("recover")),
        ("completions bash", None),
    ] {
        let arguments: Vec<_> = words(line).map(Into::into).collect();
        assert_eq!(results::result_of(&arguments), wanted, "{line}");
    }
}

#[test]
fn the_page_of_the_keys_is_up_to_date() {
    let sandbox = Sandbox::new();
    let made = sandbox.path().join("docs");
    let generate = sandbox.pgrole(["__generate", "documents"]).args([&made]);
    generate.run().expect_status(0).expect_stdout("");
    let read =
        |folder: &Path| fs::read_to_string(folder.join("json.md")).expect("the page is there");
    let committed = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs");
    assert!(
        read(&made) == read(&committed),
        "docs/json.md is not what the results are\n\
         hint: rewrite it: cargo run -- __generate documents docs"
    );
}
