//! The password from `PGPASSFILE` or `~/.pgpass`, by libpq's rules (PostgreSQL documentation, 34.16;
//! `passwordFromFile` in `fe-connect.c`).

use std::fs;
use std::io;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::domain::secret::Secret;
use crate::domain::variables::Variables;

/// What a line must match.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub host: &'a str,
    pub port: &'a str,
    pub database: &'a str,
    pub user: &'a str,
}

/// The password of the first line that matches; else the reason why there is none.
pub fn read(variables: &Variables, wanted: Wanted<'_>) -> Result<Secret, String> {
    let path = path(variables).ok_or("pgpass: no home folder, and PGPASSFILE is not set")?;
    let shown = path.display();
    let text = match fs::read_to_string(&path) {
        Ok(text) => Zeroizing::new(text),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(format!("pgpass: no file {shown}"));
        }
        Err(error) => return Err(format!("pgpass: cannot read {shown}: {error}")),
    };
    if is_lax(&path) {
        return Err(format!(
            "pgpass: {shown} may be read by group or others, so it is not used: chmod 0600"
        ));
    }
    find(&text, wanted).ok_or_else(|| format!("pgpass: no line of {shown} matches"))
}

fn path(variables: &Variables) -> Option<PathBuf> {
    match variables.text("PGPASSFILE") {
        Some(path) => Some(PathBuf::from(path)),
        None => Some(etcetera::home_dir().ok()?.join(".pgpass")),
    }
}

fn is_lax(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| file.permissions().mode() & 0o077 != 0)
}

fn find(text: &str, wanted: Wanted<'_>) -> Option<Secret> {
    let wanted = [wanted.host, wanted.port, wanted.database, wanted.user];
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .find_map(|line| password_of(line, wanted))
}

/// The password of a line whose first four fields match; `*` matches anything, as a whole field only.
fn password_of(line: &str, wanted: [&str; 4]) -> Option<Secret> {
    let mut rest = line;
    for wanted in wanted {
        let (field, after) = split_field(rest)?;
        let matches = field == "*" || unescape(field) == wanted;
        if !matches {
            return None;
        }
        rest = after;
    }
    // An unescaped colon ends the password.
    let password = split_field(rest).map_or(rest, |(password, _)| password);
    let password = password.strip_suffix('\r').unwrap_or(password);
    (!password.is_empty()).then(|| Secret::new(unescape(password)))
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

    fn found(text: &str) -> Option<String> {
        let wanted = Wanted {
            host: "db.example.com",
            port: "5432",
            database: "app",
            user: "jane",
        };
        find(text, wanted).map(|secret| secret.expose().to_owned())
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
}
