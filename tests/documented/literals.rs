//! The string literals of Rust source.

use std::iter::Peekable;
use std::str::Chars;

/// A literal, and the code before it on its line and those above.
pub struct Literal {
    pub text: String,
    /// The last word of code before it, such as `format!(`.
    pub after: String,
}

/// All string literals of a source, with their escapes read; byte strings are left out.
pub fn literals(source: &str) -> Vec<Literal> {
    let mut found = Vec::new();
    let mut code = String::new();
    let mut letters = source.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '/' if letters.peek() == Some(&'/') => {
                while letters.next_if(|letter| *letter != '\n').is_some() {}
            }
            '\'' => skip_char_or_lifetime(&mut letters),
            '"' => {
                let text = read_literal(&mut letters, &code);
                let after = code.split_whitespace().next_back().unwrap_or_default();
                if !after.ends_with('b') {
                    let after = after.to_owned();
                    found.push(Literal { text, after });
                }
                code.clear();
            }
            letter => code.push(letter),
        }
    }
    found
}

fn skip_char_or_lifetime(letters: &mut Peekable<Chars<'_>>) {
    let is_escape = letters.next() == Some('\\');
    if is_escape {
        letters.next();
        while letters.next_if(|letter| *letter != '\'').is_some() {}
    }
    letters.next_if_eq(&'\'');
}

fn read_literal(letters: &mut Peekable<Chars<'_>>, code: &str) -> String {
    let marks = code.len() - code.trim_end_matches('#').len();
    let is_raw = code.trim_end_matches('#').ends_with('r');
    let end = format!("\"{}", "#".repeat(marks));
    let mut text = String::new();
    while let Some(letter) = letters.next() {
        if letter == '\\' && !is_raw {
            match letters.next() {
                Some('n') => text.push('\n'),
                // The line goes on without its indentation.
                Some('\n') => while letters.next_if(|letter| letter.is_whitespace()).is_some() {},
                Some(escaped) => text.push(escaped),
                None => {}
            }
            continue;
        }
        text.push(letter);
        if is_raw && text.ends_with(&end) || !is_raw && letter == '"' {
            text.truncate(text.len() - if is_raw { end.len() } else { 1 });
            return text;
        }
    }
    text
}

#[test]
fn literals_are_told_from_code_and_comments() {
    let source = "f(\"a \\\"b\\\"\", 'x', '\\'', b\"no\"); // \"no\"\nfn g<'a>() { r#\"c \"d\"\"#; format!(\"e\\\n   f\") }";
    let found: Vec<_> = literals(source)
        .into_iter()
        .map(|found| found.text)
        .collect();
    assert_eq!(found, ["a \"b\"", "c \"d\"", "ef"]);
    assert_eq!(literals(source)[2].after, "format!(");
}
