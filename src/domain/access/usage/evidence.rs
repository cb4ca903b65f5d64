//! What was recorded of statements, how far back, and what makes the record incomplete.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::domain::access::AccessLevel;
use crate::domain::access::usage::ground::{Callables, UsageGround};
use crate::domain::access::usage::statement::{Judged, judge};
use crate::domain::role::RoleName;
use crate::domain::timestamp::{Span, Timestamp};

/// How many reasons of one login are kept.
const MOST_REASONS: usize = 5;
/// A log that ends longer ago, or has a longer gap, leaves something out.
const LONGEST_SILENCE: Span = Span::days(1);

/// Where statements were recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The extension `pg_stat_statements`.
    PgStatStatements,
    /// The server's log, with pgaudit's lines in it.
    Log,
}

/// What the server's extension recorded of the logins that have access, and of the groups.
#[derive(Debug, Clone, Deserialize)]
pub struct Statistics {
    /// Since when it counts, as RFC 3339.
    pub since: String,
    /// How often it has dropped the statements that were least used.
    pub dropped: i64,
    /// Each with the OID of the role; `None` for a text that cannot be read.
    pub statements: Vec<(u32, Option<String>)>,
}

/// What one login was seen to do.
#[derive(Debug, Clone)]
pub struct SeenUse {
    pub level: AccessLevel,
    /// What needed that level.
    pub by: BTreeSet<String>,
    /// What may have needed more.
    pub unclear: BTreeSet<String>,
    /// The schemas that its statements may have used.
    pub schemas: BTreeSet<String>,
}

impl Default for SeenUse {
    fn default() -> Self {
        Self {
            level: AccessLevel::None,
            by: BTreeSet::new(),
            unclear: BTreeSet::new(),
            schemas: BTreeSet::new(),
        }
    }
}

/// The record of a database.
#[derive(Debug, Clone)]
pub struct Evidence {
    pub source: Source,
    pub since: Option<Timestamp>,
    /// Why it is incomplete for every login.
    pub lacks: Vec<String>,
    pub of: BTreeMap<RoleName, SeenUse>,
}

/// Which schema a name in a statement may belong to.
pub struct SchemaNames<'a> {
    schemas: HashMap<&'a str, Vec<&'a str>>,
    /// What the reader of such a view reads by its own rights.
    invokers: HashMap<&'a str, BTreeSet<String>>,
}

impl<'a> SchemaNames<'a> {
    pub fn of(ground: &'a UsageGround) -> Self {
        let mut schemas: HashMap<&str, Vec<&str>> = HashMap::new();
        for (schema, names) in &ground.schemas {
            let named = names.iter().map(String::as_str).chain([schema.as_str()]);
            for name in named {
                schemas.entry(name).or_default().push(schema);
            }
        }
        let definitions = ground.callables.definitions.iter();
        let none = Callables::default();
        let invokers = definitions
            .filter(|one| one.is_invokers)
            .map(|one| (one.name.as_str(), judge(&one.sql, &none).names))
            .collect();
        Self { schemas, invokers }
    }

    fn used<'s>(&'s self, names: &'s BTreeSet<String>) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        let mut left: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut used = BTreeSet::new();
        while let Some(name) = left.pop() {
            if !seen.insert(name) {
                continue;
            }
            let schemas = self.schemas.get(name).into_iter().flatten();
            used.extend(schemas.map(|schema| (*schema).to_owned()));
            let behind = self.invokers.get(name).into_iter().flatten();
            left.extend(behind.map(String::as_str));
        }
        used
    }
}

impl SeenUse {
    pub fn add(&mut self, judged: Judged, schemas: &SchemaNames<'_>) {
        if judged.level > self.level {
            self.level = judged.level;
            self.by.clear();
        }
        if judged.level == self.level && !judged.by.is_empty() {
            self.by.insert(judged.by);
        }
        if let Some(why) = judged.unclear {
            self.doubt(why);
        }
        self.schemas.extend(schemas.used(&judged.names));
    }

    pub fn doubt(&mut self, why: String) {
        if self.unclear.len() < MOST_REASONS {
            self.unclear.insert(why);
        }
    }
}

impl Evidence {
    pub fn new(source: Source) -> Self {
        Self {
            source,
            since: None,
            lacks: Vec::new(),
            of: BTreeMap::new(),
        }
    }

