//! Why a role cannot do something: what a server says, and what follows from it. The first cause in the server's own order
//! counts; what cannot be read is unknown, never guessed.

use std::fmt;

use clap::ValueEnum;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What stands for a SQLSTATE where something may be a cause, or not.
pub const UNKNOWN: &str = "unknown";
/// The ranks of what the server decides by `pg_hba.conf`, and by the password that this asks for.
const HBA: std::ops::Range<u32> = 19..30;
const PASSWORD: std::ops::Range<u32> = 30..40;
/// What two readings say alike.
const NO_ROLE: u32 = 10;
const REJECT: u32 = 21;
const ELSEWHERE: u32 = 24;
const VERIFIER: u32 = 32;

/// Whether a role can do what was asked.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(inline)]
pub enum Verdict {
    Can,
    Cannot,
    #[default]
    Unknown,
}

/// What a question is about, as `--kind` names it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum SubjectKind {
    /// A table, view, materialized view or foreign table
    #[default]
    Table,
    Sequence,
    Function,
    Schema,
    Database,
    Tablespace,
    Type,
    LargeObject,
    /// A role, to become it
    Role,
}

/// What a role wants to do, as `--action` names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Action {
    Select,
    Insert,
    /// UPDATE with WHERE, which reads as well
    Update,
    /// DELETE with WHERE, which reads as well
    Delete,
    Truncate,
    References,
    Trigger,
    Alter,
    Refresh,
    /// CREATE PUBLICATION … FOR TABLE
    Publish,
    Usage,
    Create,
    Temporary,
    Execute,
    /// SET ROLE
    Set,
}

impl SubjectKind {
    /// What can be asked about one of these; the first is asked unless another is named.
    pub fn actions(self) -> &'static [Action] {
        use Action as It;
        match self {
            Self::Table => &[
                It::Select,
                It::Insert,
                It::Update,
                It::Delete,
                It::Truncate,
                It::References,
                It::Trigger,
                It::Alter,
                It::Refresh,
                It::Publish,
            ],
            Self::Sequence => &[It::Usage, It::Select, It::Update, It::Alter],
            Self::Function => &[It::Execute],
            Self::Schema => &[It::Usage, It::Create],
            Self::Database => &[It::Create, It::Temporary],
            Self::Tablespace => &[It::Create],
            Self::Type => &[It::Usage],
            Self::LargeObject => &[It::Select, It::Update],
            Self::Role => &[It::Set],
        }
    }

    /// As the reading names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Table => "relation",
            Self::Sequence => "sequence",
            Self::Function => "function",
            Self::Schema => "schema",
            Self::Database => "database",
            Self::Tablespace => "tablespace",
            Self::Type => "type",
            Self::LargeObject => "large-object",
            Self::Role => "role",
        }
    }
}

/// In SQL's words.
impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Select => "SELECT",
            Self::Insert => "INSERT",
            Self::Update => "UPDATE",
            Self::Delete => "DELETE",
            Self::Truncate => "TRUNCATE",
            Self::References => "REFERENCES",
            Self::Trigger => "TRIGGER",
            Self::Alter => "ALTER",
            Self::Refresh => "REFRESH",
            Self::Publish => "PUBLISH",
            Self::Usage => "USAGE",
            Self::Create => "CREATE",
            Self::Temporary => "TEMPORARY",
            Self::Execute => "EXECUTE",
            Self::Set => "SET",
        })
    }
}

/// What a role wants to do to what.
#[derive(Debug, Clone)]
pub struct AccessQuestion {
    pub kind: SubjectKind,
    /// As a statement would write it.
    pub object: String,
    pub action: Action,
    /// Of a table; empty for all.
    pub columns: Vec<String>,
}

impl AccessQuestion {
    /// What the role wants to do, as a sentence says it after "can".
    pub fn deed(&self) -> String {
        let Self {
            kind,
            object,
            action,
            ..
        } = self;
        let noun = match kind {
            SubjectKind::Table | SubjectKind::Function | SubjectKind::Role => "",
            SubjectKind::Sequence => "sequence ",
            SubjectKind::Schema => "schema ",
            SubjectKind::Database => "database ",
            SubjectKind::Tablespace => "tablespace ",
            SubjectKind::Type => "type ",
            SubjectKind::LargeObject => "large object ",
        };
        match action {
            Action::Usage => format!("use {noun}{object}"),
            Action::Create => format!("create something in {noun}{object}"),
            Action::Temporary => format!("create temporary tables in {noun}{object}"),
            Action::Publish => format!("create a publication of {object}"),
            Action::Set => format!("SET ROLE {object}"),
            _ => format!("{action} {noun}{object}"),
        }
    }
}

