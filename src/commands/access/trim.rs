//! `access trim`: the levels that logins use, beside those that they have.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};
use serde::Serialize;
use serde_json::Value;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::outcome_of_many;
use crate::commands::selection::FleetArgs;
use crate::commands::target_rows::TargetRows;
use crate::domain::access::AccessLevel;
use crate::domain::access::usage::evidence::Source;
use crate::domain::access::usage::proposal::Verdict;
use crate::domain::counted::counted;
use crate::domain::failure::{Failure, Kind};
use crate::domain::role::RoleName;
use crate::domain::timestamp::{Span, Timestamp};
use crate::operations::access::trim::{Trim, TrimRow, TrimmedTarget, report_invalid, trim_access};
use crate::output::{Column, Format};

#[derive(Debug, Args)]
pub struct TrimArgs {
    #[command(flatten)]
    selection: FleetArgs,

    /// Only this login; may be repeated [default: all logins with access]
    #[arg(short, long, value_name = "NAME")]
    username: Vec<RoleName>,

    /// How far back statements must have been recorded: a span, a date or a time [default: 90d]
    #[arg(long, value_name = "TIME")]
    since: Option<String>,

    /// Take the statements from this file of the server's log (stderr, csvlog or jsonlog), which must be of the one target
    /// that -e and -d name; may be repeated [default: from pg_stat_statements]
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath)]
    log: Vec<PathBuf>,

    #[command(flatten)]
    arrange: ArrangeArgs,
}

/// A quarter: what runs once a month has run three times.
const USUAL_SPAN: Span = Span::days(90);

const COLUMNS: [Column; 8] = [
    Column::new("NAME", "username"),
    Column::new("HELD", "held"),
    Column::new("USED", "used"),
    Column::new("PROPOSED", "proposed"),
    Column::new("ENV", "env"),
    Column::new("DATABASE", "database"),
    Column::new("EVIDENCE", "evidence"),
    Column::new("SINCE", "since"),
];

/// How many lines a person reads of why it is not known.
const MOST_SAID: usize = 10;

/// What a table has of a login.
#[derive(Serialize)]
struct TableRow<'a> {
    env: &'a str,
    database: &'a str,
    username: Option<&'a RoleName>,
    held: Option<AccessLevel>,
    used: &'static str,
    proposed: &'static str,
    evidence: Option<Source>,
    since: Option<&'a str>,
}

impl TrimArgs {
    pub fn run(self, context: &Context) -> Result<()> {
        let context = &self.arrange.on(context);
        let wanted = self.wanted()?;
        let fleet = self.selection.fleet(context)?;
        let asked = fleet.asked();
        let mut rows = TargetRows::of_list(
            context,
            &COLUMNS,
            &fleet.targets,
            |rows: &Vec<TrimRow>, context| shown(rows, context),
        );
        if !fleet.targets.is_empty() {
            let take = |result: TrimmedTarget| rows.take(result.place, result.rows, result.error);
            trim_access(&context.run, &fleet.targets, &wanted, take)?;
        }
        for invalid in fleet.invalid {
            let row = report_invalid(&invalid);
            rows.take(usize::MAX, vec![row], Some(invalid.error));
        }
        let (rows, failed) = rows.end()?;
        let rows: Vec<_> = rows.into_iter().flatten().collect();
        if context.ui.format == Format::Table {
            explain(&rows, context);
        }
        outcome_of_many(failed, asked, "targets", context)?;
        judge(&rows)
    }

    /// # Errors
    /// Usage, if the time is none, or if a log is given for more than one target.
    fn wanted(&self) -> Result<Trim, Failure> {
        let now = Timestamp::now();
        let usual = USUAL_SPAN.to_string();
        let since = self.since.as_deref().unwrap_or(&usual);
        let since = Timestamp::parse_point_or_span(since, now);
        if !self.log.is_empty() && !self.selection.is_one_target() {
            let what = "a log is of one server: name the target with -e and -d";
            return Err(Failure::usage(what));
        }
        Ok(Trim {
            since: since.map_err(|error| Failure::usage(error.to_string()))?,
            names: self.username.clone(),
            log: self.log.clone(),
        })
    }
}

