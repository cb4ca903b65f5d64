//! Reads which statements a server's log has: stderr with its `log_line_prefix`, csvlog or jsonlog, line by line.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use csv::{ByteRecord, ReaderBuilder};

use crate::domain::access::usage::evidence::{
    Evidence, LogSpan, SchemaNames, Source, lacks_of_log,
};
use crate::domain::access::usage::ground::UsageGround;
use crate::domain::access::usage::log_line::{LogEntry, Prefix, Said, of_csv, of_json};
use crate::domain::role::RoleName;
use crate::domain::target::DatabaseName;
use crate::domain::timestamp::Timestamp;

/// Changing one of these changes what is logged.
const SETTINGS: [&str; 5] = [
    "log_statement",
    "log_min_duration_statement",
    "log_min_messages",
    "log_line_prefix",
    "log_timezone",
];
/// Reads the files as one log of the database's server.
///
/// # Errors
/// If a file cannot be read.
pub fn read_log(
    files: &[PathBuf],
    database: &DatabaseName,
    ground: &UsageGround,
) -> Result<Evidence> {
    let mut evidence = Evidence::new(Source::Log);
    evidence.lacks = lacks_of_log(ground);
    let setting = |name: &str| ground.settings.get(name).map_or("", String::as_str);
    let mut reading = Reading {
        names: ground
            .logins
            .iter()
            .map(|login| login.name.as_str())
            .collect(),
        ground,
        database: database.as_str(),
        zone: setting("log_timezone"),
        prefix: Prefix::parse(setting("log_line_prefix")),
        schemas: SchemaNames::of(ground),
        evidence,
        span: LogSpan::default(),
        met: BTreeSet::new(),
    };
    let mut spans = Vec::new();
    for file in files {
        reading.span = LogSpan::default();
        reading
            .read_file(file)
            .with_context(|| format!("cannot read {}", file.display()))?;
        spans.push(reading.span);
    }
    Ok(reading.finish(spans))
}

/// How messages about statements begin.
const STATEMENTS: [&str; 3] = ["statement: ", "execute ", "AUDIT: "];

/// What was met in the files, beside statements.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Met {
    /// Of the database.
    Statement,
    OtherForm,
    OtherTime,
    BadName,
    Stderr,
}

struct Reading<'a> {
    names: HashSet<&'a str>,
    ground: &'a UsageGround,
    database: &'a str,
    zone: &'a str,
    prefix: Prefix,
    schemas: SchemaNames<'a>,
    evidence: Evidence,
    span: LogSpan,
    met: BTreeSet<Met>,
}