/// A reason why the server refuses something.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Cause {
    /// The place in the server's order.
    pub rank: u32,
    /// As docs/explain.md has it.
    #[serde(rename = "cause")]
    pub name: String,
    /// What the server says then; `None` if it says nothing, and hides rows.
    pub sqlstate: Option<String>,
    pub message: String,
    /// A statement, or what to do.
    pub remedy: Option<String>,
    /// What a command of pgrole's own takes.
    #[serde(default)]
    pub value: Option<String>,
}

/// What a server says about the login of a role.
#[derive(Debug, Clone, Deserialize)]
pub struct LoginReading {
    pub oid: Option<u32>,
    pub causes: Vec<Cause>,
    pub reads_rules: bool,
    pub asks_for_password: bool,
    /// How the password is stored, `none` if there is none; `None` if that cannot be read.
    pub verifier: Option<String>,
    /// The line of `pg_hba.conf` that would let the role in from here.
    pub line: String,
    pub through: Vec<String>,
}

/// What a server says about what a role may do.
#[derive(Debug, Clone, Deserialize)]
pub struct AccessReading {
    pub causes: Vec<Cause>,
    pub through: Vec<String>,
    /// What is not known even if the role can.
    pub limits: Vec<String>,
    /// The role's search path, and the schema of the object.
    pub path: Vec<String>,
    pub schema: Option<String>,
}

/// What `pg_hba.conf` asks of the login, as the server itself answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HbaAnswer {
    /// It was not asked, or its answer says nothing; with the reason.
    Unknown(String),
    /// `trust`, or something that it has verified already.
    Nothing,
    Cleartext,
    /// Only a role whose password is stored as md5 gets this answer.
    Md5,
    /// The password is stored as SCRAM, or there is none.
    Scram,
    /// Not a password.
    Other,
    /// No line, `reject`, or `ident`.
    Refused(String),
}

/// What is known about one part of a question: login, or access.
#[derive(Debug, Clone, Default)]
pub struct Findings {
    /// In the server's order.
    pub causes: Vec<Cause>,
    /// What could not be read.
    pub unknown: Vec<String>,
    /// Who or what gives the right.
    pub through: Vec<String>,
    /// What is not known even if the role can.
    pub limits: Vec<String>,
}

impl Findings {
    pub fn verdict(&self) -> Verdict {
        if !self.causes.is_empty() {
            Verdict::Cannot
        } else if self.unknown.is_empty() {
            Verdict::Can
        } else {
            Verdict::Unknown
        }
    }
}

impl LoginReading {
    /// Whether only the server's own answer to a login tells what `pg_hba.conf` asks of it.
    pub fn needs_answer(&self) -> bool {
        let is_doubtful = |cause: &Cause| HBA.contains(&cause.rank) && cause.is_unknown();
        self.oid.is_some() && (!self.reads_rules || self.causes.iter().any(is_doubtful))
    }

