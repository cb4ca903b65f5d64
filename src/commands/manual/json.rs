//! `pgrole-json(7)`: every key of every result, from the types that are printed.

use crate::commands::manual::page::Page;
use crate::commands::schema::{CONVENTIONS, Document, Key, Printed, Words};

pub fn page() -> Page {
    let document = Document::new();
    let mut page = Page::new("pgrole-json", 7, "what pgrole prints as JSON");
    page.section("description");
    page.paragraph(
        "Every key of every result: its type, whether it may be null or absent, what it means. The same is printed as JSON Schema by `pgrole schema`, and for one command by `pgrole schema` COMMAND.",
    );
    for convention in CONVENTIONS {
        page.paragraph(convention);
    }
    page.section("results");
    for printed in &document.results {
        add_result(&mut page, printed, &document);
    }
    page.section("words");
    for words in document.words() {
        add_words(&mut page, &words);
    }
    page.section("examples");
    page.literal(
        "pgrole user list --format json | jq -r '.[] | select(.profile == \"app\") | .username'
pgrole rotate status --older-than 90d --format json | jq -e 'any(.[]; .due) | not'
pgrole audit list --failed --since 1d --format json | jq -r '.[] | \"\\(.operation): \\(.error)\"'
pgrole schema user create | jq -r '.properties | keys[]'",
    );
    page
}

fn add_result(page: &mut Page, printed: &Printed, document: &Document) {
    page.subsection(&printed.heading());
    page.paragraph(printed.shape);
    for row in &printed.rows {
        if !row.title.is_empty() {
            page.paragraph(&format!("{}:", row.title));
        }
        for key in document.keys_of(&row.schema) {
            page.item(&format!("`{}`", key.path), &described(&key));
        }
    }
}

/// The type, as `string, null or absent`, and the meaning.
fn described(key: &Key) -> String {
    let kind = match (key.may_be_null, key.may_be_absent) {
        (false, false) => key.kind.clone(),
        (true, false) => format!("{} or null", key.kind),
        (false, true) => format!("{} or absent", key.kind),
        (true, true) => format!("{}, null or absent", key.kind),
    };
    format!("({kind}) {}", key.meaning)
}

fn add_words(page: &mut Page, words: &Words) {
    page.paragraph(&words.about);
    for (word, about) in &words.words {
        page.item(&format!("`{word}`"), about);
    }
}
