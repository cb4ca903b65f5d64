//! `report access`: who can log in where, with which rights, what stands out, and what changed since the last report.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Error, Result};
use sha2::{Digest, Sha256};

use crate::delivery::replace::write_new;
use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::fleet_report::changes::{Aspect, Change, Snapshot, outside};
use crate::domain::fleet_report::finding::Periods;
use crate::domain::fleet_report::judge::{LoginFacts, judge_administrators, profile_name};
use crate::domain::fleet_report::row::LoginAccess;
use crate::domain::fleet_report::summary::{Coverage, Figures, ReportSummary, group};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::report::acts;
use crate::operations::report::on_record::OnRecord;
use crate::operations::report::reading::{Depth, ReadTarget, Readings, read_fleet};
use crate::operations::report::table_file::csv_of;
use crate::run::{Act, Run};

/// What to report.
pub struct Wanted {
    pub periods: Periods,
    /// Compare with the report that was the newest then; `None` for the newest.
    pub since: Option<Timestamp>,
    pub keeping: Keeping,
}

/// Whether the report is one that the next one is compared with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// It is only looked at.
    Unkept,
    /// It is written down.
    Kept,
}

/// The report, and what could not be read for it.
pub struct AccessReport {
    pub rows: Vec<LoginAccess>,
    /// The rows as a file for reviewers.
    pub csv: String,
    pub summary: ReportSummary,
    /// The targets that answered, for the page.
    pub servers: Vec<ReportedServer>,
    pub periods: Periods,
    pub failed: Vec<Error>,
    /// How many targets the errors stand for.
    pub silent: usize,
}

/// A target that answered.
pub struct ReportedServer {
    pub env: String,
    pub database: String,
    pub address: String,
    pub server_version: String,
    pub is_protected: bool,
}

/// Asks the servers of the targets, and puts together what they, the registry and the audit log say.
///
/// # Errors
/// If the registry cannot be read, or the audit log not written.
pub fn report_access(run: &Run, targets: &[Target], wanted: &Wanted) -> Result<AccessReport> {
    let now = Timestamp::now();
    let cannot = "cannot report the access";
    let reading =
        run.begin_reading(targets, Act::over(targets, Operation::ReportAccess, cannot))?;
    let made = (|| {
        let readings = read_fleet(run, &reading, targets, Depth::Rights)?;
        let record = OnRecord::read(run)?;
        let report = Making {
            run,
            targets,
            readings: &readings,
            record: &record,
            wanted,
            now,
        };
        let mut report = report.make()?;
        report.failed = readings.failed;
        Ok(report)
    })();
    let status = match &made {
        Ok(report) => reported(report),
        Err(_) => Status::Failed,
    };
    reading.end(status);
    made
}

/// Writes a file that only its owner may read, replacing an existing one.
///
/// # Errors
/// If it cannot be written.
pub fn write_report(path: &Path, text: &str) -> Result<()> {
    write_new(path, 0o600, text.as_bytes())
}

fn reported(report: &AccessReport) -> Status {
    let found = report.rows.iter().filter(|row| !row.findings.is_empty());
    let found: BTreeSet<_> = found.map(LoginAccess::identity).collect();
    Status::AccessReported {
        logins: report.summary.figures.logins,
        found: found.len(),
        sha256: report.summary.sha256.clone(),
    }
}

struct Making<'a> {
    run: &'a Run,
    targets: &'a [Target],
    readings: &'a Readings,
    record: &'a OnRecord,
    wanted: &'a Wanted,
    now: Timestamp,
}

