//! The objects that a statement names, as far as its words tell, each with what the statement does to it. What is no
//! object after all does no harm: what the server says of the whole statement decides which of them count.

use crate::domain::lexer::{Token, split};
use crate::domain::role::explanation::{AccessQuestion, Action, SubjectKind};

/// How many objects of a statement are asked about.
const MOST: usize = 16;

/// Words that a parenthesis follows without their being functions.
const NO_FUNCTIONS: &[&str] = &[
    "all",
    "and",
    "any",
    "array",
    "as",
    "between",
    "by",
    "case",
    "cast",
    "coalesce",
    "cube",
    "distinct",
    "else",
    "except",
    "exists",
    "extract",
    "filter",
    "greatest",
    "grouping",
    "having",
    "in",
    "intersect",
    "is",
    "join",
    "least",
    "limit",
    "materialized",
    "not",
    "nullif",
    "offset",
    "on",
    "or",
    "over",
    "position",
    "returning",
    "rollup",
    "row",
    "select",
    "set",
    "sets",
    "some",
    "then",
    "union",
    "using",
    "values",
    "when",
    "where",
    "within",
];

#[derive(Debug, Clone, PartialEq, Eq)]
enum Word {
    /// As a statement may write it, and as the server reads it.
    Name {
        written: String,
        read: String,
    },
    Sign(char),
}

impl Word {
    /// What an unquoted word may be a keyword by.
    fn keyword(&self) -> &str {
        match self {
            Self::Name { written, read } if !written.starts_with('"') => read,
            _ => "",
        }
    }
}

/// What a relation is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Read,
    Insert,
    Update,
    Delete,
    Merge,
}

/// A relation that a statement names.
struct Named {
    object: String,
    place: Place,
    /// Those that an INSERT lists.
    columns: Vec<String>,
}

impl Named {
    fn of(chain: &[&str], place: Place, after: &[Word]) -> Self {
        Self {
            object: object(chain),
            place,
            columns: match place {
                Place::Insert => columns(after),
                _ => Vec::new(),
            },
        }
    }
}

/// Between two parentheses.
#[derive(Debug, Clone, Copy, Default)]
struct Level {
    /// What a relation that comes next is named for.
    awaits: Option<Place>,
    /// Whether a comma brings another relation.
    is_list: bool,
}

/// What a statement names: relations first, then functions.
pub fn questions(sql: &str) -> Vec<AccessQuestion> {
    let words = words(sql);
    let has = |keyword: &str| words.iter().any(|word| word.keyword() == keyword);
    let (mut relations, mut functions) = (Vec::<Named>::new(), Vec::new());
    let mut outer = Vec::new();
    let mut level = Level::default();
    let mut before = "";
    let mut place = 0;
    while let Some(word) = words.get(place) {
        if let Word::Sign(sign) = word {
            match sign {
                '(' => {
                    let inner = Level {
                        awaits: level.awaits.take(),
                        is_list: false,
                    };
                    outer.push(std::mem::replace(&mut level, inner));
                }
                ')' => level = outer.pop().unwrap_or_default(),
                ',' if level.is_list => level.awaits = Some(Place::Read),
                ';' => level = Level::default(),
                _ => {}
            }
            place += 1;
            continue;
        }
        let keyword = word.keyword();
        let awaited = match keyword {
            "from" if before == "delete" => Some(Place::Delete),
            // A list of columns, too, follows USING.
            "using" if words.get(place + 1) == Some(&Word::Sign('(')) => None,
            "from" | "join" | "using" | "table" => Some(Place::Read),
            "into" if before == "insert" => Some(Place::Insert),
            "into" if before == "merge" => Some(Place::Merge),
            "update" if !["for", "key", "do", "then"].contains(&before) => Some(Place::Update),
            _ => None,
        };
        let ends_list = [
            "where",
            "group",
            "order",
            "having",
            "limit",
            "set",
            "select",
            "values",
            "returning",
            "union",
        ];
        before = keyword;
        if let Some(awaited) = awaited {
            level = Level {
                awaits: Some(awaited),
                is_list: ["from", "using"].contains(&keyword) || keyword == "join" && level.is_list,
            };
            place += 1;
        } else if ends_list.contains(&keyword) {
            level = Level::default();
            place += 1;
        } else if ["only", "lateral"].contains(&keyword) {
            place += 1;
        } else {
            let chain = chain(&words[place..]);
            place += chain.len() * 2 - 1;
            let is_called = words.get(place) == Some(&Word::Sign('('));
            match level.awaits.take() {
                Some(Place::Read) if is_called => functions.push(object(&chain)),
                Some(awaited) => relations.push(Named::of(&chain, awaited, &words[place..])),
                None if is_called && !(chain.len() == 1 && NO_FUNCTIONS.contains(&keyword)) => {
                    functions.push(object(&chain));
                }
                None => {}
            }
        }
    }
    let locks = has("for") && (has("update") || has("share"));
    let mut questions = Vec::new();
    for named in relations {
        for action in actions(named.place, locks, &has) {
            let columns = match action {
                Action::Insert => named.columns.clone(),
                _ => Vec::new(),
            };
            add(
                &mut questions,
                SubjectKind::Table,
                &named.object,
                (action, columns),
            );
        }
    }
    for object in functions {
        let wanted = (Action::Execute, Vec::new());
        add(&mut questions, SubjectKind::Function, &object, wanted);
    }
    questions.truncate(MOST);
    questions
}

