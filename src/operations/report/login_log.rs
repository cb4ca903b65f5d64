//! Reads from a server's log who logged in when, as `log_connections` writes it: stderr with its `log_line_prefix`, csvlog or
//! jsonlog, line by line.

use std::collections::HashMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use csv::{ByteRecord, ReaderBuilder};

use crate::domain::access::usage::log_line::{LogEntry, Prefix, of_csv, of_json};
use crate::domain::failure::Failure;
use crate::domain::timestamp::{Span, Timestamp};

/// How a message about a login begins.
const LOGINS: [&str; 2] = [
    "connection authorized: user=",
    "replication connection authorized: user=",
];

/// A log is without a gap if no two files are further apart.
const LONGEST_GAP: Span = Span::days(1);

/// How the server writes its log.
#[derive(Debug, Clone)]
pub struct LogForm {
    pub prefix: String,
    pub zone: String,
}

/// What the log says.
#[derive(Debug, Clone, Default)]
pub struct LoggedLogins {
    /// The newest login of each.
    pub newest: HashMap<String, Timestamp>,
    /// Since when it has no gap up to its end; `None` if it has no login at all, so that nothing follows from it.
    pub since: Option<Timestamp>,
    pub until: Option<Timestamp>,
}

/// Reads the files as one log.
///
/// # Errors
/// If a file cannot be read, or has no line of the form that the server's settings say.
pub fn read_logins(files: &[PathBuf], form: &LogForm) -> Result<LoggedLogins> {
    let mut reading = Reading {
        zone: &form.zone,
        prefix: Prefix::parse(&form.prefix),
        found: LoggedLogins::default(),
        span: None,
    };
    let mut spans = Vec::new();
    for file in files {
        reading.span = None;
        reading
            .read_file(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        spans.push(reading.span.ok_or_else(|| {
            let what = format!(
                "{} has no line of the form that the server's settings say",
                file.display()
            );
            Failure::not_found(what)
                .hint("it may be of another server, or of another time: SHOW log_line_prefix")
        })?);
    }
    let mut found = reading.found;
    spans.sort_unstable();
    for (first, last) in spans {
        let follows = found
            .until
            .is_some_and(|until| until.after(LONGEST_GAP).is_ok_and(|end| first <= end));
        if !follows {
            found.since = Some(first);
        }
        found.until = found.until.max(Some(last));
    }
    if found.newest.is_empty() {
        found.since = None;
    }
    Ok(found)
}

struct Reading<'a> {
    zone: &'a str,
    prefix: Prefix,
    found: LoggedLogins,
    /// The first and the last time of the file.
    span: Option<(Timestamp, Timestamp)>,
}

impl Reading<'_> {
    fn read_file(&mut self, file: &Path) -> Result<()> {
        let mut reader = BufReader::new(File::open(file)?);
        let start = String::from_utf8_lossy(reader.fill_buf()?).into_owned();
        if start.trim_start().starts_with('{') {
            return self.read_lines(reader, |_, line| of_json(line));
        }
        let first = start.lines().next().unwrap_or_default();
        let time = first.split(',').next().unwrap_or_default();
        let is_csv = first.len() > time.len()
            && Timestamp::parse_log_time(time, self.zone).is_some()
            && self.prefix.read(first).is_none();
        if is_csv {
            return self.read_csv(reader);
        }
        self.read_lines(reader, |reading, line| reading.prefix.read(line))
    }

    fn read_lines(
        &mut self,
        mut reader: impl BufRead,
        entry: impl Fn(&Self, &str) -> Option<LogEntry>,
    ) -> Result<()> {
        let mut line = Vec::new();
        while reader.read_until(b'\n', &mut line)? > 0 {
            let text = String::from_utf8_lossy(&line);
            if let Some(entry) = entry(self, text.trim_end_matches(['\n', '\r'])) {
                self.take(&entry);
            }
            line.clear();
        }
        Ok(())
    }

    fn read_csv(&mut self, reader: impl BufRead) -> Result<()> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(reader);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record)? {
            let fields: Vec<_> = record.iter().map(String::from_utf8_lossy).collect();
            let fields: Vec<&str> = fields.iter().map(AsRef::as_ref).collect();
            if let Some(entry) = of_csv(&fields) {
                self.take(&entry);
            }
        }
        Ok(())
    }

    fn take(&mut self, entry: &LogEntry) {
        let Some(time) = Timestamp::parse_log_time(&entry.time, self.zone) else {
            return;
        };
        let (first, last) = self.span.unwrap_or((time, time));
        self.span = Some((first.min(time), last.max(time)));
        let said = LOGINS
            .iter()
            .find_map(|begin| entry.message.strip_prefix(begin));
        let Some(said) = said else {
            return;
        };
        // A name may contain what follows it, so that the line's own field is better, where it has one.
        let named = said.split(" database=").next().unwrap_or_default();
        let named = named.split(" application_name=").next().unwrap_or_default();
        let user = if entry.user.is_empty() {
            named
        } else {
            entry.user.as_str()
        };
        let newest = self.found.newest.entry(user.to_owned()).or_insert(time);
        *newest = time.max(*newest);
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn read(lines: &[&str]) -> Result<LoggedLogins> {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(lines.join("\n").as_bytes()).unwrap();
        let form = LogForm {
            prefix: "%m [%p] ".to_owned(),
            zone: "UTC".to_owned(),
        };
        read_logins(&[file.path().to_owned()], &form)
    }

    #[test]
    fn the_newest_login_of_each_counts() {
        let found = read(&[
            "2026-11-01 08:00:00.000 UTC [7] LOG:  connection authorized: user=jane database=app application_name=psql",
            "2026-11-02 08:00:00.000 UTC [8] LOG:  connection authorized: user=jane database=app",
            "2026-11-02 09:00:00.000 UTC [8] LOG:  replication connection authorized: user=standby application_name=walreceiver",
            "2026-11-03 08:00:00.000 UTC [9] FATAL:  password authentication failed for user \"joe\"",
        ])
        .unwrap();
        let time = |text: &str| Timestamp::parse(text);
        assert_eq!(
            found.newest.get("jane").copied(),
            time("2026-11-02T08:00:00Z")
        );
        assert_eq!(
            found.newest.get("standby").copied(),
            time("2026-11-02T09:00:00Z")
        );
        assert_eq!(found.newest.len(), 2);
        assert_eq!(found.since, time("2026-11-01T08:00:00Z"));
        assert_eq!(found.until, time("2026-11-03T08:00:00Z"));
    }

    #[test]
    fn a_log_without_logins_says_nothing_of_anybody() {
        let found = read(&["2026-11-01 08:00:00.000 UTC [7] LOG:  checkpoint starting: time"]);
        assert_eq!(found.unwrap().since, None);
        assert!(read(&["something else"]).is_err());
    }
}