    /// Evidence from what `pg_stat_statements` has; `None` if it was not asked, for what `lacks` says.
    pub fn of_statistics(ground: &UsageGround, found: Option<Statistics>) -> Self {
        let mut evidence = Self::new(Source::PgStatStatements);
        evidence.lacks = lacks_of_statistics(ground);
        let Some(found) = found else {
            return evidence;
        };
        evidence.since = Timestamp::parse(&found.since);
        if found.dropped > 0 {
            let why = "pg_stat_statements has dropped statements for want of room: raise pg_stat_statements.max, and reset it";
            evidence.lacks.push(why.to_owned());
        }
        let schemas = SchemaNames::of(ground);
        let logins = ground.logins.iter().map(|login| (login.oid, &login.name));
        let logins: HashMap<u32, &RoleName> = logins.collect();
        for (oid, text) in found.statements {
            let Some(name) = logins.get(&oid) else {
                let group = ground.groups.iter().find(|(group, _)| *group == oid);
                if let Some((_, group)) = group {
                    let why = format!("somebody ran statements as \"{group}\", by SET ROLE");
                    evidence.lacks.push(why);
                }
                continue;
            };
            let seen = evidence.of.entry((*name).clone()).or_default();
            match text {
                Some(text) => seen.add(judge(&text, &ground.callables), &schemas),
                None => seen.doubt("the text of a statement cannot be read".to_owned()),
            }
        }
        evidence.lacks.sort();
        evidence.lacks.dedup();
        evidence
    }

    /// Adds what makes it too short: it must reach back to `from`.
    pub fn require_since(&mut self, from: Timestamp) {
        let source = self.source.text();
        let why = match self.since {
            None if self.lacks.is_empty() => format!("it is not known since when {source} records"),
            Some(since) if since.seconds_since(from) > 0 => {
                format!("{source} records only since {}", shown(since))
            }
            _ => return,
        };
        self.lacks.push(why);
    }

    /// Adds what a log leaves out at its end, and in between.
    pub fn require_unbroken(&mut self, span: &LogSpan, now: Timestamp) {
        self.since = span.first;
        let (Some(_), Some(last)) = (span.first, span.last) else {
            self.lacks
                .push("the log has no line with a time".to_owned());
            return;
        };
        if now.since(last).duration() > LONGEST_SILENCE.duration() && now.seconds_since(last) > 0 {
            self.lacks.push(format!("the log ends on {}", shown(last)));
        }
        if let Some((from, to)) = span.gap
            && to.since(from).duration() > LONGEST_SILENCE.duration()
        {
            let why = format!("the log has a gap from {} to {}", shown(from), shown(to));
            self.lacks.push(why);
        }
    }

    /// Why the evidence is incomplete for one login: what it lacks for all, and what others do with its rights.
    pub fn lacks_for(&self, ground: &UsageGround, name: &RoleName) -> Vec<String> {
        let mut lacks = self.lacks.clone();
        let overrides = ground.overrides.iter();
        let own = overrides.filter(|one| one.role.as_ref() == Some(name));
        lacks.extend(
            own.filter(|one| self.source.depends_on(&one.setting))
                .map(|one| format!("{} is set for it alone", one.setting)),
        );
        let Some(login) = ground.logins.iter().find(|login| login.name == *name) else {
            return lacks;
        };
        if login.owned > 0 {
            lacks.push("it owns objects here, which others may use with its rights".to_owned());
        }
        if login.subscriptions > 0 {
            lacks.push("it owns a subscription, which writes with its rights".to_owned());
        }
        if login.policies > 0 {
            lacks.push(
                "policies of row security name its group, and it may see fewer rows by another"
                    .to_owned(),
            );
        }
        if let Some(member) = login.members.first() {
            lacks.push(format!("role \"{member}\" has its rights as a member"));
        }
        lacks
    }
}

/// From when to when a log reaches.
#[derive(Debug, Clone, Copy, Default)]
pub struct LogSpan {
    pub first: Option<Timestamp>,
    pub last: Option<Timestamp>,
    /// The longest time without a line.
    pub gap: Option<(Timestamp, Timestamp)>,
}

impl LogSpan {
    /// Adds a log that begins later.
    pub fn join(&mut self, later: Self) {
        let (Some(first), Some(last)) = (later.first, later.last) else {
            return;
        };
        self.add(first);
        let length = |gap: Option<(Timestamp, Timestamp)>| {
            gap.map_or(0, |(from, to)| to.seconds_since(from))
        };
        if length(later.gap) > length(self.gap) {
            self.gap = later.gap;
        }
        self.last = self.last.max(Some(last));
    }

    pub fn add(&mut self, time: Timestamp) {
        self.first = self.first.or(Some(time));
        if let Some(last) = self.last {
            let length = time.seconds_since(last);
            if length > self.gap.map_or(0, |(from, to)| to.seconds_since(from)) {
                self.gap = Some((last, time));
            }
            if length < 0 {
                return;
            }
        }
        self.last = Some(time);
    }
}