/// The rows as they are listed. People read that something is unknown, and, unless they want to see all, nothing of logins
/// that use what they have.
fn shown(rows: &[TrimRow], context: &Context) -> Result<Vec<Value>> {
    let is_for_people = context.ui.format == Format::Table;
    let is_short = is_for_people && !context.verbose;
    let rows = rows
        .iter()
        .filter(|row| !is_short || row.verdict != Verdict::Keep);
    let rows = rows.map(|row| {
        Ok(if is_for_people && !context.ui.has_chosen_columns() {
            serde_json::to_value(TableRow::from(row))?
        } else {
            serde_json::to_value(row)?
        })
    });
    rows.collect()
}

impl<'a> From<&'a TrimRow> for TableRow<'a> {
    fn from(row: &'a TrimRow) -> Self {
        let text = |level: Option<AccessLevel>| level.map_or("unknown", AccessLevel::as_str);
        Self {
            env: &row.env,
            database: &row.database,
            username: row.username.as_ref(),
            held: row.held,
            used: text(row.used),
            proposed: text(row.proposed),
            evidence: row.evidence,
            since: row.since.as_deref(),
        }
    }
}

/// Tells a person why something is unknown, once for all logins that it is true of, the schemas that nobody read, and the
/// commands. Scripts find them in the rows.
fn explain(rows: &[TrimRow], context: &Context) {
    let mut reasons: Vec<(String, Vec<&RoleName>)> = Vec::new();
    let is_told = |row: &&TrimRow| context.verbose || row.verdict != Verdict::Keep;
    for row in rows.iter().filter(is_told) {
        let Some(name) = &row.username else {
            continue;
        };
        for why in &row.unknown {
            let why = format!("{}/{}: {why}", row.env, row.database);
            match reasons.iter_mut().find(|(said, _)| *said == why) {
                Some((_, names)) => names.push(name),
                None => reasons.push((why, vec![name])),
            }
        }
    }
    for (why, names) in reasons.iter().take(MOST_SAID) {
        let whose = match names.as_slice() {
            [only] => format!("\"{only}\""),
            several => counted(several.len(), "login"),
        };
        context.ui.note(&format!("unknown for {whose}: {why}"));
    }
    if let Some(more @ 1..) = reasons.len().checked_sub(MOST_SAID) {
        context
            .ui
            .note(&format!("{more} more reasons: --format json"));
    }
    let kept = rows
        .iter()
        .filter(|row| row.verdict == Verdict::Keep)
        .count();
    if kept > 0 && !context.verbose {
        let logins = counted(kept, "login");
        context
            .ui
            .note(&format!("nothing to lower for {logins}: -v shows all"));
    }
    for said in unread_by_all(rows) {
        context.ui.note(&said);
    }
    for command in rows.iter().filter_map(|row| row.command.as_ref()) {
        context.ui.note(&format!("to lower it: {command}"));
    }
}

/// The schemas of each target that no login with access can have read, where that is known of all.
fn unread_by_all(rows: &[TrimRow]) -> Vec<String> {
    let of_one_target =
        rows.chunk_by(|row, next| (&row.env, &row.database) == (&next.env, &next.database));
    let mut said = Vec::new();
    for rows in of_one_target {
        let Some(first) = rows.first() else {
            continue;
        };
        let candidates = first.unread_schemas.iter().flatten();
        let is_unread = |schema: &&String| {
            let mut lists = rows.iter().map(|row| row.unread_schemas.as_ref());
            lists.all(|list| list.is_some_and(|list| list.contains(schema)))
        };
        said.extend(candidates.filter(is_unread).map(|schema| {
            format!(
                "{}/{}: none of these logins read schema \"{schema}\"",
                first.env, first.database
            )
        }));
    }
    said
}

/// # Errors
/// Differences, if a login has more than it uses; failed, if that is not known of one.
fn judge(rows: &[TrimRow]) -> Result<()> {
    let of = |verdict| rows.iter().filter(move |row| row.verdict == verdict);
    let logins = counted(rows.len(), "login");
    let lower = of(Verdict::Lower).count();
    if lower > 0 {
        let what = format!("more access than is used: {lower} of {logins}");
        return Err(Failure::new(Kind::Differences, what).into());
    }
    let unknown = of(Verdict::Unknown).count();
    if unknown > 0 {
        let what = format!("it is unknown what is used: {unknown} of {logins}");
        return Err(Failure::new(Kind::Failed, what).into());
    }
    Ok(())
}
