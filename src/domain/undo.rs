//! From the statements that ran to those that undo them, as far as there are any.

/// How an act is undone.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Undo {
    /// In the order in which they are to run.
    pub statements: Vec<String>,
    /// What no statement brings back, and why.
    pub remarks: Vec<String>,
}

impl Undo {
    /// Undoes statements as pgrole writes them down: one a line or more, separated by semicolons at line ends.
    pub fn of(statements: &str) -> Self {
        let mut undo = Self::default();
        let statements = split(statements);
        let created: Vec<&str> = statements
            .iter()
            .filter_map(|sql| identifier(sql.strip_prefix("CREATE ROLE ")?))
            .collect();
        for sql in statements.iter().rev() {
            undo.add(sql, &created);
        }
        undo
    }

    fn add(&mut self, sql: &str, created: &[&str]) {
        if let Some(role) = sql.strip_prefix("CREATE ROLE ").and_then(identifier) {
            self.statements.push(format!("DROP ROLE {role}"));
            self.remark(&format!(
                "DROP ROLE {role} is refused while the role owns anything, or has rights in any database: first there REASSIGN OWNED BY {role} TO … and DROP OWNED BY {role}"
            ));
        } else if let Some(rest) = sql.strip_prefix("ALTER ROLE ") {
            self.add_altered_role(rest, sql, created);
        } else if let Some(rest) = sql.strip_prefix("ALTER DEFAULT PRIVILEGES ") {
            let revoked = rest
                .split_once(" GRANT ")
                .and_then(|(whose, grant)| Some((whose, revoke(grant)?)));
            let granted = || {
                let (whose, revoke) = rest.split_once(" REVOKE ")?;
                Some((whose, grant(revoke)?))
            };
            match revoked.or_else(granted) {
                Some((whose, back)) => self
                    .statements
                    .push(format!("ALTER DEFAULT PRIVILEGES {whose} {back}")),
                None => self.cannot(sql),
            }
        } else if let Some(grant) = sql.strip_prefix("GRANT ") {
            self.add_grant(grant, sql);
        } else if let Some(back) = taken_back(sql) {
            self.statements.push(back);
        } else if let Some(rest) = sql.strip_prefix("COMMENT ON ROLE ") {
            if identifier(rest).is_none_or(|role| !created.contains(&role)) {
                self.remark("the comment that the role had before is not on record");
            }
        } else if !sql.starts_with("SELECT ") && !sql.ends_with(" FROM CURRENT_USER") {
            self.cannot(sql);
        }
    }

    fn add_altered_role(&mut self, rest: &str, sql: &str, created: &[&str]) {
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
                return self.remark("the search_path that the role had before is not on record");
            }
            _ if change.starts_with("PASSWORD ") => {
                return self.remark("a password has no way back: nobody keeps the one before");
            }
            _ => return self.cannot(sql),
        };
        if !created.contains(&role) {
            self.statements.push(format!("ALTER ROLE {role} {back}"));
        }
    }

    /// What the admin login lends itself it gives back in the same transaction.
    fn add_grant(&mut self, grant: &str, sql: &str) {
        let lent = grant.contains(" TO CURRENT_USER");
        match revoke(grant) {
            _ if lent => {}
            Some(revoke) => {
                self.statements.push(revoke);
                if grant.contains(" ON ") {
                    self.remark("what the group had before is not on record: it is revoked too");
                }
            }
            None => self.cannot(sql),
        }
    }

    fn cannot(&mut self, sql: &str) {
        self.remark(&format!("there is no way back from: {sql}"));
    }

    fn remark(&mut self, remark: &str) {
        if !self.remarks.iter().any(|said| said == remark) {
            self.remarks.push(remark.to_owned());
        }
    }
}

/// `GRANT … TO x` for a statement that takes privileges from a group; what the admin login gives back is none.
fn taken_back(sql: &str) -> Option<String> {
    let revoke = sql.strip_prefix("REVOKE ")?;
    revoke.contains(" ON ").then(|| grant(revoke))?
}

/// `REVOKE … FROM x` for what stands behind the word GRANT.
fn revoke(grant: &str) -> Option<String> {
    let (what, to) = split_at_last(grant, " TO ")?;
    Some(format!("REVOKE {what} FROM {to}"))
}

/// `GRANT … TO x` for what stands behind the word REVOKE.
fn grant(revoke: &str) -> Option<String> {
    let (what, from) = split_at_last(revoke, " FROM ")?;
    Some(format!("GRANT {what} TO {from}"))
}

/// What stands before the last such word, and the quoted name behind it.
fn split_at_last<'a>(text: &'a str, word: &str) -> Option<(&'a str, &'a str)> {
    let mut places = text.rmatch_indices(word).map(|(at, _)| at);
    // Inside a quoted name it is none of ours.
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
                // A doubled quote goes on in the literal that it is in.
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

    fn statements(sql: &str) -> Vec<String> {
        Undo::of(sql).statements
    }

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
        assert_eq!(undo.remarks.len(), 1, "{undo:?}");
    }

    #[test]
    fn grants_to_a_group_are_revoked_in_reverse() {
        let ran = "SELECT 1;\nGRANT CONNECT ON DATABASE \"d TO x\" TO \"g\";\n\
                   GRANT \"owner\" TO CURRENT_USER WITH INHERIT TRUE;\n\
                   ALTER DEFAULT PRIVILEGES FOR ROLE \"a\", \"b\" GRANT SELECT ON TABLES TO \"g\";\n\
                   REVOKE \"owner\" FROM CURRENT_USER;\n\
                   GRANT \"g\" TO \"m\" WITH ADMIN TRUE, INHERIT FALSE, SET FALSE";
        assert_eq!(
            statements(ran),
            [
                "REVOKE \"g\" FROM \"m\"",
                "ALTER DEFAULT PRIVILEGES FOR ROLE \"a\", \"b\" REVOKE SELECT ON TABLES FROM \"g\"",
                "REVOKE CONNECT ON DATABASE \"d TO x\" FROM \"g\"",
            ]
        );
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
            ["a password has no way back: nobody keeps the one before"]
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
        assert_eq!(undo.remarks, ["there is no way back from: DROP ROLE \"x\""]);
    }
}
