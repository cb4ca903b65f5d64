//! The words of an SQL statement, as PostgreSQL's lexer splits them: names and signs, without literals and comments.

/// A word that matters to what a statement does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Token {
    /// A name or a keyword, in lower case.
    Word(String),
    /// A name in double quotes, exactly.
    Quoted(String),
    /// `(`, `)`, `;`, `,`, `.` and the like.
    Sign(char),
    Operator(String),
    /// A literal or a parameter, whatever its value.
    Value,
}

impl Token {
    pub fn is(&self, keyword: &str) -> bool {
        matches!(self, Self::Word(word) if word == keyword)
    }

    /// What it names, if it is a name.
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Word(name) | Self::Quoted(name) => Some(name),
            _ => None,
        }
    }
}

/// Splits a text; the error says what cannot be split with certainty.
pub fn split(text: &str) -> Result<Vec<Token>, &'static str> {
    let mut lexer = Lexer { rest: text };
    let mut tokens = Vec::new();
    while let Some(first) = lexer.rest.chars().next() {
        if let Some(token) = lexer.next(first)? {
            tokens.push(token);
        }
    }
    Ok(tokens)
}

const OPERATORS: &str = "+-*/<>=~!@#%^&|`?";

struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    /// The token that begins here; `None` for a space or a comment.
    fn next(&mut self, first: char) -> Result<Option<Token>, &'static str> {
        if first.is_ascii_whitespace() {
            self.rest = self
                .rest
                .trim_start_matches(|sign: char| sign.is_ascii_whitespace());
            return Ok(None);
        }
        if self.rest.starts_with("--") {
            let end = self.rest.find(['\n', '\r']).unwrap_or(self.rest.len());
            self.skip(end);
            return Ok(None);
        }
        if self.rest.starts_with("/*") {
            self.skip_comment()?;
            return Ok(None);
        }
        let token = match first {
            '\'' => self.literal(false)?,
            '"' => Token::Quoted(self.quoted()?),
            '$' => self.dollar()?,
            '0'..='9' => {
                self.take(|sign| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '.'));
                Token::Value
            }
            _ if is_start(first) => self.word()?,
            _ if OPERATORS.contains(first) => Token::Operator(self.operator()),
            _ => {
                self.skip(first.len_utf8());
                Token::Sign(first)
            }
        };
        Ok(Some(token))
    }

    fn skip(&mut self, length: usize) {
        self.rest = self.rest.get(length..).unwrap_or_default();
    }

    fn take(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|sign| !belongs(sign));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        taken
    }

    /// Comments may contain comments.
    fn skip_comment(&mut self) -> Result<(), &'static str> {
        let mut depth = 0_usize;
        loop {
            if self.rest.starts_with("/*") {
                depth += 1;
                self.skip(2);
            } else if self.rest.starts_with("*/") {
                depth -= 1;
                self.skip(2);
            } else {
                let sign = self.rest.chars().next().ok_or("a comment is not closed")?;
                self.skip(sign.len_utf8());
            }
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// A backslash before a quotation mark ends the literal or not, as `standard_conforming_strings` says.
    fn literal(&mut self, has_escapes: bool) -> Result<Token, &'static str> {
        self.skip(1);
        loop {
            let end = self
                .rest
                .find(['\'', '\\'])
                .ok_or("a literal is not closed")?;
            let is_quote = self.rest[end..].starts_with('\'');
            self.skip(end + 1);
            if is_quote {
                if !self.rest.starts_with('\'') {
                    return Ok(Token::Value);
                }
                self.skip(1);
            } else if has_escapes {
                let escaped = self.rest.chars().next().ok_or("a literal is not closed")?;
                self.skip(escaped.len_utf8());
            } else if self.rest.starts_with('\'') {
                return Err("where a literal ends depends on standard_conforming_strings");
            }
        }
    }

    fn quoted(&mut self) -> Result<String, &'static str> {
        self.skip(1);
        let mut name = String::new();
        loop {
            let end = self.rest.find('"').ok_or("a quoted name is not closed")?;
            name.push_str(&self.rest[..end]);
            self.skip(end + 1);
            if !self.rest.starts_with('"') {
                return Ok(name);
            }
            name.push('"');
            self.skip(1);
        }
    }

    /// A parameter, or a literal between `$tag$` and `$tag$`.
    fn dollar(&mut self) -> Result<Token, &'static str> {
        let after = self.rest.get(1..).unwrap_or_default();
        let tag = after.find(|sign: char| !is_part(sign) || sign == '$');
        let is_literal = !after.starts_with(|sign: char| sign.is_ascii_digit());
        if let Some(tag) = tag.filter(|tag| is_literal && after[*tag..].starts_with('$')) {
            let delimiter = &self.rest[..tag + 2];
            self.skip(delimiter.len());
            let end = self.rest.find(delimiter).ok_or("a literal is not closed")?;
            self.skip(end + delimiter.len());
            return Ok(Token::Value);
        }
        self.skip(1);
        self.take(|sign| sign.is_ascii_digit());
        Ok(Token::Value)
    }

    fn word(&mut self) -> Result<Token, &'static str> {
        let word = self.take(is_part);
        let lower = word.to_ascii_lowercase();
        if self.rest.starts_with('\'') && matches!(lower.as_str(), "e" | "b" | "x" | "n") {
            return self.literal(lower == "e");
        }
        if lower == "u" && (self.rest.starts_with("&'") || self.rest.starts_with("&\"")) {
            return Err("it has names or literals in U& notation");
        }
        Ok(Token::Word(lower))
    }

    /// Up to where a comment begins.
    fn operator(&mut self) -> String {
        let operator = self.rest;
        let operator = operator
            .find(|sign| !OPERATORS.contains(sign))
            .map_or(operator, |end| &operator[..end]);
        let comment = ["--", "/*"]
            .into_iter()
            .filter_map(|begin| operator.find(begin))
            .min();
        let operator = comment.map_or(operator, |end| &operator[..end]);
        self.skip(operator.len());
        operator.to_owned()
    }
}