impl Source {
    pub fn text(self) -> &'static str {
        match self {
            Self::PgStatStatements => "pg_stat_statements",
            Self::Log => "the log",
        }
    }

    /// Whether a setting that a role or a database has for itself says what is recorded.
    fn depends_on(self, setting: &str) -> bool {
        let is_of_statistics =
            setting.starts_with("pg_stat_statements.") || setting == "compute_query_id";
        is_of_statistics == (self == Self::PgStatStatements)
    }
}

fn shown(time: Timestamp) -> String {
    let text = time.to_string();
    let day = text.split('.').next().unwrap_or_default();
    format!("{day}Z")
}

/// Why what `pg_stat_statements` has may not be all.
pub fn lacks_of_statistics(ground: &UsageGround) -> Vec<String> {
    let setting = |name: &str| ground.settings.get(name).map(String::as_str);
    let mut lacks = lacks_of_all(ground, Source::PgStatStatements);
    let mut lack = |why: &str| lacks.push(why.to_owned());
    match (setting("pg_stat_statements.track"), &ground.statistics) {
        (None, _) => {
            lack("pg_stat_statements is not in shared_preload_libraries, and no log was given");
        }
        (Some("none"), _) => lack("pg_stat_statements.track is none"),
        (_, None) => {
            lack(
                "the database lacks the extension pg_stat_statements, and no log was given: CREATE EXTENSION pg_stat_statements",
            );
        }
        (_, Some(extension)) if !extension.is_genuine => {
            lack("the functions of pg_stat_statements are not its own");
        }
        (_, Some(extension)) if !extension.tells_since => {
            lack(if ground.version < 140_000 {
                "pg_stat_statements does not record before PostgreSQL 14 since when it counts: give the server's log"
            } else {
                "this version of the extension does not record since when it counts: ALTER EXTENSION pg_stat_statements UPDATE"
            });
        }
        _ => {}
    }
    if setting("pg_stat_statements.track_utility") == Some("off") {
        lack("pg_stat_statements.track_utility is off: COPY, CALL and the like are not recorded");
    }
    if matches!(setting("compute_query_id"), Some("off" | "regress")) {
        lack("compute_query_id is off, so that pg_stat_statements records nothing");
    }
    if !ground.may_read_statements {
        lack("the admin credential may not read others' statements: GRANT pg_read_all_stats");
    }
    lacks
}

/// Why the log may not have all statements.
pub fn lacks_of_log(ground: &UsageGround) -> Vec<String> {
    let setting = |name: &str| ground.settings.get(name).map_or("", String::as_str);
    let mut lacks = lacks_of_all(ground, Source::Log);
    let is_all = setting("log_statement") == "all"
        || setting("log_min_duration_statement") == "0"
        || is_all_audited(setting("pgaudit.log"), setting("pgaudit.log_level"));
    if !is_all {
        lacks.push("the server does not log all statements: log_statement = all does, or pgaudit.log = all".to_owned());
    }
    let language = setting("lc_messages");
    let is_english = matches!(language, "" | "C" | "POSIX")
        || language.starts_with("C.")
        || language.starts_with("en");
    if !is_english {
        lacks.push(format!(
            "the log is not in English: lc_messages is {language}"
        ));
    }
    if matches!(setting("log_min_messages"), "fatal" | "panic") {
        lacks.push(format!(
            "log_min_messages is {}",
            setting("log_min_messages")
        ));
    }
    lacks
}

fn lacks_of_all(ground: &UsageGround, source: Source) -> Vec<String> {
    let mut lacks = Vec::new();
    if ground.in_recovery {
        lacks
            .push("it is a standby, which does not know what is written on its primary".to_owned());
    }
    let of_all = ground.overrides.iter().filter(|one| one.role.is_none());
    for one in of_all.filter(|one| source.depends_on(&one.setting)) {
        lacks.push(format!(
            "{} is set for the database or for all roles",
            one.setting
        ));
    }
    lacks
}

/// Classes of pgaudit that are no statement which a level is for may be left out.
fn is_all_audited(classes: &str, level: &str) -> bool {
    let classes = classes
        .split(',')
        .map(|class| class.trim().to_ascii_lowercase());
    let classes: Vec<_> = classes.collect();
    let is_beside = |class: &&String| matches!(class.as_str(), "-misc" | "-misc_set");
    let mut left_out = classes.iter().filter(|class| class.starts_with('-'));
    classes.iter().any(|class| class == "all")
        && left_out.all(|class| is_beside(&class))
        && matches!(level, "" | "log")
}
