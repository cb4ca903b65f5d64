//! Derives the statements that undo those that ran, where possible: for events of earlier versions, which did not
//! record their undo. Which role an act was about is not known here, so no group is touched.

use std::collections::BTreeSet;

use crate::domain::act::undo::{OF_PASSWORD, Undo, of_kept_group};

/// The roles that statements name, quoted as there.
struct NamedRole<'a> {
    created: BTreeSet<&'a str>,
    /// The roles that are or may be access groups.
    groups: BTreeSet<&'a str>,
}

impl<'a> NamedRole<'a> {
    fn in_all(statements: &[&'a str]) -> Self {
        let mut named = Self {
            created: BTreeSet::new(),
            groups: BTreeSet::new(),
        };
        for sql in statements {
            named.add(sql);
        }
        named
    }

    fn add(&mut self, sql: &'a str) {
        if let Some(role) = sql.strip_prefix("CREATE ROLE ").and_then(identifier) {
            self.created.insert(role);
            if sql.ends_with(" NOLOGIN") {
                self.groups.insert(role);
            }
        } else if let Some(rest) = sql.strip_prefix("COMMENT ON ROLE ") {
            let group = identifier(rest).filter(|_| rest.contains("pgrole: access="));
            self.groups.extend(group);
        } else if let Some((what, to)) = granted(sql) {
            let group = if what.contains(" ON ") {
                Some(to)
            } else {
                identifier(what)
            };
            self.groups.extend(group);
        }
    }
}

/// What is granted, by default privileges or directly, and to which name.
fn granted(sql: &str) -> Option<(&str, &str)> {
    let grant = match sql.strip_prefix("ALTER DEFAULT PRIVILEGES ") {
        Some(defaults) => defaults.split_once(" GRANT ")?.1,
        None => sql.strip_prefix("GRANT ")?,
    };
    split_at_last(grant, " TO ")
}

impl Undo {
    /// Undoes statements as pgrole records them, separated by semicolons at line ends.
    pub fn of(statements: &str) -> Self {
        let mut undo = Self::default();
        let statements = split(statements);
        let named = NamedRole::in_all(&statements);
        for sql in statements.iter().rev() {
            undo.add(sql, &named);
        }
        undo
    }

    fn add(&mut self, sql: &str, named: &NamedRole<'_>) {
        if let Some(role) = sql.strip_prefix("CREATE ROLE ").and_then(identifier) {
            if named.groups.contains(role) {
                return self.keep(role);
            }
            self.statements.push(format!("DROP ROLE {role}"));
            self.add_remark(format!(
                "DROP ROLE {role} is refused while the role owns objects or has privileges in any database: there, first run REASSIGN OWNED BY {role} TO … and DROP OWNED BY {role}"
            ));
        } else if let Some(rest) = sql.strip_prefix("ALTER ROLE ") {
            self.add_altered_role(rest, sql, named);
        } else if let Some(rest) = sql.strip_prefix("ALTER DEFAULT PRIVILEGES ") {
            let revoked = rest.split_once(" REVOKE ");
            match revoked.and_then(|(whose, revoke)| Some((whose, grant(revoke)?))) {
                Some((whose, back)) => self
                    .statements
                    .push(format!("ALTER DEFAULT PRIVILEGES {whose} {back}")),
                None => match granted(sql) {
                    Some((_, group)) => self.keep(group),
                    None => self.cannot(sql),
                },
            }
        } else if sql.starts_with("GRANT ") {
            self.add_grant(sql, named);
        } else if let Some(back) = taken_back(sql) {
            self.statements.push(back);
        } else if let Some(rest) = sql.strip_prefix("COMMENT ON ROLE ") {
            if identifier(rest).is_none_or(|role| !named.created.contains(role)) {
                self.add_remark("the role's previous comment is not on record");
            }
        } else if !sql.starts_with("SELECT ") && !sql.ends_with(" FROM CURRENT_USER") {
            self.cannot(sql);
        }
    }

