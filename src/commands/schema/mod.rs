//! `pgrole schema`: what each result is, as JSON Schema; and the pages that are made from it.

mod document;
mod keys;
mod markdown;
mod results;
mod row;
mod rows;
mod shared;

use anyhow::Result;
use clap::Args;
use serde_json::Value;

use crate::domain::choice::{did_you_mean, unknown};
use crate::domain::failure::Failure;
use crate::output::Ui;

pub use document::Document;
pub use keys::{Key, Words};
pub use results::Printed;
pub use shared::CONVENTIONS;

#[derive(Debug, Args)]
#[command(after_help = "Examples:
  pgrole schema > pgrole.schema.json
  pgrole schema user create
  pgrole schema stderr | jq -r '.\"$defs\".Kind.oneOf[].const'     (the kinds of errors)")]
pub struct SchemaArgs {
    /// The command whose rows to describe; or stderr, delivery or message [default: all]
    #[arg(value_name = "COMMAND")]
    words: Vec<String>,
}

impl SchemaArgs {
    pub fn run(self) -> Result<()> {
        let document = Document::new();
        let name = self.words.join(" ");
        let name = name.strip_prefix("pgrole ").unwrap_or(&name);
        let schema = if name.is_empty() {
            document.whole()
        } else {
            let of_command = document.of(name);
            of_command.ok_or_else(|| unknown_result(name, &document.names()))?
        };
        Ui::show_text(&serde_json::to_string_pretty(&schema)?)
    }
}

/// `docs/json.md`.
pub fn page() -> String {
    markdown::page(&Document::new())
}

/// The keys of a command's rows.
pub fn keys_of(command: &str) -> Vec<String> {
    let printed = results::results(&row::Types::new()).into_iter();
    let rows = printed
        .filter(|printed| printed.names.contains(&command))
        .flat_map(|printed| printed.rows);
    let mut keys = Vec::new();
    for row in rows {
        let found = row.schema.get("properties").and_then(Value::as_object);
        let found = found.into_iter().flatten().map(|(key, _)| key.clone());
        keys.extend(found.filter(|key| key != "audit_anchor"));
    }
    keys
}

fn unknown_result(name: &str, known: &[&str]) -> Failure {
    let failure = Failure::usage(unknown("result", name, known));
    match did_you_mean(name, known.iter().copied()) {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}
