//! `report accept`: reads reviewers' decisions back from the CSV file of a report. All of them are put on record, or none.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use csv::{ReaderBuilder, StringRecord};
use schemars::JsonSchema;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::domain::act::operation::Operation;
use crate::domain::act::status::Status;
use crate::domain::command_line::pasteable;
use crate::domain::counted::counted;
use crate::domain::failure::Failure;
use crate::domain::fleet_report::changes::Snapshot;
use crate::domain::fleet_report::review::{Decision, Review};
use crate::domain::target::Target;
use crate::domain::timestamp::Timestamp;
use crate::operations::report::table_file::unguarded;
use crate::run::{Act, Done, Run};

/// How many mistakes are named.
const MOST_NAMED: usize = 10;

/// A decision that is on record now.
#[derive(Debug, Serialize, JsonSchema)]
pub struct AcceptedDecision {
    /// The environment of the target.
    pub env: String,
    /// The database of the target.
    pub database: String,
    /// The login.
    pub login: String,
    /// What was decided.
    pub decision: Decision,
    /// Why; null if no reason was given.
    pub decision_reason: Option<String>,
    /// Who answers for the login; null if nobody was named.
    pub owner: Option<String>,
    /// Who decided.
    pub reviewed_by: String,
    /// When, as RFC 3339.
    pub reviewed_at: String,
    /// The command that carries it out; null if there is nothing to do, or it is for a person to say what.
    pub command: Option<String>,
}

/// The decisions of a file.
pub struct Accepted {
    pub rows: Vec<AcceptedDecision>,
    /// How many rows have none.
    pub undecided: usize,
}

/// Puts the decisions of the file on record; `reviewer` decided where the file does not say who did.
///
/// # Errors
/// If the file cannot be read, or a row of it is wrong: then nothing is on record.
pub fn accept_reviews(run: &Run, file: &Path, reviewer: Option<&str>) -> Result<Accepted> {
    let bytes = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::usage(format!("{} is not UTF-8", file.display()))
            .hint("save it as CSV UTF-8 in the spreadsheet")
    })?;
    let reading = Reading {
        targets: run.all_targets()?,
        snapshots: run.with_store(|store| store.list_access_snapshots(None))?,
        operator: run.operator().user.clone(),
        reviewer,
        now: Timestamp::now(),
    };
    let (reviews, undecided) = reading.read(&text)?;
    if reviews.is_empty() {
        let what = format!("{} has no decision", file.display());
        return Err(Failure::usage(what)
            .hint("fill in the column \"decision\": keep, change or remove")
            .into());
    }
    let digest = Sha256::digest(text.as_bytes());
    let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    run.audited_run(&Act::here(Operation::ReportAccept), || {
        run.with_store(|store| store.keep_reviews(&reviews, &sha256, reading.now))?;
        let done = Done {
            status: Status::ReviewAccepted {
                decisions: reviews.len(),
                sha256: sha256.clone(),
            },
            ..Done::default()
        };
        Ok(((), done))
    })?;
    let rows = reviews.into_iter().map(AcceptedDecision::from).collect();
    Ok(Accepted { rows, undecided })
}

struct Reading<'a> {
    targets: Vec<Target>,
    snapshots: Vec<Snapshot>,
    /// Who runs this: nobody reviews their own work.
    operator: String,
    reviewer: Option<&'a str>,
    now: Timestamp,
}

/// The places of the columns that are read.
struct Columns {
    env: usize,
    database: usize,
    login: usize,
    decision: usize,
    reason: usize,
    reviewed_by: usize,
    reviewed_at: usize,
    owner: Option<usize>,
}

