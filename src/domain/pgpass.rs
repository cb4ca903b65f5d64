//! The lines of a .pgpass file (PostgreSQL documentation, 34.16; `passwordFromFile` in `fe-connect.c`).

use zeroize::Zeroizing;

use crate::domain::secret::Secret;

/// What a line must match.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub host: &'a str,
    pub port: &'a str,
    pub database: &'a str,
    pub user: &'a str,
}

/// A line, cut into its fields, which are still escaped.
struct Line<'a> {
    host: &'a str,
    port: &'a str,
    database: &'a str,
    user: &'a str,
    password: &'a str,
}

impl<'a> Line<'a> {
    /// None for remarks, and where fields are missing.
    fn parse(line: &'a str) -> Option<Self> {
        if line.starts_with('#') {
            return None;
        }
        let (host, rest) = split_field(line)?;
        let (port, rest) = split_field(rest)?;
        let (database, rest) = split_field(rest)?;
        let (user, rest) = split_field(rest)?;
        // An unescaped colon ends the password.
        let password = split_field(rest).map_or(rest, |(password, _)| password);
        let password = password.strip_suffix('\r').unwrap_or(password);
        Some(Self {
            host,
            port,
            database,
            user,
            password,
        })
    }

    fn matches(&self, wanted: Wanted<'_>) -> bool {
        self.matches_login(wanted) && fits(self.database, wanted.database)
    }

    /// Whether the line is for that user on that server, in whatever database.
    fn matches_login(&self, wanted: Wanted<'_>) -> bool {
        fits(self.host, wanted.host) && fits(self.port, wanted.port) && fits(self.user, wanted.user)
    }

    /// Whether it is for that user on that server alone: no other login has this line's password.
    fn is_of_login_alone(&self, wanted: Wanted<'_>) -> bool {
        self.matches_login(wanted) && ![self.host, self.port, self.user].contains(&"*")
    }

    fn with_password(&self, password: &Secret) -> Zeroizing<String> {
        let Self {
            host,
            port,
            database,
            user,
            ..
        } = self;
        let password = Zeroizing::new(escape(password.expose()));
        Zeroizing::new(format!("{host}:{port}:{database}:{user}:{}", *password))
    }
}

/// The password of the first line that matches.
pub fn find(text: &str, wanted: Wanted<'_>) -> Option<Secret> {
    let mut lines = text.lines().filter_map(Line::parse);
    let line = lines.find(|line| line.matches(wanted) && !line.password.is_empty())?;
    Some(Secret::new(unescape(line.password)))
}

/// The file with a new password for that user on that server, in all its databases.
///
/// A line for that very user and server is changed where it is. One with a star in their place may serve other
/// logins, and stays: a line of its own goes in front of it.
pub fn with_password(text: &str, wanted: Wanted<'_>, password: &Secret) -> Zeroizing<String> {
    let mut lines = Vec::new();
    let mut is_settled = false;
    let own = Zeroizing::new(format!(
        "{}:{}:*:{}:{}",
        escape(wanted.host),
        escape(wanted.port),
        escape(wanted.user),
        escape(password.expose())
    ));
    for text in text.lines() {
        let line = Line::parse(text);
        match line.filter(|line| line.matches_login(wanted)) {
            Some(line) if line.is_of_login_alone(wanted) => {
                is_settled |= line.database == "*";
                lines.push(line.with_password(password));
            }
            Some(_) => {
                if !is_settled {
                    lines.push(own.clone());
                }
                is_settled = true;
                lines.push(Zeroizing::new(text.to_owned()));
            }
            None => lines.push(Zeroizing::new(text.to_owned())),
        }
    }
    let changed = Zeroizing::new(joined(&lines));
    if find(&changed, wanted).is_some() {
        return changed;
    }
    // Somebody has taken the line away meanwhile.
    Zeroizing::new(format!("{}\n{}", *own, *changed))
}

fn joined(lines: &[Zeroizing<String>]) -> String {
    lines.iter().fold(String::new(), |mut text, line| {
        text.push_str(line);
        text.push('\n');
        text
    })
}

/// A backslash before what would end a field, or stand for something.
pub fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(':', "\\:")
}

/// A star matches anything, as a whole field only.
fn fits(field: &str, wanted: &str) -> bool {
    field == "*" || unescape(field) == wanted
}

/// Splits at the first colon that no backslash stands before.
fn split_field(line: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (place, letter) in line.char_indices() {
        match letter {
            ':' if !escaped => return Some((&line[..place], &line[place + 1..])),
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// A backslash stands for the letter after it.
fn unescape(field: &str) -> String {
    let mut text = String::with_capacity(field.len());
    let mut letters = field.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => text.extend(letters.next()),
            letter => text.push(letter),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const JANE: Wanted<'_> = Wanted {
        host: "db.example.com",
        port: "5432",
        database: "app",
        user: "jane",
    };

    fn found(text: &str) -> Option<String> {
        find(text, JANE).map(|secret| secret.expose().to_owned())
    }

    #[test]
    fn the_first_line_that_matches_wins() {
        let text = "# a remark\nother:*:*:*:no\ndb.example.com:5432:app:jane:one\n*:*:*:*:two\n";
        assert_eq!(found(text).as_deref(), Some("one"));
        assert_eq!(found("*:*:*:*:two").as_deref(), Some("two"));
        assert_eq!(found("db*:5432:app:jane:no"), None);
        assert_eq!(found("db.example.com:5432:app:jane"), None);
        assert_eq!(found("db.example.com:5432:app:jane:"), None);
    }

    #[test]
    fn backslashes_escape_and_a_colon_ends_the_password() {
        assert_eq!(found(r"*:*:*:*:a\:b\\c").as_deref(), Some(r"a:b\c"));
        assert_eq!(found("*:*:*:*:a:b").as_deref(), Some("a"));
        assert_eq!(found("*:*:*:j\\ane:x\r").as_deref(), Some("x"));
    }

    #[test]
    fn a_new_password_replaces_the_logins_own_lines_and_no_others() {
        let changed = |text: &str| {
            let new = Secret::new("n:w".to_owned());
            with_password(text, JANE, &new).as_str().to_owned()
        };
        let text = "# a remark\nother:5432:*:jane:a\ndb.example.com:5432:app:jane:old\ndb.example.com:5432:*:joe:b\n\
                    db.example.com:5432:crm:jane:old\n";
        assert_eq!(
            changed(text),
            "# a remark\nother:5432:*:jane:a\ndb.example.com:5432:app:jane:n\\:w\ndb.example.com:5432:*:joe:b\n\
             db.example.com:5432:crm:jane:n\\:w\n"
        );
        // A line of stars may serve other servers: it stays, and is passed over from now on.
        let stars = "db.example.com:5432:crm:jane:old\n*:*:*:jane:old\n*:*:*:*:old";
        let once = "db.example.com:5432:crm:jane:n\\:w\ndb.example.com:5432:*:jane:n\\:w\n*:*:*:jane:old\n*:*:*:*:old\n";
        assert_eq!(changed(stars), once);
        assert_eq!(changed(once), once);
        assert_eq!(changed(""), "db.example.com:5432:*:jane:n\\:w\n");
    }
}