    fn add_altered_role(&mut self, rest: &str, sql: &str, named: &NamedRole<'_>) {
        let Some(role) = identifier(rest) else {
            return self.cannot(sql);
        };
        let change = rest[role.len()..].trim_start();
        let back = match change {
            "CREATEROLE" => "NOCREATEROLE",
            "INHERIT" => "NOINHERIT",
            "LOGIN" => "NOLOGIN",
            "NOLOGIN" => "LOGIN",
            _ if change.starts_with("IN DATABASE ") && change.contains(" SET search_path = ") => {
                let place = change.split(" SET search_path = ").next();
                let place = place.unwrap_or_default();
                self.statements
                    .push(format!("ALTER ROLE {role} {place} RESET search_path"));
                return self.add_remark("the role's previous search_path is not on record");
            }
            _ if change.starts_with("PASSWORD ") => {
                return self.add_remark(OF_PASSWORD);
            }
            _ => return self.cannot(sql),
        };
        if !named.created.contains(role) {
            self.statements.push(format!("ALTER ROLE {role} {back}"));
        }
    }

    /// What the admin credential grants to itself it revokes in the same transaction.
    fn add_grant(&mut self, sql: &str, named: &NamedRole<'_>) {
        if sql.contains(" TO CURRENT_USER") {
            return;
        }
        match granted(sql) {
            Some((_, role)) if named.groups.contains(role) => self.keep(role),
            Some((what, member)) => {
                self.statements.push(format!("REVOKE {what} FROM {member}"));
                if let Some(group) = identifier(what) {
                    self.keep(group);
                }
            }
            None => self.cannot(sql),
        }
    }

    /// Says that a group, by its quoted name, is not touched.
    fn keep(&mut self, group: &str) {
        let inside = group
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'));
        let name = inside.unwrap_or(group).replace("\"\"", "\"");
        self.add_remark(of_kept_group(&name));
    }

    fn cannot(&mut self, sql: &str) {
        self.add_remark(format!("cannot be undone: {sql}"));
    }
}

/// `GRANT … TO x` for a statement that revokes privileges from a group; `None` for what the admin credential gives
/// back.
fn taken_back(sql: &str) -> Option<String> {
    let revoke = sql.strip_prefix("REVOKE ")?;
    revoke.contains(" ON ").then(|| grant(revoke))?
}

/// `GRANT … TO x` for the text after the word REVOKE.
fn grant(revoke: &str) -> Option<String> {
    let (what, from) = split_at_last(revoke, " FROM ")?;
    Some(format!("GRANT {what} TO {from}"))
}

/// The text before the last such word, and the quoted name after it.
fn split_at_last<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut places = text.rmatch_indices(word).map(|(at, _)| at);
    // Inside a quoted name it does not count.
    let at = places.find(|at| text[..*at].matches('"').count().is_multiple_of(2))?;
    let name = identifier(&text[at + word.len()..])?;
    Some((&text[..at], name))
}

/// The quoted name that the text begins with.
fn identifier(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('"')?;
    let mut letters = inside.char_indices().peekable();
    while let Some((at, letter)) = letters.next() {
        if letter != '"' {
            continue;
        }
        match letters.peek() {
            Some((_, '"')) => {
                letters.next();
            }
            _ => return Some(&text[..at + 2]),
        }
    }
    None
}

