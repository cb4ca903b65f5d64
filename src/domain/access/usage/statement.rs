//! What a statement does, by its text: the level that it needs, and what about it is unclear.

use std::collections::BTreeSet;

use crate::domain::access::AccessLevel;
use crate::domain::access::usage::ground::{Call, Callables};
use crate::domain::lexer::{Token, split};

/// What a statement comes to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Judged {
    /// The level that it needs at least.
    pub level: AccessLevel,
    /// What needs that level: `INSERT`, `COPY FROM`, `nextval()`; no text of the statement's own.
    pub by: String,
    /// Why it may need more; `None` if it does not.
    pub unclear: Option<String>,
    /// All names in it.
    pub names: BTreeSet<String>,
}

/// Judges a text of one statement or of several.
pub fn judge(text: &str, callables: &Callables) -> Judged {
    let mut whole = Judged::of(AccessLevel::None, "");
    let tokens = match split(text) {
        Ok(tokens) => tokens,
        Err(why) => {
            whole.unclear = Some(format!("a statement cannot be read: {why}"));
            return whole;
        }
    };
    for statement in statements(&tokens) {
        whole.add(judge_one(statement));
        whole.add(calls(statement, callables));
    }
    whole.names = tokens
        .iter()
        .filter_map(Token::name)
        .map(str::to_owned)
        .collect();
    whole
}

/// Whether what is read together with a relation or a type runs nothing that may write. Its definition may be an
/// expression as well.
pub fn is_clear(callables: &Callables, definition: &str) -> bool {
    let Ok(tokens) = split(definition) else {
        return false;
    };
    let found = calls(&tokens, callables);
    found.unclear.is_none() && found.level <= AccessLevel::Readonly
}

/// The statements of a text: what is between semicolons outside of parentheses.
fn statements(tokens: &[Token]) -> impl Iterator<Item = &[Token]> {
    let mut depth = 0_i32;
    tokens
        .split(move |token| {
            match token {
                Token::Sign('(') => depth += 1,
                Token::Sign(')') => depth -= 1,
                _ => {}
            }
            *token == Token::Sign(';') && depth <= 0
        })
        .filter(|statement| !statement.is_empty())
}

impl Judged {
    fn of(level: AccessLevel, by: &str) -> Self {
        Self {
            level,
            by: by.to_owned(),
            unclear: None,
            names: BTreeSet::new(),
        }
    }

    fn read(by: &str) -> Self {
        Self::of(AccessLevel::Readonly, by)
    }

    fn write(by: &str) -> Self {
        Self::of(AccessLevel::Readwrite, by)
    }

    fn unclear(why: impl Into<String>) -> Self {
        Self {
            unclear: Some(why.into()),
            ..Self::read("")
        }
    }

    fn add(&mut self, other: Self) {
        if other.level > self.level {
            self.level = other.level;
            self.by = other.by;
        }
        if self.unclear.is_none() {
            self.unclear = other.unclear;
        }
    }
}

