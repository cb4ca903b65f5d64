//! Text from outside made safe for a terminal.

/// Whether a terminal may act on the character, or show something other than what is there: control characters, and
/// Unicode's format characters and line and paragraph separators (categories Cc, Cf, Zl, Zp of Unicode 17).
pub fn is_unsafe(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{ad}' | '\u{600}'..='\u{605}' | '\u{61c}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}'
            | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

/// Escapes unsafe letters as Rust and JSON write them (`\n`, `\u{1b}`).
pub fn escape(text: &str) -> String {
    escape_unless(text, |_| false)
}

/// The same, with line breaks kept.
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

pub fn push_escaped(text: &mut String, letter: char) {
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
        assert_eq!(
            escape("a\u{2028}\u{ad}\u{feff}"),
            r"a\u{2028}\u{ad}\u{feff}"
        );
        assert_eq!(escape("ä 🦀"), "ä 🦀");
        assert_eq!(escape_lines("a\nb\t"), "a\nb\\t");
    }
}