/// Whether a text is one name, perhaps with its schema, as a statement writes it.
pub fn is_name(text: &str) -> bool {
    let words = words(text);
    let chain = chain(&words);
    is_all(&words, text)
        && words.len() + 1 == chain.len() * 2
        && chain.len() <= 2
        && !chain.contains(&"\"\"")
}

/// The same for a function, perhaps with the types of its arguments.
pub fn is_function(text: &str) -> bool {
    match text.split_once('(') {
        Some((name, types)) => is_name(name.trim_end()) && types.ends_with(')'),
        None => is_name(text),
    }
}

/// The name itself, where it is in double quotes.
pub fn stored_name(text: &str) -> String {
    match words(text).as_slice() {
        [Word::Name { written, read }] if written == text && text.starts_with('"') => read.clone(),
        _ => text.to_owned(),
    }
}

/// Whether there is nothing between the words: no space, comment or constant.
fn is_all(words: &[Word], text: &str) -> bool {
    let written = words.iter().map(|word| match word {
        Word::Name { written, .. } => written.clone(),
        Word::Sign(sign) => sign.to_string(),
    });
    written.collect::<String>() == folded(text)
}

/// The text with what is not in double quotes in lower case, as the server reads it.
fn folded(text: &str) -> String {
    let parts = text.split('"').enumerate();
    let parts = parts.map(|(place, part)| match place % 2 {
        0 => part.to_ascii_lowercase(),
        _ => part.to_owned(),
    });
    parts.collect::<Vec<_>>().join("\"")
}

/// The name of an object without its schema, as the server reads it.
pub fn bare_name(object: &str) -> Option<String> {
    parts(object).pop()
}

/// The names of schema and object, as the server reads them.
pub fn parts(object: &str) -> Vec<String> {
    let words = words(object);
    let names = words.into_iter().filter_map(|word| match word {
        Word::Name { read, .. } => Some(read),
        Word::Sign(_) => None,
    });
    names.collect()
}

