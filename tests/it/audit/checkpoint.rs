//! `audit checkpoint`: where the log stood, signed; whoever has the public key can check it later.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;

use crate::harness::{Outcome, Sandbox, sqlite};

fn audit(sandbox: &Sandbox, words: &[&str]) -> Outcome {
    sandbox.pgrole(["audit"].iter().chain(words)).run()
}

fn add(sandbox: &Sandbox, database: &str) {
    let add = ["registry", "add", "-e", "dev", "-H", "h", "-d", database];
    sandbox.pgrole(add).run().expect_status(0);
}

/// A log of three events, with a checkpoint of them and the public key in files.
fn sandbox_with_checkpoint() -> Sandbox {
    let sandbox = Sandbox::new();
    add(&sandbox, "one");
    add(&sandbox, "two");
    let made = audit(&sandbox, &["checkpoint", "--output", "checkpoint.json"]);
    made.expect_status(0).expect_stdout("").expect_stderr("");
    let key = audit(&sandbox, &["checkpoint", "--public-key"]);
    key.expect_status(0).expect_stderr("");
    write(&sandbox, "key.pem", &key.stdout);
    sandbox
}

fn write(sandbox: &Sandbox, name: &str, text: &str) {
    fs::write(sandbox.path().join(name), text).expect("the sandbox can be written");
}

fn verify(sandbox: &Sandbox, checkpoint: &str, key: &str) -> Outcome {
    audit(
        sandbox,
        &["verify", "--checkpoint", checkpoint, "--public-key", key],
    )
}

#[test]
fn a_checkpoint_is_checked_with_the_public_key() {
    let sandbox = sandbox_with_checkpoint();
    verify(&sandbox, "checkpoint.json", "key.pem").expect_status(0);
    add(&sandbox, "three");
    let report = verify(&sandbox, "checkpoint.json", "key.pem").json();
    assert_eq!(report["events"], 4);
    assert_eq!(report["anchors"], 1);
    // The key stays the same, and is private.
    let again = audit(&sandbox, &["checkpoint"]);
    let again = again.expect_status(0).json();
    assert!(
        again["checkpoint"]
            .as_str()
            .is_some_and(|anchor| anchor.starts_with("4:")),
        "{again}"
    );
    write(&sandbox, "second.json", &again.to_string());
    verify(&sandbox, "second.json", "key.pem").expect_status(0);
    let file = sandbox.config().with_file_name("signing.key");
    let mode = fs::metadata(&file).expect("the key is there").permissions();
    assert_eq!(mode.mode() & 0o777, 0o600);
}

#[test]
fn a_log_that_was_cut_or_rewritten_since_is_shown() {
    let sandbox = sandbox_with_checkpoint();
    sqlite::query(
        &sandbox.registry(),
        "DROP TRIGGER audit_log_no_delete; DROP TRIGGER audit_log_no_update;
         DELETE FROM audit_log WHERE id = 3; UPDATE sqlite_sequence SET seq = 2 WHERE name = 'audit_log';
         CREATE TRIGGER audit_log_no_update BEFORE UPDATE ON audit_log
            BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;
         CREATE TRIGGER audit_log_no_delete BEFORE DELETE ON audit_log
            BEGIN SELECT RAISE(ABORT, 'audit_log is append-only'); END;",
    );
    audit(&sandbox, &["verify"]).expect_status(0);
    let cut = verify(&sandbox, "checkpoint.json", "key.pem");
    cut.expect_status(7);
    assert_eq!(cut.json()["message"], "event 3 is missing");
    add(&sandbox, "other");
    audit(&sandbox, &["verify"]).expect_status(0);
    let rewritten = verify(&sandbox, "checkpoint.json", "key.pem");
    rewritten.expect_status(7);
    assert_eq!(rewritten.json()["broken"], "replaced");
}

#[test]
fn another_key_an_altered_checkpoint_and_other_files_are_told_apart() {
    let sandbox = sandbox_with_checkpoint();
    let error = |outcome: &Outcome, status: i32| {
        outcome.expect_status(status).expect_stdout("");
        outcome.json_error()["error"]["causes"][0].clone()
    };
    let other = Sandbox::new();
    add(&other, "one");
    let key = audit(&other, &["checkpoint", "--public-key"]).stdout;
    write(&sandbox, "other.pem", &key);
    let outcome = verify(&sandbox, "checkpoint.json", "other.pem");
    assert_eq!(
        error(&outcome, 7),
        "the checkpoint was signed with another key than the one given"
    );
    let text = fs::read_to_string(sandbox.path().join("checkpoint.json")).expect("it is there");
    write(&sandbox, "altered.json", &text.replace("\"3:", "\"2:"));
    let outcome = verify(&sandbox, "altered.json", "key.pem");
    assert_eq!(
        error(&outcome, 7),
        "the checkpoint was altered: its signature does not match its content"
    );
    verify(&sandbox, "key.pem", "key.pem").expect_status(2);
    verify(&sandbox, "checkpoint.json", "checkpoint.json").expect_status(2);
    verify(&sandbox, "none", "key.pem").expect_status(2);
    audit(&sandbox, &["verify", "--checkpoint", "checkpoint.json"]).expect_status(2);
}

#[test]
fn an_altered_log_is_not_signed() {
    let sandbox = sandbox_with_checkpoint();
    sqlite::query(
        &sandbox.registry(),
        "DROP TRIGGER audit_log_no_update; UPDATE audit_log SET status = 'x' WHERE id = 2",
    );
    let refused = audit(&sandbox, &["checkpoint", "--output", "second.json"]);
    refused.expect_status(7).expect_stdout("");
    assert!(!sandbox.path().join("second.json").exists());
}

#[test]
fn openssl_checks_the_signature_too() {
    let sandbox = sandbox_with_checkpoint();
    let text = fs::read_to_string(sandbox.path().join("checkpoint.json")).expect("it is there");
    let checkpoint: serde_json::Value = serde_json::from_str(&text).expect("it is JSON");
    let text_of = |key: &str| checkpoint[key].as_str().expect("a text").to_owned();
    let signed = format!(
        "pgrole audit checkpoint 1\n{}\n{}\n",
        text_of("checkpoint"),
        text_of("signed_at")
    );
    write(&sandbox, "signed", &signed);
    let mut decode = Command::new("sh");
    decode.current_dir(sandbox.path()).args([
        "-c",
        "printf %s \"$1\" | openssl base64 -d -A > signature &&
         openssl pkeyutl -verify -pubin -inkey key.pem -rawin -in signed -sigfile signature",
        "sh",
        &text_of("signature"),
    ]);
    let outcome = sandbox.outcome_of(decode);
    outcome.expect_status(0);
}
