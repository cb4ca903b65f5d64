//! The lines of a .pgpass file (PostgreSQL documentation, 34.16; `passwordFromFile` in `fe-connect.c`): bytes, of which
//! pgrole changes only what it must.

use zeroize::Zeroizing;

use crate::domain::failure::Failure;
use crate::domain::password::secret::Secret;

/// The socket directories that libpq may have been built with (`DEFAULT_PGSOCKET_DIR`; Debian's, PGDG's, PostgreSQL's
/// own). Lines of `localhost` apply to them.
const SOCKET_FOLDERS: [&str; 3] = ["/var/run/postgresql", "/run/postgresql", "/tmp"];
const LOCALHOST: &str = "localhost";

/// What a line must match.
#[derive(Debug, Clone, Copy)]
pub struct PgpassQuery<'a> {
    pub host: &'a str,
    pub port: &'a str,
    pub database: &'a str,
    pub user: &'a str,
}

impl PgpassQuery<'_> {
    /// Refuses names that would add lines.
    ///
    /// # Errors
    /// Refused, if a name contains a line break.
    pub fn check(&self) -> Result<(), Failure> {
        let names = [self.host, self.database, self.user];
        match names.iter().find(|name| name.contains(['\n', '\r', '\0'])) {
            None => Ok(()),
            Some(name) => Err(Failure::refused(format!(
                "{name:?} contains a line break, which .pgpass cannot express"
            ))),
        }
    }

    fn is_default_socket(&self) -> bool {
        SOCKET_FOLDERS.contains(&self.host)
    }
}

/// A line, split into its fields, which are still escaped.
struct Line<'a> {
    host: &'a [u8],
    port: &'a [u8],
    database: &'a [u8],
    user: &'a [u8],
    password: &'a [u8],
    /// Its line ending: empty at the end of a file.
    end: &'a [u8],
}

impl<'a> Line<'a> {
    /// `None` for comments, and if fields are missing.
    fn parse(line: &'a [u8]) -> Option<Self> {
        if line.starts_with(b"#") {
            return None;
        }
        let (line, end) = split_end(line);
        let (host, rest) = split_field(line)?;
        let (port, rest) = split_field(rest)?;
        let (database, rest) = split_field(rest)?;
        let (user, rest) = split_field(rest)?;
        // An unescaped colon ends the password.
        let password = split_field(rest).map_or(rest, |(password, _)| password);
        Some(Self {
            host,
            port,
            database,
            user,
            password,
            end,
        })
    }

    fn matches(&self, wanted: PgpassQuery<'_>) -> bool {
        self.matches_login(wanted) && fits(self.database, wanted.database)
    }

    /// Whether the line is for that user on that server, in any database.
    fn matches_login(&self, wanted: PgpassQuery<'_>) -> bool {
        self.matches_host(wanted) && fits(self.port, wanted.port) && fits(self.user, wanted.user)
    }

    fn matches_host(&self, wanted: PgpassQuery<'_>) -> bool {
        fits(self.host, wanted.host) || (wanted.is_default_socket() && fits(self.host, LOCALHOST))
    }

    /// Whether it is only for that user on that server: no other login has this line's password.
    fn is_of_login_alone(&self, wanted: PgpassQuery<'_>) -> bool {
        self.matches_login(wanted) && ![self.host, self.port, self.user].contains(&b"*".as_slice())
    }

    /// Whether it is only for that user in that database.
    fn is_of_database_alone(&self, wanted: PgpassQuery<'_>) -> bool {
        self.is_of_login_alone(wanted)
            && self.database != b"*"
            && fits(self.database, wanted.database)
    }

    /// The same line with another password.
    fn write(&self, password: &Secret, into: &mut Vec<u8>) {
        for field in [self.host, self.port, self.database, self.user] {
            into.extend_from_slice(field);
            into.push(b':');
        }
        let password = Zeroizing::new(escape(password.expose()));
        into.extend_from_slice(password.as_bytes());
        into.extend_from_slice(self.end);
    }
}

/// The password of the first line that matches.
pub fn find(text: &[u8], wanted: PgpassQuery<'_>) -> Option<Zeroizing<Vec<u8>>> {
    let mut lines = lines(text).filter_map(Line::parse);
    let line = lines.find(|line| line.matches(wanted) && !line.password.is_empty())?;
    Some(Zeroizing::new(unescape(line.password)))
}