    /// What follows, given the server's answer if one was needed.
    pub fn findings(mut self, answer: Option<HbaAnswer>) -> Findings {
        let mut unknown = Vec::new();
        let mut asks_for_password = self.reads_rules && self.asks_for_password;
        match answer {
            None => {}
            Some(HbaAnswer::Unknown(why)) => {
                // Causes by a file that is not in force, and by a password that may not be asked for, are guesses.
                let is_kept = |cause: &Cause| {
                    let is_guess = HBA.contains(&cause.rank) || PASSWORD.contains(&cause.rank);
                    !is_guess || cause.is_unknown()
                };
                let guesses = self.causes.iter().filter(|cause| !is_kept(cause));
                let guesses: Vec<_> = guesses.map(|cause| cause.message.clone()).collect();
                self.causes.retain(is_kept);
                unknown.push(format!("what pg_hba.conf asks for: {why}"));
                unknown.extend(guesses);
            }
            Some(answer) => {
                let is_refused = matches!(answer, HbaAnswer::Refused(_));
                // What another service says remains unknown.
                let is_elsewhere = |cause: &Cause| cause.rank == ELSEWHERE && !is_refused;
                let is_kept = |cause: &Cause| !HBA.contains(&cause.rank) || is_elsewhere(cause);
                self.causes.retain(is_kept);
                asks_for_password = matches!(
                    answer,
                    HbaAnswer::Cleartext | HbaAnswer::Md5 | HbaAnswer::Scram
                );
                if !asks_for_password {
                    self.causes.retain(|cause| !PASSWORD.contains(&cause.rank));
                }
                let cause = self.cause_by(&answer);
                self.causes.extend(cause);
                if answer == HbaAnswer::Md5 {
                    self.verifier.get_or_insert_with(|| "md5".to_owned());
                }
            }
        }
        if asks_for_password && self.verifier.is_none() && self.oid.is_some() {
            unknown.push("whether a password is set: pg_authid cannot be read".to_owned());
        }
        let mut findings = Findings {
            unknown,
            through: self.through,
            ..Findings::default()
        };
        findings.add(self.causes);
        findings
    }

    fn cause_by(&self, answer: &HbaAnswer) -> Option<Cause> {
        let cause = |rank, name: &str, sqlstate: &str, message: String| Cause {
            rank,
            name: name.to_owned(),
            sqlstate: Some(sqlstate.to_owned()),
            message,
            remedy: None,
            value: None,
        };
        let add = |found: Cause| Cause {
            remedy: Some(format!(
                "add to pg_hba.conf, before the line that applies: {}; then SELECT pg_reload_conf()",
                self.line
            )),
            ..found
        };
        match answer {
            HbaAnswer::Refused(said) => {
                let what = format!("pg_hba.conf refuses it: {said}");
                Some(add(cause(REJECT, "hba_refused", "28000", what)))
            }
            HbaAnswer::Other => {
                let what = "pg_hba.conf asks for something else than a password".to_owned();
                Some(add(cause(REJECT, "hba_method", "28000", what)))
            }
            // On a line that asks for md5 this role would be asked for md5.
            HbaAnswer::Scram if self.verifier.as_deref() == Some("md5") => {
                let what = "the password is stored as md5, pg_hba.conf asks for scram-sha-256";
                Some(cause(VERIFIER, "verifier", "28P01", what.to_owned()))
            }
            _ => None,
        }
    }
}

/// What is said where the server refuses a function, and which of several it is is not known.
const ONE_OF_SEVERAL: &str = "EXECUTE is missing on one of several functions of that name; to know which: --kind function \
                              --on 'NAME(TYPES)'";

impl AccessReading {
    /// The role's search path with the object's schema at its end.
    pub fn search_path(&self) -> Vec<String> {
        let schemas = self.path.iter().chain(&self.schema);
        schemas.cloned().collect()
    }

    /// What follows. Of functions of one name it is not known which is meant.
    pub fn findings(mut self) -> Findings {
        if self.is_overloaded() {
            self.causes.retain(|cause| !cause.is_of_function());
            self.through.clear();
        }
        let mut findings = Findings {
            through: self.through,
            limits: self.limits,
            ..Findings::default()
        };
        findings.add(self.causes);
        findings
    }

    /// Its causes where the server has said that it refuses the object: it knows which of several functions is meant, and
    /// does not say so.
    pub fn causes_of_refusal(&self) -> Vec<Cause> {
        let of_one = |cause: &Cause| {
            let mut cause = cause.clone();
            if self.is_overloaded() && cause.is_of_function() {
                cause.remedy = None;
                ONE_OF_SEVERAL.clone_into(&mut cause.message);
            }
            cause
        };
        self.causes.iter().map(of_one).collect()
    }

    fn is_overloaded(&self) -> bool {
        self.causes.iter().any(|cause| cause.name == "overloaded")
    }
}