impl Making<'_> {
    fn make(&self) -> Result<AccessReport> {
        let mut rows = Vec::new();
        for read in &self.readings.targets {
            self.add_rows(read, &mut rows);
        }
        let few = judge_administrators(&mut rows);
        let csv = csv_of(&rows)?;
        let sha256 = hex(&Sha256::digest(csv.as_bytes()));
        let here = by_target(&rows);
        let (since, changes) = self.changes(&here)?;
        let operator = self.run.operator();
        let user = operator.sudo_user.as_ref().unwrap_or(&operator.user);
        let made_by = format!("{user}@{}", operator.host);
        let report = match self.wanted.keeping {
            Keeping::Kept => {
                let snapshots = self.snapshots(&here);
                let made = (self.now, made_by.as_str(), sha256.as_str());
                let kept =
                    |store: &mut crate::store::Store| store.keep_access_report(made, &snapshots);
                Some(self.run.with_store(kept)?)
            }
            Keeping::Unkept => None,
        };
        let settings = &self.run.settings;
        let is_protected = |env: &str| settings.protected.iter().any(|one| one.as_str() == env);
        let summary = ReportSummary {
            made_at: self.now.to_string(),
            made_by,
            report,
            sha256,
            coverage: self.coverage()?,
            figures: Figures::of(&rows, is_protected, few.len()),
            findings: group(&rows, self.wanted.periods),
            since,
            changes,
        };
        let servers = self.readings.targets.iter().map(|read| {
            let target = &self.targets[read.place];
            ReportedServer {
                env: target.env.to_string(),
                database: target.database.to_string(),
                address: format!("{}:{}", target.hostname, target.port),
                server_version: self.readings.clusters[read.cluster]
                    .reading
                    .server_version
                    .clone(),
                is_protected: is_protected(target.env.as_str()),
            }
        });
        Ok(AccessReport {
            servers: servers.collect(),
            rows,
            csv,
            summary,
            periods: self.wanted.periods,
            failed: Vec::new(),
            silent: self.readings.silent.len(),
        })
    }

    fn add_rows(&self, read: &ReadTarget, rows: &mut Vec<LoginAccess>) {
        let target = &self.targets[read.place];
        let cluster = &self.readings.clusters[read.cluster];
        let Some(rights) = &read.rights else {
            return;
        };
        for login in cluster.reading.accounts() {
            let name = login.state.name.as_str();
            // One that was dropped in between has none.
            let Some(own) = rights.rights.get(name) else {
                continue;
            };
            let record = self.record.record_of(cluster, login);
            let profile = profile_name(&record, &login.state);
            let profile =
                profile.and_then(|name| self.run.settings.profile(&name, &target.env).ok());
            let facts = LoginFacts {
                target,
                cluster: &cluster.key,
                server: &cluster.reading,
                login,
                rights: own,
                public: rights.public,
                record,
                profile,
                review: self.record.review(&cluster.key, name, target),
                owner: self.record.owner(&cluster.key, name),
                seen: self.record.last_seen_of(cluster, login, self.now),
            };
            rows.push(facts.row(self.wanted.periods, self.now));
        }
    }

    fn snapshots(&self, rows: &ByTarget<'_>) -> Vec<Snapshot> {
        let of_target = |read: &ReadTarget| {
            let target = &self.targets[read.place];
            let here = rows.get(&(target.env.as_str(), target.database.as_str()));
            Snapshot {
                env: target.env.to_string(),
                database: target.database.to_string(),
                cluster_id: self.readings.clusters[read.cluster].key.clone(),
                made_at: self.now.to_string(),
                rows: here
                    .into_iter()
                    .flatten()
                    .map(|row| (*row).into())
                    .collect(),
            }
        };
        self.readings.targets.iter().map(of_target).collect()
    }

    /// Since when, and what changed. Without an earlier report and a time there is nothing to say.
    fn changes(&self, rows: &ByTarget<'_>) -> Result<(Option<String>, Vec<Change>)> {
        let before = self
            .run
            .with_store(|store| store.list_access_snapshots(self.wanted.since))?;
        let is_read = |snapshot: &&Snapshot| {
            let mut read = self.readings.targets.iter();
            read.any(|read| {
                let target = &self.targets[read.place];
                snapshot.env == target.env.as_str() && snapshot.database == target.database.as_str()
            })
        };
        let before: Vec<_> = before.iter().filter(is_read).collect();
        let first = before.iter().map(|snapshot| &snapshot.made_at).min();
        let first = first.and_then(|at| Timestamp::parse(at));
        let Some(since) = first.or(self.wanted.since) else {
            return Ok((None, Vec::new()));
        };
        let selected = self.run.all_targets()?;
        let is_selected = |target: &Target| {
            let mut asked = self.targets.iter();
            asked.any(|asked| asked.is_on_cluster_of(target))
        };
        let selected: Vec<_> = selected.into_iter().filter(is_selected).collect();
        let acts = acts::list(self.run, since, &selected)?;
        let mut changes: Vec<Change> = Vec::new();
        for snapshot in before {
            let here = rows.get(&(snapshot.env.as_str(), snapshot.database.as_str()));
            let here = here.map(Vec::as_slice).unwrap_or_default();
            for change in outside(snapshot, here, &acts) {
                if !changes.iter().any(|known| is_same(known, &change)) {
                    changes.push(change);
                }
            }
        }
        changes.extend(acts);
        Ok((Some(since.to_string()), changes))
    }

    fn coverage(&self) -> Result<Coverage> {
        let entries = self.run.entries()?;
        let disabled = entries.iter().filter(|entry| !entry.active);
        let name = |place: &usize| self.targets[*place].name();
        let clusters = &self.readings.clusters;
        let admins: BTreeSet<_> = clusters
            .iter()
            .map(|cluster| cluster.reading.session_user.clone())
            .collect();
        Ok(Coverage {
            registered: entries.len(),
            asked: self.targets.len(),
            answered: self.readings.targets.len(),
            failed: self.readings.silent.iter().map(name).collect(),
            disabled: disabled
                .map(|entry| format!("{}/{}", entry.env, entry.database))
                .collect(),
            admins: admins.into_iter().collect(),
            verifiers_read: clusters
                .iter()
                .all(|cluster| cluster.reading.reads_verifiers()),
        })
    }
}

/// The rows of each target, by its environment and database.
type ByTarget<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a LoginAccess>>;

fn by_target(rows: &[LoginAccess]) -> ByTarget<'_> {
    let mut found = ByTarget::new();
    for row in rows {
        found
            .entry((&row.env, &row.database))
            .or_default()
            .push(row);
    }
    found
}

/// Whether a change of a login is known already, from another database of its cluster.
fn is_same(known: &Change, change: &Change) -> bool {
    let is_of_cluster = change.aspect != Some(Aspect::Level);
    is_of_cluster
        && (&known.cluster, &known.login, &known.what)
            == (&change.cluster, &change.login, &change.what)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
