//! `docs/json.md`: every key of every result, made from the schema.

use crate::commands::schema::document::Document;
use crate::commands::schema::keys::{Key, Words};
use crate::commands::schema::results::Printed;
use crate::commands::schema::shared::CONVENTIONS;

const BEGINNING: &str = "\
# Results as JSON

Every key of every result: its type, whether it may be null, what it means. This page is made from the program's own types (`pgrole __generate
documents docs`), and says the same as [JSON Schema](https://json-schema.org/) does in `pgrole schema`, `pgrole schema user create` and the
like. How to use them is in [scripting](scripting.md), and how an anchor proves what the log held in [the audit log](audit.md).

";

/// The whole page.
pub fn page(document: &Document) -> String {
    let mut page = BEGINNING.to_owned();
    for convention in CONVENTIONS {
        page.push_str(&format!("- {convention}\n"));
    }
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
    let heading = printed.heading();
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
