//! The commands that sentences mention with what they take: each is typed, with a name for each placeholder.

use std::collections::BTreeSet;

use super::{Fleet, elsewhere, markdown};
use crate::harness::skip_unless_superuser;

/// What is mentioned, and what is typed, in this order; nothing where a conversation follows, which others hold.
const MENTIONED: &[(&str, &str)] = &[
    ("pgrole --version", "pgrole --version"),
    (
        "pgrole __generate documents docs",
        "mkdir docs && pgrole __generate documents docs",
    ),
    (
        "pgrole user create --profile NAME -e ENV -d DATABASE -u NAME",
        "pgrole user create --profile readonly -e dev -d myapp_dev -u jane",
    ),
    ("pgrole recover show ID", "pgrole recover show $id"),
    ("pgrole recover run ID", "pgrole recover run $id"),
    ("pgrole recover ack ID", "pgrole recover ack $id"),
    ("pgrole audit show ID", "pgrole audit show 3"),
    (
        "pgrole access prepare -d '*' --existing",
        "pgrole access prepare -d '*' --existing",
    ),
    (
        "pgrole audit checkpoint -o FILE",
        "pgrole audit checkpoint -o checkpoint.json",
    ),
    (
        "pgrole audit checkpoint --public-key",
        "pgrole audit checkpoint --public-key",
    ),
    ("pgrole doctor --quiet", "pgrole doctor --quiet"),
    ("pgrole doctor --offline", "pgrole doctor --offline"),
    (
        "pgrole rotate -u NAME --any-age --deliver WHERE",
        "pgrole rotate -u jane --any-age --deliver file:jane",
    ),
    (
        "pgrole rotate --reason 'weekly rotation'",
        "pgrole rotate --reason 'weekly rotation' --older-than 90d",
    ),
    (
        "pgrole rotate -u NAME --any-age --valid-for 90d",
        "pgrole rotate -u jane --any-age --valid-for 90d",
    ),
    (
        "pgrole user lock NAME -e E -d D",
        "pgrole user lock jane -e dev -d myapp_dev",
    ),
    (
        "pgrole user drop NAME -e E -d D",
        "pgrole user drop jane -e dev -d myapp_dev",
    ),
    (
        "pgrole offboard NAME… --reason TEXT",
        "pgrole offboard joe ann --reason HR-4711",
    ),
    (
        "pgrole credential check -e ENV",
        "pgrole credential check -e dev",
    ),
    (
        "pgrole credential rotate -e ENV",
        "pgrole credential rotate -e dev",
    ),
    // README.md's own is typed with its answers, and credential::prompt has the rest.
    ("pgrole credential set -e ENV -U ROLE", ""),
    ("pgrole credential set --notify team", ""),
];

/// The commands in the sentences of a document that say more than a command's name.
fn mentions_of(path: &str) -> Vec<String> {
    let document = markdown::read(path);
    let mut found = Vec::new();
    for paragraph in document.split("\n\n") {
        let sentences = paragraph.lines().filter(|line| !line.starts_with("    "));
        let sentences = sentences.map(str::trim).collect::<Vec<_>>().join(" ");
        let code = sentences.split('`').skip(1).step_by(2);
        let is_mention = |code: &&str| {
            let is_name = |word: &str| {
                word.chars()
                    .all(|letter| letter == '-' || letter.is_lowercase())
            };
            code.starts_with("pgrole ")
                && code
                    .split(' ')
                    .any(|word| !is_name(word) || word.starts_with('-'))
        };
        found.extend(code.filter(is_mention).map(str::to_owned));
    }
    found
}

#[test]
fn what_sentences_mention_runs() {
    if skip_unless_superuser("others do not change what they did not make") {
        return;
    }
    let mut fleet = Fleet::without_login(&["myapp_dev"], &[]);
    fleet.sandbox.register(&fleet.dev, "dev", "myapp_dev");
    let roles = "CREATE ROLE dba_jane SUPERUSER LOGIN PASSWORD 'her-s3cret'; CREATE ROLE joe LOGIN; CREATE ROLE ann LOGIN";
    fleet.dev.psql("postgres", roles);
    fleet
        .sandbox
        .write_config("[credential]\nuser = \"dba_jane\"\n");
    let port = fleet.dev.port();
    fleet.write(
        ".pgpass",
        &format!("127.0.0.1:{port}:*:dba_jane:her-s3cret\n"),
    );
    fleet.typed("chmod 600 .pgpass");
    let mut failures = Vec::new();
    for (_, typed) in MENTIONED {
        let id = "id=$(pgrole recover list --format json | jq -r '.[0].id')";
        let before = if typed.contains("$id") { id } else { ":" };
        let outcome = fleet.tried(&format!("{before}\n{typed}"));
        if outcome.status() != Some(0) {
            failures.push(outcome.to_string());
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn all_that_sentences_mention_is_known() {
    let documents = elsewhere::documents();
    // The table of docs/moving.md is typed by moving::older_service; the changes of the past are of the past.
    let others = ["docs/moving.md", "CHANGELOG.md"];
    let documents = documents
        .iter()
        .filter(|path| !others.contains(&path.as_str()));
    let found: BTreeSet<_> = documents.flat_map(|path| mentions_of(path)).collect();
    let known: BTreeSet<_> = MENTIONED
        .iter()
        .map(|(mentioned, _)| (*mentioned).to_owned())
        .collect();
    assert_eq!(found, known);
}
