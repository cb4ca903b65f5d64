//! The lines of a server's log: where `log_line_prefix` puts time, user and database, and which statement a message is
//! about.

use csv::ReaderBuilder;

use crate::domain::access::AccessLevel;
use crate::domain::access::usage::ground::Callables;
use crate::domain::access::usage::statement::{Judged, judge};

/// One message, with what its line says about it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LogEntry {
    pub time: String,
    /// Empty for processes without a session.
    pub user: String,
    pub database: String,
    pub severity: String,
    pub message: String,
}

/// `log_line_prefix`, in parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prefix(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Literal(String),
    Escape(char),
}

impl Prefix {
    pub fn parse(setting: &str) -> Self {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut signs = setting.chars().peekable();
        while let Some(sign) = signs.next() {
            if sign != '%' {
                literal.push(sign);
                continue;
            }
            // A width pads what follows with spaces.
            while signs
                .next_if(|sign| sign.is_ascii_digit() || *sign == '-')
                .is_some()
            {}
            match signs.next() {
                Some('%') => literal.push('%'),
                Some(escape) => {
                    if !literal.is_empty() {
                        parts.push(Part::Literal(std::mem::take(&mut literal)));
                    }
                    parts.push(Part::Escape(escape));
                }
                None => {}
            }
        }
        if !literal.is_empty() {
            parts.push(Part::Literal(literal));
        }
        Self(parts)
    }

    /// Which of time, user and database it lacks.
    pub fn lacks(&self) -> Vec<&'static str> {
        let has = |escapes: &str| {
            let mut parts = self.0.iter();
            parts.any(|part| matches!(part, Part::Escape(escape) if escapes.contains(*escape)))
        };
        let wanted = [("mtn", "%m"), ("u", "%u"), ("d", "%d")];
        let missing = wanted.into_iter().filter(|(escapes, _)| !has(escapes));
        missing.map(|(_, name)| name).collect()
    }

    /// Whether a name after this escape cannot be told from what follows it.
    pub fn hides(&self, escape: char, name: &str) -> bool {
        let at = self.0.iter().position(|part| *part == Part::Escape(escape));
        let next = at.and_then(|at| self.0.get(at + 1));
        match next {
            Some(Part::Literal(literal)) => name.contains(literal.as_str()),
            Some(Part::Escape(_)) => true,
            None => name.contains(":  "),
        }
    }

    /// Reads the first line of a message; `None` if it does not begin with the prefix.
    pub fn read(&self, line: &str) -> Option<LogEntry> {
        let mut entry = LogEntry::default();
        let mut rest = line;
        for (at, part) in self.0.iter().enumerate() {
            match part {
                Part::Literal(literal) => rest = rest.strip_prefix(literal.as_str())?,
                // Of a process without a session, the prefix ends here.
                Part::Escape('q') => {
                    if severity(rest).is_some() {
                        break;
                    }
                }
                Part::Escape(escape) => {
                    let end = match self.0.get(at + 1) {
                        Some(Part::Literal(literal)) if matches!(escape, 'm' | 't') => {
                            // The time contains spaces itself: date, time and zone.
                            let zone = rest.match_indices(' ').nth(1)?.0 + 1;
                            zone + rest[zone..].find(literal.as_str())?
                        }
                        Some(Part::Literal(literal)) => rest.find(literal.as_str())?,
                        _ => length(*escape, rest)?,
                    };
                    let (value, after) = rest.split_at(end);
                    match escape {
                        'm' | 't' | 'n' => value.trim().clone_into(&mut entry.time),
                        'u' => value.trim_end().clone_into(&mut entry.user),
                        'd' => value.trim_end().clone_into(&mut entry.database),
                        _ => {}
                    }
                    rest = after;
                }
            }
        }
        let (severity, message) = severity(rest)?;
        severity.clone_into(&mut entry.severity);
        message.clone_into(&mut entry.message);
        Some(entry)
    }
}

/// How long a value is that no literal ends.
fn length(escape: char, rest: &str) -> Option<usize> {
    let until = |belongs: fn(char) -> bool| rest.find(|sign| !belongs(sign)).unwrap_or(rest.len());
    Some(match escape {
        'p' | 'l' | 'P' | 'x' => until(|sign| sign.is_ascii_digit()),
        'n' => until(|sign| sign.is_ascii_digit() || sign == '.'),
        'c' => until(|sign| sign.is_ascii_hexdigit() || sign == '.'),
        'v' => until(|sign| sign.is_ascii_digit() || sign == '/'),
        _ => return None,
    })
}