impl Findings {
    pub fn add(&mut self, causes: Vec<Cause>) {
        // Nothing else is known of a role that does not exist.
        let is_nobody = causes.iter().any(|cause| cause.rank == NO_ROLE);
        for cause in causes {
            if cause.is_unknown() {
                self.unknown.push(cause.message);
            } else if !is_nobody || cause.rank == NO_ROLE {
                let is_known = |known: &Cause| known.name == cause.name;
                if !self.causes.iter().any(is_known) {
                    self.causes.push(cause);
                }
            }
        }
        self.causes.sort_by_key(|cause| cause.rank);
    }
}

impl Cause {
    fn is_of_function(&self) -> bool {
        ["execute", "extension_function"].contains(&self.name.as_str())
    }

    pub fn is_unknown(&self) -> bool {
        self.sqlstate.as_deref() == Some(UNKNOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cause(rank: u32, name: &str, sqlstate: &str) -> Cause {
        Cause {
            rank,
            name: name.to_owned(),
            sqlstate: Some(sqlstate.to_owned()),
            message: format!("it is {name}"),
            remedy: None,
            value: None,
        }
    }

    /// To an admin who reads neither the rules nor how the password is stored.
    fn hidden(causes: Vec<Cause>) -> LoginReading {
        LoginReading {
            oid: Some(1),
            causes,
            reads_rules: false,
            asks_for_password: false,
            verifier: None,
            line: "host all jane 10.0.0.1/32 scram-sha-256".to_owned(),
            through: Vec::new(),
        }
    }

    fn names(findings: &Findings) -> Vec<&str> {
        let causes = findings.causes.iter();
        causes.map(|cause| cause.name.as_str()).collect()
    }

    #[test]
    fn what_cannot_be_read_is_unknown_and_never_can() {
        let reading = hidden(Vec::new());
        assert!(reading.needs_answer());
        let why = HbaAnswer::Unknown("a pooler is in between".to_owned());
        let findings = reading.findings(Some(why));
        assert_eq!(findings.verdict(), Verdict::Unknown);
        let findings = hidden(Vec::new()).findings(Some(HbaAnswer::Scram));
        assert_eq!(findings.verdict(), Verdict::Unknown);
        let findings = hidden(Vec::new()).findings(Some(HbaAnswer::Md5));
        assert_eq!(findings.verdict(), Verdict::Can);
        let findings = hidden(Vec::new()).findings(Some(HbaAnswer::Nothing));
        assert_eq!(findings.verdict(), Verdict::Can);
    }

    #[test]
    fn what_the_server_answers_comes_before_what_it_would_find_later() {
        let later = vec![cause(40, "nologin", "28000")];
        let said = HbaAnswer::Refused("no pg_hba.conf entry".to_owned());
        let findings = hidden(later).findings(Some(said));
        assert_eq!(names(&findings), ["hba_refused", "nologin"]);
        assert!(findings.causes[0].remedy.as_deref().is_some_and(|remedy| {
            remedy.contains("host all jane 10.0.0.1/32") && remedy.contains("pg_reload_conf")
        }));
    }

    #[test]
    fn an_end_counts_only_where_a_password_is_asked_for() {
        let expired = || hidden(vec![cause(31, "valid_until", "28P01")]);
        let findings = expired().findings(Some(HbaAnswer::Scram));
        assert_eq!(names(&findings), ["valid_until"]);
        let findings = expired().findings(Some(HbaAnswer::Nothing));
        assert_eq!(findings.verdict(), Verdict::Can);
        let why = HbaAnswer::Unknown("no".to_owned());
        assert_eq!(expired().findings(Some(why)).verdict(), Verdict::Unknown);
    }

    #[test]
    fn rules_that_are_not_in_force_are_no_cause() {
        let reading = LoginReading {
            reads_rules: true,
            verifier: Some("md5".to_owned()),
            ..hidden(vec![
                cause(19, "hba_stale", UNKNOWN),
                cause(20, "hba_none", "28000"),
            ])
        };
        assert!(reading.needs_answer());
        let findings = reading.clone().findings(Some(HbaAnswer::Scram));
        assert_eq!(names(&findings), ["verifier"]);
        let why = HbaAnswer::Unknown("no".to_owned());
        let findings = reading.findings(Some(why));
        assert_eq!(findings.verdict(), Verdict::Unknown);
    }

    #[test]
    fn every_kind_has_an_action() {
        for kind in SubjectKind::value_variants() {
            assert!(!kind.actions().is_empty(), "{kind:?}");
        }
    }
}