/// The file with a new password for that user on that server, in all its databases.
///
/// A line for exactly that user and server is changed in place. One with a wildcard instead may serve other logins, and
/// stays: a more specific line is put before it.
pub fn with_password(
    text: &[u8],
    wanted: PgpassQuery<'_>,
    password: &Secret,
) -> Zeroizing<Vec<u8>> {
    let mut changed = Zeroizing::new(Vec::with_capacity(text.len() + 256));
    let mut is_settled = false;
    let host = if wanted.is_default_socket() {
        LOCALHOST
    } else {
        wanted.host
    };
    let own = new_line([host, wanted.port, "*", wanted.user], password);
    for text in lines(text) {
        let line = Line::parse(text);
        match line.filter(|line| line.matches_login(wanted)) {
            Some(line) if line.is_of_login_alone(wanted) => {
                is_settled |= line.database == b"*";
                line.write(password, &mut changed);
            }
            Some(_) => {
                if !is_settled {
                    changed.extend_from_slice(&own);
                }
                is_settled = true;
                changed.extend_from_slice(text);
            }
            None => changed.extend_from_slice(text),
        }
    }
    if find(&changed, wanted).is_some() {
        return changed;
    }
    // Someone has removed the line in the meantime.
    Zeroizing::new([own.as_slice(), &changed].concat())
}

/// The file with a new password for that user in that database, on each of these servers.
///
/// A line for exactly that is changed in place. A new one goes to the front: the first match wins, and a line with
/// wildcards may be anywhere.
pub fn with_database<'a>(
    text: &[u8],
    servers: impl IntoIterator<Item = PgpassQuery<'a>>,
    password: &Secret,
) -> Zeroizing<Vec<u8>> {
    let mut file = Zeroizing::new(text.to_vec());
    for wanted in servers {
        let mut changed = Zeroizing::new(Vec::with_capacity(file.len() + 256));
        let mut is_found = false;
        for text in lines(&file) {
            match Line::parse(text).filter(|line| line.is_of_database_alone(wanted)) {
                Some(line) => {
                    is_found = true;
                    line.write(password, &mut changed);
                }
                None => changed.extend_from_slice(text),
            }
        }
        if !is_found {
            let mut new = Zeroizing::new(Vec::new());
            let localhost = wanted.is_default_socket().then_some(LOCALHOST);
            // A libpq that was built with another directory looks for the directory itself.
            for host in localhost.into_iter().chain([wanted.host]) {
                let fields = [host, wanted.port, wanted.database, wanted.user];
                new.extend_from_slice(&new_line(fields, password));
            }
            new.extend_from_slice(&changed);
            changed = new;
        }
        file = changed;
    }
    file
}

/// The file without the lines for exactly that user in that database on these servers; `None` if it has none.
pub fn without_database<'a>(
    text: &[u8],
    servers: impl IntoIterator<Item = PgpassQuery<'a>>,
) -> Option<Zeroizing<Vec<u8>>> {
    let servers: Vec<_> = servers.into_iter().collect();
    let is_its = |text: &&[u8]| {
        let line = Line::parse(text);
        line.is_some_and(|line| {
            servers
                .iter()
                .any(|wanted| line.is_of_database_alone(*wanted))
        })
    };
    let mut kept = Zeroizing::new(Vec::with_capacity(text.len()));
    lines(text)
        .filter(|line| !is_its(line))
        .for_each(|line| kept.extend_from_slice(line));
    (kept.len() < text.len()).then_some(kept)
}

fn new_line(fields: [&str; 4], password: &Secret) -> Zeroizing<Vec<u8>> {
    let password = Zeroizing::new(escape(password.expose()));
    let line = format!("{}:{}\n", fields.map(escape).join(":"), *password);
    Zeroizing::new(line.into_bytes())
}

/// Puts a backslash before what would end a field or begin an escape.
fn escape(text: &str) -> String {
    text.replace('\\', "\\\\").replace(':', "\\:")
}

/// Each with its line ending.
fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n')
}

fn split_end(line: &[u8]) -> (&[u8], &[u8]) {
    let kept = line.strip_suffix(b"\n").unwrap_or(line);
    let kept = kept.strip_suffix(b"\r").unwrap_or(kept);
    line.split_at(kept.len())
}

/// A wildcard matches anything, but only as a whole field.
fn fits(field: &[u8], wanted: &str) -> bool {
    field == b"*" || unescape(field) == wanted.as_bytes()
}