impl Reading<'_> {
    fn read(&self, text: &str) -> Result<(Vec<Review>, usize)> {
        let text = text.trim_start_matches('\u{feff}');
        let head = text.lines().next().unwrap_or_default();
        // Where a comma is the decimal sign, spreadsheets write semicolons.
        let is_semicolon = head.matches(';').count() > head.matches(',').count();
        let mut reader = ReaderBuilder::new()
            .delimiter(if is_semicolon { b';' } else { b',' })
            .flexible(true)
            .from_reader(text.as_bytes());
        let columns = Columns::find(reader.headers()?)?;
        let (mut reviews, mut wrong, mut undecided) = (Vec::new(), Vec::new(), 0);
        for record in reader.records() {
            let record = record?;
            let line = record.position().map_or(0, csv::Position::line);
            match self.review(&columns, &record) {
                Ok(Some(review)) => reviews.push(review),
                Ok(None) => undecided += 1,
                Err(failure) => wrong.push(format!("line {line}: {failure}")),
            }
        }
        if wrong.is_empty() {
            return Ok((reviews, undecided));
        }
        let more = wrong.len().saturating_sub(MOST_NAMED);
        let rows = counted(wrong.len(), "row");
        wrong.truncate(MOST_NAMED);
        if more > 0 {
            wrong.push(format!("{more} more"));
        }
        let what = format!("nothing is accepted: {rows} wrong: {}", wrong.join("; "));
        Err(Failure::usage(what).into())
    }

    /// The decision of a row; `None` if it has none.
    fn review(&self, columns: &Columns, record: &StringRecord) -> Result<Option<Review>, Failure> {
        let of = |place: usize| unguarded(record.get(place).unwrap_or_default().trim());
        let filled = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        if of(columns.decision).is_empty() {
            return Ok(None);
        }
        let decision: Decision = of(columns.decision).parse()?;
        let (env, database, login) = (of(columns.env), of(columns.database), of(columns.login));
        let cluster_id = self.cluster_of(env, database, login)?;
        let reason = filled(of(columns.reason));
        if decision != Decision::Keep && reason.is_none() {
            let what = format!("\"{login}\": {decision} needs a reason");
            return Err(Failure::usage(what));
        }
        let reviewed_by = filled(of(columns.reviewed_by)).or(self.reviewer.map(str::to_owned));
        let Some(reviewed_by) = reviewed_by else {
            let what = format!("\"{login}\": who decided is missing");
            return Err(Failure::usage(what).hint("fill in \"reviewed_by\", or use --reviewed-by"));
        };
        if reviewed_by == login || reviewed_by == self.operator {
            let what = format!(
                "\"{login}\": \"{reviewed_by}\" cannot review this: the reviewer is neither the login nor who runs pgrole"
            );
            return Err(Failure::usage(what));
        }
        Ok(Some(Review {
            cluster_id,
            username: login.to_owned(),
            env: env.to_owned(),
            database: database.to_owned(),
            decision,
            reason,
            owner: columns.owner.and_then(|place| filled(of(place))),
            reviewed_by,
            reviewed_at: self.time(of(columns.reviewed_at))?,
        }))
    }

    /// The cluster of a login that the last report of its target has.
    fn cluster_of(&self, env: &str, database: &str, login: &str) -> Result<String, Failure> {
        let is_it =
            |target: &&Target| target.env.as_str() == env && target.database.as_str() == database;
        let target = self
            .targets
            .iter()
            .find(is_it)
            .ok_or_else(|| Failure::not_found(format!("{env}/{database} is not registered")))?;
        let mut snapshots = self.snapshots.iter();
        let reported = snapshots.find(|one| one.env == env && one.database == database);
        let is_reported = reported.is_some_and(|one| one.rows.iter().any(|row| row.login == login));
        match &target.cluster_id {
            Some(cluster_id) if is_reported => Ok(cluster_id.clone()),
            _ => {
                let what = format!("\"{login}\" is not in the last report of {env}/{database}");
                Err(Failure::not_found(what))
            }
        }
    }

    fn time(&self, text: &str) -> Result<String, Failure> {
        if text.is_empty() {
            return Ok(self.now.to_string());
        }
        // A day counts from its beginning: it may be today.
        let time = Timestamp::parse_point_or_span(text, self.now);
        let time = time.map_err(|error| Failure::usage(error.to_string()))?;
        if time > self.now {
            return Err(Failure::usage(format!("{text} is in the future")));
        }
        Ok(time.to_string())
    }
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, Failure> {
        let find = |name: &str| header.iter().position(|one| one.trim() == name);
        let need = |name: &str| {
            find(name).ok_or_else(|| {
                Failure::usage(format!("the file has no column \"{name}\""))
                    .hint("fill in a file of: pgrole report access --format csv")
            })
        };
        Ok(Self {
            env: need("env")?,
            database: need("database")?,
            login: need("login")?,
            decision: need("decision")?,
            reason: need("decision_reason")?,
            reviewed_by: need("reviewed_by")?,
            reviewed_at: need("reviewed_at")?,
            owner: find("owner"),
        })
    }
}

impl From<Review> for AcceptedDecision {
    fn from(review: Review) -> Self {
        let names: [&dyn std::fmt::Display; 3] = [&review.username, &review.env, &review.database];
        let removal = || pasteable("pgrole user drop {} -e {} -d {} --dry-run", &names);
        let command = (review.decision == Decision::Remove).then(removal);
        Self {
            command,
            env: review.env,
            database: review.database,
            login: review.username,
            decision: review.decision,
            decision_reason: review.reason,
            owner: review.owner,
            reviewed_by: review.reviewed_by,
            reviewed_at: review.reviewed_at,
        }
    }
}