fn actions(awaited: Place, locks: bool, has: &dyn Fn(&str) -> bool) -> Vec<Action> {
    let mut actions = Vec::new();
    let mut take = |is_so, action| {
        if is_so {
            actions.push(action);
        }
    };
    match awaited {
        Place::Read => {
            take(true, Action::Select);
            take(locks, Action::Update);
        }
        Place::Insert => {
            take(true, Action::Insert);
            take(
                has("conflict") && has("do") && has("update"),
                Action::Update,
            );
            take(has("conflict") || has("returning"), Action::Select);
        }
        Place::Update => take(true, Action::Update),
        Place::Delete => take(true, Action::Delete),
        Place::Merge => {
            take(true, Action::Select);
            take(has("insert"), Action::Insert);
            take(has("update"), Action::Update);
            take(has("delete"), Action::Delete);
        }
    }
    actions
}

fn add(
    questions: &mut Vec<AccessQuestion>,
    kind: SubjectKind,
    object: &str,
    (action, columns): (Action, Vec<String>),
) {
    let is_known = |known: &AccessQuestion| {
        known.kind == kind
            && known.object == object
            && known.action == action
            && known.columns == columns
    };
    // A parenthesis begins arguments, wherever it is; and no name is empty.
    let is_name = !object.contains('(') && parts(object).iter().all(|part| !part.is_empty());
    if is_name && !questions.iter().any(is_known) {
        questions.push(AccessQuestion {
            kind,
            object: object.to_owned(),
            action,
            columns,
        });
    }
}

/// The columns that an INSERT lists after the table; none, if it lists none.
fn columns(words: &[Word]) -> Vec<String> {
    let [Word::Sign('('), listed @ ..] = words else {
        return Vec::new();
    };
    let is_query = |word: &Word| ["select", "values", "with", "table"].contains(&word.keyword());
    if listed.first().is_some_and(is_query) {
        return Vec::new();
    }
    let mut columns = Vec::new();
    for pair in listed.chunks(2) {
        let [Word::Name { read, .. }, Word::Sign(sign @ (',' | ')'))] = pair else {
            return Vec::new();
        };
        columns.push(read.clone());
        if *sign == ')' {
            return columns;
        }
    }
    Vec::new()
}

/// The names at the beginning that are joined by points.
fn chain(words: &[Word]) -> Vec<&str> {
    let mut names = Vec::new();
    for pair in words.chunks(2) {
        match pair {
            [Word::Name { written, .. }, rest @ ..] => {
                names.push(written.as_str());
                let is_followed = matches!(words.get(names.len() * 2), Some(Word::Name { .. }));
                if rest != [Word::Sign('.')] || !is_followed {
                    break;
                }
            }
            _ => break,
        }
    }
    names
}

fn object(chain: &[&str]) -> String {
    chain.join(".")
}

