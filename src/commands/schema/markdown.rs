//! `docs/json.md`: every key of every result, made from the schema.

use crate::commands::schema::document::Document;
use crate::commands::schema::keys::{Key, Words};
use crate::commands::schema::results::Printed;

const BEGINNING: &str = "\
# Results as JSON

Every key of every result: its type, whether it may be null, what it means. This page is made from the program's own types (`pgrole __generate
documents docs`), and says the same as [JSON Schema](https://json-schema.org/) does in `pgrole schema`, `pgrole schema user create` and the
like. How to use them is in [scripting](scripting.md).

- A result is one object or a list, as said below. With `--format json` a list is one array, with `--format jsonl` each object is a line.
- Keys are added over time, never renamed or removed. Ignore those that you do not know.
- Each key is always there, unless it may be absent; then it is absent where it would be null or empty.
- Times are texts as in RFC 3339, in UTC. A `port` is a text in the rows about logins, and a number where it is said.
- The path of a key is what jq takes: `differs[].what` is the key `what` of each object in the list `differs`.
- Every object of a run that touched the registry ends with `audit_anchor`, the newest event of the audit log as `SEQUENCE:HASH`, which
  [proves](audit.md) later that the log still holds what was done. Files (`export`, `registry export`, `audit export`) do not have it.
";

/// The whole page.
pub fn page(document: &Document) -> String {
    let mut page = BEGINNING.to_owned();
    for printed in &document.results {
        push_result(&mut page, printed, document);
    }
    page.push_str("\n## The words\n");
    for words in document.words() {
        push_words(&mut page, &words);
    }
    page
}

fn push_result(page: &mut String, printed: &Printed, document: &Document) {
    let heading = heading(printed.names);
    page.push_str(&format!("\n## {heading}\n\n{}\n", printed.shape));
    for row in &printed.rows {
        if !row.title.is_empty() {
            page.push_str(&format!("\n{}:\n", row.title));
        }
        page.push_str("\n| key | type | may be | meaning |\n| --- | --- | --- | --- |\n");
        for key in document.keys_of(&row.schema) {
            page.push_str(&line(&key));
        }
    }
}

/// The commands; a noun is named once: `recover list, show`.
fn heading(names: &[&str]) -> String {
    let noun = names.first().and_then(|name| name.split_once(' '));
    let words = names.iter().enumerate().map(|(place, name)| {
        let verb = name.split_once(' ').filter(|_| place > 0);
        match (verb, noun) {
            (Some((one, verb)), Some((noun, _))) if one == noun => verb,
            _ => name,
        }
    });
    words.collect::<Vec<_>>().join(", ")
}

fn line(key: &Key) -> String {
    let may_be = match (key.may_be_null, key.may_be_absent) {
        (false, false) => "",
        (true, false) => "null",
        (false, true) => "absent",
        (true, true) => "null, absent",
    };
    let Key { path, kind, .. } = key;
    format!(
        "| `{path}` | {kind} | {may_be} | {} |\n",
        cell(&key.meaning)
    )
}

fn push_words(page: &mut String, words: &Words) {
    page.push_str(&format!(
        "\n{}\n\n| word | meaning |\n| --- | --- |\n",
        words.about
    ));
    for (word, about) in &words.words {
        page.push_str(&format!("| `{word}` | {} |\n", cell(about)));
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}