/// Cuts at semicolons outside of names and literals.
fn split(statements: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut quote, mut has_escapes, mut is_escaped) = (0, None, false, false);
    for (at, letter) in statements.char_indices() {
        match (quote, letter) {
            (Some(_), _) if is_escaped => is_escaped = false,
            (Some('\''), '\\') if has_escapes => is_escaped = true,
            (Some(open), _) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                // A doubled quote continues the literal that it is in.
                has_escapes = statements[..at].ends_with('E')
                    || (has_escapes && statements[..at].ends_with('\''));
            }
            (None, ';') => {
                parts.push(statements[start..at].trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(statements[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_created_login_loses_its_memberships_and_goes() {
        let ran = "CREATE ROLE \"a\"\"b\" LOGIN CONNECTION LIMIT 20 PASSWORD '<scram verifier>';\n\
                   COMMENT ON ROLE \"a\"\"b\" IS 'pgrole: profile=x;y';\n\
                   GRANT \"d_readonly\" TO \"a\"\"b\"";
        let undo = Undo::of(ran);
        assert_eq!(
            undo.statements,
            [
                "REVOKE \"d_readonly\" FROM \"a\"\"b\"",
                "DROP ROLE \"a\"\"b\""
            ]
        );
        assert_eq!(undo.remarks.len(), 2, "{undo:?}");
    }

    #[test]
    fn a_group_is_neither_dropped_nor_revoked_from() {
        let ran = "SELECT 1;\nCREATE ROLE \"g\" NOLOGIN;\nGRANT CONNECT ON DATABASE \"d TO x\" TO \"g\";\n\
                   GRANT \"owner\" TO CURRENT_USER WITH INHERIT TRUE;\n\
                   ALTER DEFAULT PRIVILEGES FOR ROLE \"a\", \"b\" GRANT SELECT ON TABLES TO \"g\";\n\
                   REVOKE \"owner\" FROM CURRENT_USER;\n\
                   GRANT \"low\" TO \"g\";\n\
                   GRANT \"g\" TO \"m\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE";
        let undo = Undo::of(ran);
        assert_eq!(undo.statements, ["REVOKE \"g\" FROM \"m\""]);
        assert_eq!(undo.remarks, [of_kept_group("g")]);
    }

    #[test]
    fn what_was_taken_back_from_a_group_is_granted_again() {
        let ran = "GRANT \"owner\" TO CURRENT_USER;\n\
                   REVOKE EXECUTE ON ROUTINE app.\"x FROM y\"(integer), app.z() FROM \"g\";\n\
                   ALTER DEFAULT PRIVILEGES FOR ROLE \"a\", \"b\" REVOKE EXECUTE ON ROUTINES FROM \"g\";\n\
                   REVOKE \"owner\" FROM CURRENT_USER";
        let undo = Undo::of(ran);
        assert_eq!(
            undo.statements,
            [
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"a\", \"b\" GRANT EXECUTE ON ROUTINES TO \"g\"",
                "GRANT EXECUTE ON ROUTINE app.\"x FROM y\"(integer), app.z() TO \"g\"",
            ]
        );
        assert_eq!(undo.remarks, [""; 0]);
    }

    #[test]
    fn a_search_path_is_reset_and_a_password_has_no_way_back() {
        let path = Undo::of("ALTER ROLE \"x\" IN DATABASE \"d\" SET search_path = \"a;b\", \"c\"");
        assert_eq!(
            path.statements,
            ["ALTER ROLE \"x\" IN DATABASE \"d\" RESET search_path"]
        );
        let password = Undo::of("ALTER ROLE \"x\" PASSWORD '<scram verifier>'");
        assert_eq!(password.statements, [""; 0]);
        assert_eq!(
            password.remarks,
            ["a password change cannot be undone: the previous password is not kept"]
        );
    }

    #[test]
    fn literals_with_backslashes_and_quotes_are_not_cut() {
        assert_eq!(
            split(r#"COMMENT ON ROLE "x" IS E'it''s\\;\';';SELECT ';'"#),
            [r#"COMMENT ON ROLE "x" IS E'it''s\\;\';'"#, "SELECT ';'"]
        );
    }

    #[test]
    fn what_it_does_not_know_it_says() {
        let undo = Undo::of("DROP ROLE \"x\"");
        assert!(undo.statements.is_empty());
        assert_eq!(undo.remarks, ["cannot be undone: DROP ROLE \"x\""]);
    }
}
