//! `report passwords`: how each password is stored, how old it is, when it ends, and whether it is the login's own name.
//! What cannot be told is `unknown`, never `ok`.

use anyhow::{Error, Result};
use schemars::JsonSchema;
use serde::Serialize;

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::password::scram::DEFAULT_ITERATIONS;
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::report::on_record::OnRecord;
use crate::operations::report::reading::{Depth, ReadCluster, read_fleet};
use crate::run::{Act, Run};

const DAY: i64 = 86_400;

/// One login's password on a cluster.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PasswordReport {
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
    /// `ok`, `weak`, `none` if it has no password, or `unknown` if nothing is wrong as far as it can be told.
    pub verdict: &'static str,
    /// How it is stored: `scram-sha-256`, `md5`, `none`, or `unknown` if the admin credential may not read it.
    pub hash: &'static str,
    /// The SCRAM iterations; null for other hashes, or if that is not known.
    pub iterations: Option<u32>,
    /// When it was last changed with this registry, as RFC 3339; null if that is not known.
    pub password_changed_at: Option<String>,
    /// How old it is, in days; null if that is not known.
    pub age_days: Option<u64>,
    /// When it ends, as RFC 3339; null if it does not.
    pub valid_until: Option<String>,
    /// How many days are left until then, negative if it has passed; null if it does not end.
    pub days_left: Option<i64>,
    /// Whether it is the login's own name; null if that cannot be told.
    pub is_login_name: Option<bool>,
    /// Whether the login can log in at all.
    pub login_allowed: bool,
    /// What is wrong with it.
    pub problems: Vec<String>,
    /// What is not known of it.
    pub unknown: Vec<&'static str>,
}

/// The passwords, and what could not be read.
pub struct Passwords {
    pub rows: Vec<PasswordReport>,
    pub failed: Vec<Error>,
    /// How many targets the errors stand for.
    pub silent: usize,
}

/// Asks each cluster once.
///
/// # Errors
/// If the registry cannot be read, or the audit log not written.
pub fn report_passwords(run: &Run, targets: &[Target], most_days: u64) -> Result<Passwords> {
    let now = Timestamp::now();
    let cannot = "cannot report the passwords";
    let act = Act::over(targets, Operation::ReportPasswords, cannot);
    let reading = run.begin_reading(targets, act)?;
    let made = (|| {
        let found = read_fleet(run, &reading, targets, Depth::Passwords)?;
        let record = OnRecord::read(run)?;
        let mut rows = Vec::new();
        for (place, cluster) in found.each_cluster() {
            let judging = Judging {
                target: &targets[place],
                cluster,
                record: &record,
                most_days,
                now,
            };
            judging.add_rows(&mut rows);
        }
        Ok(Passwords {
            rows,
            failed: found.failed,
            silent: found.silent.len(),
        })
    })();
    reading.end(match &made {
        Ok(passwords) => Status::UsersListed(passwords.rows.len()),
        Err(_) => Status::Failed,
    });
    made
}

struct Judging<'a> {
    target: &'a Target,
    cluster: &'a ReadCluster,
    record: &'a OnRecord,
    most_days: u64,
    now: Timestamp,
}

impl Judging<'_> {
    fn add_rows(&self, rows: &mut Vec<PasswordReport>) {
        let target = self.target;
        for login in self.cluster.reading.accounts() {
            let state = &login.state;
            let record = self.record.record_of(self.cluster, login);
            let iterations = login.verifier.strip_prefix("scram-");
            let iterations = iterations.and_then(|count| count.parse().ok());
            let changed = record.password_changed_at;
            let age =
                changed.map(|at| self.now.since(at).duration().as_secs() / DAY.unsigned_abs());
            let mut row = PasswordReport {
                env: target.env.to_string(),
                database: target.database.to_string(),
                hostname: target.hostname.to_string(),
                port: target.port.to_string(),
                login: state.name.clone(),
                verdict: "ok",
                hash: match login.verifier.as_str() {
                    "md5" => "md5",
                    "none" => "none",
                    _ if iterations.is_some() => "scram-sha-256",
                    _ => "unknown",
                },
                iterations,
                password_changed_at: changed.map(|at| at.to_string()),
                age_days: age,
                valid_until: state.valid_until.clone(),
                days_left: state.seconds_left.map(|left| left.div_euclid(DAY)),
                is_login_name: self.cluster.own_names.get(&state.name).copied(),
                login_allowed: state.login,
                problems: Vec::new(),
                unknown: Vec::new(),
            };
            if state.expired {
                row.problems.push("VALID UNTIL has passed".to_owned());
            }
            row.judge(self.most_days);
            rows.push(row);
        }
    }
}

impl PasswordReport {
    fn judge(&mut self, most_days: u64) {
        if self.hash == "none" {
            self.verdict = "none";
            return;
        }
        let mut problem = |is_so: bool, what: String| {
            if is_so {
                self.problems.push(what);
            }
        };
        problem(self.hash == "md5", "stored as an MD5 hash".to_owned());
        let few = self.iterations.filter(|count| *count < DEFAULT_ITERATIONS);
        if let Some(count) = few {
            let what = format!("{count} SCRAM iterations, fewer than {DEFAULT_ITERATIONS}");
            problem(true, what);
        }
        let is_own = self.is_login_name == Some(true);
        problem(is_own, "it is the login's own name".to_owned());
        let is_old = self.age_days.is_some_and(|age| age > most_days);
        problem(is_old, format!("older than {most_days} days"));
        let unknown = [
            (self.hash == "unknown", "how it is stored"),
            (self.age_days.is_none(), "its age"),
            (
                self.is_login_name.is_none(),
                "whether it is the login's own name",
            ),
        ];
        let unknown = unknown.into_iter().filter(|(is_so, _)| *is_so);
        self.unknown = unknown.map(|(_, what)| what).collect();
        self.verdict = match (self.problems.is_empty(), self.unknown.is_empty()) {
            (false, _) => "weak",
            (true, false) => "unknown",
            (true, true) => "ok",
        };
    }
}