/// The severity that a line begins with, and what follows it.
fn severity(rest: &str) -> Option<(&str, &str)> {
    let (severity, message) = rest.split_once(":  ")?;
    let is_one = !severity.is_empty()
        && severity
            .chars()
            .all(|sign| sign.is_ascii_uppercase() || sign.is_ascii_digit());
    is_one.then_some((severity, message))
}

/// A line of csvlog; `None` if it is none.
pub fn of_csv(fields: &[&str]) -> Option<LogEntry> {
    let [
        time,
        user,
        database,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        _,
        severity,
        _,
        message,
        ..,
    ] = fields
    else {
        return None;
    };
    Some(LogEntry {
        time: (*time).to_owned(),
        user: (*user).to_owned(),
        database: (*database).to_owned(),
        severity: (*severity).to_owned(),
        message: (*message).to_owned(),
    })
}

/// A line of jsonlog; `None` if it is none.
pub fn of_json(line: &str) -> Option<LogEntry> {
    let value: serde_json::Value = serde_json::from_str(line).ok()?;
    let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
    value["timestamp"].as_str()?;
    Some(LogEntry {
        time: text("timestamp"),
        user: text("user"),
        database: text("dbname"),
        severity: text("error_severity"),
        message: text("message"),
    })
}

/// What a message is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    Statement(Judged),
    /// A setting was changed while the log was written.
    Changed(String),
    Nothing,
}

impl LogEntry {
    /// What it says, as far as statements are concerned.
    pub fn said(&self, callables: &Callables) -> Said {
        if self.severity != "LOG" {
            return Said::Nothing;
        }
        let message = self.message.as_str();
        if let Some(audited) = message.strip_prefix("AUDIT: ") {
            return Said::Statement(judge_audited(audited, callables));
        }
        if let Some(changed) = message.strip_prefix("parameter \"") {
            let name = changed.split('"').next().unwrap_or_default();
            return Said::Changed(name.to_owned());
        }
        if message.starts_with("fastpath function call: ") {
            return Said::Statement(unclear("it called a function by fastpath"));
        }
        let said = match message
            .strip_prefix("duration: ")
            .and_then(|timed| timed.split_once(" ms  "))
        {
            Some((_, said)) => said,
            None => message,
        };
        let text = match said.split_once(' ') {
            Some(("statement:", text)) => Some(text),
            Some(("execute" | "parse" | "bind", named)) => {
                named.split_once(": ").map(|(_, text)| text)
            }
            _ => None,
        };
        text.map_or(Said::Nothing, |text| {
            Said::Statement(judge(text, callables))
        })
    }
}

/// A line of pgaudit: `TYPE,ID,SUBID,CLASS,COMMAND,KIND,OBJECT,STATEMENT,PARAMETERS`.
fn judge_audited(audited: &str, callables: &Callables) -> Judged {
    let mut reader = ReaderBuilder::new()
        .has_headers(false)
        .from_reader(audited.as_bytes());
    let record = reader.records().next().and_then(Result::ok);
    let field = |at: usize| record.as_ref().and_then(|record| record.get(at));
    let (Some(class), Some(command), Some(statement)) = (field(3), field(4), field(7)) else {
        return unclear("a line of pgaudit cannot be read");
    };
    let is_logged = !matches!(statement, "<not logged>" | "<previously logged>" | "");
    let mut judged = if is_logged {
        judge(statement, callables)
    } else {
        Judged {
            unclear: None,
            ..unclear("")
        }
    };
    let by = || command.to_owned();
    match class {
        // SELECT … FOR UPDATE and nextval() are of this class, too.
        "READ" if statement == "<not logged>" => {
            judged.unclear = Some("pgaudit logs no text of statements".to_owned());
        }
        "READ" | "MISC" | "MISC_SET" => {
            if !is_logged {
                judged.level = AccessLevel::Readonly;
                judged.by = by();
            }
        }
        "WRITE" if judged.level < AccessLevel::Readwrite => {
            judged.level = AccessLevel::Readwrite;
            judged.by = by();
        }
        "DDL" | "ROLE" if !is_logged => {
            judged.level = AccessLevel::Ddl;
            judged.by = by();
        }
        "WRITE" | "DDL" | "ROLE" => {}
        "FUNCTION" => {
            let object = field(6).filter(|object| !object.is_empty());
            let what = object.unwrap_or(command);
            judged.unclear = Some(format!("it called {what}"));
        }
        _ => judged.unclear = Some(format!("pgaudit's class {class} is not known here")),
    }
    judged
}

