//! `access trim`: the levels that logins use, beside those that they have.

use std::path::PathBuf;

use anyhow::Result;
use clap::{Args, ValueHint};
use serde::Serialize;
use serde_json::Value;

use crate::commands::arrange::ArrangeArgs;
use crate::commands::global::Context;
use crate::commands::outcome::{is_left_out, outcome_of_many};
use crate::commands::selection::FleetArgs;
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
        let targets = || fleet.targets.iter();
        let mut list = context.ui.list(&COLUMNS);
        list.await_places(0..fleet.targets.len());
        list.expect("env", targets().map(|target| target.env.as_str()));
        list.expect("database", targets().map(|target| target.database.as_str()));
        let mut rows = Vec::new();
        let mut failed = Vec::new();
        let mut unwritten = Ok(());
        let mut add = |place, of_target: Vec<TrimRow>| -> Result<()> {
            for row in &of_target {
                list.add(place, shown(row, context)?)?;
            }
            list.settle(place);
            rows.push((place, of_target));
            Ok(())
        };
        let mut take = |result: TrimmedTarget| {
            let is_left_out = is_left_out(result.error.as_ref(), context);
            failed.extend(result.error);
            if is_left_out {
                return;
            }
            if let Err(error) = add(result.place, result.rows) {
                unwritten = Err(error);
            }
        };
        if !fleet.targets.is_empty() {
            trim_access(&context.run, &fleet.targets, &wanted, &mut take)?;
        }
        unwritten?;
        for invalid in fleet.invalid {
            add(usize::MAX, vec![report_invalid(&invalid)])?;
            failed.push(invalid.error);
        }
        list.end()?;
        rows.sort_by_key(|(place, _)| *place);
        let rows: Vec<_> = rows.into_iter().flat_map(|(_, rows)| rows).collect();
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

/// A row as it is listed: people read that something is unknown.
fn shown(row: &TrimRow, context: &Context) -> Result<Value> {
    Ok(match context.ui.format {
        Format::Table if !context.ui.has_chosen_columns() => {
            serde_json::to_value(TableRow::from(row))?
        }
        Format::Table | Format::Json | Format::Jsonl => serde_json::to_value(row)?,
    })
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
    for row in rows {
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
        let what = format!("{lower} of {logins} have more access than they use");
        return Err(Failure::new(Kind::Differences, what).into());
    }
    let unknown = of(Verdict::Unknown).count();
    if unknown > 0 {
        let what = format!("it is unknown what {unknown} of {logins} use");
        return Err(Failure::new(Kind::Failed, what).into());
    }
    Ok(())
}
