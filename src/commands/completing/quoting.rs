//! Words as a shell's user types them, with quotes and backslashes, and what they stand for.

/// Which quotes are open at the end of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    Nothing,
    Single,
    Double,
}

/// A word as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TypedWord<'a>(&'a str);

/// The last word of a line, of which bash replaces the end.
#[derive(Debug)]
pub struct Unfinished<'a> {
    word: &'a str,
    /// What bash leaves as it is.
    kept: &'a str,
}

/// Splits a line at unquoted blanks. The last word is the one that is being typed: it may be empty.
pub fn words_of(line: &str) -> Vec<TypedWord<'_>> {
    let mut words = Vec::new();
    let mut start = 0;
    scan(line, |at, _, letter| {
        if letter.is_some_and(char::is_whitespace) {
            if start < at {
                words.push(TypedWord(&line[start..at]));
            }
            start = at + 1;
        }
    });
    words.push(TypedWord(&line[start..]));
    words
}

/// What the typed word stands for.
pub fn text_of(typed: &str) -> String {
    let mut text = String::new();
    scan(typed, |_, quoted, letter| text.extend(quoted.or(letter)));
    text
}

impl TypedWord<'_> {
    pub fn text(self) -> String {
        text_of(self.0)
    }
}

impl<'a> Unfinished<'a> {
    /// `None` if the word does not end with what is to be replaced.
    pub fn of(TypedWord(word): TypedWord<'a>, replaced: &str) -> Option<Self> {
        let kept = word.strip_suffix(replaced)?;
        Some(Self { word, kept })
    }

    pub fn text(&self) -> String {
        text_of(self.word)
    }

    /// What to put in the place of the end of the word, so that the whole stands for the text; `None` if that cannot be
    /// written.
    pub fn replacement(&self, text: &str) -> Option<String> {
        let rest = text.strip_prefix(&text_of(self.kept))?;
        match scan(self.kept, |_, _, _| ()) {
            Open::Single => Some(rest.replace('\'', r"'\''")),
            // Within double quotes nothing protects an exclamation mark from bash's history.
            Open::Double if rest.contains('!') => None,
            Open::Double => Some(escaped(rest, |c| "$`\"\\".contains(c))),
            Open::Nothing if self.kept.is_empty() && self.word.starts_with('~') => {
                let rest = rest.strip_prefix('~')?;
                Some(format!("~{}", escaped(rest, is_special)))
            }
            Open::Nothing => Some(escaped(rest, is_special)),
        }
    }
}

fn escaped(text: &str, is_special: impl Fn(char) -> bool) -> String {
    let mut escaped = String::new();
    for letter in text.chars() {
        if is_special(letter) {
            escaped.push('\\');
        }
        escaped.push(letter);
    }
    escaped
}

fn is_special(letter: char) -> bool {
    !(letter.is_alphanumeric() || "_-./:=@%+,".contains(letter) || !letter.is_ascii())
}

/// Goes through a text; says of each letter that stands for itself where it is, and whether it is quoted (the first
/// option) or not (the second). Returns what is open at the end.
fn scan(text: &str, mut say: impl FnMut(usize, Option<char>, Option<char>)) -> Open {
    let mut open = Open::Nothing;
    let mut letters = text.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        match (open, letter) {
            (Open::Nothing, '\'') => open = Open::Single,
            (Open::Nothing, '"') => open = Open::Double,
            (Open::Single, '\'') | (Open::Double, '"') => open = Open::Nothing,
            (Open::Nothing, '\\') => {
                if let Some((at, letter)) = letters.next() {
                    say(at, Some(letter), None);
                }
            }
            (Open::Double, '\\') => {
                let next = letters.next_if(|(_, next)| "$`\"\\".contains(*next));
                let (at, letter) = next.unwrap_or((at, letter));
                say(at, Some(letter), None);
            }
            (Open::Nothing, letter) => say(at, None, Some(letter)),
            (_, letter) => say(at, Some(letter), None),
        }
    }
    open
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_for_what_the_shell_makes_of_them() {
        let line = r#"pgrole  user -e 'dev' -d my\ app -u "a \"b\" $c" --x="#;
        let words: Vec<_> = words_of(line).into_iter().map(TypedWord::text).collect();
        let wanted = [
            "pgrole",
            "user",
            "-e",
            "dev",
            "-d",
            "my app",
            "-u",
            "a \"b\" $c",
            "--x=",
        ];
        assert_eq!(words, wanted);
        assert_eq!(words_of("pgrole ").last(), Some(&TypedWord("")));
    }

    #[test]
    fn what_is_inserted_stands_for_the_text() {
        for (typed, replaced, text, wanted) in [
            ("", "", "my app", Some(r"my\ app")),
            (r"my\ a", r"my\ a", "my app", Some(r"my\ app")),
            ("'my a", "my a", "my 'app'", Some(r"my '\''app'\''")),
            ("\"my", "my", "my $(app)", Some(r"my \$(app)")),
            ("\"my", "my", "my!", None),
            ("--env=d", "d", "--env=dev", Some("dev")),
            ("file:/ru", "/ru", "file:/run/", Some("/run/")),
            ("", "", "$(touch x);`y`", Some(r"\$\(touch\ x\)\;\`y\`")),
            ("~/a", "~/a", "~/a b", Some(r"~/a\ b")),
            ("", "", "~a", Some(r"\~a")),
            ("jane@", "", "jane@dev/", Some("dev/")),
        ] {
            let unfinished = Unfinished::of(TypedWord(typed), replaced);
            let unfinished = unfinished.expect("it ends so");
            let found = unfinished.replacement(text);
            assert_eq!(found.as_deref(), wanted, "{typed} {text}");
        }
        assert!(Unfinished::of(TypedWord("a"), "b").is_none());
    }
}
