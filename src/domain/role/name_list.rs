//! Settings whose values are lists of names, as PostgreSQL stores and reads them (`GUC_LIST_QUOTE`;
//! `SplitIdentifierString` and `SplitDirectoriesString` in varlena.c).

/// How the elements of a list setting are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ListKind {
    /// As identifiers: without quotes in lower case.
    Names,
    /// As paths: exactly as they are.
    Paths,
}

impl ListKind {
    /// The kind of a setting that a role can have; `None` if its value is one text.
    pub fn of(setting: &str) -> Option<Self> {
        match setting {
            "search_path" | "temp_tablespaces" => Some(Self::Names),
            "session_preload_libraries" | "local_preload_libraries" => Some(Self::Paths),
            _ => None,
        }
    }

    /// The elements of a stored list; `None` if the server would not read it as one.
    pub fn elements(self, text: &str) -> Option<Vec<String>> {
        let mut elements = Vec::new();
        let mut rest = text.trim();
        if rest.is_empty() {
            return Some(elements);
        }
        loop {
            let (element, after) = if let Some(quoted) = rest.strip_prefix('"') {
                quoted_element(quoted)?
            } else {
                self.plain_element(rest)?
            };
            elements.push(element);
            let after = after.trim_start();
            if after.is_empty() {
                return Some(elements);
            }
            rest = after.strip_prefix(',')?.trim_start();
        }
    }

    /// An element without quotes, and what follows.
    fn plain_element(self, text: &str) -> Option<(String, &str)> {
        let is_end =
            |letter: char| letter == ',' || self == Self::Names && letter.is_ascii_whitespace();
        let end = text.find(is_end);
        let (element, after) = text.split_at(end.unwrap_or(text.len()));
        let element = element.trim_end();
        let is_element = !element.is_empty() && !element.contains('"');
        is_element.then(|| match self {
            Self::Names => (element.to_ascii_lowercase(), after),
            Self::Paths => (element.to_owned(), after),
        })
    }
}

/// An element up to its closing quote, and what follows; quotes inside are doubled.
fn quoted_element(text: &str) -> Option<(String, &str)> {
    let mut element = String::new();
    let mut rest = text;
    loop {
        let (inside, after) = rest.split_once('"')?;
        element.push_str(inside);
        match after.strip_prefix('"') {
            Some(more) => {
                element.push('"');
                rest = more;
            }
            None => return Some((element, after)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_search_path_is_read_as_postgresql_reads_it() {
        let names = |text: &str| ListKind::Names.elements(text).unwrap();
        assert_eq!(
            names(r#""$user", public,"a,""b" , C"#),
            list(&["$user", "public", "a,\"b", "c"])
        );
        assert_eq!(names(r#""""#), list(&[""]));
        assert_eq!(names("a;drop"), list(&["a;drop"]));
        assert_eq!(names(""), list(&[]));
        for wrong in ["a b", "a,", ",a", "\"a", "a\"b"] {
            assert_eq!(ListKind::Names.elements(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn libraries_keep_their_letters_and_spaces() {
        let paths = |text: &str| ListKind::Paths.elements(text).unwrap();
        assert_eq!(
            paths(r#"auto_explain, $libdir/Two Words ,"a,b""#),
            list(&["auto_explain", "$libdir/Two Words", "a,b"])
        );
    }
}