/// The words of a statement, without comments, constants and numbers; none, if it cannot be split with certainty.
fn words(sql: &str) -> Vec<Word> {
    let tokens = split(sql).unwrap_or_default().into_iter();
    let words = tokens.filter_map(|token| match token {
        Token::Word(name) => Some(Word::Name {
            written: name.clone(),
            read: name,
        }),
        Token::Quoted(name) => Some(Word::Name {
            written: format!("\"{}\"", name.replace('"', "\"\"")),
            read: name,
        }),
        Token::Sign(sign) => Some(Word::Sign(sign)),
        Token::Operator(operator) => operator.chars().next().map(Word::Sign),
        Token::Value => None,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(sql: &str) -> Vec<String> {
        let questions = questions(sql).into_iter();
        questions
            .map(|question| format!("{} {}", question.action, question.object))
            .collect()
    }

    #[test]
    fn relations_are_found_where_a_statement_names_them() {
        assert_eq!(
            asked(
                "SELECT o.a, count(*) FROM app.orders o JOIN \"Mixed\".\"T\" t USING (id), c AS x, d WHERE a IN (SELECT 1 FROM e)"
            ),
            [
                "SELECT app.orders",
                "SELECT \"Mixed\".\"T\"",
                "SELECT c",
                "SELECT d",
                "SELECT e",
                "EXECUTE count",
            ]
        );
        assert_eq!(
            asked(
                "INSERT INTO t (a, b) SELECT f(1), x FROM u ON CONFLICT DO UPDATE SET a = 1 RETURNING a"
            ),
            ["INSERT t", "UPDATE t", "SELECT t", "SELECT u", "EXECUTE f"]
        );
        assert_eq!(
            asked("UPDATE ONLY t SET a = 1 FROM u"),
            ["UPDATE t", "SELECT u"]
        );
        assert_eq!(
            asked("DELETE FROM t USING u, v"),
            ["DELETE t", "SELECT u", "SELECT v"]
        );
        assert_eq!(
            asked("SELECT 1 FROM t FOR UPDATE"),
            ["SELECT t", "UPDATE t"]
        );
        assert_eq!(
            asked("SELECT * FROM (a JOIN (b JOIN c ON true) ON true), d"),
            ["SELECT a", "SELECT b", "SELECT c", "SELECT d"]
        );
        assert_eq!(
            asked(
                "MERGE INTO t USING u ON t.a = u.a WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT VALUES (1)"
            ),
            ["SELECT t", "INSERT t", "UPDATE t", "SELECT u"]
        );
        assert_eq!(
            asked("SELECT * FROM s.f(1) x, t"),
            ["SELECT t", "EXECUTE s.f"]
        );
    }

    #[test]
    fn the_columns_that_an_insert_lists_are_those_it_needs() {
        let columns = |sql: &str| questions(sql).swap_remove(0).columns;
        assert_eq!(
            columns("INSERT INTO t (A, \"B\") VALUES (1, 2)"),
            ["a", "B"]
        );
        assert_eq!(columns("INSERT INTO s.t(a) SELECT 1"), ["a"]);
        for all in [
            "INSERT INTO t VALUES (a)",
            "INSERT INTO t (SELECT a)",
            "INSERT INTO t (a.b, c) VALUES (1, 2)",
            "INSERT INTO t (a",
            "INSERT INTO t (",
            "INSERT INTO t",
        ] {
            assert!(columns(all).is_empty(), "{all}");
        }
        assert!(questions("SELECT * FROM \"\", a.\"\"").is_empty());
    }

    #[test]
    fn what_is_in_constants_and_comments_is_not_named() {
        assert_eq!(
            asked(
                "SELECT 'FROM a', E'\\' FROM b', $x$ FROM c $x$, $1, 1.5 /* FROM d /* e */ */ -- FROM f\n FROM g"
            ),
            ["SELECT g"]
        );
        for torn in [
            "SELECT '",
            "SELECT \"",
            "/*",
            "$x$",
            "--",
            "SELECT é FROM",
            "a.",
            ".",
            "$",
            "FROM é.ü",
            "E'\\",
        ] {
            asked(torn);
        }
        assert_eq!(asked("TABLE é.ü"), ["SELECT é.ü"]);
    }

    #[test]
    fn a_name_is_one_name_and_nothing_else() {
        for name in ["orders", "app.orders", "\"A b\".\"c\"\"d\"", "é"] {
            assert!(is_name(name), "{name}");
            assert!(is_function(name), "{name}");
            assert!(is_function(&format!("{name}(integer, text)")), "{name}");
        }
        for other in [
            "",
            " ",
            "a b",
            "a.",
            ".a",
            "a;",
            "a where 1=1; drop table a",
            "a'b",
            "\"a",
            "a--",
            "1",
            "a.b c",
            "\"\"",
            "a.\"\"",
            // The database is not a part of it: another one's is not looked into.
            "db.app.orders",
        ] {
            assert!(!is_name(other), "{other}");
            assert!(!is_function(other), "{other}");
        }
        assert_eq!(stored_name("\"S x\""), "S x");
        assert_eq!(stored_name("S x"), "S x");
        assert_eq!(stored_name("App"), "App");
    }

    #[test]
    fn names_are_read_as_the_server_reads_them() {
        assert_eq!(bare_name("App.Orders").as_deref(), Some("orders"));
        assert_eq!(parts("\"A.\"\"b\".C"), ["A.\"b", "c"]);
    }
}
