//! The report of a person who left, which can be filed: what was where, what became of it, when, by whom, and why.

use anyhow::Error;
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::status::Status;
use crate::domain::failure::{Phase, phase_of};
use crate::domain::role::RoleName;
use crate::domain::role::estate::ObjectNames;
use crate::domain::target::Target;
use crate::operations::offboard::evidence::Evidence;
use crate::operations::offboard::plan::Leaving;
use crate::operations::user::drop::{DropReport, DroppedDatabase};

/// What became of the logins of one person.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PersonReport {
    /// The role.
    pub username: String,
    /// `user dropped` if nothing is left of the role anywhere, `failed` if something is, `user not found` if no cluster
    /// has it, `unchanged` in a dry run; of a rehearsal, `rehearsed`, `unknown: busy`, or `failed` if a cluster was not
    /// rehearsed.
    pub status: Status,
    /// The reason that was given, as in the audit log.
    pub reason: String,
    /// What became of the role on each cluster.
    pub clusters: Vec<ClusterReport>,
    /// The acts in the audit log, those of earlier runs included.
    pub events: Vec<Evidence>,
}

/// What became of a role on one cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ClusterReport {
    /// The targets of the registry on the cluster, each as `ENV/DATABASE`.
    pub targets: Vec<String>,
    /// `user dropped`; `user locked` if it cannot log in any more and something is left; `failed` or `unreachable: …`
    /// if it may still log in; of a rehearsal, `rehearsed`, `unknown: busy` or `failed`.
    pub outcome: Status,
    /// Why something is left; null if nothing is.
    pub error: Option<String>,
    #[serde(flatten)]
    pub drop: DropReport,
}

/// How many objects a line of the table names at most.
const MOST_NAMED: usize = 5;

/// A line of the table.
#[derive(Debug, Clone, Serialize)]
pub struct ReportLine {
    pub username: String,
    pub env: String,
    pub hostname: String,
    pub port: String,
    pub database: Option<String>,
    pub owned: Vec<String>,
    pub disposal: Option<String>,
    pub sessions_ended: usize,
    pub outcome: Status,
    pub error: Option<String>,
}

impl PersonReport {
    pub fn new(name: &RoleName, reason: &str, evidence: &[Evidence]) -> Self {
        let is_its = |event: &&Evidence| event.username.as_deref() == Some(name.as_str());
        Self {
            username: name.to_string(),
            status: Status::Unchanged,
            reason: reason.to_owned(),
            clusters: Vec::new(),
            events: evidence.iter().filter(is_its).cloned().collect(),
        }
    }

    /// The status of the whole, once all clusters are in.
    pub fn settle(&mut self) {
        let all = |statuses: &[Status]| {
            let mut rows = self.clusters.iter();
            rows.all(|row| statuses.contains(&row.outcome))
        };
        self.status = if self.clusters.is_empty() {
            Status::UserNotFound
        } else if all(&[Status::UserDropped]) {
            Status::UserDropped
        } else if all(&[Status::Unchanged]) {
            Status::Unchanged
        } else if all(&[Status::Rehearsed, Status::Unchanged]) {
            Status::Rehearsed
        } else if all(&[Status::Rehearsed, Status::Unchanged, Status::UnknownBusy]) {
            Status::UnknownBusy
        } else {
            Status::Failed
        };
    }

    /// A line for each database, or for a cluster of which there is none.
    pub fn lines(&self) -> Vec<ReportLine> {
        self.clusters
            .iter()
            .flat_map(ClusterReport::lines)
            .collect()
    }
}

impl ClusterReport {
    pub fn planned(leaving: &Leaving, drop: DropReport) -> Self {
        Self {
            targets: leaving.targets.clone(),
            outcome: Status::Unchanged,
            error: None,
            drop,
        }
    }

    pub fn unreachable(username: &str, target: &Target, error: &Error) -> Self {
        Self {
            targets: vec![target.name()],
            outcome: Status::Unreachable(phase_of(error).unwrap_or(Phase::Login)),
            error: Some(format!("{error:#}")),
            drop: DropReport::empty(username, target),
        }
    }

    pub fn is_dropped(&self) -> bool {
        self.outcome == Status::UserDropped
    }

    pub fn note_locked(&mut self) {
        self.outcome = Status::UserLocked;
    }

    /// Takes over what became of its objects, beside what locking found. The first warnings are the plan's, which are
    /// there already.
    pub fn note_work(&mut self, work: DropReport, planned_warnings: usize) {
        let before = std::mem::replace(&mut self.drop, work);
        let after = std::mem::replace(&mut self.drop.warnings, before.warnings);
        let more = after.into_iter().skip(planned_warnings);
        self.drop.warnings.extend(more);
        self.drop.sessions_ended = before.sessions_ended;
        self.drop.statements = None;
    }

    pub fn note_dropped(&mut self) {
        self.outcome = Status::UserDropped;
    }

    /// The drop was rehearsed in its databases.
    pub fn note_rehearsed(&mut self, errors: &[Error]) {
        self.outcome = self.drop.status.clone();
        let texts: Vec<_> = errors.iter().map(|error| format!("{error:#}")).collect();
        self.error = (!texts.is_empty()).then(|| texts.join("; "));
    }

    /// It may still log in.
    pub fn note_failed(&mut self, error: &Error) {
        self.outcome = Status::Failed;
        self.error = Some(format!("{error:#}"));
    }

    /// It is locked, and could not be dropped.
    pub fn note_blocked(&mut self, error: &Error) {
        self.error = Some(format!("{error:#}"));
    }

    fn lines(&self) -> Vec<ReportLine> {
        let line = |database: Option<&DroppedDatabase>| ReportLine {
            username: self.drop.username.clone(),
            env: self.drop.env.clone(),
            hostname: self.drop.hostname.clone(),
            port: self.drop.port.clone(),
            database: database.map(|it| it.database.clone()),
            owned: database.map(owned).unwrap_or_default(),
            disposal: database.map(|it| match &it.heir {
                Some(heir) => format!("{} to {heir}", it.disposal),
                None => it.disposal.to_owned(),
            }),
            sessions_ended: self.drop.sessions_ended,
            outcome: self.outcome.clone(),
            error: self.error.clone(),
        };
        if self.drop.databases.is_empty() {
            return vec![line(None)];
        }
        self.drop
            .databases
            .iter()
            .map(|it| line(Some(it)))
            .collect()
    }
}

/// As many as a cell of a table shows whole; if some are left out, the last item says how many.
fn owned(database: &DroppedDatabase) -> Vec<String> {
    let (names, more) = ObjectNames::first_of(&database.owned, MOST_NAMED);
    if more == 0 {
        return names;
    }
    let (mut names, more) = ObjectNames::first_of(&database.owned, MOST_NAMED - 1);
    names.push(format!("{more} more"));
    names
}
