//! Text from outside made safe for a terminal.

/// Whether a terminal may act on the letter: control characters, and those that reorder what is read.
pub fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Escapes unsafe letters as Rust and JSON write them (`\n`, `\u{1b}`).
pub fn escape(text: &str) -> String {
    escape_unless(text, |_| false)
}

/// The same, with line ends kept.
pub fn escape_lines(text: &str) -> String {
    escape_unless(text, |letter| letter == '\n')
}

fn escape_unless(text: &str, keep: impl Fn(char) -> bool) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_unsafe(letter) && !keep(letter) {
            push_escaped(&mut escaped, letter);
        } else {
            escaped.push(letter);
        }
    }
    escaped
}

fn push_escaped(text: &mut String, letter: char) {
    match letter {
        '\n' | '\r' | '\t' => text.extend(letter.escape_default()),
        _ => text.extend(letter.escape_unicode()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_would_act_on_is_shown_instead() {
        assert_eq!(escape("a\x1b[31m\nb\u{9b}"), r"a\u{1b}[31m\nb\u{9b}");
        assert_eq!(escape("\u{202e}gpj"), r"\u{202e}gpj");
        assert_eq!(escape("ä 🦀"), "ä 🦀");
        assert_eq!(escape_lines("a\nb\t"), "a\nb\\t");
    }
}