fn unclear(why: &str) -> Judged {
    Judged {
        level: AccessLevel::None,
        by: String::new(),
        unclear: Some(why.to_owned()),
        names: std::collections::BTreeSet::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_prefix_says_where_user_and_database_are() {
        for (prefix, line) in [
            (
                "%m [%p] %q%u@%d ",
                "2026-11-26 20:41:56.123 UTC [71] jane@shop LOG:  statement: SELECT 1",
            ),
            (
                "%t:%r:%u@%d:[%p]: ",
                "2026-11-26 20:41:56 UTC:10.0.0.1(5432):jane@shop:[71]: LOG:  statement: SELECT 1",
            ),
            (
                "%n %p%q user=%-10u,db=%d ",
                "1764189716.123 71 user=jane      ,db=shop LOG:  statement: SELECT 1",
            ),
            (
                "[%c] %m %% db=%d,user=%u: ",
                "[5f.1a] 2026-11-26 20:41:56.123 CET % db=shop,user=jane: LOG:  statement: SELECT 1",
            ),
        ] {
            let entry = Prefix::parse(prefix).read(line).unwrap_or_default();
            assert_eq!(
                (entry.user.as_str(), entry.database.as_str()),
                ("jane", "shop"),
                "{prefix}"
            );
            assert_eq!(entry.message, "statement: SELECT 1");
            assert!(!entry.time.is_empty(), "{prefix}");
        }
        let prefix = Prefix::parse("%m [%p] %q%u@%d ");
        let entry = prefix
            .read("2026-11-26 20:41:56.123 UTC [71] LOG:  checkpoint starting: time")
            .unwrap();
        assert_eq!(
            (entry.user.as_str(), entry.message.as_str()),
            ("", "checkpoint starting: time")
        );
        assert_eq!(prefix.read("\tcontinued"), None);
        assert!(prefix.hides('u', "a@b") && !prefix.hides('u', "a b") && prefix.hides('d', "a b"));
        assert_eq!(Prefix::parse("%m [%p] ").lacks(), ["%u", "%d"]);
    }

    #[test]
    fn each_way_to_log_a_statement_is_known() {
        let callables = Callables::default();
        let level = |message: &str| {
            let entry = LogEntry {
                severity: "LOG".to_owned(),
                message: message.to_owned(),
                ..LogEntry::default()
            };
            match entry.said(&callables) {
                Said::Statement(judged) => Some((judged.level, judged.unclear.is_some())),
                _ => None,
            }
        };
        let (read, write) = (
            Some((AccessLevel::Readonly, false)),
            Some((AccessLevel::Readwrite, false)),
        );
        for (message, wanted) in [
            ("statement: SELECT 1", read),
            ("statement: INSERT INTO t VALUES (1)", write),
            ("execute <unnamed>: INSERT INTO t VALUES ($1)", write),
            ("execute fetch from c: SELECT 1", read),
            ("duration: 0.123 ms  statement: DELETE FROM t", write),
            ("duration: 0.123 ms  parse p1: SELECT 1", read),
            ("duration: 0.123 ms", None),
            ("checkpoint starting: time", None),
            (
                "fastpath function call: \"lo_put\" (OID 1)",
                Some((AccessLevel::None, true)),
            ),
            (
                "AUDIT: SESSION,1,1,READ,SELECT,TABLE,public.t,select * from t,<not logged>",
                read,
            ),
            (
                "AUDIT: SESSION,1,1,WRITE,INSERT,TABLE,public.t,\"insert into t values (1, 'a,b')\",<none>",
                write,
            ),
            (
                "AUDIT: SESSION,1,2,WRITE,UPDATE,TABLE,public.t,<previously logged>,<previously logged>",
                write,
            ),
            (
                "AUDIT: SESSION,1,1,READ,SELECT,,,select nextval('s'),<not logged>",
                write,
            ),
            (
                "AUDIT: SESSION,3,1,READ,SELECT,,,select * from t for update,<not logged>",
                write,
            ),
            (
                "AUDIT: SESSION,3,1,READ,SELECT,,,<not logged>,<not logged>",
                Some((AccessLevel::None, true)),
            ),
            (
                "AUDIT: SESSION,6,1,FUNCTION,DO,,,do $$begin end$$,<not logged>",
                Some((AccessLevel::Readonly, true)),
            ),
            (
                "AUDIT: SESSION,2,1,DDL,CREATE TABLE,TABLE,public.t,<not logged>,<not logged>",
                Some((AccessLevel::Ddl, false)),
            ),
            (
                "AUDIT: SESSION,2,1,FUNCTION,EXECUTE,FUNCTION,public.f,select f(),<not logged>",
                Some((AccessLevel::Readonly, true)),
            ),
        ] {
            assert_eq!(level(message), wanted, "{message}");
        }
    }
}
