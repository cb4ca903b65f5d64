//! Text in lines of a width, for help and for the manual's source.

use crate::output::wrapped;

/// The words of a text in lines of at most that many characters; a longer word has a line of its own.
pub fn folded(text: &str, width: usize) -> Vec<String> {
    let words: Vec<_> = text.split_whitespace().collect();
    if words.is_empty() {
        return Vec::new();
    }
    wrapped(&words.join(" "), width)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_fill_lines_and_are_not_cut() {
        assert_eq!(folded("a bc  def\ngh", 4), ["a bc", "def", "gh"]);
        assert_eq!(folded("abcdef g", 3), ["abcdef", "g"]);
        assert!(folded("", 3).is_empty());
    }
}
