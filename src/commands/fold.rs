//! Text in lines of a width, for help and for the manual's source.

/// The words of a text in lines of at most that many characters; a longer word has a line of its own.
pub fn folded(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
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