fn judge_one(tokens: &[Token]) -> Judged {
    let Some((first, rest)) = tokens.split_first() else {
        return Judged::of(AccessLevel::None, "");
    };
    // A query may begin with parentheses.
    if *first == Token::Sign('(') {
        return judge_query(tokens);
    }
    let Token::Word(first) = first else {
        return Judged::unclear("a statement begins with no keyword");
    };
    let has = |word: &str| rest.iter().any(|token| token.is(word));
    match first.as_str() {
        "select" | "with" | "values" | "table" => judge_query(tokens),
        "explain" => judge_one(after_options(rest)),
        "prepare" => judge_one(after(rest, "as")),
        "declare" => judge_one(after(after(rest, "cursor"), "for")),
        "insert" | "update" | "delete" | "merge" | "truncate" => {
            Judged::write(&first.to_ascii_uppercase())
        }
        "copy" => judge_copy(rest),
        "lock" if is_access_share(rest) => Judged::read("LOCK"),
        "lock" => Judged::write("LOCK"),
        // What another role did is counted for that role.
        "set" if has("role") || has("authorization") => {
            Judged::unclear("it ran SET ROLE or SET SESSION AUTHORIZATION")
        }
        "begin" | "start" | "commit" | "end" | "rollback" | "abort" | "savepoint" | "release"
        | "set" | "reset" | "show" | "discard" | "deallocate" | "fetch" | "move" | "close"
        | "listen" | "unlisten" | "notify" => Judged::of(AccessLevel::None, ""),
        "create" if is_temporary(rest) => Judged::write("CREATE TEMPORARY"),
        // A role's own password is no matter of access.
        "alter"
            if rest
                .first()
                .is_some_and(|kind| kind.is("role") || kind.is("user")) =>
        {
            Judged::of(AccessLevel::None, "")
        }
        "create" | "alter" | "drop" | "comment" | "grant" | "revoke" | "reassign" | "security"
        | "import" | "refresh" | "reindex" | "cluster" | "vacuum" | "analyze" | "analyse" => {
            Judged::of(AccessLevel::Ddl, &first.to_ascii_uppercase())
        }
        "call" | "do" | "execute" => {
            let keyword = first.to_ascii_uppercase();
            Judged::unclear(format!("it ran {keyword}, whose effects are not recorded"))
        }
        _ => Judged::unclear("it ran a kind of statement that is not known here"),
    }
}

/// SELECT, VALUES, TABLE and WITH: reads, unless a word in it may write.
fn judge_query(tokens: &[Token]) -> Judged {
    let mut judged = Judged::read("SELECT");
    let mut last: Option<&Token> = None;
    for (at, token) in tokens.iter().enumerate() {
        let follows = |word: &str| tokens.get(at + 1).is_some_and(|next| next.is(word));
        let Token::Word(word) = token else {
            last = Some(token);
            continue;
        };
        match word.as_str() {
            "into" if follows("temp") || follows("temporary") => {
                judged.add(Judged::write("SELECT INTO TEMPORARY"));
            }
            // Of a data-modifying WITH, too.
            "into" if last.is_some_and(|last| last.is("insert") || last.is("merge")) => {}
            "into" => judged.add(Judged::of(AccessLevel::Ddl, "SELECT INTO")),
            "insert" | "update" | "delete" | "merge" if last.is_none_or(|last| !last.is("for")) => {
                judged.add(Judged::write(&word.to_ascii_uppercase()));
            }
            "for"
                if ["update", "no", "share", "key"]
                    .iter()
                    .any(|lock| follows(lock)) =>
            {
                judged.add(Judged::write("SELECT FOR UPDATE or SHARE"));
            }
            _ => {}
        }
        last = Some(token);
    }
    judged
}

fn judge_copy(rest: &[Token]) -> Judged {
    if rest.first() == Some(&Token::Sign('(')) {
        let mut judged = judge_query(rest);
        judged.by = if judged.level > AccessLevel::Readonly {
            format!("{} in COPY", judged.by)
        } else {
            "COPY TO".to_owned()
        };
        return judged;
    }
    let direction = rest.iter().find(|token| token.is("from") || token.is("to"));
    match direction {
        Some(direction) if direction.is("to") => Judged::read("COPY TO"),
        _ => Judged::write("COPY FROM"),
    }
}

fn is_access_share(rest: &[Token]) -> bool {
    let mode = after(rest, "in");
    matches!(mode, [access, share, mode, ..] if access.is("access") && share.is("share") && mode.is("mode"))
}

fn is_temporary(rest: &[Token]) -> bool {
    let mut words = rest.iter().skip_while(|token| {
        ["local", "global", "or", "replace"]
            .iter()
            .any(|word| token.is(word))
    });
    words
        .next()
        .is_some_and(|token| token.is("temp") || token.is("temporary"))
}

/// What follows the first such keyword.
fn after<'a>(tokens: &'a [Token], keyword: &str) -> &'a [Token] {
    let at = tokens.iter().position(|token| token.is(keyword));
    at.and_then(|at| tokens.get(at + 1..)).unwrap_or_default()
}