impl Reading<'_> {
    fn read_file(&mut self, file: &Path) -> Result<()> {
        let mut reader = BufReader::new(File::open(file)?);
        let start = String::from_utf8_lossy(reader.fill_buf()?).into_owned();
        if start.trim_start().starts_with('{') {
            self.read_json(reader)
        } else if self.is_csv(&start) {
            self.read_csv(reader)
        } else {
            self.read_stderr(reader)
        }
    }

    /// Its lines begin with a time and a comma, which a prefix may do as well.
    fn is_csv(&self, start: &str) -> bool {
        let first = start.lines().next().unwrap_or_default();
        let time = first.split(',').next().unwrap_or_default();
        first.len() > time.len()
            && Timestamp::parse_log_time(time, self.zone).is_some()
            && self.prefix.read(first).is_none()
    }

    fn read_json(&mut self, reader: impl BufRead) -> Result<()> {
        for_each_line(reader, |line| match of_json(line) {
            Some(entry) => self.take(&entry),
            None if line.trim().is_empty() => {}
            None => self.meet(Met::OtherForm),
        })
    }

    fn read_csv(&mut self, reader: impl Read) -> Result<()> {
        let mut reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(reader);
        let mut record = ByteRecord::new();
        while reader.read_byte_record(&mut record)? {
            let fields = record.iter().map(String::from_utf8_lossy);
            let fields: Vec<_> = fields.collect();
            let fields: Vec<&str> = fields.iter().map(AsRef::as_ref).collect();
            match of_csv(&fields) {
                Some(entry) => self.take(&entry),
                None => self.meet(Met::OtherForm),
            }
        }
        Ok(())
    }

    /// A message goes on in lines that begin with a tab.
    fn read_stderr(&mut self, reader: impl BufRead) -> Result<()> {
        self.meet(Met::Stderr);
        let mut message: Option<LogEntry> = None;
        let mut is_read = false;
        for_each_line(reader, |line| {
            if let Some(more) = line.strip_prefix('\t') {
                if let Some(message) = &mut message {
                    message.message.push('\n');
                    message.message.push_str(more);
                }
                return;
            }
            if let Some(ended) = message.take() {
                self.take(&ended);
            }
            message = self.prefix.read(line);
            is_read |= message.is_some();
            if message.is_none() && STATEMENTS.iter().any(|begin| line.contains(begin)) {
                self.meet(Met::OtherForm);
            }
        })?;
        if let Some(ended) = message {
            self.take(&ended);
        }
        if !is_read {
            self.meet(Met::OtherForm);
        }
        Ok(())
    }

    fn meet(&mut self, met: Met) {
        self.met.insert(met);
    }

    fn take(&mut self, entry: &LogEntry) {
        match Timestamp::parse_log_time(&entry.time, self.zone) {
            Some(time) => self.span.add(time),
            None => self.meet(Met::OtherTime),
        }
        let is_readable = |name: &str| !name.contains(char::REPLACEMENT_CHARACTER);
        if !is_readable(&entry.user) || !is_readable(&entry.database) {
            self.meet(Met::BadName);
        }
        let is_here = entry.database == self.database;
        let is_of_login = is_here && self.names.contains(entry.user.as_str());
        // Of others, it is enough to see that the server's language is understood.
        let is_first = is_here && !self.met.contains(&Met::Statement);
        let is_change = entry.message.starts_with("parameter \"");
        if !is_of_login && !is_first && !is_change {
            return;
        }
        match entry.said(&self.ground.callables) {
            Said::Statement(judged) => {
                self.meet(Met::Statement);
                if is_of_login {
                    let name = RoleName::from_server(entry.user.clone());
                    let seen = self.evidence.of.entry(name).or_default();
                    seen.add(judged, &self.schemas);
                }
            }
            Said::Changed(name)
                if SETTINGS.contains(&name.as_str()) || name.starts_with("pgaudit.") =>
            {
                let why = format!("{name} was changed while the log was written");
                if !self.evidence.lacks.contains(&why) {
                    self.evidence.lacks.push(why);
                }
            }
            Said::Changed(_) | Said::Nothing => {}
        }
    }

    fn finish(mut self, mut spans: Vec<LogSpan>) -> Evidence {
        spans.retain(|span| span.first.is_some());
        spans.sort_by_key(|span| span.first);
        let mut whole = LogSpan::default();
        for span in spans {
            whole.join(span);
        }
        let lacks = &mut self.evidence.lacks;
        let mut lack = |is_so: bool, why: String| {
            if is_so {
                lacks.push(why);
            }
        };
        let met = |one| self.met.contains(&one);
        lack(
            !met(Met::Statement),
            format!("the log has no statement in database {}", self.database),
        );
        lack(
            met(Met::OtherTime),
            "a line of the log has a time that cannot be read".to_owned(),
        );
        lack(
            met(Met::BadName),
            "a name in the log is not UTF-8".to_owned(),
        );
        lack(
            met(Met::OtherForm),
            "lines of the log do not have the form that the server's settings say".to_owned(),
        );
        if met(Met::Stderr) {
            let missing = self.prefix.lacks();
            lack(
                !missing.is_empty(),
                format!("log_line_prefix lacks {}", missing.join(" and ")),
            );
            let is_hidden = self.prefix.hides('d', self.database);
            lack(
                is_hidden,
                "the name of the database cannot be told from log_line_prefix".to_owned(),
            );
            let logins = self.ground.logins.iter();
            for login in logins.filter(|login| self.prefix.hides('u', login.name.as_str())) {
                let seen = self.evidence.of.entry(login.name.clone()).or_default();
                seen.doubt("its name cannot be told from log_line_prefix".to_owned());
            }
        }
        if let Some(now) = Timestamp::parse(&self.ground.now) {
            self.evidence.require_unbroken(&whole, now);
        }
        self.evidence
    }
}

fn for_each_line(mut reader: impl BufRead, mut take: impl FnMut(&str)) -> Result<()> {
    let mut line = Vec::new();
    while reader.read_until(b'\n', &mut line)? > 0 {
        let text = String::from_utf8_lossy(&line);
        take(text.trim_end_matches(['\n', '\r']));
        line.clear();
    }
    Ok(())
}
