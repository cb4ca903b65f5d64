//! `report unused`: logins that were not seen for a while, from sessions that pgrole's runs saw and, where given, from the
//! server's log. Where nobody has looked for that long it is `unknown`, never `unused`.

use std::path::PathBuf;

use anyhow::{Context, Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::fleet_report::activity::{LastSeen, SeenBy};
use crate::domain::fleet_report::judge::profile_name;
use crate::domain::target::Target;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::report::login_log::{LogForm, LoggedLogins, read_logins};
use crate::operations::report::on_record::OnRecord;
use crate::operations::report::reading::{Depth, ReadCluster, read_fleet};
use crate::run::{Act, Run};
use crate::server::catalog::read_log_form;

/// Whom to look for.
pub struct Wanted {
    pub older_than: Span,
    /// Files of the server's log, which are then of the one target.
    pub logs: Vec<PathBuf>,
}

/// A login that was not seen.
#[derive(Debug, Serialize, JsonSchema)]
pub struct UnusedLogin {
    /// The environment of the target that was asked.
    pub env: String,
    /// The database of the target that was asked.
    pub database: String,
    /// The host of the target; several are separated by commas.
    pub hostname: String,
    /// The port, as text; several are separated by commas.
    pub port: String,
    /// The login.
    pub login: String,
    /// The profile that it was created with; null if pgrole did not create it.
    pub profile: Option<String>,
    /// Who answers for it; null if that is not on record.
    pub owner: Option<String>,
    /// `unused`, `unknown` if nobody has looked for long enough, or `locked` by this run.
    pub verdict: &'static str,
    /// Since when it was not seen, as RFC 3339: its last use, or when somebody began to look; null if nobody has.
    pub not_seen_since: Option<String>,
    /// How many days that is; null if nobody has looked.
    pub days: Option<u64>,
    /// When it was last seen, as RFC 3339; null if it never was.
    pub last_seen: Option<String>,
    /// What saw it then: `sample`, `server log` or `unknown`.
    pub last_seen_by: &'static str,
    /// Since when somebody has looked for sessions of its cluster, as RFC 3339; null if nobody has.
    pub watched_since: Option<String>,
    /// How often somebody has looked.
    pub samples: u32,
    /// The command that lets it log in again; null if it was not locked by this run.
    pub undo: Option<String>,
    /// Why it could not be locked; null if it was, or was not to be.
    pub error: Option<String>,
    #[serde(skip)]
    pub place: usize,
}

/// The logins that were not seen, and what could not be read.
pub struct Unused {
    pub rows: Vec<UnusedLogin>,
    pub failed: Vec<Error>,
    /// How many targets the errors stand for.
    pub silent: usize,
}

/// Asks each cluster once who is there now, and says who was not seen.
///
/// # Errors
/// If a log or the registry cannot be read, or the audit log not written.
pub fn report_unused(run: &Run, targets: &[Target], wanted: &Wanted) -> Result<Unused> {
    let now = Timestamp::now();
    let before = now.before(wanted.older_than)?;
    let cannot = "cannot report the unused logins";
    let act = Act::over(targets, Operation::ReportUnused, cannot);
    let reading = run.begin_reading(targets, act)?;
    let made = (|| {
        let found = read_fleet(run, &reading, targets, Depth::Clusters)?;
        let logged = match (targets.first(), found.clusters.first()) {
            (Some(target), Some(cluster)) if !wanted.logs.is_empty() => {
                let form: LogForm = reading
                    .ask(target, |server| server.read(read_log_form))
                    .map(|(prefix, zone)| LogForm { prefix, zone })?;
                let logged = read_logins(&wanted.logs, &form)?;
                if logged.newest.is_empty() {
                    let name = target.name();
                    run.warn(format!(
                        "the log of {name} has no login, so that it says nothing: log_connections may be off"
                    ));
                }
                keep_logged(run, cluster, &logged)?;
                Some(logged)
            }
            _ => None,
        };
        let record = OnRecord::read(run)?;
        let mut rows = Vec::new();
        for (place, cluster) in found.each_cluster() {
            let looking = Looking {
                target: &targets[place],
                place,
                cluster,
                record: &record,
                logged: logged.as_ref(),
                before,
                now,
            };
            looking.add_rows(&mut rows);
        }
        Ok(Unused {
            rows,
            failed: found.failed,
            silent: found.silent.len(),
        })
    })();
    reading.end(match &made {
        Ok(unused) => Status::UsersListed(unused.rows.len()),
        Err(_) => Status::Failed,
    });
    made
}

fn keep_logged(run: &Run, cluster: &ReadCluster, logged: &LoggedLogins) -> Result<()> {
    let logins = cluster.reading.logins.iter().filter_map(|login| {
        let name = &login.state.name;
        Some((name.clone(), *logged.newest.get(name)?))
    });
    let logins: Vec<_> = logins.collect();
    run.with_store(|store| store.keep_logged_logins(&cluster.key, &logins))
        .context("cannot keep what the log says")
}

struct Looking<'a> {
    target: &'a Target,
    place: usize,
    cluster: &'a ReadCluster,
    record: &'a OnRecord,
    logged: Option<&'a LoggedLogins>,
    before: Timestamp,
    now: Timestamp,
}

impl Looking<'_> {
    fn add_rows(&self, rows: &mut Vec<UnusedLogin>) {
        let target = self.target;
        let reading = &self.cluster.reading;
        for login in reading.logins.iter().filter(|login| login.state.login) {
            let name = &login.state.name;
            let seen = self.record.last_seen_of(self.cluster, login, self.now);
            let seen = self.with_log(seen);
            let verdict = match seen.is_unused(self.before) {
                Some(false) => continue,
                Some(true) => "unused",
                None => "unknown",
            };
            let record = self.record.record_of(self.cluster, login);
            let owner = self.record.owner(&self.cluster.key, name);
            let since = seen.not_seen_since();
            rows.push(UnusedLogin {
                env: target.env.to_string(),
                database: target.database.to_string(),
                hostname: target.hostname.to_string(),
                port: target.port.to_string(),
                login: name.clone(),
                profile: profile_name(&record, &login.state),
                owner: owner.or(record.created_by),
                verdict,
                not_seen_since: since.map(|at| at.to_string()),
                days: since.map(|at| self.now.since(at).duration().as_secs() / 86_400),
                last_seen: seen.at.map(|(at, _)| at.to_string()),
                last_seen_by: seen.at.map_or("unknown", |(_, by)| SeenBy::as_str(by)),
                watched_since: seen.watched_since.map(|at| at.to_string()),
                samples: self
                    .record
                    .watch(&self.cluster.key)
                    .map_or(0, |watch| watch.samples),
                undo: None,
                error: None,
                place: self.place,
            });
        }
    }

    /// A log without a gap up to now has looked since it begins.
    fn with_log(&self, mut seen: LastSeen) -> LastSeen {
        let Some(logged) = self.logged else {
            return seen;
        };
        let reaches_now = logged
            .until
            .is_some_and(|until| until.after(Span::days(1)).is_ok_and(|end| end >= self.now));
        if let Some(since) = logged.since.filter(|_| reaches_now) {
            let earlier = seen.watched_since.map_or(since, |before| before.min(since));
            seen.watched_since = Some(earlier);
        }
        seen
    }
}

impl UnusedLogin {
    /// Notes that it was locked, and how to undo that.
    pub fn note_locked(&mut self) {
        self.verdict = "locked";
        let names: [&dyn std::fmt::Display; 3] = [&self.login, &self.env, &self.database];
        self.undo = Some(pasteable("pgrole user unlock {} -e {} -d {}", &names));
    }
}