/// What EXPLAIN explains: after `(…)`, or after ANALYZE and VERBOSE.
fn after_options(mut rest: &[Token]) -> &[Token] {
    if rest.first() == Some(&Token::Sign('(')) {
        // A query may stand in parentheses, too; options are no query.
        let is_query = rest.get(1).is_some_and(|next| {
            *next == Token::Sign('(')
                || ["select", "with", "values", "table"]
                    .iter()
                    .any(|word| next.is(word))
        });
        if is_query {
            return rest;
        }
        let end = rest.iter().position(|token| *token == Token::Sign(')'));
        return end.and_then(|end| rest.get(end + 1..)).unwrap_or_default();
    }
    while let Some((option, others)) = rest.split_first() {
        if !["analyze", "analyse", "verbose"]
            .iter()
            .any(|word| option.is(word))
        {
            break;
        }
        rest = others;
    }
    rest
}

/// What the routines and operators in it come to. A routine of the database's own is called in ways without parentheses,
/// too: as an attribute, by a view.
fn calls(tokens: &[Token], callables: &Callables) -> Judged {
    let mut judged = Judged::of(AccessLevel::None, "");
    if callables.has_casts {
        judged.add(Judged::unclear(
            "a cast of this database runs a routine of its own",
        ));
    }
    for (at, token) in tokens.iter().enumerate() {
        if let Token::Operator(operator) = token
            && callables.operators.contains(operator)
        {
            let why = format!("operator {operator} may run a routine of the database's own");
            judged.add(Judged::unclear(why));
        }
        let Some(name) = token.name() else {
            continue;
        };
        if callables.routines.contains(name) {
            let why = format!("\"{name}\" is, or runs, a routine that may write");
            judged.add(Judged::unclear(why));
        }
        if tokens.get(at + 1) != Some(&Token::Sign('(')) {
            continue;
        }
        match callables.call(name) {
            Call::Harmless => {}
            Call::Writes => judged.add(Judged::write(&format!("{name}()"))),
            Call::Unclear => judged.add(Judged::unclear(format!("{name}() may write"))),
        }
    }
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn callables() -> Callables {
        let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        Callables {
            routines: set(&["charge", "v_charged"]),
            volatile: set(&[
                "nextval",
                "setval",
                "random",
                "set_config",
                "query_to_xml",
                "lo_put",
            ]),
            operators: set(&["==="]),
            ..Callables::default()
        }
    }

    fn judged(text: &str) -> Judged {
        judge(text, &callables())
    }

    #[test]
    fn what_only_reads_needs_readonly_at_most() {
        for text in [
            "SELECT * FROM app.orders o JOIN items USING (id) WHERE note = 'INSERT INTO x' -- UPDATE",
            "WITH x AS (SELECT 1) SELECT count(*), random() FROM x",
            "(SELECT 1) UNION ALL (SELECT 2)",
            "TABLE orders",
            "VALUES (1), (2)",
            "SELECT substring(name from 1 for 3) FROM t",
            "EXPLAIN (ANALYZE, BUFFERS) SELECT 1",
            "EXPLAIN ANALYZE VERBOSE SELECT 1",
            "EXPLAIN (SELECT 1)",
            "DECLARE c NO SCROLL CURSOR WITH HOLD FOR SELECT 1",
            "PREPARE p (int) AS SELECT $1",
            "COPY app.orders (id, note) TO STDOUT",
            "COPY (SELECT * FROM orders) TO STDOUT WITH (FORMAT csv)",
            "BEGIN; SET LOCAL search_path = app; SELECT 1; COMMIT;",
            "LOCK TABLE app.orders IN ACCESS SHARE MODE",
            "FETCH 100 FROM c",
            "ALTER USER me PASSWORD 'x'",
            "",
        ] {
            let judged = judged(text);
            assert!(judged.level <= AccessLevel::Readonly, "{text}: {judged:?}");
            assert_eq!(judged.unclear, None, "{text}");
        }
    }

    #[test]
    fn what_writes_is_never_a_read() {
        for (text, by) in [
            ("INSERT INTO t VALUES (1)", "INSERT"),
            ("/* app */ update t SET a = 1", "UPDATE"),
            (
                "WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x",
                "DELETE",
            ),
            (
                "WITH x AS (SELECT 1) INSERT INTO t SELECT * FROM x",
                "INSERT",
            ),
            (
                "MERGE INTO t USING s ON true WHEN MATCHED THEN DELETE",
                "MERGE",
            ),
            ("TRUNCATE t", "TRUNCATE"),
            ("COPY t (a) FROM STDIN", "COPY FROM"),
            (
                "COPY (INSERT INTO t VALUES (1) RETURNING a) TO STDOUT",
                "INSERT in COPY",
            ),
            ("SELECT * FROM t FOR UPDATE", "SELECT FOR UPDATE or SHARE"),
            (
                "SELECT * FROM t FOR NO KEY UPDATE SKIP LOCKED",
                "SELECT FOR UPDATE or SHARE",
            ),
            (
                "SELECT * FROM t FOR KEY SHARE",
                "SELECT FOR UPDATE or SHARE",
            ),
            ("SELECT nextval('s')", "nextval()"),
            ("SELECT pg_catalog.\"setval\" ('s', 1)", "setval()"),
            ("LOCK TABLE t", "LOCK"),
            ("CREATE TEMP TABLE x AS SELECT 1", "CREATE TEMPORARY"),
            (
                "CREATE OR REPLACE TEMPORARY VIEW x AS SELECT 1",
                "CREATE TEMPORARY",
            ),
            ("SELECT 1 AS a INTO TEMP x", "SELECT INTO TEMPORARY"),
            ("EXPLAIN ANALYZE INSERT INTO t VALUES (1)", "INSERT"),
            ("EXPLAIN (ANALYZE) DELETE FROM t", "DELETE"),
            (
                "DECLARE c CURSOR FOR SELECT * FROM t FOR UPDATE",
                "SELECT FOR UPDATE or SHARE",
            ),
            ("PREPARE p AS UPDATE t SET a = 1", "UPDATE"),
            ("SELECT 1; DELETE FROM t", "DELETE"),
        ] {
            let judged = judged(text);
            assert_eq!(
                (judged.level, judged.by.as_str()),
                (AccessLevel::Readwrite, by),
                "{text}"
            );
        }
        for text in [
            "CREATE TABLE x (a int)",
            "CREATE TABLE x AS SELECT 1",
            "SELECT * INTO app.copy FROM t",
            "WITH y AS (SELECT 1) SELECT * INTO x FROM y",
            "DROP TABLE x",
            "ALTER TABLE x ADD b int",
            "REFRESH MATERIALIZED VIEW m",
            "ANALYZE t",
        ] {
            assert_eq!(judged(text).level, AccessLevel::Ddl, "{text}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_unclear() {
        for text in [
            "SELECT app.charge(1)",
            "SELECT o.charge FROM orders o",
            "SELECT * FROM v_charged",
            "SELECT a === b FROM t",
            "SELECT set_config('role', 'x', false)",
            "SELECT query_to_xml('DELETE FROM t', true, true, '')",
            "SELECT lo_put(1, 2, 'x')",
            "CALL app.close_day()",
            "DO $$ BEGIN END $$",
            "EXECUTE p(1)",
            "SET ROLE boss",
            "SET LOCAL SESSION AUTHORIZATION boss",
            r"SELECT 'a\', charge('",
            "LOAD 'x'",
            "<insufficient privilege>",
        ] {
            assert!(judged(text).unclear.is_some(), "{text}");
        }
    }

    #[test]
    fn what_a_view_runs_is_judged_with_it() {
        assert!(is_clear(
            &callables(),
            " SELECT a, count(*) FROM t GROUP BY a;"
        ));
        assert!(is_clear(&callables(), "CHECK ((VALUE > 0))"));
        assert!(!is_clear(&callables(), " SELECT charge(a) FROM t;"));
        assert!(!is_clear(&callables(), " SELECT nextval('s'::regclass)"));
        assert!(!is_clear(&callables(), " SELECT * FROM v_charged"));
    }
}