fn is_start(sign: char) -> bool {
    sign.is_ascii_alphabetic() || sign == '_' || !sign.is_ascii()
}

fn is_part(sign: char) -> bool {
    is_start(sign) || sign.is_ascii_digit() || sign == '$'
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> String {
        let shown = split(text).unwrap().into_iter().map(|token| match token {
            Token::Word(word) => word,
            Token::Quoted(name) => format!("<{name}>"),
            Token::Sign(sign) => sign.to_string(),
            Token::Operator(operator) => operator,
            Token::Value => "?".to_owned(),
        });
        shown.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn literals_and_comments_hide_what_is_in_them() {
        for (text, wanted) in [
            ("SELECT 'INSERT' -- UPDATE\n, 1.5e3", "select ? , ?"),
            ("a /* b /* INSERT */ c */ d", "a d"),
            (r"SELECT E'it\'s INSERT', 'it''s'", "select ? , ?"),
            (
                "SELECT $$INSERT$$, $x$ $$ $x$, $1+$2",
                "select ? , ? , ? + ?",
            ),
            (
                r#"SELECT "Say ""it"""."x" FROM Ünder"#,
                r#"select <Say "it"> . <x> from Ünder"#,
            ),
            ("a<=b--c", "a <= b"),
            ("a/**/b", "a b"),
            ("x$y", "x$y"),
        ] {
            assert_eq!(words(text), wanted, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_split_with_certainty_is_an_error() {
        for text in [
            r"SELECT '\', INSERT '",
            "SELECT 'a",
            "SELECT \"a",
            "a /* b",
            "U&\"d\\0061t\"",
            "$a$ b",
        ] {
            assert!(split(text).is_err(), "{text}");
        }
    }
}