/// Splits at the first colon that is not escaped.
fn split_field(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut escaped = false;
    for (place, byte) in line.iter().enumerate() {
        match byte {
            b':' if !escaped => return Some((&line[..place], &line[place + 1..])),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// A backslash stands for the byte after it.
fn unescape(field: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(field.len());
    let mut bytes = field.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => text.extend(bytes.next()),
            byte => text.push(*byte),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_lines_of_that_login_alone_are_taken_out() {
        let wanted = PgpassQuery {
            host: "h",
            port: "1",
            database: "d",
            user: "jane",
        };
        let text = b"# h:1:d:jane:x\nh:1:d:jane:x\nh:1:*:jane:y\nh:1:d:joe:z\n*:1:d:jane:w\n";
        let kept = without_database(text, [wanted]).unwrap();
        assert_eq!(
            kept.as_slice(),
            b"# h:1:d:jane:x\nh:1:*:jane:y\nh:1:d:joe:z\n*:1:d:jane:w\n"
        );
        assert!(without_database(&kept, [wanted]).is_none());
    }

    const JANE: PgpassQuery<'_> = PgpassQuery {
        host: "db.example.com",
        port: "5432",
        database: "app",
        user: "jane",
    };

    fn found(text: &str) -> Option<String> {
        find(text.as_bytes(), JANE).map(|secret| String::from_utf8(secret.to_vec()).unwrap())
    }

    fn new() -> Secret {
        Secret::new("n:w".to_owned())
    }

    #[test]
    fn other_lines_stay_byte_for_byte() {
        let text = b"# caf\xe9\r\n\rx\n*:*:*:\xff:y\ndb.example.com:5432:app:jane:old\r\nz:1:2:3:4";
        let changed = with_database(text, [JANE], &new());
        let wanted =
            b"# caf\xe9\r\n\rx\n*:*:*:\xff:y\ndb.example.com:5432:app:jane:n\\:w\r\nz:1:2:3:4";
        assert_eq!(changed.as_slice(), wanted);
        assert_eq!(with_password(text, JANE, &new()).as_slice(), wanted);
        let added = with_database(b"\xe9", [JANE], &new());
        assert_eq!(
            added.as_slice(),
            b"db.example.com:5432:app:jane:n\\:w\n\xe9"
        );
        let odd = PgpassQuery {
            user: "a\n*",
            ..JANE
        };
        assert!(odd.check().is_err() && JANE.check().is_ok());
    }

    #[test]
    fn lines_of_localhost_are_for_the_default_socket() {
        let socket = PgpassQuery {
            host: "/var/run/postgresql",
            ..JANE
        };
        let text = b"localhost:5432:app:jane:old\n".as_slice();
        assert_eq!(find(text, socket).unwrap().as_slice(), b"old");
        let wanted = b"localhost:5432:app:jane:n\\:w\n".as_slice();
        assert_eq!(with_database(text, [socket], &new()).as_slice(), wanted);
        assert_eq!(with_password(text, socket, &new()).as_slice(), wanted);
        let both = b"localhost:5432:app:jane:n\\:w\n/var/run/postgresql:5432:app:jane:n\\:w\n";
        assert_eq!(with_database(b"", [socket], &new()).as_slice(), both);
        let other = PgpassQuery {
            host: "/srv/sockets",
            ..JANE
        };
        assert!(find(text, other).is_none());
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
            let changed = with_password(text.as_bytes(), JANE, &new());
            String::from_utf8(changed.to_vec()).unwrap()
        };
        let text = "# a remark\nother:5432:*:jane:a\ndb.example.com:5432:app:jane:old\ndb.example.com:5432:*:joe:b\n\
                    db.example.com:5432:crm:jane:old\n";
        assert_eq!(
            changed(text),
            "# a remark\nother:5432:*:jane:a\ndb.example.com:5432:app:jane:n\\:w\ndb.example.com:5432:*:joe:b\n\
             db.example.com:5432:crm:jane:n\\:w\n"
        );
        // A line of wildcards may serve other servers: it stays, and is no longer reached.
        let stars = "db.example.com:5432:crm:jane:old\n*:*:*:jane:old\n*:*:*:*:old";
        let once = "db.example.com:5432:crm:jane:n\\:w\ndb.example.com:5432:*:jane:n\\:w\n*:*:*:jane:old\n*:*:*:*:old";
        assert_eq!(changed(stars), once);
        assert_eq!(changed(once), once);
        assert_eq!(changed(""), "db.example.com:5432:*:jane:n\\:w\n");
    }
}
