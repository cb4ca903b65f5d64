//! A report as a whole: who was asked, the figures, the findings by kind, what changed since.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::fleet_report::changes::Change;
use crate::domain::fleet_report::finding::{FindingKind, Periods, Severity};
use crate::domain::fleet_report::level::MeasuredLevel;
use crate::domain::fleet_report::row::LoginAccess;

/// A report as a whole.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct ReportSummary {
    /// When it was made, as RFC 3339.
    pub made_at: String,
    /// Who made it, as `USER@MACHINE`.
    pub made_by: String,
    /// The number of the report; null if it was not written down.
    pub report: Option<i64>,
    /// The SHA-256 of the rows as CSV.
    pub sha256: String,
    /// Which targets were asked, and which answered.
    pub coverage: Coverage,
    /// The figures.
    pub figures: Figures,
    /// The findings by kind, the worst first.
    pub findings: Vec<FindingGroup>,
    /// When the report was made that this one is compared with; null if there is none.
    pub since: Option<String>,
    /// What changed since then, the newest first; what was done without pgrole before all.
    pub changes: Vec<Change>,
}

/// Which targets were asked, and which answered.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Coverage {
    /// How many targets are registered.
    pub registered: usize,
    /// How many were asked.
    pub asked: usize,
    /// How many answered.
    pub answered: usize,
    /// The targets that were asked and did not answer.
    pub failed: Vec<String>,
    /// The targets that are disabled, and were not asked.
    pub disabled: Vec<String>,
    /// The admin credentials that asked.
    pub admins: Vec<String>,
    /// Whether the admin credentials may read how passwords are stored, everywhere.
    pub verifiers_read: bool,
}

/// The figures of a report. A login is counted once for its cluster, in however many of its databases it is.
#[derive(Debug, Clone, Default, Serialize, JsonSchema)]
pub struct Figures {
    /// How many logins there are.
    pub logins: usize,
    /// How many of them are in a protected environment.
    pub protected: usize,
    /// How many have a finding of severity high.
    pub high: usize,
    /// How many passwords are older than allowed.
    pub password_old: usize,
    /// Of how many passwords the age is not known.
    pub age_unknown: usize,
    /// How many are superusers.
    pub superusers: usize,
    /// How many of those are not the cluster's own.
    pub superusers_beyond_owner: usize,
    /// How many targets have fewer than two named administrators.
    pub few_administrators: usize,
}

/// All findings of one kind.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FindingGroup {
    /// The kind.
    pub kind: FindingKind,
    /// How much it matters.
    pub severity: Severity,
    /// As people read it.
    pub title: String,
    /// How many logins it is about.
    pub logins: usize,
    /// Which ones, and where.
    pub which: Vec<FoundLogin>,
    /// What to do.
    pub remedy: String,
    /// A command for it; null if there is none.
    pub command: Option<String>,
    /// The requirement that asks for it; null if none is named.
    pub rule: Option<&'static str>,
}

/// A login, and the targets on which something was found.
#[derive(Debug, Clone, Serialize, JsonSchema)]
pub struct FoundLogin {
    /// The login.
    pub login: String,
    /// The targets, as `ENV/DATABASE`.
    pub targets: Vec<String>,
}

/// The findings by kind.
pub fn group(rows: &[LoginAccess], periods: Periods) -> Vec<FindingGroup> {
    let mut groups = Vec::new();
    for kind in FindingKind::ALL {
        let found = rows.iter().filter(|row| row.findings.contains(&kind));
        let mut which: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut logins = BTreeSet::new();
        for row in found {
            which.entry(&row.login).or_default().push(row.target());
            logins.insert(row.identity());
        }
        if logins.is_empty() {
            continue;
        }
        let (remedy, command) = kind.remedy(periods);
        let found = |(login, targets): (&str, Vec<String>)| FoundLogin {
            login: login.to_owned(),
            targets,
        };
        groups.push(FindingGroup {
            kind,
            severity: kind.severity(),
            title: kind.title(periods),
            logins: logins.len(),
            which: which.into_iter().map(found).collect(),
            remedy: remedy.to_owned(),
            command,
            rule: kind.rule(),
        });
    }
    groups
}

impl Figures {
    /// The figures of the rows; `is_protected` says which environments are.
    pub fn of(rows: &[LoginAccess], is_protected: impl Fn(&str) -> bool, few: usize) -> Self {
        let count = |is_so: &dyn Fn(&LoginAccess) -> bool| {
            let found = rows.iter().filter(|row| is_so(row));
            let found: BTreeSet<_> = found.map(LoginAccess::identity).collect();
            found.len()
        };
        let is_super = |row: &LoginAccess| row.level == MeasuredLevel::Superuser;
        Self {
            logins: count(&|_| true),
            protected: count(&|row| is_protected(&row.env)),
            high: count(&|row| row.worst() == Some(Severity::High)),
            password_old: count(&|row| row.findings.contains(&FindingKind::PasswordOld)),
            age_unknown: count(&|row| row.findings.contains(&FindingKind::AgeUnknown)),
            superusers: count(&is_super),
            superusers_beyond_owner: count(&|row| is_super(row) && !row.is_bootstrap),
            few_administrators: few,
        }
    }
}
